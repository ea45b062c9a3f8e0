"""What each part of the program is worth: the same questions with the part left out.

Where the program has no switch for a part, it is left out from outside. Does not know how a program is opened, nor
how a row is printed.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from eval.known import Score
from eval.metrics import Share, median, share
from eval.seams import Asked, Mode, Passage
from eval.suite import Asking, has_short_answer
from rag.types import Answer, Article, Phraser, Sentence, Turn


@dataclass(frozen=True, slots=True)
class Variant:
    """The program with a part left out."""

    name: str
    meaning: str
    settings: dict[str, Any] = field(default_factory=dict)
    """Over the settings in force."""
    search: Mode = "hybrid"
    history: bool = True
    checked: bool = True


VARIANTS = (
    Variant("whole", "the program as it is set up"),
    Variant("without rewriting", "a follow-up is asked as it stands, without the turns before it", history=False),
    Variant("without words", "passages found by vectors alone", search="dense"),
    Variant(
        "without dense", "passages found by words alone; their sentences are still compared as vectors", search="words"
    ),
    Variant("without sufficiency", "never refuses", {"refuse_below": 0.0}),
    Variant("without checking", "the model's draft is the answer, as it comes and without footnotes", checked=False),
    Variant("without the model", "quotes only", {"phrase": "never"}),
)


@dataclass(frozen=True, slots=True)
class Row:
    """What a variant came to."""

    name: str
    meaning: str
    right: Share
    """Known answers: all required facts stated; a suite: a short reference answer shown."""
    cited: Share
    """Known answers: citations with a required fact; a suite: questions with a relevant document cited."""
    follow_ups: Share
    """Follow-ups that are right; in a suite, those with a relevant document cited."""
    refused: Share
    falsely_refused: Share
    words: float
    seconds: float


class Opening(Protocol):
    """Opens the program with settings changed, one way of searching, and a language model of one's own or the usual."""

    def __call__(
        self, changes: dict[str, Any], *, search: Mode, phraser: Phraser | None
    ) -> AbstractContextManager[Asked]: ...


class Recorder:
    """A language model that remembers what it said. It says it in one piece, so that nobody stops it half-way."""

    def __init__(self, phraser: Phraser) -> None:
        self._phraser = phraser
        self.said = ""

    @property
    def name(self) -> str:
        return self._phraser.name

    def stream(self, system: str, user: str) -> Generator[str, None, None]:
        with closing(self._phraser.stream(system, user)) as pieces:
            reply = "".join(pieces)
        self.said += reply
        yield reply

    def close(self) -> None:
        if close := getattr(self._phraser, "close", None):
            close()


@dataclass(frozen=True, slots=True)
class Varied:
    """The program as the variant has it: without history, or with the draft for an answer."""

    rag: Asked
    history: bool
    recorder: Recorder | None = None

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        if self.recorder:
            self.recorder.said = ""
        answer = self.rag.ask(question, history if self.history else ())
        draft = self.recorder.said.strip() if self.recorder else ""
        if answer.refused or not draft:
            return answer
        return replace(answer, text=draft, sentences=(Sentence(draft, "supported"),), citations=())

    def article(self, article_id: str) -> Article:
        return self.rag.article(article_id)

    def passages(
        self, question: str, history: Sequence[Turn] = (), *, top_k: int = 10, mode: Mode = "hybrid"
    ) -> Sequence[Passage]:
        return self.rag.passages(question, history if self.history else (), top_k=top_k, mode=mode)


@contextmanager
def varied(variant: Variant, opened: Opening, phraser: Callable[[], Phraser | None]) -> Iterator[Asked | None]:
    """The program with the part left out; None where there is no language model to leave unchecked.

    Args:
        phraser: makes the language model that is in force, or None.
    """
    recorder = None
    if not variant.checked:
        model = phraser()
        if model is None:
            yield None
            return
        recorder = Recorder(model)
    with opened(variant.settings, search=variant.search, phraser=recorder) as rag:
        yield Varied(rag, variant.history, recorder)


def known_row(variant: Variant, scores: Sequence[Score]) -> Row:
    """The row of a variant over the known answers."""
    yes = [one for one in scores if one.answerable]
    return Row(
        name=variant.name,
        meaning=variant.meaning,
        right=share([one.right for one in yes]),
        cited=Share(sum(one.citations_right for one in yes), sum(one.citations for one in yes)),
        follow_ups=share([one.right for one in yes if one.follows_up]),
        refused=share([one.refused for one in scores if not one.answerable]),
        falsely_refused=share([one.refused for one in yes]),
        words=median([one.words for one in scores if not one.refused]),
        seconds=median([one.seconds.get("total", 0.0) for one in scores]),
    )


def suite_row(variant: Variant, asked: Sequence[Asking]) -> Row:
    """The row of a variant over a suite."""
    yes = [one for one in asked if one.query.answerable is True]
    judged = [one for one in asked if one.query.relevant and one.query.answerable is not False]
    return Row(
        name=variant.name,
        meaning=variant.meaning,
        right=share([one.shows_answer for one in yes if has_short_answer(one.query)]),
        cited=share([one.cites_relevant for one in judged]),
        follow_ups=share([one.cites_relevant for one in judged if one.query.history]),
        refused=share([one.refused for one in asked if one.query.answerable is False]),
        falsely_refused=share([one.refused for one in yes]),
        words=median([one.words for one in asked if not one.refused]),
        seconds=median([one.seconds for one in asked]),
    )
