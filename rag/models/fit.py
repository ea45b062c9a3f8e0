"""Fine-tuning with sentence-transformers' trainer: bounded in time, resumed where it stopped, on a GPU if there is one.

Knows rows of questions and texts; does not know where they come from nor what the figures are.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import InputError
from rag.models.export import token_logits

if TYPE_CHECKING:
    import torch
    from sentence_transformers import CrossEncoder
    from torch import Tensor, nn

    Loss = Callable[[CrossEncoder], nn.Module]

WARM_UP = 150
"""Steps over which the learning rate rises."""
LEAST = 0.02
"""Share of the learning rate that is left at the end."""
SAVE_STEPS = 200
CHUNKS = 3
"""A batch is read in so many parts of texts alike in length, so that short ones are not padded to the longest."""
STEP = 16
"""Lengths are padded to multiples of this: oneDNN makes and keeps a program for each shape that it meets."""
LEVELS = 255
"""Steps between the least and the greatest value that a matrix takes in, in int8."""
LAST = 3
"""Figures of the last layer, at most: it stays as it is."""
ELAPSED = "elapsed.json"


@dataclass(frozen=True, slots=True)
class Told:
    """What training came to: rows read, and minutes, in all runs over its folder together."""

    read: int
    minutes: float


def load(model: str, *, labels: int, tokens: int) -> CrossEncoder:
    """A cross-encoder to train further, a name or folder; its embeddings are fixed: half of the weights, and no gain.

    Raises:
        InputError: the packages for training are missing.
    """
    try:
        import accelerate  # noqa: F401
        import datasets  # noqa: F401
        import torch
        from sentence_transformers import CrossEncoder
    except ImportError as exc:
        raise InputError(f"Training needs {exc.name!r}; install it with: pip install 'footnote-rag[train]'") from exc
    # On processors the plain attention is the faster one in bfloat16.
    kind: dict[str, Any] = {} if torch.cuda.is_available() else {"attn_implementation": "eager"}
    kind |= {"ignore_mismatched_sizes": True}  # a last layer for another task is made anew
    one: CrossEncoder = CrossEncoder(model, num_labels=labels, max_length=tokens, model_kwargs=kind)
    for part in one.modules():
        if isinstance(part, torch.nn.Dropout):
            part.p = 0.0  # in less than a pass nothing is read twice, and the draws take two fifths of the time
    for name, weights in one.float().named_parameters():
        weights.requires_grad_(".embeddings." not in name)
    return one


def listwise(model: CrossEncoder) -> nn.Module:
    """Softmax over the texts of a question and a null fixed at 0: the logits rank them, and say when none answers.

    Labels are 1 for the right text and 0 for the others; all 0 when none is right.
    """
    import torch

    class Listwise(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, inputs: Any, labels: list[Tensor], prompt: str | None = None, task: str | None = None) -> Any:
            questions, lists = inputs
            pairs = [(question, text) for question, texts in zip(questions, lists, strict=True) for text in texts]
            logits = _scores(model, pairs)
            width = max(len(texts) for texts in lists)
            table = torch.full((len(lists), width + 1), -1e9, device=logits.device)
            table[:, 0] = 0.0
            target = torch.zeros(len(lists), dtype=torch.long, device=logits.device)
            at = 0
            for row, right in enumerate(labels):
                table[row, 1 : 1 + len(right)] = logits[at : at + len(right)]
                if right.max() > 0:
                    target[row] = 1 + int(right.argmax())
                at += len(right)
            return torch.nn.functional.cross_entropy(table, target)

        def get_config_dict(self) -> dict[str, Any]:
            return {}

    return Listwise()


def classes(model: CrossEncoder) -> nn.Module:
    """Cross entropy over the classes of a pair of texts."""
    import torch

    class Classes(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, inputs: Any, labels: Tensor, prompt: str | None = None, task: str | None = None) -> Any:
            return torch.nn.functional.cross_entropy(_scores(model, list(zip(*inputs, strict=True))), labels)

        def get_config_dict(self) -> dict[str, Any]:
            return {}

    return Classes()


def spanned(model: CrossEncoder) -> nn.Module:
    """Softmax over the word pieces of the text at which the answer begins, and another over those at which it ends.

    Labels are the answer's first character and the one after its last; both -1 where the text has no answer, whose
    place is the piece that opens the pair.
    """
    import torch

    class Spanned(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, inputs: Any, labels: list[Tensor], prompt: str | None = None, task: str | None = None) -> Any:
            pairs = list(zip(*inputs, strict=True))
            losses = []
            for part in _parts(pairs):
                found = model.tokenizer(
                    *(list(texts) for texts in zip(*(pairs[at] for at in part), strict=True)),
                    truncation="longest_first",
                    max_length=model.max_length,
                    padding=True,
                    pad_to_multiple_of=STEP,
                    return_offsets_mapping=True,
                    return_token_type_ids=True,
                    return_tensors="pt",
                )
                offsets = found.pop("offset_mapping")
                given = {name: values.to(model.device) for name, values in found.items()}
                with _half(model):
                    logits = token_logits(model.model, given).float()
                allowed = _answerable_pieces(given)
                targets = torch.tensor(
                    [
                        _pieces(offsets[row], found["token_type_ids"][row], *map(int, labels[at]))
                        for row, at in enumerate(part)
                    ],
                    device=model.device,
                )
                for end in (0, 1):
                    scores = logits[:, :, end].masked_fill(~allowed, -1e9)
                    losses.append(torch.nn.functional.cross_entropy(scores, targets[:, end], reduction="sum"))
            return torch.stack(losses).sum() / (2 * len(pairs))

        def get_config_dict(self) -> dict[str, Any]:
            return {}

    return Spanned()


def _half(model: CrossEncoder) -> torch.autocast:
    """In bfloat16, twice as fast: the trainer's own switch does not reach a loss that calls the model itself."""
    import torch

    return torch.autocast(model.device.type, dtype=torch.bfloat16)


