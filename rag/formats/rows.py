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
"""A cell longer than this names a column only where values stand below: the question of a survey."""
MOST_NAME_CHARS = 200
"""A cell longer than this names none."""
_VALUE = re.compile(
    r"[\s$€£¥(+-]*\d[\d\s.,:/%()eE+-]*(?:[$€£¥%]|[a-zA-Z]{0,3})\s*|\d{4}-\d\d-\d\d.*|true|false|yes|no", re.I
)
"""A number, an amount, a date or a time: data, not the name of a column."""
_TIME = r"\d\d?:\d\d(?::\d\d)?(?: ?[ap]\.?m\.?)?"
_PERIOD = re.compile(
    r"(?:1[5-9]|20)\d\d(?:[/-]\d\d(?:\d\d)?)?|\d{4}-\d\d-\d\d.*|\d\d?/\d{4}|\d\d?[./]\d\d?[./](?:\d{4})?"
    rf"|{_TIME}(?: ?- ?{_TIME})?|\d\d? ?[ap]m",
    re.I,
)
"""A year, a month, a day or a time: two columns or more may be named so."""
_STOP = re.compile(r"[?!.。！？]+(?=\s|$)")

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
    is_text = any(len(name) > MOST_NAME_CHARS for name in written[at])
    above, below = written[: at + is_text], written[at + 1 :]
    return [_line(row, []) for row in above] + [_line(row, written[at]) for row in below]


def _is_above(rows: Sequence[Row]) -> bool:
    wide = max(_filled(row) for row in rows)
    return wide > 2 or (wide == 2 and _is_above_values(rows[0], rows[1:]))


def _is_above_values(row: Row, below: Sequence[Row]) -> bool:
    columns = ([other[at] for other in below if at < len(other) and other[at]] for at in range(len(row)))
    return any(column and all(map(_VALUE.fullmatch, column)) for column in columns)


def _header(rows: list[tuple[int, list[str]]]) -> int | None:
    """Which of the first rows names the columns: the first of as many cells as others have, all of them names."""
    wide = max((_filled(row) for _, row in rows), default=0)
    for at, (_, row) in enumerate(rows[:-1]):
        if wide > 1 and _filled(row) == 1:
            continue
        below = [other for _, other in rows[at + 1 :]]
        return at if 2 * _filled(row) > wide and _names_columns(row, below) else None
    return None


def _names_columns(row: Row, below: Sequence[Row]) -> bool:
    """Whether the cells are names: short and each another, unless values stand below; or periods after the first."""
    cells = [cell for cell in row if cell]
    if 2 * len(set(cells)) <= len(cells) or any(len(cell) > MOST_NAME_CHARS for cell in cells):
        return False
    values = [at for at, cell in enumerate(row) if _VALUE.fullmatch(cell)]
    if values and not _name_periods(row, values, below):
        return False
    is_plain = len(set(cells)) == len(cells) and all(len(cell) <= NAME_CHARS for cell in cells)
    return is_plain or _is_above_values(row, below)


def _name_periods(row: Row, places: Sequence[int], below: Sequence[Row]) -> bool:
    """Whether these columns are named by years, months, days or times; opening hours have others below."""
    told = [other[at] for other in below for at in places if at < len(other) and other[at]]
    alike = sum(1 for cell in told if _PERIOD.fullmatch(cell))
    return 0 < places[0] < places[-1] and all(_PERIOD.fullmatch(row[at]) for at in places) and 2 * alike < len(told)


def _filled(row: Row) -> int:
    return sum(1 for cell in row if cell)


def _line(row: Row, names: Row) -> str:
    if not names:
        return " | ".join(cell for cell in row if cell)
    short = [name if len(name) <= MOST_NAME_CHARS else "" for name in names]
    return "; ".join(named(short[at] if at < len(short) else "", cell) for at, cell in enumerate(row) if cell)


def named(name: str, value: str) -> str:
    """`name: value`; without the name's full stops and question marks, at which a sentence would end.

    >>> named("How was it?", "good"), named("", "4")
    ('How was it: good', '4')
    """
    name = _STOP.sub("", name).rstrip(": ")
    return f"{name}: {value}" if name else value
