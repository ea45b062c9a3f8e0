"""The figures of indexing as tables, each with a few words on what it says. Pure; does not know how it is shown."""

from __future__ import annotations

from collections.abc import Sequence

from eval.ingest import OURS, Beside, Indexed
from eval.tables import Grid

TIMES_WANTED = 2.5
AGAIN_WANTED = 100

_EMBEDDERS = {
    "real": "the program's own model",
    "fake": "hashed words in place of the model: the memory and the time of everything else",
}


def beside_grid(found: Beside) -> Grid:
    """The pipelines over the same text; the last column is what is aimed at."""
    rows = tuple(
        (
            name,
            f"{pace.passages:,}",
            f"{pace.seconds:,.1f}",
            f"{pace.passages_a_second():,.1f}",
            f"{found.characters_a_second(name):,.0f}",
            _times(name, found.times_as_fast(name)),
            f"{pace.processor:,.1f}",
            _times(name, found.processor_times(name)),
        )
        for name, pace in found.paces.items()
    )
    headers = (
        *("", "passages", "seconds", "passages / s", "characters / s", "slower", "processor, s"),
        "more processor time",
    )
    text = "synthetic reports" if found.text == "synthetic" else f"the files of {found.text}"
    caption = (
        f"{found.files:,} files with {found.characters:,} characters, the pipelines in turn over parts of "
        "them, models loaded before. Passages differ in size, so what counts is the time for the same text: slower is "
        f"how many times the time of this program; wanted of stock: at least {TIMES_WANTED}. Stock is "
        "SimpleDirectoryReader, SentenceSplitter (256 tokens, 20 of them twice) and VectorStoreIndex over Chroma, with "
        "HuggingFaceEmbedding of the same weights and every default; the last row gives it the very embedding object "
        "that this program loads."
    )
    return Grid(f"Beside stock LlamaIndex: {text}", headers, rows, caption)


def _times(name: str, times: float | None) -> str:
    return "–" if name == OURS or times is None else f"{times:.2f} times"


def sizes_grid(found: Sequence[Indexed], embedder: str) -> Grid:
    """What each size takes, a row each."""
    rows = tuple(
        (
            f"{one.passages:,}",
            f"{one.files:,}",
            f"{one.characters / 1e6:,.1f}",
            f"{one.first:,.1f}",
            f"{1000 * one.first / one.passages:.1f}" if one.passages else "–",
            f"{one.again:,.2f}",
            f"{one.first / one.again:,.0f}" if one.again else "–",
            "not known" if one.memory_mib is None else f"{one.memory_mib:,.0f}",
            f"{one.index_mib:,.0f}",
        )
        for one in found
    )
    headers = (
        *("passages", "files", "million characters", "first run, s", "ms a passage", "second run, s"),
        *("times faster", "peak memory, MiB", "on disk, MiB"),
    )
    caption = (
        f"Embedder: {_EMBEDDERS.get(embedder, embedder)}. Synthetic reports, one file each, a tenth of them reprints; "
        "each size in a process of its own. The second run is over the unchanged folder, opening and closing the index "
        f"included; wanted: {AGAIN_WANTED} times faster than the first with the program's own model. Peak memory is "
        "all that the process held, models included."
    )
    return Grid(f"By size, {embedder} embedder", headers, rows, caption)
