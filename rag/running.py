"""What an answer in the making needs beside its parts: a stop, and a clock. Knows neither questions nor documents."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager

from rag.types import Phraser


class Stoppable:
    """A phraser that says no further word once it is stopped."""

    def __init__(self, phraser: Phraser, stopped: threading.Event) -> None:
        self._phraser, self._stopped = phraser, stopped

    @property
    def name(self) -> str:
        return self._phraser.name

    def stream(self, system: str, user: str) -> Generator[str, None, None]:
        with closing(self._phraser.stream(system, user)) as pieces:
            for piece in pieces:
                if self._stopped.is_set():
                    return
                yield piece


@contextmanager
def timed(timings: dict[str, float], stage: str) -> Iterator[None]:
    """Add the seconds spent inside to those of the stage."""
    began = time.perf_counter()
    try:
        yield
    finally:
        timings[stage] = timings.get(stage, 0.0) + time.perf_counter() - began
