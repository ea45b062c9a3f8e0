"""Where reports differ: what each of them gives as the answer, and which of those values are not the same.

What a report gives is where the reader sees the answer in its best sentence. Measured rules besides; does not know how
an answer is worded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag.dates import recency, say
from rag.question import is_value
from rag.stems import numbers, stems
from rag.types import Disagreement, Evidence, Statement

READ_MARGIN = 6.0
"""How far below the best another report's answer may be by the reader, and still be an answer of its own."""
FLOOR = 0.0
"""The reader's score under which a sentence answers nothing that could differ. With these two a disagreement is told
for 67 % of the questions of RAMDocs that have one, and for 2 % of CLAPnq's answers and 8 % of SQuAD 2.0's, which should
have none; other floors are in docs/LOG.md."""
REPORTS = 6
SHARED = 0.5
"""Of a value's words, so many in the other sentence make the two agree."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one report gives as the answer."""

    evidence: Evidence
    value: str


def differing(question: str, found: Sequence[Evidence]) -> list[Told]:
    """One statement for each of the values that reports give, newest report first; empty where they agree.

    Args:
        found: the evidence for the question, best first.
    """
    groups: list[list[Told]] = []
    for one in _told(question, found):
        same = next((group for group in groups if any(_agree(one, other) for other in group)), None)
        if same is None:
            groups.append([one])
        else:
            same.append(one)
    if len(groups) < 2:
        return []
    return sorted((group[0] for group in groups), key=lambda one: recency(one.evidence.article.published), reverse=True)


def origins(chosen: Sequence[Evidence]) -> dict[Evidence, str]:
    """Who says it and when, for each piece of evidence."""
    return {one: ", ".join(filter(None, (_name(one), _when(one)))) for one in chosen}


def succession(chosen: Sequence[Evidence]) -> dict[Evidence, str]:
    """The same where one report is newer than others, which it may have overtaken; nothing where all are of a date."""
    dates = {one.article.published for one in chosen if one.article.published}
    if len(dates) < 2:
        return {}
    newest = max(dates, key=recency)
    return {
        one: f"{'Newest report' if one.article.published == newest else 'Earlier'} ({origin})"
        for one, origin in origins(chosen).items()
        if one.article.published
    }


def timeline(cited: Sequence[Evidence]) -> tuple[Statement, ...]:
    """What the cited reports say, newest first; nothing unless they are of at least two dates.

    Args:
        cited: in the order of their citation numbers.
    """
    dated = [_statement(one, number) for number, one in enumerate(cited, 1) if one.article.published]
    if len({one.published for one in dated}) < 2:
        return ()
    return tuple(sorted(dated, key=lambda one: recency(one.published), reverse=True))


def disagreements(cited: Sequence[Evidence], values: Mapping[Evidence, str]) -> tuple[Disagreement, ...]:
    """The cited reports that give different values, newest first, as one disagreement."""
    sides = [_statement(one, number, values[one]) for number, one in enumerate(cited, 1) if one in values]
    return (Disagreement(tuple(sorted(sides, key=lambda one: recency(one.published), reverse=True))),) if sides else ()


def _statement(one: Evidence, number: int, value: str = "") -> Statement:
    article = one.article
    return Statement(one.text, article.published, article.publisher, article.source, number, value)


def _name(one: Evidence) -> str:
    return one.article.publisher or one.article.title or one.article.source


def _when(one: Evidence) -> str:
    return say(one.article.published) if one.article.published else ""


def _told(question: str, found: Sequence[Evidence]) -> Iterator[Told]:
    """What each report gives where the reader is surest of it, if it is about as sure as of the best of all.

    Near-duplicates are reports of their own here: they agree, or are all the more worth telling apart.
    """
    best: dict[str, tuple[float, Told]] = {}
    for one in found:
        name = one.article.id
        if one.read is None or one.answer is None or (name in best and best[name][0] >= one.read):
            continue
        value = one.article.text[slice(*one.answer)]
        if is_value(question, value):
            best[name] = one.read, Told(one, value)
    least = max(FLOOR, max((read for read, _ in best.values()), default=0.0) - READ_MARGIN)
    for read, told in sorted(best.values(), key=lambda pair: -pair[0])[:REPORTS]:
        if read >= least:
            yield told


def _agree(one: Told, other: Told) -> bool:
    return _stands_in(one.value, other.evidence.text) or _stands_in(other.value, one.evidence.text)


def _stands_in(value: str, text: str) -> bool:
    if figures := numbers(value):
        return figures <= numbers(text)
    words = stems(value)
    return len(words & stems(text)) >= SHARED * len(words)
