"""Rich Text (.rtf) → `Document`, by striprtf. Does not know pictures or how the text looks."""

from __future__ import annotations

import re
from itertools import groupby

from rag.errors import ReadError
from rag.formats.parts import Parts, one_line, stated, tidy
from rag.formats.rows import table_lines
from rag.types import Document

INFO_CHARS = 20_000
"""How far from the start of a file its properties may stand."""
_TITLE = re.compile(r"\{\\title\s+((?:[^{}]|\\[{}])*)\}")
_CREATED = re.compile(r"\{\\creatim\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")


def read_rtf(data: bytes) -> Document:
    """The text, a block a paragraph; a row of a table is a line, with the names of its columns.

    Raises:
        ReadError: not Rich Text.
    """
    from striprtf.striprtf import rtf_to_text

    if not data.lstrip().startswith(b"{\\rtf"):
        raise ReadError("not Rich Text: it does not begin with {\\rtf")
    source = data.decode("cp1252", "replace")
    parts = Parts()
    for is_table, lines in groupby(tidy(rtf_to_text(source, errors="replace")).split("\n"), _is_row):
        for line in table_lines([line[:-1].split("|") for line in lines]) if is_table else lines:
            parts.add(line)
    head = source[:INFO_CHARS]
    title, created = _TITLE.search(head), _CREATED.search(head)
    published = stated("-".join(created.groups())) if created else None
    return Document(
        text=parts.text,
        title=one_line(rtf_to_text(f"{{\\rtf1 {title[1]}}}", errors="replace")) or None if title else None,
        published=published,
        dated="document properties" if published else "",
    )


def _is_row(line: str) -> bool:
    """Whether this is how striprtf writes a row of a table."""
    return line.endswith("|")
