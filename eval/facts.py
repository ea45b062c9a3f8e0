"""Does a text hold a fact? Pure string matching for the evaluation.

A fact is a list of accepted wordings; one of them, as whole words, is enough. Knows nothing of questions,
answers or documents.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

# 2,500 = 2500; the spaces are those that typesetters put between groups of three digits.
_THOUSANDS = re.compile(r"(?<=\d)[,\u00a0\u2009\u202f](?=\d{3}(?!\d))")
_SINGLE_QUOTES = re.compile("[\u2018\u2019\u201a\u201b\u2032`\u00b4]")
_DOUBLE_QUOTES = re.compile("[\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb]")
# Names are written "al-Numan" and "Al Numan", spans "4-5" and "4–5": a hyphen counts as a space.
_HYPHENS = re.compile("[-\u2010-\u2015\u2212]")


def fold(text: str) -> str:
    """The text without what may differ between two right wordings: case, accents, kinds of quotes,
    hyphens (which become spaces), thousands separators and runs of white space."""
    text = _THOUSANDS.sub("", text)
    text = _SINGLE_QUOTES.sub("'", text)
    text = _DOUBLE_QUOTES.sub('"', text)
    text = _HYPHENS.sub(" ", text)
    letters = unicodedata.normalize("NFKD", text)
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(plain.casefold().split())


def holds(text: str, fact: Sequence[str]) -> bool:
    """Whether one of the fact's accepted wordings stands in the text as whole words."""
    folded = fold(text)
    return any(_stands_in(folded, fold(wording)) for wording in fact)


def _stands_in(folded: str, wording: str) -> bool:
    # Neither "60" in "1600" nor "10" in "10.7" or "7" in "10.7"; but "60" in "over 60." is there.
    whole = rf"(?<!\w)(?<!\d[.,]){re.escape(wording)}(?!\w)(?![.,]\d)"
    return bool(wording) and re.search(whole, folded) is not None
