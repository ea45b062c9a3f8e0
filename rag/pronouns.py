"""`And when will it open?` → the question with what was asked about before in the place of `it`.

Rules over English words that would rather put nothing than the wrong thing: the question is searched together with the
one before it anyway. Knows neither documents nor how a question is searched for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.clauses import AUX
from rag.ellipsis import PREPOSITIONS
from rag.leaning import has_names, is_verb, names_person, points_back, pronouns
from rag.words import STOP_WORDS

_PERSONS = frozenset("he she him his her".split())
_THINGS = frozenset("it its".split())
_OWNERS = frozenset("his her its".split())
_EVENT = re.compile(
    r"\b(?:happen\w*|occur\w*|t(?:ake|akes|ook|aken) place|c(?:ome|ame) about|announce[ds]?|decided?|report(?:ed|s)"
    r"|said|agreed?|plan(?:ned|s)|known|believed|expected|true|false|rain\w*|snow\w*|like|worth|time|matter|mean"
    r"|(?:im)?possible)\b",
    re.I,
)
"""What is said of an event or of nothing in particular: `when did it happen?`, `what time is it?`"""
_CAPITALS = r"[A-Z][\w’'-]*(?: (?:(?:of|de|la|al|the|von|van) )*[A-Z][\w’'-]*)*"
_NAMED = re.compile(rf"\b(?:[Tt]he (?P<titled>{_CAPITALS})|(?P<initials>[A-Z]{{3,}}s?))(?: (?P<next>[\w-]+)|\W*$)")
"""`the Green Road`, `UNAMI`: names of things. `Karl Braun` and `Ulm` may be anything."""
_WHAT_IS = re.compile(
    r"\W*[Ww]hat(?: is| was|['’]s) "
    r"(?P<named>(?:the )?[A-Z][\w’'-]*(?: (?:of the |of )?(?:[A-Z][\w’'-]*|\d[\d.]*))*)\W*$"
)
_TOLD = re.compile(r"\b(?P<thing>the [a-z]+)\b(?: (?P<next>[a-z]+)|\W*$)")
"""A thing that is told of, in one word: `the bridge`."""
_DETERMINED = re.compile(r"\b(?:the|an?|this|that) \w", re.I)
_NAME = re.compile(rf"(?<=[\s(“\"]){_CAPITALS}")
_PREPOSITION = re.compile(rf"\b(?:{PREPOSITIONS}|as) $", re.I)
_SEVERAL = re.compile(r"[^s]s$")
_OWNS = re.compile(r"['’]s?$")


def in_place(question: str, earlier: Sequence[str], person: str = "") -> str | None:
    """The question with a name or a thing in the place of `he`, `its` and the like; None where there is nothing to put.

    Args:
        earlier: the questions before it that it may point back to, in their order.
        person: who was the answer to the last of them, if that asked for a person.

    >>> in_place("And when will it open?", ["What is the Green Bridge?", "How long is its railway?"])
    'And when will the Green Bridge open?'
    >>> in_place("How old was he when his ship sank?", ["Who led them?"], "Karl Braun")
    'How old was Karl Braun when Karl Braun’s ship sank?'
    >>> in_place("Who designed it?", ["When was the bridge built?"])
    'Who designed the bridge?'
    """
    found = pronouns(question)
    lows = {low for low, _, _ in found}
    if not found or has_names(question):
        return None
    if lows <= _PERSONS:
        return _put(question, found, person) if person else None
    if lows <= _THINGS and not _EVENT.search(question):
        thing = next(filter(None, map(_thing, reversed(earlier))), None)
        return _put(question, found, thing) if thing else None
    return None


def _thing(question: str) -> str | None:
    """What a question is about: its one name, or, where it names nothing, the one thing that it tells of."""
    if points_back(question) or question.isupper():
        return None
    thing = _sole_name(question) if has_names(question) else _sole_thing(question)
    return None if thing is None or _SEVERAL.search(thing) or names_person(thing) else thing


def _sole_name(question: str) -> str | None:
    """The one name in a question, if it is that of a thing and what the question is about, not only where or whose."""
    if whole := _WHAT_IS.match(question):
        return whole["named"]
    named = _NAMED.search(question)
    if named is None or len(_NAME.findall(question)) != 1 or not _is_whole(named):
        return None
    name = f"the {named['titled']}" if named["titled"] else named["initials"]
    return None if _PREPOSITION.search(question[: named.start()]) or _OWNS.search(name) else name


def _sole_thing(question: str) -> str | None:
    """The one thing that a question tells of, in a word before a verb or at its end: `when was the bridge built?`"""
    told = _TOLD.search(question)
    if told is None or len(_DETERMINED.findall(question)) > 1:
        return None
    return told["thing"] if _is_whole(told) else None


def _is_whole(found: re.Match[str]) -> bool:
    """Whether no noun follows, nor a number, with which it names something else: `the German parliament`."""
    after = found["next"]
    return not after or after in AUX or (is_verb(after) and not after.endswith("ing"))


def _put(question: str, found: Sequence[tuple[str, int, int]], meant: str) -> str:
    """Pronouns that own get an `’s`; so does `her` before a noun."""
    for low, start, end in reversed(found):
        after = re.match(r" ([\w-]+)", question[end:])
        owns = low in _OWNERS and not (low == "her" and (not after or after[1].lower() in STOP_WORDS))
        question = f"{question[:start]}{meant}{'’s' if owns else ''}{question[end:]}"
    return question
