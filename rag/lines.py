"""What a line of a saved page is: prose, a date line, a section label, furniture, or some other short line.

General signals only: how the line ends, how long it is, what share of it is letters, whether it is a date,
and the few labels that most sites share (`Related`, `Comments`, `Share this`). Does not know how
lines form articles.
"""

from __future__ import annotations

import re
from calendar import day_abbr, day_name, month_abbr, month_name
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import lru_cache
from itertools import groupby

from rag.dates import before


class Kind(Enum):
    BLANK = "blank"
    PROSE = "prose"
    TIME = "time"
    RELATED = "related"
    COMMENTS = "comments"
    SITE = "site"
    """Furniture that only a site has: `Share this`, `Sign in`, `Advertisement`."""
    FURNITURE = "furniture"
    """Furniture that may be a word of one's own notes: `Tags`, `Print`, `Required`."""
    MARKER = "marker"
    """A widget, not words: `A+ A-`, `| 1 2 >`."""
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class Line:
    """One line, stripped, and its kind."""

    kind: Kind
    text: str
    at: int = -1
    """Where it begins in the document's text; -1 for a line that was made from another."""


PROSE_WORDS = 6
"""A line that ends like a sentence and has this many words is prose: bylines and captions have fewer."""
PROSE_CHARS = 240
"""A line this long is prose however it ends: pages cut paragraphs short."""
LABEL_WORDS = 5
WRAP_COLUMNS = range(45, 101)
WRAP_LINES = 2
WRAPPED_SHARE = 0.6
"""Of the lines of a typewriter's width, this share must break off in mid-sentence before lines are joined."""
SMALL_SHARE = 1 / 3
"""And after so many of them the next must begin with a letter that is no capital: rows begin with a name or a number.
Of 460 texts of all kinds, wrapped at 60, 72 and 78 columns, none has less than .44."""
LIST_LINES = 4
"""So many of them on end with a number in each, and no such letter after any, are rows that stand in a letter."""
TIME_CHARS = 48
BYLINE_CHARS = 160

_ENDS = re.compile(r"[.!?…。！？][\"'”’»)\]]*$|[\"”»]$")
_AGO = re.compile(
    r"(?:\w+:?\s+)?(?P<n>an?|\d+)\s*(?P<unit>seconds?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?)\s+ago",
    re.I,
)
_BYLINE = re.compile(r"^by\s+[^,|·•\d]{3,60}[,|·•]\s*", re.I)
"""Before the date: `By Carl Jensen, 3 November 2025`."""
_BY_AFTER = re.compile(r"\s+by\s+[^,|·•\d]{3,60}$", re.I)
_BETWEEN = re.compile(r"\s*[|·•]\s*|\s+[–—-]\s+")
_BESIDE = re.compile(r"by\s+[^\d]{3,60}|(?:published|posted|updated)\b.*|\d+[ -]min(?:ute)?s?(?: read)?", re.I)
"""What stands beside the date in a byline. Anything else, and the line may be a row of a table."""
_CHANGED = re.compile(r"(?:last )?(?:updated|modified)\b", re.I)
_DATE = re.compile(r"\b(?:19|20)\d\d\b")
_IN_NUMBERS = re.compile(r"\b\d{1,2}([./ -]) ?\d{1,2}\1 ?(?:19|20)\d\d\b")
_DATE_WORDS = {
    "published", "posted", "updated", "modified", "first", "last", "date", "on", "at", "st", "nd", "rd", "th",
    "am", "pm", "t", "z", "utc", "gmt", "bst", "ist", "et", "est", "edt", "ct", "cst", "cdt", "mt", "mst", "mdt",
    "pt", "pst", "pdt", "cet", "cest", "eet", "eest", "msk", "sept", "tues", "weds", "thur", "thurs",
}.union(*(map(str.lower, names) for names in (month_name, month_abbr, day_name, day_abbr)))  # fmt: skip
"""Any other word, and a line is no date: dateparser takes 2 ms to say so, an hour for a large table."""
_RELATED = re.compile(
    r"(?:related(?: (?:articles?|stories|story|news|content|posts?|topics|links|reading|coverage))?"
    r"|also (?:in|on|from) .+|more (?:from|in|on|stories|news).*|read (?:more|next|also)"
    r"|(?:the )?latest(?: news| stories)?|most (?:read|popular|viewed)|trending(?: now)?|top stories"
    r"|recommended.*|you (?:may|might) also like|see also|editor.?s picks?|up next|what to read next):?",
    re.I,
)
_COMMENTS = re.compile(
    r"(?:\d+ )?comments?(?: \(\d+\))?|(?:post|leave|add|write) a (?:comment|reply)"
    r"|join the (?:conversation|discussion)",
    re.I,
)
_SITE = re.compile(
    r"share this|share(?: this)? (?:article|story|page|on|via)\b.*|follow us.*|subscribe(?: now)?|sign (?:in|up|out)"
    r"|log (?:in|out)|advertisements?|sponsored(?: content)?|copy link|skip to (?:main )?content|back to top"
    r"|cookie (?:policy|settings)|accept (?:all )?cookies",
    re.I,
)
_FURNITURE = re.compile(r"share|print|required|tags|hashtags|loading\W*", re.I)
_ITEM = re.compile(r"\s*(?:[-*•#>|]|\d+[.)])\s")
_WORD = re.compile(r"[^\W\d_]{3,}")
_DIGIT = re.compile(r"\d")
_UNBREAKABLE = re.compile(rf"[!-~]{{{WRAP_COLUMNS.start},}}")
"""An address on the web may be longer than any width: it says nothing of the lines around it."""


