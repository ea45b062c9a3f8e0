"""Passages → the few sentences that bear on the question, and whether they suffice. Does not know the model."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from llama_index.core.schema import NodeWithScore

from rag.dates import recency
from rag.injection import overlaps, tainted
from rag.question import is_about_now, kind
from rag.sentences import cut, plain
from rag.stems import stems
from rag.timely import Time, times
from rag.types import Article, Embedder, Evidence, InContext, Query, Ranker

PASSAGES = 8
"""Passages whose sentences are looked at, and read."""
RANKED = 12
"""Sentences the ranker reads, the best by everything else: of the questions whose answer is in the passages at all, it
is among these for 1.00 (CLAPnq), .99 (SQuAD 2.0) and .94 (TimeQA) of the dev halves; each costs 4 ms on two cores."""
MIN_WORDS = 3
SIMILARITY, PASSAGE = 2.0, 0.55
"""What is added to the ranker's logit for the similarity of question and sentence, and the fused score of the passage:
a listwise fit over three dev halves, rounded. Half or twice as much is as good; shares of words, pairs of words, kind
of answer, length and headlines add nothing to these."""
TIMES: dict[Time | None, float] = {"other": -1.0, "told": 0.6}
"""Where the question names years: what a sentence gains by the time it tells of. The ranker sees the years of the
sentence itself, but not those before it. Of TimeQA's questions the first three sentences then hold the answer for .83
instead of .80, where it is in the ten best passages; on SQuAD 2.0's nothing changes."""
REPEATED = 3.0
"""What a line loses that many reports have: it is quoted where nothing else answers."""
MOST = 3
BOTH = 0.8
"""When the second best scores this close, both are quoted. Of 878 answerable questions of the dev halves and of other
folders 27 more are answered than with the neighbour alone, in as many words; of the footnotes 2 to 6 in 100 more are
wrong ones."""
CLOSE = 1.5
"""When it scores this close, the best is quoted with its neighbouring sentence: of these questions 10 more are answered
than without, in 29 words instead of 26 (SQuAD 2.0) and 38 instead of 29 (CLAPnq). At 2.0 two more are, and the known
answers have 46 words."""
READ_FLOOR, READ_MARGIN = 1.0, 1.0
"""Where the reader takes another sentence for the answer, with this score, and so much rather than the best: both are
quoted, too."""
NOW_MARGIN = 4.0
"""How far below the best the newest report may score, when the question is about the present or a plan."""
OPENING_MARGIN = 2.0
"""A report's first sentence tells how things stand when it is written, a later one often how they came to be so: the
first is taken of two that score as close as this."""
BESIDE_MARGIN = 0.7
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
_CREDIT = re.compile(
    r"(?:[A-Z][\w.'’-]* (?:(?:and|in) )?){1,12}contributed (?:reporting )?(?:to|for) this (?:report|article|story)\b"
    r"(?: (?:from|in) [A-Z][\w.'’-]*)?\W*"
    r"|\W*(?:(?:[Aa]dditional )?(?:[Rr]eporting|[Ww]riting|[Ee]diting) by [A-Z][\w.'’-]*"
    r"(?:,? (?:[A-Z][\w.'’-]*|and|in))*(?:; )?)+\W*"
)
"""Who else wrote a report, which is nothing that it tells: `(Reporting by Ann Lee; editing by R. Kim)`."""


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
    """The sentences that reach into a stretch of a report, without text that addresses a model, and credits.

    A question is one with what follows it, which answers it.
    """
    before, orders = "", tainted(report.text)
    for start, end in _questions_answered(report):
        if overlaps(orders, start, end) or _CREDIT.fullmatch(report.text, start, end):
            before = ""
            continue
        text, often = report.text[start:end], overlaps(report.repeated, start, end)
        if start < last and end > first and len(text.split()) >= MIN_WORDS:
            yield Candidate(report, start, end, before, passage, often)
        before = "" if often else text


def _questions_answered(report: Article) -> list[tuple[int, int]]:
    """The spans of sentences, those of questions running on to the end of the next; a headline asks for itself."""
    text = report.text
    spans: list[tuple[int, int]] = []
    for start, end in cut(text):
        asked = text[slice(*spans[-1])] if spans else ""
        if asked.endswith("?") and asked != report.title and _belong(report, spans[-1], (start, end)):
            spans[-1] = spans[-1][0], end
        else:
            spans.append((start, end))
    return spans


