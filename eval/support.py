"""What is shown, and whether every sentence of it stands where it says.

Pure, given the articles' texts. Does not know what a right answer would be.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from eval.metrics import holds_quote, without_marks
from rag.types import Answer, Sentence

TextOf = Callable[[str], str]
"""An article's id to its text."""


def shown(answer: Answer) -> str:
    """All that a reader is given as an answer: its text, its footnotes, and what its reports say side by side."""
    sides = [one for dispute in answer.disagreements for one in dispute.statements]
    return "\n".join(
        [
            without_marks(answer.text),
            *(one.quote for one in answer.citations),
            *(f"{one.text} {one.value}" for one in (*sides, *answer.timeline)),
        ]
    )


def flags_disagreement(answer: Answer) -> bool:
    """Whether a reader is told that reports differ: values side by side, or a sentence led by who says so."""
    return bool(answer.disagreements) or any(sentence.lead for sentence in answer.sentences)


def unsupported(answer: Answer, text_of: TextOf) -> tuple[str, ...]:
    """What is shown without support; there must be none.

    A footnote or closest passage that is not the article's text at its span, a quoted sentence that is not of
    its footnote, a sentence that names no footnote or one that is not there, a refusal beside an answer.
    """
    notes = (*answer.citations, *answer.closest)
    quotes = {one.number: one.quote for one in answer.citations}
    return (
        *(one.quote for one in notes if text_of(one.article_id)[one.start : one.end] != one.quote or not one.quote),
        *(one.text for one in answer.sentences if not _stands(one, quotes, refused=answer.refused)),
    )


def _stands(sentence: Sentence, quotes: dict[int, str], *, refused: bool) -> bool:
    if sentence.support == "refused":
        return refused
    if not sentence.citations or not quotes.keys() >= set(sentence.citations):
        return False
    return sentence.support == "supported" or any(sentence.text in quotes[n] for n in sentence.citations)


def cites_gold(answer: Answer, gold: Sequence[str]) -> bool:
    """Whether a cited quote has at least one of the gold sentences, or the larger part of one."""
    return any(holds_quote(one.quote, sentence) for one in answer.citations for sentence in gold)
