"""Runs from start to end: the program opened, asked, its figures shown and written.

Wires the parts together; does not know how anything is measured, nor how it was asked for.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console

from eval import baseline, checker, report, results, run, stock
from eval.ablate import VARIANTS, Opening, Row, Variant, known_row, varied
from eval.known import Known, choose, load_known
from eval.loaded import told
from eval.program import Program
from eval.scripted import Scripted, load_paraphrases, measure
from eval.seams import Asked
from eval.suite_tables import ablation_grid, checker_grids
from eval.tables import scripted_grids
from rag.errors import InputError
from rag.progress import progress_bar
from rag.types import Progress

LINE_SECONDS = 30.0
"""Between two lines of progress where no terminal shows a bar: a suite takes minutes, a log file should tell."""


Question = TypeVar("Question")
Scored = TypeVar("Scored")


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for on the command line."""

    docs: Path
    home: Path | None = None
    limit: int | None = None
    kind: str | None = None
    cases: Path | None = None
    """A file of known answers of one's own, about `docs`."""
    progress_json: bool = False
    written: list[Path] = field(default_factory=list)
    """Results files, as they come."""

    @property
    def sample(self) -> str:
        """The options that leave questions out; '' where all are asked."""
        given = (("--kind", self.kind), ("--limit", self.limit))
        return " ".join(f"{option} {value}" for option, value in given if value is not None)

    def questions(self) -> tuple[Known, ...]:
        known = load_known(self.cases) if self.cases else load_known()
        if not known:
            raise InputError(f"{str(self.cases)!r} holds no known answer yet; write what is to be written in it.")
        return choose(known, kind=self.kind, limit=self.limit)

    @property
    def about(self) -> tuple[results.Kind, str]:
        """The kind and the name of a run over these questions."""
        return ("cases", self.cases.stem) if self.cases else ("known", "")

    def write(self, console: Console, this: results.Run, found: dict[str, Any], *names: str) -> None:
        """Write a run's results; a partial run is marked in the file's name too, lest it pass for the whole one."""
        path = results.result_path("-".join(str(part) for part in (*names, self.kind, self.limit) if part))
        results.write_json(path, {"run": this, "machine": results.machine(), **found})
        self.written.append(path)
        console.print(f"\nResults: {path}")


@contextmanager
def progress(*, as_json: bool = False) -> Iterator[Progress]:
    """A bar where a terminal shows it, else a line now and then; or a line of JSON each time, for programs."""
    if as_json:
        yield _tell
    elif sys.stderr.isatty():
        with progress_bar() as tick:
            yield tick
    else:
        yield _Lines()


def _tell(what: str, done: int, total: int) -> None:
    print(json.dumps({"what": what, "done": done, "of": total}), file=sys.stderr, flush=True)