def _belong(report: Article, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two sentences may be one piece: short, of one part of the file, both or neither in many reports."""
    alike = overlaps(report.repeated, *one) == overlaps(report.repeated, *other)
    told = len(report.text[slice(*other)].split()) >= MIN_WORDS
    return other[1] - one[0] <= LEAD_IN and told and alike and report.place(one[0]) == report.place(other[0])


def weighed(questions: Sequence[Query], found: Sequence[Candidate], embedder: Embedder) -> list[Evidence]:
    """The candidates by how much their words and their passage bear on the question, best first.

    Args:
        questions: the ways to read the question; their weights add up to 1.
    """
    if not found or not questions:
        return []
    vectors = embedder.embed([one.text for one in found])
    similarity = _mean(questions, lambda one: [dot(one.vector, other) for other in vectors])
    when = _mean(questions, lambda one: [TIMES.get(time, 0.0) for time in times(one.text, found)])
    best_passage = max(one.passage for one in found)
    bearing = [
        SIMILARITY * near + time + PASSAGE * (one.passage - best_passage) - REPEATED * one.repeated
        for one, near, time in zip(found, similarity, when, strict=True)
    ]
    pieces = [
        Evidence(
            article=one.article,
            start=one.start,
            end=one.end,
            score=score,
            similarity=near,
            passage=one.passage,
            before=one.before,
            around=span,
        )
        for one, score, near, span in zip(found, bearing, similarity, _around(found, bearing), strict=True)
    ]
    return sorted(pieces, key=lambda one: -one.score)


def ranked(questions: Sequence[Query], found: Sequence[Evidence], ranker: Ranker) -> list[Evidence]:
    """The best by what the ranker adds to their scores: of the first `RANKED`, and the best of each further report.

    Args:
        questions: the ways to read the question; their weights add up to 1.
        found: best first.
    """
    if not found or not questions:
        return []
    best = [*found[:RANKED], *(replace(one, further=True) for one in _of_further_reports(found))]
    read = [one.in_context for one in best]
    logits = _mean(questions, lambda one: ranker.rank(one.text, read))
    scored = [replace(one, logit=logit, score=one.score + logit) for one, logit in zip(best, logits, strict=True)]
    return sorted(scored, key=lambda one: -one.score)


def _of_further_reports(found: Sequence[Evidence]) -> list[Evidence]:
    """The best of each report that has none among the first `RANKED`."""
    reports = {one.article.id for one in found[:RANKED]}
    first: dict[str, Evidence] = {}
    for one in found[RANKED:]:
        if one.article.id not in reports:
            first.setdefault(one.article.id, one)
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


def _mean(questions: Sequence[Query], values: Callable[[Query], Sequence[float]]) -> list[float]:
    """For each candidate the mean over the ways to read the question, by their weights."""
    rows = [(one.weight, values(one)) for one in questions]
    return [sum(weight * row[i] for weight, row in rows) for i in range(len(rows[0][1]))]


def select(question: str, by_part: Sequence[Sequence[Evidence]], *, alone: bool = False) -> list[Evidence]:
    """What the answer rests on, best first: one piece of evidence for each part of the question, and

    for a question about the present or a plan the newest report's best, before all others; else also another sentence
    that is as likely. While the answer stays short, one that is not clearly the best is otherwise quoted with its
    neighbouring sentence, and one that leans on the sentence before it ("He added …") with that.

    Args:
        by_part: the evidence for each part of the question, best first.
        alone: without another sentence that is as likely: it will be told otherwise.
    """
    chosen: list[Evidence] = []
    for found in by_part:
        chosen += [one for one in found if not _repeats(one, chosen)][:1]
    if is_about_now(question):
        chosen = _with_newest(chosen, [one for found in by_part for one in found])
    elif not alone and len(by_part) == 1 and (other := _as_likely(question, chosen, by_part[0])):
        return _widened([(one, False) for one in (*chosen, other)])
    close = [found[0].score for found in by_part if len(found) > 1 and found[0].score - found[1].score < CLOSE]
    unsure = {id(one) for one in chosen if any(best - BESIDE_MARGIN <= one.score <= best for best in close)}
    return _widened([(one, id(one) in unsure) for one in chosen[:MOST]])


def _as_likely(question: str, chosen: Sequence[Evidence], found: Sequence[Evidence]) -> Evidence | None:
    """A sentence besides the best: one in which the reader rather sees the name, the number or the date that is asked
    for, or the second best where that scores as well.
    """
    others = [one for one in found if not _repeats(one, chosen)]
    seen = [(one.read, one) for one in others if one.read is not None and one.read >= READ_FLOOR]
    if kind(question) != "other" and seen:
        read, likeliest = max(seen, key=lambda pair: pair[0])
        if all(one.read is None or one.read + READ_MARGIN <= read for one in chosen):
            return likeliest
    return next((one for one in others[:1] if one.score > found[0].score - BOTH), None)


def _widened(chosen: Sequence[tuple[Evidence, bool]]) -> list[Evidence]:
    length = sum(len(one.text.split()) for one, _ in chosen)
    wide: list[Evidence] = []
    for one, unsure in chosen:
        wider = replace(one, start=one.around[0], end=one.around[1]) if unsure and one.around else led_in(one)
        more = len(wider.text.split()) - len(one.text.split())
        if length + more > WORDS:
            wider, more = one, 0
        length += more
        at = next((at for at, known in enumerate(wide) if _overlap(known, wider)), None)
        if at is None:
            wide.append(wider)
        else:
            wide[at] = replace(wide[at], start=min(wide[at].start, wider.start), end=max(wide[at].end, wider.end))
    return wide


def _overlap(one: Evidence, other: Evidence) -> bool:
    return one.article.id == other.article.id and overlaps(((one.start, one.end),), other.start, other.end)


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
