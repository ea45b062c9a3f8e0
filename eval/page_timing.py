"""How long the page lets people wait: one question at a time beside the stock pipeline, and many people at once.

Pure data, figures and tables. Does not know a browser, a server or a pipeline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.metrics import Share, Spread, share, spread
from eval.tables import NOT_MEASURED, Grid


@dataclass(frozen=True, slots=True)
class Waited:
    """Seconds from Enter to the first thing to read, and to the whole answer."""

    first: float
    whole: float


@dataclass(frozen=True, slots=True)
class Visit:
    """What became of one question in one browser."""

    question: str
    waited: Waited | None
    """None where no answer came in time."""
    answered: bool
    """It ended as an answer or a refusal to this very question, and not as an error."""
    refused: bool
    place: str
    """What the page said of its place in the line; '' where it said nothing."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Seconds from asking for the page to its first paint, and to a box that can be typed into."""

    paint: float
    usable: float


@dataclass(frozen=True, slots=True)
class Crowd:
    """Many people asking at once."""

    users: int
    answered: Share
    in_line: int
    """People who were told their place in the line while they waited."""
    first: Spread
    whole: Spread
    slowest: float
    memory_before: float | None
    """Resident memory of the server, MiB."""
    memory_after: float | None


@dataclass(frozen=True, slots=True)
class PageFigures:
    """What a run came to."""

    opened: Opened
    """By the first visitor after the server was up."""
    opened_again: Opened
    """Median of later visitors, each in a browser that knows nothing of the page."""
    answered: Share
    refused: int
    first: Spread
    whole: Spread
    stock_first: Spread
    stock_whole: Spread
    crowd: Crowd | None


def crowd(visits: Sequence[Visit], *, before: float | None, after: float | None) -> Crowd:
    """The figures of people who asked at once; seconds are of those who were answered."""
    waited = [one.waited for one in visits if one.waited and one.answered]
    return Crowd(
        users=len(visits),
        answered=share([one.answered for one in visits]),
        in_line=sum(bool(one.place) for one in visits),
        first=spread([one.first for one in waited]),
        whole=spread([one.whole for one in waited]),
        slowest=max((one.whole for one in waited), default=0.0),
        memory_before=before,
        memory_after=after,
    )


def figures(
    opened: Sequence[Opened], visits: Sequence[Visit], stock: Sequence[Waited], many: Crowd | None
) -> PageFigures:
    """All figures; `opened` has the first visitor first, `visits` and `stock` the same questions."""
    waited = [one.waited for one in visits if one.waited and one.answered]
    again = opened[1:] or opened
    return PageFigures(
        opened=opened[0],
        opened_again=Opened(spread([one.paint for one in again]).median, spread([one.usable for one in again]).median),
        answered=share([one.answered for one in visits]),
        refused=sum(one.refused for one in visits),
        first=spread([one.first for one in waited]),
        whole=spread([one.whole for one in waited]),
        stock_first=spread([one.first for one in stock]),
        stock_whole=spread([one.whole for one in stock]),
        crowd=many,
    )


def page_grids(found: PageFigures) -> tuple[Grid, ...]:
    """The tables of a run."""
    return (_opening_grid(found), _waiting_grid(found), *([_crowd_grid(found.crowd)] if found.crowd else []))


def _opening_grid(found: PageFigures) -> Grid:
    rows = (
        ("first visitor", _s(found.opened.paint), _s(found.opened.usable), "just after the server was up"),
        ("later ones", _s(found.opened_again.paint), _s(found.opened_again.usable), "median, nothing cached"),
    )
    return Grid("Opening the page, seconds", ("", "first paint", "box to type in", "what it says"), rows)


def _waiting_grid(found: PageFigures) -> Grid:
    first, whole = (found.first, found.stock_first), (found.whole, found.stock_whole)
    rows = (
        ("first to read, median", *_beside(*(one.median for one in first)), "a checked sentence; of stock a token"),
        ("first to read, 95 %", *_beside(*(one.p95 for one in first)), "of the answers within"),
        ("whole answer, median", *_beside(*(one.median for one in whole)), "sentences, footnotes and all"),
        ("whole answer, 95 %", *_beside(*(one.p95 for one in whole)), "of the answers within"),
    )
    headers = ("", "the page", "stock LlamaIndex", "stock takes", "what it says")
    caption = (
        f"Seconds from Enter, seen in the browser; stock is LlamaIndex as in its documentation with the same language "
        f"model, streaming into Python: no page, no network. Answered in the page: {found.answered}, "
        f"{found.refused} of them refused."
    )
    return Grid("One question at a time", headers, rows, caption)


def _beside(ours: float, stock: float) -> tuple[str, str, str]:
    return _s(ours), _s(stock), f"{stock / ours:.1f} times" if ours else NOT_MEASURED


def _crowd_grid(found: Crowd) -> Grid:
    rows = (
        ("answered", str(found.answered), "their own question, in full, without an error"),
        ("told their place", str(found.in_line), "people who saw a number while they waited in line"),
        ("first to read", f"{_s(found.first.median)}, 95 % {_s(found.first.p95)}", "seconds from Enter, median"),
        ("whole answer", f"{_s(found.whole.median)}, 95 % {_s(found.whole.p95)}", "seconds from Enter, median"),
        ("slowest", _s(found.slowest), "seconds until the last had the whole answer"),
        ("memory before", _mib(found.memory_before), "resident, of the server with its models"),
        ("memory after", _mib(found.memory_after), "when all were answered"),
    )
    return Grid(f"{found.users} people asking at once", ("", "figure", "what it says"), rows)


def _s(seconds: float) -> str:
    return f"{seconds:.2f}"


def _mib(value: float | None) -> str:
    return NOT_MEASURED if value is None else f"{value:,.0f} MiB"
