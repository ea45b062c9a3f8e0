"""One person's conversation: takes questions, has them answered sentence by sentence, can be stopped.

Knows the pipeline and what is shown, but neither HTML nor Gradio.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from rag import AnswerStream, Rag, Turn
from rag.errors import RagError
from ui.render import Exchange

QUESTION_LIMIT = 2_000
"""Characters. No question is longer; a pasted document would crowd the evidence out of the model's window."""

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

    @property
    def open(self) -> bool:
        return self.shown.state in ("waiting", "writing")

    def show(self, **changes: Any) -> None:
        if not self.stopped:
            self.shown = replace(self.shown, **changes)

    def stop(self) -> None:
        self.end()
        self.stopped = True
        if self.stream is not None:
            self.stream.close()

    def end(self) -> None:
        if self.open:
            self.shown = replace(self.shown, state="stopped")


class Chat:
    """A conversation in one browser tab. Questions, Stop and New chat may arrive on different threads."""

    def __init__(self) -> None:
        self._asked: list[_Asked] = []
        self._unclaimed: list[_Asked] = []  # at most one; `pop` is atomic, so each question is answered once

    @property
    def exchanges(self) -> list[Exchange]:
        return [asked.shown for asked in self._asked]

    @property
    def busy(self) -> bool:
        return bool(self._asked) and self._asked[-1].open

    def ask(self, question: str) -> str:
        """Take the next question. Returns why it cannot be asked, in a sentence; empty when it can."""
        question = question.strip()
        if not question:
            return EMPTY
        if len(question) > QUESTION_LIMIT:
            return TOO_LONG.format(length=len(question), limit=QUESTION_LIMIT)
        if self.busy:
            return BUSY
        self._asked.append(_Asked(Exchange(len(self._asked) + 1, question)))
        self._unclaimed.append(self._asked[-1])
        return ""

    def write(self, rag: Rag) -> Iterator[None]:
        """Answer the question last asked; yields whenever there is more to show, and once at the end."""
        if not self._unclaimed:
            return
        asked = self._unclaimed.pop()
        try:
            yield from self._sentences(rag, asked)
        except RagError as exc:
            asked.show(state="failed", problem=str(exc))
        except Exception:
            log.exception("unexpected error while answering")
            asked.show(state="failed", problem=UNEXPECTED)
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
        """Forget the conversation; what is being written ends."""
        self.stop()
        self._asked = []

    def _sentences(self, rag: Rag, asked: _Asked) -> Iterator[None]:
        number, question = asked.shown.number, asked.shown.question
        history = [_turn(earlier.shown) for earlier in self._asked[: number - 1] if earlier.shown.state == "done"]
        asked.stream = rag.stream(question, history)
        if asked.stopped:  # after the claim, before there was a stream to close
            return
        for sentence in asked.stream:
            if asked.stopped:
                return
            sentences = (*asked.shown.sentences, sentence)
            asked.show(
                state="writing",
                sentences=sentences,
                citations=asked.stream.citations,
                heading=asked.stream.heading,
            )
            yield
        if not asked.stopped:
            asked.shown = replace(Exchange.of(asked.stream.answer, number), question=question)


def _turn(exchange: Exchange) -> Turn:
    return Turn(exchange.question, " ".join(sentence.text for sentence in exchange.sentences))
