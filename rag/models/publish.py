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
from rag.models.export import token_logits
from rag.models.spans import Asked
from rag.onnx import MODEL, TOKENIZER, OnnxModel
from rag.reader import SpanReader, best_spans
from rag.types import Span

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


def full_spans(model: CrossEncoder, asked: Sequence[Asked]) -> list[list[Span]]:
    """The answers that the full weights find in each text."""
    import torch

    found: list[list[Span]] = []
    model.model.eval()  # type: ignore[union-attr]
    for one in asked:
        encoded = model.tokenizer(
            one.question,
            one.text,
            truncation="longest_first",
            max_length=model.max_length,
            return_offsets_mapping=True,
            return_token_type_ids=True,
            return_tensors="pt",
        )
        offsets = encoded.pop("offset_mapping")[0].tolist()
        with torch.no_grad():
            logits = token_logits(model.model, encoded.to(model.device))[0].tolist()
        found.append(best_spans(offsets, encoded["token_type_ids"][0].tolist(), logits))
    return found


def int8_spans(folder: Path, asked: Sequence[Asked]) -> list[list[Span]]:
    """The answers that an exported model finds in each text, whose title stands in it already."""
    reader = SpanReader(folder)
    return [reader.read(one.question, [("", one.text)])[0] for one in asked]


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
