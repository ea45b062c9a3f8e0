"""The pipeline that LlamaIndex's own documentation gives, and ours beside it on the same questions.

The same embedder and language model objects serve both, question by question in turn, so that what the
machine does meanwhile hits both. Does not know how either pipeline works inside, nor how figures are printed.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from eval.facts import holds
from eval.known import Known
from eval.metrics import Share, count_words, median, share, without_marks
from eval.seams import Asked, joined
from rag.embed import SentenceEmbedder, embedded_path
from rag.errors import FolderError, InputError
from rag.llm import LanguageModel
from rag.minilm import MiniLM
from rag.read import SUFFIXES
from rag.types import Embedder, Progress

if TYPE_CHECKING:
    from llama_index.core import VectorStoreIndex
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.llms.llm import LLM
    from llama_index.core.vector_stores.types import BasePydanticVectorStore

    from rag import Rag

CHUNK_TOKENS = 256
OVERLAP_TOKENS = 20
"""LlamaIndex's default in its `Settings`, and the value its documentation shows for this splitter."""
TOP_K = 4
ANSWER_TOKENS = 256

REFUSES = re.compile(
    r"""
    \b(?:does|do|did|is|are|was|were|has|have|could|can|would)(?:\s+not|n['’]t)\s+(?:\w+\s+){0,3}?
        (?:mention|provid|specif|stat|contain|includ|indicat|giv|say|know|enough|find|found|determin|answer|clear|possible)
    | \bcannot\s+(?:\w+\s+){0,2}?(?:answer|determin|find|say|be\s+(?:answer|determin))
    | \b(?:not|never)\s+(?:\w+\s+)?(?:mentioned|provided|specified|stated|given|known|available|included)\b
    | \bno\s+(?:\w+\s+){0,2}?(?:information|mention|answer|details?|data|context|indication|evidence)\b
    | \bunable\s+to\b
    | \binsufficient\b
    | \bunknown\b
    | \bi['’]?m\s+sorry\b | \bi\s+am\s+sorry\b | \bempty\s+response\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""The usual words in which a language model says that its context does not answer. Generous: what merely
mentions such words counts as a refusal too, which favours the stock pipeline on the unanswerable questions.
On the others, an answer with all required facts is none, whatever its wording."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What one pipeline said, and how long it took."""

    text: str
    refused: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Pair:
    """One question, answered by both."""

    known: Known
    ours: Reply
    stock: Reply


@dataclass(frozen=True, slots=True)
class Side:
    """One column of the comparison."""

    right: Share
    refused: Share
    falsely_refused: Share
    words: float
    seconds: float


Ask = Callable[[Known], tuple[str, bool]]
"""A question to (answer, whether it is a refusal)."""


def ours(rag: Asked) -> Ask:
    """Our pipeline, as it is for anyone."""

    def ask(known: Known) -> tuple[str, bool]:
        answer = rag.ask(known.question, known.history)
        return answer.text, answer.refused

    return ask


def stock(folder: Path, *, embedder: BaseEmbedding, llm: LLM) -> Ask:
    """LlamaIndex's starter pipeline over the folder, indexed in memory.

    A query engine has no memory of a conversation, so a follow-up goes in with the questions before it.

    Raises:
        FolderError: nothing in the folder can be read.
    """
    index = stock_index(folder, embedder=embedder)
    engine = index.as_query_engine(llm=llm, similarity_top_k=TOP_K)

    def ask(known: Known) -> tuple[str, bool]:
        text = str(engine.query(joined(known.question, known.history))).strip()
        return text, refuses(text)

    return ask


def stock_index(
    folder: Path, *, embedder: BaseEmbedding, store: BasePydanticVectorStore | None = None
) -> VectorStoreIndex:
    """The folder read, cut and embedded as LlamaIndex's documentation does; into `store`, else into memory.

    Raises:
        FolderError: nothing in the folder can be read.
    """
    from llama_index.core import SimpleDirectoryReader, StorageContext, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter

    try:
        documents = SimpleDirectoryReader(folder, required_exts=list(SUFFIXES), recursive=True).load_data()
    except ValueError as exc:
        raise FolderError(f"LlamaIndex finds nothing to read in {str(folder)!r}: {exc}") from exc
    return VectorStoreIndex.from_documents(
        documents,
        transformations=[SentenceSplitter(chunk_size=CHUNK_TOKENS, chunk_overlap=OVERLAP_TOKENS)],
        embed_model=embedder,
        storage_context=StorageContext.from_defaults(vector_store=store) if store else None,
    )


def shared_models(rag: Rag) -> tuple[BaseEmbedding, LLM]:
    """The program's models, as LlamaIndex's documentation loads them; the language model is the same object.

    Raises:
        InputError: the program runs without a language model, or with parts that LlamaIndex does not know.
    """
    if not isinstance(rag.phraser, LanguageModel):
        raise InputError("The stock pipeline cannot do without a language model; set RAG_PHRASE to auto.")
    return full_weights(rag.embedder), as_in_the_docs(rag.phraser.llm)


def full_weights(embedder: Embedder) -> BaseEmbedding:
    """The same model as LlamaIndex's documentation loads it, with every default.

    Raises:
        InputError: the program embeds with something that LlamaIndex does not know.
    """
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    if isinstance(embedder, MiniLM):
        name = embedded_path()
    elif isinstance(embedder, SentenceEmbedder):
        name = embedder.model.model_name
    else:
        raise InputError("LlamaIndex's pipeline takes sentence-transformers models only; set RAG_EMBEDDER to one.")
    stock: BaseEmbedding = HuggingFaceEmbedding(model_name=name)
    return stock


def as_llama(embedder: Embedder) -> BaseEmbedding:
    """The program's own embedder, as LlamaIndex takes one."""
    from llama_index.core.base.embeddings.base import BaseEmbedding

    class Given(BaseEmbedding):
        def _get_query_embedding(self, query: str) -> list[float]:
            return embedder.embed_query(query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return embedder.embed_query(query)

        def _get_text_embedding(self, text: str) -> list[float]:
            return embedder.embed([text])[0]

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            return embedder.embed(texts)

    given: BaseEmbedding = Given(model_name=embedder.name)
    return given


def as_in_the_docs(llm: LLM) -> LLM:
    """The same model at the same server, with the settings of the comparison."""
    return llm.model_copy(update={"temperature": 0.0, "max_tokens": ANSWER_TOKENS})


def refuses(text: str) -> bool:
    """Whether the answer says, in usual words, that it has none."""
    return not text or REFUSES.search(text) is not None


def compare(questions: Sequence[Known], *, ours: Ask, stock: Ask, progress: Progress) -> Iterator[Pair]:
    """Both pipelines on every question, in turn; who goes first alternates."""
    for done, known in enumerate(questions):
        progress("asking both", done, len(questions))
        if done % 2:
            theirs, mine = _timed(stock, known), _timed(ours, known)
        else:
            mine, theirs = _timed(ours, known), _timed(stock, known)
        yield Pair(known, mine, theirs)
    progress("asking both", len(questions), len(questions))


def _timed(ask: Ask, known: Known) -> Reply:
    start = time.perf_counter()
    text, refused = ask(known)
    return Reply(text, refused, time.perf_counter() - start)


def side(replies: Sequence[tuple[Known, Reply]]) -> Side:
    """The figures of one column."""
    asked = [(known, reply) for known, reply in replies if known.answerable]
    return Side(
        right=share([is_right(known, reply) for known, reply in asked]),
        refused=share([reply.refused for known, reply in replies if not known.answerable]),
        falsely_refused=share([reply.refused and not is_right(known, reply) for known, reply in asked]),
        words=median([count_words(reply.text) for _, reply in replies if not reply.refused]),
        seconds=median([reply.seconds for _, reply in replies]),
    )


def is_right(known: Known, reply: Reply) -> bool:
    """Whether the answer's text holds all required facts."""
    return all(holds(without_marks(reply.text), fact) for fact in known.facts)
