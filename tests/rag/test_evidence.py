"""Which sentences are ranked, and which of them an answer rests on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.evidence import (
    BOTH,
    CLOSE,
    LEAD_IN,
    RANKED,
    READ_FLOOR,
    READ_MARGIN,
    Candidate,
    ranked,
    select,
    sentences_of,
    weighed,
)
from rag.types import Article, Evidence, Query
from tests.rag.fakes import OverlapRanker, WordEmbedder

ASKED = "How many lamps does the bridge have?"


def sentence(text: str, report: str, passage: float = 1.0) -> Candidate:
    return Candidate(Article(report, f"{report}.txt", text), 0, len(text), "", passage)


def found_for(question: str, candidates: list[Candidate]) -> list[Evidence]:
    embedder = WordEmbedder()
    asked = [Query(question, embedder.embed_query(question))]
    return ranked(asked, weighed(asked, candidates, embedder), OverlapRanker())


def test_a_question_is_one_with_what_answers_it() -> None:
    text = "How do I open it? And if it jams? Pull the red knob. It is stiff."
    report = Article("a", "a.txt", text)
    found = [one.text for one in sentences_of(report, 0, len(text), 1.0)]
    assert found == ["How do I open it? And if it jams? Pull the red knob.", "It is stiff."]
    long = f"Why is it shut? It is shut {'because it is old and ' * (LEAD_IN // 22)} heavy."
    assert len(list(sentences_of(Article("b", "b.txt", long), 0, len(long), 1.0))) == 2
    titled = Article("d", "d.txt", "Who built it? Ann Lee built it.", "Who built it?")
    assert [one.text for one in sentences_of(titled, 0, 99, 1.0)] == ["Who built it?", "Ann Lee built it."]
    slides = Article("e", "e.txt", "Is it shut? It is old and heavy.", places=((0, "slide 1"), (12, "slide 2")))
    assert len(list(sentences_of(slides, 0, 99, 1.0))) == 2
    often = Article("f", "f.txt", "Have you seen it? It is old and heavy.", repeated=((0, 17),))
    assert [one.repeated for one in sentences_of(often, 0, 99, 1.0)] == [True, False]
    last = "It is shut. Who knows why?"
    assert [one.text for one in sentences_of(Article("c", "c.txt", last), 0, len(last), 1.0)][-1] == "Who knows why?"


@pytest.mark.parametrize(
    ("line", "is_credit"),
    [
        ("Malik Abbasi contributed to this article from Erbil.", True),
        ("Ann Lee and Bob May in Ulm contributed reporting to this story.", True),
        ("(Reporting by Ann Lee; additional reporting by Bob May in Ulm; editing by R. Kim)", True),
        ("Reporting by Reuters found that the bridge fell.", False),
        ("Germany contributed 200 soldiers to this mission.", False),
        ("She contributed to this report, which found 12 faults.", False),
    ],
)
def test_a_credit_is_no_evidence(line: str, is_credit: bool) -> None:
    text = f"The bridge of Ulm was opened for all. {line}"
    found = [one.text for one in sentences_of(Article("a", "a.txt", text), 0, len(text), 1.0)]
    assert found[0] == "The bridge of Ulm was opened for all."
    assert (line in found) is not is_credit


def test_the_best_of_each_further_report_is_ranked_as_well() -> None:
    near = [sentence(f"The bridge does have {n} lamps.", "near", 2.0) for n in range(RANKED + 3)]
    far = [sentence("The bridge has no lamps.", "far"), sentence("It rained in Ulm.", "far")]
    found = found_for(ASKED, [*near, *far])
    assert len(found) == RANKED + 1
    assert [one.text for one in found if one.further] == ["The bridge has no lamps."]
    assert [one.text for one in found_for(ASKED, near) if one.further] == []


def test_what_the_ranker_does_not_see_is_in_its_order_by_words_and_passage() -> None:
    embedder = WordEmbedder()
    asked = [Query(ASKED, embedder.embed_query(ASKED))]
    texts = [sentence("It rained in Ulm.", "a", 3.0), sentence("The bridge does have lamps.", "b", 3.0)]
    better = [*texts, sentence("The bridge does have lamps, too.", "c", 9.0)]
    assert [one.text for one in weighed(asked, better, embedder)] == [better[2].text, texts[1].text, texts[0].text]
    assert [one.logit for one in weighed(asked, texts, embedder)] == [0.0, 0.0]
    assert weighed(asked, [], embedder) == weighed([], texts, embedder) == ranked(asked, [], OverlapRanker()) == []


def test_a_sentence_of_another_time_than_the_question_comes_after_the_same_of_its_time() -> None:
    texts = [
        "The bridge did have 7 lamps in 1932.",
        "The bridge did have 9 lamps in 1950.",
        "The bridge did have lamps.",
    ]
    found = found_for("How many lamps did the bridge have in 1950?", [sentence(one, one) for one in texts])
    assert [one.text for one in found] == [texts[1], texts[2], texts[0]]


WHO = "Who built the bridge?"
TOLD = Article("a", "a.txt", "The bridge was built in 1932. It rained. Its builder was Karl Braun.")


def told(text: str, score: float, read: float | None, article: Article = TOLD) -> Evidence:
    start = article.text.index(text)
    return Evidence(article, start, start + len(text), score, read=read, around=(0, len(article.text)))


FIRST = told("The bridge was built in 1932.", 2.0, -1.0)
NAMED = told("Its builder was Karl Braun.", 2.0 - (BOTH + CLOSE) / 2, READ_MARGIN)
BOTH_QUOTED = [FIRST.text, f"It rained. {NAMED.text}"]


def test_where_the_reader_rather_sees_the_answer_is_quoted_too_instead_of_the_neighbour() -> None:
    assert [one.text for one in select(WHO, [[FIRST, NAMED]])] == BOTH_QUOTED
    assert [one.text for one in select(WHO, [[FIRST, NAMED]], alone=True)] == [TOLD.text]


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


def test_of_two_that_score_as_well_both_are_quoted() -> None:
    close = replace(NAMED, score=FIRST.score - BOTH + 0.1, read=None)
    for question in (WHO, "Why was the bridge built?"):
        assert [one.text for one in select(question, [[FIRST, close]])] == BOTH_QUOTED
    assert [one.text for one in select(WHO, [[FIRST, close]], alone=True)] == [TOLD.text]
    again = Article("b", "b.txt", "The bridge was built in 1932, they say.")
    same = told(again.text, FIRST.score, None, again)  # says nothing else
    assert [one.text for one in select(WHO, [[FIRST, same, close]])] == BOTH_QUOTED


def test_what_is_quoted_with_the_sentence_before_it_is_not_quoted_twice() -> None:
    article = Article("c", "c.txt", "The bridge was built by Karl Braun. It cost 5 million marks.")
    first = told("It cost 5 million marks.", 2.0, None, article)
    other = told("The bridge was built by Karl Braun.", 2.0 - BOTH / 2, None, article)
    for found in ([first, other], [replace(other, score=2.0), replace(first, score=1.9)]):
        assert [one.text for one in select("Why was it built?", [found])] == [article.text]
