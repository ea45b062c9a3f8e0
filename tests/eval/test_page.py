"""The page holds what was measured and says what was not; nothing else."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval import disagree, elsewhere, page, plots, run, suite
from eval.ablate import VARIANTS, Row, known_row
from eval.checker import CheckerFigures, Point
from eval.curve import Confidences
from eval.loaded import command, load, told
from eval.metrics import Share
from eval.page_timing import Opened, Waited, figures
from eval.results import Kind, Run, newest, write_json
from eval.scripted import Missed, ScriptedFigures
from eval.stock import Side
from eval.tables import Grid

SURE = Confidences((0.9, 0.8), (0.1, 0.85))
KNOWN = replace(run.figures([]), questions=120, right=Share(80, 89), confidences=SURE, auc=0.75)
SUITE = replace(suite.figures([]), questions=265, confidences=SURE)
SIDE = Side(Share(1, 2), Share(0, 2), Share(1, 2), words=60, seconds=4.0)
CHECKER = CheckerFigures(
    pairs=300,
    dropped=1,
    rejected={"records": Share(1, 30)},
    rejected_all=Share(4, 100),
    caught={"number": Share(9, 10)},
    caught_all=Share(90, 100),
    alone=Point(0.6, Share(5, 100), Share(88, 100)),
    curve=(Point(0.5, Share(4, 130), Share(90, 100)),),
)
SCRIPTED = ScriptedFigures(
    survived=Share(72, 75),
    caught=Share(84, 89),
    after_refusal=Share(80, 80),
    after_nonsense=Share(79, 80),
    lost=(),
    shown_wrong=(Missed("k7", "When was it?", "It was\n| 1933.", "It was 1933. [1]"),),
)
MACHINE = {"system": "Linux on x86_64", "processor": "A Chip", "processors": 2, "memory_gib": 7.8, "python": "3.11.9"}


def save(folder: Path, kind: Kind, name: str = "", *, sample: str = "", day: int = 1, **data: Any) -> None:
    header = Run(kind, name, 120, sample, "abc1234", f"2026-11-{day:02}T10:00:00+00:00")
    made = {"embedder": "minilm", "model": "smol"}
    file = f"{kind}-{name}-{sample}-{day}.json".replace(" ", "-")
    write_json(folder / file, {"run": header, "machine": MACHINE, "made with": made, **data})


def everything(folder: Path) -> None:
    save(folder, "known", figures=KNOWN)
    save(folder, "stock", ours=SIDE, stock=SIDE)
    save(folder, "suite", "squad2", figures=SUITE)
    save(folder, "own documents", "ramdocs", figures=disagree.figures([]))
    save(folder, "checker", figures=CHECKER)
    save(folder, "scripted", figures=SCRIPTED)
    save(folder, "ablation", rows=[known_row(VARIANTS[0], [])])


def written(folder: Path) -> str:
    return page.page(load(newest(folder).values()))


def test_what_was_measured_is_on_the_page(tmp_path: Path) -> None:
    everything(tmp_path)
    text = written(tmp_path)
    for part in (
        "| right | 80 of 89 (89.9 %) |",
        "| known answers: all required facts stated | ≥ 95.0 % | 89.9 % | **missed** | 50.0 % |",
        "| AUC of refusal | 0.750 |",
        "| known answers | 120 | abc1234 | 2026-11-01 | minilm, smol | `python -m eval` |",
        "2 processors (A Chip) with 7.8 GiB of memory under Linux on x86_64, Python 3.11.9",
        "![Right refusals against false refusals](eval-refusal.svg)",
        "### squad2: answers without the language model",
        "### known answers: a part left out",
        "| the checker | 120 |",
        "| checker: changed statements caught | ≥ 95.0 % | 90.0 % | **missed** | – |",
        "| … number | 9 of 10 (90.0 %) |",
        "| 0.50 | 4 of 130 (3.1 %) | 90 of 100 (90.0 %) |",
        "| scripted replies | 120 | abc1234 | 2026-11-01 | minilm, smol | `python -m eval --scripted` |",
        "| scripted replies: right answers shown | ≥ 95.0 % | 96.0 % | reached | – |",
        "| scripted replies: wrong answers caught | ≥ 95.0 % | 94.4 % | **missed** | – |",
        "| after nonsense | 79 of 80 (98.8 %) |",
        "| k7 | When was it? | It was \\| 1933. | It was 1933. [1] |",
        "| without support | 0 (0 sentences shown) |",
    ):
        assert part in text, part


def test_the_page_says_which_figures_are_better_than_what_is_to_be_expected(tmp_path: Path) -> None:
    everything(tmp_path)
    sections = {one.partition("\n")[0]: " ".join(one.split()) for one in written(tmp_path).split("\n## ")}
    assert "53 of 75 right answers shown, 84 of 89 wrong ones caught" in sections["Scripted replies"]
    assert "not held-out" in sections["Scripted replies"]
    assert "Right replies not shown" not in sections["Scripted replies"]  # there was none
    assert "Verbatim sentences of documents make up most" in sections["The checker"]
    (tmp_path / "scripted---1.json").unlink()
    assert "53 of 75" not in written(tmp_path)
    assert "- scripted replies: `python -m eval --scripted`" in written(tmp_path)


def test_what_was_not_measured_is_said(tmp_path: Path) -> None:
    everything(tmp_path)
    text = written(tmp_path)
    missing = text.partition("Not measured, so nothing is said of it:\n\n")[2].partition("\n\n")[0]
    assert "- clapnq: `python -m eval --suite SUITES/clapnq`" in missing
    assert "known answers" not in missing
    assert "| clapnq: hybrid MRR@10 | ≥ 0.990 | – | not measured | – |" in text


def test_a_page_without_results_holds_no_figure_but_the_targets(tmp_path: Path) -> None:
    text = written(tmp_path)
    assert "reached" not in re.sub(r"\| reached \|", "", text)
    assert "missed" not in text
    assert ".svg" not in text
    assert text.count("| not measured |") == text.count("\n| ") - 2  # all rows but the header and its rule


def test_the_newest_whole_run_counts_and_a_sample_only_where_there_is_none(tmp_path: Path) -> None:
    save(tmp_path, "known", figures=KNOWN, day=1)
    save(tmp_path, "known", figures=replace(KNOWN, right=Share(81, 89)), day=2)
    save(tmp_path, "known", figures=replace(KNOWN, right=Share(3, 3)), day=3, sample="--limit 3")
    save(tmp_path, "suite", "squad2", figures=SUITE, sample="--limit 9")
    text = written(tmp_path)
    assert "81 of 89" in text and "80 of 89" not in text and "3 of 3" not in text
    assert "| squad2 | 120 (a sample) |" in text
    assert "`python -m eval --suite SUITES/squad2 --limit 9` |" in text


def test_results_of_another_version_are_named_and_left_out(tmp_path: Path) -> None:
    save(tmp_path, "known", figures={"questions": 7})
    save(tmp_path, "suite", "clapnq")
    text = written(tmp_path)
    stale = text.partition("Measured by another version")[2]
    assert "- known answers: `python -m eval`" in stale and "- clapnq:" in stale
    assert "## Known answers" not in text


def test_what_is_no_results_file_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "old.json").write_text('{"figures": {}}', encoding="utf-8")
    (tmp_path / "list.json").write_text("[]", encoding="utf-8")
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    header = {"kind": "x", "name": "", "questions": 1, "sample": "", "commit": "", "when": ""}
    (tmp_path / "kind.json").write_text(json.dumps({"run": header}), encoding="utf-8")
    assert newest(tmp_path) == {}


def test_the_order_of_files_does_not_matter(tmp_path: Path) -> None:
    everything(tmp_path)
    first = written(tmp_path)
    for number, path in enumerate(sorted(tmp_path.iterdir(), reverse=True)):
        os.rename(path, tmp_path / f"{number}.json")
    assert written(tmp_path) == first


@pytest.mark.parametrize(
    ("kind", "name", "words", "repeat"),
    [
        ("known", "", "known answers", "python -m eval"),
        ("stock", "", "known answers: beside stock", "python -m eval --against stock"),
        ("suite", "clapnq", "clapnq", "python -m eval --suite SUITES/clapnq"),
        ("ablation", "clapnq", "clapnq: a part left out", "python -m eval --suite SUITES/clapnq --ablate"),
    ],
)
def test_a_run_is_told_in_words_and_can_be_repeated(kind: Kind, name: str, words: str, repeat: str) -> None:
    assert (told(kind, name), command(kind, name)) == (words, repeat)


def test_a_table_keeps_its_cells_apart() -> None:
    text = page.markdown(Grid("sums", ("", "a|b"), (("one", "2|3"),), "first\nsecond"))
    assert text.splitlines() == [
        "### sums",
        "",
        "|  | a\\|b |",
        "| --- | ---: |",
        "| one | 2\\|3 |",
        "",
        "first second",
    ]


def test_page_and_drawings_are_written_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    everything(tmp_path / "results")
    for name in ("refusal_plot", "reliability_plot"):
        monkeypatch.setattr(page, name, lambda found: f"<svg>{', '.join(found)}</svg>\n")
    files = page.write(tmp_path / "results", tmp_path / "docs")
    assert [path.name for path in files] == ["EVAL.md", "eval-refusal.svg", "eval-reliability.svg"]
    assert files[1].read_text(encoding="utf-8") == "<svg>known answers, squad2</svg>\n"


def test_where_there_is_nothing_to_draw_only_the_page_is_written(tmp_path: Path) -> None:
    assert [path.name for path in page.write(tmp_path / "results", tmp_path / "docs")] == ["EVAL.md"]


def test_the_real_drawings_of_a_page_are_written(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    everything(tmp_path / "results")
    refusal = page.write(tmp_path / "results", tmp_path / "docs")[1]
    assert "squad2 (area" in refusal.read_text(encoding="utf-8")
    assert plots.STYLE in refusal.read_text(encoding="utf-8")


def test_ablation_rows_survive_the_file(tmp_path: Path) -> None:
    row = Row("whole", "as it is", Share(1, 2), Share(1, 1), Share(0, 0), Share(1, 1), Share(0, 2), 20.0, 0.5)
    save(tmp_path, "ablation", "clapnq", rows=[row])
    assert load(newest(tmp_path).values()).ablations == {"clapnq": (row,)}


def test_how_long_people_wait_is_told_where_it_was_measured(tmp_path: Path) -> None:
    found = figures([Opened(0.8, 1.5)], [], [Waited(8.0, 9.0)], None)
    save(tmp_path / "results", "page", sample="--questions 2 --users 0", figures=found)
    page.write(tmp_path / "results", tmp_path)
    written = (tmp_path / page.PAGE).read_text("utf-8")
    assert "python -m eval page --questions 2 --users 0`, commit abc1234, 2026-11-01" in written
    assert "| first visitor | 0.80 | 1.50 |" in written
    save(tmp_path / "results", "page", sample="--questions 2 --users 0", day=2, figures={"of": "another version"})
    page.write(tmp_path / "results", tmp_path)
    assert "How long people wait" not in (tmp_path / page.PAGE).read_text("utf-8")


def test_what_other_folders_came_to_is_told_where_it_was_measured(tmp_path: Path) -> None:
    found = elsewhere.Elsewhere({"dam": replace(KNOWN, right=Share(3, 7))}, KNOWN)
    save(tmp_path / "results", "folders", figures=found)
    page.write(tmp_path / "results", tmp_path)
    written = (tmp_path / page.PAGE).read_text("utf-8")
    assert "| dam | 120 | 3 of 7 |" in written and "| all | 120 | 80 of 89 |" in written
    save(tmp_path / "results", "folders", day=2, figures={"of": "another version"})
    page.write(tmp_path / "results", tmp_path)
    assert elsewhere.TITLE not in (tmp_path / page.PAGE).read_text("utf-8")
