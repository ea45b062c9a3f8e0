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
"""Characters. Longer than any question; a pasted document would crowd the evidence out of the model's window."""

EMPTY = "Type a question first."
TOO_LONG = "This question has {length:,} characters; please keep it under {limit:,}."
BUSY = "The last answer is still being written: wait for it, or stop it."
UNEXPECTED = "Something went wrong while answering this question. Please try again."

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Live:
    """An answer being written, and the flag by which it learns that nobody waits for it any more."""

    place: int
    stream: AnswerStream | None = None
    stopped: bool = False

    def stop(self) -> None:
        self.stopped = True
        if self.stream is not None:
            self.stream.close()


class Chat:
    """A conversation in one browser tab. Questions and Stop arrive on different threads."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self._live: _Live | None = None
        self._unclaimed: list[_Live] = []  # at most one; `pop` is atomic, so each question is answered once

    @property
    def busy(self) -> bool:
        return bool(self.exchanges) and self.exchanges[-1].state in ("waiting", "writing")

    def ask(self, question: str) -> str:
        """Take the next question. Returns why it cannot be asked, in a sentence; empty when it can."""
        question = question.strip()
        if not question:
            return EMPTY
        if len(question) > QUESTION_LIMIT:
            return TOO_LONG.format(length=len(question), limit=QUESTION_LIMIT)
        if self.busy:
            return BUSY
        self._live = _Live(place=len(self.exchanges))
        self.exchanges.append(Exchange(len(self.exchanges) + 1, question))
        self._unclaimed.append(self._live)
        return ""

    def write(self, rag: Rag) -> Iterator[None]:
        """Answer the question last asked; yields whenever there is more to show, and no more once stopped."""
        if not self._unclaimed:
            return
        live = self._unclaimed.pop()
        try:
            for _ in self._sentences(rag, live):
                yield
        except RagError as exc:
            self._show(live, state="failed", problem=str(exc))
        except Exception:
            log.exception("unexpected error while answering")
            self._show(live, state="failed", problem=UNEXPECTED)
        finally:  # also when the page was closed in the middle, which ends this generator where it stands
            self._end(live)
        if not live.stopped:
            yield

    def stop(self) -> None:
        """End the answer being written, and the language model's work on it. Safe from any thread."""
        self._unclaimed.clear()
        if self._live is not None and self.busy:
            self._show(self._live, state="stopped")
            self._live.stop()

    def _sentences(self, rag: Rag, live: _Live) -> Iterator[None]:
        asked = self.exchanges[live.place]
        history = [_turn(earlier) for earlier in self.exchanges[: live.place] if earlier.state == "done"]
        live.stream = rag.stream(asked.question, history)
        if live.stopped:  # after the claim, before there was a stream to close
            return
        for sentence in live.stream:
            if live.stopped:
                return
            sentences = (*self.exchanges[live.place].sentences, sentence)
            self._show(live, state="writing", sentences=sentences, citations=live.stream.citations)
            yield
        if not live.stopped:
            finished = Exchange.of(live.stream.answer, asked.number)
            self.exchanges[live.place] = replace(finished, question=asked.question)

    def _show(self, live: _Live, **changes: Any) -> None:
        if not live.stopped:
            self.exchanges[live.place] = replace(self.exchanges[live.place], **changes)

    def _end(self, live: _Live) -> None:
        if self.exchanges[live.place].state in ("waiting", "writing"):
            self.exchanges[live.place] = replace(self.exchanges[live.place], state="stopped")
        if live.stream is not None:
            live.stream.close()


def _turn(exchange: Exchange) -> Turn:
    return Turn(exchange.question, " ".join(sentence.text for sentence in exchange.sentences))
