"""OpenDocument text (.odt) → `Document`: paragraphs, headings, lists, tables and notes in the order of the document.

Its XML is simple enough to be walked here. Does not know styles or pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rag.errors import ReadError
from rag.formats.archives import member, open_archive, xml_tree
from rag.formats.blocks import name
from rag.formats.parts import Parts, one_line, stated, tidy
from rag.formats.rows import MAX_COLUMNS, table_lines
from rag.types import Document

_PASSED_OVER = frozenset(("tracked-changes", "annotation", "annotation-end", "sequence-decls", "note", "forms"))
MAX_REPEATED = 20
"""A cell that stands for more columns than this is read once."""
_SIGNS = {"tab": " ", "line-break": "\n", "s": " "}


def read_odt(data: bytes) -> Document:
    """All text but headers, footers and remarks; a row of a table is a line, with the names of its columns.

    Raises:
        ReadError: not an OpenDocument text, damaged, protected, or too large.
    """
    with open_archive(data, member="content.xml", kind="an OpenDocument text") as archive:
        if b"manifest:encryption-data" in (member(archive, "META-INF/manifest.xml") or b""):
            raise ReadError("protected by a password")
        content = xml_tree(member(archive, "content.xml") or b"")
        meta = member(archive, "meta.xml")
    parts = Parts()
    for block in _blocks(content):
        parts.add(block)
    title, created = _properties(xml_tree(meta)) if meta else (None, None)
    dated = "document properties" if created else ""
    return Document(text=parts.text, title=title, published=created, dated=dated)


def _properties(meta: Any) -> tuple[str | None, str | None]:
    said = {name(one): one_line(one.text) for one in meta.iter() if name(one) in ("title", "creation-date")}
    return said.get("title") or None, stated(said.get("creation-date"))


def _blocks(element: Any) -> Iterator[str]:
    for child in element:
        tag = name(child)
        if tag in ("p", "h"):
            yield _words(child)
            for note in child.iter("{*}note-body"):
                yield from _blocks(note)
        elif tag == "table":
            yield from _table(child)
        elif tag not in _PASSED_OVER:
            yield from _blocks(child)


def _table(table: Any) -> Iterator[str]:
    rows = [row for row in table.iter("{*}table-row") if next(row.iterancestors("{*}table")) is table]
    is_headed = bool(rows) and name(rows[0].getparent()) == "table-header-rows"
    return iter(table_lines([list(_cells(row)) for row in rows], is_headed=is_headed))


def _cells(row: Any) -> Iterator[str]:
    """The text of its cells; one stands for as many columns as the file says, one under another for nothing."""
    for cell in row:
        times = next((value for key, value in cell.attrib.items() if key.endswith("}number-columns-repeated")), "1")
        text = " ".join(_blocks(cell)) if name(cell) == "table-cell" else ""
        wide = min(int(times), MAX_COLUMNS) if times.isdecimal() else 1
        yield from [text] * wide if wide <= MAX_REPEATED else [text, *[""] * (wide - 1)]


def _words(paragraph: Any) -> str:
    return tidy("".join(_runs(paragraph)))


def _runs(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        tag = name(child)
        if tag in _SIGNS:
            yield _SIGNS[tag]
        elif tag and tag not in _PASSED_OVER:
            yield from _runs(child)
        yield child.tail or ""
