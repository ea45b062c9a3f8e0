"""What a sentence tells that its evidence does not: figures, dates, names.

Each check yields, case by case, whether it objects. Numbers may come from the evidence alone, names from the question
and the title too. Does not know which checks there are besides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.dates import MONTHS
from rag.quantities import Day
from rag.statements import Statement, Word, shortened
from rag.wordforms import same_people, sound

VAGUE = frozenset("tens dozens scores hundreds thousands millions billions half".split())
"""Figures that are words: they must stand in the evidence as they are."""
RELATIVE = re.compile(
    rf"\b(?:(?:last|next|this) (?:year|month|week|\w+day|{'|'.join(MONTHS)})|yesterday|tomorrow|today"
    r"|\w+ (?:days?|weeks?|months?|years?) ago)\b"
)
_DECADE = re.compile(r"\b\d{2,4}s\b")
_CLOCK = re.compile(r"\b\d{1,2}[:.][0-5]\d\b(?!\s*%)|\b\d{1,2}(?=\s?[ap]\.?m\b)", re.I)
_HALF = re.compile(r"\d\s?([ap])\.?m\b", re.I)


def figures(claim: Statement, told: Sequence[Statement], context: Statement) -> Iterator[bool]:
    known = [figure for one in (*told, context) for figure in one.figures]
    for figure in claim.figures:
        yield not any(figure.says(other) for other in known) and not _dated(claim, told, figure.value)
    texts = " ".join(one.text for one in told)
    yield bool(_clock(claim.text) - _clock(texts))
    lows = frozenset[str]().union(*(one.lows for one in told))
    yield bool((claim.lows & VAGUE) - lows)
    yield bool({*_DECADE.findall(claim.text)} - {one for each in told for one in _DECADE.findall(each.text)})


def _clock(text: str) -> set[str]:
    """The times of day in a text, and the halves of the day that are named with them."""
    return {time.replace(".", ":") for time in _CLOCK.findall(text)} | {half.lower() for half in _HALF.findall(text)}


def _dated(claim: Statement, told: Sequence[Statement], value: float) -> bool:
    """Whether the figure is part of a date that the evidence tells in other words."""
    mine = [day for day in claim.days if value in (day.year, day.day)]
    years = {other.year for one in told for other in one.days}
    return any(_agrees(day, told) for day in mine) or (value in years and value >= 1000)


def dates(claim: Statement, told: Sequence[Statement], context: Statement) -> Iterator[bool]:
    for day in claim.days:
        yield not _agrees(day, told)
    texts = " ".join(one.text for one in told)
    for phrase in RELATIVE.findall(claim.text):
        yield phrase.lower() not in texts.lower() and not _dated_phrase(claim, told)


def _dated_phrase(claim: Statement, told: Sequence[Statement]) -> bool:
    return bool(claim.days) and all(day.year and _agrees(day, told) for day in claim.days)


def _agrees(day: Day, told: Sequence[Statement]) -> bool:
    return any(day.agrees(other) for one in told for other in one.days)


def names(claim: Statement, told: Sequence[Statement], context: Statement) -> Iterator[bool]:
    known = [*told, context]
    for name in claim.names:
        yield not is_told(name, claim, known)


def is_told(name: Word, claim: Statement, known: Sequence[Statement]) -> bool:
    """Whether any of the texts has the name, in whatever form."""
    return any(_is_named(name, one) for one in known) or _is_spelled_out(name, claim, known)


def are_forms(some: Sequence[Word], others: Sequence[Word]) -> bool:
    """Whether two runs of names are forms of one: `WHO`, `World Health Organization`; `Bolivian`, `Bolivia`."""
    for one, other in ((some, others), (others, some)):
        initials = "".join(word.low[0] for word in one if word.is_name)
        if len(initials) > 1 and any(word.low == initials for word in other):
            return True
    return all(any(_same_name(one.low, other.low) for other in others) for one in some if one.is_name)


def _is_named(name: Word, known: Statement) -> bool:
    low = name.low
    if low in known.lows or low in known.initials:
        return True
    if any(word.root == name.root and _inflected(low, word) for word in known.words):
        return True
    return any(_same_name(low, other.low) for other in known.words if other.text[0].isupper() or len(other.text) > 5)


def _inflected(low: str, other: Word) -> bool:
    """Whether they are one word's forms; of two names of one stem, `Lindqvist` and `Lindqvister`, only plurals are."""
    longer, shorter = sorted((low, other.low), key=len, reverse=True)
    return not other.text[0].isupper() or longer in (shorter, f"{shorter}s", f"{shorter}es", f"{shorter}'s")


def _same_name(one: str, other: str) -> bool:
    """`Bolivians` and `Bolivia`; `Mohammed` and `Mohamed`; `Maj` and `Major` are one word already."""
    if same_people(one, other):
        return True
    return len(one) > 4 and one[0] == other[0] and sound(one) == sound(other)


def _is_spelled_out(name: Word, claim: Statement, known: Sequence[Statement]) -> bool:
    """Whether the evidence has the initials of the names it stands among: WHO for `World Health Organization`."""
    short = {word.low for one in known for word in one.names if word.text.isupper() and len(word.text) > 1}
    return any(
        name.text in part and initials in short and (len(part) > 2 or len(run) <= 3)
        for run in claim.runs
        for part, initials in shortened(run)
    )
