"""Does one text follow from another? The shipped checker, or any transformers model for inference in its place.

Knows pairs of texts; does not know quotes, figures or names, which `rag.verify` checks by itself.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from rag.errors import EmbedderError
from rag.onnx import OnnxModel

MAX_TOKENS = 512
CHECKER = Path(__file__).parent / "models" / "claim-checker"
CHECKER_TOKENS = 160
SURE, AGAINST = 0.7, 0.97
"""Of the shipped checker's shares, those that are worth believing: it may overrule a rule above the first, and object
above the second. Chosen on statements made from public suites: of true ones 11 → 8 of 326 rejected, of changed ones
97.2 → 97.4 % caught (docs/LOG.md)."""
_SUPPORTED = ("entail", "support", "consistent", "true")
_CONTRADICTED = ("contradict", "refut", "false")
"""Beginnings of the labels under which models give the two; `not_entailment` is neither."""


class ClaimChecker:
    """The shipped checker, int8 ONNX on onnxruntime: no torch. Safe from several threads."""

    def __init__(self, folder: Path = CHECKER) -> None:
        self._model = OnnxModel(folder, CHECKER_TOKENS)

    def judge(self, evidence: str, claim: str) -> tuple[float, float]:
        """How sure it is that the evidence supports the claim, and that it contradicts it; believed from .5 on."""
        (logits,) = self._model.run([(evidence, claim)])
        shares = [math.exp(one - max(logits)) for one in logits]
        return _about(shares[0] / sum(shares), SURE), _about(shares[1] / sum(shares), AGAINST)


def _about(share: float, middle: float) -> float:
    """The share, shifted in its odds so that the middle comes to one half."""
    odds = share * (1 - middle)
    return odds / (odds + (1 - share) * middle)


class SequenceClassifier:
    """A sequence-classification model for pairs (evidence, claim), by name or path. Safe from several threads."""

    def __init__(self, model: str) -> None:
        self._name = model
        self._lock = threading.Lock()

    @cached_property
    def _parts(self) -> tuple[Any, Any, tuple[int, int | None]]:
        """Tokenizer, model, and the places of the labels for supported and contradicted.

        Raises:
            EmbedderError: there is no such model, or its labels do not say which one means support.
        """
        try:
            from transformers import AutoModelForSequenceClassification, AutoTokenizer

            tokenizer = AutoTokenizer.from_pretrained(self._name)
            model = AutoModelForSequenceClassification.from_pretrained(self._name).eval()
        except Exception as exc:  # the loaders raise whatever their layers raise
            raise self._unusable(str(exc).splitlines()[0][:160] if str(exc) else type(exc).__name__) from exc
        labels = model.config.id2label
        places = label_places(labels)
        if places is None:
            raise self._unusable(f"its labels are {', '.join(map(str, labels.values()))}")
        return tokenizer, model, places

    def _unusable(self, why: str) -> EmbedderError:
        return EmbedderError(
            f"The entailment model {self._name!r} cannot be used ({why}); set RAG_NLI to the name or folder of a "
            "sequence classifier with labels like entailment and contradiction, or leave it empty for none."
        )

    def judge(self, evidence: str, claim: str) -> tuple[float, float]:
        """How sure it is, 0 to 1, that the evidence supports the claim, and that it contradicts it.

        A model with `not_entailment` for all the rest cannot tell contradicted from merely unsupported: 0 then.

        Raises:
            EmbedderError: the model cannot be loaded.
        """
        import torch

        with self._lock, torch.inference_mode():
            tokenizer, model, (supported, contradicted) = self._parts
            longest = min(MAX_TOKENS, tokenizer.model_max_length)
            inputs = tokenizer(evidence, claim, truncation="longest_first", max_length=longest, return_tensors="pt")
            shares = model(**inputs).logits[0].float().softmax(-1).tolist()
        return shares[supported], 0.0 if contradicted is None else shares[contradicted]


def label_places(labels: Mapping[int, str]) -> tuple[int, int | None] | None:
    """Where the labels for supported and contradicted stand; None when none of them says supported.

    >>> label_places({0: "CONTRADICTION", 1: "NEUTRAL", 2: "ENTAILMENT"})
    (2, 0)
    >>> label_places({0: "entailment", 1: "not_entailment"})
    (0, None)
    """
    names = {place: str(label).lower() for place, label in labels.items()}
    supported = next((place for place, name in names.items() if name.startswith(_SUPPORTED)), None)
    contradicted = next((place for place, name in names.items() if name.startswith(_CONTRADICTED)), None)
    if supported is None:
        return None
    return supported, contradicted
