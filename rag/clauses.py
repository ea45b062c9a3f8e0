"""A plain statement taken apart: its subject, its verb, what follows, and the date in it. English words, no parser.

What is not sure to be a plain subject, or a plain end, is none. Knows no questions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from rag.dates import MONTHS
from rag.wordforms import PAST

SUBJECT_WORDS, TAIL_WORDS, COUNTED_WORDS = 9, 9, 12

_MONTH = "|".join(MONTHS)
DATE = (
    rf"(?:(?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTH})|(?:{_MONTH})(?: \d{{1,2}}\b)?)(?:,? \d{{4}}\b)?"
    r"|(?:early |late |mid-)?[12]\d{3}\b"
)
WHEN = re.compile(
    rf"(?P<how>in|on|by|until|since) (?:early |late |mid-)?(?:{DATE})(?=$|[,;.]"
    r"| (?:as|with|after|when|and|but|to|by|in|at|under|for|from|through|giving|having|during)\b)"
)
_REGULAR = """
announce approve launch conclude establish open close complete publish release sign adopt abolish create introduce
visit attack invade conquer defeat capture occupy abandon destroy develop produce construct acquire purchase discover
invent propose reject ratify pass host join marry retire resign die arrive reach cross land move return enter
receive earn graduate start finish end found expand reopen restore demolish collapse merge replace rename appoint
elect nominate record debut premiere perform compose direct design vote suspend cancel delay carry ban legalise
legalize declare secure settle colonise colonize annex unify dissolve disband evacuate surrender celebrate inspect
criticise finance redesign praise lease renovate add export import employ detain rescue house gain
unveil inaugurate relaunch ordain crown bomb besiege fire
""".split()
_IRREGULAR = {
    "began": "begin", "built": "build", "became": "become", "bought": "buy", "came": "come", "fell": "fall",
    "fled": "flee", "gave": "give", "held": "hold", "left": "leave", "lost": "lose", "made": "make", "met": "meet",
    "paid": "pay", "rose": "rise", "ran": "run", "sent": "send", "sold": "sell", "sank": "sink", "spent": "spend",
    "took": "take", "won": "win", "withdrew": "withdraw", "wrote": "write", "banned": "ban", "cancelled": "cancel",
}  # fmt: skip
CONTAINS = {
    f"{verb}s": verb for verb in "comprise contain include employ operate produce own serve host carry cover".split()
} | {"carries": "carry"}
_BARRED = frozenset(
    "i you he she it they we this these those there here who which that whose whom where when while whereas because "
    "although though but if unless than so such what why how not never neither nor said says say told added him her me "
    "us them himself herself itself themselves also however respectively former latter following argue argues claim "
    "claims believe believes think thinks hope hopes fear fears want wants suggest suggests show shows totaling "
    "totalling".split()
)
"""What stands in no plain subject, and after no verb without making a clause of its own."""
_VAGUE = frozenset("a an its their his her all many several most each some both".split())
_RELATIVE = frozenset(
    "today yesterday tomorrow now ago last next currently recently monday tuesday wednesday thursday friday saturday "
    "sunday earlier later week weeks month months year years same".split()
)
_PREPOSITIONS = frozenset(
    "of in on at by to for from with and or the a an near between over under against into during through across "
    "within about around along after before since until as its their his her de la of von van al".split()
)
AUX = frozenset(
    "was were is are be been being am has have had will would can could must shall should may might do does did".split()
)
_DATELINE = re.compile(r"^[A-Z][A-Z]+(?:[ ,/.]+[A-Z][\w.]*)*\s*(?:\([^)]*\)\s*)?[-–—]+\s+(?=[A-Z])")
_LEAD = re.compile(
    r"^(?:(?:However|Meanwhile|Also|Additionally|Importantly|Nevertheless|Furthermore|Moreover|Later|Eventually|Finally"
    r"|Today|Currently), )"
)
OPENING = re.compile(
    r"^(?:After|Following|During|Since|Before|At|In|On|By|Under|From|According to) [^,]{3,60}, (?=\S)"
    rf"|^(?:In|On) (?:{DATE}),? (?=the |[A-Z])"
)
_MASS = re.compile(r"(?:s|ion|ment|ness|ity|ance|ence|ing|ism|ship|age|th|men|people|children)$", re.I)
"""Nouns that open a sentence without an article, and are no names."""
_WORD = re.compile(r"[^\W_][\w’'.-]*")


def _pasts() -> dict[str, str]:
    forms = dict(_IRREGULAR)
    for base in _REGULAR:
        ied = re.search(r"[^aeiou]y$", base)
        past = f"{base}d" if base.endswith("e") else f"{base[:-1]}ied" if ied else f"{base}ed"
        forms.setdefault(past, base)
    return {past: base for past, base in forms.items() if past not in ("baned", "canceled")}


PASTS = _pasts()


@dataclass(frozen=True, slots=True)
class Clause:
    """What stands before the first verb, without what only leads in, and all from the verb on."""

    subject: str
    verb: str
    rest: str
    dated: bool
    """Whether a date leads in."""


def plain_statement(sentence: str) -> str | None:
    """The sentence without what only surrounds it; None where it is no plain statement."""
    text = re.sub(r"\s*\([^()]*\)|\s*\[[^\[\]]*\]", "", " ".join(sentence.split()))
    text = _LEAD.sub("", _DATELINE.sub("", text)).replace(" ,", ",")
    if not text.endswith(".") or not 5 <= len(text.split()) <= 60 or not text[0].isalnum():
        return None
    if re.search(r"[|<>{}\\*=_#@]|https?:|www\.|\.\.\.|…", text):
        return None
    return text[0].upper() + text[1:].rstrip(".")


def clause_of(plain: str, text: str, title: str) -> Clause | None:
    opening = OPENING.match(plain)
    dated = bool(opening and re.fullmatch(rf"(?:In|On) (?:{DATE}),?", opening[0].strip()))
    body = plain[opening.end() :] if opening else plain
    words = list(_WORD.finditer(body))
    for at, word in enumerate(words[: SUBJECT_WORDS * 3]):
        token = word.group()
        is_verb = token in AUX or token in PASTS or token in CONTAINS
        if at and is_verb:
            subject = _in_full(_subject(body[: word.start()].strip(), text, inside=bool(opening)), title)
            rest = body[word.end() :].strip()
            return Clause(subject, token, rest, dated) if subject and rest and rest[0] not in ",;:" else None
    return None


def _subject(before: str, text: str, *, inside: bool) -> str:
    """What stands before the verb as it stands in a question; empty where it is no plain name of something."""
    if before.endswith(","):  # what is set between commas may be left out
        before, comma, aside = before[:-1].partition(",")
        if not comma or "," in aside:
            return ""
    words = before.split()
    if len(words) > 1 and re.fullmatch(r"[a-z]+ly|soon|then|also|later|first", words[-1]):
        words.pop()  # an adverb of the verb's
        before = " ".join(words)
    if not 1 <= len(words) <= SUBJECT_WORDS or re.search(r"[,;:()\"“”—]|–| - ", before):
        return ""
    low = [word.lower().strip("'’") for word in words]
    if any(word in _BARRED | AUX | _RELATIVE | {"time"} for word in low) or words[-1] in _PREPOSITIONS:
        return ""
    for at, word in enumerate(words):
        earlier = words[at - 1] if at else ""
        if word in ("the", "a", "an") and at and earlier not in _PREPOSITIONS | {"defeat", "end", "save"}:
            return ""
        verbal = word.islower() and (word in PAST or word.endswith("ing") or (word.endswith("ed") and "-" not in word))
        if verbal and earlier.lower() not in ("the", "a", "an", "of"):
            return ""
        near = set(words[max(0, at - 3) : at]) & {"the", "The", "a", "an", "former"}
        if at and word[0].isupper() and earlier.islower() and earlier not in _PREPOSITIONS and not near:
            return ""
    first = words[0]
    if first.lower() == "the":
        return before[0].lower() + before[1:]
    if first[0].isdigit() or first.lower() in _PREPOSITIONS | _VAGUE:
        return ""
    if not first[0].isupper():
        return before if inside else ""
    return before if _is_name(first, text, followed=len(words) == 1 or words[1][0].isupper()) else ""


def _is_name(word: str, text: str, *, followed: bool) -> bool:
    """Whether a word that opens a sentence is one that is always written with a capital."""
    if re.search(rf"\b{re.escape(word.lower())}\b", text):
        return False
    if re.search(rf"(?<=[a-z,] ){re.escape(word)}\b", text) or sum(map(str.isupper, word)) > 1:
        return True
    return followed and not _MASS.search(word)


def _in_full(subject: str, title: str) -> str:
    """A surname with the first names that its article's title gives."""
    words = re.sub(r"\s*\(.*", "", title).split()
    whole = 2 <= len(words) <= 4 and all(word[0].isupper() for word in words) and words[-1] == subject
    return " ".join(words) if whole else subject


def is_person(subject: str) -> bool:
    words = subject.split()
    return len(words) in (2, 3) and all(word[0].isupper() for word in words)


def tail(text: str, *, most: int = TAIL_WORDS) -> str:
    """What follows a verb, if a question may end with it; else nothing."""
    text = text.strip()
    words = text.split()
    low = [word.lower() for word in words]
    if not 1 <= len(words) <= most or re.search(r"[,;:()\"“”—]|–| - ", text):
        return ""
    if re.search(r"\b(?:before|after|while|via|without|first time)\b", text):
        return ""
    if re.search(r"\b(?:the|a|an) (?:of|in|on|at|by|to|for|from|with|and)\b", text):
        return ""  # what stood between was lost
    if low[-1] in _PREPOSITIONS | {"that"} or any(word in _BARRED or word in _RELATIVE for word in low):
        return ""
    joined = [after for word, after in pairwise(low) if word in ("and", "as", "to", "or")]
    if any(word in PASTS or word in PAST or word.endswith("ed") for word in joined):
        return ""
    return text


def undated(text: str) -> str:
    """Up to a date."""
    match = WHEN.search(text)
    return text[: match.start()] if match else text
