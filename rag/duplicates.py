"""Which articles tell the same story in nearly the same words: MinHash over word shingles (Broder 1997).

Knows texts and signatures; does not know files, dates or storage.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datasketch import MinHash

PERMUTATIONS = 128
SCHEME = "affine32"
"""Named, so that signatures stored by one release are compared rightly by the next."""
SHINGLE_WORDS = 4
THRESHOLD = 0.6
"""Estimated share of common shingles from which two articles are one story. A syndicated copy with another
headline and a line cut reaches .8; two reports on one event, each in its own words, stay under .2."""
_WORD = re.compile(r"\w+")


def signature(text: str) -> bytes:
    """The text's MinHash signature; empty for a text shorter than a shingle, which is like nothing."""
    words = _WORD.findall(text.lower())
    if len(words) < SHINGLE_WORDS:
        return b""
    import numpy as np
    from datasketch import MinHash

    shingles = {" ".join(words[i : i + SHINGLE_WORDS]) for i in range(len(words) - SHINGLE_WORDS + 1)}
    minhash = MinHash(num_perm=PERMUTATIONS, scheme=SCHEME)
    minhash.update_batch([shingle.encode() for shingle in sorted(shingles)])
    return np.asarray(minhash.hashvalues, dtype="<u4").tobytes()


def families(signed: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """Article id → id of the article that stands for its family, in one pass with locality-sensitive hashing.

    Args:
        signed: (article id, signature), best representative first: the first of a family stands for it.
    """
    from datasketch import MinHashLSH

    lsh = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    kept: dict[str, MinHash] = {}
    family: dict[str, str] = {}
    for identity, data in signed:
        family[identity] = identity
        if not data:
            continue
        minhash = _minhash(data)
        alike = [other for other in lsh.query(minhash) if kept[other].jaccard(minhash) >= THRESHOLD]
        if alike:
            family[identity] = max(alike, key=lambda other: kept[other].jaccard(minhash))
        else:
            lsh.insert(identity, minhash)
            kept[identity] = minhash
    return family


def _minhash(data: bytes) -> MinHash:
    import numpy as np
    from datasketch import MinHash

    values = np.frombuffer(data, dtype="<u4").copy()
    return MinHash(num_perm=PERMUTATIONS, hashvalues=values, scheme=SCHEME)
