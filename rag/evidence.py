"""Passages → the few sentences that bear on the question, and whether they suffice. Does not know the model."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from llama_index.core.schema import NodeWithScore, QueryBundle

from rag import sentences
from rag.dates import recency
from rag.question import fits, is_about_now, kind
from rag.stems import numbers, stems
from rag.types import Article, Embedder, Evidence, Ranker

PASSAGES = 8
"""Passages whose sentences are looked at."""
RANKED = 10
"""Sentences the ranker reads, the best by similarity and words: all facts stand in the best eight of these for 49 of
50 known answers, and a gold sentence for .993 of CLAPnq's dev half; each costs 4 ms on two cores."""
MIN_WORDS = 3
MOST = 3
MARGIN = 5.0
"""How far below the best a further sentence may score: twice as far and every second one says nothing new."""
NOW_MARGIN = 6.0
"""The same for the newest report when the question is about the present or a plan: it is worth hearing."""
WORDS = 64
"""Further sentences are added while the answer stays this short."""
SAME_SHARE = 0.7
SIMILARITY, OVERLAP, BEFORE, PLACE, FITS, TITLE = 7.0, 5.0, 5.0, 3.0, 1.5, -1.5
"""What is added to the ranker's logit: listwise weights fitted on CLAPnq's dev half, rounded (there the gold
sentence comes first in .79 of the questions instead of .64). A headline says less than the report under it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a retrieved passage, before it is scored."""

    article: Article
    start: int
    end: int
    before: str
    place: int
    """The rank of its passage, from 1."""

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]


def candidates(hits: Sequence[NodeWithScore], article: Callable[[str], Article | None]) -> list[Candidate]:
    """The sentences of the best passages, in their order, each once even if two articles hold it."""
    found: dict[str, Candidate] = {}
    for place, hit in enumerate(hits[:PASSAGES], 1):
        report = article(hit.node.metadata["article_id"])
        if report is None:
            continue
        first, last = hit.node.start_char_idx or 0, hit.node.end_char_idx or 0  # type: ignore[attr-defined]
        before = ""
        for start, end in _spans(report.text):
            text = report.text[start:end]
            if start < last and end > first and len(text.split()) >= MIN_WORDS:
                found.setdefault(plain(text), Candidate(report, start, end, before, place))
            before = text
    return list(found.values())


