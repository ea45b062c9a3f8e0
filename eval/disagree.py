"""Questions that bring their own documents, which need not agree: is every right answer shown, and are they told apart?

Each question is asked over its own documents, in an index of its own. Does not know any suite by name, nor how an
index is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from eval.facts import fold, holds
from eval.layout import OwnQuestion
from eval.metrics import Share, count_words, median, share
from eval.seams import Asked
from eval.support import flags_disagreement, shown, unsupported
from rag.types import Document, Progress

Open = Callable[[Sequence[Document]], AbstractContextManager[Asked]]
"""Documents to a program that answers from these and no others, until it is closed."""

SEVERAL = 2


@dataclass(frozen=True, slots=True)
class OwnAsking:
    """What came of one question."""

    id: str
    question: str
    answer: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]
    """Those that no right answer holds."""
    stated: tuple[str, ...]
    """Those of the right and wrong answers that its documents state, each once."""
    listed: int
    """How many different answers, right and wrong, the set names."""
    missing: tuple[str, ...]
    """Right answers that are not shown."""
    wrong_shown: tuple[str, ...]
    flags: bool
    refused: bool
    sentences: int
    unsupported: tuple[str, ...]
    words: int
    seconds: float

    @property
    def complete(self) -> bool:
        return not self.missing and not self.refused

    @property
    def can_be_complete(self) -> bool:
        """Whether every right answer stands in the documents at all."""
        return {fold(one) for one in self.right} <= set(self.stated)

    @property
    def differs(self) -> bool:
        """Whether its documents state different answers."""
        return len(self.stated) >= SEVERAL


@dataclass(frozen=True, slots=True)
class OwnFigures:
    """What such a suite came to."""

    questions: int
    complete: dict[int, Share]
    """Questions of which every right answer is shown, by how many there are."""
    several: Share
    """The same over all questions with several right answers."""
    several_stated: Share
    """Of these, the questions whose documents state every right answer verbatim: what could be reached."""
    any_right: Share
    flagged: Share
    """Of the questions whose documents state different answers, those where a reader is told so."""
    flagged_listed: Share
    """The same over the questions for which the set names different answers, whatever their documents state."""
    falsely_flagged: Share
    """Of the questions whose documents state one answer or none."""
    wrong_unflagged: Share
    """Of the questions with a wrong answer, those where it is shown and nothing said."""
    falsely_refused: Share
    sentences: int
    unsupported: int
    words: float
    seconds: float


def ask_all(opened: Open, questions: Sequence[OwnQuestion], *, progress: Progress) -> Iterator[OwnAsking]:
    """Each question asked of its own documents."""
    for done, question in enumerate(questions):
        progress("asking each of its own documents", done, len(questions))
        with opened(question.documents) as rag:
            yield ask(rag, question)
    progress("asking each of its own documents", len(questions), len(questions))


def ask(rag: Asked, question: OwnQuestion) -> OwnAsking:
    """One question asked of a program that has its documents."""
    answer = rag.ask(question.text)
    text, wrong = "" if answer.refused else shown(answer), _only_wrong(question)
    return OwnAsking(
        id=question.id,
        question=question.text,
        answer=answer.text,
        right=question.right,
        wrong=wrong,
        stated=stated(question),
        listed=len({fold(one) for one in (*question.right, *question.wrong)}),
        missing=tuple(one for one in question.right if not holds(text, [one])),
        wrong_shown=tuple(one for one in wrong if holds(text, [one])),
        flags=flags_disagreement(answer),
        refused=answer.refused,
        sentences=len(answer.sentences),
        unsupported=unsupported(answer, lambda name: rag.article(name).text),
        words=count_words(answer.text),
        seconds=answer.timings.get("total", 0.0),
    )


def stated(question: OwnQuestion) -> tuple[str, ...]:
    """The different answers, folded, that stand in a document or that the set says a document gives."""
    said = {fold(one) for one in question.said}
    texts = [document.text for document in question.documents]
    answers = dict.fromkeys((*question.right, *question.wrong))
    found = (one for one in answers if fold(one) in said or any(holds(text, [one]) for text in texts))
    return tuple(dict.fromkeys(map(fold, found)))


def _only_wrong(question: OwnQuestion) -> tuple[str, ...]:
    """The wrong answers but those that a right one holds or equals: these stand wherever it does."""
    return tuple(one for one in question.wrong if not any(holds(right, [one]) for right in question.right))


def figures(asked: Sequence[OwnAsking]) -> OwnFigures:
    """All figures of such a suite."""
    several = [one for one in asked if len(one.right) >= SEVERAL]
    answers = [one for one in asked if not one.refused]
    return OwnFigures(
        questions=len(asked),
        complete={
            count: share([one.complete for one in asked if len(one.right) == count])
            for count in sorted({len(one.right) for one in asked})
        },
        several=share([one.complete for one in several]),
        several_stated=share([one.can_be_complete for one in several]),
        any_right=share([not one.refused and len(one.missing) < len(one.right) for one in asked]),
        flagged=share([one.flags for one in asked if one.differs]),
        flagged_listed=share([one.flags for one in asked if one.listed >= SEVERAL]),
        falsely_flagged=share([one.flags for one in asked if not one.differs]),
        wrong_unflagged=share([bool(one.wrong_shown) and not one.flags for one in asked if one.wrong]),
        falsely_refused=share([one.refused for one in asked]),
        sentences=sum(one.sentences for one in asked),
        unsupported=sum(len(one.unsupported) for one in asked),
        words=median([one.words for one in answers]),
        seconds=median([one.seconds for one in asked]),
    )
