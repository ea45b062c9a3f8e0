"""What a question asks for: its parts, the kind of answer, whether it is about now, what it refers back to.

Measured rules over words; knows no documents.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from rag.dates import MONTHS, WEEKDAYS
from rag.ellipsis import in_full as in_full
from rag.errors import InputError
from rag.leaning import COURTESY, has_names, is_fragment, leans
from rag.pronouns import in_place
from rag.stems import stems
from rag.types import REFUSAL, Turn
from rag.words import STOP_WORDS

Kind = Literal["date", "number", "person", "name", "other"]

MAX_QUESTION_CHARS = 4_000
EARLIER = 3
"""Earlier questions joined to a follow-up at most, back to the last that stands alone: on the dev half of MTRAG's
follow-ups MRR@10 is .974 with them, .964 with the last question only, .891 with none."""
MIN_PART_WORDS = 2
NAME_WORDS = 8
ANSWER_WORDS = 60
"""Of a long answer, so many lead into `who said that?`; with more the question itself is lost among them."""
SHARED = 2
"""Words of an earlier answer that a question on the same things shares with it."""

_SAYS_LITTLE = stems(
    "not many much more most some any all only other another such same each both one two three four five several few "
    "first second third last next new old main major large big small long high early late good year years day days "
    "month months week weeks time times century centuries date number amount name names kind type types sort part "
    "parts place thing things way ways word term example people person group take takes took taken make makes made "
    "use used uses using get give given call called mean means include including become became happen happened start "
    "started begin began up out over under after before during between against through within without off own because "
    "know does did work since often s t 1 2 3"
)
"""Words that questions on the most different things share."""
_YEAR = re.compile(r"[12]\d{3}")
_WHO_SAID = re.compile(
    r"\bwho (?:else )?(?:said|says|told|stated|claim(?:s|ed)|announced|confirmed|reported|wrote)\b"
    r"(?=.*\b(?:that|this|so|it)\b)"
    r"|\baccording to (?:whom|who)\b|\bsays who\b",
    re.I,
)
_WROTE = re.compile(
    r"\bwrote .*\b(?:(?:hand|note)?book|letter|report|song|poem|play|novel|article|essay|diary|story|guide|manual"
    r"|leaflet|memo|note|e?-?mail|message|speech|law|act|bill|constitution|treaty|charter|declaration|statement|review"
    r"|study|paper|script|code|software|program(?:me)?|hymn|anthem|opera|column|blog|post|text|chapter|document|recipe"
    r"|petition|questionnaire)\W*$",
    re.I,
)
"""What can be written is asked for rather than the answer: `What is the Green Book?`, `who wrote it?`"""
_HE_OR_SHE = re.compile(r"\b(?:he|she|him|his|her|hers)\b", re.I)
_FULL_NAME = re.compile(
    rf"(?!(?:{'|'.join((*MONTHS, *WEEKDAYS))}) [A-Z]\S+ [A-Z])[A-Z][\w’'-]+(?: (?:[a-z]{{1,3}}[ -])?[A-Z][\w’'-]+)+"
)
_AT = re.compile(r"\b(?:(?:at|in|on|near|during|before|since|until)(?: the)?|(?:of|from|for|after) the) $", re.I)
"""Before the name of a place or a day: `at Hill House`."""
_TITLED = re.compile(r"(?:Reverend|Honourable|Duke|Duchess|Earl|Count|Countess|Baron|Baroness|Archbishop|Bishop)\b")
_OF = re.compile(r"\b(?:of|from|for|after) $", re.I)
"""Before the name of a place as likely as of a person: `the mayor of New York`."""
_DONE_BY = re.compile(r"(\w+) by (?:the )?$", re.I)
_MARKS = re.compile(r"\s*\[\d+\]|[“”]")
_AND_ASKS = re.compile(
    r"[?;]\s+|,?\s+and\s+(?=(?:(?:in|at|on|by|for|from|to|of|with|until)\s+)?"
    r"(?:who|what|when|where|which|why|how|whose|whom)\b)",
    re.I,
)
_NOW = re.compile(
    r"\b(?:now|today|nowadays|currently|still|latest|newest|most recent|so far|yet|at present|at the moment|these days"
    r"|remain|(?<!\bthe )(?<!\bhuman )remains|remaining)\b"
    r"|(?<!\bmaximum )(?<!\bminimum )(?<!\brated )(?<!\belectric )(?<!\bcharging )\bcurrent\b"
    r"(?! (?:of|through|flow\w*|do|does|is|can|may|must)\b|\W*$)",
    re.I,
)
"""The current of a charger and the remains of a king are of no day."""
_PLAN = re.compile(
    r"^\W*will\b|(?<!\bthe )(?<!\ba )(?<!\b(?:his|her) )(?<!\bmy )(?<!['’]s )(?<!\b(?:last|free|good) )(?-i:will)\b"
    r"|\bgoing to\b|\b(?:when|until when|by when) (?:do|does|is|are|shall|must)\b",
    re.I,
)
"""A will may be a testament, and Will a name."""
_ASKS_DATE = re.compile(
    r"\bwhen\b|\b(?:what|which) (?:exact )?(?:year|month|date|day|time|century)\b|\bhow (?:long|soon)\b|\bdates?\b",
    re.I,
)
_ASKS_NUMBER = re.compile(
    r"\bhow (?:many|much|large|big|old|far|high|tall|fast|often|few|wide|deep)\b"
    r"|\b(?:number|amount|percentage|share|population|cost|price|size|total) of\b"
    r"|\bwhat (?:percentage|number|amount|share|proportion|fraction)\b",
    re.I,
)
_ASKS_PERSON = re.compile(
    r"\bwho(?:se|m)?\b|\b(?:which|what) (?:[A-Za-z]+ )?(?:official|minister|leader|lawmaker|person)s?\b", re.I
)
_ASKS_NAME = re.compile(r"\bwhere\b|\b(?:which|what) [a-z]+ (?!of\b)|\bname\b", re.I)

_HAS_DATE = re.compile(
    r"\b(?:1\d{3}|20\d\d)s?\b|\b(?:centur(?:y|ies)|years?|months?|weeks?|days?|hours?|decades?)\b"
    rf"|\b(?:{'|'.join((*MONTHS, *WEEKDAYS))})\b",
    re.I,
)
WORD = re.compile(r"\w+(?:[.,:’'-]\w+)*%?")
_BREAK = re.compile(r"[;:()\"“”]|,\s|\s[-–—]\s")
_TENS = r"(?:twen|thir|for|fif|six|seven|eigh|nine)ty"
NUMERAL = re.compile(
    rf"\d|^(?:{_TENS})?-?(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    rf"|(?:thir|four|fif|six|seven|eigh|nine)teen|{_TENS}"
    r"|hundred|thousand|million|[bt]rillion|dozen)s?$",
    re.I,
)


def checked(question: str) -> str:
    """The question on one line, in whole characters.

    Raises:
        InputError: it is empty or longer than `MAX_QUESTION_CHARS`.
    """
    question = " ".join(question.encode("utf-8", "replace").decode().split())
    if not question:
        raise InputError("The question is empty; ask something, e.g. “When does the bridge open?”")
    if len(question) > MAX_QUESTION_CHARS:
        raise InputError(f"The question has {len(question):,} characters; the limit is {MAX_QUESTION_CHARS:,}.")
    return question


def is_follow_up(question: str, history: Sequence[Turn]) -> bool:
    """Whether the question leans on what was asked before."""
    return bool(history) and leans(question)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a question: a text, and how much it counts among the readings of that question, 0 to 1."""

    text: str
    searched: float
    """When passages are searched for."""
    judged: float
    """When sentences are judged by it; the readings without the earlier question, which has its answer already, are
    the better judges."""


