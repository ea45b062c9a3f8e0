"""What documents there are and how many, told from the ledger, each article with the words that it opens with.

Knows neither what is in the documents nor any model.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.dates import recency, say, span
from rag.injection import overlaps, tainted
from rag.ledger import Ledger
from rag.lists import Collected, Listing
from rag.scope import Part
from rag.sentences import cut
from rag.types import Article, Coverage, Evidence

QUOTED = 20
"""Articles of a list that are quoted, the newest; all are counted."""
TITLE_WITHIN = 3
"""Sentences at the beginning of an article among which its title is looked for."""


@dataclass(frozen=True, slots=True)
class _Row:
    id: str
    source: str
    published: str | None


def held(listing: Listing, ledger: Ledger) -> Collected | None:
    """The newest articles where they are asked for, the newest and the oldest where only their number is.

    Returns:
        None where there is no article.
    """
    rows = _rows(ledger)
    dated = [row for row in rows if row.published]
    ends = [dated[0], min(dated, key=_begins)] if dated else rows[:1]
    wanted = rows if listing.form == "documents" else list(dict.fromkeys(ends))
    shown = list(_opened(wanted, ledger))
    if not shown:
        return None
    return Collected(tuple(shown), _coverage(rows, ledger), _lead(listing, rows, dated))


def _rows(ledger: Ledger) -> list[_Row]:
    """Every article in reach, the newest first."""
    only, values = ledger.only("id")
    found = ledger.rows(f"SELECT id, source, published FROM articles WHERE 1{only} ORDER BY source, rowid", values)
    return sorted((_Row(*row) for row in found), key=lambda row: recency(row.published), reverse=True)


def _begins(row: _Row) -> tuple[object, ...]:
    return span(row.published) if row.published else ()


def _opened(rows: Sequence[_Row], ledger: Ledger) -> Iterator[Evidence]:
    """So many articles as are quoted, each with its title as its text has it, else with its first sentence."""
    flagged = {report.source for report in ledger.flagged()}
    for row in rows[:QUOTED]:
        if (article := ledger.article(row.id)) is not None:
            orders = tainted(article.text) if article.source in flagged else ()
            fit = (place for place in _openings(article) if not overlaps(orders, *place))
            if place := next(fit, None):
                yield Evidence(article, *place, 1.0)


def _openings(article: Article) -> Iterator[tuple[int, int]]:
    """The title, where the text begins with it; else the first sentence that few others have."""
    places = list(cut(article.text))
    yield from (place for place in places[:TITLE_WITHIN] if article.text[slice(*place)] == article.title)
    yield from (place for place in places if not overlaps(article.repeated, *place))
    yield from places[:1]


def _coverage(rows: Sequence[_Row], ledger: Ledger) -> Coverage:
    files = len({row.source for row in rows})
    unused = 0 if isinstance(ledger, Part) else len(ledger.skipped())
    return Coverage(files, files + unused, "files")


def _lead(listing: Listing, rows: Sequence[_Row], dated: Sequence[_Row]) -> str:
    """`12 articles in 5 files (oldest: August 2020; newest: May 2025; 3 without a date):`."""
    files = len({row.source for row in rows})
    told = []
    if dated:
        oldest, newest = min(dated, key=_begins).published, dated[0].published
        told = [f"oldest: {say(oldest or '')}", f"newest: {say(newest or '')}"]
    if len(dated) < len(rows):
        told.append(f"{len(rows) - len(dated):,} without a date" if dated else "without dates")
    more = f"; the newest {QUOTED} are quoted" if listing.form == "documents" and len(rows) > QUOTED else ""
    return f"{_number(len(rows), 'article')} in {_number(files, 'file')} ({'; '.join(told)}){more}:"


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
