"""Wires the documents tab: its components, and what of `ui.documents` happens on which of their events."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from ui.ask_tab import Ask
from ui.asked_of import AskedOf
from ui.documents import Documents, View
from ui.library import TOOLS
from ui.parts import html, quiet
from ui.talk import Talk


@dataclass(frozen=True, slots=True)
class Library:
    """The components of the documents tab."""

    view: gr.State
    adding: gr.HTML
    problems: gr.HTML
    progress: gr.HTML
    again: gr.Button
    tools: gr.HTML
    table: gr.HTML


def documents_tab(documents: Documents, *, progress: str) -> Library:
    """Where documents are added, looked for and looked at. `progress`: what is being indexed."""
    view = gr.State(View())
    with gr.Row(elem_id="library-top"):
        adding = html(documents.adding(), elem_id="adding", js="adding.js")
        again = gr.Button("Look through the folder again", elem_id="reindex", size="sm")
    indexing = html(progress, elem_id="progress")
    problems = html(elem_id="problems")
    tools = html(TOOLS, elem_id="tools", js="tools.js")
    table = html(elem_id="library", js="documents.js")  # drawn when the tab is opened
    return Library(view, adding, problems, indexing, again, tools, table)


def wire_documents(
    documents: Documents,
    talk: Talk,
    asked_of: AskedOf,
    library: Library,
    *,
    tab: gr.Tab,
    ask: Ask,
    stands: gr.HTML,
    sources: gr.HTML,
    tabs: gr.Tabs,
) -> None:
    """What happens in the tab; the table is drawn anew whenever it is opened or what is indexed has changed."""
    view, table = library.view, library.table
    for event, handler in (
        (library.tools.narrow, documents.narrow),
        (table.sort, documents.sort),
        (table.turn, documents.turn),
    ):
        quiet(event)(handler, view, table, queue=False)
    for renewed in (tab.select, library.progress.change, stands.change):  # a small file is indexed between two looks
        quiet(renewed)(documents.show, view, table, queue=False)
    quiet(library.adding.received)(documents.add, view, [table, library.problems], queue=False)
    quiet(table.remove)(documents.remove, view, [table, library.problems], queue=False)
    quiet(table.read)(talk.read, None, sources, queue=False)
    quiet(library.again.click)(documents.refresh, None, None, queue=False)
    narrowed = [ask.scope, library.problems, tabs]
    quiet(library.tools.within)(asked_of.narrow, [ask.chat, view], narrowed, queue=False)
