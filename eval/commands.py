"""The evaluation's command line, which `__main__` runs: `python -m eval`, see `python -m eval --help`.

Exit codes: 0 fine, 1 the check failed or something broke, 2 wrong input, 130 stopped by Ctrl-C.
Reads what was asked for; does not know how a run goes.
"""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from eval import elsewhere_orders, feedback, ingest_orders, orders, page, page_orders, report, suite_orders
from eval.elsewhere import FOLDERS
from eval.ingest import sizes as sizes_of
from eval.known import TO_BE_WRITTEN, load_known
from eval.orders import Order
from rag.errors import InputError, RagError
from rag.settings import load_settings
from rag.wiring import index_home

SEEDS = Path(__file__).resolve().parent.parent / "seeds"

INTERRUPTED = 130
"""What shells report for a program that Ctrl-C ended."""


FROM_FEEDBACK = "--from-feedback"
"""Another way to write the command `feedback`: an option whose value may be left away is none to the library."""


class Rival(StrEnum):
    """What this program can be compared with."""

    stock = "stock"


cli = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@cli.callback(invoke_without_command=True)
def command(
    context: typer.Context,
    docs: Annotated[Path, typer.Option(help="Folder that the known answers are about.", show_default="seeds")] = SEEDS,
    home: Annotated[
        Path | None,
        typer.Option(
            help="Where the index lives. Default: RAG_HOME, or .rag beside the folder; for a suite, thrown away."
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Exit 1 when a figure fell below the committed baseline.")
    ] = False,
    write_baseline: Annotated[
        bool, typer.Option("--write-baseline", help="Make this run's figures the baseline.")
    ] = False,
    suites: Annotated[
        list[Path] | None,
        typer.Option("--suite", metavar="DIR", help="Measure on a suite, or on all in a folder; may be repeated."),
    ] = None,
    ablate: Annotated[
        bool, typer.Option("--ablate", help="Leave out one part after another; over the known answers or --suite.")
    ] = False,
    sentences: Annotated[
        bool,
        typer.Option(
            "--sentences", help="With --suite: only the choice of sentences, with ranker and reader and without."
        ),
    ] = False,
    against: Annotated[
        Rival | None, typer.Option(help="Ask the pipeline of LlamaIndex's docs the same questions.")
    ] = None,
    checker: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Hold statements made of the suites in a folder to the checker alone."),
    ] = None,
    scripted: Annotated[
        bool, typer.Option("--scripted", help="Ask with replies written beforehand: what is shown, what is caught.")
    ] = False,
    write_report: Annotated[
        bool, typer.Option("--report", help="Write docs/EVAL.md from the newest results; asks nothing.")
    ] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Only so many questions, always the same.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only questions of this kind.")] = None,
    cases: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Known answers of your own, about --docs, in place of the seeds'."),
    ] = None,
    progress_json: Annotated[
        bool, typer.Option("--progress-json", help="Tell the progress to a program: a line of JSON for each question.")
    ] = False,
) -> None:
    """How good the answers are: over the known answers, or over suites; further runs are the commands below."""
    if context.invoked_subcommand:
        _check_alone(context)
        return
    order, console = Order(docs, home, limit, kind, cases, progress_json), report.terminal()
    baseline = check or write_baseline
    _check_one_run(baseline, bool(suites) or ablate, against is not None, checker is not None, scripted, write_report)
    _check_baseline(order, check=check, write=write_baseline)
    if cases and (baseline or suites or ablate or against or checker or scripted or write_report):
        raise InputError("--cases is a run of its own over cases of yours; of the others it takes --limit and --kind.")
    if (suites or checker) and kind is not None:
        raise InputError("--kind chooses among the known answers; suites take only --limit.")
    if sentences and (not suites or ablate):
        raise InputError("--sentences is measured on suites, by itself: give it with --suite DIR.")
    if write_report and order.sample:
        raise InputError("--report asks nothing, so there is nothing to limit; leave --limit and --kind away.")
    with _stoppable(order.written):
        if write_report:
            console.print(f"Written: {', '.join(map(str, page.write()))}")
        elif suites:
            _over_suites(ablate, sentences)(console, order, suites)
        elif ablate:
            orders.ablate_known(console, order)
        elif against is not None:
            orders.against_stock(console, order)
        elif checker is not None:
            orders.check_checker(console, order, checker)
        elif scripted:
            orders.check_replies(console, order)
        elif not orders.known_answers(console, order, check=check, write=write_baseline):
            raise typer.Exit(1)


class Part(StrEnum):
    """The two halves of the benchmark of indexing."""

    beside = "beside"
    sizes = "sizes"


class Embedding(StrEnum):
    """What embeds the synthetic text of each size."""

    real = "real"
    fake = "fake"


