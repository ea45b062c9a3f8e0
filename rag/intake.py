"""Files of a folder, or documents from Python → articles and passages, and what there is to tell of each.

Does not know the index; what of it has not changed is told by digests and stamps.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.articles import split_articles
from rag.dates import is_iso, recency
from rag.duplicates import signature
from rag.errors import InputError, ReadError
from rag.folder import Found
from rag.injection import flags
from rag.passages import split_passages
from rag.read import SIDECAR, load_sidecar, read_bytes, to_document
from rag.repeated import line_keys
from rag.types import Article, Document, FileReport

if TYPE_CHECKING:
    from llama_index.core.schema import TextNode

FORMAT = "8"
"""Part of every digest: raise it when reading, splitting or storing changes, and everything is indexed anew."""
LANGUAGE_CHARS = 2000
"""So much of a text tells its language."""
LANGUAGE_LETTERS = 20


@dataclass(frozen=True, slots=True)
class Item:
    """A document that may have to be indexed; `load` reads it. Its digest is empty where its stamp is known."""

    source: str
    digest: str
    stamp: str
    load: Callable[[], Document]


@dataclass(frozen=True, slots=True)
class Ready:
    """A document taken apart, on its way into the index; signatures and line keys are those of its articles."""

    item: Item
    articles: list[Article]
    signatures: list[bytes]
    lines: list[bytes]
    nodes: list[TextNode]
    report: FileReport


def folder_items(
    folder: Path, found: Sequence[Found], stamps: Mapping[str, str], unusable: list[FileReport]
) -> Iterator[Item]:
    """The files in turn; a file whose stamp is as before is not opened. Those that cannot be opened are reported."""
    try:
        sidecar = load_sidecar(folder)
    except ReadError as exc:
        sidecar = {}
        unusable.append(FileReport(SIDECAR, "unreadable", reason=str(exc)))
    for one in found:
        entry = sidecar.get(one.source, {})
        stamp = f"{FORMAT} {one.stamp} {_digest(json.dumps(entry, sort_keys=True))[:16]}" if one.stamp else ""
        if stamp and stamps.get(one.source) == stamp:
            yield Item(one.source, "", stamp, _unread)
            continue
        try:
            file = read_bytes(folder, one.source, entry)
        except ReadError as exc:
            shown = one.source.encode("utf-8", "backslashreplace").decode()
            unusable.append(FileReport(shown, exc.state, reason=str(exc)))
            continue
        stamp = "" if file.is_torn else stamp
        yield Item(one.source, f"{FORMAT}:{file.digest}", stamp, lambda file=file: to_document(file))  # type: ignore[misc]


def _unread() -> Document:
    raise AssertionError("a file that has not changed is not read")


def document_items(documents: Iterable[Document]) -> Iterator[Item]:
    """The documents in turn, those without a name or of one that was there before under names of their own.

    Raises:
        InputError: a document's date is not ISO 8601.
    """
    names: dict[str, int] = {}
    for number, document in enumerate(documents, 1):
        known: dict[str, Any] = {
            key: _whole(value) for key, value in asdict(document).items() if isinstance(value, str) and value
        }
        base = known.get("source", f"document-{number}")
        source = base
        while source in names:
            names[base] += 1
            source = f"{base}#{names[base]}"
        names[source] = 1
        if (published := known.get("published")) and not is_iso(published):
            raise InputError(
                f"published = {published!r} of {source!r} is not ISO 8601; write it like 2025-08-20 or 2025-08."
            )
        named = replace(document, **{**known, "source": source})
        digest = _digest(json.dumps(asdict(named), sort_keys=True))
        yield Item(source, f"{FORMAT}:{digest}", "", lambda named=named: named)  # type: ignore[misc]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _whole(text: str) -> str:
    """Half surrogate pairs, which cannot be stored, become question marks; every other text comes back as it is."""
    return text.encode("utf-8", "replace").decode()


def take_apart(item: Item) -> Ready | FileReport:
    """Articles and passages of a document; only the report where there is nothing in it to be found."""
    try:
        document = item.load()
        found = split_articles(document)
    except ReadError as exc:
        return FileReport(item.source, exc.state, reason=str(exc))
    articles = [_plainly_named(article) for article in found]
    nodes = [node for article in articles for node in split_passages(article)]
    if not nodes:
        return FileReport(item.source, "empty", reason="no text in it", pages=document.pages)
    dated = max(articles, key=lambda one: recency(one.published))
    report = FileReport(
        item.source,
        "indexed",
        len(articles),
        len(nodes),
        reason=document.missing,
        flags=_flags(item.source, found),
        pages=document.pages,
        characters=sum(len(article.text) for article in articles),
        published=dated.published,
        dated=dated.dated,
        language=language(max((one.text for one in articles), key=len)),
    )
    signatures = [signature(one.text) for one in articles]
    lines = [line_keys(one.text, one.title) for one in articles]
    return Ready(item, articles, signatures, lines, nodes, report)


def language(text: str) -> str:
    """ISO 639-1 code of the language that a text seems to be in; empty where there is too little of it to tell."""
    start = text[:LANGUAGE_CHARS]
    if sum(map(str.isalpha, start)) < LANGUAGE_LETTERS:
        return ""
    import py3langid

    code: str = py3langid.classify(start)[0]
    return code


def _plainly_named(article: Article) -> Article:
    """An article without a title or publisher that gives a model orders: both stand in prompts and under answers."""
    title = None if flags(article.title or "") else article.title
    publisher = None if flags(article.publisher or "") else article.publisher
    return replace(article, title=title, publisher=publisher)


def _flags(source: str, articles: Sequence[Article]) -> tuple[str, ...]:
    """What in a file addresses a model, its name and what it says of itself included; each once."""
    texts = [source]
    for article in articles:
        texts += [article.title or "", article.publisher or "", article.text]
    return tuple(dict.fromkeys(flag for text in texts for flag in flags(text)))
