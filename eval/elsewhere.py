"""Other folders than the seeds, each with questions and known answers: is the program as good there?

Those that come with it lie in `eval/folders`: invented papers, and questions written by somebody who had not seen the
program. Quotes only, as with the public suites. Does not know how an answer is scored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console

from eval import report, results, run
from eval.known import Score, load_known
from eval.orders import Order, progress
from eval.program import Program
from eval.run import Figures
from eval.tables import Grid, decimal, rest
from rag.errors import InputError

FOLDERS = Path(__file__).with_name("folders")
DOCS, CASES = "docs", "cases.jsonl"
ALL = "all"
TITLE = "Other folders"
SAID = (
    "right: every required fact is stated; refused rightly: what the documents do not answer; citations right: the "
    "quote or its sentence holds a required fact."
)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What each folder came to, and all of them together."""

    folders: Mapping[str, Figures]
    all: Figures


def ask_folders(console: Console, order: Order) -> None:
    """Ask the questions of each folder in `order.docs` of its documents, and show and write what came of it.

    Raises:
        InputError: there is no such folder.
    """
    found: dict[str, list[Score]] = {}
    program = Program()
    for folder in folders(order.docs):
        questions, docs = load_known(folder / CASES), folder / DOCS
        with progress() as tick, TemporaryDirectory() as home, program.folder(docs, tick, **_quotes_only(home)) as rag:
            asked = run.ask_all(rag, questions, original=run.folder_texts(docs), progress=tick)
            found[folder.name] = list(asked)
    scores = [one for of_folder in found.values() for one in of_folder]
    figures = Elsewhere({name: run.figures(one) for name, one in found.items()}, run.figures(scores))
    report.show(console, grid(figures))
    report.show_failures(console, run.failures(scores))
    name = "" if order.docs == FOLDERS else order.docs.resolve().name
    this = results.this_run("folders", name, questions=len(scores), sample="")
    order.write(console, this, {"figures": figures, "made with": program.made_with, "scores": scores}, "folders", name)


def _quotes_only(home: str) -> dict[str, Any]:
    return {"phrase": "never", "home": Path(home)}


def folders(where: Path) -> tuple[Path, ...]:
    """The folders in another that hold documents and questions, by name.

    Raises:
        InputError: there is none.
    """
    inside = sorted(where.iterdir()) if where.is_dir() else []
    found = tuple(one for one in inside if (one / DOCS).is_dir() and (one / CASES).is_file())
    if not found:
        raise InputError(f"{str(where)!r} holds no folder with {DOCS!r} and {CASES!r} in it; give one that does.")
    return found


def grid(found: Elsewhere) -> Grid:
    """A row for each folder, and one for all."""
    rows = tuple(_row(name, one) for name, one in (*found.folders.items(), (ALL, found.all)))
    headers = ("folder", "questions", "right", "refused rightly", "refused falsely", "citations right", "AUC", "words")
    return Grid(TITLE, headers, rows, SAID)


def _row(name: str, one: Figures) -> tuple[str, ...]:
    return (
        name,
        str(one.questions),
        *(f"{part.right} of {part.of}" for part in (one.right, one.refused, rest(one.answered), one.citations)),
        decimal(one.auc),
        f"{one.words:.0f}",
    )
