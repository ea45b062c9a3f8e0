"""Results files as data again, and in words which runs they are of, which are missing, how each is repeated.

Does not know how any of it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from eval.ablate import Row
from eval.checker import CheckerFigures
from eval.choosing import Compared
from eval.curve import Confidences
from eval.disagree import OwnFigures
from eval.results import Kind, Result
from eval.run import Figures
from eval.scripted import ScriptedFigures
from eval.stock import Side
from eval.suite import SuiteFigures
from eval.targets import CHOSEN, OWN, SUITES, Measured

KNOWN_NAME = "known answers"
ORDER: tuple[Kind, ...] = ("known", "stock", "suite", "own documents", "checker", "scripted", "ablation", "sentences")
EXPECTED: tuple[tuple[Kind, str], ...] = (
    ("known", ""),
    ("stock", ""),
    *(("suite", name) for name in SUITES),
    ("own documents", OWN),
    ("checker", ""),
    ("scripted", ""),
    ("ablation", ""),
    *(("sentences", name) for name in CHOSEN),
)
"""What the page is not whole without."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the results files hold."""

    runs: tuple[Result, ...]
    measured: Measured
    ablations: dict[str, tuple[Row, ...]]
    """By the suite's name; '' for the known answers."""
    stale: tuple[Result, ...]
    """Results of another version of the program, whose figures are others."""

    def missing(self) -> tuple[tuple[Kind, str], ...]:
        """What was expected and is not there."""
        there = {(one.run.kind, one.run.name) for one in (*self.runs, *self.stale)}
        return tuple(one for one in EXPECTED if one not in there)


def load(results: Iterable[Result]) -> Loaded:
    """Results as data; those of another version are kept apart, not guessed at."""
    measured, ablations = Measured(), dict[str, tuple[Row, ...]]()
    runs, stale = list[Result](), list[Result]()
    for one in sorted(results, key=lambda one: (ORDER.index(one.run.kind), one.run.name)):
        try:
            if one.run.kind == "ablation":
                ablations[one.run.name] = _typed(tuple[Row, ...], one.data["rows"])
            else:
                measured = _with(measured, one)
            runs.append(one)
        except (ValidationError, KeyError):
            stale.append(one)
    return Loaded(tuple(runs), measured, ablations, tuple(stale))


def _with(measured: Measured, one: Result) -> Measured:
    name, data = one.run.name, one.data
    if one.run.kind == "known":
        return replace(measured, known=_typed(Figures, data["figures"]))
    if one.run.kind == "stock":
        return replace(measured, ours=_typed(Side, data["ours"]), stock=_typed(Side, data["stock"]))
    if one.run.kind == "checker":
        return replace(measured, checker=_typed(CheckerFigures, data["figures"]))
    if one.run.kind == "scripted":
        return replace(measured, scripted=_typed(ScriptedFigures, data["figures"]))
    if one.run.kind == "sentences":
        return replace(measured, chosen=measured.chosen | {name: _typed(Compared, data["figures"])})
    if one.run.kind == "suite":
        return replace(measured, suites=measured.suites | {name: _typed(SuiteFigures, data["figures"])})
    return replace(measured, own=measured.own | {name: _typed(OwnFigures, data["figures"])})


def _typed(kind: Any, data: Any) -> Any:
    return TypeAdapter(kind).validate_python(data)


def confidences(found: Measured) -> dict[str, Confidences]:
    """Everything that a refusal curve can be drawn of, by name."""
    known = {KNOWN_NAME: found.known.confidences} if found.known else {}
    every = known | {name: one.confidences for name, one in found.suites.items()}
    return {name: one for name, one in every.items() if one.answerable and one.unanswerable}


def told(kind: Kind, name: str) -> str:
    """A run in words."""
    about = name or KNOWN_NAME
    words: dict[Kind, str] = {
        "checker": "the checker",
        "scripted": "scripted replies",
        "stock": f"{about}: beside stock",
        "ablation": f"{about}: a part left out",
        "sentences": f"{about}: sentences",
    }
    return words.get(kind, about)


def command(kind: Kind, name: str, sample: str = "") -> str:
    """How a run is repeated; `SUITES` stands for the folder that holds the suites."""
    options: dict[Kind, str] = {
        "stock": " --against stock",
        "ablation": " --ablate",
        "checker": " --checker SUITES",
        "scripted": " --scripted",
        "sentences": " --sentences",
    }
    return f"python -m eval{f' --suite SUITES/{name}' if name else ''}{options.get(kind, '')} {sample}".rstrip()
