"""The documents as a list that can be searched, narrowed and sorted: one line for each file, with its articles.

Reads the ledger; does not know how the list is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from rag.dates import is_iso, may_lie, recency, span
from rag.errors import InputError
from rag.ledger import Ledger
from rag.types import FileReport

Order = Literal["date", "source", "title", "publisher", "passages", "state"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One article, as far as a list tells of it."""

    id: str
    title: str | None
    publisher: str | None
    published: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """One file: what became of it, and its articles."""

    report: FileReport
    articles: tuple[Entry, ...] = ()

    @property
    def publishers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.publisher for one in self.articles if one.publisher))

    @property
    def newest(self) -> str | None:
        """The newest date of its articles."""
        return max((one.published for one in self.articles if one.published), key=recency, default=None)

    @property
    def title(self) -> str:
        """What it goes by: the title of its only article, else its name."""
        only = self.articles[0].title if len(self.articles) == 1 else None
        return only or self.report.source


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which files are wanted, and in which order."""

    search: str = ""
    """Words that stand in the file's name, an article's title or its publisher, all of them."""
    publisher: str = ""
    """A part of its name; capitals do not matter."""
    since: str = ""
    until: str = ""
    """ISO 8601 dates of any precision; files with an article that may be of a day between them, ends included."""
    order: Order = "date"
    falling: bool = True


def documents(ledger: Ledger) -> list[Listed]:
    """Every file that the index knows of, those that could not be used too."""
    articles: dict[str, list[Entry]] = {}
    rows = ledger.rows("SELECT source, id, title, publisher, published FROM articles ORDER BY rowid")
    for source, *known in rows:
        articles.setdefault(source, []).append(Entry(*known))
    return [Listed(report, tuple(articles.get(report.source, ()))) for report in ledger.reports()]


def choose(listed: Iterable[Listed], wanted: Wanted) -> list[Listed]:
    """The files that are wanted, in the order that is wanted.

    Raises:
        InputError: a date is none.
    """
    words, publisher = wanted.search.casefold().split(), wanted.publisher.casefold()
    since, until = _day(wanted.since, first=True), _day(wanted.until, first=False)
    found = [
        one
        for one in listed
        if _has(one, words)
        and (not wanted.publisher or any(publisher in name.casefold() for name in one.publishers))
        and ((since, until) == (date.min, date.max) or any(may_lie(a.published, since, until) for a in one.articles))
    ]
    found.sort(key=lambda one: one.report.source)
    found.sort(key=_KEYS[wanted.order], reverse=wanted.falling)
    return found


def publishers(listed: Iterable[Listed]) -> list[str]:
    """Everybody who published one of the articles, by name."""
    return sorted({name for one in listed for name in one.publishers}, key=str.casefold)


_KEYS = {
    "date": lambda one: recency(one.newest),
    "source": lambda one: one.report.source.casefold(),
    "title": lambda one: one.title.casefold(),
    "publisher": lambda one: (one.publishers[:1] or ("",))[0].casefold(),
    "passages": lambda one: one.report.passages,
    "state": lambda one: (one.report.state, one.report.copy),
}


def _has(one: Listed, words: Sequence[str]) -> bool:
    if not words:
        return True
    parts = (part or "" for a in one.articles for part in (a.title, a.publisher))
    text = "\n".join((one.report.source, *parts)).casefold()
    return all(word in text for word in words)


def _day(value: str, *, first: bool) -> date:
    if not value:
        return date.min if first else date.max
    if not is_iso(value):
        raise InputError(f"{value!r} is not a date; write it like 2025-08-20, 2025-08 or 2025.")
    return span(value)[0 if first else 1]
