"""What a question and a text share: weighted words, closeness, order, years."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.overlap import WINDOW, ask, read
from rag.stems import sequence

TEXT = "The old harbour bridge was opened in May 1932 and repaired from 1998 to 2001 by the city."


def test_words_are_compared_by_stem_in_their_order() -> None:
    assert sequence("The bridges' Opening") == ("the", "bridg", "open")
    assert read("Bridges opened").pairs == {("bridg", "open")}


def test_a_word_that_few_texts_hold_weighs_more() -> None:
    asked = ask("harbour bridge", [read("the bridge"), read("a bridge"), read("the harbour bridge")])
    assert asked.weights["harbour"] > asked.weights["bridg"]
    assert asked.share({"harbour"}) > 0.5 > asked.share({"bridg"})
    assert asked.share({"harbour", "bridg", "more"}) == pytest.approx(1.0)


def test_words_close_together_count_more_than_the_same_words_apart() -> None:
    close, apart = "harbour bridge " + "word " * 40, "harbour " + "word " * 40 + "bridge"
    asked = ask("harbour bridge", [read(close), read(apart)])
    assert asked.nearness(read(close).sequence) == pytest.approx(1.0)
    assert asked.nearness(read(apart).sequence) == pytest.approx(0.5)


def test_the_window_is_as_wide_as_it_says() -> None:
    just = ["harbour", *["word"] * (WINDOW - 2), "bridge"]
    asked = ask("harbour bridge", [])
    assert asked.nearness(sequence(" ".join(just))) == pytest.approx(1.0)
    assert asked.nearness(sequence(" ".join([*just[:-1], "word", "bridge"]))) == pytest.approx(0.5)


def test_pairs_see_the_order() -> None:
    asked = ask("dog bites man", [])
    assert asked.pairs(read("The dog bites man after man")) == 1.0
    assert asked.pairs(read("man bites dog")) == 0.0


def test_years_in_the_question_are_looked_for_in_the_text() -> None:
    text = read(TEXT)
    assert ask("who repaired the bridge from 1998 to 2001?", [text]).same_years(text) == 1.0
    assert ask("who repaired the bridge from 1998 to 2002?", [text]).same_years(text) == 0.5
    assert ask("who repaired the bridge?", [text]).same_years(text) == 0.0


def test_a_time_within_a_named_time_is_covered_in_part() -> None:
    text = read(TEXT)
    assert ask("repairs from 1998 to 2001", [text]).same_time(text) == 1.0
    assert ask("repairs from 1999 to 2000", [text]).same_time(text) == pytest.approx(0.5)
    assert ask("repairs in 1950", [text]).same_time(text) == 0.0


@given(st.text(max_size=60), st.text(max_size=200))
def test_all_shares_lie_between_none_and_all(question: str, text: str) -> None:
    other = read(text)
    asked = ask(question, [other])
    shares = (
        asked.share(other.stems & asked.weights.keys()),
        asked.nearness(other.sequence),
        asked.pairs(other),
        asked.same_years(other),
        asked.same_time(other),
    )
    assert all(-1e-9 <= share <= 1 + 1e-9 for share in shares)
