"""What the page says of the documents at a moment, and what of that has changed since a tab last heard.

Knows Gradio only by its way to leave a component as it is.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from rag import Rag, Upkeeping
from rag.errors import NoDocumentsError, RagError
from ui import render, standing

EVERY = 2.0
"""Seconds between two looks of a tab."""


class About:
    """The documents as all tabs see them."""

    def __init__(self, rag: Rag) -> None:
        self._rag = rag

    def all(self) -> dict[str, str]:
        """What is indexed, with which models; what stands in an empty conversation; and what is being indexed.

        Each by the name of what shows it.
        """
        status, state = self._rag.status(), self._rag.upkeep
        bare = status.files == 0
        welcome = render.welcome(status, self._rag.suggestions())
        if bare and not state.running:
            welcome = standing.beginning(status)  # how to begin, where there are no documents
        # Of a folder that holds none nothing is wrong; the welcome says so at length.
        upkeep = "" if bare and isinstance(state.problem, NoDocumentsError) else standing.keeping(state)
        return {"stands": standing.standing(status), "welcome": welcome, "upkeep": upkeep, "progress": upkeep}

    def renewed(self, shown: dict[str, str]) -> tuple[Any, ...]:
        """What differs from what the tab shows, which closes nothing that somebody has opened; and all of it."""
        try:
            now = self.all()
        except RagError as exc:  # the index was damaged, say; what is shown stays, and the reason stands below it
            said = standing.keeping(Upkeeping(problem=exc))
            now = {**shown, "upkeep": said, "progress": said}
        return (*(gr.skip() if text == shown.get(name) else text for name, text in now.items()), now)
