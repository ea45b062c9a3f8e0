"""Test sets on disk: both layouts read, and what is wrong with a line or a folder told in one sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval import layout
from rag.errors import InputError
from rag.types import Turn

OWN = {
    "_id": "q1",
    "text": "How many members?",
    "answers": ["60", "90"],
    "wrong": ["400", "400"],
    "documents": [{"text": "It has 60.", "type": "correct", "answer": "60"}, {"text": "Nothing."}],
}


def test_documents_keep_their_ids_and_titles(folder: Path) -> None:
    first, second = layout.documents(folder)
    assert (first.source, first.title, second.title) == ("d1", "Bridge", None)


def test_queries_carry_history_and_judgements(folder: Path) -> None:
    found = {query.id: query for query in layout.queries(folder, {})}
    assert found["q2"].relevant == {"d2": 1}  # graded 0 is not relevant
    assert found["q3"].answerable is False
    assert found["q4"].answerable is None
    assert (found["q1"].gold, found["q1"].kind) == ((), "")
    assert found["q4"].history == (Turn("Is there a bridge?", "Yes. One."),)


def test_limit_takes_so_many(folder: Path) -> None:
    assert len(layout.queries(folder, {}, 2)) == 2


def test_judgements_may_lie_where_beir_puts_them(folder: Path) -> None:
    (folder / "qrels").mkdir()
    (folder / "qrels.tsv").rename(folder / "qrels" / "test.tsv")
    layout.check_layout(folder)
    assert layout.queries(folder, {})[0].relevant == {"d1": 1}


def test_what_is_no_suite_is_told_by_the_file_it_lacks(folder: Path, tmp_path: Path) -> None:
    layout.check_layout(folder)
    (folder / "queries.jsonl").unlink()
    (folder / "qrels.tsv").unlink()
    with pytest.raises(InputError, match=r"lacks queries.jsonl and qrels.tsv"):
        layout.check_layout(folder)
    with pytest.raises(InputError, match="not a folder"):
        layout.check_layout(tmp_path / "nowhere")


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
        layout.queries(folder, {})


def own(folder: Path, *rows: Any) -> Path:
    folder.mkdir()
    (folder / "questions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return folder


def test_a_question_brings_its_own_documents(tmp_path: Path) -> None:
    folder = own(tmp_path / "own", OWN)
    assert layout.brings_own(folder)
    (found,) = layout.own_questions(folder)
    assert (found.right, found.wrong, found.said) == (("60", "90"), ("400",), ("60", ""))
    assert [(one.source, one.text) for one in found.documents] == [
        ("document-1", "It has 60."),
        ("document-2", "Nothing."),
    ]


def test_limit_takes_so_many_of_those_too(tmp_path: Path) -> None:
    folder = own(tmp_path / "own", *({**OWN, "_id": f"q{n}"} for n in range(5)))
    assert len(layout.own_questions(folder, 3)) == 3


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({**OWN, "documents": []}, r"questions.jsonl:1 brings no documents"),
        ({**OWN, "documents": ["text"]}, r"questions.jsonl:1 brings no documents"),
        ({**OWN, "documents": [{}]}, r"questions.jsonl:1 has no text under 'text'"),
        ({"text": "?", "documents": [{"text": "t"}]}, r"questions.jsonl:1 has no text under '_id'"),
    ],
)
def test_a_question_that_cannot_be_understood_is_named(tmp_path: Path, row: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        layout.own_questions(own(tmp_path / "own", row))


def test_a_folder_is_a_suite_or_holds_suites(folder: Path, tmp_path: Path) -> None:
    other = own(tmp_path / "own", OWN)
    (tmp_path / "notes").mkdir()
    assert layout.suites(folder) == (folder,)
    assert layout.suites(tmp_path) == (other, folder)  # by name: own, tiny


def test_a_folder_without_suites_is_told_what_it_lacks(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"lacks corpus.jsonl and queries.jsonl and qrels.tsv; a suite is"):
        layout.suites(tmp_path / "empty")
    (folder / "qrels.tsv").unlink()
    with pytest.raises(InputError, match=r"tiny' lacks qrels.tsv"):
        layout.suites(tmp_path)
    with pytest.raises(InputError, match="is not a folder"):
        layout.suites(tmp_path / "nowhere")
