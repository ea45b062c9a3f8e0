"""Figures and dates: values, units, bounds, ranges; what one may be told for another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.quantities import Bound, Day, Figure, days, figures, plain


def read(text: str) -> list[tuple[float, str, Bound]]:
    return [(one.value, one.unit, one.bound) for one in figures(plain(text))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2,500 of 10,000.50, and 3.", [(2500, "", ""), (10000.5, "", ""), (3, "", "")]),
        ("twenty-five men, then two", [(25, "", ""), (2, "", "")]),
        ("$2.5 billion and two million", [(2.5e9, "$", ""), (2e6, "", "")]),
        ("$four billion", [(4e9, "$", "")]),
        ("$30-40 billion", [(30e9, "$", ""), (40e9, "$", "")]),
        ("a 618-kilometer border", [(618, "km", "")]),
        ("60 %, 60 percent, 60 per cent", [(60, "%", "")] * 3),
        ("nearly three-quarters of voters", [(75, "%", "near")]),
        ("half of the men", [(50, "%", "")]),
        ("over 60, at least 60, 60 or more", [(60, "", "above")] * 3),
        ("under 60, up to 60, no more than 60", [(60, "", "below")] * 3),
        ("some 60 men, about 60", [(60, "", "about")] * 2),
        ("just under 1,500", [(1500, "", "near")]),
        ("the second phase, 90th member", [(2, "", ""), (90, "", "")]),
        ("about 3-4 years", [(3, "year", "about"), (4, "year", "about")]),
        ("one of them, no one, at first", []),
        ("one year, only one bridge", [(1, "year", ""), (1, "", "")]),
        ("11thof November", [(11, "", "")]),
        (
            "5 mg, 5 g, 2 tsp. or 3 tablespoons",
            [
                (5, "mg", ""),
                (5, "gram", ""),
                (2, "teaspoon", ""),
                (3, "tablespoon", ""),
            ],
        ),
        ("fell to −5 °C, and rose 5-6 degrees", [(-5, "", ""), (5, "degree", ""), (6, "degree", "")]),
        ("1½ cups", [(1, "", ""), (1, "", ""), (2, "cup", "")]),
        ("none of it", []),
    ],
)
def test_figures(text: str, found: list[tuple[float, str, Bound]]) -> None:
    assert read(text) == found


@pytest.mark.parametrize(
    ("text", "partner"), [("4 to 5 men", 5), ("4-5", 5), ("between 4 and 5", 5), ("4 and 5", None), ("4, 5", None)]
)
def test_ranges(text: str, partner: float | None) -> None:
    assert figures(plain(text))[0].partner == partner


@pytest.mark.parametrize(
    ("mine", "theirs", "may"),
    [
        (Figure(60, 0, 2), Figure(60, 0, 2), True),
        (Figure(60, 0, 2), Figure(61, 0, 2), False),
        (Figure(60, 0, 2, bound="above"), Figure(60, 0, 2), False),
        (Figure(60, 0, 2), Figure(60, 0, 2, bound="above"), False),
        (Figure(60, 0, 2), Figure(60, 0, 2, bound="about"), True),
        (Figure(60, 0, 2, bound="about"), Figure(60, 0, 2, bound="near"), True),
        (Figure(60, 0, 2, unit="km"), Figure(60, 0, 2, unit="mile"), False),
        (Figure(60, 0, 2, unit="km"), Figure(60, 0, 2), True),
        (Figure(4, 0, 1), Figure(4, 0, 1, partner=5), False),
        (Figure(1914, 0, 4), Figure(1914, 0, 4, partner=1918), True),
    ],
)
def test_what_may_be_told_for_what(mine: Figure, theirs: Figure, may: bool) -> None:
    assert mine.says(theirs) is may


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("on 5 January 2020", {Day(2020, 1, 5)}),
        ("January 5, 2020, they", {Day(2020, 1, 5)}),
        ("January 5th", {Day(0, 1, 5)}),
        ("in August 2025", {Day(2025, 8)}),
        ("between January and June", {Day(0, 1), Day(0, 6)}),
        ("they may go", set()),
        ("in May", {Day(0, 5)}),
        ("In 2020", set()),
    ],
)
def test_days(text: str, found: set[Day]) -> None:
    assert set(days(plain(text))) == found


def test_days_that_a_dated_report_tells() -> None:
    assert Day(2025, 9) in days(plain("It ends next month."), "2025-08")
    assert Day(2025, 11, 11) in days(plain("set for 11thof November this year"), "2025-08-20")
    assert Day(2020, 1).agrees(Day(2020, 1, 5))
    assert not Day(2020, 1, 5).agrees(Day(2020, 1))


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    for figure in figures(plain(text)):
        assert figure.says(figure)
    assert all(0 <= day.month <= 12 for day in days(plain(text), "2025"))
