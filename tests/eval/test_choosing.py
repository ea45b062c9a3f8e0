"""The choice of sentences and the telling of refusals, measured over a program that is a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from eval.choosing import Asked, Compared, Silent, ask, figures
from eval.layout import Query
from eval.suite_tables import sentences_grid
from rag.types import Article, Evidence, Turn


def told(text: str, source: str = "a", logit: float = 1.0) -> Evidence:
    return Evidence(Article(source, source, text), 0, len(text), logit, logit)


@dataclass
class Node:
    text: str
    metadata: dict[str, Any] = field(default_factory=lambda: {"source": "a"})

    def get_content(self) -> str:
        return self.text


@dataclass
class Hit:
    node: Node


@dataclass
class TableRag:
    """Finds for a question what it was given."""

    sentences: dict[str, list[Evidence]]
    texts: dict[str, list[str]]

    def evidence(self, question: str, history: Sequence[Turn] = ()) -> list[Evidence]:
        return self.sentences.get(question, [])

    def passages(self, question: str, history: Sequence[Turn] = (), *, top_k: int) -> list[Hit]:
        return [Hit(Node(text)) for text in self.texts.get(question, [])][:top_k]


def test_what_is_asked_of_each_question() -> None:
    rag = TableRag(
        {
            "Who built it?": [told("It is old."), told("Braun built it.", logit=3.0), told("Braun built it.", "b")],
            "Who sold it?": [told("Nobody knows.", logit=-2.0)],
        },
        {"Who built it?": ["It is old. Braun built it."]},
    )
    questions = [
        Query("1", "Who built it?", answerable=True, answers=("Braun",), relevant={"a": 1}),
        Query("2", "Who sold it?", answerable=False),
        Query("3", "Who broke it?", answerable=True, answers=("Klein",), relevant={"a": 1}),
    ]
    steps: list[int] = []
    first, second, third = ask(rag, questions, lambda what, done, total: steps.append(done))  # type: ignore[arg-type]
    assert first.right == (False, True, False)  # the third is of a document that is not the one
    assert first.holding == (False, True, True)
    assert first.there and first.anywhere and first.logit == 3.0 and first.confidence > second.confidence
    assert not second.answerable and second.logit == -2.0
    assert not third.there and third.right == () and third.confidence == 0.0
    assert steps == [0, 1, 2]


def test_figures_and_their_table() -> None:
    found = figures(
        [
            Asked(True, True, True, (True, False, False), (True, False, True), 0.9, 3.0),
            Asked(True, True, True, (False, False, True), (False, False, True), 0.6, 1.0),
            Asked(True, False, True, (False,), (False,), 0.2, -1.0),
            Asked(False, False, False, (), (), 0.4, 2.0),
        ]
    )
    assert (found.first.right, found.first.of, found.three.right) == (1, 3, 2)
    assert (found.three_there.right, found.three_there.of) == (2, 2)
    assert (found.three_anywhere.right, found.three_anywhere.of) == (2, 3)
    assert found.by_confidence == pytest.approx(2 / 3) and found.by_logit == pytest.approx(1 / 3)
    bare = figures([Asked(False, False, False, (), (), 0.4, 2.0)])
    grid = sentences_grid("small", Compared(found, bare, found, bare))
    assert grid.rows[0][1:] == (
        "1 of 3 (33.3 %)", "2 of 3 (66.7 %)", "2 of 2 (100.0 %)", "2 of 3 (66.7 %)", "0.667", "0.333",
    )  # fmt: skip
    assert grid.rows[1][1:] == (*["none asked"] * 4, "–", "–")
    assert grid.rows[2][1:] == grid.rows[0][1:] and len(grid.rows) == 4
    assert all(len(row) == len(grid.headers) for row in grid.rows)


def test_a_silent_ranker_prefers_nothing() -> None:
    assert Silent().rank("Who?", [("a", "", ""), ("b", "", "")]) == [0.0, 0.0]
    assert Silent().rank("Who?", []) == []
    assert Silent().read("Who?", [("", "It was Karl."), ("", "")]) == [[], []]
