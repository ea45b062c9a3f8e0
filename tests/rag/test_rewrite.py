"""A rewritten follow-up is used only when it says nothing of its own."""

from __future__ import annotations

import pytest

from rag.errors import ModelError
from rag.rewrite import standalone
from rag.types import Turn
from tests.rag.fakes import ScriptedPhraser

HISTORY = [Turn("When was the harbour bridge built?", "Anna Berg built it in 1932.")]
QUESTION = "And who painted it?"


def rewritten(*pieces: str, question: str = QUESTION) -> str | None:
    return standalone(question, HISTORY, ScriptedPhraser(*pieces))


def test_pronouns_are_replaced_from_the_conversation() -> None:
    assert rewritten("Who painted the ", "harbour bridge?") == "Who painted the harbour bridge?"
    assert rewritten("Rewritten question: Who painted the harbour bridge?") == "Who painted the harbour bridge?"
    assert rewritten('"Who painted the harbour bridge?"\nIt was…') == "Who painted the harbour bridge?"


@pytest.mark.parametrize(
    "reply",
    [
        "Who painted the town hall?",  # a thing of its own
        "Who painted the harbour bridge in 1950?",  # a number of its own
        "When was the harbour bridge built?",  # the question is lost
        "",
        "And who painted it?",
        "the harbour bridge painted " * 40,
    ],
)
def test_anything_else_is_dropped(reply: str) -> None:
    assert rewritten(reply) is None


def test_a_model_that_fails_is_no_reason_to_fail() -> None:
    broken = ScriptedPhraser(error=ModelError("The model is not there."))
    assert standalone(QUESTION, HISTORY, broken) is None


def test_a_long_reply_is_stopped() -> None:
    talker = ScriptedPhraser(*["the bridge "] * 1000)
    assert standalone(QUESTION, HISTORY, talker) is None
    assert talker.said < 100


def test_the_model_sees_the_conversation() -> None:
    phraser = ScriptedPhraser("x")
    standalone(QUESTION, HISTORY, phraser)
    assert phraser.prompts == [
        "Question: When was the harbour bridge built?\nAnswer: Anna Berg built it in 1932.\nLast question: " + QUESTION
    ]