@cli.command()
def ingest(
    docs: Annotated[
        Path | None, typer.Option(help="Folder to index beside stock LlamaIndex. Default: synthetic reports.")
    ] = None,
    passages: Annotated[
        int, typer.Option(min=ingest_orders.LEAST, help="Without --docs: about so many passages of them.")
    ] = ingest_orders.PASSAGES,
    sizes: Annotated[
        str, typer.Option(metavar="N,N", help="Then so many passages, each size in a process of its own.")
    ] = "1000,10000",
    embedder: Annotated[
        Embedding, typer.Option(help="For the sizes: the program's model, or hashed words in its place.")
    ] = Embedding.real,
    only: Annotated[Part | None, typer.Option(help="Only beside stock LlamaIndex, or only the sizes.")] = None,
) -> None:
    """What indexing takes: beside stock LlamaIndex over the same files, and time and memory by size."""
    order = ingest_orders.IngestOrder(docs, passages, sizes_of(sizes), embedder.value, [])
    console = report.terminal()
    if docs is not None and only is Part.sizes:
        raise InputError("--docs is indexed beside stock LlamaIndex; the sizes are of synthetic text. Leave one away.")
    with _stoppable(order.written):
        if only is not Part.sizes:
            ingest_orders.beside_stock(console, order)
        if only is not Part.beside:
            ingest_orders.by_size(console, order)


@cli.command("page")
def time_the_page(
    docs: Annotated[Path, typer.Option(help="Folder that the page is about.", show_default="seeds")] = SEEDS,
    cases: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Questions about it. Default: the known answers' questions.")
    ] = None,
    questions: Annotated[int, typer.Option(min=1, help="So many of them, one at a time, beside stock.")] = 12,
    users: Annotated[int, typer.Option(min=0, help="Then so many people asking at once; 0 leaves it out.")] = 20,
) -> None:
    """How long people wait: the page in a real browser beside stock LlamaIndex, then many people at once."""
    order = page_orders.PageOrder(docs, cases, questions, users)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # else the page's server would outlive this
    with _stoppable(order.written):
        page_orders.time_page(report.terminal(), order)


@cli.command("folders")
def over_folders(
    where: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help="Of folders of your own, each with docs/ and cases.jsonl."),
    ] = None,
) -> None:
    """Other folders than the seeds, each with questions about it: six invented ones, or those in DIR."""
    order = Order(where or FOLDERS)
    with _stoppable(order.written):
        elsewhere_orders.ask_folders(report.terminal(), order)


@cli.command("feedback")
def from_feedback(
    home: Annotated[
        Path | None,
        typer.Argument(metavar="[RAG_HOME]", help="An index whose answers were rated, or the folder of it."),
    ] = None,
    docs: Annotated[
        Path, typer.Option(help="Without RAG_HOME: the folder of documents.", show_default="seeds")
    ] = SEEDS,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Add the candidates to this file, for --cases.")
    ] = None,
) -> None:
    """What people thought of answers (thumbs up and down), as candidates for known answers: `--from-feedback`."""
    rated = feedback.read(home or index_home(docs, load_settings()))
    existing = [one.question for one in load_known()] + (feedback.questions(out) if out else [])
    found, console = feedback.candidates(rated, existing), report.terminal()
    report.show(console, feedback.candidates_grid(found, existing=len(rated) - len(found)))
    if out is None:
        console.print("\nNothing was written; --out FILE keeps them.")
        return
    feedback.add(found, out)
    told = f"Added to {out}: {len(found)}. Write what is {TO_BE_WRITTEN}, then: python -m eval --cases {out}"
    console.print(f"\n{told} --docs FOLDER")


def _check_alone(context: typer.Context) -> None:
    """Options before a command's name are of the other runs: left unread, something else would be measured."""
    sources = [context.get_parameter_source(name) for name in context.params]
    given = [source for source in sources if source is not None and source.name == "COMMANDLINE"]
    if given:
        raise InputError(
            f"The options of a command come after its name: python -m eval {context.invoked_subcommand} --help"
        )


def _over_suites(ablate: bool, sentences: bool) -> Callable[[Console, Order, Sequence[Path]], None]:
    if ablate:
        return suite_orders.ablate_suites
    return suite_orders.choose_in_suites if sentences else suite_orders.over_suites


def _check_one_run(*wanted: bool) -> None:
    if sum(wanted) > 1:
        raise InputError(
            "These are different runs, give one: --check or --write-baseline, --suite and --ablate, --against, "
            "--checker, --scripted, --report."
        )


def _check_baseline(order: Order, *, check: bool, write: bool) -> None:
    if check and write:
        raise InputError("--check holds a run to the baseline and --write-baseline replaces it; give one.")
    if (check or write) and order.sample:
        raise InputError("The baseline is about all questions; leave --limit and --kind away.")


@contextmanager
def _stoppable(written: Sequence[Path]) -> Iterator[None]:
    """Ctrl-C ends a run with a sentence that names the results `written` by then."""
    try:
        yield
    except KeyboardInterrupt:
        raise typer.Exit(_fail(_stopped(written), INTERRUPTED)) from None


def _stopped(written: Sequence[Path]) -> str:
    done = ", ".join(path.name for path in written)
    return f"Stopped; written before that: {done}." if done else "Stopped; no results were written."


def main() -> None:
    """Run the command; every error is one sentence on standard error."""
    logging.getLogger("httpx").setLevel(logging.WARNING)  # else a line per request stands across the bar
    try:
        cli(["feedback" if word == FROM_FEEDBACK else word for word in sys.argv[1:]])
    except InputError as exc:
        sys.exit(_fail(str(exc), 2))
    except RagError as exc:
        sys.exit(_fail(str(exc), 1))


def _fail(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code
