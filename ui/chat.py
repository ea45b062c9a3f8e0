"""One person's conversation: takes questions, has them answered sentence by sentence, can be stopped.

Knows the pipeline and what is shown, but neither HTML nor Gradio, nor where conversations are kept.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rag import Answer, AnswerStream, Citation, Rag, Scope, Sentence
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
GONE = "That question is not here any more."
UNEXPECTED = "Something went wrong while answering this question. Please try again."

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Asked:
    """A question, what is shown of it, and the means to stop its answer. Nobody else writes to it."""

    shown: Exchange
    scope: Scope = EVERYTHING
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


@dataclass(slots=True)
class Conversation:
    """What was asked and answered, under the name it is kept by. Replaced as a whole, never emptied."""

    id: str = ""
    """Given with the first question."""
    edition: int = 0
    """Of what is kept; told by whoever keeps it."""
    asked: list[_Asked] = field(default_factory=list)


Keep = Callable[[Conversation, Exchange], object]
"""Called with an exchange that is to be kept as it is now."""


class Chat:
    """A conversation in one browser tab. Questions, Stop and New chat may arrive on different threads."""

    def __init__(self) -> None:
        self.now = Conversation()
        self.scope: Scope = EVERYTHING
        """The documents that further questions are asked of."""
        self._unclaimed: list[tuple[Conversation, _Asked]] = []
        self._impatient = False
        self._guard = threading.Lock()

    def __deepcopy__(self, memo: object) -> Chat:
        """Every session begins with a conversation of its own; a lock cannot be copied."""
        return Chat()

    @property
    def exchanges(self) -> list[Exchange]:
        return [asked.shown for asked in self.now.asked]

    @property
    def busy(self) -> bool:
        asked = self.now.asked
        return bool(asked) and asked[-1].shown.is_open

    def told_to_wait(self) -> bool:
        """Whether somebody was told to wait for the answer that is being written, since this was last asked."""
        told, self._impatient = self._impatient, False
        return told

    def ask(self, question: str, *, at: int | None = None) -> str:
        """Take the next question. Returns why it cannot be asked, in a sentence; empty when it can.

        Args:
            at: number of an earlier question that this one takes the place of; what came after it goes.
        """
        question = question.encode("utf-8", "replace").decode().strip()
        if not question:
            return EMPTY
        if len(question) > QUESTION_LIMIT:
            return TOO_LONG.format(length=len(question), limit=QUESTION_LIMIT)
        with self._guard:
            if self.busy:
                self._impatient = True
                return BUSY
            before = self.now.asked
            if at is not None and not 1 <= at <= len(before):
                return GONE
            before = before if at is None else before[: at - 1]
            asked = _Asked(Exchange(len(before) + 1, question), self.scope)
            self.now.id = self.now.id or new_id()
            self.now.asked = [*before, asked]
            self._unclaimed = [(self.now, asked)]
        return ""

    def write(self, rag: Rag, line: Line, offers: Line, keep: Keep) -> Iterator[None]:
        """Answer the question last asked, in its turn; yields whenever there is more to show, and once at the end.

        Args:
            line: who waits for an answer.
            offers: who waits for what could be asked next; that is found out by asking, too.
        """
        with self._guard:
            if not self._unclaimed:
                return
            conversation, asked = self._unclaimed.pop()
        try:
            with line.ticket() as ticket:
                for ahead in line.wait(ticket, gone=lambda: asked.stopped):
                    asked.show(ahead=ahead)
                    yield
                asked.show(ahead=0)
                yield from self._sentences(rag, conversation, asked)
            if asked.shown.state == "done":
                keep(conversation, asked.shown)
                yield
                self._offer(rag, offers, asked)
        except RagError as exc:
            asked.fail(str(exc))
        except Exception:
            log.exception("unexpected error while answering")
            asked.fail(UNEXPECTED)
        finally:  # also when the page was closed in the middle, which ends this generator where it stands
            asked.end()
            if asked.stream is not None:
                asked.stream.close()
            keep(conversation, asked.shown)
        yield

    def stop(self) -> None:
        """End the answer being written, and the language model's work on it."""
        with self._guard:
            self._unclaimed = []
            asked = self.now.asked
        if asked:
            asked[-1].stop()

    def clear(self) -> None:
        """Begin another conversation; what is being written ends."""
        self.take_up("", 0, ())

    def take_up(self, identity: str, edition: int, exchanges: Sequence[Exchange]) -> None:
        """Go on with a conversation that was kept, and what it was asked of; what is being written ends."""
        self.stop()
        with self._guard:
            self._take(identity, edition, exchanges)

    def begin_with(self, identity: str, edition: int, exchanges: Sequence[Exchange]) -> bool:
        """As `take_up`, if nothing was asked yet; whether it was taken up."""
        with self._guard:
            if self.now.asked:
                return False
            self._take(identity, edition, exchanges)
            return True

    def _take(self, identity: str, edition: int, exchanges: Sequence[Exchange]) -> None:
        asked = [_Asked(one) for one in exchanges]
        for one in asked:  # nobody writes to what was open when it was kept
            one.end()
        self.now = Conversation(identity, edition, asked)
        if exchanges:
            self.scope = exchanges[-1].answer.scope

    def rate(self, rag: Rag, number: int, verdict: Verdict, reason: str = "") -> Exchange:
        """Keep what the reader thinks of an answer.

        Raises:
            InputError: there is no such answer.
        """
        asked = self._at(number)
        rag.rate(asked.shown.answer, right=verdict == "right", reason=reason)
        asked.shown = replace(asked.shown, verdict=verdict)
        return asked.shown

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
        asked = self.now.asked
        if not 1 <= number <= len(asked):
            raise InputError(f"There is no question {number} in this conversation.")
        return asked[number - 1]

    def _sentences(self, rag: Rag, conversation: Conversation, asked: _Asked) -> Iterator[None]:
        earlier = [one.shown for one in conversation.asked[: asked.shown.number - 1]]
        history = [one.turn for one in earlier if one.state == "done"]
        if asked.stopped:
            return
        asked.stream = rag.stream(asked.shown.question, history, scope=asked.scope)
        if asked.stopped:  # after the claim, before there was a stream to close
            return
        for sentence in asked.stream:
            if asked.stopped:
                return
            asked.show(state="writing", answer=_so_far(asked.shown, asked.stream, sentence))
            yield
        if not asked.stopped:
            asked.show(state="done", answer=asked.stream.answer)

    def _offer(self, rag: Rag, offers: Line, asked: _Asked) -> None:
        """What to ask next; not while the next question is asked already."""

        def gone() -> bool:
            return not self.now.asked or asked is not self.now.asked[-1]

        with offers.ticket() as ticket:
            for _ in offers.wait(ticket, gone=gone):
                pass
            if not gone():
                answer = asked.shown.answer
                asked.show(offered=rag.follow_ups(answer) or (rag.suggestions(INSTEAD) if answer.refused else ()))


def _so_far(shown: Exchange, stream: AnswerStream, sentence: Sentence) -> Answer:
    return replace(
        shown.answer,
        question=shown.question,
        sentences=(*shown.answer.sentences, sentence),
        citations=stream.citations,
        heading=stream.heading,
    )
