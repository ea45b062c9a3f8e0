"""Which reports give different answers, by what the reader sees in each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.compare import COVERED, FURTHER, NEAR, PERHAPS, SIDES, SURE, differing, other_values, own_values, succession
from rag.types import Article, Evidence

SIMILAR = 0.7
WORTH = COVERED + NEAR * SIMILAR
"""What a value is worth beside the reader's score, with every word of the question around it."""


def told(
    text: str, value: str = "", *, source: str, published: str | None = None, read: float | None = 3.0, family: str = ""
) -> Evidence:
    article = Article(source, source, text, published=published, family=family or source)
    at = text.find(value) if value else -1
    answer = (at, at + len(value)) if at >= 0 else None
    return Evidence(article, 0, len(text), 3.0, 3.0, SIMILAR, read=read if answer else None, answer=answer)


MEMBERS = "How many members does the club have?"
OLD = told("The club has 60 members, most of them young.", "60", source="old", published="2024-05")
NEW = told("It now counts 90 members in five towns.", "90", source="new", published="2025-09")
COVERING = "The club has 75 members, so many say."
"""With every word of the question."""
SAME = told("Since spring the club has had 90 members.", "90", source="same", published="2025-03", read=4.0)


def test_two_figures_stand_side_by_side_newest_first() -> None:
    found = differing(MEMBERS, [OLD, NEW])
    assert [(one.value, one.evidence.article.source) for one in found.told] == [("90", "new"), ("60", "old")]
    assert found.sure


def test_reports_that_agree_are_not_set_against_each_other() -> None:
    assert differing(MEMBERS, [NEW, SAME]).told == ()


def test_of_those_that_agree_the_one_that_the_reader_is_surest_of_speaks() -> None:
    found = differing(MEMBERS, [OLD, NEW, SAME])
    assert [one.evidence for one in found.told] == [SAME, OLD]


def test_of_a_report_the_sentence_counts_that_the_reader_is_surest_of() -> None:
    other = told("The club has 75 chairs.", "75", source="new", published="2025-09", read=1.0)
    assert [one.value for one in differing(MEMBERS, [other, OLD, NEW]).told] == ["90", "60"]


def test_nothing_differs_where_what_was_seen_is_not_of_the_kind_asked_for() -> None:
    vague = told("The club has many members.", "many", source="vague")
    assert differing(MEMBERS, [OLD, vague]).told == ()


def test_a_sentence_that_was_not_read_is_no_side() -> None:
    assert differing(MEMBERS, [OLD, told("It now counts 90 members.", source="unread")]).told == ()


def test_what_tells_of_another_time_than_the_question_is_no_side() -> None:
    late = told("In 2019 the club had 90 members.", "90", source="late", published="2025-09")
    early = told("In 2015 the club had 60 members.", "60", source="early", published="2025-08")
    assert len(differing(MEMBERS, [late, early]).told) == 2
    assert differing("How many members did the club have in 2015?", [early, late]).told == ()


def test_one_report_does_not_differ_from_itself_nor_from_its_copy() -> None:
    copy = told(OLD.text, "60", source="copy", family="old")
    assert differing(MEMBERS, [OLD, copy]).told == ()


def test_a_near_duplicate_with_another_value_is_told_apart() -> None:
    revised = told(OLD.text.replace("60", "66"), "66", source="revised", published="2024-06", family="old")
    assert [one.value for one in differing(MEMBERS, [OLD, revised]).told] == ["66", "60"]


@pytest.mark.parametrize(
    ("score", "sides", "sure"),
    [(SURE, 2, True), (SURE - 0.1, 2, False), (PERHAPS, 2, False), (PERHAPS - 0.1, 0, False)],
)
def test_the_second_value_says_whether_reports_differ_or_may(score: float, sides: int, sure: bool) -> None:
    other = told(COVERING, "75", source="other", read=score - WORTH)
    found = differing(MEMBERS, [OLD, other])
    assert (len(found.told), found.sure) == (sides, sure)


def test_a_value_of_which_little_that_was_asked_for_stands_near_is_worth_less() -> None:
    away = told("The town owns 75 ships.", "75", source="away", read=SURE - WORTH)
    near = told(COVERING, "75", source="near", read=SURE - WORTH)
    assert not differing(MEMBERS, [OLD, away]).sure and differing(MEMBERS, [OLD, near]).sure


