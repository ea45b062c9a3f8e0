"""Does this sentence answer this question? A cross-encoder's logit, 0 where it is undecided.

Knows pairs of texts; does not know passages, articles or answers.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import EmbedderError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

MODEL = Path(__file__).parent / "models" / "sentence-ranker"
MAX_TOKENS = 112
CONTEXT_WORDS = 15
"""The shipped ranker was trained on: the sentence, ` | `, the last 15 words of the sentence before it."""


class SentenceRanker:
    """The shipped ranker, int8 ONNX on onnxruntime: no torch. Safe from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    @cached_property
    def _session(self) -> InferenceSession:
        from onnxruntime import InferenceSession, SessionOptions

        options = SessionOptions()
        options.log_severity_level = 3
        options.enable_cpu_mem_arena = False  # the arena keeps one pool for every batch shape it has seen
        return InferenceSession(MODEL / "model.onnx", options, providers=["CPUExecutionProvider"])

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
        tokenizer.enable_truncation(MAX_TOKENS, strategy="longest_first")
        tokenizer.enable_padding()
        return tokenizer

    def rank(self, question: str, sentences: Sequence[tuple[str, str]]) -> list[float]:
        """One logit for each (sentence, sentence before it)."""
        if not sentences:
            return []
        import numpy as np

        pairs = [(question, with_context(sentence, before)) for sentence, before in sentences]
        with self._lock:
            encoded = self._tokenizer.encode_batch(pairs)
            inputs = {
                "input_ids": np.array([one.ids for one in encoded], dtype=np.int64),
                "attention_mask": np.array([one.attention_mask for one in encoded], dtype=np.int64),
                "token_type_ids": np.array([one.type_ids for one in encoded], dtype=np.int64),
            }
            (logits,) = self._session.run(["logit"], inputs)
        return [float(logit) for logit in logits]


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

    def rank(self, question: str, sentences: Sequence[tuple[str, str]]) -> list[float]:
        """One logit for each (sentence, sentence before it); the sentence before it is read first."""
        if not sentences:
            return []
        pairs = [(question, f"{before} {sentence}".strip()) for sentence, before in sentences]
        with self._lock:
            return [float(logit) for logit in self._model.predict(pairs)]


def with_context(sentence: str, before: str) -> str:
    """The sentence as the shipped ranker was trained to read it."""
    return f"{sentence} | {' '.join(before.split()[-CONTEXT_WORDS:])}" if before else sentence
