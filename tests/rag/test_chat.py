"""A conversation keeps what was asked and answered, and nothing that failed or was left unfinished."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest

from rag.chat import Chat
from rag.errors import InputError
from rag.types import EVERYTHING, Answer, Scope, Sentence, Turn


class Echo:
    """Answers with the question in capitals; tells when it is read to its end."""

    def __init__(self, question: str, history: Sequence[Turn], scope: Scope, done: Callable[[Answer], None]) -> None:
        if not question:
            raise InputError("The question is empty.")
        self.scope, self.history, self._done = scope, tuple(history), done
        self._answer = Answer(question, question.upper(), (), (), refused=False)

    def __iter__(self) -> Iterator[Sentence]:
        yield Sentence(self._answer.text, "quoted")
        self._done(self._answer)

    @property
    def answer(self) -> Answer:
        return self._answer


def test_each_question_is_read_with_the_turns_before_it() -> None:
    chat = Chat(Echo)
    assert chat.ask("first").text == "FIRST"
    assert chat.stream("second").history == (Turn("first", "FIRST"),)


def test_only_a_complete_answer_joins_the_conversation() -> None:
    chat = Chat(Echo)
    started = iter(chat.stream("begun"))
    next(started)
    assert chat.turns == ()
    list(started)
    assert chat.turns == (Turn("begun", "BEGUN"),)


def test_a_wrong_question_leaves_the_conversation_as_it_was() -> None:
    chat = Chat(Echo)
    chat.ask("first")
    with pytest.raises(InputError):
        chat.ask("")
    assert chat.turns == (Turn("first", "FIRST"),)


def test_a_question_keeps_to_the_conversations_documents_unless_it_names_its_own() -> None:
    one, other = Scope(("a.txt",)), Scope(until="2025")
    assert Chat(Echo).stream("all").scope == EVERYTHING
    chat = Chat(Echo, one)
    assert chat.stream("first").scope == one
    assert chat.stream("second", scope=other).scope == other
    assert chat.stream("third", scope=EVERYTHING).scope == EVERYTHING


def test_forget_begins_anew() -> None:
    chat = Chat(Echo)
    chat.ask("first")
    chat.forget()
    assert chat.turns == ()
