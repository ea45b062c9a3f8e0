"""Markdown → `Document`: one line a block, and what the front matter says. Does not know other markup."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from rag.dates import is_iso
from rag.formats.encoding import decode
from rag.formats.parts import joined
from rag.formats.rows import table_lines
from rag.types import Document

if TYPE_CHECKING:
    from markdown_it.token import Token

_TAGS = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>|</?[a-z][^>]*>", re.S | re.I)


def read_markdown(data: bytes) -> Document:
    """Front matter → metadata; Markdown → plain lines, one per block.

    Raises:
        ReadError: the bytes are no text.
    """
    from markdown_it import MarkdownIt

    meta, body = _front_matter(decode(data))
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    heading = _words(tokens[1]) if tokens and tokens[0].tag == "h1" else ""
    published = as_iso(meta.get("date") or meta.get("published") or "")
    dated = is_iso(published)
    return Document(
        text=joined(_blocks(tokens)),
        title=str(meta.get("title") or heading) or None,
        publisher=str(meta["publisher"]) if meta.get("publisher") else None,
        published=published if dated else None,
        dated="front matter" if dated else "",
        unwrapped=True,
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


def _blocks(tokens: Sequence[Token]) -> Iterator[str]:
    """One line a block, with an empty line after it; a table's row is a line, with the names of its columns."""
    rows: list[list[str]] = []
    in_row = False
    for token in tokens:
        if token.type in ("tr_open", "tr_close"):
            in_row = token.type == "tr_open"
            rows += [[]] if in_row else []
        elif token.type == "table_close":
            for line in table_lines(rows, is_headed=True):
                yield from (line, "")
            rows = []
        elif token.type == "inline" and in_row:
            rows[-1].append(_words(token))
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


def as_iso(value: Any) -> str:
    """TOML and YAML give dates as objects; everything here speaks ISO 8601 strings."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
