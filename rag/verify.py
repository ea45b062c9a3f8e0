"""Every sentence against its evidence. Does not know the language model that wrote it.

A sentence is supported by an evidence sentence when every number, date and name in it stands there too,
when it denies what the evidence denies and nothing else, and when most of its other words come from there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rag.question import fits, kind
from rag.stems import numbers, stems
from rag.types import Evidence
from rag.words import STOP_WORDS

SUPPORTED_SHARE = 0.7
"""Of a draft's content words, so many must stand in the evidence."""
KEPT_SHARE = 0.9
"""Of the evidence's words that the question did not hold, so many must survive in a lossless draft."""
EVERYDAY = STOP_WORDS | {
    "after", "also", "although", "before", "both", "during", "however", "most", "once", "only", "since", "some",
    "then", "though", "under", "until", "while", "yes",
}  # fmt: skip
"""Words with which a sentence may open without naming anything."""
_NAME = re.compile(r"\b[A-Z][\w’'-]*")
_NOT = re.compile(r"\b(?:not|no|never|none|nor|neither|without|cannot|nothing)\b|n[’']t\b", re.I)


def supporting(sentence: str, evidence: Sequence[Evidence], question: str) -> int | None:
    """Which piece of evidence supports the sentence (the best of several), or None."""
    scores = [_support(sentence, one.text, f"{one.article.title or ''} {question}") for one in evidence]
    best = max(range(len(scores)), key=scores.__getitem__, default=None)
    return best if best is not None and scores[best] > 0.0 else None


def keeps(sentence: str, evidence: str, question: str) -> bool:
    """Whether nothing is lost by showing the sentence instead of the evidence it rests on.

    All numbers of the evidence, and most of its names and other words that the question did not hold.
    """
    if not numbers(evidence) - numbers(question) <= numbers(sentence):
        return False
    new = stems(evidence) - stems(question)
    return len(new & stems(sentence)) >= KEPT_SHARE * len(new)


def responds(sentence: str, question: str) -> bool:
    """Whether the sentence says something the question did not, of the kind that was asked for."""
    wanted = kind(question)
    if not stems(sentence) - stems(question):
        return False
    return wanted == "other" or fits(wanted, sentence, question)


def _support(sentence: str, evidence: str, context: str) -> float:
    """Share of the sentence's words that stand in the evidence; 0 when a number, name or denial does not."""
    if not numbers(sentence) <= numbers(evidence) or denies(sentence) != denies(evidence):
        return 0.0
    known = f"{evidence} {context}"
    if not names(sentence) <= stems(known) | names(known):  # `US` is a name, and among stems a stop word
        return 0.0
    words = stems(sentence)
    share = len(words & stems(known)) / len(words) if words else 0.0
    own = len(words & stems(evidence)) / len(words) if words else 0.0
    return own if share >= SUPPORTED_SHARE and own > 0.0 else 0.0


@lru_cache(maxsize=4096)
def names(text: str) -> frozenset[str]:
    """Stems of the capitalised words; a sentence's first word unless it is an everyday one.

    The first word of "Troops left" is taken for a name too: better a quote than another man's words.
    """
    found = []
    for match in _NAME.finditer(text):
        word = match.group()
        opens = not text[: match.start()].strip(" \"'“‘(") or text[: match.start()].rstrip()[-1:] in ".!?:"
        everyday = word in ("The", "A", "An") or (opens and word.lower() in EVERYDAY)
        if not (everyday or numbers(word)) or any(c.isupper() for c in word[1:]):
            found.append(word)
    return frozenset(stem for word in found for stem in stems(word))


def denies(text: str) -> bool:
    return bool(_NOT.search(text))
