"""Tables: Excel (.xlsx), .csv and .tsv → `Document`, a row a line and a place. Does not know formulas or charts."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from rag.formats.archives import office_properties, open_archive
from rag.formats.encoding import decode
from rag.formats.parts import Parts, place_name
from rag.formats.rows import Row, row_lines
from rag.types import Document

DELIMITERS = ",;\t|"
SAMPLE_LINES = 50
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
    import openpyxl

    with open_archive(data, member="xl/", kind="an Excel document") as archive:
        title, created = office_properties(archive)
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    parts = Parts()
    for sheet in sheets:
        name = place_name(sheet.title)
        for at, (number, line) in enumerate(row_lines(_rows(sheet))):
            parts.add(line, f"{name}, row {number}", apart=at == 0)
    book.close()
    dated = "document properties" if created else ""
    return Document(parts.text, title=title, published=created, dated=dated, places=parts.places, pages=len(sheets))


def _rows(sheet: Any) -> Iterator[Row]:
    sheet.reset_dimensions()  # files state a size that is not theirs
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
