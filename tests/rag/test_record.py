"""Records as JSON: there and back, and what is refused with one sentence."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from rag.errors import InputError
from rag.record import (
    VERSION,
    Record,
    make_record,
    record_from_json,
    record_to_json,
)
from rag.types import Answer, Article, Citation, Sentence
from tests.rag import records

TEXT = "The river bridge at Ulm opened to traffic on 5 May 1932."
ARTICLE = Article("a", "in/bridge.txt", TEXT, "Bridges", "The Courier", "1932-05")
CITED = Citation(1, TEXT, "in/bridge.txt", "Bridges", "The Courier", "1932-05", "a", 0, len(TEXT))
ANSWER = Answer("When?", f"“{TEXT}” [1]", (Sentence(TEXT, "quoted", (1,)),), (CITED,), refused=False)


def to_json(answer: Answer) -> str:
    """A record of one answer."""
    return record_to_json(Record("", "", "", "", (answer,), ()))


def from_json(text: str) -> Answer:
    """The answer of a record of one."""
    (only,) = record_from_json(text).answers
    return only


def find(identity: str) -> Article | None:
    return {"a": ARTICLE}.get(identity)


def test_a_record_of_answers() -> None:
    gone = replace(ANSWER, citations=(CITED, replace(CITED, number=2, article_id="b", source="gone.txt")))
    made = make_record([ANSWER, gone], find, folder="/home/mira/reports", title="Bridges")
    assert (made.title, made.folder, made.answers) == ("Bridges", "reports", (ANSWER, gone))
    assert made.made.endswith("+00:00")
    assert [one.article_id for one in made.sources] == ["a", "b"]
    assert [one.sha256 for one in made.sources] == [hashlib.sha256(TEXT.encode()).hexdigest(), ""]
    assert made.sources[0].publisher == "The Courier"


def test_no_path_is_handed_on() -> None:
    local = replace(ANSWER, model="/home/mira/models/big.gguf", embedder="BAAI/bge-small-en-v1.5")
    (told,) = make_record([local], find, folder="/home/mira/reports").answers
    assert (told.model, told.embedder) == ("big.gguf", "BAAI/bge-small-en-v1.5")
    windows = replace(ANSWER, model="C:\\models\\big.gguf")
    assert make_record([windows], find, folder="").answers[0].model == "big.gguf"


@settings(max_examples=20)
@given(records.records)
def test_there_and_back(record: Record) -> None:
    assert record_from_json(record_to_json(record)) == record
    assert record_from_json(record_to_json(record, indent=2).encode()) == record


@given(records.answers)
def test_an_answer_there_and_back(answer: Answer) -> None:
    assert from_json(to_json(answer)) == answer


def test_half_a_surrogate_pair_becomes_a_question_mark() -> None:
    assert from_json(to_json(replace(ANSWER, question="a\ud800b"))).question == "a?b"


def test_what_an_older_program_did_not_write_is_as_by_default() -> None:
    told = json.loads(to_json(ANSWER))
    for name in ("timeline", "disagreements", "coverage", "searched"):
        del told["record"]["answers"][0][name]
    assert from_json(json.dumps(told)) == ANSWER


def _with(**changed: Any) -> str:
    told = json.loads(to_json(ANSWER))
    told["record"]["answers"][0].update(changed)
    return json.dumps(told)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "{", "[]", "null", "7", '"text"', "no JSON at all", '{"question": "When?"}', "\x00", "[" * 100_000,
        '{"a":' * 100_000, to_json(ANSWER)[:-20], to_json(ANSWER)[: len(to_json(ANSWER)) // 2],
        '{"format": "footnote record", "version": 1}', '{"format": "footnote record", "version": "1", "record": {}}',
        '{"format": "footnote record", "version": 0, "record": {}}',
        '{"format": "footnote record", "version": -1, "record": {}}',
        f'{{"format": "footnote record", "version": {VERSION + 1}, "answer": {{}}}}',
        f'{{"format": "footnote record", "version": {10**4000}, "answer": {{}}}}',
        f'{{"format": "footnote record", "version": {"9" * 10_000}, "answer": {{}}}}',
        '{"format": "footnote record", "version": 1, "answer": {}}', '{"format": "other", "version": 1, "record": {}}',
        _with(refused="yes"), _with(refused=None), _with(sentences=None), _with(sentences=[{"text": 1}]),
        _with(question=7),
        _with(sentences=[{"text": "a", "support": "true", "citations": []}]), _with(confidence=float("nan")),
        _with(confidence=float("inf")), _with(confidence=1e300), _with(citations=[{"number": 1}]),
        _with(timings={"a": "b"}),
        _with(coverage={"read": 10**400, "found": 1}), _with(coverage={"read": -1, "found": 1}),
        _with(timings={"total": 1e308}),
        _with(sentences=[{"text": "a", "support": "quoted", "citations": [2**53 + 1]}]), _with(notes="one"),
        _with(sentences=[{"text": "a", "support": "quoted", "citations": [1.5]}]), _with(question="x").replace('"x"',
        '"\\ud800"'),
    ],
)  # fmt: skip
def test_what_is_no_record(text: str) -> None:
    with pytest.raises(InputError) as error:
        from_json(text)
    said = str(error.value)
    assert len(said) < 300 and "\n" not in said and said.endswith(".")


def test_a_later_version_says_so() -> None:
    text = record_to_json(make_record([ANSWER], find, folder="")).replace('"version": 1', '"version": 2')
    with pytest.raises(InputError, match="another version"):
        record_from_json(text)


def test_a_record_without_answers_is_none() -> None:
    empty = Record("", "", "", "", (), ())
    with pytest.raises(InputError, match="no answer"):
        record_from_json(record_to_json(empty))


def test_what_is_of_another_kind_says_so() -> None:
    text = to_json(ANSWER).replace('"footnote record"', '"footnote answer"', 1)
    with pytest.raises(InputError, match="'footnote answer', not a 'footnote record'"):
        record_from_json(text)
