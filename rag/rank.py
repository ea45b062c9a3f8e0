"""Does this sentence answer this question? A cross-encoder's logit, 0 where it is undecided.

Knows pairs of texts; does not know passages, articles or answers.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from rag.errors import EmbedderError
from rag.onnx import OnnxModel
from rag.types import InContext

MODEL = Path(__file__).parent / "models" / "sentence-ranker"
MAX_TOKENS = 112
CONTEXT_WORDS = 15
TITLE_WORDS = 12
"""The shipped ranker was trained on: the sentence, ` | `, the last 15 words of the sentence before it, ` | `, the title
of its article. What is missing is left out with its bar."""


class SentenceRanker:
    """The shipped ranker, int8 ONNX on onnxruntime: no torch. Safe from several threads."""

    def __init__(self, folder: Path = MODEL) -> None:
        self._model = OnnxModel(folder, MAX_TOKENS)

    def rank(self, question: str, sentences: Sequence[InContext]) -> list[float]:
        """One logit for each sentence."""
        return [row[0] for row in self._model.run([(question, in_context(*one)) for one in sentences])]


class CrossEncoderRanker:
    """Any sentence-transformers `CrossEncoder` by name or path, instead of the shipped ranker."""

    def __init__(self, model: str) -> None:
        self._name = model
        self._lock = threading.Lock()

    @cached_property
    def _model(self) -> Any:
        try:
            from sentence_transformers import CrossEncoder
            from torch.nn import Identity

            return CrossEncoder(self._name, activation_fn=Identity())
        except Exception as exc:  # the loaders raise whatever their layers raise
            raise EmbedderError(
                f"The reranker {self._name!r} cannot be loaded ({str(exc).splitlines()[0][:160]}); set RAG_RERANKER "
                "to the name or folder of a cross-encoder, or leave it empty for the embedded one."
            ) from exc

    def rank(self, question: str, sentences: Sequence[InContext]) -> list[float]:
        """One logit for each sentence; the title and the sentence before it are read first."""
        if not sentences:
            return []
        pairs = [(question, " ".join(filter(None, (title, before, text)))) for text, before, title in sentences]
        with self._lock:
            return [float(logit) for logit in self._model.predict(pairs)]


def in_context(sentence: str, before: str, title: str) -> str:
    """The sentence as the shipped ranker was trained to read it."""
    words = " ".join(before.split()[-CONTEXT_WORDS:]), " ".join(title.split()[:TITLE_WORDS])
    return " | ".join((sentence, *filter(None, words)))
