"""What the readers of all formats share: a text put together part by part, tidy lines, dates as files state them.

Does not know any format.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.dates import MONTHS, is_iso, month_number
from rag.errors import ReadError
from rag.types import Place

MAX_CHARS = 20_000_000
"""Characters of one document: forty long novels. A file that says more is a dump, and would hold up all others."""
TOO_LONG = f"too long: more than {MAX_CHARS:,} characters of text; split it"
PLACE_CHARS = 80
DATE_CHARS = 40
BYLINE_CHARS = 160
_SPACE = re.compile(r"[^\S\n]+")
_AROUND_BREAK = re.compile(r" ?\n ?")
_INVISIBLE = re.compile(r"[\x01-\x08\x0e-\x1f\x7f\u00ad\u200b\u2060\ufeff\ufffe\uffff]")
"""Control characters, soft hyphens and marks of no width: none of them is part of a word that is searched for."""
_BREAKS = str.maketrans({"\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"})
_ISO = re.compile(r"\s*(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?![\d/.-])")
_COMPACT = re.compile(r"\s*(\d{4})(\d{2})(\d{2})(?:T?\d{4,6})?(?!\d)")
_MONTH = "|".join(month[:3] for month in MONTHS)
_DAY_FIRST = re.compile(rf"\b(?:(\d{{1,2}})(?:st|nd|rd|th)?\.?[\s-]+)?({_MONTH})[a-z]*\.?,?[\s-]+(\d{{4}})\b", re.I)
_MONTH_FIRST = re.compile(rf"\b({_MONTH})[a-z]*\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})\b", re.I)
_BETWEEN = re.compile(r"\s*[|·•]\s*")
EARLIEST, LATEST = "1500", "2100"
NO_DATES = ("1970-01-01", "1980-01-01", "1601-01-01", "1899-12-30", "1900-01-01", "1904-01-01")
"""The days from which programs count: a file that bears one was never given a date."""


class Parts:
    """A text that grows block by block, an empty line between two, and the places that its blocks stand in.

    The empty lines keep rows and headings from being taken for hard-wrapped prose.
    """

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._places: list[Place] = []
        self._length = 0

    def add(self, block: str, place: str = "", *, apart: bool = False, glue: str | None = None) -> None:
        """Append a block of lines; nothing where it holds no words.

        Args:
            place: what part of the file it stands in; the last one named where empty.
            apart: a second empty line before it, over which no header of an article reaches.
            glue: what stands between it and the block before it, where that one goes on here.

        Raises:
            ReadError: the text has become longer than `MAX_CHARS`.
        """
        block = block.strip()
        if not block:
            return
        gap = "" if not self._blocks else glue if glue is not None else "\n\n\n" if apart else "\n\n"
        self._length += len(gap)
        if place and (not self._places or self._places[-1][1] != place):
            self._places.append((self._length, place))
        self._blocks += [gap, block]
        self._length += len(block)
        if self._length > MAX_CHARS:
            raise ReadError(TOO_LONG)

    @property
    def text(self) -> str:
        return "".join(self._blocks)

    @property
    def places(self) -> tuple[Place, ...]:
        return tuple(self._places)


def joined(lines: Iterable[str]) -> str:
    """The lines as a text.

    Raises:
        ReadError: it is longer than `MAX_CHARS`.
    """
    kept: list[str] = []
    length = 0
    for line in lines:
        kept.append(line)
        length += len(line) + 1
        if length > MAX_CHARS:
            raise ReadError(TOO_LONG)
    return "\n".join(kept)


def tidy(text: str) -> str:
    """Any line break a `\\n`, any white space one blank, and nothing that cannot be seen."""
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").translate(_BREAKS))
    return _AROUND_BREAK.sub("\n", _SPACE.sub(" ", text)).strip()


def one_line(text: str | None) -> str:
    """The text on one line."""
    return " ".join(tidy(text or "").split())


def place_name(text: str) -> str:
    """A heading short enough to say where something stands."""
    text = one_line(text)
    return text if len(text) <= PLACE_CHARS else f"{text[: PLACE_CHARS - 2].rsplit(' ', 1)[0]} …"


def storable(text: str) -> str:
    """The text without NUL and without half surrogate pairs, as long as it was."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def stated(value: object) -> str | None:
    """The date that a file states in so many words, as precise as it states it; None where there is none.

    >>> stated("2025-08-20T10:15:00+02:00"), stated("August 2025"), stated("Wed, 20 Aug 2025 10:15 GMT")
    ('2025-08-20', '2025-08', '2025-08-20')
    >>> stated("D:20250820101500Z"), stated("last summer"), stated("1970-01-01T00:00:00Z")
    ('2025-08-20', None, None)
    """
    text = str(value or "").removeprefix("D:")
    found = ""
    if match := _COMPACT.match(text) or _ISO.match(text):
        found = "-".join(part.zfill(2) for part in match.groups() if part)
    elif match := _MONTH_FIRST.search(text):
        found = _date(match[3], match[1], match[2])
    elif match := _DAY_FIRST.search(text):
        found = _date(match[3], match[2], match[1])
    return found if is_iso(found) and EARLIEST <= found < LATEST and found not in NO_DATES else None


def is_date(text: str) -> bool:
    """Whether a line, or a part of a byline, says a day and next to nothing else: `Ann | Posted on 20 August 2025`."""
    parts = _BETWEEN.split(text) if len(text) <= BYLINE_CHARS else []
    return any(len(part) <= DATE_CHARS and len(stated(part) or "") == len("2025-08-20") for part in parts)


def _date(year: str, month: str, day: str | None) -> str:
    return f"{year}-{month_number(month):02}" + (f"-{int(day):02}" if day else "")
