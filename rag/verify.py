"""A sentence against its evidence: is it a quote, does the evidence bear it out, or neither?

Does not know the language model that wrote it. Rules over words: nothing may be told that the evidence does not tell
(`rag.untold`), nothing may be turned (`rag.turned`) or change places (`rag.aligned`), and most of the words must come
from there. What it passes may still be wrong in ways that no word shows; an entailment model (`rag.entail`) sees more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from rag import aligned, turned, untold
from rag.dates import MONTHS
from rag.question import parts
from rag.statements import Statement, statement
from rag.stems import numbers, stems
from rag.types import Checker, Evidence

Verdict = Literal["verbatim", "supported", "unsupported"]

SHARE = 0.6
"""Of a sentence's words and figures, so many must stand in the evidence, its title or the question."""
OWN_SHARE = 0.4
"""The same for the evidence alone: what only repeats the question rests on nothing."""
KEPT_SHARE = 0.9
"""Of the evidence's words that the question did not hold, so many must survive in a lossless draft."""
SURE = 0.5
"""From here on a model that reads is believed."""
SOFT = frozenset({"place", "role", "words"})
"""What a model that is sure of the sentence may overrule: these rules are wrong about as often as it is."""
_LEADS = r"^\W*(?:(?:and|but|so|then|also)\b\W*)?(?:[a-z]+ )?"
_ASKS = {
    "date": re.compile(rf"{_LEADS}(?:when|(?:what|which) (?:exact )?(?:day|date|month|year))\b", re.I),
    "number": re.compile(
        rf"{_LEADS}(?:how (?:many|much|long|large|big|high|old|far)|what (?:number|share|percentage))\b", re.I
    ),
    "name": re.compile(rf"{_LEADS}(?:who(?:m|se)?|where)\b", re.I),
}
_TIME = re.compile(
    r"\b(?:1\d{3}|20\d\d)s?\b|\b(?:\w+day|centur(?:y|ies)|years?|months?|weeks?|days?|hours?|decades?)\b", re.I
)
_ASKS_DAY = re.compile(r"\b(?:what|which) (?:exact )?(?:day|date)\b", re.I)
_FAULTS: dict[str, Callable[[Statement, Sequence[Statement], Statement], Iterator[bool]]] = {
    "figure": untold.figures,
    "date": untold.dates,
    "name": untold.names,
    "denial": turned.denials,
    "opposite": turned.turned_round,
    "plan": turned.modes,
    "doer": turned.doers,
    "role": turned.roles,
    "place": aligned.places,
    "edit": aligned.edits,
    "reply": turned.reply,
}
"""Sentence, pieces of evidence, what else may lend words → whether it objects, case by case."""


def check(
    sentence: str,
    evidence: Evidence | Sequence[Evidence],
    question: str,
    *,
    checker: Checker | None = None,
    share: float = SHARE,
) -> Verdict:
    """Whether the evidence, one piece or several taken together, holds the sentence verbatim or bears it out.

    Args:
        question: may lend words and names, no figures.
        checker: a model that reads; it may reject, and overrule what is soft, never a figure or a name.
    """
    pieces = [evidence] if isinstance(evidence, Evidence) else list(evidence)
    if any(is_quote(sentence, one.text) for one in pieces):
        return "verbatim"
    return "unsupported" if fault(sentence, pieces, question, checker=checker, share=share) else "supported"


def supporting(
    sentence: str, evidence: Sequence[Evidence], question: str, *, checker: Checker | None = None
) -> tuple[int, ...]:
    """Which pieces of evidence the sentence rests on: the best one, or where no single one suffices two or all."""
    alone = [i for i, one in enumerate(evidence) if check(sentence, one, question, checker=checker) != "unsupported"]
    if alone:
        return (max(alone, key=lambda i: (is_quote(sentence, evidence[i].text), _own(sentence, evidence[i]))),)
    pairs = [(i, j) for j in range(len(evidence)) for i in range(j)]
    for group in (*pairs, tuple(range(len(evidence)))):
        pieces = [evidence[i] for i in group]
        if len(group) > 1 and check(sentence, pieces, question, checker=checker) == "supported":
            return group
    return ()


def is_quote(sentence: str, evidence: str) -> bool:
    """Whether the evidence holds the sentence word for word, white space and its own quotation marks aside."""
    words = " ".join(sentence.split()).strip("\"“”'‘’ ")
    return bool(stems(words)) and bool(re.search(rf"(?<!\w){re.escape(words)}(?!\w)", " ".join(evidence.split())))


