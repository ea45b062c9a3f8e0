"""The index follows its folder in the background, and questions are answered meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from rag import Rag
from rag.errors import FolderError, StoreError
from rag.index import Index
from rag.settings import Settings
from tests.rag.fakes import OverlapRanker, OverlapReader, WordEmbedder, eventually, write

TEXTS = {
    "bridge": "The river bridge at Ulm opened to traffic on Monday after nine years of work.",
    "museum": "Tickets for the new museum cost five euros, its director told the paper.",
}

Open = Callable[..., Rag]


class WaitingEmbedder(WordEmbedder):
    """Embeds passages only once it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.released = threading.Event(), threading.Event()

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        if threading.current_thread().name == "footnote-upkeep":
            self.asked.set()
            self.released.wait(20)
        return super().embed(texts)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "docs", **TEXTS)


@pytest.fixture
def opened(tmp_path: Path, folder: Path, in_memory: None) -> Iterator[Open]:
    all_opened: list[Rag] = []

    def open_one(embedder: WordEmbedder, home: Path = tmp_path / "home", **more: Any) -> Rag:
        settings = Settings(home=home, phrase="never")
        all_opened.append(
            Rag.open(
                folder, settings=settings, embedder=embedder, ranker=OverlapRanker(), reader=OverlapReader(), **more
            )
        )
        return all_opened[-1]

    yield open_one
    for one in all_opened:
        one.close()


def test_questions_are_answered_before_anything_is_embedded(opened: Open) -> None:
    embedder = WaitingEmbedder()
    rag = opened(embedder, wait=False)
    assert embedder.asked.wait(10) and not rag.wait(0)
    assert (rag.upkeep.running, rag.upkeep.what) == (True, "embedding")
    answer = rag.ask("What do tickets for the new museum cost?")
    assert "five euros" in answer.text
    assert answer.notes == (
        "When this was asked, 0 of 2 documents were embedded; the others were found by their words alone.",
    )
    assert rag.status().waiting == 2
    embedder.released.set()
    assert rag.wait(10)
    assert rag.ask("What do tickets for the new museum cost?").notes == ()
    assert rag.status().waiting == 0
    assert [report.state for report in rag.reports] == ["indexed", "indexed"]


def test_an_answer_says_that_not_all_is_read(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, go_on = threading.Event(), threading.Event()

    def slow(*given: Any) -> Any:
        if reading.is_set():
            go_on.wait(20)
        reading.set()
        return original(*given)

    from rag import index

    original = index.take_apart
    monkeypatch.setattr(index, "take_apart", slow)
    rag = opened(WordEmbedder(), wait=False)
    assert eventually(lambda: rag.upkeep.what == "reading museum.txt")
    answer = rag.ask("What do tickets for the new museum cost?")
    assert answer.refused
    assert answer.notes == ("When this was asked, 1 of 2 files had been read; the others are not in this answer.",)
    go_on.set()
    assert rag.wait(10)
    assert not rag.ask("What do tickets for the new museum cost?").refused


def test_closing_in_the_middle_keeps_what_is_done(opened: Open) -> None:
    embedder = WaitingEmbedder()
    rag = opened(embedder, wait=False)
    assert embedder.asked.wait(10)
    threading.Timer(0.2, embedder.released.set).start()
    rag.close()
    again = opened(WordEmbedder())
    assert {report.state for report in again.reports} == {"unchanged"}
    assert again.status().waiting == 0


def test_a_folder_that_is_wrong_is_told_of_at_once(tmp_path: Path, in_memory: None) -> None:
    settings = Settings(home=tmp_path / "home", phrase="never")
    with pytest.raises(FolderError, match="nowhere"):
        Rag.open(tmp_path / "nowhere", settings=settings, embedder=WordEmbedder(), wait=False)
    (tmp_path / "none").mkdir()
    for _ in range(2):  # and the index is let go of
        with pytest.raises(FolderError, match="no file that can be read"):
            Rag.open(tmp_path / "none", settings=settings, embedder=WordEmbedder(), wait=False)


def test_files_that_are_all_unusable_are_told_of_by_waiting(opened: Open, folder: Path) -> None:
    for name in TEXTS:
        (folder / f"{name}.txt").write_bytes(b"\x89PNG\0\0")
    rag = opened(WordEmbedder(), wait=False)
    with pytest.raises(FolderError, match=r"bridge\.txt: binary"):
        rag.wait(10)
    assert isinstance(rag.upkeep.problem, FolderError)


@pytest.mark.real
def test_the_folder_is_followed(opened: Open, folder: Path) -> None:
    rag = opened(WordEmbedder(), wait=False, follow=True)
    assert rag.wait(10)
    asked = "When does the fair bring clowns to Ulm?"
    assert rag.ask(asked).refused
    changes = 0
    for number in range(40):  # the follower takes a moment to begin
        write(folder, fair=f"The fair brings ninety clowns to Ulm in May, says note {number}.")
        if eventually(lambda: "fair.txt" in {one.source for one in rag.reports}, 0.5):
            changes = number + 1
            break
    assert changes and not rag.ask(asked).refused
    (folder / "fair.txt").unlink()
    assert eventually(lambda: rag.ask(asked).refused)


@pytest.mark.real
def test_an_index_in_the_folder_calls_for_no_run_of_its_own(
    opened: Open, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[Path] = []
    really = Index.update_folder
    monkeypatch.setattr(Index, "update_folder", lambda self, at, *more: runs.append(at) or really(self, at, *more))
    rag = opened(WordEmbedder(), folder / "index", wait=False, follow=True)
    assert rag.wait(10)
    for number in range(40):  # the follower takes a moment to begin
        write(folder, fair=f"The fair brings ninety clowns to Ulm in May, says note {number}.")
        if eventually(lambda: "fair.txt" in {one.source for one in rag.reports}, 0.5):
            break
    done = len(runs)
    assert 1 < done < 10
    (next((folder / "index").iterdir()) / "scratch.txt").write_text("What the index writes itself.", encoding="utf-8")
    assert not eventually(lambda: len(runs) > done + 1, 2.5)  # the last note may call for one
    assert {one.source for one in rag.reports} == {"bridge.txt", "museum.txt", "fair.txt"}


def test_updating_by_hand(opened: Open, folder: Path) -> None:
    rag = opened(WordEmbedder())
    write(folder, fair="The fair brings ninety clowns to Ulm in May.")
    assert {one.source: one.state for one in rag.update()}["fair.txt"] == "indexed"
    assert not rag.ask("When does the fair bring clowns to Ulm?").refused


def test_what_a_library_raises_is_told_and_nobody_waits_in_vain(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise ZeroDivisionError("a library's own")

    from rag import index

    monkeypatch.setattr(index, "take_apart", broken)
    rag = opened(WordEmbedder(), wait=False)
    with pytest.raises(StoreError, match=r"ZeroDivisionError: a library's own.*doctor"):
        rag.wait(10)


def test_closed_in_the_middle_not_all_is_indexed(opened: Open) -> None:
    embedder = WaitingEmbedder()
    rag = opened(embedder, wait=False)
    assert embedder.asked.wait(10)
    embedder.released.set()
    rag.close()
    assert rag.wait(0) == (rag.reports != ())
