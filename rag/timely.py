"""How the time that a sentence tells of fits the one that a question asks about. Years alone count; knows no models.

Of 3,919 questions of the training data that name years the sentence that answers names the first of them, or stands
behind a year within the time, for 52 %, other times alone for 13 %, no time for 14 %; of 6,010 that their passage does
not answer the nearest sentence for 14, 32 and 39 %.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, Protocol

from rag.dates import COUNTED, MONTHS, OPEN_END, is_iso, last_year, span, years
from rag.types import Article

Time = Literal["begins", "told", "covers", "partly", "untold", "other"]
"""It names the first year asked for, or any where the question is open at an end; names none, but the last one before
it, or the date of its report, lies within; names a time that reaches over all that is asked for; names years within;
names none at all; names others alone."""

BEFORE = 1500
"""Characters. A year that was named longer ago is of something else."""
_YEAR = r"(1\d{3}|20\d\d)\b"
_AMID = r"(?:[\w,]+ ){0,4}?"
_BOUND = re.compile(
    rf"\b(?:(?:in|since|from|to|until|till|through|by|during|of|before|after|between|and|around|circa|early|late|for|than"
    rf"|years?|spring|summer|autumn|fall|winter|season|{'|'.join(MONTHS)}|{'|'.join(month[:3] for month in MONTHS)}\.?)"
    rf",? (?:the )?(?:years? )?(?:\d{{1,2}}(?:st|nd|rd|th)?,? )?|\d{{1,2}}[/.-]|[-–—] ?|mid-?){_YEAR}"
    rf"(?!(?: (?:to|and|or) [\d,]+| ?[-–] ?[\d,]+)?[ -](?:{COUNTED})\b)",
    re.I,
)
"""A year that says when; in `the 1994 film` or `Resolution 1701` it names the thing, `of 2000 soldiers` counts."""
_RANGE = re.compile(rf"\b{_YEAR},? (?:to|until|till|through(?: to)?) {_AMID}{_YEAR}", re.I)
_UNTIL = re.compile(rf"\b(?:until|till|before|by|up to|prior to|(?:later|earlier) than) {_AMID}{_YEAR}", re.I)
_SINCE = re.compile(rf"\b(?:since|after|following) {_AMID}{_YEAR}|\b{_YEAR} on(?:ward)?s?\b", re.I)
_ASIDE = re.compile(rf"\b(?:born|founded|built|established|created|formed) {_AMID}{_YEAR}", re.I)
"""What a sentence says besides: it does not make it one of another time."""


class Placed(Protocol):
    """A sentence in its article."""

    @property
    def article(self) -> Article: ...

    @property
    def start(self) -> int: ...

    @property
    def text(self) -> str: ...


def times(question: str, found: Sequence[Placed]) -> list[Time | None]:
    """For each sentence how its time fits; None for all where the question does not say when by a year."""
    asked = period(question)
    return [_time(*asked, one) if asked else None for one in found]


def period(question: str) -> tuple[int, int] | None:
    """The first and the last year that a question asks about; what is open at an end, ends nowhere.

    >>> period("Who led it from June 1990 to 1994?"), period("Who led it before 1990?"), period("Who leads it?")
    ((1990, 1994), (0, 1990), None)
    >>> period("Who directed the 1994 film?"), period("How many of the 2000 soldiers left?")
    (None, None)
    """
    bound = {int(year) for year in _BOUND.findall(question)}
    named = [(first, last) for first, last in _spans(question) if bound & {first, last}]
    return (min(first for first, _ in named), max(last for _, last in named)) if named else None


def _spans(text: str) -> list[tuple[int, int]]:
    """The years and times of a text; what it is until, before, since or after is open at an end."""
    ranges = [(int(first), int(last)) for first, last in _RANGE.findall(text) if int(first) <= int(last)]
    rest = _RANGE.sub(" ", text)
    until = [(0, int(year)) for year in _UNTIL.findall(rest)]
    since = [(int(year or other), OPEN_END) for year, other in _SINCE.findall(rest)]
    return [*years(text), *ranges, *until, *since]


def _time(first: int, last: int, one: Placed) -> Time:
    def touches(begin: int, end: int) -> bool:
        return begin <= last and first <= end

    named = _spans(one.text)
    within = [each for each in named if touches(*each)]
    if not within:
        if years(_ASIDE.sub(" ", one.text)):
            return "other"
        return "told" if any(touches(*told) for told in _told_before(one)) else "untold"
    if (first, first) in named or first == 0 or last == OPEN_END:
        return "begins"
    return "covers" if any(begin <= first and last <= end for begin, end in within) else "partly"


def _told_before(one: Placed) -> list[tuple[int, int]]:
    """The year that the text before a sentence names last, and the years in which its report may have appeared."""
    year = last_year(one.article.text[max(0, one.start - BEFORE) : one.start])
    told = [] if year is None else [(year, year)]
    if one.article.published and is_iso(one.article.published):
        begin, end = span(one.article.published)
        told.append((begin.year, end.year))
    return told
