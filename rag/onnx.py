"""A small int8 model on onnxruntime: loaded when first used, fed one text at a time, several at once on all cores.

int8 activations take their scale from all that is computed together: alone, a text's figures do not depend on its
company, and one thread a text is faster than all threads on a batch (93 against 68 passages a second on two cores).
Knows word pieces; does not know what the figures mean.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import EmbedderError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

MODEL, TOKENIZER = "model.onnx", "tokenizer.json"


class OnnxModel:
    """The model in a folder. Safe from several threads."""

    def __init__(self, folder: Path, tokens: int) -> None:
        """`tokens`: a longer text is cut; of a pair, the longer of the two."""
        self._folder, self._tokens = folder, tokens
        self._lock = threading.Lock()

    @cached_property
    def _parts(self) -> tuple[Tokenizer, InferenceSession, ThreadPoolExecutor]:
        from onnxruntime import InferenceSession, SessionOptions
        from tokenizers import Tokenizer

        options = SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = 1
        try:
            tokenizer = Tokenizer.from_file(str(self._folder / TOKENIZER))
            session = InferenceSession(self._folder / MODEL, options, providers=["CPUExecutionProvider"])
        except Exception as exc:  # both raise whatever their layers raise
            raise EmbedderError(
                f"The model in {str(self._folder)!r} cannot be loaded ({type(exc).__name__}); install the program "
                "anew; if it was trained here, train it anew, or remove the folder to use the shipped one."
            ) from exc
        tokenizer.enable_truncation(self._tokens, strategy="longest_first")
        tokenizer.no_padding()
        return tokenizer, session, ThreadPoolExecutor(_cores(), thread_name_prefix="onnx")

    def run(self, texts: Sequence[Any]) -> list[list[float]]:
        """The model's one output for each text or pair of texts, in order.

        Raises:
            EmbedderError: its files are missing or damaged.
        """
        return [found for _, found in self.run_encoded(texts)]

    def run_encoded(self, texts: Sequence[Any]) -> list[tuple[Encoding, Any]]:
        """The same with the word pieces that each text or pair was cut into: for a model with a figure for each.

        Raises:
            EmbedderError: its files are missing or damaged.
        """
        if not texts:
            return []
        with self._lock:  # two threads would load it twice
            tokenizer, session, pool = self._parts
        encoded = tokenizer.encode_batch(list(texts))
        if len(encoded) == 1:
            return [(encoded[0], _one(session, encoded[0]))]
        return list(zip(encoded, pool.map(lambda one: _one(session, one), encoded), strict=True))


def _one(session: InferenceSession, encoded: Encoding) -> Any:
    import numpy as np

    given = {"input_ids": encoded.ids, "attention_mask": encoded.attention_mask, "token_type_ids": encoded.type_ids}
    inputs = {one.name: np.array([given[one.name]], dtype=np.int64) for one in session.get_inputs()}
    return session.run(None, inputs)[0][0].tolist()


def _cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
