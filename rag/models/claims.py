"""Statements with their evidence → what the checker learns from: supported, contradicted, or not enough.

From people: claims with a label. Made: sentences that hold an answer, said a little otherwise or with one thing
changed, and set beside a passage they are not from. Does not know models.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from rag.models.changes import CHANGES, names_of, otherwise
from rag.models.records import VERIFY, Record, lines, place_of
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


def made(found: Sequence[Record], *, seed: int) -> Iterator[Claim]:
    """Two or three statements from each answerable record: one true, the others changed or not told."""
    choice = Random(seed)
    answered = [record for record in found if record.answerable]
    for record in answered:
        place = place_of(record.start, record.passage)
        if place is None or len(record.passage.split()) < 12:
            continue
        sentences = cut(record.passage)
        sentence = record.passage[slice(*sentences[place])]
        if not 5 <= len(sentence.split()) <= 60:
            continue
        evidence = _evidence(record.passage, place, choice)
        yield Claim(evidence, otherwise(sentence, choice), 0, record.passage)
        names = names_of(record.passage)
        kinds = choice.sample(sorted(CHANGES), len(CHANGES))
        changed = (text for kind in kinds if (text := CHANGES[kind](sentence, names, choice)) and text != sentence)
        if text := next(changed, None):
            yield Claim(evidence, otherwise(text, choice), 1, record.passage)
        draw = choice.random()
        if draw < NEVER_SAID and len(sentences) > 1:
            first, last = sentences[place]
            without = f"{record.passage[:first]}{record.passage[last:]}"
            yield Claim(_near(without, sentence), sentence, 2, record.passage)
        elif draw < NEVER_SAID + UNRELATED:
            yield Claim(_near(choice.choice(answered).passage, sentence), sentence, 2, record.passage)


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
