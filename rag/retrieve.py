"""Hybrid search as a LlamaIndex `BaseRetriever`: dense and words, fused by rank. Does not know answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import BaseNode, MetadataMode, NodeWithScore, QueryBundle

from rag.index import Index
from rag.types import Embedder

Mode = Literal["hybrid", "dense", "words"]

RRF_K = 60
"""Cormack, Clarke and Büttcher 2009, "Reciprocal rank fusion": the constant they found best."""
DEPTH = 50
"""Passages taken from each ranking before they are fused."""
SHINGLE_WORDS = 4
SAME_SHARE = 0.9
"""Of a passage's shingles, so many must stand in the near-duplicate before the passage is left out."""


def fuse(rankings: Iterable[Sequence[str]], k: int = RRF_K) -> list[tuple[str, float]]:
    """Reciprocal rank fusion: ids with the sum of 1 / (k + rank) over the rankings, best first."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, identity in enumerate(ranking, 1):
            scores[identity] = scores.get(identity, 0.0) + 1.0 / (k + rank)
    return sorted(scores.items(), key=lambda item: -item[1])


class HybridRetriever(BaseRetriever):
    """Passages for a question, best first; a passage that repeats a better one in a near-duplicate is left out."""

    def __init__(self, index: Index, embedder: Embedder, *, top_k: int = 10, mode: Mode = "hybrid") -> None:
        self._index = index
        self._embedder = embedder
        self._top_k = top_k
        self._mode = mode
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        ranked = self._ranked(query_bundle)
        nodes = self._index.nodes([identity for identity, _ in ranked])
        scores = dict(ranked)
        found = [NodeWithScore(node=node, score=scores[node.node_id]) for node in nodes]
        return self._collapse(found)[: self._top_k]

    def _ranked(self, query: QueryBundle) -> list[tuple[str, float]]:
        depth = max(DEPTH, 2 * self._top_k)
        words = self._index.ledger.search(query.query_str, depth) if self._mode != "dense" else []
        if self._mode == "words":
            return words
        vector = query.embedding or self._embedder.embed_query(query.query_str)
        dense = self._index.vectors.search(vector, depth)
        if self._mode == "dense":
            return dense
        return fuse([[identity for identity, _ in ranking] for ranking in (dense, words)])

    def _collapse(self, found: list[NodeWithScore]) -> list[NodeWithScore]:
        """Of passages that say the same in one family keep one, in the best place: the representative's."""
        kept: list[NodeWithScore] = []
        by_family: dict[str, list[int]] = {}
        for hit in found:
            article = self._index.ledger.article(hit.node.metadata["article_id"])
            if article is None:
                continue
            places = by_family.setdefault(article.family, [])
            stands = article.id == article.family
            twin = next((at for at in places if self._repeats(hit.node, kept[at].node)), None)
            if twin is not None and stands and self._repeats(kept[twin].node, hit.node):
                kept[twin] = NodeWithScore(node=hit.node, score=kept[twin].score)
            elif twin is None or stands:
                places.append(len(kept))
                kept.append(hit)
        return kept

    def _repeats(self, node: BaseNode, earlier: BaseNode) -> bool:
        """Whether two articles' passages overlap, and the later one says nothing that the other's article does not."""
        identity = earlier.metadata["article_id"]
        article = self._index.ledger.article(identity)
        if article is None or identity == node.metadata["article_id"]:
            return False
        new = _shingles(node.get_content(MetadataMode.NONE))
        return bool(new & _shingles(earlier.get_content(MetadataMode.NONE))) and len(
            new & _shingles(article.text)
        ) >= SAME_SHARE * len(new)


@lru_cache(maxsize=512)
def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return frozenset(tuple(words[i : i + SHINGLE_WORDS]) for i in range(len(words) - SHINGLE_WORDS + 1))
