"""Ctrl-C while `python -m rag` is being loaded: a word, no traceback. Imported before all else; knows nothing else.

Python imports the package before it runs `rag.__main__`, so that nothing there could catch it. A program that imports
the library keeps its own ways.
"""

from __future__ import annotations

import sys
from types import TracebackType

LOADED_AS_PROGRAM = sys.argv[:1] == ["-m"]
"""What the first argument is for as long as Python looks for the program that `-m` names, and at no other time."""


def quietly(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Takes the place of `sys.excepthook`; the exit status stays that of a program which Ctrl-C ended."""
    if issubclass(kind, KeyboardInterrupt):
        print("footnote: stopped.", file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, trace)


if LOADED_AS_PROGRAM and sys.excepthook is sys.__excepthook__:
    sys.excepthook = quietly
