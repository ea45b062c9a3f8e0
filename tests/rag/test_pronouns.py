"""A pronoun in a question → what was asked about before, where that is plain."""

from __future__ import annotations

import pytest

from rag.pronouns import in_place
from rag.question import readings
from rag.types import Turn

ROAD = "What is the Green Road?"


@pytest.mark.parametrize(
    ("earlier", "question", "full"),
    [
        ([ROAD], "And when will it open?", "And when will the Green Road open?"),
        ([ROAD, "How long is its railway?"], "And when will it open?", "And when will the Green Road open?"),
        ([ROAD], "What is its total cost?", "What is the Green Road’s total cost?"),
        (["How much time does UNAMI have?"], "Which of its men has it lost?", "Which of UNAMI’s men has UNAMI lost?"),
        (["When was the bridge built?"], "Who designed it?", "Who designed the bridge?"),
        (["Where is the bridge?"], "Who designed it?", "Who designed the bridge?"),
        (["What is Resolution 1701?"], "When was it adopted?", "When was Resolution 1701 adopted?"),
        (["When was the bridge built?"], "Is it dangerous to the fish?", "Is the bridge dangerous to the fish?"),
        (["When was the bridge built?"], "Is it okay to cross it?", "Is it okay to cross the bridge?"),
        (["When was the bridge built?"], "Did it make it through May?", "Did the bridge make it through May?"),
        (["What is LangChain?"], "Who made it?", "Who made LangChain?"),
    ],
)  # fmt: skip
def test_what_it_stands_for_is_put_in_its_place(earlier: list[str], question: str, full: str) -> None:
    assert in_place(question, earlier) == full


@pytest.mark.parametrize(
    ("question", "full"),
    [
        ("How was he killed?", "How was Ann Berg killed?"),
        ("What did his brother say?", "What did Ann Berg’s brother say?"),
        ("Who saw her?", "Who saw Ann Berg?"),
        ("Who saw her in Ulm?", None),
        ("Who saw her at night?", "Who saw Ann Berg at night?"),
        ("Who bought her ship?", "Who bought Ann Berg’s ship?"),
    ],
)
def test_who_was_the_answer_is_who_is_meant(question: str, full: str | None) -> None:
    assert in_place(question, ["Who led them?"], "Ann Berg") == full


@pytest.mark.parametrize(
    ("earlier", "question"),
    [
        (["When was the coalition against ISIS formed?"], "Who leads it?"),  # the name only says against whom
        (["Did Rome or Ulm fall first?"], "When was it rebuilt?"),
        (["Who runs Ulm's museum?"], "When did it open?"),
        (["Which ships belong to the Braun Brothers?"], "When did it begin?"),
        (["San Bruno City Park Hours"], "Does it include the holidays?"),  # no question: its first word may be a name
        (["How does the state pay for it?"], "How do people apply for it?"),  # points back itself
        (["What is the difference between them?"], "How does it affect the price?"),
        (["How can I check the current setting?"], "How is it changed?"),
        (["What are the aims?"], "When did it begin?"),
        (["When did the Green Road open?"], "Is it legal to walk on the grass?"),
        (["When did the Green Road open?"], "How old was he?"),
        (["When was the bridge built?"], "Who made it possible?"),
        (["When was the bridge built?"], "What makes it illegal to fish there?"),
        (["When was the bridge built?"], "Is it dangerous to mix bleach and vinegar?"),
        (["When did Karl Braun leave?"], "Who went with him?"),  # two words may name a state or a firm as well
        (["When did Apollo 11 land?"], "Who commanded it?"),
        (["What does the Iraqi parliament do?"], "How many seats does it have?"),
        (["Which German company built it?"], "When was it founded?"),
        (["WHAT IS THE GREEN ROAD?"], "When will it open?"),
        (["Why did Karl Braun resign?"], "When was it?"),
        (["Who is the pope?"], "When did it open?"),
        ([ROAD], "When did it happen?"),
        ([ROAD], "What time is it?"),
        ([ROAD], "Was it worth it?"),
        ([ROAD], "Did the mayor close the tunnel there because it leaked?"),
        ([ROAD], "When did Ulm join it?"),  # may mean what is named beside it
        ([ROAD], "Which towns have a bridge?"),
        ([], "When will it open?"),
        (["In which month was May Berg born?", "What is March?"], "How long is it?"),
    ],
)
def test_where_it_is_not_plain_nothing_is_put(earlier: list[str], question: str) -> None:
    assert in_place(question, earlier) is None


def test_the_question_in_full_is_what_is_asked_and_the_others_are_searched_too() -> None:
    (found,) = readings("And when will it open?", [Turn(ROAD, "A road.")])
    assert [one.text for one in found] == [
        "And when will the Green Road open?",
        f"{ROAD} And when will it open?",
        "And when will it open?",
    ]
    assert sum(one.searched for one in found) == pytest.approx(1) == sum(one.judged for one in found)
