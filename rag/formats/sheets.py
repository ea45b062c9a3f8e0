"""Tables: Excel (.xlsx), .csv and .tsv → `Document`, a row a line and a place. Does not know formulas or charts."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from rag.formats.archives import member, office_properties, open_archive
from rag.formats.encoding import decode
from rag.formats.parts import Parts, place_name
from rag.formats.rows import Row, row_lines
from rag.types import Document

DELIMITERS = ",;\t|"
SAMPLE_LINES = 50
NAMED = 5
"""So many formulas without a value are named."""
MAX_FIELD = 10_000_000
"""Characters of one cell; a quotation mark that is never closed makes the rest of a file one cell."""


def read_csv(data: bytes) -> Document:
    """Each row of a table whose cells are set apart by a comma, a semicolon, a tab or a bar.

    Raises:
        ReadError: no text, or too long.
    """
    text = decode(data)
    csv.field_size_limit(MAX_FIELD)
    parts = Parts()
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    for number, line in row_lines(rows):
        parts.add(line, f"row {number}")
    return Document(parts.text, places=parts.places)


def _delimiter(text: str) -> str:
    """The sign that cuts most lines into as many cells, more than one; `csv.Sniffer` guesses letters, too."""
    sample = text[:100_000].split("\n")[:SAMPLE_LINES]
    best, found = 0, ","
    for sign in DELIMITERS:
        widths = Counter(len(row) for row in csv.reader(sample, delimiter=sign) if len(row) > 1)
        agreed = max(widths.values(), default=0)
        if agreed > best:
            best, found = agreed, sign
    return found


def read_xlsx(data: bytes) -> Document:
    """Each row of each sheet that is shown; the values of formulas as Excel last worked them out.

    Raises:
        ReadError: not an Excel document, damaged, or too large.
    """
    with open_archive(data, member="xl/", kind="an Excel document") as archive:
        title, created = office_properties(archive)
        names = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        has_formulas = any(b"<f" in (member(archive, name) or b"") for name in names)
    book, sheets = _opened(data)
    parts = Parts()
    for sheet in sheets:
        name = place_name(sheet.title)
        for at, (number, line) in enumerate(row_lines(_rows(sheet))):
            parts.add(line, f"{name}, row {number}", apart=at == 0)
    book.close()
    return Document(
        text=parts.text,
        title=title,
        published=created,
        dated="document properties" if created else "",
        places=parts.places,
        pages=len(sheets),
        missing=_without_value(data) if has_formulas else "",
    )


def _opened(data: bytes, *, as_formulas: bool = False) -> tuple[Any, list[Any]]:
    """The book, and those of its sheets that are shown."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=not as_formulas, keep_links=False)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in sheets:
        sheet.reset_dimensions()  # files state a size that is not theirs
    return book, sheets


def _without_value(data: bytes) -> str:
    """Which formulas nobody has worked out: files that were not written by Excel may hold none of their values."""
    (valued, values), (book, formulas) = _opened(data), _opened(data, as_formulas=True)
    found: list[str] = []
    for shown, sheet in zip(values, formulas, strict=True):
        for results, row in zip(shown.iter_rows(), sheet.iter_rows(), strict=True):
            for result, cell in zip(results, row, strict=True):
                if (
                    cell.data_type == "f" and result.value is None and result.data_type != "str"
                ):  # that is an empty text
                    found.append(f"{place_name(sheet.title)}!{cell.coordinate}")
    valued.close()
    book.close()
    shown_places = ", ".join(found[:NAMED]) + (" …" if found[NAMED:] else "")
    many = f"{len(found):,} formulas have" if len(found) > 1 else "1 formula has"
    return f"{many} no value in the file, open and save it in Excel: {shown_places}" if found else ""


def _rows(sheet: Any) -> Iterator[Row]:
    for row in sheet.iter_rows():
        yield [_shown(cell.value, cell.number_format or "") if cell.value is not None else "" for cell in row]


def _shown(value: Any, form: str) -> str:
    """A value as people see it, dates in ISO 8601."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int | float):
        return f"{value * 100:.12g}%" if "%" in form else f"{value:.15g}"
    return str(value)
