"""A fine-tuned cross-encoder → int8 ONNX, as it is run when questions are answered; and back, to train it further.

Knows the layers of BERT; does not know what the logits mean. Needs the `train` extra.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import InputError
from rag.onnx import MODEL, TOKENIZER

if TYPE_CHECKING:
    import torch
    from sentence_transformers import CrossEncoder

OPSET = 17
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OUTPUT = "logits"
POOLER = "bert.pooler."
NAMELESS = "onnx::MatMul_"
LAYER = (
    "attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
    "intermediate.dense", "output.dense",
)  # fmt: skip
"""A layer's matrices in the order in which the exported graph, which loses their names, multiplies by them. After the
layers comes the classifier, where it has figures for each word piece."""


def export(model: CrossEncoder, out: Path, *, temperature: float = 1.0, by_token: bool = False) -> Path:
    """Write `out/model.onnx` (weights and embeddings in int8) and `out/tokenizer.json`; returns the model's path.

    Args:
        by_token: the last layer's figures for each word piece, not for the pair.
        temperature: what the logits are divided by; the model's last layer is left divided so, and `restore` finds it.
    """
    import torch

    inner = _inner(model).float().cpu().eval()
    for weights in inner.get_submodule("classifier").parameters():
        weights.data /= temperature

    class Logits(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = inner

        def forward(self, ids: torch.Tensor, mask: torch.Tensor, kinds: torch.Tensor) -> Any:
            given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": kinds}
            return token_logits(self.model, given) if by_token else self.model(**given).logits

    ids = torch.randint(5, 1000, (2, 16))
    shape = {0: "batch", 1: "length"}
    dynamic = dict.fromkeys(INPUTS, shape) | {OUTPUT: shape if by_token else {0: "batch"}}
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "full.onnx"
        torch.onnx.export(
            Logits(),
            (ids, torch.ones_like(ids), torch.zeros_like(ids)),
            str(full),
            input_names=list(INPUTS),
            output_names=[OUTPUT],
            dynamic_axes=dynamic,
            opset_version=OPSET,
            dynamo=False,
        )
        quantise(full, out / MODEL)
    model.tokenizer.backend_tokenizer.save(str(out / TOKENIZER))
    return out / MODEL


def token_logits(inner: Any, given: dict[str, torch.Tensor]) -> torch.Tensor:
    """The last layer of a BERT classifier, applied to each word piece instead of to the pair."""
    found: torch.Tensor = inner.classifier(inner.bert(**given).last_hidden_state)
    return found


def quantise(full: Path, out: Path) -> None:
    """A graph with its weights in int8, each channel with a scale of its own; the small last layer stays as it is."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    last = [node.name for node in onnx.load(str(full)).graph.node if "/classifier/" in node.name]
    quantize_dynamic(full, out, weight_type=QuantType.QInt8, per_channel=True, nodes_to_exclude=last)


def restore(model: CrossEncoder, folder: Path, *, head: bool = True) -> None:
    """Put the weights of an exported model into one of the same shape, as near as int8 tells them.

    Args:
        head: the last layer too; without it, it stays as it is, for another task.

    Raises:
        InputError: the file holds another model.
    """
    import torch

    found = {_named(name): values for name, values in _tensors(folder / MODEL)}
    left = [] if head else ["classifier."]
    if not any(name.startswith(POOLER) for name in found):
        left.append(POOLER)  # a model with figures for each word piece has none
    wanted = _inner(model).state_dict()
    state = {name: one for name, one in wanted.items() if not name.startswith(tuple(left))}
    if missing := [name for name in state if name not in found or found[name].shape != state[name].shape]:
        raise InputError(f"{str(folder)!r} holds another kind of model: it lacks {missing[0]}.")
    _inner(model).load_state_dict({name: torch.from_numpy(found[name].copy()) for name in state}, strict=not left)


def figures_of(folder: Path) -> int:
    """How many figures the last layer of an exported model has."""
    return next(len(values) for name, values in _tensors(folder / MODEL) if _named(name) == "classifier.bias")


def _inner(model: CrossEncoder) -> torch.nn.Module:
    inner = model.model
    assert inner is not None, "a cross-encoder without a model"
    return inner


def _tensors(file: Path) -> list[tuple[str, Any]]:
    """Names and values of a graph's weights, int8 ones multiplied out; matrices as torch keeps them."""
    import onnx
    from onnx import numpy_helper

    held = {one.name: numpy_helper.to_array(one) for one in onnx.load(str(file)).graph.initializer}
    weights: list[tuple[str, Any]] = []
    nameless: dict[int, Any] = {}
    """By the number that the graph gave them, in the order in which it multiplies."""
    for name, values in held.items():
        if name.endswith(("_scale", "_zero_point")) or not name.startswith(("model.", NAMELESS)):
            continue
        bare = name.removesuffix("_quantized")
        if bare != name:
            values = (values.astype("float32") - held[f"{bare}_zero_point"]) * held[f"{bare}_scale"]
        if bare.startswith(NAMELESS):
            nameless[int(bare.removeprefix(NAMELESS))] = values.T
        elif bare != name and values.ndim == 2 and "embeddings" not in bare:
            weights.append((bare, values.T))
        else:
            weights.append((bare, values))
    layers = len(nameless) // len(LAYER)
    for at, number in enumerate(sorted(nameless)):
        layer, place = divmod(at, len(LAYER))
        inner = f"encoder.layer.{layer}.{LAYER[place]}" if layer < layers else "classifier"
        weights.append((f"model.{inner}.weight", nameless[number]))
    return weights


def _named(name: str) -> str:
    """The name by which torch knows a weight: the encoder stands under the name of its architecture there."""
    bare = name.removeprefix("model.")
    inner = bare.removeprefix("bert.")
    return f"bert.{inner}" if inner.startswith(("encoder.", "embeddings.", "pooler.")) else bare
