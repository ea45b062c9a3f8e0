"""Answers over the seeds, exported, checked, and checked again after a document has changed; seen in a real browser."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rag import Rag, Settings
from rag.export import read, write
from tests.ui.test_page import ARGUMENTS, CHROMIUM

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


def verify(folder: Path, suffix: str) -> subprocess.CompletedProcess[str]:
    words = ["verify", str(folder / f"answers.{suffix}"), "--docs", str(folder / "docs"), "--json"]
    environment = os.environ | {"RAG_HOME": str(folder / "home")}
    return subprocess.run(
        [sys.executable, "-m", "rag", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on PATH; install it, e.g. apt-get install chromium")
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
    for suffix in SUFFIXES:
        ended = verify(folder, suffix)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        assert json.loads(ended.stdout)["holds"] is True
    cited = read(folder / "answers.md").record.answers[0].citations[0]
    file = folder / "docs" / cited.source
    text = file.read_text(encoding="utf-8")
    assert cited.quote in text
    file.write_text(text.replace(cited.quote, f"A sentence that nobody wrote before.\n\n{cited.quote}"), "utf-8")
    found = json.loads(verify(folder, "md").stdout)
    assert found["answers"][0]["citations"][0]["state"] == "changed"
    assert found["answers"][0]["holds"] is True
    file.write_text(text.replace(cited.quote, cited.quote.replace(" ", " not ", 1)), "utf-8")
    for suffix in SUFFIXES:
        ended = verify(folder, suffix)
        assert ended.returncode == 1, ended.stderr
        found = json.loads(ended.stdout)
        assert found["answers"][0]["citations"][0]["state"] == "lost"
        assert found["answers"][0]["holds"] is found["holds"] is False
        assert found["answers"][1]["holds"] is True
