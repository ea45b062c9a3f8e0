"""The run over other folders than the seeds, from start to end. Quotes only, as with the public suites."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from eval import report, results, run
from eval.elsewhere import CASES, DOCS, FOLDERS, Elsewhere, folders, grid
from eval.known import Score, load_known
from eval.orders import Order, progress
from eval.program import Program


def ask_folders(console: Console, order: Order) -> None:
    """Ask the questions of each folder in `order.docs` of its documents, and show and write what came of it.

    Raises:
        InputError: there is no such folder.
    """
    found: dict[str, list[Score]] = {}
    program = Program()
    for folder in folders(order.docs):
        questions, docs = load_known(folder / CASES), folder / DOCS
        with (
            progress() as tick,
            TemporaryDirectory() as home,
            program.folder(docs, tick, phrase="never", home=Path(home)) as rag,
        ):
            found[folder.name] = list(run.ask_all(rag, questions, original=run.folder_texts(docs), progress=tick))
    scores = [one for of_folder in found.values() for one in of_folder]
    figures = Elsewhere({name: run.figures(one) for name, one in found.items()}, run.figures(scores))
    report.show(console, grid(figures))
    report.show_failures(console, run.failures(scores))
    name = "" if order.docs == FOLDERS else order.docs.resolve().name
    this = results.this_run("folders", name, questions=len(scores), sample="")
    order.write(console, this, {"figures": figures, "made with": program.made_with, "scores": scores}, "folders", name)
