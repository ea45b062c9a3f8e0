"""The evaluation's tab in a real browser, alone in a page: figures, filters, a run that is followed and stopped.

Needs Chromium.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ui.browser import ARGUMENTS, CHROMIUM, needs_chromium
from tests.ui.fakes import free_port
from tests.ui.results import ABSENT, REFUSED, RIGHT, WRONG, write, write_stock

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is missing; run: make test")
pytestmark = [pytest.mark.real, needs_chromium]
ASKS = """
import json, sys, time
print("loading", file=sys.stderr)
print(json.dumps({"what": "asking", "done": 4, "of": 9}), file=sys.stderr, flush=True)
time.sleep(60)
"""
"""Stands in for the evaluation: the same lines of progress."""


@pytest.fixture
def results(tmp_path: Path) -> Path:
    folder = tmp_path / "results"
    folder.mkdir()
    return folder


@pytest.fixture
def url(results: Path) -> Iterator[str]:
    import gradio as gr

    from ui import app
    from ui.evaluation import evaluation_tab
    from ui.measuring import Measurement

    measurement, port = Measurement((sys.executable, "-c", ASKS)), free_port()
    with gr.Blocks(analytics_enabled=False) as page, gr.Tabs():
        with gr.Tab("Ask"):
            gr.HTML("<p>The conversation</p>")
        with gr.Tab("Evaluation"):
            evaluation_tab(results=results, measurement=measurement)
    app._bypass_proxy("127.0.0.1")
    head = "".join(f"<style>{(app.HERE / name).read_text('utf-8')}</style>" for name in ("page.css", "scores.css"))
    theme = gr.themes.Base(font=app.SYSTEM_FONTS, font_mono=app.SYSTEM_MONO)
    page.launch(server_port=port, prevent_thread_lock=True, quiet=True, ssr_mode=False, head=head, theme=theme)
    yield f"http://127.0.0.1:{port}/"
    measurement.stop()
    page.close(verbose=False)


@pytest.fixture
def open_tab(url: str) -> Iterator[Callable[..., playwright.Page]]:
    wrong: list[str] = []
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)

        def open_one(**options: object) -> playwright.Page:
            page = browser.new_context(**options).new_page()
            page.set_default_timeout(10_000)
            page.on("pageerror", lambda error: wrong.append(str(error)))
            page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
            page.on(
                "request", lambda request: request.url.startswith((url, "data:", "blob:")) or wrong.append(request.url)
            )
            page.goto(url)
            page.get_by_role("tab", name="Evaluation").click()
            page.get_by_role("button", name="Run the evaluation").wait_for()
            return page

        yield open_one
        browser.close()
    assert wrong == []


def asked(page: playwright.Page, *questions: str) -> None:
    """Wait until these and no other questions are listed."""
    wanted = "|".join(questions)
    page.wait_for_function(
        "wanted => [...document.querySelectorAll('#cases .asked')].map(one => one.textContent).join('|') === wanted",
        arg=wanted,
    )


def test_from_nothing_to_figures_without_a_reload(open_tab: Callable[..., playwright.Page], results: Path) -> None:
    page = open_tab()
    page.get_by_text("Nothing was measured yet").wait_for()
    assert not page.locator("#filter").is_visible()
    write(results)
    write_stock(results)
    page.get_by_text("How good the answers are").wait_for()
    assert "stock" in page.locator(".glance").inner_text()
    asked(page, WRONG.question, REFUSED.question)


def test_a_failed_question_is_one_click_from_its_answer_and_the_gold(
    open_tab: Callable[..., playwright.Page], results: Path
) -> None:
    write(results)
    page = open_tab()
    page.get_by_text(WRONG.question).click()
    for told in ("Its towers are 89 metres tall.", "It has towers [1].", "lacks “89 metres”"):
        assert page.get_by_text(told).first.is_visible()
    page.wait_for_timeout(2_500)  # longer than a tab waits between two looks: nothing that was opened is closed
    assert page.get_by_text("It has towers [1].").is_visible()


def test_the_filters(open_tab: Callable[..., playwright.Page], results: Path) -> None:
    write(results)
    page = open_tab()
    asked(page, WRONG.question, REFUSED.question)
    page.get_by_label("All", exact=True).check()
    asked(page, RIGHT.question, WRONG.question, REFUSED.question, ABSENT.question)
    page.get_by_label("of", exact=True).click()
    page.get_by_role("option", name="near-miss").click()
    asked(page, ABSENT.question)
    page.get_by_label("Went wrong").check()
    page.get_by_text("0 of 1 questions").wait_for()


def test_runs_over_own_cases_can_be_chosen(open_tab: Callable[..., playwright.Page], results: Path) -> None:
    write(results)
    write(results, kind="cases", name="mine", scores=(WRONG,))
    page = open_tab()
    asked(page, WRONG.question, REFUSED.question)
    page.get_by_label("Questions about").click()
    page.get_by_role("option", name="mine").click()
    asked(page, WRONG.question)


def test_a_run_is_followed_told_of_twice_and_stopped_in_all_tabs(open_tab: Callable[..., playwright.Page]) -> None:
    one, other = open_tab(), open_tab()
    assert not one.locator("#stop-evaluation").is_visible()
    one.get_by_role("button", name="Run the evaluation").click()
    one.get_by_text("Question 5 of 9").wait_for()
    other.get_by_text("Question 5 of 9").wait_for()
    other.get_by_role("button", name="Run the evaluation").click()
    other.get_by_text(re.compile("running already")).wait_for()
    one.get_by_role("button", name="Stop").click()
    for page in (one, other):
        page.get_by_text("Stopped; no results were written.").wait_for()
        page.locator("#stop-evaluation").wait_for(state="hidden")


@pytest.mark.parametrize("width", [390, 1400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_the_window_in_both_colours(
    open_tab: Callable[..., playwright.Page], results: Path, width: int, scheme: str
) -> None:
    write(results)
    write_stock(results)
    page = open_tab(viewport={"width": width, "height": 900}, color_scheme=scheme)
    asked(page, WRONG.question, REFUSED.question)
    page.get_by_text(WRONG.question).click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    ink, paper = page.evaluate(
        """() => ["color", "backgroundColor"].map((name, at) =>
            getComputedStyle(document.querySelector([".scores h2", ".gradio-container"][at]))[name])"""
    )
    bright = [sum(map(int, re.findall(r"\d+", color)[:3])) for color in (ink, paper)]
    assert (bright[0] < bright[1]) == (scheme == "light")
    assert page.locator("#overview svg").count() == 2
