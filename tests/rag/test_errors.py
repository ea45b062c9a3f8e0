"""The tree of errors, as its docstring draws it."""

from __future__ import annotations

import inspect
import re

import rag
from rag import errors


def test_the_drawing_is_the_tree() -> None:
    """Each name of the docstring's drawing stands under the class that the drawing hangs it on."""
    parents: dict[int, str] = {}
    drawn = set()
    for line in (errors.__doc__ or "").splitlines():
        if (found := re.match(r"([ │├└─]*)(\w+Error)\b", line)) is None:
            continue
        depth, name = len(found[1]), found[2]
        above = [parents[other] for other in sorted(parents) if other < depth]
        base = getattr(errors, name).__bases__[0]
        assert base.__name__ == (above[-1] if above else "Exception"), name
        parents = {other: kept for other, kept in parents.items() if other < depth} | {depth: name}
        drawn.add(name)
    raised = {name for name, _ in inspect.getmembers(errors, inspect.isclass)}
    assert drawn == raised


def test_all_are_exported() -> None:
    raised = {name for name, _ in inspect.getmembers(errors, inspect.isclass)}
    assert raised <= set(rag.__all__)
