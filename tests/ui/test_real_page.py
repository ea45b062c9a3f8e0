"""The whole program in a real browser: seeds, models, index, page. What a person would do on the first day."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import Rag, Settings
from rag.export import read
from tests.rag.servers import Conversation
from tests.rag.servers import serving as model_serving
from tests.ui.browser import needs_chromium
from tests.ui.fakes import SEEDS
from tests.ui.test_page import Tab, browser, in_view, serving  # noqa: F401

pytestmark = [pytest.mark.real, needs_chromium]
BAGHDAD = "when do coalition forces leave Baghdad?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seeds, in a folder that may be written to."""
    return Path(shutil.copytree(SEEDS, tmp_path_factory.mktemp("docs") / "seeds"))


@pytest.fixture(scope="module")
def rag(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rag]:
    with Rag.open(folder, settings=Settings(home=tmp_path_factory.mktemp("home")), wait=False, follow=True) as opened:
        opened.wait()
        yield opened


@pytest.fixture(scope="module")
def url(rag: Rag) -> Iterator[str]:
    with serving(rag) as address:
        yield address


@pytest.fixture
def tab(browser: object, url: str) -> Iterator[Tab]:  # noqa: F811
    opened = Tab(browser, url)
    opened.page.set_default_timeout(60_000)
    yield opened
    opened.context.close()
    assert (opened.abroad, opened.dialogs, opened.errors) == ([], [], [])


def test_the_baghdad_question_its_footnote_and_its_export(tab: Tab, rag: Rag, tmp_path: Path) -> None:
    tab.ask(BAGHDAD)
    assert "four to five personnel" in tab.page.locator(".answer").inner_text()
    assert tab.count(".timeline li") == 2
    tab.page.locator(".chip").first.click()
    tab.page.locator("#sources mark").wait_for()
    tab.until(lambda: in_view(tab, "#sources mark", "#sources .passage"))
    marked = tab.page.locator("#sources mark").inner_text()
    assert any("".join(marked.split()) in "".join(path.read_text("utf-8").split()) for path in SEEDS.glob("*.txt"))
    for name, suffix in (("Markdown", ".md"), ("HTML", ".html"), ("JSON", ".json")):
        tab.page.get_by_label("Save the conversation").click()
        with tab.page.expect_download() as saved:
            tab.page.get_by_role("button", name=name, exact=True).click()
        path = tmp_path / f"answer{suffix}"
        saved.value.save_as(path)
        exported = read(path)
        assert not exported.altered and exported.record.answers[0].question == BAGHDAD
        assert rag.verify(exported.record, altered=exported.altered).holds
        tab.page.keyboard.press("Escape")


def test_a_question_of_a_range_of_dates_is_answered_from_it_alone(tab: Tab) -> None:
    tab.page.get_by_role("tab", name="Documents").click()
    tab.page.get_by_label("To", exact=True).fill("2025-08-31")
    tab.until(lambda: tab.count("#library tbody tr") == 4)
    tab.page.get_by_role("button", name="Ask only these").click()
    tab.page.locator(".scoped").wait_for()
    tab.ask(BAGHDAD)
    answer = tab.page.locator(".exchange").inner_text()
    assert "four to five personnel" not in answer
    assert "Searched only documents until 31 August 2025." in answer


def test_what_is_added_can_be_asked_and_what_is_removed_cannot(tab: Tab, folder: Path) -> None:
    tab.page.get_by_role("tab", name="Documents").click()
    report = b"Canal opens at Wexley\n\nThe canal at Wexley opened on 2 March 2026 with fourteen locks.\n"
    tab.page.locator("#adding input[type=file]").set_input_files(
        [{"name": "canal.txt", "mimeType": "text/plain", "buffer": report}]
    )
    row = tab.page.locator("#library tr", has_text="added/canal.txt")
    row.wait_for()
    assert (folder / "added" / "canal.txt").read_bytes() == report
    tab.page.get_by_role("tab", name="Ask").click()
    tab.ask("When did the canal at Wexley open?")
    assert "2 March 2026" in tab.page.locator(".answer").inner_text()
    tab.page.get_by_role("tab", name="Documents").click()
    row.get_by_role("button", name="Remove").click()
    row.locator(".sure").click()
    row.wait_for(state="detached")
    tab.page.get_by_role("tab", name="Ask").click()
    tab.page.get_by_role("button", name="New chat").click()
    tab.until(lambda: tab.count(".exchange") == 0)
    tab.ask("When did the canal at Wexley open?")
    assert "2 March 2026" not in tab.page.locator(".exchange").inner_text()


def test_suggestions_come_by_themselves_and_are_answered(tab: Tab) -> None:
    tab.page.locator(".example").first.wait_for()
    question = tab.page.locator(".example").first.inner_text()
    tab.page.locator(".example").first.click()
    tab.page.locator(".exchange.done").wait_for()
    assert tab.page.locator(".question").inner_text() == question
    assert tab.count(".sentence.refused") == 0 and tab.count(".footnote") >= 1


def test_a_second_after_stop_no_token_is_generated(
    browser: object,  # noqa: F811
    folder: Path,
    tmp_path: Path,
) -> None:
    """A larger model writes on and on; the server that it runs on counts."""
    written: list[float] = []
    begun = threading.Event()

    def writes_on(talk: Conversation) -> None:
        talk.begin()
        for number in range(1_000):
            if not talk.say(f"word{number} "):
                return
            written.append(time.monotonic())
            begun.set()
            time.sleep(0.02)

    with model_serving(writes_on) as (address, _):
        settings = Settings(home=tmp_path, llm_url=address, llm_model="endless")
        with Rag.open(folder, settings=settings) as rag, serving(rag) as url:
            tab = Tab(browser, url)
            tab.send("Who is Hussein Allawi?")
            assert begun.wait(60)
            tab.page.get_by_role("button", name="Stop").click()
            stopped = time.monotonic()
            tab.page.locator(".exchange.stopped").wait_for()
            time.sleep(2)
            assert [at - stopped for at in written if at > stopped + 1] == []
            assert len(written) < 900
            tab.context.close()
