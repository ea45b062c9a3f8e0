"""The list of conversations: by day, the one on the page marked, nothing from outside as markup."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.ui.markup import HOSTILE, Page
from ui.history import Kept
from ui.shelf import NONE_YET, kept_by_browser, shelf

NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)
TODAY = NOW.astimezone().date()


def kept(name: str, days: int = 0) -> Kept:
    return Kept(name, f"About {name}", (NOW - timedelta(days=days)).isoformat())


def test_conversations_stand_under_their_days() -> None:
    some = [kept("a"), kept("b"), kept("c", 1), kept("d", 3), kept("e", 40), kept("f", 400)]
    text = Page(shelf(some, current="", today=TODAY)).text
    assert text == ("TodayAbout aAbout bYesterdayAbout cThis weekAbout dFebruary 2026About eFebruary 2025About f")


def test_the_one_on_the_page_is_marked() -> None:
    page = Page(shelf([kept("a"), kept("b")], current="b", today=TODAY))
    assert [one.get("aria-current") for one in page.attributes("li")] == [None, "true"]


def test_those_of_one_name_are_told_apart() -> None:
    at = NOW.astimezone().strftime("%H:%M")
    same = [Kept("a", "When?", NOW.isoformat(), 3), Kept("b", "when?", NOW.isoformat(), 1), kept("c")]
    old = Kept("d", "When?", (NOW - timedelta(days=40)).isoformat())
    day = datetime.fromisoformat(old.changed).astimezone()
    assert Page(shelf([*same, old], current="", today=TODAY)).text == (
        f"TodayWhen? {at} · 3 questionswhen? {at} · 1 questionAbout cFebruary 2026When? {day.day} February, {day:%H:%M}"
    )


def test_names_that_are_cut_before_they_differ_are_told_apart() -> None:
    long = "How many people crossed the bridge in "
    page = Page(
        shelf(
            [Kept("a", f"{long} May?", NOW.isoformat(), 1), Kept("b", f"{long} June?", NOW.isoformat(), 1)],
            current="",
            today=TODAY,
        )
    )
    assert page.text.count("1 question") == 2


def test_what_a_browser_says_it_keeps_may_know_how_many_questions_there_are() -> None:
    told = [{"id": str(n), "title": "When?", "changed": NOW.isoformat(), "asked": n} for n in (2, -1, "x", None)]
    told.append({"id": "old", "title": "When?", "changed": NOW.isoformat()})
    assert [one.asked for one in kept_by_browser(json.dumps(told))] == [2, 0, 0, 0, 0]
    assert kept_by_browser("[1, 2]") == []


def test_an_empty_list_says_what_it_is_for() -> None:
    assert Page(shelf([], current="", today=date(2026, 1, 1))).text == NONE_YET


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_from_outside_is_markup(hostile: str) -> None:
    page = Page(shelf([Kept(hostile, hostile, NOW.isoformat())], current=hostile, today=TODAY))
    page.check()
    assert hostile.replace("\ud800", "?") in page.text
