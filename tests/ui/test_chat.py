"""A conversation: what may be asked, how an answer grows, how it is stopped, what goes wrong."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace

import pytest

from rag import InputError, ModelError, Scope, Turn
from tests.ui.fakes import ANSWERS, LEAVE, MEMBERS, UNKNOWN, FakeRag
from ui import chat as chats
from ui.chat import Chat
from ui.exchange import Exchange
from ui.line import Line

kept: list[tuple[str, Exchange]] = []


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    kept.clear()


def write(chat: Chat, rag: FakeRag, line: Line | None = None) -> Iterator[None]:
    return chat.write(rag, line or Line(4), Line(1), lambda talk, one: kept.append((talk.id, one)))


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
    for _ in write(chat, FakeRag()):
        last = chat.exchanges[-1]
        seen.append((last.state, len(last.answer.sentences), len(last.answer.citations)))
    assert seen == [("writing", 1, 1), ("writing", 2, 2), ("done", 2, 2), ("done", 2, 2)]  # what to ask next, then
    assert not chat.busy


def test_a_second_question_waits_until_the_first_is_answered() -> None:
    chat = asked()
    assert chat.ask(MEMBERS) == chats.BUSY
    list(write(chat, FakeRag()))
    assert chat.ask(MEMBERS) == ""


def test_a_question_is_answered_once() -> None:
    rag, chat = FakeRag(), asked()
    list(write(chat, rag))
    assert list(write(chat, rag)) == []
    assert len(rag.streams) == 1


def test_earlier_turns_go_along_as_history() -> None:
    rag, chat = FakeRag(), asked()
    list(write(chat, rag))
    chat.ask(MEMBERS)
    list(write(chat, rag))
    said = " ".join(sentence.text for sentence in ANSWERS[0].sentences)
    assert rag.histories == [(), (Turn(LEAVE, said),)]


def test_the_stream_is_closed_when_the_answer_is_done() -> None:
    rag, chat = FakeRag(), asked()
    list(write(chat, rag))
    assert rag.streams[0].closed.is_set()


def test_stop_closes_the_stream_while_a_sentence_is_being_made() -> None:
    rag, chat = FakeRag(), asked()
    rag.gate = threading.Semaphore(1)  # one sentence, then none
    shown: list[int] = []
    writer = threading.Thread(
        target=lambda: shown.extend(len(chat.exchanges[-1].answer.sentences) for _ in write(chat, rag))
    )
    writer.start()
    while not shown:
        time.sleep(0.01)
    chat.stop()
    writer.join(2)
    assert not writer.is_alive()
    assert rag.streams[0].closed.is_set()
    assert shown == [1, 1]
    assert (chat.exchanges[-1].state, len(chat.exchanges[-1].answer.sentences)) == ("stopped", 1)
    assert chat.ask(MEMBERS) == ""


def test_stop_before_the_turn_comes_leaves_the_question_unanswered() -> None:
    rag, chat = FakeRag(), asked()
    chat.stop()
    assert list(write(chat, rag)) == []
    assert rag.streams == []
    assert chat.exchanges[-1].state == "stopped"


def test_stop_after_the_answer_changes_nothing() -> None:
    chat = asked()
    list(write(chat, FakeRag()))
    chat.stop()
    assert chat.exchanges[-1].state == "done"


def test_a_stopped_answer_does_not_write_into_the_next_question() -> None:
    rag, chat = FakeRag(), asked()
    old = write(chat, rag)
    next(old)
    chat.stop()
    chat.ask(MEMBERS)
    assert len(list(old)) == 1
    assert (chat.exchanges[-1].state, chat.exchanges[-1].answer.sentences) == ("waiting", ())
    list(write(chat, rag))
    assert chat.exchanges[-1].question == MEMBERS and chat.exchanges[-1].state == "done"


def test_clearing_forgets_and_stops_what_is_being_written() -> None:
    rag, chat = FakeRag(), asked()
    old = write(chat, rag)
    next(old)
    chat.clear()
    assert rag.streams[0].closed.is_set()
    assert (chat.exchanges, chat.busy) == ([], False)
    chat.ask(MEMBERS)
    list(old)
    assert [(exchange.number, exchange.state) for exchange in chat.exchanges] == [(1, "waiting")]
    list(write(chat, rag))
    assert rag.histories[-1] == ()


def test_a_closed_page_closes_the_stream() -> None:
    rag, chat = FakeRag(), asked()
    writing = write(chat, rag)
    next(writing)
    writing.close()
    assert rag.streams[0].closed.is_set()
    assert not chat.busy


def test_an_error_of_the_pipeline_is_shown_in_its_own_words() -> None:
    chat = asked()
    list(write(chat, FakeRag(error=ModelError("The model at http://x is down."))))
    assert chat.exchanges[-1].state == "failed"
    assert chat.exchanges[-1].problem == "The model at http://x is down."
    assert chat.ask(MEMBERS) == ""


def test_an_unexpected_error_is_logged_and_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    chat = asked()
    with caplog.at_level(logging.ERROR):
        list(write(chat, FakeRag(error=ZeroDivisionError("secret"))))
    assert chat.exchanges[-1].problem == chats.UNEXPECTED
    assert "secret" in caplog.text


def test_what_to_ask_next_comes_after_the_answer() -> None:
    rag, chat = FakeRag(), asked()
    rag.next = ("And then?",)
    seen = [(chat.exchanges[-1].state, chat.exchanges[-1].offered) for _ in write(chat, rag)]
    assert seen[-2:] == [("done", ()), ("done", ("And then?",))]


def test_an_error_after_the_answer_leaves_the_answer() -> None:
    rag, chat = FakeRag(), asked()
    rag.follow_ups = lambda answer: 1 / 0  # type: ignore[assignment, return-value]
    list(write(chat, rag))
    assert (chat.exchanges[-1].state, chat.exchanges[-1].problem) == ("done", "")


def test_a_changed_question_takes_the_place_of_the_old_one_and_of_all_after_it() -> None:
    rag, chat = FakeRag(), asked()
    list(write(chat, rag))
    for question in (MEMBERS, LEAVE):
        chat.ask(question)
        list(write(chat, rag))
    assert chat.ask(MEMBERS, at=2) == ""
    list(write(chat, rag))
    assert [(one.number, one.question) for one in chat.exchanges] == [(1, LEAVE), (2, MEMBERS)]
    assert [turn.question for turn in rag.histories[-1]] == [LEAVE]


def test_a_conversation_that_was_kept_goes_on() -> None:
    rag, chat, later = FakeRag(), asked(), Chat()
    list(write(chat, rag))
    later.take_up(chat.now.id, 3, chat.exchanges)
    assert (later.now.id, later.exchanges) == (chat.now.id, chat.exchanges)
    later.ask(MEMBERS)
    list(write(later, rag))
    assert [turn.question for turn in rag.histories[-1]] == [LEAVE]


def test_what_was_being_written_when_it_was_kept_has_stopped() -> None:
    chat = Chat()
    chat.take_up("a", 1, [Exchange(1, LEAVE, "writing")])
    assert chat.exchanges[0].state == "stopped"
    assert chat.ask(MEMBERS) == ""


def test_conversations_have_different_names() -> None:
    one, two = asked(), asked()
    assert one.now.id and two.now.id and one.now.id != two.now.id
    one.clear()
    assert one.now.id == ""
    assert deepcopy(two).now.id == ""  # what Gradio gives each session


def test_further_questions_are_asked_of_the_chosen_documents() -> None:
    rag, chat = FakeRag(), Chat()
    chat.scope = Scope(sources=("a.txt",))
    chat.ask(LEAVE)
    chat.scope = Scope()  # while it waits in line
    list(write(chat, rag))
    assert rag.scopes == [Scope(sources=("a.txt",))]


def test_a_conversation_that_is_taken_up_goes_on_with_what_it_was_asked_of() -> None:
    scope, chat = Scope(until="2025"), Chat()
    chat.take_up("a", 1, [Exchange(1, LEAVE, "done", replace(ANSWERS[0], scope=scope))])
    assert chat.scope == scope


def test_what_is_kept_is_of_the_conversation_it_was_asked_in() -> None:
    rag, chat = FakeRag(), asked()
    first = chat.now.id
    writing = write(chat, rag)
    next(writing)
    chat.take_up("other", 1, [Exchange(1, MEMBERS, "done", ANSWERS[1])])
    list(writing)
    assert {name for name, _ in kept} == {first}
    assert (kept[-1][1].question, kept[-1][1].state, len(kept[-1][1].answer.sentences)) == (LEAVE, "stopped", 1)
    assert [one.question for one in chat.exchanges] == [MEMBERS]


def test_what_was_asked_while_the_page_loads_is_not_taken_away() -> None:
    chat = Chat()
    assert chat.begin_with("a", 1, [Exchange(1, LEAVE, "done", ANSWERS[0])])
    assert chat.now.id == "a"
    other = asked(MEMBERS)
    assert not other.begin_with("a", 1, [Exchange(1, LEAVE, "done", ANSWERS[0])])
    assert [one.question for one in other.exchanges] == [MEMBERS]


def test_half_a_pair_in_a_question_is_mended() -> None:
    chat = Chat()
    assert chat.ask("why\ud800?") == ""
    assert chat.exchanges[0].question == "why??"


def test_a_rating_is_kept_and_shown() -> None:
    rag, chat = FakeRag(), asked()
    list(write(chat, rag))
    chat.rate(rag, 1, "wrong", "the year is missing")
    assert rag.rated == [(LEAVE, False, "the year is missing")]
    assert chat.exchanges[0].verdict == "wrong"
    with pytest.raises(InputError, match="no question 2"):
        chat.rate(rag, 2, "right")


def test_a_footnote_is_found_by_its_numbers_and_no_other() -> None:
    chat = asked(UNKNOWN)
    list(write(chat, FakeRag()))
    assert chat.cited(1, 2, "closest")[1] == 2
    for number, footnote, kind in ((1, 1, "citation"), (1, 3, "closest"), (2, 1, "closest"), (0, 0, "")):
        with pytest.raises(InputError):
            chat.cited(number, footnote, kind)


def test_who_waits_is_told_how_many_are_before() -> None:
    rag, line = FakeRag(), Line(1)
    first, second = asked(), asked(MEMBERS)
    writing = write(first, rag, line)
    next(writing)
    waiting = write(second, rag, line)
    next(waiting)
    assert (second.exchanges[-1].state, second.exchanges[-1].ahead) == ("waiting", 1)
    list(writing)
    list(waiting)
    assert (second.exchanges[-1].state, second.exchanges[-1].ahead) == ("done", 0)


def test_who_waits_can_stop_and_leaves_the_line() -> None:
    rag, line = FakeRag(), Line(1)
    first, second = asked(), asked(MEMBERS)
    writing = write(first, rag, line)
    next(writing)
    waiting = write(second, rag, line)
    next(waiting)
    second.stop()
    list(waiting)
    assert second.exchanges[-1].state == "stopped"
    assert len(rag.streams) == 1
    list(writing)
    third = asked()
    list(write(third, rag, line))
    assert third.exchanges[-1].state == "done"
