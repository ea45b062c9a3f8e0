"""Text → sentences with their character spans. Knows nothing of articles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import cast

from rag.dates import MONTHS

LONG_CHARS = 320
"""A longer "sentence" is a quotation of several sentences, which the splitter keeps together: it is taken apart."""
MAX_CHARS = 900
"""No sentence is longer than this, so that a file without full stops still fits a prompt."""


_SHORT = re.compile(
    r"\b(?:(?P<always>incl|excl|approx|ca|tel|ext|apt|vol|e\.g|i\.e)|max|min|tbsp|tbs|tsp|pcs?|oz|lbs?|temp|deg|est"
    r"|(?-i:Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun)|(?P<number>(?:^|(?<=[\s(]))\d{1,2}))\.\s*$",
    re.I,
)
"""What a full stop shortens, or an ordinal as in `the 1. of each month`."""
_GOES_ON = re.compile(rf"[a-z\d;:,)–-]|(?P<month>(?:{'|'.join(MONTHS)})\b)")


def split(text: str) -> list[str]:
    """The text in pieces that join to it again: sentences, each with the white space after it."""
    from sentencex import segment

    pieces: list[str] = []
    for piece in cast(list[str], segment("en", text)):
        if pieces and _is_one(pieces[-1], piece):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def _is_one(before: str, after: str) -> bool:
    """Whether the splitter took the end of an abbreviation for that of a sentence."""
    short, on = _SHORT.search(before), _GOES_ON.match(after)
    if short is None:
        return False
    if short["number"]:
        return bool(on) and not after[0].isdigit()
    return bool(short["always"]) or (on is not None and not on["month"])


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence, white space around it left out. A line end always ends a sentence."""
    offset = 0
    for line in text.split("\n"):
        at = offset
        for piece in split(line) if line.strip() else ():
            yield from _trimmed(text, at, at + len(piece))
            at += len(piece)
        offset += len(line) + 1


@lru_cache(maxsize=256)
def cut(text: str) -> tuple[tuple[int, int], ...]:
    """The `spans` of a text, kept: the same articles are asked for again and again."""
    return tuple(spans(text))


def plain(text: str) -> str:
    """The words alone: what makes two printings of a sentence the same sentence."""
    return " ".join(re.findall(r"\w+", text.lower()))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        return
    if end - start <= LONG_CHARS:
        yield start, end
        return
    from llama_index.core.utils import globals_helper

    parts = list(globals_helper.punkt_tokenizer.span_tokenize(text[start:end]))
    for first, last in parts:
        for at in range(first, last, MAX_CHARS):
            yield start + at, start + min(last, at + MAX_CHARS)
