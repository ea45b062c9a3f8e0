"""A file of a supported format → `Document`, with what its front matter or the folder's sidecar says of it.

Knows files, encodings and formats; does not know what an article is.

A folder may carry `sources.toml`, one table per file, each key optional:

    ["report.txt"]
    title = "Bridge reopens"
    publisher = "The Courier"
    published = "2025-08"        # ISO 8601: year, month, day, or an interval of two
    basis = "The bridge reopened last month."   # why this date; for people, not used
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rag.dates import is_iso
from rag.errors import FolderError, ReadError
from rag.types import Document

SUFFIXES = (".txt", ".md", ".markdown")
SIDECAR = "sources.toml"
SIDECAR_KEYS = ("title", "publisher", "published", "basis")
MAX_BYTES = 64 * 2**20
"""A text file larger than this is a log or a dump, and would hold up everything behind it."""


@dataclass(frozen=True, slots=True)
class FileBytes:
    """One file as it lies on disk; `digest` changes when its bytes or its sidecar entry change."""

    source: str
    data: bytes
    entry: dict[str, str]

    @property
    def digest(self) -> str:
        extra = json.dumps(self.entry, sort_keys=True).encode()
        return hashlib.sha256(self.data + b"\0" + extra).hexdigest()


def list_sources(folder: Path) -> list[str]:
    """Paths of all files of a supported format, relative to the folder, sorted.

    Hidden files and folders are passed over, and so are links that lead out of the folder.

    Raises:
        FolderError: the folder does not exist or is not a folder.
    """
    if not folder.exists():
        raise FolderError(f"The folder {str(folder)!r} does not exist; name a folder of documents.")
    if not folder.is_dir():
        raise FolderError(f"{str(folder)!r} is a file, not a folder; name the folder it lies in.")
    root = folder.resolve()
    found = []
    for path in folder.rglob("*"):
        relative = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in relative.parts)
        if hidden or path.suffix.lower() not in SUFFIXES or not path.is_file():
            continue
        if path.resolve().is_relative_to(root):
            found.append(relative.as_posix())
    return sorted(found)


def read_bytes(folder: Path, source: str, entry: dict[str, str]) -> FileBytes:
    """The bytes of one file.

    Raises:
        ReadError: the file is gone, may not be read, or is larger than `MAX_BYTES`.
    """
    path = folder / source
    try:
        if (size := path.stat().st_size) > MAX_BYTES:
            raise ReadError(f"too large: {size:,} bytes, the limit is {MAX_BYTES:,}")
        return FileBytes(source, path.read_bytes(), entry)
    except OSError as exc:
        raise ReadError(exc.strerror or type(exc).__name__) from exc


def to_document(file: FileBytes) -> Document:
    """Decode and parse one file; the sidecar's word wins over the file's own front matter.

    Raises:
        ReadError: the bytes are no text in any encoding that can be recognised.
    """
    text = decode(file.data)
    document = Document(text=text, source=file.source)
    if not file.source.lower().endswith(".txt"):
        document = _markdown(document)
    known = {key: value for key, value in file.entry.items() if key != "basis"}
    return replace(document, **known)


def decode(data: bytes) -> str:
    """Bytes → text with `\\n` line ends: UTF-8, a byte-order mark, or what charset-normalizer recognises.

    Raises:
        ReadError: not text.
    """
    text = _decode_known(data)
    if text is None:
        from charset_normalizer import from_bytes

        best = from_bytes(data).best()
        if best is None:
            raise ReadError("not text in any known encoding")
        text = str(best)
    if "\0" in text:
        raise ReadError("binary data, not text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode_known(data: bytes) -> str | None:
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return data.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError:
        return None


def load_sidecar(folder: Path) -> dict[str, dict[str, str]]:
    """The folder's `sources.toml`: file name → what is known of it; empty when there is none.

    Raises:
        ReadError: it is no TOML, or holds an unknown key or a date that is not ISO 8601.
    """
    path = folder / SIDECAR
    if not path.is_file():
        return {}
    try:
        tables = tomllib.loads(decode(path.read_bytes()))
    except (tomllib.TOMLDecodeError, OSError) as exc:
        raise ReadError(f"{SIDECAR}: {exc}") from exc
    return {source: _entry(source, table) for source, table in tables.items()}


def _entry(source: str, table: Any) -> dict[str, str]:
    if not isinstance(table, dict):
        raise ReadError(f'{SIDECAR}: {source!r} is not a table; write ["{source}"] above its keys')
    for key in table:
        if key not in SIDECAR_KEYS:
            raise ReadError(f"{SIDECAR}: unknown key {key!r} of {source!r}; known: {', '.join(SIDECAR_KEYS)}")
    entry = {key: _iso(value) for key, value in table.items()}
    if "published" in entry and not is_iso(entry["published"]):
        raise ReadError(f"{SIDECAR}: published = {entry['published']!r} of {source!r} is not ISO 8601, e.g. 2025-08")
    return entry


def _markdown(document: Document) -> Document:
    """Front matter → metadata; Markdown → plain lines, one per block."""
    import frontmatter
    import yaml

    meta: dict[str, Any] = {}
    body = document.text
    try:
        meta, body = frontmatter.parse(document.text)
    except yaml.YAMLError:
        pass  # a document that merely begins with a rule is no front matter: its text is kept whole
    published = _iso(meta.get("date") or meta.get("published") or "")
    return replace(
        document,
        text="\n".join(_blocks(body)),
        title=str(meta["title"]) if meta.get("title") else None,
        publisher=str(meta["publisher"]) if meta.get("publisher") else None,
        published=published if is_iso(published) else None,
    )


def _blocks(markdown: str) -> Iterator[str]:
    from markdown_it import MarkdownIt

    for token in MarkdownIt("commonmark").enable("table").parse(markdown):
        if token.type == "inline":
            parts = (" " if t.type in ("softbreak", "hardbreak") else t.content for t in token.children or ())
            yield "".join(parts).strip()
            yield ""
        elif token.type in ("fence", "code_block"):
            yield token.content.rstrip()
            yield ""


def _iso(value: Any) -> str:
    """TOML and YAML give dates as objects; everything here speaks ISO 8601 strings."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