def judging(part: Sequence[Reading]) -> str:
    """The text by which sentences are judged most."""
    return max(part, key=lambda one: one.judged).text


def readings(question: str, history: Sequence[Turn]) -> list[list[Reading]]:
    """For each part of the question the texts it may be read as: itself, and after what was asked before.

    A later part of a question leans on the first part as a follow-up does on what was asked before.
    """
    first, *later = parts(question)
    if not history or is_new_topic(question, history):
        return [[Reading(first, 1.0, 1.0)], *(_later(first, part) for part in later)]
    return [
        _in_conversation(question, first, history),
        *(
            _later(first, part) if in_place(part, [first]) else _in_conversation(question, part, history)
            for part in later
        ),
    ]


def _later(first: str, part: str) -> list[Reading]:
    """A later part of a question: what it leaves out, and where it leans, is in the first."""
    full = in_full(part, [Turn(first, "")]) or in_place(part, [first])
    found = _joined(first, part, sure=leans(part))
    return _filled(found, full) if full else found


def whole(question: str, history: Sequence[Turn]) -> list[Reading]:
    """The texts that the question as a whole may be read as."""
    asked = COURTESY.sub("", question)
    if not history or is_new_topic(question, history):
        return [Reading(asked, 1.0, 1.0)]
    return _in_conversation(question, asked, history)


