"""Passages → the few sentences that bear on the question, and whether they suffice. Does not know the model."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from llama_index.core.schema import NodeWithScore

from rag import overlap
from rag.dates import recency
from rag.injection import overlaps, tainted
from rag.question import is_about_now, kind
from rag.sentences import cut
from rag.stems import stems
from rag.timely import Time, period, times
from rag.types import Article, Embedder, Evidence, InContext, Query, Ranker

PASSAGES = 8
"""Passages whose sentences are looked at."""
RANKED = 12
"""Sentences the ranker reads, the best by everything else: of the questions whose answer is in the passages at all, it
is among these for 1.00 (CLAPnq), .99 (SQuAD 2.0) and .93 (TimeQA) of the dev halves; each costs 4 ms on two cores."""
RANKED_DATED = 16
"""The same where the question names years: many sentences tell of one thing at different times."""
MIN_WORDS = 3
SIMILARITY, PASSAGE, PAIRS = 2.0, 0.55, 1.0
"""What is added to the ranker's logit for the similarity of question and sentence, the fused score of the passage, and
the question's pairs of neighbouring words in the sentence: a listwise fit over three dev halves, rounded. The first
sentence then holds the answer for .86 of CLAPnq's questions and .86 of SQuAD 2.0's, the first two for .96 and .93;
shares of words, kind of answer, length and headlines add nothing to these."""
TIMES: dict[Time | None, float] = {"other": -1.0, "told": 0.6}
"""Where the question names years: what a sentence gains by the time it tells of. The ranker sees the years of the
sentence itself, but not those before it. Of TimeQA's questions the first three sentences then hold the answer for .83
instead of .80, where it is in the ten best passages; on SQuAD 2.0's nothing changes."""
REPEATED = 3.0
"""What a line loses that many reports have: it is quoted where nothing else answers."""
MOST = 3
CLOSE = 1.5
"""When the second best scores this close, the best is quoted with its neighbouring sentence: on SQuAD 2.0's dev half an
answer is then shown for .91 of the questions in 34 words (.90 in 30 without), on CLAPnq's for .90 in 44 (.85 in 30). At
2.0 two answers of 874 more are shown, and the known answers have 50 words instead of 44. Showing the second best
instead, when it is within 1.2, gains .04 more and makes one footnote in five a wrong one."""
READ_FLOOR, READ_MARGIN = 0.0, 1.0
"""Where the reader takes another sentence for the answer, with this score, and so much rather than the best: both are
quoted, instead of the best with its neighbour. On the dev halves that gains 7 answers of 874 and loses 3, in as many
words."""
NOW_MARGIN = 3.0
"""How far below the best the newest report may score, when the question is about the present or a plan."""
OPENING_MARGIN = 1.0
"""A report's first sentence tells how things stand when it is written, a later one often how they came to be so: the
first is taken of two that score as close as this."""
BESIDE_MARGIN = 0.5
"""How far below the best another report may score, to be set beside the newest where that has the best."""
WORDS = 100
"""An answer longer than this gets no further words."""
SAME_SHARE = 0.7
LEAD_IN = 320
"""Characters. A longer sentence before would bury what it leads to."""
_LEANS_BACK = re.compile(
    r"[\"“‘']?(?:(?:he|she|it|they|this|these|those|his|her|its|their|such|the (?:latter|former|same))\b"
    r"|(?:that|both) (?:is|was|were|are|had|has|have|will|would|makes?|made)\b)",
    re.I,
)
"""Openings that stand for something in the sentence before."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a retrieved passage, before it is scored."""

    article: Article
    start: int
    end: int
    before: str
    passage: float
    """The fused score of its passage."""
    repeated: bool = False
    """Whether it stands in a line that many reports have."""

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]

    @property
    def in_context(self) -> InContext:
        return self.text, self.before, self.article.title or ""


def candidates(hits: Sequence[NodeWithScore], article: Callable[[str], Article | None]) -> list[Candidate]:
    """The sentences of the best passages, in their order, each once even if two articles hold it."""
    found: dict[str, Candidate] = {}
    for hit in hits[:PASSAGES]:
        report = article(hit.node.metadata["article_id"])
        if report is None:
            continue
        first, last = hit.node.start_char_idx or 0, hit.node.end_char_idx or 0  # type: ignore[attr-defined]
        for one in sentences_of(report, first, last, hit.score or 0.0):
            known = found.get(plain(one.text))
            if known is None:
                found[plain(one.text)] = one
            elif report.id == report.family != known.article.id:  # quote the report that stands for its copies
                found[plain(one.text)] = replace(one, passage=known.passage)
    return list(found.values())


