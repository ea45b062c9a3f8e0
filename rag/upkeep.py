"""Keeps an index in step with its folder on a thread of its own, while questions are answered from what is there.

Knows the index and the folder; does not know questions.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import NoDocumentsError, RagError, StoppedError, StoreError
from rag.folder import is_bare, look_through
from rag.types import FileReport, Progress, Upkeeping

if TYPE_CHECKING:
    from rag.index import Index
    from rag.ledger import Ledger

TOLD = 0.1
"""Seconds between two reports of progress to somebody who waits."""
DEBOUNCE_MS = 1_000
"""Changes that come within this time are taken together: an editor writes a file in several steps."""


class Upkeep:
    """One run over the folder, and one more whenever it changes if it is followed. Safe from several threads."""

    def __init__(self, index: Index, folder: Path) -> None:
        self._index, self._folder = index, folder
        self._thread: threading.Thread | None = None
        self._again: threading.Thread | None = None
        self._wanted = False
        self._asking = threading.Lock()
        self._one_at_a_time = threading.RLock()
        self._stop = threading.Event()
        self._first_done = threading.Event()
        self._complete = False
        self.state = Upkeeping()
        self.reports: tuple[FileReport, ...] = ()

    def start(self, *, follow: bool) -> None:
        """Begin on another thread; once only.

        Raises:
            FolderError: what is wrong with the folder is told of at once. One that is followed may be filled later,
                unless the index knows of documents and all of them are gone.
        """
        try:
            look_through(self._folder, 0)
        except NoDocumentsError:
            if not follow or (is_bare(self._folder) and self._index.ledger.counts()[0]):
                raise
        self.state = Upkeeping("reading", running=True)
        self._thread = threading.Thread(target=self._work, args=(follow,), name="footnote-upkeep", daemon=True)
        self._thread.start()

    def wait(self, seconds: float | None = None, progress: Progress | None = None) -> bool:
        """Whether the first run is over within the time; `progress` is told now and then what it does.

        Raises:
            RagError: it ended with an error.
        """
        end = time.monotonic() + (float("inf") if seconds is None else seconds)
        while not (done := self._first_done.wait(min(TOLD, max(0.0, end - time.monotonic())))):
            if time.monotonic() >= end:
                break
            if progress:
                progress(self.state.what, self.state.done, self.state.total)
        if done and self.state.problem is not None:
            raise self.state.problem
        return done and self._complete

    def stop(self) -> None:
        """End the thread; what was indexed is kept."""
        self._stop.set()
        self._index.stop()
        for thread in (self._thread, self._again):
            if thread is not None:
                thread.join()

    def again(self) -> None:
        """One run more, on another thread, which begins after this call."""
        with self._asking:
            self._wanted = True
            if self._again is None or not self._again.is_alive():
                self._again = threading.Thread(target=self._while_wanted, name="footnote-again", daemon=True)
                self._again.start()

    def update(self, progress: Progress | None = None) -> tuple[FileReport, ...]:
        """One run, on this thread; it waits for one that is under way."""
        with self._one_at_a_time:
            self.reports = self._index.update_folder(self._folder, progress)
        self._complete = True
        self._first_done.set()
        return self.reports

    def changes(self) -> Iterator[None]:
        """Once for each time that files of the folder have changed; ends with `stop`."""
        from watchfiles import Change, DefaultFilter, watch

        home, usual = self._index.home.resolve(), DefaultFilter()

        def counts(change: Change, path: str) -> bool:
            return usual(change, path) and not Path(path).is_relative_to(home)  # else each run would call for the next

        folder = self._folder.resolve()
        for _ in watch(
            folder, watch_filter=counts, stop_event=self._stop, step=100, debounce=DEBOUNCE_MS, raise_interrupt=True
        ):
            yield None

    def _work(self, follow: bool) -> None:
        self._run()
        self._first_done.set()
        if follow:
            try:
                for _ in self.changes():
                    self._run()
            except Exception as exc:  # the system gives no more watches, say
                said = f"The folder {str(self._folder)!r} cannot be followed ({exc}); look through it again by hand."
                self.state = Upkeeping(problem=StoreError(said))

    def _while_wanted(self) -> None:
        while True:
            with self._asking:
                if not self._wanted or self._stop.is_set():
                    self._again = None
                    return
                self._wanted = False
            self._run()

    def _run(self) -> None:
        """A run whose error is kept, not raised: nobody waits on this thread."""
        with self._one_at_a_time:
            self._run_alone()

    def _run_alone(self) -> None:
        self.state = Upkeeping("reading", running=True)
        try:
            self.update(self._tell)
        except StoppedError:
            self.state = Upkeeping()
        except RagError as exc:
            self.state = Upkeeping(problem=exc)
        except Exception as exc:  # nobody waits on this thread to see what its libraries raise
            said = f"Indexing ended early ({type(exc).__name__}: {exc}); see what is wrong: python -m rag doctor"
            self.state = Upkeeping(problem=StoreError(f"{said} --docs {str(self._folder)!r}"))
        else:
            self.state = Upkeeping()

    def _tell(self, what: str, done: int, total: int) -> None:
        self.state = Upkeeping(what, done, total, running=True)


def behind(state: Upkeeping, ledger: Ledger) -> Iterator[str]:
    """What an answer does not rest on, as long as the index is behind its folder."""
    if state.running and state.what.startswith("reading"):
        yield (
            f"When this was asked, {state.done:,} of {state.total:,} files had been read; "
            "the others are not in this answer."
        )
    elif waiting := ledger.waiting()[1]:
        files = ledger.counts()[0]
        yield (
            f"When this was asked, {files - waiting:,} of {files:,} documents were embedded; "
            "the others were found by their words alone."
        )
