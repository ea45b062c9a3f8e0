"""What the program must reach, held against what was measured. The only code that knows suites by name.

Pure. A figure that was not measured is None, and no verdict is given on it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from eval.checker import CheckerFigures
from eval.choosing import Compared
from eval.choosing import Figures as Chosen
from eval.disagree import OwnFigures
from eval.run import Figures
from eval.scripted import ScriptedFigures
from eval.stock import Side
from eval.suite import SuiteFigures
from eval.tables import NOT_MEASURED, Grid, rest

SUITES = ("squad2", "clapnq", "timeqa", "mtrag_followups")
CHOSEN = ("squad2", "clapnq", "timeqa")
"""Of these those on which the choice of sentences is measured."""
OWN = "ramdocs"
"""The public test sets that targets are set on, as their folders are called."""

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything that was measured, as far as it was."""

    known: Figures | None = None
    ours: Side | None = None
    """In the same run as `stock`."""
    stock: Side | None = None
    checker: CheckerFigures | None = None
    scripted: ScriptedFigures | None = None
    suites: dict[str, SuiteFigures] = field(default_factory=dict)
    own: dict[str, OwnFigures] = field(default_factory=dict)
    chosen: dict[str, Compared] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target:
    """One figure to reach, and how stock LlamaIndex does where it was asked the same."""

    about: str
    bound: float
    figure: float | None
    at_most: bool = False
    stock: float | None = None
    in_percent: bool = True

    @property
    def verdict(self) -> str:
        if self.figure is None:
            return NOT_MEASURED
        reached = self.figure <= self.bound if self.at_most else self.figure >= self.bound
        return "reached" if reached else "**missed**"

    @property
    def wanted(self) -> str:
        return f"{'≤' if self.at_most else '≥'} {self.told(self.bound)}" if self.bound else "0"

    def told(self, value: float | None) -> str:
        """A value in the unit of this target."""
        if value is None:
            return "–"
        if self.in_percent:
            return f"{100 * value:.1f} %"
        return f"{value:.3f}" if value % 1 else f"{value:.0f}"


def targets(found: Measured) -> tuple[Target, ...]:
    """All targets, with the figures as far as they were measured."""
    own, checker, scripted = found.own.get(OWN), found.checker, found.scripted
    return (
        *_known(found),
        *_suites(found),
        *_own(own),
        *_chosen(found.chosen),
        *_checker(checker),
        *_scripted(scripted),
        *_everywhere(found),
    )


def _known(found: Measured) -> tuple[Target, ...]:
    known, stock, about = found.known, found.stock, "known answers:"
    pace = found.ours.seconds / stock.seconds if found.ours and stock and stock.seconds else None
    return (
        Target(
            f"{about} all required facts stated",
            0.95,
            _of(known, lambda one: one.right.value),
            stock=_of(stock, lambda one: one.right.value),
        ),
        Target(
            f"{about} unanswerable refused",
            0.85,
            _of(known, lambda one: one.refused.value),
            stock=_of(stock, lambda one: one.refused.value),
        ),
        Target(
            f"{about} answerable refused",
            0.03,
            _of(known, lambda one: rest(one.answered).value),
            at_most=True,
            stock=_of(stock, lambda one: one.falsely_refused.value),
        ),
        Target(f"{about} citation precision", 0.95, _of(known, lambda one: one.citations.value)),
        Target(f"{about} citation recall", 0.9, _of(known, lambda one: one.facts_cited.value)),
        Target(
            f"{about} median words per answer",
            45,
            _of(known, lambda one: one.words),
            at_most=True,
            stock=_of(stock, lambda one: one.words),
            in_percent=False,
        ),
        Target(f"{about} median seconds, of stock's in the same run", 0.25, pace, at_most=True),
    )


