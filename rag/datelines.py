"""The day that the head of a report gives: `ULM, 3 May 2025 (AP) - …`, `Herald, Monday 3 May 2025`, `Date: 3 May 2025`.

Of dates in prose only those that say when it was published, or that stand before a dash as wires have them. Measured
rules; knows lines, not how they form articles.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from rag.dates import MONTH, is_iso, month_number
from rag.lines import Kind, Line

HEAD_LINES = 6
"""Lines of a head, empty ones left out: title, paper, byline, place and date."""
HEAD_CHARS = 160
"""A longer line is the report itself."""
OLDEST = 1980
"""A date before this is of what the text is about."""
_DATE = (
    rf"(?:\b(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\.? (?:of )?(?P<m1>(?i:{MONTH})),? (?P<y1>(?:19|20)\d\d)"
    rf"|\b(?P<m2>(?i:{MONTH})) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y2>(?:19|20)\d\d)"
    r"|(?<![\d-])(?P<y3>(?:19|20)\d\d)-(?P<m3>\d\d)-(?P<d3>\d\d))(?![\d-])"
)
_ANY = re.compile(_DATE)
_NAMES = r"(?:[A-Z][\w.'’&-]*,? (?:(?:of|the|and|upon|am|sur|de|la) )?){1,6}?"
_DAY = r"(?:\w+day,? )?"
_WIRE = re.compile(rf"^{_NAMES}(?<=, ){_DAY}{_DATE},? ?(?:\([^()]{{1,60}}\))? ?[-–—]{{1,2}} ")
_PAPER = re.compile(rf"^(?:The )?{_NAMES}(?<=, ){_DAY}{_DATE}(?:, \d{{1,2}}[:.]\d\d)?(?:\.(?: |$)|$)")
_SAID = re.compile(
    r"(?:^|[.!?|·] )(?:(?:last|first|For immediate) )?(?:published|posted|updated|modified|issued|released?|revised"
    rf"|broadcast|version|edition)\b(?:[ :]+[\w'’&-]+){{0,6}}?[ :]+{_DATE}",
    re.I,
)
_OF_ELSE = re.compile(
    r"\b(?:born|died|birth|dob|founded|established|built|opened|end(?:s|ed|ing)?|expir\w*|starts?|begins?|deadline|due|next|effective"
    r"|check|departure|arrival|chapter|purchase|inception|valid|warranty|period|term|agreement|treaty|act|battle|lease|contract"
    r"|policy|force|adopted|amended|exhibition|concert|to match|your letter)\b"
    r"|\b(?:between|from|until|till|since|before|after|by|to)\s+$",
    re.I,
)
"""Before a date: it is of what the text is about."""
_ROW = re.compile(r"\|.*\||\t|;.*;|: .*; .*: ")
_TELLS_ON = re.compile(r"\s*[-–—:]\s*[a-z0-9]|[,;]\S")
"""After a date: it begins a line of a table or of a chronicle."""
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d\d\b")
_NAME = re.compile(r"(?<!\d)(?P<y3>(?:19|20)\d\d)-(?P<m3>\d\d)(?:-(?P<d3>\d\d))?(?!\d)")


def dateline(lines: Sequence[Line]) -> str | None:
    """The ISO day that the first lines of a report give, by the first of them that gives one.

    >>> dateline([Line(Kind.SHORT, "Bridge opens"), Line(Kind.SHORT, "Ulm Herald, Monday 5 May 2025. By Ann Lee")])
    '2025-05-05'
    >>> dateline([Line(Kind.PROSE, "ULM, May 5, 2025 (AP) - The bridge was opened by the mayor.")])
    '2025-05-05'
    >>> dateline([Line(Kind.PROSE, "The bridge was opened on 5 May 2025.")])
    """
    written = (line for line in lines if line.kind is not Kind.BLANK)
    found = (_given(line) for line in islice(written, HEAD_LINES))
    return next(filter(None, found), None)


def is_dateline(line: Line) -> bool:
    """Whether a line of a head says when and where a report appeared, and is no title."""
    text = _bare(line)
    named = _PAPER.match(text) or _SAID.search(text) or _CLOCK.search(text)
    return line.kind is not Kind.PROSE and bool(named) and _given(line) is not None


def in_name(source: str) -> str | None:
    """The ISO day or month in the name of a file.

    >>> in_name("news/2025-05-05_bridge.txt"), in_name("minutes 2025-05.md"), in_name("bridge_2025.txt")
    ('2025-05-05', '2025-05', None)
    """
    name = re.split(r"[/\\]", source)[-1]
    found = sorted(_NAME.finditer(name), key=lambda one: one["d3"] is None)
    return next(filter(None, (_iso(one) for one in found if one["d3"] or not _is_season(one))), None)


def _is_season(match: re.Match[str]) -> bool:
    """`2010-11` may be a season or a year of accounts."""
    return int(match["m3"]) == (int(match["y3"]) + 1) % 100


def _bare(line: Line) -> str:
    return line.text.lstrip("#*_> ").rstrip("*_ ")


def _given(line: Line) -> str | None:
    text = _bare(line)
    dates = list(_ANY.finditer(text[:HEAD_CHARS]))
    if len({_iso(one) for one in dates}) != 1 or _OF_ELSE.search(text[: dates[0].start()]):
        return None
    if _WIRE.match(text):
        return _iso(dates[0])
    if len(text) > HEAD_CHARS or _ROW.search(text):
        return None
    plain = line.kind is not Kind.PROSE and not _TELLS_ON.match(text[dates[0].end() :])
    return _iso(dates[0]) if plain or _SAID.search(text) or _PAPER.match(text) else None


def _iso(match: re.Match[str]) -> str | None:
    named = {name[0]: value for name, value in match.groupdict().items() if value}
    month = named["m"] if named["m"].isdigit() else month_number(named["m"])
    day = f"-{int(named['d']):02}" if "d" in named else ""
    value = f"{named['y']}-{int(month):02}{day}"
    return value if int(named["y"]) >= OLDEST and is_iso(value) else None
