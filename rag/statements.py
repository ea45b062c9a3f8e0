"""A sentence taken apart for comparison: words and their roots, names, figures, dates, denials, plans, roles.

Measured rules over English words, no parser. Does not know what is compared with what.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby, pairwise
from typing import Literal

from rag.dates import MONTHS
from rag.quantities import UNITS, Day, Figure, days, figures, plain
from rag.wordforms import PAST, root
from rag.words import STOP_WORDS

Mode = Literal["plan", "fact", "open"]

LENGTH = 3
"""Content words after a denial that it is about."""
REACH = 8
"""Words on either side of a verb among which those are looked for who did it and to whom."""
EVERYDAY = STOP_WORDS | frozenset(
    "after again against all almost also although among another any around because before being below between both "
    "during each either even ever every few first here however just last later least less many more most much near "
    "nearly neither never next no nor not now once one only other others over own same several since some still such "
    "then though through together too under until up upon very via well while within without yes yet back he him "
    "himself she herself itself themselves mr mrs ms dr am pm about above according across already always out off "
    "down further instead rather per whether might must shall two three four five due like unlike despite except "
    "besides beyond along inside outside throughout toward towards thus hence therefore otherwise moreover "
    "furthermore meanwhile nevertheless whatever whenever wherever whoever today tomorrow yesterday tonight sometimes "
    "often perhaps maybe given part little someone something everyone everything anyone anything people men women "
    "children done doing having".split()
)
"""Words that neither name anything nor say what a sentence is about."""
DENIALS = frozenset("not no never none nor neither without nothing nobody nowhere hardly".split())
REFUSES = frozenset(map(root, "fail refuse lack unable prevent deny".split()))
"""Words that deny what follows as `not` does."""
_SOFTLY = REFUSES | frozenset(map(root, "avoid instead unlikely stop decline rather".split()))
_BOUND_NOT = re.compile(
    r"\b(?:not only|not just|not merely|(?:no|not) (?:later|more|less|fewer|greater|longer) than)\b", re.I
)
MODALS = frozenset("will would shall should may might must could".split())
_PLANNED = frozenset(
    map(
        root,
        "plan expect set schedule due intend aim hope propose want going suppose seek likely ready prepare".split(),
    )
)
_JOINS = frozenset("of for the and to on in de al".split())
LONGEST_JOIN = 2
"""Small words within a name: `Bank for the Regions`."""
LONGEST_SHORT = 8
"""Names that one abbreviation stands for."""
_OPENS_ROLE = frozenset("the a an its his her their".split())
_ENDS_ROLE = frozenset("of for in at on to by with from and or who that which then when".split())
_BE = frozenset("be is are was were been being am".split())
_YET = frozenset("after when once until till if before".split())
"""Before a present tense these tell of what may be yet to come: `after it is opened in 2028`."""
_WORD = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?(?:st|nd|rd|th|s)?(?!\w)|[^\W_]+(?:'[^\W\d_]+)*|[.;:!?]+|,|[()\"]")
_ENDS = re.compile(r"(?:[^s]s|ly|ing|ed|tion|ment|ness|ity|ism|ance|ence)$")
_DATE_WORDS = frozenset(word.lower() for word in MONTHS)
_ABBREVIATED = {
    "gen": "general", "maj": "major", "lt": "lieutenant", "col": "colonel", "capt": "captain", "sgt": "sergeant",
    "gov": "governor", "sen": "senator", "rep": "representative", "prof": "professor", "rev": "reverend",
    "pres": "president", "st": "saint", "mt": "mount", "dept": "department", "govt": "government", "pm": "prime",
    "univ": "university", "sec": "secretary", "co": "company", "corp": "corporation", "inc": "incorporated",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a sentence."""

    text: str
    root: str
    start: int
    place: int
    """Its number among all words."""
    sentence: int
    clause: int
    is_name: bool
    has_content: bool

    @property
    def low(self) -> str:
        return self.text.lower()


