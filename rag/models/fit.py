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

if TYPE_CHECKING:
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


def _scores(model: CrossEncoder, pairs: Sequence[tuple[str, str]]) -> Tensor:
    """The logits of the pairs, in their order."""
    import torch
    from sentence_transformers.util import batch_to_device

    order = sorted(range(len(pairs)), key=lambda at: len(pairs[at][0]) + len(pairs[at][1]))
    size = -(-len(order) // CHUNKS)
    parts = [order[at : at + size] for at in range(0, len(order), size)]
    scores = [
        model(batch_to_device(model.preprocess([pairs[at] for at in part]), model.device))["scores"] for part in parts
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
    last = max(work.glob("checkpoint-*"), key=lambda path: int(path.name.split("-")[1]), default=None)
    if last:
        clock.earlier = json.loads((last / ELAPSED).read_text(encoding="utf-8"))
    trainer.train(resume_from_checkpoint=str(last) if last else None)
    return Told(min(len(rows), trainer.state.global_step * batch), clock.elapsed() / 60)


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
