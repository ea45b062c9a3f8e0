"""The figures of a run against the committed ones.

`baseline.json` holds counts with their totals. Pure but for reading and writing that file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from eval.metrics import Share
from eval.results import write_json
from eval.run import VERBATIM
from rag.errors import InputError

FILE = Path(__file__).with_name("baseline.json")

ALLOWED_QUESTIONS = 2
"""Kernels differ between processors and move a question or two either way."""

WHOLE = frozenset({VERBATIM})
"""Figures that must be complete, whatever the baseline says: a quote is verbatim or it is not a quote."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One figure, then and now; `lost` is how much of it fell, in its own unit, and `allowed` how much may."""

    name: str
    then: Share
    now: Share
    lost: float
    allowed: float

    @property
    def fell(self) -> bool:
        return self.lost > self.allowed


def verdicts(then: Mapping[str, Share], now: Mapping[str, Share], *, questions: int) -> tuple[Verdict, ...]:
    """Every figure of the baseline against the run's; one that the run lacks counts as fallen to nothing."""
    return tuple(_verdict(name, was, now.get(name, Share(0, was.of)), questions) for name, was in then.items())


def _verdict(name: str, then: Share, now: Share, questions: int) -> Verdict:
    if name in WHOLE:
        return Verdict(name, then, now, lost=now.of - now.right, allowed=0)
    # Totals may differ: questions are added, and answers cite more or less. The share that the baseline had
    # is expected of today's total. A question's worth of citations or facts is what one question has of them.
    expected = then.right * now.of / then.of if then.of else 0.0
    worth = max(1.0, now.of / questions) if questions else 1.0
    return Verdict(name, then, now, lost=expected - now.right, allowed=ALLOWED_QUESTIONS * worth)


def load(path: Path = FILE) -> dict[str, Share]:
    """The committed figures.

    Raises:
        InputError: there is no baseline, or it cannot be read.
    """
    if not path.is_file():
        raise InputError(f"There is no baseline {path.name}; write one with `python -m eval --write-baseline`.")
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return {name: Share(int(row["right"]), int(row["of"])) for name, row in rows.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise InputError(
            f"The baseline {path.name} cannot be read ({exc}); write it anew with `python -m eval --write-baseline`."
        ) from exc


def save(counts: Mapping[str, Share], path: Path = FILE) -> None:
    """Make these the figures that later runs are held to."""
    write_json(path, {name: {"right": one.right, "of": one.of} for name, one in counts.items()})