class Statement:
    """A text read for comparison; `published` dates what it says of `last month`."""

    def __init__(self, text: str, published: str | None = None) -> None:
        self.text = plain(text)
        self.published = published

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return tuple(_words(self.text))

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        return figures(self.text)

    @cached_property
    def days(self) -> tuple[Day, ...]:
        return days(self.text, self.published)

    @cached_property
    def content(self) -> tuple[Word, ...]:
        return tuple(word for word in self.words if word.has_content)

    @cached_property
    def roots(self) -> frozenset[str]:
        return frozenset(word.root for word in self.words)

    @cached_property
    def lows(self) -> frozenset[str]:
        return frozenset(word.low for word in self.words)

    @cached_property
    def names(self) -> tuple[Word, ...]:
        return tuple(word for word in self.words if word.is_name)

    @cached_property
    def initials(self) -> frozenset[str]:
        """What its names could be shortened to: `Bank for International Settlements` → bis, is, bi."""
        return frozenset(initials for run in self.runs for _, initials in shortened(run))

    @cached_property
    def runs(self) -> tuple[tuple[str, ...], ...]:
        """Capitalised words that follow each other, small words between them left out."""
        return tuple(_runs(self.words))

    @cached_property
    def denials(self) -> tuple[tuple[Word, ...], ...]:
        """For each outright denial the words it is about."""
        spans = [match.span() for match in _BOUND_NOT.finditer(self.text)]
        found = (word for word in self.words if word.low in DENIALS and not _within(word.start, spans))
        return tuple(self.about(word) for word in found if not self._is_reply(word))

    @cached_property
    def refusals(self) -> tuple[tuple[Word, ...], ...]:
        """The same for `failed to`, `unable to` and the like."""
        return tuple(self.about(word) for word in self.softeners)

    @cached_property
    def softeners(self) -> tuple[Word, ...]:
        """The words that refuse: `failed`, `unable`, `rather`."""
        return tuple(word for word in self.words if word.root in _SOFTLY)

    @cached_property
    def sentences(self) -> tuple[tuple[Word, ...], ...]:
        return tuple(tuple(words) for _, words in groupby(self.words, key=lambda word: word.sentence))

    def is_verb(self, word: Word) -> bool:
        """By its form, or by what stands before it."""
        if word.is_name:
            return False
        before = self.words[word.place - 1].low if word.place else ""
        return (
            word.low in PAST or word.low.endswith(("ed", "ing")) or before in MODALS or before in ("to", "did", "does")
        )

    def roles(self) -> Iterator[tuple[Word, list[Word]]]:
        """What a name is said to be: `Anna Klein is the deputy mayor of Ulm` → Klein, [deputy, mayor]."""
        for name, verb in pairwise(self.words):
            if not name.is_name or verb.low not in ("is", "was", "are", "were"):
                continue
            role: list[Word] = []
            for word in self.words[verb.place + 1 :]:
                if word.clause != verb.clause or word.low in _ENDS_ROLE or word.low in DENIALS:
                    break
                role += [word] if word.has_content and not word.is_name else []
            if role and self.words[verb.place + 1].low in _OPENS_ROLE:
                yield name, role

    def about(self, word: Word) -> tuple[Word, ...]:
        following = (one for one in self.words[word.place + 1 :] if one.has_content)
        return tuple(one for one in following if one.clause == word.clause)[:LENGTH]

    def _is_reply(self, word: Word) -> bool:
        """`No, it did`: an answer, not a denial of what follows."""
        if word.low != "no":
            return False
        before, after = self.text[: word.start].rstrip(), self.text[word.start + 2 :].lstrip()
        return (word.place == 0 and after[:1] in (",", ".")) or (before[-1:] == '"' and after[:1] in ('"', ",", "."))

    def mode(self, word: Word) -> Mode:
        """Whether the sentence tells the word as planned or as done: `will leave`, `left`."""
        before = [one.low for one in self.words[max(0, word.place - 5) : word.place] if one.sentence == word.sentence]
        for at, earlier in enumerate(reversed(before), 1):
            between = before[len(before) - at + 1 :]
            if earlier in MODALS and all(_may_stand_between(one) for one in between):
                return "plan"
            if earlier == "to" and all(_may_stand_between(one) for one in between):
                leading = before[: len(before) - at]
                if leading and (root(leading[-1]) in _PLANNED or leading[-1] in _BE):
                    return "plan"
                return "open"
        if word.low in PAST or (word.low.endswith("ed") and len(word.low) > 4):
            if before and before[-1] in ("is", "are") and not _YET.isdisjoint(before):
                return "open"
            bare = not before or (before[-1] not in _BE and before[-1] not in ("has", "have", "had"))
            return "open" if bare and any(one in MODALS for one in self._earlier(word)) else "fact"
        return "open"

    def _earlier(self, word: Word) -> list[str]:
        return [one.low for one in self.words[: word.place] if one.sentence == word.sentence]

    def doers(self, word: Word) -> Iterator[tuple[Word, Word]]:
        """Pairs of names: who stands as the doer of a verb, and to whom it is done; a passive is turned round."""
        around = self.words[max(0, word.place - REACH) : word.place + REACH + 1]
        left = [one for one in around if one.is_name and one.place < word.place and one.sentence == word.sentence]
        right = [one for one in around if one.is_name and one.place > word.place and one.sentence == word.sentence]
        before = [one.low for one in self.words[max(0, word.place - 3) : word.place]]
        passive = word.low.endswith(("ed", "n")) or word.low in PAST
        following = self.words[word.place + 1].low if word.place + 1 < len(self.words) else ""
        if passive and (_BE & set(before) or following == "by"):
            by = next((one.place for one in self.words[word.place : word.place + REACH] if one.low == "by"), None)
            agents = [one for one in right if by is not None and one.place > by]
            left, right = agents[::-1], left[::-1]
        yield from ((one, other) for one in reversed(left) for other in right if one.root != other.root)


