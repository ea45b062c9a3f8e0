"""Wires the conversation: its components, and what of `ui.talk` happens on which of their events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import gradio as gr

from ui.about import About
from ui.chat import Chat
from ui.parts import html, quiet, script
from ui.talk import Talk

WAITING_ANSWERS = 100
"""Answers that are written or wait in our own line; beyond, Gradio's queue holds them without a word."""
Kept = Literal["home", "browser"]
"""Where conversations are kept: in the index's folder, or in each reader's browser."""


@dataclass(frozen=True, slots=True)
class Ask:
    """The components of the conversation."""

    chat: gr.State
    conversation: gr.HTML
    welcome: gr.HTML
    upkeep: gr.HTML
    scope: gr.HTML
    message: gr.HTML
    box: gr.Textbox
    send: gr.Button
    halt: gr.Button


def ask_tab(talk: Talk, about: About, chat: gr.State) -> Ask:
    """The conversation with what stands in its place before the first question, and the question box."""
    conversation = html(talk.show(Chat()), elem_id="conversation", js="conversation.js")
    with gr.Column(elem_id="start"):
        welcome = html(about.welcome(), js="start.js")
    with gr.Column(elem_id="composer"):
        upkeep = html(about.upkeep())
        scope = html(elem_id="scope", js="scope.js")
        message = html(elem_id="message")
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
    return Ask(chat, conversation, welcome, upkeep, scope, message, box, send, halt)


def wire_answers(talk: Talk, ask: Ask, *, sources: gr.HTML, shelf: gr.HTML) -> None:
    """A question appears at once; its answer waits in line for its turn."""
    chat, said = ask.chat, [ask.conversation, ask.message]
    asked = [
        quiet(trigger)(talk.ask, [ask.box, chat], [ask.conversation, ask.box, ask.message], queue=False)
        for trigger in (ask.box.submit, ask.send.click)
    ]
    asked += [
        quiet(ask.conversation.ask)(talk.offered, chat, said, queue=False),
        quiet(ask.welcome.ask)(talk.offered, chat, said, queue=False),
        quiet(ask.conversation.again)(talk.again, chat, said, queue=False),
    ]
    for one in asked:
        answered = quiet(one.then)(
            talk.answer,
            chat,
            ask.conversation,
            concurrency_limit=WAITING_ANSWERS,
            concurrency_id="answer",
            trigger_mode="multiple",  # also while an answer that was stopped has not quite ended
        )
        quiet(answered.then)(talk.shelf, chat, shelf, queue=False)
    for panel in (ask.conversation, sources):
        quiet(panel.open)(talk.open, chat, sources, queue=False)
    saved = gr.HTML(elem_id="saved", html_template="<span></span>", js_on_load=script("save.js"))  # shows no value
    quiet(ask.conversation.save)(talk.save, chat, saved, queue=False)
    quiet(ask.conversation.rate)(talk.rate, chat, said, queue=False)
    quiet(ask.halt.click)(talk.stop, chat, ask.conversation, queue=False)
    quiet(ask.scope.everything)(talk.widen, chat, ask.scope, queue=False)


def wire_shelf(talk: Talk, ask: Ask, *, shelf: gr.HTML, fresh: gr.Button, tabs: gr.Tabs) -> None:
    """The list of conversations: take one up, begin another, name and forget them."""
    chat, shown = ask.chat, [ask.conversation, ask.message, shelf]
    for changed in (
        quiet(fresh.click)(talk.start_over, chat, shown, queue=False),
        quiet(shelf.choose)(talk.choose, chat, shown, queue=False),
    ):
        quiet(changed.then)(to_conversation, None, tabs, queue=False)
    quiet(shelf.rename)(talk.rename, chat, [ask.message, shelf], queue=False)
    quiet(shelf.forget)(talk.forget, chat, shown, queue=False)


def wire_start(page: gr.Blocks, talk: Talk, ask: Ask, *, shelf: gr.HTML, keep: Kept) -> None:
    """When the page is loaded: the conversation that its address names, and the list."""
    named = gr.Textbox(visible=False)
    shown = [ask.conversation, ask.message, shelf]
    taken_up: dict[str, Any] = {"js": "(_, chat) => [location.hash.slice(1), chat]", "queue": False}
    if keep == "home":
        quiet(page.load)(talk.first, [named, ask.chat], shown, **taken_up)
        return
    kept = gr.BrowserState("", storage_key="footnote-conversations", secret="footnote")
    brought = quiet(page.load)(talk.bring, kept, None, queue=False)
    quiet(brought.then)(talk.first, [named, ask.chat], shown, **taken_up)
    quiet(shelf.change)(talk.take, None, kept, queue=False)


def to_conversation() -> gr.Tabs:
    """The tab of the conversation comes to the front."""
    return gr.Tabs(selected="ask")
