"""ISO 8601 dates of reduced precision: what they span, which is newer, how people say them.

A date here is `2025`, `2025-08`, `2025-08-20`, or an interval of two such values, `2025-09/2025-12`.
Knows nothing of documents.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

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
    """The date as a person would write it.

    >>> say("2025"), say("2025-08"), say("2025-08-20"), say("2025-09/2025-12"), say(None)
    ('2025', 'August 2025', '20 August 2025', 'September 2025 to December 2025', 'undated')
    """
    if value is None:
        return "undated"
    start, _, end = value.partition("/")
    return f"{_say(start)} to {_say(end)}" if end else _say(start)


def _say(point: str) -> str:
    parts = point.split("-")
    month = [calendar.month_name[int(parts[1])]] if len(parts) > 1 else []
    day = [str(int(parts[2]))] if len(parts) > 2 else []
    return " ".join([*day, *month, parts[0]])


_MONTHS = "|".join(calendar.month_name[1:])
_RELATIVE = re.compile(
    rf"\b(?:(?:{_MONTHS}) (?:last|this|next) year|(?:last|this|next) (?:month|year))\b"
)
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
        return f"{year}-{list(calendar.month_name).index(words[0]):02}" if len(words) == 3 else f"{year}"
    months = day.year * 12 + day.month - 1 + _STEP[words[0]]
    return f"{months // 12}-{months % 12 + 1:02}"
