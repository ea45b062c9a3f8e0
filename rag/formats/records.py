"""JSON and JSON Lines → `Document`: `key: value` lines; a list of objects is one record after another.

An object that looks like an article (a text with a title or a date) is written as one, so that `rag.articles` finds
its title, its publisher and its date. Does not know any schema.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from rag.dates import say
from rag.errors import ReadError
from rag.formats.encoding import decode
from rag.formats.parts import Parts, one_line, stated, tidy
from rag.formats.rows import named
from rag.formats.webmeta import site_of
from rag.types import Document

TITLES = ("title", "headline", "subject")
BODIES = ("text", "body", "content", "article", "fulltext", "full_text", "articlebody", "article_body")
DATES = ("published", "date", "published_at", "publishedat", "datepublished", "date_published", "pubdate", "pub_date",
         "publication_date", "publish_date", "published_date")  # fmt: skip
PUBLISHERS = ("publisher", "source", "site", "site_name", "sitename", "outlet", "url", "link")
NAMED = 5
"""So many of the lines that are no JSON are named."""
ROW_CHARS = 300
"""A record that is no longer than this on one line is one line, as a row of a table is."""


@dataclass(frozen=True, slots=True)
class _Article:
    """An object that looks like an article: what describes it, the other fields, and the text."""

    title: str
    publisher: str
    published: str | None
    rest: dict[str, Any]
    body: str


def read_json(data: bytes) -> Document:
    """One value: an object's fields, or a record for each object of a list.

    Raises:
        ReadError: no text, no JSON, or too long.
    """
    value = _parsed(decode(data))
    if isinstance(value, dict) and len(lists := [key for key, one in value.items() if _is_list(one)]) == 1:
        around = {key: one for key, one in value.items() if key != lists[0]}
        if not any(isinstance(one, dict | list) for one in around.values()) and not _article(value):
            return _records(value[lists[0]], around)
    return _records(value if _is_list(value) else [value])


def read_jsonl(data: bytes) -> Document:
    """One record a line; lines that are no JSON, such as a download's last, are left out and counted.

    Raises:
        ReadError: no text, no line that is JSON, or too long.
    """
    lines = [(number, line) for number, line in enumerate(decode(data).split("\n"), 1) if line.strip()]
    values: list[Any] = []
    bad: list[int] = []
    for number, line in lines:
        try:
            values.append(_parsed(line, number))
        except ReadError:
            if len(lines) == len(bad) + 1:
                raise
            bad.append(number)
    found = _records(values)
    if not bad:
        return found
    shown = ", ".join(map(str, bad[:NAMED])) + (" …" if bad[NAMED:] else "")
    return replace(found, missing=f"{len(bad):,} of {len(lines):,} lines left out, being no JSON: {shown}")


def _parsed(text: str, line: int = 0) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as exc:
        raise ReadError(f"not valid JSON: {exc.msg}, line {line or exc.lineno}, column {exc.colno}") from exc
    except RecursionError as exc:
        raise ReadError("not readable as JSON: nested too deeply") from exc


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _records(values: list[Any], around: dict[str, Any] | None = None) -> Document:
    parts = Parts()
    for line in _lines(around or {}):
        parts.add(line)
    if len(values) == 1 and not around:
        return _alone(values[0], parts)
    for number, value in enumerate(values, 1):
        article = _article(value)
        for at, block in enumerate(_report(article) if article else _record(value)):
            parts.add(block, f"record {number}", apart=at == 0)
    return Document(parts.text, places=parts.places, title=one_line(str((around or {}).get("title") or "")) or None)


def _alone(value: Any, parts: Parts) -> Document:
    article = _article(value)
    if article is None:
        for line in _lines(value):
            parts.add(line)
        return Document(parts.text)
    for block in (*_lines(article.rest), article.body):
        parts.add(block)
    return Document(
        text=parts.text,
        title=article.title or None,
        publisher=article.publisher or None,
        published=article.published,
        dated="JSON field" if article.published else "",
    )


def _article(value: Any) -> _Article | None:
    if not isinstance(value, dict):
        return None
    known = {key.lower(): key for key in reversed(value)}
    body = next((known[key] for key in BODIES if isinstance(value.get(known.get(key, "")), str)), None)
    title = next((known[key] for key in TITLES if isinstance(value.get(known.get(key, "")), str)), None)
    date = next((known[key] for key in DATES if stated(value.get(known.get(key, "")))), None)
    if body is None or not (title or date):
        return None
    origin = next((known[key] for key in PUBLISHERS if _publisher(key, value.get(known.get(key, "")))), None)
    return _Article(
        title=one_line(value[title]) if title else "",
        publisher=_publisher(origin.lower(), value[origin]) if origin else "",
        published=stated(value[date]) if date else None,
        rest={key: one for key, one in value.items() if key not in (body, title, date, origin)},
        body=tidy(value[body]),
    )


def _publisher(key: str, value: Any) -> str:
    """A publisher's name, the name in an object that describes it, or the site of an address."""
    if isinstance(value, dict):
        value = value.get("name")
    text = one_line(value) if isinstance(value, str) else ""
    if key in ("url", "link") or "://" in text:
        return site_of(text) or ""
    return text


def _report(article: _Article) -> Iterator[str]:
    """An article as a page shows it: who, when, what, and then the text."""
    when = say(article.published) if article.published else ""
    yield "\n".join(filter(None, (article.publisher, when, article.title)))
    yield from _lines(article.rest)
    yield article.body


def _record(value: Any) -> Iterator[str]:
    lines = list(_lines(value))
    row = "; ".join(lines)
    yield from [row] if len(row) <= ROW_CHARS else lines


def _lines(value: Any, path: str = "") -> Iterator[str]:
    """The value's texts, numbers and truth values in order, each with the keys that lead to it."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _lines(one, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and all(not isinstance(one, dict | list) for one in value):
        yield from _line(path, ", ".join(filter(None, map(_shown, value))))
    elif isinstance(value, list):
        for number, one in enumerate(value, 1):
            yield from _lines(one, f"{path} {number}".strip())
    else:
        yield from _line(path, _shown(value))


def _line(path: str, text: str) -> Iterator[str]:
    if text:
        yield named(one_line(path), text)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return tidy(value) if isinstance(value, str) else json.dumps(value)