def to_lines(text: str, *, unwrapped: bool = False) -> list[Line]:
    """The text's lines, hard-wrapped ones joined by a space; as they are where that was done already."""
    lines, at = [], 0
    for line in text.split("\n"):
        lines.append((at, line))
        at += len(line) + 1
    return [Line(kind_of(line), line.strip(), at) for at, line in (lines if unwrapped else _unwrap(lines))]


def kind_of(line: str) -> Kind:
    """Which kind of line this is."""
    text = line.strip().lstrip("#").strip()
    if not text:
        return Kind.BLANK
    words = len(text.split())
    if words <= LABEL_WORDS:
        if _RELATED.fullmatch(text):
            return Kind.RELATED
        if _COMMENTS.fullmatch(text):
            return Kind.COMMENTS
        if _SITE.fullmatch(text):
            return Kind.SITE
        if _FURNITURE.fullmatch(text):
            return Kind.FURNITURE
    if is_time(text):
        return Kind.TIME
    if _is_marker(text):
        return Kind.MARKER
    if len(text) >= PROSE_CHARS or (words >= PROSE_WORDS and _ENDS.search(text)):
        return Kind.PROSE
    return Kind.SHORT


def is_time(text: str) -> bool:
    """Whether the line is nothing but a moment, or a byline with one: `9 hours ago`, `By Ann | 20 Aug 2025, 10:15`."""
    return _is_moment(_when(text))


def _when(text: str) -> str:
    """Of a byline, the part that says when a report appeared, not when it was changed; any other line as it is."""
    parts = _BETWEEN.split(text) if len(text) <= BYLINE_CHARS else [text]
    if len(parts) == 1:
        return _BY_AFTER.sub("", _BYLINE.sub("", text, count=1))
    moments = [part for part in parts if _is_moment(_when(part))]
    marked = any(_BESIDE.fullmatch(part) for part in parts)
    if not moments or not marked or any(part not in moments and not _BESIDE.fullmatch(part) for part in parts):
        return text
    return _when(next((part for part in moments if not _CHANGED.match(part)), moments[0]))


