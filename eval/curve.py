"""Is the confidence worth anything? The refusal curve and the calibration of `Answer.confidence`.

Pure functions of confidences. Does not know questions, answers or the program under test.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from eval.metrics import Share

BINS = 10
"""Equal slices of confidence in a reliability table, as Guo et al. 2017 draw it (with fewer data than theirs)."""

FEW = 0.03
"""The share of false refusals up to which a program is of use: its right refusals are told at that point."""


@dataclass(frozen=True, slots=True)
class Confidences:
    """How sure the program was, question by question: where the documents answer, and where they do not."""

    answerable: tuple[float, ...] = ()
    unanswerable: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """What one threshold comes to: the shares refused when all below it are."""

    threshold: float
    false: float
    """Of the answerable questions."""
    right: float
    """Of the unanswerable ones."""


@dataclass(frozen=True, slots=True)
class Bin:
    """The questions whose confidence lies in one slice: from `low`, below `low + 1 / BINS`."""

    low: float
    mean: float
    """Mean confidence: what the program promised."""
    answerable: Share
    """What it came to."""


def confidences(pairs: Sequence[tuple[bool | None, float]]) -> Confidences:
    """Pairs of (answerable, confidence) taken apart; those of which nobody says are left out."""
    return Confidences(
        tuple(sure for answerable, sure in pairs if answerable is True),
        tuple(sure for answerable, sure in pairs if answerable is False),
    )


def refusal_curve(found: Confidences) -> tuple[Point, ...]:
    """False and right refusals over all thresholds, from refusing nothing to refusing everything."""
    yes, no = sorted(found.answerable), sorted(found.unanswerable)
    if not yes or not no:
        return ()
    thresholds = sorted({*yes, *no})
    points = [Point(at, bisect_left(yes, at) / len(yes), bisect_left(no, at) / len(no)) for at in thresholds]
    return (*points, Point(float("inf"), 1.0, 1.0))


def area(curve: Sequence[Point]) -> float | None:
    """The area under the curve by trapezoids: how often an answerable question is the more confident, ties by half."""
    if not curve:
        return None
    return sum((b.false - a.false) * (a.right + b.right) / 2 for a, b in pairwise(curve))


def right_refusals(curve: Sequence[Point], false: float = FEW) -> float | None:
    """The most right refusals to be had with at most so many false ones."""
    return max((point.right for point in curve if point.false <= false), default=None)


def reliability(found: Confidences) -> tuple[Bin, ...]:
    """Confidence held against what came of it, slice by slice; empty slices are left out."""
    slices: dict[int, list[tuple[float, bool]]] = {}
    for sure, answerable in _outcomes(found):
        slices.setdefault(min(int(sure * BINS), BINS - 1), []).append((sure, answerable))
    return tuple(
        Bin(
            low=at / BINS,
            mean=sum(sure for sure, _ in rows) / len(rows),
            answerable=Share(sum(answerable for _, answerable in rows), len(rows)),
        )
        for at, rows in sorted(slices.items())
    )


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """Expected calibration error: the mean distance of promise and outcome, slices weighed by their questions."""
    total = sum(one.answerable.of for one in bins)
    if not total:
        return None
    return sum(abs(one.mean * one.answerable.of - one.answerable.right) for one in bins) / total


def brier(found: Confidences) -> float | None:
    """Brier score: mean squared distance of confidence and outcome; 0 is perfect, 0.25 is what a shrug gets."""
    rows = _outcomes(found)
    return sum((sure - answerable) ** 2 for sure, answerable in rows) / len(rows) if rows else None


def _outcomes(found: Confidences) -> list[tuple[float, bool]]:
    return [(sure, True) for sure in found.answerable] + [(sure, False) for sure in found.unanswerable]
