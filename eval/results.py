"""Results on disk: JSON, written whole or not at all, named by the commit they were measured on.

Each file opens with what kind of run it is, so that the newest of each kind can be found. Does not know what a
result is, but that dataclasses in it become objects.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

FOLDER = Path(__file__).with_name("results")
NO_GIT = "nogit"
CPU_INFO = Path("/proc/cpuinfo")
MODEL_LINE = "model name"

Kind = Literal[
    "known",
    "suite",
    "own documents",
    "stock",
    "checker",
    "scripted",
    "ablation",
    "sentences",
    "ingest",
    "cases",
    "folders",
    "page",
]


@dataclass(frozen=True, slots=True)
class Run:
    """Which run a results file is of."""

    kind: Kind
    name: str
    """Of the suite or the file of cases; '' for the known answers."""
    questions: int
    sample: str
    """The options that made it a sample, `--limit 60`; '' where all questions were asked."""
    commit: str
    when: str
    """ISO 8601, UTC."""


@dataclass(frozen=True, slots=True)
class Result:
    """A results file: which run it is of, and what it holds."""

    run: Run
    data: dict[str, Any]


def write_json(path: Path, data: Any) -> None:
    """Write `data` beside `path`, then move it there: an interrupted run leaves what was there before."""
    write_text(path, json.dumps(data, ensure_ascii=False, indent=1, default=_plain) + "\n")


def write_text(path: Path, text: str) -> None:
    """The same for any text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8")
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} has no place in a result")


def commit(folder: Path = FOLDER.parent) -> str:
    """The short commit of the working tree, with `-dirty` where tracked files differ; `nogit` outside git."""
    command = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    try:
        done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return NO_GIT
    return done.stdout.strip() if done.returncode == 0 else NO_GIT


def result_path(name: str = "", *, folder: Path = FOLDER) -> Path:
    """Where the results of this commit go; `name` tells runs of other kinds apart."""
    return folder / f"{'-'.join(part for part in (commit(), name) if part)}.json"


def this_run(kind: Kind, name: str = "", *, questions: int, sample: str) -> Run:
    """The run that ends now, on this commit."""
    return Run(kind, name, questions, sample, commit(), datetime.now(UTC).isoformat(timespec="seconds"))


def machine() -> dict[str, Any]:
    """What seconds and megabytes were measured on."""
    return {
        "system": f"{platform.system()} on {platform.machine()}",
        "processor": _processor(),
        "processors": os.cpu_count(),
        "memory_gib": _memory_gib(),
        "python": platform.python_version(),
    }


def _processor() -> str:
    """The processor's name where the system tells, else ''."""
    if not CPU_INFO.is_file():
        return platform.processor()
    lines = CPU_INFO.read_text(encoding="utf-8", errors="replace").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(MODEL_LINE)), "")


def _memory_gib() -> float | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)
    except (AttributeError, OSError, ValueError):  # Windows has no sysconf, others lack a name
        return None


def newest(folder: Path = FOLDER) -> dict[tuple[Kind, str], Result]:
    """For each kind of run and each suite the newest results: of a whole run if there is one, else of a sample."""
    found: dict[tuple[Kind, str], Result] = {}
    for one in _read_all(folder):
        key = one.run.kind, one.run.name
        known = found.get(key)
        if known is None or (not one.run.sample, one.run.when) > (not known.run.sample, known.run.when):
            found[key] = one
    return found


def _read_all(folder: Path) -> Iterator[Result]:
    for path in sorted(folder.glob("*.json")):
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            run = Run(**data.pop("run"))
        except (ValueError, KeyError, TypeError, AttributeError):
            continue  # not of a run, or of a version that did not say which: the page tells what is missing
        if run.kind in get_args(Kind):
            yield Result(run, data)
