"""Holds ledger, word index, vectors and files against each other, names what is wrong, and mends it from the files.

Everything but the files can be made again: what is damaged is thrown away, what is merely missing is added. Does not
know questions.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rag.articles import is_id
from rag.errors import StoreError
from rag.folder import look_through, printable
from rag.index import Index, held
from rag.intake import folder_items
from rag.ledger import DOOMED, FILE, HELD, STALE, WANTED, Ledger
from rag.types import Embedder, FileReport, Progress
from rag.vectors import FOLDER, Vectors

Part = Literal["word index", "vectors", "files"]
NAMED = 5
"""So many files are named; of more, their number."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong; `is_damage` where a part is beyond use and has to be made anew."""

    part: Part
    text: str
    is_damage: bool = False


def examine(folder: Path, home: Path, embedder: Embedder) -> list[Finding]:
    """What is wrong with the index of a folder; nothing is changed.

    Raises:
        FolderError: the folder is missing or holds nothing that can be read.
        StoreError: another process holds the index.
    """
    with held(home):
        return _examine(folder, home, embedder)


def repair(
    folder: Path, home: Path, embedder: Embedder, progress: Progress | None = None
) -> tuple[list[Finding], list[Finding]]:
    """What was wrong with the index of a folder, and what still is after mending it.

    Raises:
        Those of `examine`, and StoreError where the index cannot be written.
    """
    with held(home):
        before = _examine(folder, home, embedder)
        for part in {finding.part for finding in before if finding.is_damage}:
            _throw_away(home, part)
    index = Index(home, embedder)
    try:
        index.update_folder(folder, progress, thorough=True)
    finally:
        index.close()
    return before, examine(folder, home, embedder)


def _throw_away(home: Path, part: Part) -> None:
    if part == "vectors":
        shutil.rmtree(home / FOLDER, ignore_errors=True)
    for path in home.glob(f"{FILE}*") if part == "word index" else ():
        path.unlink()


def _examine(folder: Path, home: Path, embedder: Embedder) -> list[Finding]:
    found, _ = look_through(folder, time.time_ns())
    if not (home / FILE).is_file():
        return [Finding("word index", f"there is none in {str(home)!r}", is_damage=True)]
    try:
        ledger = Ledger(home)
    except StoreError as exc:
        return [Finding("word index", str(exc), is_damage=True), *_vectors(home, embedder, None)]
    try:
        findings = list(_words(ledger))
        whole = not findings
        findings += _vectors(home, embedder, ledger if whole else None)
        if whole:
            unusable: list[FileReport] = []
            items = folder_items(folder, found, {}, unusable)  # read, whatever size and time say
            findings += _files(ledger, {item.source: item.digest for item in items}, unusable)
        return findings
    finally:
        ledger.close()


def _words(ledger: Ledger) -> Iterator[Finding]:
    try:
        for problem in ledger.problems():
            yield Finding("word index", problem, is_damage=True)
        wrong = Counter(what for source in ledger.digests() for what in _texts(ledger, source))
        for what, number in sorted(wrong.items()):
            yield Finding("word index", f"{number:,} {what}", is_damage=True)
    except (StoreError, sqlite3.Error) as exc:
        yield Finding("word index", f"it cannot be read ({exc})", is_damage=True)


def _texts(ledger: Ledger, source: str) -> Iterator[str]:
    """What is wrong with the texts of a file's articles and with the words of its passages, each time it is."""
    texts = dict(ledger.rows("SELECT id, text FROM articles WHERE source = ?", (source,)))
    for identity, text in texts.items():
        if not is_id(identity, source, text, len(texts)):
            yield "articles whose text is not the one that was indexed"
    sql = "SELECT p.article, p.start, p.end, w.text FROM passages p JOIN words w ON w.rowid = p.number "
    for article, start, end, words in ledger.rows(
        f"{sql} WHERE p.article IN (SELECT id FROM articles WHERE source = ?)", (source,)
    ):
        if texts[article][start:end] != words:
            yield "passages whose words are not those of their article"


def _vectors(home: Path, embedder: Embedder, ledger: Ledger | None) -> Iterator[Finding]:
    if not (home / FOLDER).is_dir():
        yield Finding("vectors", "the store is gone", is_damage=True)
        return
    try:
        vectors = Vectors(home, embedder.name)
    except StoreError as exc:
        yield Finding("vectors", str(exc), is_damage=True)
        return
    try:
        present = set(vectors.ids())
        if problem := vectors.problem():
            yield Finding("vectors", problem, is_damage=True)
        elif ledger is not None:
            yield from _against(present, ledger)
    except Exception as exc:  # Chroma raises what its layers raise
        yield Finding("vectors", f"they cannot be read ({type(exc).__name__}: {exc})", is_damage=True)
    finally:
        vectors.close()


def _against(present: set[str], ledger: Ledger) -> Iterator[Finding]:
    wanted = set(ledger.keys(HELD))
    known = wanted.union(*(ledger.keys(state) for state in (WANTED, STALE, DOOMED)))
    if missing := len(wanted - present):
        yield Finding("vectors", f"{missing:,} of {len(wanted):,} are missing")
    if strays := len(present - known):
        yield Finding("vectors", f"{strays:,} belong to no passage")
    if waiting := ledger.waiting()[0]:
        yield Finding("vectors", f"{waiting:,} passages still wait for theirs")


def _files(ledger: Ledger, now: dict[str, str], unusable: list[FileReport]) -> Iterator[Finding]:
    """Files that are not as they were indexed, by the digests of what is in them; and a folder without a usable one."""
    known = ledger.digests()
    told = [report for report in (*unusable, *ledger.skipped()) if report.state != "skipped"]
    unused = {report.source for report in told}
    if not known and not now.keys() - unused:
        yield Finding("files", f"none of them can be used ({printable(told[0].source)}: {told[0].reason})")
    changed = [source for source in now.keys() & known.keys() if now[source] != known[source]]
    for sources, what in (
        (now.keys() - known.keys() - unused, "not indexed yet"),
        (changed, "changed since they were indexed"),
        (known.keys() - now.keys(), "indexed, but gone from the folder"),
    ):
        if sources:
            names = sorted(sources)
            shown = ", ".join(map(repr, names[:NAMED])) + (f" and {len(names) - NAMED:,} more" if names[NAMED:] else "")
            yield Finding("files", f"{what}: {shown}")
