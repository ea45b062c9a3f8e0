"""Where reports differ: what each of them gives as the answer, and which of those values are not the same.

What a report gives is where the reader sees the answer in its best sentence. Measured rules besides; does not know how
an answer is worded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.dates import recency, say, span
from rag.quantities import days, figures, plain
from rag.question import is_value
from rag.stems import stems
from rag.timely import times
from rag.types import Disagreement, Evidence, Statement

COVERED, AROUND = 6.0, 400
"""What a value gains, next to the reader's score, where all of the question's words stand around it, in so many
characters on either side and in the title: the reader alone takes the number of soldiers of one army for that of
another."""
NEAR = 8.0
"""What it gains by the similarity of its sentence and the question: with it, values told that do not differ are a third
fewer over folders about one subject."""
SURE, PERHAPS, FURTHER = 9.2, 4.7, 2.2
"""The score of the second value from which two reports differ, and may differ; and of each further value. Told, surely
or perhaps, for .81 of the questions of RAMDocs that have a disagreement, surely for .61; where there is none to tell,
for .24 of SQuAD 2.0's answers, surely for .07, and for .02 of CLAPnq's, surely for .01."""
PERHAPS_OTHERWISE = "Perhaps otherwise"
SIDES = 4
"""Values shown side by side at most."""
SHARED = 0.5
"""Of a value's words, so many in the other sentence make the two agree."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one report gives as the answer."""

    evidence: Evidence
    value: str
    score: float
    """How likely it is an answer, next to the others."""


@dataclass(frozen=True, slots=True)
class Sides:
    """One statement for each of the values that reports give, newest report first; none where they agree."""

    told: tuple[Told, ...] = ()
    sure: bool = False


def differing(question: str, found: Sequence[Evidence]) -> Sides:
    """The values that reports give for what was asked, and whether they differ or only may.

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
    sides = [group[0] for group in groups][:SIDES]
    if len(sides) < 2 or sides[1].score < PERHAPS:
        return Sides()
    sure = sides[1].score >= SURE
    told = (one for one in sides if one.score >= (FURTHER if sure else PERHAPS))
    newest_first = sorted(told, key=lambda one: recency(one.evidence.article.published), reverse=True)
    return Sides(tuple(newest_first), sure)


def other_values(sides: Sides, chosen: Sequence[Evidence]) -> dict[Evidence, str]:
    """Of values that may differ from what an answer rests on, those of other reports that it does not have itself."""
    own = {one.article.id for one in chosen}
    others = (one for one in sides.told if one.evidence.article.id not in own)
    return {one.evidence: one.value for one in others if not any(_stands_in(one.value, other.text) for other in chosen)}


def own_values(sides: Sides, chosen: Sequence[Evidence]) -> dict[Evidence, str]:
    """The values that what an answer rests on gives itself: one of the sides', or what the reader sees in it."""
    values = {one.evidence.article.id: one.value for one in sides.told}
    found = {}
    for one in chosen:
        value = values.get(one.article.id, "")
        if (not value or value not in one.text) and one.answer:
            value = one.article.text[slice(*one.answer)]
        if value and value in one.text:
            found[one] = value
    return found


def origins(chosen: Sequence[Evidence]) -> dict[Evidence, str]:
    """Who says it and when, for each piece of evidence."""
    return {one: ", ".join(filter(None, (_name(one), _when(one)))) for one in chosen}


def alternatives(chosen: Sequence[Evidence]) -> dict[Evidence, str]:
    """The same of reports that may give another answer than the one before them."""
    return {one: f"{PERHAPS_OTHERWISE} ({origin})" for one, origin in origins(chosen).items()}


def succession(chosen: Sequence[Evidence]) -> dict[Evidence, str]:
    """The same where one report is newer than others, which it may have overtaken; nothing where all are of a date.

    A report of `2025` is neither newer nor older than one of that August: nothing is said of the two but their dates.
    """
    dates = {one.article.published for one in chosen if one.article.published}
    if len(dates) < 2:
        return {}
    newest = max(dates, key=recency)
    before = {date for date in dates if span(date)[1] < span(newest)[0]}
    words = dict.fromkeys(before, "Earlier ({})") | (
        {newest: "Newest report ({})"} if len(before) + 1 == len(dates) else {}
    )
    return {
        one: words.get(one.article.published, "{}").format(origin)
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


def disagreements(
    cited: Sequence[Evidence], values: Mapping[Evidence, str], *, sure: bool = True
) -> tuple[Disagreement, ...]:
    """The cited reports that give different values, newest first, as one disagreement."""
    sides = [_statement(one, number, values[one]) for number, one in enumerate(cited, 1) if one in values]
    newest_first = tuple(sorted(sides, key=lambda one: recency(one.published), reverse=True))
    return (Disagreement(newest_first, sure),) if sides else ()


def _statement(one: Evidence, number: int, value: str = "") -> Statement:
    article = one.article
    return Statement(one.text, article.published, article.publisher, article.source, number, value)


def _name(one: Evidence) -> str:
    return one.article.publisher or one.article.title or one.article.source


def _when(one: Evidence) -> str:
    return say(one.article.published) if one.article.published else ""


def _told(question: str, found: Sequence[Evidence]) -> list[Told]:
    """What each report gives where that is the likeliest answer, the likeliest first.

    A sentence that tells of another time than the question gives nothing. Near-duplicates are reports of their own
    here: they agree, or are all the more worth telling apart.
    """
    best: dict[str, Told] = {}
    for one, time in zip(found, times(question, found), strict=True):
        value = one.article.text[slice(*one.answer)] if one.answer else ""
        if one.read is None or time == "other" or not value or not is_value(question, value):
            continue
        told = Told(one, value, one.read + COVERED * _covered(question, one) + NEAR * one.similarity)
        known = best.get(one.article.id)
        if known is None or known.score < told.score:
            best[one.article.id] = told
    return sorted(best.values(), key=lambda one: -one.score)


def _covered(question: str, one: Evidence) -> float:
    """The share of the question's words that stand around a piece of evidence."""
    asked, article = stems(question), one.article
    near = article.text[max(0, one.start - AROUND) : one.end + AROUND]
    return len(asked & stems(f"{article.title or ''} {near}")) / max(1, len(asked))


def _agree(one: Told, other: Told) -> bool:
    return _stands_in(one.value, other.evidence.text) or _stands_in(other.value, one.evidence.text)


def _stands_in(value: str, text: str) -> bool:
    """Whether a text tells the value, too: its day as far as both tell it, else its figures, else most of its words."""
    said, there = plain(value), plain(text)
    if (told := days(said)) and (known := days(there)):
        return all(any(one.may_be(other) for other in known) for one in told)
    if counted := figures(said):
        return all(any(one.may_be(other) for other in figures(there)) for one in counted)
    words = stems(value)
    return len(words & stems(text)) >= SHARED * len(words)
