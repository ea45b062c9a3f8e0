"""Small drawings as inline SVG in the page's colours: a refusal curve, durations; and the figures for a table beside.

Pure functions of numbers: knows no text from outside, no results file, no Gradio.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.curve import Point, right_refusals
from eval.metrics import percentile

WIDTH, HEIGHT = 360, 250
LEFT, RIGHT, TOP, BOTTOM = 54, 12, 22, 40
ACROSS, UP = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
STEPS = 100
"""A curve over thousands of questions is drawn at so many points."""
TOLD = (0.0, 0.03, 0.05, 0.1, 0.25, 0.5)
"""Shares of false refusals at which the table tells the right ones."""
WIDTHS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
MOST_BARS = 16


@dataclass(frozen=True, slots=True)
class Bar:
    """So many durations from `low` up to `high` seconds."""

    low: float
    high: float
    count: int


def refusal_svg(curve: Sequence[Point], *, false: float, right: float) -> str:
    """The refusal curve, with a dot where the program stands: shares of false and of right refusals."""
    points = " ".join(f"{_x(point.false):.1f},{_y(point.right):.1f}" for point in _thinned(curve))
    label = f"Of the answerable questions {false:.0%} are refused, of the unanswerable ones {right:.0%}."
    return _svg(
        label,
        _axes("answerable refused", "unanswerable refused", [(part, f"{part:.0%}") for part in (0, 0.5, 1)]),
        _up([(part, f"{part:.0%}") for part in (0, 0.5, 1)]),
        f'<line class="chance" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>',
        f'<polyline class="line" points="{points}"/>',
        f'<circle class="here" cx="{_x(false):.1f}" cy="{_y(right):.1f}" r="5"/>',
        f'<text x="{_x(false) + 10:.1f}" y="{_y(right) + 14:.1f}">as it is set</text>',
    )


def refusal_rows(curve: Sequence[Point]) -> list[tuple[str, str]]:
    """The curve as a table: so many false refusals at most, so many right ones."""
    best = [(most, right_refusals(curve, most)) for most in TOLD]
    return [(f"{most:.0%}", f"{right:.0%}") for most, right in best if right is not None]


def _thinned(curve: Sequence[Point]) -> list[Point]:
    last = {int(point.false * STEPS): point for point in curve}
    return [*curve[:1], *last.values()]


def bars(seconds: Sequence[float]) -> list[Bar]:
    """Durations counted in equal steps, so wide that there are few of them; none of none."""
    if not seconds:
        return []
    width = next((one for one in WIDTHS if max(seconds) / one < MOST_BARS), max(seconds) / (MOST_BARS - 1))
    counts = [0] * (int(max(seconds) / width) + 1)
    for one in seconds:
        counts[int(one / width)] += 1
    return [Bar(at * width, (at + 1) * width, count) for at, count in enumerate(counts)]


def durations_svg(seconds: Sequence[float]) -> str:
    """How many answers took how long, with the median and the slow end marked."""
    found = bars(seconds)
    if not found:
        return ""
    top, end = max(one.count for one in found), found[-1].high
    middle, slow = percentile(seconds, 0.5), percentile(seconds, 0.95)
    drawn = "".join(
        f'<rect class="bar" x="{_x(one.low / end) + 1:.1f}" y="{_y(one.count / top):.1f}" '
        f'width="{max(1.0, ACROSS / len(found) - 2):.1f}" height="{UP * one.count / top:.1f}"/>'
        for one in found
    )
    ticks = [(part, f"{part * end:.3g} s") for part in (0, 0.5, 1)]
    return _svg(
        f"Half of the answers took less than {middle:.1f} seconds, 95 % less than {slow:.1f}.",
        _axes("from question to whole answer", "answers", ticks),
        _up([(1, str(top))]),
        drawn,
        _mark(middle / end, "half"),
        _mark(slow / end, "95 %"),
    )


def _mark(at: float, name: str) -> str:
    """A line at a duration, its name above it."""
    x = _x(at)
    return (
        f'<line class="mark" x1="{x:.1f}" y1="{TOP - 6}" x2="{x:.1f}" y2="{_y(0)}"/>'
        f'<text x="{x:.1f}" y="{TOP - 10}" text-anchor="middle">{name}</text>'
    )


def _svg(label: str, *parts: str) -> str:
    """`label` says the drawing in words, to those who do not see it."""
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">{"".join(parts)}</svg>'


def _axes(across: str, up: str, ticks: Sequence[tuple[float, str]]) -> str:
    anchors = {0.0: "start", 1.0: "end"}
    said = "".join(
        f'<text x="{_x(at):.1f}" y="{_y(0) + 16}" text-anchor="{anchors.get(at, "middle")}">{text}</text>'
        for at, text in ticks
    )
    return (
        f'<path class="axes" d="M{LEFT} {TOP}V{_y(0)}H{WIDTH - RIGHT}"/>{said}'
        f'<text class="axis" x="{LEFT + ACROSS / 2}" y="{HEIGHT - 6}" text-anchor="middle">{across}</text>'
        f'<text class="axis" transform="translate(10 {TOP + UP / 2}) rotate(-90)" text-anchor="middle">{up}</text>'
    )


def _up(ticks: Sequence[tuple[float, str]]) -> str:
    return "".join(f'<text x="{LEFT - 5}" y="{_y(at) + 4:.1f}" text-anchor="end">{text}</text>' for at, text in ticks)


def _x(part: float) -> float:
    return LEFT + ACROSS * part


def _y(part: float) -> float:
    return TOP + UP * (1 - part)
