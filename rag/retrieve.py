"""Hybrid search as a LlamaIndex `BaseRetriever`: dense and words, fused. Does not know answers."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import BaseNode, MetadataMode, NodeWithScore, QueryBundle

from rag.fusion import Passage, fuse
from rag.index import Index
from rag.types import Embedder

Mode = Literal["hybrid", "dense", "words"]

DEPTH = 50
"""Passages taken from each ranking before they are fused."""
SHINGLE_WORDS = 4
SAME_SHARE = 0.9
"""Of a passage's shingles, so many must stand in the near-duplicate before the passage is left out."""


class HybridRetriever(BaseRetriever):
    """Passages for a question, best first; a passage that repeats a better one in a near-duplicate is left out."""

    def __init__(self, index: Index, embedder: Embedder, *, top_k: int = 10, mode: Mode = "hybrid") -> None:
        self._index = index
        self._embedder = embedder
        self._top_k = top_k
        self._mode = mode
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        dense, words = self._rankings(query_bundle)
        nodes = {node.node_id: node for node in self._index.nodes([identity for identity, _ in [*dense, *words]])}
        ranked = dense or words
        if self._mode == "hybrid":
            texts = {
                identity: Passage(node.metadata["title"] or "", node.get_content(MetadataMode.NONE))
                for identity, node in nodes.items()
            }
            ranked = fuse(query_bundle.query_str, dense, words, texts)
        found = [NodeWithScore(node=nodes[identity], score=score) for identity, score in ranked if identity in nodes]
        return self._collapse(found)[: self._top_k]

    def _rankings(self, query: QueryBundle) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
        """The dense ranking and that of words; the one that the mode leaves out is empty."""
        depth = max(DEPTH, 2 * self._top_k)
        words = self._index.ledger.search(query.query_str, depth) if self._mode != "dense" else []
        if self._mode == "words":
            return [], words
        vector = query.embedding or self._embedder.embed_query(query.query_str)
        return self._index.vectors.search(vector, depth), words

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
