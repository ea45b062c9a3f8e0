"""Ranked sentences → the same with what the reader finds in them: where the answer stands, and how sure it is.

The reader sees a stretch of the article around the best sentences, so it knows what "he" and "that year" mean. Does not
know how sentences were ranked nor how an answer is made of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.sentences import cut
from rag.types import Article, Evidence, Query, Reader, Span

STRETCHES, MOST_STRETCHES = 4, 8
"""Stretches that are read, those of the best sentences, and one of each further report up to so many in all; each costs
some 12 ms on two cores."""
WORDS, FURTHER_WORDS = 150, 75
"""Of a stretch; those of further reports only have to show whether another answer is there."""
READ = 0.3
"""What a sentence gains for each point of the reader's score."""
LEAST, MOST = -3.0, 6.0
"""The score counts for no less and no more than these; a sentence that was not read has the least. Below, it says how
unlike an answer the words look, not how unlikely one is: reasons and plans are far down even where they stand there."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Whole sentences of an article."""

    article: Article
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]

    def holds(self, one: Evidence) -> bool:
        return one.article.id == self.article.id and self.start <= one.start and one.end <= self.end


def located(questions: Sequence[Query], ranked: Sequence[Evidence], reader: Reader) -> list[Evidence]:
    """The evidence with the answer that the reader sees in each sentence, best first by what it adds to their scores.

    Args:
        questions: the ways to read the question; their weights add up to 1.
        ranked: best first.
    """
    if not questions:
        return list(ranked)
    stretches = around_best(ranked)
    texts = [(one.article.title or "", one.text) for one in stretches]
    by_question = [(one.weight, reader.read(one.text, texts)) for one in questions]
    found = []
    for one in ranked:
        place = [number for number, stretch in enumerate(stretches) if stretch.holds(one)][:1]
        found.append(
            _with_answer(
                one, [(w, _best_in(stretches[at], spans[at], one)) for at in place for w, spans in by_question]
            )
        )
    return sorted(found, key=lambda one: -one.score)


def _with_answer(one: Evidence, told: Sequence[tuple[float, Span | None]]) -> Evidence:
    """The evidence with what was found in it by each way to read the question, and the weight of each."""
    spans = [(weight, span) for weight, span in told if span]
    if not spans or len(spans) < len(told):
        return replace(one, score=one.score + READ * bounded(None))
    read = sum(weight * span.score for weight, span in spans)
    best = max(spans, key=lambda pair: pair[0])[1]
    return replace(one, score=one.score + READ * bounded(read), read=read, answer=(best.start, best.end))


def bounded(read: float | None, least: float = LEAST) -> float:
    """What the reader's score counts for, which is no less than the least."""
    return least if read is None else max(least, min(MOST, read))


def around_best(ranked: Sequence[Evidence]) -> list[Stretch]:
    """The stretches around the best sentences, each sentence in one of them as far as they go."""
    found: list[Stretch] = []
    for one in ranked:
        known = any(stretch.article.id == one.article.id for stretch in found)
        if len(found) < (STRETCHES if known else MOST_STRETCHES) and not any(stretch.holds(one) for stretch in found):
            found.append(_around(one, WORDS if len(found) < STRETCHES else FURTHER_WORDS))
    return found


def _around(one: Evidence, least: int) -> Stretch:
    """Sentences on both sides of one, nearest first, until there are enough words."""
    text, places = one.article.text, cut(one.article.text)
    first = next(at for at, (_, end) in enumerate(places) if end > one.start)
    last = next(at for at, (_, end) in enumerate(places) if end >= one.end)
    words = len(one.text.split())
    earlier = True
    while words < least and (first > 0 or last + 1 < len(places)):
        back = (earlier and first > 0) or last + 1 == len(places)
        first, last, earlier = (first - 1, last, False) if back else (first, last + 1, True)
        words += len(text[slice(*places[first if back else last])].split())
    return Stretch(one.article, places[first][0], places[last][1])


def _best_in(stretch: Stretch, spans: Sequence[Span], one: Evidence) -> Span | None:
    """The best of a stretch's spans that lies in a sentence, by the characters of the article."""
    moved = (Span(span.start + stretch.start, span.end + stretch.start, span.score) for span in spans)
    return next((span for span in moved if one.start <= span.start and span.end <= one.end), None)
