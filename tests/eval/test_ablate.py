"""A part left out is left out, and nothing else."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from eval import run
from eval.ablate import VARIANTS, Recorder, Variant, Varied, known_row, suite_row, varied
from eval.known import Known
from eval.layout import Query
from eval.metrics import Share
from eval.program import Program, searching
from eval.suite import ask
from rag.errors import RagError
from rag.types import Document, Turn
from tests.rag.fakes import OverlapRanker, OverlapReader, WordEmbedder

BY_NAME = {one.name: one for one in VARIANTS}
TURNS = (Turn("Is there a bridge?", "Yes."),)


@dataclass
class Model:
    """A language model that says the same whatever it is asked."""

    pieces: tuple[str, ...] = ("It opened ", "in 1931. ")
    name: str = "model"
    closed: list[bool] = field(default_factory=list)

    def stream(self, system: str, user: str) -> Generator[str, None, None]:
        yield from self.pieces

    def close(self) -> None:
        self.closed.append(True)


def opening(rag: Any, opened: list[Any]) -> Any:
    @contextmanager
    def program(changes: dict[str, Any], *, search: str, phraser: Any) -> Iterator[Any]:
        opened.append((changes, search, phraser))
        rag.phraser = phraser
        yield rag

    return program


def asked_of(variant: Variant, rag: Any, model: Model | None = None) -> tuple[Any, Any]:
    opened: list[Any] = []
    with varied(variant, opening(rag, opened), lambda: model) as program:
        answer = program.ask("When was the bridge opened?", TURNS) if program else None
    return answer, opened


def test_every_part_is_left_out_in_one_row() -> None:
    assert list(BY_NAME) == [
        "whole",
        "without rewriting",
        "without words",
        "without dense",
        "without sufficiency",
        "without checking",
        "without the model",
    ]


def test_the_whole_is_the_program_with_nothing_changed(bridge: Any) -> None:
    answer, opened = asked_of(BY_NAME["whole"], bridge)
    assert opened == [({}, "hybrid", None)]
    assert answer == bridge.ask("When was the bridge opened?", TURNS)


def test_without_rewriting_the_turns_before_are_not_told(bridge: Any) -> None:
    asked_of(BY_NAME["without rewriting"], bridge)
    assert bridge.asked == [("When was the bridge opened?", ())]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("without words", ({}, "dense", None)),
        ("without dense", ({}, "words", None)),
        ("without sufficiency", ({"refuse_below": 0.0}, "hybrid", None)),
        ("without the model", ({"phrase": "never"}, "hybrid", None)),
    ],
)
def test_other_parts_are_left_out_as_the_program_is_opened(bridge: Any, name: str, expected: Any) -> None:
    assert asked_of(BY_NAME[name], bridge)[1] == [expected]


def test_settings_of_the_variants_exist() -> None:
    from rag.settings import Settings

    assert {name for one in VARIANTS for name in one.settings} <= set(Settings.model_fields)


class Drafting:
    """A fake program that asks its model, then shows something else."""

    def __init__(self, rag: Any) -> None:
        self.rag, self.phraser = rag, None

    def ask(self, question: str, history: Any = ()) -> Any:
        if self.phraser:
            next(self.phraser.stream("system", question))  # and stops it after the first piece
        return self.rag.ask(question, history)


def test_without_checking_the_draft_is_the_answer_whole_and_without_footnotes(bridge: Any) -> None:
    answer, _ = asked_of(BY_NAME["without checking"], Drafting(bridge), Model())
    assert (answer.text, answer.citations) == ("It opened in 1931.", ())
    assert [one.text for one in answer.sentences] == ["It opened in 1931."]


def test_a_draft_is_not_shown_for_a_refusal_nor_for_the_next_question(bridge: Any) -> None:
    program = Drafting(bridge)
    program.phraser = recorder = Recorder(Model())  # type: ignore[assignment]
    rag = Varied(program, history=True, recorder=recorder)  # type: ignore[arg-type]
    assert rag.ask("Who is the mayor?").refused
    rag.ask("When was the bridge opened?")
    program.phraser = None
    assert "June 1932" in rag.ask("When was the bridge opened?").text


def test_without_a_model_there_is_nothing_to_leave_unchecked(bridge: Any) -> None:
    assert asked_of(BY_NAME["without checking"], bridge, None) == (None, [])


def test_the_recorder_is_closed_with_its_model() -> None:
    model = Model()
    recorder = Recorder(model)
    recorder.close()
    assert (recorder.name, model.closed) == ("model", [True])


@pytest.mark.real  # Chroma
def test_one_way_of_searching_is_decided_for_every_question(tmp_path: Path) -> None:
    texts = ["The bridge was opened in June 1932.", "The museum shows paintings.", "The harbour is deep."]
    documents = [Document(text=text, source=f"{number}.txt") for number, text in enumerate(texts)]
    program = Program(embedder=WordEmbedder(), ranker=OverlapRanker(), reader=OverlapReader())
    with program.documents(documents, tmp_path / "home", phrase="never") as rag:
        with searching("words"):
            assert [one.article.source for one in rag.evidence("Who shows paintings?")] == ["1.txt"]
        with searching("dense"):
            assert len(rag.evidence("Who shows paintings?")) == len(texts)  # every vector is near to some degree
        with searching("hybrid"):
            assert len(rag.evidence("Who shows paintings?")) == len(texts)
        with pytest.raises(RagError, match="measures nothing"), searching("words"):
            pass


def test_rows_are_what_the_answers_come_to(bridge: Any) -> None:
    known = [
        Known("k1", "date", "When was the bridge opened?", answerable=True, facts=(("1932",),), history=TURNS),
        Known("k2", "absent", "Who is the mayor?", answerable=False),
    ]
    row = known_row(VARIANTS[0], [run.ask(bridge, one, original=lambda _: "", ranks={}) for one in known])
    assert (row.right, row.cited, row.follow_ups) == (Share(1, 1), Share(1, 1), Share(1, 1))
    assert (row.refused, row.falsely_refused, row.seconds) == (Share(1, 1), Share(0, 1), 0.5)
    queries = [
        Query("q1", known[0].question, TURNS, answerable=True, answers=("1932",), relevant={"bridge.txt": 1}),
        Query(
            "q2", "What paintings are in the museum?", answerable=True, answers=("Klimt",), relevant={"bridge.txt": 1}
        ),
        Query("q3", "Who is the mayor?", answerable=False),
    ]
    suite = suite_row(VARIANTS[0], [ask(bridge, one, same={}) for one in queries])
    assert (suite.right, suite.cited, suite.follow_ups) == (Share(1, 2), Share(1, 2), Share(1, 1))
    assert (suite.refused, suite.falsely_refused) == (Share(1, 1), Share(0, 2))
