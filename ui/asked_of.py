"""Which documents a tab's questions are asked of: the ticked ones, or what its list is narrowed to.

Knows Gradio only by its event data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import gradio as gr

from rag import Rag, Scope
from rag.errors import InputError, RagError
from rag.listing import Listed, Wanted, choose
from rag.types import EVERYTHING
from ui.chat import Chat
from ui.documents import View
from ui.events import texts
from ui.library import NOTHING_FITS, refused
from ui.render import scoped

NOTHING_CHOSEN = "Tick the documents to ask, or narrow the list to some, first."


class AskedOf:
    """The choice of documents, in all tabs."""

    def __init__(self, rag: Rag) -> None:
        self._rag = rag

    def narrow(self, chat: Chat, view: View, event: gr.EventData) -> tuple[str, str, Any]:
        """What is asked of from now on, why that cannot be, and which tab is shown."""
        try:
            scope = self._scope(texts(event, "picked"), view.wanted)
            self._rag.reach(scope)
        except RagError as exc:
            return scoped(chat.scope), refused([str(exc)]), gr.skip()
        chat.scope = scope
        return scoped(scope), "", gr.Tabs(selected="ask")

    def widen(self, chat: Chat) -> str:
        """What is asked of from now on: all documents."""
        chat.scope = EVERYTHING
        return scoped(EVERYTHING)

    def _scope(self, picked: Sequence[str], wanted: Wanted) -> Scope:
        of_time = Scope(since=wanted.since or None, until=wanted.until or None)
        if picked:
            return replace(of_time, sources=tuple(picked))
        found = choose(self._rag.documents(), wanted) if wanted.search or wanted.publisher else []
        if wanted.search:
            sources = tuple(one.report.source for one in found if one.articles)
            if not sources:
                raise InputError(NOTHING_FITS)
            return replace(of_time, sources=sources, publishers=_publishers(wanted, found))
        if wanted.publisher and not found:
            raise InputError(NOTHING_FITS)
        scope = replace(of_time, publishers=_publishers(wanted, found))
        if scope.is_whole:
            raise InputError(NOTHING_CHOSEN)
        return scope


def _publishers(wanted: Wanted, found: Sequence[Listed]) -> tuple[str, ...]:
    """Those whose names hold what was typed."""
    part = wanted.publisher.casefold()
    names = (name for one in found for name in one.publishers if part in name.casefold())
    return tuple(dict.fromkeys(names)) if part else ()
