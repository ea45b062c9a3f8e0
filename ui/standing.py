"""Draws how the documents stand: what is indexed, how far that has come, what was left out, which models run.

Pure functions of a `Status`; does not know Gradio or the pipeline.
"""

from __future__ import annotations

from rag import Status, Upkeeping
from ui.markup import button, count, escape

IDLE = Upkeeping()
SKIPPED_SHOWN = 30
"""Of the files that were left out, so many are named."""


def standing(status: Status) -> str:
    """What is indexed, what was left out and why, and which models run."""
    counts = ", ".join(
        (count(status.files, "file"), count(status.articles, "article"), count(status.passages, "passage"))
    )
    return (
        f'<div class="standing"><p class="status"><b title="{escape(status.folder)}">{escape(status.name)}</b> '
        f"{counts}</p>{_skipped(status)}"
        f'<p class="models"><span>search <b>{escape(status.embedder)}</b></span> '
        f"<span>wording <b>{escape(status.model)}</b></span></p>"
        f"{button('', event='look', classes='icon look', name='Light or dark')}</div>"
    )


def beginning(status: Status) -> str:
    """What stands in an empty conversation where there is nothing to ask: why not, and how to add documents."""
    none = "holds none of them that can be read" if status.skipped else "is empty"
    return (
        '<div class="welcome beginning"><h2>No documents yet</h2>'
        f"<p>The folder <strong>{escape(status.name)}</strong> {none}. Drop files anywhere on this page, "
        f"or put them into <code>{escape(status.folder)}</code>: PDF, Word, text, web pages and more. "
        f"They can be asked as soon as they are read.</p>{_skipped(status)}"
        f"<p>{button('Add documents', event='add', classes='quiet add')}</p></div>"
    )


def keeping(upkeep: Upkeeping = IDLE) -> str:
    """What is being indexed just now, as a bar with words; or why that ended early; else nothing."""
    if upkeep.problem is not None:
        return f'<p class="upkeep problem" role="alert">{escape(str(upkeep.problem))}</p>'
    if not upkeep.running:
        return ""
    reading = upkeep.what.startswith("reading")
    behind = "Answers rest on what is read." if reading else "All is found by its words already."
    unit = "files read" if reading else "passages embedded"
    said = f"{upkeep.done:,} of {upkeep.total:,} {unit}" if upkeep.total else "looking through the folder"
    far = f' max="{upkeep.total}" value="{upkeep.done}"' if upkeep.total else ""
    return (
        f'<p class="upkeep" aria-live="off"><progress aria-label="Indexing"{far}></progress> '
        f"Indexing: {said}. {behind}</p>"
    )


def _skipped(status: Status) -> str:
    if not status.skipped:
        return ""
    rows = "".join(
        f"<li><code>{escape(file.source)}</code> {escape(file.reason or file.state)}</li>"
        for file in status.skipped[:SKIPPED_SHOWN]
    )
    if (more := len(status.skipped) - SKIPPED_SHOWN) > 0:
        rows += f"<li>and {more:,} more</li>"
    return (
        f'<details class="skipped"><summary>{count(len(status.skipped), "file")} left out</summary>'
        f"<ul>{rows}</ul></details>"
    )
