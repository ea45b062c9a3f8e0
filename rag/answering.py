"""An answer while it is made: the question's readings → evidence → choice → sentences, one after another.

Knows the parts that it is made with, not where they come from; `Rag` hands them over.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import rag.interrupt  # noqa: F401 - before all that takes its time
from rag.answer import Draft, compose, refuse, to_citation
from rag.choose import Choice, counted
from rag.compare import disagreements, timeline
from rag.errors import InputError
from rag.finding import Finder
from rag.lacking import lacks
from rag.lists import asks
from rag.question import Reading, in_full, is_follow_up, judging, readings, standing_alone, with_rewritten
from rag.rewrite import standalone
from rag.running import Stoppable, timed
from rag.scope import notes
from rag.sufficiency import confidence as sufficiency
from rag.types import DOUBT, Answer, Checker, Citation, Disagreement, Evidence, Phraser, Scope, Sentence, Turn

CLOSEST = 3
"""Passages offered after a refusal."""


@dataclass(frozen=True, slots=True)
class Means:
    """What answers are made with."""

    finder: Finder
    phraser: Phraser | None
    checker: Checker
    lossless: bool
    """Whether the phraser's words are only shown where they lose nothing: it is small."""
    context: int
    """Window of the phraser, tokens."""
    refuse_below: float
    doubt_below: float
    """Below this confidence the answer is headed by a doubt."""
    embedder: str
    behind: Callable[[], Iterable[str]]
    """What an answer does not rest on, as long as the index is behind its folder."""
    busy: set[int]
    """Who is answering just now."""


class AnswerStream:
    """An answer while it is made: iterate for its sentences; `close()` stops the model."""

    def __init__(
        self,
        means: Means,
        question: str,
        history: Sequence[Turn],
        scope: Scope,
        done: Callable[[Answer], None] | None = None,
    ) -> None:
        self._means, self._question, self._history, self._scope, self._done = means, question, history, scope, done
        self._finder = means.finder.within(scope)
        self._full = in_full(question, history)
        """What was asked, where the question only says what stands in the place of something else."""
        self._asked = standing_alone(question, history) or question
        self._draft = Draft()
        self._answer: Answer | None = None
        self._stopped = threading.Event()
        self._sentences = self._run()

    def __iter__(self) -> Iterator[Sentence]:
        return self._sentences

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The footnotes so far."""
        return self._draft.citations

    @property
    def heading(self) -> str:
        """What stands above the sentences; known before the first of them."""
        return self._draft.heading

    @property
    def answer(self) -> Answer:
        """The whole answer.

        Raises:
            InputError: the stream has not been read to its end.
        """
        if self._answer is None:
            raise InputError("The answer is not complete; iterate the stream to its end first.")
        return self._answer

    def close(self) -> None:
        """Stop, from any thread and as often as one likes: the model's work ends, and so does the iteration."""
        self._stopped.set()
        with suppress(ValueError):  # another thread is reading; it sees the flag at the model's next word
            self._sentences.close()

    def _run(self) -> Generator[Sentence, None, None]:
        self._means.busy.add(id(self))
        try:
            yield from self._answered()
        finally:
            self._means.busy.discard(id(self))

    def _answered(self) -> Generator[Sentence, None, None]:
        means, finder, timings = self._means, self._finder, dict[str, float]()
        began = time.perf_counter()
        listing = asks(self._full or self._question)
        choice = counted(listing, finder.ledger)
        by_part: list[list[Evidence]] = []
        read: list[list[Reading]] = []
        confidence = 1.0
        if choice is None:
            read = self._readings()
            by_part = [finder.evidence(part, timings) for part in read]
            sure = (sufficiency(judging(part), found) for part, found in zip(read, by_part, strict=True))
            confidence = max(sure) if any(map(finder.knows, read)) else 0.0
            if confidence >= means.refuse_below and by_part[0]:
                with timed(timings, "evidence"):
                    choice = finder.choice(self._asked, listing, by_part)
                shown = [one.text for one in choice.evidence]
                if means.refuse_below and len(by_part) == 1 and lacks(self._asked, shown):
                    choice, confidence = None, 0.0
        if choice is None:
            yield refuse(self._draft)
        else:
            choice = self._with_copies(choice)
            doubt = DOUBT if confidence < means.doubt_below else ""
            self._draft.heading, self._draft.coverage = choice.heading or doubt, choice.coverage
            with timed(timings, "answer"):
                for sentence in self._composed(choice):
                    if self._stopped.is_set():
                        return
                    yield sentence
        timings["total"] = time.perf_counter() - began
        closest = by_part[0][:CLOSEST] if choice is None else []
        self._answer = Answer(
            question=self._question,
            text=self._draft.text,
            sentences=tuple(self._draft.sentences),
            citations=self._draft.citations,
            refused=choice is None,
            confidence=confidence,
            closest=tuple(to_citation(n, finder.with_copies(one)) for n, one in enumerate(closest, 1)),
            notes=(*self._draft.notes, *notes(finder.ledger), *means.behind()),
            heading=self._draft.heading,
            timeline=timeline(self._draft.cited),
            disagreements=self._disagreements(choice),
            coverage=choice.coverage if choice else None,
            searched=self._searched(read),
            scope=self._scope,
            timings=timings,
            model=means.phraser.name if means.phraser else "",
            embedder=means.embedder,
        )
        if self._done:
            self._done(self._answer)

    def _searched(self, read: Sequence[Sequence[Reading]]) -> tuple[str, ...]:
        """What was looked for; of a count, which is not searched for, what was counted if that was not said in full."""
        texts = tuple(reading.text for part in read for reading in part)
        return texts or ((self._full,) if self._full else ())

    def _readings(self) -> list[list[Reading]]:
        """The ways to read each part; a follow-up that no rule puts in full also as a larger model rewrites it."""
        found, phraser = readings(self._question, self._history), self._means.phraser
        is_put = self._asked != self._question
        if not phraser or self._means.lossless or is_put or not is_follow_up(self._question, self._history):
            return found
        written = standalone(self._question, self._history, phraser)
        return [with_rewritten(found[0], written), *found[1:]] if written else found

    def _with_copies(self, choice: Choice) -> Choice:
        named = {one: self._finder.with_copies(one) for one in (*choice.evidence, *choice.aside)}
        return replace(
            choice,
            evidence=tuple(named[one] for one in choice.evidence),
            aside={named[one]: words for one, words in choice.aside.items()},
            leads={named[one]: lead for one, lead in choice.leads.items()},
            values={named[one]: value for one, value in choice.values.items()},
        )

    def _composed(self, choice: Choice) -> Generator[Sentence, None, None]:
        means = self._means
        phraser = Stoppable(means.phraser, self._stopped) if means.phraser and not choice.is_quoted else None
        return compose(
            self._draft,
            self._asked,
            choice.evidence,
            phraser,
            context=means.context,
            lossless=means.lossless,
            checker=means.checker,
            leads=choice.leads,
            aside=choice.aside,
        )

    def _disagreements(self, choice: Choice | None) -> tuple[Disagreement, ...]:
        return disagreements(self._draft.cited, choice.values, sure=not choice.aside) if choice else ()
