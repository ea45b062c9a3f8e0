"""The progress bar takes whatever name a file has, and says nothing where nobody looks on."""

from __future__ import annotations

import pytest

from rag.progress import progress_bar


def test_the_bar_takes_any_name_and_unknown_totals(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich then takes the captured stream for a terminal
    with progress_bar() as progress:
        progress("reading [/b].txt\x1b[2J", 0, 0)
        progress("asking", 1, 2)
    shown = capsys.readouterr().err
    assert "asking" in shown
    assert "\x1b[2J" not in shown


def test_nothing_is_printed_into_a_file(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    with progress_bar() as progress:
        for done in range(3):
            progress(f"reading {done}", done, 2)
    assert capsys.readouterr().err.strip() == ""


def test_no_work_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar():
        pass
    assert capsys.readouterr().err == ""
