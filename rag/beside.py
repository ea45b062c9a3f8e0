"""An index that another process holds, as the open page does, read beside it: enough to check what was exported.

Reads the ledger and the files; opens no vectors, writes nothing. Knows no questions.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from rag.errors import HeldError
from rag.finding import with_copies
from rag.folder import survey
from rag.intake import folder_items
from rag.ledger import LINKED, Ledger
from rag.recheck import Recheck, recheck
from rag.record import Record
from rag.settings import Settings, load_settings
from rag.types import Checker, FileReport
from rag.wiring import checker_for, index_home

PATIENCE = 10.0
"""Seconds in which the other process may bring the index in step with its folder, as the page does by itself."""
LOOK = 0.5
"""Seconds between two looks at whether it has."""


def verify_beside(
    folder: str | Path,
    record: Record,
    *,
    altered: bool = False,
    settings: Settings | None = None,
    checker: Checker | None = None,
    patience: float = PATIENCE,
) -> Recheck:
    """As `Rag.verify`, while another process holds the index.

    Args:
        checker: in place of the one that the settings name.
        patience: seconds to wait until the index is in step with the folder.

    Raises:
        FolderError: the folder is missing.
        HeldError: the index is not in step with the folder in time.
        StoreError: the index cannot be read.
    """
    path, chosen = Path(folder), settings or load_settings()
    with _in_step(path, index_home(path, chosen), patience) as ledger:
        copies = partial(with_copies, ledger=ledger)
        return recheck(record, ledger=ledger, copies=copies, checker=checker or checker_for(chosen), altered=altered)


@contextmanager
def _in_step(folder: Path, home: Path, patience: float) -> Iterator[Ledger]:
    """The ledger at a moment at which it tells of the files as they are."""
    end = time.monotonic() + patience
    while True:
        ledger = Ledger(home, reading=True)
        try:
            behind = set(_behind(folder, ledger))
            if not behind and ledger.note(LINKED):
                yield ledger
                return
        finally:
            ledger.close()
        if time.monotonic() >= end:
            number = f"{len(behind):,} of its files have" if len(behind) != 1 else "1 of its files has"
            raise HeldError(
                f"Another process is using the index of {str(folder)!r}, and {number} changed since they were "
                "indexed; wait until it is done, or stop it."
            )
        time.sleep(LOOK)


def _behind(folder: Path, ledger: Ledger) -> Iterator[str]:
    """The files that are not as they were indexed; those that could not be used count for nothing."""
    known, unusable = ledger.digests(), list[FileReport]()
    passed = {report.source for report in ledger.skipped()}
    there = set()
    for item in folder_items(folder, survey(folder, time.time_ns())[0], ledger.stamps(), unusable):
        there.add(item.source)
        if item.source not in passed and item.digest not in ("", known.get(item.source)):
            yield item.source
    yield from known.keys() - there
