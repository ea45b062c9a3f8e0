"""Sentences → the same with what the reader finds in them: where the answer stands, and how sure it is.

The reader sees the sentences together with what stands before them, so it knows what "he" and "that year" mean. Does
not know how sentences were found nor how an answer is made of them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.sentences import cut
from rag.types import Article, Evidence, Query, Reader, Span

CHARS = 950
"""Of a stretch that is read at once, where no sentence is longer: what the reader takes in, also where figures and
foreign names need many word pieces; some 12 ms on two cores."""
READ = 0.4
"""What a sentence gains for each point of the reader's score."""
LEAST, MOST = -5.0, 6.0
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


def located(questions: Sequence[Query], found: Sequence[Evidence], reader: Reader) -> list[Evidence]:
    """The evidence with the answer that the reader sees in each sentence, best first by what it adds to their scores.

    Args:
        questions: the ways to read the question; their weights add up to 1.
        found: best first.
    """
    if not questions:
        return list(found)
    stretches = covering(found)
    texts = [(one.article.title or "", one.text) for one in stretches]
    by_question = [(one.weight, reader.read(one.text, texts)) for one in questions]
    told = []
    for one in found:
        place = [number for number, stretch in enumerate(stretches) if stretch.holds(one)][:1]
        told.append(
            _with_answer(
                one, [(w, _best_in(stretches[at], spans[at], one)) for at in place for w, spans in by_question]
            )
        )
    return sorted(told, key=lambda one: -one.score)


def _with_answer(one: Evidence, told: Sequence[tuple[float, Span | None]]) -> Evidence:
    """The evidence with what was found in it by each way to read the question, and the weight of each."""
    spans = [(weight, span) for weight, span in told if span]
    if not spans or len(spans) < len(told):
        return replace(one, score=one.score + READ * bounded(None))
    read = sum(weight * span.score for weight, span in spans)
    best = max(spans, key=lambda pair: pair[0])[1]
    return replace(one, score=one.score + READ * bounded(read), read=read, answer=(best.start, best.end))


def bounded(read: float | None) -> float:
    """What the reader's score counts for."""
    return LEAST if read is None else max(LEAST, min(MOST, read))


def covering(found: Sequence[Evidence]) -> list[Stretch]:
    """Stretches that hold each piece of evidence whole, mostly with the sentence before it and the one after it."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for one in found:
        spans.setdefault(one.article.id, []).append((one.start, one.end))
    articles = {one.article.id: one.article for one in found}
    return [stretch for name, article in articles.items() for stretch in _tiles(article, sorted(spans[name]))]


def _tiles(article: Article, spans: Sequence[tuple[int, int]]) -> Iterator[Stretch]:
    """The stretches of one article.

    Args:
        spans: of the evidence, in order; each of one sentence or of several.
    """
    places = cut(article.text)
    ends = [end for _, end in places]
    units = [(bisect_right(ends, start), bisect_left(ends, end)) for start, end in spans]
    at = 0
    while at < len(units):
        first, last = units[at]
        if first > 0 and places[last][1] - places[first - 1][0] <= CHARS:
            first -= 1
        begin = places[first][0]
        while at < len(units) and units[at][0] <= last + 2:
            if units[at][1] > last and places[units[at][1]][1] - begin > CHARS:
                break
            last = max(last, units[at][1])
            at += 1
        if last + 1 < len(places) and places[last + 1][1] - begin <= CHARS:
            last += 1
        yield Stretch(article, begin, places[last][1])


def _best_in(stretch: Stretch, spans: Sequence[Span], one: Evidence) -> Span | None:
    """The best of a stretch's spans that lies in a sentence, by the characters of the article."""
    moved = (Span(span.start + stretch.start, span.end + stretch.start, span.score) for span in spans)
    return next((span for span in moved if one.start <= span.start and span.end <= one.end), None)
