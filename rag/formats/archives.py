"""Documents that are zip archives (Word, PowerPoint, Excel, EPUB, OpenDocument): looked at before anything is unpacked.

Knows zip, and the properties that the Office formats share; does not know what stands in a document.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Any

from rag.errors import ReadError, TooLargeError
from rag.formats.parts import one_line, stated

MAX_ENTRIES = 10_000
MAX_UNPACKED = 512 * 2**20
"""Bytes that an archive may unpack to: more than any real document, far less than a zip bomb."""
MAX_MEMBER = 128 * 2**20
"""Bytes of one part: a tree of XML takes some ten times its size in memory."""
TEMPLATE_DATES = ("2013-12-23T23:15:00Z", "2013-01-27T09:14:16Z")
"""When the templates were made that python-docx and python-pptx begin every document with."""
TEMPLATE_TITLES = ("powerpoint presentation", "presentation", "slide 1", "document", "word document", "untitled")
_OLE = b"\xd0\xcf\x11\xe0"
_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"


def open_archive(data: bytes, *, member: str, kind: str) -> zipfile.ZipFile:
    """The archive of a document, if it is one of this kind and of a size that can be unpacked.

    Args:
        member: the entry, or the start of it, that only such a document has: `word/`.
        kind: what it should be, for the message: `a Word document`.

    Raises:
        ReadError: it is no zip archive, one of something else, damaged, protected, or would unpack to too much.
    """
    if data.startswith(_OLE):
        raise ReadError(f"not {kind} of today: an old or password-protected file; save it anew without a password")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as exc:
        raise ReadError(f"not {kind}, or damaged: it cannot be unpacked") from exc
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise TooLargeError(f"too many parts: {len(entries):,} in the archive, the limit is {MAX_ENTRIES:,}")
    size = sum(entry.file_size for entry in entries)
    if size > MAX_UNPACKED or any(entry.file_size > MAX_MEMBER for entry in entries):
        raise TooLargeError(f"would unpack to {size:,} bytes; the limit is {MAX_UNPACKED:,}, and {MAX_MEMBER:,} a part")
    if not any(entry.filename.startswith(member) for entry in entries):
        raise ReadError(f"not {kind}: it is a zip archive of something else")
    if any(entry.flag_bits & 1 for entry in entries):
        raise ReadError("protected by a password")
    return archive


def member(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """The bytes of one entry; None where there is no such entry.

    Raises:
        ReadError: it is damaged.
    """
    try:
        return archive.read(name)
    except KeyError:
        return None
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError, RuntimeError) as exc:
        raise ReadError(f"damaged: its part {name!r} cannot be unpacked") from exc


def xml_tree(data: bytes) -> Any:
    """The root element; nothing outside the file is loaded, and no entity is replaced.

    Raises:
        ReadError: not well-formed XML.
    """
    from lxml import etree

    try:
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except (etree.XMLSyntaxError, ValueError) as exc:
        raise ReadError("damaged: a part of it is not well-formed XML") from exc


def office_properties(archive: zipfile.ZipFile) -> tuple[str | None, str | None]:
    """Title and day of creation from an Office file's properties; what a template left there is none.

    The libraries make up a title and the present time where a file has no properties, so these are read here.
    """
    data = member(archive, "docProps/core.xml")
    if data is None:
        return None, None
    try:
        root = xml_tree(data)
    except ReadError:
        return None, None
    title = one_line(root.findtext(f"{_DC}title"))
    created = (root.findtext(f"{_TERMS}created") or "").strip()
    return (
        title if title and title.lower() not in TEMPLATE_TITLES else None,
        stated(created) if created not in TEMPLATE_DATES else None,
    )
