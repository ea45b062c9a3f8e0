"""The figures and dates of a text: values with units and bounds (`over 60`), days as far as they are told.

Pure functions over English words. Knows neither questions nor evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from rag.dates import MONTH, month_number
from rag.relative import resolve

Bound = Literal["", "above", "below", "near", "about"]
"""Which way a figure is open: `over 60`, `under 60`, `nearly 60`, `about 60`."""

_BOUNDS: tuple[Bound, ...] = ("above", "below", "near", "about")
_MAGNITUDE = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
    "k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9, "tn": 1e12, "lakh": 1e5, "crore": 1e7,
}  # fmt: skip
_UNITS = """
%: percent pct; $: dollar dollars usd; €: euro euros eur; £: gbp; franc: francs chf; km: kilometre kilometres
kilometer kilometers kms; mile: miles mi; metre: metres meter meters; foot: feet ft; inch: inches; yard: yards; cm:
centimetre centimetres centimeter centimeters; mm: millimetre millimetres millimeter millimeters; acre: acres;
hectare: hectares ha; kg: kilogram kilograms kilo kilos; gram: grams g; mg: milligram milligrams; mcg: microgram
micrograms; ounce: ounces oz; pound: pounds lb lbs; ton: tons tonne tonnes; litre: litres liter liters l; ml:
millilitre millilitres milliliter milliliters; teaspoon: teaspoons tsp; tablespoon: tablespoons tbsp; cup: cups;
gallon: gallons; barrel: barrels; second: seconds; minute: minutes; hour: hours hrs; day: days; week: weeks; month:
months; year: years; decade: decades; century: centuries; degree: degrees; watt: watts; kw: kilowatt kilowatts; mw:
megawatt megawatts; knot: knots; mph:
"""
_ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen " \
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"  # fmt: skip
_NTHS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth " \
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth fortieth fiftieth sixtieth " \
    "seventieth eightieth ninetieth hundredth"  # fmt: skip
_WORD = "|".join([*_NTHS.split(), *reversed(_ONES.split()), "hundred", "thousand", "million", "billion", "trillion"])
_SPELLED = re.compile(rf"\b(?:{_WORD})(?:(?:[ -]|(?<=hundred) and |(?<=thousand) and )(?:{_WORD})\b)*(?![a-z])", re.I)
_WITH_MAGNITUDE = re.compile(
    r"(?<![\w.])(\d+(?:,\d{3})*(?:\.\d+)?)"
    r"(?:[ -]?(hundred|thousand|million|billion|trillion|lakh|crore)|(k|m|mn|bn|tn))\b"
)
_SHARED_MAGNITUDE = re.compile(
    r"\b(\d+(?:\.\d+)?)((?: ?- ?| to | or )[$£€]?)(\d+(?:\.\d+)?)[ -]?(hundred|thousand|million|billion|trillion|bn)\b"
)
"""`30 to 40 billion` means thirty billion, too."""
_PARTS = {"half": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5, "tenth": 10}
_FRACTION = re.compile(
    rf"\b(one|two|three|four|a|[1-9])[ -]({'|'.join(_PARTS)})\b(?=[ -]of\b| the\b|s? |[.,;]|$)", re.I
)
_SMALL = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4}

_ABOVE = (
    r"more than|over|above|at least|(?:no|not) (?:less|fewer) than|exceed(?:s|ed|ing)?|upwards? of|in excess of|beyond"
    r"|(?:greater|higher|larger|longer|older) than|surpass(?:es|ed|ing)?|(?:a )?minimum(?: of)?|topp?(?:s|ed|ing)"
)
_BELOW = (
    r"less than|fewer than|under|below|at most|up to|(?:no|not) (?:more|greater|later|longer) than|as (?:many|much) as"
    r"|(?:a )?maximum(?: of)?|(?:lower|smaller|shorter|younger) than|short of"
)
_NEAR = r"nearly|almost|close to|approaching|(?:just|slightly|a little) (?:under|below|short of|less than|fewer than)"
_ABOUT = r"about|around|approximately|roughly|some|circa|c\.|ca\.|estimated|approx\."
_BEFORE = re.compile(
    rf"\b(?:(?P<near>{_NEAR})|(?P<above>{_ABOVE})|(?P<below>{_BELOW})|(?P<about>{_ABOUT}))"
    r"(?: (?:an? |the )?(?:additional|total of|estimated|about|around|age of|of|the|an?))? ?(?:us|[$£€]){0,2}$"
)
_AFTER = re.compile(r"(?P<above> ?\+| or (?:more|above|over|older|higher))|(?P<below> or (?:less|fewer|under|younger))")
_FIGURE = re.compile(
    r"(?<![\w.])(?P<minus>(?<=[a-z:] )-(?=\d))?(?P<money>[$£€])?"
    r"(?P<value>\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<nth>st|nd|rd|th)?(?!\w|[.,]\d)"
    r"(?P<unit>(?:[ -]|(?=%))(?:percentage points|per cent|%|[A-Za-z]+))?"
)
_TO = re.compile(r"\s?(?:-+|to|or|and)\s?[$£€]?", re.I)
_YEARS = range(1000, 2200)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it stands in a text that `plain` has read."""

    value: float
    start: int
    end: int
    unit: str = ""
    bound: Bound = ""
    partner: float | None = None
    """The other end of the range it belongs to."""
    ordinal: bool = False

    @property
    def may_be_year(self) -> bool:
        return self.value in _YEARS and not self.unit and not self.bound

    def says(self, other: Figure) -> bool:
        """Whether this may be told where the other stands: the same value, no other unit, no other bound."""
        if self.value != other.value or (self.unit and other.unit and self.unit != other.unit):
            return False
        if other.partner is not None and self.partner != other.partner and not other.may_be_year:
            return False
        return self.may_be_year or other.may_be_year or other.bound in _TOLD_BY[self.bound]

    def may_be(self, other: Figure) -> bool:
        """Whether both may count the same: the value is one, and the units, where both tell one."""
        return self.value == other.value and not (self.unit and other.unit and self.unit != other.unit)


