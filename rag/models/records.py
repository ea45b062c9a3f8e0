"""Training data on disk → questions with their passages. Does not know what is trained on them.

`reader.jsonl`, plain or compressed: `q`, `passage`, `answer`, `start` (of the answer in the passage), `answerable`,
`src` (where the question is from; what follows a `~` says how it was made out of an answerable one).

Written folders, each with `docs/` and `questions.jsonl`: `doc` (a file's name), `q`, and either `quote` (the sentence
that answers) with `answer` (words of it) and perhaps `also` (other sentences that do), or `near` (the sentence that
comes closest where none answers).
"""

from __future__ import annotations

import json
import lzma
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from rag.errors import InputError
from rag.sentences import cut

READER, VERIFY = "reader.jsonl", "verify.jsonl"
QUESTIONS = "questions.jsonl"
WRITTEN = "written"
"""The source of questions that were written for their document, near misses among them."""
TITLE = 16
"""Words. The first line of a written document is its title where it has no more."""
HELD_OUT = 30
_NAME = re.compile(r"[A-Z][\w'’.-]*\w(?:\s+(?:of|the|de|von|van|and|al)?\s?[A-Z][\w'’.-]*\w)*")
_COMMON = frozenset(
    "the a an in on at it he she they this that these those his her its their there after before".split()
)


@dataclass(frozen=True, slots=True)
class Record:
    """One question and a passage; `start` is the character at which the answer stands, -1 where there is none."""

    question: str
    passage: str
    answer: str
    start: int
    source: str
    title: str = ""
    near: int = -1
    """Where there is no answer, a character of the sentence that comes closest, if that is known."""
    also: tuple[int, ...] = ()
    """A character of each other sentence that answers."""

    @property
    def answerable(self) -> bool:
        return self.start >= 0

    @property
    def heading(self) -> str:
        """The title, or what stands for it."""
        return self.title or subject(self.passage)


def lines(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    """The JSON objects of a file of this name in the folder, plain or with `.xz`.

    Raises:
        InputError: there is no such file, or a line of it is not JSON.
    """
    found = next((path for path in (folder / name, folder / f"{name}.xz") if path.is_file()), None)
    if found is None:
        raise InputError(f"{str(folder)!r} holds neither {name} nor {name}.xz; name a folder that does.")
    with lzma.open(found, "rt", encoding="utf-8") if found.suffix == ".xz" else found.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                yield json.loads(line)
            except ValueError as exc:
                raise InputError(f"Line {number} of {str(found)!r} is not JSON; mend or remove it.") from exc


def records(folder: Path) -> list[Record]:
    """The questions of `reader.jsonl`, in their order."""
    return [
        Record(row["q"], row["passage"], row["answer"], row["start"] if row["answerable"] else -1, row["src"])
        for row in lines(folder, READER)
    ]


def written_records(folder: Path) -> list[Record]:
    """The questions of the written folders in this one, in the order of their names.

    Raises:
        InputError: there is none, or a quote does not stand in its document.
    """
    found = [record for one in sorted(folder.glob(f"*/{QUESTIONS}")) for record in _of_folder(one.parent)]
    if not found:
        raise InputError(f"{str(folder)!r} holds no folder with docs and {QUESTIONS}; name a folder that does.")
    return found


def _of_folder(folder: Path) -> Iterator[Record]:
    texts = {path.name: path.read_text(encoding="utf-8") for path in (folder / "docs").glob("*")}
    for number, row in enumerate(lines(folder, QUESTIONS), 1):
        wanted = ("doc", "q") if "near" in row else ("doc", "q", "quote", "answer")
        if missing := [name for name in wanted if name not in row]:
            raise InputError(f"Line {number} of {str(folder / QUESTIONS)!r} lacks {missing[0]!r}; add it.")
        text = texts.get(row["doc"], "")
        first = text.strip().partition("\n")[0].strip()
        title = first if len(first.split()) <= TITLE else ""
        if "near" in row:
            yield Record(row["q"], text, "", -1, WRITTEN, title, near=sum(_found(row["near"], text, row)) // 2)
            continue
        start, end = _found(row["quote"], text, row)
        answer = _found(row["answer"], text[start:end], row)
        also = tuple(sum(place) // 2 for one in row.get("also", ()) if (place := _place(one, text)))
        begin = start + answer[0]
        yield Record(row["q"], text, text[begin : start + answer[1]], begin, WRITTEN, title, also=also)


def _found(quote: str, text: str, row: dict[str, Any]) -> tuple[int, int]:
    place = _place(quote, text)
    if place is None:
        raise InputError(f"{quote!r} does not stand in {row['doc']!r}; mend the question {row['q']!r} or remove it.")
    return place


def _place(quote: str, text: str) -> tuple[int, int] | None:
    """Where the quote stands in the text, however its words are parted."""
    found = re.search(r"\s+".join(map(re.escape, quote.split())), text)
    return found and found.span()


@lru_cache(maxsize=50_000)
def subject(passage: str) -> str:
    """The name that a passage gives most often, in place of the title that these data do not give; or nothing."""
    found = Counter(filter(None, (_without_opening(match[0]) for match in _NAME.finditer(passage))))
    if not found:
        return ""
    most = max(found.values())
    return next(name for name, times in found.items() if times == most) if most > 1 else next(iter(found))


def _without_opening(name: str) -> str:
    first, _, rest = name.partition(" ")
    return rest if first.lower() in _COMMON else name


def place_of(start: int, passage: str) -> int | None:
    """Number of the sentence in which the character stands."""
    return next((place for place, (first, last) in enumerate(cut(passage)) if first <= start < last), None)


def before(passage: str, place: int) -> str:
    """The sentence before the one at this place, or nothing."""
    return passage[slice(*cut(passage)[place - 1])] if place else ""


def is_held_out(passage: str) -> bool:
    """Whether a passage is kept for measuring: one in `HELD_OUT`, decided by its text alone."""
    return int.from_bytes(sha256(passage.encode()).digest()[:4]) % HELD_OUT == 0
