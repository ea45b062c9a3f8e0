"""How fast a folder is indexed, beside LlamaIndex's pipeline over the same files, and what it takes at any size.

Each size is indexed in a process of its own (`eval.ingested`), so that its peak memory is its own. Does not know how
either pipeline works inside, nor how figures are shown.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from eval import synthetic
from rag.errors import InputError, RagError
from rag.folder import look_through
from rag.types import Progress

EmbedderKind = Literal["real", "fake"]
Pipeline = Callable[[Path], int]
"""Indexes a folder anew; returns how many passages it made of it."""

OURS, STOCK, SAME_MODEL = "this program", "stock LlamaIndex", "stock, given our embedder"
ROUNDS = 4
"""The files are dealt into so many folders; the pipelines take turns over them, so that what the machine does
meanwhile hits all."""
STOP_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Pace:
    """What one pipeline made of the text, and in what time."""

    passages: int
    seconds: float
    processor: float
    """Seconds of processor time, of all threads: what the text costs, whatever else the machine does."""

    def passages_a_second(self) -> float:
        return self.passages / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class Beside:
    """The pipelines by name, over the same files in the same run."""

    files: int
    characters: int
    text: str
    """What the files are: `synthetic`, or the name of a folder."""
    paces: dict[str, Pace]

    def characters_a_second(self, name: str) -> float:
        seconds = self.paces[name].seconds
        return self.characters / seconds if seconds else 0.0

    def processor_times(self, name: str) -> float | None:
        """How much more processor time the pipeline of that name takes for the same text."""
        mine = self.paces[OURS].processor
        return self.paces[name].processor / mine if mine else None

    def times_as_fast(self, name: str) -> float | None:
        """How much faster this program got through the same text than the pipeline of that name."""
        theirs = self.characters_a_second(name)
        return self.characters_a_second(OURS) / theirs if theirs else None


@dataclass(frozen=True, slots=True)
class Indexed:
    """One size: what was indexed, how long the first and the second run took, what memory the process held."""

    files: int
    passages: int
    characters: int
    first: float
    """Seconds; the models were loaded before."""
    again: float
    """Seconds of a second run over the unchanged folder, opening and closing the index included."""
    memory_mib: float | None
    """The most the process ever held, models included."""
    index_mib: float
    """On disk."""


def compare(folder: Path, text: str, pipelines: Mapping[str, Pipeline], progress: Progress) -> Beside:
    """Index the folder's files with each pipeline, in turn over parts of it; who goes first moves on.

    Raises:
        InputError: the folder holds no file of a format that is read.
    """
    names, spent = list(pipelines), dict.fromkeys(pipelines, Pace(0, 0.0, 0.0))
    with dealt(folder) as parts:
        for at, part in enumerate(parts):
            turn = at % len(names)
            for name in names[turn:] + names[:turn]:
                progress(f"part {at + 1} of {len(parts)}: {name}", at, len(parts))
                spent[name] = _added(spent[name], pipelines[name], part)
        files = [path for part in parts for path in part.rglob("*") if path.is_file()]
        characters = sum(len(path.read_text(encoding="utf-8", errors="replace")) for path in files)
    return Beside(len(files), characters, text, spent)


def _added(before: Pace, pipeline: Pipeline, part: Path) -> Pace:
    start, processor = time.perf_counter(), time.process_time()
    passages = pipeline(part)
    return Pace(
        before.passages + passages,
        before.seconds + time.perf_counter() - start,
        before.processor + time.process_time() - processor,
    )


@contextmanager
def dealt(folder: Path, rounds: int = ROUNDS) -> Iterator[list[Path]]:
    """The folder's files, dealt one by one into `rounds` folders that are thrown away.

    Raises:
        InputError: it holds no file of a format that is read.
    """
    sources = [one.source for one in look_through(folder, 0)[0]]
    if not sources:
        raise InputError(f"The folder {str(folder)!r} holds no file that can be indexed; name one with documents.")
    with TemporaryDirectory(prefix="eval-") as scratch:
        parts = [Path(scratch) / f"part-{at + 1}" for at in range(min(rounds, len(sources)))]
        for at, source in enumerate(sources):
            path = parts[at % len(parts)] / source
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / source, path)
        yield parts


def measure(passages: int, embedder: EmbedderKind, progress: Progress) -> Indexed:
    """Write about so many passages of synthetic text, and index them in a process of its own, twice."""
    with TemporaryDirectory(prefix="eval-") as scratch:
        folder, home = Path(scratch) / "reports", Path(scratch) / "home"
        characters = synthetic.write_reports(folder, passages, progress=progress)
        found = in_process([str(folder), str(home), embedder], _named(progress, f"{passages:,} passages"))
    return Indexed(characters=characters, **found)


def in_process(arguments: Sequence[str], progress: Progress) -> dict[str, Any]:
    """What `eval.ingested` says at its end; its progress is passed on. It ends when this process is stopped.

    Raises:
        RagError: it broke; what it said last is on standard error.
    """
    command = [sys.executable, "-m", "eval.ingested", *arguments]
    found: dict[str, Any] | None = None
    with subprocess.Popen(command, cwd=Path(__file__).parents[1], stdout=subprocess.PIPE, text=True) as child:
        try:
            for line in child.stdout or ():
                said = json.loads(line)
                if "progress" in said:
                    progress(*said["progress"])
                else:
                    found = said
        finally:
            _end(child)
    if found is None:
        raise RagError(f"The indexing process broke (exit code {child.returncode}); what it said stands above.")
    return found


def _end(child: subprocess.Popen[str]) -> None:
    """Wait for a process that is done, or ask one that is not to stop."""
    try:
        child.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.terminate()


def _named(tick: Progress, name: str) -> Progress:
    return lambda what, done, total: tick(f"{name}: {what}", done, total)


def sizes(text: str) -> tuple[int, ...]:
    """Sizes from the command line: `1000,10000`.

    Raises:
        InputError: it is not a list of whole numbers above 0, or names one twice.
    """
    parts = [part.strip().replace("_", "") for part in text.split(",")]
    if not all(part.isdecimal() and int(part) for part in parts) or len(set(parts)) < len(parts):
        raise InputError(
            f"--sizes {text!r} is not a list of different whole numbers above 0; write it like 1000,10000."
        )
    return tuple(sorted(map(int, parts)))