def _may_stand_between(word: str) -> bool:
    return word in _BE or word in ("have", "has", "not", "also", "then", "soon", "only", "to") or word.endswith("ly")


def _within(place: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


def _words(text: str) -> Iterator[Word]:
    place = sentence = clause = 0
    opens = True
    for match in _WORD.finditer(text):
        token = match.group()
        if not token[0].isalnum():
            if token[0] in ".!?" and not (token == "." and _is_abbreviation(text, match.start())):
                sentence, clause, opens = sentence + 1, clause + 1, True
            elif token[0] in ";:,()":
                clause += 1
                opens = opens or token[0] == ":"
            continue
        token = "first" if token == "1st" else re.sub(r"(?<=\d)(?:,|st$|nd$|rd$|th$)", "", token)
        low = token.lower()
        token = _ABBREVIATED.get(low, token) if token[0].isupper() else token
        if low in ("but", "while", "whereas", "although"):
            clause += 1
        content = low not in EVERYDAY and low not in _BE and not low[0].isdigit()
        yield Word(
            token, root(token), match.start(), place, sentence, clause, _is_name(token, text, match, opens), content
        )
        place, opens = place + 1, False


def _is_abbreviation(text: str, at: int) -> bool:
    last = re.search(r"\w+$", text[:at])
    return bool(
        last and (len(last.group()) == 1 or last.group().lower() in _ABBREVIATED or last.group() in ("Dr", "Mr", "Mrs"))
    )


def _is_name(token: str, text: str, match: re.Match[str], opens: bool) -> bool:
    """Capitalised, no everyday word; at the beginning only if nothing in its form or company speaks against it."""
    if not token[0].isupper() or token.lower() in _DATE_WORDS:
        return False
    if any(char.isupper() for char in token[1:]):
        return True
    if token.lower() in EVERYDAY or token.lower() in UNITS:
        return False
    following = re.match(r"[ -][A-Z]", text[match.end() :])
    return not opens or bool(following) or not _ENDS.search(token)


def _runs(words: Sequence[Word]) -> Iterator[tuple[str, ...]]:
    run: list[str] = []
    small = 0
    for before, word in pairwise([None, *words]):
        if word is None:
            continue
        if before is not None and before.clause != word.clause:
            small = LONGEST_JOIN + 1
        if word.text[0].isupper():
            if small > LONGEST_JOIN and run:
                yield tuple(run)
                run = []
            run, small = [*run, word.text], 0
        else:
            small += 1 if word.low in _JOINS else LONGEST_JOIN + 1
    if run:
        yield tuple(run)


def shortened(run: Sequence[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each part of a run of names with its initials: `World Health Organization` → who, wh, ho."""
    for start in range(len(run)):
        for end in range(start + 2, min(len(run), start + LONGEST_SHORT) + 1):
            yield tuple(run[start:end]), "".join(word[0] for word in run[start:end]).lower()


@lru_cache(maxsize=2048)
def statement(text: str, published: str | None = None) -> Statement:
    """The text, read; the same text is read once."""
    return Statement(text, published)
