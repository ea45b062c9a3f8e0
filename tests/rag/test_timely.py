"""Whether a sentence is of the time that a question names."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.timely import BEFORE, Time, period, times
from rag.types import Article

ASKED = "Who led the town from March 1990 to 1994?"


@dataclass(frozen=True)
class Sentence:
    text: str
    article: Article
    start: int


def sentence(text: str, before: str = "", published: str | None = None) -> Sentence:
    return Sentence(text, Article("a", "a.txt", before + text, published=published), len(before))


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("In 1990 Ann Berg was elected.", "begins"),
        ("From 1990 to 1992 it was Ann Berg.", "begins"),
        ("From 1985 to 1995 it was Ann Berg.", "covers"),
        ("Since 1985 it has been Ann Berg.", "covers"),
        ("From May 1988 until her death on 3 June 1992 it was Ann Berg.", "partly"),
        ("Until 1995 it was Ann Berg.", "covers"),
        ("After 1985 it was Ann Berg.", "covers"),
        ("Ann Berg, born in 1950, was the mayor.", "untold"),
        ("The town, founded in 1990, was led by Ann Berg.", "begins"),
        ("In 1992 it was Ann Berg.", "partly"),
        ("Ann Berg left in 1994.", "partly"),
        ("Ann Berg led it.", "untold"),
        ("In 1985 it was Ann Berg.", "other"),
        ("Ann Berg was elected in 1980 and again in 1984.", "other"),
    ],
)
def test_the_years_of_the_sentence_decide(text: str, time: Time) -> None:
    assert times(ASKED, [sentence(text)]) == [time]


@pytest.mark.parametrize(
    ("before", "published", "time"),
    [
        ("She was elected in 1991. ", None, "told"),
        ("She was elected in 1991 and left in 1999. ", None, "untold"),
        ("She was elected in 1991. " + "x" * BEFORE, None, "untold"),
        ("", "1991-05", "told"),
        ("", "2025", "untold"),
        ("She was elected in 1991. ", "2025", "told"),
        ("She was elected in 1980. ", "1991-05", "told"),
        ("", "no date", "untold"),
    ],
)
def test_without_years_of_its_own_what_was_told_last_counts(before: str, published: str | None, time: Time) -> None:
    assert times(ASKED, [sentence("Then Ann Berg led it.", before, published)]) == [time]


@pytest.mark.parametrize(
    ("question", "time"),
    [
        ("Who led it before 1990?", "begins"),
        ("Who led it until May 1990?", "begins"),
        ("Who led it before 12 June 1990?", "begins"),
        ("Who led it by the end of 1990?", "begins"),
        ("Who led it no later than 1990?", "begins"),
        ("Who led it after 1 May 1980?", "begins"),
        ("Who led it from 1980 onwards?", "begins"),
        ("Who led it from 1980 to 1990?", "partly"),
        ("Who led it after 1990?", "other"),
        ("Who led it since 1980?", "begins"),
        ("Who led it in 1985?", "begins"),
        ("Who led it in 1990?", "other"),
        ("Who led it?", None),
        ("Who directed the 1994 film?", None),
        ("What does Resolution 1701 demand?", None),
        ("Who has room 1999?", None),
        ("How many of 2000 soldiers left?", None),
        ("Did between 1500 and 2000 people leave?", None),
        ("Who won the 1500 m in 1985?", "begins"),
    ],
)
def test_before_and_after_are_open_at_one_end(question: str, time: Time | None) -> None:
    assert times(question, [sentence("In 1985 it was Ann Berg.")]) == [time]


@given(st.integers(1000, 2099), st.sampled_from(["in", "since", "before", "until June"]), st.text(max_size=120))
def test_a_year_that_says_when_gives_a_verdict_on_any_text(year: int, bound: str, text: str) -> None:
    first, last = period(f"Who led it {bound} {year}?") or (1, 0)
    assert first <= year <= last
    assert times(f"Who led it {bound} {year}?", [sentence(text)]) != [None]
    assert times(f"Who led the {year} club?", [sentence(text)]) == [None]


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("The club had 1200 members.", "told"),
        ("The roof cost $1450, or 1450 euros.", "told"),
        ("The heater used 1850 kWh.", "told"),
        ("In 2011 members met.", "other"),
    ],
)
def test_what_is_counted_is_no_year(text: str, time: Time) -> None:
    assert times("How many were there in 2021?", [sentence(text, published="2021-05")]) == [time]