def _is_moment(text: str) -> bool:
    if len(text) > TIME_CHARS:
        return False
    if _AGO.fullmatch(text):
        return True
    words = re.findall(r"[^\W\d_]+", text.lower())
    return bool(_DATE.search(text)) and _DATE_WORDS.issuperset(words) and _absolute(text) is not None


def moment(text: str, page_date: str | None) -> str | None:
    """The ISO date a date line names, `9 hours ago` counted back from the page's own date if that is known."""
    text = _when(text.strip())
    if match := _AGO.fullmatch(text):
        try:
            return before(page_date, _delta(match)) if page_date else None
        except OverflowError:  # `9000 years ago`
            return None
    return _absolute(text)


def _delta(match: re.Match[str]) -> timedelta:
    count = 1 if match["n"].startswith("a") else int(match["n"])
    days = {"d": 1.0, "w": 7.0, "y": 365.0}
    unit = match["unit"].lower()
    if unit.startswith("mo"):
        return timedelta(days=30 * count)
    return timedelta(days=days.get(unit[0], 0.0) * count)


@lru_cache(maxsize=4096)
def _absolute(text: str) -> str | None:
    """The day a line names; of `3/5/2025`, which is one of two days, the time from the first to the last of them.

    Kept: every line is asked for twice, and a folder has far more reports than days.
    """
    import dateparser

    text = re.sub(
        r"^(?:(?:first|last) )?(?:published|posted|updated|modified|date)\b(?: on| at)?:?\s*", "", text, flags=re.I
    )
    days = set()
    for order in _orders(text):
        settings = {
            "REQUIRE_PARTS": ["year", "month", "day"], "RETURN_AS_TIMEZONE_AWARE": False, "DATE_ORDER": order
        }  # fmt: skip
        found: datetime | None = dateparser.parse(text, languages=["en"], settings=settings)
        days |= {found.date().isoformat()} if found else set()
    return "/".join(sorted(days)) or None


def _orders(text: str) -> tuple[str, ...]:
    """In which orders day, month and year may stand. Between dots the day is first everywhere, else it depends."""
    match = _IN_NUMBERS.search(text)
    if match is None:
        return ("MDY",)
    return ("DMY",) if match[1] == "." else ("DMY", "MDY")


def _is_marker(text: str) -> bool:
    longest_number = max((len(number) for number in re.findall(r"\d+", text)), default=0)
    return text.isascii() and not _WORD.search(text) and longest_number < 3


def _unwrap(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Join lines that a typewriter's width cut in the middle of sentences; other texts come back as they are."""
    texts = [text for _, text in lines]
    if max(len(_UNBREAKABLE.sub("", text)) for text in texts) > WRAP_COLUMNS.stop:
        return lines
    full = [i for i in range(len(texts) - 1) if len(texts[i]) in WRAP_COLUMNS and texts[i + 1].strip()]
    broken = [i for i in full if texts[i + 1].lstrip()[:1].islower() or not _ENDS.search(texts[i].rstrip())]
    small = {i for i in broken if (first := texts[i + 1].lstrip()[0]).isalpha() and not first.isupper()}
    if len(full) < WRAP_LINES or len(broken) < WRAPPED_SHARE * len(full) or len(small) < SMALL_SHARE * len(full):
        return lines
    runs = [[i for _, i in run] for _, run in groupby(enumerate(full), lambda pair: pair[1] - pair[0])]
    rows = [run for run in runs if len(run) >= LIST_LINES and small.isdisjoint(run)]
    wide = set(full).difference(*(run for run in rows if all(_DIGIT.search(texts[i]) for i in run)))
    joined: list[tuple[int, str]] = []
    follows = False
    for i, (at, text) in enumerate(lines):
        if follows and text.strip() and not _ITEM.match(text):
            begin, before = joined[-1]
            joined[-1] = begin, f"{before.rstrip()} {text.strip()}"
        else:
            joined.append((at, text))
        follows = i in wide
    return joined
