"""Other folders than the seeds, each with questions and known answers: is the program as good there?

Those that come with it lie in `eval/folders`: invented papers, and questions written by somebody who had not seen the
program. Does not know how they are asked nor how an answer is scored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from eval.run import Figures
from eval.tables import Grid, decimal, rest
from rag.errors import InputError

FOLDERS = Path(__file__).with_name("folders")
DOCS, CASES = "docs", "cases.jsonl"
ALL = "all"
TITLE = "Other folders"
SAID = (
    "right: every required fact is stated; refused rightly: what the documents do not answer; without and with doubt: "
    "right ones of the answers given so; citations right: the quote or its sentence holds a required fact."
)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What each folder came to, and all of them together."""

    folders: Mapping[str, Figures]
    all: Figures


def folders(where: Path) -> tuple[Path, ...]:
    """The folders in another that hold documents and questions, by name.

    Raises:
        InputError: there is none.
    """
    inside = sorted(where.iterdir()) if where.is_dir() else []
    found = tuple(one for one in inside if (one / DOCS).is_dir() and (one / CASES).is_file())
    if not found:
        raise InputError(f"{str(where)!r} holds no folder with {DOCS!r} and {CASES!r} in it; give one that does.")
    return found


def grid(found: Elsewhere) -> Grid:
    """A row for each folder, and one for all."""
    rows = tuple(_row(name, one) for name, one in (*found.folders.items(), (ALL, found.all)))
    headers = (
        "folder", "questions", "right", "refused rightly", "refused falsely", "without doubt", "with doubt",
        "citations right", "AUC", "words",
    )  # fmt: skip
    return Grid(TITLE, headers, rows, SAID)


def _row(name: str, one: Figures) -> tuple[str, ...]:
    return (
        name,
        str(one.questions),
        *(
            f"{part.right} of {part.of}"
            for part in (one.right, one.refused, rest(one.answered), one.given, one.doubted, one.citations)
        ),
        decimal(one.auc),
        f"{one.words:.0f}",
    )
