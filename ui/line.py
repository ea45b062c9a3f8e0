"""A line to stand in: so many are served at once, the others wait their turn and are told how many are before them.

Knows nothing of what is waited for.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LOOK = 0.25
"""Seconds between two looks at whether somebody has gone away."""


class Line:
    """First come, first served; `places` at a time."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._standing: list[object] = []
        self._moved = threading.Condition()

    @contextmanager
    def ticket(self) -> Iterator[object]:
        """A place at the end of the line, given back at the end of the block."""
        mine = object()
        with self._moved:
            self._standing.append(mine)
        try:
            yield mine
        finally:
            with self._moved:
                self._standing.remove(mine)
                self._moved.notify_all()

    def wait(self, ticket: object, *, gone: Callable[[], bool]) -> Iterator[int]:
        """Yields how many are before, whenever that changes, until it is this one's turn or `gone` says to leave."""
        told = 0
        while not gone():
            with self._moved:
                before = self._ahead(ticket)
                if before and before == told:
                    self._moved.wait(LOOK)
                    continue
            if not before:
                return
            told = before
            yield before

    def _ahead(self, ticket: object) -> int:
        return max(0, self._standing.index(ticket) - self._places + 1)