def _in_conversation(question: str, part: str, history: Sequence[Turn]) -> list[Reading]:
    """A follow-up is always searched for in its own words too (what was asked before may mislead), and a question that

    does not look like one is still joined to the conversation as long as it shares a word with it.
    """
    said, full = history[-1].answer, standing_alone(part, history)
    if _WHO_SAID.search(part) and leans(part) and said and said != REFUSAL:  # about the answer, not what it answers
        found = _joined(_beginning(said), part, sure=True)
        return _filled(found, full) if full and _WROTE.search(full) else found
    heard = _heard(part, history)
    earlier = " ".join([*_leading_up(heard), *_answered_with(part, heard)])
    found = _joined(earlier, part, sure=is_follow_up(question, history))
    return _filled(found, full) if full else found


def standing_alone(question: str, history: Sequence[Turn]) -> str | None:
    """The question as one would ask it by itself, where a rule can put it so."""
    if not history:
        return None
    heard = _heard(question, history)
    return in_full(question, history) or in_place(question, _leading_up(heard), *_answered_with(question, heard))


def _beginning(answer: str) -> str:
    """As much of an answer as a question can be read together with."""
    return " ".join(_MARKS.sub("", answer).split()[:ANSWER_WORDS])


def is_new_topic(question: str, history: Sequence[Turn]) -> bool:
    """Whether the question leaves the conversation: it leans on nothing and is about nothing told of before."""
    asked = COURTESY.sub("", question)
    return not is_follow_up(question, history) and not any(_is_about(asked, turn) for turn in history)


def _is_about(question: str, turn: Turn) -> bool:
    """Whether the question shares a word that says something with an earlier question, or more with its answer.

    An answer quotes whole sentences: one word of theirs is easily met again, a name or a year less so.
    """
    asked = stems(question) - _SAYS_LITTLE
    shared = asked & stems(turn.answer) if turn.answer != REFUSAL else frozenset()
    return bool(asked & stems(turn.question)) or len(shared) >= SHARED or bool(shared & _marks(question))


def _marks(question: str) -> frozenset[str]:
    """The stems of the names and the years in a question."""
    found = [word for word in re.findall(r"[^\W_]+", question)[1:] if word[0].isupper() or _YEAR.fullmatch(word)]
    return frozenset().union(*map(stems, found))


def _answered_with(question: str, heard: Sequence[Turn]) -> list[str]:
    """The name of the person that the last question asked for, where `he` or `she` is asked about now."""
    last = heard[-1]
    if not _HE_OR_SHE.search(question) or kind(last.question) != "person" or last.answer == REFUSAL:
        return []
    quoted = re.search(r"“(.+?)”", last.answer)
    text = quoted[1] if quoted else _beginning(last.answer)
    names = [
        (text[: start + name.start()], name.group())
        for start, end in fitting(last.question, text)
        for name in _FULL_NAME.finditer(text[start:end])
    ]
    asked = stems(last.question)
    persons = [(before, name) for before, name in names if not _AT.search(before) or _TITLED.match(name)]
    return [name for _, name in sorted(persons, key=lambda one: _aside(one[0], asked))[:1]]


def _aside(before: str, asked: frozenset[str]) -> int:
    """How far a name stands from who is asked for, by what stands before it: `Who repaired it?`, `… repaired by`."""
    if (done := _DONE_BY.search(before)) and stems(done[1]) & asked:
        return 0
    return 2 if _OF.search(before) else 1


def _leading_up(heard: Sequence[Turn]) -> list[str]:
    """The last questions, back to one that stands alone, in full."""
    found: list[str] = []
    for at in range(len(heard) - 1, -1, -1):
        said, before = heard[at].question, heard[:at]
        full = in_full(said, before)
        found.insert(0, full or said)
        if len(found) == EARLIER or full or not is_follow_up(said, before):
            break
    return found


def _heard(question: str, history: Sequence[Turn]) -> Sequence[Turn]:
    """The turns without those at their end that were refused, as far as the question goes back behind them.

    What was refused and itself leaned on the turns before is no topic of its own; another that was refused is one,
    unless `he` or `she` cannot be in it, or the question speaks of what was told before it and not of what it asked.
    """
    answered = [at for at, turn in enumerate(history) if turn.answer != REFUSAL]
    if not answered or is_fragment(question):
        return history
    last = answered[-1]
    for at in range(len(history) - 1, last, -1):
        refused = history[at].question
        if not (leans(refused) or _is_past(question, refused, history[last])):
            return history[: at + 1]
    return history[: last + 1]


