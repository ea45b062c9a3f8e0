"""Tables in the terminal: every figure with a few words on what it means.

Knows rich; does not know how a figure comes about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from eval.baseline import ALLOWED_QUESTIONS, Verdict
from eval.known import Score
from eval.metrics import Share, Spread, single_spaced
from eval.run import DEPTHS, Figures, Ranking
from eval.seams import Mode
from eval.stock import Pair, Side, is_right
from eval.suite import SuiteFigures

WIDTH = 110
"""Columns where nobody says how wide the paper is: a log file, a pipe."""

WAYS = "Search by dense vectors, by words, and by both fused (hybrid), which is what answers are made from."
GOLD = "A hit is a passage of an accepted source that has a gold quote, or the larger part of it."
RELEVANT = "A hit is a document that the suite calls relevant, at the rank of its best passage; copies are one."

KINDS: Mapping[str, str] = {
    "changed": "what changed over time: the newest report counts",
    "differs": "what the documents do not agree on",
    "two-documents": "what takes two documents to answer",
    "follow-up": "what leans on the question before",
    "near-miss": "the right names, a fact that is absent: to be refused",
    "unanswerable": "what no document is about: to be refused",
}

STAGES: Mapping[str, str] = {
    "retrieve": "searching vectors and words",
    "evidence": "choosing the sentences that bear on the question",
    "answer": "wording them, and checking the words",
    "total": "from question to whole answer",
}


def terminal() -> Console:
    """The terminal's width, or `WIDTH` where there is no terminal."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=WIDTH)


def show_figures(console: Console, found: Figures) -> None:
    """All tables of a run over the known answers."""
    console.print(_ranking_table("Finding the passage", GOLD, found.retrieval))
    console.print(_answers_table(found))
    console.print(_kinds_table(found.right_by_kind))
    console.print(_seconds_table(found.seconds))


def _table(title: str, *headers: str) -> Table:
    table = Table(title=f"\n{title}", title_justify="left", title_style="bold", show_edge=False, pad_edge=False)
    table.caption_justify = "left"
    for header in headers:
        worded = header in ("what it says", "what it asks", "what it does")
        first = header == headers[0]
        table.add_column(header, justify="left" if first or worded else "right", no_wrap=first)
    return table


def _ranking_table(
    title: str, hit: str, retrieval: Mapping[Mode, Ranking], ndcg: Mapping[Mode, float] | None = None
) -> Table:
    extra = ["nDCG@10"] if ndcg is not None else []
    table = _table(title, "search", *(f"Hits@{depth}" for depth in DEPTHS), "MRR@10", *extra)
    table.caption = f"{hit}\n{WAYS}"
    for mode, found in retrieval.items():
        cells = [str(found.hits[depth]) for depth in DEPTHS] + [f"{found.mrr:.3f}"]
        cells += [f"{ndcg[mode]:.3f}"] if ndcg is not None else []
        table.add_row(mode, *cells)
    return table


def _answers_table(found: Figures) -> Table:
    table = _table("Answers", "", "figure", "what it says")
    memory = "not known" if found.memory_mib is None else f"{found.memory_mib:,.0f} MiB"
    for name, figure, meaning in (
        ("right", found.right, "answerable questions whose answer states every required fact"),
        ("refused rightly", found.refused, "unanswerable questions that got the refusal"),
        ("refused falsely", _rest(found.answered), "answerable questions that got the refusal"),
        ("citations right", found.citations, "the quote or its sentence holds a required fact (precision)"),
        ("facts cited", found.facts_cited, "required facts that stand in a cited quote (recall)"),
        (
            "quotes verbatim",
            found.verbatim,
            "footnotes at their span and in the file, quoted sentences in a footnote",
        ),
        ("sentences quoted", found.quoted, "shown sentences that are quotes"),
        ("sentences supported", found.supported, "shown sentences worded anew and checked"),
        ("words", f"{found.words:.0f}", "per answer, median, without marks; refusals left out"),
        ("peak memory", memory, "most this process ever held, models included"),
    ):
        table.add_row(name, str(figure), meaning)
    return table


def _rest(part: Share) -> Share:
    return Share(part.of - part.right, part.of)