class _Lines:
    """Progress as lines on standard error."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def __call__(self, what: str, done: int, total: int) -> None:
        if time.monotonic() - self._last >= LINE_SECONDS:
            self._last = time.monotonic()
            of = f" of {total:,}" if total else ""  # documents that come one by one have no number
            print(f"{what}: {done:,}{of}", file=sys.stderr, flush=True)


def known_answers(console: Console, order: Order, *, check: bool, write: bool) -> bool:
    """Ask every known question; whether no figure fell below the baseline (true where that was not asked).

    Raises:
        InputError: the file of cases is missing or holds none, or no question is of the kind.
    """
    then = baseline.load() if check else {}  # before the long run, so that a missing one is said at once
    questions = order.questions()
    program = Program(order.home)
    with progress(as_json=order.progress_json) as tick, program.folder(order.docs, tick) as rag:
        original = run.folder_texts(order.docs)
        scores = list(run.ask_all(rag, questions, original=original, progress=tick))
    found = run.figures(scores, memory_mib=run.peak_memory_mib())
    verdicts = baseline.verdicts(then, found.counts(), questions=len(questions))
    report.show_figures(console, found)
    report.show_failures(console, run.failures(scores))
    this = results.this_run(*order.about, questions=len(questions), sample=order.sample)
    data = {"figures": found, "made with": program.made_with, "scores": scores, "cases": questions}
    order.write(console, this, data, *(order.about if order.cases else ()))
    if write:
        baseline.save(found.counts())
        console.print(f"These figures are the baseline now: {baseline.FILE.name}.")
    if check:
        report.show_verdicts(console, verdicts)
    return not any(one.fell for one in verdicts)


def against_stock(console: Console, order: Order) -> None:
    """Ask both pipelines every known question."""
    questions = order.questions()
    program = Program(order.home)
    with progress() as tick, program.folder(order.docs, tick) as rag:
        embedder, llm = stock.shared_models(rag)
        theirs = stock.stock(order.docs, embedder=embedder, llm=llm)
        pairs = list(stock.compare(questions, ours=stock.ours(rag), stock=theirs, progress=tick))
    ours = stock.side([(one.known, one.ours) for one in pairs])
    rival = stock.side([(one.known, one.stock) for one in pairs])
    report.show_comparison(console, ours, rival, pairs)
    this = results.this_run("stock", questions=len(questions), sample=order.sample)
    order.write(console, this, {"ours": ours, "stock": rival, "made with": program.made_with, "pairs": pairs}, "stock")


def check_checker(console: Console, order: Order, folder: Path) -> None:
    """Hold true and changed statements, made of the suites in the folder, to the checker."""
    found = checker.figures(folder, limit=order.limit)
    report.show(console, *checker_grids(found))
    this = results.this_run("checker", questions=found.pairs, sample=order.sample)
    order.write(console, this, {"figures": found}, "checker")


def check_replies(console: Console, order: Order) -> None:
    """Ask every known question with a language model that says what it is told to."""
    paraphrases, questions = load_paraphrases(), order.questions()
    program, phraser = Program(order.home), Scripted()
    with progress() as tick, program.folder(order.docs, tick, phraser=phraser) as rag:
        found = measure(rag, phraser, questions, paraphrases=paraphrases, progress=tick)
    report.show(console, *scripted_grids(found))
    this = results.this_run("scripted", questions=found.caught.of, sample=order.sample)
    order.write(console, this, {"figures": found, "made with": program.made_with}, "scripted")


def ablate_known(console: Console, order: Order) -> None:
    """Ask every known question of the program with one part after another left out."""
    questions = order.questions()
    program, original = Program(order.home), run.folder_texts(order.docs)
    with progress() as tick:
        rows = ablation(
            program.varied_folder(order.docs, tick),
            program,
            questions,
            tick=tick,
            ask=lambda rag, known: run.ask(rag, known, original=original, ranks={}),
            row=known_row,
        )
    finish_ablation(console, order, rows, "", len(questions), program)


def ablation(
    opening: Opening,
    program: Program,
    questions: Sequence[Question],
    *,
    tick: Progress,
    ask: Callable[[Asked, Question], Scored],
    row: Callable[[Variant, Sequence[Scored]], Row],
) -> list[Row]:
    """All questions of each variant; a variant that there is nothing to make of is left out."""
    rows: list[Row] = []
    for variant in VARIANTS:
        with varied(variant, opening, program.phraser) as rag:
            if rag is None:
                continue
            rag.ask("What is this about?")  # loads the models, so that no question's seconds hold that
            scored = []
            for done, question in enumerate(questions):
                tick(variant.name, done, len(questions))
                scored.append(ask(rag, question))
            rows.append(row(variant, scored))
    return rows


def finish_ablation(
    console: Console, order: Order, rows: Sequence[Row], name: str, questions: int, program: Program
) -> None:
    """Show and write an ablation's rows; `name` is the suite's, '' for the known answers."""
    report.show(console, ablation_grid(told("ablation", name), rows, of_suite=bool(name)))
    this = results.this_run("ablation", name, questions=questions, sample=order.sample)
    order.write(console, this, {"rows": rows, "made with": program.made_with}, name, "ablation")
