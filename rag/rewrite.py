"""A follow-up made to stand alone by a language model, kept only if it says nothing of its own.

Rules read a follow-up first (rag.question); this adds a reading where a model larger than the embedded one is set.
Does not know what is searched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing, suppress

from rag.errors import ModelError
from rag.stems import numbers, stems
from rag.types import Phraser, Turn

SYSTEM = (
    "Rewrite the last question so that it can be understood without the conversation: put names in place of pronouns, "
    "add what was left out. Write the question alone, on one line. Do not answer it."
)
TURNS = 3
ANSWER_CHARS = 400
MOST_WORDS = 60
KEPT = 0.5
"""Of the question's own content words, so many must be left: condensing that drops them asks something else."""
_LABEL = re.compile(r"^(?:[A-Za-z]+ )?question: ?", re.I)


def standalone(question: str, history: Sequence[Turn], phraser: Phraser) -> str | None:
    """The question as the model rewrites it, or None: it failed, added words of its own, or lost the question's.

    A failing model is no reason to fail: the question is searched as it was asked.
    """
    text = ""
    with suppress(ModelError), closing(phraser.stream(SYSTEM, _conversation(question, history))) as pieces:
        for piece in pieces:
            text += piece
            if "\n" in text.strip() or len(text.split()) > MOST_WORDS:
                break
    written = _LABEL.sub("", next(iter(text.strip().splitlines()), "")).strip(' "“”')
    return written if written != question and _is_faithful(written, question, history) else None


def _conversation(question: str, history: Sequence[Turn]) -> str:
    turns = [f"Question: {turn.question}\nAnswer: {turn.answer[:ANSWER_CHARS]}" for turn in history[-TURNS:]]
    return "\n".join([*turns, f"Last question: {question}"])


def _is_faithful(written: str, question: str, history: Sequence[Turn]) -> bool:
    said = " ".join([question, *(f"{turn.question} {turn.answer}" for turn in history[-TURNS:])])
    words, own = stems(written), stems(question)
    if not words or not written.endswith("?") or len(written.split()) > MOST_WORDS:
        return False
    return words <= stems(said) and numbers(written) <= numbers(said) and len(words & own) >= KEPT * len(own)
