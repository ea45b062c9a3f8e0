"""The command line: exit codes, one sentence for each wrong input, results written where they belong."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from eval import __main__ as command
from eval import baseline, known, results, stock

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
    monkeypatch.setattr(command, "load_known", lambda: questions)
    monkeypatch.setattr(command, "Rag", fake_rag)
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
    docs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = docs.parent / "tiny"
    folder.mkdir()
    (folder / "corpus.jsonl").write_text('{"_id": "d1", "title": "", "text": "The bridge opened."}\n')
    (folder / "queries.jsonl").write_text('{"_id": "q1", "text": "When was the bridge opened?"}\n')
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\n")
    assert run(monkeypatch, "--suite", folder) == 0
    assert "tiny" in capsys.readouterr().out
    found = json.loads((docs.parent / "results" / "abc1234-tiny.json").read_text(encoding="utf-8"))
    assert found["figures"]["ndcg"]["hybrid"] == 1


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
