"""Questions for all there is, over the seeds with the real models: what is shown, against lists worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from rag import Rag, Settings
from rag.counts import count
from rag.evidence import select
from rag.lists import asks, gather

pytestmark = pytest.mark.real
SEEDS = Path(__file__).resolve().parent.parent / "seeds"

Item = tuple[str, ...]
"""The ways in which the documents write one thing."""
LISTS: dict[str, tuple[Item, ...]] = {
    "Which countries are members of the coalition against ISIS?": (
        ("US", "United States"),
        ("UK", "United Kingdom"),
        ("France",),
        ("Germany",),
        ("Canada",),
        ("Australia",),
        ("Syria became",),
        ("Iraq is a key member", "continued participation in that coalition"),
    ),
    "Which countries have troops in the Kurdistan Region?": (
        ("United States",),
        ("United Kingdom",),
        ("France",),
        ("Germany",),
        ("Italy",),
    ),
    "Which countries plan to recognise Palestine?": (("Australia would",), ("France",), ("Canada",), ("UK",)),
    "Which commanders were killed in US air strikes?": (("Muhandis",), ("Soleimani", "Suleimani")),
    "Which officials commented on the end of the coalition mission?": (
        ("Maan",),
        ("Allawi",),
        ("Muhammadawi",),
        ("embassy representative",),
        ("Numan", "hailed"),
    ),
    "What are the phases of the coalition's withdrawal?": (
        ("first will be this year", "September 2025"),
        ("second in 2026", "September 2026"),
    ),
    "Which provinces and areas do ISIS militants hide in?": (
        ("Diyala",),
        ("Kirkuk",),
        ("Nineveh",),
        ("Salahaddin",),
        ("Anbar desert",),
        ("Hamrin",),
    ),
    "List all places that US troops are leaving.": (
        ("Ain al-Assad", "Ain Al Assad"),
        ("Baghdad International Airport", "international airport"),
        ("Green Zone",),
        ("JOC headquarters",),
    ),
    "List all attacks on American forces.": (
        ("Iranian missiles",),
        ("rocket and drone attacks", "drone and rocket attacks"),
    ),
    "Name all prime ministers.": (("Sudani",), ("Barzani",), ("Albanese",), ("Netanyahu",), ("Chifley",)),
    "List the agreements between Iraq and the US.": (
        ("Strategic Framework Agreement",),
        ("agreement in September last year", "an agreement to end the military mission"),
        ("agreed in 2021",),
        ("memorandum",),
    ),
    "Which visas were cancelled or revoked?": (("Rothman",), ("diplomats", "Palestinian Authority")),
    "Which governments hold shares in the Development Road?": (("Iraq",), ("Qatar",), ("UAE",)),
    "Who are the members of the joint committee that will negotiate with the US?": (
        ("Muhammadawi",),
        ("Yarallah",),
        ("Bakhtiar Mohammed",),
    ),
    "What are the conditions for the release of the salaries?": (("SOMO",), ("non-oil revenues",)),
    "Which ISIS leaders were killed in Syria?": (("Al Jubouri",), ("killed in 2020",)),
    "What are the figures for trade between Turkey and Iraq?": (
        ("$60 billion",),
        ("$10.7 billion",),
        ("$30-40 billion",),
    ),
}
COUNTS = {
    "How many articles mention Mosul?": "2 articles mention “Mosul”:",
    "How often is Soleimani mentioned?": "“Soleimani” is mentioned 2 times in 2 articles (and 1 copy):",
    "Which articles mention Barzani?": "1 article mentions “Barzani”:",
    "How many reports mention Ain al-Assad?": "2 articles mention “Ain al-Assad”:",
}
"""Each read off the texts: the second seed repeats the first article of the first."""


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rag]:
    settings = Settings(home=tmp_path_factory.mktemp("home"), phrase="never")
    with Rag.open(SEEDS, settings=settings) as opened:
        yield opened


def lines(rag: Rag, question: str) -> list[str]:
    listing = asks(question)
    assert listing is not None
    collected = gather(
        question,
        listing,
        rag.evidence(question),
        ledger=rag._index.ledger,
        embedder=rag._finder.sentences,
        ranker=rag._finder.ranker,
    )
    return [one.text for one in collected.evidence] if collected else []


def shown(items: Sequence[Item], texts: Sequence[str]) -> float:
    """The share of the items that stand in the texts."""
    return sum(any(name in text for name in item for text in texts) for item in items) / len(items)


def test_lists_show_more_than_the_best_sentences(seeds: Rag) -> None:
    usual = listed = 0.0
    for question, items in LISTS.items():
        usual += shown(items, [one.text for one in select(question, [seeds.evidence(question)])])
        listed += shown(items, lines(seeds, question))
    assert listed / len(LISTS) >= 0.70
    assert listed > usual


def test_an_answer_is_the_list_and_says_what_it_rests_on(seeds: Rag) -> None:
    question = "Which countries are members of the coalition against ISIS?"
    answer = seeds.ask(question)
    assert [sentence.text for sentence in answer.sentences] == lines(seeds, question)
    assert answer.coverage is not None and answer.coverage.found >= answer.coverage.read > 1
    assert answer.text.splitlines()[-1].startswith(f"From {answer.coverage.read} of {answer.coverage.found} passages")


@pytest.mark.parametrize("question", COUNTS)
def test_counts(seeds: Rag, question: str) -> None:
    listing = asks(question)
    assert listing is not None
    counted = count(listing, seeds._index.ledger)
    assert counted is not None
    assert counted.lead == COUNTS[question]
