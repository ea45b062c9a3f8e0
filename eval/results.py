"""Results on disk: JSON, written whole or not at all, named by the commit they were measured on.

Does not know what a result is, but that dataclasses in it become objects.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("results")
NO_GIT = "nogit"


def write_json(path: Path, data: Any) -> None:
    """Write `data` beside `path`, then move it there: an interrupted run leaves what was there before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        text = json.dumps(data, ensure_ascii=False, indent=1, default=_plain)
        part.write_text(text + "\n", encoding="utf-8")
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


def machine() -> dict[str, Any]:
    """What seconds and megabytes were measured on."""
    return {
        "system": platform.platform(),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
    }
