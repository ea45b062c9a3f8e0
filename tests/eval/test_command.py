"""The command line: exit codes, one sentence for each wrong input, results written where they belong."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval import baseline, known, layout, orders, page, program, results, scripted, stock
from eval import commands as command

FACT = {
    "id": "k1",
    "kind": "date",
    "question": "When was the bridge opened?",
    "history": [],
    "answerable": True,
    "facts": [["June 1932"]],
    "sources": ["bridge.txt"],
    "quotes": [{"source": "bridge.txt", "quote": "The bridge opened in June 1932."}],
}
QUESTIONS = [{**FACT, "id": f"k{n}", "kind": "date" if n else "first"} for n in range(4)]


@pytest.fixture
def docs(tmp_path: Path, fake_rag: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, its known answers, and everything the command writes kept within `tmp_path`."""
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "bridge.txt").write_text("The bridge opened in June 1932.", encoding="utf-8")
    file = tmp_path / "known.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in QUESTIONS), encoding="utf-8")
    questions = known.load_known(file)
    monkeypatch.setattr(orders, "load_known", lambda: questions)
    monkeypatch.setattr(program, "Rag", fake_rag)
    monkeypatch.setattr(program, "searching", fake_rag.searching)
    monkeypatch.setattr(results, "commit", lambda: "abc1234")
    monkeypatch.setattr(results.result_path, "__kwdefaults__", {"folder": tmp_path / "results"})
    for function in (baseline.load, baseline.save):
        monkeypatch.setattr(function, "__defaults__", (tmp_path / "baseline.json",))
    return folder


def run(monkeypatch: pytest.MonkeyPatch, *words: str | Path) -> int:
    monkeypatch.setattr(sys, "argv", ["eval", *map(str, words)])
    with pytest.raises(SystemExit) as stopped:
        command.main()
    return int(stopped.value.code or 0)


