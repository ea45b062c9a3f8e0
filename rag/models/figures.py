"""What a ranker or checker comes to on what it was not trained on, and how well its figures can be believed.

Knows logits and what was right; does not know models.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rag.models.groups import NONE, Group
from rag.models.spans import Asked
from rag.types import Span

BINS = 10
_TEMPERATURES = tuple(0.4 + 0.05 * step for step in range(53))


@dataclass(frozen=True, slots=True)
class RankerFigures:
    """Shares, 0 to 1."""

    questions: int
    first: float
    """Of the questions that one of their sentences answers, those where it stands first."""
    area: float
    """AUC of those against the questions that none of their sentences answers, by the best logit."""
    decided: float
    """Of all questions those where the right sentence, or none, is above the others and above 0."""
    error: float
    """Expected calibration error of "the best sentence answers" over `BINS` bins."""


@dataclass(frozen=True, slots=True)
class CheckerFigures:
    """Shares, 0 to 1; rejected is what is not called supported."""

    claims: int
    right: float
    """Of all claims those put into their class."""
    caught: float
    """Of contradicted and untold claims those rejected."""
    rejected: float
    """Of supported claims those rejected."""


@dataclass(frozen=True, slots=True)
class ReaderFigures:
    """Shares, 0 to 1, of the best span of each question."""

    questions: int
    overlap: float
    """Of the answerable questions, the mean F1 of the words of the span and of the answer."""
    touched: float
    """Of the answerable questions those whose span has a character of the answer."""
    area: float
    """AUC of those against the questions that their text does not answer."""
    decided: float
    """Of all questions those whose span touches the answer and scores above 0, or rightly does not."""


def reader_figures(asked: Sequence[Asked], found: Sequence[Sequence[Span]]) -> ReaderFigures:
    """The figures of these questions, of the spans found for each, best first."""
    best = [spans[0] if spans else Span(0, 0, -99.0) for spans in found]
    yes = [(one, span) for one, span in zip(asked, best, strict=True) if one.answerable]
    no = [span.score for one, span in zip(asked, best, strict=True) if not one.answerable]
    touched = [span.start < one.end and one.start < span.end for one, span in yes]
    decided = [hit and span.score > 0 for hit, (_, span) in zip(touched, yes, strict=True)]
    return ReaderFigures(
        len(asked),
        sum(_shared(one.text[one.start : one.end], one.text[span.start : span.end]) for one, span in yes)
        / max(len(yes), 1),
        sum(touched) / max(len(yes), 1),
        area([span.score for _, span in yes], no),
        sum([*decided, *(score <= 0 for score in no)]) / max(len(asked), 1),
    )


def _shared(answer: str, span: str) -> float:
    """F1 of the words of two texts."""
    one, other = Counter(answer.lower().split()), Counter(span.lower().split())
    return 2 * sum((one & other).values()) / max(sum(one.values()) + sum(other.values()), 1)


def ranker_figures(
    groups: Sequence[Group], logits: Sequence[Sequence[float]], temperature: float = 1.0
) -> RankerFigures:
    """The figures for these groups, of the logits of their sentences."""
    answerable = [(group, row) for group, row in zip(groups, logits, strict=True) if group.right != NONE]
    yes = [max(row) for _, row in answerable]
    no = [max(row) for group, row in zip(groups, logits, strict=True) if group.right == NONE]
    decided = [
        (max(row) <= 0) if group.right == NONE else (row[group.right] == max(row) > 0)
        for group, row in zip(groups, logits, strict=True)
    ]
    return RankerFigures(
        len(groups),
        sum(row[group.right] == max(row) for group, row in answerable) / max(len(answerable), 1),
        area(yes, no),
        sum(decided) / max(len(decided), 1),
        _error(diagram(groups, logits, temperature)),
    )


def area(yes: Sequence[float], no: Sequence[float]) -> float:
    """The chance that one of the former is above one of the latter."""
    ranked = sorted([(value, 1) for value in yes] + [(value, 0) for value in no])
    below, total = 0, 0
    for _, is_yes in ranked:
        total += below if is_yes else 0
        below += 0 if is_yes else 1
    return total / (len(yes) * len(no)) if yes and no else 0.5


def likelihoods(row: Sequence[float], temperature: float = 1.0) -> list[float]:
    """How likely each sentence is the one that answers: a softmax over them and the null."""
    scaled = [value / temperature for value in row]
    top = max(0.0, *scaled)
    total = math.exp(-top) + sum(math.exp(value - top) for value in scaled)
    return [math.exp(value - top) / total for value in scaled]


def temperature_of(groups: Sequence[Group], logits: Sequence[Sequence[float]]) -> float:
    """What the logits are to be divided by for their likelihoods to be believed: the least mean surprise."""

    def surprise(temperature: float) -> float:
        total = 0.0
        for group, row in zip(groups, logits, strict=True):
            shares = likelihoods(row, temperature)
            told = 1.0 - sum(shares) if group.right == NONE else shares[group.right]
            total -= math.log(max(told, 1e-9))
        return total

    return min(_TEMPERATURES, key=surprise)


def diagram(
    groups: Sequence[Group], logits: Sequence[Sequence[float]], temperature: float = 1.0
) -> list[tuple[int, float, float]]:
    """The reliability diagram: for each bin how many questions, the mean likelihood told, the share that was right."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for group, row in zip(groups, logits, strict=True):
        shares = likelihoods(row, temperature)
        best = max(range(len(shares)), key=lambda at: shares[at])
        bins[min(int(shares[best] * BINS), BINS - 1)].append((shares[best], best == group.right))
    return [
        (len(one), sum(told for told, _ in one) / len(one), sum(right for _, right in one) / len(one))
        if one
        else (0, 0.0, 0.0)
        for one in bins
    ]


def _error(bins: Sequence[tuple[int, float, float]]) -> float:
    total = sum(count for count, _, _ in bins)
    return sum(count * abs(told - right) for count, told, right in bins) / max(total, 1)


def checker_figures(labels: Sequence[int], logits: Sequence[Sequence[float]]) -> CheckerFigures:
    """The figures of these claims, by the number of their class; class 0 is supported."""
    given = [max(range(len(row)), key=lambda at: row[at]) for row in logits]
    true = [one for one, label in zip(given, labels, strict=True) if label == 0]
    false = [one for one, label in zip(given, labels, strict=True) if label]
    return CheckerFigures(
        len(labels),
        sum(one == label for one, label in zip(given, labels, strict=True)) / max(len(labels), 1),
        sum(one != 0 for one in false) / max(len(false), 1),
        sum(one != 0 for one in true) / max(len(true), 1),
    )
