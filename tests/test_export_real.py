"""Answers over the seeds, exported, checked, and checked again after a document has changed; seen in a real browser."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rag import Rag, Recheck, Settings
from rag.export import read, write
from tests.ui.browser import ARGUMENTS, CHROMIUM, needs_chromium

pytestmark = pytest.mark.real
ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = (
    "when do coalition forces leave Baghdad?",
    "What is the population of Mosul?",
    "How many articles mention Erbil?",
    "How many members does the coalition have?",
)
SUFFIXES = ("json", "md", "html")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the seeds, with a conversation about them beside it in every format."""
    base = tmp_path_factory.mktemp("export")
    docs = Path(shutil.copytree(ROOT / "seeds", base / "docs"))
    with Rag.open(docs, settings=Settings(home=base / "home")) as rag:
        chat = rag.chat()
        record = rag.record([chat.ask(question) for question in QUESTIONS])
        for suffix in SUFFIXES:
            write(record, base / f"answers.{suffix}")
    return base


def command(folder: Path, suffix: str) -> subprocess.CompletedProcess[str]:
    """`python -m rag verify`, as somebody types it."""
    words = ["verify", str(folder / f"answers.{suffix}"), "--docs", str(folder / "docs")]
    return subprocess.run(
        [sys.executable, "-m", "rag", *words],
        cwd=ROOT,
        env=os.environ | {"RAG_HOME": str(folder / "home")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def verified(folder: Path) -> list[Recheck]:
    """Every format against the documents as they are now."""
    exported = [read(folder / f"answers.{suffix}") for suffix in SUFFIXES]
    with Rag.open(folder / "docs", settings=Settings(home=folder / "home")) as rag:
        return [rag.verify(one.record, altered=one.altered) for one in exported]


@needs_chromium
@pytest.mark.parametrize("width", [1200, 360])
def test_the_page_in_a_browser(folder: Path, width: int) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": width, "height": 800})
        said: list[str] = []
        asked: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("request", lambda request: asked.append(request.url))
        page.goto((folder / "answers.html").as_uri())
        assert page.locator(".exchange").count() == len(QUESTIONS)
        page.locator(".chip").first.click()
        assert page.locator(".footnotes li:target").count() == 1
        style = page.evaluate("getComputedStyle(document.querySelector('blockquote')).borderInlineStartWidth")
        assert style == "2px"  # the policy lets its own style through
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert said == []
        assert {url.partition("#")[0] for url in asked} == {(folder / "answers.html").as_uri()}
        browser.close()


def test_a_conversation_holds_until_its_documents_change(folder: Path) -> None:
    assert [found.holds for found in verified(folder)] == [True, True, True]
    ended = command(folder, "html")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "All 4 answers hold" in ended.stdout
    cited = read(folder / "answers.md").record.answers[0].citations[0]
    file = folder / "docs" / cited.source
    text = file.read_text(encoding="utf-8")
    assert cited.quote in text
    file.write_text(text.replace(cited.quote, f"A sentence that nobody wrote before.\n\n{cited.quote}"), "utf-8")
    for found in verified(folder):
        assert found.answers[0].citations[0].state == "changed"
        assert found.answers[0].holds
    file.write_text(text.replace(cited.quote, cited.quote.replace(" ", " not ", 1)), "utf-8")
    for found in verified(folder):
        assert found.answers[0].citations[0].state == "lost"
        assert [answer.holds for answer in found.answers[:2]] == [False, True]
    ended = command(folder, "md")
    assert ended.returncode == 1, ended.stderr
    assert f"{cited.source}: the document does not hold the quote" in " ".join(ended.stdout.split())
