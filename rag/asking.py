"""A sentence → questions that it answers, by measured rules over English words, no parser.

A clumsy question is worse than none: a rule speaks only where it knows the subject, the verb and where both end, and
only of what bears a name. Does not know whether the search finds the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rag.clauses import (
    AUX,
    CONTAINS,
    COUNTED_WORDS,
    DATE,
    OPENING,
    PASTS,
    WHEN,
    Clause,
    clause_of,
    is_person,
    plain_statement,
    tail,
    undated,
)
from rag.dates import MONTHS, WEEKDAYS
from rag.stems import stems
from rag.wordforms import PAST

Wh = Literal["when", "many", "who", "where", "what", "why"]

LONGEST = 90
"""Characters of a question."""
_NUMBER = (
    r"(?:(?:over|about|around|nearly|almost|some|at least|at most|up to|more than|fewer than|less than|roughly"
    r"|approximately|only) )?(?<![$£€\w])(?:\d[\d,.]*(?<=\d)(?: (?:million|billion|thousand))?(?![\w%-])"
    r"|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty)"
)
_COUNTED = (
    r"(?!(?:hundred|thousand|million|billion|dozen|years|months|days|weeks|hours|minutes|seconds|percent|per|times|degrees|points|others|as|was|is|has|euros"
    r"|dollars|pounds|of|goals)\b)(?:[a-z]{3,} )?(?:people|men|women|children|[a-z]{3,}(?<![sui])s)\b"
)
_ADVERB = r"(?:(?:first|also|later|[a-z]+ly) )?"
_DONE_BY = {
    "written": "wrote", "built": "built", "led": "led", "won": "won", "sung": "sang", "drawn": "drew",
} | {
    word: word
    for word in (
        "founded directed designed produced composed created invented developed discovered painted established "
        "published owned commanded launched organised organized signed defeated proposed illustrated edited "
        "translated sponsored financed hosted introduced commissioned constructed conquered assassinated"
    ).split()
}  # fmt: skip
"""Participle → past tense of what persons and bodies do: who did it is worth asking."""
_PLACED = "located|situated|based|headquartered|born|held|buried|signed|filmed|fought"
_PERSON = re.compile(
    r"\b(?:politician|player|footballer|singer|actor|actress|writer|author|novelist|poet|musician|composer|painter|artist"
    r"|scientist|physicist|chemist|mathematician|engineer|architect|philosopher|historian|economist|lawyer|judge|general"
    r"|king|queen|emperor|monk|bishop|pope|priest|saint|journalist|coach|manager|director|producer|explorer|officer"
    r"|businessman|businesswoman|inventor|statesman|president|minister|theologian|activist|soldier|nobleman|poet)\b"
)
_NO_NAMES = "|".join([*MONTHS, *WEEKDAYS])
_NAME = re.compile(rf"(?<=[\s-])(?!(?:{_NO_NAMES})\b)[A-Z][\w’'-]+")
_ALONE = frozenset(
    "die begin end open close retire resign collapse arrive finish start fall rise merge debut graduate surrender "
    "disband reopen sink evacuate leave".split()
)
"""Verbs that a question may end with."""
_ODD = re.compile(r"(?!(?:official|formal|original|public|complete)ly\b)[a-z]+ly\b|born (?!in\b)")
"""What a participle does not take well in a question."""
_UNTOLD = re.compile(
    r"\bthe (?:(?:new|old|first|second|third|final) )?(?:town|city|village|company|game|season|team|club|group|line"
    r"|area|division|region|country|state|school|building|church|film|album|song|book|series|war|treaty|record|event|family|title"
    r"|contract|property|site|land|house|station)\b(?! (?:of|in|at|between|with) (?:the )?[A-Z])"
)
"""What only its article tells which it is."""
_LASTING = re.compile(rf" for (?:the next )?(?:another )?{_NUMBER} (?:more )?(?:years|months|weeks|days)$")
_ROLE = re.compile(
    r"(?P<name>(?:[A-Z][\w’'-]+ ){1,4}(?:al-|de |von |van )?[A-Z][\w’'-]+), (?:an? |the )?(?:[a-z]+ ){0,2}"
    r"(?i:deputy|chief|head|director|advis[eo]r|minister|president|spokes(?:man|woman|person)|commander|professor"
    r"|chair(?:man|woman)?|founder|leader|secretary|mayor|member|analyst|author|coach|editor|manager|ambassador|governor"
    r"|senator)\b[^,]* (?:of|to|at|for|in) "
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and which kind of thing it asks for."""

    text: str
    wh: Wh


