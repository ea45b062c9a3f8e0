"""What the events of the conversation do: each takes the tab's `Chat`, changes it, and gives back what is then shown.

Knows Gradio only by its requests and event data; nothing of components or how they are wired.

Stop and New chat close the answer's stream themselves; its event then ends by itself. Gradio's `cancels=` would only
wait for the next sentence, and loses a question that is asked before its `/cancel` has come back.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import lru_cache
from itertools import count
from typing import Any

import gradio as gr

from rag import Article, Rag, Scope
from rag.errors import InputError, RagError
from rag.export import to_html, to_json, to_markdown
from rag.listing import Wanted, choose
from rag.types import EVERYTHING
from ui import render
from ui.chat import Chat
from ui.documents import View
from ui.events import number, text, texts
from ui.history import History
from ui.library import refused
from ui.line import Line
from ui.shelf import shelf
from ui.source import Opened, panel, whole_article

CONCURRENT_ANSWERS = 4
"""Answers written at the same time; further ones wait in line. The embedded model does one at a time."""
DRAWN = 512
"""Exchanges whose HTML is kept: without it, a long conversation is drawn anew with every sentence."""


FORMATS = {
    "md": (to_markdown, "md", "text/markdown"),
    "html": (to_html, "html", "text/html"),
    "json": (to_json, "json", "application/json"),
}


class Talk:
    """The conversations of all tabs over one set of documents."""

    def __init__(self, rag: Rag, history: History | None) -> None:
        """`history`: where everybody's conversations are kept; None leaves each to its own browser."""
        self._rag, self._shared = rag, history
        self._line = Line(CONCURRENT_ANSWERS)
        self._opened = count(1)
        self._chats: dict[str, Chat] = {}  # by session, so that closing the tab stops the model
        self._own: dict[str, History] = {}
        self._draw = lru_cache(maxsize=DRAWN)(render.exchange)
        self._guard = threading.Lock()

    def ask(self, question: str, chat: Chat, request: gr.Request) -> tuple[str, str, str]:
        """Conversation, what remains in the box, and why the question cannot be asked."""
        refused = chat.ask(question)
        refused = refused or self._keep(chat, request)
        return self.show(chat), question if refused else "", render.message(refused)

    def offered(self, chat: Chat, event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        """Conversation and message, after a suggested question was taken."""
        shown, _, message = self.ask(text(event, "q"), chat, request)
        return shown, message

    def again(self, chat: Chat, event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        """Conversation and message, after a question was changed, or its answer is to be made anew."""
        at = number(event, "exchange")
        known = {one.number: one.question for one in chat.exchanges}
        question = text(event, "question") or known.get(at, "")
        refused = chat.ask(question, at=at) if at in known else "That question is not here any more."
        return self.show(chat), render.message(refused or self._keep(chat, request))

    def answer(self, chat: Chat, request: gr.Request) -> Iterator[str]:
        """The conversation, again with every sentence."""
        self._chats[str(request.session_hash)] = chat
        yield self.show(chat)  # a generator that ends without a yield would blank the conversation
        try:
            for _ in chat.write(self._rag, self._line):
                yield self.show(chat)
        finally:
            self._keep(chat, request)

    def stop(self, chat: Chat, request: gr.Request) -> str:
        """The conversation as far as it got."""
        chat.stop()
        self._keep(chat, request)
        return self.show(chat)

    def start_over(self, chat: Chat, request: gr.Request) -> tuple[str, str, str]:
        """An empty conversation, no message, and the list of those that are kept."""
        chat.clear()
        return self.show(chat), "", self.shelf(chat, request)

    def open(self, chat: Chat, event: gr.EventData) -> str:
        """The sources panel with what was asked for."""
        exchange, kind = number(event, "exchange"), text(event, "kind")
        try:
            cited, total = chat.cited(exchange, number(event, "footnote"), kind)
        except InputError as exc:
            return render.message(str(exc))
        opened = Opened(cited, kind, exchange, total, whole=bool(text(event, "whole")))
        return panel(opened, self._article(cited.article_id), turn=next(self._opened))

    def read(self, event: gr.EventData) -> str:
        """The sources panel with a whole article."""
        article = self._article(text(event, "article"))
        if article is None:
            return render.message("This document is not indexed any more.")
        return whole_article(article, turn=next(self._opened))

    def rate(self, chat: Chat, event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        """Conversation and message, after somebody said what they think of an answer."""
        verdict = text(event, "verdict")
        problem = ""
        try:
            if verdict in ("right", "wrong"):
                chat.rate(self._rag, number(event, "exchange"), verdict, text(event, "reason"))  # type: ignore[arg-type]
        except (RagError, OSError) as exc:
            problem = str(exc)
        return self.show(chat), render.message(problem or self._keep(chat, request))

    def narrow(self, chat: Chat, view: View, event: gr.EventData) -> tuple[str, str, Any]:
        """What is asked from now on is asked of the ticked files, or else of what the search was narrowed to.

        Returns what is asked, why it cannot be narrowed to that, and which tab is shown.
        """
        chat.scope = EVERYTHING
        try:
            chat.scope = self._scope(texts(event, "picked"), view.wanted)
            self._rag.reach(chat.scope)
        except RagError as exc:
            chat.scope = EVERYTHING
            return self.scope(chat), refused([str(exc)]), gr.skip()
        return self.scope(chat), "", gr.Tabs(selected="ask")

    def widen(self, chat: Chat) -> str:
        """What is asked from now on is asked of all documents."""
        chat.scope = EVERYTHING
        return self.scope(chat)

    def scope(self, chat: Chat) -> str:
        """Which documents questions are asked of."""
        return render.scoped(chat.scope)

    def save(self, chat: Chat, event: gr.EventData) -> str:
        """The conversation as a file for the browser to save: its name, what it is, and its text, as JSON."""
        to_text, suffix, kind = FORMATS.get(text(event, "format"), FORMATS["md"])
        answers = [one.answer for one in chat.exchanges if one.state == "done"]
        if not answers:
            return ""
        record = self._rag.record(answers, title=chat.exchanges[0].question)
        name = f"footnote-{date.today().isoformat()}.{suffix}"
        told = json.dumps({"name": name, "kind": kind, "text": to_text(record), "turn": next(self._opened)})
        return told.replace("<", "\\u003c")  # Gradio warns of script elements in what it takes for HTML

    def shelf(self, chat: Chat, request: gr.Request) -> str:
        """The list of conversations."""
        try:
            return shelf(self._history(request).kept(), current=chat.id, today=date.today())
        except RagError as exc:
            return render.message(str(exc))

    def choose(self, chat: Chat, event: gr.EventData, request: gr.Request) -> tuple[str, str, str]:
        """Conversation, message and list, after a conversation was chosen from the list."""
        return self.resume(text(event, "id"), chat, request)

    def resume(self, identity: str, chat: Chat, request: gr.Request) -> tuple[str, str, str]:
        """Conversation, message and list, with a conversation that was kept; an empty one where there is none."""
        problem = ""
        try:
            kept = self._history(request).load(identity)
            chat.take_up(identity if kept else "", kept)
        except RagError as exc:
            problem = str(exc)
        return self.show(chat), render.message(problem), self.shelf(chat, request)

    def first(self, identity: str, chat: Chat, request: gr.Request) -> tuple[str, str, str]:
        """As `resume`, when the page was loaded; what was asked meanwhile is not taken away."""
        if chat.exchanges:
            return self.show(chat), "", self.shelf(chat, request)
        return self.resume(identity, chat, request)

    def rename(self, chat: Chat, event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        """Message and list, after a conversation was given a name."""
        problem = ""
        try:
            self._history(request).rename(text(event, "id"), text(event, "title"))
        except RagError as exc:
            problem = str(exc)
        return render.message(problem), self.shelf(chat, request)

    def forget(self, chat: Chat, event: gr.EventData, request: gr.Request) -> tuple[str, str, str]:
        """Conversation, message and list, after a conversation was deleted."""
        identity, problem = text(event, "id"), ""
        if identity == chat.id:
            chat.clear()
        try:
            self._history(request).delete(identity)
        except RagError as exc:
            problem = str(exc)
        return self.show(chat), render.message(problem), self.shelf(chat, request)

    def bring(self, kept: str, request: gr.Request) -> None:
        """Take in the conversations that this tab's browser kept."""
        self._history(request).fill(kept or "{}")

    def take(self, request: gr.Request) -> str:
        """The conversations for this tab's browser to keep."""
        return self._history(request).dump()

    def leave(self, request: gr.Request) -> None:
        """The tab was closed or reloaded."""
        session = str(request.session_hash)
        chat = self._chats.pop(session, None)
        if chat is not None:
            chat.stop()
            self._keep(chat, request)
        if own := self._own.pop(session, None):
            own.close()

    def show(self, chat: Chat) -> str:
        drawn = [self._draw(exchange) for exchange in chat.exchanges]
        return render.conversation(drawn, identity=chat.id, busy=chat.busy)

    def _scope(self, picked: Sequence[str], wanted: Wanted) -> Scope:
        if picked:
            return Scope(sources=tuple(picked))
        sources: tuple[str, ...] = ()
        if wanted.search:
            sources = tuple(one.report.source for one in choose(self._rag.documents(), wanted) if one.articles)
        publishers = (wanted.publisher,) if wanted.publisher else ()
        scope = Scope(sources, publishers, wanted.since or None, wanted.until or None)
        if scope.is_whole:
            raise InputError("Tick the documents to ask, or narrow the list to some, first.")
        return scope

    def _keep(self, chat: Chat, request: gr.Request) -> str:
        """Why the conversation could not be kept; empty when it could. What is shown stays all the same."""
        if not chat.exchanges:
            return ""
        try:
            self._history(request).save(chat.id, chat.exchanges)
        except RagError as exc:
            return str(exc)
        return ""

    def _history(self, request: gr.Request) -> History:
        if self._shared is not None:
            return self._shared
        with self._guard:
            return self._own.setdefault(str(request.session_hash), History(None))

    def _article(self, article_id: str) -> Article | None:
        with suppress(RagError):
            return self._rag.article(article_id)
        return None
