"""Ratings → what the ranker goes on learning from, and whether what it learnt is kept. Does not know models."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from rag.errors import InputError
from rag.models.figures import RankerFigures
from rag.models.groups import NONE, Group
from rag.rank import in_context
from rag.ratings import Rating

LEAST = 20
"""Ratings. A tenth of fewer tells nothing."""
TENTH = 10
PASSES = 3
"""Times that each rating is read: they are few, and the learning rate is low."""


def groups_of(rated: Sequence[Rating]) -> list[Group]:
    """A right answer's sentence above the others; a wrong answer's sentences each as no answer.

    Of an answer that rested on several sentences each is right in its own group, without the others.
    """
    found: list[Group] = []
    for one in rated:
        texts = [in_context(*sentence) for sentence in one.sentences]
        others = [text for place, text in enumerate(texts) if place not in one.cited]
        for place in one.cited:
            found.append(
                Group(one.question, (texts[place], *others), 0)
                if one.right
                else Group(one.question, (texts[place],), NONE)
            )
    return found


def split(rated: Sequence[Rating]) -> tuple[list[Rating], list[Rating]]:
    """Those to learn from, and the tenth that is held out, by the question's text alone.

    Raises:
        InputError: there are too few.
    """
    held = [one for one in rated if sha256(one.question.encode()).digest()[0] % TENTH == 0]
    if len(rated) < LEAST or not held:
        raise InputError(f"{len(rated)} ratings are too few to learn from and to measure on; {LEAST} are needed.")
    return [one for one in rated if one not in held], held


def is_better(before: RankerFigures, after: RankerFigures) -> bool:
    """Whether the new weights decide more of the held-out ratings rightly, and put no fewer right sentences first."""
    return after.decided > before.decided and after.first >= before.first
