"""Hybrid search as a LlamaIndex `BaseRetriever`: dense and words, fused by rank. Does not know answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from rag.index import Index
from rag.types import Embedder

Mode = Literal["hybrid", "dense", "words"]

RRF_K = 60
"""Cormack, Clarke and Büttcher 2009, "Reciprocal rank fusion": the constant they found best."""
DEPTH = 50
"""Passages taken from each ranking before they are fused."""
SAME_SHARE = 0.6
"""Of the shorter passage's words, so many in common make two passages of one family the same passage."""


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
        """Of passages that say the same in one family, keep one, in the best place: the representative's."""
        kept: list[NodeWithScore] = []
        by_family: dict[str, list[int]] = {}
        for hit in found:
            article = self._index.ledger.article(hit.node.metadata["article_id"])
            if article is None:
                continue
            places = by_family.setdefault(article.family, [])
            twin = next((at for at in places if _same(kept[at].node, hit.node)), None)
            if twin is None:
                places.append(len(kept))
                kept.append(hit)
            elif article.id == article.family:
                kept[twin] = NodeWithScore(node=hit.node, score=kept[twin].score)
        return kept


def _same(one: object, other: object) -> bool:
    assert isinstance(one, TextNode) and isinstance(other, TextNode)
    if one.metadata["article_id"] == other.metadata["article_id"]:
        return False
    first, second = (set(re.findall(r"\w+", node.text.lower())) for node in (one, other))
    return len(first & second) >= SAME_SHARE * min(len(first), len(second))
