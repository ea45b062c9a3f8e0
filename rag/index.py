"""Keeps the word index and the vectors in step with the documents. Does not know questions.

Every file goes in by three steps: its new vectors are added, then the ledger is changed in one transaction,
then the vectors that nothing refers to any more are deleted. Killed between any two, the index answers from
the ledger as it was, and the next run puts the vectors right.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout
from llama_index.core.schema import MetadataMode, TextNode

from rag.articles import split_articles
from rag.dates import is_iso, recency
from rag.duplicates import families, signature
from rag.errors import FolderError, InputError, NoTextError, ReadError, StoreError
from rag.injection import flags
from rag.passages import split_passages, to_node
from rag.read import SUFFIXES, list_sources, load_sidecar, read_bytes, to_document
from rag.types import Article, Document, Embedder, FileReport, Progress
from rag.vectors import Vectors
from rag.words import Ledger, Passage

BATCH = 256
"""Passages embedded and committed together: some seconds of work that a kill may cost."""
FORMAT = "4"
"""Part of every digest: raise it when reading, splitting or storing changes, and everything is indexed anew."""


@dataclass(frozen=True, slots=True)
class _Item:
    """A document that may have to be indexed; `load` reads it."""

    source: str
    digest: str
    load: Callable[[], Document]


@dataclass(frozen=True, slots=True)
class _Ready:
    """A document taken apart, on its way into the index."""

    item: _Item
    articles: list[Article]
    nodes: list[TextNode]
    flags: tuple[str, ...]


class Index:
    """The ledger and the vectors of one set of documents, held under a lock by one process."""

    def __init__(self, home: Path, embedder: Embedder) -> None:
        """Open or create the index in `home`.

        Raises:
            StoreError: `home` cannot be written, another process holds the index, or it is damaged.
        """
        self._embedder = embedder
        try:
            home.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(home / "lock")
            self._lock.acquire(timeout=0)
        except Timeout as exc:
            raise StoreError(
                f"Another process is using the index {str(home)!r}; stop it, or set RAG_HOME to another folder."
            ) from exc
        except OSError as exc:
            raise StoreError(
                f"The index folder {str(home)!r} cannot be written ({exc.strerror}); set RAG_HOME to one that can."
            ) from exc
        try:
            self.ledger = Ledger(home)
            self.vectors = Vectors(home, embedder.name)
        except BaseException:
            self._lock.release()
            raise

    def close(self) -> None:
        self.vectors.close()
        self.ledger.close()
        self._lock.release()

    def update_folder(self, folder: Path, progress: Progress | None = None) -> tuple[FileReport, ...]:
        """Bring the index in step with a folder: new, changed and removed files, and nothing else.

        Raises:
            FolderError: the folder is missing, or no file in it can be read.
        """
        sources = list_sources(folder)
        if not sources:
            known = ", ".join(SUFFIXES)
            raise FolderError(f"The folder {str(folder)!r} holds no document; put files there ({known}).")
        unusable: list[FileReport] = []
        reports = self._update(_folder_items(folder, sources, unusable), unusable, len(sources), progress)
        if all(report.state in ("empty", "unreadable", "removed") for report in reports):
            reasons = "; ".join(f"{report.source}: {report.reason}" for report in reports[:3] if report.reason)
            raise FolderError(f"No file in {str(folder)!r} can be used ({reasons}).")
        return reports

    def update_documents(
        self, documents: Iterable[Document], progress: Progress | None = None
    ) -> tuple[FileReport, ...]:
        """Bring the index in step with documents from Python, taken one after another, never held together.

        Raises:
            InputError: a document's date is not ISO 8601.
        """
        return self._update(_document_items(documents), [], 0, progress)

    def _update(
        self, items: Iterator[_Item], unusable: list[FileReport], total: int, progress: Progress | None
    ) -> tuple[FileReport, ...]:
        known = self.ledger.digests()
        flagged = {report.source: report.flags for report in self.ledger.flagged()}
        reports: dict[str, FileReport] = {}
        pending: list[_Ready] = []
        for done, item in enumerate(items):
            if progress:
                progress(f"reading {item.source}", done, total)
            if known.get(item.source) == item.digest:
                reports[item.source] = FileReport(item.source, "unchanged", flags=flagged.get(item.source, ()))
                continue
            ready, report = _take_apart(item)
            reports[item.source] = report
            if ready is None:
                continue
            pending.append(ready)
            if sum(len(one.nodes) for one in pending) >= BATCH:
                self._commit(pending, known)
                pending = []
        if progress and pending:
            progress("embedding", total, total)
        self._commit(pending, known)
        reports.update((report.source, report) for report in unusable)
        usable = {source for source, report in reports.items() if report.state in ("indexed", "unchanged")}
        reports.update(self._remove(known.keys() - usable, reports))
        self._finish(reports, progress)
        return tuple(reports[source] for source in sorted(reports))

    def _commit(self, batch: list[_Ready], known: dict[str, str]) -> None:
        nodes = [node for ready in batch for node in ready.nodes]
        if not batch:
            return
        texts = [node.get_content(MetadataMode.EMBED) for node in nodes]
        self.vectors.add([node.node_id for node in nodes], self._embedder.embed(texts))
        stale: set[str] = set()
        with self.ledger.writing():
            for ready in batch:
                if ready.item.source in known:
                    stale.update(self.ledger.remove(ready.item.source))
                self._enter(ready)
        self.vectors.delete(sorted(stale - {node.node_id for node in nodes}))

    def _enter(self, ready: _Ready) -> None:
        signatures = [signature(article.text) for article in ready.articles]
        self.ledger.put(ready.item.source, ready.item.digest, ready.articles, signatures)
        self.ledger.put_flags(ready.item.source, ready.flags)
        for node in ready.nodes:
            start, end = node.start_char_idx or 0, node.end_char_idx or 0
            passage = Passage(node.node_id, node.metadata["article_id"], start, end)
            self.ledger.put_passage(passage, node.metadata["title"], node.text)

    def _remove(self, sources: Iterable[str], reports: dict[str, FileReport]) -> dict[str, FileReport]:
        gone = sorted(sources)
        with self.ledger.writing():
            stale = [identity for source in gone for identity in self.ledger.remove(source)]
        self.vectors.delete(stale)
        return {source: FileReport(source, "removed") for source in gone if source not in reports}

    def _finish(self, reports: dict[str, FileReport], progress: Progress | None) -> None:
        states = {report.state for report in reports.values()}
        skipped = [report for report in reports.values() if report.state in ("empty", "unreadable")]
        if states - {"unchanged"} or skipped != list(self.ledger.skipped()):
            with self.ledger.writing():
                self.ledger.link(self._families())
                self.ledger.put_skipped(skipped)
        if self.vectors.count() != self.ledger.counts()[2]:
            self._reconcile(progress)
        self.vectors.drop_others()

    def _families(self) -> dict[str, str]:
        """The earliest dated article of a family stands for it; among equals the first by name of its file."""

        def order(row: tuple[str, str | None, str, bytes]) -> tuple[bool, object, str]:
            return row[1] is None, recency(row[1]), row[2]

        rows = sorted(self.ledger.signatures(), key=order)
        return families((identity, data) for identity, _, _, data in rows)

    def _reconcile(self, progress: Progress | None) -> None:
        """Give every passage of the ledger its vector, and take away all others."""
        wanted, present = set(self.ledger.passage_ids()), set(self.vectors.ids())
        self.vectors.delete(sorted(present - wanted))
        missing = sorted(wanted - present)
        for at in range(0, len(missing), BATCH):
            if progress:
                progress("embedding", at, len(missing))
            nodes = self.nodes(missing[at : at + BATCH])
            texts = [node.get_content(MetadataMode.EMBED) for node in nodes]
            self.vectors.add([node.node_id for node in nodes], self._embedder.embed(texts))

    def nodes(self, ids: list[str]) -> list[TextNode]:
        """The passages of these ids that exist, in the order of the ids."""
        passages = self.ledger.passages(ids)
        articles: dict[str, Article] = {}
        nodes = []
        for identity in ids:
            if (passage := passages.get(identity)) is None:
                continue
            article = articles.get(passage.article) or self.ledger.article(passage.article)
            if article is not None:
                articles[passage.article] = article
                nodes.append(to_node(article, identity, passage.start, passage.end))
        return nodes


def _folder_items(folder: Path, sources: list[str], unusable: list[FileReport]) -> Iterator[_Item]:
    try:
        sidecar = load_sidecar(folder)
    except ReadError as exc:
        sidecar = {}
        unusable.append(FileReport("sources.toml", "unreadable", reason=str(exc)))
    for source in sources:
        try:
            file = read_bytes(folder, source, sidecar.get(source, {}))
        except ReadError as exc:
            shown = source.encode("utf-8", "backslashreplace").decode()
            unusable.append(FileReport(shown, "unreadable", reason=str(exc)))
            continue
        yield _Item(source, f"{FORMAT}:{file.digest}", lambda file=file: to_document(file))  # type: ignore[misc]


def _document_items(documents: Iterable[Document]) -> Iterator[_Item]:
    names: dict[str, int] = {}
    for number, document in enumerate(documents, 1):
        known = {key: _whole(value) for key, value in asdict(document).items() if isinstance(value, str) and value}
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
        content = json.dumps(asdict(named), sort_keys=True)
        digest = hashlib.sha256(content.encode()).hexdigest()
        yield _Item(source, f"{FORMAT}:{digest}", lambda named=named: named)  # type: ignore[misc]


def _whole(text: str) -> str:
    """Half surrogate pairs, which cannot be stored, become question marks; every other text comes back as it is."""
    return text.encode("utf-8", "replace").decode()


def _take_apart(item: _Item) -> tuple[_Ready | None, FileReport]:
    try:
        found = split_articles(item.load())
    except NoTextError as exc:
        return None, FileReport(item.source, "empty", reason=str(exc))
    except ReadError as exc:
        return None, FileReport(item.source, "unreadable", reason=str(exc))
    articles = [_plainly_named(article) for article in found]
    nodes = [node for article in articles for node in split_passages(article)]
    if not nodes:
        return None, FileReport(item.source, "empty", reason="no text in it")
    raised = _flags(item.source, found)
    return _Ready(item, articles, nodes, raised), FileReport(
        item.source, "indexed", len(articles), len(nodes), flags=raised
    )


def _plainly_named(article: Article) -> Article:
    """An article without a title or publisher that gives a model orders: both stand in prompts and under answers."""
    title = None if flags(article.title or "") else article.title
    publisher = None if flags(article.publisher or "") else article.publisher
    return replace(article, title=title, publisher=publisher)


def _flags(source: str, articles: list[Article]) -> tuple[str, ...]:
    """What in a file addresses a model, its name and what it says of itself included; each once."""
    texts = [source]
    for article in articles:
        texts += [article.title or "", article.publisher or "", article.text]
    return tuple(dict.fromkeys(flag for text in texts for flag in flags(text)))
