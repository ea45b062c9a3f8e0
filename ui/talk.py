"""What the events of the conversation do: each takes the tab's `Chat`, changes it, and gives back what is then shown.

Knows Gradio only by its requests and event data. Stop and New chat close the answer's stream themselves; its event then
ends by itself. Gradio's `cancels=` would only wait for the next sentence, and loses a question that is asked before its
`/cancel` has come back.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import count
from typing import Any

import gradio as gr

from rag import Article, Rag
from rag.errors import InputError, RagError
from rag.export import to_html, to_json, to_markdown
from ui import render
from ui.chat import GONE, Chat, Conversation
from ui.events import number, text
from ui.exchange import Exchange
from ui.history import History, exchanges_from_json, exchanges_to_json, named
from ui.line import Line
from ui.shelf import kept_by_browser, shelf
from ui.source import Opened, panel, problem, whole_article

CONCURRENT_ANSWERS = 4
"""Answers written at the same time; further ones wait in line. The embedded model does one at a time."""
DRAWN = 512
"""Exchanges whose HTML is kept: without it, a long conversation is drawn anew with every sentence."""
ID_LENGTH = 64
"""Characters. A browser may say that a conversation is called anything."""
NOT_INDEXED = "This document is not indexed any more."
NOTHING_TO_ASK = "There are no documents to ask yet: drop some here, or add them under Documents."
NOTHING_TO_SAVE = "There is no whole answer to save yet."
FORMATS = {
    "md": (to_markdown, "text/markdown"),
    "html": (to_html, "text/html"),
    "json": (to_json, "application/json"),
}
"""By the ending of the file's name."""


