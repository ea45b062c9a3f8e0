"""Records → what the ranker learns from: a question, a few sentences in context, and which of them answers it.

Pure functions of the records, what was mined, and a seed. Does not know models.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from rag.models.nearmiss import as_typed, near_miss, same_time
from rag.models.records import WRITTEN, Record, before, place_of
from rag.rank import in_context
from rag.sentences import cut
from rag.types import InContext

NONE = -1
FROM_PASSAGE, FROM_OTHERS = 2, 2
"""Sentences beside the right one: of its own passage, and mined from others."""
OF_UNANSWERABLE = 3
HARD = 0.7
"""Share of the questions whose sentences from the passage are those that share most of its words; others by chance."""
MISSED = 0.5
"""Share of the answerable questions that are followed by a near miss over the same sentences."""
MOVED = 0.5
"""Share of those that can be asked at another time within the one told of, which are."""
TITLED = 0.75
"""Share of the sentences that come with the subject of their passage, as articles come with a title or without."""
TIMES = {"squad_du~neg": 0.3, "squad_val~neg": 0.3, "qed~neg": 0.5, "afriqa~neg": 0.5, "policy": 0.15, "timeqa": 2.5}
TIMES |= {WRITTEN: 2.0}
"""How often a record is read, once where not said: passages of other articles tell little that the mined sentences do
not, PolicyQA's answers are loose, and hardly anything else asks for a time."""
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Group:
    """One question, sentences as the ranker reads them, and the place of the one that answers it, or `NONE`."""

    question: str
    sentences: tuple[str, ...]
    right: int


def groups(
    found: Sequence[Record], mined: Mapping[int, Sequence[InContext]], numbers: Sequence[int], *, seed: int
) -> Iterator[Group]:
    """The groups for the records of these numbers, in an order that the seed decides."""
    choice = Random(seed)
    for number in repeated(found, numbers, TIMES, choice):
        record = found[number]
        yield from _answerable(record, mined.get(number, ()), choice) if record.answerable else _without(record, choice)


def repeated(found: Sequence[Record], numbers: Sequence[int], times: Mapping[str, float], choice: Random) -> list[int]:
    """The numbers in any order, each as often as `times` says of its source: 2.5 is twice or three times."""

    def often(number: int) -> int:
        whole, part = divmod(times.get(found[number].source, 1.0), 1.0)
        return int(whole) + (choice.random() < part)

    order = [number for number in numbers for _ in range(often(number))]
    choice.shuffle(order)
    return order


def _answerable(record: Record, mined: Sequence[InContext], choice: Random) -> Iterator[Group]:
    place = place_of(record.start, record.passage)
    if place is None:
        return
    first, last = cut(record.passage)[place]
    sentence = record.passage[first:last]
    question = record.question
    if choice.random() < MOVED:
        question = same_time(question, sentence, record.passage, choice) or question
    answer = record.answer.lower()
    also = {place_of(at, record.passage) for at in record.also}
    others = [
        other
        for other in _by_overlap(question, record.passage, choice)
        if other != place
        and other not in also
        and answer not in record.passage[slice(*cut(record.passage)[other])].lower()
    ]
    sample = list(mined[:FROM_OTHERS])
    beside = others[: FROM_PASSAGE + FROM_OTHERS - len(sample)]
    titled = choice.random() < TITLED
    context = [_context(record, at, titled) for at in (place, *beside)]
    context += [in_context(text, prior, title if titled else "") for text, prior, title in sample]
    yield Group(as_typed(question, choice), tuple(context), 0)
    if record.source == WRITTEN:
        return  # its near misses are written, too
    if choice.random() < MISSED and (missed := near_miss(question, sentence, record.passage, choice)):
        yield Group(as_typed(missed, choice), tuple(context[: 1 + FROM_PASSAGE]), NONE)


def _without(record: Record, choice: Random) -> Iterator[Group]:
    titled = choice.random() < TITLED
    near = place_of(record.near, record.passage)
    places = sorted(_by_overlap(record.question, record.passage, choice), key=lambda at: at != near)[:OF_UNANSWERABLE]
    if places:
        context = tuple(_context(record, at, titled) for at in places)
        yield Group(as_typed(record.question, choice), context, NONE)


def _by_overlap(question: str, passage: str, choice: Random) -> list[int]:
    """The places of the passage's sentences, those with most of the question's words first, or in any order."""
    asked = set(_WORDS.findall(question.lower()))
    keys = [
        (len(asked & set(_WORDS.findall(passage[first:last].lower()))), choice.random()) for first, last in cut(passage)
    ]
    if choice.random() >= HARD:
        keys = [(0, draw) for _, draw in keys]
    return sorted(range(len(keys)), key=lambda at: keys[at], reverse=True)


def _context(record: Record, place: int, titled: bool) -> str:
    passage = record.passage
    first, last = cut(passage)[place]
    return in_context(passage[first:last], before(passage, place), record.heading if titled else "")