def _answerable_pieces(given: dict[str, Tensor]) -> Tensor:
    """The pieces of the second text, and the first piece of all; the last piece of all closes the pair."""
    allowed = (given["token_type_ids"] == 1) & (given["attention_mask"] == 1)
    lengths = given["attention_mask"].sum(1) - 1
    allowed[range(len(allowed)), lengths] = False
    allowed[:, 0] = True
    return allowed


def _pieces(offsets: Tensor, kinds: Tensor, start: int, end: int) -> tuple[int, int]:
    """The first and last piece of the second text in these characters; the first of all where there is none."""
    inside = (kinds == 1) & (offsets[:, 1] > start) & (offsets[:, 0] < end) & (offsets[:, 1] > offsets[:, 0])
    places = inside.nonzero()
    return (int(places[0]), int(places[-1])) if start >= 0 and len(places) else (0, 0)


def _parts(pairs: Sequence[tuple[str, str]]) -> list[list[int]]:
    """The places of the pairs in `CHUNKS` parts, those alike in length together."""
    order = sorted(range(len(pairs)), key=lambda at: len(pairs[at][0]) + len(pairs[at][1]))
    size = -(-len(order) // CHUNKS)
    return [order[at : at + size] for at in range(0, len(order), size)]


def _scores(model: CrossEncoder, pairs: Sequence[tuple[str, str]]) -> Tensor:
    """The logits of the pairs, in their order."""
    import torch
    from sentence_transformers.util import batch_to_device

    parts = _parts(pairs)
    order = [at for part in parts for at in part]
    with _half(model):
        scores = [
            model(batch_to_device(model.preprocess([pairs[at] for at in part]), model.device))["scores"]
            for part in parts
        ]
    back = torch.tensor(sorted(range(len(order)), key=lambda at: order[at]), device=model.device)
    return torch.cat(scores).float()[back].squeeze(-1)


def train(
    model: CrossEncoder,
    rows: Sequence[dict[str, Any]],
    loss: Loss,
    *,
    work: Path,
    minutes: float,
    batch: int,
    rate: float,
    seed: int,
) -> Told:
    """Train until the rows or the minutes are used up, in all runs over this folder together.

    Args:
        rows: what one epoch holds, two inputs and `labels` each, in the order of training.
        work: checkpoints go here; where there is one, training goes on from it.

    """
    import torch
    from datasets import Dataset
    from sentence_transformers.cross_encoder import CrossEncoderTrainer, CrossEncoderTrainingArguments

    _same_run(work, {"rows": len(rows), "batch": batch, "rate": rate, "seed": seed, "first": rows[0]})
    steps = -(-len(rows) // batch)
    clock = _Clock(minutes, steps)
    weights = [one for one in model.parameters() if one.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / WARM_UP) * max(LEAST, 1.0 - clock.share(step))
    )
    chosen = CrossEncoderTrainingArguments(
        output_dir=str(work),
        per_device_train_batch_size=batch,
        num_train_epochs=1,
        seed=seed,
        data_seed=seed,
        bf16=True,
        use_cpu=not torch.cuda.is_available(),
        save_steps=SAVE_STEPS,
        save_total_limit=1,
        logging_steps=50,
        report_to="none",
    )
    trainer = CrossEncoderTrainer(
        model=model,
        args=chosen,
        train_dataset=Dataset.from_list(list(rows)),
        loss=loss(model),
        optimizers=(optimizer, schedule),
        callbacks=[clock.callback()],
    )
    torch.set_flush_denormal(True)
    hooks = [one.register_forward_pre_hook(_rounded) for one in model.modules() if _is_quantised(one)]
    last = max(work.glob("checkpoint-*"), key=lambda path: int(path.name.split("-")[1]), default=None)
    if last:
        clock.earlier = json.loads((last / ELAPSED).read_text(encoding="utf-8"))
    try:
        trainer.train(resume_from_checkpoint=str(last) if last else None)
    finally:
        for hook in hooks:
            hook.remove()
        torch.set_flush_denormal(False)  # it is the processor's state, and others' arithmetic would go on so
    trainer.accelerator.unwrap_model(model, keep_fp32_wrapper=False)  # it would be measured in bfloat16, too
    return Told(min(len(rows), trainer.state.global_step * batch), clock.elapsed() / 60)


def _is_quantised(part: nn.Module) -> bool:
    """Whether what the part takes in is rounded to int8 when answers are made: the layers' matrices, not the last."""
    import torch

    return isinstance(part, torch.nn.Linear) and min(part.weight.shape) > LAST


def _rounded(part: nn.Module, given: tuple[Tensor]) -> tuple[Tensor]:
    """What a matrix takes in, rounded as onnxruntime does it: so the weights learn to bear it (Jacob et al. 2018,

    arXiv 1712.05877). The gradient passes as if nothing had been rounded.
    """
    import torch

    (values,) = given
    with torch.no_grad():
        least, most = values.amin().clamp(max=0.0), values.amax().clamp(min=0.0)
        step = ((most - least) / LEVELS).clamp(min=1e-8)
        change = torch.round(values / step) * step - values
    return (values + change,)


def _same_run(work: Path, run: dict[str, Any]) -> None:
    """Write down what is trained; what lies there of a run on something else is not gone on from.

    Raises:
        InputError: the folder holds another run.
    """
    file = work / "run.json"
    if file.is_file() and json.loads(file.read_text(encoding="utf-8")) != run:
        raise InputError(f"{str(work)!r} holds another training run; name another work folder or remove this one.")
    work.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(run), encoding="utf-8")


class _Clock:
    """How much of the time is used up, over all runs; ends the training, and writes down the time with a checkpoint."""

    def __init__(self, minutes: float, steps: int) -> None:
        self._seconds, self._steps, self._begin = 60 * minutes, steps, time.monotonic()
        self.earlier = 0.0

    def elapsed(self) -> float:
        """Seconds, with those of the runs before."""
        return self.earlier + time.monotonic() - self._begin

    def share(self, step: int) -> float:
        return max(step / self._steps, self.elapsed() / self._seconds)

    def callback(self) -> Any:
        from transformers import TrainerCallback

        clock = self

        class Watch(TrainerCallback):
            def on_step_end(self, args: Any, state: Any, control: Any, **rest: Any) -> None:
                control.should_training_stop = control.should_training_stop or clock.elapsed() > clock._seconds

            def on_save(self, args: Any, state: Any, control: Any, **rest: Any) -> None:
                folder = Path(args.output_dir) / f"checkpoint-{state.global_step}"
                (folder / ELAPSED).write_text(json.dumps(clock.elapsed()), encoding="utf-8")

        return Watch()
