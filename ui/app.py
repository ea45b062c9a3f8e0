"""The page: its columns and tabs, and the server that shows it.

Does not know how anything is drawn (`ui.render`, `ui/page.css`) or answered (`rag`), nor what an event does.
"""

from __future__ import annotations

import os
from pathlib import Path

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported

import gradio as gr

from rag import Rag
from ui import measuring
from ui.about import EVERY, About
from ui.ask_tab import WAITING_ANSWERS, Keep, ask_tab, wire_answers, wire_browser, wire_shelf, wire_start
from ui.asked_of import AskedOf
from ui.chat import Chat
from ui.documents import Documents
from ui.documents_tab import documents_tab, wire_documents
from ui.history import History
from ui.login import LOGOUT
from ui.parts import HERE, html, quiet
from ui.safety import guarding
from ui.talk import Talk
from ui.uploads import MAX_FILE_BYTES, received_folder

SYSTEM_FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif")
SYSTEM_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")
LEAVE = f'<form method="post" action="{LOGOUT}"><button class="quiet">Log out</button></form>'
STYLES = ("conversation.css", "documents.css", "scores.css", "page.css")
BRAND = '<h1 class="brand">Footnote</h1>'
BAR = f'<button type="button" class="icon menu" data-event="draw" aria-label="Conversations"></button>{BRAND}'


def build(rag: Rag, *, keep: Keep = "home", guarded: bool = False) -> gr.Blocks:
    """The page for one set of documents.

    Args:
        keep: where conversations are kept.
        guarded: whether people have logged in, and may log out.
    """
    page = gr.Blocks(title="Footnote", analytics_enabled=False, fill_height=True)
    talk = Talk(rag, History(Path(rag.status().home)) if keep == "home" else None)
    about, documents, asked_of = About(rag), Documents(rag), AskedOf(rag)
    shown = about.all()
    with page:
        chat = gr.State(Chat())
        with gr.Row(elem_id="shell"):
            with gr.Column(elem_id="aside"):
                html(BRAND)
                fresh = gr.Button("New chat", elem_id="new-chat", size="sm")
                shelf = html(elem_id="shelf", js="history.js")
                stands = html(shown["stands"], elem_id="stands", js="look.js")
                if guarded:
                    html(LEAVE, elem_id="leave")
            with gr.Column(elem_id="middle"):
                html(BAR, elem_id="bar", js="drawer.js")
                with gr.Tabs(elem_id="tabs") as tabs:
                    with gr.Tab("Ask", id="ask", elem_id="ask-tab"):
                        ask = ask_tab(talk, chat, welcome=shown["welcome"], upkeep=shown["upkeep"])
                    with gr.Tab("Documents", id="documents", elem_id="documents-tab") as second:
                        library = documents_tab(documents, progress=shown["progress"])
                    if measuring.is_there():
                        from ui.evaluation import evaluation_tab

                        with gr.Tab("Evaluation", id="evaluation", elem_id="evaluation-tab"):
                            evaluation_tab()
            with gr.Column(elem_id="panel"):
                sources = html(elem_id="sources", js="sources.js")
        changed = wire_answers(talk, asked_of, ask, sources=sources)
        wire_list = wire_shelf if keep == "home" else wire_browser
        wire_list(talk, ask, shelf=shelf, fresh=fresh, tabs=tabs, changed=changed)
        wire_documents(
            documents, talk, asked_of, library, tab=second, ask=ask, stands=stands, sources=sources, tabs=tabs
        )
        wire_start(page, talk, ask, shelf=shelf, keep=keep)
        known = gr.State(shown)
        renewed = [stands, ask.welcome, ask.upkeep, library.progress, known]
        quiet(gr.Timer(EVERY).tick)(about.renewed, known, renewed, queue=False)
        page.unload(talk.leave)
    page.queue(api_open=False, default_concurrency_limit=WAITING_ANSWERS)
    return page


def serve(
    rag: Rag,
    *,
    keep: Keep = "home",
    host: str = "127.0.0.1",
    port: int = 7860,
    password: str = "",
) -> gr.Blocks:
    """Start the page in the background; `close()` on what is returned ends it.

    Args:
        password: asked for before anything is shown; needed on every host but this machine.

    Raises:
        SettingsError: others can reach the host, and there is no password.
        OSError: the port cannot be had.
    """
    guard = guarding(host=host, password=password, uploads=True)
    received_folder()  # components remember it
    page = build(rag, keep=keep, guarded=bool(password))
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
        max_threads=2 * WAITING_ANSWERS,  # one that waits in line holds a thread
        max_file_size=MAX_FILE_BYTES,
        app_kwargs={"lifespan": guard},
        head="".join(f"<style>{(HERE / name).read_text('utf-8')}</style>" for name in STYLES),  # rewritten as `css=`
        favicon_path=HERE / "favicon.svg",
        theme=gr.themes.Base(font=SYSTEM_FONTS, font_mono=SYSTEM_MONO),
    )
    return page


def _bypass_proxy(host: str) -> None:
    """Gradio asks its own server whether it is up; where HTTP_PROXY is set, it would ask the proxy."""
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = ",".join(filter(None, (os.environ.get(name), host, "localhost")))
