"""A target is judged by what was measured, and by nothing else."""

from __future__ import annotations

import pytest

from eval import disagree, run, suite
from eval.metrics import Share
from eval.scripted import ScriptedFigures
from eval.stock import Side
from eval.targets import Measured, Target, targets, targets_grid


@pytest.mark.parametrize(
    ("figure", "at_most", "verdict"),
    [(0.95, False, "reached"), (0.949, False, "**missed**"), (0.951, True, "**missed**"), (None, True, "not measured")],
)
def test_a_verdict_is_given_on_measured_figures_only(figure: float | None, at_most: bool, verdict: str) -> None:
    assert Target("shown", 0.95, figure, at_most=at_most).verdict == verdict


def test_values_are_told_in_the_unit_of_the_target() -> None:
    assert Target("shown", 0.95, None).wanted == "≥ 95.0 %"
    assert Target("words", 45, None, at_most=True, in_percent=False).wanted == "≤ 45"
    assert Target("MRR", 0.9, None, in_percent=False).wanted == "≥ 0.900"
    assert Target("without support", 0, None, at_most=True, in_percent=False).wanted == "0"
    assert Target("shown", 0.95, None).told(None) == "–"


def test_nothing_measured_is_nothing_judged() -> None:
    assert {one.verdict for one in targets(Measured())} == {"not measured"}


def test_figures_come_from_their_runs() -> None:
    known = run.figures([])
    replies = ScriptedFigures(Share(19, 20), Share(9, 10), Share(1, 1), Share(1, 1), (), ())
    side = Side(Share(1, 2), Share(0, 2), Share(1, 2), words=60, seconds=4.0)
    found = {
        one.about: one
        for one in targets(
            Measured(
                known=known,
                ours=Side(Share(2, 2), Share(2, 2), Share(0, 2), words=20, seconds=0.5),
                stock=side,
                scripted=replies,
                suites={"timeqa": suite.figures([])},
                own={"ramdocs": disagree.figures([])},
            )
        )
    }
    assert found["known answers: median seconds, of stock's in the same run"].figure == 0.125
    assert found["known answers: all required facts stated"].stock == 0.5
    assert found["known answers: all required facts stated"].figure is None  # none asked
    assert found["scripted replies: right answers shown"].verdict == "reached"
    assert found["scripted replies: wrong answers caught"].verdict == "**missed**"
    assert found["timeqa: hybrid MRR@10"].figure == 0
    assert found["squad2: hybrid MRR@10"].figure is None
    assert found["shown without support, runs counted: 3"].verdict == "reached"


def test_the_table_has_a_row_for_each() -> None:
    grid = targets_grid(Measured())
    assert len(grid.rows) == len(targets(Measured()))
    assert {len(row) for row in grid.rows} == {len(grid.headers)}
