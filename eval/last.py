"""The newest runs over known answers, question by question, each with what was expected of it.

Reads the results; does not know how any of it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from eval.known import Known, Score, load_known
from eval.results import FOLDER, Kind, Result, Run, newest
from eval.run import Figures
from eval.stock import Side
from rag.errors import InputError

QUESTION_BY_QUESTION: tuple[Kind, ...] = ("known", "cases")


@dataclass(frozen=True, slots=True)
class Beside:
    """The comparison with the stock pipeline, a run of its own over the same questions."""

    run: Run
    ours: Side
    stock: Side


@dataclass(frozen=True, slots=True)
class LastRun:
    """One run over known answers."""

    run: Run
    figures: Figures
    scores: tuple[Score, ...]
    cases: Mapping[str, Known] = field(default_factory=dict)
    """The questions as they were asked, by id; those that the results do not tell are missing."""
    machine: Mapping[str, Any] = field(default_factory=dict)
    made_with: Mapping[str, Any] = field(default_factory=dict)
    beside: Beside | None = None


@dataclass(frozen=True, slots=True)
class Last:
    """The newest run over the known answers and over each file of cases; and those that cannot be read any more."""

    runs: tuple[LastRun, ...] = ()
    stale: tuple[Run, ...] = ()
    """Written by another version of the program."""


def last(folder: Path = FOLDER) -> Last:
    """The newest runs in a folder of results, that over the known answers first; a whole one before a sample."""
    found = newest(folder)
    beside = _beside(found.get(("stock", "")))
    runs, stale = list[LastRun](), list[Run]()
    for one in sorted(found.values(), key=lambda one: (one.run.kind != "known", one.run.name)):
        if one.run.kind in QUESTION_BY_QUESTION:
            try:
                runs.append(_run(one, beside if one.run.kind == "known" else None))
            except (ValidationError, KeyError):
                stale.append(one.run)
    return Last(tuple(runs), tuple(stale))


def _run(one: Result, beside: Beside | None) -> LastRun:
    scores = TypeAdapter(tuple[Score, ...]).validate_python(one.data["scores"])
    cases = TypeAdapter(tuple[Known, ...]).validate_python(one.data.get("cases", ())) or _of_the_repository()
    asked = {score.id: score.question for score in scores}
    return LastRun(
        run=one.run,
        figures=TypeAdapter(Figures).validate_python(one.data["figures"]),
        scores=scores,
        cases={case.id: case for case in cases if asked.get(case.id) == case.question},
        machine=one.data.get("machine") or {},
        made_with=one.data.get("made with") or {},
        beside=beside,
    )


def _of_the_repository() -> tuple[Known, ...]:
    """For results of versions that did not write the questions down."""
    try:
        return load_known()
    except InputError:
        return ()


def _beside(one: Result | None) -> Beside | None:
    if one is None:
        return None
    try:
        ours, stock = (TypeAdapter(Side).validate_python(one.data[side]) for side in ("ours", "stock"))
    except (ValidationError, KeyError):
        return None
    return Beside(one.run, ours, stock)
