"""Numbers from numbers and strings: shares, ranks, percentiles, words, the cover of a quote.

Pure functions of the standard library. Does not know questions, answers or the program under test.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from math import log2

MARK = re.compile(r"\s?\[\d+(?:\s?,\s?\d+)*\]")
"""A citation mark in an answer's text: `[1]`, `[2, 3]`."""

WORD = re.compile(r"\w+(?:['’.,:-]\w+)*")
"""A word as a reader counts it: `60,000`, `al-Sudani's` and `U.S` are one each."""

SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*(?=\s)|\n")
LARGER_PART = 0.5


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    right: int
    of: int

    @property
    def value(self) -> float | None:
        """Between 0 and 1; None of nothing."""
        return self.right / self.of if self.of else None

    def __str__(self) -> str:
        return f"{self.right} of {self.of} ({100 * self.right / self.of:.1f} %)" if self.of else "none asked"


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle and the slow end of some durations, in seconds."""

    median: float
    p95: float


def share(flags: Sequence[bool]) -> Share:
    """How many of the flags are up."""
    return Share(sum(flags), len(flags))


def hits(ranks: Sequence[int | None], depth: int) -> Share:
    """How many first hits stand at or above rank `depth`; ranks count from 1, None is no hit."""
    return share([rank is not None and rank <= depth for rank in ranks])


def mrr(ranks: Sequence[int | None], depth: int = 10) -> float:
    """Mean of 1/rank of the first hit; 0 for a question whose hit is deeper than `depth` or missing."""
    found = [1 / rank if rank is not None and rank <= depth else 0.0 for rank in ranks]
    return sum(found) / len(found) if found else 0.0


def first_rank(ranked: Sequence[str], wanted: Mapping[str, int]) -> int | None:
    """The rank, from 1, of the first id with a grade above 0."""
    return next((rank for rank, item in enumerate(ranked, 1) if wanted.get(item, 0) > 0), None)


def ndcg(ranked: Sequence[str], wanted: Mapping[str, int], depth: int = 10) -> float:
    """Normalised discounted cumulative gain, linear gain as trec_eval computes it; 0 when nothing is wanted."""
    ideal = sorted((grade for grade in wanted.values() if grade > 0), reverse=True)[:depth]
    best = sum(grade / log2(rank + 1) for rank, grade in enumerate(ideal, 1))
    gain = sum(max(wanted.get(item, 0), 0) / log2(rank + 1) for rank, item in enumerate(ranked[:depth], 1))
    return gain / best if best else 0.0


def auc(above: Sequence[float], below: Sequence[float]) -> float | None:
    """How often a value of `above` exceeds one of `below`, ties by half: 0.5 is chance, 1 perfect order."""
    if not above or not below:
        return None
    wins = sum((a > b) + 0.5 * (a == b) for a in above for b in below)
    return wins / (len(above) * len(below))


def percentile(values: Sequence[float], part: float) -> float:
    """The value below which `part` (0 to 1) of the values lie, linear between neighbours; 0 for none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    place = part * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def median(values: Sequence[float]) -> float:
    """The middle value; 0 for none."""
    return percentile(values, 0.5)


def spread(values: Sequence[float]) -> Spread:
    """Median and 95th percentile."""
    return Spread(median(values), percentile(values, 0.95))


def without_marks(text: str) -> str:
    """An answer's text as it reads without its citation marks."""
    return MARK.sub("", text)


def count_words(text: str) -> int:
    """Words of an answer, citation marks not counted."""
    return len(WORD.findall(without_marks(text)))


def single_spaced(text: str) -> str:
    """Every run of white space made one space, none at the ends."""
    return " ".join(text.split())


def cover(passage: str, quote: str) -> float:
    """Which part of the quote, by the letters of whole words, stands in the passage in one run: 0 to 1."""
    wanted = re.findall(r"\w+", quote.casefold())
    found = re.findall(r"\w+", passage.casefold())
    letters = sum(map(len, wanted))
    if not letters:
        return 0.0
    run = SequenceMatcher(None, wanted, found, autojunk=False).find_longest_match()
    return sum(map(len, wanted[run.a : run.a + run.size])) / letters


def holds_quote(passage: str, quote: str) -> bool:
    """Whether the passage has the quote or the larger part of it.

    A chunk boundary may cut a quote in two: the half that still says most of it is the hit. Matching
    words and not characters leaves out what differs in white space and punctuation only.
    """
    return cover(passage, quote) > LARGER_PART


def around(text: str, start: int, end: int) -> str:
    """The sentences of `text` that the span touches.

    Boundaries are a full stop, question or exclamation mark before white space, or a line's end. An
    abbreviation cuts a sentence short, which makes a citation harder to call right, never easier.
    """
    before = [found.end() for found in SENTENCE_END.finditer(text, 0, start)]
    # From end - 1: a span that already ends with its full stop is not led into the next sentence.
    after = SENTENCE_END.search(text, max(end - 1, start))
    return text[before[-1] if before else 0 : after.end() if after else len(text)].strip()
