"""Pairs of statement and evidence: true ones, and the same changed; the checker's figures; a scripted phraser."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.checker import ANSWERED, OTHERWISE, QUOTED, RECORD, REFUTED, changed, figures, recorded, statements
from eval.known import Known, load_known
from eval.metrics import Share
from eval.scripted import NONSENSE, REFUSALS, Scripted, load_paraphrases, measure
from rag.answer import Draft, compose
from rag.errors import InputError
from rag.models.changes import CHANGES, names_of, otherwise
from rag.types import Answer, Article, Evidence, Turn
from tests.rag.fakes import Judge

PASSAGE = (
    "The old bridge of Ulm (built by Braun) was opened on June 5, 1932. In May 1945, the army of Bonn attacked Ulm. "
    "More than 40 people were not found. Klein will rebuild it for 3 million euros."
)


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """Two suites in a folder: answers of people with their gold sentences, and short answers."""
    rows = {
        "people": {
            "_id": "q1",
            "text": "When was the bridge opened?",
            "answerable": True,
            "answers": ["The bridge of Ulm was opened on June 5, 1932. It cost 99 euros, Gross says."],
            "gold_sentences": ["The old bridge of Ulm (built by Braun) was opened on June 5, 1932."],
            "passage": "p1",
        },
        "short": {
            "_id": "q2",
            "text": "Who attacked Ulm?",
            "answerable": True,
            "answers": ["the army of Bonn"],
            "passage": "p1",
        },
    }
    for name, row in rows.items():
        folder = tmp_path / name
        folder.mkdir()
        unanswerable = {**row, "_id": f"{row['_id']}-no", "answerable": False}
        (folder / "queries.jsonl").write_text(f"{json.dumps(row)}\n{json.dumps(unanswerable)}\n", encoding="utf-8")
        text = json.dumps({"_id": "p1", "title": "Ulm", "text": PASSAGE})
        (folder / "corpus.jsonl").write_text(f"{text}\n", encoding="utf-8")
    return tmp_path


def test_true_statements_are_built_and_slips_dropped(suite: Path) -> None:
    found, dropped = statements(suite)
    assert {one.kind: one.statement for one in found} == {
        ANSWERED: "The bridge of Ulm was opened on June 5, 1932.",
        QUOTED: "In May 1945, the army of Bonn attacked Ulm.",
        OTHERWISE: "The army of Bonn attacked Ulm in May 1945.",
    }
    assert dropped == 1  # 99 and Gross do not stand in the passage
    assert all(one.change == "" for one in found)


def test_one_suite_is_enough_and_none_is_an_error(suite: Path, tmp_path: Path) -> None:
    assert len(statements(suite / "people")[0]) == 1
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds no suite"):
        statements(tmp_path / "empty")


def test_the_same_folder_gives_the_same_pairs(suite: Path) -> None:
    assert statements(suite) == statements(suite)
    true = statements(suite)[0]
    assert [[*changed(one)] for one in true] == [[*changed(one)] for one in true]


def test_figures_of_both_halves_are_of_all_pairs(suite: Path) -> None:
    halves = [figures(suite, fitting=fitting, checker=Judge(0.5, 0.0)) for fitting in (True, False)]
    true, _ = statements(suite)
    false = [pair for one in true if one.kind != OTHERWISE for pair in changed(one)]
    assert sum(half.pairs for half in halves) == len(true) + len(false)
    assert sum(half.caught_all.right for half in halves) == len(false)
    assert sum(half.rejected_all.right for half in halves) == 0
    assert [point.share for point in halves[0].curve] == sorted({point.share for point in halves[0].curve})


def test_records_are_read_by_their_labels(tmp_path: Path) -> None:
    rows = [
        {
            "claim": "Anna Klein opened the bridge.",
            "evidence": "She opened the bridge of Ulm.",
            "label": "supported",
        },
        {
            "claim": "Anna Klein closed the bridge.",
            "evidence": "She opened the bridge of Ulm.",
            "label": "refuted",
        },
        {"claim": "Anna Klein sleeps.", "evidence": "It rained.", "label": "not_enough"},
        {"claim": "Q: Who? A: Klein", "evidence": "It rained.", "label": "supported"},
    ]
    path = tmp_path / "records.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    found = recorded(path)
    assert {(one.statement, one.kind, one.change) for one in found} == {
        (rows[0]["claim"], RECORD, ""),
        (rows[1]["claim"], RECORD, REFUTED),
    }
    assert {one.title for one in found} == {"Anna Klein "}


@pytest.mark.parametrize(
    ("kind", "text", "changed_to"),
    [
        ("numbers exchanged", "They lost 12 men and won 90 ships.", {"They lost 90 men and won 12 ships."}),
        ("names exchanged", "In 1932 Braun attacked Klein.", {"In 1932 Klein attacked Braun."}),
        ("unit", "It is 12 kilometres long.", {"It is 12 miles long."}),
        ("plan or fact", "It will open.", {"It has opened."}),
        ("negation", "It is not open.", {"It is open."}),
        ("opposite", "It increased.", {"It decreased."}),
        ("bound", "It cost over 90 euros.", {"It cost under 90 euros.", "It cost 90 euros."}),
        ("name", "In the end Klein left.", {"In the end Braun left."}),
    ],
)
def test_one_thing_is_changed(kind: str, text: str, changed_to: set[str]) -> None:
    assert {CHANGES[kind](text, ["Klein", "Braun"], Random(seed)) for seed in range(20)} <= changed_to


@pytest.mark.parametrize("kind", list(CHANGES))
def test_nothing_to_change(kind: str) -> None:
    assert CHANGES[kind]("So it goes.", [], Random(1)) is None


@given(st.text(max_size=120), st.sampled_from(list(CHANGES)), st.integers(0, 9))
def test_a_change_is_a_change_and_repeats(text: str, kind: str, seed: int) -> None:
    names = names_of(text)
    once = CHANGES[kind](text, names, Random(seed))
    assert once == CHANGES[kind](text, names, Random(seed))


def test_said_otherwise() -> None:
    assert otherwise("In May 1945, the army (of Bonn) attacked 5 towns.") == "The army attacked five towns in May 1945."
    assert otherwise("It opened on June 5, 1932, which was late.") == "It opened on 5 June 1932."
    assert otherwise("It opened.") == "It opened."


def test_paraphrases_cover_every_answerable_question() -> None:
    known = {one.id for one in load_known() if one.answerable}
    said = load_paraphrases()
    assert set(said) == known
    assert all(one.answer != one.wrong for one in said.values())


def test_no_paraphrases_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load_paraphrases(tmp_path / "none.jsonl")
    (tmp_path / "bad.jsonl").write_text('{"id": "k1"}\n', encoding="utf-8")
    with pytest.raises(InputError, match="KeyError"):
        load_paraphrases(tmp_path / "bad.jsonl")


class OneReport:
    """Answers every question from one report, in the phraser's words where they pass."""

    def __init__(self, phraser: Scripted) -> None:
        self._phraser = phraser

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        text = PASSAGE.split(". ")[0] + "."
        draft = Draft()
        report = Evidence(Article("a", "a.txt", text), 0, len(text), 1.0)
        list(compose(draft, question, [report], self._phraser, context=4096))
        return Answer(question, draft.text, tuple(draft.sentences), draft.citations, refused=False)


