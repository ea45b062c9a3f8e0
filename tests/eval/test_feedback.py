"""Rated answers as candidates for known ones: gold where the thumb was up, to be written where it was down."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from eval import commands as command
from eval import feedback, known, run
from eval.known import load_known
from rag.errors import InputError
from rag.ratings import FILE, Rating, keep, ratings

OPENED = "The bridge opened in June 1932."
UP = Rating(
    "When was the bridge opened?",
    True,
    ((OPENED, "", "Bridge"),),
    (0,),
    answer=f"“{OPENED}” [1]",
    quotes=(("bridge.txt", OPENED),),
    when="2026-01-01T10:00:00+00:00",
)
DOWN = Rating(
    "How tall is it?", False, ((OPENED, "", ""),), (0,), "not what I asked", OPENED, (("bridge.txt", OPENED),)
)
OLD = {"question": "Who built it?", "right": True, "sentences": [["Otto did.", "", ""]], "cited": [0], "reason": ""}


def index(home: Path, *rated: Rating) -> Path:
    home.mkdir(parents=True)
    for one in rated:
        keep(home, one)
    return home


def run_command(monkeypatch: pytest.MonkeyPatch, *words: str | Path) -> int:
    monkeypatch.setattr(sys, "argv", ["eval", *map(str, words)])
    with pytest.raises(SystemExit) as stopped:
        command.main()
    return int(stopped.value.code or 0)


def test_a_thumb_up_makes_the_quotes_gold_and_a_thumb_down_leaves_them_to_be_written() -> None:
    up, down = (one.row() for one in feedback.candidates([UP, DOWN], []))
    assert up["facts"] == [[OPENED]] and up["sources"] == ["bridge.txt"]
    assert up["quotes"] == [{"source": "bridge.txt", "quote": OPENED}]
    assert up["candidate"] == feedback.AS_CITED and up["rated"]["when"] == UP.when
    assert (down["facts"], down["sources"], down["quotes"]) == ([], [], [])
    assert down["candidate"] == "to be written" and down["rated"]["reason"] == "not what I asked"


def test_what_a_model_worded_is_held_to_its_own_words() -> None:
    worded = Rating("When?", True, (), (), answer="In June 1932 [1].", quotes=(("bridge.txt", OPENED),))
    (one,) = feedback.candidates([worded], [])
    assert one.row()["facts"] == [["In June 1932."]]


def test_ratings_of_earlier_versions_can_be_read(tmp_path: Path) -> None:
    home = index(tmp_path / "home")
    (home / FILE).write_text(json.dumps(OLD) + "\n", encoding="utf-8")
    (one,) = feedback.candidates(feedback.read(home), [])
    assert one.row()["quotes"] == [{"source": "", "quote": "Otto did."}]
    assert one.row()["sources"] == [] and one.row()["facts"] == [["Otto did."]]


def test_a_question_that_is_a_case_already_is_left_out_however_it_is_spelt() -> None:
    assert [one.rated for one in feedback.candidates([UP, DOWN], ["when was  the Bridge opened?"])] == [DOWN]
    assert len(feedback.candidates([UP, UP], [])) == 1


def test_the_file_can_be_asked_over_its_own_folder(
    tmp_path: Path, fake_rag: type, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    index(tmp_path / "home" / "docs-1a2b3c4d", UP, DOWN)
    file, docs, results = tmp_path / "mine.jsonl", tmp_path / "docs", tmp_path / "results"
    assert run_command(monkeypatch, "--from-feedback", tmp_path / "home", "--out", file) == 0
    assert "to be written" in capsys.readouterr().out
    assert [one.question for one in load_known(file)] == [UP.question]

    docs.mkdir()
    (docs / "bridge.txt").write_text(OPENED, encoding="utf-8")
    monkeypatch.setattr("eval.program.Rag", fake_rag)
    monkeypatch.setattr("eval.results.commit", lambda: "abc1234")
    monkeypatch.setattr("eval.results.result_path.__kwdefaults__", {"folder": results})
    assert run_command(monkeypatch, "--cases", file, "--docs", docs) == 0
    found = json.loads((results / "abc1234-cases-mine.json").read_text("utf-8"))
    assert found["figures"]["right"] == {"right": 1, "of": 1}
    assert (found["run"]["kind"], found["run"]["name"]) == ("cases", "mine")
    assert found["scores"][0]["footnotes"] == [{"source": "bridge.txt", "quote": OPENED}]
    assert found["cases"][0]["quotes"] == [{"source": "bridge.txt", "quote": OPENED}]


def test_what_a_person_wrote_in_the_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, file = index(tmp_path / "home", UP, DOWN), tmp_path / "mine.jsonl"
    written = {**next(iter(feedback.candidates([DOWN], []))).row(), "facts": [["89 metres"]], "candidate": "written"}
    file.write_text(json.dumps(written), encoding="utf-8")  # and no line break at the end
    assert run_command(monkeypatch, "feedback", home, "--out", file) == 0
    assert run_command(monkeypatch, "feedback", home, "--out", file) == 0
    assert [(one.question, one.facts) for one in load_known(file)] == [
        (DOWN.question, (("89 metres",),)),
        (UP.question, ((OPENED,),)),
    ]


def test_without_a_file_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = index(tmp_path / "home", UP)
    assert run_command(monkeypatch, "--from-feedback", home) == 0
    assert "bridge.txt" in (told := capsys.readouterr().out) and "Nothing was written" in told
    assert [path.name for path in tmp_path.rglob("*")] == ["home", FILE]


def test_wrong_input_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="Nothing was rated"):
        feedback.read(tmp_path)
    index(tmp_path / "a", UP), index(tmp_path / "b", UP)
    with pytest.raises(InputError, match="2 folders were rated"):
        feedback.read(tmp_path)
    (tmp_path / "bad.jsonl").write_text("[]\n", encoding="utf-8")
    with pytest.raises(InputError, match="not a file of cases"):
        feedback.questions(tmp_path / "bad.jsonl")
    assert run_command(monkeypatch, "--cases", "none.jsonl", "--check") == 2
    assert run_command(monkeypatch, "--cases", tmp_path / "none.jsonl") == 2


def test_a_file_with_everything_to_be_written_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "mine.jsonl"
    feedback.add(feedback.candidates([DOWN], []), file)
    assert known.load_known(file) == ()
    assert run_command(monkeypatch, "--cases", file) == 2


def test_a_file_of_another_format_is_held_to_what_its_reader_reads(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>The <b>bridge</b> opened in June 1932, and it was a great day.</p>", "utf-8")
    (tmp_path / "a.txt").write_text("The <b>bridge</b>", "utf-8")
    text = run.folder_texts(tmp_path)
    assert "The bridge opened in June 1932" in text("a.html")
    assert text("a.txt") == "The <b>bridge</b>"
    assert text("gone.pdf") == ""


def test_a_rating_keeps_answer_time_and_documents(tmp_path: Path) -> None:
    home = index(tmp_path / "home", UP)
    assert ratings(home) == [UP]
