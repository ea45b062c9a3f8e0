"""The eval's data is sound: known answers stand verbatim in the seeds, and the seeds' dates rest on their text.

Knows files and the fact matcher, no other part of the program.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from eval.facts import fold, holds

ROOT = Path(__file__).parents[2]
SEEDS = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))}
ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (ROOT / "eval" / "known_answers.jsonl").read_text(encoding="utf-8").splitlines()
]
SOURCES: dict[str, dict[str, str]] = tomllib.loads((ROOT / "seeds" / "sources.toml").read_text(encoding="utf-8"))

KEYS = ["id", "kind", "question", "history", "answerable", "facts", "sources", "quotes"]
ANSWERED = {"fact", "date", "number", "person", "plan", "changed", "differs", "two-documents", "follow-up"}
REFUSED = {"unanswerable", "near-miss"}

each_row = pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
each_seed = pytest.mark.parametrize("name", sorted(SEEDS))


def test_ids_and_questions_are_unique() -> None:
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    asked = Counter((row["question"], str(row["history"])) for row in ROWS)
    assert asked.most_common(1)[0][1] == 1


def test_there_are_enough_questions_of_every_kind() -> None:
    kinds = Counter(row["kind"] for row in ROWS)
    refused = kinds["unanswerable"] + kinds["near-miss"]
    assert set(kinds) == ANSWERED | REFUSED
    assert len(ROWS) >= 90
    assert refused >= 25
    assert kinds["near-miss"] * 3 >= refused
    assert min(kinds["changed"], kinds["two-documents"]) >= 5
    assert kinds["differs"] >= 4
    assert kinds["date"] + kinds["plan"] >= 6
    assert kinds["follow-up"] >= 8


def test_every_seed_is_asked_about() -> None:
    assert {source for row in ROWS for source in row["sources"]} == set(SEEDS)


@each_row
def test_a_row_is_well_formed(row: dict[str, Any]) -> None:
    assert list(row) == KEYS
    assert row["answerable"] == (row["kind"] in ANSWERED)
    assert bool(row["history"]) == (row["kind"] == "follow-up")
    assert all(list(turn) == ["question", "answer"] for turn in row["history"])
    assert bool(row["facts"]) == bool(row["sources"]) == bool(row["quotes"]) == row["answerable"]
    assert len(row["facts"]) <= 3
    assert all(fact and all(fold(wording) for wording in fact) for fact in row["facts"])


@each_row
def test_every_quote_stands_verbatim_in_an_accepted_source(row: dict[str, Any]) -> None:
    assert set(row["sources"]) <= set(SEEDS)
    for gold in row["quotes"]:
        assert gold["source"] in row["sources"]
        assert any(gold["quote"] in line for line in SEEDS[gold["source"]].splitlines()), gold["quote"]


@each_row
def test_the_quotes_hold_all_facts_and_nothing_idle(row: dict[str, Any]) -> None:
    quotes = [gold["quote"] for gold in row["quotes"]]
    for fact in row["facts"]:
        assert any(holds(quote, fact) for quote in quotes), fact
    for quote in quotes:
        assert any(holds(quote, fact) for fact in row["facts"]), quote


@each_row
def test_a_two_document_answer_needs_facts_of_two_documents(row: dict[str, Any]) -> None:
    if row["kind"] == "two-documents":
        assert len(row["facts"]) >= 2
        assert len({gold["source"] for gold in row["quotes"]}) >= 2


def test_every_seed_has_its_origin() -> None:
    assert sorted(SOURCES) == sorted(SEEDS)
    assert all(set(origin) == {"title", "publisher", "published", "basis"} for origin in SOURCES.values())


@each_seed
def test_title_and_publisher_stand_in_the_seeds(name: str) -> None:
    assert any(SOURCES[name]["title"] in text.splitlines() for text in SEEDS.values())
    assert SOURCES[name]["publisher"] in SEEDS[name]


@each_seed
def test_the_date_is_valid_and_its_basis_verbatim(name: str) -> None:
    ends = SOURCES[name]["published"].split("/")
    assert len(ends) <= 2
    days = [_first_day(end) for end in ends]
    assert days == sorted(set(days))
    parts = SOURCES[name]["basis"].split(" … ")
    assert len(parts) <= 2
    for part in parts:
        assert any(part in line for text in SEEDS.values() for line in text.splitlines()), part


def _first_day(iso: str) -> date:
    """The first day that `2025`, `2025-08` or `2025-08-20` may mean; other strings fail."""
    assert re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", iso), iso
    year, month, day = [*map(int, iso.split("-")), 1, 1][:3]
    return date(year, month, day)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("over 60 countries", ["60"]),
        ("It has around 2,500 troops.", ["2500"]),
        ("around 2500 troops", ["2,500"]),
        ("some 1\u202f234\u202f567 people", ["1,234,567"]),
        ("“four to five personnel” remain", ["4 to 5", "Four to five"]),
        ("$30–40 billion per year", ["30-40 billion"]),
        ("Sabah al\u2011Numan said", ["Al Numan"]),
        ("Iraq’s Türkiye pipeline", ["iraq's turkiye"]),
        ("with 90.", ["89", "90"]),
        ("a gap of $10.7 billion", ["10.7"]),
        ("on June 10, 2014,", ["June 10, 2014"]),
        ("at least $four billion", ["four billion"]),
    ],
)
def test_a_fact_is_held(text: str, fact: list[str]) -> None:
    assert holds(text, fact)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("nearly 1,600 people", ["60", "600", "1"]),
        ("since 1989", ["89"]),
        ("its 90th member", ["90"]),
        ("a gap of $10.7 billion", ["10", "7"]),
        ("a gap of $1.25 billion", ["25", "1.2"]),
        ("an exporter", ["export"]),
        ("anything", []),
        ("anything", ["", " - "]),
    ],
)
def test_a_part_of_a_word_or_number_is_not_the_fact(text: str, fact: list[str]) -> None:
    assert not holds(text, fact)


def test_folding_is_stable() -> None:
    once = fold("Qasem  Soleimani – ‘Quds Force’\u00a0Commander, 2,500 men")
    assert once == "qasem soleimani 'quds force' commander, 2500 men"
    assert fold(once) == once