def _kinds_table(kinds: Mapping[str, Share]) -> Table:
    table = _table("By kind of question", "kind", "right", "what it asks")
    for kind, part in kinds.items():
        table.add_row(escape(kind), str(part), KINDS.get(kind, ""))
    return table


def _seconds_table(seconds: Mapping[str, Spread]) -> Table:
    table = _table("Seconds per answer", "stage", "median", "95 % within", "what it does")
    for stage, one in seconds.items():
        table.add_row(escape(stage), f"{one.median:.3f}", f"{one.p95:.3f}", STAGES.get(stage, ""))
    return table


def show_failures(console: Console, failed: Sequence[tuple[Score, Sequence[str]]]) -> None:
    """Each question that went wrong, and what was missing."""
    if not failed:
        console.print("\nNo question went wrong.")
        return
    console.print(f"\n[bold]Went wrong: {len(failed)}[/]")
    for one, faults in failed:
        console.print(_indented(f"{one.id} ({one.kind}) {one.question}", 2))
        for fault in faults:
            console.print(_indented(fault, 6))


def _indented(text: str, columns: int) -> Padding:
    return Padding(escape(single_spaced(text)), (0, 0, 0, columns))


def show_verdicts(console: Console, verdicts: Sequence[Verdict]) -> None:
    """The figures against the baseline's."""
    table = _table("Against the baseline", "figure", "baseline", "now", "may lose", "verdict")
    for one in verdicts:
        verdict = f"[bold red]FELL by {one.lost:.3g}[/]" if one.fell else "holds"
        table.add_row(one.name, str(one.then), str(one.now), f"{one.allowed:.3g}", verdict)
    console.print(table)
    fallen = sum(one.fell for one in verdicts)
    console.print(
        f"\n[bold red]Check failed: {fallen} of {len(verdicts)} figures fell.[/]"
        if fallen
        else f"\nCheck passed: no figure fell by more than {ALLOWED_QUESTIONS} questions' worth."
    )


def show_comparison(console: Console, ours: Side, stock: Side, pairs: Sequence[Pair]) -> None:
    """Both pipelines, column by column, and the questions that only one of them got right."""
    table = _table("The same questions, models and machine", "", "this program", "stock LlamaIndex", "what it says")
    rows: tuple[tuple[str, Callable[[Side], str], str], ...] = (
        ("right", lambda one: str(one.right), "answers that state every required fact"),
        ("refused rightly", lambda one: str(one.refused), "unanswerable questions refused"),
        ("refused falsely", lambda one: str(one.falsely_refused), "answerable questions refused"),
        ("words", lambda one: f"{one.words:.0f}", "per answer, median"),
        ("seconds", lambda one: f"{one.seconds:.2f}", "per answer, median"),
    )
    for name, cell, meaning in rows:
        table.add_row(name, cell(ours), cell(stock), meaning)
    console.print(table)
    if ours.seconds:
        console.print(f"\nStock takes {stock.seconds / ours.seconds:.1f} times as long per answer (medians).")
    lost = [one for one in pairs if one.known.answerable and is_right(one.known, one.stock)]
    lost = [one for one in lost if not is_right(one.known, one.ours)]
    for one in lost:
        console.print(_indented(f"Only stock is right: {one.known.id} {one.known.question}", 2))


def show_suite(console: Console, name: str, found: SuiteFigures) -> None:
    """The tables of a suite."""
    title = f"{name}: finding a relevant document ({found.judged} of {found.questions} questions have one)"
    console.print(_ranking_table(escape(title), RELEVANT, found.retrieval, found.ndcg))
    table = _table("Answering without the language model", "", "figure", "what it says")
    order = "not measured" if found.auc is None else f"{found.auc:.3f}"
    shown = str(found.shows_answer) if found.shows_answer.of else "no short answers given"
    for row, figure, meaning in (
        ("refused rightly", str(found.refused), "unanswerable questions refused"),
        ("refused falsely", str(found.falsely_refused), "answerable questions refused"),
        ("AUC of refusal", order, "how often an answerable question is the more confident; chance .5"),
        (
            "answer shown",
            shown,
            "a short reference answer stands in the answer or its quotes",
        ),
        ("seconds", f"{found.seconds:.2f}", "per answer, median"),
    ):
        table.add_row(row, figure, meaning)
    console.print(table)
