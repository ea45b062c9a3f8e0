"""A small model over pairs of texts, int8 ONNX on onnxruntime. Does not know what its logits mean."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import EmbedderError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer


class PairModel:
    """The model in a folder (`model.onnx`, `tokenizer.json`), loaded when first used. Safe from several threads."""

    def __init__(self, folder: Path, tokens: int) -> None:
        """`tokens`: a longer pair is cut, from the longer of its texts."""
        self._folder, self._tokens = folder, tokens
        self._lock = threading.Lock()

    @cached_property
    def _session(self) -> InferenceSession:
        from onnxruntime import InferenceSession, SessionOptions

        options = SessionOptions()
        options.log_severity_level = 3
        options.enable_cpu_mem_arena = False  # the arena keeps one pool for every batch shape it has seen
        try:
            return InferenceSession(self._folder / "model.onnx", options, providers=["CPUExecutionProvider"])
        except Exception as exc:  # onnxruntime raises whatever its layers raise
            raise EmbedderError(
                f"The model in {str(self._folder)!r} cannot be loaded ({type(exc).__name__}); "
                "train it anew, or remove the folder to use the shipped one."
            ) from exc

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.enable_truncation(self._tokens, strategy="longest_first")
        tokenizer.enable_padding()
        return tokenizer

    def logits(self, pairs: Sequence[tuple[str, str]]) -> list[list[float]]:
        """The logits of each pair."""
        if not pairs:
            return []
        import numpy as np

        with self._lock:
            encoded = self._tokenizer.encode_batch(list(pairs))
            inputs = {
                "input_ids": np.array([one.ids for one in encoded], dtype=np.int64),
                "attention_mask": np.array([one.attention_mask for one in encoded], dtype=np.int64),
                "token_type_ids": np.array([one.type_ids for one in encoded], dtype=np.int64),
            }
            (logits,) = self._session.run(["logits"], inputs)
        return [[float(value) for value in row] for row in logits]
