"""Which word of a sentence stands where in the evidence: figures and names that have changed places, gaps that turn it.

Each check yields, case by case, whether it objects. Thresholds were fitted on one half of the pairs that
`eval/checker.py` builds from CLAPnq and SQuAD 2.0; `docs/LOG.md` has the curves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from rag.statements import DENIALS, MODALS, Statement, Word
from rag.untold import are_forms

WINDOW = 4
"""Words on either side that tell what a figure, a name or an opposite is about."""
FIGURE_MARGIN, NAME_MARGIN = 0.75, 2.5
"""How much better another one's surroundings must fit before two are held to be exchanged. Names stand in lists and
appositions, where neighbours say little: at 1.5, .055 of the true statements are rejected instead of .030."""
ALIGNED = 0.5
"""A sentence of whose words so many stand in the evidence in the same order runs along with it."""
GAP = 4
"""Words that may differ in a sentence that else runs along with its evidence."""
ANCHOR = 3
"""Words on both sides of the gap together that must be the same."""
_DONE = frozenset("has have had was were".split())

Block = tuple[int, int, int, Statement]
"""Where a run of common words begins in the sentence and in the evidence, how long it is, and which evidence."""


def places(claim: Statement, told: Sequence[Statement], context: Statement) -> Iterator[bool]:
    """Whether a figure or a name stands where the evidence has another one of its kind."""
    dated = {str(part) for day in claim.days for part in (day.year, day.day)}
    figures = [word for word in claim.words if is_figure(word) and word.root not in dated]
    yield from _misplaced(claim, told, figures, is_figure, FIGURE_MARGIN)
    yield from _misplaced(claim, told, claim.names, _is_name, NAME_MARGIN)


def _misplaced(
    claim: Statement, told: Sequence[Statement], mine: Sequence[Word], is_rival: Callable[[Word], bool], margin: float
) -> Iterator[bool]:
    for word in mine:
        rivals = [(one, other) for one in told for other in one.words if is_rival(other) and other.root != word.root]
        own = [(one, other) for one in told for other in one.words if other.root == word.root]
        if own and rivals:
            best = max(fit(claim, word, one, other) for one, other in own)
            yield max(fit(claim, word, one, other) for one, other in rivals) > best + margin


def fit(claim: Statement, word: Word, one: Statement, other: Word) -> float:
    """How much of what surrounds a word surrounds the other, on the same side; the nearer the more."""
    score = 0.0
    for side in (-1, 1):
        theirs = dict(_around(one, other, side))
        score += sum(1 / max(distance, theirs[near]) for near, distance in _around(claim, word, side) if near in theirs)
    return score


def _around(told: Statement, word: Word, side: int) -> Iterator[tuple[str, int]]:
    """Roots of the words on one side of a word, farthest first, with their distance."""
    near = told.words[word.place + 1 :] if side > 0 else told.words[: word.place][::-1]
    beside = [
        one
        for one in near[: 2 * WINDOW]
        if one.sentence == word.sentence and (one.has_content or one.text[0].isdigit())
    ]
    yield from reversed([(one.root, distance) for distance, one in enumerate(beside[:WINDOW], 1)])


def edits(claim: Statement, told: Sequence[Statement], context: Statement) -> Iterator[bool]:
    """Where the sentence runs along with the evidence word for word but for a gap: whether the gap turns it."""
    aligned = max((_aligned(claim, one) for one in told), key=_length)
    if _length(aligned) < ALIGNED * len(claim.words):
        return
    for mine, theirs in _gaps(claim, aligned):
        yield _denies(mine) != _denies(theirs)
        yield bool(_modals(theirs)) and not _modals(mine) and any(word.low in _DONE for word in mine)
        for is_key in (_is_name, is_figure):
            new = {word.root for word in mine if is_key(word)}
            old = {word.root for word in theirs if is_key(word)}
            yield bool(new - old) and bool(old - new) and not (is_key is _is_name and are_forms(mine, theirs))


def _length(blocks: Sequence[Block]) -> int:
    return sum(size for _, _, size, _ in blocks)


def _aligned(claim: Statement, one: Statement) -> list[Block]:
    """The runs of words that both have, in their order: where they begin in each, and how long they are.

    A lone `the` of another sentence of the evidence than the run after it is no place where the two run along.
    """
    mine, theirs = [word.root for word in claim.words], [word.root for word in one.words]
    *runs, end = SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks()
    kept = [
        run
        for run, after in pairwise([*runs, end])
        if run.size > 1 or not after.size or one.words[run.b].has_content or _same_sentence(one, run.b, after.b)
    ]
    return [(block.a, block.b, block.size, one) for block in (*kept, end)]


def _same_sentence(one: Statement, first: int, second: int) -> bool:
    return one.words[first].sentence == one.words[second].sentence


def _gaps(claim: Statement, aligned: Sequence[Block]) -> Iterator[tuple[Sequence[Word], Sequence[Word]]]:
    """What differs between two words that stand next to it in both; the ends of a sentence count as words."""
    (first, second, _, one), *_ = aligned
    *_, (last, end, size, _), _ = [(0, 0, 0, one), *aligned]
    opening = (
        [word for word in one.words[max(0, second - GAP - 1) : second] if word.sentence == one.words[second].sentence]
        if second < len(one.words)
        else []
    )
    closing = (
        [
            word
            for word in one.words[end + size : end + size + GAP + 1]
            if word.sentence == one.words[end + size - 1].sentence
        ]
        if size
        else []
    )
    spans: list[tuple[Sequence[Word], Sequence[Word], int]] = []
    for mine, theirs in ((claim.words[:first], opening), (claim.words[last + size :], closing)):
        if max(len(mine), len(theirs)) <= GAP:
            beside = {word.root for word in one.words if theirs and word.sentence == theirs[0].sentence}
            keys = [word for word in mine if (word.is_name or is_figure(word)) and word.root not in beside]
            spans.append((keys, [word for word in theirs if word.is_name or is_figure(word)], ANCHOR))
    for (a, b, size, _), (c, d, following, _) in pairwise(aligned):
        if size and following:
            spans.append((claim.words[a + size : c], one.words[b + size : d], size + following))
    yield from (
        (mine, theirs) for mine, theirs, anchor in spans if anchor >= ANCHOR and max(len(mine), len(theirs)) <= GAP
    )


def _denies(words: Sequence[Word]) -> bool:
    return any(word.low in DENIALS for word in words)


def _modals(words: Sequence[Word]) -> set[str]:
    return {word.low for word in words} & MODALS


def _is_name(word: Word) -> bool:
    return word.is_name


def is_figure(word: Word) -> bool:
    return word.text[0].isdigit()
