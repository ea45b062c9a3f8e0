"""Word (.docx) → `Document`: paragraphs, headings, tables and footnotes in the order of the document.

Walks the XML itself: python-docx leaves out inserted text, content controls, text boxes and footnotes, and refuses
files that lack a picture. Does not know pages, which Word makes up when it shows a document.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from typing import Any

from rag.formats.archives import member, office_properties, open_archive, xml_tree
from rag.formats.blocks import name
from rag.formats.parts import Parts, one_line, tidy
from rag.formats.rows import MAX_COLUMNS, table_lines
from rag.types import Document

_MAIN = "word/document.xml"
_PASSED_OVER = frozenset(("del", "moveFrom", "Fallback", "instrText", "pPr", "rPr", "sectPr", "tblPr", "sdtPr"))
"""What is no text of the document any more, what is said twice, and how it looks."""
_SIGNS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def read_docx(data: bytes) -> Document:
    """All text but headers and footers; a row of a table is a line, with the names of its columns.

    Raises:
        ReadError: not a Word document, damaged, or too large.
    """
    with open_archive(data, member="word/", kind="a Word document") as archive:
        title, created = office_properties(archive)
        path = _main_path(archive)
        root = xml_tree(member(archive, path) or b"")
        notes = _footnotes(archive, posixpath.dirname(path))
        styles = _titles(archive, posixpath.dirname(path))
    parts = Parts()
    for block in _blocks(root, notes):
        parts.add(block)
    dated = "document properties" if created else ""
    return Document(text=parts.text, title=title or _heading(root, styles), published=created, dated=dated)


def _blocks(element: Any, notes: dict[str, str]) -> Iterator[str]:
    for child in element:
        match name_of(child):
            case "p":
                yield _words(child)
                yield from (notes[key] for key in _references(child) if key in notes)
                for box in child.iter("{*}txbxContent"):
                    if not any(name_of(above) == "Fallback" for above in box.iterancestors()):
                        yield from _blocks(box, notes)
            case "tbl":
                yield from _table(child, notes)
            case tag if tag not in _PASSED_OVER:
                yield from _blocks(child, notes)


def _heading(root: Any, styles: frozenset[str]) -> str | None:
    """The first paragraph with words in it, where it is styled as a title or as a heading of the first order."""
    first = next((paragraph for paragraph in root.iter("{*}p") if _words(paragraph)), None)
    styled = first is not None and any(_value(style) in styles for style in first.iterfind("{*}pPr/{*}pStyle"))
    return one_line(_words(first)) if styled else None


def _titles(archive: zipfile.ZipFile, folder: str) -> frozenset[str]:
    """The ids of these styles, which are in the writer's language; their names are not."""
    data = member(archive, f"{folder}/styles.xml")
    styles = xml_tree(data).iter("{*}style") if data else ()
    return frozenset(
        _value(style, "styleId")
        for style in styles
        if any(_value(named).lower() in ("title", "heading 1") for named in style.iterfind("{*}name"))
    )


def name_of(element: Any) -> str:
    """The tag without its namespace; XML's tags keep their capitals."""
    return element.tag.rpartition("}")[2] if name(element) else ""


def _table(table: Any, notes: dict[str, str]) -> Iterator[str]:
    """Its rows, and then what their footnotes say."""
    rows = [row for row in table.iter("{*}tr") if _around(row, "tbl") is table]
    is_headed = bool(rows) and any(_around(mark, "tr") is rows[0] for mark in rows[0].iter("{*}tblHeader"))
    yield from table_lines([list(_cells(row)) for row in rows], is_headed=is_headed)
    yield from (notes[key] for key in _references(table) if key in notes)


def _around(element: Any, tag: str) -> Any:
    return next(above for above in element.iterancestors() if name_of(above) == tag)


def _cells(row: Any) -> Iterator[str]:
    """The text of its cells, and nothing for the columns that a wide cell reaches over."""
    for cell in row.iter("{*}tc"):
        if _around(cell, "tr") is row:
            yield " ".join(_words(paragraph) for paragraph in cell.iter("{*}p"))
            wide = next((_value(span) for span in cell.iterfind("{*}tcPr/{*}gridSpan")), "")
            yield from [""] * (min(int(wide), MAX_COLUMNS) - 1 if wide.isdecimal() else 0)


def _words(paragraph: Any) -> str:
    return tidy("".join(_runs(paragraph)))


def _runs(element: Any) -> Iterator[str]:
    for child in element:
        tag = name_of(child)
        if tag == "t":
            yield child.text or ""
        elif tag in _SIGNS:
            yield _SIGNS[tag]
        elif tag == "sym":
            yield " "
        elif tag not in _PASSED_OVER and tag != "txbxContent":
            yield from _runs(child)


def _references(element: Any) -> Iterator[str]:
    for reference in element.iter("{*}footnoteReference", "{*}endnoteReference"):
        yield f"{name_of(reference)[:3]}{_id(reference)}"


def _id(element: Any) -> str:
    return _value(element, "id")


def _value(element: Any, name: str = "val") -> str:
    """What an attribute says; its name space differs between the two sorts of Word documents."""
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _main_path(archive: zipfile.ZipFile) -> str:
    """Where the text stands: usually in `word/document.xml`, but that is for the file to say."""
    relations = member(archive, "_rels/.rels")
    for relation in xml_tree(relations) if relations else ():
        if str(relation.get("Type")).endswith("/officeDocument"):
            return str(relation.get("Target")).lstrip("/")
    return _MAIN


def _footnotes(archive: zipfile.ZipFile, folder: str) -> dict[str, str]:
    """Footnotes and endnotes by kind and number."""
    notes: dict[str, str] = {}
    for kind in ("footnotes", "endnotes"):
        data = member(archive, f"{folder}/{kind}.xml")
        for note in xml_tree(data) if data else ():
            text = one_line(" ".join(_words(paragraph) for paragraph in note.iter("{*}p")))
            notes[f"{kind[:3]}{_id(note)}"] = text
    return notes
