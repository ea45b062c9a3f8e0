"""`python -m eval`: the command line, which Ctrl-C ends without a traceback even while it is being loaded."""

import sys

if __name__ == "__main__":
    try:
        from eval.commands import main

        main()
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        sys.exit(130)
