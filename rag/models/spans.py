"""Records → what the reader learns from: a question, a stretch of an article, and where in it the answer stands.

Pure functions of the records and a seed. Does not know models.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from rag.models.groups import MOVED, TITLED, repeated
from rag.models.nearmiss import as_typed, near_miss, same_time
from rag.models.records import WRITTEN, Record, place_of
from rag.reader import titled
from rag.sentences import cut

MISSED = 0.35
"""Share of the answerable questions that are followed by a near miss over the same text."""
SHORTEST, LONGEST = 40, 180
"""Words. A stretch ends with the sentence by which it has as many as were drawn between these."""
TIMES = {"squad_du~neg": 0.35, "squad_val~neg": 0.35, "qed~neg": 0.4, "afriqa~neg": 0.4, "policy": 0.15}
TIMES |= {"squad_du~swap": 0.7, "squad_val~swap": 0.7, "timeqa": 2.0, "qamr": 0.7, WRITTEN: 3.0}
"""How often a record is read, once where not said: most negatives are of other articles, and easy."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question and one text as the reader reads it; the answer is `text[start:end]`, or both are -1."""

    question: str
    text: str
    start: int
    end: int

    @property
    def answerable(self) -> bool:
        return self.start >= 0


def spans(found: Sequence[Record], numbers: Sequence[int], *, seed: int) -> Iterator[Asked]:
    """What the records of these numbers ask, in an order that the seed decides."""
    choice = Random(seed)
    for number in repeated(found, numbers, TIMES, choice):
        yield from _asked(found[number], choice)


def _asked(record: Record, choice: Random) -> Iterator[Asked]:
    passage, places = record.passage, cut(record.passage)
    place = place_of(record.start if record.answerable else record.near, passage)
    if place is None and places and not record.answerable:
        place = choice.randrange(len(places))
    if place is None:
        return
    first, last = _stretch(passage, place, choice)
    text = titled(record.heading if choice.random() < TITLED else "", passage[first:last])
    shift = len(text) - last  # of a character of the passage to the same one of the text
    question = record.question
    if not record.answerable:
        yield Asked(as_typed(question, choice), text, -1, -1)
        return
    sentence = passage[slice(*places[place])]
    if choice.random() < MOVED:
        question = same_time(question, sentence, passage, choice) or question
    start, end = record.start + shift, record.start + len(record.answer) + shift
    if end <= len(text):
        yield Asked(as_typed(question, choice), text, start, end)
    if record.source == WRITTEN:
        return  # its near misses are written, too
    if choice.random() < MISSED and (missed := near_miss(question, sentence, passage, choice)):
        yield Asked(as_typed(missed, choice), text, -1, -1)


def _stretch(passage: str, place: int, choice: Random) -> tuple[int, int]:
    """Whole sentences around this one, until they have the words that were drawn."""
    places, words = cut(passage), choice.randint(SHORTEST, LONGEST)
    first = last = place
    while len(passage[places[first][0] : places[last][1]].split()) < words:
        sides = [side for side, free in ((-1, first > 0), (1, last + 1 < len(places))) if free]
        if not sides:
            break
        if choice.choice(sides) < 0:
            first -= 1
        else:
            last += 1
    return places[first][0], places[last][1]
