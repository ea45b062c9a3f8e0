"""Which documents a question is asked of → the part of the ledger that it sees. Does not know questions.

The part reads like the whole ledger, so that every search, list and count keeps to it without knowing of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

from rag.dates import is_iso, may_lie, recency, say, span
from rag.duplicates import standing
from rag.errors import InputError
from rag.ledger import HELD, Ledger, Passage
from rag.types import Article, Contents, Scope

NAMED = 3
"""Files or publishers that a message names of those there are."""


class Part(Ledger):
    """What a question sees of a ledger: some of its articles, with what is theirs; no other exists for it.

    Of a family it knows the members within; where the article that stands for the others is outside, the next does.
    """

    def __init__(self, whole: Ledger, families: Mapping[str, str], undated: int = 0) -> None:
        """`families`: article id → id of the article that stands for it, all of them within."""
        self._db, self._lock, self._path, self._repeated = whole._db, whole._lock, whole._path, whole.repeated()
        self._families = families
        self.undated = undated
        """Articles outside because it is not known whether they are of the time asked for."""

    @cached_property
    def _ids(self) -> str:
        return json.dumps(list(self._families))

    def only(self, column: str) -> tuple[str, tuple[Any, ...]]:
        # The plus keeps SQLite from going through the articles' passages, and looking up the words in each.
        return f" AND +{column} IN (SELECT value FROM json_each(?))", (self._ids,)

    def article(self, identity: str) -> Article | None:
        found = super().article(identity) if identity in self._families else None
        return replace(found, family=self._families[identity]) if found else None

    def family(self, family: str) -> list[Article]:
        members = (one for one, head in self._families.items() if head == family)
        found = [one for one in map(self.article, members) if one]
        return sorted(found, key=lambda one: (one.id != family, one.source))

    def counts(self) -> tuple[int, int, int]:
        only, values = self.only("article")
        passages = self.rows(f"SELECT count(*) FROM passages WHERE 1{only}", values)[0][0]
        only, values = self.only("id")
        files = self.rows(f"SELECT count(DISTINCT source) FROM articles WHERE 1{only}", values)[0][0]
        return files, len(self._families), passages

    def holders(self, keys: Sequence[str]) -> dict[str, list[str]]:
        held = super().holders(keys)
        within = self.passages([identity for ids in held.values() for identity in ids])
        return {key: mine for key, ids in held.items() if (mine := [one for one in ids if one in within])}

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        return {key: one for key, one in super().passages(ids).items() if one.article in self._families}

    @cached_property
    def _reach(self) -> list[str]:
        only, values = self.only("p.article")
        sql = "SELECT DISTINCT p.key FROM passages p JOIN vectors v ON v.key = p.key WHERE v.state = ?"
        return [key for (key,) in self.rows(sql + only, (HELD, *values))]

    def reach(self) -> list[str] | None:
        return self._reach


@dataclass(frozen=True, slots=True)
class _Row:
    """What a scope asks of an article."""

    id: str
    source: str
    publisher: str | None
    published: str | None
    family: str


def part_of(ledger: Ledger, scope: Scope) -> Ledger:
    """The ledger as far as the scope reaches; the ledger itself where that is all of it.

    Raises:
        InputError: a date is none, a name is unknown, or nothing lies within the scope.
    """
    if scope.is_whole:
        return ledger
    first, last = _limits(scope)
    rows = _rows(ledger)
    sources = _chosen("document", scope.sources, {row.source for row in rows}, _files)
    publishers = _chosen("publisher", scope.publishers, {row.publisher or "" for row in rows}, _publishers)
    named = [row for row in rows if row.source in sources and (row.publisher or "") in publishers]
    within, undated = named, 0
    if scope.since or scope.until:
        of_then = {when for when in {row.published for row in named} if may_lie(when, first, last)}
        within = [row for row in named if row.published in of_then]
        undated = sum(not row.published for row in named)
    if not within:
        raise InputError(_nothing(scope, _contents(named), _contents(rows)))
    return Part(ledger, _heads(within), undated)


def contents(ledger: Ledger) -> Contents:
    """What there is to choose from."""
    return _contents(_rows(ledger))


def notes(ledger: Ledger) -> tuple[str, ...]:
    """What an answer from this part of the documents leaves open."""
    if not isinstance(ledger, Part) or not ledger.undated:
        return ()
    number = ledger.undated
    undated = "1 article without a date is" if number == 1 else f"{number:,} articles without a date are"
    return (f"{undated} left out, where a range of dates is asked for.",)


def in_words(scope: Scope) -> str:
    """The scope as a person would say it; empty for all documents.

    >>> in_words(Scope(("a.txt", "b/*"), since="2025-08"))
    'in a.txt or b/*, since August 2025'
    """
    return ", ".join(
        filter(
            None,
            (
                f"in {_any_of(scope.sources, 'files')}" if scope.sources else "",
                f"by {_any_of(scope.publishers, 'publishers')}" if scope.publishers else "",
                f"since {say(scope.since)}" if scope.since else "",
                f"until {say(scope.until)}" if scope.until else "",
            ),
        )
    )


def _any_of(names: Sequence[str], nouns: str) -> str:
    return " or ".join(names) if len(names) <= NAMED else f"{len(names):,} {nouns}"


def _rows(ledger: Ledger) -> list[_Row]:
    return [_Row(*row) for row in ledger.rows("SELECT id, source, publisher, published, family FROM articles")]


def _limits(scope: Scope) -> tuple[date, date]:
    for value in (scope.since, scope.until):
        if value and not is_iso(value):
            raise InputError(f"{value!r} is no date; write 2025, 2025-08 or 2025-08-20.")
    first = span(scope.since)[0] if scope.since else date.min
    last = span(scope.until)[1] if scope.until else date.max
    if first > last:
        raise InputError(f"No time is since {say(scope.since)} and until {say(scope.until)}; swap the two dates.")
    return first, last


def _files(wanted: str, known: set[str]) -> set[str]:
    """The file of the name; else those that fit the pattern or lie in the folder."""
    if wanted in known:  # a name is itself, whatever a pattern would make of it
        return {wanted}
    folder = f"{wanted.rstrip('/')}/"
    return {name for name in known if name.startswith(folder) or fnmatchcase(name, wanted)}


def _publishers(wanted: str, known: set[str]) -> set[str]:
    """The publisher's name, however its capitals are written; those without a name are nobody's."""
    return {name for name in known if name and name.casefold() == wanted.casefold()}


def _chosen(what: str, wanted: Sequence[str], known: set[str], found: Callable[[str, set[str]], set[str]]) -> set[str]:
    """Which of the names are wanted: all of them where none is asked for."""
    if not wanted:
        return known
    chosen: set[str] = set()
    for one in wanted:
        fitting = found(one, known)
        if not fitting:
            named = "named" if what == "document" else "called"
            raise InputError(f"No {what} is {named} {one!r}; {_there_are(sorted(filter(None, known)))}.")
        chosen |= fitting
    return chosen


def _there_are(names: Sequence[str]) -> str:
    if not names:
        return "none is known"
    shown = ", ".join(map(repr, names[:NAMED]))
    return f"there {'is' if len(names) == 1 else 'are'} {shown}" + (
        f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    )


def _nothing(scope: Scope, named: Contents, known: Contents) -> str:
    """Why nothing lies within the scope, and what there is."""
    if not known.sources:
        return "No document is indexed yet."
    if not named.sources:
        return f"No document {in_words(replace(scope, since=None, until=None))} is indexed."
    if named.first is None:
        return f"No document found {in_words(scope)}: none of them has a date."
    return f"No document found {in_words(scope)}: they are dated {_between(named)}."


def _between(found: Contents) -> str:
    ends = [say(one) for one in (found.first, found.last)]
    undated = f", and {found.undated:,} undated" if found.undated else ""
    return (ends[0] if ends[0] == ends[1] else f"from {ends[0]} to {ends[1]}") + undated


def _contents(rows: Sequence[_Row]) -> Contents:
    dated = [row.published for row in rows if row.published]
    return Contents(
        sources=tuple(sorted({row.source for row in rows})),
        publishers=tuple(sorted({row.publisher for row in rows if row.publisher})),
        first=min(dated, key=span).partition("/")[0] if dated else None,
        last=max(dated, key=recency).rpartition("/")[2] if dated else None,
        undated=len(rows) - len(dated),
    )


def _heads(rows: Iterable[_Row]) -> dict[str, str]:
    """Article id → the article that stands for it: its family's own where that is within, else the next in line."""
    heads: dict[str, str] = {}
    ordered = sorted(rows, key=lambda row: (row.id != row.family, standing(row.published, row.source)))
    for row in ordered:
        heads.setdefault(row.family, row.id)
    return {row.id: heads[row.family] for row in ordered}
