"""How well sentences are chosen and refusals told, before any answer is worded; with ranker and reader and without.

For a suite with short answers or gold sentences: is the answer in the first sentence, in the first three; how well the
confidence, and the best logit alone, separate what is answered there from what is not. Does not know how sentences are
found nor how an answer is made of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eval.layout import Query
from eval.metrics import Share, auc, share
from eval.sufficiency import holds_answer, is_relevant
from rag import Rag
from rag.sufficiency import confidence
from rag.types import InContext, Progress, Span

PASSAGES = 10
"""The best passages, in which the answer is there or is not."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What one suite came to."""

    first: Share
    """Of the answerable questions those whose first sentence holds the answer, from a document called relevant."""
    three: Share
    three_there: Share
    """The same of those whose answer stands in the ten best passages, those of the relevant documents."""
    three_anywhere: Share
    """Of those whose answer stands in any of the ten best passages: in the first three sentences, of any document."""
    by_confidence: float | None
    """AUC of answerable against unanswerable."""
    by_logit: float | None


@dataclass(frozen=True, slots=True)
class Compared:
    """The same questions with ranker and reader in force, with one of them, and with neither."""

    both: Figures
    ranker: Figures
    reader: Figures
    neither: Figures


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: which of its sentences hold the answer, and how sure the program was."""

    answerable: bool
    there: bool
    anywhere: bool
    """Whether the answer stands in one of the ten best passages of whatever document."""
    right: tuple[bool, ...]
    holding: tuple[bool, ...]
    """Which of the first sentences hold the answer; `right` are those of a relevant document."""
    confidence: float
    logit: float


class Silent:
    """A ranker that says nothing of any sentence, and a reader that sees no answer."""

    def rank(self, question: str, sentences: Sequence[InContext]) -> list[float]:
        return [0.0] * len(sentences)

    def read(self, question: str, texts: Sequence[tuple[str, str]]) -> list[list[Span]]:
        return [[] for _ in texts]


def ask(rag: Rag, questions: Sequence[Query], progress: Progress) -> Iterator[Asked]:
    """The questions of a suite, asked for their sentences only."""
    for done, query in enumerate(questions):
        progress("asking", done, len(questions))
        found = rag.evidence(query.text, query.history)
        hits = rag.passages(query.text, query.history, top_k=PASSAGES) if query.answerable else []
        there = [hit for hit in hits if holds_answer(query, [hit.node.get_content()])]
        holding = tuple(holds_answer(query, [one.text]) for one in found[:3])
        yield Asked(
            bool(query.answerable),
            any(is_relevant(query, hit.node.metadata["source"]) for hit in there),
            bool(there),
            tuple(held and is_relevant(query, one.article.source) for held, one in zip(holding, found, strict=False)),
            holding,
            confidence(query.text, found),
            max((one.logit for one in found), default=-99.0),
        )


def figures(asked: Sequence[Asked]) -> Figures:
    """The shares and areas of one suite's questions."""
    yes = [one for one in asked if one.answerable]
    no = [one for one in asked if not one.answerable]
    return Figures(
        share([any(one.right[:1]) for one in yes]),
        share([any(one.right) for one in yes]),
        share([any(one.right) for one in yes if one.there]),
        share([any(one.holding) for one in yes if one.anywhere]),
        auc([one.confidence for one in yes], [one.confidence for one in no]),
        auc([one.logit for one in yes], [one.logit for one in no]),
    )
