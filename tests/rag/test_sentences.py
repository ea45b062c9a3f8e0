"""Sentences and where they stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.sentences import LONG_CHARS, MAX_CHARS, spans, split
from rag.types import Article

ANY = st.text(max_size=400)
PROSE = st.lists(
    st.sampled_from(
        [
            "Dr. Klein said so.",
            "It cost 3.5 million",
            "“Yes!” he said.",
            "\n",
            "\n\n",
            " ",
            "U.S. troops left",
            "?",
            "…",
        ]
    ),
    max_size=30,
).map(" ".join)


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in spans(text)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It opened in May. It closed in June.", ["It opened in May.", "It closed in June."]),
        ("  It opened.\n\n  It closed.  ", ["It opened.", "It closed."]),
        ("Dr. Klein paid $3.5 million on Jan. 5, 2020.", ["Dr. Klein paid $3.5 million on Jan. 5, 2020."]),
        ("U.S. troops left. They had come in 2003.", ["U.S. troops left.", "They had come in 2003."]),
        ("A heading\nIt opened", ["A heading", "It opened"]),
        ("Bake for approx. 40 minutes. Let it cool.", ["Bake for approx. 40 minutes.", "Let it cool."]),
        ("Add 1 tbsp. sugar and 2 tsp. salt. Stir.", ["Add 1 tbsp. sugar and 2 tsp. salt.", "Stir."]),
        ("Use 2 tsp. Stir.", ["Use 2 tsp.", "Stir."]),
        ("It costs 12 euros incl. VAT and max. 5 kg.", ["It costs 12 euros incl. VAT and max. 5 kg."]),
        ("Pay on the 1. of each month, first on 5. May.", ["Pay on the 1. of each month, first on 5. May."]),
        ("It has 12. The others have 5. 7 are new.", ["It has 12.", "The others have 5.", "7 are new."]),
        ("Open Mon.-Fri. 9 to 5. Ring twice.", ["Open Mon.-Fri. 9 to 5.", "Ring twice."]),
        ("He sat. She ran.", ["He sat.", "She ran."]),
        ("Did it open? Yes! It did…", ["Did it open?", "Yes!", "It did…"]),
        ("", []),
        (" \n\t\n ", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert cut(text) == sentences


def test_a_quotation_of_many_sentences_is_taken_apart() -> None:
    one = "We have waited for this bridge longer than any town in the land has waited for anything."
    text = f"“{' '.join([one] * 6)}”"
    found = cut(text)
    assert len(found) == 6
    assert all(one in sentence for sentence in found)


def test_a_text_without_full_stops_is_cut_to_what_fits() -> None:
    found = cut("word " * 2000)
    assert max(map(len, found)) <= MAX_CHARS
    assert sum(len(one.split()) for one in found) in range(2000, 2000 + len(found))


def test_the_seeds_sentences_are_of_a_sentences_length(seed_articles: list[Article]) -> None:
    lengths = [len(sentence) for one in seed_articles for sentence in cut(one.text)]
    assert len(lengths) > 200
    assert max(lengths) <= LONG_CHARS * 2  # a single sentence of a statement may be long


@given(ANY | PROSE)
def test_pieces_join_to_the_text(text: str) -> None:
    assert "".join(split(text)) == text


@given(ANY | PROSE)
def test_spans_are_exact_in_order_and_hold_everything(text: str) -> None:
    at = 0
    for start, end in spans(text):
        assert at <= start < end <= len(text)
        assert not text[at:start].strip()  # nothing but white space between sentences
        assert text[start:end] == text[start:end].strip()
        assert "\n" not in text[start:end]
        assert end - start <= MAX_CHARS
        at = end
    assert not text[at:].strip()
