"""A question in its readings → passages, evidence, and the choice of what an answer rests on.

Knows index, embedder and ranker; does not know the language model.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING

from rag import evidence as ev
from rag.choose import Choice, choose
from rag.embed import RememberingEmbedder
from rag.lists import Listing
from rag.locate import located
from rag.question import Reading
from rag.running import timed
from rag.scope import part_of
from rag.sentences import cut, plain
from rag.types import EVERYTHING, Embedder, Evidence, Query, Ranker, Reader, Scope
from rag.words import knows, mentions

if TYPE_CHECKING:
    from llama_index.core.schema import NodeWithScore

    from rag.index import Index
    from rag.ledger import Ledger
    from rag.retrieve import HybridRetriever, Mode


class Finder:
    """Finds in one index. Safe from several threads."""

    def __init__(self, index: Index, embedder: Embedder, ranker: Ranker, reader: Reader) -> None:
        self._index, self._embedder, self.ranker, self.reader = index, embedder, ranker, reader
        self.sentences = RememberingEmbedder(embedder)
        self.ledger = index.ledger
        self._last = (EVERYTHING, -1, self.ledger)
        """The scope last asked for, when, and its part: a conversation keeps asking of the same documents."""

    def within(self, scope: Scope) -> Finder:
        """The same, in the documents of a scope alone.

        Raises:
            InputError: there are none, or the scope is wrongly put.
        """
        found = copy(self)
        if scope.is_whole:
            found.ledger = self._index.ledger
            return found
        edition = self._index.ledger.edition
        last = self._last  # another thread may replace it
        if last[:2] != (scope, edition):
            self._last = last = (scope, edition, part_of(self._index.ledger, scope))
        found.ledger = last[2]
        return found

    def retriever(self, top_k: int, mode: Mode, scope: Scope | None = None) -> HybridRetriever:
        """Over the documents of the finder, or those that are of a scope whenever it is asked."""
        from rag.retrieve import HybridRetriever

        def part() -> Ledger:
            return self.ledger if scope is None else part_of(self._index.ledger, scope)

        return HybridRetriever(self._index, self._embedder, top_k=top_k, mode=mode, part=part)

    def passages(self, part: Sequence[Reading], top_k: int, mode: Mode) -> list[NodeWithScore]:
        """The passages for one part of a question, best first."""
        return self._passages(self._queries(part), top_k, mode)

    def evidence(self, part: Sequence[Reading], timings: dict[str, float]) -> list[Evidence]:
        """All evidence for one part of a question, best first."""
        with timed(timings, "retrieve"):
            queries = self._queries(part)
            hits = self._passages(queries, ev.PASSAGES, "hybrid")
        with timed(timings, "evidence"):
            found = ev.candidates(hits, self.ledger.article)
            judges = [Query(one.text, vector, one.judged) for one, vector in queries if one.judged]
            read = located(judges, ev.weighed(judges, found, self.sentences), self.reader)
            return ev.ranked(judges, read, self.ranker)

    def knows(self, part: Sequence[Reading]) -> bool:
        """Whether the documents hold any word of the question, however it is read.

        Where they hold none, what is nearest to it is noise, and its score means nothing: greetings, slips of the
        keyboard, other languages.
        """
        return any(knows(self.ledger, one.text) for one in part)

    def choice(self, question: str, listing: Listing | None, by_part: Sequence[Sequence[Evidence]]) -> Choice:
        """What the answer rests on."""
        return choose(
            question,
            listing,
            by_part,
            ledger=self.ledger,
            embedder=self.sentences,
            ranker=self.ranker,
        )

    def with_copies(self, one: Evidence) -> Evidence:
        """Name the other files of the family in which the sentence stands too."""
        return with_copies(one, self.ledger)

    def quoted(self, words: str) -> Evidence | None:
        """The whole sentences of the first article in which the words stand."""
        for passage, _ in mentions(self.ledger, words):
            article = self.ledger.article(passage.article)
            at = article.text.find(words) if article else -1
            if article and at >= 0:
                held = [one for one in cut(article.text) if one[0] < at + len(words) and one[1] > at]
                return Evidence(article, held[0][0], held[-1][1], 0.0)
        return None

    def _queries(self, part: Sequence[Reading]) -> list[tuple[Reading, list[float]]]:
        return [(one, self._embedder.embed_query(one.text)) for one in part]

    def _passages(self, read: Sequence[tuple[Reading, list[float]]], top_k: int, mode: Mode) -> list[NodeWithScore]:
        queries = [Query(one.text, vector, one.searched) for one, vector in read]
        return self.retriever(top_k, mode).search(queries)


def with_copies(one: Evidence, ledger: Ledger) -> Evidence:
    """Evidence, with the other files of its family named in which the sentence stands too."""
    wanted = plain(one.text)
    others = {
        other.source
        for other in ledger.family(one.article.family)
        if other.source != one.article.source and wanted in plain(other.text)
    }
    return replace(one, also_in=tuple(sorted(others)))
