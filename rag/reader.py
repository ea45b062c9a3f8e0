"""Where in a stretch of text does the answer to a question stand, if at all? A reader of spans.

Knows a question and texts; does not know passages, articles or sentences.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from rag.errors import EmbedderError
from rag.onnx import OnnxModel
from rag.types import Span

MODEL = Path(__file__).parent / "models" / "passage-reader"
MAX_TOKENS = 256
TITLE_WORDS = 12
PIECES = 24
"""Word pieces that an answer has at most."""
STARTS = 24
"""Beginnings that are looked at, the likeliest."""


class SpanReader:
    """The shipped reader, int8 ONNX on onnxruntime: no torch. Safe from several threads."""

    def __init__(self, folder: Path = MODEL) -> None:
        self._model = OnnxModel(folder, MAX_TOKENS)

    def read(self, question: str, texts: Sequence[tuple[str, str]]) -> list[list[Span]]:
        """For each title and text the likeliest answers, no two of which begin at the same place, best first.

        A span's score is above 0 where the model rather takes it for the answer than that there is none.
        """
        pairs = [(question, titled(title, text)) for title, text in texts]
        found = self._model.run_encoded(pairs)
        return [
            best_spans(encoded.offsets, encoded.type_ids, logits, len(pair[1]) - len(text))
            for (encoded, logits), pair, (_, text) in zip(found, pairs, texts, strict=True)
        ]


class QuestionAnswering:
    """Any extractive question-answering model of transformers by name or path, instead of the shipped reader."""

    def __init__(self, model: str) -> None:
        self._name = model
        self._lock = threading.Lock()

    @cached_property
    def _parts(self) -> tuple[Any, Any]:
        try:
            from transformers import AutoModelForQuestionAnswering, AutoTokenizer

            model = AutoModelForQuestionAnswering.from_pretrained(self._name).eval()
            return AutoTokenizer.from_pretrained(self._name), model
        except Exception as exc:  # the loaders raise whatever their layers raise
            raise EmbedderError(
                f"The reader {self._name!r} cannot be loaded ({str(exc).splitlines()[0][:160]}); set RAG_READER to the "
                "name or folder of an extractive question-answering model, or leave it empty for the embedded one."
            ) from exc

    def read(self, question: str, texts: Sequence[tuple[str, str]]) -> list[list[Span]]:
        """As `SpanReader.read`; the place of "not here" is the first word piece of all, as in SQuAD 2.0."""
        if not texts:
            return []
        import torch

        found = []
        with self._lock, torch.no_grad():
            tokenizer, model = self._parts
            for title, text in texts:
                whole = titled(title, text)
                encoded = tokenizer(
                    question, whole, truncation="longest_first", return_offsets_mapping=True, return_tensors="pt"
                )
                offsets = encoded.pop("offset_mapping")[0].tolist()
                kinds = [int(kind or 0) for kind in encoded.sequence_ids(0)]
                told = model(**encoded)
                logits = torch.stack((told.start_logits[0], told.end_logits[0]), -1).tolist()
                found.append(best_spans(offsets, kinds, logits, len(whole) - len(text)))
        return found


def titled(title: str, text: str) -> str:
    """The text as the shipped reader was trained to read it."""
    return " | ".join(filter(None, (" ".join(title.split()[:TITLE_WORDS]), text)))


def best_spans(
    offsets: Sequence[tuple[int, int]], kinds: Sequence[int], logits: Sequence[Sequence[float]], shift: int = 0
) -> list[Span]:
    """The likeliest answers in a text, best first, no two of which begin at the same place.

    Args:
        offsets: of each word piece, its first character and the one after its last.
        kinds: of each word piece, 0 in the question and 1 in the text.
        logits: of each word piece, as the answer's first and as its last.
        shift: characters before the text proper, in which no answer is looked for.
    """
    null = logits[0][0] + logits[0][1]
    inside = [
        at for at, kind in enumerate(kinds) if kind and offsets[at][0] >= shift and offsets[at][1] > offsets[at][0]
    ]
    found = []
    for start in sorted(inside, key=lambda at: -logits[at][0])[:STARTS]:
        end = max((at for at in inside if start <= at < start + PIECES), key=lambda at: logits[at][1])
        found.append(Span(offsets[start][0] - shift, offsets[end][1] - shift, logits[start][0] + logits[end][1] - null))
    return sorted(found, key=lambda one: -one.score)
