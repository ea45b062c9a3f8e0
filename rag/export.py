"""A record to a file and back: JSON, Markdown or HTML, each with the data that lets it be checked.

Markdown and HTML carry the record out of sight. What they show is laid out anew from that when they are read, so that a
word changed by hand is noticed. Knows no index.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rag import markdown, page
from rag.errors import InputError
from rag.record import Record, record_from_json, record_to_json

KINDS = {".json": "JSON", ".md": "Markdown", ".markdown": "Markdown", ".html": "HTML", ".htm": "HTML"}
LARGEST = 64 * 1024 * 1024
"""Bytes of a file that is read; a conversation of a thousand answers has some 5 MB."""
_SCRIPT = ('<script type="application/json" id="footnote-record">', "</script>")
_COMMENT = ("<!-- footnote-record\n", "\n-->")
_DOCTYPE = "<!doctype html>"
_WRITTEN = re.compile("[<>&\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|(?<=-)-")
"""What could end the block that the data stand in or begin another one in it, and what no editor shows as it is."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What a file holds, and whether it shows just that."""

    record: Record
    altered: bool
    """Whether its visible text is not what its data say, or is of another layout than this version's."""


def to_json(record: Record) -> str:
    """The record alone, for programs."""
    return record_to_json(record, indent=2) + "\n"


def to_markdown(record: Record) -> str:
    """The record as Markdown, its data in a comment at the end."""
    return f"{markdown.to_markdown(record)}\n{_block(record, *_COMMENT)}"


def to_html(record: Record) -> str:
    """The record as one page, its data in a block that no browser runs."""
    return page.to_html(record, _block(record, *_SCRIPT))


def _block(record: Record, opens: str, closes: str) -> str:
    data = _WRITTEN.sub(lambda match: f"\\u{ord(match.group()):04x}", record_to_json(record))
    return f"{opens}{data}{closes}\n"


_LAYOUTS = {"JSON": to_json, "Markdown": to_markdown, "HTML": to_html}


def check_target(path: Path, *, force: bool = False) -> None:
    """Whether a record can be written there, before the work of making one.

    Raises:
        InputError: the suffix names no format, the folder is missing, or the file exists and may not be replaced.
    """
    if path.suffix.lower() not in KINDS:
        raise InputError(f"No format is known for {path.name!r}; end the name in {', '.join(KINDS)}.")
    if not path.parent.is_dir():
        raise InputError(f"There is no folder {str(path.parent)!r}; make it first, or export to another.")
    if path.is_dir():
        raise InputError(f"{str(path)!r} is a folder; give the name of a file.")
    if path.exists() and not force:
        raise InputError(f"{str(path)!r} exists already; add --force to replace it, or give another name.")


def write(record: Record, path: Path, *, force: bool = False) -> None:
    """Write a record in the format that the file's suffix names: all of it, or nothing.

    Raises:
        InputError: as `check_target`, or the file cannot be written.
    """
    check_target(path, force=force)
    text = _LAYOUTS[KINDS[path.suffix.lower()]](record)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(text.encode("utf-8"))
        part.replace(path)
    except OSError as exc:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise InputError(f"{str(path)!r} cannot be written ({exc.strerror or exc}); export to another place.") from exc


def read(path: Path) -> Exported:
    """What an exported file holds, whatever its name.

    Raises:
        InputError: it cannot be read, or is no export of this program.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(f"{path.name!r} has more than {LARGEST:,} bytes; no export of this program has.")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as exc:
        raise InputError(f"{str(path)!r} cannot be read ({exc.strerror or exc}); give an exported file.") from exc
    except UnicodeDecodeError as exc:
        raise InputError(f"{path.name!r} is no text in UTF-8, and no export of this program.") from exc
    try:
        return from_text(text)
    except InputError as exc:
        raise InputError(f"{path.name!r}: {exc}") from exc


def from_text(text: str) -> Exported:
    """The same of a text.

    Raises:
        InputError: it is no export of this program.
    """
    text = text.replace("\r\n", "\n").strip()
    if text.startswith("{"):
        return Exported(record_from_json(text), altered=False)
    (opens, closes), lay_out = (_SCRIPT, to_html) if text.startswith(_DOCTYPE) else (_COMMENT, to_markdown)
    record = record_from_json(text.rpartition(opens)[2].partition(closes)[0])
    return Exported(record, altered=text != lay_out(record).strip())
