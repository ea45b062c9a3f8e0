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

    def stands(self) -> str:
        """What is indexed, with which models."""
        return standing.standing(self._rag.status())

    def welcome(self) -> str:
        """What stands in an empty conversation; how to begin, where there are no documents."""
        status, upkeep = self._rag.status(), self._rag.upkeep
        if status.files == 0 and not upkeep.running:
            return standing.beginning(status)
        return render.welcome(status, self._rag.suggestions())

    def upkeep(self) -> str:
        """What is being indexed."""
        upkeep = self._rag.upkeep
        if isinstance(upkeep.problem, NoDocumentsError) and self._rag.status().files == 0:
            return ""  # nothing is wrong; the welcome says so at length
        return standing.keeping(upkeep)

    def all(self) -> dict[str, str]:
        """Each of these, by the name of what shows it."""
        upkeep = self.upkeep()
        return {"stands": self.stands(), "welcome": self.welcome(), "upkeep": upkeep, "progress": upkeep}

    def renewed(self, shown: dict[str, str]) -> tuple[Any, ...]:
        """What differs from what the tab shows, which closes nothing that somebody has opened; and all of it."""
        try:
            now = self.all()
        except RagError as exc:  # the index was damaged, say; what is shown stays, and the reason stands below it
            said = standing.keeping(Upkeeping(problem=exc))
            now = {**shown, "upkeep": said, "progress": said}
        return (*(gr.skip() if text == shown.get(name) else text for name, text in now.items()), now)
