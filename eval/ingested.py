"""Indexes one folder twice and says what that took: `python -m eval.ingested FOLDER HOME real|fake`.

A process of its own, started by `eval.ingest`: what it holds in memory is then its own. One JSON object a line on
standard output: progress, and at the end the figures. Does not know what the folder holds.
"""

from __future__ import annotations

import json
import sys
import time
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.program import Program
from eval.run import peak_memory_mib
from rag.types import Embedder

DIMENSION = 384
"""Of MiniLM's vectors: the store then holds as much as with the real ones."""
TICK_SECONDS = 0.5
STATUS = Path("/proc/self/status")
INTERRUPTED = 130


class HashEmbedder:
    """Counts of hashed words as unit vectors: next to no time and no memory, near texts are near each other."""

    @property
    def name(self) -> str:
        return f"hashed words, {DIMENSION} numbers"

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        import numpy as np

        places = [zlib.crc32(word.encode()) % DIMENSION for word in text.split() or [""]]
        counts = np.bincount(places, minlength=DIMENSION)
        vector: list[float] = (counts / np.linalg.norm(counts)).tolist()
        return vector


def index_twice(folder: Path, home: Path, embedder: Embedder | None) -> dict[str, Any]:
    """The figures of a first run over a folder and of a second one; default embedder: the program's own."""
    program = Program(home, embedder=embedder)
    program.embedder.embed(["Loads the model, so that no run's seconds hold that."])
    tell, seconds = Teller(), []
    for _ in range(2):
        start = time.perf_counter()
        with program.folder(folder, tell, phrase="never") as rag:
            status = rag.status()
        seconds.append(time.perf_counter() - start)
    return {
        "files": status.files,
        "passages": status.passages,
        "first": seconds[0],
        "again": seconds[1],
        "memory_mib": peak_resident_mib(),
        "index_mib": sum(path.stat().st_size for path in home.rglob("*") if path.is_file()) / 2**20,
    }


class Teller:
    """Progress as lines, now and then."""

    def __init__(self) -> None:
        self._last = 0.0

    def __call__(self, what: str, done: int, total: int) -> None:
        if time.monotonic() - self._last >= TICK_SECONDS:
            self._last = time.monotonic()
            print(json.dumps({"progress": [what.partition(" ")[0], done, total]}), flush=True)


def peak_resident_mib() -> float | None:
    """The most this process held since it was started; on Linux the figure that what started it cannot have raised."""
    if STATUS.is_file():
        for line in STATUS.read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 2**10
    return peak_memory_mib()


def main(arguments: Sequence[str]) -> int:
    """Index, and print the figures; stopped by Ctrl-C it says nothing, as what started it does."""
    folder, home, kind = arguments
    try:
        print(json.dumps(index_twice(Path(folder), Path(home), HashEmbedder() if kind == "fake" else None)))
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
