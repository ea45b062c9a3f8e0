"""What of a text is compared: the stems of its words (Snowball, from NLTK), and its numbers."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from rag.words import terms

_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


@lru_cache(maxsize=8192)
def stems(text: str) -> frozenset[str]:
    """Each content word's stem, once; stop words only when there is nothing else."""
    return frozenset(_stem(word) for word in terms(_without_possessives(text)))


def sequence(text: str) -> tuple[str, ...]:
    """The stem of every word in its order, stop words too."""
    return tuple(_stem(word) for word in _WORD.findall(_without_possessives(text)))


@lru_cache(maxsize=4096)
def numbers(text: str) -> frozenset[str]:
    """The numbers in a text, spelled-out ones too, without separators: `four to five`, `2,500` → 4, 5, 2500."""
    from text_to_num import alpha2digit

    spelled = alpha2digit(text, "en", threshold=0)  # by default `two` and `three` stay words
    found = _NUMBER.findall(spelled) + _NUMBER.findall(text)
    return frozenset(number.replace(",", "").rstrip(".") for number in found)


def _without_possessives(text: str) -> str:
    return re.sub(r"[’']s\b", "", text.lower())


@lru_cache(maxsize=65_536)
def _stem(word: str) -> str:
    return str(_stemmer().stem(word))


@cache
def _stemmer() -> Any:
    from nltk.stem.snowball import SnowballStemmer

    return SnowballStemmer("english")