def test_replies_are_counted_by_what_becomes_of_them(tmp_path: Path) -> None:
    path = tmp_path / "said.jsonl"
    rows = [
        {"id": "k1", "answer": "It was opened in June 1932.", "wrong": "It was opened in July 1932."},
        {"id": "k2", "answer": "It was opened by Gross.", "wrong": "The bridge of Ulm was built by Braun."},
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    known = [
        Known("k1", "date", "When was the bridge of Ulm opened?", True, facts=(("June 1932", "June 5, 1932"),)),
        Known("k2", "person", "By whom?", True, facts=(("Braun",),)),
        Known("k3", "person", "Who sleeps?", False),
    ]
    phraser = Scripted()
    found = measure(
        OneReport(phraser),  # type: ignore[arg-type]
        phraser,
        known,
        paraphrases=load_paraphrases(path),
        progress=lambda *_: None,
    )
    assert found.survived == Share(1, 1)  # Gross is not in the evidence: k2 cannot survive
    assert found.caught == Share(1, 2)  # what is called wrong of k2 is right
    assert [one.id for one in found.shown_wrong] == ["k2"]
    assert found.after_refusal == found.after_nonsense == Share(2, 2)
    assert found.lost == ()


@pytest.mark.parametrize("reply", [*REFUSALS, *NONSENSE])
def test_refusals_and_nonsense_are_never_shown(reply: str) -> None:
    phraser = Scripted()
    phraser.reply = reply
    answer = OneReport(phraser).ask("When was the bridge of Ulm opened?")
    assert [one.support for one in answer.sentences] == ["quoted"]