def test_once_two_differ_the_others_need_less() -> None:
    poor = told(COVERING, "75", source="poor", read=FURTHER - WORTH)
    assert [one.value for one in differing(MEMBERS, [OLD, poor, NEW]).told] == ["90", "60", "75"]
    assert [one.value for one in differing(MEMBERS, [poor, OLD]).told] == []


def test_of_values_that_may_differ_those_are_told_that_the_answer_does_not_have() -> None:
    other = told(COVERING, "75", source="other", read=PERHAPS - WORTH)
    sides = differing(MEMBERS, [OLD, other])
    assert not sides.sure
    assert own_values(sides, [OLD]) == {OLD: "60"} and other_values(sides, [OLD]) == {other: "75"}
    assert other_values(sides, [OLD, other]) == {}
    elsewhere = Evidence(OLD.article, 25, 44, 3.0, answer=(38, 43))  # of the same report, without its side's value
    assert own_values(sides, [elsewhere]) == {elsewhere: "young"}


def test_reasons_are_no_values_to_be_held_apart() -> None:
    assert differing("Why do people join the club?", [OLD, NEW]).told == ()


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (
            "Who leads the club?",
            ("Anna Berg leads the club.", "Anna Berg"),
            ("The club is led by Tom Reed.", "Tom Reed"),
        ),
        (
            "When does the bridge open?",
            ("The bridge opens on 3 May.", "3 May"),
            ("It opens in June 2025.", "June 2025"),
        ),
    ],
)
def test_names_and_dates_differ_too(question: str, one: tuple[str, str], other: tuple[str, str]) -> None:
    pair = [told(*one, source="a", published="2025-01"), told(*other, source="b", published="2025-02")]
    assert [told.evidence for told in differing(question, pair).told] == pair[::-1]


@pytest.mark.parametrize(
    ("question", "one", "other", "differs"),
    [
        ("How much did the bridge cost?", "$1.5 million", "$1,500,000", False),
        ("How much did the bridge cost?", "1.2 million", "1,200,000", False),
        ("How much did the bridge cost?", "$5 million", "$5 billion", True),
        ("When did the bridge open?", "2024-03-05", "5 March", False),
        ("When did the bridge open?", "2024-03-05", "5 March 2024", False),
        ("When did the bridge open?", "5 May 1921", "1921", False),
        ("When is the meeting at the bridge?", "3 March", "3 April", True),
        ("How long is the bridge closed?", "two weeks", "two months", True),
        ("How much salt goes on the bridge?", "2 tablespoons", "2 teaspoons", True),
    ],
)
def test_a_value_is_the_same_in_other_figures_and_another_in_another_unit(
    question: str, one: str, other: str, *, differs: bool
) -> None:
    sides = [told(f"Of the bridge it is {value}.", value, source=value, read=9.0) for value in (one, other)]
    assert bool(differing(question, sides).told) == differs


def test_what_is_newer_is_said_only_where_the_dates_tell() -> None:
    def said(*dates: str) -> list[str]:
        pieces = [told("It is open.", source=date, published=date) for date in dates]
        return [words.split(" (")[0] for words in succession(pieces).values()]

    assert said("2025-08", "2025-05") == ["Newest report", "Earlier"]
    assert said("2025", "2025-08-20") == ["2025, 2025", "2025-08-20, 20 August 2025"]
    assert said("2025-09/2025-12", "2025-11-03", "2024")[-1] == "Earlier"
    assert "Newest report" not in said("2025-09/2025-12", "2025-11-03", "2024")


@given(st.lists(st.text(alphabet="ab 1290AZ.,é", min_size=1, max_size=40), max_size=8))
def test_never_more_than_asked_for_and_every_value_stands_in_its_sentence(texts: list[str]) -> None:
    evidence = [told(text, "1", source=str(number)) for number, text in enumerate(texts)]
    found = differing(MEMBERS, evidence).told
    assert len(found) != 1 and len(found) <= SIDES
    assert all(one.value and one.value in one.evidence.text for one in found)
