"""A file of a supported format → `Document`, with what it says of itself or the folder's sidecar says of it.

Knows files and which reader is for which suffix; does not know what an article is.

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
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from rag.dates import is_iso
from rag.errors import ReadError, TooLargeError
from rag.formats.book import read_epub
from rag.formats.encoding import decode
from rag.formats.mail import read_eml
from rag.formats.markdown import as_iso, read_markdown
from rag.formats.opendocument import read_odt
from rag.formats.parts import storable
from rag.formats.pdf import read_pdf
from rag.formats.plain import read_text
from rag.formats.records import read_json, read_jsonl
from rag.formats.rich import read_rtf
from rag.formats.sheets import read_csv, read_xlsx
from rag.formats.slides import read_pptx
from rag.formats.web import read_html
from rag.formats.word import read_docx
from rag.types import Document

Reader = Callable[[bytes], Document]


@dataclass(frozen=True, slots=True)
class Format:
    """How files of one suffix are read."""

    name: str
    read: Reader
    package: str = ""
    """What has to be installed for it."""


_MARKDOWN = Format("Markdown", read_markdown, "markdown-it-py")
_HTML = Format("HTML", read_html, "trafilatura")
_TABLE = Format("table", read_csv)
FORMATS = {
    ".txt": Format("text", read_text),
    ".md": _MARKDOWN,
    ".markdown": _MARKDOWN,
    ".html": _HTML,
    ".htm": _HTML,
    ".xhtml": _HTML,
    ".pdf": Format("PDF", read_pdf, "pypdfium2"),
    ".docx": Format("Word document", read_docx, "lxml"),
    ".pptx": Format("PowerPoint document", read_pptx, "python-pptx"),
    ".xlsx": Format("Excel document", read_xlsx, "openpyxl"),
    ".csv": _TABLE,
    ".tsv": _TABLE,
    ".json": Format("JSON file", read_json),
    ".jsonl": Format("JSON Lines file", read_jsonl),
    ".epub": Format("EPUB book", read_epub, "lxml"),
    ".eml": Format("mail", read_eml, "trafilatura"),
    ".rtf": Format("Rich Text document", read_rtf, "striprtf"),
    ".odt": Format("OpenDocument text", read_odt, "lxml"),
}
SUFFIXES = tuple(FORMATS)
TABLES = (".csv", ".tsv", ".xlsx")
PAGES = (".txt", ".html", ".htm", ".xhtml", ".json", ".jsonl", ".eml")
"""Saved pages lie in these. In all others `Comments` and `Log in` are headings that somebody wrote."""
SIDECAR = "sources.toml"
SIDECAR_KEYS = ("title", "publisher", "published", "basis")
MAX_BYTES = 64 * 2**20
"""A file larger than this is a log or a dump, and would hold up everything behind it."""
TRIES = 3
"""So often a file is read that changes meanwhile; then what was read last counts until the next run."""
TORN = "it changed while it was read; the next run reads it again"
REASON_CHARS = 120
"""What a library says of a damaged file may be a page long."""


@dataclass(frozen=True, slots=True)
class FileBytes:
    """One file as it lay on disk; `digest` changes when its bytes or its sidecar entry change."""

    source: str
    data: bytes
    entry: dict[str, str]
    is_torn: bool = False
    """Whether the file changed while it was read, so that its bytes may be of two states of it."""

    @property
    def digest(self) -> str:
        """Of a torn file like that of no other."""
        extra = json.dumps(self.entry, sort_keys=True).encode()
        return hashlib.sha256(self.data + b"\0" + extra + b"torn" * self.is_torn).hexdigest()


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
        for _ in range(TRIES):
            before = path.stat()
            if before.st_size > MAX_BYTES:
                raise TooLargeError(f"{before.st_size:,} bytes, the limit is {MAX_BYTES:,}")
            data, after = path.read_bytes(), path.stat()
            if (len(data), before.st_mtime_ns) == (after.st_size, after.st_mtime_ns) and before.st_size == len(data):
                return FileBytes(source, data, entry)
        return FileBytes(source, data, entry, is_torn=True)
    except OSError as exc:
        raise ReadError(exc.strerror or type(exc).__name__) from exc


def to_document(file: FileBytes) -> Document:
    """Parse one file; the sidecar's word wins over what the file says of itself.

    Raises:
        ReadError: it is damaged, too long, or not what its suffix says.
        NoTextError: it is whole, but holds no text, such as a scan.
    """
    try:
        found = _parsed(file)
    except ReadError as exc:
        if not file.is_torn:
            raise
        raise type(exc)(f"{exc}; {TORN}") from exc
    path, entry = PurePosixPath(file.source), file.entry
    if path.suffix.lower() in TABLES and not found.title and found.text:
        found = replace(found, title=storable(path.stem))  # or its first row would be taken for one
    return replace(
        found,
        source=file.source,
        title=entry.get("title", found.title),
        publisher=entry.get("publisher", found.publisher),
        published=entry.get("published", found.published),
        dated="sidecar" if "published" in entry else found.dated,
        missing="; ".join(filter(None, (found.missing, TORN * file.is_torn))),
    )


def _parsed(file: FileBytes) -> Document:
    """What the file itself says; anything that its reader raises becomes one sentence."""
    if not file.data:
        return Document("")
    form = FORMATS.get(PurePosixPath(file.source).suffix.lower(), _MARKDOWN)
    try:
        found = form.read(file.data)
    except (ReadError, MemoryError):
        raise
    except ImportError as exc:
        raise ReadError(f"reading it needs the package {form.package or exc.name}: pip install {form.package}") from exc
    except Exception as exc:  # libraries raise anything at all on damaged files
        said = " ".join(str(exc).split())[:REASON_CHARS]
        raise ReadError(f"not a {form.name} that can be read ({said or type(exc).__name__})") from exc
    return replace(
        found,
        text=storable(found.text),
        title=found.title and storable(found.title),
        publisher=found.publisher and storable(found.publisher),
        places=tuple((at, storable(place)) for at, place in found.places),
    )


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
    entry = {key: as_iso(value) for key, value in table.items()}
    if "published" in entry and not is_iso(entry["published"]):
        raise ReadError(f"{SIDECAR}: published = {entry['published']!r} of {source!r} is not ISO 8601, e.g. 2025-08")
    return entry
