"""A question cut short, `and in Rome?` → the question before it with Rome in the place of its like.

Name for name, year for year, month for month, weekday for weekday. Knows neither documents nor how a question
is searched for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.clauses import AUX
from rag.dates import MONTHS, WEEKDAYS, YEAR
from rag.leaning import is_fragment, is_verb, points_back
from rag.types import Turn
from rag.words import STOP_WORDS

LONGEST = 6
"""Words that are put in the place of others."""
CHAIN = 8
"""Turns that are looked back on: `and in Rome?`, `and in Bonn?`, …"""

PREPOSITIONS = (
    "in|on|at|for|from|to|by|with|of|during|before|after|since|until|under|against|between|near|about|into|through|over"
)
_CUT_SHORT = re.compile(
    r"(?P<opens>(?:(?:and|but|or|so|ok|okay|then|also)\b,? *)*(?:(?:what|how) about\b *)?)"
    rf"(?:(?:the|that|this|those) ones? *)?(?P<how>(?:{PREPOSITIONS})\b *)?(?P<what>\S.*?)[\s?.!]*",
    re.I,
)
_HOW_MANY = re.compile(r"(?P<opens>\W*(?:(?:and|but|so|then|also)\b,? *)*how many )(?P<what>\S.*)", re.I)
COUNTED = 4
"""Words that name what is counted: `how many old ships returned`."""
_MONTH = re.compile(rf"(?!^May [a-zA-Z])\b(?:{'|'.join(MONTHS)})\b(?: [12]\d{{3}}\b)?")
_DAY = rf"\b(?:{'|'.join(WEEKDAYS)})s?\b"
_WEEKDAY = re.compile(rf"{_DAY}(?:(?: ?[-–] ?| (?:to|till|until|through|and|or) ){_DAY})*", re.I)
_NO_NAME = re.compile(f"{_MONTH.pattern}|{_DAY}")
_NAMES_A_DAY = re.compile(r"(?:day|\bEve)s?$", re.I)
"""`Christmas Day` is put in the place of a weekday; other names are not."""
_DESIGNATES = re.compile(
    rf"\b(?!(?i:{PREPOSITIONS}|and|or)\b)(?:[A-Z]{{2,}}|Resolution|Directive|Regulation|Article|Section|Form|No\.) $"
)
"""Before a number that is no year, if a year is asked about: `RFC 1918`."""
_NAME = re.compile(
    r"(?<=[\s(“\"])(?!I\b|I['’])[A-Z][\w-]*(?:\.[A-Z])*(?: (?:(?:of|de|la|al|the|von|van) )*[A-Z][\w-]*(?:\.[A-Z])*)*"
)
_TOLD = re.compile(r"\bthe [a-z]+\b(?! of\b)")
"""A thing that is told of, in one word: `the bridge`."""
_ATTRIBUTES = {
    "what": "price|cost|fee|address|date|time|reason|purpose|colou?r|size|weight|length|height|width|depth|age|name"
    "|number|duration|result|outcome|location|place|deadline",
    "how much": "price|cost|fee",
    "when": "deadline|result|outcome",
    "who": "author|chairman",
}
"""What belongs to a thing, by what it is asked for with: after `When does the library open?` the address is its own."""
_ATTRIBUTE = re.compile(rf"the (?:{'|'.join(_ATTRIBUTES.values())})s?", re.I)
_ASKED_FOR = re.compile(
    rf"\W*(?P<asks>{'|'.join(_ATTRIBUTES)})(?: is| was|['’]s) (?P<it>the [a-z]+)(?= (?:of|for)\b|\W*$)", re.I
)
_OF_A_PEOPLE = re.compile(r"(?:an|ish|ese|ch|ans|i|is)$")
"""How adjectives of peoples end: `German`, `Turkish`, `Pakistani`."""


def in_full(question: str, history: Sequence[Turn]) -> str | None:
    """The question as one would ask it by itself; None where it is not cut short, or nothing before is like it.

    >>> in_full("and in Rome?", [Turn("How many bridges are there in Ulm?")])
    'How many bridges are there in Rome?'
    >>> in_full("And in 1932?", [Turn("Who ruled in 1931?")])
    'Who ruled in 1932?'
    >>> in_full("And how many stayed?", [Turn("How many men left?")])
    'And how many men stayed?'
    """
    cut, uncounted = _cut_short(question), _uncounted(question)
    if not (cut or uncounted) or not history:
        return None
    last = history[-1].question
    frame = in_full(last, history[-CHAIN:-1]) or last
    if frame is last and (points_back(last) or is_fragment(last)):
        return None
    if cut is None:
        return uncounted and _counting(uncounted, frame)
    filled = _filled(" ".join(frame.split()), *cut)
    return filled if filled and filled.casefold() != frame.casefold() else None


def _uncounted(question: str) -> re.Match[str] | None:
    """What asks how many did something, and not how many of what: `how many stayed in Ulm?`"""
    asks = _HOW_MANY.match(question)
    return asks if asks and _is_verb(asks["what"].split()[0]) else None


def _counting(asks: re.Match[str], frame: str) -> str | None:
    """The question with what the one before it counted."""
    before = _HOW_MANY.match(frame)
    if before is None:
        return None
    words = before["what"].split()
    verb = next((at for at, word in enumerate(words) if _is_verb(word)), 0)
    if not 0 < verb <= COUNTED:
        return None
    return f"{asks['opens']}{' '.join(words[:verb])} {asks['what']}"


def _is_verb(word: str) -> bool:
    low = re.sub(r"\W", "", word).lower()
    return low in AUX or is_verb(low)


def meant(question: str, searched: Sequence[str]) -> tuple[str, ...]:
    """What an answer may answer, by its question and what was searched for: a question cut short also in full."""
    short = _cut_short(question) or _uncounted(question)
    full = searched[:1] if short and not (searched and searched[0].endswith(question)) else ()
    return (question, *full)


def _cut_short(question: str) -> tuple[str, str] | None:
    """The preposition, which may be empty, and what follows it; None where the question says more."""
    match = _CUT_SHORT.fullmatch(" ".join(question.split()))
    if match is None or not (match["opens"] or match["how"]):
        return None
    what = re.sub(r"['’]s$", "", match["what"])
    words = re.findall(r"[^\W_]+", what)
    low = {word.lower() for word in words if not (word.isupper() and len(word) > 1)}
    if not words or len(words) > LONGEST or low & (AUX | STOP_WORDS - {"of", "and", "the", "a"}):
        return None
    return (match["how"] or "").strip().lower(), what


def _filled(frame: str, how: str, what: str) -> str | None:
    """The frame with what is given in the place of its like."""
    for pattern, usual in ((YEAR, "in"), (_MONTH, "in"), (_WEEKDAY, "on")):
        if pattern.fullmatch(what):
            places = [place for place in pattern.finditer(frame) if _is_date(place, frame, how)]
            if places:
                return _put(frame, _of_it(places[-1], what), what)
            if pattern is not _WEEKDAY or not _WEEKDAY.search(frame):
                return _added(frame, f"{how or usual} {what}")
    no_name = _MONTH if _NAMES_A_DAY.search(what) else _NO_NAME
    names = [match.span() for match in _NAME.finditer(frame) if not no_name.fullmatch(match.group())]
    if how:
        after = [span for span in names if re.search(rf"\b{how} (?:the )?$", frame[: span[0]], re.I)]
        if after:
            return _put(frame, after[-1], what)
        plain = re.search(rf"\b{how} (?:the )?(?P<it>[^\W_]+)(?=[?.!]*$)", frame, re.I)
        if plain and plain["it"].lower() not in STOP_WORDS:
            return _put(frame, plain.span("it"), what)
        return None if names else _added(frame, f"{how} {what}")
    if _ATTRIBUTE.fullmatch(what):
        asked = _ASKED_FOR.match(frame)
        fits = asked and re.fullmatch(rf"the (?:{_ATTRIBUTES[asked['asks'].lower()]})s?", what, re.I)
        return _put(frame, asked.span("it"), what) if asked and fits else None
    if not re.match(r"(?:the )?[A-Z]", what):
        told = [match.span() for match in _TOLD.finditer(frame)]
        return _put(frame, told[0], what) if len(told) == 1 and _TOLD.fullmatch(what) else None
    people = _of_a_people(f"{what} x", (0, len(what)))
    alike = [span for span in names if _of_a_people(frame, span) == people] or names
    free = [span for span in alike if not re.search(rf"\b(?:{PREPOSITIONS}) (?:the )?$", frame[: span[0]], re.I)]
    return _put(frame, (free or alike)[0 if free else -1], what) if alike else None


def _is_date(place: re.Match[str], frame: str, how: str) -> bool:
    """Whether it is no part of a name, `Theresa May`, and a number no name of something else than a year."""
    names = [name for name in _NAME.finditer(frame) if name.start() < place.end() and place.start() < name.end()]
    apart = all(place.re.fullmatch(name.group()) for name in names)
    return apart and not (how and _DESIGNATES.search(frame[: place.start()]))


def _of_a_people(text: str, span: tuple[int, int]) -> bool:
    """Whether the name stands before a noun and ends as the adjectives of peoples do."""
    name = text[slice(*span)]
    return " " not in name and bool(_OF_A_PEOPLE.search(name)) and re.match(r" [a-z]", text[span[1] :]) is not None


def _of_it(place: re.Match[str], what: str) -> tuple[int, int]:
    """The part of a date that is given anew: `in April` leaves the year of `March 2024`."""
    month = re.match(r"\w+(?= \d{4})", place.group())
    return place.span() if not month or YEAR.search(what) else (place.start(), place.start() + month.end())


def _put(frame: str, place: tuple[int, int], what: str) -> str:
    if re.search(r"\bthe $", frame[: place[0]], re.I):
        what = re.sub(r"^the ", "", what, flags=re.I)
    return frame[: place[0]] + what + frame[place[1] :]


def _added(frame: str, more: str) -> str | None:
    bare = frame.rstrip(" ?.!")
    return f"{bare} {more}?" if bare else None
