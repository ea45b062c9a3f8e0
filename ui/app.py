"""Wires the page: Gradio's components on one side, what their events do (`ui.talk`) on the other.

Does not know how anything is drawn (`ui.render`, `ui/page.css`) or answered (`rag`).

Gradio's `gr.HTML` runs its *template* through Handlebars and then as a JavaScript template literal, and puts
`value` in only while that literal is evaluated: a value with `{{…}}`, `${…}` or backticks in it stays text.
Hence nothing from outside ever goes into `html_template`, `css_template` or further props.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported

import gradio as gr
from gradio.events import Dependency

from rag import Rag
from ui import render, standing
from ui.chat import Chat
from ui.history import History
from ui.talk import Talk

HERE = Path(__file__).parent
WAITING_ANSWERS = 100
"""Answers that are written or wait in our own line; beyond, Gradio's queue holds them without a word."""
HEADER_SECONDS = 2.0
"""How often a tab asks how far the indexing has come."""
SYSTEM_FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif")
SYSTEM_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")
Kept = Literal["home", "browser"]
"""Where conversations are kept: in the index's folder, or in each reader's browser."""


def build(rag: Rag, *, examples: Sequence[str] = (), keep: Kept = "home") -> gr.Blocks:
    """The page for one set of documents. `examples`: questions offered until the documents' own are known."""
    page = gr.Blocks(title="Footnote", analytics_enabled=False, fill_height=True)
    history = History(Path(rag.status().home)) if keep == "home" else None
    talk, about = Talk(rag, history), About(rag, examples)
    with page:
        chat = gr.State(Chat())
        with gr.Row(elem_id="shell"):
            with gr.Column(elem_id="aside"):
                _html('<p class="brand">Footnote</p>')
                fresh = gr.Button("New chat", elem_id="new-chat", size="sm")
                shelf = _html("", elem_id="shelf", js="history.js")
                stands = _html(about.standing(), elem_id="stands", js="look.js")
            with gr.Column(elem_id="middle"):
                _html(BAR, elem_id="bar", js="drawer.js")
                with gr.Tabs(elem_id="tabs") as tabs, gr.Tab("Ask", id="ask", elem_id="ask-tab"):
                    parts = _ask_tab(talk, about, chat)
            with gr.Column(elem_id="panel"):
                sources = _html("", elem_id="sources", js="sources.js")
        _conversation_events(talk, parts, chat=chat, sources=sources, shelf=shelf)
        _shelf_events(talk, parts, chat=chat, shelf=shelf, fresh=fresh, tabs=tabs)
        _clock(about, {"stands": stands, "welcome": parts.welcome, "upkeep": parts.upkeep})
        _first(page, talk, parts, chat=chat, shelf=shelf, keep=keep)
        page.unload(talk.leave)
    page.queue(api_open=False, default_concurrency_limit=WAITING_ANSWERS)
    return page


BAR = (
    '<button type="button" class="icon menu" data-event="draw" aria-label="Conversations"></button>'
    '<p class="brand">Footnote</p>'
)


class About:
    """What the page says of the documents, as it stands now."""

    def __init__(self, rag: Rag, examples: Sequence[str]) -> None:
        self._rag, self._examples = rag, examples

    def standing(self) -> str:
        return standing.standing(self._rag.status())

    def welcome(self) -> str:
        return render.welcome(self._rag.status(), self._rag.suggestions() or self._examples)

    def upkeep(self) -> str:
        return standing.keeping(self._rag.upkeep)

    def all(self) -> dict[str, str]:
        return {"stands": self.standing(), "welcome": self.welcome(), "upkeep": self.upkeep()}

    def renewed(self, shown: dict[str, str]) -> tuple[Any, ...]:
        """What differs from what the tab shows, which closes nothing that somebody has opened; and all of it."""
        now = self.all()
        return (*(gr.skip() if text == shown.get(name) else text for name, text in now.items()), now)


@dataclass(frozen=True, slots=True)
class _Parts:
    conversation: gr.HTML
    welcome: gr.HTML
    upkeep: gr.HTML
    message: gr.HTML
    box: gr.Textbox
    send: gr.Button
    halt: gr.Button


def _ask_tab(talk: Talk, about: About, chat: gr.State) -> _Parts:
    conversation = _html(talk.show(Chat()), elem_id="conversation", js="conversation.js")
    with gr.Column(elem_id="start"):
        welcome = _html(about.welcome(), js="start.js")
    with gr.Column(elem_id="composer"):
        upkeep = _html(about.upkeep())
        message = _html("", elem_id="message")
        with gr.Row(elem_id="ask"):
            box = gr.Textbox(
                label="Question",
                placeholder="Ask a question",
                elem_id="question",
                max_lines=6,
                container=False,
                autofocus=True,
            )
            send = gr.Button("Send", elem_id="send", variant="primary")
            halt = gr.Button("Stop", elem_id="stop")
    return _Parts(conversation, welcome, upkeep, message, box, send, halt)


