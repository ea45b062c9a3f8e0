"""Which parts the settings name, where a folder's index lies, and what is in it. Does not know questions."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from rag.errors import InputError
from rag.folder import check_folder
from rag.llm import LanguageModel
from rag.settings import Settings, load_settings
from rag.types import Checker, Embedder, Phraser, Ranker, Reader, Status

if TYPE_CHECKING:
    from rag.ledger import Ledger

HOME = ".rag"
LEARNT = "sentence-ranker"
"""The folder in an index's home with the ranker that was trained on its ratings."""


def look(folder: str | Path, settings: Settings | None = None) -> Status:
    """What is indexed of a folder, read from its ledger: loads no model, changes nothing.

    Raises:
        FolderError: the folder is missing.
        InputError: it is not indexed yet.
    """
    from rag.ledger import FILE, Ledger

    path, chosen = Path(folder), settings or load_settings()
    check_folder(path)
    home = index_home(path, chosen)
    if not (home / FILE).is_file():
        raise InputError(f"The folder {str(folder)!r} is not indexed yet; run: python -m rag index {str(folder)!r}")
    ledger = Ledger(home)
    try:
        return status_of(ledger, str(path), home, embedder_for(chosen), phraser_for(chosen))
    finally:
        ledger.close()


def status_of(ledger: Ledger, folder: str, home: Path, embedder: Embedder, phraser: Phraser | None) -> Status:
    files, articles, passages = ledger.counts()
    return Status(
        folder=folder,
        home=str(home),
        files=files,
        articles=articles,
        passages=passages,
        embedder=embedder.name,
        model=phraser.name if phraser else "none (quotes only)",
        skipped=ledger.skipped(),
        flagged=ledger.flagged(),
        waiting=ledger.waiting()[0],
    )


class Parts(TypedDict):
    """What can be put in the place of something else."""

    embedder: Embedder
    ranker: Ranker
    reader: Reader
    checker: Checker
    phraser: Phraser | None


def parts_for(
    settings: Settings,
    home: Path,
    embedder: Embedder | None = None,
    ranker: Ranker | None = None,
    reader: Reader | None = None,
    checker: Checker | None = None,
    phraser: Phraser | None = None,
) -> Parts:
    """The parts that are given, and those that the settings name in place of the others."""
    return Parts(
        embedder=embedder or embedder_for(settings),
        ranker=ranker or ranker_for(settings, home),
        reader=reader or reader_for(settings),
        checker=checker or checker_for(settings),
        phraser=phraser or phraser_for(settings),
    )


def embedder_for(settings: Settings) -> Embedder:
    """The embedding model that is set, or the embedded one."""
    if not settings.embedder:
        from rag.minilm import MiniLM

        return MiniLM()
    from rag.embed import SentenceEmbedder

    return SentenceEmbedder(settings.embedder)


def ranker_for(settings: Settings, home: Path | None = None) -> Ranker:
    """The ranker that is set; else the one that was trained on the ratings of this index, or the shipped one."""
    from rag.rank import CrossEncoderRanker, SentenceRanker

    return CrossEncoderRanker(settings.reranker) if settings.reranker else SentenceRanker(ranker_folder(home))


def ranker_folder(home: Path | None) -> Path:
    """Where the weights of the ranker in use lie."""
    from rag.rank import MODEL

    return home / LEARNT if home and (home / LEARNT / "model.onnx").is_file() else MODEL


def reader_for(settings: Settings) -> Reader:
    """The reader that is set, or the shipped one."""
    from rag.reader import QuestionAnswering, SpanReader

    return QuestionAnswering(settings.reader) if settings.reader else SpanReader()


def checker_for(settings: Settings) -> Checker:
    """The model that has its say in the check: the one that is set, or the shipped one."""
    from rag.entail import ClaimChecker, SequenceClassifier

    return SequenceClassifier(settings.nli) if settings.nli else ClaimChecker()


def phraser_for(settings: Settings) -> Phraser | None:
    if settings.phrase == "never":
        return None
    return LanguageModel(
        url=settings.llm_url,
        model=settings.llm_model,
        api_key=settings.llm_api_key,
        context=settings.llm_context,
        timeout=settings.llm_timeout,
    )


def index_home(folder: Path, settings: Settings) -> Path:
    """Where the index of a folder lies: in `RAG_HOME`, or in `.rag` beside the folder, under the folder's name."""
    resolved = folder.resolve()
    tag = hashlib.sha256(str(resolved).encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return (settings.home or resolved.parent / HOME) / f"{resolved.name or 'root'}-{tag}"
