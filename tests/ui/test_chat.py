"""A conversation: what may be asked, how an answer grows, how it is stopped, what goes wrong."""

from __future__ import annotations

import logging
import threading
import time

import pytest

from rag import ModelError, Turn
from tests.ui.fakes import ANSWERS, LEAVE, MEMBERS, FakeRag
from ui import chat as chats
from ui.chat import Chat


def asked(question: str = LEAVE) -> Chat:
    chat = Chat()
    assert chat.ask(question) == ""
    return chat


@pytest.mark.parametrize("question", ["", "   ", "\n\t"])
def test_an_empty_question_is_not_asked(question: str) -> None:
    chat = Chat()
    assert chat.ask(question) == chats.EMPTY
    assert chat.exchanges == []


def test_a_question_may_be_as_long_as_the_limit_and_no_longer() -> None:
    assert Chat().ask("x" * chats.QUESTION_LIMIT) == ""
    refused = Chat().ask("x" * (chats.QUESTION_LIMIT + 1))
    assert "2,001" in refused and "2,000" in refused


def test_an_answer_grows_sentence_by_sentence() -> None:
    chat = asked()
    seen = []
    for _ in chat.write(FakeRag()):
        last = chat.exchanges[-1]
        seen.append((last.state, len(last.sentences), len(last.citations)))
    assert seen == [("writing", 1, 1), ("writing", 2, 2), ("done", 2, 2)]
    assert not chat.busy


def test_a_second_question_waits_until_the_first_is_answered() -> None:
    chat = asked()
    assert chat.ask(MEMBERS) == chats.BUSY
    list(chat.write(FakeRag()))
    assert chat.ask(MEMBERS) == ""


def test_a_question_is_answered_once() -> None:
    rag, chat = FakeRag(), asked()
    list(chat.write(rag))
    assert list(chat.write(rag)) == []
    assert len(rag.streams) == 1


def test_earlier_turns_go_along_as_history() -> None:
    rag, chat = FakeRag(), asked()
    list(chat.write(rag))
    chat.ask(MEMBERS)
    list(chat.write(rag))
    said = " ".join(sentence.text for sentence in ANSWERS[0].sentences)
    assert rag.histories == [(), (Turn(LEAVE, said),)]


def test_the_stream_is_closed_when_the_answer_is_done() -> None:
    rag, chat = FakeRag(), asked()
    list(chat.write(rag))
    assert rag.streams[0].closed.is_set()


def test_stop_closes_the_stream_while_a_sentence_is_being_made() -> None:
    rag, chat = FakeRag(), asked()
    rag.gate = threading.Semaphore(1)  # one sentence, then none
    shown: list[int] = []
    writer = threading.Thread(target=lambda: shown.extend(len(chat.exchanges[-1].sentences) for _ in chat.write(rag)))
    writer.start()
    while not shown:
        time.sleep(0.01)
    chat.stop()
    writer.join(2)
    assert not writer.is_alive()
    assert rag.streams[0].closed.is_set()
    assert shown == [1, 1]
    assert (chat.exchanges[-1].state, len(chat.exchanges[-1].sentences)) == ("stopped", 1)
    assert chat.ask(MEMBERS) == ""


def test_stop_before_the_turn_comes_leaves_the_question_unanswered() -> None:
    rag, chat = FakeRag(), asked()
    chat.stop()
    assert list(chat.write(rag)) == []
    assert rag.streams == []
    assert chat.exchanges[-1].state == "stopped"


def test_stop_after_the_answer_changes_nothing() -> None:
    chat = asked()
    list(chat.write(FakeRag()))
    chat.stop()
    assert chat.exchanges[-1].state == "done"


def test_a_stopped_answer_does_not_write_into_the_next_question() -> None:
    rag, chat = FakeRag(), asked()
    old = chat.write(rag)
    next(old)
    chat.stop()
    chat.ask(MEMBERS)
    assert len(list(old)) == 1
    assert (chat.exchanges[-1].state, chat.exchanges[-1].sentences) == ("waiting", ())
    list(chat.write(rag))
    assert chat.exchanges[-1].question == MEMBERS and chat.exchanges[-1].state == "done"


def test_clearing_forgets_and_stops_what_is_being_written() -> None:
    rag, chat = FakeRag(), asked()
    old = chat.write(rag)
    next(old)
    chat.clear()
    assert rag.streams[0].closed.is_set()
    assert (chat.exchanges, chat.busy) == ([], False)
    chat.ask(MEMBERS)
    list(old)
    assert [(exchange.number, exchange.state) for exchange in chat.exchanges] == [(1, "waiting")]
    list(chat.write(rag))
    assert rag.histories[-1] == ()


def test_a_closed_page_closes_the_stream() -> None:
    rag, chat = FakeRag(), asked()
    writing = chat.write(rag)
    next(writing)
    writing.close()
    assert rag.streams[0].closed.is_set()
    assert not chat.busy


def test_an_error_of_the_pipeline_is_shown_in_its_own_words() -> None:
    chat = asked()
    list(chat.write(FakeRag(error=ModelError("The model at http://x is down."))))
    assert chat.exchanges[-1].state == "failed"
    assert chat.exchanges[-1].problem == "The model at http://x is down."
    assert chat.ask(MEMBERS) == ""


def test_an_unexpected_error_is_logged_and_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    chat = asked()
    with caplog.at_level(logging.ERROR):
        list(chat.write(FakeRag(error=ZeroDivisionError("secret"))))
    assert chat.exchanges[-1].problem == chats.UNEXPECTED
    assert "secret" in caplog.text
