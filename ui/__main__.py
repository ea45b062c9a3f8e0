"""`python -m ui`: the page's command, which Ctrl-C ends without a traceback even while it is being loaded."""

import sys

if __name__ == "__main__":
    try:
        from ui.command import main

        sys.exit(main())
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        sys.exit(130)
