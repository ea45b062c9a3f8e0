"""What the evaluation needs of the program under test, as Protocols.

Does not know the facade's module: anything of this shape can be measured, a fake in a test included.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol, get_args

from rag.types import Answer, Article, Turn

Mode = Literal["dense", "words", "hybrid"]
MODES: tuple[Mode, ...] = get_args(Mode)


class Passage(Protocol):
    """A retrieved passage; LlamaIndex's `NodeWithScore` has this shape."""

    @property
    def text(self) -> str: ...

    @property
    def metadata(self) -> Mapping[str, Any]: ...


class Asked(Protocol):
    """The facade, as far as it is measured."""

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer: ...

    def article(self, article_id: str) -> Article: ...

    def passages(
        self, question: str, history: Sequence[Turn] = (), *, top_k: int = 10, mode: Mode = "hybrid"
    ) -> Sequence[Passage]: ...


EARLIER = 2
"""Questions before a follow-up that the stock pipeline is given with it, which keeps no conversation."""


def joined(question: str, history: Sequence[Turn]) -> str:
    """One search text for a question in a conversation."""
    return " ".join([*(turn.question for turn in history[-EARLIER:]), question])
