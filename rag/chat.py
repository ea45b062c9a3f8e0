"""A conversation: each question is read together with those before it. Does not know how it is answered."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, Protocol, TypeVar

from rag.types import EVERYTHING, Answer, Scope, Sentence, Turn


class Stream(Protocol):
    """An answer while it is made."""

    def __iter__(self) -> Iterator[Sentence]: ...

    @property
    def answer(self) -> Answer: ...


S = TypeVar("S", bound=Stream)


class Chat(Generic[S]):
    """Keeps the turns of one conversation. Safe from several threads; turns stand in the order they were answered."""

    def __init__(
        self, start: Callable[[str, Sequence[Turn], Scope, Callable[[Answer], None]], S], scope: Scope = EVERYTHING
    ) -> None:
        """`Rag.chat()` makes one."""
        self._start, self._scope = start, scope
        self._turns: list[Turn] = []
        self._lock = threading.Lock()

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What was asked and answered so far."""
        with self._lock:
            return tuple(self._turns)

    def ask(self, question: str, *, scope: Scope | None = None) -> Answer:
        """Answer the next question.

        Args:
            scope: the documents that it is asked of, instead of the conversation's.

        Raises:
            InputError: the question is empty or too long, or no document is in the scope; the conversation stays as it
                was.
        """
        stream = self.stream(question, scope=scope)
        for _ in stream:
            pass
        return stream.answer

    def stream(self, question: str, *, scope: Scope | None = None) -> S:
        """The answer sentence by sentence; it joins the conversation when it is complete.

        Raises:
            InputError: as `ask`.
        """
        return self._start(question, self.turns, self._scope if scope is None else scope, self._remember)

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._turns.clear()

    def _remember(self, answer: Answer) -> None:
        with self._lock:
            self._turns.append(Turn(answer.question, answer.text))
