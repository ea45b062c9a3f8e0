"""Conversations that are kept in a SQLite file beside the index.

Knows exchanges; does not know how they are shown, nor who is asking.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from pydantic import TypeAdapter, ValidationError

from rag.errors import InputError, StoreError
from ui.exchange import Exchange

FILE = "conversations.sqlite3"
TITLE_LIMIT = 120
"""Characters. What somebody calls a conversation is cut there."""
LISTED = 500
"""Conversations that are listed, the latest first."""
BUSY = 5.0
"""Seconds to wait for another process that is just writing."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversation (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, named INTEGER NOT NULL DEFAULT 0, changed TEXT NOT NULL,
    edition INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS exchange (
    conversation TEXT NOT NULL REFERENCES conversation(id) ON DELETE CASCADE, number INTEGER NOT NULL,
    content TEXT NOT NULL, PRIMARY KEY (conversation, number)
);
"""
ELSEWHERE = "This conversation went on in another tab; choose it from the list to see it as it is now."
Shape = TypeVar("Shape")
_EXCHANGE = TypeAdapter(Exchange)
_EXCHANGES = TypeAdapter(list[Exchange])


@dataclass(frozen=True, slots=True)
class Kept:
    """A conversation in the list."""

    id: str
    title: str
    changed: str
    """When its last question was asked or answered, ISO 8601, UTC."""
    asked: int = 0
    """How many questions; 0 where that is not known."""


def new_id() -> str:
    """A name for a conversation that no other has."""
    return uuid4().hex


class History:
    """The conversations of one set of documents; safe from several threads."""

    def __init__(self, folder: Path) -> None:
        """`folder`: of the index.

        Raises:
            StoreError: the file cannot be read or written.
        """
        self._where = str(folder / FILE)
        self._lock = threading.Lock()
        with self._told():
            self._base = sqlite3.connect(self._where, timeout=BUSY, check_same_thread=False, isolation_level=None)
            self._base.execute("PRAGMA foreign_keys=ON")
            self._base.execute("PRAGMA journal_mode=WAL")
            self._base.executescript(_SCHEMA)

    def kept(self) -> list[Kept]:
        """The conversations, the latest first."""
        asked = "(SELECT count(*) FROM exchange WHERE conversation = id)"
        listed = f"SELECT id, title, changed, {asked} FROM conversation ORDER BY changed DESC LIMIT ?"
        with self._rows(listed, LISTED) as rows:
            return [Kept(*row) for row in rows]

    def load(self, identity: str) -> tuple[int, list[Exchange]]:
        """The edition of a conversation and its exchanges, oldest first; none where there is no such conversation.

        Raises:
            StoreError: what is kept was written by another release, or is damaged.
        """
        with self._rows("SELECT edition FROM conversation WHERE id = ?", identity) as rows:
            (edition,) = rows.fetchone() or (0,)
        with self._rows("SELECT content FROM exchange WHERE conversation = ? ORDER BY number", identity) as rows:
            return edition, [_read(_EXCHANGE, content) for (content,) in rows]

    def put(self, identity: str, edition: int, exchange: Exchange, *, asked: bool = False) -> int:
        """Keep one exchange as it is now; the conversation's next edition.

        A conversation that was deleted meanwhile stays so.

        Args:
            edition: the one that this exchange belongs to; 0 begins a conversation.
            asked: the question is new: those that came after it go.

        Raises:
            InputError: the conversation has another edition by now: it went on in another tab.
        """
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        with self._writing() as base:
            known = base.execute("SELECT edition FROM conversation WHERE id = ?", (identity,)).fetchone()
            if known is None and (edition or not asked):
                return edition
            if known is not None and known[0] != edition:
                raise InputError(ELSEWHERE)
            base.execute(
                "INSERT INTO conversation (id, title, changed, edition) VALUES (?1, ?2, ?3, 1) "
                "ON CONFLICT (id) DO UPDATE SET changed = ?3, edition = edition + 1, "
                "title = CASE WHEN named OR ?4 > 1 THEN title ELSE ?2 END",
                (identity, named(exchange.question), now, exchange.number),
            )
            if asked:
                base.execute("DELETE FROM exchange WHERE conversation = ? AND number > ?", (identity, exchange.number))
            content = _EXCHANGE.dump_json(exchange).decode()
            base.execute("INSERT OR REPLACE INTO exchange VALUES (?, ?, ?)", (identity, exchange.number, content))
        return edition + 1

    def rename(self, identity: str, title: str) -> None:
        """Call a conversation something else.

        Raises:
            InputError: the title is empty.
        """
        if not (title := named(title)):
            raise InputError("A conversation needs a name; type one.")
        with self._writing() as base:
            base.execute("UPDATE conversation SET title = ?, named = 1 WHERE id = ?", (title, identity))

    def delete(self, identity: str) -> None:
        """Forget a conversation."""
        with self._writing() as base:
            base.execute("DELETE FROM conversation WHERE id = ?", (identity,))

    def close(self) -> None:
        with self._lock:
            self._base.close()

    @contextmanager
    def _rows(self, sql: str, *values: str | int) -> Iterator[sqlite3.Cursor]:
        with self._lock, self._told(), closing(self._base.execute(sql, values)) as rows:
            yield rows

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One step that is either wholly there or not at all."""
        with self._lock, self._told():
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield self._base
            except BaseException:
                self._base.execute("ROLLBACK")
                raise
            self._base.execute("COMMIT")

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as exc:
            raise StoreError(f"The conversations in {self._where} cannot be read or written: {exc}.") from exc
        except sqlite3.DatabaseError as exc:
            raise StoreError(
                f"The file {self._where} is damaged ({exc}); move it away, and conversations are kept anew."
            ) from exc


def exchanges_to_json(exchanges: Sequence[Exchange]) -> str:
    """Exchanges for a browser to keep."""
    return _EXCHANGES.dump_json(list(exchanges)).decode()


def exchanges_from_json(text: str) -> list[Exchange]:
    """What a browser kept.

    Raises:
        StoreError: it was written by another release, or is something else.
    """
    return _read(_EXCHANGES, text)


def _read(shape: TypeAdapter[Shape], text: str) -> Shape:
    try:
        return shape.validate_json(text)
    except ValidationError as exc:
        raise StoreError("This conversation was kept by another release and cannot be read.") from exc


def named(text: str) -> str:
    """A text as a conversation's name."""
    text = " ".join(text.encode("utf-8", "replace").decode().split())
    return text if len(text) <= TITLE_LIMIT else text[: TITLE_LIMIT - 1].rstrip() + "…"
