"""Wires the page: Gradio components on one side, a `Chat` per browser tab and the pipeline on the other.

Does not know how anything is drawn (`ui.render`, `ui/page.css`) or answered (`rag`).

Gradio's `gr.HTML` runs its *template* through Handlebars and then as a JavaScript template literal, and puts
`value` in only while that literal is evaluated: a value with `{{…}}`, `${…}` or backticks in it stays text.
Hence nothing from outside ever goes into `html_template`, `css_template` or further props.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported

import gradio as gr
from gradio.events import Dependency

from rag import Article, Rag
from rag.errors import RagError
from ui import render
from ui.chat import Chat
from ui.safety import guarding
from ui.uploads import MAX_FILE_BYTES, received_folder

HERE = Path(__file__).parent
CONCURRENT_ANSWERS = 4
"""Answers written at the same time; further ones wait in line. The embedded model does one at a time."""
HEADER_SECONDS = 2.0
"""How often a tab asks how far the indexing has come."""
DRAWN = 512
"""Exchanges whose HTML is kept: without it, a long conversation is drawn anew with every sentence."""
SYSTEM_FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif")
SYSTEM_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")


class Handlers:
    """What the page's events do. Each takes the tab's `Chat`, changes it, and gives back what is then shown.

    Stop and New chat close the answer's stream themselves; its event then ends by itself. Gradio's `cancels=` would
    only wait for the next sentence, and loses a question that is asked before its `/cancel` has come back.
    """

    def __init__(self, rag: Rag) -> None:
        self._rag = rag
        self._chats: dict[str, Chat] = {}  # by session, so that closing the tab stops the model
        self._draw = lru_cache(maxsize=DRAWN)(partial(render.exchange, find=self._article))

    def ask(self, question: str, chat: Chat) -> tuple[str, str, str]:
        """Conversation, what remains in the box, and why the question cannot be asked."""
        refused = chat.ask(question)
        return self.show(chat), question if refused else "", render.message(refused)

    def answer(self, chat: Chat, request: gr.Request) -> Iterator[str]:
        """The conversation, again with every sentence."""
        self._chats[str(request.session_hash)] = chat
        yield self.show(chat)  # a generator that ends without a yield would blank the conversation
        for _ in chat.write(self._rag):
            yield self.show(chat)

    def stop(self, chat: Chat) -> str:
        """The conversation as far as it got."""
        chat.stop()
        return self.show(chat)

    def start_over(self, chat: Chat) -> tuple[str, str]:
        """An empty conversation, and no message."""
        chat.clear()
        return self.show(chat), ""

    def leave(self, request: gr.Request) -> None:
        """The tab was closed or reloaded."""
        chat = self._chats.pop(str(request.session_hash), None)
        if chat is not None:
            chat.stop()

    def header(self) -> str:
        """What is indexed by now."""
        return render.status_line(self._rag.status(), self._rag.upkeep)

    def renewed(self, shown: str) -> tuple[Any, str]:
        """The header where it differs from what the tab shows, which closes no list that somebody has opened."""
        now = self.header()
        return (gr.skip() if now == shown else now), now

    def show(self, chat: Chat) -> str:
        return render.conversation([self._draw(exchange) for exchange in chat.exchanges], busy=chat.busy)

    def _article(self, article_id: str) -> Article | None:
        try:
            return self._rag.article(article_id)
        except RagError:
            return None


def build(rag: Rag, *, examples: Sequence[str] = ()) -> gr.Blocks:
    """The page for one set of documents. `examples`: questions offered before the first one is asked."""
    page = gr.Blocks(title="Footnote", analytics_enabled=False, fill_height=True)
    handlers, status = Handlers(rag), rag.status()
    with page:
        chat = gr.State(Chat())
        with gr.Row(elem_id="top"):
            header = _html(handlers.header())
            fresh = gr.Button("New chat", elem_id="new-chat", size="sm")
        conversation = _html(handlers.show(Chat()), elem_id="conversation", js=(HERE / "page.js").read_text("utf-8"))
        with gr.Column(elem_id="start"):
            _html(render.welcome(status))
            offered = [gr.Button(question, elem_classes="example") for question in examples]
        with gr.Column(elem_id="composer"):
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

        # The question appears at once; its answer waits in the queue for its turn.
        questions = [(box.submit, box), (send.click, box), *((button.click, button) for button in offered)]
        for trigger, source in questions:
            asked = _quiet(trigger)(handlers.ask, [source, chat], [conversation, box, message], queue=False)
            _quiet(asked.then)(
                handlers.answer,
                chat,
                conversation,
                concurrency_limit=CONCURRENT_ANSWERS,
                concurrency_id="answer",
                trigger_mode="multiple",  # also while an answer that was stopped has not quite ended
            )
        _quiet(halt.click)(handlers.stop, chat, conversation, queue=False)
        _quiet(fresh.click)(handlers.start_over, chat, [conversation, message], queue=False)
        shown = gr.State(handlers.header())
        clock = gr.Timer(HEADER_SECONDS)
        _quiet(clock.tick)(handlers.renewed, shown, [header, shown], queue=False)
        page.unload(handlers.leave)
    page.queue(api_open=False, default_concurrency_limit=CONCURRENT_ANSWERS)
    return page


def serve(
    rag: Rag,
    *,
    examples: Sequence[str] = (),
    host: str = "127.0.0.1",
    port: int = 7860,
    password: str = "",
    uploads: bool = False,
) -> gr.Blocks:
    """Start the page in the background; `close()` on what is returned ends it.

    Raises:
        OSError: the port cannot be had.
        SettingsError: others can reach the host, and there is no password.
    """
    guard = guarding(host=host, password=password, uploads=uploads)
    received_folder()
    page = build(rag, examples=examples)
    _bypass_proxy(host)
    page.launch(
        server_name=f"[{host}]" if ":" in host else host,  # Gradio puts it into an address as it is
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
        num_workers=0,  # or GRADIO_NUM_WORKERS opens further ports, which serve files and are not guarded
        pwa=False,
        max_file_size=MAX_FILE_BYTES,
        app_kwargs={"lifespan": guard},
        head=f"<style>{(HERE / 'page.css').read_text('utf-8')}</style>",  # Gradio would rewrite `css=`
        favicon_path=HERE / "favicon.svg",
        theme=gr.themes.Base(font=SYSTEM_FONTS, font_mono=SYSTEM_MONO),
    )
    return page


def _bypass_proxy(host: str) -> None:
    """Gradio asks its own server whether it is up; where HTTP_PROXY is set, it would ask the proxy."""
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = ",".join(filter(None, (os.environ.get(name), host, "localhost")))


def _html(value: str, *, elem_id: str | None = None, js: str | None = None) -> gr.HTML:
    return gr.HTML(value, elem_id=elem_id, js_on_load=js, apply_default_css=False)


def _quiet(listener: Callable[..., Dependency]) -> Callable[..., Dependency]:
    """An event that shows no spinner and is not offered as an API."""
    return partial(listener, show_progress="hidden", api_visibility="private")
