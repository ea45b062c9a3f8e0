"""The refusal curve and the calibration, over confidences that can be counted by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.curve import (
    Bin,
    Confidences,
    Point,
    area,
    brier,
    calibration_error,
    confidences,
    refusal_curve,
    reliability,
    right_refusals,
)
from eval.metrics import Share, auc

SURE = Confidences(answerable=(0.9, 0.8, 0.3), unanswerable=(0.1, 0.3))
UNIT = st.floats(0, 1)


def test_questions_of_which_nobody_says_are_left_out() -> None:
    assert confidences([(True, 0.5), (None, 0.1), (False, 0.2)]) == Confidences((0.5,), (0.2,))


def test_the_curve_runs_from_refusing_nothing_to_refusing_everything() -> None:
    assert [(point.false, point.right) for point in refusal_curve(SURE)] == [
        (0.0, 0.0),  # below 0.1: nothing
        (0.0, 0.5),  # below 0.3
        (1 / 3, 1.0),  # below 0.8
        (2 / 3, 1.0),
        (1.0, 1.0),
    ]


def test_a_curve_needs_both_sorts() -> None:
    assert refusal_curve(Confidences((0.5,), ())) == ()
    assert area(()) is None
    assert right_refusals(()) is None


@given(st.lists(UNIT, min_size=1, max_size=12), st.lists(UNIT, min_size=1, max_size=12))
def test_the_area_is_how_often_an_answerable_question_is_the_more_confident(yes: list[float], no: list[float]) -> None:
    assert area(refusal_curve(Confidences(tuple(yes), tuple(no)))) == pytest.approx(auc(yes, no))


def test_right_refusals_are_told_at_few_false_ones() -> None:
    assert right_refusals(refusal_curve(SURE)) == 0.5
    assert right_refusals(refusal_curve(SURE), false=0.34) == 1.0
    assert right_refusals([Point(0.1, 0.2, 0.7)]) is None


def test_the_reliability_table_has_a_row_for_each_slice_in_use() -> None:
    assert reliability(SURE) == (
        Bin(0.1, 0.1, Share(0, 1)),
        Bin(0.3, 0.3, Share(1, 2)),
        Bin(0.8, 0.8, Share(1, 1)),
        Bin(0.9, 0.9, Share(1, 1)),
    )


def test_full_confidence_is_in_the_last_slice() -> None:
    assert reliability(Confidences((1.0,), ()))[0].low == 0.9


def test_the_calibration_error_weighs_slices_by_their_questions() -> None:
    assert calibration_error(reliability(SURE)) == pytest.approx((0.1 + 2 * 0.2 + 0.2 + 0.1) / 5)
    assert calibration_error(()) is None


def test_the_brier_score_of_a_shrug_is_a_quarter() -> None:
    assert brier(Confidences((0.5, 0.5), (0.5,))) == 0.25
    assert brier(Confidences((1.0,), (0.0,))) == 0.0
    assert brier(Confidences()) is None
