"""Wires the page: Gradio components on one side, a `Chat` per browser tab and the pipeline on the other.

Does not know how anything is drawn (`ui.render`, `ui.page.css`) or answered (`rag`). Gradio's `gr.HTML` runs its
*template* through Handlebars and as a JavaScript template literal, but puts `value` in only while that literal is
evaluated, so a value with `{{…}}`, `${…}` or backticks in it stays text. Hence: nothing from outside ever goes into
`html_template`, `css_template` or extra props.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported

import gradio as gr

from rag import Article, Rag
from rag.errors import RagError
from ui import render
from ui.chat import Chat

HERE = Path(__file__).parent
CONCURRENT_ANSWERS = 4
"""Answers written at the same time; further ones wait in line. The embedded model works on one at a time anyway."""
DRAWN = 512
"""Finished exchanges whose HTML is kept: without it, a long conversation is drawn anew with every sentence."""
QUIET = {"show_progress": "hidden", "api_visibility": "private"}
SYSTEM_FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif")
SYSTEM_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")


def build(rag: Rag, *, examples: Sequence[str] = ()) -> gr.Blocks:
    """The page for one folder of documents. `examples` are questions offered before the first one is asked."""
    status = rag.status()
    answering: dict[str, Chat] = {}  # by session, so that closing the tab stops the model

    def find(article_id: str) -> Article | None:
        try:
            return rag.article(article_id)
        except (RagError, LookupError):
            return None

    @lru_cache(maxsize=DRAWN)
    def draw(exchange: render.Exchange) -> str:
        return render.exchange(exchange, find)

    def show(chat: Chat) -> str:
        return render.conversation([draw(exchange) for exchange in chat.exchanges], busy=chat.busy)

    def ask(question: str, chat: Chat) -> tuple[str, str, str]:
        refused = chat.ask(question)
        return show(chat), question if refused else "", render.message(refused)

    def answer(chat: Chat, request: gr.Request) -> Iterator[str]:
        session = str(request.session_hash)
        answering[session] = chat
        try:
            yield show(chat)  # a generator that ends without a yield would blank the conversation
            for _ in chat.write(rag):
                yield show(chat)
        finally:
            answering.pop(session, None)

    def stop(chat: Chat) -> str:
        chat.stop()
        return show(chat)

    def start_over(chat: Chat) -> tuple[Chat, str, str]:
        chat.stop()
        return Chat(), show(Chat()), ""

    def leave(request: gr.Request) -> None:
        chat = answering.get(str(request.session_hash))
        if chat is not None:
            chat.stop()

    with gr.Blocks(title="Footnote", analytics_enabled=False, fill_height=True) as page:
        chat = gr.State(Chat())
        with gr.Row(elem_id="top"):
            _html(render.status_line(status))
            fresh = gr.Button("New chat", elem_id="new-chat", size="sm")
        conversation = _html(show(Chat()), elem_id="conversation", js=(HERE / "page.js").read_text("utf-8"))
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

        asked = [box.submit, send.click, *(example.click for example in offered)]
        sources = [box, box, *offered]
        answers = [
            trigger(ask, [source, chat], [conversation, box, message], queue=False, **QUIET).then(
                answer,
                chat,
                conversation,
                concurrency_limit=CONCURRENT_ANSWERS,
                concurrency_id="answer",
                **QUIET,
            )
            for trigger, source in zip(asked, sources, strict=True)
        ]
        halt.click(stop, chat, conversation, queue=False, cancels=answers, **QUIET)
        fresh.click(start_over, chat, [chat, conversation, message], queue=False, cancels=answers, **QUIET)
        page.unload(leave)
    page.queue(api_open=False, default_concurrency_limit=CONCURRENT_ANSWERS)
    return page


def serve(rag: Rag, *, examples: Sequence[str] = (), host: str = "127.0.0.1", port: int = 7860) -> gr.Blocks:
    """Start the page in the background; `close()` on what is returned ends it.

    Raises:
        OSError: the port cannot be had.
    """
    page = build(rag, examples=examples)
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
        max_file_size="1b",
        head=f"<style>{(HERE / 'page.css').read_text('utf-8')}</style>",  # `css=` would be rewritten, badly
        favicon_path=HERE / "favicon.svg",
        theme=gr.themes.Base(font=SYSTEM_FONTS, font_mono=SYSTEM_MONO),
    )
    return page


def _html(value: str, *, elem_id: str | None = None, js: str | None = None) -> gr.HTML:
    return gr.HTML(value, elem_id=elem_id, js_on_load=js, apply_default_css=False)
