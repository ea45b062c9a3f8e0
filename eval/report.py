"""Tables in the terminal, and what else is told there: failures, verdicts.

Knows rich; does not know how a figure comes about, nor what it says.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from eval.baseline import ALLOWED_QUESTIONS, Verdict
from eval.disagree import OwnFigures
from eval.known import Score
from eval.metrics import single_spaced
from eval.run import Figures
from eval.stock import Pair, Side, is_right
from eval.suite import SuiteFigures
from eval.suite_tables import own_grids, suite_grids
from eval.tables import MEANING, Grid, comparison_grid, known_grids

WIDTH = 110
"""Columns where nobody says how wide the paper is: a log file, a pipe."""


def terminal() -> Console:
    """The terminal's width, or `WIDTH` where there is no terminal."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=WIDTH)


def show(console: Console, *grids: Grid) -> None:
    """The tables, one under the other."""
    for grid in grids:
        table = _table(grid.title, *grid.headers)
        for row in grid.rows:
            table.add_row(*map(escape, row))
        if grid.caption:
            table.caption = escape(grid.caption)
        console.print(table)


def _table(title: str, *headers: str) -> Table:
    heading = f"\n{escape(title)}"
    table = Table(title=heading, title_justify="left", title_style="bold", show_edge=False, pad_edge=False)
    table.caption_justify = "left"
    for header in headers:
        first = header == headers[0]
        table.add_column(escape(header), justify="left" if first or header in MEANING else "right", no_wrap=first)
    return table


def show_figures(console: Console, found: Figures) -> None:
    """All tables of a run over the known answers."""
    show(console, *known_grids(found))


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
    """Both pipelines, column by column, and the questions that only stock got right."""
    show(console, comparison_grid(ours, stock))
    if ours.seconds:
        console.print(f"\nStock takes {stock.seconds / ours.seconds:.1f} times as long per answer (medians).")
    lost = [one for one in pairs if one.known.answerable and is_right(one.known, one.stock)]
    lost = [one for one in lost if not is_right(one.known, one.ours)]
    for one in lost:
        console.print(_indented(f"Only stock is right: {one.known.id} {one.known.question}", 2))


def show_suite(console: Console, name: str, found: SuiteFigures | OwnFigures) -> None:
    """The tables of a suite."""
    show(console, *(own_grids(name, found) if isinstance(found, OwnFigures) else suite_grids(name, found)))


def show_unsupported(console: Console, unsupported: Sequence[tuple[str, Sequence[str]]]) -> None:
    """Whatever was shown without support, under the question it answered: there must be none."""
    for question, texts in unsupported:
        console.print(_indented(f"Without support: {question}", 2))
        for text in texts:
            console.print(_indented(text, 6))
