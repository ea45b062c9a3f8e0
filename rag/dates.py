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
WEEKDAYS = tuple("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split())
MONTH = "|".join((*MONTHS, *(month[:3] + r"\.?" for month in MONTHS), r"Sept\.?"))
"""A regular expression: a month as people write it, in full or short."""
_POINT = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def month_number(word: str) -> int:
    """Which month a match of `MONTH` is, from 1.

    >>> month_number("Sept."), month_number("MAY")
    (9, 5)
    """
    return next(number for number, month in enumerate(MONTHS, 1) if month.lower().startswith(word[:3].lower()))


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


def may_lie(value: str | None, first: date, last: date) -> bool:
    """Whether the date may stand for a day between two others, ends included; what is no date stands for none.

    >>> may_lie("2025-08", date(2025, 8, 15), date.max), may_lie("2025", date.min, date(2024, 12, 31))
    (True, False)
    """
    if not value or not is_iso(value):
        return False
    begin, end = span(value)
    return begin <= last and first <= end


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


COUNTED = (
    "troops|soldiers|people|persons|men|women|children|inhabitants|residents|members|adults|employees|workers|students"
    "|pupils|guests|visitors|delegates|patients|refugees|families|votes|copies|pages|seats|places|tickets|vehicles|cars"
    "|homes|houses|flats|tons|tonnes|kilos|kg|g|mg|grams?|litres|liters|l|ml|km|m|cm|mm|metres|meters|kilometres|kilometers"
    "|miles|feet|foot|acres|hectares|dollars|euros?|pounds|crowns|francs|eur|usd|gbp|chf|hours|gmt|days|years|words|steps"
    "|kwh|kw|mw|watts?|w|rpm|calories|kcal"
)
"""What a number of four digits counts or measures, so that it is no year. Goes into regular expressions."""
YEAR = re.compile(
    r"(?:(?<=\b[Ii]n )|(?<=\b[Bb]y )|(?<=\b[Ss]ince )|(?<=\b[Uu]ntil )|(?<=\b[Dd]uring ))(?:1\d{3}|20\d\d)\b"
    rf"|(?<![$£€])\b(?:1\d{{3}}|20\d\d)\b(?! ?[$£€%]|[ -](?i:{COUNTED})\b)"
)
"""`In 2021 members voted` names a year, `1200 members` and `$1450` do not."""
_YEARS = re.compile(
    r"\b(1\d{3}|20\d\d)\s*(?:[-–—]|to|until|till|through|and)\s*"
    r"(?:[A-Z][a-z]+\.?\s)?(?:\d{1,2},?\s)?(1\d{3}|20\d\d|\d\d(?!\d)|present|now)\b"
)
LONGEST, LONGEST_IN_SHORT = 120, 30
"""Years. What names a longer time tells two ages apart, not a beginning and an end; `2024-05` is a month."""
OPEN_END = 9999


def years(text: str) -> list[tuple[int, int]]:
    """The years a text names, and the times between two of them, each as its first and last year.

    >>> years("from 1906 to June 1916, and since 2004")
    [(1906, 1906), (1916, 1916), (2004, 2004), (1906, 1916)]
    >>> years("the season of 1999–00; chairman 2013-present")
    [(1999, 1999), (2013, 2013), (1999, 2000), (2013, 9999)]
    >>> years("on 2024-05-03"), years("1200 members, at $1450")
    ([(2024, 2024)], [])
    """
    found = [(int(year), int(year)) for year in YEAR.findall(text)]
    for begin, end in _YEARS.findall(text):
        first, last, longest = int(begin), int(end) if end.isdigit() else OPEN_END, LONGEST
        if last < 100:
            last += first // 100 * 100
            last += 100 if last < first else 0
            longest = LONGEST_IN_SHORT
        if first <= last <= first + longest or last == OPEN_END:
            found.append((first, last))
    return found


def last_year(text: str) -> int | None:
    """The year that a text names last.

    >>> last_year("From 1906 to June 1916 it was closed.")
    1916
    """
    found = YEAR.findall(text)
    return int(found[-1]) if found else None
