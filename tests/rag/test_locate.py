"""Which stretches are read, and what the reader's answers do to the order of the evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest

from rag.locate import CHARS, LEAST, MOST, READ, covering, located
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


def test_what_lies_together_is_read_together_with_what_stands_around_it() -> None:
    every = sentences(" ".join(f"Sentence {number} has some eight words in it." for number in range(40)))
    assert [one.text for one in covering([every[20]])] == [" ".join(every[n].text for n in (19, 20, 21))]
    assert [one.text for one in covering([every[22], every[20]])] == [" ".join(every[n].text for n in range(19, 24))]
    assert [one.text for one in covering([every[0]])] == [f"{every[0].text} {every[1].text}"]
    assert [one.text for one in covering([every[-1]])] == [f"{every[-2].text} {every[-1].text}"]
    assert len(covering([every[5], every[30]])) == 2


def test_what_is_long_is_read_in_stretches_each_sentence_with_the_one_before_it() -> None:
    every = sentences(" ".join(f"Sentence {number} has some eight words in it." for number in range(100)))
    read = covering(every)
    assert all(CHARS - 50 <= len(one.text) <= CHARS for one in read[:-1]) and len(read) == 5
    for before, one in pairwise(every):
        assert any(stretch.holds(before) and stretch.holds(one) for stretch in read)


def test_a_piece_of_several_sentences_is_never_parted() -> None:
    every = sentences(" ".join(f"Sentence {number} has some eight words in it." for number in range(60)))
    pieces = [replace(first, end=second.end) for first, second in pairwise(every)]
    read = covering(pieces)
    assert all(any(stretch.holds(one) for stretch in read) for one in pieces)


def test_each_report_is_read_by_itself() -> None:
    both = [*sentences("Kiel has a port. It is old.", name="a"), *sentences("Kiel lies by the sea.", name="b")]
    assert [(one.article.id, one.text) for one in covering([both[2], both[0]])] == [
        ("b", "Kiel lies by the sea."),
        ("a", "Kiel has a port. It is old."),
    ]
    assert sum(one.read == 2.0 for one in located(ASKED, both, Seeing(Kiel=2.0))) == 2


def test_two_sentences_as_one_piece_of_evidence_are_read_too() -> None:
    first, second = sentences()[:2]
    (one,) = located(ASKED, [replace(first, end=second.end)], Seeing(Braun=1.0))
    assert one.answer is not None and TEXT[slice(*one.answer)] == "Braun"


def test_nothing_is_read_of_nothing() -> None:
    assert located(ASKED, [], Seeing()) == []
    assert located([], sentences(), Seeing()) == sentences()
