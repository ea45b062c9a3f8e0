"""PowerPoint (.pptx) → `Document`, slide by slide: title, text, tables, notes. Does not know pictures or charts."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from rag.formats.archives import office_properties, open_archive
from rag.formats.parts import Parts, one_line, tidy
from rag.formats.rows import table_lines
from rag.types import Document

_FURNITURE = ("DATE", "FOOTER", "HEADER", "SLIDE_NUMBER")
"""Placeholders that say the same on every slide."""


def read_pptx(data: bytes) -> Document:
    """The text of all slides, each a place.

    Raises:
        ReadError: not a PowerPoint document, damaged, or too large.
    """
    import pptx

    with open_archive(data, member="ppt/", kind="a PowerPoint document") as archive:
        title, created = office_properties(archive)
    slides = list(pptx.Presentation(io.BytesIO(data)).slides)
    parts = Parts()
    for number, slide in enumerate(slides, 1):
        for at, block in enumerate(filter(None, _blocks(slide))):
            parts.add(block, f"slide {number}", apart=at == 0)
    dated = "document properties" if created else ""
    return Document(parts.text, title=title, published=created, dated=dated, places=parts.places, pages=len(slides))


def _blocks(slide: Any) -> Iterator[str]:
    title = slide.shapes.title
    if title is not None:
        yield one_line(title.text_frame.text)
    for shape in slide.shapes:
        if title is None or shape.shape_id != title.shape_id:
            yield from _shape(shape)
    if slide.has_notes_slide and (frame := slide.notes_slide.notes_text_frame) is not None and frame.text.strip():
        yield f"Notes: {tidy(frame.text)}"


def _shape(shape: Any) -> Iterator[str]:
    if shape.shape_type is not None and shape.shape_type.name == "GROUP":
        for inner in shape.shapes:
            yield from _shape(inner)
    elif getattr(shape, "has_table", False) and shape.has_table:
        yield from table_lines([[cell.text for cell in row.cells] for row in shape.table.rows])
    elif shape.has_text_frame and not _is_furniture(shape):
        yield from (one_line(paragraph.text) for paragraph in shape.text_frame.paragraphs)


def _is_furniture(shape: Any) -> bool:
    return bool(shape.is_placeholder) and shape.placeholder_format.type.name in _FURNITURE
