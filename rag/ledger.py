"""The ledger of what is indexed, in SQLite: files, articles, passages and their words, and which vectors there are.

It is the truth of the index: a passage that is not in it does not exist, whatever lies in the vector store. Does not
know how words are searched (`rag.words`), nor any vector.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import MEND, StoreError
from rag.repeated import has_any, spans
from rag.tables import MISFITS, SCHEMA, make_tables
from rag.types import Article, FileReport

FILE = "words.sqlite"
WANTED, HELD, STALE, DOOMED = range(4)
"""What is known of a vector: still to be made; in the vector store; there and of no passage any more; to be deleted,
if it is there at all. A state is written before the store is changed to it and after, so that a kill at any moment
leaves nothing to be guessed."""
LINKED = "linked"
"""The note that is empty as long as it is not known which articles tell the same story."""
_ARTICLE = "id, source, text, title, publisher, published, dated, places, family, lines"


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage as the ledger knows it: a span of an article."""

    id: str
    article: str
    start: int
    end: int
    key: str = ""
    """What its vector lies under in the vector store: made from the text that is embedded, and so shared by passages
    that read alike. Its id where none is given."""


class Ledger:
    """One SQLite file. Safe from several threads of one process; writes are whole or not at all."""

    def __init__(self, home: Path, *, reading: bool = False) -> None:
        """Open or create the ledger in `home`.

        Args:
            reading: what another process holds, as it is at this moment; nothing is written.

        Raises:
            StoreError: the file is damaged or cannot be written; or, for reading, is none of this release.
        """
        self._lock = threading.RLock()
        self._path = home / FILE
        self._repeated: frozenset[bytes] | None = None
        try:
            if reading:
                self._open_beside()
                return
            self._db = sqlite3.connect(home / FILE, check_same_thread=False, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")  # a power cut may cost the last files, never the rest
            make_tables(self._db)
        except sqlite3.Error as exc:
            raise StoreError(f"The word index {str(self._path)!r} cannot be used ({exc}); {MEND}") from exc

    def _open_beside(self) -> None:
        address = f"{self._path.resolve().as_uri()}?mode=ro"
        self._db = sqlite3.connect(address, uri=True, check_same_thread=False, isolation_level=None)
        self._db.execute("BEGIN")  # all that is read from now on is of one moment
        if self._db.execute("PRAGMA user_version").fetchone() != (SCHEMA,):
            self._db.close()
            raise StoreError(f"The word index {str(self._path)!r} was written by another release.")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All writes inside are kept together, or none is.

        Raises:
            StoreError: they cannot be written: the disk is full, say.
        """
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                yield
                self._db.execute("COMMIT")
            except BaseException as exc:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                if isinstance(exc, sqlite3.OperationalError):  # no room, no right, no such device
                    raise StoreError(
                        f"The word index {str(self._path)!r} cannot be written ({exc}); make room for it, or set "
                        "RAG_HOME to another folder. What was indexed before is kept."
                    ) from exc
                if isinstance(exc, sqlite3.Error):
                    raise StoreError(f"The word index {str(self._path)!r} is damaged ({exc}); {MEND}") from exc
                raise

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """What a query gives.

        Raises:
            StoreError: the file cannot be read.
        """
        try:
            with self._lock:
                return self._db.execute(sql, values).fetchall()
        except sqlite3.ProgrammingError as exc:  # asked on one thread while another closes
            raise StoreError("This index was closed; open it again to ask.") from exc
        except sqlite3.Error as exc:
            raise StoreError(f"The word index {str(self._path)!r} cannot be read ({exc}); {MEND}") from exc

    # What a question sees of it: here everything, in `rag.scope.Part` less

    def only(self, column: str) -> tuple[str, tuple[Any, ...]]:
        """What to add to a query's conditions, so that a column holds ids of articles in reach; and its values."""
        return "", ()

    @property
    def edition(self) -> int:
        """Another number after anything was written.

        Raises:
            StoreError: the ledger is closed.
        """
        return int(self.rows("SELECT total_changes()")[0][0])

    def reach(self) -> list[str] | None:
        """Keys of the vectors in reach that are in the vector store; None for all."""
        return None

    # What is indexed

    def digests(self) -> dict[str, str]:
        """Source → digest of the file as it was indexed."""
        return dict(self.rows("SELECT source, digest FROM files WHERE state = 'indexed'"))

    def stamps(self) -> dict[str, str]:
        """Source → size and time of the file as it was indexed."""
        return dict(self.rows("SELECT source, stamp FROM files WHERE state = 'indexed'"))

    def counts(self) -> tuple[int, int, int]:
        """Files, articles, passages."""
        tables = ("files WHERE state = 'indexed'", "articles", "passages")
        files, articles, passages = (self.rows(f"SELECT count(*) FROM {table}")[0][0] for table in tables)
        return files, articles, passages

    def reports(self) -> tuple[FileReport, ...]:
        """What is known of every file, of those that could not be used too."""
        flagged = {report.source: report.flags for report in self.flagged()}
        copies = self._copies()
        return tuple(
            FileReport(source, state, **json.loads(report), flags=flagged.get(source, ()), **copies.get(source, {}))
            for source, state, report in self.rows("SELECT source, state, report FROM files ORDER BY source")
        )

    def _copies(self) -> dict[str, dict[str, Any]]:
        """The files whose every article is stood for by one of another file."""
        rows = self.rows(
            "SELECT a.source, r.source, a.text = r.text FROM articles a JOIN articles r ON r.id = a.family "
            "WHERE a.id <> a.family AND NOT EXISTS "
            "(SELECT 1 FROM articles o WHERE o.source = a.source AND o.id = o.family) ORDER BY a.rowid"
        )
        found: dict[str, list[tuple[str, bool]]] = {}
        for source, other, same in rows:
            found.setdefault(source, []).append((other, bool(same)))
        return {
            source: {"copy": "duplicate" if all(s for _, s in others) else "near-duplicate", "copy_of": others[0][0]}
            for source, others in found.items()
        }

    def skipped(self) -> tuple[FileReport, ...]:
        """The files the last run could not use."""
        rows = self.rows("SELECT source, state, report FROM files WHERE state <> 'indexed' ORDER BY source")
        return tuple(FileReport(source, state, **json.loads(report)) for source, state, report in rows)

    def problems(self) -> Iterator[str]:
        """What in the file does not fit together; nothing where all is well.

        Raises:
            StoreError: it cannot be read.
        """
        for (said,) in self.rows("PRAGMA quick_check(5)"):
            if said != "ok":
                yield str(said)
        self.rows("INSERT INTO words(words) VALUES ('integrity-check')")
        for what, sql in MISFITS.items():
            if number := self.rows(f"SELECT count(*) FROM {sql}")[0][0]:
                yield f"{number:,} {what}"

    def note(self, name: str) -> str:
        """What was written down under a name; empty when nothing was."""
        rows = self.rows("SELECT value FROM meta WHERE name = ?", (name,))
        return str(rows[0][0]) if rows else ""

    def flagged(self) -> tuple[FileReport, ...]:
        """The indexed files with text that addresses a language model, each with its flags."""
        found: dict[str, list[str]] = {}
        for source, flag in self.rows("SELECT source, flag FROM flags ORDER BY source, rowid"):
            found.setdefault(source, []).append(flag)
        return tuple(FileReport(source, "indexed", flags=tuple(flags)) for source, flags in found.items())

    def article(self, identity: str) -> Article | None:
        rows = self.rows(f"SELECT {_ARTICLE} FROM articles WHERE id = ?", (identity,))
        return self._article(rows[0]) if rows else None

    def family(self, family: str) -> list[Article]:
        """The articles of a family, its representative first."""
        sql = f"SELECT {_ARTICLE} FROM articles WHERE family = ? ORDER BY id <> family, source"
        return [self._article(row) for row in self.rows(sql, (family,))]

    def _article(self, row: tuple[Any, ...]) -> Article:
        identity, source, text, title, publisher, published, dated, places, family, keys = row
        parts = tuple((start, label) for start, label in json.loads(places))
        often = spans(text, title, known) if (known := self.repeated()) and has_any(keys, known) else ()
        return Article(identity, source, text, title, publisher, published, dated, parts, family, often)

    def repeated(self) -> frozenset[bytes]:
        """The keys of the lines that many reports have."""
        if self._repeated is None:
            self._repeated = frozenset(line for (line,) in self.rows("SELECT line FROM repeated"))
        return self._repeated

    def holding(self, words: str) -> list[Article]:
        """The articles in whose text the words stand, letter for letter."""
        sql = f"SELECT {_ARTICLE} FROM articles WHERE instr(text, ?) > 0 ORDER BY source, rowid"
        return [self._article(row) for row in self.rows(sql, (words,))] if words else []

    def titles(self) -> list[str]:
        """Titles of the articles that stand for their families, in the order of their files."""
        sql = "SELECT title FROM articles WHERE id = family AND title IS NOT NULL ORDER BY source, rowid"
        return [title for (title,) in self.rows(sql)]

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Those of the passages that exist, by id."""
        marks = ",".join("?" * len(ids))
        sql = f"SELECT id, article, start, end, key FROM passages WHERE id IN ({marks})"
        return {row[0]: Passage(*row) for row in self.rows(sql, ids)}

    def holders(self, keys: Sequence[str]) -> dict[str, list[str]]:
        """Ids of the passages that a vector stands for, by its key, in the order in which they were entered."""
        found: dict[str, list[str]] = {}
        marks = ",".join("?" * len(keys))
        for key, identity in self.rows(f"SELECT key, id FROM passages WHERE key IN ({marks}) ORDER BY number", keys):
            found.setdefault(key, []).append(identity)
        return found

    # Vectors, as far as the ledger knows of them

    def wanted(self, after: int, limit: int) -> list[tuple[int, str]]:
        """(passage number, key) of vectors still to be made, in the order of their passages, behind a number."""
        sql = (
            "SELECT p.number, p.key FROM passages p JOIN vectors v ON v.key = p.key "
            "WHERE v.state = 0 AND p.number > ? ORDER BY p.number LIMIT ?"
        )
        return self.rows(sql, (after, limit))

    def keys(self, state: int, limit: int = -1) -> list[str]:
        """Keys of the vectors in a state."""
        return [key for (key,) in self.rows("SELECT key FROM vectors WHERE state = ? LIMIT ?", (state, limit))]

    def vector_counts(self) -> dict[int, int]:
        """How many vectors are in which state; states without any are left out."""
        return dict(self.rows("SELECT state, count(*) FROM vectors GROUP BY state"))

    def waiting(self) -> tuple[int, int]:
        """Passages, and files, some of whose vectors are still to be made."""
        sql = (
            "SELECT count(*), count(DISTINCT a.source) FROM vectors v CROSS JOIN passages p ON p.key = v.key "
            "CROSS JOIN articles a ON a.id = p.article WHERE v.state = 0"  # in this order: few are waiting, as a rule
        )
        passages, files = self.rows(sql)[0]
        return passages, files

    def move(self, before: int, after: int, keys: Sequence[str] | None = None) -> None:
        """Vectors of one state, all or those of the keys, are in another from now on. Inside `writing()`."""
        if keys is None:
            self._db.execute("UPDATE vectors SET state = ? WHERE state = ?", (after, before))
            return
        rows = [(after, key, before) for key in keys]
        self._db.executemany("UPDATE vectors SET state = ? WHERE key = ? AND state = ?", rows)

    def forget(self, keys: Sequence[str]) -> None:
        """Doomed vectors that are gone from the store. Inside `writing()`."""
        self._db.executemany("DELETE FROM vectors WHERE key = ? AND state = ?", [(key, DOOMED) for key in keys])

    def passage_ids(self) -> Iterator[str]:
        for (identity,) in self.rows("SELECT id FROM passages ORDER BY number"):
            yield identity

    # Writing: call these inside `writing()`

    def put(
        self,
        source: str,
        digest: str,
        articles: Sequence[Article],
        signatures: Sequence[bytes],
        lines: Sequence[bytes],
        *,
        stamp: str = "",
        report: FileReport | None = None,
    ) -> None:
        """Enter a file and its articles; `remove` it first when it was there."""
        told = _told(report or FileReport(source, "indexed", len(articles)))
        self._db.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, 'indexed', ?)", (source, digest, stamp, told))
        self._db.executemany(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    *(a.id, a.source, a.title, a.publisher, a.published, a.dated),
                    *(json.dumps(a.places), a.text, signature, keys, a.family),
                )
                for a, signature, keys in zip(articles, signatures, lines, strict=True)
            ],
        )

    def put_flags(self, source: str, flags: Sequence[str]) -> None:
        self._db.executemany("INSERT OR IGNORE INTO flags VALUES (?, ?)", [(source, flag) for flag in flags])

    def put_passage(self, passage: Passage, title: str | None, text: str) -> None:
        key = passage.key or passage.id
        columns = (passage.id, passage.article, passage.start, passage.end, key)
        cursor = self._db.execute("INSERT INTO passages(id, article, start, end, key) VALUES (?, ?, ?, ?, ?)", columns)
        self._db.execute(
            "INSERT INTO vectors VALUES (?, 0) ON CONFLICT(key) DO UPDATE SET state = "
            "CASE state WHEN 2 THEN 1 WHEN 3 THEN 0 ELSE state END",
            (key,),
        )
        self._db.execute("INSERT INTO words(rowid, title, text) VALUES (?, ?, ?)", (cursor.lastrowid, title, text))

    def remove(self, source: str) -> list[str]:
        """Take a file out; returns the ids of its passages."""
        of_source = "FROM passages WHERE article IN (SELECT id FROM articles WHERE source = ?)"
        rows = self.rows(f"SELECT number, id, key {of_source}", (source,))
        self._db.executemany("DELETE FROM words WHERE rowid = ?", [(number,) for number, _, _ in rows])
        self._db.execute(f"DELETE {of_source}", (source,))
        self._db.executemany(
            "UPDATE vectors SET state = CASE state WHEN 0 THEN 3 WHEN 1 THEN 2 ELSE state END "
            "WHERE key = ?1 AND NOT EXISTS (SELECT 1 FROM passages WHERE key = ?1)",
            [(key,) for _, _, key in rows],
        )
        self._db.execute("DELETE FROM articles WHERE source = ?", (source,))
        self._db.execute("DELETE FROM flags WHERE source = ?", (source,))
        self._db.execute("DELETE FROM files WHERE source = ?", (source,))
        return [identity for _, identity, _ in rows]

    def put_skipped(self, reports: Sequence[FileReport]) -> None:
        """The files that cannot be used, in place of those before."""
        self._db.execute("DELETE FROM files WHERE state <> 'indexed'")
        rows = [(report.source, report.state, _told(report)) for report in reports]
        self._db.executemany("INSERT OR REPLACE INTO files VALUES (?, '', '', ?, ?)", rows)

    def stamp(self, source: str, stamp: str) -> None:
        """A file that was touched and still reads the same."""
        self._db.execute("UPDATE files SET stamp = ? WHERE source = ?", (stamp, source))

    def write(self, name: str, value: str) -> None:
        """Write something down under a name; nothing stands there any more when it is empty."""
        self._db.execute("DELETE FROM meta WHERE name = ?", (name,))
        if value:
            self._db.execute("INSERT INTO meta VALUES (?, ?)", (name, value))

    def signatures(self) -> list[tuple[str, str | None, str, bytes]]:
        """(article id, published, source, signature) of every article."""
        return self.rows("SELECT id, published, source, signature FROM articles")

    def lines(self) -> list[tuple[str, bytes]]:
        """(article id, keys of its lines) of every article."""
        return self.rows("SELECT id, lines FROM articles")

    def link(self, family: dict[str, str], repeated: Set[bytes]) -> None:
        """Which articles are of one family, and which lines many families have."""
        rows = [(representative, identity) for identity, representative in family.items()]
        self._db.executemany("UPDATE articles SET family = ? WHERE id = ?", rows)
        self._db.execute("DELETE FROM repeated")
        self._db.executemany("INSERT INTO repeated VALUES (?)", [(line,) for line in repeated])
        self._repeated = None

    def close(self) -> None:
        with self._lock:
            self._db.close()


_TOLD = ("articles", "passages", "reason", "pages", "characters", "published", "dated", "language")


def _told(report: FileReport) -> str:
    return json.dumps({name: getattr(report, name) for name in _TOLD})
