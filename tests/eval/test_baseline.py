"""The check must fail on a figure that fell, and on no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.baseline import load, save, verdicts
from eval.metrics import Share
from eval.run import VERBATIM
from rag.errors import InputError


def fell(then: Share, now: Share, *, name: str = "right", questions: int = 72) -> bool:
    (found,) = verdicts({name: then}, {name: now}, questions=questions)
    return found.fell


@pytest.mark.parametrize(("right", "expected"), [(70, False), (66, False), (64, False), (63, True), (0, True)])
def test_two_questions_may_be_lost_and_three_may_not(right: int, expected: bool) -> None:
    assert fell(Share(66, 72), Share(right, 72)) is expected


def test_added_questions_are_held_to_the_same_share() -> None:
    assert not fell(Share(60, 72), Share(64, 79), questions=79)  # 65.8 expected
    assert fell(Share(60, 72), Share(63, 79), questions=79)


def test_citations_may_fall_by_what_two_questions_have_of_them() -> None:
    assert not fell(Share(200, 200), Share(296, 300), questions=100)
    assert not fell(Share(200, 200), Share(294, 300), questions=100)
    assert fell(Share(200, 200), Share(293, 300), questions=100)


def test_one_quote_that_is_not_verbatim_fails() -> None:
    assert fell(Share(90, 100), Share(99, 100), name=VERBATIM)
    assert not fell(Share(100, 100), Share(80, 80), name=VERBATIM)


def test_a_figure_that_is_no_longer_measured_fell() -> None:
    (found,) = verdicts({"hits@1 dense": Share(40, 72)}, {}, questions=72)
    assert found.fell


def test_a_baseline_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    save({"right": Share(3, 4), VERBATIM: Share(9, 9)}, file)
    assert load(file) == {"right": Share(3, 4), VERBATIM: Share(9, 9)}


def test_a_missing_or_broken_baseline_says_how_to_write_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no baseline.*--write-baseline"):
        load(tmp_path / "baseline.json")
    (tmp_path / "broken.json").write_text('{"right": 3}', encoding="utf-8")
    with pytest.raises(InputError, match=r"cannot be read.*--write-baseline"):
        load(tmp_path / "broken.json")
