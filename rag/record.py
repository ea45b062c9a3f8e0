"""A conversation as it was shown, with what is needed to check it later, and its JSON both ways.

What is read back is only told to be of the right shape here; whether it is true is for `rag.recheck` to say. Knows no
layout, no index and no page.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import PurePath, PureWindowsPath
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from rag.errors import InputError
from rag.types import Answer, Article, Citation

VERSION = 1
"""Raise it when older programs could misread the data, or would lay it out in other words."""
RECORD = "footnote record"
LARGEST = 2**53
"""Numbers above this are no offsets: JSON readers in other languages cannot even hold them."""
FindArticle = Callable[[str], Article | None]
"""The article of an id, or None where it cannot be had any more."""


@dataclass(frozen=True, slots=True)
class Source:
    """An article that is cited, as it was then."""

    article_id: str
    source: str
    """The file, as in `Article.source`."""
    title: str | None
    publisher: str | None
    published: str | None
    sha256: str
    """Of the text that offsets refer to, in UTF-8; empty where the article was gone before the record was made."""


@dataclass(frozen=True, slots=True)
class Record:
    """Questions with their answers, oldest first, and the articles that these cite."""

    title: str
    made: str
    """ISO 8601, UTC: `2025-08-20T14:03:00+00:00`."""
    folder: str
    """Name of the documents' folder, without where it lies."""
    program: str
    """Version that made it."""
    answers: tuple[Answer, ...]
    sources: tuple[Source, ...]


def make_record(answers: Sequence[Answer], find: FindArticle, *, folder: str, title: str = "") -> Record:
    """A record of answers as they were shown, made now.

    Args:
        find: the article of an id; None where it is gone.
        folder: the documents' folder; only its name is kept.
    """
    cited = {one.article_id: one for answer in answers for one in (*answer.citations, *answer.closest)}
    return Record(
        title=title,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        folder=PurePath(folder).name,
        program=program(),
        answers=tuple(replace(one, model=_name(one.model), embedder=_name(one.embedder)) for one in answers),
        sources=tuple(_source(one, find(one.article_id)) for one in cited.values()),
    )


def _source(cited: Citation, article: Article | None) -> Source:
    digest = sha256(article.text) if article else ""
    return Source(cited.article_id, cited.source, cited.title, cited.publisher, cited.published, digest)


def sha256(text: str) -> str:
    """The fingerprint of an article's text, in hex."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _name(path: str) -> str:
    """A path's last part: where something lies on a machine is nothing to hand on. A model's `org/name` stays."""
    pure = PureWindowsPath(path) if "\\" in path else PurePath(path)
    return pure.name if pure.is_absolute() or path.startswith((".", "~")) else path


def program() -> str:
    """The version of this program; empty where it was never installed."""
    try:
        return version("footnote-rag")
    except PackageNotFoundError:
        return ""


class _Head(BaseModel):
    model_config = ConfigDict(strict=True)
    format: str
    version: int


class _File(_Head):
    model_config = ConfigDict(allow_inf_nan=False)
    record: Record


def record_to_json(record: Record, *, indent: int | None = None) -> str:
    """The record as JSON of this program's own kind. Half a surrogate pair, which no file can hold, becomes "?"."""
    data = {"format": RECORD, "version": VERSION, "record": asdict(record)}
    return json.dumps(data, ensure_ascii=False, indent=indent).encode("utf-8", "replace").decode()


def record_from_json(text: str | bytes) -> Record:
    """A record from its JSON.

    Raises:
        InputError: it is no record, cut off, of a later version, or holds what no record can.
    """
    record = _read(text)
    _plausible(asdict(record))
    if not record.answers:
        raise InputError("This export holds no answer; export a conversation that has one.")
    return record


def _read(text: str | bytes) -> Record:
    try:
        head = _Head.model_validate_json(text)
    except ValidationError as exc:
        raise InputError(f"This is no {RECORD} or was cut off ({_why(exc)}); give a file as it was exported.") from exc
    if head.format != RECORD:
        raise InputError(f"This is a {head.format[:40]!r}, not a {RECORD!r}; give a file that this program exported.")
    if not 1 <= head.version <= VERSION:
        raise InputError(
            f"This {RECORD} is of another version than the {VERSION} that this program reads; update the program."
        )
    try:
        return _File.model_validate_json(text).record
    except ValidationError as exc:
        raise InputError(f"This {RECORD} is damaged ({_why(exc)}); export it again.") from exc


def _why(exc: ValidationError) -> str:
    """The first fault that was found, and where: `record.answers.0.refused: Input should be a valid boolean`."""
    first = exc.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part)[:40] for part in first["loc"])
    return f"{place}: {first['msg']}" if place else str(first["msg"])


def _plausible(data: Mapping[str, Any]) -> None:
    for number in _numbers(data):
        if not 0 <= number <= LARGEST:
            raise InputError(f"This export holds a number below 0 or above {LARGEST:,}; export it again.")


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, Mapping):
        value = tuple(value.values())
    if isinstance(value, list | tuple):
        for one in value:
            yield from _numbers(one)
    elif isinstance(value, int | float):
        yield value