def keeps(sentence: str, evidence: str, question: str) -> bool:
    """Whether nothing is lost by showing the sentence instead of the evidence it rests on.

    All numbers of the evidence, and most of its names and other words that the question did not hold.
    """
    if not numbers(evidence) - numbers(question) <= numbers(sentence):
        return False
    new = stems(evidence) - stems(question)
    return len(new & stems(sentence)) >= KEPT_SHARE * len(new)


def responds(sentence: str, question: str, evidence: str = "") -> bool:
    """Whether the sentence says something the question did not, and keeps what a part of the question asks for.

    The number, date or name of the evidence that fits the question, if it has one. A date that the evidence tells to
    the month must come with its month, and with its day where a day was asked for.
    """
    if not stems(sentence) - stems(question):
        return False
    claim, told = statement(sentence), statement(evidence)
    return any(_keeps_asked(claim, told, part) for part in parts(question))


def _keeps_asked(claim: Statement, told: Statement, question: str) -> bool:
    asked = statement(question)
    if _ASKS["date"].search(question):
        return _tells_the_date(claim, told, wants_day=bool(_ASKS_DAY.search(question)))
    if _ASKS["number"].search(question):
        return bool(_counts(claim) - _counts(asked)) or not _counts(told) - _counts(asked)
    if _ASKS["name"].search(question):
        return bool(_named(claim) - asked.roots) or not _named(told) - asked.roots
    return True


def _counts(one: Statement) -> set[object]:
    return {*(figure.value for figure in one.figures), *(one.lows & untold.VAGUE)}


def _named(one: Statement) -> set[str]:
    return {word.root for word in one.names}


def _tells_the_date(claim: Statement, told: Statement, *, wants_day: bool) -> bool:
    if not told.days:
        return bool(_TIME.search(claim.text)) or not _TIME.search(told.text)
    if not claim.days:
        bare = {count for count in _counts(claim) & _counts(told) if isinstance(count, float) and count >= 1000}
        return bool(bare - {day.year for day in told.days} or untold.RELATIVE.search(claim.text))
    return not wants_day or any(day.day for day in claim.days) or not any(day.day for day in told.days)


def fault(
    sentence: str,
    evidence: Sequence[Evidence],
    question: str,
    *,
    checker: Checker | None = None,
    share: float = SHARE,
) -> str | None:
    """Why the evidence does not bear the sentence out, in a word; None where it does."""
    claim = statement(sentence)
    if not claim.content and not claim.figures:
        return "empty"
    told = [statement(one.text, one.article.published) for one in evidence]
    asked = statement(question)
    titles = statement(" . ".join(one.article.title or "" for one in evidence))
    context = statement(f"{question} . {titles.text}")
    found: list[str] = []
    for name, wrong in _FAULTS.items():
        if any(wrong(claim, told, {"figure": titles, "reply": asked}.get(name, context))):
            found.append(name)
            if checker is None or name not in SOFT:  # nothing that comes after can change it
                return found[0]
    if not _shares(claim, told, context, share):
        found.append("words")
    if checker is None:
        return found[0] if found else None
    supported, contradicted = checker.judge(_read_together(evidence), sentence)
    if contradicted > SURE:
        return "contradicted"
    return found[0] if found and supported <= SURE else None


def _read_together(evidence: Sequence[Evidence]) -> str:
    """The evidence under its titles, which name what its pronouns mean."""
    titles = dict.fromkeys(one.article.title for one in evidence if one.article.title)
    return " ".join([*(f"{title}." for title in titles), *(one.text for one in evidence)])


def _shares(claim: Statement, told: Sequence[Statement], context: Statement, share: float) -> bool:
    """Figures, dates and names have been found told before: those of the evidence count in whatever form they stand."""
    words = _matter(claim)
    own = frozenset[str]().union(*(one.roots for one in told))
    own |= {word.root for word in claim.words if aligned.is_figure(word) or word.text in MONTHS}
    own |= {name.root for name in claim.names if untold.is_told(name, claim, told)}
    known = own | context.roots | {name.root for name in claim.names}
    return len(words & known) >= share * len(words) and len(words & own) >= OWN_SHARE * len(words)


def _matter(claim: Statement) -> set[str]:
    return {word.root for word in claim.words if word.has_content or aligned.is_figure(word)}


def _own(sentence: str, evidence: Evidence) -> float:
    words = _matter(statement(sentence))
    return len(words & statement(evidence.text, evidence.article.published).roots) / max(len(words), 1)
