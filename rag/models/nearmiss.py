"""A question a sentence answers → one it does not, by a change of one thing; and the form in which people type it.

SQuAD 2.0's authors wrote such near misses by hand; here they are made by rule: another year, name, number, an opposite,
a denial, another thing asked for, another time. Pure functions of the texts and a seeded choice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from random import Random

from rag.dates import years
from rag.models import changes
from rag.question import fitting
from rag.words import STOP_WORDS

Rule = Callable[[str, str, str, Random], str | None]
"""Question, the sentence that answers it, its passage, choice → the question changed, or None where it cannot be."""

YEAR = re.compile(r"\b1\d{3}\b|\b20\d\d\b")
_ASKS = re.compile(r"^(When|Where|Why|How) (?=(?:did|do|does|is|are|was|were|has|have|can|could|will|would) )", re.I)
_BECAUSE = re.compile(r"\b(?:because|since|due to|in order|as a result|so that|for (?:his|her|its|their))\b", re.I)
_BY = re.compile(r"\b(?:by|through|using|via|with)\b", re.I)
_WORD = re.compile(r"\b[a-z]{5,}\b")
_ENDING = re.compile(r"(?:s|ed|ing|ly|ion|er|al|ive|ity|ment)?$")
SHORTEST = 3
"""Years. A time must last so long for another time to be put into it."""
SHIFTS = (1, 2, 3, 5, 8, 12, 20)
TYPED, KEYED, SLIPPED = 0.16, 0.05, 0.05
"""Shares of the questions in small letters without a question mark, as key words only, and with two letters exchanged.
A third of the training questions are search queries and in small letters already."""


def as_changed(kind: str) -> Rule:
    """A change that makes a true statement false, made to the question."""

    def rule(question: str, sentence: str, passage: str, choice: Random) -> str | None:
        return changes.CHANGES[kind](question, changes.names_of(passage), choice)

    return rule


def another_thing(question: str, sentence: str, passage: str, choice: Random) -> str | None:
    """When for where, why for when, …: where the sentence shows nothing of the kind then asked for."""
    asks = _ASKS.match(question)
    if not asks:
        return None
    others = [word for word in _unanswered(sentence) if word != asks[1].lower()]
    return choice.choice(others).capitalize() + question[asks.end(1) :] if others else None


def _unanswered(sentence: str) -> Iterator[str]:
    if not fitting("When was it?", sentence):
        yield "when"
    if not _BECAUSE.search(sentence):
        yield "why"
    if not _BY.search(sentence):
        yield "how"
    if not re.search(r"\b(?:[Ii]n|[Aa]t|[Tt]o|[Ff]rom|[Nn]ear|[Oo]f) (?:the )?[A-Z]", sentence):
        yield "where"


def another_word(question: str, sentence: str, passage: str, choice: Random) -> str | None:
    """A content word of the question that the sentence holds gives way to one of the passage like it."""
    held = set(_WORD.findall(sentence)) - STOP_WORDS
    spots = [match for match in _WORD.finditer(question) if match[0] in held]
    if not spots:
        return None
    spot = choice.choice(spots)
    ending = _ENDING.search(spot[0])
    others = sorted(
        word
        for word in set(_WORD.findall(passage)) - held - STOP_WORDS
        if word not in question and _ENDING.search(word)[0] == (ending[0] if ending else "")  # type: ignore[index]
    )
    return question[: spot.start()] + choice.choice(others) + question[spot.end() :] if others else None


def another_time(question: str, sentence: str, passage: str, choice: Random) -> str | None:
    """The question's years moved out of the time the sentence tells of; a year put after one that asks for none."""
    told = [(first, last) for first, last in years(sentence) if last < 9999]
    asked = [int(year) for year in YEAR.findall(question)]
    if not told or (fitting("When was it?", question) and not asked):
        return None
    if not asked and _ASKS.match(question) and question.lower().startswith("when"):
        return None
    begin, end = min(first for first, _ in told), max(last for _, last in told)
    length = max(asked) - min(asked) if asked else 0
    early, late = begin - choice.choice(SHIFTS) - length, end + choice.choice(SHIFTS)
    return _at(question, choice.choice([early, late]), length, choice)


def same_time(question: str, sentence: str, passage: str, choice: Random) -> str | None:
    """The question at another time within the longest that the sentence tells of: it is answered all the same."""
    spans = [(first, last) for first, last in years(sentence) if SHORTEST <= last - first < 200]
    asked = [int(year) for year in YEAR.findall(question)]
    if len(spans) != 1 or (question.lower().startswith("when") and not asked):
        return None
    if asked and not spans[0][0] <= min(asked) <= max(asked) <= spans[0][1]:
        return None
    begin = choice.randint(spans[0][0], spans[0][1] - 1)
    return _at(question, begin, choice.randint(0, spans[0][1] - begin), choice)


def _at(question: str, begin: int, length: int, choice: Random) -> str:
    """The question with its years moved to a time that begins then; with one at its end where it names none."""
    found = [int(year) for year in YEAR.findall(question)]
    if found:
        low, wide = min(found), max(found) - min(found)
        scale = length / wide if wide else 0.0
        return YEAR.sub(lambda match: str(round(begin + (int(match[0]) - low) * scale)), question)
    mark = "?" if question.endswith("?") else ""
    when = f"in {begin}" if not length or choice.random() < 0.5 else f"from {begin} to {begin + length}"
    return f"{question.rstrip('? ')} {when}{mark}"


RULES: dict[str, Rule] = {
    "name": as_changed("name"),
    "number": as_changed("number"),
    "date": as_changed("date"),
    "opposite": as_changed("opposite"),
    "negation": as_changed("negation"),
    "plan or fact": as_changed("plan or fact"),
    "names exchanged": as_changed("names exchanged"),
    "another thing": another_thing,
    "another word": another_word,
    "another time": another_time,
}


def near_miss(question: str, sentence: str, passage: str, choice: Random) -> str | None:
    """The question changed by one of the rules that can change it, or None."""
    for kind in choice.sample(sorted(RULES), len(RULES)):
        changed = RULES[kind](question, sentence, passage, choice)
        if changed and changed.lower() != question.lower():
            return changed
    return None


def as_typed(question: str, choice: Random) -> str:
    """The question as it is, or in small letters, as key words, or with a slip of the finger."""
    draw = choice.random()
    if draw < TYPED:
        return question.lower().rstrip("? .")
    if draw < TYPED + KEYED:
        kept = [word for word in question.rstrip("? .").split() if word.lower() not in STOP_WORDS]
        return " ".join(kept) if len(kept) > 2 else question
    if draw < TYPED + KEYED + SLIPPED and (spots := list(_WORD.finditer(question))):
        spot = choice.choice(spots)
        at = choice.randrange(spot.start() + 1, spot.end() - 2)
        return question[:at] + question[at + 1] + question[at] + question[at + 2 :]
    return question
