"""The page in a real browser, over a scripted pipeline: streams, stops, opens footnotes, runs nothing hostile.

Needs Chromium. One server and one browser serve all tests; every test has a tab, and so a session, of its own.
"""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from rag import Answer, Article, Citation, FileReport, ModelError, Sentence, Status, Upkeeping
from tests.ui.fakes import FOUR_TO_FIVE, LEAVE, MEMBERS, REFUSED, UNKNOWN, FakeRag, free_port

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is missing; run: make test")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on PATH; install it, e.g. apt-get install chromium"),
]
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "${alert(1)}",
    '{{constructor.constructor("alert(1)")()}}',
    "{{{value}}} {{#each value}}x{{/each}}",
    "`+alert(1)+`",
    "</mark></details><h1 id=free>free</h1>",
    '" onmouseover="alert(1)" x="',
    "javascript:alert(1)",
    "[click](javascript:alert(1)) ![pic](http://evil.example/x.png)",
    "<a href='javascript:alert(1)'>click</a>",
    "<svg/onload=alert(1)>",
    "<iframe src='http://evil.example/'></iframe>",
    "<link rel=stylesheet href=http://evil.example/x.css><style>@import 'http://evil.example/y.css';</style>",
    "\\x3cimg src=x onerror=alert(1)\\x3e \\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "</script><script>alert(1)</script>",
)
ALL_HOSTILE = " ".join(HOSTILE)


@contextmanager
def serving(rag: FakeRag, *examples: str) -> Iterator[str]:
    from ui.app import serve

    port = free_port()
    page = serve(rag, examples=examples, port=port)
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        page.close(verbose=False)


@pytest.fixture(scope="module")
def browser() -> Iterator[playwright.Browser]:
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[FakeRag, str]]:
    rag = FakeRag()
    with serving(rag, LEAVE, MEMBERS, UNKNOWN) as url:
        yield rag, url


@pytest.fixture
def rag(server: tuple[FakeRag, str]) -> Iterator[FakeRag]:
    rag, _ = server
    rag.streams.clear()
    rag.histories.clear()
    yield rag
    rag.gate, rag.error, rag.upkeep = None, None, Upkeeping()


class Tab:
    """One browser tab with the page in it, and everything that it did besides."""

    def __init__(self, browser: playwright.Browser, url: str, **options: object) -> None:
        self.context = browser.new_context(viewport={"width": 1_100, "height": 760}, **options)
        self.context.add_init_script("window.ran = []; window.alert = text => { window.ran.push(text); };")
        self.page = self.context.new_page()
        self.abroad: list[str] = []
        self.dialogs: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self._requested(request.url, url))
        self.page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(url)
        self.box = self.page.get_by_label("Question")
        self.box.wait_for()

    def _requested(self, address: str, url: str) -> None:
        if not address.startswith((url, "data:", "blob:")):
            self.abroad.append(address)

    def send(self, question: str) -> None:
        self.box.fill(question)
        self.box.press("Enter")

    def ask(self, question: str) -> None:
        """Ask, and wait for the whole answer."""
        before = self.page.locator(".exchange").count()
        self.send(question)
        self.page.locator(f".exchange.done:nth-child({before + 1})").wait_for()

    def count(self, selector: str) -> int:
        return self.page.locator(selector).count()

    def until(self, condition: Callable[[], bool]) -> None:
        for _ in range(200):
            if condition():
                return
            self.page.wait_for_timeout(25)
        pytest.fail("waited 5 seconds in vain")


@pytest.fixture
def open_tab(browser: playwright.Browser, server: tuple[FakeRag, str], rag: FakeRag) -> Iterator[Callable[..., Tab]]:
    opened: list[Tab] = []

    def open_one(**options: object) -> Tab:
        opened.append(Tab(browser, server[1], **options))
        return opened[-1]

    yield open_one
    for tab in opened:
        tab.context.close()
        assert (tab.abroad, tab.dialogs, tab.errors) == ([], [], [])


@pytest.fixture
def tab(open_tab: Callable[..., Tab]) -> Tab:
    return open_tab()


def in_view(tab: Tab, selector: str) -> bool:
    """Whether all of the element is in the window, above the question box."""
    return bool(
        tab.page.locator(selector).first.evaluate(
            """element => {
                const {top, bottom} = element.getBoundingClientRect();
                return top >= 0 && bottom <= document.querySelector("#composer").getBoundingClientRect().top;
            }"""
        )
    )


def test_an_example_is_one_click_away_and_gone_after_it(tab: Tab) -> None:
    examples = tab.page.locator(".example")
    assert examples.all_inner_texts() == [LEAVE, MEMBERS, UNKNOWN]
    examples.first.click()
    tab.page.locator(".exchange.done").wait_for()
    assert tab.page.locator(".question").inner_text() == LEAVE
    assert not examples.first.is_visible()


