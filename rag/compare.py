"""Where reports differ: what each of them gives as the answer, and which of those values are not the same.

What a sentence gives is found by leaving its words out, run by run: the run that the ranker misses most is the value.
Measured rules besides; does not know how an answer is worded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.dates import MONTHS, recency, say
from rag.question import NUMERAL, WORD, Kind, fitting, kind
from rag.stems import numbers, stems
from rag.types import Disagreement, Evidence, Ranker, Statement

LOGIT_MARGIN = 3.0
"""How far below the best another report's sentence may be by the ranker, and still be an answer of its own."""
PASSAGE_MARGIN = 8.0
"""How far below the best its passage's fused score may be."""
FLOOR = 0.0
"""The ranker's logit under which a sentence answers nothing that could differ. With these three a disagreement is shown
for 63 % of the questions of RAMDocs that have one, and for 4 % of CLAPnq's and 14 % of SQuAD 2.0's, which should have
none; a floor of -1 and margins of 2 and 5 give 62, 8 and 18 % (docs/LOG.md)."""
REPORTS = 5
RUNS = 8
"""Runs of words left out in turn; each costs the ranker 4 ms."""
SHARED = 0.5
"""Of a value's words, so many in the other sentence make the two agree."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one report gives as the answer."""

    evidence: Evidence
    value: str


def differing(question: str, found: Sequence[Evidence], ranker: Ranker) -> list[Told]:
    """One statement for each of the values that reports give, newest report first; empty where they agree.

    Args:
        found: the evidence for the question, best first.
    """
    near = _best_of_each(found)
    if len(near) < 2 or kind(question) == "other":  # what answers why and how are no values to be held apart
        return []
    told = [Told(one, value) for one in near if (value := value_of(question, one, ranker))]
    groups: list[list[Told]] = []
    for one in told:
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


def _best_of_each(found: Sequence[Evidence]) -> list[Evidence]:
    """Of each report, near-duplicates being one, the best sentence, if it answers about as well as the best of all."""
    best: dict[str, Evidence] = {}
    for one in found:
        best.setdefault(one.article.family or one.article.id, one)
    least = max(FLOOR, max((one.logit for one in found), default=0.0) - LOGIT_MARGIN)
    passage = max((one.passage for one in found), default=0.0) - PASSAGE_MARGIN
    return [one for one in best.values() if one.logit >= least and one.passage >= passage][:REPORTS]


def value_of(question: str, one: Evidence, ranker: Ranker) -> str:
    """The run of words in the sentence that the question asks for; empty where none fits."""
    text, runs = one.text, fitting(question, one.text)[:RUNS]
    if not runs:
        return ""
    without = [(f"{text[:start]}…{text[end:]}", one.before, one.article.title or "") for start, end in runs]
    logits = ranker.rank(question, without)
    start, end = runs[min(range(len(runs)), key=logits.__getitem__)]
    return _trimmed(text[start:end], kind(question))


def _trimmed(run: str, wanted: Kind) -> str:
    """Of a run that holds a figure or a date, from its first numeral or month to its last."""
    if wanted not in ("number", "date"):
        return run
    told = [word for word in WORD.finditer(run) if NUMERAL.search(word.group()) or word.group() in MONTHS]
    return run[told[0].start() : told[-1].end()]


def _agree(one: Told, other: Told) -> bool:
    return _stands_in(one.value, other.evidence.text) or _stands_in(other.value, one.evidence.text)


def _stands_in(value: str, text: str) -> bool:
    if figures := numbers(value):
        return figures <= numbers(text)
    words = stems(value)
    return len(words & stems(text)) >= SHARED * len(words)
