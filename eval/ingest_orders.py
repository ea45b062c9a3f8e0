"""The runs of `python -m eval ingest` from start to end: text made, indexed, figures shown and written.

Wires the parts together; does not know how anything is measured, nor how it was asked for.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from eval import report, results, synthetic
from eval.ingest import OURS, SAME_MODEL, STOCK, EmbedderKind, Indexed, Pipeline, compare, measure
from eval.ingest_page import BESIDE, KIND
from eval.ingest_tables import beside_grid, sizes_grid
from eval.orders import progress
from eval.program import Program
from eval.stock import as_llama, full_weights
from eval.stock_chroma import pipeline
from rag.folder import check_folder
from rag.types import Embedder, Progress

PASSAGES, LEAST = 1_000, 50
"""Of the text that is indexed beside stock, unless it is said otherwise; fewer are over before a clock can tell."""
THREADS = "OMP_NUM_THREADS"
"""Where it is set, it is part of how a run is repeated: figures depend on it."""
SYNTHETIC = "synthetic"
WARM_UP = 4
"""Passages that every pipeline indexes before the clock starts: models are loaded, libraries imported."""


@dataclass(frozen=True, slots=True)
class IngestOrder:
    """What was asked for on the command line."""

    docs: Path | None
    passages: int
    sizes: tuple[int, ...]
    embedder: EmbedderKind
    written: list[Path] = field(default_factory=list)
    """Results files, as they come."""

    def write(self, console: Console, this: results.Run, figures: object, made_with: str) -> None:
        path = results.result_path("-".join((KIND, *this.name.split())))
        threads = {THREADS: os.environ[THREADS]} if THREADS in os.environ else {}
        made = {"embedder": made_with, "environment": threads}
        found = {"run": this, "machine": results.machine(), "made with": made, "figures": figures}
        results.write_json(path, found)
        self.written.append(path)
        console.print(f"\nResults: {path}")


def beside_stock(console: Console, order: IngestOrder) -> None:
    """Index the same files with this program and with LlamaIndex's pipeline.

    Raises:
        FolderError, InputError: the folder is missing, or holds nothing to index.
    """
    if order.docs is not None:
        check_folder(order.docs)
    with progress() as tick, TemporaryDirectory(prefix="eval-") as scratch, _text(order, Path(scratch), tick) as folder:
        embedder = Program().embedder
        pipelines = _pipelines(embedder)
        warm_up = Path(scratch) / "warm-up"
        synthetic.write_reports(warm_up, WARM_UP)
        for run in pipelines.values():
            run(warm_up)
        name = SYNTHETIC if order.docs is None else order.docs.resolve().name
        found = compare(folder, name, pipelines, tick)
    report.show(console, beside_grid(found))
    option = f"--passages {order.passages}" if order.docs is None else f"--docs {name}"
    this = results.this_run(KIND, BESIDE + name, questions=found.files, sample=f"--only beside {option}")
    order.write(console, this, found, embedder.name)


@contextmanager
def _text(order: IngestOrder, scratch: Path, tick: Progress) -> Iterator[Path]:
    if order.docs is not None:
        yield order.docs
        return
    synthetic.write_reports(scratch / "reports", order.passages, progress=tick)
    yield scratch / "reports"


def _pipelines(embedder: Embedder) -> dict[str, Pipeline]:
    return {OURS: _ours(embedder), STOCK: pipeline(full_weights(embedder)), SAME_MODEL: pipeline(as_llama(embedder))}


def _ours(embedder: Embedder) -> Pipeline:
    def run(folder: Path) -> int:
        with (
            TemporaryDirectory(prefix="eval-") as home,
            Program(Path(home), embedder=embedder).folder(folder, _silent, phrase="never") as rag,
        ):
            return rag.status().passages

    return run


def _silent(what: str, done: int, total: int) -> None:
    pass


def by_size(console: Console, order: IngestOrder) -> None:
    """Index synthetic text of every size, each in a process of its own; what is done is kept when one is stopped."""
    found: list[Indexed] = []
    with progress() as tick:
        for passages in order.sizes:
            found.append(measure(passages, order.embedder, tick))
            console.print(_line(found[-1]))
    report.show(console, sizes_grid(found, order.embedder))
    option = f"--only sizes --sizes {','.join(map(str, order.sizes))} --embedder {order.embedder}"
    this = results.this_run(KIND, order.embedder, questions=sum(one.passages for one in found), sample=option)
    order.write(console, this, tuple(found), order.embedder)


def _line(one: Indexed) -> str:
    memory = "" if one.memory_mib is None else f", {one.memory_mib:,.0f} MiB at most"
    return f"{one.passages:,} passages: {one.first:,.1f} s, again {one.again:,.2f} s{memory}"
