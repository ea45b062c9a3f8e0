"""How a question is read: its parts, what it leans on, when it leaves the conversation."""

from __future__ import annotations

import pytest

from rag.question import EARLIER, Reading, is_follow_up, is_new_topic, parts, readings
from rag.types import Turn

BRIDGE = Turn("When was the harbour bridge built?", "It was built in 1932.")


def texts(question: str, *history: Turn) -> list[list[str]]:
    return [[one.text for one in part] for part in readings(question, history)]


def test_a_question_that_stands_alone_has_one_reading() -> None:
    assert readings("Who built the town hall?", ()) == [[Reading("Who built the town hall?", 1.0, 1.0)]]


@pytest.mark.parametrize("question", ["And who built it?", "What about the tunnel?", "and in Rome?"])
def test_a_follow_up_is_searched_after_the_question_before_and_as_it_stands(question: str) -> None:
    assert is_follow_up(question, [BRIDGE])
    assert texts(question, BRIDGE) == [[f"{BRIDGE.question} {question}", question.strip()]]


def test_the_earlier_question_counts_more_in_the_search_and_less_in_judging() -> None:
    joined, alone = readings("And who built it?", [BRIDGE])[0]
    assert joined.searched > alone.searched and joined.judged < alone.judged
    assert joined.searched + alone.searched == pytest.approx(1.0) == joined.judged + alone.judged


@pytest.mark.parametrize("question", ["who said that?", "Who told them so?", "According to whom?"])
def test_who_said_it_is_looked_for_with_the_answer(question: str) -> None:
    said = Turn("When was the bridge built?", "“It was built in 1932.” [1]")
    assert texts(question, said) == [[f"It was built in 1932. {question}", question]]


def test_a_question_on_the_same_things_is_joined_but_judged_as_it_stands() -> None:
    question = "Which engineer designed the bridge near the harbour?"
    assert not is_follow_up(question, [BRIDGE]) and not is_new_topic(question, [BRIDGE])
    joined, alone = readings(question, [BRIDGE])[0]
    assert (joined.text, joined.judged, alone.judged) == (f"{BRIDGE.question} {question}", 0.0, 1.0)


def test_a_new_topic_is_noticed() -> None:
    question = "Which films won prizes at the festival?"
    assert is_new_topic(question, [BRIDGE])
    assert texts(question, BRIDGE) == [[question]]


def test_what_was_answered_belongs_to_the_conversation() -> None:
    assert not is_new_topic("Which other buildings opened during 1932 downtown?", [BRIDGE])


def test_a_chain_of_follow_ups_goes_back_to_the_question_that_stands_alone() -> None:
    chain = [Turn("Which films won prizes?"), BRIDGE, Turn("And who built it?")]
    assert texts("And where was he born?", *chain) == [
        [f"{BRIDGE.question} And who built it? And where was he born?", "And where was he born?"]
    ]


def test_a_long_chain_is_cut() -> None:
    chain = [BRIDGE, *[Turn(f"And number {number}?") for number in range(5)]]
    joined = texts("And then?", *chain)[0][0]
    assert joined == "And number 2? And number 3? And number 4? And then?"
    assert EARLIER == 3


def test_a_later_part_leans_on_the_first() -> None:
    question = "Who built the bridge, and when was it opened?"
    assert parts(question) == ["Who built the bridge", "when was it opened"]
    assert texts(question) == [
        ["Who built the bridge"],
        ["Who built the bridge when was it opened", "when was it opened"],
    ]
