"""What is shown must stand where it says: every way of not doing so is found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.support import cites_gold, flags_disagreement, shown, unsupported
from rag.types import Answer, Citation, Disagreement, Sentence, Statement

TEXT = "The bridge opened in June 1932. It is 89 metres tall."
QUOTE = "The bridge opened in June 1932."
CITATION = Citation(1, QUOTE, "a.txt", None, None, None, "a1", 0, len(QUOTE))
GOOD = Answer("When?", f"“{QUOTE}” [1]", (Sentence(QUOTE, "quoted", (1,)),), (CITATION,), refused=False)


def faults(answer: Answer) -> tuple[str, ...]:
    return unsupported(answer, {"a1": TEXT}.__getitem__)


def test_a_quote_at_its_span_is_supported_whole_or_in_part() -> None:
    assert faults(GOOD) == ()
    assert faults(replace(GOOD, sentences=(Sentence("opened in June 1932", "quoted", (1,)),))) == ()
    assert faults(replace(GOOD, sentences=(Sentence("It opened in 1932.", "supported", (1,)),))) == ()


def test_a_refusal_and_nothing_else_is_supported() -> None:
    refusal = Sentence("Not known.", "refused")
    assert faults(Answer("?", "Not known.", (refusal,), (), refused=True)) == ()
    assert faults(replace(GOOD, sentences=(refusal,))) == ("Not known.",)


@pytest.mark.parametrize(
    "answer",
    [
        replace(GOOD, citations=(replace(CITATION, start=1, end=len(QUOTE) + 1),)),
        replace(GOOD, citations=(replace(CITATION, quote="", end=0),), sentences=()),
        replace(GOOD, sentences=(), citations=(), closest=(replace(CITATION, quote="The bridge fell."),)),
        replace(GOOD, sentences=(Sentence("The bridge closed.", "quoted", (1,)),)),
        replace(GOOD, sentences=(Sentence(QUOTE, "quoted"),)),
        replace(GOOD, sentences=(Sentence("It opened.", "supported"),)),
        replace(GOOD, sentences=(Sentence("It opened.", "supported", (2,)),)),
    ],
    ids=["moved", "empty", "closest", "altered", "no footnote", "no evidence", "footnote that is not there"],
)
def test_what_does_not_stand_where_it_says_is_found(answer: Answer) -> None:
    assert len(faults(answer)) == 1


def test_shown_is_text_footnotes_and_what_reports_say_side_by_side() -> None:
    one = Statement("It has 60 members.", "2025", None, "a.txt", 1, value="60")
    answer = replace(GOOD, disagreements=(Disagreement((one,)),), timeline=(replace(one, text="It had 90."),))
    assert all(part in shown(answer) for part in (QUOTE, "60 members", "It had 90."))
    assert "[1]" not in shown(GOOD)


def test_disagreement_is_told_by_values_side_by_side_or_by_who_says_so() -> None:
    assert not flags_disagreement(GOOD)
    assert flags_disagreement(replace(GOOD, disagreements=(Disagreement(()),)))
    assert flags_disagreement(replace(GOOD, sentences=(Sentence(QUOTE, "quoted", (1,), lead="A paper, 2025"),)))


@pytest.mark.parametrize(
    ("gold", "expected"),
    [
        (["It is tall.", QUOTE], True),
        (["In the end the bridge opened in June 1932 ."], True),
        (["The bridge opened in June 1932, after nine long years of work by six hundred people."], False),
        ([], False),
    ],
)
def test_a_gold_sentence_is_cited_when_its_larger_part_is(gold: list[str], expected: bool) -> None:
    assert cites_gold(GOOD, gold) is expected
