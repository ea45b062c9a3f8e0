"""Hybrid search as a LlamaIndex `BaseRetriever`: dense and words, fused. Does not know answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Literal

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import BaseNode, MetadataMode, NodeWithScore, QueryBundle, TextNode

from rag.fusion import Passage, fuse
from rag.index import Index
from rag.ledger import Ledger
from rag.sentences import cut, plain
from rag.types import Embedder, Query
from rag.words import search

Mode = Literal["hybrid", "dense", "words"]

DEPTH = 50
"""Passages taken from each ranking before they are fused."""


class HybridRetriever(BaseRetriever):
    """Passages for a question, best first; a passage that repeats a better one in a near-duplicate is left out."""

    def __init__(
        self,
        index: Index,
        embedder: Embedder,
        *,
        top_k: int = 10,
        mode: Mode = "hybrid",
        part: Callable[[], Ledger] | None = None,
    ) -> None:
        """`part` gives the part of the index's ledger that is searched, at every search anew."""
        self._index = index
        self._part = part or (lambda: index.ledger)
        self._embedder = embedder
        self._top_k = top_k
        self._mode = mode
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        text = query_bundle.query_str
        return self.search([Query(text, query_bundle.embedding or self._vector(text))])

    def _vector(self, text: str) -> list[float]:
        return [] if self._mode == "words" else self._embedder.embed_query(text)

    def search(self, queries: Sequence[Query]) -> list[NodeWithScore]:
        """Passages for several readings of one question, each counting by its weight."""
        part = self._part()
        scores: dict[str, float] = {}
        nodes: dict[str, TextNode] = {}
        for one in queries:
            for identity, score in self._ranked(one, nodes, part):
                scores[identity] = scores.get(identity, 0.0) + one.weight * score
        # Of equal passages the first by name, or their order would depend on which part of the index is searched.
        ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
        return self._collapse([NodeWithScore(node=nodes[identity], score=score) for identity, score in ranked], part)

    def _ranked(self, query: Query, nodes: dict[str, TextNode], part: Ledger) -> list[tuple[str, float]]:
        """Passages and scores for one text, best first; `nodes` takes those that were not in it."""
        depth = max(DEPTH, 2 * self._top_k)
        words = search(part, query.text, depth) if self._mode != "dense" else []
        dense = self._index.nearest(list(query.vector), depth, part) if self._mode != "words" else []
        new = {identity for identity, _ in [*dense, *words]} - nodes.keys()
        nodes.update((node.node_id, node) for node in self._index.nodes(sorted(new)))
        ranked = fuse(query.text, dense, words, _texts(nodes)) if self._mode == "hybrid" else dense or words
        return [(identity, score) for identity, score in ranked if identity in nodes]

    def _collapse(self, found: list[NodeWithScore], part: Ledger) -> list[NodeWithScore]:
        """Of passages that say the same in one family keep one, in the best place: the representative's."""
        kept: list[NodeWithScore] = []
        by_family: dict[str, list[int]] = {}
        for hit in found:
            article = part.article(hit.node.metadata["article_id"])
            if article is None:
                continue
            places = by_family.setdefault(article.family, [])
            stands = article.id == article.family
            held = next((at for at in places if stands and _repeats(kept[at].node, hit.node, part)), None)
            if held is not None:
                kept[held] = NodeWithScore(node=hit.node, score=kept[held].score)
            elif stands or not any(_repeats(hit.node, kept[at].node, part) for at in places):
                places.append(len(kept))
                kept.append(hit)
        return kept[: self._top_k]


def _repeats(node: BaseNode, earlier: BaseNode, part: Ledger) -> bool:
    """Whether two articles' passages overlap, and the later one says nothing that the other's article does not.

    One sentence that differs in a single figure is what a newer version was written for.
    """
    identity = earlier.metadata["article_id"]
    article = part.article(identity)
    if article is None or identity == node.metadata["article_id"]:
        return False
    said = _sentences(node.get_content(MetadataMode.NONE))
    there, whole = (_words(text) for text in (earlier.get_content(MetadataMode.NONE), article.text))
    return any(one in there for one in said) and all(one in whole for one in said)


def _texts(nodes: Mapping[str, TextNode]) -> dict[str, Passage]:
    return {
        identity: Passage(node.metadata["title"] or "", node.get_content(MetadataMode.NONE))
        for identity, node in nodes.items()
    }


@lru_cache(maxsize=512)
def _sentences(text: str) -> tuple[str, ...]:
    return tuple(words for start, end in cut(text) if (words := _words(text[start:end])).strip())


@lru_cache(maxsize=512)
def _words(text: str) -> str:
    """The words alone, a blank around each, so that `12` does not stand in `120`."""
    return f" {plain(text)} "
