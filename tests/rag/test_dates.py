"""Dates of reduced precision, by example and as rules that hold for all."""

from __future__ import annotations

import doctest
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import dates
from rag.dates import before, is_iso, may_lie, recency, say, span

DAYS = st.dates(min_value=date(1000, 1, 1), max_value=date(9000, 12, 31))


@st.composite
def points(draw: st.DrawFn) -> str:
    """A year, a month or a day."""
    return draw(DAYS).isoformat()[: draw(st.sampled_from((4, 7, 10)))]


@st.composite
def values(draw: st.DrawFn) -> str:
    """A point, or an interval of two in their order."""
    first, second = draw(points()), draw(points())
    if draw(st.booleans()) or not is_iso(f"{first}/{second}"):
        return first
    return f"{first}/{second}"


def test_examples_in_docstrings() -> None:
    done = doctest.testmod(dates)
    assert done.attempted >= 4
    assert done.failed == 0


@pytest.mark.parametrize("value", ["2025", "2025-08", "2025-08-20", "2024-02-29", "2025-09/2025-12", "2025/2025-03"])
def test_dates(value: str) -> None:
    assert is_iso(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "25",
        "2025-13",
        "2025-02-29",
        "2025-8",
        "2025-08-20T10:00",
        "August 2025",
        "2025-12/2025-09",
        "2025/",
        "/2025",
        "2025/2026/2027",
        "2025-08\n",
        " 2025",
        "0000",
        "2025-00",
        "None",
    ],
)
def test_no_dates(value: str) -> None:
    assert not is_iso(value)


@given(st.text(alphabet="0123456789-/T \n", max_size=22))
def test_what_is_no_date_is_found_out_without_a_crash(value: str) -> None:
    if is_iso(value):
        first, last = span(value)
        assert first <= last
        assert say(value)


@given(values())
def test_span_holds_its_days(value: str) -> None:
    first, last = span(value)
    assert first.isoformat().startswith(value.partition("/")[0])
    assert last.isoformat().startswith(value.rpartition("/")[2])


@given(values(), DAYS, DAYS)
def test_a_date_may_lie_where_one_of_its_days_does(value: str, one: date, other: date) -> None:
    begin, end = span(value)
    first, last = sorted((one, other))
    assert may_lie(value, first, last) == (max(begin, first) <= min(end, last))
    assert may_lie(value, date.min, date.max)
    assert not any(may_lie(none, date.min, date.max) for none in (None, "", "soon", "2025-12/2025-09"))


@given(values(), values())
def test_newer_sorts_later(one: str, other: str) -> None:
    if span(one)[0] > span(other)[1]:
        assert recency(one) > recency(other)
    assert recency(None) < recency(one)


def test_newest_of_the_known_order() -> None:
    order = ["2024-09", "2025-05/2025-06", "2025-08", "2025-08-31", "2025-09/2025-12", "2025"]
    assert sorted(order, key=recency) == [
        "2024-09",
        "2025-05/2025-06",
        "2025-08",
        "2025-08-31",
        "2025",
        "2025-09/2025-12",
    ]


@given(values(), st.integers(0, 3000))
def test_before_covers_what_may_be_meant(value: str, days: int) -> None:
    """Every day the date may stand for, counted back, lies in the result, which is a date again."""
    ago = timedelta(days=days)
    found = before(value, ago)
    assert is_iso(found)
    first, last = span(value)
    earliest, latest = span(found)
    assert earliest <= first - ago and last - ago <= latest


@given(values(), st.integers(0, 23))
def test_hours_do_not_change_a_date(value: str, hours: int) -> None:
    assert before(value, timedelta(hours=hours)) == value


def test_before_the_first_year_is_an_error_that_is_declared() -> None:
    with pytest.raises(OverflowError):
        before("2025", timedelta(days=365 * 9000))


@given(values())
def test_said_dates_hold_their_years(value: str) -> None:
    for point in value.split("/"):
        assert str(int(point[:4])) in say(value)
    assert "/" not in say(value)
