"""ISO 8601 dates of reduced precision: what they span, which is newer, how people say them.

A date here is `2025`, `2025-08`, `2025-08-20`, or an interval of two such values, `2025-09/2025-12`.
Knows nothing of documents.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

MONTHS = tuple("January February March April May June July August September October November December".split())
"""Not `calendar.month_name`, which follows the machine's locale."""
_POINT = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def is_iso(value: str) -> bool:
    """Whether the value is a date or an interval as this module knows them."""
    try:
        first, last = span(value)
    except ValueError:
        return False
    return first <= last


def span(value: str) -> tuple[date, date]:
    """The first and the last day the date may stand for.

    Raises:
        ValueError: not such a date.
    """
    start, slash, end = value.partition("/")
    return _bounds(start)[0], _bounds(end if slash else start)[1]


def _bounds(point: str) -> tuple[date, date]:
    match = _POINT.fullmatch(point)
    if match is None:
        raise ValueError(f"not an ISO 8601 date: {point!r}")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if day is None:
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    return date(year, month, day), date(year, month, day)


def recency(value: str | None) -> tuple[date, date]:
    """A sort key: the newer, the larger; an unknown date is older than any known one.

    The last possible day decides, then the first: of 2025-08 and 2025, the vaguer may be the newer.
    """
    if value is None:
        return date.min, date.min
    first, last = span(value)
    return last, first


def before(value: str, ago: timedelta) -> str:
    """The date that lies `ago` before another, no more precise than both allow.

    Raises:
        OverflowError: that is before the year 1.

    >>> before("2025-08", timedelta(hours=9)), before("2025-08-20", timedelta(days=3))
    ('2025-08', '2025-08-17')
    """
    if ago < timedelta(days=1):
        return value
    first, last = span(value)
    first, last = first - ago, last - ago
    if first == last:
        return first.isoformat()
    if (first.year, first.month) == (last.year, last.month):
        return first.isoformat()[:7]
    return f"{first.isoformat()[:7]}/{last.isoformat()[:7]}"


def say(value: str | None) -> str:
    """The date as a person would write it; what is no date is given back as it is.

    >>> say("2025"), say("2025-08"), say("2025-08-20"), say(None)
    ('2025', 'August 2025', '20 August 2025', 'undated')
    >>> say("2025-09/2025-12"), say("2024-09-27/2025-08")
    ('between September and December 2025', 'between 27 September 2024 and August 2025')
    """
    if not value:
        return "undated"
    if not is_iso(value):
        return value
    first, *last = [_words(point) for point in value.split("/")]
    if not last or first == last[0]:
        return " ".join(first)
    return f"between {' '.join(_without_shared_tail(first, last[0]))} and {' '.join(last[0])}"


def _words(point: str) -> list[str]:
    year, *rest = point.split("-")
    month = [MONTHS[int(rest[0]) - 1]] if rest else []
    return [*(str(int(day)) for day in rest[1:]), *month, year]


def _without_shared_tail(first: list[str], last: list[str]) -> list[str]:
    """Before "22 August 2025", "20 August 2025" is just "20", as long as both are equally precise."""
    if len(first) != len(last):
        return first
    words = list(first)
    while len(words) > 1 and words[-1] == last[len(words) - 1]:
        words.pop()
    return words


_RELATIVE = re.compile(rf"\b(?:(?:{'|'.join(MONTHS)}) (?:last|this|next) year|(?:last|this|next) (?:month|year))\b")
_STEP = {"last": -1, "this": 0, "next": 1}


def resolve(text: str, published: str | None) -> list[tuple[str, str]]:
    """Relative dates in a text and what they come to, where its date of publication is known well enough.

    >>> resolve("It ends next month, as agreed in September last year.", "2025-08")
    [('next month', '2025-09'), ('September last year', '2024-09')]
    >>> resolve("It ends next month.", "2025")
    []
    """
    if published is None:
        return []
    first, last = span(published)
    found = dict.fromkeys(match.group() for match in _RELATIVE.finditer(text))
    resolved = ((phrase, {_resolve(phrase, day) for day in (first, last)}) for phrase in found)
    return [(phrase, values.pop()) for phrase, values in resolved if len(values) == 1]


def _resolve(phrase: str, day: date) -> str:
    words = phrase.split()
    if words[-1] == "year":
        year = day.year + _STEP[words[-2]]
        return f"{year}-{MONTHS.index(words[0]) + 1:02}" if len(words) == 3 else f"{year}"
    months = day.year * 12 + day.month - 1 + _STEP[words[0]]
    return f"{months // 12}-{months % 12 + 1:02}"
