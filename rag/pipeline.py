"""The facade `Rag`: the only module that knows all the others. Does not know the user interface."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from rag.answer import to_citation
from rag.answering import AnswerStream, Means
from rag.chat import Chat
from rag.errors import InputError, ModelError, NoDocumentsError
from rag.finding import Finder
from rag.folder import check_folder
from rag.listing import Listed, documents
from rag.llm import LanguageModel
from rag.question import checked, readings, whole
from rag.ratings import keep, rating
from rag.recheck import Recheck, recheck
from rag.record import Record, make_record
from rag.scope import contents
from rag.settings import Settings, load_settings
from rag.suggest import Suggester, to_follow
from rag.types import (
    EVERYTHING,
    Answer,
    Article,
    Checker,
    Contents,
    Document,
    Embedder,
    Evidence,
    FileReport,
    Phraser,
    Progress,
    Ranker,
    Reader,
    Scope,
    Status,
    Turn,
    Upkeeping,
)
from rag.upkeep import Upkeep, behind
from rag.wiring import Parts, index_home, parts_for, status_of

if TYPE_CHECKING:
    from llama_index.core.query_engine import CustomQueryEngine
    from llama_index.core.schema import NodeWithScore

    from rag.index import Index
    from rag.retrieve import HybridRetriever, Mode


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
        reader: Reader,
        checker: Checker,
        phraser: Phraser | None,
    ) -> None:
        """For wiring parts of one's own; `Rag.open` wires the usual ones."""
        self.embedder = embedder
        self.phraser = phraser
        self._reports: tuple[FileReport, ...] = ()
        self._keep: Upkeep | None = None
        self._index, self._finder = index, Finder(index, embedder, ranker, reader)
        self._folder, self._home = folder, home
        self._means = Means(
            finder=self._finder,
            phraser=phraser,
            checker=checker,
            lossless=isinstance(phraser, LanguageModel) and phraser.is_embedded,
            context=settings.llm_context,
            refuse_below=settings.refuse_below,
            doubt_below=settings.doubt_below,
            embedder=embedder.name,
            behind=lambda: behind(self.upkeep, index.ledger),
            busy=set(),
        )
        self._suggester = Suggester(self._finder, lambda: bool(self._means.busy) or self.upkeep.running)

    @classmethod
    def open(
        cls,
        folder: str | Path,
        *,
        settings: Settings | None = None,
        progress: Progress | None = None,
        wait: bool = True,
        follow: bool = False,
        embedder: Embedder | None = None,
        ranker: Ranker | None = None,
        reader: Reader | None = None,
        checker: Checker | None = None,
        phraser: Phraser | None = None,
    ) -> Rag:
        """Open a folder of documents, indexing what is new or changed in it.

        Args:
            folder: searched with its subfolders for files of every format that is read.
            settings: default: `RAG_*` variables and `rag.toml`.
            wait: until all is indexed; else that goes on in the background (`upkeep`, `wait`), and questions are
                answered from what is there and say so.
            follow: in the background, index whatever changes in the folder for as long as it is open; it may hold
                nothing at first then, with `wait=False`.
            progress: called with (what, done, total) while indexing.
            embedder, ranker, reader, checker, phraser: parts of one's own in place of those the settings name.

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
        rag = cls._wired(str(path), home, chosen, parts_for(chosen, home, embedder, ranker, reader, checker, phraser))
        with rag._closed_on_error():
            rag._keep = Upkeep(rag._index, path)
            if wait:
                rag._keep.update(progress)
            if follow or not wait:
                rag._keep.start(follow=follow)
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
        reader: Reader | None = None,
        checker: Checker | None = None,
        phraser: Phraser | None = None,
    ) -> Rag:
        """Index texts from Python, one after another, and open them; the index then holds these and no others.

        Args:
            home: folder of the index; give the same one again to index only what changed.

        Raises:
            Those of `open` but `FolderError`.
        """
        chosen = settings or load_settings()
        parts = parts_for(chosen, Path(home), embedder, ranker, reader, checker, phraser)
        rag = cls._wired("", Path(home), chosen, parts)
        with rag._closed_on_error():
            rag._reports = rag._index.update_documents(documents, progress)
        return rag

    @classmethod
    def _wired(cls, folder: str, home: Path, settings: Settings, parts: Parts) -> Rag:
        from rag.index import Index

        return cls(Index(home, parts["embedder"]), folder=folder, home=home, settings=settings, **parts)

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
        """Release the index and stop the embedded model; indexing in the background ends, and what it did is kept."""
        self._suggester.stop()
        if self._keep is not None:
            self._keep.stop()
        self._index.close()
        if close := getattr(self.phraser, "close", None):
            close()

    @property
    def reports(self) -> tuple[FileReport, ...]:
        """What became of every file in the last run over the folder."""
        return self._keep.reports if self._keep is not None else self._reports

    @property
    def upkeep(self) -> Upkeeping:
        """What is being indexed just now."""
        return self._keep.state if self._keep is not None else Upkeeping()

    def wait(self, seconds: float | None = None, progress: Progress | None = None) -> bool:
        """Whether all is indexed within the time; for `Rag.open(…, wait=False)`.

        Args:
            progress: called now and then with what is being done.

        Raises:
            RagError: the run over the folder ended with an error.
        """
        return self._keep is None or self._keep.wait(seconds, progress)

    def changes(self) -> Iterator[None]:
        """Follow the folder: yields whenever files in it have changed, and it is time to `update`; ends at `close`."""
        return self._keep.changes() if self._keep is not None else iter(())

    def update(self, progress: Progress | None = None) -> tuple[FileReport, ...]:
        """Bring the index in step with its folder; what became of every file.

        Raises:
            FolderError: the folder is gone, or there is nothing in it any more; the index stays as it was.
            NoDocumentsError: nothing in it can be read; nothing is indexed any more.
            StoreError: the index cannot be written.
        """
        return self._keep.update(progress) if self._keep is not None else self._reports

    def refresh(self) -> None:
        """Look through the folder again, in the background; `upkeep` says how far that is."""
        if self._keep is not None:
            self._keep.again()

    def documents(self) -> list[Listed]:
        """Every file that the index knows of with its articles, those that could not be used too."""
        return documents(self._index.ledger)

    def reach(self, scope: Scope) -> int:
        """How many files a question of this scope is asked of.

        Raises:
            InputError: there are none, or the scope is wrongly put.
        """
        return self._finder.within(scope).ledger.counts()[0]

    def warm_up(self) -> None:
        """Load the models now, not at the first question.

        Raises:
            EmbedderError: the embedding model, the reranker or the reader cannot be loaded.
        """
        self.embedder.embed_query("warm up")
        self._finder.ranker.rank("warm up", [("warm up", "", "")])
        self._finder.reader.read("warm up", [("", "warm up")])
        if isinstance(self.phraser, LanguageModel):
            with suppress(ModelError):  # the first answer will say so, and quote
                _ = self.phraser.llm

    def ask(self, question: str, history: Sequence[Turn] = (), *, scope: Scope = EVERYTHING) -> Answer:
        """Answer a question; a follow-up is read together with the turns before it.

        Args:
            scope: the documents that it is asked of; others have no part in the answer.

        Raises:
            InputError: the question is empty or longer than `MAX_QUESTION_CHARS`, or no document is in the scope.
        """
        stream = self.stream(question, history, scope=scope)
        for _ in stream:
            pass
        return stream.answer

    def stream(self, question: str, history: Sequence[Turn] = (), *, scope: Scope = EVERYTHING) -> AnswerStream:
        """The answer sentence by sentence; `stream.answer` holds it whole at the end.

        Raises:
            InputError: as `ask`.
        """
        return self._start(question, history, scope)

    def chat(self, scope: Scope = EVERYTHING) -> Chat[AnswerStream]:
        """A conversation of its own: it keeps its turns, and reads each question together with them.

        Args:
            scope: of the questions that are asked without one of their own.
        """
        return Chat(self._start, scope)

    def _start(
        self, question: str, history: Sequence[Turn], scope: Scope, done: Callable[[Answer], None] | None = None
    ) -> AnswerStream:
        question = checked(question)
        if self._folder and not self.upkeep.running and not self._index.ledger.counts()[0]:
            raise NoDocumentsError(f"There are no documents in {self._folder!r} yet; put some there, and ask again.")
        return AnswerStream(self._means, question, history, scope, done)

    def contents(self) -> Contents:
        """The files, publishers and dates that there are: what to choose a scope from."""
        return contents(self._index.ledger)

    def suggestions(self, limit: int = 6) -> tuple[str, ...]:
        """Questions that the documents answer, to begin with: those known by now, others are found in the background.

        They are kept with the index, and made anew when the documents change. In English only.
        """
        return self._suggester.known()[:limit]

    def follow_ups(self, answer: Answer, limit: int = 3) -> tuple[str, ...]:
        """Questions to ask next, or instead of one that was refused; they are found out by asking, so it takes a while.

        Raises:
            InputError: no document is in the answer's scope any more.
        """
        return to_follow(self._finder.within(answer.scope), answer, limit)

    def evidence(self, question: str, history: Sequence[Turn] = (), *, scope: Scope = EVERYTHING) -> list[Evidence]:
        """The sentences that bear most on the question, best first, before any is chosen for an answer.

        Raises:
            InputError: as `ask`.
        """
        return self._finder.within(scope).evidence(readings(checked(question), history)[0], {})

    def rate(self, answer: Answer, *, right: bool, reason: str = "") -> None:
        """Keep what a person thought of an answer, in the index's folder: the ranker can learn from it.

        A refusal can be rated, too; there is no sentence in it to learn from, but a question to ask again.
        """
        question = answer.searched[-1] if answer.searched else answer.question
        found = self.evidence(question, scope=answer.scope)
        keep(self._home, rating(question, found, answer.citations, right=right, reason=reason, answer=answer.text))

    def know(self, question: str, quote: str) -> None:
        """Keep a question and the words of a document that answer it, as a rating of a right answer.

        Raises:
            InputError: no document holds the words, or the question is empty or too long.
        """
        cited = self._finder.quoted(quote)
        if cited is None:
            raise InputError(f"No document holds the words {quote[:80]!r}; quote them as they stand there.")
        keep(self._home, rating(checked(question), self.evidence(question), [to_citation(1, cited)], right=True))

    def article(self, article_id: str) -> Article:
        """The article of a citation, whole.

        Raises:
            InputError: there is no such article (any more).
        """
        article = self._index.ledger.article(article_id)
        if article is None:
            raise InputError(f"There is no article {article_id!r} in the index; its document may have changed.")
        return article

    def record(self, answers: Sequence[Answer], title: str = "") -> Record:
        """Answers as they were shown, with what is needed to check them later; `rag.export` writes it to a file."""
        folder = Path(self._folder).resolve().name if self._folder else ""
        return make_record(answers, self._index.ledger.article, folder=folder, title=title)

    def verify(self, record: Record, *, altered: bool = False) -> Recheck:
        """What of a record holds by the documents as they are now, sentence by sentence and footnote by footnote.

        Args:
            altered: whether the file it comes from shows something else, as `rag.export.read` tells.
        """
        ledger, copies = self._index.ledger, self._finder.with_copies
        return recheck(record, ledger=ledger, copies=copies, checker=self._means.checker, altered=altered)

    def titles(self) -> list[str]:
        """Titles of the indexed articles, near-duplicates left out."""
        return self._index.ledger.titles()

    def status(self) -> Status:
        """What is indexed, and with which models."""
        return status_of(self._index.ledger, self._folder, self._home, self.embedder, self.phraser)

    def as_retriever(self, top_k: int = 10, mode: Mode = "hybrid", scope: Scope = EVERYTHING) -> HybridRetriever:
        """A LlamaIndex retriever over the passages of what is in the scope whenever it is asked."""
        return self._finder.retriever(top_k, mode, scope)

    def as_query_engine(self, scope: Scope = EVERYTHING) -> CustomQueryEngine:
        """A LlamaIndex query engine: the response is the checked answer, its source nodes the cited passages."""
        from rag.engine import query_engine

        return query_engine(partial(self.ask, scope=scope), self.article)

    def passages(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        top_k: int = 10,
        mode: Mode = "hybrid",
        scope: Scope = EVERYTHING,
    ) -> list[NodeWithScore]:
        """The passages that bear on the question as a whole, in its conversation, best first.

        Raises:
            InputError: as `ask`.
        """
        return self._finder.within(scope).passages(whole(checked(question), history), top_k, mode)
