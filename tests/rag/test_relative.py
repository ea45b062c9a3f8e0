"""Relative dates, and the days on which they were said."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import relative
from rag.dates import is_iso
from rag.relative import resolve
from tests.rag.test_dates import values


def test_examples_in_docstrings() -> None:
    done = doctest.testmod(relative)
    assert done.attempted >= 3
    assert done.failed == 0


@pytest.mark.parametrize(
    ("text", "published", "found"),
    [
        ("It ends by next month.", "2025-08", [("next month", "2025-09")]),
        ("It ends by next month.", "2025-12-31", [("next month", "2026-01")]),
        ("It began last month.", "2025-01", [("last month", "2024-12")]),
        ("Agreed in September last year.", "2025-08", [("September last year", "2024-09")]),
        ("The second phase is due next year.", "2025", [("next year", "2026")]),
        ("The second phase is due next year.", "2025-09/2025-12", [("next year", "2026")]),
        ("It ends next month.", "2025-09/2025-12", []),  # which month is open
        ("It ends next month.", None, []),
        ("It ended in 2024.", "2025-08", []),
        ("He told Rudaw on Wednesday.", "2025-08-20", [("on Wednesday", "2025-08-20")]),
        ("He resigned on Thursday.", "2025-08-20", [("on Thursday", "2025-08-14")]),
        ("Talks will begin on Thursday.", "2025-08-20", [("on Thursday", "2025-08-21")]),
        ("The base will close, he said on Monday.", "2025-08-20", [("on Monday", "2025-08-18")]),
        ("It was closed on Monday and will open on Friday.", "2025-08-20", [
            ("on Monday", "2025-08-18"), ("on Friday", "2025-08-22"),
        ]),
        ("Due to rain it was cancelled on Monday.", "2025-08-20", [("on Monday", "2025-08-18")]),
        ("It opened last Wednesday.", "2025-08-20", [("last Wednesday", "2025-08-13")]),
        ("It opens next Wednesday.", "2025-08-20", [("next Wednesday", "2025-08-27")]),
        ("It opened on Monday.", "2025-08", []),  # which Monday is open
        ("It opened on Monday, 4 August 2025, and on Tuesday 5 August.", "2025-08-20", []),
        ("It is open on Mondays.", "2025-08-20", []),
        ("The plumber comes on Friday.", "2025-08-20", []),  # which one is meant is open
        ("It began yesterday.", "2025-03-01", [("yesterday", "2025-02-28")]),
        ("It ends this week.", "2025-08-20", [("this week", "2025-08-18/2025-08-24")]),
        ("It closed two months ago.", "2025-08-20", [("two months ago", "2025-06")]),
        ("It closed three days ago.", "2025-08-02", [("three days ago", "2025-07-30")]),
        ("It closed 10 years ago.", "2025", [("10 years ago", "2015")]),
        ("It closed a week ago.", "2025-08-20", [("a week ago", "2025-08-11/2025-08-17")]),
        ("It opens in two years' time.", "2025-08", [("in two years' time", "2027")]),
        ("It closed two days ago.", "2025-08", []),
        ("Iraq today is another country.", "2025-08-20", []),
        ("It closed 999 years ago.", "0900", []),
        ("He opened the shop twenty-two years ago.", "2025", []),
        ("He opened the shop twenty two years ago.", "2025", []),
        ("It was built 1,200 years ago.", "2025", []),
        ("It was built 2.5 years ago, or half a year ago.", "2025", []),
        ("It was built two or three years ago, more than two years ago.", "2025", []),
        ("In 2010 sales rose on the previous year.", "2025", []),
        ("It was the last year of the war.", "2025", []),
        ("Fees rise over the next month.", "2025-08-20", []),
        ("The works took the last week of June.", "2025-08-20", []),
        ("It rose on last year's figure.", "2025", [("last year", "2024")]),
        ("The library is closed on Monday.", "2025-08-20", []),
        ("Bins are always collected on Thursday.", "2025-08-20", []),
        ("He is said to have resigned on Thursday.", "2025-08-20", [("on Thursday", "2025-08-14")]),
    ],
)  # fmt: skip
def test_relative_dates(text: str, published: str | None, found: list[tuple[str, str]]) -> None:
    assert resolve(text, published) == found


def test_a_year_has_four_figures_or_is_left_open() -> None:
    assert resolve("It opened last year.", "1000") == [("last year", "0999")]
    assert resolve("It opened in September last year.", "1000-05") == [("September last year", "0999-09")]
    assert resolve("It opens next year.", "9999") == resolve("It opened last year.", "0001") == []


@given(
    st.sampled_from(
        [
            "next month",
            "last year",
            "May this year",
            "last month",
            "on Monday",
            "last Friday",
            "two weeks ago",
            "90 days ago",
            "yesterday",
            "this week",
            "in 3 years' time",
        ]
    ),
    values(),
)
def test_resolved_dates_are_dates(phrase: str, published: str) -> None:
    for said, value in resolve(f"It opened {phrase}.", published):
        assert said == phrase
        assert is_iso(value)