def test_the_status_line_is_there_from_the_start(tab: Tab) -> None:
    status = tab.page.locator(".masthead").inner_text()
    assert "seeds: 5 files, 21 articles, 148 passages" in status
    assert "SmolLM2-135M-Instruct" in status and "all-MiniLM-L6-v2" in status
    tab.page.get_by_text("1 file left out").click()
    assert tab.page.get_by_text("minutes.docx").is_visible()


def test_the_indexing_is_followed_and_closes_nothing_that_was_opened(tab: Tab, rag: FakeRag) -> None:
    rag.upkeep = Upkeeping("embedding", 312, 4863, running=True)
    tab.until(lambda: tab.count(".upkeep progress") == 1)
    assert "312 of 4,863 passages embedded" in tab.page.locator(".upkeep").inner_text()
    rag.upkeep = Upkeeping()
    tab.until(lambda: tab.count(".upkeep") == 0)
    tab.page.get_by_text("1 file left out").click()
    tab.page.wait_for_timeout(2_500)  # longer than a tab waits between two looks
    assert tab.page.get_by_text("minutes.docx").is_visible()


def test_a_footnote_opens_at_a_click_with_the_quote_in_view(tab: Tab) -> None:
    tab.ask(LEAVE)
    assert not tab.page.locator("#q1-note2 mark").is_visible()
    tab.page.get_by_role("link", name="Footnote 2").click()
    tab.until(lambda: in_view(tab, "#q1-note2 mark"))
    assert tab.page.locator("#q1-note2 mark").inner_text() == FOUR_TO_FIVE.quote
    assert "003_7dab60c6e7a75a29.txt" in tab.page.locator("#q1-note2").inner_text()
    assert tab.page.url.endswith("/")  # the page was not left


def test_a_footnote_opens_with_the_keyboard(tab: Tab) -> None:
    tab.ask(LEAVE)
    tab.page.locator("#q1-note1 summary").focus()
    tab.page.keyboard.press("Enter")
    assert tab.page.locator("#q1-note1 mark").is_visible()
    tab.page.get_by_role("link", name="Footnote 2").focus()
    tab.page.keyboard.press("Enter")
    tab.until(lambda: in_view(tab, "#q1-note2 mark"))


def test_on_a_phone_the_quote_comes_into_view_too(open_tab: Callable[..., Tab]) -> None:
    tab = open_tab()
    tab.page.set_viewport_size({"width": 360, "height": 640})
    tab.ask(LEAVE)
    tab.page.get_by_role("link", name="Footnote 2").click()
    tab.until(lambda: in_view(tab, "#q1-note2 mark"))
    assert tab.page.evaluate("document.documentElement.scrollWidth") == 360


def test_an_answer_streams_and_nothing_jumps(tab: Tab, rag: FakeRag) -> None:
    tab.ask(MEMBERS)
    rag.gate = threading.Semaphore(0)
    tab.send(LEAVE)
    newest = tab.page.locator(".exchange").nth(1)
    newest.get_by_text("Looking through the documents").wait_for()
    tab.page.wait_for_timeout(800)  # the scroll to the new question
    top = newest.bounding_box()["y"]
    for number in (1, 2):
        rag.gate.release()
        newest.locator(".sentence").nth(number - 1).wait_for()
        assert newest.locator(".footnotes details").count() == number
        assert newest.bounding_box()["y"] == top
    newest.and_(tab.page.locator(".done")).wait_for()
    assert newest.bounding_box()["y"] == top
    assert 0 <= top < 100


def test_what_is_open_stays_open_while_the_next_answer_streams(tab: Tab, rag: FakeRag) -> None:
    tab.ask(LEAVE)
    tab.page.get_by_role("link", name="Footnote 2").click()
    rag.gate = threading.Semaphore(1)
    tab.send(MEMBERS)
    tab.page.locator("#q2-note1").wait_for()
    tab.page.locator("#q2-note1 summary").click()
    rag.gate.release()
    tab.page.locator(".exchange.done").nth(1).wait_for()
    assert [tab.page.locator(f"#{note}").evaluate("note => note.open") for note in ("q1-note2", "q2-note1")] == [
        True
    ] * 2
    assert not tab.page.locator("#q1-note1").evaluate("note => note.open")


