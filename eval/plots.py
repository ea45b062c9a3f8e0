"""Drawings: the refusal curve, the reliability diagram, figures by size, as SVG that reads on light and on dark paper.

The same figures give the same bytes. The only module that knows matplotlib; does not know where figures come from.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from itertools import cycle
from typing import TYPE_CHECKING, Any

from eval.curve import Bin, Confidences, Point, area, refusal_curve, reliability
from rag.errors import InputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STEPS = 100
"""A curve over thousands of questions is drawn at so many points: nobody sees more, and the file stays small."""
INCHES = (6.4, 4.8)
LINES = ("#3b7fd4", "#c4600c", "#2c8f57", "#c9414d", "#8a5cd0", "#17878f", "#857000")
"""Each with a contrast of at least 3 : 1 against white and against GitHub's dark paper; the dashes differ too."""
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)), (0, (1, 1)))
INK = "#123456"
"""Stands for the text's colour while drawing."""
STYLE = "<style>svg{color:#1f2328}@media(prefers-color-scheme:dark){svg{color:#e6edf3}}</style>"
PARAMETERS: dict[Any, Any] = {
    "svg.fonttype": "none",  # text stays text: small, and set in the reader's font
    "svg.hashsalt": "footnote",  # else the ids in the file are random
    "font.family": "sans-serif",
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
}


def refusal_plot(found: Mapping[str, Confidences]) -> str:
    """The refusal curves by name, as SVG."""
    curves = {name: refusal_curve(one) for name, one in found.items()}
    lines = {
        f"{name} (area {area(points):.3f})": [(point.false, point.right) for point in thinned(points)]
        for name, points in curves.items()
        if points
    }
    return _drawn(lines, "answerable questions refused", "unanswerable questions refused", marker="")


def reliability_plot(found: Mapping[str, Confidences]) -> str:
    """The reliability diagrams by name, as SVG: on the diagonal, what is promised is kept."""
    bins = {name: reliability(one) for name, one in found.items() if one.answerable and one.unanswerable}
    lines = {name: [_outcome(one) for one in slices] for name, slices in bins.items()}
    return _drawn(lines, "confidence, mean of a tenth", "share that the documents answer", marker="o")


def _outcome(one: Bin) -> tuple[float, float]:
    return one.mean, one.answerable.value or 0.0


def thinned(points: Sequence[Point]) -> list[Point]:
    """The curve at so many steps of false refusals, both ends included: of each step the last point."""
    last = {int(point.false * STEPS): point for point in points}
    return [points[0], *(point for point in last.values() if point != points[0])]


def sizes_plot(lines: Mapping[str, Sequence[tuple[float, float]]], y: str) -> str:
    """A figure by the number of passages, as SVG: a flat line does not grow with the folder."""

    def draw(axes: Axes) -> None:
        _lines(axes, lines, marker="o")
        axes.set(xscale="log", xlabel="passages", ylabel=y)
        axes.set_ylim(bottom=0)
        axes.legend(loc="best")

    return _svg(draw)


def _drawn(lines: Mapping[str, Sequence[tuple[float, float]]], x: str, y: str, *, marker: str) -> str:
    """Shares against shares."""

    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color=INK, linewidth=0.6, alpha=0.5)
        _lines(axes, lines, marker=marker)
        axes.set(xlim=(0, 1), ylim=(0, 1.01), xlabel=x, ylabel=y)
        if axes.get_legend_handles_labels()[1]:
            axes.legend(loc="lower right")

    return _svg(draw)


def _lines(axes: Axes, lines: Mapping[str, Sequence[tuple[float, float]]], *, marker: str) -> None:
    for (label, points), color, dashes in zip(lines.items(), cycle(LINES), cycle(DASHES), strict=False):
        across, up = zip(*points, strict=True)
        axes.plot(across, up, label=label, color=color, linestyle=dashes, marker=marker, markersize=4)


def _svg(draw: Callable[[Axes], None]) -> str:
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ImportError as exc:
        raise InputError("The plots need matplotlib; run: pip install 'footnote-rag[eval]'") from exc
    with rc_context(PARAMETERS):
        figure = Figure(figsize=INCHES, layout="constrained")
        draw(figure.add_subplot())
        paper = io.StringIO()
        # Neither the day nor the version of the library is part of the picture.
        figure.savefig(paper, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _in_the_readers_ink(paper.getvalue())


def _in_the_readers_ink(svg: str) -> str:
    opening, tag, rest = svg.partition("<defs>")
    return (opening + STYLE + "\n " + tag + rest).replace(INK, "currentColor")
