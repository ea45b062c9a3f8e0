"""Relative dates in a text ("next month", "on Monday") → ISO 8601, seen from the day the text is of.

Calendar arithmetic by dateutil. Nothing is guessed: what the date of publication is too vague to tell, or what may be
meant in two ways, is left alone. Does not know documents.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta, weekday

from rag.dates import MONTHS, WEEKDAYS, month_number, span

_NUMBERS = dict(
    zip("one two three four five six seven eight nine ten eleven twelve".split(), range(1, 13), strict=True)
)
_NUMBERS |= {"a": 1, "an": 1}
_COUNT = r"(?<![\w.,-])(?<!ty )(?<!\band )(?<!\bor )(?<!\bto )(?<!\bhalf )(?<!\bthan )(?<!\bover )"
_COUNT += rf"(?P<count>\d{{1,3}}|{'|'.join(_NUMBERS)})"
"""Not the end of a longer number (`twenty-two`, `1,200`) nor of one that is open (`two or three`, `more than ten`)."""
_UNIT = r"(?P<unit>day|week|month|year)s?"
_STEP = {"last": -1, "previous": -1, "this": 0, "next": 1, "coming": 1}
_STEPS = "|".join(_STEP)
_NO_STEP = r"(?<!\bthe )"
"""`The previous year` is the one before another that was told of, `the next week` may begin today."""
_AHEAD = re.compile(
    r"\b(?:will|shall|won['’]t|(?:is|are|was|were) (?:to|due)|(?:is|are) expected|expects?|plans|scheduled|set to|"
    r"going to|about to|aims|intends|hopes)\b(?!.*\b(?:said|told|announced|reported|confirmed|added|stated|wrote|"
    r"warned|claimed|revealed|noted|explained|declared|tweeted|posted)\b)",
    re.I | re.S,
)
"""Before a weekday, and nobody having said so in between: the one that comes."""
_BEHIND = re.compile(
    r"\b(?:was|were|had|did|said|told|began|met|took|went|came|held|gave|made|left|won|lost|fell|rose|struck|shot|wrote|"
    r"spoke|broke|became|brought|found|got|led|put|sent|sold|saw|drew|flew|grew|hit|cut|paid|set off|\w{2,}ed)\b",
    re.I,
)
"""In its clause: the one that went by. With neither, as in `he comes on Friday`, which one is meant is open."""
_STANDING = re.compile(r"\b(?:is|are|be|being)(?: (?:not|never|always|also|often|\w+ly))* \w+", re.I)
"""`It is closed on Monday` tells no day that went by, and mostly every Monday."""
_CLAUSE = re.compile(r"[;:]|, (?:and|but|while|as) |\. ")


@dataclass(frozen=True, slots=True)
class _Form:
    """A way to say when: what it looks like, and what it comes to on a day."""

    pattern: re.Pattern[str]
    value: Callable[[re.Match[str], date], str]


def resolve(text: str, published: str | None) -> list[tuple[str, str]]:
    """Relative dates in a text and what they come to, where its date of publication is known well enough.

    >>> resolve("It ends next month, as agreed in September last year.", "2025-08")
    [('next month', '2025-09'), ('September last year', '2024-09')]
    >>> resolve("It opened on Monday and will close on Friday.", "2025-08-20")
    [('on Monday', '2025-08-18'), ('on Friday', '2025-08-22')]
    >>> resolve("It ends next month. It opened two days ago.", "2025")
    []
    """
    if published is None:
        return []
    first, last = span(published)
    found: dict[str, set[str]] = {}
    for phrase, form, match in _found(text):
        try:
            found.setdefault(phrase, set()).update(form.value(match, day) for day in (first, last))
        except (OverflowError, ValueError):  # before the year 1, or after 9999
            found.setdefault(phrase, set()).update(("", "?"))
    return [(phrase, values.pop()) for phrase, values in found.items() if len(values) == 1]


def _found(text: str) -> Iterator[tuple[str, _Form, re.Match[str]]]:
    """In the order of the text; where two forms overlap, the one that says more."""
    matches = [(match, form) for form in _FORMS for match in form.pattern.finditer(text)]
    matches.sort(key=lambda one: (one[0].start(), -one[0].end()))
    end = 0
    for match, form in matches:
        if match.start() >= end:
            end = match.end()
            yield match.group(), form, match


def _year(match: re.Match[str], day: date) -> str:
    return f"{(day + relativedelta(years=_STEP[match['step'].lower()])).year:04}"


def _month_of_year(match: re.Match[str], day: date) -> str:
    return f"{_year(match, day)}-{month_number(match['month']):02}"


def _month(match: re.Match[str], day: date) -> str:
    return _to_month(day + relativedelta(months=_STEP[match["step"].lower()]))


def _week(match: re.Match[str], day: date) -> str:
    monday = day - timedelta(days=day.weekday()) + timedelta(weeks=_STEP[match["step"].lower()])
    return f"{monday}/{monday + timedelta(days=6)}"


def _near(match: re.Match[str], day: date) -> str:
    return (day + timedelta(days=-1 if match.group().lower() == "yesterday" else 1)).isoformat()


def _weekday(match: re.Match[str], day: date) -> str:
    """The one before or the one to come, by the words of its clause; `last` and `next` say it themselves."""
    step = (match["step"] or "").lower()
    if not step:
        before = _CLAUSE.split(match.string[: match.start()])[-1]
        clause = before + " " + _CLAUSE.split(match.string[match.end() :])[0]
        if not (ahead := _AHEAD.search(before)) and not _BEHIND.search(_STANDING.sub(" ", clause)):
            raise ValueError("which one is meant is open")
        start, direction = day, 1 if ahead else -1
    else:
        direction = -1 if step in ("last", "previous") else 1
        start = day + timedelta(days=direction)
    found: date = start + relativedelta(weekday=weekday(WEEKDAYS.index(match["day"]))(direction))
    return found.isoformat()


def _ago(match: re.Match[str], day: date) -> str:
    """No more precise than the unit: two months ago is a month, three years ago a year."""
    unit = match["unit"].lower()
    count = _NUMBERS.get(match["count"].lower()) or int(match["count"])
    sign = 1 if match.group().lower().startswith("in ") else -1
    then: date = day + relativedelta(**{f"{unit}s": sign * count})
    if unit == "week":
        monday = then - timedelta(days=then.weekday())
        return f"{monday}/{monday + timedelta(days=6)}"
    return {"day": then.isoformat(), "month": _to_month(then), "year": f"{then.year:04}"}[unit]


def _to_month(day: date) -> str:
    return f"{day.year:04}-{day.month:02}"


_FORMS = [
    _Form(re.compile(rf"\b(?P<month>{'|'.join(MONTHS)}) (?:of )?(?P<step>last|this|next) year\b"), _month_of_year),
    _Form(re.compile(rf"{_NO_STEP}\b(?P<step>{_STEPS}) year\b(?! of\b)", re.I), _year),
    _Form(re.compile(rf"{_NO_STEP}\b(?P<step>{_STEPS}) month\b(?! of\b)", re.I), _month),
    _Form(re.compile(rf"{_NO_STEP}\b(?P<step>{_STEPS}) week\b(?! of\b)", re.I), _week),
    _Form(re.compile(r"\b(?:yesterday|tomorrow)\b", re.I), _near),  # `today` may be nowadays
    _Form(
        re.compile(
            rf"\b(?:[Oo]n|(?P<step>[Ll]ast|[Nn]ext|[Pp]revious|[Cc]oming)) (?P<day>{'|'.join(WEEKDAYS)})\b(?!,? \d)"
        ),
        _weekday,
    ),
    _Form(re.compile(rf"{_COUNT} {_UNIT} ago\b", re.I), _ago),
    _Form(re.compile(rf"\bin {_COUNT} {_UNIT}(?:['’] time| from now)\b", re.I), _ago),
]
