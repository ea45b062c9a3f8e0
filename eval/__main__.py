"""The evaluation's command line: `python -m eval`, see `python -m eval --help`.

Exit codes: 0 fine, 1 the check failed or something broke, 2 wrong input, 130 stopped by Ctrl-C.
Wires the parts together; does not know how anything is measured.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from eval import baseline, report, results, run, stock, suite
from eval.known import Known, choose, load_known
from rag import Rag
from rag.errors import InputError, RagError
from rag.progress import progress_bar
from rag.settings import load_settings
from rag.types import Progress, Status

SEEDS = Path(__file__).resolve().parent.parent / "seeds"

INTERRUPTED = 130
"""What shells report for a program that Ctrl-C ended."""


class Rival(StrEnum):
    """What this program can be compared with."""

    stock = "stock"


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for on the command line."""

    docs: Path
    home: Path | None
    limit: int | None
    kind: str | None

    @property
    def whole(self) -> bool:
        return self.limit is None and self.kind is None

    def questions(self) -> tuple[Known, ...]:
        return choose(load_known(), kind=self.kind, limit=self.limit)

    def opened(self, tick: Progress) -> Rag:
        settings = load_settings(home=self.home) if self.home else load_settings()
        return Rag.open(self.docs, settings=settings, progress=tick)

    def results(self, name: str) -> Path:
        """Where this run's results go; a partial run is marked, lest it pass for the whole one."""
        return results.result_path("-".join(str(part) for part in (name, self.kind, self.limit) if part))


cli = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@cli.command()
def command(
    docs: Annotated[Path, typer.Option(help="Folder that the known answers are about.", show_default="seeds")] = SEEDS,
    home: Annotated[
        Path | None,
        typer.Option(
            help="Where the index lives. Default: RAG_HOME, or .rag beside the folder; a suite's is thrown away."
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Exit 1 when a figure fell below the committed baseline.")
    ] = False,
    write_baseline: Annotated[
        bool, typer.Option("--write-baseline", help="Make this run's figures the baseline.")
    ] = False,
    suite_folder: Annotated[
        Path | None,
        typer.Option("--suite", metavar="DIR", help="Measure on a folder in BEIR's layout instead."),
    ] = None,
    against: Annotated[
        Rival | None, typer.Option(help="Ask the pipeline of LlamaIndex's docs the same questions.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only so many questions, always the same.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only questions of this kind.")] = None,
) -> None:
    """How good the answers are: over the known answers, or over a suite."""
    order = Order(docs, home, limit, kind)
    console = report.terminal()
    _check_combination(order, check=check, write=write_baseline, suite_folder=suite_folder, against=against)
    try:
        if suite_folder is not None:
            _suite(console, order, suite_folder)
        elif against is not None:
            _against_stock(console, order)
        else:
            _known_answers(console, order, check=check, write=write_baseline)
    except KeyboardInterrupt:
        raise typer.Exit(_fail("Stopped; no results were written.", INTERRUPTED)) from None


def _check_combination(
    order: Order, *, check: bool, write: bool, suite_folder: Path | None, against: Rival | None
) -> None:
    if sum((check or write, suite_folder is not None, against is not None)) > 1:
        raise InputError("--check and --write-baseline, --suite, and --against are different runs; give one.")
    if check and write:
        raise InputError("--check holds a run to the baseline and --write-baseline replaces it; give one.")
    if (check or write) and not order.whole:
        raise InputError("The baseline is about all questions; leave --limit and --kind away.")
    if suite_folder is not None and order.kind is not None:
        raise InputError("--kind chooses among the known answers; a suite takes only --limit.")


def _known_answers(console: Console, order: Order, *, check: bool, write: bool) -> None:
    then = baseline.load() if check else {}  # before the long run, so that a missing one is said at once
    questions = order.questions()
    with progress_bar() as tick, order.opened(tick) as rag:
        made_with = _made_with(rag.status())
        original = run.folder_texts(order.docs)
        scores = list(run.ask_all(rag, questions, original=original, progress=tick))
    found = run.figures(scores, memory_mib=run.peak_memory_mib())
    verdicts = baseline.verdicts(then, found.counts(), questions=len(questions))
    report.show_figures(console, found)
    report.show_failures(console, run.failures(scores))
    _write(console, order.results(""), {"figures": found, "made with": made_with, "scores": scores})
    if write:
        baseline.save(found.counts())
        console.print(f"These figures are the baseline now: {baseline.FILE.name}.")
    if check:
        report.show_verdicts(console, verdicts)
    if any(one.fell for one in verdicts):
        raise typer.Exit(1)


def _against_stock(console: Console, order: Order) -> None:
    questions = order.questions()
    with progress_bar() as tick, order.opened(tick) as rag:
        made_with = _made_with(rag.status())
        embedder, llm = stock.shared_models(rag)
        theirs = stock.stock(order.docs, embedder=embedder, llm=llm)
        pairs = list(stock.compare(questions, ours=stock.ours(rag), stock=theirs, progress=tick))
    ours = stock.side([(one.known, one.ours) for one in pairs])
    rival = stock.side([(one.known, one.stock) for one in pairs])
    report.show_comparison(console, ours, rival, pairs)
    _write(console, order.results("stock"), {"ours": ours, "stock": rival, "made with": made_with, "pairs": pairs})


def _suite(console: Console, order: Order, folder: Path) -> None:
    suite.check_layout(folder)
    same = suite.same_texts(folder)
    questions = suite.queries(folder, same, order.limit)
    place = nullcontext(str(order.home)) if order.home else tempfile.TemporaryDirectory(prefix="eval-")
    with place as home, progress_bar() as tick:
        settings = load_settings(phrase="never")
        corpus = suite.documents(folder)
        with Rag.from_documents(corpus, home=Path(home), settings=settings, progress=tick) as rag:
            made_with = _made_with(rag.status())
            asked = list(suite.ask_all(rag, questions, same=same, progress=tick))
    found = suite.figures(asked)
    name = folder.resolve().name
    report.show_suite(console, name, found)
    _write(console, order.results(name), {"figures": found, "made with": made_with, "asked": asked})


def _made_with(status: Status) -> dict[str, Any]:
    """Models and counts; the folders of this machine are nobody's business."""
    return {name: value for name, value in asdict(status).items() if name not in ("folder", "home")}


def _write(console: Console, path: Path, found: dict[str, Any]) -> None:
    results.write_json(path, {"machine": results.machine(), **found})
    console.print(f"\nResults: {path}")


def main() -> None:
    """Run the command; every error is one sentence on standard error."""
    logging.getLogger("httpx").setLevel(logging.WARNING)  # else a line per request stands across the bar
    try:
        cli()
    except InputError as exc:
        sys.exit(_fail(str(exc), 2))
    except RagError as exc:
        sys.exit(_fail(str(exc), 1))


def _fail(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code


if __name__ == "__main__":
    main()
