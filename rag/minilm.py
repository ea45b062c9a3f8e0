"""The embedded embedder: all-MiniLM-L6-v2 in int8, loaded in a blink and without torch. `rag.models.encoder` makes it.

Knows texts; does not know storage.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rag.onnx import OnnxModel

MODEL = Path(__file__).parent / "models" / "sentence-embedder"
NAME = "all-MiniLM-L6-v2 (int8)"
TOKENS = 256
"""What the model was trained to read; the rest of a longer text is not in its vector."""


class MiniLM:
    """Vectors of 384 numbers, of unit length. Safe from several threads, which do not wait for each other."""

    def __init__(self, folder: Path = MODEL) -> None:
        self._model = OnnxModel(folder, TOKENS)

    @property
    def name(self) -> str:
        return NAME

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Vectors of the texts, in order; identical texts are computed once.

        Raises:
            EmbedderError: the model's files are missing or damaged.
        """
        unique = list(dict.fromkeys(texts))
        vectors = dict(zip(unique, self._model.run(unique), strict=True))
        return [vectors[text] for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self.embed([text])[0]
