"""Indexing measured: pipelines in turn over the same files, sizes in processes of their own, tables and the page."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from eval import commands as command
from eval import ingest, ingest_orders, ingest_page, ingested, page, results
from eval.ingest import OURS, STOCK, Beside, Indexed, Pace, compare, dealt, in_process, sizes
from eval.ingest_tables import beside_grid, sizes_grid
from eval.markdown import markdown
from rag.errors import InputError, RagError
from tests.rag.fakes import write

BESIDE = Beside(3, 6000, "synthetic", {OURS: Pace(12, 2.0, 1.0), STOCK: Pace(8, 6.0, 5.0)})
SIZES = (Indexed(5, 20, 9000, 2.0, 0.01, 300.0, 1.0), Indexed(50, 200, 90000, 21.0, 0.05, 310.0, 9.0))


def silent(*_: Any) -> None:
    pass


def test_the_same_text_is_what_is_compared() -> None:
    assert BESIDE.times_as_fast(STOCK) == 3.0
    assert BESIDE.processor_times(STOCK) == 5.0
    assert BESIDE.paces[OURS].passages_a_second() == 6.0
    assert BESIDE.characters_a_second(STOCK) == 1000.0


def test_files_are_dealt_into_parts_that_are_thrown_away(tmp_path: Path) -> None:
    folder = write(tmp_path / "docs", a="1", b="2", c="3")
    (folder / "image.png").write_bytes(b"x")
    with dealt(folder, rounds=2) as parts:
        assert [sorted(path.name for path in part.iterdir()) for part in parts] == [["a.txt", "c.txt"], ["b.txt"]]
    assert not parts[0].exists()
    with dealt(folder) as parts:
        assert len(parts) == 3


def test_pipelines_take_turns_over_all_files(tmp_path: Path) -> None:
    order: list[str] = []

    def counted(name: str, passages: int) -> Any:
        def run(folder: Path) -> int:
            order.append(name)
            return passages * len(list(folder.iterdir()))

        return run

    folder = write(tmp_path / "docs", a="one", b="two", c="four", d="über")
    found = compare(folder, "docs", {"x": counted("x", 1), "y": counted("y", 2)}, silent)
    assert order == ["x", "y", "y", "x", "x", "y", "y", "x"]
    assert (found.files, found.characters) == (4, 14)
    assert [one.passages for one in found.paces.values()] == [4, 8]


def test_an_empty_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file"):
        compare(tmp_path, "docs", {}, silent)


@pytest.mark.parametrize("text", ["", "x", "0", "10,10", "1.5", "-5", "10,,20"])
def test_sizes_that_are_none_are_one_sentence(text: str) -> None:
    with pytest.raises(InputError, match="1000,10000"):
        sizes(text)


def test_sizes_are_sorted() -> None:
    assert sizes("10_000, 1000") == (1000, 10000)


def test_a_folder_is_indexed_twice_and_the_figures_are_its_own(tmp_path: Path) -> None:
    folder = write(tmp_path / "docs", a="The bridge opened in June 1932.", b="The museum shows paintings.")
    told: list[tuple[str, int, int]] = []
    found = in_process([str(folder), str(tmp_path / "home"), "fake"], lambda *one: told.append(one))
    assert (found["files"], found["passages"]) == (2, 2)
    assert found["first"] > 0 and found["again"] > 0 and found["index_mib"] > 0
    assert told[0][0] == "reading"


def test_a_process_that_breaks_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(RagError, match="exit code 1"):
        in_process([str(tmp_path / "nowhere"), str(tmp_path / "home"), "fake"], silent)


def test_the_cheap_embedder_is_a_function_of_the_text() -> None:
    embedder = ingested.HashEmbedder()
    one, other, empty = embedder.embed(["a bridge", "a museum", ""])
    assert one == embedder.embed_query("a bridge") != other
    assert [len(one), sum(x * x for x in one), sum(x * x for x in empty)] == [384, pytest.approx(1), pytest.approx(1)]


def test_the_tables_say_what_was_measured() -> None:
    beside, by_size = markdown(beside_grid(BESIDE)), markdown(sizes_grid(SIZES, "fake"))
    assert "| stock LlamaIndex | 8 | 6.0 | 1.3 | 1,000 | 3.00 times | 5.0 | 5.00 times |" in beside
    assert "| this program | 12 | 2.0 | 6.0 | 3,000 | – | 1.0 | – |" in beside
    assert "| 20 | 5 | 0.0 | 2.0 | 100.0 | 0.01 | 200 | 300 | 1 |" in by_size
    assert "hashed words" in by_size


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Results kept within `tmp_path`."""
    monkeypatch.setattr(results, "commit", lambda: "abc1234")
    monkeypatch.setattr(results.result_path, "__kwdefaults__", {"folder": tmp_path / "results"})
    monkeypatch.setattr(ingest_orders, "_pipelines", lambda _: {OURS: lambda _: 3, STOCK: lambda _: 2})
    monkeypatch.setattr(ingest_orders, "measure", lambda passages, *_: SIZES[passages > 20])
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, *words: str | Path) -> int:
    monkeypatch.setattr(sys, "argv", ["eval", "ingest", *map(str, words)])
    with pytest.raises(SystemExit) as stopped:
        command.main()
    return int(stopped.value.code or 0)


