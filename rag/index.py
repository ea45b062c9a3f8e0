"""Keeps the word index and the vectors in step with the documents. Does not know questions.

A file goes in by one transaction of the ledger, which also writes down which vectors are to be made and which are
no longer needed; the vector store follows. Killed at any moment, the index answers from the ledger, by words where
vectors are missing, and the next run goes on where this one ended.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout
from llama_index.core.schema import MetadataMode, TextNode

from rag.duplicates import families, standing
from rag.errors import HeldError, NoDocumentsError, StoppedError, StoreError
from rag.folder import TAG, TAGGED, is_bare, nothing_in, printable, survey
from rag.intake import Item, Ready, document_items, folder_items, take_apart
from rag.ledger import DOOMED, HELD, LINKED, STALE, WANTED, Ledger, Passage
from rag.passages import to_node
from rag.repeated import repeated
from rag.types import Article, Document, Embedder, FileReport, Progress
from rag.vectors import Vectors

BATCH = 256
"""Passages embedded together: some seconds of work that a kill may cost."""
DELETED = 5_000
"""Vectors deleted together."""
SERVED = "served"
"""The file that names the address of the page over an index, for as long as that process holds it."""
EMBEDDER = "embedder"
SAFE = (".txt", ".md", ".markdown", ".csv", ".tsv", ".json", ".jsonl")
"""Endings of files that are read by Python alone, which does not crash."""
TRIES = 2


class Index:
    """The ledger and the vectors of one set of documents, held under a lock by one process."""

    def __init__(self, home: Path, embedder: Embedder) -> None:
        """Open or create the index in `home`.

        Raises:
            StoreError: `home` cannot be written, another process holds the index, or it is damaged.
        """
        self.home, self._embedder = home, embedder
        self._stopped = threading.Event()
        self._lock = _locked(home)
        try:
            self.ledger = Ledger(home)
            self.vectors = Vectors(home, embedder.name)
        except BaseException:
            self._lock.release()
            raise

    def stop(self) -> None:
        """End a run on another thread; what it has done so far is kept."""
        self._stopped.set()

    def close(self) -> None:
        self.vectors.close()
        self.ledger.close()
        with suppress(OSError):
            (self.home / SERVED).unlink(missing_ok=True)
        self._lock.release()

    def update_folder(
        self, folder: Path, progress: Progress | None = None, *, thorough: bool = False
    ) -> tuple[FileReport, ...]:
        """Bring the index in step with a folder: new, changed and removed files, and nothing else.

        Args:
            thorough: read all files again, even those whose size and time are as before, and compare the vectors one
                by one with those that the ledger knows, even where as many are there.

        Raises:
            FolderError: the folder is missing.
            NoDocumentsError: no file in it can be read. The index is empty then, or as it was where there is nothing
                at all in the folder.
            StoppedError: `stop` was called.
            StoreError: the index cannot be written.
        """
        found, left = survey(folder, time.time_ns())
        if not found and is_bare(folder):
            raise nothing_in(folder, left)
        unusable = list(left)
        items = folder_items(folder, found, {} if thorough else self.ledger.stamps(), unusable)
        reports = self._update(items, unusable, len(found), progress, thorough=thorough)
        if not found:
            raise nothing_in(folder, left)
        if not any(report.state in ("indexed", "unchanged") for report in reports):
            told = [report for report in reports if report.reason and report.state != "skipped"]
            reasons = "; ".join(f"{printable(report.source)}: {report.reason}" for report in told[:3])
            raise NoDocumentsError(f"No file in {str(folder)!r} can be used ({reasons}).")
        return reports

    def update_documents(
        self, documents: Iterable[Document], progress: Progress | None = None
    ) -> tuple[FileReport, ...]:
        """Bring the index in step with documents from Python, taken one after another, never held together.

        Raises:
            InputError: a document's date is not ISO 8601.
            StoreError: the index cannot be written.
        """
        return self._update(document_items(documents), [], 0, progress)

    def _update(
        self,
        items: Iterator[Item],
        unusable: list[FileReport],
        total: int,
        progress: Progress | None,
        *,
        thorough: bool = False,
    ) -> tuple[FileReport, ...]:
        changed, gone = self._read(items, unusable, total, progress)
        self._finish(gone, unusable)
        self._fill(progress, thorough=thorough)
        reports = [
            replace(one, state="unchanged") if one.state == "indexed" and one.source not in changed else one
            for one in self.ledger.reports()
        ]
        named = {report.source for report in reports}
        reports += [FileReport(source, "removed") for source in gone if source not in named]
        return tuple(sorted(reports, key=lambda report: report.source))

    def _read(
        self, items: Iterator[Item], unusable: list[FileReport], total: int, progress: Progress | None
    ) -> tuple[set[str], list[str]]:
        """Enter what is new or changed, file by file: from then on it is found by its words."""
        known = self.ledger.digests()
        usable: set[str] = set()
        changed: set[str] = set()
        for done, item in enumerate(items):
            self._go_on()
            if progress:
                progress(f"reading {item.source}", done, total)
            if item.source in known and item.digest in ("", known[item.source]):
                usable.add(item.source)
                if item.digest and item.stamp:
                    with self.ledger.writing():
                        self.ledger.stamp(item.source, item.stamp)
                continue
            ready = self._tried(item)
            if isinstance(ready, FileReport):
                unusable.append(ready)
                continue
            self._enter(ready, is_new=item.source not in known)
            usable.add(item.source)
            changed.add(item.source)
        return changed, sorted(known.keys() - usable)

    def _tried(self, item: Item) -> Ready | FileReport:
        """Take a file apart; not when the program ended in the middle of just that a few times in a row.

        A library that reads PDFs or archives may crash on a damaged one, which no `except` catches.
        """
        if item.source.lower().endswith(SAFE):
            return take_apart(item)
        name = f"reading {item.digest}"
        tries = int(self.ledger.note(name) or 0)
        if tries == TRIES:
            reason = f"reading it ended the program {TRIES} times; it is left out until it changes"
            return FileReport(item.source, "unreadable", reason=reason)
        with self.ledger.writing():
            self.ledger.write(name, str(tries + 1))
        try:
            return take_apart(item)
        finally:  # not reached by a crash
            with self.ledger.writing():
                self.ledger.write(name, "")

    def _enter(self, ready: Ready, *, is_new: bool) -> None:
        item = ready.item
        with self.ledger.writing():
            if not is_new:
                self.ledger.remove(item.source)
            self.ledger.write(LINKED, "")
            self.ledger.put(
                item.source,
                item.digest,
                ready.articles,
                ready.signatures,
                ready.lines,
                stamp=item.stamp,
                report=ready.report,
            )
            self.ledger.put_flags(item.source, ready.report.flags)
            for node in ready.nodes:
                start, end = node.start_char_idx or 0, node.end_char_idx or 0
                passage = Passage(node.node_id, node.metadata["article_id"], start, end, _key(node))
                self.ledger.put_passage(passage, node.metadata["title"], node.text)

    def _finish(self, gone: Sequence[str], unusable: Sequence[FileReport]) -> None:
        """Take out what is gone, and link what tells the same story anew when anything has changed."""
        if gone:
            with self.ledger.writing():
                self.ledger.write(LINKED, "")
                for source in gone:
                    self.ledger.remove(source)
        if sorted(unusable, key=lambda one: one.source) != list(self.ledger.skipped()):
            with self.ledger.writing():
                self.ledger.put_skipped(unusable)
        if not self.ledger.note(LINKED):
            linked = self._families()
            often = repeated((linked[identity], keys) for identity, keys in self.ledger.lines())
            with self.ledger.writing():
                self.ledger.link(linked, often)
                self.ledger.write(LINKED, "yes")

    def _families(self) -> dict[str, str]:
        rows = sorted(self.ledger.signatures(), key=lambda row: standing(row[1], row[2]))
        return families((identity, data) for identity, _, _, data in rows)

    # The vector store follows the ledger

    def _fill(self, progress: Progress | None, *, thorough: bool) -> None:
        """Make the vectors that are wanted, delete those that are not, and check that the store holds the rest."""
        if self.ledger.note(EMBEDDER) != self._embedder.name:
            with self.ledger.writing():
                self.ledger.move(HELD, WANTED)
                self.ledger.move(STALE, DOOMED)
                self.ledger.write(EMBEDDER, self._embedder.name)
        counts = self.ledger.vector_counts()
        if thorough or self.vectors.count() != counts.get(HELD, 0) + counts.get(STALE, 0):
            self._compare()
        self._embed(progress)
        self._sweep()
        self.vectors.drop_others()

    def _compare(self) -> None:
        """Look which vectors the store holds, and write that down."""
        present = set(self.vectors.ids())
        known = {state: self.ledger.keys(state) for state in (WANTED, HELD, STALE, DOOMED)}
        strays = present.difference(*known.values())
        for at in _slices(sorted(strays)):
            self.vectors.delete(at)
        with self.ledger.writing():
            self.ledger.move(HELD, WANTED, [key for key in known[HELD] if key not in present])
            self.ledger.move(WANTED, HELD, [key for key in known[WANTED] if key in present])
            self.ledger.move(STALE, DOOMED, [key for key in known[STALE] if key not in present])

    def _embed(self, progress: Progress | None) -> None:
        total, done, after = self.ledger.vector_counts().get(WANTED, 0), 0, 0
        while total:
            self._go_on()
            rows = self.ledger.wanted(after, BATCH)
            if not rows and not after:
                return
            after = rows[-1][0] if rows else 0
            keys = list(dict.fromkeys(key for _, key in rows))
            if not keys:
                continue
            if progress:
                progress("embedding", done, total)
            self.vectors.add(keys, self._embedder.embed(self._texts(keys)))
            with self.ledger.writing():
                self.ledger.move(WANTED, HELD, keys)
            done += len(keys)

    def _texts(self, keys: Sequence[str]) -> list[str]:
        holders = self.ledger.holders(keys)
        nodes = self.nodes([holders[key][0] for key in keys])
        return [node.get_content(MetadataMode.EMBED) for node in nodes]

    def _sweep(self) -> None:
        with self.ledger.writing():
            self.ledger.move(STALE, DOOMED)
        while keys := self.ledger.keys(DOOMED, DELETED):
            self.vectors.delete(keys)
            with self.ledger.writing():
                self.ledger.forget(keys)

    def _go_on(self) -> None:
        if self._stopped.is_set():
            raise StoppedError("Indexing was stopped; what was done so far is kept.")

    # What is in it

    def nearest(self, vector: Sequence[float], top_k: int, part: Ledger | None = None) -> list[tuple[str, float]]:
        """The passages nearest to a vector, best first, each with its cosine.

        Args:
            part: of the ledger; only its passages are looked at.
        """
        ledger = part or self.ledger
        found = self.vectors.search(vector, top_k, ledger.reach())
        holders = ledger.holders([key for key, _ in found])
        return [(identity, score) for key, score in found for identity in holders.get(key, ())][:top_k]

    def nodes(self, ids: Sequence[str]) -> list[TextNode]:
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


@contextmanager
def held(home: Path) -> Iterator[None]:
    """Hold the index in `home` without opening it.

    Raises:
        StoreError: another process holds it, or it cannot be written.
    """
    lock = _locked(home)
    try:
        yield
    finally:
        lock.release()


def announce(home: Path, address: str) -> None:
    """Leave word of where a page is shown over the index that this process holds, for those who find it held."""
    with suppress(OSError):
        (home / SERVED).write_text(address, "utf-8")


def _holder(home: Path) -> str:
    """Who holds an index, and what to do about it."""
    try:
        address = (home / SERVED).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return "stop it"
    return f"it shows the page at {address}: ask there, or stop it"


def _locked(home: Path) -> FileLock:
    try:
        home.mkdir(parents=True, exist_ok=True)
        if not (home / TAG).is_file():
            (home / TAG).write_bytes(TAGGED)
        lock = FileLock(home / "lock")
        lock.acquire(timeout=0)
        with suppress(OSError):
            (home / SERVED).unlink(missing_ok=True)  # of one that was killed
    except Timeout as exc:
        raise HeldError(
            f"Another process is using the index {str(home)!r}; {_holder(home)}, or set RAG_HOME to another folder."
        ) from exc
    except OSError as exc:
        raise StoreError(
            f"The index folder {str(home)!r} cannot be written ({exc.strerror}); set RAG_HOME to one that can."
        ) from exc
    return lock


def _key(node: TextNode) -> str:
    """What a passage's vector lies under: passages that read alike, title and all, share it."""
    return hashlib.sha256(node.get_content(MetadataMode.EMBED).encode("utf-8", "replace")).hexdigest()[:24]


def _slices(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    yield from (keys[at : at + DELETED] for at in range(0, len(keys), DELETED))
