"""One person's conversation: takes questions, has them answered sentence by sentence, can be stopped.

Knows the pipeline and what is shown, but neither HTML nor Gradio.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rag import Answer, AnswerStream, Citation, Rag, Scope
from rag.errors import InputError, RagError
from rag.types import EVERYTHING
from ui.exchange import Exchange, Verdict
from ui.history import new_id
from ui.line import Line

QUESTION_LIMIT = 2_000
"""Characters. No question is longer; a pasted document would crowd the evidence out of the model's window."""

INSTEAD = 3
"""Questions offered after a refusal to which nothing in the documents is near."""

EMPTY = "Type a question first."
TOO_LONG = "This question has {length:,} characters; please keep it to {limit:,}."
BUSY = "The last answer is still being written: wait for it, or stop it."
UNEXPECTED = "Something went wrong while answering this question. Please try again."

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Asked:
    """A question, what is shown of it, and the means to stop its answer. Nobody else writes to it."""

    shown: Exchange
    stream: AnswerStream | None = None
    stopped: bool = False

    def show(self, **changes: Any) -> None:
        if not self.stopped:
            self.shown = replace(self.shown, **changes)

    def fail(self, problem: str) -> None:
        if self.shown.is_open:  # what was answered stays answered
            self.show(state="failed", problem=problem)

    def stop(self) -> None:
        self.end()
        self.stopped = True
        if self.stream is not None:
            self.stream.close()

    def end(self) -> None:
        if self.shown.is_open:
            self.shown = replace(self.shown, state="stopped")


@dataclass
class Chat:
    """A conversation in one browser tab. Questions, Stop and New chat may arrive on different threads."""

    id: str = ""
    """Given with the first question."""
    scope: Scope = EVERYTHING
    """The documents that further questions are asked of."""
    _asked: list[_Asked] = field(default_factory=list)
    _unclaimed: list[_Asked] = field(default_factory=list)
    """At most one; `pop` is atomic, so each question is answered once."""

    @property
    def exchanges(self) -> list[Exchange]:
        return [asked.shown for asked in self._asked]

    @property
    def busy(self) -> bool:
        return bool(self._asked) and self._asked[-1].shown.is_open

    def ask(self, question: str, *, at: int | None = None) -> str:
        """Take the next question. Returns why it cannot be asked, in a sentence; empty when it can.

        Args:
            at: number of an earlier question that this one takes the place of; what came after it goes.
        """
        question = question.strip()
        if not question:
            return EMPTY
        if len(question) > QUESTION_LIMIT:
            return TOO_LONG.format(length=len(question), limit=QUESTION_LIMIT)
        if self.busy:
            return BUSY
        if at is not None and 1 <= at <= len(self._asked):
            self._asked = self._asked[: at - 1]
        self.id = self.id or new_id()
        self._asked.append(_Asked(Exchange(len(self._asked) + 1, question)))
        self._unclaimed.append(self._asked[-1])
        return ""

    def write(self, rag: Rag, line: Line) -> Iterator[None]:
        """Answer the question last asked, in its turn; yields whenever there is more to show, and once at the end."""
        if not self._unclaimed:
            return
        asked = self._unclaimed.pop()
        try:
            with line.ticket() as ticket:
                for ahead in line.wait(ticket, gone=lambda: asked.stopped):
                    asked.show(ahead=ahead)
                    yield
                asked.show(ahead=0)
                yield from self._sentences(rag, asked)
            if asked.shown.state == "done":
                yield
                self._offer(rag, asked)
        except RagError as exc:
            asked.fail(str(exc))
        except Exception:
            log.exception("unexpected error while answering")
            asked.fail(UNEXPECTED)
        finally:  # also when the page was closed in the middle, which ends this generator where it stands
            asked.end()
            if asked.stream is not None:
                asked.stream.close()
        yield

    def stop(self) -> None:
        """End the answer being written, and the language model's work on it."""
        self._unclaimed.clear()
        if self._asked:
            self._asked[-1].stop()

    def clear(self) -> None:
        """Begin another conversation; what is being written ends."""
        self.take_up("", ())

    def take_up(self, identity: str, exchanges: Sequence[Exchange]) -> None:
        """Go on with a conversation that was kept; what is being written ends."""
        self.stop()
        self.id = identity
        self._asked = [_Asked(one) for one in exchanges]
        for asked in self._asked:  # nobody writes to what was open when it was kept
            asked.end()

    def rate(self, rag: Rag, number: int, verdict: Verdict, reason: str = "") -> None:
        """Keep what the reader thinks of an answer.

        Raises:
            InputError: there is no such answer, or it cites nothing that could be right or wrong.
        """
        asked = self._at(number)
        rag.rate(asked.shown.answer, right=verdict == "right", reason=reason)
        asked.shown = replace(asked.shown, verdict=verdict)

    def cited(self, number: int, footnote: int, kind: str) -> tuple[Citation, int]:
        """A citation of an exchange (`citation`), or of the passages closest to it (`closest`); and of how many.

        Raises:
            InputError: there is none (any more).
        """
        answer = self._at(number).shown.answer
        found = answer.closest if kind == "closest" else answer.citations
        cited = next((one for one in found if one.number == footnote), None)
        if cited is None:
            raise InputError(f"The answer to question {number} has no footnote {footnote}.")
        return cited, len(found)

    def _at(self, number: int) -> _Asked:
        if not 1 <= number <= len(self._asked):
            raise InputError(f"There is no question {number} in this conversation.")
        return self._asked[number - 1]

    def _sentences(self, rag: Rag, asked: _Asked) -> Iterator[None]:
        number, question = asked.shown.number, asked.shown.question
        history = [earlier.shown.turn for earlier in self._asked[: number - 1] if earlier.shown.state == "done"]
        if asked.stopped:
            return
        asked.stream = rag.stream(question, history, scope=self.scope)
        if asked.stopped:  # after the claim, before there was a stream to close
            return
        for sentence in asked.stream:
            if asked.stopped:
                return
            asked.show(state="writing", answer=_so_far(asked, sentence))
            yield
        if not asked.stopped:
            asked.show(state="done", answer=asked.stream.answer)

    def _offer(self, rag: Rag, asked: _Asked) -> None:
        """What to ask next; it is found out by asking, so not while the next question is asked already."""
        if self._asked and asked is self._asked[-1]:
            answer = asked.shown.answer
            asked.show(offered=rag.follow_ups(answer) or (rag.suggestions(INSTEAD) if answer.refused else ()))


def _so_far(asked: _Asked, sentence: Any) -> Answer:
    assert asked.stream is not None
    return replace(
        asked.shown.answer,
        question=asked.shown.question,
        sentences=(*asked.shown.answer.sentences, sentence),
        citations=asked.stream.citations,
        heading=asked.stream.heading,
    )
