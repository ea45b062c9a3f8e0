"""The program as a stranger meets it: the real models, the real index, a real server and a real browser."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.browser import ARGUMENTS, CHROMIUM, needs_chromium
from tests.ui.fakes import free_port

pytestmark = pytest.mark.real
ROOT = Path(__file__).resolve().parent.parent
QUESTION = "when do coalition forces leave Baghdad?"
READY_SECONDS = 120


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rag", *words]
    environment = os.environ | {"RAG_HOME": str(home)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def page_address(home: Path) -> Iterator[str]:
    """`python -m ui seeds`, from its start to Ctrl-C."""
    port = free_port()
    running = subprocess.Popen(
        [sys.executable, "-m", "ui", "seeds", "--port", str(port)],
        cwd=ROOT,
        env=os.environ | {"RAG_HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    lines: queue.Queue[str] = queue.Queue()
    threading.Thread(target=lambda out=running.stdout: [lines.put(line) for line in out], daemon=True).start()
    try:
        said = lines.get(timeout=READY_SECONDS)
        assert f"http://127.0.0.1:{port}" in said
        yield f"http://127.0.0.1:{port}/"
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=30) == 0
    finally:
        running.kill()


@needs_chromium
def test_a_question_in_the_browser(page_address: str) -> None:
    from playwright.sync_api import expect, sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page()
        page.goto(page_address)
        box = page.get_by_label("Question")
        box.fill(QUESTION)
        box.press("Enter")
        conversation = page.locator(".conversation")
        expect(page.locator(".footnotes")).to_be_visible(timeout=60_000)
        expect(conversation).to_contain_text("September 2025")
        expect(conversation).to_contain_text("four to five")
        page.locator(".chip").first.click()
        expect(page.locator("mark").first).to_be_in_viewport()
        box.fill("What is the population of Mosul?")
        box.press("Enter")
        expect(conversation).to_contain_text("The documents do not answer this question.", timeout=60_000)
        expect(conversation).to_contain_text("Closest I found")
        browser.close()


def test_a_question_in_the_terminal(home: Path) -> None:
    answered = run(home / "terminal", "ask", QUESTION, "--json")
    assert answered.returncode == 0, answered.stderr
    answer = json.loads(answered.stdout)
    assert "September 2025" in answer["text"]
    assert "four to five" in answer["text"]
    dated = {citation["source"]: citation["published"] for citation in answer["citations"]}
    assert all(dated.values())
    assert "003_7dab60c6e7a75a29.txt" in dated
    assert len(dated) >= 2
    for citation in answer["citations"]:
        text = " ".join((ROOT / "seeds" / citation["source"]).read_text(encoding="utf-8").split())
        assert " ".join(citation["quote"].split()) in text
    assert run(home / "terminal", "ask", "What is the population of Mosul?").returncode == 3


def test_a_question_of_an_earlier_time_knows_no_later_report(home: Path) -> None:
    """What may be of the month it is asked of is within, as the newest of the seeds."""
    for until, newest in (("2025-08", "002_7e183713a4cc1a52.txt"), ("2025-09", "003_7dab60c6e7a75a29.txt")):
        answered = run(home / "terminal", "ask", QUESTION, "--json", "--until", until)
        assert answered.returncode == 0, answered.stderr
        cited = json.loads(answered.stdout)["citations"]
        assert cited[0]["source"] == newest
        assert all(citation["published"].split("/")[0] <= until for citation in cited)


def test_the_second_run_indexes_nothing(home: Path) -> None:
    first = run(home / "again", "index", "seeds")
    assert first.stdout.count("indexed: ") == 5
    again = run(home / "again", "index", "seeds")
    assert "5 files indexed (5 unchanged)" in again.stdout
    assert "indexed: " not in again.stdout


def test_python_as_in_the_readme(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The README's own lines, run."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    code = readme.split("```python\n")[1].split("```")[0]
    monkeypatch.setenv("RAG_HOME", str(home / "python"))
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "[1]" in done.stdout
    assert "003_7dab60c6e7a75a29.txt 2025-09/2025-12" in done.stdout