def test_stop_stops_the_model_and_the_page_goes_on(tab: Tab, rag: FakeRag) -> None:
    stop, send = tab.page.get_by_role("button", name="Stop"), tab.page.get_by_role("button", name="Send")
    for round_ in (1, 2):
        rag.gate = threading.Semaphore(1)
        tab.send(LEAVE)
        tab.page.locator(f"#q{round_}-note1").wait_for()
        assert stop.is_visible() and not send.is_visible()
        assert not rag.streams[-1].closed.is_set()
        stop.click()
        assert rag.streams[-1].closed.wait(1)
        tab.page.locator(".exchange.stopped").nth(round_ - 1).wait_for()
        assert send.is_visible() and not stop.is_visible()
        assert tab.count(".exchange.stopped .sentence") == round_
    rag.gate = None
    tab.ask(MEMBERS)
    assert tab.page.locator(".question").all_inner_texts() == [LEAVE, LEAVE, MEMBERS]


def test_reloading_in_mid_answer_stops_the_model_and_starts_afresh(tab: Tab, rag: FakeRag) -> None:
    rag.gate = threading.Semaphore(1)
    tab.send(LEAVE)
    tab.page.locator("#q1-note1").wait_for()
    tab.page.reload()
    tab.box.wait_for()
    tab.until(rag.streams[0].closed.is_set)
    assert tab.count(".exchange") == 0
    rag.gate = None
    tab.ask(MEMBERS)
    assert tab.count(".exchange") == 1


def test_closing_the_tab_in_mid_answer_stops_the_model(tab: Tab, rag: FakeRag, open_tab: Callable[..., Tab]) -> None:
    rag.gate = threading.Semaphore(1)
    other = open_tab()
    tab.send(LEAVE)
    tab.page.locator("#q1-note1").wait_for()
    tab.page.close()
    other.until(rag.streams[0].closed.is_set)


def test_two_people_at_once_do_not_mix(open_tab: Callable[..., Tab], rag: FakeRag) -> None:
    rag.gate = threading.Semaphore(0)
    one, two = open_tab(), open_tab()
    one.send(LEAVE)
    two.send(MEMBERS)
    one.page.get_by_text("Looking through").wait_for()
    two.page.get_by_text("Looking through").wait_for()
    rag.gate.release(4)
    for tab, question, quote in ((one, LEAVE, "only four to five"), (two, MEMBERS, "over 60 countries")):
        tab.page.locator(".exchange.done").wait_for()
        assert tab.page.locator(".question").all_inner_texts() == [question]
        assert quote in tab.page.locator(".answer").inner_text()
    rag.gate = None
    one.ask(UNKNOWN)
    two.ask(LEAVE)
    asked = {turns[0].question: len(turns) for turns in rag.histories if turns}
    assert asked == {LEAVE: 1, MEMBERS: 1}


def test_more_people_than_places_are_all_answered(open_tab: Callable[..., Tab], rag: FakeRag) -> None:
    rag.gate = threading.Semaphore(0)
    tabs = [open_tab() for _ in range(6)]
    for tab in tabs:
        tab.send(LEAVE)
    for tab in tabs:
        tab.page.get_by_text("Looking through").wait_for()
    tabs[0].until(lambda: len(rag.streams) == 4)
    rag.gate.release(12)
    for tab in tabs:
        tab.page.locator(".exchange.done").wait_for()
    assert len(rag.streams) == 6


def test_a_refusal_is_plain_and_offers_the_closest(tab: Tab) -> None:
    tab.ask(UNKNOWN)
    assert tab.page.locator(".sentence.refused").inner_text() == REFUSED
    assert tab.page.get_by_role("heading", name="Closest I found").is_visible()
    tab.page.locator("#q1-note1 summary").click()
    assert "Baghdad began pushing" in tab.page.locator("#q1-note1 mark").inner_text()


def test_an_error_is_one_sentence_and_the_page_goes_on(tab: Tab, rag: FakeRag) -> None:
    rag.error = ModelError("The language model at http://127.0.0.1:1 cannot be reached.")
    tab.send(LEAVE)
    failed = tab.page.locator(".problem")
    failed.wait_for()
    assert failed.inner_text() == str(rag.error)
    rag.error = RuntimeError("secret detail")
    tab.send(MEMBERS)
    failed.nth(1).wait_for()
    assert failed.nth(1).inner_text() == "Something went wrong while answering this question. Please try again."
    assert "secret" not in tab.page.content() and "Traceback" not in tab.page.content()
    rag.error = None
    tab.ask(LEAVE)


def test_what_cannot_be_asked_is_said_and_kept_in_the_box(tab: Tab) -> None:
    message = tab.page.locator(".message")
    tab.page.get_by_role("button", name="Send").click()
    message.wait_for()
    assert message.inner_text() == "Type a question first."
    tab.send("x" * 2_001)
    tab.page.get_by_text("2,001").wait_for()
    assert len(tab.box.input_value()) == 2_001
    tab.ask(LEAVE)
    assert (message.count(), tab.box.input_value()) == (0, "")


