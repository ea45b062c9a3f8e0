"""A tiny suite in BEIR's layout, asked of a fake program."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval import suite
from eval.metrics import Share
from rag.errors import InputError
from rag.types import Turn

CORPUS = [
    {"_id": "d1", "title": "Bridge", "text": "The bridge opened in June 1932."},
    {"_id": "d2", "title": "", "text": "The museum shows many paintings of the bridge."},
]
QUERIES: list[dict[str, Any]] = [
    {"_id": "q1", "text": "When was the bridge opened?", "answerable": True, "answers": ["june 1932"]},
    {"_id": "q2", "text": "What paintings are in the museum?", "answerable": True, "answers": ["Klimt"]},
    {"_id": "q3", "text": "Who is the mayor?", "answerable": False, "answers": []},
    {
        "_id": "q4",
        "text": "And the mayor?",
        "history": [
            {"role": "user", "content": "Is there a bridge?"},
            {"role": "assistant", "content": "Yes."},
            {"role": "assistant", "content": "One."},
        ],
    },
]
QRELS = ["query-id\tcorpus-id\tscore", "q1\td1\t1", "q2\td2\t1", "q2\td1\t0"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make(tmp_path / "tiny")


def make(folder: Path, *, queries: list[dict[str, Any]] = QUERIES, qrels: list[str] = QRELS) -> Path:
    folder.mkdir()
    for name, rows in (("corpus", CORPUS), ("queries", queries)):
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    (folder / "qrels.tsv").write_text("\n".join(qrels) + "\n", encoding="utf-8")
    return folder


def asked(fake: Any, folder: Path) -> list[suite.Asking]:
    rag = fake.from_documents(suite.documents(folder), home=folder)
    same = suite.same_texts(folder)
    return list(suite.ask_all(rag, suite.queries(folder, same), same=same, progress=lambda *_: None))


def test_documents_keep_their_ids_and_titles(folder: Path) -> None:
    first, second = suite.documents(folder)
    assert (first.source, first.title, second.title) == ("d1", "Bridge", None)


def test_queries_carry_history_and_judgements(folder: Path) -> None:
    found = {query.id: query for query in suite.queries(folder, {})}
    assert found["q2"].relevant == {"d2": 1}  # graded 0 is not relevant
    assert found["q3"].answerable is False
    assert found["q4"].answerable is None
    assert found["q4"].history == (Turn("Is there a bridge?", "Yes. One."),)


def test_limit_takes_so_many(folder: Path) -> None:
    assert len(suite.queries(folder, {}, 2)) == 2


def test_figures_are_what_the_answers_come_to(fake_rag: Any, folder: Path) -> None:
    found = suite.figures(asked(fake_rag, folder))
    assert (found.questions, found.judged) == (4, 2)
    assert found.retrieval["hybrid"].hits[1] == Share(2, 2)
    assert found.retrieval["dense"].hits[10] == Share(1, 2)
    assert found.ndcg["hybrid"] == pytest.approx(1)
    assert found.ndcg["dense"] == pytest.approx(0.5)
    assert (found.refused, found.falsely_refused) == (Share(1, 1), Share(0, 2))
    assert found.auc == 1
    assert found.shows_answer == Share(1, 2)


def test_long_reference_answers_are_not_looked_for(fake_rag: Any, tmp_path: Path) -> None:
    long = [{**QUERIES[0], "answers": ["The bridge was opened with much ado in the June of the year 1932"]}]
    assert suite.figures(asked(fake_rag, make(tmp_path / "long", queries=long))).shows_answer == Share(0, 0)


def test_a_refusal_shows_no_answer_whatever_its_words(fake_rag: Any, tmp_path: Path) -> None:
    odd = [{"_id": "q1", "text": "Who is the mayor?", "answerable": True, "answers": ["documents"]}]
    assert suite.figures(asked(fake_rag, make(tmp_path / "odd", queries=odd))).shows_answer == Share(0, 1)


def test_a_suite_without_judgements_or_answers_is_asked_all_the_same(fake_rag: Any, tmp_path: Path) -> None:
    plain = [{"_id": "q1", "text": "When was the bridge opened?"}]
    found = suite.figures(asked(fake_rag, make(tmp_path / "plain", queries=plain, qrels=QRELS[:1])))
    assert (found.questions, found.judged, found.auc) == (1, 0, None)


def test_a_document_counts_at_its_best_passage() -> None:
    class Passage:
        text = ""

        def __init__(self, source: str) -> None:
            self.metadata = {"source": source}

    assert suite.document_ids([Passage(name) for name in "abacb"], {"c": "b"}) == ["a", "b"]


def test_copies_of_a_text_are_one_document(fake_rag: Any, tmp_path: Path) -> None:
    folder = make(tmp_path / "copies", qrels=[*QRELS[:1], "q1\td3\t1"])
    with (folder / "corpus.jsonl").open("a", encoding="utf-8") as corpus:
        corpus.write(json.dumps({"_id": "d3", "title": "Copy", "text": "The bridge  opened in June 1932.\n"}))
    assert suite.same_texts(folder) == {"d1": "d1", "d2": "d2", "d3": "d1"}
    (judged, *_) = asked(fake_rag, folder)
    assert judged.query.relevant == {"d1": 1}
    assert judged.ranks["dense"] == 1  # where only the first copy is found


def test_judgements_may_lie_where_beir_puts_them(folder: Path) -> None:
    (folder / "qrels").mkdir()
    (folder / "qrels.tsv").rename(folder / "qrels" / "test.tsv")
    suite.check_layout(folder)
    assert suite.queries(folder, {})[0].relevant == {"d1": 1}


def test_what_is_no_suite_is_told_by_the_file_it_lacks(folder: Path, tmp_path: Path) -> None:
    suite.check_layout(folder)
    (folder / "queries.jsonl").unlink()
    (folder / "qrels.tsv").unlink()
    with pytest.raises(InputError, match=r"lacks queries.jsonl and qrels.tsv"):
        suite.check_layout(folder)
    with pytest.raises(InputError, match="not a folder"):
        suite.check_layout(tmp_path / "nowhere")


def test_questions_with_their_own_documents_are_declined(tmp_path: Path) -> None:
    (tmp_path / "questions.jsonl").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="brings its own documents"):
        suite.check_layout(tmp_path)


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("queries.jsonl", '{"_id": "q1"}\n', r"queries.jsonl:1 has no text under 'text'"),
        ("queries.jsonl", "\n{oops\n", r"queries.jsonl:2 is not JSON"),
        ("queries.jsonl", "[]\n", r"queries.jsonl:1 is not a JSON object"),
        ("queries.jsonl", "", "holds no questions"),
        ("queries.jsonl", '{"_id": "q", "text": "t", "history": [{}]}', "history"),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\nq1 d1 1\n", r"qrels.tsv:2"),
    ],
)
def test_a_line_that_cannot_be_understood_is_named(folder: Path, file: str, text: str, message: str) -> None:
    (folder / file).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        suite.queries(folder, {})
