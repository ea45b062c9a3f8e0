"""A fine-tuned cross-encoder → int8 ONNX, as `rag.rank` runs it.

    python -m rag.models.export FOLDER [OUT]

`FOLDER` holds a Hugging Face sequence-classification model with one logit. Needs the `export` extra (onnx);
nothing here is imported when questions are answered.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

OPSET = 17
INPUTS = ("input_ids", "attention_mask", "token_type_ids")


def export(folder: Path, out: Path) -> Path:
    """Write `out/model.onnx` (weights and embeddings in int8) and `out/tokenizer.json`; returns the model's path."""
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from transformers import AutoModelForSequenceClassification

    model = AutoModelForSequenceClassification.from_pretrained(folder, attn_implementation="eager").float().eval()

    class Logit(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, ids: torch.Tensor, mask: torch.Tensor, kinds: torch.Tensor) -> torch.Tensor:
            output = self.model(input_ids=ids, attention_mask=mask, token_type_ids=kinds)
            return output.logits.squeeze(-1)  # type: ignore[no-any-return]

    ids = torch.randint(5, 1000, (2, 16))
    dynamic = {name: {0: "batch", 1: "length"} for name in INPUTS} | {"logit": {0: "batch"}}
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "full.onnx"
        torch.onnx.export(
            Logit(),
            (ids, torch.ones_like(ids), torch.zeros_like(ids)),
            str(full),
            input_names=list(INPUTS),
            output_names=["logit"],
            dynamic_axes=dynamic,
            opset_version=OPSET,
            dynamo=False,
        )
        target = out / "model.onnx"
        quantize_dynamic(full, target, weight_type=QuantType.QInt8, per_channel=True)
    shutil.copyfile(folder / "tokenizer.json", out / "tokenizer.json")
    return target


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: python -m rag.models.export FOLDER [OUT]")
    here = Path(__file__).parent / "sentence-ranker"
    written = export(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else here)
    print(f"{written}: {written.stat().st_size / 1e6:.1f} MB")
