"""A conversation: each question is read together with those before it. Does not know how it is answered."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, Protocol, TypeVar

from rag.types import Answer, Sentence, Turn


class Stream(Protocol):
    """An answer while it is made."""

    def __iter__(self) -> Iterator[Sentence]: ...

    @property
    def answer(self) -> Answer: ...


S = TypeVar("S", bound=Stream)


class Chat(Generic[S]):
    """Keeps the turns of one conversation. Safe from several threads; turns stand in the order they were answered."""

    def __init__(self, start: Callable[[str, Sequence[Turn], Callable[[Answer], None]], S]) -> None:
        """`Rag.chat()` makes one."""
        self._start = start
        self._turns: list[Turn] = []
        self._lock = threading.Lock()

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What was asked and answered so far."""
        with self._lock:
            return tuple(self._turns)

    def ask(self, question: str) -> Answer:
        """Answer the next question.

        Raises:
            InputError: the question is empty or too long; the conversation stays as it was.
        """
        stream = self.stream(question)
        for _ in stream:
            pass
        return stream.answer

    def stream(self, question: str) -> S:
        """The answer sentence by sentence; it joins the conversation when it is complete.

        Raises:
            InputError: as `ask`.
        """
        return self._start(question, self.turns, self._remember)

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._turns.clear()

    def _remember(self, answer: Answer) -> None:
        with self._lock:
            self._turns.append(Turn(answer.question, answer.text))
