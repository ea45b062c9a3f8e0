"""The fit of the confidence: what it makes of rows, and how its command tells of a mistake."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from eval.sufficiency import Row, fit, held_out_area
from rag.sufficiency import FEATURES

ROOT = Path(__file__).parents[2]


def rows(count: int, *, turned: bool = False) -> list[Row]:
    """Half of them right, for which the first feature speaks, or against which where it is turned."""
    return [
        Row(((-1.0 if turned else 1.0) * at,) + (0.0,) * (len(FEATURES) - 1), at > 0, at > 0)
        for at in range(-count, count + 1)
        if at
    ]


def test_what_goes_with_right_answers_has_a_weight_and_what_never_differs_none() -> None:
    intercept, weights = fit([rows(20)])
    assert weights[0] > 0
    assert weights[1:] == (0.0,) * (len(FEATURES) - 1)
    assert intercept == pytest.approx(0.0, abs=1e-6)


def test_every_folder_weighs_the_same_however_many_questions_it_has() -> None:
    _, (even, *_) = fit([rows(40), rows(40, turned=True)])
    _, (uneven, *_) = fit([rows(40), [*rows(40, turned=True)] * 9])
    assert even == pytest.approx(0.0, abs=1e-6)
    assert uneven == pytest.approx(0.0, abs=1e-6)


def test_a_folder_is_judged_by_what_was_learnt_from_its_other_questions() -> None:
    assert held_out_area([rows(20), rows(20)], 0) == 1.0


@pytest.mark.parametrize("missing", ["no-such-folder", "eval"])
def test_a_folder_without_suites_is_one_sentence(tmp_path: Path, missing: str) -> None:
    words = [sys.executable, "-m", "eval.sufficiency", missing, "--output", str(tmp_path / "fitted.json")]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert missing in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "fitted.json").exists()
