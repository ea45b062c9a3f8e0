"""A question with an answer → the statement that they make together, as far as that can be said by rule.

Pure functions of the texts. People ask in other words than the passage has, so what comes of it is no near copy.
"""

from __future__ import annotations

import re
from random import Random

from rag.wordforms import PAST

BE = r"(?:is|are|was|were)"
AUXILIARY = rf"(?:{BE}|did|do|does|has|have|had|can|could|will|would|should|may|might|must)"
_DONE = rf"(?:\w+ed|{'|'.join(sorted(PAST))})"
_WHO = re.compile(r"^(?:who|what) (?P<rest>.+)$", re.I)
_NAMED = re.compile(rf"^(?:who|what) (?P<be>{BE}) (?P<rest>(?:the|an?|his|her|its|their) .+)$", re.I)
_COUNTED = re.compile(rf"^how many (?P<thing>\w+(?: \w+)?) (?P<rest>(?:{BE}|have|had|{_DONE}) .+)$", re.I)
_WHICH = re.compile(rf"^(?:what|which) \w+(?: (?!{AUXILIARY}\b)\w+)? (?P<rest>(?:{BE}|has|have|had|{_DONE}) .+)$", re.I)
_DANGLES = re.compile(r"\b(?:of|in|at|on|to|for|by|from|with|as|about|called|named|like|do|did|be|been)$", re.I)
_VERB = re.compile(rf"^(?!(?:did|do|does) )(?:{AUXILIARY}|\w+s|{_DONE}) ", re.I)
_SUBJECT_AFTER = re.compile(
    rf"^(?P<aux>{BE}|has|have|had|can|could|will|would) (?:not )?"
    rf"(?P<subject>(?:the|an?|his|her|its|their|[A-Z])[^,]*?) (?P<rest>{_DONE}\b.*)$"
)
_WHEN_WHERE = re.compile(
    r"^(?:when|where|in (?:what|which) (?:year|month|country|city|town|state)|what year) (?P<rest>.+)$", re.I
)


def declared(question: str, answer: str, choice: Random) -> str:
    """The question's words as a statement with the answer in its place; else both, one after the other."""
    asked, answer = question.strip().rstrip("? ."), answer.strip(" .,;")
    said = _subject(asked, answer, choice) or _when_or_where(asked, answer)
    return f"{said[0].upper()}{said[1:]}." if said else f"{asked}? {answer}"


def _subject(asked: str, answer: str, choice: Random) -> str | None:
    """The answer does what the question tells: `Who opened it? Ann` → `Ann opened it`."""
    if _DANGLES.search(asked):
        return None
    if found := _NAMED.match(asked):
        # "What is the height of it?" can be said both ways, "What was the town founded by?" not at all.
        forms = (f"{answer} {found['be']} {found['rest']}", f"{found['rest']} {found['be']} {answer}")
        return None if _SUBJECT_AFTER.match(f"{found['be']} {found['rest']}") else choice.choice(forms)
    if found := _COUNTED.match(asked):
        return f"{answer} {found['thing']} {found['rest']}"
    if found := _WHICH.match(asked):
        rest = found["rest"]
        return None if _SUBJECT_AFTER.match(rest) or re.match(rf"{AUXILIARY}\b", rest) else f"{answer} {rest}"
    found = _WHO.match(asked)
    if not found or not _VERB.match(found["rest"]) or _SUBJECT_AFTER.match(found["rest"]):
        return None
    return f"{answer} {found['rest']}"


def _when_or_where(asked: str, answer: str) -> str | None:
    """`When was the bridge opened? in 1932` → `the bridge was opened in 1932`."""
    asks = _WHEN_WHERE.match(asked)
    found = asks and _SUBJECT_AFTER.match(asks["rest"])
    if not found or _DANGLES.search(found["rest"]):
        return None
    at = answer if re.match(r"(?:in|on|at|from|during|near|since|by|after|before) ", answer, re.I) else f"in {answer}"
    return f"{found['subject']} {found['aux']} {found['rest']} {at}"
