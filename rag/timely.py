"""How the time that a sentence tells of fits the one that a question names. Years alone count; knows no models.

Of 3,919 dated questions in the training data the sentence that answers names the first year asked for, or stands behind
a year within the time, for 52 %, other times alone for 13 %, no time for 14 %; of 6,010 that their passage does not
answer the nearest sentence for 14, 32 and 39 %.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, Protocol

from rag.dates import OPEN_END, last_year, span, years
from rag.types import Article

Time = Literal["begins", "told", "covers", "partly", "untold", "other"]
"""It names the first year that is asked for; names none, but the last one before it lies within; names a time that
reaches over all that is asked for; names years within; names none at all; names others alone."""

BEFORE = 1500
"""Characters. A year that was named longer ago is of something else."""
_UNTIL = re.compile(r"\b(?:before|until|till|by|up to|prior to|preceding) (?:\w+ )?(1\d{3}|20\d\d)\b", re.I)
_FROM = re.compile(r"\b(?:after|from|following) (?:\w+ )?(1\d{3}|20\d\d)\b", re.I)


class Placed(Protocol):
    """A sentence in its article."""

    @property
    def article(self) -> Article: ...

    @property
    def start(self) -> int: ...

    @property
    def text(self) -> str: ...


def times(question: str, found: Sequence[Placed]) -> list[Time | None]:
    """For each sentence how its time fits; None for all where the question names no year."""
    asked = period(question)
    return [_time(*asked, one) if asked else None for one in found]


def period(question: str) -> tuple[int, int] | None:
    """The first and the last year that a question is about, where it names any; what is open at an end, ends nowhere.

    >>> period("Who led it from June 1990 to 1994?"), period("Who led it before 1990?"), period("Who leads it?")
    ((1990, 1994), (0, 1990), None)
    """
    named = years(question)
    if not named:
        return None
    first, last = min(begin for begin, _ in named), max(end for _, end in named)
    if str(first) in _UNTIL.findall(question):
        first = 0
    if str(last) in _FROM.findall(question):
        last = OPEN_END
    return first, last


def _time(first: int, last: int, one: Placed) -> Time:
    def touches(begin: int, end: int) -> bool:
        return begin <= last and first <= end

    named = years(one.text)
    if not named:
        told = _told_before(one)
        return "told" if told and touches(*told) else "untold"
    if not any(touches(*each) for each in named):
        return "other"
    if (first, first) in named or first == 0 or last == OPEN_END:
        return "begins"
    return "covers" if any(begin <= first and last <= end for begin, end in named) else "partly"


def _told_before(one: Placed) -> tuple[int, int] | None:
    """The year that the text before a sentence names last, else the years in which its article may have appeared."""
    year = last_year(one.article.text[max(0, one.start - BEFORE) : one.start])
    if year is not None:
        return year, year
    if one.article.published is None:
        return None
    begin, end = span(one.article.published)
    return begin.year, end.year
