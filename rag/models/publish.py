"""Logits of the full weights and of int8, and what becomes of a model that was trained: published whole, or not at all.

Does not know what the logits mean.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import RagError
from rag.models.card import FILE, Run
from rag.onnx import MODEL, TOKENIZER, OnnxModel

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

RUNS = "runs.json"
MOST_LOST = 0.005
READ = 64
"""Pairs that are measured at a time."""


def full_logits(model: CrossEncoder, pairs: Sequence[tuple[str, str]]) -> list[list[float]]:
    """The logits of the full weights, a row for each pair."""
    from torch.nn import Identity

    found = model.predict(list(pairs), batch_size=READ, activation_fn=Identity(), show_progress_bar=False)
    return [[float(value) for value in row] for row in found.reshape(len(pairs), -1)]


def int8_logits(folder: Path, tokens: int, pairs: Sequence[tuple[str, str]]) -> list[list[float]]:
    """The logits of an exported model, a row for each pair."""
    return OnnxModel(folder, tokens).run(pairs)


def refuse_loss(name: str, full: float, int8: float) -> None:
    """Stop where int8 loses more than `MOST_LOST` of a figure.

    Raises:
        RagError: it does.
    """
    if full - int8 > MOST_LOST:
        raise RagError(
            f"int8 loses {full - int8:.4f} of {name!r} ({full:.4f}), more than {MOST_LOST}; nothing was written."
        )


def runs_before(start: str) -> list[Run]:
    """The training runs that the weights to start from went through, as far as they lie beside them."""
    file = Path(start) / RUNS
    return [Run(**row) for row in json.loads(file.read_text(encoding="utf-8"))] if file.is_file() else []


def publish(scratch: Path, output: Path, text: str, runs: Sequence[Run]) -> None:
    """Model, tokenizer, card and runs take the place of those before: each is whole or is not there."""
    output.mkdir(parents=True, exist_ok=True)
    (scratch / FILE).write_text(text, encoding="utf-8")
    names = [MODEL, TOKENIZER, FILE]
    if runs:
        names.append(RUNS)
        (scratch / RUNS).write_text(json.dumps([asdict(run) for run in runs], indent=1) + "\n", encoding="utf-8")
    for name in names:
        shutil.copyfile(scratch / name, output / f"{name}.new")
    for name in names:
        os.replace(output / f"{name}.new", output / name)