def sentences_of(report: Article, first: int, last: int, passage: float) -> Iterator[Candidate]:
    """The sentences that reach into a stretch of a report, without text that addresses a model and not a reader."""
    before, orders = "", tainted(report.text)
    for start, end in cut(report.text):
        if overlaps(orders, start, end):
            before = ""
            continue
        text, often = report.text[start:end], overlaps(report.repeated, start, end)
        if start < last and end > first and len(text.split()) >= MIN_WORDS:
            yield Candidate(report, start, end, before, passage, often)
        before = "" if often else text


def plain(text: str) -> str:
    """The words alone: what makes two printings of a sentence the same sentence."""
    return " ".join(re.findall(r"\w+", text.lower()))


def rank(
    questions: Sequence[Query], found: Sequence[Candidate], *, embedder: Embedder, ranker: Ranker
) -> list[Evidence]:
    """The candidates that bear most on the question, best first: `RANKED` (or `RANKED_DATED`), and the best of each
    further report.

    Args:
        questions: the ways to read the question; their weights add up to 1.
    """
    if not found or not questions:
        return []
    vectors = embedder.embed([one.text for one in found])
    similarity = _mean(questions, lambda one: [dot(one.vector, other) for other in vectors])
    pairs = _mean(questions, lambda one: _pairs(one.text, found))
    when = _mean(questions, lambda one: [TIMES.get(time, 0.0) for time in times(one.text, found)])
    best_passage = max(one.passage for one in found)
    bearing = [
        SIMILARITY * near + PAIRS * order + time + PASSAGE * (one.passage - best_passage) - REPEATED * one.repeated
        for one, near, order, time in zip(found, similarity, pairs, when, strict=True)
    ]
    by_bearing = sorted(range(len(found)), key=lambda i: -bearing[i])
    most = RANKED_DATED if any(period(one.text) for one in questions) else RANKED
    further = _of_further_reports(by_bearing, found, most)
    best = by_bearing[:most] + further
    around = _around(found, bearing)
    read = [found[i].in_context for i in best]
    logits = _mean(questions, lambda one: ranker.rank(one.text, read))
    scored = [
        Evidence(
            article=(one := found[i]).article,
            start=one.start,
            end=one.end,
            score=logit + bearing[i],
            logit=logit,
            similarity=similarity[i],
            passage=one.passage,
            before=one.before,
            around=around[i],
            further=i in further,
        )
        for i, logit in zip(best, logits, strict=True)
    ]
    return sorted(scored, key=lambda one: -one.score)


def _of_further_reports(by_bearing: Sequence[int], found: Sequence[Candidate], most: int) -> list[int]:
    """The best candidate of each report that has none among the `most` best."""
    reports = {found[i].article.id for i in by_bearing[:most]}
    first: dict[str, int] = {}
    for i in by_bearing[most:]:
        if found[i].article.id not in reports:
            first.setdefault(found[i].article.id, i)
    return list(first.values())


def _around(found: Sequence[Candidate], bearing: Sequence[float]) -> list[tuple[int, int] | None]:
    """For each candidate its span with the neighbouring candidate that bears more on the question.

    Headlines do not, nor lines that many reports have.
    """
    own = [i for i, one in enumerate(found) if one.text != one.article.title and not one.repeated]
    places = {(found[i].article.id, found[i].start): i for i in own}
    ends = {(found[i].article.id, found[i].end): i for i in places.values()}
    spans: list[tuple[int, int] | None] = []
    for one in found:
        text = one.article.text
        after = next((at for at in range(one.end, len(text)) if not text[at].isspace()), len(text))
        before = next((at for at in range(one.start, 0, -1) if not text[at - 1].isspace()), 0)
        part = one.article.place(one.start)  # two rows of a table, or two slides, are nothing that belongs together
        beside = [
            i
            for i in (places.get((one.article.id, after)), ends.get((one.article.id, before)))
            if i is not None and found[i].article.place(found[i].start) == part
        ]
        if not beside:
            spans.append(None)
            continue
        other = found[max(beside, key=lambda i: bearing[i])]
        spans.append((min(one.start, other.start), max(one.end, other.end)))
    return spans


def _pairs(question: str, found: Sequence[Candidate]) -> list[float]:
    asked = overlap.ask(question, [])
    return [asked.pairs(overlap.read(one.text)) for one in found]


def _mean(questions: Sequence[Query], values: Callable[[Query], Sequence[float]]) -> list[float]:
    """For each candidate the mean over the ways to read the question, by their weights."""
    rows = [(one.weight, values(one)) for one in questions]
    return [sum(weight * row[i] for weight, row in rows) for i in range(len(rows[0][1]))]