class Talk:
    """The conversations of all tabs over one set of documents."""

    def __init__(self, rag: Rag, history: History | None) -> None:
        """`history`: where everybody's conversations are kept; None leaves each to its own browser."""
        self._rag, self._history = rag, history
        self._line, self._offers = Line(CONCURRENT_ANSWERS), Line(1)
        self._opened = count(1)
        self._chats: dict[str, Chat] = {}  # by session, so that closing the tab stops the model
        self._draw = lru_cache(maxsize=DRAWN)(render.exchange)
        self._keeping = threading.Lock()

    def ask(self, question: str, chat: Chat) -> tuple[str, str, str]:
        """Conversation, what remains in the box, and why the question cannot be asked."""
        refused = self._unready() or chat.ask(question)
        message = refused or self._keep(chat.now, chat.exchanges[-1], asked=True)
        return self.show(chat), question if refused else "", render.message(message)

    def offered(self, chat: Chat, event: gr.EventData) -> tuple[str, str]:
        """Conversation and message, after a suggested question was taken."""
        shown, _, message = self.ask(text(event, "q"), chat)
        return shown, message

    def again(self, chat: Chat, event: gr.EventData) -> tuple[str, str]:
        """Conversation and message, after a question was changed, or its answer is to be made anew."""
        at = number(event, "exchange")
        known = {one.number: one.question for one in chat.exchanges}
        message = chat.ask(text(event, "question") or known.get(at, GONE), at=at)
        return self.show(chat), render.message(message or self._keep(chat.now, chat.exchanges[-1], asked=True))

    def answer(self, chat: Chat, request: gr.Request) -> Iterator[tuple[str, Any]]:
        """The conversation, again with every sentence; and the message, which goes if it asked to wait for this."""
        self._chats[str(request.session_hash)] = chat
        yield self.show(chat), gr.skip()  # a generator that ends without a yield would blank the conversation
        for _ in chat.write(self._rag, self._line, self._offers, self._keep):
            yield self.show(chat), gr.skip() if chat.busy else "" if chat.told_to_wait() else gr.skip()

    def stop(self, chat: Chat) -> str:
        """The conversation as far as it got."""
        self._end(chat)
        return self.show(chat)

    def start_over(self, chat: Chat) -> tuple[str, str, str]:
        """An empty conversation, no message, and the documents it is asked of."""
        self._end(chat)
        chat.clear()
        return self.show(chat), "", render.scoped(chat.scope)

    def open(self, chat: Chat, event: gr.EventData) -> str:
        """The sources panel with what was asked for."""
        exchange, kind, turn = number(event, "exchange"), text(event, "kind"), next(self._opened)
        try:
            cited, total = chat.cited(exchange, number(event, "footnote"), kind)
            opened = Opened(cited, kind, exchange, total, whole=bool(text(event, "whole")))
            return panel(opened, self._article(cited.article_id), turn=turn)
        except InputError as exc:
            return problem(str(exc), turn=turn)

    def read(self, event: gr.EventData) -> str:
        """The sources panel with a whole article."""
        article, turn = self._article(text(event, "article")), next(self._opened)
        return whole_article(article, turn=turn) if article else problem(NOT_INDEXED, turn=turn)

    def rate(self, chat: Chat, event: gr.EventData) -> tuple[str, str]:
        """Conversation and message, after somebody said what they think of an answer."""
        verdict, conversation, said = text(event, "verdict"), chat.now, ""
        try:
            if verdict in ("right", "wrong"):
                rated = chat.rate(self._rag, number(event, "exchange"), verdict, text(event, "reason"))  # type: ignore[arg-type]
                said = self._keep(conversation, rated)
        except (RagError, OSError) as exc:
            said = str(exc)
        return self.show(chat), render.message(said)

    def save(self, chat: Chat, event: gr.EventData) -> tuple[str, str]:
        """The conversation as a file for the browser to save: name, kind and text, as JSON. And a message."""
        suffix = text(event, "format") if text(event, "format") in FORMATS else "md"
        to_text, kind = FORMATS[suffix]
        answers = [one.answer for one in chat.exchanges if one.state == "done"]
        if not answers:
            return "", render.message(NOTHING_TO_SAVE)
        try:
            written = to_text(self._rag.record(answers, title=chat.exchanges[0].question))
        except RagError as exc:
            return "", render.message(str(exc))
        name = f"footnote-{date.today().isoformat()}.{suffix}"
        return _told({"name": name, "kind": kind, "text": written, "turn": next(self._opened)}), ""

    def shelf(self, chat: Chat) -> str:
        """The list of conversations."""
        if self._history is None:
            return ""
        try:
            return shelf(self._history.kept(), current=chat.now.id, today=date.today())
        except RagError as exc:
            return render.message(str(exc))

    def choose(self, chat: Chat, event: gr.EventData) -> tuple[str, str, str]:
        """Conversation, message and scope, after a conversation was chosen from the list."""
        history, identity = self._history, text(event, "id")
        if history is None:
            return self._shown(chat)
        return self._taken_up(chat, identity, lambda: history.load(identity))

    def first(self, identity: str, chat: Chat) -> tuple[Any, Any, Any]:
        """Conversation, message and scope when the page was loaded.

        What was asked meanwhile is not taken away, nor is a later state of it drawn over by an earlier one.
        """
        if not identity or self._history is None:
            return _still()
        try:
            edition, exchanges = self._history.load(identity)
        except RagError as exc:
            return _still(exc)
        return self._begun(chat, identity, edition, exchanges)

    def rename(self, event: gr.EventData) -> str:
        """The message, after a conversation was given a name."""
        return self._changed(lambda history: history.rename(text(event, "id"), text(event, "title")))

    def forget(self, chat: Chat, event: gr.EventData) -> tuple[str, str, str]:
        """Conversation, message and scope, after a conversation was deleted."""
        identity = text(event, "id")
        said = self._changed(lambda history: history.delete(identity))
        if identity == chat.now.id:
            chat.clear()
        return self.show(chat), said, render.scoped(chat.scope)

    def content(self, chat: Chat) -> str:
        """The conversation for this tab's browser to keep, as JSON; nothing where there is none."""
        now, exchanges = chat.now, chat.exchanges
        if not exchanges:
            return ""
        return _told(
            {
                "id": now.id,
                "title": named(exchanges[0].question),
                "changed": datetime.now(UTC).isoformat(timespec="microseconds"),
                "asked": len(exchanges),
                "exchanges": exchanges_to_json(exchanges),
            }
        )

    def listed(self, chat: Chat, event: gr.EventData) -> str:
        """The list of conversations that this tab's browser keeps."""
        return shelf(kept_by_browser(text(event, "kept")), current=chat.now.id, today=date.today())

    def restore(self, chat: Chat, event: gr.EventData) -> tuple[str, str, str]:
        """Conversation, message and scope, after the browser gave back a conversation that it kept."""
        kept = text(event, "exchanges")
        return self._taken_up(chat, text(event, "id")[:ID_LENGTH], lambda: (0, exchanges_from_json(kept)))

    def first_of_browser(self, kept: str, chat: Chat) -> tuple[Any, Any, Any, str]:
        """Conversation, message, scope and list when the page was loaded; `kept`: what the browser has, as JSON."""
        try:
            found = json.loads(kept)
            identity, exchanges, names = str(found["id"]), str(found["exchanges"]), str(found["kept"])
        except (ValueError, KeyError, TypeError):
            identity, exchanges, names = "", "", "[]"
        try:
            shown = self._begun(chat, identity[:ID_LENGTH], 0, exchanges_from_json(exchanges or "[]"))
        except RagError as exc:
            shown = _still(exc)
        return *shown, shelf(kept_by_browser(names), current=chat.now.id, today=date.today())

    def leave(self, request: gr.Request) -> None:
        """The tab was closed or reloaded."""
        chat = self._chats.pop(str(request.session_hash), None)
        if chat is not None:
            self._end(chat)

    def show(self, chat: Chat) -> str:
        """The conversation as it is now."""
        now = chat.now
        drawn = [self._draw(asked.shown) for asked in now.asked]
        return render.conversation(drawn, identity=now.id, busy=chat.busy)

    def _begun(self, chat: Chat, identity: str, edition: int, exchanges: Sequence[Exchange]) -> tuple[Any, Any, Any]:
        """A conversation taken up by a page that was just loaded; nothing new where there is none, or one already."""
        if not exchanges or not chat.begin_with(identity, edition, exchanges):
            return _still()
        return self._shown(chat)

    def _shown(self, chat: Chat, message: str = "") -> tuple[str, str, str]:
        return self.show(chat), render.message(message), render.scoped(chat.scope)

    def _taken_up(
        self, chat: Chat, identity: str, load: Callable[[], tuple[int, Sequence[Exchange]]]
    ) -> tuple[str, str, str]:
        """A conversation that was kept, or an empty one; one that is being written on the page stays as it is."""
        if identity and identity == chat.now.id and chat.busy:
            return self._shown(chat)
        self._end(chat)
        try:
            edition, exchanges = load()
        except RagError as exc:
            return self._shown(chat, str(exc))
        chat.take_up(identity if exchanges else "", edition, exchanges)
        return self._shown(chat)

    def _unready(self) -> str:
        """Why nothing can be asked just now; empty when it can."""
        try:
            return "" if self._rag.upkeep.running or self._rag.status().files else NOTHING_TO_ASK
        except RagError as exc:
            return str(exc)

    def _end(self, chat: Chat) -> None:
        """Stop what is being written, and keep it as far as it got."""
        conversation, exchanges, busy = chat.now, chat.exchanges, chat.busy
        chat.stop()
        if busy and exchanges:
            self._keep(conversation, conversation.asked[-1].shown)

    def _keep(self, conversation: Conversation, exchange: Exchange, *, asked: bool = False) -> str:
        """Why it could not be kept; empty when it could. What is shown stays all the same."""
        if self._history is None:
            return ""
        with self._keeping:
            try:
                conversation.edition = self._history.put(conversation.id, conversation.edition, exchange, asked=asked)
            except RagError as exc:
                return str(exc)
        return ""

    def _changed(self, change: Callable[[History], None]) -> str:
        try:
            if self._history is not None:
                change(self._history)
        except RagError as exc:
            return render.message(str(exc))
        return ""

    def _article(self, article_id: str) -> Article | None:
        with suppress(RagError):
            return self._rag.article(article_id)
        return None


def _still(problem: RagError | None = None) -> tuple[Any, Any, Any]:
    """Conversation and scope stay as they are; the message too, where there is nothing to tell."""
    return gr.skip(), render.message(str(problem)) if problem else gr.skip(), gr.skip()


def _told(data: dict[str, Any]) -> str:
    """JSON for a script of the page; Gradio warns of script elements in what it takes for HTML."""
    return json.dumps(data).replace("<", "\\u003c")