def questions(sentence: str, text: str, title: str = "") -> list[Question]:
    """The questions that the sentence answers, each once, in the order of the rules.

    Args:
        text: of the whole article: it shows which words are names.
        title: of the article: what is defined under its own title is worth asking for.
    """
    plain = plain_statement(sentence)
    if plain is None:
        return []
    found = [Question(_finished(one.text), one.wh) for one in _all(plain, text, title)]
    return list(dict.fromkeys(one for one in found if _is_good(one, title)))


def _all(plain: str, text: str, title: str) -> Iterator[Question]:
    if (named := _ROLE.match(plain)) and named["name"].split()[0] not in ("The", "In", "At", "On"):
        yield Question(f"Who is {named['name']}?", "who")
    yield from _counted_subjects(plain)
    clause = clause_of(plain, text, title)
    if clause is None:
        return
    if re.fullmatch("was|were|is|are", clause.verb):
        yield from _being(clause, title)
    elif clause.verb in ("will", "must", "can"):
        yield from _modal(clause)
    elif clause.verb in ("has", "have", "had"):
        yield from _having(clause)
    elif clause.verb in PASTS:
        yield from _doing(clause)
    elif clause.verb in CONTAINS:
        yield from _many(clause, "does", CONTAINS[clause.verb])


# The rules


def _counted_subjects(plain: str) -> Iterator[Question]:
    """`168 lawmakers voted for it` → how many; `there are 5 of them` too."""
    opening = OPENING.match(plain)
    body = plain[opening.end() :] if opening else plain
    if there := re.match(rf"[Tt]here (are|were) {_NUMBER} (?P<what>{_COUNTED})(?P<rest> (?:in|on|at) [^,;:]+)", body):
        rest = tail(there["rest"])
        if rest:
            yield Question(f"How many {there['what']} {there[1]} there {rest}?", "many")
    if counted := re.match(rf"{_NUMBER} (?P<what>{_COUNTED}) (?P<rest>[^,;:]+)", body, re.I):
        rest = tail(undated(counted["rest"]), most=COUNTED_WORDS)
        words = rest.split()
        if rest and any(word in AUX or word in PAST or word in PASTS or word.endswith("ed") for word in words):
            yield Question(f"How many {counted['what']} {rest}?", "many")


def _being(clause: Clause, title: str) -> Iterator[Question]:
    subject, aux, rest = clause.subject, clause.verb, clause.rest
    done = re.match(rf"{_ADVERB}(?P<verb>[a-z]+(?:ed|en|wn)|{'|'.join(PAST)})\b", rest)
    if done and done["verb"] not in ("used", "known", "called", "named", "interested", "involved"):
        for how, before in _dated(clause):
            before = re.sub(r"^(?:eventually|subsequently|also|later|finally) ", "", before)
            if not _ODD.match(before):
                yield Question(f"{how} {aux} {subject} {before}?", "when")
        why = re.match(r"(?P<before>[^,;:]+?) (?:because of|due to|because) ", rest)
        if why and (before := tail(why["before"])):
            yield Question(f"Why {aux} {subject} {before}?", "why")
    where = re.match(rf"(?P<verb>{_PLACED}) (?:in|at|near) (?:the )?(?P<place>[A-Z]\w+)", rest)
    if where and where["place"] not in MONTHS:
        yield Question(f"Where {aux} {subject} {where['verb']}?", "where")
    by = re.match(r"(?P<verb>[a-z]+) by (?:the )?(?:[a-z]+ ){0,3}[A-Z]", rest)
    if by and by["verb"] in _DONE_BY and aux in ("was", "were"):
        yield Question(f"Who {_DONE_BY[by['verb']]} {subject}?", "who")
    if re.match(r"(?:an?|the|one of) ", rest) and _is_title(subject, title) and len(rest.split()) > 4:
        head = re.split(r"[,;]| who | which | that | in | at ", rest)[0]
        if _PERSON.search(head):
            yield Question(f"Who {aux} {subject}?", "who")
        elif not is_person(subject) and rest.startswith("a"):  # `Ulm was the seat of the court` defines nothing
            yield Question(f"What {aux} {subject}?", "what")


