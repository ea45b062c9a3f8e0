"""Tables and the machine as Markdown. Pure; does not know which page they stand on."""

from __future__ import annotations

from typing import Any

from eval.tables import MEANING, Grid

SUBSECTION = "###"
TEXT_COLUMNS = {*MEANING, "run", "models", "repeat with", "what", "verdict", "processor", "sentences chosen"}


def markdown(grid: Grid) -> str:
    """A table under its title, with what is to be said under it."""
    return "\n\n".join(filter(None, [f"{SUBSECTION} {grid.title}", table(grid), grid.caption.replace("\n", " ")]))


def table(grid: Grid) -> str:
    """The table alone."""
    aligned = ["---" if at == 0 or header in TEXT_COLUMNS else "---:" for at, header in enumerate(grid.headers)]
    lines = [grid.headers, aligned, *grid.rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def machine_in_words(found: dict[str, Any]) -> str:
    """What was measured on; what a system does not tell is left out."""
    memory = found.get("memory_gib")
    words = (
        f"{found.get('processors', 'an unknown number of')} processors",
        f"({found['processor']})" if found.get("processor") else "",
        f"with {memory} GiB of memory" if memory else "",
        f"under {found.get('system', 'an unknown system')}, Python {found.get('python', 'of unknown version')}",
    )
    return " ".join(filter(None, words))
