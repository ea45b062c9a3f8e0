"""The drawings: the same bytes for the same figures, legible on any paper, and honest about what is missing."""

from __future__ import annotations

import sys
from xml.etree import ElementTree

import pytest

from eval.curve import Confidences, refusal_curve
from eval.plots import INK, LINES, STEPS, refusal_plot, reliability_plot, thinned
from rag.errors import InputError

SURE = Confidences(tuple(n / 3000 for n in range(1000, 3000)), tuple(n / 3000 for n in range(2000)))


def test_without_matplotlib_the_message_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(InputError, match=r"pip install 'footnote-rag\[eval\]'"):
        refusal_plot({})


def test_a_long_curve_is_thinned_and_keeps_its_ends() -> None:
    points = refusal_curve(SURE)
    thin = thinned(points)
    assert (thin[0], thin[-1]) == (points[0], points[-1])
    assert STEPS < len(thin) <= STEPS + 2 < len(points)
    assert [point.false for point in thin] == sorted(point.false for point in thin)


def test_the_same_figures_give_the_same_bytes() -> None:
    pytest.importorskip("matplotlib")
    found = {"known answers": SURE, "suite": Confidences((0.9, 0.2), (0.1,))}
    for plot in (refusal_plot, reliability_plot):
        first = plot(found)
        assert plot(found) == first
        assert len(first) < 60_000
        ElementTree.fromstring(first)


def test_the_text_takes_the_readers_ink() -> None:
    pytest.importorskip("matplotlib")
    svg = refusal_plot({"known answers": SURE})
    assert INK not in svg
    assert "currentColor" in svg and "prefers-color-scheme:dark" in svg
    assert "known answers (area 0." in svg
    assert "Matplotlib" not in svg and "dc:date" not in svg


def test_what_has_no_curve_is_not_drawn() -> None:
    pytest.importorskip("matplotlib")
    assert "suite" not in refusal_plot({"suite": Confidences((0.9,), ())})


def test_every_curve_is_drawn_however_many_there_are() -> None:
    pytest.importorskip("matplotlib")
    many = {f"suite {n}": SURE for n in range(2 * len(LINES))}
    assert all(f"{name} (area" in refusal_plot(many) for name in many)


def luminance(color: str) -> float:
    parts = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("color", LINES)
@pytest.mark.parametrize("paper", ["#ffffff", "#0d1117"])
def test_lines_stand_out_on_light_and_on_dark_paper(color: str, paper: str) -> None:
    low, high = sorted((luminance(color), luminance(paper)))
    assert (high + 0.05) / (low + 0.05) >= 3