def _modal(clause: Clause) -> Iterator[Question]:
    if re.match(r"(?:also |not |never )|be\b(?! [a-z]+(?:ed|en)\b)", clause.rest):
        return
    for how, before in _dated(clause):
        yield Question(f"{how} {clause.verb} {clause.subject} {before}?", "when")
    if (long := _LASTING.search(clause.rest)) and (before := tail(clause.rest[: long.start()])):
        yield Question(f"How long {clause.verb} {clause.subject} {before}?", "when")
    if match := re.match(rf"(?P<verb>[a-z]+) {_NUMBER} (?P<what>{_COUNTED})", clause.rest):
        yield Question(f"How many {match['what']} {clause.verb} {clause.subject} {match['verb']}?", "many")


def _having(clause: Clause) -> Iterator[Question]:
    helper = {"has": "does", "have": "do", "had": "did"}[clause.verb]
    if re.match(r"an? (?:estimated )?(?:total )?population of \D{0,20}\d", clause.rest):
        be = "was" if clause.verb == "had" else "is"
        yield Question(f"What {be} the population of {clause.subject}?", "many")
    yield from _many(clause, helper, "have")


def _doing(clause: Clause) -> Iterator[Question]:
    base = PASTS[clause.verb]
    for how, before in _dated(clause, empty=base in _ALONE):
        yield Question(f"{how} did {clause.subject} {base} {before}".strip() + "?", "when")
    yield from _many(clause, "did", base)
    if clause.verb in _DONE_BY.values() and is_person(clause.subject):
        what = tail(undated(re.split(r"[,;:]", clause.rest)[0]))
        if re.match(r"the .*\b[A-Z]|[A-Z]\S* (?:of )?[A-Z]", what):
            yield Question(f"Who {clause.verb} {what}?", "who")


def _many(clause: Clause, helper: str, base: str) -> Iterator[Question]:
    match = re.match(rf"{_NUMBER} (?P<what>{_COUNTED})(?P<more>[^,;:]*)", clause.rest)
    if match is None:
        return
    more = "" if match["more"].startswith(" and ") else tail(undated(match["more"]))
    if more and more.split()[0] not in ("from", "in", "at", "to", "on", "a", "of"):
        return
    if match["more"].strip() and not more and not match["more"].startswith(" and "):
        return
    if re.search(r"\b(?:his|her|its|their)\b", more):
        return
    if more.startswith("of "):
        yield Question(f"How many {match['what']} {more} {helper} {clause.subject} {base}?", "many")
    else:
        yield Question(f"How many {match['what']} {helper} {clause.subject} {base} {more}".strip() + "?", "many")


def _dated(clause: Clause, *, empty: bool = False) -> Iterator[tuple[str, str]]:
    """How to ask for the date of the clause, and what of it stands before the date."""
    ask = {"in": "When", "on": "When", "by": "By when", "until": "Until when", "since": "Since when"}
    match = WHEN.search(clause.rest)
    if match and "," not in clause.rest[: match.start()]:
        before = clause.rest[: match.start()].strip()
        how = ask[match["how"]]
    elif clause.dated:
        before, how = re.split(r"[,;:]", clause.rest)[0], "When"
        if WHEN.search(before) or re.search(rf"\b(?:{DATE})", before):
            return
    else:
        return
    if (empty and not before) or (before := tail(before)):
        yield how, before


def _is_title(subject: str, title: str) -> bool:
    bare = subject.removeprefix("the ").lower()
    return bool(title) and re.sub(r"\s*\(.*", "", title).lower().replace("_", " ") == bare


def _finished(question: str) -> str:
    return " ".join(question.split()).replace(" ?", "?")


_NUMBER_SUBJECT = re.compile(
    r"^\w+(?: \w+)? (?:is|are|was|were|did|do|does|has|have|had|will|can|must) "
    r"(?:One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Eleven|Twelve|Dozens?"
    r"|Hundreds|Thousands|Both|Others|Several|Many|Some|Neither|None)(?! [A-Z])\b"
)
"""`Three died …` makes no question: who the three are, stood in the sentence before."""


def _is_good(one: Question, title: str) -> bool:
    """Whether it is short, gives no year away, and says what it is about: by a name, or as the title does."""
    about = bool(_NAME.search(one.text)) or bool(stems(one.text) & stems(title))
    if _NUMBER_SUBJECT.search(one.text):
        return False
    told = re.search(r"\b[12]\d{3}\b", one.text)
    return about and not told and len(one.text) <= LONGEST and not _UNTOLD.search(one.text)
