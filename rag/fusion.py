"""Two rankings of passages → one, by a weighted sum of scores. Pure functions; does not know where rankings come from.

A convex combination of normalised scores (Bruch, Gai and Ingber 2023, "An analysis of fusion functions for hybrid
retrieval", found it to beat reciprocal ranks) with what the two scores do not see: whether the question's words stand
close together and in its order, whether its years are those of the passage, whether the title is what it is about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.overlap import Asked, ask, read
from rag.stems import stems

Ranking = Sequence[tuple[str, float]]
"""(id, score), best first."""

DENSE, WORDS, NEARNESS, PAIRS, TIME, YEARS, TITLE = 3.5, 3.0, 3.5, 2.0, 1.5, 2.5, 2.5
"""Weights of a listwise logistic fit over the dev halves of four public suites, rounded. On all four the fused ranking
is at least as good as the better of its two; docs/LOG.md has the figures, and those of what was dropped."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What fusion reads of a passage."""

    title: str
    text: str


def fuse(question: str, dense: Ranking, words: Ranking, passages: Mapping[str, Passage]) -> list[tuple[str, float]]:
    """Every passage of either ranking with its fused score, best first; equals keep the order of the rankings.

    Args:
        dense: similarities, of any scale: they count between the lowest and the highest of the ranking.
        words: BM25 scores, above 0: they count as shares of the highest.
        passages: what is known of each id; an id that is missing here is left out.
    """
    near, shared = _from_lowest(dense), _of_highest(words)
    ids = [identity for identity in dict.fromkeys([*near, *shared]) if identity in passages]
    asked = ask(question, [read(passages[identity].text) for identity in ids])
    scored = [
        (
            identity,
            DENSE * near.get(identity, 0.0) + WORDS * shared.get(identity, 0.0) + _seen(asked, passages[identity]),
        )
        for identity in ids
    ]
    return sorted(scored, key=lambda item: -item[1])


def _seen(asked: Asked, passage: Passage) -> float:
    text, title = read(passage.text), stems(passage.title)
    return (
        NEARNESS * asked.nearness(text.sequence)
        + PAIRS * asked.pairs(text)
        + TIME * asked.same_time(text)
        + YEARS * asked.same_years(text)
        + TITLE * (len(title & asked.weights.keys()) / len(title) if title else 0.0)
    )


def _from_lowest(ranking: Ranking) -> dict[str, float]:
    scores = dict(ranking)
    if len(scores) < 2:
        return dict.fromkeys(scores, 1.0)
    lowest, highest = min(scores.values()), max(scores.values())
    width = (highest - lowest) or 1.0
    return {identity: (score - lowest) / width for identity, score in scores.items()}


def _of_highest(ranking: Ranking) -> dict[str, float]:
    scores = dict(ranking)
    highest = max(scores.values(), default=1.0) or 1.0
    return {identity: score / highest for identity, score in scores.items()}
