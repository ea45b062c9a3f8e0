"""The word index (SQLite FTS5, BM25) and the ledger of what is indexed: files, articles, passages.

The ledger is the truth of the index: a passage that is not in it does not exist, whatever lies in the
vector store. Does not know vectors.
"""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import StoreError
from rag.types import Article, FileReport

FILE = "words.sqlite"
TITLE_WEIGHT = 1.0
SCHEMA = 3
"""Raise it when a table changes: a ledger of another number is emptied, and the index is built anew."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS files(source TEXT PRIMARY KEY, digest TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS articles(
    id TEXT PRIMARY KEY, source TEXT NOT NULL, title TEXT, publisher TEXT, published TEXT, dated TEXT NOT NULL,
    places TEXT NOT NULL, text TEXT NOT NULL, signature BLOB NOT NULL, family TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS articles_source ON articles(source);
CREATE INDEX IF NOT EXISTS articles_family ON articles(family);
CREATE TABLE IF NOT EXISTS passages(
    number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, article TEXT NOT NULL, start INTEGER, end INTEGER);
CREATE INDEX IF NOT EXISTS passages_article ON passages(article);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(
    title, text, tokenize = "porter unicode61 remove_diacritics 2");
CREATE TABLE IF NOT EXISTS skipped(source TEXT PRIMARY KEY, state TEXT NOT NULL, reason TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS flags(source TEXT NOT NULL, flag TEXT NOT NULL, UNIQUE(source, flag));
"""
_TABLES = ("files", "articles", "passages", "words", "skipped", "flags")
_MARKS = ("\x02\x1e", "\x1e\x03")
"""Control characters in pairs that no text holds: FTS5 sets them around what it found."""
_ARTICLE = "id, source, text, title, publisher, published, dated, places, family"
STOP_WORDS = frozenset(
    "a an and are as at be been but by can could did do does for from had has have he her his how i if in into is "
    "it its may me my of on or our she should so than that the their them there these they this those to us was we "
    "were what when where which who whom whose why will with would you your about tell please say says".split()
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage as the ledger knows it: a span of an article."""

    id: str
    article: str
    start: int
    end: int


class Ledger:
    """One SQLite file. Safe from several threads of one process; writes are whole or not at all."""

    def __init__(self, home: Path) -> None:
        """Raises StoreError when the file is damaged or cannot be written."""
        self._lock = threading.RLock()
        try:
            self._db = sqlite3.connect(home / FILE, check_same_thread=False, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._renew()
            self._db.executescript(_SCHEMA)
        except sqlite3.Error as exc:
            raise StoreError(
                f"The word index {str(home / FILE)!r} cannot be used ({exc}); delete the folder "
                f"{str(home)!r}, and it is rebuilt from the documents."
            ) from exc

    def _renew(self) -> None:
        """Drop the tables of another release: everything in them is read from the documents again."""
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        tables = {name for (name,) in self._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if version != SCHEMA and (not tables or tables >= set(_TABLES)):  # what others made is not ours to drop
            for name in tables & set(_TABLES):
                self._db.execute(f"DROP TABLE {name}")
            self._db.execute(f"PRAGMA user_version = {SCHEMA}")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All writes inside are kept together, or none is."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            with self._lock:
                return self._db.execute(sql, values).fetchall()
        except sqlite3.Error as exc:
            raise StoreError(f"The word index cannot be read ({exc}); open it again, or delete it to rebuild.") from exc

    # What is indexed

    def digests(self) -> dict[str, str]:
        """Source → digest of the file as it was indexed."""
        return dict(self._rows("SELECT source, digest FROM files"))

    def counts(self) -> tuple[int, int, int]:
        """Files, articles, passages."""
        tables = ("files", "articles", "passages")
        files, articles, passages = (self._rows(f"SELECT count(*) FROM {table}")[0][0] for table in tables)
        return files, articles, passages

    def skipped(self) -> tuple[FileReport, ...]:
        """The files the last run could not use."""
        rows = self._rows("SELECT source, state, reason FROM skipped ORDER BY source")
        return tuple(FileReport(source, state, reason=reason) for source, state, reason in rows)

    def flagged(self) -> tuple[FileReport, ...]:
        """The indexed files with text that addresses a language model, each with its flags."""
        found: dict[str, list[str]] = {}
        for source, flag in self._rows("SELECT source, flag FROM flags ORDER BY source, rowid"):
            found.setdefault(source, []).append(flag)
        return tuple(FileReport(source, "indexed", flags=tuple(flags)) for source, flags in found.items())

    def article(self, identity: str) -> Article | None:
        rows = self._rows(f"SELECT {_ARTICLE} FROM articles WHERE id = ?", (identity,))
        return _article(rows[0]) if rows else None

    def family(self, family: str) -> list[Article]:
        """The articles of a family, its representative first."""
        sql = f"SELECT {_ARTICLE} FROM articles WHERE family = ? ORDER BY id <> family, source"
        return [_article(row) for row in self._rows(sql, (family,))]

    def titles(self) -> list[str]:
        """Titles of the articles that stand for their families, in the order of their files."""
        sql = "SELECT title FROM articles WHERE id = family AND title IS NOT NULL ORDER BY source, rowid"
        return [title for (title,) in self._rows(sql)]

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Those of the passages that exist, by id."""
        marks = ",".join("?" * len(ids))
        sql = f"SELECT id, article, start, end FROM passages WHERE id IN ({marks})"
        return {row[0]: Passage(*row) for row in self._rows(sql, ids)}

    def passage_ids(self) -> Iterator[str]:
        for (identity,) in self._rows("SELECT id FROM passages ORDER BY number"):
            yield identity

    # Writing: call these inside `writing()`

    def put(self, source: str, digest: str, articles: Sequence[Article], signatures: Sequence[bytes]) -> None:
        """Enter a file and its articles; `remove` it first when it was there."""
        self._db.execute("INSERT INTO files VALUES (?, ?)", (source, digest))
        self._db.executemany(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    *(a.id, a.source, a.title, a.publisher, a.published, a.dated),
                    *(json.dumps(a.places), a.text, signature, a.family),
                )
                for a, signature in zip(articles, signatures, strict=True)
            ],
        )

    def put_flags(self, source: str, flags: Sequence[str]) -> None:
        self._db.executemany("INSERT OR IGNORE INTO flags VALUES (?, ?)", [(source, flag) for flag in flags])

    def put_passage(self, passage: Passage, title: str | None, text: str) -> None:
        columns = (passage.id, passage.article, passage.start, passage.end)
        cursor = self._db.execute("INSERT INTO passages(id, article, start, end) VALUES (?, ?, ?, ?)", columns)
        self._db.execute("INSERT INTO words(rowid, title, text) VALUES (?, ?, ?)", (cursor.lastrowid, title, text))

    def remove(self, source: str) -> list[str]:
        """Take a file out; returns the ids of its passages."""
        of_source = "FROM passages WHERE article IN (SELECT id FROM articles WHERE source = ?)"
        rows = self._rows(f"SELECT number, id {of_source}", (source,))
        self._db.executemany("DELETE FROM words WHERE rowid = ?", [(number,) for number, _ in rows])
        self._db.execute(f"DELETE {of_source}", (source,))
        self._db.execute("DELETE FROM articles WHERE source = ?", (source,))
        self._db.execute("DELETE FROM flags WHERE source = ?", (source,))
        self._db.execute("DELETE FROM files WHERE source = ?", (source,))
        return [identity for _, identity in rows]

    def put_skipped(self, reports: Sequence[FileReport]) -> None:
        self._db.execute("DELETE FROM skipped")
        rows = [(report.source, report.state, report.reason) for report in reports]
        self._db.executemany("INSERT INTO skipped VALUES (?, ?, ?)", rows)

    def signatures(self) -> list[tuple[str, str | None, str, bytes]]:
        """(article id, published, source, signature) of every article."""
        return self._rows("SELECT id, published, source, signature FROM articles")

    def link(self, family: dict[str, str]) -> None:
        rows = [(representative, identity) for identity, representative in family.items()]
        self._db.executemany("UPDATE articles SET family = ? WHERE id = ?", rows)

    # Searching

    def search(self, question: str, top_k: int) -> list[tuple[str, float]]:
        """The passages that share words with the question, best first, each with its BM25 score (> 0)."""
        query = " OR ".join(f'"{term}"' for term in terms(question))
        if not query:
            return []
        sql = (
            f"SELECT p.id, -bm25(words, {TITLE_WEIGHT}, 1.0) AS score "
            "FROM words JOIN passages p ON p.number = words.rowid "
            "WHERE words MATCH ? ORDER BY score DESC, p.number LIMIT ?"
        )
        return self._rows(sql, (query, top_k))

    def mentions(self, phrase: str, *, titles: bool = False) -> list[tuple[Passage, tuple[tuple[int, int], ...]]]:
        """Every passage that holds the words side by side, in some form, with the places in its article where.

        Args:
            titles: also those that have the words in their title only; they come without a place.
        """
        words = " ".join(re.findall(r"[^\W_]+", phrase))
        column = "" if titles else "text : "
        sql = (
            "SELECT p.id, p.article, p.start, p.end, highlight(words, 1, ?, ?) "
            "FROM words JOIN passages p ON p.number = words.rowid WHERE words MATCH ? ORDER BY p.number"
        )
        rows = self._rows(sql, (*_MARKS, f'{column}"{words}"')) if words else []
        return [(Passage(*row), tuple(_marked(marked, row[2]))) for *row, marked in rows]

    def close(self) -> None:
        with self._lock:
            self._db.close()


def _article(row: tuple[Any, ...]) -> Article:
    *columns, places, family = row
    return Article(*columns, tuple((start, label) for start, label in json.loads(places)), family)


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
