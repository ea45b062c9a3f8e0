"""What people thought of answers, as candidates for known answers (`feedback`).

A thumb up makes the cited quotes gold; a thumb down leaves the answer to be written by a person. Pure but for reading
the ratings and writing the file; does not know how a case is asked.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from eval.facts import fold, holds
from eval.known import CANDIDATE, TO_BE_WRITTEN
from eval.metrics import single_spaced, without_marks
from eval.results import write_text
from eval.tables import Grid
from rag.errors import InputError
from rag.ratings import FILE, Rating, ratings

KIND = "feedback"
AS_CITED = "right as it was cited"
SHOWN = 160
"""Characters of an answer in the table; the file has it whole."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rated answer that may become a known one."""

    rated: Rating

    @property
    def id(self) -> str:
        return f"f-{sha256(fold(self.rated.question).encode()).hexdigest()[:8]}"

    @property
    def quotes(self) -> tuple[tuple[str, str], ...]:
        """What was cited, each with its document's name, which ratings of earlier versions do not tell."""
        one = self.rated
        return one.quotes or tuple(("", one.sentences[place][0]) for place in one.cited)

    def row(self) -> dict[str, Any]:
        """The candidate as a line of a file of known answers, marked as what it is."""
        one, quotes = self.rated, self.quotes if self.rated.right else ()
        return {
            "id": self.id,
            "kind": KIND,
            "question": one.question,
            "history": [],
            "answerable": bool(self.quotes) or not one.right,  # a refusal that is right
            "facts": [self._wordings()] if one.right and self.quotes else [],
            "sources": list(dict.fromkeys(source for source, _ in quotes if source)),
            "quotes": [{"source": source, "quote": quote} for source, quote in quotes],
            CANDIDATE: AS_CITED if one.right else TO_BE_WRITTEN,
            "rated": {"right": one.right, "reason": one.reason, "answer": one.answer, "when": one.when},
        }

    def _wordings(self) -> list[str]:
        """One fact: any of the quotes that the answer showed; where a model worded them, the answer itself."""
        quotes, said = [quote for _, quote in self.quotes], without_marks(self.rated.answer)
        return [quote for quote in quotes if holds(said, [quote])] or ([said] if said else quotes)


def rated_home(home: Path) -> Path:
    """The one index with ratings in it: the folder itself, or one of those in it.

    Raises:
        InputError: there is none, or more than one.
    """
    found = sorted(path.parent for path in (*home.glob(FILE), *home.glob(f"*/{FILE}")))
    if not found:
        raise InputError(f"Nothing was rated in {str(home)!r}: no index in it holds a {FILE}.")
    if len(found) > 1:
        names = ", ".join(str(path) for path in found)
        raise InputError(f"The answers of {len(found)} folders were rated; give one of them: {names}.")
    return found[0]


def candidates(rated: Sequence[Rating], existing: Collection[str]) -> tuple[Candidate, ...]:
    """A candidate for each rated question that is not one of the existing questions, however they are spelt."""
    known = {fold(question) for question in existing}
    return tuple({fold(one.question): Candidate(one) for one in rated if fold(one.question) not in known}.values())


def read(home: Path) -> list[Rating]:
    """The ratings of an index, or of the only rated index in a folder of them.

    Raises:
        InputError: as `rated_home`, or a line of the file is damaged.
    """
    return ratings(rated_home(home))


def questions(file: Path) -> list[str]:
    """The questions of a file of cases, those that are still to be written among them; none where it is missing.

    Raises:
        InputError: a line of it is not a case.
    """
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    try:
        return [str(json.loads(line)["question"]) for line in lines if line.strip()]
    except (ValueError, KeyError, TypeError) as exc:
        raise InputError(f"{str(file)!r} is not a file of cases; give another one with --out.") from exc


def add(found: Sequence[Candidate], file: Path) -> None:
    """Append the candidates to a file of cases; what a person wrote in it stays."""
    before = file.read_text(encoding="utf-8") if file.is_file() else ""
    before += "\n" if before and not before.endswith("\n") else ""
    write_text(file, before + "".join(json.dumps(one.row(), ensure_ascii=False) + "\n" for one in found))


def candidates_grid(found: Sequence[Candidate], *, existing: int) -> Grid:
    """The candidates, a row each; `existing` is how many rated questions are cases already."""
    rows = tuple(
        (
            one.id,
            "right" if one.rated.right else "wrong",
            single_spaced(one.rated.question),
            _short(" … ".join(quote for _, quote in one.quotes) if one.rated.right else TO_BE_WRITTEN),
            ", ".join(dict.fromkeys(source for source, _ in one.quotes if source)) or one.rated.reason,
        )
        for one in found
    )
    caption = f"Left out, because such a case is there already: {existing}." if existing else ""
    return Grid("Candidates from feedback", ("", "rated", "asked", "gold", "documents"), rows, caption)


def _short(text: str) -> str:
    text = single_spaced(text)
    return text if len(text) <= SHOWN else f"{text[:SHOWN].rsplit(' ', 1)[0]} …"
