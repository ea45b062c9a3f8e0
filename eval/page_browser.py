"""The page in a real browser, with a clock in it: opening it, asking, many people asking at once.

The only module of the evaluation that knows Playwright, and what the page's elements are called. Its browser also
takes the README's pictures, and the tests drive the same Chromium.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from eval.page_timing import Opened, Visit, Waited
from rag.errors import InputError, RagError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

QUESTION = "#question textarea"
"""The box that a question is typed into; Enter sends it."""
EXCHANGE = ".exchange"
"""A question and its answer; it bears one of the states below when it has ended."""
DONE = ".exchange.done"
ENDED = ".exchange.done, .exchange.failed, .exchange.stopped"
SENTENCE = ".sentence"
REFUSED = ".sentence.refused"
PROGRESS = ".progress"
"""Says how the answer stands; a number in it is the place in the line."""

CLOCK = f"""
window.clock = {{start: 0, first: 0, whole: 0, place: ""}};
document.addEventListener("keydown", (event) => {{
  if (event.key === "Enter" && event.target.closest("{QUESTION}")) window.clock.start = performance.now();
}}, true);
new MutationObserver(() => {{
  const clock = window.clock;
  const exchange = [...document.querySelectorAll("{EXCHANGE}")].pop();
  if (!clock.start || clock.whole || !exchange) return;
  const progress = exchange.querySelector("{PROGRESS}");
  if (progress && /\\d/.test(progress.textContent)) clock.place = progress.textContent;
  if (!clock.first && exchange.querySelector("{SENTENCE}")) clock.first = performance.now();
  if (exchange.matches("{ENDED}")) clock.whole = performance.now();
}}).observe(document, {{subtree: true, childList: true, characterData: true, attributes: true}});
"""
"""Runs in the page before anything else: the browser's own clock sees what a person sees, the driver only reads it."""

PAINT = """performance.getEntriesByName("first-contentful-paint")[0]?.startTime"""
PATIENCE = 300.0
"""Seconds in which an answer must have come."""
MILLISECONDS = 1_000.0
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")


def chromium() -> str | None:
    """Where this machine's Chromium lies; None where it has none."""
    return next(filter(None, map(shutil.which, CHROMIUM)), None)


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser without a window.

    Raises:
        InputError: Playwright or a Chromium is missing.
        RagError: the page did not do in it what was waited for.
    """
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as exc:
        raise InputError("A browser needs playwright; run: pip install 'footnote-rag[test]'") from exc
    with sync_playwright() as driver:
        try:
            opened = driver.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        except Error as exc:
            raise InputError("A browser needs Chromium; install it, e.g. apt-get install chromium") from exc
        try:
            yield opened
        except Error as exc:
            raise RagError(f"The page did not do what was waited for: {exc.message.splitlines()[0]}") from exc
        finally:
            opened.close()


@contextmanager
def visitor(browser: Browser, url: str) -> Iterator[tuple[Page, Opened]]:
    """Somebody who opens the page for the first time."""
    page, opened = _open(browser, url)
    try:
        yield page, opened
    finally:
        page.context.close()


def _open(browser: Browser, url: str) -> tuple[Page, Opened]:
    page = browser.new_context().new_page()
    page.set_default_timeout(PATIENCE * MILLISECONDS)  # twenty pages on a small machine take their time
    page.add_init_script(CLOCK)
    began = time.perf_counter()
    page.goto(url)
    page.locator(QUESTION).wait_for()
    usable = time.perf_counter() - began
    page.wait_for_function(PAINT)
    return page, Opened(float(page.evaluate(PAINT)) / MILLISECONDS, usable)


def ask(page: Page, question: str) -> Visit:
    """One question, to its whole answer."""
    _send(page, question)
    return _visit(page, question, PATIENCE)


def ask_at_once(browser: Browser, url: str, questions: Sequence[str]) -> list[Visit]:
    """A browser context for each question, all sent as fast as keys can be pressed."""
    pages = [_open(browser, url)[0] for _ in questions]
    try:
        for page, question in zip(pages, questions, strict=True):
            page.locator(QUESTION).fill(question)
        for page in pages:
            page.locator(QUESTION).press("Enter")
        until = time.perf_counter() + PATIENCE
        return [
            _visit(page, question, max(1.0, until - time.perf_counter()))
            for page, question in zip(pages, questions, strict=True)
        ]
    finally:
        for page in pages:
            page.context.close()


def _send(page: Page, question: str) -> None:
    page.locator(QUESTION).fill(question)
    page.locator(QUESTION).press("Enter")


def _visit(page: Page, question: str, patience: float) -> Visit:
    """What the page's clock saw, once the answer has ended or patience has."""
    from playwright.sync_api import TimeoutError as LateError

    with suppress(LateError):
        page.wait_for_function("window.clock.whole > 0", timeout=patience * MILLISECONDS)
    clock: dict[str, Any] = page.evaluate("window.clock")
    last = page.locator(EXCHANGE).last
    there = page.locator(EXCHANGE).count() == 1 and question in last.inner_text()
    return Visit(
        question=question,
        waited=_waited(clock),
        answered=there and bool(clock["first"]) and page.locator(DONE).count() == 1,
        refused=page.locator(REFUSED).count() > 0,
        place=str(clock["place"]),
    )


def _waited(clock: dict[str, Any]) -> Waited | None:
    if not (clock["first"] and clock["whole"]):
        return None
    first, whole = clock["first"] - clock["start"], clock["whole"] - clock["start"]
    return Waited(first / MILLISECONDS, whole / MILLISECONDS)