def test_a_new_chat_forgets(tab: Tab, rag: FakeRag) -> None:
    tab.ask(LEAVE)
    tab.page.locator("#q1-note1 summary").click()
    rag.gate = threading.Semaphore(1)
    tab.send(MEMBERS)
    tab.page.locator("#q2-note1").wait_for()
    tab.page.get_by_role("button", name="New chat").click()
    tab.until(lambda: tab.count(".exchange") == 0)
    assert rag.streams[-1].closed.wait(1)
    assert tab.page.locator(".example").first.is_visible()
    rag.gate = None
    tab.ask(LEAVE)
    assert rag.histories[-1] == ()
    assert (tab.count(".exchange"), tab.count("details[open]")) == (1, 0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_readable_in_light_and_dark(scheme: str, open_tab: Callable[..., Tab]) -> None:
    tab = open_tab(color_scheme=scheme)
    tab.ask(LEAVE)
    tab.page.get_by_role("link", name="Footnote 2").click()
    for selector in (
        ".question",
        ".sentence.supported",
        ".sentence.quoted",
        ".status",
        "mark",
        ".origin",
        ".files",
        "#send",
    ):
        assert contrast(tab, selector) >= 4.5, selector


def contrast(tab: Tab, selector: str) -> float:
    """The WCAG contrast of an element's text with the nearest background that is not transparent."""
    ink, paper = tab.page.locator(f"#q1-note2 {selector}, {selector}").last.evaluate(
        """element => {
            let behind = element;
            while (getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)") behind = behind.parentElement;
            return [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor];
        }"""
    )
    lighter, darker = sorted(map(luminance, (ink, paper)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def hostile_rag() -> FakeRag:
    """Markup wherever something comes from outside: document, names, dates, model, notes, status."""
    source = Article("h", ALL_HOSTILE, f"Before {ALL_HOSTILE} after.", ALL_HOSTILE, ALL_HOSTILE, ALL_HOSTILE)
    cited = Citation(1, ALL_HOSTILE, *[ALL_HOSTILE] * 4, "h", 7, 7 + len(ALL_HOSTILE), also_in=(ALL_HOSTILE,))
    sentences = tuple(Sentence(ALL_HOSTILE, support, (1,)) for support in ("quoted", "supported"))
    answer = Answer(ALL_HOSTILE, ALL_HOSTILE, sentences, (cited,), False, notes=(ALL_HOSTILE,))
    refused = Answer(UNKNOWN, ALL_HOSTILE, (Sentence(ALL_HOSTILE, "refused"),), (), True, closest=(cited,))
    skipped = (FileReport(ALL_HOSTILE, "unreadable", reason=ALL_HOSTILE),)
    status = Status(ALL_HOSTILE, ALL_HOSTILE, 1, 1, 1, ALL_HOSTILE, ALL_HOSTILE, skipped)
    return FakeRag((answer, refused), articles=(source,), status=status)


def test_markup_from_anywhere_is_text_and_runs_nothing(browser: playwright.Browser) -> None:
    rag = hostile_rag()
    with serving(rag, ALL_HOSTILE) as url:
        tab = Tab(browser, url)
        frame_count = len(tab.page.frames)
        tab.page.locator(".example").click()
        tab.page.locator(".exchange.done").wait_for()
        tab.ask(ALL_HOSTILE)
        tab.ask(UNKNOWN)
        rag.error = ModelError(ALL_HOSTILE)
        tab.send("what now?")
        tab.page.locator(".exchange.failed").wait_for()
        for summary in tab.page.locator("summary").all():
            summary.click()
        for chip in tab.page.locator("a.chip").all():
            chip.click()
        tab.page.wait_for_timeout(500)

        everything = tab.page.locator("#conversation").inner_text()
        for hostile in HOSTILE:
            assert everything.count(hostile) >= 20, hostile
            assert hostile in tab.page.locator(".masthead").text_content()
        assert tab.page.locator(".example").text_content().strip() == ALL_HOSTILE
        assert tab.page.locator("mark").first.text_content() == ALL_HOSTILE
        assert tab.page.evaluate("window.ran") == []
        assert (tab.dialogs, tab.abroad, tab.errors) == ([], [], [])
        assert len(tab.page.frames) == frame_count
        for selector in ("#conversation", "#top", "#start"):
            assert (
                tab.count(f"{selector} :is(script, img, iframe, link, style, svg, h1#free, [onmouseover], [onerror])")
                == 0
            )
        assert tab.count("a[href^='javascript']") == 0
        tab.context.close()
