"""Rows of cells → lines that make sense alone: `item: bridge; cost: 400`. Does not know where the rows come from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from rag.formats.parts import one_line

LOOKED_AT = 30
"""Rows at the top in which the header row is looked for."""
MAX_COLUMNS = 1_000
"""So many columns a file may say that one cell reaches over."""
NAME_CHARS = 60
"""A cell longer than this is no name of a column."""
_VALUE = re.compile(
    r"[\s$€£¥(+-]*\d[\d\s.,:/%()eE+-]*(?:[$€£¥%]|[a-zA-Z]{0,3})\s*|\d{4}-\d\d-\d\d.*|true|false|yes|no", re.I
)
"""A number, an amount, a date or a time: data, not the name of a column."""

Row = Sequence[str]


def row_lines(rows: Iterable[Row]) -> Iterator[tuple[int, str]]:
    """Each row with words in it as a line, and its number, counted from 1.

    The row that names the columns is not a line itself. Rows of one cell above it (a title) are lines as they are.
    Rows of a table without such names are their cells, with bars between.
    """
    numbered = ((number, [one_line(cell) for cell in row]) for number, row in enumerate(rows, 1))
    written = ((number, row) for number, row in numbered if any(row))
    first: list[tuple[int, list[str]]] = []
    for one in written:
        first.append(one)
        if len(first) == LOOKED_AT:
            break
    at = _header(first)
    names: list[str] = first[at][1] if at is not None else []
    for place, (number, row) in enumerate(chain(first, written)):
        if place != at:
            yield number, _line(row, names if at is not None and place > at else [])


def table_lines(rows: Sequence[Row], *, is_headed: bool = False) -> list[str]:
    """The rows of a table in a text, a line each; like `row_lines`, where the first row is sure to name the columns.

    Tables in texts are also laid out the other way, with a name and what it stands for in each row. So where the file
    does not mark the first row, it names columns only above values (numbers, dates), or three columns or more.

    Args:
        is_headed: whether the file marks the first row.
    """
    written = [row for row in ([one_line(cell) for cell in row] for row in rows) if any(row)]
    at = 0 if is_headed and len(written) > 1 else _header(list(enumerate(written[:LOOKED_AT])))
    if at is None or not (is_headed or _is_above(written[at:])):
        return [_line(row, []) for row in written]
    return [_line(row, []) for row in written[:at]] + [_line(row, written[at]) for row in written[at + 1 :]]


def _is_above(rows: Sequence[Row]) -> bool:
    wide = max(_filled(row) for row in rows)
    cells = ([row[at] for row in rows[1:] if at < len(row) and row[at]] for at in range(len(rows[0])))
    return wide > 2 or (wide == 2 and any(column and all(map(_VALUE.fullmatch, column)) for column in cells))


def _header(rows: list[tuple[int, list[str]]]) -> int | None:
    """Which of the first rows names the columns: the first of as many cells as others have, all of them names."""
    wide = max((_filled(row) for _, row in rows), default=0)
    for at, (_, row) in enumerate(rows[:-1]):
        if wide > 1 and _filled(row) == 1:
            continue
        cells = [cell for cell in row if cell]
        names = all(len(cell) <= NAME_CHARS and not _VALUE.fullmatch(cell) for cell in cells)
        return at if names and len(set(cells)) == len(cells) and 2 * len(cells) > wide else None
    return None


def _filled(row: Row) -> int:
    return sum(1 for cell in row if cell)


def _line(row: Row, names: Row) -> str:
    if not names:
        return " | ".join(cell for cell in row if cell)
    short = [name if len(name) <= NAME_CHARS else "" for name in names]
    named = ((short[at] if at < len(short) else "", cell) for at, cell in enumerate(row) if cell)
    return "; ".join(f"{name.rstrip(':')}: {cell}" if name else cell for name, cell in named)