_TOLD_BY: dict[Bound, tuple[Bound, ...]] = {
    "": ("", "about"),
    "about": ("", "about", "near"),
    "near": ("near",),
    "above": ("above",),
    "below": ("below",),
}
"""A figure's bound → bounds of the evidence that allow it. `About` may be left out or added; no other may."""


@dataclass(frozen=True, slots=True)
class Day:
    """A date as far as it is told; 0 is not told."""

    year: int = 0
    month: int = 0
    day: int = 0

    def agrees(self, other: Day) -> bool:
        """Whether the other tells at least as much, and the same."""
        return all(mine in (0, theirs) for mine, theirs in self._beside(other))

    def may_be(self, other: Day) -> bool:
        """Whether nothing that both tell differs."""
        return all(mine == theirs or 0 in (mine, theirs) for mine, theirs in self._beside(other))

    def _beside(self, other: Day) -> tuple[tuple[int, int], ...]:
        return (self.year, other.year), (self.month, other.month), (self.day, other.day)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """The text with numbers in digits, one kind of quotes and dashes, `not` in full: what all readings start from.

    >>> plain("Four to five men didn’t go; $2.5 billion")
    '4 to 5 men did not go; $2500000000'
    """
    text = _SHARED_MAGNITUDE.sub(r"\1 \4\2\3 \4", text.translate(_SAME).translate(_FRACTIONS))
    text = re.sub(r"\b(?:[A-Z]\.){2,}", lambda match: match.group().replace(".", ""), text)
    text = text.replace("can't", "can not").replace("cannot", "can not").replace("won't", "will not")
    text = re.sub(r"\s+(?=[,;:)]|\.(?:\s|$))", "", text)
    text = re.sub(r" ?'s\b|(?<=s)'(?=\W|$)", "", re.sub(r"n't\b", " not", text))
    text = re.sub(r"\b(\d+(?:st|nd|rd|th))of\b", r"\1 of", text)
    text = _FRACTION.sub(_fraction, text)
    text = re.sub(r"\bhalf(?= (?:of|the|all|its|their)\b)", "50 %", text, flags=re.I)
    return _WITH_MAGNITUDE.sub(_multiplied, _SPELLED.sub(_in_digits, _WITH_MAGNITUDE.sub(_multiplied, text)))


_SAME = str.maketrans("’‘`´“”„–—−‑‐\u00a0\u202f\u2009", "''''\"\"\"-----   ")
_FRACTIONS = str.maketrans({"½": " 1/2", "⅓": " 1/3", "⅔": " 2/3", "¼": " 1/4", "¾": " 3/4", "⅛": " 1/8"})


def _fraction(match: re.Match[str]) -> str:
    count = match.group(1).lower()
    top = _SMALL.get(count) or int(count)
    bottom = _PARTS[match.group(2).lower()]
    return f"{100 * top / bottom:.4g} %" if top < bottom else match.group()


def _multiplied(match: re.Match[str]) -> str:
    value = float(match.group(1).replace(",", "")) * _MAGNITUDE[(match.group(2) or match.group(3)).lower()]
    return f"{value:.4f}".rstrip("0").rstrip(".")