def _conversation_events(talk: Talk, parts: _Parts, *, chat: gr.State, sources: gr.HTML, shelf: gr.HTML) -> None:
    """A question appears at once; its answer waits in line for its turn."""
    said = [parts.conversation, parts.message]
    asked = [
        _quiet(trigger)(talk.ask, [parts.box, chat], [parts.conversation, parts.box, parts.message], queue=False)
        for trigger in (parts.box.submit, parts.send.click)
    ]
    asked += [
        _quiet(parts.conversation.ask)(talk.offered, chat, said, queue=False),
        _quiet(parts.welcome.ask)(talk.offered, chat, said, queue=False),
        _quiet(parts.conversation.again)(talk.again, chat, said, queue=False),
    ]
    for one in asked:
        answered = _quiet(one.then)(
            talk.answer,
            chat,
            parts.conversation,
            concurrency_limit=WAITING_ANSWERS,
            concurrency_id="answer",
            trigger_mode="multiple",  # also while an answer that was stopped has not quite ended
        )
        _quiet(answered.then)(talk.shelf, chat, shelf, queue=False)
    for panel in (parts.conversation, sources):
        _quiet(panel.open)(talk.open, chat, sources, queue=False)
    _quiet(parts.conversation.rate)(talk.rate, chat, said, queue=False)
    _quiet(parts.halt.click)(talk.stop, chat, parts.conversation, queue=False)


def _shelf_events(
    talk: Talk, parts: _Parts, *, chat: gr.State, shelf: gr.HTML, fresh: gr.Button, tabs: gr.Tabs
) -> None:
    shown = [parts.conversation, parts.message, shelf]
    for changed in (
        _quiet(fresh.click)(talk.start_over, chat, shown, queue=False),
        _quiet(shelf.choose)(talk.choose, chat, shown, queue=False),
    ):
        _quiet(changed.then)(lambda: gr.Tabs(selected="ask"), None, tabs, queue=False)
    _quiet(shelf.rename)(talk.rename, chat, [parts.message, shelf], queue=False)
    _quiet(shelf.forget)(talk.forget, chat, shown, queue=False)


def _clock(about: About, shown: dict[str, gr.HTML]) -> None:
    known = gr.State(about.all())
    clock = gr.Timer(HEADER_SECONDS)
    _quiet(clock.tick)(about.renewed, known, [*shown.values(), known], queue=False)


def _first(page: gr.Blocks, talk: Talk, parts: _Parts, *, chat: gr.State, shelf: gr.HTML, keep: Kept) -> None:
    """When the page is loaded: the conversation that its address names, and the list."""
    named = gr.Textbox(visible=False)
    shown = [parts.conversation, parts.message, shelf]
    taken_up: dict[str, Any] = {"js": "(_, chat) => [location.hash.slice(1), chat]", "queue": False}
    if keep == "home":
        _quiet(page.load)(talk.resume, [named, chat], shown, **taken_up)
        return
    kept = gr.BrowserState("", storage_key="footnote-conversations", secret="footnote")
    brought = _quiet(page.load)(talk.bring, kept, None, queue=False)
    _quiet(brought.then)(talk.resume, [named, chat], shown, **taken_up)
    _quiet(shelf.change)(talk.take, None, kept, queue=False)


def serve(
    rag: Rag, *, examples: Sequence[str] = (), keep: Kept = "home", host: str = "127.0.0.1", port: int = 7860
) -> gr.Blocks:
    """Start the page in the background; `close()` on what is returned ends it.

    Raises:
        OSError: the port cannot be had.
    """
    page = build(rag, examples=examples, keep=keep)
    _bypass_proxy(host)
    page.launch(
        server_name=host,
        server_port=port,
        prevent_thread_lock=True,
        quiet=True,
        inbrowser=False,
        share=False,
        show_error=False,
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        mcp_server=False,
        ssr_mode=False,
        pwa=False,
        max_threads=2 * WAITING_ANSWERS,  # one that waits in line holds a thread
        max_file_size="1b",  # nothing is uploaded
        head=f"<style>{(HERE / 'page.css').read_text('utf-8')}</style>",  # Gradio would rewrite `css=`
        favicon_path=HERE / "favicon.svg",
        theme=gr.themes.Base(font=SYSTEM_FONTS, font_mono=SYSTEM_MONO),
    )
    return page


def _bypass_proxy(host: str) -> None:
    """Gradio asks its own server whether it is up; where HTTP_PROXY is set, it would ask the proxy."""
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = ",".join(filter(None, (os.environ.get(name), host, "localhost")))


def _html(value: str, *, elem_id: str | None = None, js: str = "") -> gr.HTML:
    """A piece of the page that we draw ourselves. `js`: its script, which runs after the one that all share."""
    script = "\n".join((HERE / name).read_text("utf-8") for name in ("events.js", js)) if js else None
    return gr.HTML(value, elem_id=elem_id, js_on_load=script, apply_default_css=False)


def _quiet(listener: Callable[..., Dependency]) -> Callable[..., Dependency]:
    """An event that shows no spinner and is not offered as an API."""
    return partial(listener, show_progress="hidden", api_visibility="private")
