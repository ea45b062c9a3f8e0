"""Passages → the few sentences that bear on the question, and whether they suffice. Does not know the model."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
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
DIFFER_MARGIN = 2.0
"""How far below the best another report's figure may score to be shown beside it."""
NOW_MARGIN = 3.0
"""The same for the newest report when the question is about the present or a plan."""
WORDS = 88
"""An answer longer than this gets no further words."""
JOINED = 0.35
SAME_SHARE = 0.7
EVEN = -0.75
"""Logit and similarity that together make a confidence of one half: of SQuAD 2.0's dev half, where names are right
and facts absent, about 2 in 100 answerable questions fall below it."""
SIMILARITY, OVERLAP, BEFORE, PLACE, FITS, TITLE = 7.0, 5.0, 5.0, 2.0, 1.5, -3.0
"""What is added to the ranker's logit: listwise weights fitted on CLAPnq's dev half, rounded (there the gold
sentence comes first in .81 of the questions instead of .64). A headline says less than the report under it."""


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
                key, one = plain(text), Candidate(report, start, end, before, place)
                known = found.get(key)
                if known is None:
                    found[key] = one
                elif report.id == report.family != known.article.id:  # quote the report that stands for its copies
                    found[key] = replace(one, place=known.place)
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
    around = _around(found, bearing)
    scored = [
        Evidence(one.article, one.start, one.end, logit + bearing[i], logit, by_reading[0][i], around[i])
        for i, logit in zip(best, logits, strict=True)
        if (one := found[i])
    ]
    return sorted(scored, key=lambda one: -one.score)


def _around(found: Sequence[Candidate], bearing: Sequence[float]) -> list[tuple[int, int] | None]:
    """For each candidate its span with the neighbouring candidate that bears more on the question; headlines do not."""
    places = {(one.article.id, one.start): i for i, one in enumerate(found) if one.text != one.article.title}
    ends = {(found[i].article.id, found[i].end): i for i in places.values()}
    spans: list[tuple[int, int] | None] = []
    for one in found:
        text = one.article.text
        after = next((at for at in range(one.end, len(text)) if not text[at].isspace()), len(text))
        before = next((at for at in range(one.start, 0, -1) if not text[at - 1].isspace()), 0)
        beside = [i for i in (places.get((one.article.id, after)), ends.get((one.article.id, before))) if i is not None]
        if not beside:
            spans.append(None)
            continue
        other = found[max(beside, key=lambda i: bearing[i])]
        spans.append((min(one.start, other.start), max(one.end, other.end)))
    return spans


def _mean(rows: Sequence[Sequence[float]]) -> list[float]:
    """Of a follow-up's two readings the one without the earlier question, which has its answer already, counts more."""
    weights = (JOINED, 1 - JOINED) if len(rows) == 2 else [1 / len(rows)] * len(rows)
    return [
        sum(weight * value for weight, value in zip(weights, column, strict=True)) for column in zip(*rows, strict=True)
    ]


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
    """What the answer rests on, best first: one piece of evidence for each part of the question, and

    for a question about the present or a plan the newest report's best, before all others; for one that asks for
    a figure or a date another report's, where it differs. While the answer stays short, each is quoted with the
    neighbouring sentence: on SQuAD 2.0's dev half the answer stands in the best sentence for 95 of 116 questions,
    in it or its neighbour for 101, in the two best sentences for 102, and one footnote is easier to check than two.

    Args:
        by_part: the evidence for each part of the question, best first.
    """
    chosen: list[Evidence] = []
    for found in by_part:
        chosen += [one for one in found if not _repeats(one, chosen)][:1]
    everything = [one for found in by_part for one in found]
    if is_about_now(question):
        chosen = _with_newest(chosen, everything)
    if len(chosen) == 1 and (other := _differing(question, everything)):
        chosen.append(other)
    return _widened(chosen[:MOST])


def _differing(question: str, found: Sequence[Evidence]) -> Evidence | None:
    """Another report's sentence with another figure or date, if it answers about as well as the best."""
    wanted = kind(question)
    if wanted not in ("number", "date"):
        return None
    best, said = found[0], numbers(found[0].text) | numbers(question)
    near = (one for one in found if one.score >= best.score - DIFFER_MARGIN and one.logit >= best.logit - 1.0)
    return next(
        (
            one
            for one in near
            if one.article.family != best.article.family
            and numbers(one.text) - said
            and fits(wanted, one.text, question)
            and not _repeats(one, [best])
        ),
        None,
    )


def _widened(chosen: Sequence[Evidence]) -> list[Evidence]:
    length = sum(len(one.text.split()) for one in chosen)
    wide: list[Evidence] = []
    for one in chosen:
        start, end = one.around or (one.start, one.end)
        more = len(one.article.text[start:end].split()) - len(one.text.split())
        if length + more <= WORDS:
            one, length = replace(one, start=start, end=end), length + more
        wide.append(one)
    return wide


def _with_newest(chosen: list[Evidence], found: Sequence[Evidence]) -> list[Evidence]:
    """The newest report's best first, if it bears on the question at all."""
    near = [one for one in found if one.score >= found[0].score - NOW_MARGIN and one.article.published]
    newest = max(near, key=lambda one: (recency(one.article.published), one.score), default=None)
    if newest is None or any(one.article.family == newest.article.family for one in chosen):
        return sorted(chosen, key=lambda one: recency(one.article.published), reverse=True)
    return [newest, *chosen]


def _repeats(one: Evidence, chosen: Sequence[Evidence]) -> bool:
    words = stems(one.text)
    return any(
        len(words & stems(other.text)) >= SAME_SHARE * min(len(words), len(stems(other.text))) for other in chosen
    )


def confidence(found: Sequence[Evidence]) -> float:
    """How sure it is, 0 to 1, that the evidence answers the question: from its best logit and best similarity.

    Their plain sum separates what the documents answer from what they do not better than either alone, on the
    known answers as on CLAPnq's dev half. A score, not yet a calibrated probability.
    """
    if not found:
        return 0.0
    best = max(one.logit for one in found) + max(one.similarity for one in found)
    return 0.5 + 0.5 * math.tanh((best - EVEN) / 2)  # the logistic curve, for any logit


def bundle(query: str, vector: list[float]) -> QueryBundle:
    return QueryBundle(query_str=query, embedding=vector)


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
