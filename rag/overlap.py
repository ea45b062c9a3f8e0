"""How much of a question's words, word pairs and years a text shares. Knows texts; not passages or sentences."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rag.dates import years
from rag.stems import sequence, stems

WINDOW = 12
"""Words within which the question's words count as standing together: 12 does as well as 25 on the dev halves."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it is compared."""

    sequence: tuple[str, ...]
    stems: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    years: tuple[tuple[int, int], ...]


@lru_cache(maxsize=4096)
def read(text: str) -> Text:
    words = sequence(text)
    return Text(words, frozenset(words), frozenset(pairwise(words)), tuple(years(text)))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is compared: its content words weighted by how few of the texts at hand hold them."""

    text: Text
    weights: Mapping[str, float]

    def share(self, held: Iterable[str]) -> float:
        """Of the weight of the question's words so much is in these: 0 to 1."""
        total = sum(self.weights.values()) or 1.0
        return sum(self.weights.get(word, 0.0) for word in held) / total

    def nearness(self, words: Sequence[str]) -> float:
        """The share of the question's words within the best window of the text: 0 to 1."""
        inside: Counter[str] = Counter()
        now = best = 0.0
        for at, word in enumerate(words):
            if word in self.weights:
                now += self.weights[word] if not inside[word] else 0.0
                inside[word] += 1
            if at >= WINDOW and (left := words[at - WINDOW]) in self.weights:
                inside[left] -= 1
                now -= self.weights[left] if not inside[left] else 0.0
            best = max(best, now)
        return best / (sum(self.weights.values()) or 1.0)

    def pairs(self, text: Text) -> float:
        """Of the question's pairs of neighbouring words so many stand in the text: 0 to 1."""
        return len(self.text.pairs & text.pairs) / len(self.text.pairs) if self.text.pairs else 0.0

    def same_years(self, text: Text) -> float:
        """Of the years in the question so many are named in the text: 0 to 1."""
        asked = {first for first, last in self.text.years if first == last}
        return len(asked & {first for first, last in text.years if first == last}) / len(asked) if asked else 0.0

    def same_time(self, text: Text) -> float:
        """How well a time named in the text covers the question's, as the share of what both span: 0 to 1."""
        if not self.text.years:
            return 0.0
        begin, end = min(first for first, _ in self.text.years), max(last for _, last in self.text.years)
        return max((_common(begin, end, first, last) for first, last in text.years), default=0.0)


def ask(question: str, texts: Sequence[Text]) -> Asked:
    """The question, its words weighed by their rarity among the texts it is compared with."""
    held = Counter(word for text in texts for word in text.stems)
    weights = {word: math.log(1 + (len(texts) + 0.5) / (held[word] + 0.5)) for word in stems(question)}
    return Asked(read(question), weights)


def _common(begin: int, end: int, first: int, last: int) -> float:
    return max(0, min(end, last) - max(begin, first) + 1) / (max(end, last) - min(begin, first) + 1)
