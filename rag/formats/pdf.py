"""PDF → `Document`, page by page, by pypdfium2.

Knows PDF's text and properties; how lines form paragraphs is `rag.formats.layout`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from threading import Lock
from typing import Any

from rag.errors import NoTextError, ReadError, TooLargeError
from rag.formats.layout import SOFT_HYPHEN, Printed, to_text
from rag.formats.parts import MAX_CHARS, one_line, stated, tidy
from rag.types import Document

MAX_PAGES = 5_000
"""Pages of one document; reading so many takes about a minute."""
DEFAULT_HEIGHT = 10.0
_LOCK = Lock()
"""PDFium keeps state of its own and must not be called from two threads."""
_NO_TITLE = re.compile(
    r"untitled.*|\(?(?:anonymous|unspecified)\)?|microsoft (?:word|powerpoint|excel) - .*|(?:print|document|slide) ?\d*"
    r"|about:\w*|(?:https?|file):.*|data:.*|.*\.(?:docx?|pdf|pptx?|xlsx?|rtf|odt|indd|qxd|tex|dvi|txt|html?|pages|wpd)|\W*",
    re.I,
)


def read_pdf(data: bytes) -> Document:
    """The text of all pages, each a place.

    Raises:
        ReadError: protected, damaged, or too long.
        NoTextError: its pages are pictures.
    """
    with _LOCK:
        meta, pages = _opened(data)
    parts = to_text(pages)
    if not parts.text:
        raise NoTextError(f"{len(pages)} {'page' if len(pages) == 1 else 'pages'}, no text: needs OCR")
    title, published = one_line(meta.get("Title")), stated(meta.get("CreationDate"))
    return Document(
        text=parts.text,
        title=None if _NO_TITLE.fullmatch(title) else title,
        published=published,
        dated="PDF info" if published else "",
        places=parts.places,
        pages=len(pages),
    )


def _opened(data: bytes) -> tuple[dict[str, str], list[list[Printed]]]:
    import pypdfium2
    from pypdfium2 import raw

    try:
        with pypdfium2.PdfDocument(data) as pdf:
            if len(pdf) > MAX_PAGES:
                raise TooLargeError(f"too long: {len(pdf):,} pages, the limit is {MAX_PAGES:,}; split it")
            return pdf.get_metadata_dict(), list(_pages(pdf))
    except pypdfium2.PdfiumError as exc:
        if getattr(exc, "err_code", None) == raw.FPDF_ERR_PASSWORD or "password" in str(exc).lower():
            raise ReadError("protected by a password; save it without one") from exc
        raise ReadError("not a PDF, or damaged") from exc


def _pages(pdf: Any) -> Iterator[list[Printed]]:
    total = 0
    for number in range(len(pdf)):
        page = pdf[number]
        textpage = page.get_textpage()
        lines = list(_lines(textpage))
        total += sum(len(line.text) for line in lines)
        if total > MAX_CHARS:
            raise ReadError(f"too long: more than {MAX_CHARS:,} characters of text; split it")
        textpage.close()
        page.close()
        yield lines


def _lines(textpage: Any) -> Iterator[Printed]:
    """The lines of a page in the order of reading, which is the one that the file writes them in."""
    at = 0
    for line in re.findall(r"[^\n\ufffe]*[\n\ufffe]|[^\n\ufffe]+", textpage.get_text_range()):
        shown = line.rstrip("\ufffe").rstrip()
        if text := tidy(shown):
            first = at + len(shown) - len(shown.lstrip())
            ending = SOFT_HYPHEN if line.endswith("\ufffe") else ""
            letters = next((place for place, sign in enumerate(shown) if sign.isalnum()), len(shown) - 1)
            yield _printed(textpage, text + ending, first, at + _units(shown[:letters]), at + _units(shown) - 1)
        at += _units(line)


def _units(text: str) -> int:
    """PDFium counts in units of UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _printed(textpage: Any, text: str, first: int, letter: int, last: int) -> Printed:
    """The line with its box, from the boxes of its first and last characters, and the size of its first letter."""
    from pypdfium2 import PdfiumError, raw

    try:
        places = [max(raw.FPDFText_GetCharIndexFromTextIndex(textpage, at), 0) for at in (first, letter, last)]
        begin, inner, end = (textpage.get_charbox(place, loose=True) for place in places)
        size = raw.FPDFText_GetFontSize(textpage, places[1])
    except PdfiumError:
        return Printed(text, 0.0, 0.0, 0.0, DEFAULT_HEIGHT)
    height = inner[3] - inner[1]
    return Printed(text, begin[0], end[2], begin[1], height if height > 0 else DEFAULT_HEIGHT, size)
