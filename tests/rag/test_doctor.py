"""What is wrong with an index is named, and mended from the files."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.doctor import Finding, examine, repair
from rag.errors import FolderError, StoreError
from rag.index import Index
from rag.ledger import FILE
from rag.vectors import FOLDER
from rag.words import search
from tests.rag.fakes import WordEmbedder, vector, write

TEXTS = {
    "bridge": "The river bridge at Ulm opened to traffic on Monday after nine years of work.",
    "museum": "Tickets for the new museum cost five euros, its director told the paper.",
    "storm": "A storm closed the port for a day, and eleven ships had to wait outside.",
}
pytestmark = pytest.mark.real


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "docs", **TEXTS)


@pytest.fixture
def home(tmp_path: Path, folder: Path) -> Path:
    """An index of the folder, closed."""
    opened = Index(tmp_path / "home", WordEmbedder())
    opened.update_folder(folder)
    opened.close()
    return tmp_path / "home"


def parts(findings: list[Finding]) -> list[str]:
    return [finding.part for finding in findings]


def answers(home: Path) -> str:
    """The file of the passage nearest to a question."""
    index = Index(home, WordEmbedder())
    try:
        ((identity, _), *_) = index.nearest(vector("What do museum tickets cost?"), 1)
        return str(index.nodes([identity])[0].metadata["source"])
    finally:
        index.close()


def test_a_whole_index_has_nothing_wrong(folder: Path, home: Path) -> None:
    assert examine(folder, home, WordEmbedder()) == []
    assert repair(folder, home, WordEmbedder()) == ([], [])


def truncated(home: Path) -> None:
    path = home / FILE
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def overwritten(home: Path) -> None:
    data = bytearray((home / FILE).read_bytes())
    data[len(data) // 2 : len(data) // 2 + 6000] = b"\xff" * 6000
    (home / FILE).write_bytes(bytes(data))


def no_words(home: Path) -> None:
    for path in home.glob(f"{FILE}*"):
        path.unlink()


def no_store(home: Path) -> None:
    shutil.rmtree(home / FOLDER)


def broken_store(home: Path) -> None:
    (home / FOLDER / "chroma.sqlite3").write_bytes(b"this is no database" * 300)


def not_a_database(home: Path) -> None:
    (home / FOLDER / "chroma.sqlite3").write_bytes(b"garbage" * 500)


def other_version(home: Path) -> None:
    with sqlite3.connect(home / FOLDER / "chroma.sqlite3") as database:
        database.execute("DROP TABLE collections")
        database.execute("CREATE TABLE collections(name TEXT)")
    database.close()


def ledger_line(sql: str) -> Callable[[Path], None]:
    def change(home: Path) -> None:
        with sqlite3.connect(home / FILE) as database:
            database.execute(sql)
        database.close()

    return change


@pytest.mark.parametrize(
    ("break_it", "part"),
    [
        (truncated, "word index"),
        (overwritten, "word index"),
        (no_words, "word index"),
        (no_store, "vectors"),
        (broken_store, "vectors"),
        (not_a_database, "vectors"),
        (other_version, "vectors"),
        (ledger_line("DELETE FROM words WHERE rowid = 1"), "word index"),
        (ledger_line("DELETE FROM articles WHERE source = 'storm.txt'"), "word index"),
        (ledger_line("DELETE FROM vectors"), "word index"),
        (ledger_line("UPDATE vectors SET state = 0"), "vectors"),
        (ledger_line("UPDATE articles SET text = replace(text, 'Monday', 'Sunday')"), "word index"),
        (ledger_line("UPDATE words SET text = 'Something else.' WHERE rowid = 2"), "word index"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_damage_is_named_and_mended(break_it: Callable[[Path], None], part: str, folder: Path, home: Path) -> None:
    break_it(home)
    found = examine(folder, home, WordEmbedder())
    assert part in parts(found)
    assert all(finding.text for finding in found)
    before, after = repair(folder, home, WordEmbedder())
    assert parts(before) == parts(found) and after == []
    assert answers(home) == "museum.txt"


def test_a_half_written_batch_is_named_and_mended(folder: Path, home: Path) -> None:
    index = Index(home, WordEmbedder())
    lost = sorted(index.vectors.ids())[:2]
    index.vectors.delete(lost)
    index.vectors.add(["stray", "other"], [vector("stray"), vector("other")])  # as many as before
    index.close()
    embedder = WordEmbedder()
    found = examine(folder, home, embedder)
    assert [finding.text for finding in found] == ["2 of 3 are missing", "2 belong to no passage"]
    assert repair(folder, home, embedder)[1] == []
    assert len(embedder.embedded) == 2
    assert answers(home) == "museum.txt"


def test_files_that_are_not_as_indexed_are_named(folder: Path, home: Path) -> None:
    write(folder, bridge="The bridge was closed again.", fair="The fair brings ninety clowns to Ulm.")
    (folder / "storm.txt").unlink()
    found = examine(folder, home, WordEmbedder())
    assert [finding.text for finding in found] == [
        "not indexed yet: 'fair.txt'",
        "changed since they were indexed: 'bridge.txt'",
        "indexed, but gone from the folder: 'storm.txt'",
    ]
    assert repair(folder, home, WordEmbedder())[1] == []


def test_a_file_that_has_changed_behind_its_size_and_time_is_named_and_read_again(
    folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.folder.RACY_NS", -(10**12))  # as if the files had been written long ago
    index = Index(home, WordEmbedder())
    index.update_folder(folder)
    path, before = folder / "museum.txt", (folder / "museum.txt").stat()
    path.write_text(TEXTS["museum"].replace("five", "nine"), encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert {report.state for report in index.update_folder(folder)} == {"unchanged"}
    index.close()
    assert [finding.text for finding in examine(folder, home, WordEmbedder())] == [
        "changed since they were indexed: 'museum.txt'"
    ]
    assert repair(folder, home, WordEmbedder())[1] == []
    index = Index(home, WordEmbedder())
    assert "nine euros" in index.nodes([i for i, _ in search(index.ledger, "museum tickets", 1)])[0].text
    index.close()


def test_a_folder_of_unusable_files_alone_is_not_well(tmp_path: Path) -> None:
    folder = write(tmp_path / "bad")
    (folder / "photo\n.txt").write_bytes(b"\0")
    index = Index(tmp_path / "home", WordEmbedder())
    with pytest.raises(FolderError):
        index.update_folder(folder)
    index.close()
    found = examine(folder, tmp_path / "home", WordEmbedder())
    assert [finding.text for finding in found] == [r"none of them can be used (photo\n.txt: binary data, not text)"]
    with pytest.raises(FolderError, match=r"No file in .* can be used"):
        repair(folder, tmp_path / "home", WordEmbedder())


def test_examining_changes_nothing(folder: Path, home: Path) -> None:
    ledger_line("DELETE FROM words WHERE rowid = 1")(home)
    assert examine(folder, home, WordEmbedder()) == examine(folder, home, WordEmbedder()) != []


def test_one_that_is_in_use_or_not_there(folder: Path, home: Path, tmp_path: Path) -> None:
    index = Index(home, WordEmbedder())
    with pytest.raises(StoreError, match="Another process"):
        examine(folder, home, WordEmbedder())
    index.close()
    with pytest.raises(FolderError, match="nowhere"):
        examine(tmp_path / "nowhere", home, WordEmbedder())
    assert parts(examine(folder, tmp_path / "new", WordEmbedder())) == ["word index"]
    assert repair(folder, tmp_path / "new", WordEmbedder())[1] == []
