"""What an answer is made of: sides of a disagreement, a succession of reports, a list, or the plain best."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from rag.choose import DIFFER, Choice, choose, counted
from rag.compare import disagreements, origins, succession, timeline
from rag.index import Index
from rag.ledger import Ledger
from rag.lists import asks
from rag.types import Article, Coverage, Document, Evidence
from tests.rag.fakes import OverlapRanker, WordEmbedder


def piece(text: str, *, source: str, published: str | None = None, score: float = 3.0, after: str = "") -> Evidence:
    article = Article(source, source, f"{text} {after}".strip(), None, f"The {source}", published, family=source)
    end = len(article.text)
    around = (0, end) if after else None
    return Evidence(article, 0, len(text), score, score, 0.7, around=around)


OLD = piece("The club has 60 members.", source="Herald", published="2024-05")
NEW = piece("It counts 90 members.", source="Courier", published="2025-09", score=2.8)
UNDATED = piece("Members meet on Mondays.", source="Note", score=-3.0)


@pytest.fixture
def ledger(tmp_path: Path, request: pytest.FixtureRequest) -> Ledger:
    index = Index(tmp_path, WordEmbedder())
    request.addfinalizer(index.close)
    index.update_documents(
        [
            Document("A whale was seen in the bay on Sunday.", source="a", published="2025-01"),
            Document("Nobody could say where the whales came from.", source="b", published="2025-03"),
            Document("The bridge stays closed.", source="c"),
        ]
    )
    return index.ledger


def chosen(question: str, found: Sequence[Evidence], ledger: Ledger, *wanted: str) -> Choice:
    read = [_seen(one, wanted) for one in found]
    choice = choose(question, asks(question), [read], ledger=ledger, embedder=WordEmbedder(), ranker=OverlapRanker())
    plain = dict(zip(read, found, strict=True))
    return replace(
        choice,
        evidence=tuple(plain.get(one, one) for one in choice.evidence),
        leads={plain.get(one, one): lead for one, lead in choice.leads.items()},
        values={plain.get(one, one): value for one, value in choice.values.items()},
    )


def _seen(one: Evidence, wanted: Sequence[str]) -> Evidence:
    """The evidence with the first of these words that stands in it as the answer that the reader sees."""
    at = next((one.article.text.index(word) for word in wanted if word in one.text), None)
    return one if at is None else replace(one, read=5.0, answer=(at, at + 2))


def test_reports_that_differ_stand_side_by_side_newest_first(ledger: Ledger) -> None:
    choice = chosen("How many members has the club?", [OLD, NEW], ledger, "60", "90")
    assert choice.heading == DIFFER and choice.is_quoted
    assert choice.evidence == (NEW, OLD)
    assert choice.leads == {NEW: "The Courier, September 2025", OLD: "The Herald, May 2024"}
    assert choice.values == {NEW: "90", OLD: "60"}


def test_what_may_be_another_answer_stands_after_it(ledger: Ledger) -> None:
    other = replace(NEW, read=-0.5, answer=(10, 12))
    first = replace(OLD, read=5.0, answer=(13, 15))
    asked, embedder = "How many members has the club?", WordEmbedder()
    choice = choose(asked, None, [[first, other]], ledger=ledger, embedder=embedder, ranker=OverlapRanker())
    assert choice.heading == "" and not choice.is_quoted
    assert choice.evidence == (first,) and choice.aside == {other: "90"}
    assert choice.leads == {other: "Perhaps otherwise (The Courier, September 2025)"}
    assert choice.values == {first: "60", other: "90"}


def test_a_question_about_now_is_answered_by_the_newest_and_says_what_it_succeeds(ledger: Ledger) -> None:
    choice = chosen("How many members has the club now?", [OLD, NEW], ledger, "60", "90")
    assert choice.heading == "" and not choice.is_quoted
    assert choice.evidence == (NEW, OLD)
    assert choice.leads == {
        NEW: "Newest report (The Courier, September 2025)",
        OLD: "Earlier (The Herald, May 2024)",
    }


def test_one_answer_is_just_an_answer(ledger: Ledger) -> None:
    choice = chosen("How many members has the club?", [OLD, UNDATED], ledger, "60")
    assert (choice.evidence, choice.heading, choice.leads, choice.values) == ((OLD,), "", {}, {})


def test_one_that_is_hardly_the_best_is_quoted_with_its_neighbour(ledger: Ledger) -> None:
    best = piece("The club has 60 members.", source="Herald", after="Half of them are children.")
    close, far = (piece("Clubs need rooms.", source="Herald", score=score) for score in (1.8, -2.0))
    assert [one.text for one in chosen("Why so many?", [best, close], ledger).evidence] == [best.article.text]
    assert [one.text for one in chosen("Why so many?", [best, far], ledger).evidence] == [best.text]


def test_articles_that_mention_a_thing_are_counted_without_evidence(ledger: Ledger) -> None:
    choice = counted(asks("How many articles mention whales?"), ledger)
    assert choice is not None and choice.coverage is not None
    assert (choice.coverage.read, choice.coverage.found, choice.coverage.unit) == (2, 2, "articles")
    assert re.match("2 articles", choice.heading)
    assert [one.article.source for one in choice.evidence] == ["b", "a"]
    assert counted(asks("How many articles mention tigers?"), ledger) is None
    assert counted(asks("How many whales are there?"), ledger) is None


def test_a_list_of_one_line_may_be_worded_by_a_model() -> None:
    coverage = Coverage(1, 1)
    assert not Choice((OLD,), coverage=coverage).is_quoted
    assert Choice((OLD, NEW), coverage=coverage).is_quoted


def test_who_says_so_and_when() -> None:
    nameless = Evidence(Article("x", "x.txt", "Yes.", "A title"), 0, 4, 1.0)
    assert origins([OLD, nameless]) == {OLD: "The Herald, May 2024", nameless: "A title"}
    assert succession([OLD, OLD]) == {}
    assert succession([OLD, UNDATED, NEW]).keys() == {OLD, NEW}


def test_the_timeline_has_the_dated_reports_newest_first_with_their_footnotes() -> None:
    found = timeline([OLD, UNDATED, NEW])
    assert [(one.citation, one.published, one.text) for one in found] == [
        (3, "2025-09", NEW.text),
        (1, "2024-05", OLD.text),
    ]
    assert timeline([OLD, UNDATED]) == ()


def test_a_disagreement_gives_each_side_its_value_and_footnote() -> None:
    (found,) = disagreements([OLD, UNDATED, NEW], {OLD: "60", NEW: "90"})
    assert [(one.value, one.citation, one.publisher) for one in found.statements] == [
        ("90", 3, "The Courier"),
        ("60", 1, "The Herald"),
    ]
    assert disagreements([OLD], {}) == ()
