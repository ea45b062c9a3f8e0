"""Which sentences are ranked, and which of them an answer rests on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.evidence import RANKED, RANKED_DATED, READ_FLOOR, READ_MARGIN, Candidate, rank, select
from rag.types import Article, Evidence, Query
from tests.rag.fakes import OverlapRanker, WordEmbedder

ASKED = "How many lamps does the bridge have?"


def sentence(text: str, report: str, passage: float = 1.0) -> Candidate:
    return Candidate(Article(report, f"{report}.txt", text), 0, len(text), "", passage)


def test_the_best_of_each_further_report_is_ranked_as_well() -> None:
    embedder = WordEmbedder()
    near = [sentence(f"The bridge does have {n} lamps.", "near", 2.0) for n in range(RANKED + 3)]
    far = [sentence("The bridge has no lamps.", "far"), sentence("It rained in Ulm.", "far")]
    query = Query(ASKED, embedder.embed_query(ASKED))
    found = rank([query], [*near, *far], embedder=embedder, ranker=OverlapRanker())
    assert len(found) == RANKED + 1
    assert [one.text for one in found if one.further] == ["The bridge has no lamps."]
    assert [one.text for one in rank([query], near, embedder=embedder, ranker=OverlapRanker()) if one.further] == []


def test_a_sentence_of_another_time_than_the_question_comes_after_the_same_of_its_time() -> None:
    embedder = WordEmbedder()
    question = "How many lamps did the bridge have in 1950?"
    query = Query(question, embedder.embed_query(question))
    texts = [
        "The bridge did have 7 lamps in 1932.",
        "The bridge did have 9 lamps in 1950.",
        "The bridge did have lamps.",
    ]
    found = rank([query], [sentence(one, one) for one in texts], embedder=embedder, ranker=OverlapRanker())
    assert [one.text for one in found] == [texts[1], texts[2], texts[0]]


def test_more_sentences_are_ranked_where_a_year_is_named() -> None:
    embedder = WordEmbedder()
    near = [sentence(f"The bridge does have {n} lamps.", "near") for n in range(RANKED_DATED + 3)]
    for question, most in ((ASKED, RANKED), (ASKED[:-1] + " in 1950?", RANKED_DATED)):
        query = Query(question, embedder.embed_query(question))
        assert len(rank([query], near, embedder=embedder, ranker=OverlapRanker())) == most


WHO = "Who built the bridge?"
TOLD = Article("a", "a.txt", "The bridge was built in 1932. It rained. Its builder was Karl Braun.")


def told(text: str, score: float, read: float | None, article: Article = TOLD) -> Evidence:
    start = article.text.index(text)
    return Evidence(article, start, start + len(text), score, read=read, around=(0, len(article.text)))


FIRST = told("The bridge was built in 1932.", 2.0, -1.0)
NAMED = told("Its builder was Karl Braun.", 1.8, READ_MARGIN)


def test_where_the_reader_rather_sees_the_answer_is_quoted_too_instead_of_the_neighbour() -> None:
    assert [one.text for one in select(WHO, [[FIRST, NAMED]])] == [FIRST.text, f"It rained. {NAMED.text}"]


@pytest.mark.parametrize(
    ("question", "first", "other"),
    [
        ("Why was the bridge built?", FIRST, NAMED),  # no name, number or date
        (WHO, replace(FIRST, read=READ_MARGIN / 2), NAMED),  # about as sure of the best
        (WHO, replace(FIRST, read=READ_FLOOR - 9), replace(NAMED, read=READ_FLOOR - 0.1)),  # hardly an answer
        (WHO, FIRST, replace(NAMED, read=None)),
    ],
)
def test_else_the_best_is_quoted_with_its_neighbour(question: str, first: Evidence, other: Evidence) -> None:
    assert [one.text for one in select(question, [[first, other]])] == [TOLD.text]
