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

import codecs
import hashlib
import html
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.dates import is_iso
from rag.errors import ReadError, TooLargeError
from rag.types import Document

if TYPE_CHECKING:
    from markdown_it.token import Token

SUFFIXES = (".txt", ".md", ".markdown")
SIDECAR = "sources.toml"
SIDECAR_KEYS = ("title", "publisher", "published", "basis")
MAX_BYTES = 64 * 2**20
"""A text file larger than this is a log or a dump, and would hold up everything behind it."""
WESTERN_SHARE = 0.3
"""Up to this share of non-ASCII bytes, text that is not UTF-8 is taken for cp1252. charset-normalizer takes such
a page of French for cp1250 (`où` becomes `oů`) and a word like `café` for Chinese: it finds them equally likely."""
_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_SIGN_IN_WORD = re.compile(r"[^\W\d_][¡-¿×÷][^\W\d_]")
_TAGS = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>|</?[a-z][^>]*>", re.S | re.I)


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


def read_bytes(folder: Path, source: str, entry: dict[str, str]) -> FileBytes:
    """The bytes of one file.

    Raises:
        ReadError: the file is gone, may not be read, is larger than `MAX_BYTES`, or has a name that is no text.
    """
    path = folder / source
    try:
        source.encode()
    except UnicodeEncodeError as exc:
        raise ReadError("its name is not UTF-8; rename it") from exc
    try:
        if (size := path.stat().st_size) > MAX_BYTES:
            raise TooLargeError(f"{size:,} bytes, the limit is {MAX_BYTES:,}")
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
    known: dict[str, Any] = {key: value for key, value in file.entry.items() if key != "basis"}
    return replace(document, **known)


def decode(data: bytes) -> str:
    """Bytes → text with `\\n` line ends: a byte-order mark, UTF-8, cp1252, or what charset-normalizer recognises.

    Raises:
        ReadError: not text.
    """
    text = _decode_marked(data)
    if text is None:
        text = _decode_western(data)
    if text is None:
        from charset_normalizer import from_bytes

        best = from_bytes(data).best()
        if best is None:
            raise ReadError("not text in any known encoding")
        text = str(best)
    if "\0" in text:
        raise ReadError("binary data, not text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode_marked(data: bytes) -> str | None:
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    try:
        return data.decode(marked or "utf-8-sig")
    except UnicodeDecodeError as exc:
        if marked:
            raise ReadError(f"damaged {marked} text") from exc
        return None


def _decode_western(data: bytes) -> str | None:
    """cp1252, which is most of what is mostly ASCII but not UTF-8; not where a sign would stand within a word."""
    if sum(byte > 127 for byte in data) > WESTERN_SHARE * len(data):
        return None
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    return None if _SIGN_IN_WORD.search(text) else text


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
    meta, body = _front_matter(document.text)
    published = _iso(meta.get("date") or meta.get("published") or "")
    return replace(
        document,
        text="\n".join(_blocks(body)),
        title=str(meta["title"]) if meta.get("title") else None,
        publisher=str(meta["publisher"]) if meta.get("publisher") else None,
        published=published if is_iso(published) else None,
    )


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    """YAML between two rules at the top, and the rest; a document that merely begins with a rule is kept whole."""
    import frontmatter
    import yaml
    from frontmatter.default_handlers import YAMLHandler

    handler = YAMLHandler()
    if not handler.detect(text):
        return {}, text
    try:
        meta, body = frontmatter.parse(text, handler=handler)
    except (yaml.YAMLError, ValueError):  # ValueError: YAML's word for 2025-13-45
        return {}, text
    return (meta, body) if meta else ({}, text)


def _blocks(markdown: str) -> Iterator[str]:
    """One line a block, with an empty line after it; a table's row is a line, its cells between bars."""
    from markdown_it import MarkdownIt

    row: list[str] | None = None
    for token in MarkdownIt("commonmark").enable("table").parse(markdown):
        if token.type == "tr_open":
            row = []
        elif token.type == "inline" and row is not None:
            row.append(_words(token))
        elif row is not None and token.type == "tr_close":
            yield from (" | ".join(row), "")
            row = None
        elif token.type == "inline":
            yield from (_words(token), "")
        elif token.type in ("fence", "code_block"):
            yield from (token.content.rstrip(), "")
        elif token.type == "html_block":
            yield from (html.unescape(_TAGS.sub("", token.content)).strip(), "")


def _words(inline: Token) -> str:
    return "".join(_word(token) for token in inline.children or ()).strip()


def _word(token: Token) -> str:
    if token.type == "html_inline":
        return " " if token.content.lower().startswith("<br") else ""
    return " " if token.type in ("softbreak", "hardbreak") else token.content


def _iso(value: Any) -> str:
    """TOML and YAML give dates as objects; everything here speaks ISO 8601 strings."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
