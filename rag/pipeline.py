"""The facade `Rag`: the only module that knows all the others. Does not know the user interface."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from rag import evidence as ev
from rag.answer import Draft, compose, refuse, to_citation
from rag.chat import Chat
from rag.choose import Choice, choose, counted
from rag.compare import disagreements, timeline
from rag.embed import RememberingEmbedder
from rag.errors import InputError, ModelError
from rag.lists import Listing, asks
from rag.llm import LanguageModel
from rag.question import Reading, is_follow_up, readings, whole, with_rewritten
from rag.ratings import keep, rating
from rag.read import check_folder
from rag.rewrite import standalone
from rag.sentences import cut
from rag.settings import Settings, load_settings
from rag.sufficiency import confidence as sufficiency
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
    Query,
    Ranker,
    Sentence,
    Status,
    Turn,
)
from rag.wiring import checker_for, embedder_for, index_home, phraser_for, ranker_for, status_of

if TYPE_CHECKING:
    from llama_index.core.query_engine import CustomQueryEngine
    from llama_index.core.schema import NodeWithScore

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
        self._checker = checker_for(settings)
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
            folder: searched with its subfolders for files of all formats that can be read.
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
            ranker=ranker or ranker_for(settings, home),
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
        self._ranker.rank("warm up", [("warm up", "", "")])
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
        return AnswerStream(self, _checked(question), history)

    def chat(self) -> Chat[AnswerStream]:
        """A conversation of its own: it keeps its turns, and reads each question together with them."""
        return Chat(self._start)

    def _start(self, question: str, history: Sequence[Turn], done: Callable[[Answer], None]) -> AnswerStream:
        return AnswerStream(self, _checked(question), history, done)

    def evidence(self, question: str, history: Sequence[Turn] = ()) -> list[Evidence]:
        """The sentences that bear most on the question, best first, before any is chosen for an answer.

        Raises:
            InputError: as `ask`.
        """
        return self._find(readings(_checked(question), history)[0], {})

    def rate(self, answer: Answer, *, right: bool, reason: str = "") -> None:
        """Keep what a person thought of an answer, in the index's folder: the ranker can learn from it.

        Raises:
            InputError: the answer cites nothing that could be right or wrong.
        """
        if not answer.citations:
            raise InputError("An answer that cites nothing has no sentence to rate; rate one that does.")
        question = answer.searched[-1] if answer.searched else answer.question
        keep(self._home, rating(question, self.evidence(question), answer.citations, right=right, reason=reason))

    def know(self, question: str, quote: str) -> None:
        """Keep a question and the words of a document that answer it, as a rating of a right answer.

        Raises:
            InputError: no document holds the words, or the question is empty or too long.
        """
        places = self._index.ledger.mentions(quote)
        held = (self._quoted(quote, passage.article) for passage, _ in places)
        cited = next((to_citation(1, one) for one in held if one), None)
        if cited is None:
            raise InputError(f"No document holds the words {quote[:80]!r}; quote them as they stand there.")
        keep(self._home, rating(_checked(question), self.evidence(question), [cited], right=True))

    def _quoted(self, quote: str, article_id: str) -> Evidence | None:
        """The whole sentences of an article in which the words stand."""
        article = self.article(article_id)
        at = article.text.find(quote)
        held = [one for one in cut(article.text) if one[0] < at + len(quote) and one[1] > at >= 0]
        return Evidence(article, held[0][0], held[-1][1], 0.0) if held else None

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

    def passages(
        self, question: str, history: Sequence[Turn] = (), *, top_k: int = 10, mode: Mode = "hybrid"
    ) -> list[NodeWithScore]:
        """The passages that bear on the question as a whole, in its conversation, best first.

        Raises:
            InputError: as `ask`.
        """
        return self._passages(self._queries(whole(_checked(question), history)), top_k, mode)

    def _queries(self, part: Sequence[Reading]) -> list[tuple[Reading, list[float]]]:
        return [(one, self.embedder.embed_query(one.text)) for one in part]

    def _passages(self, read: Sequence[tuple[Reading, list[float]]], top_k: int, mode: Mode) -> list[NodeWithScore]:
        return self.as_retriever(top_k, mode).search([Query(one.text, vector, one.searched) for one, vector in read])

    def _find(self, part: Sequence[Reading], timings: dict[str, float]) -> list[Evidence]:
        """All evidence for one part of a question, best first."""
        with _timed(timings, "retrieve"):
            read = self._queries(part)
            hits = self._passages(read, ev.PASSAGES, "hybrid")
        with _timed(timings, "evidence"):
            found = ev.candidates(hits, self._index.ledger.article)
            judges = [Query(one.text, vector, one.judged) for one, vector in read if one.judged]
            return ev.rank(judges, found, embedder=self._sentence_embedder, ranker=self._ranker)

    def _readings(self, question: str, history: Sequence[Turn]) -> list[list[Reading]]:
        """The ways to read each part; a follow-up also as a model larger than the embedded one rewrites it."""
        found = readings(question, history)
        if not self.phraser or self._lossless or not is_follow_up(question, history):
            return found
        written = standalone(question, history, self.phraser)
        return [with_rewritten(found[0], written), *found[1:]] if written else found

    def _choose(self, question: str, listing: Listing | None, by_part: Sequence[Sequence[Evidence]]) -> Choice:
        return choose(
            question,
            listing,
            by_part,
            ledger=self._index.ledger,
            embedder=self._sentence_embedder,
            ranker=self._ranker,
        )

    def _with_copies(self, one: Evidence) -> Evidence:
        """Name the other files of the family in which the sentence stands too."""
        wanted = ev.plain(one.text)
        others = {
            other.source
            for other in self._index.ledger.family(one.article.family)
            if other.source != one.article.source and wanted in ev.plain(other.text)
        }
        return replace(one, also_in=tuple(sorted(others)))


def _checked(question: str) -> str:
    question = " ".join(question.encode("utf-8", "replace").decode().split())
    if not question:
        raise InputError("The question is empty; ask something, e.g. “When does the bridge open?”")
    if len(question) > MAX_QUESTION_CHARS:
        raise InputError(f"The question has {len(question):,} characters; the limit is {MAX_QUESTION_CHARS:,}.")
    return question


class AnswerStream:
    """An answer while it is made: iterate for its sentences; `close()` stops the model."""

    def __init__(
        self, rag: Rag, question: str, history: Sequence[Turn], done: Callable[[Answer], None] | None = None
    ) -> None:
        self._rag, self._question, self._history, self._done = rag, question, history, done
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
    def heading(self) -> str:
        """What stands above the sentences; known before the first of them."""
        return self._draft.heading

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
        listing = asks(self._question)
        choice = counted(listing, rag._index.ledger)
        by_part: list[list[Evidence]] = []
        read: list[list[Reading]] = []
        confidence = 1.0
        if choice is None:
            read = rag._readings(self._question, self._history)
            by_part = [rag._find(part, timings) for part in read]
            confidence = max(map(sufficiency, by_part))
            if confidence >= rag._settings.refuse_below and by_part[0]:
                with _timed(timings, "evidence"):
                    choice = rag._choose(self._question, listing, by_part)
        if choice is None:
            yield refuse(self._draft)
        else:
            choice = self._with_copies(choice)
            self._draft.heading, self._draft.coverage = choice.heading, choice.coverage
            with _timed(timings, "answer"):
                for sentence in self._composed(choice):
                    if self._stopped.is_set():
                        return
                    yield sentence
        timings["total"] = time.perf_counter() - began
        closest = by_part[0][:CLOSEST] if choice is None else []
        self._answer = Answer(
            question=self._question,
            text=self._draft.text,
            sentences=tuple(self._draft.sentences),
            citations=self._draft.citations,
            refused=choice is None,
            confidence=confidence,
            closest=tuple(to_citation(n, rag._with_copies(one)) for n, one in enumerate(closest, 1)),
            notes=tuple(self._draft.notes),
            heading=self._draft.heading,
            timeline=timeline(self._draft.cited),
            disagreements=disagreements(self._draft.cited, choice.values) if choice else (),
            coverage=choice.coverage if choice else None,
            searched=tuple(reading.text for part in read for reading in part),
            timings=timings,
            model=rag.phraser.name if rag.phraser else "",
            embedder=rag.embedder.name,
        )
        if self._done:
            self._done(self._answer)

    def _with_copies(self, choice: Choice) -> Choice:
        named = {one: self._rag._with_copies(one) for one in choice.evidence}
        return replace(
            choice,
            evidence=tuple(named.values()),
            leads={named[one]: lead for one, lead in choice.leads.items()},
            values={named[one]: value for one, value in choice.values.items()},
        )

    def _composed(self, choice: Choice) -> Generator[Sentence, None, None]:
        rag = self._rag
        phraser = _Stoppable(rag.phraser, self._stopped) if rag.phraser and not choice.is_quoted else None
        return compose(
            self._draft,
            self._question,
            choice.evidence,
            phraser,
            context=rag._settings.llm_context,
            lossless=rag._lossless,
            checker=rag._checker,
            leads=choice.leads,
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
