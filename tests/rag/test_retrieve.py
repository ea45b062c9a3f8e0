"""Hybrid search over an index whose vectors are hashed words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from llama_index.core.schema import NodeWithScore, QueryBundle

from rag.fusion import DENSE, WORDS
from rag.index import Index
from rag.retrieve import HybridRetriever, Mode
from rag.types import Document
from tests.rag.fakes import WordEmbedder, vector

STORY = " ".join(
    f"In year {number} the council of town{number} built bridge number {number * 7}." for number in range(9)
)
UPDATE = "Afterwards a zebra crossed the last of the bridges, and the mayor followed it with all her clerks."
DOCUMENTS = [
    Document("Tickets for the new museum cost five euros, its director said.", source="museum", published="2025-08"),
    Document("A storm closed the port, and eleven ships had to wait outside.", source="storm"),
    Document(STORY, source="story", published="2025-08"),
    Document(f"{STORY}\n{UPDATE}", source="reprint", published="2025-09"),
    Document("The port was opened again on the next day, and the ships came in.", source="port"),
]

Make = Callable[..., HybridRetriever]


class CountingEmbedder(WordEmbedder):
    """Counts the questions it is asked to embed."""

    asked = 0

    def embed_query(self, text: str) -> list[float]:
        self.asked += 1
        return super().embed_query(text)


@pytest.fixture
def embedder() -> CountingEmbedder:
    return CountingEmbedder()


@pytest.fixture
def index(store: str, tmp_path: Path, embedder: CountingEmbedder) -> Iterator[Index]:
    opened = Index(tmp_path / "home", embedder)
    opened.update_documents(DOCUMENTS)
    yield opened
    opened.close()


@pytest.fixture
def make(index: Index, embedder: CountingEmbedder) -> Make:
    def retriever(top_k: int = 10, mode: Mode = "hybrid") -> HybridRetriever:
        return HybridRetriever(index, embedder, top_k=top_k, mode=mode)

    return retriever


def sources(found: list[NodeWithScore]) -> list[str]:
    return [str(hit.node.metadata["source"]) for hit in found]


@pytest.mark.parametrize("mode", ["hybrid", "dense", "words"])
def test_the_best_passage_first(mode: Mode, make: Make) -> None:
    found = make(mode=mode).retrieve("What do museum tickets cost?")
    assert sources(found)[0] == "museum"
    scores = [hit.score or 0.0 for hit in found]
    assert scores == sorted(scores, reverse=True)


def test_words_need_a_common_word_and_vectors_do_not(make: Make) -> None:
    assert make(mode="words").retrieve("xylophone") == []
    assert len(make(mode="dense").retrieve("xylophone")) >= 4
    assert len(make(mode="hybrid").retrieve("xylophone")) >= 4


def test_words_alone_embed_nothing(make: Make, embedder: CountingEmbedder) -> None:
    make(mode="words").retrieve("museum")
    assert embedder.asked == 0
    make(mode="hybrid").retrieve("museum")
    assert embedder.asked == 1


def test_a_vector_that_is_given_is_used(make: Make, embedder: CountingEmbedder) -> None:
    query = QueryBundle("xylophone", embedding=vector("A storm closed the port, and eleven ships had to wait outside."))
    assert sources(make(mode="dense").retrieve(query))[0] == "storm"
    assert embedder.asked == 0


def test_hybrid_search_fuses_both_rankings(make: Make) -> None:
    dense, words = make(mode="dense").retrieve("museum tickets"), make(mode="words").retrieve("museum tickets")
    hybrid = make().retrieve("museum tickets")
    assert sources(dense)[0] == sources(words)[0] == sources(hybrid)[0] == "museum"
    assert hybrid[0].score > DENSE + WORDS  # best of both, and the words stand together in it


def test_top_k(make: Make) -> None:
    question = "Which port was closed, and what do museum tickets and bridges cost?"
    assert [len(make(top_k).retrieve(question)) for top_k in (1, 2, 3)] == [1, 2, 3]
    assert len(make(500).retrieve(question)) <= 12


def test_a_reprint_is_shown_once_and_as_the_first_report(make: Make) -> None:
    found = make().retrieve("Which council built bridge number 7 in year 1?")
    texts = [hit.node.get_content() for hit in found if hit.node.metadata["source"] in ("story", "reprint")]
    texts = [text for text in texts if UPDATE not in text]  # what only the reprint says is shown besides
    assert len({text[:60] for text in texts}) == len(texts)
    assert sources(found)[0] == "story"


def test_what_only_the_reprint_says_is_found_there(make: Make) -> None:
    found = make().retrieve("Who followed the zebra with all her clerks?")
    assert UPDATE in found[0].node.get_content()
    assert sources(found)[0] == "reprint"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The yearly fee for a plot is 120 euros.", "The yearly fee for a plot is 165 euros."),
        ("The yearly fee for a plot is 120 euros.", "The yearly fee for a plot is 12 euros."),
        ("Dogs may run on the meadow.", "Dogs may not run on the meadow."),
        ("Fee: 120", "Fee: 165"),
    ],
)
def test_a_newer_version_that_says_one_thing_else_is_found(
    old: str, new: str, index: Index, embedder: CountingEmbedder
) -> None:
    versions = [
        Document(f"{said}\n{STORY}", source=source, published=source)
        for said, source in ((old, "2023-01-10"), (new, "2025-01-12"))
    ]
    index.update_documents(versions)
    assert len(set(index.ledger.rows("SELECT family FROM articles"))) == 1
    found = HybridRetriever(index, embedder).retrieve(new)
    assert {"2023-01-10", "2025-01-12"} == set(sources(found))
    assert any(new in hit.node.get_content() for hit in found)


@pytest.mark.parametrize("headline", ["", "A headline that stands over no other report of the bridges\n"])
def test_a_reprint_found_first_gives_its_place_to_the_report(
    headline: str, index: Index, embedder: CountingEmbedder
) -> None:
    texts = {"2025-08": headline + STORY, "2025-09": STORY}
    index.update_documents([Document(text, source=source, published=source) for source, text in texts.items()])
    found = HybridRetriever(index, embedder).retrieve("Which council built bridge number 7 in year 1?")
    assert set(sources(found)) == {"2025-08"}


def test_passages_of_one_article_stay_apart(index: Index, embedder: CountingEmbedder) -> None:
    long = " ".join(
        f"Sentence {number} speaks of the zebra and of town{number} in the north of the land." for number in range(60)
    )
    index.update_documents([Document(long, source="long")])
    found = HybridRetriever(index, embedder, top_k=10).retrieve("zebra")
    assert len(found) == index.ledger.counts()[2] > 3


def test_what_the_ledger_does_not_know_does_not_exist(index: Index, make: Make) -> None:
    index.vectors.add(["stray"], [vector("museum tickets")])
    assert sources(make(mode="dense").retrieve("museum tickets"))[0] == "museum"


def test_an_empty_index(index: Index, make: Make) -> None:
    index.update_documents([])
    for mode in ("hybrid", "dense", "words"):
        assert make(mode=mode).retrieve("museum") == []


@pytest.mark.parametrize("question", ["", "?", "\0", "🌉", "museum " * 500])
def test_any_question(question: str, make: Make) -> None:
    assert all(hit.node.get_content() for hit in make().retrieve(question))


def test_it_can_be_awaited(make: Make) -> None:
    assert sources(asyncio.run(make().aretrieve("museum tickets")))[0] == "museum"


def test_nodes_tell_where_they_stand(index: Index, make: Make) -> None:
    for hit in make().retrieve("museum port bridge"):
        assert {"source", "article_id", "title", "publisher", "published"} == set(hit.node.metadata)
        article = index.ledger.article(hit.node.metadata["article_id"])
        assert article is not None
        start, end = hit.node.start_char_idx, hit.node.end_char_idx  # type: ignore[attr-defined]
        assert article.text[start:end] == hit.node.get_content()