def _in_digits(match: re.Match[str]) -> str:
    """A lone `one` is mostly no number, `at first` no rank, and a second after a digit is a unit."""
    from text_to_num import alpha2digit

    words = match.group()
    before, after = match.string[: match.start()].lower(), match.string[match.end() :].lower()
    if words.lower() == "one" and not _counts_one(before, after):
        return words
    if words.lower() == "first" and (before.endswith("at ") or after[:1] == ","):
        return words
    if words.lower() == "second" and re.search(r"(?:\d|per|a) $", before):
        return words
    return str(alpha2digit(words, "en", threshold=0))


def _counts_one(before: str, after: str) -> bool:
    following = re.match(r"[ -]([a-z]+)", after)
    return bool(following and following.group(1) in UNITS) or bool(
        re.search(r"\b(?:the|only|just|exactly) $", before)
        and re.match(r" (?!of|that|who|where|which|in|to)[a-z]", after)
    )


def _unit_table() -> dict[str, str]:
    table: dict[str, str] = {}
    for line in _UNITS.replace("\n", " ").split(";"):
        name, _, forms = line.strip().partition(":")
        table |= dict.fromkeys((name, *forms.split()), name)
    return table | {"per cent": "%", "percentage points": "points"}


UNITS = _unit_table()
"""Every form of a unit → its one name."""


@lru_cache(maxsize=4096)
def figures(text: str) -> tuple[Figure, ...]:
    """The numbers of a text that `plain` has read, with units, bounds and ranges."""
    found: list[Figure] = []
    for match in _FIGURE.finditer(text):
        end = match.end("nth") if match["nth"] else match.end("value")
        unit = match["money"] or UNITS.get((match["unit"] or "").strip(" -").lower(), "")
        bound = _bound(text, match.start(), match.end("value"))
        one = Figure(_value(match), match.start(), end, unit, bound, ordinal=bool(match["nth"]))
        if found and _is_range(text, found[-1], one):
            lower = replace(found[-1], unit=found[-1].unit or unit, partner=one.value)
            one = replace(one, unit=unit or lower.unit, bound=lower.bound, partner=lower.value)
            found[-1] = lower
        found.append(one)
    return tuple(found)


def _value(match: re.Match[str]) -> float:
    return (-1 if match["minus"] else 1) * float(match["value"].replace(",", ""))


def _is_range(text: str, lower: Figure, upper: Figure) -> bool:
    """`4 to 5 men`, `between 4 and 5`; not `in 2020 to $8 billion`, nor `in 2020 and 5 men`."""
    between = text[lower.end : upper.start]
    if not _TO.fullmatch(between) or (upper.unit in "$£€" and lower.unit != upper.unit and upper.unit):
        return False
    return "and" not in between.lower() or bool(re.search(r"\bbetween [$£€]?$", text[: lower.start].lower()))


def _bound(text: str, start: int, end: int) -> Bound:
    match = _BEFORE.search(text[max(0, start - 40) : start].lower().rstrip(" ")) or _AFTER.match(text[end:])
    if match is None:
        return ""
    return next(bound for bound in _BOUNDS if match.groupdict().get(bound))


_DATES = re.compile(
    rf"\b(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? )?(?P<m>{MONTH})(?= |,|\.|;|:|\)|'|-|$)"
    r"(?: (?P<d2>\d{1,2})(?:st|nd|rd|th)?(?!\d|,\d|\.\d| \w+illion))?(?:,? (?:of )?(?P<y>\d{4})(?!\d|,\d))?"
)


def days(text: str, published: str | None = None) -> tuple[Day, ...]:
    """The dates that name a month, and those that `last month` and the like come to. `plain` has read the text."""
    told = [
        Day(int(match["y"] or 0), month_number(match["m"]), int(match["d1"] or match["d2"] or 0))
        for match in _DATES.finditer(text)
        if match["m"] != "May" or match["d1"] or match["d2"] or match["y"] or _is_may(text, match)
    ]
    meant = [Day(*map(int, value.split("-"))) for _, value in resolve(text, published) if "/" not in value]
    return (*told, *meant, *_joined(told, meant))


def _is_may(text: str, match: re.Match[str]) -> bool:
    before = r"\b(?:in|of|by|since|until|from|last|next|this|late|early|mid|and|to|the) $"
    return bool(re.search(before, text[: match.start()], re.I))


def _joined(told: list[Day], meant: list[Day]) -> Iterator[Day]:
    """`11 November this year`: the day of one with the year of the other."""
    for day in told:
        for other in meant:
            if not day.year and other.month in (0, day.month):
                yield Day(other.year, day.month, day.day)
