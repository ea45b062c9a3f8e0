"""The tables of the ledger, and which of their rows do not fit together. Does not know what is written to them."""

from __future__ import annotations

import sqlite3

SCHEMA = 5
"""Raise it when a table changes: a ledger of another number is emptied, and the index is built anew."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS files(
    source TEXT PRIMARY KEY, digest TEXT NOT NULL, stamp TEXT NOT NULL, state TEXT NOT NULL, report TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS articles(
    id TEXT PRIMARY KEY, source TEXT NOT NULL, title TEXT, publisher TEXT, published TEXT, dated TEXT NOT NULL,
    places TEXT NOT NULL, text TEXT NOT NULL, signature BLOB NOT NULL, lines BLOB NOT NULL, family TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS articles_source ON articles(source);
CREATE INDEX IF NOT EXISTS articles_family ON articles(family);
CREATE TABLE IF NOT EXISTS passages(
    number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, article TEXT NOT NULL, start INTEGER, end INTEGER,
    key TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS passages_article ON passages(article);
CREATE INDEX IF NOT EXISTS passages_key ON passages(key);
CREATE TABLE IF NOT EXISTS vectors(key TEXT PRIMARY KEY, state INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS vectors_state ON vectors(state);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(
    title, text, tokenize = "porter unicode61 remove_diacritics 2");
CREATE TABLE IF NOT EXISTS repeated(line BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS flags(source TEXT NOT NULL, flag TEXT NOT NULL, UNIQUE(source, flag));
CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
_OURS = frozenset({"files", "articles", "passages", "words", "flags"})
"""Tables that every release's ledger has had."""
_TABLES = _OURS | {"vectors", "meta", "skipped", "repeated"}
MISFITS = {
    "articles of no file": "articles WHERE source NOT IN (SELECT source FROM files WHERE state = 'indexed')",
    "passages of no article": "passages WHERE article NOT IN (SELECT id FROM articles)",
    "passages without words": "passages WHERE number NOT IN (SELECT rowid FROM words)",
    "words of no passage": "words WHERE rowid NOT IN (SELECT number FROM passages)",
    "passages of whose vector nothing is known": "passages WHERE key NOT IN (SELECT key FROM vectors)",
    "articles of a family that is gone": "articles WHERE family NOT IN (SELECT id FROM articles) AND "
    "EXISTS (SELECT 1 FROM meta WHERE name = 'linked' AND value <> '')",
}
"""What is wrong with the rows of a table, and which rows those are."""


def make_tables(db: sqlite3.Connection) -> None:
    """Make the tables that are not there; those of another release go first, for all in them can be read again."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if version != SCHEMA and (not tables or tables >= _OURS):  # what others made is not ours to drop
        for name in tables & _TABLES:
            db.execute(f"DROP TABLE {name}")
        db.execute(f"PRAGMA user_version = {SCHEMA}")
    db.executescript(_SCHEMA)
