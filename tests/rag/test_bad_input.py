"""What folders hold, too: huge files, files that change, thousands of tiny ones, strange names, no room left.

Each gives one line in the report or one sentence; the rest is indexed, and nothing is lost.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rag import read
from rag.errors import FolderError, StoreError
from rag.index import Index
from rag.read import MAX_BYTES, TORN
from rag.types import FileReport
from rag.words import search
from tests.rag.fakes import WordEmbedder, write

TEXTS = {
    "bridge": "The river bridge at Ulm opened to traffic on Monday after nine years of work.",
    "museum": "Tickets for the new museum cost five euros, its director told the paper.",
    "storm": "A storm closed the port for a day, and eleven ships had to wait outside.",
}
Open = Callable[..., Index]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "docs", **TEXTS)


@pytest.fixture
def opened(tmp_path: Path, in_memory: None) -> Iterator[Open]:
    """Open the index in a folder; what is still open at the end is closed."""
    all_opened: list[Index] = []

    def open_one(home: Path = tmp_path / "home") -> Index:
        all_opened.append(Index(home, WordEmbedder()))
        return all_opened[-1]

    yield open_one
    for one in all_opened:
        one.close()


def states(reports: tuple[FileReport, ...]) -> dict[str, str]:
    return {report.source: report.state for report in reports}


def found(index: Index, question: str) -> list[str]:
    return [node.metadata["source"] for node in index.nodes([i for i, _ in search(index.ledger, question, 10)])]


def whole(index: Index) -> dict[str, tuple[str, str]]:
    """File → its state and the reason for it; the ledger and the vectors have nothing wrong."""
    assert list(index.ledger.problems()) == []
    assert index.ledger.waiting() == (0, 0)
    return {one.source: (one.state, one.reason) for one in index.ledger.reports()}


def test_a_huge_file_is_named_and_not_read(opened: Open, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (folder / "huge.txt").open("wb") as file:
        file.truncate(2 * 2**30)
    really = Path.read_bytes

    def small_only(path: Path) -> bytes:
        assert path.name != "huge.txt"
        return really(path)

    monkeypatch.setattr(Path, "read_bytes", small_only)
    reports = {report.source: report for report in opened().update_folder(folder)}
    assert (reports["huge.txt"].state, reports["huge.txt"].reason) == (
        "too large", f"2,147,483,648 bytes, the limit is {MAX_BYTES:,}",
    )  # fmt: skip
    assert len(reports) == len(TEXTS) + 1


class Writer:
    """A program that goes on writing `log.txt` while it is read, so many times."""

    def __init__(self, times: int) -> None:
        self.times = times
        self._really = Path.read_bytes

    def read_bytes(self, path: Path) -> bytes:
        data = self._really(path)
        if path.name.startswith("log") and self.times:
            self.times -= 1
            with path.open("ab") as file:
                file.write(b"\nOne more ship has arrived in the harbour of Kiel.")
        return data


def test_a_file_that_is_being_written_is_read_again(
    opened: Open, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, log="The ship Aurora left the harbour of Kiel on Monday.")
    writer = Writer(read.TRIES - 1)
    monkeypatch.setattr(Path, "read_bytes", lambda path: writer.read_bytes(path))
    index = opened()
    assert {one.source: one.reason for one in index.update_folder(folder)}["log.txt"] == ""
    (_, text), *_ = [
        (one.source, one.text)
        for i, _ in index.ledger.lines()
        if (one := index.ledger.article(i))
        if "log" in one.source
    ]
    assert text.count("\n") == read.TRIES - 1


def test_a_file_that_goes_on_changing_is_told_of_and_read_again_next_time(
    opened: Open, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, log="The ship Aurora left the harbour of Kiel on Monday.")
    (folder / "log.json").write_text('{"ship": "Aurora"}', encoding="utf-8")
    writer = Writer(2 * read.TRIES)
    monkeypatch.setattr(Path, "read_bytes", lambda path: writer.read_bytes(path))
    monkeypatch.setattr("rag.folder.RACY_NS", -(10**12))  # as if the files had been written long ago
    index = opened()
    reports = {report.source: report for report in index.update_folder(folder)}
    assert (reports["log.txt"].state, reports["log.txt"].reason) == ("indexed", TORN)
    assert reports["log.json"].state == "unreadable" and reports["log.json"].reason.endswith(f"; {TORN}")
    assert found(index, "Aurora harbour") == ["log.txt"]  # what was read last is there meanwhile
    (folder / "log.json").write_text('{"ship": "Aurora"}', encoding="utf-8")
    reports = {report.source: report for report in index.update_folder(folder)}
    assert (reports["log.txt"].state, reports["log.txt"].reason) == ("indexed", "")
    assert reports["log.json"].state == "indexed" and reports["bridge.txt"].state == "unchanged"
    assert set(states(index.update_folder(folder)).values()) == {"unchanged"}
    assert len(found(index, "Kiel arrived")) == 1


@pytest.mark.real  # it takes half a minute
def test_ten_thousand_tiny_files(opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path / "many", **{f"n{n:05}": f"Note {n} is about town{n}." for n in range(10_000)})
    for number in range(0, 10_000, 1000):
        (folder / f"n{number:05}.txt").write_bytes(b"\0")
    monkeypatch.setattr("rag.folder.RACY_NS", -(10**12))
    index = opened()
    first = states(index.update_folder(folder))
    assert (len(first), list(first.values()).count("unreadable")) == (10_000, 10)
    assert found(index, "town7777") == ["n07777.txt"]
    monkeypatch.setattr("rag.index.take_apart", lambda item: FileReport(item.source, "unreadable", reason="binary"))
    second = states(index.update_folder(folder))
    assert list(second.values()).count("unchanged") == 9_990


def no_room(*_: Any, **__: Any) -> Any:
    raise sqlite3.OperationalError("database or disk is full")


def no_space(*_: Any, **__: Any) -> Any:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("where", ["put", "put_passage", "put_skipped", "remove", "link", "move", "forget", "stamp"])
def test_no_room_for_the_word_index(
    where: str, opened: Open, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.folder.RACY_NS", -(10**12))  # as if the files had been written long ago
    index = opened()
    index.update_folder(folder)
    write(folder, bridge="The bridge at Ulm was closed again.", fair="The fair brings ninety clowns to Ulm.", empty="")
    (folder / "storm.txt").unlink()
    os.utime(folder / "museum.txt", (1, 1))
    with monkeypatch.context() as full:
        full.setattr(index.ledger, where, no_room)
        with pytest.raises(StoreError, match=r"cannot be written \(database or disk is full\); make room") as caught:
            index.update_folder(folder)
    assert "\n" not in str(caught.value)
    assert found(index, "museum tickets") == ["museum.txt"]
    index.update_folder(folder)
    clean = opened(tmp_path / "clean")
    clean.update_folder(folder)
    assert whole(index) == whole(clean)


def test_no_room_to_begin_with(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "mkdir", no_space)
    with pytest.raises(StoreError, match=r"cannot be written .No space left on device.; set RAG_HOME"):
        Index(tmp_path / "home", WordEmbedder())


@pytest.mark.real
@pytest.mark.parametrize("where", ["upsert", "delete"])
def test_no_room_for_the_vectors(where: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = Index(tmp_path / "home", WordEmbedder())
    index.update_folder(folder)
    write(folder, bridge="The bridge at Ulm was closed again.")
    with monkeypatch.context() as full:
        full.setattr(type(index.vectors._collection), where, no_space)
        with pytest.raises(StoreError, match=r"cannot be written .OSError: .*No space left.*; make room for it"):
            index.update_folder(folder)
    assert found(index, "bridge again") == ["bridge.txt"]  # by its words
    index.update_folder(folder)
    assert set(index.vectors.ids()) == set(index.ledger.keys(1)) and index.ledger.waiting() == (0, 0)
    index.close()


def test_an_index_in_the_folder_is_no_document(opened: Open, folder: Path) -> None:
    index = opened(folder / "index" / "docs-1a2b3c4d")
    (folder / "index" / "docs-1a2b3c4d" / "card.md").write_text("A ranker that was trained here.", encoding="utf-8")
    wanted = {f"{name}.txt" for name in TEXTS}
    assert set(states(index.update_folder(folder))) == wanted
    assert set(states(index.update_folder(folder))) == wanted
    write(folder / "index", mine="Notes that lie beside the index are read.")
    assert set(states(index.update_folder(folder))) == wanted | {"index/mine.txt"}


@pytest.mark.skipif(os.name != "posix", reason="such names exist on Unix alone")
@pytest.mark.parametrize(
    "name", ["a\nb.txt", "a\tb.txt", "a'b\"c.txt", "\x1b[31mred.txt", "a\x7fb.txt", "\u202eb.txt", " .txt"]
)
def test_names_that_are_hard_to_print(name: str, opened: Open, folder: Path, tmp_path: Path) -> None:
    (folder / name).write_text("The fair brings ninety clowns to Ulm.", encoding="utf-8")
    (folder / f"{name}.exe").write_bytes(b"x")
    index = opened()
    got = states(index.update_folder(folder))
    assert (got[name], got[f"{name}.exe"]) == ("indexed", "skipped")
    assert found(index, "ninety clowns") == [name]
    assert set(states(index.update_folder(folder)).values()) == {"unchanged", "skipped"}
    (folder / name).unlink()
    assert states(index.update_folder(folder))[name] == "removed"
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / name).write_bytes(b"\0")
    with pytest.raises(FolderError) as caught:
        opened(tmp_path / "other").update_folder(alone)
    assert str(caught.value).isprintable()
