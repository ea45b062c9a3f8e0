"""A sentence taken apart: names, denials, plans, doers and roles, for any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.statements import statement


def names(text: str) -> set[str]:
    return {word.root for word in statement(text).names}


def test_names() -> None:
    assert names("The mayor of Ulm told The Courier.") == {"ulm", "courier"}
    assert names("However, it opened. After that it closed.") == set()
    assert names("Troops left. Nearly all of them.") == set()
    assert "klein" in names("Klein told them.")
    assert "gross" in names("It rained. Gross told them.")
    assert names("It told us of the US and the U.S.") == {"us"}
    assert names("In May, on 5 June") == set()


@pytest.mark.parametrize(
    "text",
    ["It is not so.", "It isn't", "It isn’t", "No one", "without it", "They cannot", "nor did he", "can't", "won't"],
)
def test_denials(text: str) -> None:
    assert statement(text).denials


@pytest.mark.parametrize(
    "text",
    [
        "It is so.", "a knot", "Nothingham", "notable notes", "the north", "No, it opened.", "not only Ulm",
        "no later than May", "no fewer than 5", "shouts of “No” are heard",
    ],
)  # fmt: skip
def test_no_denials(text: str) -> None:
    assert not statement(text).denials


@pytest.mark.parametrize(
    ("text", "verb", "mode"),
    [
        ("They will leave.", "leave", "plan"),
        ("They plan to leave.", "leave", "plan"),
        ("It is expected to be soon opened.", "opened", "plan"),
        ("They are to leave.", "leave", "plan"),
        ("They left.", "left", "fact"),
        ("It was opened.", "opened", "fact"),
        ("It has not opened.", "opened", "fact"),
        ("They leave.", "leave", "open"),
        ("It will be great when opened.", "opened", "open"),
    ],
)
def test_plans_and_facts(text: str, verb: str, mode: str) -> None:
    one = statement(text)
    assert [one.mode(word) for word in one.words if word.text == verb] == [mode]


@pytest.mark.parametrize(
    ("text", "doer", "to"),
    [
        ("Gross attacked Klein.", "Gross", "Klein"),
        ("Klein was attacked by Gross.", "Gross", "Klein"),
        ("Klein, attacked by Gross, left.", "Gross", "Klein"),
        ("Klein had been attacked in the night by Gross.", "Gross", "Klein"),
    ],
)
def test_doers(text: str, doer: str, to: str) -> None:
    one = statement(text)
    (verb,) = (word for word in one.words if word.text == "attacked")
    assert [(left.text, right.text) for left, right in one.doers(verb)] == [(doer, to)]


def test_roles() -> None:
    one = statement("Anna Klein is the deputy mayor of Ulm, and it is late.")
    assert [(name.text, [word.text for word in role]) for name, role in one.roles()] == [("Klein", ["deputy", "mayor"])]


def test_runs_of_names() -> None:
    one = statement("The Bank for International Settlements met Anna Klein, Ulm.")
    assert ("The", "Bank", "International", "Settlements") in one.runs
    assert "bis" in one.initials


@pytest.mark.parametrize(
    "text", ["A-" * 4_000, "A. " * 3_000, "1-" * 4_000, "not " * 3_000, "one " * 3_000, "Of The " * 2_000]
)
def test_long_texts_are_read_in_reasonable_time(text: str) -> None:
    one = statement(text)
    assert len(one.words) >= 2_000
    assert len(one.initials) <= 4_000 * 8


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    one = statement(text, "2025-08")
    assert all(word.place == at for at, word in enumerate(one.words))
    assert all(one.text[figure.start : figure.end] for figure in one.figures)
    for word in one.words:
        assert one.mode(word) in ("plan", "fact", "open")
    assert all(role for _, role in one.roles())
    assert all(word in one.words for words in (*one.denials, *one.refusals) for word in words)
