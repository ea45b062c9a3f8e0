"""`And when will it open?` → the question with what was asked about before in the place of `it`.

Measured rules over English words, no parser; knows neither documents nor how a question is searched for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.clauses import AUX
from rag.dates import MONTHS
from rag.leaning import has_names, is_impersonal, is_verb, points_back
from rag.words import STOP_WORDS

_PERSON = re.compile(r"\b(?:(?P<whole>he|she|him)|(?P<owner>his|her))\b", re.I)
_THING = re.compile(r"\b(?:(?P<whole>it)|(?P<owner>its))\b", re.I)
_PREPOSITION = re.compile(
    r"\b(?:in|on|at|for|from|to|by|with|of|during|before|after|since|until|under|against|between|near|about|into|through"
    r"|over|as)(?: the)? $",
    re.I,
)
_NAME = re.compile(r"(?<=[\s(“\"])(?:the )?(?!I\b)[A-Z][\w’'-]*(?: (?:(?:of|de|la|al|the|von|van) )*[A-Z][\w’'-]*)*")
_FULL_NAME = re.compile(r"[A-Z][\w’'-]+(?: (?:[a-z]{1,3}[ -])?[A-Z][\w’'-]+)+")
_TOLD = re.compile(r"\b(?P<thing>the [a-z]+)\b(?: (?P<next>[a-z]+)|\W*$)")
"""A thing that is told of, in one word: `the bridge`."""
_DETERMINED = re.compile(r"\b(?:the|an?|this|that) \w", re.I)
_SEVERAL = re.compile(r"[^s]s$")
_ASKS = re.compile(rf"\W*(?:who|what|which|when|where|why|how|whose|{'|'.join(sorted(AUX))})\b", re.I)
"""How questions begin; headings and names that are looked for do not, and their first word has a capital anyway."""
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
    if not points_back(question) or has_names(question):
        return None
    if _PERSON.search(question):
        meant = person or next(filter(None, map(_person, reversed(earlier))), None)
        return _put(question, _PERSON, meant) if meant else None
    if _THING.search(question) and not is_impersonal(question):
        thing = next(filter(None, map(_thing, reversed(earlier))), None)
        return _put(question, _THING, thing) if thing else None
    return None


def _person(question: str) -> str | None:
    """The one name in a question, if it has more than a word."""
    name = _sole_name(question)
    return name if name and _FULL_NAME.fullmatch(name) else None


def _thing(question: str) -> str | None:
    """What a question is about: its one name, or, where it names nothing, the one thing that it tells of."""
    thing = _sole_name(question) if has_names(question) else _sole_thing(question)
    return None if thing and _SEVERAL.search(thing) else thing


def _sole_thing(question: str) -> str | None:
    """The one thing that a question tells of, in a word before a verb or at its end: `when was the bridge built?`"""
    told = _TOLD.search(question)
    if told is None or points_back(question) or len(_DETERMINED.findall(question)) > 1:
        return None
    after = told["next"]
    whole = not after or after in AUX or (is_verb(after) and not after.endswith("ing"))
    return told["thing"] if whole else None


def _sole_name(question: str) -> str | None:
    """The one name in a question, unless it only says where, of what, or whose."""
    names = [one for one in _NAME.finditer(question) if not _is_month(one.group())]
    if not _ASKS.match(question) or points_back(question) or len(names) != 1:
        return None
    if _PREPOSITION.search(question[: names[0].start()]) or _OWNS.search(names[0].group()):
        return None
    return names[0].group()


def _is_month(name: str) -> bool:
    return name.removeprefix("the ").split()[0] in MONTHS


def _put(question: str, pronoun: re.Pattern[str], meant: str) -> str:
    """A pronoun that owns gets an `'s`; so does `her` before a noun."""

    def instead(found: re.Match[str]) -> str:
        after = re.match(r" ([\w-]+)", question[found.end() :])
        owns = found["owner"] and not (found.group().lower() == "her" and (not after or after[1].lower() in STOP_WORDS))
        return f"{meant}’s" if owns else meant

    return pronoun.sub(instead, question)
