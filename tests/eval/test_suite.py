"""A tiny suite in BEIR's layout, asked of a fake program."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval import layout, suite
from eval.curve import Confidences
from eval.metrics import Share


def asked(fake: Any, folder: Path) -> list[suite.Asking]:
    rag = fake.from_documents(layout.documents(folder), home=folder)
    same = layout.same_texts(folder)
    return list(suite.ask_all(rag, layout.queries(folder, same), same=same, progress=lambda *_: None))


def test_figures_are_what_the_answers_come_to(fake_rag: Any, folder: Path) -> None:
    found = suite.figures(asked(fake_rag, folder))
    assert (found.questions, found.judged) == (4, 2)
    assert found.retrieval["hybrid"].hits[1] == Share(2, 2)
    assert found.retrieval["dense"].hits[10] == Share(1, 2)
    assert found.ndcg["hybrid"] == pytest.approx(1)
    assert found.ndcg["dense"] == pytest.approx(0.5)
    assert (found.refused, found.falsely_refused) == (Share(1, 1), Share(0, 2))
    assert found.auc == 1
    assert found.best_refused == 1
    assert found.confidences == Confidences(answerable=(0.2, 0.2), unanswerable=(0.0,))
    assert found.shows_answer == Share(1, 2)
    assert found.cites_gold == Share(0, 0)
    assert found.cites_relevant == Share(2, 2)
    assert (found.unsupported, found.sentences, found.flagged) == (0, 4, Share(0, 2))
    assert found.by_kind == {}


def test_a_gold_sentence_counts_when_it_is_cited(fake_rag: Any, tiny: Any, tmp_path: Path) -> None:
    gold = [
        {**tiny.queries[0], "gold_sentences": ["The bridge opened in June 1932 ."]},
        {**tiny.queries[1], "gold_sentences": ["Klimt painted them all."]},
        {**tiny.queries[2], "gold_sentences": ["Nobody asks for this."]},
    ]
    assert suite.figures(asked(fake_rag, tiny(tmp_path / "gold", queries=gold))).cites_gold == Share(1, 2)


def test_kinds_are_told_apart_where_the_suite_names_them(fake_rag: Any, tiny: Any, tmp_path: Path) -> None:
    kinds = [{**query, "kind": kind} for query, kind in zip(tiny.queries, ("fact", "fact", "none", ""), strict=True)]
    found = suite.figures(asked(fake_rag, tiny(tmp_path / "kinds", queries=kinds))).by_kind
    assert found == {
        "fact": suite.KindFigures(refused=Share(0, 2), shows_answer=Share(1, 2)),
        "none": suite.KindFigures(refused=Share(1, 1), shows_answer=Share(0, 0)),
    }


def test_the_last_question_alone_is_measured_beside_its_conversation(fake_rag: Any, tiny: Any, tmp_path: Path) -> None:
    turns = [
        tiny.queries[0],
        {
            "_id": "q2",
            "text": "And the bridge that opened?",
            "history": [{"question": "What paintings does the museum show of it?", "answer": "Many."}],
        },
    ]
    found = suite.figures(asked(fake_rag, tiny(tmp_path / "turns", queries=turns)))
    assert found.retrieval["hybrid"].hits[1] == Share(2, 2)
    assert found.alone is not None and found.alone.hits[1] == Share(1, 2)  # the other document
    assert found.alone_ndcg < found.ndcg["hybrid"]


def test_without_conversations_no_question_is_alone(fake_rag: Any, tiny: Any, tmp_path: Path) -> None:
    found = suite.figures(asked(fake_rag, tiny(tmp_path / "single", queries=tiny.queries[:2])))
    assert found.alone is None


def test_a_wrong_span_shows(fake_rag: Any, folder: Path) -> None:
    class Shifted(fake_rag):  # type: ignore[misc]
        def article(self, article_id: str) -> Any:
            found = super().article(article_id)
            return type(found)(**{**{name: getattr(found, name) for name in found.__slots__}, "text": f" {found.text}"})

    found = suite.figures(asked(Shifted, folder))
    assert found.unsupported == 4  # two footnotes, two closest passages of the refusals


def test_long_reference_answers_are_not_looked_for(fake_rag: Any, tiny: Any, tmp_path: Path) -> None:
    long = [{**tiny.queries[0], "answers": ["The bridge was opened with much ado in the June of the year 1932"]}]
    assert suite.figures(asked(fake_rag, tiny(tmp_path / "long", queries=long))).shows_answer == Share(0, 0)


def test_a_refusal_shows_no_answer_whatever_its_words(fake_rag: Any, tiny: Any, tmp_path: Path) -> None:
    odd = [{"_id": "q1", "text": "Who is the mayor?", "answerable": True, "answers": ["documents"]}]
    assert suite.figures(asked(fake_rag, tiny(tmp_path / "odd", queries=odd))).shows_answer == Share(0, 1)


def test_a_suite_without_judgements_or_answers_is_asked_all_the_same(fake_rag: Any, tiny: Any, tmp_path: Path) -> None:
    plain = [{"_id": "q1", "text": "When was the bridge opened?"}]
    found = suite.figures(asked(fake_rag, tiny(tmp_path / "plain", queries=plain, qrels=tiny.qrels[:1])))
    assert (found.questions, found.judged, found.auc) == (1, 0, None)


def test_a_document_counts_at_its_best_passage() -> None:
    class Passage:
        text = ""

        def __init__(self, source: str) -> None:
            self.metadata = {"source": source}

    assert suite.document_ids([Passage(name) for name in "abacb"], {"c": "b"}) == ["a", "b"]


def test_copies_of_a_text_are_one_document(fake_rag: Any, tiny: Any, tmp_path: Path) -> None:
    folder = tiny(tmp_path / "copies", qrels=[*tiny.qrels[:1], "q1\td3\t1"])
    with (folder / "corpus.jsonl").open("a", encoding="utf-8") as corpus:
        corpus.write(json.dumps({"_id": "d3", "title": "Copy", "text": "The bridge  opened in June 1932.\n"}))
    assert layout.same_texts(folder) == {"d1": "d1", "d2": "d2", "d3": "d1"}
    (judged, *_) = asked(fake_rag, folder)
    assert judged.query.relevant == {"d1": 1}
    assert judged.found["dense"].rank == 1  # where only the first copy is found
