"""A folder without documents: the page starts, says how to add some, and answers once there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag import FileReport, FolderError, NoDocumentsError, Rag, Settings, Upkeeping
from tests.rag.fakes import OverlapRanker, WordEmbedder, eventually, memory, write
from tests.ui.fakes import LEAVE, STATUS, FakeRag
from tests.ui.markup import HOSTILE, Page
from ui.about import About
from ui.chat import Chat
from ui.standing import beginning
from ui.talk import NOTHING_TO_ASK, Talk

EMPTY = replace(STATUS, files=0, articles=0, passages=0, skipped=())
NONE_YET = NoDocumentsError("The folder holds no file that can be read.")
BRIDGE = "The river bridge at Ulm opened to traffic on Monday after nine years of work."
WHEN = "When did the river bridge at Ulm open to traffic?"

Open = Callable[..., Rag]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    monkeypatch.setattr("rag.index.Vectors", memory())
    running: list[Rag] = []

    def open_now(folder: Path, **more: Any) -> Rag:
        for rag in running:
            rag.close()
        settings = Settings(home=tmp_path / "home", phrase="never")
        parts: dict[str, Any] = {"settings": settings, "embedder": WordEmbedder(), "ranker": OverlapRanker()}
        running.append(Rag.open(folder, wait=False, follow=True, **parts, **more))
        return running[-1]

    yield open_now
    for rag in running:
        rag.close()


def test_an_empty_folder_can_be_filled_while_the_page_is_open(opened: Open, tmp_path: Path) -> None:
    folder = write(tmp_path / "docs")
    rag = opened(folder)
    with pytest.raises(NoDocumentsError, match="holds no file that can be read"):
        rag.wait(10)
    with pytest.raises(NoDocumentsError, match=r"no documents in .*docs"):
        rag.ask(WHEN)
    talk, chat = Talk(rag, None), Chat()
    _, left, message = talk.ask(WHEN, chat)
    assert (left, Page(message).text, chat.exchanges) == (WHEN, NOTHING_TO_ASK, [])
    assert "No documents yet" in About(rag).all()["welcome"] and About(rag).all()["upkeep"] == ""
    write(folder / "added", bridge=BRIDGE)
    rag.refresh()
    assert eventually(lambda: rag.status().files == 1 and not rag.upkeep.running)
    assert rag.ask(WHEN).citations[0].source == "added/bridge.txt"
    assert talk.ask(WHEN, chat)[1:] == ("", "")
    assert "No documents yet" not in About(rag).all()["welcome"]


def test_what_is_left_out_of_a_folder_without_documents_is_named(opened: Open, tmp_path: Path) -> None:
    folder = write(tmp_path / "docs")
    (folder / "photo.png").write_bytes(b"\x89PNG")
    rag = opened(folder)
    with pytest.raises(NoDocumentsError, match=r"photo\.png"):
        rag.wait(10)
    assert "photo.png files ending in .png are not read" in Page(About(rag).all()["welcome"]).text


def test_what_was_removed_last_is_not_quoted_any_more(opened: Open, tmp_path: Path) -> None:
    folder = write(tmp_path / "docs")
    write(folder / "added", bridge=BRIDGE)
    rag = opened(folder)
    assert rag.wait(10) and not rag.ask(WHEN).refused
    (folder / "added" / "bridge.txt").unlink()
    rag.refresh()
    assert eventually(lambda: rag.status().files == 0)
    with pytest.raises(NoDocumentsError):
        rag.ask(WHEN)


def test_a_folder_from_which_everything_is_gone_is_told_of(opened: Open, tmp_path: Path) -> None:
    """It may be the place of a disk that is not there just now: what was indexed is kept."""
    folder = write(tmp_path / "docs", bridge=BRIDGE)
    assert opened(folder).wait(10)
    (folder / "bridge.txt").unlink()
    for _ in range(2):
        with pytest.raises(NoDocumentsError, match="holds no file"):
            opened(folder)
    write(folder, bridge=BRIDGE)
    rag = opened(folder)
    assert rag.wait(10) and {one.state for one in rag.reports} == {"unchanged"}


def test_a_folder_that_is_not_there_is_an_error_still(opened: Open, tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="does not exist"):
        opened(tmp_path / "nowhere")


def test_only_a_want_of_documents_is_passed_over() -> None:
    rag = FakeRag(status=EMPTY)
    rag.upkeep = Upkeeping(problem=NONE_YET)
    assert About(rag).all()["upkeep"] == ""
    rag.upkeep = Upkeeping(problem=FolderError("The folder is gone."))
    assert "The folder is gone." in About(rag).all()["upkeep"]
    rag = FakeRag()  # it knows of documents, and they are gone
    rag.upkeep = Upkeeping(problem=NONE_YET)
    assert str(NONE_YET) in About(rag).all()["upkeep"]


def test_while_the_first_files_are_read_questions_are_taken() -> None:
    rag = FakeRag(status=EMPTY)
    rag.upkeep = Upkeeping("reading", running=True)
    chat = Chat()
    assert Talk(rag, None).ask(LEAVE, chat)[1:] == ("", "")
    assert "No documents yet" not in About(rag).all()["welcome"]


def test_how_to_begin_is_said() -> None:
    said = Page(beginning(EMPTY)).text
    assert "The folder seeds is empty." in said and "/home/mira/seeds" in said and "Add documents" in said
    assert "left out" not in said
    skipped = (FileReport("a.pdf", "empty", reason="no text in it"),)
    assert "holds none of them that can be read" in Page(beginning(replace(EMPTY, skipped=skipped))).text


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_from_outside_is_markup(hostile: str) -> None:
    Page(beginning(replace(EMPTY, folder=hostile, skipped=(FileReport(hostile, "empty", reason=hostile),)))).check()
