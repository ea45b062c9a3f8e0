"""Wires the conversation: its components, and what of `ui.talk` happens on which of their events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import gradio as gr
from gradio.events import Dependency

from ui.asked_of import AskedOf
from ui.chat import Chat
from ui.parts import html, quiet, script, together
from ui.talk import Talk

WAITING_ANSWERS = 100
"""Answers that are written or wait in our own line; beyond, Gradio's queue holds them without a word."""
Keep = Literal["home", "browser"]
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


def ask_tab(talk: Talk, chat: gr.State, *, welcome: str, upkeep: str) -> Ask:
    """The conversation with what stands in its place before the first question, and the question box."""
    conversation = html(talk.show(Chat()), elem_id="conversation", js="conversation.js")
    with gr.Column(elem_id="start"):
        start = html(welcome, js="start.js")
    with gr.Column(elem_id="composer"):
        kept = html(upkeep)
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
    return Ask(chat, conversation, start, kept, scope, message, box, send, halt)


def wire_answers(talk: Talk, asked_of: AskedOf, ask: Ask, *, sources: gr.HTML) -> list[Dependency]:
    """A question appears at once; its answer waits in line for its turn. Returns all that changes a conversation."""
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
    answered = [
        quiet(one.then)(
            talk.answer,
            chat,
            said,
            concurrency_limit=WAITING_ANSWERS,
            concurrency_id="answer",
        )
        for one in asked
    ]
    for panel in (ask.conversation, sources):
        quiet(panel.open)(talk.open, chat, sources, queue=False)
    saved = gr.HTML(elem_id="saved", html_template="<span></span>", js_on_load=script("save.js"))  # shows no value
    quiet(ask.conversation.save)(talk.save, chat, [saved, ask.message], queue=False)
    quiet(ask.scope.everything)(asked_of.widen, chat, ask.scope, queue=False)
    rated = quiet(ask.conversation.rate)(talk.rate, chat, said, queue=False)
    stopped = quiet(ask.halt.click)(talk.stop, chat, ask.conversation, queue=False)
    return [*asked, *answered, rated, stopped]


def wire_shelf(
    talk: Talk, ask: Ask, *, shelf: gr.HTML, fresh: gr.Button, tabs: gr.Tabs, changed: Sequence[Dependency]
) -> None:
    """The list of conversations that are kept beside the index."""
    chat, shown = ask.chat, [ask.conversation, ask.message, ask.scope]
    other = [
        quiet(fresh.click)(talk.start_over, chat, shown, queue=False),
        quiet(shelf.choose)(talk.choose, chat, shown, queue=False),
        quiet(ask.conversation.back)(talk.choose, chat, shown, queue=False),
    ]
    for one in other:
        quiet(one.then)(to_conversation, None, tabs, queue=False)
    named = quiet(shelf.rename)(talk.rename, None, ask.message, queue=False)
    gone = quiet(shelf.forget)(talk.forget, chat, shown, queue=False)
    for one in (*changed, *other, named, gone):
        quiet(one.then)(talk.shelf, chat, shelf, queue=False)


def wire_browser(
    talk: Talk, ask: Ask, *, shelf: gr.HTML, fresh: gr.Button, tabs: gr.Tabs, changed: Sequence[Dependency]
) -> None:
    """The list of conversations that each reader's own browser keeps: its script names, gives back and forgets them."""
    chat, shown = ask.chat, [ask.conversation, ask.message, ask.scope]
    own = script("kept_entries.js", "kept.js")
    kept = gr.HTML(elem_id="kept", html_template="<span></span>", js_on_load=own)  # shows no value
    for one in (
        quiet(fresh.click)(talk.start_over, chat, shown, queue=False),
        quiet(kept.restore)(talk.restore, chat, shown, queue=False),
    ):
        quiet(one.then)(to_conversation, None, tabs, queue=False)
    for one in changed:
        quiet(one.then)(talk.content, chat, kept, queue=False)
    quiet(kept.listed)(talk.listed, chat, shelf, queue=False)


def wire_start(page: gr.Blocks, talk: Talk, ask: Ask, *, shelf: gr.HTML, keep: Keep) -> None:
    """When the page is loaded: the conversation that its address names, and the list."""
    told = gr.Textbox(visible=False)
    shown = [ask.conversation, ask.message, ask.scope]
    if keep == "home":
        js = "(_, chat) => [location.hash.slice(1), chat]"
        taken_up = quiet(page.load)(talk.first, [told, ask.chat], shown, js=js, queue=False)
        quiet(taken_up.then)(talk.shelf, ask.chat, shelf, queue=False)
    else:
        quiet(page.load)(
            talk.first_of_browser,
            [told, ask.chat],
            [*shown, shelf],
            js=f"(_, chat) => {{ {together('kept_entries.js', 'kept_first.js')} }}",
            queue=False,
        )


def to_conversation() -> gr.Tabs:
    """The tab of the conversation comes to the front."""
    return gr.Tabs(selected="ask")
