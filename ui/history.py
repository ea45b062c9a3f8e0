"""Conversations that are kept: in a SQLite file beside the index, or in memory where nothing is to be written.

Knows exchanges; does not know how they are shown, nor who is asking.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
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
    id TEXT PRIMARY KEY, title TEXT NOT NULL, named INTEGER NOT NULL DEFAULT 0, changed TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS exchange (
    conversation TEXT NOT NULL REFERENCES conversation(id) ON DELETE CASCADE, number INTEGER NOT NULL,
    content TEXT NOT NULL, PRIMARY KEY (conversation, number)
);
"""
_EXCHANGE = TypeAdapter(Exchange)


@dataclass(frozen=True, slots=True)
class Kept:
    """A conversation in the list."""

    id: str
    title: str
    changed: str
    """When its last question was asked or answered, ISO 8601, UTC."""


def new_id() -> str:
    """A name for a conversation that no other has."""
    return uuid4().hex


class History:
    """The conversations of one set of documents; safe from several threads."""

    def __init__(self, folder: Path | None) -> None:
        """`folder`: of the index; None keeps them in memory.

        Raises:
            StoreError: the file cannot be read or written.
        """
        self._where = str(folder / FILE) if folder else ":memory:"
        self._lock = threading.Lock()
        with self._told():
            self._base = sqlite3.connect(self._where, timeout=BUSY, check_same_thread=False, isolation_level=None)
            self._base.execute("PRAGMA foreign_keys=ON")
            if folder:
                self._base.execute("PRAGMA journal_mode=WAL")
            self._base.executescript(_SCHEMA)

    def kept(self) -> list[Kept]:
        """The conversations, the latest first."""
        with self._rows("SELECT id, title, changed FROM conversation ORDER BY changed DESC LIMIT ?", LISTED) as rows:
            return [Kept(*row) for row in rows]

    def load(self, identity: str) -> list[Exchange]:
        """The exchanges of a conversation, oldest first; none where there is no such conversation (any more).

        Raises:
            StoreError: what is kept was written by another release, or is damaged.
        """
        with self._rows("SELECT content FROM exchange WHERE conversation = ? ORDER BY number", identity) as rows:
            try:
                return [_EXCHANGE.validate_json(content) for (content,) in rows]
            except ValidationError as exc:
                raise StoreError("This conversation was kept by another release and cannot be read.") from exc

    def save(self, identity: str, exchanges: Sequence[Exchange]) -> None:
        """Keep a conversation as it is now: what was changed or taken out of it goes."""
        contents = [(identity, one.number, _EXCHANGE.dump_json(one).decode()) for one in exchanges]
        title = _title(exchanges[0].question) if exchanges else ""
        with self._writing() as base:
            base.execute(
                "INSERT INTO conversation (id, title, changed) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
                "changed = excluded.changed, title = CASE WHEN named THEN title ELSE excluded.title END",
                (identity, title, datetime.now(UTC).isoformat(timespec="microseconds")),
            )
            base.execute("DELETE FROM exchange WHERE conversation = ? AND number > ?", (identity, len(contents)))
            base.executemany("INSERT OR REPLACE INTO exchange VALUES (?, ?, ?)", contents)

    def rename(self, identity: str, title: str) -> None:
        """Call a conversation something else.

        Raises:
            InputError: the title is empty.
        """
        if not (title := _title(title)):
            raise InputError("A conversation needs a name; type one.")
        with self._writing() as base:
            base.execute("UPDATE conversation SET title = ?, named = 1 WHERE id = ?", (title, identity))

    def delete(self, identity: str) -> None:
        """Forget a conversation."""
        with self._writing() as base:
            base.execute("DELETE FROM conversation WHERE id = ?", (identity,))

    def dump(self) -> str:
        """All of it as JSON, for a browser that keeps it instead of this machine."""
        with self._rows("SELECT id, title, named, changed FROM conversation") as rows:
            conversations = [list(row) for row in rows]
        with self._rows("SELECT conversation, number, content FROM exchange") as rows:
            exchanges = [list(row) for row in rows]
        return json.dumps({"conversations": conversations, "exchanges": exchanges})

    def fill(self, dumped: str) -> None:
        """Take in what `dump` gave; what is no such thing is left out, for browsers keep what they please."""
        try:
            known = json.loads(dumped)
            with self._writing() as base:
                base.executemany("INSERT OR REPLACE INTO conversation VALUES (?, ?, ?, ?)", known["conversations"])
                base.executemany("INSERT OR REPLACE INTO exchange VALUES (?, ?, ?)", known["exchanges"])
        except (ValueError, KeyError, TypeError, StoreError):
            return

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


def _title(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= TITLE_LIMIT else text[: TITLE_LIMIT - 1].rstrip() + "…"
