"""Questions made from sentences: right in their grammar, or none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.asking import LONGEST, questions

ASKED = [
    ("The Alte Brücke was opened in 1932.", "When was the Alte Brücke opened?"),
    ("The Opera of Ulm, a landmark of the town, was built in May 1932 by workers.", "When was the Opera of Ulm built?"),
    ("In 1932, the Council of Ulm approved the bridge.", "When did the Council of Ulm approve the bridge?"),
    ("The ferry to Kiel will be closed in June 2031.", "When will the ferry to Kiel be closed?"),
    ("The ferry to Kiel will run until June 2031.", "Until when will the ferry to Kiel run?"),
    (
        "The mission will stay in Kiel for the next two years.",
        "How long will the mission stay in Kiel?",
    ),
    ("The Port of Kiel comprises over 60 islands and many rocks.", "How many islands does the Port of Kiel comprise?"),
    ("Over 300 people in Ulm signed the letter.", "How many people in Ulm signed the letter?"),
    ("There are 54 bridges in Ulm and Kiel.", "How many bridges are there in Ulm and Kiel?"),
    ("The Port of Kiel has a population of 12,345.", "What is the population of the Port of Kiel?"),
    ("The Castle of Ulm was designed by Anna Klein.", "Who designed the Castle of Ulm?"),
    ("Anna Klein founded the Museum of Bonn.", "Who founded the Museum of Bonn?"),
    ("Anna Klein, mayor of Ulm, opened the bridge.", "Who is Anna Klein?"),
    ("The Castle of Ulm is located in Bavaria.", "Where is the Castle of Ulm located?"),
    ("The Fair of Ulm was cancelled because of the flood.", "Why was the Fair of Ulm cancelled?"),
    ("KIEL, Germany - The Port of Kiel was closed on 5 May 2020.", "When was the Port of Kiel closed?"),
]


@pytest.mark.parametrize(("sentence", "question"), ASKED)
def test_what_a_sentence_answers(sentence: str, question: str) -> None:
    assert question in [one.text for one in questions(sentence, sentence)]


@pytest.mark.parametrize(
    "sentence",
    ["Three died in Kabul on 5 May 2020.", "One is expected back in June 2024.", "Both were sent to Kabul in 2020."],
)
def test_who_the_three_are_stood_before(sentence: str) -> None:
    assert not questions(sentence, sentence)


def test_what_an_article_defines_under_its_title() -> None:
    sentence = "Karl Klein is a German footballer who plays for Ulm."
    assert [one.text for one in questions(sentence, sentence, "Karl Klein")] == ["Who is Karl Klein?"]
    sentence = "The Ulm Accord is a treaty on rivers that both towns signed."
    assert [one.text for one in questions(sentence, sentence, "Ulm Accord")] == ["What is the Ulm Accord?"]
    sentence = "Klein was born in 1932 in Ulm."
    assert questions(sentence, sentence, "Karl Klein")[0].text == "When was Karl Klein born?"


@pytest.mark.parametrize(
    "sentence",
    [
        "It was opened in Ulm in 1932.",  # who knows what
        "The bridge was opened in 1932.",
        "He said the Bridge of Ulm was opened in 1932, and that Kiel was not.",
        "“The Bridge of Ulm was opened in 1932,” the mayor said.",
        "Tickets for Ulm that nobody bought were sold in 1932.",
        "Construction was completed in Ulm in 1932.",
        "The Castle of Ulm was awarded the of the town in 1932.",  # a word is lost
        "The Bridge of Ulm was opened last week.",
        "The town of Ulm in 1932 was the seat of the court.",
        "WAS OPENED IN 1932 | READ MORE",
        "Read more: the Bridge of Ulm was opened in 1932...",
        "Die Brücke von Ulm wurde im Mai 1932 eröffnet.",
        "",
    ],
)
def test_rather_none_than_a_clumsy_one(sentence: str) -> None:
    assert questions(sentence, sentence) == []


@given(st.lists(st.sampled_from(" ".join(sentence for sentence, _ in ASKED).split()), max_size=25))
def test_whatever_the_words_it_is_a_short_question_without_the_year(words: list[str]) -> None:
    sentence = " ".join(words).rstrip(".") + "."
    for one in questions(sentence, sentence, "Ulm"):
        assert len(one.text) <= LONGEST
        assert one.text.endswith("?") and one.text.count("?") == 1 and one.text[0].isupper()
        assert not any(year in one.text for year in ("1932", "2020", "2031"))


@given(st.text(max_size=300))
def test_no_text_is_too_odd(text: str) -> None:
    questions(text, text, text)