def test_the_command_measures_shows_and_writes_both(
    kept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--passages", "50", "--sizes", "20,200") == 0
    told = capsys.readouterr().out
    assert "stock LlamaIndex" in told and "200 passages: 21.0 s, again 0.05 s, 310 MiB at most" in told
    written = {path.name: json.loads(path.read_text("utf-8")) for path in (kept / "results").iterdir()}
    assert set(written) == {"abc1234-ingest-beside-stock-over-synthetic.json", "abc1234-ingest-real.json"}
    assert written["abc1234-ingest-beside-stock-over-synthetic.json"]["run"]["sample"] == "--only beside --passages 50"
    assert written["abc1234-ingest-real.json"]["figures"][1]["passages"] == 200


def test_the_page_holds_what_was_measured(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("matplotlib")
    docs = write(kept / "docs", a="The bridge opened in June 1932.")
    assert run(monkeypatch, "--docs", docs, "--sizes", "20,200", "--embedder", "fake") == 0
    names = [path.name for path in page.write(kept / "results", kept / "page")]
    assert names == ["EVAL.md", "INGEST.md", "ingest-memory.svg", "ingest-time.svg"]
    text = (kept / "page" / "INGEST.md").read_text("utf-8")
    assert "the files of docs" in text and "| 200 | 50 |" in text
    assert "`python -m eval ingest --only sizes --sizes 20,200 --embedder fake`" in text
    assert "fake embedder" in (kept / "page" / "ingest-memory.svg").read_text("utf-8")


def test_a_page_of_nothing_is_none() -> None:
    assert ingest_page.files([]) == {}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--sizes", "many"], "whole numbers"),
        (["--docs", "nowhere"], "does not exist"),
        (["--docs", ".", "--only", "sizes"], "Leave one away"),
    ],
)
def test_wrong_input_is_one_sentence_and_exit_code_2(
    kept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: Sequence[str], message: str
) -> None:
    assert run(monkeypatch, *words) == 2
    told = capsys.readouterr().err.strip()
    assert message in told and len(told.splitlines()) == 1


def test_options_of_the_other_runs_are_not_left_unread(
    kept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["eval", "--limit", "3", "ingest"])
    with pytest.raises(SystemExit) as stopped:
        command.main()
    assert stopped.value.code == 2
    assert "come after it" in capsys.readouterr().err


def test_ctrl_c_tells_what_was_written(
    kept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ingest_orders, "measure", interrupted)
    assert run(monkeypatch, "--passages", "50") == 130
    assert (
        capsys.readouterr()
        .err.strip()
        .endswith("written before that: abc1234-ingest-beside-stock-over-synthetic.json.")
    )


def test_stock_indexes_into_chroma(tmp_path: Path) -> None:
    from llama_index.core.embeddings import MockEmbedding

    from eval.stock_chroma import pipeline

    folder = write(tmp_path / "docs", a="The bridge opened in June 1932.", b="The museum shows paintings.")
    assert pipeline(MockEmbedding(embed_dim=4))(folder) == 2


def test_a_stopped_parent_stops_its_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "STOP_SECONDS", 0.01)
    folder = write(tmp_path / "docs", a="The bridge opened in June 1932.")

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        in_process([str(folder), str(tmp_path / "home"), "fake"], interrupted)
