"""Lines that stand word for word in many reports: a site's requests to sign up, its rights, what it says of itself.

Which lines these are is told by the whole folder, so it is worked out from all articles at once, as the families of
near-duplicates are: the same files give the same lines, whatever order they came in. The texts stay as they are. Knows
texts; does not know what is done with such lines.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Set

from rag.lines import Kind, kind_of

STORIES = 5
"""A line is repeated when it stands in so many reports that are no copies of each other."""
WORDS = 3
"""Shorter lines are headings, and no evidence anyway."""
KEY_BYTES = 8
_WORD = re.compile(r"\w+")
_ROW = re.compile(r".* \| .*|[^:;]{1,60}: [^;]*; [^:;]{1,60}: .*")
"""A row of a table, as the readers write it: two tables may well have one in common."""


def line_keys(text: str, title: str | None) -> bytes:
    """The keys of the lines of a report that may turn out to be repeated, each once, one behind the other."""
    return b"".join(sorted({_key(line) for _, line in _lines(text, title) if _may_be(line)}))


def repeated(articles: Iterable[tuple[str, bytes]]) -> frozenset[bytes]:
    """The keys of the lines that stand in `STORIES` families or more.

    Args:
        articles: (family, `line_keys`) of every article.
    """
    import numpy as np

    numbers: dict[str, int] = {}
    rows = [(numbers.setdefault(family, len(numbers)), keys) for family, keys in articles]
    keys = np.frombuffer(b"".join(keys for _, keys in rows), dtype="<u8")
    family = np.repeat([number for number, _ in rows], [len(keys) // KEY_BYTES for _, keys in rows])
    _, at, counts = np.unique(keys, return_inverse=True, return_counts=True)
    often = counts[at] >= STORIES  # copies count here: few lines are left for the exact count
    pairs = np.unique(np.stack([keys[often], family[often].astype("<u8")]), axis=1)
    found, stories = np.unique(pairs[0], return_counts=True)
    return frozenset(key.tobytes() for key in found[stories >= STORIES].astype("<u8"))


def spans(text: str, title: str | None, known: Set[bytes]) -> tuple[tuple[int, int], ...]:
    """Where the lines of a report stand whose keys are known."""
    found = ((start, line) for start, line in _lines(text, title) if _key(line) in known)
    return tuple((start, start + len(line)) for start, line in found if _may_be(line))


def has_any(keys: bytes, known: Set[bytes]) -> bool:
    """Whether one of a report's `line_keys` is known."""
    return any(keys[at : at + KEY_BYTES] in known for at in range(0, len(keys), KEY_BYTES))


def _lines(text: str, title: str | None) -> Iterator[tuple[int, str]]:
    """The lines with their places, without the report's title."""
    at = 0
    for line in text.split("\n"):
        if line.strip() and line != title:
            yield at, line
        at += len(line) + 1


def _may_be(line: str) -> bool:
    """Whether a line may be a site's: words or a menu, and no row of a table."""
    if len(line.split(None, WORDS)) < WORDS or _ROW.fullmatch(line):
        return False
    return kind_of(line) in (Kind.PROSE, Kind.SHORT)


def _key(line: str) -> bytes:
    """The words alone: printings of one line differ in signs and blanks."""
    return hashlib.blake2b(" ".join(_WORD.findall(line.casefold())).encode(), digest_size=KEY_BYTES).digest()
