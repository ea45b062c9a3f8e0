"""What a sentence turns: denials, opposites, plans told as done, who did it to whom, who is what, yes and no.

Each check yields, case by case, whether it objects. Does not know which checks there are besides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.aligned import fit
from rag.statements import REFUSES, Statement, Word
from rag.wordforms import negates, opposites

OPPOSITE_MARGIN = 0.5
"""How much better the surroundings of an opposite must fit than those of the word itself, where both are there."""


def denials(claim: Statement, told: Sequence[Statement], context: Statement) -> Iterator[bool]:
    mine, theirs = claim.denials, [words for one in told for words in one.denials]
    soft = [words for one in told for words in one.refusals]
    for words in mine:
        yield (
            not (any(_overlap(words, others) for others in (*theirs, *soft)) or _unmade(words, told))
            if words
            else not theirs
        )
    roots = frozenset[str]().union(*(one.roots for one in told))
    for word in claim.softeners:
        about = claim.about(word)
        denied = word.root in roots or any(_overlap(about, others) for others in (*theirs, *soft))
        yield word.root in REFUSES and not denied
    free = _undenied([claim]) - {word.root for words in claim.refusals for word in words}
    said = _undenied(told)
    for heads in (*(words[:2] for words in theirs), *(words[:1] for words in soft)):
        yield any(word.root in free and word.root not in said for word in heads)


def _unmade(words: Sequence[Word], told: Sequence[Statement]) -> bool:
    """Whether the evidence denies a word by its form: `fearless` is `no fear`, `illegal` is `not legal`."""
    return any(
        other.low == f"{word.low}less" or negates(word.low, other.low)
        for word in words
        for one in told
        for other in one.content
    )


def _overlap(words: Sequence[Word], others: Sequence[Word]) -> bool:
    return bool({word.root for word in words} & {word.root for word in others})


def _undenied(told: Sequence[Statement]) -> set[str]:
    denied = {id(word) for one in told for words in (*one.denials, *one.refusals) for word in words}
    return {word.root for one in told for word in one.content if id(word) not in denied}


def turned_round(claim: Statement, told: Sequence[Statement], context: Statement) -> Iterator[bool]:
    yield "against" in claim.lows and not any("against" in one.lows for one in (*told, context))
    denied = {word.root for words in claim.denials for word in words}
    for word in claim.words:
        others = opposites(word.root)
        against = [
            (one, other) for one in told for other in one.words if other.root in others or _prefixed(word, other)
        ]
        if not against:
            continue
        same = [(one, other) for one in told for other in one.words if other.root == word.root]
        best = max((fit(claim, word, one, other) for one, other in same), default=0.0)
        turned = max(fit(claim, word, one, other) for one, other in against)
        unmade = not same and word.root not in denied and any(_prefixed(word, other) for _, other in against)
        yield unmade or turned > best + (OPPOSITE_MARGIN if same else 0.0)


def _prefixed(word: Word, other: Word) -> bool:
    return word.has_content and other.has_content and negates(word.low, other.low)


def modes(claim: Statement, told: Sequence[Statement], context: Statement) -> Iterator[bool]:
    for word in claim.content:
        mode = "open" if word.is_name else claim.mode(word)
        if mode != "open":
            modes = {one.mode(other) for one in told for other in one.content if other.root == word.root}
            yield modes == ({"plan"} if mode == "fact" else {"fact"})


def doers(claim: Statement, told: Sequence[Statement], context: Statement) -> Iterator[bool]:
    for verb in filter(claim.is_verb, claim.content):
        theirs = [pair for one in told for other in one.content if other.root == verb.root for pair in one.doers(other)]
        known = {(one.root, other.root) for one, other in theirs}
        for one, other in list(claim.doers(verb))[:1]:
            yield (other.root, one.root) in known and (one.root, other.root) not in known


def roles(claim: Statement, told: Sequence[Statement], context: Statement) -> Iterator[bool]:
    """`X is the speaker`: the evidence must say `speaker`, and not only in sentences about others."""
    for name, role in claim.roles():
        roots = {word.root for word in role}
        found = [near for one in told for near in one.sentences if roots <= {word.root for word in near}]
        mine = {word.root for word in claim.names}
        yield not any(
            name.root in {word.root for word in near} or {word.root for word in near if word.is_name} <= mine
            for near in found
        )


def reply(claim: Statement, told: Sequence[Statement], context: Statement) -> Iterator[bool]:
    """A `yes` before what denies the question's words or says their opposite, a `no` before what does neither."""
    reply = claim.words[0].low if claim.words else ""
    if reply in ("yes", "no") and len(claim.words) > 1:
        turned = bool(claim.denials) != bool(context.denials)
        turned |= any(opposites(word.root) & context.roots - claim.roots for word in claim.content)
        yield turned == (reply == "yes")
