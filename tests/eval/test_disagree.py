"""Questions with their own documents, asked of a fake program that quotes one paragraph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from eval.disagree import ask_all, figures, stated
from eval.layout import OwnQuestion
from eval.metrics import Share
from rag.types import Answer, Document, Sentence

AGREE = OwnQuestion(
    "q1",
    "When was the bridge opened?",
    right=("1932",),
    wrong=(),
    documents=(Document("The bridge opened in 1932.", source="d1"),),
    said=("1932",),
)
DIFFER = OwnQuestion(
    "q2",
    "How many members has the council?",
    right=("60", "90 members"),
    wrong=("400",),
    documents=(
        Document("The council has 60 members.", source="d1"),
        Document("Some say the council has 400.", source="d2"),
    ),
    said=("60", "400"),
)
UNSTATED = replace(DIFFER, id="q3", wrong=(), documents=DIFFER.documents[:1], said=("unknown",))


def opened(fake: Any, asked: list[Any]) -> Any:
    @contextmanager
    def program(documents: Sequence[Document]) -> Iterator[Any]:
        with fake.from_documents(documents, home=None) as rag:
            asked.append(rag)
            yield rag

    return program


def silent(*_: Any) -> None:
    pass


def test_each_question_is_asked_of_its_own_documents(fake_rag: Any) -> None:
    asked: list[Any] = []
    list(ask_all(opened(fake_rag, asked), [AGREE, DIFFER], progress=silent))
    assert [list(rag.texts) for rag in asked] == [["d1"], ["d1", "d2"]]


def test_figures_are_what_the_answers_come_to(fake_rag: Any) -> None:
    found = figures(list(ask_all(opened(fake_rag, []), [AGREE, DIFFER, UNSTATED], progress=silent)))
    assert found.complete == {1: Share(1, 1), 2: Share(0, 2)}
    assert (found.several, found.several_stated) == (Share(0, 2), Share(0, 2))
    assert found.any_right == Share(3, 3)
    assert (found.flagged, found.flagged_listed, found.falsely_flagged) == (Share(0, 1), Share(0, 2), Share(0, 2))
    assert (found.unsupported, found.sentences) == (0, 3)


def test_stated_is_what_stands_in_a_document_or_is_said_to() -> None:
    assert stated(DIFFER) == ("60", "400")
    assert stated(replace(AGREE, right=("nineteen thirty-two",), said=("Nineteen thirty two",))) == (
        "nineteen thirty two",
    )
    assert stated(replace(DIFFER, wrong=("60",))) == ("60",)  # the same value twice is one


class Told:
    """A program that shows what it is told to."""

    def __init__(self, text: str, *, lead: str = "", refused: bool = False) -> None:
        self.text, self.lead, self.refused = text, lead, refused

    @contextmanager
    def __call__(self, documents: Sequence[Document]) -> Iterator[Any]:
        yield self

    def ask(self, question: str, history: Sequence[Any] = ()) -> Answer:
        support = "refused" if self.refused else "supported"
        return Answer(question, self.text, (Sentence(self.text, support, lead=self.lead),), (), self.refused)  # type: ignore[arg-type]


def of(program: Told, question: OwnQuestion) -> Any:
    return figures(list(ask_all(program, [question], progress=silent)))


def test_every_right_answer_must_be_shown() -> None:
    assert of(Told("60 or 90 members"), DIFFER).several == Share(1, 1)
    assert of(Told("60 members"), DIFFER).several == Share(0, 1)
    assert of(Told("60 members"), DIFFER).any_right == Share(1, 1)


def test_a_wrong_answer_may_be_shown_where_it_is_said_that_reports_differ() -> None:
    assert of(Told("400"), DIFFER).wrong_unflagged == Share(1, 1)
    assert of(Told("400", lead="A paper"), DIFFER).wrong_unflagged == Share(0, 1)
    assert of(Told("60"), DIFFER).wrong_unflagged == Share(0, 1)
    assert of(Told("60"), UNSTATED).wrong_unflagged == Share(0, 0)


def test_a_wrong_answer_that_a_right_one_holds_is_not_looked_for() -> None:
    inside = replace(DIFFER, right=("60 members of 400",))
    assert of(Told("60 members of 400"), inside).wrong_unflagged == Share(0, 0)


def test_flags_count_for_it_where_documents_differ_and_against_it_where_not() -> None:
    assert of(Told("60", lead="A paper"), DIFFER).flagged == Share(1, 1)
    assert of(Told("1932", lead="A paper"), AGREE).falsely_flagged == Share(1, 1)


def test_a_refusal_shows_nothing_whatever_its_words() -> None:
    found = of(Told("60 or 90 members", refused=True), DIFFER)
    assert (found.several, found.falsely_refused) == (Share(0, 1), Share(1, 1))
