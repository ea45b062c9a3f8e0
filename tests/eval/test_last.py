"""The newest runs over known answers, question by question."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from eval import results
from eval.known import Known, Score
from eval.last import last
from eval.metrics import Share
from eval.run import figures
from eval.stock import Side

SCORE = Score(
    id="k1",
    kind="date",
    question="When?",
    answerable=True,
    answer="June 1932",
    refused=False,
    confidence=0.5,
    missing=(),
    facts=1,
    facts_cited=1,
    citations=1,
    citations_right=1,
    quotes=1,
    not_verbatim=(),
    unsupported=(),
    follows_up=False,
    words=2,
    sentences_quoted=1,
    sentences_supported=0,
    ranks={"dense": 1, "words": 1, "hybrid": 1},
    seconds={"total": 1.0},
)
KNOWN = Known("k1", "date", "When?", True, facts=(("June 1932",),))
SIDE = Side(Share(1, 1), Share(0, 0), Share(0, 1), 2.0, 1.0)


def write(folder: Path, name: str, kind: results.Kind, about: str = "", **data: object) -> None:
    this = results.Run(kind, about, 1, "", "abc1234", "2026-01-01T10:00:00+00:00")
    results.write_json(folder / f"{name}.json", {"run": this, **data})


def test_runs_come_with_their_questions_and_the_comparison(tmp_path: Path) -> None:
    data = {"figures": figures([SCORE]), "scores": [SCORE], "cases": [KNOWN]}
    write(tmp_path, "b", "cases", "mine", **data)
    write(tmp_path, "a", "known", **data)
    write(tmp_path, "c", "stock", ours=SIDE, stock=SIDE)
    first, second = last(tmp_path).runs
    assert (first.run.kind, second.run.name) == ("known", "mine")
    assert first.scores == (SCORE,) and first.cases == {"k1": KNOWN} and first.figures.right == Share(1, 1)
    assert first.beside and first.beside.stock == SIDE and second.beside is None


def test_a_question_that_was_changed_since_is_not_held_against_the_run(tmp_path: Path) -> None:
    changed = replace(KNOWN, question="Where?")
    write(tmp_path, "a", "known", figures=figures([SCORE]), scores=[SCORE], cases=[changed])
    assert last(tmp_path).runs[0].cases == {}


def test_results_of_another_version_are_told_apart(tmp_path: Path) -> None:
    write(tmp_path, "a", "known", figures={"right": 3}, scores=[])
    assert last(tmp_path).runs == ()
    assert [one.commit for one in last(tmp_path).stale] == ["abc1234"]
    assert last(tmp_path / "none").runs == ()
