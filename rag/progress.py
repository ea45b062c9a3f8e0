"""A progress bar on standard error for work that reports (what, done, total). Knows nothing of the work."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from rag.types import Progress


@contextlib.contextmanager
def progress_bar() -> Iterator[Progress]:
    """One bar for all that is reported, gone at the end; none for no work, or where no terminal shows it."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    described = TextColumn("{task.description}", markup=False)  # a file may be called "[/b].txt"
    paper = Console(stderr=True)
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), described)
    bar = Bar(*columns, console=paper, transient=True, disable=not paper.is_terminal)

    def progress(what: str, done: int, total: int) -> None:
        if not bar.tasks:
            bar.start()
            bar.add_task("")
        printable = "".join(letter if letter.isprintable() else "?" for letter in what)
        bar.update(bar.tasks[0].id, description=printable, completed=done, total=total or None)

    try:
        yield progress
    finally:
        if bar.tasks:
            bar.stop()
