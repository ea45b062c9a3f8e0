"""One question and what is known of its answer so far: what a conversation is made of, shown, kept and exported.

Plain data; knows neither HTML nor Gradio.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rag import Answer, Turn

State = Literal["waiting", "writing", "done", "stopped", "failed"]
Verdict = Literal["", "right", "wrong"]
NOTHING = Answer(question="", text="", sentences=(), citations=(), refused=False)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question, the answer as far as it got, and how that stands."""

    number: int
    question: str
    state: State = "waiting"
    answer: Answer = NOTHING
    """Whole when `state` is `done`; before that its sentences, citations and heading so far."""
    problem: str = ""
    """One sentence on what went wrong, when it failed."""
    ahead: int = 0
    """While it waits: how many other answers are to be written first."""
    offered: tuple[str, ...] = ()
    """Questions that could be asked next."""
    verdict: Verdict = ""
    """What the reader thought of the answer."""

    @property
    def is_open(self) -> bool:
        return self.state in ("waiting", "writing")

    @property
    def turn(self) -> Turn:
        return Turn(self.question, " ".join(sentence.text for sentence in self.answer.sentences))
