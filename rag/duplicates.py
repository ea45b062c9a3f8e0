"""Which articles tell the same story in nearly the same words: MinHash over word shingles (Broder 1997).

Knows texts and signatures; does not know files, dates or storage.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from rag.dates import recency

PERMUTATIONS = 128
SCHEME = "affine32"
"""Named, so that signatures stored by one release are compared rightly by the next."""
SHINGLE_WORDS = 4
THRESHOLD = 0.6
"""Estimated share of common shingles from which two articles are one story. A syndicated copy with another
headline and a line cut reaches .8; two reports on one event, each in its own words, stay under .2."""
BANDS, ROWS = 18, 7
"""Two articles are compared when all values of one band agree; these catch best what lies above the threshold
(datasketch's optimum for .6 of 128)."""
_WORD = re.compile(r"\w+")
_MIX = 0x9E3779B97F4A7C15
"""Odd, so that multiplying by its powers mixes 64 bits without loss."""


def signature(text: str) -> bytes:
    """The text's MinHash signature; empty for a text shorter than a shingle, which is like nothing."""
    words = _WORD.findall(text.lower())
    if len(words) < SHINGLE_WORDS:
        return b""
    import numpy as np
    from datasketch import MinHash

    shingles = {" ".join(words[i : i + SHINGLE_WORDS]) for i in range(len(words) - SHINGLE_WORDS + 1)}
    hashes = b"".join(hashlib.sha1(shingle.encode()).digest()[:4] for shingle in shingles)
    minhash = MinHash(PERMUTATIONS, scheme=SCHEME, permutations=_permutations(), hashfunc=int)
    minhash.update_batch(np.frombuffer(hashes, dtype="<u4"))
    return np.asarray(minhash.hashvalues, dtype="<u4").tobytes()


@cache
def _permutations() -> Any:
    """Those of every signature: drawing them takes longer than applying them."""
    from datasketch import MinHash

    return MinHash(PERMUTATIONS, scheme=SCHEME).permutations


def standing(published: str | None, source: str) -> tuple[bool, tuple[date, date], str]:
    """A sort key: the earliest dated article of a family stands for it; among equals the first by name of its file."""
    return published is None, recency(published), source


def families(signed: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """Article id → id of the article that stands for its family, in one pass with locality-sensitive hashing.

    Args:
        signed: (article id, signature), best representative first: the first of a family stands for it.
    """
    import numpy as np

    everyone = list(signed)
    family = {identity: identity for identity, _ in everyone}
    ids = [identity for identity, data in everyone if data]
    values = np.frombuffer(b"".join(data for _, data in everyone), dtype="<u4").reshape(-1, PERMUTATIONS)
    buckets = _buckets(values)
    heads: dict[int, list[int]] = {}
    for row in np.flatnonzero((buckets >= 0).any(axis=1)).tolist():
        mine = [bucket for bucket in buckets[row].tolist() if bucket >= 0]
        near = sorted({head for bucket in mine for head in heads.get(bucket, ())})
        alike = (values[near] == values[row]).mean(axis=1) if near else np.zeros(1)
        if alike.max() >= THRESHOLD:
            family[ids[row]] = ids[near[int(alike.argmax())]]
            continue
        for bucket in mine:
            heads.setdefault(bucket, []).append(row)
    return family


def _buckets(values: Any) -> Any:
    """For each signature and band the number of those that agree with it there; -1 where it stands alone."""
    import numpy as np

    found = np.full((len(values), BANDS), -1, dtype=np.int64)
    weights = np.array([pow(_MIX, power, 2**64) for power in range(1, ROWS + 1)], dtype=np.uint64)
    for band in range(BANDS):
        keys = (values[:, band * ROWS : (band + 1) * ROWS] * weights).sum(axis=1, dtype=np.uint64)
        _, places, counts = np.unique(keys, return_inverse=True, return_counts=True)
        shared = counts[places] > 1
        found[shared, band] = places[shared] + band * len(values)
    return found
