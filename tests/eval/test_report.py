"""What a stranger reads: counts with percentages, each figure explained, nothing taken for markup."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

from rich.console import Console

from eval import report
from eval.baseline import verdicts
from eval.disagree import figures as own_figures
from eval.known import Known
from eval.metrics import Share
from eval.run import VERBATIM, ask_all, failures, figures
from eval.stock import Pair, Reply, side
from eval.suite import figures as suite_figures
from eval.suite_tables import Named, overview
from eval.tables import Grid

QUESTION = Known("k1", "date", "When was the bridge [bold]opened[/]?", answerable=True, facts=(("1899",),))


def paper() -> Console:
    return Console(file=io.StringIO(), width=report.WIDTH, highlight=False)


def printed(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_run_is_printed_with_counts_and_explanations(bridge: Any) -> None:
    console = paper()
    scores = list(ask_all(bridge, [QUESTION], original=lambda name: str(bridge.texts[name]), progress=lambda *_: None))
    report.show_figures(console, figures(scores, memory_mib=1234.5))
    text = printed(console)
    for part in (
        "0 of 1 (0.0 %)",
        "none asked",
        "1,234 MiB",
        "hybrid",
        "MRR@10",
        "retrieve",
        "0.250",
        "date",
    ):
        assert part in text
    assert max(map(len, text.splitlines())) <= report.WIDTH


def test_failures_are_printed_as_they_are(bridge: Any) -> None:
    console = paper()
    scores = list(ask_all(bridge, [QUESTION], original=lambda _: "", progress=lambda *_: None))
    report.show_failures(console, failures(scores))
    assert "[bold]opened[/]?" in printed(console)
    assert "“1899”" in printed(console)
    report.show_failures(console, [])
    assert "No question went wrong." in printed(console)


def test_the_check_tells_which_figure_fell() -> None:
    console = paper()
    then = {"right": Share(60, 72), VERBATIM: Share(9, 9)}
    report.show_verdicts(console, verdicts(then, {**then, "right": Share(50, 72)}, questions=72))
    assert "FELL by 10" in printed(console)
    assert "Check failed: 1 of 2 figures fell." in printed(console)


def test_the_check_says_when_all_holds() -> None:
    console = paper()
    then = {"right": Share(60, 72)}
    report.show_verdicts(console, verdicts(then, then, questions=72))
    assert "Check passed" in printed(console)
    assert "FELL" not in printed(console)


def test_both_columns_and_their_ratio_are_printed() -> None:
    console = paper()
    pair = Pair(QUESTION, Reply("1932", False, 0.5), Reply("In 1899.", False, 2.0))
    ours, stock = side([(QUESTION, pair.ours)]), side([(QUESTION, pair.stock)])
    report.show_comparison(console, ours, stock, [pair])
    text = printed(console)
    assert "Stock takes 4.0 times as long per answer" in text
    assert "Only stock is right: k1 When was the bridge [bold]opened[/]?" in text
    report.show_comparison(console, replace(ours, seconds=0.0), stock, [])


def test_what_stands_in_brackets_is_no_markup() -> None:
    console = paper()
    report.show(
        console,
        Grid("[bold]title[/]", ("", "[red]"), (("[b]", "x[/b] and more words than the title has"),), "[i]caption[/i]"),
    )
    assert all(part in printed(console) for part in ("[bold]title[/]", "[red]", "[b]", "x[/b]", "[i]caption[/i]"))


def test_one_table_over_all_suites_holds_a_dash_where_nothing_was_measured() -> None:
    grid = overview([Named("tiny", suite_figures([])), Named("pair", own_figures([]))])
    assert grid.rows[0][:4] == ("tiny", "0", "–", "–")
    assert {len(row) for row in grid.rows} == {len(grid.headers)}


def test_questions_with_their_own_documents_are_printed() -> None:
    console = paper()
    report.show_suite(console, "pair", own_figures([]))
    assert "pair: documents that need not agree (0 questions, each over its own)" in printed(console)
    assert "none asked" in printed(console)


def test_a_suite_without_answers_is_printed() -> None:
    console = paper()
    report.show_suite(console, "tiny", suite_figures([]))
    assert "not measured" in printed(console)
    assert "tiny: finding a relevant document (0 of 0 questions have one)" in printed(console)
