"""The page `docs/INGEST.md` and its drawings: what indexing takes, written from the newest results of each kind.

Does not know how anything is measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pydantic import TypeAdapter, ValidationError

from eval.ingest import Beside, Indexed
from eval.ingest_tables import beside_grid, sizes_grid
from eval.markdown import machine_in_words, markdown
from eval.plots import sizes_plot
from eval.results import Kind, Result

KIND: Kind = "ingest"
BESIDE = "beside stock over "
"""So begins the name of a run that compares, its text follows; the others are named by their embedder."""
PAGE, MEMORY, TIME = "INGEST.md", "ingest-memory.svg", "ingest-time.svg"
HEAD = """# What indexing takes

Written by `python -m eval --report` from the newest results of `python -m eval ingest`: change the program, not this
page. Seconds are of a machine that did other work, too: compare them within a table, not between tables."""
GROWS = """What must grow with the folder is the search graph of the vectors, which Chroma holds in memory (1.5 KiB a
passage for the numbers alone); everything else is held one document or one batch at a time."""


def files(results: Iterable[Result]) -> dict[str, str]:
    """The page and its drawings by name of file; none where nothing was measured.

    Raises:
        InputError: matplotlib is missing.
    """
    beside, sizes, runs = _read(results)
    if not runs:
        return {}
    parts = [HEAD, *_parts(beside, sizes, runs)]
    drawn = {MEMORY: _memory(sizes), TIME: _time(sizes)} if sizes else {}
    return {PAGE: "\n\n".join(parts) + "\n", **drawn}


def _read(results: Iterable[Result]) -> tuple[list[Beside], dict[str, tuple[Indexed, ...]], list[Result]]:
    """The comparison, the sizes by embedder, and the runs they are of; what another version wrote is left out."""
    beside, sizes, runs = list[Beside](), dict[str, tuple[Indexed, ...]](), list[Result]()
    for one in sorted(results, key=lambda one: one.run.name):
        try:
            if one.run.name.startswith(BESIDE):
                beside.append(TypeAdapter(Beside).validate_python(one.data["figures"]))
            else:
                sizes[one.run.name] = TypeAdapter(tuple[Indexed, ...]).validate_python(one.data["figures"])
        except (ValidationError, KeyError):
            continue
        runs.append(one)
    return beside, dict(sorted(sizes.items(), reverse=True)), runs


def _parts(beside: list[Beside], sizes: dict[str, tuple[Indexed, ...]], runs: list[Result]) -> Iterator[str]:
    yield "\n".join(
        f"- {one.run.name}: `{_command(one)}`, commit {one.run.commit}, {one.run.when[:10]}" for one in runs
    )
    for machine in dict.fromkeys(machine_in_words(one.data.get("machine") or {}) for one in runs):
        yield f"Measured on {machine}."
    yield from (markdown(beside_grid(one)) for one in beside)
    yield from (markdown(sizes_grid(found, embedder)) for embedder, found in sizes.items())
    if sizes:
        yield GROWS
        yield f"![Peak memory by passages]({MEMORY})"
        yield f"![Milliseconds a passage by passages]({TIME})"


def _command(one: Result) -> str:
    """How a run is repeated."""
    environment = (one.data.get("made with") or {}).get("environment") or {}
    set_before = [f"{name}={value}" for name, value in environment.items()]
    return " ".join((*set_before, "python -m eval ingest", one.run.sample))


def _memory(sizes: dict[str, tuple[Indexed, ...]]) -> str:
    lines = {
        f"{embedder} embedder": [(float(one.passages), one.memory_mib) for one in found if one.memory_mib is not None]
        for embedder, found in sizes.items()
    }
    return sizes_plot({name: points for name, points in lines.items() if points}, "peak memory, MiB")


def _time(sizes: dict[str, tuple[Indexed, ...]]) -> str:
    lines = {
        f"{embedder} embedder": [(float(one.passages), 1000 * one.first / max(1, one.passages)) for one in found]
        for embedder, found in sizes.items()
    }
    return sizes_plot(lines, "milliseconds a passage")
