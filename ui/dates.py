"""A date as people write it: `2025-08` → `August 2025`. Knows only the reduced ISO 8601 of `rag.types`."""

from __future__ import annotations

import re

_POINT = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?(?:T.*)?")
_MONTHS = "January February March April May June July August September October November December"
"""Not `calendar.month_name`, which follows the machine's locale; the page is in English."""


def say(published: str | None) -> str:
    """The date in words; "undated" for none; what is no such date is given back as it is.

    >>> say("2025-08-20"), say("2025-08"), say("2025"), say(None)
    ('20 August 2025', 'August 2025', '2025', 'undated')
    >>> say("2025-09/2025-12"), say("2024-09-27/2025-08")
    ('between September and December 2025', 'between 27 September 2024 and August 2025')
    """
    if not published or not published.strip():
        return "undated"
    ends = [_words(point) for point in published.strip().split("/")]
    if len(ends) > 2 or not all(ends):
        return published
    if len(ends) == 1 or ends[0] == ends[1]:
        return " ".join(ends[0])
    first, last = ends
    return f"between {' '.join(_without_shared_tail(first, last))} and {' '.join(last)}"


def _words(point: str) -> list[str]:
    """Day, month and year, as far as they are known; nothing when it is no date."""
    match = _POINT.fullmatch(point)
    if match is None:
        return []
    year, month, day = match.groups()
    return [*([str(int(day))] if day else []), *([_MONTHS.split()[int(month) - 1]] if month else []), year]


def _without_shared_tail(first: list[str], last: list[str]) -> list[str]:
    """Before "22 August 2025", "20 August 2025" is just "20", as long as both are equally precise."""
    if len(first) != len(last):
        return first
    words = list(first)
    while len(words) > 1 and words[-1] == last[len(words) - 1]:
        words.pop()
    return words
