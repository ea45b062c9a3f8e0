"""What supports a sentence, and what does not: the same statement, then one thing changed in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.sentences import spans
from rag.types import Article, Evidence
from rag.verify import denies, keeps, names, numbers, supporting

QUESTION = "What happened?"
EVIDENCE = (
    "On 5 January 2020 the council of Ulm voted by 168 of its 329 members to build three bridges for $2.5 billion, "
    "Mayor Anna Klein told the Courier."
)
TRUE = [
    EVIDENCE,
    "The council of Ulm voted to build three bridges.",
    "On January 5, 2020, the council of Ulm voted to build three bridges for $2.5 billion.",
    "168 of the 329 members of the council voted to build three bridges.",
    "Mayor Anna Klein told the Courier of three bridges.",
    "In Ulm the council voted to build 3 bridges.",
    "Klein told the Courier that the council of Ulm voted to build bridges.",
]
CHANGED = [
    ("another day", "On 6 January 2020 the council of Ulm voted to build three bridges."),
    ("another month", "On 5 February 2020 the council of Ulm voted to build three bridges."),
    ("another month, first", "January 2020 was when the council of Ulm voted; February 2020 brought three bridges."),
    ("another year", "On 5 January 2021 the council of Ulm voted to build three bridges."),
    ("another number", "The council of Ulm voted by 169 of its 329 members to build three bridges."),
    ("another number, spelled", "The council of Ulm voted to build two bridges."),
    ("a number, spelled, that is not there", "The one council of Ulm voted to build bridges."),
    ("another magnitude", "The council of Ulm voted to build three bridges for $2.5 million."),
    ("another decimal", "The council of Ulm voted to build three bridges for $25 billion."),
    ("another place", "The council of Bonn voted to build three bridges."),
    ("another person", "Mayor Anna Gross told the Courier of three bridges."),
    ("another person, first", "Gross told the Courier that the council of Ulm voted to build bridges."),
    ("another paper", "Mayor Anna Klein told the Times of three bridges."),
    ("an acronym that is not there", "The EU council of Ulm voted to build three bridges."),
    ("denied", "The council of Ulm did not vote to build three bridges."),
    ("never", "The council of Ulm never voted to build three bridges."),
    ("another matter", "The council likes music, dancing, good food, long walks and sunny days in Ulm."),
    ("nothing", ""),
    ("only a mark", "[1]"),
]


def piece(text: str, title: str | None = None) -> Evidence:
    return Evidence(Article("a", "a.txt", text, title=title), 0, len(text), 1.0)


def supported(sentence: str, evidence: str = EVIDENCE, *, question: str = QUESTION, title: str | None = None) -> bool:
    return supporting(sentence, [piece(evidence, title)], question) == 0


@pytest.mark.parametrize("sentence", TRUE)
def test_true_statements_are_supported(sentence: str) -> None:
    assert supported(sentence)


@pytest.mark.parametrize("sentence", [sentence for _, sentence in CHANGED], ids=[name for name, _ in CHANGED])
def test_changed_statements_are_not(sentence: str) -> None:
    assert not supported(sentence)


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("Only four to five people remain.", "Only “four to five” people remain."),
        ("About 2500 soldiers are still based there.", "About 2,500 soldiers are still based there."),
        ("US forces left in May.", "In May the US forces left."),
        ("The US forces left in May.", "In May US forces left."),
        ("The new bridge of Ulm did not open in May.", "The new bridge of Ulm didn’t open in May."),
        (
            "Twenty-five ships of the blue line waited outside the port.",
            "Outside the port 25 ships of the blue line waited.",
        ),
        ("They met in the first phase.", "In the first phase they met."),
        ("Klein’s bridge opened in Ulm.", "The bridge of Klein opened in Ulm."),
    ],
)
def test_the_same_said_otherwise(sentence: str, evidence: str) -> None:
    assert supported(sentence, evidence)


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("US forces left in May.", "Polish forces left in May."),
        ("Polish forces left in May.", "US forces left in May."),
        ("They met in the second phase.", "They met in the first phase."),
        ("The bridge opens.", "The bridge never opens."),
        ("Nothing was built, said the mayor.", "The bridge was built, said the mayor."),
        ("Only four to six people remain.", "Only “four to five” people remain."),
        ("They left on Monday.", "They left on Tuesday."),
        ("They left in the 1990s.", "They left in the 1980s."),
        ("They walked 3.5 miles.", "They walked 35 miles."),
    ],
)
def test_one_thing_changed(sentence: str, evidence: str) -> None:
    assert not supported(sentence, evidence)


def test_title_and_question_may_lend_words_but_no_numbers() -> None:
    evidence = "It was opened by Mayor Klein after nine years of work on it."
    sentence = "The bridge was opened by Mayor Klein after nine years of work."
    assert supported(sentence, evidence, question="Who opened the bridge?")
    assert supported(sentence, evidence, title="Bridge opens")
    dated = "The bridge was opened by Mayor Klein in 2025 after nine years of work."
    assert not supported(dated, evidence, question="Who opened the bridge in 2025?")


def test_words_of_the_question_alone_support_nothing() -> None:
    assert not supported(
        "The bridge opens in Ulm.", "Tickets cost five euros.", question="When does the bridge open in Ulm?"
    )


def test_the_best_of_several_pieces() -> None:
    pieces = [piece("The museum opened in June."), piece(EVIDENCE), piece("The council of Ulm voted.")]
    assert supporting(TRUE[1], pieces, QUESTION) == 1
    assert supporting("The museum opened in May.", pieces, QUESTION) is None
    assert supporting("The museum opened.", [], QUESTION) is None


def test_what_a_shorter_sentence_must_keep() -> None:
    asked = "When did the council of Ulm vote to build three bridges?"
    assert keeps("On 5 January 2020 the council of Ulm voted.", "On 5 January 2020 the council of Ulm voted.", asked)
    assert not keeps("In 2020 the council of Ulm voted.", "On 5 January 2020 the council of Ulm voted.", asked)
    assert not keeps("On 5 January 2020 they voted.", EVIDENCE, asked)
    assert keeps("They voted in Ulm.", "The council of Ulm voted to build three bridges.", asked)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2,500 of 10,000.50, and 3.", {"2500", "10000.50", "3"}),
        ("twenty-five", {"25"}),
        ("four to five", {"4", "5"}),
        ("two, then three", {"2", "3"}),
        ("a 618-kilometer border", {"618"}),
        ("September 2025", {"2025"}),
        ("none of it", set()),
    ],
)
def test_numbers(text: str, found: set[str]) -> None:
    assert numbers(text) == found


def test_names() -> None:
    assert names("The mayor of Ulm told The Courier.") == {"ulm", "courier"}
    assert names("However, it opened. After that it closed.") == frozenset()
    assert "klein" in names("Klein told them.")
    assert names("It told us of the US.") == {"us"}


@pytest.mark.parametrize(
    "text", ["It is not so.", "It isn't", "It isn’t", "No one", "without it", "They cannot", "nor did he"]
)
def test_denials(text: str) -> None:
    assert denies(text)


@pytest.mark.parametrize("text", ["It is so.", "a knot", "Nothingham", "notable notes", "the north"])
def test_no_denials(text: str) -> None:
    assert not denies(text)


def test_every_seed_sentence_supports_itself_and_loses_nothing(seed_articles: list[Article]) -> None:
    sentences = [one.text[start:end] for one in seed_articles for start, end in spans(one.text)]
    assert len(sentences) > 200
    assert [one for one in sentences if not supported(one, one) or not keeps(one, one, QUESTION)] == []


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_texts(sentence: str, evidence: str) -> None:
    if supported(sentence, evidence):
        assert numbers(sentence) <= numbers(evidence)
        assert denies(sentence) == denies(evidence)
