"""Which stretches are read, and what the reader's answers do to the order of the evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from rag.locate import LEAST, MOST, MOST_STRETCHES, READ, STRETCHES, WORDS, around_best, located
from rag.sentences import cut
from rag.types import Article, Evidence, Query, Span

TEXT = "Ulm has a bridge. It was built by Karl Braun. He came from Kiel. The harbour is old."
ASKED = [Query("Who built the bridge?", ())]


class Seeing:
    """Sees the answer wherever one of these words stands, as sure of it as is said."""

    def __init__(self, **scores: float) -> None:
        self._scores = scores
        self.asked: list[tuple[str, str]] = []

    def read(self, question: str, texts: Sequence[tuple[str, str]]) -> list[list[Span]]:
        self.asked += texts
        return [
            sorted(
                (Span(one.start(), one.end(), s) for w, s in self._scores.items() for one in re.finditer(w, text)),
                key=lambda one: -one.score,
            )
            for _, text in texts
        ]


def sentences(text: str = TEXT, name: str = "a", score: float = 1.0, title: str | None = None) -> list[Evidence]:
    article = Article(name, name, text, title)
    return [Evidence(article, start, end, score - at / 10) for at, (start, end) in enumerate(cut(text))]


def test_a_sentence_gains_by_what_is_seen_in_it() -> None:
    found = located(ASKED, sentences(), Seeing(Kiel=3.0, Braun=1.0))
    best = found[0]
    assert best.text == "He came from Kiel."
    assert best.answer is not None and TEXT[slice(*best.answer)] == "Kiel"
    assert (best.read, best.score) == (3.0, pytest.approx(0.8 + 3 * READ))
    assert found[1].answer is not None and TEXT[slice(*found[1].answer)] == "Braun"


def test_where_nothing_is_seen_it_loses_the_most() -> None:
    for one, before in zip(located(ASKED, sentences(), Seeing()), sentences(), strict=True):
        assert (one.read, one.answer, one.score) == (None, None, pytest.approx(before.score + READ * LEAST))


@pytest.mark.parametrize(("score", "counts"), [(99.0, MOST), (-99.0, LEAST)])
def test_no_score_counts_for_more_than_the_bounds(score: float, counts: float) -> None:
    (one,) = (one for one in located(ASKED, sentences(), Seeing(Kiel=score)) if one.answer)
    assert (one.read, one.score) == (score, pytest.approx(0.8 + READ * counts))


def test_an_answer_that_runs_over_the_end_of_a_sentence_is_in_neither() -> None:
    found = located(ASKED, sentences(), Seeing(**{"Braun. He": 5.0}))
    assert not any(one.answer for one in found)


def test_the_reader_sees_the_title_and_what_stands_around_and_reads_each_stretch_once() -> None:
    reader = Seeing()
    located(ASKED, sentences(title="Ulm"), reader)
    assert reader.asked == [("Ulm", TEXT)]


def test_readings_of_the_question_are_weighed() -> None:
    class Twice(Seeing):
        def read(self, question: str, texts: Sequence[tuple[str, str]]) -> list[list[Span]]:
            word, score = ("Karl", 4.0) if question == "one" else ("Braun", 2.0)
            return [[Span(text.find(word), text.find(word) + len(word), score)] for _, text in texts]

    best = located([Query("one", (), 0.25), Query("other", (), 0.75)], sentences(), Twice())[0]
    assert best.read == pytest.approx(2.5)
    assert best.answer is not None and TEXT[slice(*best.answer)] == "Braun"  # the weightier reading's


def test_long_articles_are_read_around_the_sentence_and_no_more_stretches_than_that() -> None:
    long = " ".join(f"Sentence {number} has some eight words in it." for number in range(200))
    every = sentences(long)
    (one,) = around_best([every[100]])
    assert one.start < every[100].start and one.end > every[100].end
    assert WORDS <= len(one.text.split()) <= WORDS + 16
    assert long[one.start :].startswith("Sentence") and one.text.endswith("it.")
    far = [every[number] for number in range(0, 200, 40)]
    assert len(around_best(far)) == STRETCHES
    found = located(ASKED, far, Seeing(Sentence=2.0))
    assert [one.read for one in found] == [2.0] * STRETCHES + [None]


def test_of_further_reports_one_stretch_is_read_each() -> None:
    own = sentences(" ".join(f"Sentence {n} of the long report says nothing new about it." for n in range(200)))
    others = [one for name in "bcdefghi" for one in sentences("Kiel has a port. It is old.", name=name)]
    read = around_best([*own[::40], *others])
    assert [stretch.article.id for stretch in read] == ["a"] * STRETCHES + list("bcdefghi")[
        : MOST_STRETCHES - STRETCHES
    ]


def test_two_sentences_as_one_piece_of_evidence_are_read_too() -> None:
    first, second = sentences()[:2]
    (one,) = located(ASKED, [replace(first, end=second.end)], Seeing(Braun=1.0))
    assert one.answer is not None and TEXT[slice(*one.answer)] == "Braun"


def test_nothing_is_read_of_nothing() -> None:
    assert located(ASKED, [], Seeing()) == []
    assert located([], sentences(), Seeing()) == sentences()