@lru_cache(maxsize=256)
def _spans(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(sentences.spans(text))


def plain(text: str) -> str:
    """The words alone: what makes two printings of a sentence the same sentence."""
    return " ".join(re.findall(r"\w+", text.lower()))


def rank(
    questions: Sequence[tuple[str, Sequence[float]]],
    found: Sequence[Candidate],
    *,
    embedder: Embedder,
    ranker: Ranker,
) -> list[Evidence]:
    """The candidates that bear most on the question, best first, at most `RANKED`.

    Args:
        questions: the question and its vector; for a follow-up both readings of it, with and without what was
            asked before, which count equally.
    """
    if not found or not questions:
        return []
    vectors = embedder.embed([one.text for one in found])
    by_reading = [[_dot(vector, other) for other in vectors] for _, vector in questions]
    similarity = _mean(by_reading)
    rest = _mean([_wordwise(question, found) for question, _ in questions])
    bearing = [SIMILARITY * near + more for near, more in zip(similarity, rest, strict=True)]
    best = sorted(range(len(found)), key=lambda i: -bearing[i])[:RANKED]
    pairs = [(found[i].text, found[i].before) for i in best]
    logits = _mean([ranker.rank(question, pairs) for question, _ in questions])
    scored = [
        Evidence(found[i].article, found[i].start, found[i].end, logit + bearing[i], logit, by_reading[0][i])
        for i, logit in zip(best, logits, strict=True)
    ]
    return sorted(scored, key=lambda one: -one.score)


def _mean(rows: Sequence[Sequence[float]]) -> list[float]:
    return [sum(column) / len(rows) for column in zip(*rows, strict=True)]


def _wordwise(question: str, found: Sequence[Candidate]) -> list[float]:
    """Rarity-weighted share of the question's words in each sentence and before it, its place, the kind of answer."""
    asked, wanted = stems(question), kind(question)
    own = [stems(one.text) & asked for one in found]
    earlier = [stems(f"{one.before} {one.article.title or ''}") & asked for one in found]
    held = Counter(word for words in own for word in words)
    rarity = {word: math.log((len(found) + 1) / (held[word] + 0.5)) for word in asked}
    total = sum(rarity.values()) or 1.0

    def share(words: Iterable[str]) -> float:
        return sum(rarity[word] for word in words) / total

    return [
        OVERLAP * share(words)
        + BEFORE * share(before - words)
        + PLACE / one.place
        + FITS * fits(wanted, one.text, question)
        + TITLE * (one.text == one.article.title)
        for one, words, before in zip(found, own, earlier, strict=True)
    ]


def select(question: str, by_part: Sequence[Sequence[Evidence]]) -> list[Evidence]:
    """The sentences the answer rests on.

    The best for each part of the question. For a question of one part also others nearly as good that say
    something else: first another report's figure or date where such is asked for, since reports differ. For a
    question about the present or a plan the newest report's best, before all others.

    Args:
        by_part: the evidence for each part of the question, best first.
    """
    chosen: list[Evidence] = []
    for found in by_part:
        chosen += [one for one in found if not _repeats(one, chosen)][:1]
    if is_about_now(question):
        chosen = _with_newest(chosen, [one for found in by_part for one in found])
    for one in _further(question, by_part[0], chosen) if len(by_part) == 1 else ():
        length = sum(len(other.text.split()) for other in (*chosen, one))
        wanted = len(chosen) < 2 or (len(chosen) < MOST and length <= WORDS)
        if wanted and not _repeats(one, chosen):
            chosen.append(one)
    return chosen[:MOST]


def _further(question: str, found: Sequence[Evidence], chosen: Sequence[Evidence]) -> list[Evidence]:
    """What may be said besides, best first, another report's figure before all; headlines say nothing besides."""
    near = [one for one in found if one.score >= found[0].score - MARGIN and one.text != one.article.title]
    wanted = kind(question)
    families = {one.article.family for one in chosen}
    said = frozenset[str]().union(*(numbers(one.text) for one in chosen))

    def differs(one: Evidence) -> bool:
        fresh = numbers(one.text) - said - numbers(question)
        return one.article.family not in families and bool(fresh) and fits(wanted, one.text, question)

    return sorted(near, key=differs, reverse=True) if wanted in ("number", "date") else near


def _with_newest(chosen: list[Evidence], found: Sequence[Evidence]) -> list[Evidence]:
    near = [one for one in found if one.score >= found[0].score - NOW_MARGIN and one.article.published]
    newest = max(near, key=lambda one: (recency(one.article.published), one.score), default=None)
    if newest is None or any(one.article.id == newest.article.id for one in chosen):
        return sorted(chosen, key=lambda one: recency(one.article.published), reverse=True)
    return [newest, *chosen]


def _repeats(one: Evidence, chosen: Sequence[Evidence]) -> bool:
    words = stems(one.text)
    return any(len(words & stems(other.text)) >= SAME_SHARE * min(len(words), len(stems(other.text))) for other in chosen)


LOGIT_WEIGHT, SIMILARITY_WEIGHT, BIAS = 1.0, 5.0, -2.0


def confidence(found: Sequence[Evidence]) -> float:
    """Estimated probability that the evidence answers the question, from its two best scores."""
    if not found:
        return 0.0
    best = max(one.logit for one in found)
    nearest = max(one.similarity for one in found)
    return 1.0 / (1.0 + math.exp(-(LOGIT_WEIGHT * best + SIMILARITY_WEIGHT * nearest + BIAS)))


def bundle(query: str, vector: list[float]) -> QueryBundle:
    return QueryBundle(query_str=query, embedding=vector)


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
