"""Passages → the few sentences that bear on the question, and whether they suffice. Does not know the model."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from llama_index.core.schema import NodeWithScore, QueryBundle

from rag import sentences
from rag.retrieve import fuse
from rag.types import Article, Embedder, Evidence, Ranker
from rag.words import terms

PASSAGES = 8
"""Passages whose sentences are looked at."""
RANKED = 12
"""Sentences the ranker reads: the fact stands among the twelve best by fusion in 58 of 60 questions."""
MIN_WORDS = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a retrieved passage, before it is scored."""

    article: Article
    start: int
    end: int
    before: str

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]


def candidates(hits: Sequence[NodeWithScore], article: Callable[[str], Article | None]) -> list[Candidate]:
    """The sentences of the best passages, in their order, each once even if two articles hold it."""
    found: dict[str, Candidate] = {}
    for hit in hits[:PASSAGES]:
        report = article(hit.node.metadata["article_id"])
        if report is None:
            continue
        first, last = hit.node.start_char_idx or 0, hit.node.end_char_idx or 0  # type: ignore[attr-defined]
        before = ""
        for start, end in _spans(report.text):
            text = report.text[start:end]
            if start < last and end > first and len(text.split()) >= MIN_WORDS:
                found.setdefault(plain(text), Candidate(report, start, end, before))
            before = text
    return list(found.values())


@lru_cache(maxsize=256)
def _spans(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(sentences.spans(text))


def plain(text: str) -> str:
    """The words alone: what makes two printings of a sentence the same sentence."""
    return " ".join(re.findall(r"\w+", text.lower()))


def rank(
    question: str, found: Sequence[Candidate], *, embedder: Embedder, ranker: Ranker, vector: Sequence[float]
) -> list[Evidence]:
    """The candidates that bear most on the question, best first, at most `RANKED`.

    Args:
        vector: the embedded question.
    """
    similarity = [_dot(vector, other) for other in embedder.embed([one.text for one in found])]
    asked = set(terms(question))
    overlap = [len(asked & set(terms(one.text))) for one in found]
    orders = [sorted(range(len(found)), key=lambda i, by=by: -by[i]) for by in (similarity, overlap)]  # type: ignore[misc]
    best = [int(i) for i, _ in fuse([[str(i) for i in order] for order in orders])][:RANKED]
    logits = ranker.rank(question, [(found[i].text, found[i].before) for i in best])
    scored = [
        Evidence(found[i].article, found[i].start, found[i].end, logit, similarity[i])
        for i, logit in zip(best, logits, strict=True)
    ]
    return sorted(scored, key=lambda one: -one.score)


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


LOGIT_WEIGHT, SIMILARITY_WEIGHT, BIAS = 1.0, 5.0, 0.0
MOST = 3
MARGIN = 2.0


def confidence(found: Sequence[Evidence]) -> float:
    """Estimated probability that the evidence answers the question, from its two best scores."""
    if not found:
        return 0.0
    best = max(one.score for one in found)
    nearest = max(one.similarity for one in found)
    return 1.0 / (1.0 + math.exp(-(LOGIT_WEIGHT * best + SIMILARITY_WEIGHT * nearest + BIAS)))


def select(question: str, found: Sequence[Evidence]) -> list[Evidence]:
    """The sentences the answer rests on: the best, and others nearly as good that say something else."""
    chosen = list(found[:1])
    for one in found[1:]:
        if len(chosen) < MOST and one.score >= found[0].score - MARGIN:
            chosen.append(one)
    return chosen[:2]


def bundle(query: str, vector: list[float]) -> QueryBundle:
    return QueryBundle(query_str=query, embedding=vector)
