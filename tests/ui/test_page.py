"""The page in a real browser, over a scripted pipeline: streams, stops, opens footnotes, runs nothing hostile.

Needs Chromium. One server and one browser serve all tests; every test has a tab, and so a session, of its own.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rag import Answer, Article, Citation, FileReport, ModelError, Sentence, Status, Upkeeping
from rag.listing import Listed
from tests.ui.browser import ARGUMENTS, CHROMIUM, needs_chromium
from tests.ui.fakes import FOUR_TO_FIVE, LEAVE, MEMBERS, MISSION_ENDS, REFUSED, UNKNOWN, FakeRag, free_port

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is missing; run: make test")
pytestmark = [pytest.mark.real, needs_chromium]
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
def serving(rag: FakeRag, **options: object) -> Iterator[str]:
    from ui.app import serve

    port = free_port()
    page = serve(rag, port=port, **options)
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
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FakeRag, str]]:
    rag = FakeRag(home=tmp_path_factory.mktemp("home"))
    rag.offered = (LEAVE, MEMBERS, UNKNOWN)
    with serving(rag) as url:
        yield rag, url


@pytest.fixture
def rag(server: tuple[FakeRag, str]) -> Iterator[FakeRag]:
    rag, _ = server
    rag.streams.clear()
    rag.histories.clear()
    yield rag
    rag.gate, rag.error, rag.upkeep, rag.next = None, None, Upkeeping(), ()


class Tab:
    """One browser tab with the page in it, and everything that it did besides."""

    def __init__(
        self,
        browser: playwright.Browser,
        url: str,
        *,
        address: str = "",
        size: tuple[int, int] = (1_100, 760),
        **options: object,
    ) -> None:
        self.context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        self.context.add_init_script("window.ran = []; window.alert = text => { window.ran.push(text); };")
        self.page = self.context.new_page()
        self.abroad: list[str] = []
        self.dialogs: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self._requested(request.url, url))
        self.page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(address or url)
        self.box = self.page.get_by_label("Question", exact=True)
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
        for _ in range(1_200):  # a shared machine may stand still for some seconds
            if condition():
                return
            self.page.wait_for_timeout(25)
        pytest.fail("waited 30 seconds in vain")


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


def test_an_example_is_one_click_away_and_gone_after_it(tab: Tab) -> None:
    examples = tab.page.locator(".example")
    assert examples.all_inner_texts() == [LEAVE, MEMBERS, UNKNOWN]
    examples.first.click()
    tab.page.locator(".exchange.done").wait_for()
    assert tab.page.locator(".question").inner_text() == LEAVE
    assert not examples.first.is_visible()


def in_view(tab: Tab, selector: str, within: str = "html") -> bool:
    """Whether the element is in the window, and in what it scrolls in: all of it, or as much as there is room for."""
    return bool(
        tab.page.locator(selector).first.evaluate(
            """(element, within) => {
                const {top, bottom} = element.getBoundingClientRect();
                const frame = document.querySelector(within).getBoundingClientRect();
                const room = Math.min(innerHeight, frame.bottom) - Math.max(0, frame.top);
                const fits = bottom <= Math.min(innerHeight, frame.bottom) || bottom - top > room - 32;
                return top >= Math.max(0, frame.top) && top < frame.bottom - room / 2 && fits;
            }""",
            within,
        )
    )


def test_what_is_indexed_is_there_from_the_start(tab: Tab) -> None:
    status = tab.page.locator("#stands").inner_text()
    assert "seeds 5 files, 21 articles, 148 passages" in " ".join(status.split())
    assert "SmolLM2-135M-Instruct" in status and "all-MiniLM-L6-v2" in status
    tab.page.get_by_text("1 file left out").click()
    assert tab.page.get_by_text("minutes.docx").is_visible()


def test_the_indexing_is_followed_and_closes_nothing_that_was_opened(tab: Tab, rag: FakeRag) -> None:
    rag.upkeep = Upkeeping("embedding", 312, 4863, running=True)
    tab.page.locator("#composer .upkeep progress").wait_for()
    assert "312 of 4,863 passages embedded" in tab.page.locator("#composer .upkeep").inner_text()
    rag.upkeep = Upkeeping()
    tab.until(lambda: tab.count("#composer .upkeep") == 0)
    tab.page.get_by_text("1 file left out").click()
    tab.page.wait_for_timeout(2_500)  # longer than a tab waits between two looks
    assert tab.page.get_by_text("minutes.docx").is_visible()


@pytest.mark.parametrize("size", [(2_560, 1_200), (1_100, 760), (800, 700), (360, 640)])
def test_a_footnote_opens_its_source_with_the_quote_in_view(
    size: tuple[int, int], open_tab: Callable[..., Tab]
) -> None:
    tab = open_tab(size=size)
    tab.ask(LEAVE)
    assert not tab.page.locator("#panel").is_visible()
    tab.page.get_by_role("button", name="Footnote 2").first.click()
    tab.page.locator("#sources mark").wait_for()
    tab.until(lambda: in_view(tab, "#sources mark", "#sources .passage"))
    assert "".join(tab.page.locator("#sources mark").inner_text().split()) == "".join(FOUR_TO_FIVE.quote.split())
    panel = tab.page.locator("#sources").inner_text()
    assert "003_7dab60c6e7a75a29.txt" in panel and "Rudaw · November 2025" in panel
    assert tab.page.evaluate("document.documentElement.scrollWidth") == size[0]
    tab.page.get_by_role("button", name="Close").click()
    assert not tab.page.locator("#panel").is_visible()
    assert tab.page.locator(":focus").get_attribute("data-footnote") == "2"


def test_a_quote_is_peeked_at_before_its_source_is_opened(tab: Tab) -> None:
    tab.ask(LEAVE)
    tab.page.locator(".chip").first.hover()
    assert "According to the plan" in tab.page.locator("#peek").inner_text()
    tab.page.mouse.move(0, 0)
    assert not tab.page.locator("#peek").is_visible()


def test_sources_are_read_with_the_keyboard_alone(tab: Tab) -> None:
    tab.ask(LEAVE)
    tab.page.locator("body").press("/")
    assert tab.page.locator(":focus").get_attribute("placeholder") == "Ask a question"
    tab.page.locator(".chip").first.focus()
    assert tab.page.locator("#peek").is_visible()
    tab.page.keyboard.press("Enter")
    tab.page.locator("#sources .source[aria-label='Source 1']").wait_for()
    tab.page.locator(".chip").first.focus()
    tab.page.keyboard.press("ArrowRight")
    tab.page.locator("#sources .source[aria-label='Source 2']").wait_for()
    tab.page.keyboard.press("Escape")
    assert not tab.page.locator("#panel").is_visible()
    assert tab.page.locator(":focus").get_attribute("data-footnote") == "2"


def test_the_whole_article_is_one_click_away(tab: Tab) -> None:
    tab.ask(MEMBERS)
    tab.page.locator(".footnote").first.click()
    tab.page.get_by_role("button", name="Show the whole article").click()
    tab.until(lambda: len(tab.page.locator("#sources .passage").inner_text()) > 0.9 * len(MISSION_ENDS.text))
    tab.until(lambda: in_view(tab, "#sources mark", "#sources .passage"))


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
        assert newest.locator(".footnote").count() == number
        assert newest.bounding_box()["y"] == top
    newest.and_(tab.page.locator(".done")).wait_for()
    assert newest.bounding_box()["y"] == top
    assert 0 <= top < 100


def test_a_source_stays_open_while_the_next_answer_streams(tab: Tab, rag: FakeRag) -> None:
    tab.ask(LEAVE)
    tab.page.get_by_role("button", name="Footnote 2").first.click()
    tab.page.locator("#sources mark").wait_for()
    rag.gate = threading.Semaphore(1)
    tab.send(MEMBERS)
    tab.page.locator(".exchange").nth(1).locator(".chip").first.focus()
    rag.gate.release()
    tab.page.locator(".exchange.done").nth(1).wait_for()
    assert tab.page.locator("#sources mark").is_visible()
    assert tab.page.locator(":focus").get_attribute("data-exchange") == "2"  # the chip was drawn anew


def test_a_reload_in_mid_answer_stops_the_model_and_keeps_what_there_was(tab: Tab, rag: FakeRag) -> None:
    rag.gate = threading.Semaphore(1)
    tab.send(LEAVE)
    tab.page.locator(".sentence").wait_for()
    tab.page.reload()
    tab.until(rag.streams[0].closed.is_set)
    tab.page.locator(".exchange.stopped .sentence").wait_for()
    rag.gate = None
    tab.page.get_by_role("button", name="Ask again", exact=True).click()
    tab.page.locator(".exchange.done").wait_for()
    assert tab.count(".sentence") == 2


def test_a_conversation_is_kept_named_taken_up_and_deleted(tab: Tab, open_tab: Callable[..., Tab]) -> None:
    tab.ask(LEAVE)
    shelf = tab.page.locator("#shelf")
    shelf.get_by_role("button", name=LEAVE).first.wait_for()
    tab.page.get_by_role("button", name="New chat").click()
    tab.until(lambda: tab.count(".exchange") == 0)
    tab.ask(MEMBERS)
    tab.until(lambda: shelf.locator("[aria-current]").inner_text().strip().startswith(MEMBERS))
    row = shelf.locator("[aria-current]")
    row.hover()
    row.get_by_role("button", name="Rename").click()
    row.get_by_role("textbox").fill("Who is in it")
    tab.page.keyboard.press("Enter")
    shelf.get_by_role("button", name="Who is in it").wait_for()

    other = open_tab(address=tab.page.url)  # the address names the conversation
    other.page.locator(".exchange.done").wait_for()
    assert other.page.locator(".question").all_inner_texts() == [MEMBERS]

    shelf.get_by_role("button", name=LEAVE).first.click()
    tab.until(lambda: tab.page.locator(".question").all_inner_texts() == [LEAVE])
    tab.page.get_by_role("button", name="Footnote 1").first.click()
    tab.page.locator("#sources mark").wait_for()
    row = shelf.locator("li", has_text="Who is in it")
    row.hover()
    row.get_by_role("button", name="Delete").click()
    assert row.count() == 1  # asked for once, it is only asked about
    row.locator("[data-event=forget]").click()
    tab.until(lambda: row.count() == 0)
    other.page.reload()
    other.box.wait_for()
    other.page.wait_for_timeout(500)
    assert other.count(".exchange") == 0


def test_a_question_is_changed_and_asked_again(tab: Tab, rag: FakeRag) -> None:
    tab.ask(LEAVE)
    tab.ask(MEMBERS)
    first = tab.page.locator(".exchange").first
    first.hover()
    first.get_by_role("button", name="Edit and ask again").click()
    editor = first.get_by_role("textbox", name="Question")
    assert editor.input_value() == LEAVE
    editor.fill(UNKNOWN)
    tab.page.keyboard.press("Enter")
    tab.until(lambda: tab.page.locator(".question").all_inner_texts() == [UNKNOWN])
    tab.page.locator(".exchange.done").wait_for()
    assert rag.histories[-1] == ()


def test_a_thumb_goes_to_the_pipeline_with_its_reason(tab: Tab, rag: FakeRag) -> None:
    tab.ask(LEAVE)
    tab.page.get_by_role("button", name="This is wrong").click()
    tab.page.get_by_role("textbox", name="What is wrong with it?").fill("It is October.")
    tab.page.locator("form.inline").get_by_role("button", name="Send").click()
    tab.page.locator(".icon.wrong.chosen").wait_for()
    tab.page.get_by_role("button", name="This is right").click()
    tab.page.locator(".icon.right.chosen").wait_for()
    assert rag.rated == [(LEAVE, False, "It is October."), (LEAVE, True, "")]


def test_an_answer_is_copied_with_its_footnotes(open_tab: Callable[..., Tab]) -> None:
    tab = open_tab(permissions=["clipboard-read", "clipboard-write"])
    tab.ask(LEAVE)
    tab.page.get_by_role("button", name="Copy").click()
    tab.page.locator(".icon.copy.did").wait_for()
    copied = tab.page.evaluate("navigator.clipboard.readText()")
    assert "end in September 2025, as the first phase. [1]" in copied and "[2] US-led coalition" in copied


def test_what_to_ask_next_is_one_click_away(tab: Tab, rag: FakeRag) -> None:
    rag.next = (MEMBERS,)
    tab.ask(LEAVE)
    tab.page.locator(".offered").get_by_role("button", name=MEMBERS).click()
    tab.page.locator(".exchange.done").nth(1).wait_for()
    assert tab.page.locator(".question").all_inner_texts() == [LEAVE, MEMBERS]


def test_a_refusal_is_plain_and_offers_the_closest(tab: Tab) -> None:
    tab.ask(UNKNOWN)
    assert tab.page.locator(".sentence.refused").inner_text() == REFUSED
    assert tab.page.get_by_role("heading", name="Closest I found").is_visible()
    tab.page.locator(".footnote").first.click()
    tab.page.locator("#sources mark").wait_for()
    assert "Baghdad began pushing" in tab.page.locator("#sources mark").inner_text()


def test_a_new_chat_forgets(tab: Tab, rag: FakeRag) -> None:
    tab.ask(LEAVE)
    rag.gate = threading.Semaphore(1)
    tab.send(MEMBERS)
    tab.page.locator(".exchange").nth(1).locator(".sentence").wait_for()
    tab.page.get_by_role("button", name="New chat").click()
    tab.until(lambda: tab.count(".exchange") == 0)
    assert rag.streams[-1].closed.wait(1)
    assert tab.page.locator(".example").first.is_visible()
    assert tab.page.url.endswith("/")
    rag.gate = None
    tab.ask(LEAVE)
    assert rag.histories[-1] == ()
    assert tab.count(".exchange") == 1


def test_more_people_than_places_are_told_their_place_and_all_answered(
    open_tab: Callable[..., Tab], rag: FakeRag
) -> None:
    rag.gate = threading.Semaphore(0)
    tabs = [open_tab() for _ in range(7)]
    for number, tab in enumerate(tabs):
        tab.send(LEAVE)
        said = "Looking through" if number < 4 else f"{number - 3} question"
        tab.page.locator(".progress", has_text=said).wait_for()
    tabs[5].page.get_by_role("button", name="Stop").click()
    tabs[6].page.get_by_text("2 questions to be answered first").wait_for()  # one has left the line
    rag.gate.release(14)
    for tab in (*tabs[:5], tabs[6]):
        tab.page.locator(".exchange.done").wait_for()
    assert len(rag.streams) == 6


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_readable_in_light_and_dark(scheme: str, open_tab: Callable[..., Tab]) -> None:
    tab = open_tab(color_scheme=scheme)
    tab.ask(LEAVE)
    tab.page.get_by_role("button", name="Footnote 2").first.click()
    tab.page.locator("#sources mark").wait_for()
    for selector in (
        ".question",
        ".sentence.supported",
        ".sentence.quoted",
        ".chip",
        ".status",
        "#sources mark",
        "#sources .origin",
        ".files",
        ".remarks",
        "#shelf .title",
        "#send",
    ):
        assert contrast(tab, selector) >= 4.5, selector


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1_440, 900), (360, 640)])
def test_nobody_is_kept_out(size: tuple[int, int], scheme: str, open_tab: Callable[..., Tab], rag: FakeRag) -> None:
    """What axe-core finds: names, roles, contrast, order; nothing of it is serious."""
    from axe_playwright_python.sync_playwright import Axe

    def serious() -> list[str]:
        tab.page.wait_for_timeout(300)  # what fades in
        found = Axe().run(tab.page).response["violations"]
        return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in ("serious", "critical")]

    tab = open_tab(size=size, color_scheme=scheme)
    rag.next = (MEMBERS,)
    assert serious() == []
    tab.ask(UNKNOWN)
    tab.ask(LEAVE)
    tab.page.get_by_role("button", name="Footnote 2").first.click()
    tab.page.locator("#sources mark").wait_for()
    assert serious() == []
    tab.page.keyboard.press("Escape")
    for name in ("Documents", "Evaluation"):
        tab.page.get_by_role("tab", name=name).click()
        tab.page.wait_for_timeout(1_500)  # the evaluation is read
        assert serious() == []


def test_light_or_dark_is_chosen_and_remembered(open_tab: Callable[..., Tab]) -> None:
    tab = open_tab(color_scheme="light")
    tab.page.get_by_role("button", name="Light or dark").click()
    assert "dark" in tab.page.locator("body").get_attribute("class")
    tab.page.reload()
    tab.box.wait_for()
    tab.until(lambda: "dark" in (tab.page.locator("body").get_attribute("class") or ""))


def contrast(tab: Tab, selector: str) -> float:
    """The WCAG contrast of an element's text with the nearest background that is not transparent."""
    ink, paper = tab.page.locator(selector).last.evaluate(
        """element => {
            let behind = element;
            while (getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)") behind = behind.parentElement;
            return [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor];
        }"""
    )
    lighter, darker = sorted(map(luminance, (ink, paper)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_documents_are_found_opened_and_asked_alone(tab: Tab, rag: FakeRag) -> None:
    tab.page.get_by_role("tab", name="Documents").click()
    rows = tab.page.locator("#library tbody tr")
    tab.until(lambda: rows.count() == 4)
    tab.page.get_by_label("Search", exact=True).fill("completes")
    tab.until(lambda: rows.count() == 1)
    rows.get_by_role("button", name="US-led coalition").click()
    tab.page.locator("#sources", has_text="ERBIL, Kurdistan Region").wait_for()
    tab.page.keyboard.press("Escape")
    tab.page.get_by_label("Search", exact=True).fill("")
    tab.until(lambda: rows.count() == 4)
    tab.page.get_by_role("button", name="Published by").click()
    tab.page.locator("th[aria-sort=ascending]", has_text="Published by").wait_for()
    rows.nth(0).get_by_role("checkbox").check()
    tab.page.get_by_role("button", name="Ask only these 1").click()
    tab.page.locator("#scope .scoped").wait_for()
    tab.ask(LEAVE)
    assert rag.scopes[-1].sources == (rag.listed[0].report.source,) or len(rag.scopes[-1].sources) == 1
    tab.page.get_by_role("button", name="Ask all documents").click()
    tab.until(lambda: tab.count(".scoped") == 0)
    tab.ask(MEMBERS)
    assert rag.scopes[-1].is_whole


def test_a_range_of_dates_is_asked_alone(tab: Tab, rag: FakeRag) -> None:
    tab.page.get_by_role("tab", name="Documents").click()
    tab.page.get_by_role("button", name="Ask only these").click()
    tab.page.get_by_text("narrow the list to some, first").wait_for()
    tab.page.get_by_label("From").fill("2025-08-01")
    tab.until(lambda: tab.count("#library tbody tr") == 3)
    tab.page.get_by_role("button", name="Ask only these").click()
    tab.page.get_by_text("Asking only documents since 1 August 2025.").wait_for()
    tab.ask(LEAVE)
    assert rag.scopes[-1].since == "2025-08-01"


def test_a_document_is_added_shown_and_removed(tmp_path: Path, browser: playwright.Browser) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    rag = FakeRag(home=tmp_path, folder=folder)
    with serving(rag) as url:
        tab = Tab(browser, url)
        tab.page.get_by_role("tab", name="Documents").click()
        tab.page.locator("#adding input[type=file]").set_input_files(
            [
                {"name": "report.txt", "mimeType": "text/plain", "buffer": b"The canal opened."},
                {"name": "run.exe", "mimeType": "text/plain", "buffer": b"MZ"},
            ]
        )
        tab.page.get_by_text("Files ending in .exe are not read").wait_for()
        assert (folder / "added" / "report.txt").read_bytes() == b"The canal opened."
        assert [path.name for path in (folder / "added").iterdir()] == ["report.txt"]
        assert rag.refreshed == 1
        rag.listed.append(Listed(FileReport("added/report.txt", "indexed", 1, 1)))
        tab.page.get_by_role("tab", name="Ask").click()
        tab.page.get_by_role("tab", name="Documents").click()
        bins = tab.page.locator("#library").get_by_role("button", name="Remove")
        bins.wait_for()
        bins.click()
        assert (folder / "added" / "report.txt").exists()
        tab.page.locator("#library .icon.bin.sure").click()
        tab.until(lambda: not (folder / "added" / "report.txt").exists())
        assert (tab.abroad, tab.dialogs, tab.errors) == ([], [], [])
        tab.context.close()


def test_a_page_without_documents_begins_with_adding_some(tmp_path: Path, browser: playwright.Browser) -> None:
    empty = Status(str(tmp_path / "docs"), str(tmp_path), 0, 0, 0, "all-MiniLM-L6-v2", "none")
    rag = FakeRag(home=tmp_path, folder=tmp_path / "docs", status=empty, articles=())
    dragged = "types => types.forEach(type => document.querySelector('#ask-tab').dispatchEvent("
    dragged += "Object.assign(new DragEvent(type, {bubbles: true, cancelable: true, dataTransfer: data()}))))"
    data = "const data = () => { const all = new DataTransfer(); all.items.add(new File(['x'], 'a')); return all; };"
    with serving(rag) as url:
        tab = Tab(browser, url)
        tab.page.get_by_role("heading", name="No documents yet").wait_for()
        tab.send(LEAVE)
        tab.page.get_by_text("There are no documents to ask yet").wait_for()
        assert (tab.box.input_value(), tab.count(".exchange")) == (LEAVE, 0)
        tab.page.evaluate(f"() => {{ {data} ({dragged})(['dragenter', 'dragover']); }}")
        tab.page.locator("#library", has_text="There are no documents yet").wait_for()
        tab.page.get_by_role("tab", name="Ask").click()
        with tab.page.expect_file_chooser() as chooser:
            tab.page.locator("#start").get_by_role("button", name="Add documents").click()
        given = {"name": "report.txt", "mimeType": "text/plain", "buffer": b"The canal opened."}
        chooser.value.set_files([given])
        tab.page.get_by_text("Added 1 document.").wait_for()
        assert (tmp_path / "docs" / "added" / "report.txt").read_bytes() == b"The canal opened."
        assert (tab.abroad, tab.dialogs, tab.errors) == ([], [], [])
        tab.context.close()


@pytest.mark.parametrize("keep", ["home", "browser"])
def test_the_way_back_leads_to_the_conversation_before(keep: str, tmp_path: Path, browser: playwright.Browser) -> None:
    with serving(FakeRag(home=tmp_path), keep=keep) as url:
        tab = Tab(browser, url)

        def asked() -> list[str]:
            return tab.page.locator(".question").all_inner_texts()

        for question in (LEAVE, MEMBERS):
            tab.page.get_by_role("button", name="New chat").click()
            tab.until(lambda: tab.count(".exchange") == 0)
            tab.ask(question)
        tab.page.locator("#shelf li").get_by_role("button", name=LEAVE, exact=True).click()
        tab.until(lambda: asked() == [LEAVE])
        tab.page.go_back()
        tab.until(lambda: asked() == [MEMBERS])
        tab.page.go_back()
        tab.until(lambda: asked() == [LEAVE])
        tab.page.go_forward()
        tab.until(lambda: asked() == [MEMBERS])
        tab.page.reload()
        tab.until(lambda: asked() == [MEMBERS])
        assert (tab.abroad, tab.dialogs, tab.errors) == ([], [], [])
        tab.context.close()


def test_conversations_can_stay_in_the_browser(tmp_path: Path, browser: playwright.Browser) -> None:
    rag = FakeRag(home=tmp_path)
    with serving(rag, keep="browser") as url:
        tab = Tab(browser, url)
        tab.ask(LEAVE)
        tab.ask(MEMBERS)
        row = tab.page.locator("#shelf li")
        row.get_by_role("button", name=LEAVE).wait_for()
        tab.page.reload()
        tab.page.locator(".exchange.done").nth(1).wait_for()
        assert tab.page.locator(".question").all_inner_texts() == [LEAVE, MEMBERS]
        tab.page.get_by_role("button", name="New chat").click()
        tab.until(lambda: tab.count(".exchange") == 0)
        tab.ask(UNKNOWN)
        tab.until(lambda: row.count() == 2)
        row.get_by_role("button", name=LEAVE, exact=True).click()
        tab.until(lambda: tab.page.locator(".question").all_inner_texts() == [LEAVE, MEMBERS])
        stranger = Tab(browser, url)
        stranger.page.wait_for_timeout(500)
        assert stranger.count("#shelf li") == 0
        assert list(tmp_path.iterdir()) == []
        row.first.hover()
        row.first.get_by_role("button", name="Delete").click()
        row.first.locator("[data-event=forget]").click()
        tab.until(lambda: row.count() == 1)
        tab.context.close()
        stranger.context.close()


def test_two_tabs_of_one_conversation_do_not_write_over_one_another(
    tab: Tab, open_tab: Callable[..., Tab], rag: FakeRag
) -> None:
    tab.ask(LEAVE)
    tab.until(lambda: "#" in tab.page.url)
    other = open_tab(address=tab.page.url)
    other.page.locator(".exchange.done").wait_for()
    other.ask(MEMBERS)
    tab.ask(UNKNOWN)
    tab.page.get_by_text("went on in another tab").wait_for()
    tab.page.close()
    other.page.reload()
    other.page.locator(".exchange.done").nth(1).wait_for()
    assert other.page.locator(".question").all_inner_texts() == [LEAVE, MEMBERS]


def test_a_new_chat_in_mid_answer_keeps_what_there_was(tab: Tab, rag: FakeRag) -> None:
    rag.gate = threading.Semaphore(1)
    tab.send(LEAVE)
    tab.page.locator(".sentence").wait_for()
    tab.page.get_by_role("button", name="New chat").click()
    tab.until(lambda: tab.count(".exchange") == 0)
    tab.page.locator("#shelf").get_by_role("button", name=LEAVE).first.click()
    tab.page.locator(".exchange.stopped .sentence").wait_for()


def test_what_is_typed_into_a_form_outlives_a_redrawing(tab: Tab, rag: FakeRag) -> None:
    tab.ask(LEAVE)
    rag.gate = threading.Semaphore(0)
    tab.send(MEMBERS)
    tab.page.get_by_role("button", name="This is wrong").click()
    tab.page.locator("form.inline textarea").fill("It is October")
    rag.gate.release(5)
    tab.page.locator(".exchange.done").nth(1).wait_for()
    assert tab.page.locator("form.inline textarea").input_value() == "It is October"
    tab.page.keyboard.type("!")
    tab.page.keyboard.press("Enter")
    tab.page.locator(".icon.wrong.chosen").wait_for()
    assert rag.rated[-1] == (LEAVE, False, "It is October!")


def test_stop_stops_the_model_and_the_page_goes_on(tab: Tab, rag: FakeRag) -> None:
    stop, send = tab.page.get_by_role("button", name="Stop"), tab.page.get_by_role("button", name="Send")
    for round_ in (1, 2):
        rag.gate = threading.Semaphore(1)
        tab.send(LEAVE)
        tab.page.locator(".exchange").nth(round_ - 1).locator(".sentence").wait_for()
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


def test_closing_the_tab_in_mid_answer_stops_the_model(tab: Tab, rag: FakeRag, open_tab: Callable[..., Tab]) -> None:
    rag.gate = threading.Semaphore(1)
    other = open_tab()
    tab.send(LEAVE)
    tab.page.locator(".sentence").first.wait_for()
    tab.page.close()
    other.until(rag.streams[0].closed.is_set)


def test_two_people_at_once_do_not_mix(open_tab: Callable[..., Tab], rag: FakeRag) -> None:
    rag.gate = threading.Semaphore(0)
    one, two = open_tab(), open_tab()
    one.send(LEAVE)
    two.send(MEMBERS)
    one.page.locator(".progress", has_text="Looking through").wait_for()
    two.page.locator(".progress", has_text="Looking through").wait_for()
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


def luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def hostile_rag(home: Path) -> FakeRag:
    """Markup wherever something comes from outside: document, names, dates, model, notes, status."""
    source = Article("h", ALL_HOSTILE, f"Before {ALL_HOSTILE} after.", ALL_HOSTILE, ALL_HOSTILE, "2025")
    cited = Citation(1, ALL_HOSTILE, *[ALL_HOSTILE] * 4, "h", 7, 7 + len(ALL_HOSTILE), also_in=(ALL_HOSTILE,))
    sentences = tuple(Sentence(ALL_HOSTILE, support, (1,)) for support in ("quoted", "supported"))
    answer = Answer(ALL_HOSTILE, ALL_HOSTILE, sentences, (cited,), False, notes=(ALL_HOSTILE,))
    refused = Answer(UNKNOWN, ALL_HOSTILE, (Sentence(ALL_HOSTILE, "refused"),), (), True, closest=(cited,))
    skipped = (FileReport(ALL_HOSTILE, "unreadable", reason=ALL_HOSTILE),)
    status = Status(ALL_HOSTILE, ALL_HOSTILE, 1, 1, 1, ALL_HOSTILE, ALL_HOSTILE, skipped)
    return FakeRag((answer, refused), articles=(source,), status=status, home=home)


def test_markup_from_anywhere_is_text_and_runs_nothing(browser: playwright.Browser, tmp_path: Path) -> None:
    rag = hostile_rag(tmp_path)
    rag.offered = rag.next = (ALL_HOSTILE,)
    with serving(rag) as url:
        tab = Tab(browser, url)
        frame_count = len(tab.page.frames)
        tab.page.locator(".example").click()
        tab.page.locator(".exchange.done .offered").wait_for()
        tab.ask(ALL_HOSTILE)
        tab.ask(UNKNOWN)
        rag.error = ModelError(ALL_HOSTILE)
        tab.send("what now?")
        tab.page.locator(".exchange.failed").wait_for()
        tab.page.locator(".chip").first.hover()
        assert HOSTILE[0] in tab.page.locator("#peek").inner_text()
        tab.page.locator(".chip").first.click()
        tab.page.locator("#sources mark").wait_for()
        assert tab.page.locator("#sources mark").text_content() == ALL_HOSTILE
        conversation = tab.page.locator("#conversation").inner_text()
        tab.page.get_by_role("tab", name="Documents").click()
        tab.page.locator("#library summary, #library .read").first.wait_for()
        for summary in tab.page.locator("#library summary, #stands summary").all():
            summary.click()
        tab.page.wait_for_timeout(500)

        for hostile in HOSTILE:
            assert conversation.count(hostile) >= 15, hostile
            for selector in ("#stands", "#library", "#sources"):
                assert hostile in (tab.page.locator(selector).text_content() or ""), (selector, hostile)
        assert HOSTILE[0] in tab.page.locator("#shelf").inner_text()
        assert tab.page.evaluate("window.ran") == []
        assert (tab.dialogs, tab.abroad, tab.errors) == ([], [], [])
        assert len(tab.page.frames) == frame_count
        foreign = ":is(script, img, iframe, link, style, svg, h1#free, [onmouseover], [onerror])"
        for selector in ("#conversation", "#aside", "#start", "#sources", "#library", "#peek"):
            assert tab.count(f"{selector} {foreign}") == 0
        assert tab.count("a[href^='javascript']") == 0
        tab.context.close()