def _is_past(question: str, refused: str, answered: Turn) -> bool:
    if _HE_OR_SHE.search(question) and kind(refused) != "person" and not has_names(refused):
        return True
    said = stems(question) - _SAYS_LITTLE
    return not said & stems(refused) and bool(said & stems(f"{answered.question} {answered.answer}"))


def _joined(earlier: str, part: str, *, sure: bool) -> list[Reading]:
    """The weights do best on MTRAG's follow-ups among those that lose little where the topic was changed."""
    together = f"{earlier} {part}"
    if sure:
        return [Reading(together, 0.75, 0.35), Reading(part, 0.25, 0.65)]
    return [Reading(together, 0.3, 0.0), Reading(part, 0.7, 1.0)]


def _filled(found: Sequence[Reading], written: str) -> list[Reading]:
    """The readings of a question cut short, together with it in full: that is what is asked, the others see to it that

    nothing is lost where it was filled in wrongly.
    """
    joined, alone = found
    return [Reading(written, 0.5, 0.8), Reading(joined.text, 0.35, 0.1), Reading(alone.text, 0.15, 0.1)]


def with_rewritten(found: Sequence[Reading], written: str) -> list[Reading]:
    """The readings of a follow-up together with one that a model wrote: that counts half, the others share the rest."""
    halved = [Reading(one.text, one.searched / 2, one.judged / 2) for one in found]
    return [Reading(written, 0.5, 0.5), *halved]


def parts(question: str) -> list[str]:
    """The questions within a question: `Who won, and when did it open?` → two. One part is the question whole, and so

    is one whose first part asks for nothing by itself (`For how long and at what heat do I bake it?`).
    """
    question = COURTESY.sub("", question)
    found = [part.strip(" ?,;") for part in _AND_ASKS.split(question)]
    found = [part for part in found if len(part.split()) >= MIN_PART_WORDS]
    return found if len(found) > 1 and stems(found[0]) - _SAYS_LITTLE - STOP_WORDS else [question]


def kind(question: str) -> Kind:
    """What fits as an answer: a date, a number, a person, another name, or anything."""
    if _ASKS_NUMBER.search(question):
        return "number"
    if _ASKS_DATE.search(question):
        return "date"
    if _ASKS_PERSON.search(question):
        return "person"
    return "name" if _ASKS_NAME.search(question) else "other"


def has_date(text: str) -> bool:
    """Whether the text names a time: a year, a month, a day, or a number of them."""
    return bool(_HAS_DATE.search(text))


def is_value(question: str, words: str) -> bool:
    """Whether the words could be one of several answers to a question: with a figure where it asks for a number, with

    a figure or a time where it asks for a date, few where it asks for a name; no answer to why and how is one.
    """
    wanted = kind(question)
    if wanted in ("number", "date"):
        return _fits(wanted, words) or (wanted == "date" and has_date(words))
    return wanted != "other" and len(words.split()) <= NAME_WORDS


def fitting(question: str, text: str) -> list[tuple[int, int]]:
    """The spans of a text that could be what the question asks for: runs of words that the question does not hold, with

    a figure where it wants a number or a date, capitalised where it wants a name.
    """
    wanted = kind(question)
    return [run for run in _runs(question, text) if _fits(wanted, text[run[0] : run[1]])]


def _runs(question: str, text: str) -> list[tuple[int, int]]:
    """The spans of words side by side that neither stand in the question nor in every sentence."""
    asked = stems(question)
    fresh = [
        match
        for match in WORD.finditer(text)
        if match.group().lower() not in STOP_WORDS and not stems(match.group()) & asked
    ]
    if not fresh:
        return []
    runs = [[fresh[0]]]
    for before, match in pairwise(fresh):
        between = text[before.end() : match.start()]
        if WORD.search(between) or _BREAK.search(between):
            runs.append([])
        runs[-1].append(match)
    return [(run[0].start(), run[-1].end()) for run in runs]


def _fits(wanted: Kind, run: str) -> bool:
    if wanted in ("number", "date"):
        return any(NUMERAL.search(word) for word in WORD.findall(run))
    return run[:1].isupper() or wanted == "other"


def is_about_now(question: str) -> bool:
    """Whether the newest report should have its say: the question is about the present or about a plan."""
    return bool(_NOW.search(question)) or bool(_PLAN.search(question))
