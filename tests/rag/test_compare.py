"""Which reports give different answers; the ranker here misses exactly the words that the question asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.compare import REPORTS, differing, value_of
from rag.types import Article, Evidence, InContext


class Missing:
    """Gives 5 to a sentence that holds one of the wanted words, 0 to any other."""

    def __init__(self, *wanted: str) -> None:
        self._wanted = wanted
        self.read = 0

    def rank(self, question: str, sentences: Sequence[InContext]) -> list[float]:
        self.read += len(sentences)
        return [5.0 * any(re.search(rf"\b{re.escape(w)}\b", text) for w in self._wanted) for text, *_ in sentences]


def told(text: str, *, source: str, published: str | None = None, logit: float = 3.0, family: str = "") -> Evidence:
    article = Article(source, source, text, published=published, family=family or source)
    return Evidence(article, 0, len(text), logit, logit)


MEMBERS = "How many members does the club have?"
OLD = told("The club has 60 members, most of them young.", source="old", published="2024-05")
NEW = told("It now counts 90 members in five towns.", source="new", published="2025-09")
SAME = told("Since spring the club has had 90 members.", source="same", published="2025-03")


def test_the_value_is_what_the_ranker_misses_most() -> None:
    assert value_of(MEMBERS, OLD, Missing("60")) == "60"
    assert value_of(MEMBERS, NEW, Missing("90")) == "90"


def test_no_value_where_nothing_is_of_the_kind_asked_for() -> None:
    assert value_of(MEMBERS, told("The club has many members.", source="a"), Missing("many")) == ""


def test_two_figures_stand_side_by_side_newest_first() -> None:
    found = differing(MEMBERS, [OLD, NEW], Missing("60", "90"))
    assert [(one.value, one.evidence.article.source) for one in found] == [("90", "new"), ("60", "old")]


def test_reports_that_agree_are_not_set_against_each_other() -> None:
    assert differing(MEMBERS, [NEW, SAME], Missing("90")) == []


def test_of_those_that_agree_the_better_speaks() -> None:
    found = differing(MEMBERS, [OLD, SAME, NEW], Missing("60", "90"))
    assert [one.evidence for one in found] == [SAME, OLD]


def test_one_report_does_not_differ_from_itself_nor_from_its_copy() -> None:
    copy = told(OLD.text, source="copy", family="old")
    assert differing(MEMBERS, [OLD, copy], Missing("60")) == []


def test_a_sentence_that_hardly_answers_is_not_set_against_one_that_does() -> None:
    poor = told("The club sold 75 tickets.", source="poor", logit=-0.5)
    ranker = Missing("60", "75")
    assert differing(MEMBERS, [OLD, poor], ranker) == []
    assert ranker.read == 0


def test_reasons_are_no_values_to_be_held_apart() -> None:
    assert differing("Why do people join the club?", [OLD, NEW], Missing("60", "90")) == []


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("Who leads the club?", "Anna Berg leads the club.", "The club is led by Tom Reed now."),
        ("When does the bridge open?", "The bridge opens on 3 May.", "It opens in June 2025."),
    ],
)
def test_names_and_dates_differ_too(question: str, one: str, other: str) -> None:
    pair = [told(one, source="a", published="2025-01"), told(other, source="b", published="2025-02")]
    found = differing(question, pair, Missing("Anna", "Tom", "3 May", "June"))
    assert [told.evidence for told in found] == pair[::-1]


@given(st.lists(st.text(alphabet="ab 1290AZ.,é", min_size=1, max_size=40), max_size=8))
def test_never_more_than_asked_for_and_every_value_stands_in_its_sentence(texts: list[str]) -> None:
    evidence = [told(text, source=str(number)) for number, text in enumerate(texts)]
    found = differing(MEMBERS, evidence, Missing("1"))
    assert len(found) != 1 and len(found) <= REPORTS
    assert all(one.value and one.value in one.evidence.text for one in found)
