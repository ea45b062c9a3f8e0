"""Statements with their evidence → what the checker learns from: supported, contradicted, or not enough.

From people: claims with a label. Made of questions: what a question and its answer state together, in the asker's
words; with another answer, or of another question, it is wrong. Made of sentences: those that hold an answer, said a
little otherwise or with one thing changed, or set beside a passage they are not from. Does not know models.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from rag.models.changes import NAME, changed, names_of, otherwise
from rag.models.declared import declared
from rag.models.nearmiss import near_miss
from rag.models.records import VERIFY, Record, lines, place_of, subject
from rag.question import fitting
from rag.sentences import cut

CLASSES = ("supported", "contradicted", "not enough")
_LABELS = {"supported": 0, "refuted": 1, "not_enough": 2}
NEVER_SAID, UNRELATED = 0.12, 0.08
"""Shares of the made statements whose evidence lacks the sentence, and is of another passage."""
WORDS = 70
"""Words of evidence kept around what is claimed."""
STEP = 10
PARTS = 0.5
"""Share of the made statements that are given a sentence or two as evidence, as an answer is, and not the passage."""
COPIES = 0.3
"""Share of the records of which near copies are made, too: what they teach is learnt soonest."""
UNANSWERED = 0.35
"""Share of the questions without an answer that are given one from the passage."""
ANSWER_WORDS = 12
UNDER_TITLE = 0.4
"""Share of the evidence that stands under the name that its passage gives most often, as an answer's evidence stands
under its title."""
LOOSE = ("policy",)
"""Sources whose answers are none to be stated."""
_QUESTION = re.compile(r"^Q: (?P<question>.*?)[?]* A: (?P<answer>.*)$", re.S)


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement, the text it is held against, and the number of its class."""

    evidence: str
    claim: str
    label: int
    passage: str
    """The whole text that the evidence is from."""


def recorded(folder: Path) -> Iterator[Claim]:
    """The claims of `verify.jsonl`; a question with its answer is one too."""
    for row in lines(folder, VERIFY):
        yield Claim(_near(row["evidence"], row["claim"]), _claim(row), _LABELS[row["label"]], row["evidence"])


def _claim(row: dict[str, Any]) -> str:
    asked = _QUESTION.match(row["claim"])
    return f"{asked['question'].rstrip('? ')}? {asked['answer']}" if asked else row["claim"]


def stated(found: Sequence[Record], *, seed: int) -> Iterator[Claim]:
    """What questions state with their answers, and as many statements that are wrong."""
    choice = Random(seed)
    for record in found:
        if record.source.startswith(LOOSE) or len(record.answer.split()) > ANSWER_WORDS:
            continue
        if record.answerable:
            yield from _answered(record, choice)
        elif choice.random() < UNANSWERED:
            evidence = _near(record.passage, record.question)
            if said := _otherwise_answered(record, evidence, choice):
                yield Claim(_titled(evidence, record.passage, choice), said, 2, record.passage)


def _answered(record: Record, choice: Random) -> Iterator[Claim]:
    place = place_of(record.start, record.passage)
    if place is None:
        return
    evidence = _evidence(record.passage, place, choice)
    shown = _titled(evidence, record.passage, choice)
    right = declared(record.question, record.answer, choice)
    yield Claim(shown, right, 0, record.passage)
    ways = (_otherwise_answered, _exchanged, _missed, _changed)
    for way in choice.sample(ways, len(ways)):
        if (wrong := way(record, evidence, choice)) and wrong.lower() != right.lower():
            yield Claim(shown, wrong, 2 if way is _missed else 1, record.passage)
            return


def _otherwise_answered(record: Record, evidence: str, choice: Random) -> str | None:
    """The question with something else of the kind it asks for that the evidence tells of."""
    said = record.answer.lower()
    others = [evidence[start:end] for start, end in fitting(record.question, evidence)]
    others = [one for one in others if len(one.split()) <= ANSWER_WORDS and not _overlap(one.lower(), said)]
    return declared(record.question, choice.choice(others), choice) if others else None


def _overlap(one: str, other: str) -> bool:
    return bool({word for word in re.findall(r"\w+", one) if len(word) > 1} & set(re.findall(r"\w+", other)))


def _exchanged(record: Record, evidence: str, choice: Random) -> str | None:
    """A name of the question and the answer in each other's place."""
    if not NAME.fullmatch(record.answer):
        return None
    spots = [m for m in NAME.finditer(record.question) if m.start() and m[0] in evidence]
    if not spots:
        return None
    spot = choice.choice(spots)
    turned = f"{record.question[: spot.start()]}{record.answer}{record.question[spot.end() :]}"
    return declared(turned, spot[0], choice)


def _missed(record: Record, evidence: str, choice: Random) -> str | None:
    """Another question with the answer to this one."""
    question = near_miss(record.question, evidence, record.passage, choice)
    return declared(question, record.answer, choice) if question else None


def _changed(record: Record, evidence: str, choice: Random) -> str | None:
    return changed(declared(record.question, record.answer, choice), names_of(record.passage), choice)


def _titled(evidence: str, passage: str, choice: Random) -> str:
    name = subject(passage) if choice.random() < UNDER_TITLE else ""
    return f"{name}. {evidence}" if name else evidence


def made(found: Sequence[Record], *, seed: int) -> Iterator[Claim]:
    """Two or three near copies from each of some answerable records: one true, the others changed or not told."""
    choice = Random(seed)
    answered = [record for record in found if record.answerable]
    for record in answered:
        if choice.random() > COPIES:
            continue
        place = place_of(record.start, record.passage)
        if place is None or len(record.passage.split()) < 12:
            continue
        sentences = cut(record.passage)
        sentence = record.passage[slice(*sentences[place])]
        if not 5 <= len(sentence.split()) <= 60:
            continue
        evidence = _evidence(record.passage, place, choice)
        yield Claim(evidence, otherwise(sentence, choice), 0, record.passage)
        if text := changed(sentence, names_of(record.passage), choice):
            yield Claim(evidence, otherwise(text, choice), 1, record.passage)
        draw = choice.random()
        if draw < NEVER_SAID and len(sentences) > 1:
            first, last = sentences[place]
            without = f"{record.passage[:first]}{record.passage[last:]}"
            yield Claim(_near(without, sentence), sentence, 2, record.passage)
        elif draw < NEVER_SAID + UNRELATED and (other := choice.choice(answered)).passage != record.passage:
            yield Claim(_near(other.passage, sentence), sentence, 2, record.passage)


def _evidence(passage: str, place: int, choice: Random) -> str:
    sentences = cut(passage)
    if choice.random() < PARTS:
        return passage[sentences[max(0, place - choice.randint(0, 1))][0] : sentences[place][1]]
    return _near(passage, passage[slice(*sentences[place])])


def _near(text: str, claim: str) -> str:
    """The stretch of the text that shares most words with the claim, where it is too long to be read whole."""
    words = text.split()
    if len(words) <= WORDS:
        return text
    asked = set(re.findall(r"\w+", claim.lower()))
    hits = [int(bool(asked & set(re.findall(r"\w+", word.lower())))) for word in words]
    last = len(words) - WORDS
    best = max((*range(0, last, STEP), last), key=lambda at: sum(hits[at : at + WORDS]))
    return " ".join(words[best : best + WORDS])
