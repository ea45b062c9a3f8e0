"""Plain text → `Document`, and what lines like `Title: …` at its top say of it. Does not know pages or articles."""

from __future__ import annotations

import re

from rag.formats.encoding import decode
from rag.formats.parts import one_line, stated
from rag.types import Document

TITLES = ("title", "headline", "subject")
PUBLISHERS = ("publisher", "source", "site", "outlet", "newspaper")
DATES = ("date", "published", "published on", "publication date", "pubdate")
OTHERS = ("author", "authors", "by", "byline", "from", "to", "cc", "url", "link", "language", "section", "category",
          "tags", "keywords", "id", "updated", "retrieved", "description", "summary")  # fmt: skip
LEAST = 2
"""So many of title, publisher and date make a header of the lines; one alone may be how the text begins."""
HEAD_LINES = 15
_FIELD = re.compile(r"([A-Za-z]+(?: [A-Za-z]+)?):[ \t]+(\S.*)")


def read_text(data: bytes) -> Document:
    """The text as it is; title, publisher and date from its header, where it has one.

    Raises:
        ReadError: the bytes are no text.
    """
    text = decode(data)
    said = _header(text)
    title, publisher, date = (
        next((said[key] for key in keys if key in said), "") for keys in (TITLES, PUBLISHERS, DATES)
    )
    published = stated(date)
    if sum(map(bool, (title, publisher, published))) < LEAST:
        return Document(text)
    return Document(
        text,
        title=one_line(title) or None,
        publisher=one_line(publisher) or None,
        published=published,
        dated="header lines" if published else "",
    )


def _header(text: str) -> dict[str, str]:
    """The fields over the first empty line, where each line up to it is one that headers have; the first of each."""
    said: dict[str, str] = {}
    for line in text.lstrip("\n").split("\n", HEAD_LINES)[:HEAD_LINES]:
        if not line.strip():
            return said
        field = _FIELD.fullmatch(line.strip())
        if field is None or field[1].lower() not in (*TITLES, *PUBLISHERS, *DATES, *OTHERS):
            return {}
        said.setdefault(field[1].lower(), field[2])
    return {}