def _suites(found: Measured) -> tuple[Target, ...]:
    squad, clapnq, timeqa, turns = (found.suites.get(name) for name in SUITES)
    return (
        _mrr("squad2", 0.90, squad),
        Target("squad2: a short reference answer shown", 0.80, _of(squad, lambda one: one.shows_answer.value)),
        Target("squad2: AUC of refusal", 0.70, _of(squad, lambda one: one.auc), in_percent=False),
        _mrr("clapnq", 0.99, clapnq),
        Target("clapnq: a gold sentence among the cited", 0.85, _of(clapnq, lambda one: one.cites_gold.value)),
        _mrr("timeqa", 0.45, timeqa),
        Target("timeqa: hybrid Hits@10", 0.76, _of(timeqa, lambda one: one.retrieval["hybrid"].hits[10].value)),
        _mrr("mtrag_followups", 0.90, turns),
        Target("mtrag_followups: hybrid nDCG@10", 0.87, _of(turns, lambda one: one.ndcg["hybrid"]), in_percent=False),
    )


def _mrr(name: str, bound: float, found: SuiteFigures | None) -> Target:
    return Target(
        f"{name}: hybrid MRR@10", bound, _of(found, lambda one: one.retrieval["hybrid"].mrr), in_percent=False
    )


def _own(found: OwnFigures | None) -> tuple[Target, ...]:
    return (
        Target(
            f"{OWN}: every right answer shown, where several are right", 0.45, _of(found, lambda one: one.several.value)
        ),
        Target(f"{OWN}: told, where documents disagree", 0.80, _of(found, lambda one: one.flagged.value)),
    )


def _chosen(found: dict[str, Compared]) -> tuple[Target, ...]:
    squad, clapnq, timeqa = (one.both if (one := found.get(name)) else None for name in CHOSEN)
    return (
        Target("squad2: the answer in the first sentence", 0.84, _of(squad, lambda one: one.first.value)),
        Target("squad2: in the first three", 0.91, _of(squad, lambda one: one.three.value)),
        _area("squad2", 0.75, squad),
        Target("clapnq: a gold sentence first", 0.75, _of(clapnq, lambda one: one.first.value)),
        Target("clapnq: among the first three", 0.93, _of(clapnq, lambda one: one.three.value)),
        _area("clapnq", 0.85, clapnq),
        Target(
            "timeqa: in the first three sentences, where any of the ten best passages has it",
            0.84,
            _of(timeqa, lambda one: one.three_anywhere.value),
        ),
        _area("timeqa", 0.72, timeqa),
    )


def _area(name: str, bound: float, found: Chosen | None) -> Target:
    about = f"{name}: AUC of refusal, by the sentences alone"
    return Target(about, bound, _of(found, lambda one: one.by_confidence), in_percent=False)


def _checker(found: CheckerFigures | None) -> tuple[Target, ...]:
    return (
        Target("checker: changed statements caught", 0.95, _of(found, lambda one: one.caught_all.value)),
        Target("checker: true statements rejected", 0.03, _of(found, lambda one: one.rejected_all.value), at_most=True),
    )


def _scripted(found: ScriptedFigures | None) -> tuple[Target, ...]:
    return (
        Target("scripted replies: right answers shown", 0.95, _of(found, lambda one: one.survived.value)),
        Target("scripted replies: wrong answers caught", 0.95, _of(found, lambda one: one.caught.value)),
    )


def _everywhere(found: Measured) -> tuple[Target, ...]:
    runs: list[Figures | SuiteFigures | OwnFigures] = [*found.suites.values(), *found.own.values()]
    runs += [found.known] if found.known else []
    shown = sum(one.unsupported for one in runs) if runs else None
    return (Target(f"shown without support, runs counted: {len(runs)}", 0, shown, at_most=True, in_percent=False),)


def _of(found: Kind | None, figure: Callable[[Kind], float | None]) -> float | None:
    return None if found is None else figure(found)


def targets_grid(found: Measured) -> Grid:
    """Targets against figures."""
    rows = tuple(
        (one.about, one.wanted, one.told(one.figure), one.verdict, one.told(one.stock)) for one in targets(found)
    )
    return Grid("Targets", ("what", "must reach", "reached", "verdict", "stock LlamaIndex"), rows)
