"""What the events of the documents tab do: find, sort, open, add, remove, and ask only some of them.

Knows Gradio only by its event data; nothing of components or how they are wired.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import get_args

import gradio as gr

from rag import Rag
from rag.errors import InputError, RagError
from rag.listing import Order, Wanted, choose, publishers
from ui.events import number, text, texts
from ui.library import NAMED, PAGE, Shown, added, adding, refused, table
from ui.uploads import MAX_FILE_BYTES, MAX_FILES, Outcome, received_folder, save

FOLDER = "added"
"""Of the documents: what is added in the page goes there, where its owner sees it, and nothing else is removed."""


LONGEST = 200
"""Characters of what is searched for."""
EVERY_FILE = Wanted()


@dataclass
class View:
    """What one tab looks at."""

    wanted: Wanted = EVERY_FILE
    page: int = 0


class Documents:
    """The documents as all tabs see them."""

    def __init__(self, rag: Rag) -> None:
        self._rag = rag
        self._folder = Path(rag.status().folder)

    def adding(self) -> str:
        """Where files are added."""
        return adding(f"{self._folder.name}/{FOLDER}", most=MAX_FILES, megabytes=MAX_FILE_BYTES // 2**20)

    def show(self, view: View) -> str:
        """The page of the table that a tab looks at."""
        try:
            listed = self._rag.documents()
            found = choose(listed, view.wanted)
        except RagError as exc:
            return refused([str(exc)])
        view.page = max(0, min(view.page, (len(found) - 1) // PAGE))
        here = found[view.page * PAGE : (view.page + 1) * PAGE]
        removable = {one.report.source for one in here if _is_added(one.report.source)}
        return table(Shown(here, len(found), view.page, view.wanted, publishers(listed), removable))

    def narrow(self, view: View, event: gr.EventData) -> str:
        """The table, after something was typed into the search."""
        search, publisher, since, until = (
            text(event, name).strip()[:LONGEST] for name in ("search", "publisher", "since", "until")
        )
        view.wanted = replace(view.wanted, search=search, publisher=publisher, since=since, until=until)
        view.page = 0
        return self.show(view)

    def sort(self, view: View, event: gr.EventData) -> str:
        """The table, in another order."""
        order = text(event, "order")
        if order in get_args(Order):
            view.wanted = replace(view.wanted, order=order, falling=bool(number(event, "falling")))  # type: ignore[arg-type]
        view.page = 0
        return self.show(view)

    def turn(self, view: View, event: gr.EventData) -> str:
        """The table, another page of it."""
        view.page = number(event, "page")
        return self.show(view)

    def add(self, view: View, event: gr.EventData) -> tuple[str, str]:
        """The table, and what could not be added."""
        given = list(zip(texts(event, "names"), map(Path, texts(event, "paths")), strict=False))
        outcome = save(given, self._folder / FOLDER, received=received_folder())
        if outcome.saved:
            self._rag.refresh()
        return self.show(view), added(len(outcome.saved), outcome.beside, outcome.known) + refused(_told(outcome))

    def remove(self, view: View, event: gr.EventData) -> tuple[str, str]:
        """The table, and why a file could not be removed."""
        problem = ""
        try:
            self._delete(text(event, "source"))
        except RagError as exc:
            problem = str(exc)
        except OSError as exc:
            problem = f"The document could not be removed: {exc.strerror or exc}."
        return self.show(view), refused([problem] if problem else [])

    def refresh(self) -> None:
        """Look through the folder again."""
        self._rag.refresh()

    def _delete(self, source: str) -> None:
        """Only what the index knows and what came by this page: no path that is asked for reaches the disk."""
        if not _is_added(source) or not any(one.report.source == source for one in self._rag.documents()):
            raise InputError("Only documents that were added here can be removed here.")
        (self._folder / source).unlink(missing_ok=True)
        self._rag.refresh()


def _is_added(source: str) -> bool:
    parts = PurePosixPath(source).parts
    return len(parts) == 2 and parts[0] == FOLDER


def _told(outcome: Outcome) -> list[str]:
    """A line for each file that was not added; many for one reason share theirs."""
    by_reason: dict[str, list[str]] = {}
    for one in outcome.refused:
        by_reason.setdefault(one.reason, []).append(one.name)
    return [
        f"{', '.join(names[:NAMED])}{f' and {len(names) - NAMED:,} more' if len(names) > NAMED else ''}: {reason}"
        for reason, names in by_reason.items()
    ]