def select(question: str, by_part: Sequence[Sequence[Evidence]]) -> list[Evidence]:
    """What the answer rests on, best first: one piece of evidence for each part of the question, and

    for a question about the present or a plan the newest report's best, before all others; where a name, a number or a
    date is asked for, also the sentence in which the reader rather sees it. While the answer stays short, one that is
    not clearly the best is else quoted with its neighbouring sentence, and one that leans on the sentence before it
    ("He added …") with that.

    Args:
        by_part: the evidence for each part of the question, best first.
    """
    chosen: list[Evidence] = []
    for found in by_part:
        chosen += [one for one in found if not _repeats(one, chosen)][:1]
    if is_about_now(question):
        chosen = _with_newest(chosen, [one for found in by_part for one in found])
    elif len(by_part) == 1 and kind(question) != "other" and (other := _rather_read(chosen, by_part[0])):
        return _widened([(one, False) for one in (*chosen, other)])
    close = [found[0].score for found in by_part if len(found) > 1 and found[0].score - found[1].score < CLOSE]
    unsure = {id(one) for one in chosen if any(best - BESIDE_MARGIN <= one.score <= best for best in close)}
    return _widened([(one, id(one) in unsure) for one in chosen[:MOST]])


def _rather_read(chosen: Sequence[Evidence], found: Sequence[Evidence]) -> Evidence | None:
    """Another sentence than the best, in which the reader sees the answer, and not as surely in the best."""
    seen = [(one.read, one) for one in found if one.read is not None and one.read >= READ_FLOOR]
    if not seen:
        return None
    read, other = max(seen, key=lambda pair: pair[0])
    surer = all(one.read is None or one.read + READ_MARGIN <= read for one in chosen)
    return other if surer and not _repeats(other, chosen) else None


def _widened(chosen: Sequence[tuple[Evidence, bool]]) -> list[Evidence]:
    length = sum(len(one.text.split()) for one, _ in chosen)
    wide: list[Evidence] = []
    for one, unsure in chosen:
        wider = replace(one, start=one.around[0], end=one.around[1]) if unsure and one.around else led_in(one)
        more = len(wider.text.split()) - len(one.text.split())
        if length + more > WORDS:
            wider, more = one, 0
        length += more
        wide.append(wider)
    return wide


def led_in(one: Evidence) -> Evidence:
    """With the sentence before it, if it opens with a word that stands for something said there."""
    text = one.article.text
    if not _LEANS_BACK.match(one.text):
        return one
    before = [start for start, end in cut(text) if end <= one.start and text[start:end] != one.article.title]
    if not before or one.start - before[-1] > LEAD_IN:
        return one
    if any(overlaps(spans, before[-1], one.start) for spans in (one.article.repeated, tainted(text))):
        return one
    return replace(one, start=before[-1])


def _with_newest(chosen: list[Evidence], found: Sequence[Evidence]) -> list[Evidence]:
    """The newest report's best first, if it bears on the question at all, and what another report says as well."""
    near = [one for one in found if one.score >= found[0].score - NOW_MARGIN and one.article.published]
    newest = max(near, key=lambda one: (recency(one.article.published), one.score), default=None)
    newest = next((one for one in near if newest and _opens(one, newest)), newest)
    if newest is None:
        return chosen
    others = [one for one in chosen if one.article.family != newest.article.family]
    if others or len(chosen) > 1:
        own = [one for one in chosen if one.article.family == newest.article.family]
        return sorted([*(own or [newest]), *others], key=lambda one: recency(one.article.published), reverse=True)
    beside = (one for one in near if one.article.family != newest.article.family)
    return [newest, *(one for one in list(beside)[:1] if one.score >= found[0].score - BESIDE_MARGIN)]


def _opens(one: Evidence, best: Evidence) -> bool:
    """Whether it is the first sentence of the report whose best sentence hardly scores better."""
    if one.article.id != best.article.id or one.score < best.score - OPENING_MARGIN:
        return False
    text = one.article.text
    own = ((start, end) for start, end in cut(text) if not overlaps(one.article.repeated, start, end))
    return one.start == next((start for start, end in own if text[start:end] != one.article.title), None)


def _repeats(one: Evidence, chosen: Sequence[Evidence]) -> bool:
    words = stems(one.text)
    return any(
        len(words & stems(other.text)) >= SAME_SHARE * min(len(words), len(stems(other.text))) for other in chosen
    )


def dot(one: Sequence[float], other: Sequence[float]) -> float:
    """The cosine of two vectors of unit length."""
    return sum(a * b for a, b in zip(one, other, strict=True))
