"""The facade `Rag`: the only module that knows all the others. Does not know the user interface."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from rag import evidence as ev
from rag.answer import Draft, compose, refuse, to_citation
from rag.embed import RememberingEmbedder
from rag.errors import InputError, ModelError
from rag.llm import LanguageModel
from rag.question import readings
from rag.read import check_folder
from rag.settings import Settings, load_settings
from rag.types import (
    Answer,
    Article,
    Citation,
    Document,
    Embedder,
    Evidence,
    FileReport,
    Phraser,
    Progress,
    Ranker,
    Sentence,
    Status,
    Turn,
)
from rag.wiring import embedder_for, index_home, phraser_for, ranker_for, status_of

if TYPE_CHECKING:
    from llama_index.core.query_engine import CustomQueryEngine

    from rag.index import Index
    from rag.retrieve import HybridRetriever, Mode

MAX_QUESTION_CHARS = 4_000
CLOSEST = 3
"""Passages offered after a refusal."""


class Rag:
    """A set of documents that answers questions. Use it as a context manager; it is safe from several threads."""

    def __init__(
        self,
        index: Index,
        *,
        folder: str,
        home: Path,
        settings: Settings,
        embedder: Embedder,
        ranker: Ranker,
        phraser: Phraser | None,
    ) -> None:
        """For wiring parts of one's own; `Rag.open` wires the usual ones."""
        self.embedder = embedder
        self._sentence_embedder = RememberingEmbedder(embedder)
        self.phraser = phraser
        self._lossless = isinstance(phraser, LanguageModel) and phraser.is_embedded
        self.reports: tuple[FileReport, ...] = ()
        self._index, self._ranker = index, ranker
        self._folder, self._home, self._settings = folder, home, settings

    @classmethod
    def open(
        cls,
        folder: str | Path,
        *,
        settings: Settings | None = None,
        progress: Progress | None = None,
        embedder: Embedder | None = None,
        ranker: Ranker | None = None,
        phraser: Phraser | None = None,
    ) -> Rag:
        """Open a folder of documents, indexing what is new or changed in it.

        Args:
            folder: searched with its subfolders for `.txt` and `.md` files.
            settings: default: `RAG_*` variables and `rag.toml`.
            progress: called with (what, done, total) while indexing.
            embedder, ranker, phraser: parts of one's own in place of those the settings name.

        Raises:
            FolderError: the folder is missing or holds nothing readable.
            SettingsError: a setting is unknown or impossible.
            StoreError: the index cannot be written or is in use by another process.
            EmbedderError: the embedding model cannot be loaded.
        """
        path = Path(folder)
        check_folder(path)
        chosen = settings or load_settings()
        home = index_home(path, chosen)
        rag = cls._wired(str(path), home, chosen, embedder, ranker, phraser)
        with rag._closed_on_error():
            rag.reports = rag._index.update_folder(path, progress)
        return rag

    @classmethod
    def from_documents(
        cls,
        documents: Iterable[Document],
        *,
        home: str | Path,
        settings: Settings | None = None,
        progress: Progress | None = None,
        embedder: Embedder | None = None,
        ranker: Ranker | None = None,
        phraser: Phraser | None = None,
    ) -> Rag:
        """Index texts from Python, one after another, and open them; the index then holds these and no others.

        Args:
            home: folder of the index; give the same one again to index only what changed.

        Raises:
            Those of `open` but `FolderError`.
        """
        chosen = settings or load_settings()
        rag = cls._wired("", Path(home), chosen, embedder, ranker, phraser)
        with rag._closed_on_error():
            rag.reports = rag._index.update_documents(documents, progress)
        return rag

    @classmethod
    def _wired(
        cls,
        folder: str,
        home: Path,
        settings: Settings,
        embedder: Embedder | None,
        ranker: Ranker | None,
        phraser: Phraser | None,
    ) -> Rag:
        from rag.index import Index

        embedder = embedder or embedder_for(settings)
        return cls(
            Index(home, embedder),
            folder=folder,
            home=home,
            settings=settings,
            embedder=embedder,
            ranker=ranker or ranker_for(settings),
            phraser=phraser or phraser_for(settings),
        )

    @contextmanager
    def _closed_on_error(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Rag:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the index and stop the embedded model."""
        self._index.close()
        if close := getattr(self.phraser, "close", None):
            close()

    def warm_up(self) -> None:
        """Load the models now, not at the first question.

        Raises:
            EmbedderError: the embedding model or the reranker cannot be loaded.
        """
        self.embedder.embed_query("warm up")
        self._ranker.rank("warm up", [("warm up", "")])
        if isinstance(self.phraser, LanguageModel):
            with suppress(ModelError):  # the first answer will say so, and quote
                _ = self.phraser.llm

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Answer a question; a follow-up is read together with the turns before it.

        Raises:
            InputError: the question is empty or longer than `MAX_QUESTION_CHARS`.
        """
        stream = self.stream(question, history)
        for _ in stream:
            pass
        return stream.answer

    def stream(self, question: str, history: Sequence[Turn] = ()) -> AnswerStream:
        """The answer sentence by sentence; `stream.answer` holds it whole at the end.

        Raises:
            InputError: as `ask`.
        """
        question = " ".join(question.encode("utf-8", "replace").decode().split())
        if not question:
            raise InputError("The question is empty; ask something, e.g. “When does the bridge open?”")
        if len(question) > MAX_QUESTION_CHARS:
            raise InputError(f"The question has {len(question):,} characters; the limit is {MAX_QUESTION_CHARS:,}.")
        return AnswerStream(self, question, history)

    def article(self, article_id: str) -> Article:
        """The article of a citation, whole.

        Raises:
            InputError: there is no such article (any more).
        """
        article = self._index.ledger.article(article_id)
        if article is None:
            raise InputError(f"There is no article {article_id!r} in the index; its document may have changed.")
        return article

    def titles(self) -> list[str]:
        """Titles of the indexed articles, near-duplicates left out."""
        return self._index.ledger.titles()

    def status(self) -> Status:
        """What is indexed, and with which models."""
        return status_of(self._index.ledger, self._folder, self._home, self.embedder, self.phraser)

    def as_retriever(self, top_k: int = 10, mode: Mode = "hybrid") -> HybridRetriever:
        """A LlamaIndex retriever over the passages."""
        from rag.retrieve import HybridRetriever

        return HybridRetriever(self._index, self.embedder, top_k=top_k, mode=mode)

    def as_query_engine(self) -> CustomQueryEngine:
        """A LlamaIndex query engine: the response is the checked answer, its source nodes the cited passages."""
        from rag.engine import query_engine

        return query_engine(self.ask, self.article)

    def _find(self, readings: Sequence[str], timings: dict[str, float]) -> list[Evidence]:
        """All evidence for one part of a question, best first."""
        with _timed(timings, "retrieve"):
            questions = [(reading, self.embedder.embed_query(reading)) for reading in readings]
            hits = self.as_retriever(ev.PASSAGES).retrieve(ev.bundle(*questions[0]))
        with _timed(timings, "evidence"):
            found = ev.candidates(hits, self._index.ledger.article)
            return ev.rank(questions, found, embedder=self._sentence_embedder, ranker=self._ranker)

    def _with_copies(self, one: Evidence) -> Evidence:
        """Name the other files of the family in which the sentence stands too."""
        wanted = ev.plain(one.text)
        others = {
            other.source
            for other in self._index.ledger.family(one.article.family)
            if other.source != one.article.source and wanted in ev.plain(other.text)
        }
        return replace(one, also_in=tuple(sorted(others)))


class AnswerStream:
    """An answer while it is made: iterate for its sentences; `close()` stops the model."""

    def __init__(self, rag: Rag, question: str, history: Sequence[Turn]) -> None:
        self._rag, self._question, self._history = rag, question, history
        self._draft = Draft()
        self._answer: Answer | None = None
        self._stopped = threading.Event()
        self._sentences = self._run()

    def __iter__(self) -> Iterator[Sentence]:
        return self._sentences

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The footnotes so far."""
        return self._draft.citations

    @property
    def answer(self) -> Answer:
        """The whole answer.

        Raises:
            InputError: the stream has not been read to its end.
        """
        if self._answer is None:
            raise InputError("The answer is not complete; iterate the stream to its end first.")
        return self._answer

    def close(self) -> None:
        """Stop, from any thread and as often as one likes: the model's work ends, and so does the iteration."""
        self._stopped.set()
        with suppress(ValueError):  # another thread is reading; it sees the flag at the model's next word
            self._sentences.close()

    def _run(self) -> Generator[Sentence, None, None]:
        rag, timings = self._rag, dict[str, float]()
        began = time.perf_counter()
        by_part = [rag._find(part, timings) for part in readings(self._question, self._history)]
        confidence = max(map(ev.confidence, by_part))
        refused = confidence < rag._settings.refuse_below
        closest: tuple[Citation, ...] = ()
        if refused:
            yield refuse(self._draft)
            closest = tuple(to_citation(n, rag._with_copies(one)) for n, one in enumerate(by_part[0][:CLOSEST], 1))
        else:
            chosen = [rag._with_copies(one) for one in ev.select(self._question, by_part)]
            with _timed(timings, "answer"):
                phraser = _Stoppable(rag.phraser, self._stopped) if rag.phraser else None
                sentences = compose(
                    self._draft,
                    self._question,
                    chosen,
                    phraser,
                    context=rag._settings.llm_context,
                    lossless=rag._lossless,
                )
                for sentence in sentences:
                    if self._stopped.is_set():
                        return
                    yield sentence
        timings["total"] = time.perf_counter() - began
        self._answer = Answer(
            question=self._question,
            text=self._draft.text,
            sentences=tuple(self._draft.sentences),
            citations=self._draft.citations,
            refused=refused,
            confidence=confidence,
            closest=closest,
            notes=tuple(self._draft.notes),
            timings=timings,
            model=rag.phraser.name if rag.phraser else "",
            embedder=rag.embedder.name,
        )


class _Stoppable:
    """A phraser that says no further word once it is stopped."""

    def __init__(self, phraser: Phraser, stopped: threading.Event) -> None:
        self._phraser, self._stopped = phraser, stopped

    @property
    def name(self) -> str:
        return self._phraser.name

    def stream(self, system: str, user: str) -> Generator[str, None, None]:
        with closing(self._phraser.stream(system, user)) as pieces:
            for piece in pieces:
                if self._stopped.is_set():
                    return
                yield piece


@contextmanager
def _timed(timings: dict[str, float], stage: str) -> Iterator[None]:
    began = time.perf_counter()
    try:
        yield
    finally:
        timings[stage] = timings.get(stage, 0.0) + time.perf_counter() - began
