"""Which sentences are ranked: those that bear most on the question, and the best of each further report."""

from __future__ import annotations

from rag.evidence import RANKED, Candidate, rank
from rag.types import Article, Query
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
