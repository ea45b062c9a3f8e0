"""Runs over suites from start to end, one after another: results of each are written as soon as it is done.

Wires the parts together; does not know how anything is measured, nor any suite by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from eval import choosing, disagree, layout, report, results, suite
from eval.ablate import suite_row
from eval.choosing import Compared, Figures, Silent
from eval.disagree import OwnFigures
from eval.orders import Order, ablation, finish_ablation, progress
from eval.program import Program
from eval.sufficiency import is_told
from eval.suite import SuiteFigures
from eval.suite_tables import Named, overview, sentences_grid
from rag.errors import InputError
from rag.types import Progress


def over_suites(console: Console, order: Order, folders: Sequence[Path]) -> None:
    """Measure on every suite, and at the end show one table over all where there are several."""
    chosen = [one for folder in folders for one in layout.suites(folder)]
    program = Program()
    done: list[Named] = []
    for folder in chosen:
        name = folder.resolve().name
        with progress() as tick:
            measure = _own if layout.brings_own(folder) else _over_corpus
            done.append(Named(name, measure(console, order, folder, program, _named(tick, name))))
    if len(done) > 1:
        report.show(console, overview(done))


def choose_in_suites(console: Console, order: Order, folders: Sequence[Path]) -> None:
    """Measure the choice of sentences on every suite with short answers or gold sentences.

    Raises:
        InputError: there is none.
    """
    chosen = [one for folder in folders for one in layout.suites(folder) if not layout.brings_own(one)]
    asked = [(one, [query for query in _queries(order, one) if is_told(query)]) for one in chosen]
    asked = [(folder, told) for folder, told in asked if any(query.answerable for query in told)]
    if not asked:
        raise InputError("--sentences takes suites with short answers or gold sentences; none of these has any.")
    silent = Silent()
    programs = Program(), Program(reader=silent), Program(ranker=silent), Program(ranker=silent, reader=silent)
    for folder, told in asked:
        _choose(console, order, folder, told, programs)


def _queries(order: Order, folder: Path) -> Sequence[layout.Query]:
    return layout.queries(folder, layout.same_texts(folder), order.limit)


def _choose(
    console: Console, order: Order, folder: Path, told: Sequence[layout.Query], programs: Sequence[Program]
) -> None:
    name, found = folder.resolve().name, list[Figures]()
    with progress() as bar, _home(order, name) as home:
        tick = _named(bar, name)
        for program in programs:
            with program.documents(layout.documents(folder), home, tick, phrase="never") as rag:
                found.append(choosing.figures(list(choosing.ask(rag, told, tick))))
    compared = Compared(*found)
    report.show(console, sentences_grid(name, compared))
    this = results.this_run("sentences", name, questions=len(told), sample=order.sample)
    made_with = {"embedder": programs[0].made_with.get("embedder")}
    order.write(console, this, {"figures": compared, "made with": made_with}, f"{name}-sentences")


def ablate_suites(console: Console, order: Order, folders: Sequence[Path]) -> None:
    """Ask every suite's questions of the program with one part after another left out.

    Raises:
        InputError: a suite's questions bring their own documents.
    """
    chosen = [one for folder in folders for one in layout.suites(folder)]
    if own := next((folder for folder in chosen if layout.brings_own(folder)), None):
        raise InputError(f"--ablate takes suites with one corpus; the questions of {str(own)!r} bring their own.")
    for folder in chosen:
        _ablate(console, order, folder)


def _named(tick: Progress, name: str) -> Progress:
    return lambda what, done, total: tick(f"{name}: {what}", done, total)


@contextmanager
def _home(order: Order, name: str) -> Iterator[Path]:
    """Where a suite's index lives: under the home that was given, else where it is thrown away."""
    if order.home:
        yield order.home / name
    else:
        with TemporaryDirectory(prefix="eval-") as home:
            yield Path(home)


def _over_corpus(console: Console, order: Order, folder: Path, program: Program, tick: Progress) -> SuiteFigures:
    name, same = folder.resolve().name, layout.same_texts(folder)
    questions = layout.queries(folder, same, order.limit)
    program.made_with = {}
    with _home(order, name) as home, program.documents(layout.documents(folder), home, tick, phrase="never") as rag:
        asked = list(suite.ask_all(rag, questions, same=same, progress=tick))
    found = suite.figures(asked)
    report.show_suite(console, name, found)
    report.show_unsupported(console, [(one.query.text, one.unsupported) for one in asked if one.unsupported])
    this = results.this_run("suite", name, questions=len(questions), sample=order.sample)
    order.write(console, this, {"figures": found, "made with": program.made_with, "asked": asked}, name)
    return found


def _own(console: Console, order: Order, folder: Path, program: Program, tick: Progress) -> OwnFigures:
    name, questions = folder.resolve().name, layout.own_questions(folder, order.limit)
    asked = list(disagree.ask_all(program.own, questions, progress=tick))
    found = disagree.figures(asked)
    report.show_suite(console, name, found)
    report.show_unsupported(console, [(one.question, one.unsupported) for one in asked if one.unsupported])
    models = {part: program.made_with.get(part) for part in ("embedder", "model")}
    this = results.this_run("own documents", name, questions=len(questions), sample=order.sample)
    order.write(console, this, {"figures": found, "made with": models, "asked": asked}, name)
    return found


def _ablate(console: Console, order: Order, folder: Path) -> None:
    name, same = folder.resolve().name, layout.same_texts(folder)
    questions, program = layout.queries(folder, same, order.limit), Program()
    with progress() as bar, _home(order, name) as home:
        tick = _named(bar, name)
        rows = ablation(
            program.varied_documents(partial(layout.documents, folder), home, tick),
            program,
            questions,
            tick=tick,
            ask=partial(suite.ask, same=same),
            row=suite_row,
        )
    finish_ablation(console, order, rows, name, len(questions), program)
