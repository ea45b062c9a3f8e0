"""The day that the head of a report gives: `ULM, 3 May 2025 (AP) - …`, `Herald, Monday 3 May 2025`, `Date: 3 May 2025`.

Of dates in prose only those that say when it was published, or that stand before a dash as wires have them. Measured
rules; knows lines, not how they form articles.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from rag.dates import MONTHS, is_iso
from rag.lines import Kind, Line

HEAD_LINES = 6
"""Lines of a head, empty ones left out: title, paper, byline, place and date."""
HEAD_CHARS = 160
"""A longer line is the report itself."""
_MONTH = "|".join(f"{month}|{month[:3]}\\.?" for month in MONTHS) + r"|Sept\.?"
_DATE = (
    rf"(?:\b(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\.? (?:of )?(?P<m1>{_MONTH}),? (?P<y1>(?:19|20)\d\d)"
    rf"|\b(?P<m2>{_MONTH}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y2>(?:19|20)\d\d)"
    r"|(?<![\d-])(?P<y3>(?:19|20)\d\d)-(?P<m3>\d\d)-(?P<d3>\d\d))(?![\d-])"
)
_ANY = re.compile(_DATE, re.I)
_WIRE = re.compile(rf"^[^.!?;]{{0,80}}?{_DATE},? ?(?:\([^()]{{1,60}}\))? ?[-–—]{{1,2}} ", re.I)
_SAID = re.compile(
    r"\b(?:published|posted|updated|issued|released?|dated?|revised|edition|version)\b"
    rf"(?:(?! to\b)[ :]+[\w'’&-]+){{0,6}}?[ :]+{_DATE}",
    re.I,
)
_PAPER = re.compile(rf"^(?:[A-Z][^.!?;:]{{1,60}}, )(?:\w+day,? )?{_DATE}(?:, \d{{1,2}}[:.]\d\d)?(?:\.(?: |$)|$)", re.I)
_OF_ELSE = re.compile(
    r"\b(?:born|died|founded|established|built|between|from|until|since|before|after|by|ended|ending|agreement|treaty|act"
    r"|battle|lease|contract|period|valid|force)\b[^,|·]*$",
    re.I,
)
"""Before a date: it is of what the text is about."""
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
    return line.kind is not Kind.PROSE and _given(line) is not None


def in_name(source: str) -> str | None:
    """The ISO day or month in the name of a file.

    >>> in_name("news/2025-05-05_bridge.txt"), in_name("minutes 2025-05.md"), in_name("bridge_2025.txt")
    ('2025-05-05', '2025-05', None)
    """
    match = _NAME.search(re.split(r"[/\\]", source)[-1])
    return _iso(match) if match else None


def _given(line: Line) -> str | None:
    text = line.text.lstrip("#*_> ").rstrip("*_ ")
    match = _WIRE.match(text)
    if match is None and len(text) <= HEAD_CHARS:
        match = _SAID.search(text) or _PAPER.match(text)
        if match is None and line.kind is not Kind.PROSE:
            dates = list(_ANY.finditer(text))
            if len({_iso(one) for one in dates}) == 1 and not _OF_ELSE.search(text[: dates[0].start()]):
                match = dates[0]
    return _iso(match) if match else None


def _iso(match: re.Match[str]) -> str | None:
    named = {name[0]: value for name, value in match.groupdict().items() if value}
    month = named["m"] if named["m"].isdigit() else _month(named["m"])
    day = f"-{int(named['d']):02}" if "d" in named else ""
    value = f"{named['y']}-{int(month):02}{day}"
    return value if is_iso(value) else None


def _month(word: str) -> int:
    return next(at for at, month in enumerate(MONTHS, 1) if month[:3].lower() == word[:3].lower())