def test_a_run_prints_and_writes(
    docs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--docs", docs) == 0
    assert "4 of 4 (100.0 %)" in capsys.readouterr().out
    found = json.loads((docs.parent / "results" / "abc1234.json").read_text(encoding="utf-8"))
    assert found["figures"]["right"] == {"right": 4, "of": 4}
    assert found["scores"][0]["ranks"]["hybrid"] == 1
    assert found["made with"]["embedder"] == "fake"
    assert "folder" not in found["made with"]


def test_a_partial_run_does_not_pass_for_the_whole(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, "--docs", docs, "--kind", "date", "--limit", "2") == 0
    assert [path.name for path in (docs.parent / "results").iterdir()] == ["abc1234-date-2.json"]
    (path,) = (docs.parent / "results").iterdir()
    assert json.loads(path.read_text("utf-8"))["run"]["sample"] == "--kind date --limit 2"


def test_the_check_fails_on_a_falling_figure_only(
    docs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--docs", docs, "--write-baseline") == 0
    assert run(monkeypatch, "--docs", docs, "--check") == 0
    (docs / "bridge.txt").write_text("The bridge opened some time ago.", encoding="utf-8")
    assert run(monkeypatch, "--docs", docs, "--check") == 1
    assert "all required facts" in capsys.readouterr().out


def test_a_missing_baseline_is_one_sentence(
    docs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--docs", docs, "--check") == 2
    assert capsys.readouterr().err.strip().startswith("There is no baseline")
    assert not (docs.parent / "results").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--kind", "none"], "the kinds are date, first"),
        (["--check", "--limit", "2"], "about all questions"),
        (["--check", "--write-baseline"], "give one"),
        (["--suite", ".", "--against", "stock"], "give one"),
        (["--suite", ".", "--kind", "date"], "--limit"),
        (["--suite", "nowhere"], "is not a folder"),
        (["--ablate", "--check"], "give one"),
        (["--checker", ".", "--suite", "."], "give one"),
        (["--checker", ".", "--kind", "date"], "--limit"),
        (["--checker", "."], "holds no suite"),
        (["--ablate", "--against", "stock"], "give one"),
        (["--report", "--suite", "."], "give one"),
        (["--scripted", "--report"], "give one"),
        (["--scripted", "--check"], "give one"),
        (["--scripted", "--kind", "none"], "the kinds are date, first"),
        (["--report", "--limit", "2"], "asks nothing"),
    ],
)
def test_wrong_input_is_one_sentence_and_exit_code_2(
    docs: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    message: str,
) -> None:
    assert run(monkeypatch, "--docs", docs, *words) == 2
    told = capsys.readouterr().err.strip()
    assert message in told
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize("words", [["--limit", "0"], ["--limit", "x"], ["--against", "x"], ["--nonsense"]])
def test_wrong_usage_is_exit_code_2(docs: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    assert run(monkeypatch, "--docs", docs, *words) == 2


def test_a_suite_is_run_and_written_under_its_name(
    docs: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--suite", folder) == 0
    assert "tiny" in capsys.readouterr().out
    found = json.loads((docs.parent / "results" / "abc1234-tiny.json").read_text(encoding="utf-8"))
    assert found["figures"]["ndcg"]["hybrid"] == 1


def own(folder: Path) -> Path:
    folder.mkdir(parents=True)
    row = {
        "_id": "q1",
        "text": "When was the bridge opened?",
        "answers": ["1932", "1933"],
        "wrong": [],
        "documents": [{"text": "The bridge opened in 1932."}, {"text": "A bridge opened in 1933."}],
    }
    (folder / "questions.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    return folder


def test_suites_are_given_one_by_one_or_in_a_folder_and_end_in_one_table(
    docs: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pair = own(docs.parent / "more" / "pair")
    assert run(monkeypatch, "--suite", folder, "--suite", pair.parent, "--home", docs.parent / "home") == 0
    told = capsys.readouterr().out
    assert "All suites" in told
    assert "every right answer" in told and "0 of 1 (0.0 %)" in told
    written = {path.name: json.loads(path.read_text("utf-8")) for path in (docs.parent / "results").iterdir()}
    assert set(written) == {"abc1234-tiny.json", "abc1234-pair.json"}
    assert [one["run"]["kind"] for _, one in sorted(written.items())] == ["own documents", "suite"]
    assert written["abc1234-tiny.json"]["run"]["sample"] == ""
    assert "files" not in written["abc1234-pair.json"]["made with"]  # those of its last question alone


def test_what_was_shown_without_support_is_listed(
    docs: Path, folder: Path, fake_rag: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    moved = fake_rag.from_documents
    monkeypatch.setattr(fake_rag, "from_documents", lambda *_, **__: replace(moved(*_, **__), shift=1))
    assert run(monkeypatch, "--suite", folder) == 0
    assert "Without support: When was the bridge opened?" in capsys.readouterr().out


@pytest.mark.parametrize("suite", [False, True])
def test_an_ablation_has_a_row_for_each_part(
    docs: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], suite: bool
) -> None:
    monkeypatch.setenv("RAG_PHRASE", "never")
    where = ["--suite", str(folder)] if suite else ["--docs", str(docs)]
    assert run(monkeypatch, *where, "--ablate") == 0
    told = capsys.readouterr().out
    (file,) = (docs.parent / "results").iterdir()
    assert file.name == ("abc1234-tiny-ablation.json" if suite else "abc1234-ablation.json")
    rows = {row["name"]: row for row in json.loads(file.read_text("utf-8"))["rows"]}
    assert all(name in told for name in rows)
    assert "without checking" not in rows  # there is no model
    assert rows["whole"]["right"] == ({"right": 1, "of": 2} if suite else {"right": 4, "of": 4})
    if suite:
        assert rows["without words"]["cited"] == {"right": 1, "of": 2}  # the fake's dense search is poor


def test_the_checker_is_measured_on_statements_made_of_suites(
    docs: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--checker", folder) == 0
    assert "changed, caught" in capsys.readouterr().out
    found = json.loads((docs.parent / "results" / "abc1234-checker.json").read_text("utf-8"))
    assert found["run"]["kind"] == "checker"
    assert set(found["figures"]) >= {"rejected_all", "caught_all"}


def test_scripted_replies_are_asked_of_the_program_opened_with_them(
    docs: Path, fake_rag: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    replies = scripted.Paraphrase("", answer="Since June 1932.", wrong="Since May 1931.")
    monkeypatch.setattr(orders, "load_paraphrases", lambda: {row["id"]: replies for row in QUESTIONS})
    opened, phrasers = fake_rag.open, list[Any]()

    def noted(folder: Path, *, phraser: Any = None, **parts: Any) -> Any:
        phrasers.append(phraser)
        return opened(folder, **parts)

    monkeypatch.setattr(fake_rag, "open", noted)
    assert run(monkeypatch, "--docs", docs, "--scripted", "--limit", "3") == 0
    (phraser,) = phrasers
    assert phraser.reply in scripted.NONSENSE  # the last that it was told to say
    told = capsys.readouterr().out
    assert "wrong, caught" in told and "Right replies not shown" in told  # the fake only quotes
    found = json.loads((docs.parent / "results" / "abc1234-scripted-3.json").read_text("utf-8"))
    assert (found["run"]["kind"], found["run"]["questions"], found["run"]["sample"]) == ("scripted", 3, "--limit 3")
    assert found["figures"]["caught"] == {"right": 3, "of": 3}
    assert found["figures"]["survived"] == {"right": 0, "of": 3}


def test_questions_with_their_own_documents_have_no_ablation(
    docs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--suite", own(docs.parent / "pair"), "--ablate") == 2
    assert "bring their own" in capsys.readouterr().err


def test_the_report_is_written_from_results_and_asks_nothing(
    docs: Path, fake_rag: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(page.write, "__defaults__", (docs.parent / "results", docs.parent / "page"))
    monkeypatch.setattr(page, "refusal_plot", lambda _: "<svg/>")
    monkeypatch.setattr(page, "reliability_plot", lambda _: "<svg/>")
    assert run(monkeypatch, "--docs", docs) == 0
    monkeypatch.setattr(fake_rag, "open", None)
    assert run(monkeypatch, "--report") == 0
    assert "EVAL.md" in capsys.readouterr().out
    assert "| right | 4 of 4 (100.0 %) |" in (docs.parent / "page" / "EVAL.md").read_text("utf-8")


def test_ctrl_c_among_suites_tells_what_was_written(
    docs: Path, folder: Path, fake_rag: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(layout, "own_questions", interrupted)
    assert run(monkeypatch, "--suite", folder, "--suite", own(docs.parent / "pair")) == 130
    assert capsys.readouterr().err.strip().endswith("Stopped; written before that: abc1234-tiny.json.")


def test_without_a_terminal_progress_is_a_line_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(orders, "LINE_SECONDS", 0.0)
    with orders.progress() as tick:
        tick("tiny: reading d1", 1, 0)
        tick("tiny: asking", 1, 2000)
    assert capsys.readouterr().err == "tiny: reading d1: 1\ntiny: asking: 1 of 2,000\n"


def test_the_comparison_prints_both_columns(
    docs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from llama_index.core.embeddings import MockEmbedding
    from llama_index.core.llms import MockLLM

    models = MockEmbedding(embed_dim=4), MockLLM(max_tokens=5)
    monkeypatch.setattr(stock, "shared_models", lambda _: models)
    assert run(monkeypatch, "--docs", docs, "--against", "stock") == 0
    assert "4 of 4 (100.0 %)" in (told := capsys.readouterr().out)
    assert "0 of 4 (0.0 %)" in told
    found = json.loads((docs.parent / "results" / "abc1234-stock.json").read_text(encoding="utf-8"))
    assert found["pairs"][0]["stock"]["text"] == "text text text text text"


def test_ctrl_c_ends_it_with_nothing_written(
    docs: Path, fake_rag: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(fake_rag, "ask", interrupted)
    assert run(monkeypatch, "--docs", docs) == 130
    assert capsys.readouterr().err.strip().endswith("Stopped; no results were written.")
    assert not (docs.parent / "results").exists()


def test_the_questions_of_each_folder_are_asked_of_its_own_documents(
    docs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, opened in (("north", "1932"), ("south", "1950")):
        folder = docs.parent / "elsewhere" / name
        (folder / "docs").mkdir(parents=True)
        (folder / "docs" / "bridge.txt").write_text(f"The bridge opened in June {opened}.", encoding="utf-8")
        (folder / "cases.jsonl").write_text(json.dumps(QUESTIONS[0]), encoding="utf-8")
    (docs.parent / "elsewhere" / "empty").mkdir()
    assert run(monkeypatch, "folders", docs.parent / "elsewhere") == 0
    said = re.sub(" +", " ", capsys.readouterr().out)
    assert "north │ 1 │ 1 of 1" in said and "south │ 1 │ 0 of 1" in said and "all │ 2 │ 1 of 2" in said
    assert "Went wrong: 1" in said
    found = json.loads((docs.parent / "results" / "abc1234-folders-elsewhere.json").read_text(encoding="utf-8"))
    assert found["run"]["kind"] == "folders" and list(found["figures"]["folders"]) == ["north", "south"]
    assert found["figures"]["all"]["right"] == {"right": 1, "of": 2}


def test_a_folder_without_such_folders_is_wrong_input(
    docs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for where in (docs, docs / "bridge.txt", docs / "nowhere"):
        assert run(monkeypatch, "folders", where) == 2
        assert "holds no folder with 'docs' and 'cases.jsonl'" in capsys.readouterr().err
