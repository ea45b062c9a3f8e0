"""The word index: BM25 over the ledger's passages, by SQLite's FTS5. Does not know vectors or files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rag.ledger import Ledger, Passage

TITLE_WEIGHT = 1.0
_MARKS = ("\x02\x1e", "\x1e\x03")
"""Control characters in pairs that no text holds: FTS5 sets them around what it found."""
STOP_WORDS = frozenset(
    "a an and are as at be been but by can could did do does for from had has have he her his how i if in into is "
    "it its may me my of on or our she should so than that the their them there these they this those to us was we "
    "were what when where which who whom whose why will with would you your about tell please say says".split()
)


def search(ledger: Ledger, question: str, top_k: int) -> list[tuple[str, float]]:
    """The passages that share words with the question, best first, each with its BM25 score (> 0)."""
    query = _any_of(terms(question))
    if not query:
        return []
    only, values = ledger.only("p.article")
    sql = (
        f"SELECT p.id, -bm25(words, {TITLE_WEIGHT}, 1.0) AS score "
        "FROM words JOIN passages p ON p.number = words.rowid "
        f"WHERE words MATCH ?{only} ORDER BY score DESC, p.number LIMIT ?"
    )
    return ledger.rows(sql, (query, *values, top_k))


def knows(ledger: Ledger, text: str) -> bool:
    """Whether any word of the text that says anything stands in a passage."""
    query = _any_of(word for word in terms(text) if word not in STOP_WORDS)
    if not query:
        return False
    only, values = ledger.only("p.article")
    sql = f"SELECT 1 FROM words JOIN passages p ON p.number = words.rowid WHERE words MATCH ?{only} LIMIT 1"
    return bool(ledger.rows(sql, (query, *values)))


def mentions(ledger: Ledger, phrase: str, *, titles: bool = False) -> list[tuple[Passage, tuple[tuple[int, int], ...]]]:
    """Every passage that holds the words side by side, in some form, with the places in its article where.

    Args:
        titles: also those that have the words in their title only; they come without a place.
    """
    words = " ".join(re.findall(r"[^\W_]+", phrase))
    column = "" if titles else "text : "
    only, values = ledger.only("p.article")
    sql = (
        "SELECT p.id, p.article, p.start, p.end, highlight(words, 1, ?, ?) "
        f"FROM words JOIN passages p ON p.number = words.rowid WHERE words MATCH ?{only} ORDER BY p.number"
    )
    rows = ledger.rows(sql, (*_MARKS, f'{column}"{words}"', *values)) if words else []
    return [(Passage(*row), tuple(_marked(marked, row[2]))) for *row, marked in rows]


def _any_of(words: Iterable[str]) -> str:
    """FTS5's query for the passages that hold one of the words; empty where there are none."""
    return " OR ".join(f'"{word}"' for word in words)


def _marked(text: str, offset: int) -> Iterator[tuple[int, int]]:
    """Where the marked places of a passage stand in its article."""
    opening, closing = _MARKS
    before, *pieces = text.split(opening)
    at = offset + len(before)
    for piece in pieces:
        place, _, rest = piece.partition(closing)
        yield at, at + len(place)
        at += len(place) + len(rest)


def terms(question: str) -> list[str]:
    """The words worth searching for, each once; all of them when there are only stop words."""
    found = list(dict.fromkeys(re.findall(r"[^\W_]+", question.lower())))
    return [word for word in found if word not in STOP_WORDS] or found
