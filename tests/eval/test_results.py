"""Results are written whole or not at all, under the commit's name."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from eval import results
from eval.metrics import Share
from eval.results import Run, commit, machine, newest, result_path, this_run, write_json


@dataclass(frozen=True, slots=True)
class Inner:
    part: Share


def test_dataclasses_become_objects(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "result.json"
    write_json(file, {"rows": [Inner(Share(1, 2))], "name": "“ä”"})
    assert json.loads(file.read_text(encoding="utf-8")) == {
        "rows": [{"part": {"right": 1, "of": 2}}],
        "name": "“ä”",
    }


def test_what_cannot_be_written_leaves_the_old_result(tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    write_json(file, {"old": True})
    with pytest.raises(TypeError):
        write_json(file, {"new": object()})
    assert json.loads(file.read_text(encoding="utf-8")) == {"old": True}


def test_an_interrupted_write_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "result.json"
    write_json(file, {"old": True})

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_json(file, {"new": True})
    assert [path.name for path in tmp_path.iterdir()] == ["result.json"]
    assert json.loads(file.read_text(encoding="utf-8")) == {"old": True}


def git(folder: Path, *words: str) -> str:
    identity = ("-c", "user.name=t", "-c", "user.email=t@localhost", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_commit_is_short_and_says_when_the_tree_is_dirty(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    assert commit(tmp_path) == "nogit"  # nothing committed yet
    file = tmp_path / "file"
    file.write_text("one", encoding="utf-8")
    git(tmp_path, "add", "file")
    git(tmp_path, "commit", "-q", "--no-verify", "-m", "one")
    short = git(tmp_path, "rev-parse", "--short", "HEAD")
    assert commit(tmp_path) == short
    file.write_text("two", encoding="utf-8")
    assert commit(tmp_path) == f"{short}-dirty"


def test_outside_git_the_name_is_nogit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert commit(tmp_path) == "nogit"


def test_without_git_installed_the_name_is_nogit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert commit(tmp_path) == "nogit"
    assert result_path("stock", folder=tmp_path) == tmp_path / "nogit-stock.json"
    assert result_path(folder=tmp_path) == tmp_path / "nogit.json"


def test_a_run_says_which_it_is_and_when(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "commit", lambda: "abc1234")
    found = this_run("suite", "tiny", questions=4, sample="--limit 4")
    assert (found.kind, found.name, found.questions, found.sample, found.commit) == (
        "suite",
        "tiny",
        4,
        "--limit 4",
        "abc1234",
    )
    assert found.when.endswith("+00:00")


def test_a_run_is_found_again_by_kind_and_name(tmp_path: Path) -> None:
    first = Run("suite", "tiny", 4, "", "abc1234", "2026-11-01T00:00:00+00:00")
    write_json(tmp_path / "a.json", {"run": first, "figures": {"right": 1}})
    write_json(tmp_path / "b.json", {"run": replace(first, name="other")})
    found = newest(tmp_path)
    assert set(found) == {("suite", "tiny"), ("suite", "other")}
    assert (found["suite", "tiny"].run, found["suite", "tiny"].data) == (first, {"figures": {"right": 1}})


def test_the_machine_is_told_without_its_name() -> None:
    import platform

    found = machine()
    assert found["processors"] and found["python"].startswith("3.")
    assert platform.node() not in found.values()


def test_a_system_that_tells_no_processor_leaves_it_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info = tmp_path / "cpuinfo"
    info.write_text("processor\t: 0\nmodel name\t: A Chip\n", encoding="utf-8")
    monkeypatch.setattr(results, "CPU_INFO", info)
    assert machine()["processor"] == "A Chip"
    info.write_text("processor\t: 0\n", encoding="utf-8")
    assert machine()["processor"] == ""
