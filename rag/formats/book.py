"""A book (.epub) → `Document`, chapter by chapter in the order of reading. Does not know pages: EPUB has none."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from rag.errors import ReadError
from rag.formats.archives import member, open_archive, xml_tree
from rag.formats.blocks import blocks, name
from rag.formats.encoding import decode_page
from rag.formats.parts import Parts, one_line, place_name, stated
from rag.formats.web import parse
from rag.types import Document

_CONTAINER = "META-INF/container.xml"


def read_epub(data: bytes) -> Document:
    """The text of all chapters, each a place.

    Raises:
        ReadError: not an EPUB book, damaged, protected against copying, or too large.
    """
    with open_archive(data, member=_CONTAINER, kind="an EPUB book") as archive:
        package_name = _package_name(archive)
        package = xml_tree(_part(archive, package_name))
        parts, chapters = Parts(), 0
        for root in _chapters(archive, package, posixpath.dirname(package_name)):
            body = root.find("body")
            found = blocks(root if body is None else body)
            chapters += bool(found)
            place = place_name(_heading(root)) or f"chapter {chapters}"
            for at, block in enumerate(found):
                parts.add(block, place, apart=at == 0)
    published = stated(_said(package, "date"))
    return Document(
        text=parts.text,
        title=_said(package, "title"),
        publisher=_said(package, "publisher"),
        published=published,
        dated="book metadata" if published else "",
        places=parts.places,
        pages=chapters,
    )


def _package_name(archive: zipfile.ZipFile) -> str:
    container = xml_tree(_part(archive, _CONTAINER))
    names = [file.get("full-path") for file in container.iter() if name(file) == "rootfile"]
    if not names or not names[0]:
        raise ReadError("damaged: the book does not name its contents")
    return str(names[0])


def _part(archive: zipfile.ZipFile, path: str) -> bytes:
    data = member(archive, path)
    if data is None:
        raise ReadError(f"damaged: its part {path!r} is missing")
    return data


def _chapters(archive: zipfile.ZipFile, package: Any, folder: str) -> Iterator[Any]:
    """The roots of the pages in the order of reading; the table of contents is no chapter."""
    items = {item.get("id"): item for item in package.iter() if name(item) == "item"}
    locked = _locked(archive)
    for reference in package.iter():
        item = items.get(reference.get("idref")) if name(reference) == "itemref" else None
        if item is None or "nav" in (item.get("properties") or "").split():
            continue
        path = posixpath.normpath(posixpath.join(folder, unquote(item.get("href") or "")))
        if path in locked:
            raise ReadError("protected against copying")
        data = member(archive, path)
        if data is not None and (root := parse(decode_page(data))) is not None:
            yield root


def _locked(archive: zipfile.ZipFile) -> set[str]:
    """The parts that are encrypted; in books that are not protected, fonts alone."""
    data = member(archive, "META-INF/encryption.xml")
    if data is None:
        return set()
    return {unquote(one.get("URI") or "") for one in xml_tree(data).iter() if name(one) == "cipherreference"}


def _heading(root: Any) -> str:
    heads = (one_line(head.text_content()) for head in root.iter("h1", "h2", "h3"))
    return next(filter(None, heads), "")


def _said(package: Any, key: str) -> str | None:
    """What the book's metadata say; of several dates, that of publication."""
    found = [one for one in package.iter() if name(one) == key and one.tag.startswith("{http://purl.org/dc/")]
    found.sort(key=lambda one: not any("publication" in value for value in one.attrib.values()))
    return next(filter(None, (one_line(one.text) for one in found)), None)
