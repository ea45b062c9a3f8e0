"""Trains the models that ship with the program, or goes on from them: `python -m rag.models.train ranker|checker`.

Needs the `train` extra. Writes int8 ONNX, a model card with the figures measured on held-out passages, and nothing at
all when int8 loses more than `MOST_LOST` of the figures that the full weights reach.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.entail import CHECKER, CHECKER_TOKENS
from rag.errors import InputError, RagError
from rag.models import card, claims, feedback, fit
from rag.models.export import MODEL, TOKENIZER, export, restore
from rag.models.figures import (
    RankerFigures,
    checker_figures,
    diagram,
    ranker_figures,
    temperature_of,
)
from rag.models.groups import Group, groups
from rag.models.mine import mine, negatives
from rag.models.records import is_held_out, records
from rag.pairs import PairModel
from rag.progress import progress_bar
from rag.rank import MAX_TOKENS
from rag.rank import MODEL as RANKER
from rag.ratings import ratings

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

RANKER_RATE, CHECKER_RATE, FEEDBACK_RATE = 6e-5, 8e-5, 1e-5
QUESTIONS, CLAIMS = 16, 48
"""What one step reads: with four sentences a question, about as many pairs."""
MOST_LOST = 0.005
MEASURED = 3000
"""Questions or claims of held-out passages that are measured on, at most."""
READ = 64
"""Pairs that are measured at a time."""

program = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

Data = Annotated[Path | None, typer.Option(help="Folder with reader.jsonl (and verify.jsonl), plain or as .xz.")]
Minutes = Annotated[float, typer.Option(min=0.1, help="No longer than this, over all runs in the same work folder.")]
Work = Annotated[Path, typer.Option(help="Checkpoints and what was mined; a run goes on from what lies here.")]
Output = Annotated[Path, typer.Option(help="Where model and card go.")]
Start = Annotated[str, typer.Option(help="Weights to start from: name or folder of a model.")]
Seed = Annotated[int, typer.Option(help="Decides every draw.")]


@program.command()
def ranker(
    data: Data = None,
    home: Annotated[Path | None, typer.Option("--from", help="An index's folder: learn from its ratings.")] = None,
    minutes: Minutes = 60,
    mining: Annotated[float, typer.Option(min=0, help="Minutes of searching for hard negatives.")] = 7,
    work: Work = Path(".rag/training"),
    output: Output = RANKER,
    start: Start = str(RANKER),
    seed: Seed = 1,
) -> None:
    """The sentence ranker: which sentence answers the question, or none."""
    if data is not None and home is None:
        found = records(data)
        if mining:
            with progress_bar() as tick:
                mine(found, work / "mining", minutes=mining, seed=seed, progress=tick)
        mined = negatives(work / "mining")
        held = [number for number, record in enumerate(found) if is_held_out(record.passage)]
        kept = sorted(set(range(len(found))) - set(held))
        learn = list(groups(found, mined, kept, seed=seed))
        tests = list(groups(found, mined, held, seed=seed))[:MEASURED]
        rate, wins = RANKER_RATE, None
    elif home is not None and data is None:
        rated, others = feedback.split(ratings(home))
        learn, tests = feedback.groups_of(rated) * feedback.PASSES, feedback.groups_of(others)
        rate, wins = FEEDBACK_RATE, feedback.is_better
    else:
        raise InputError("Name either --data, a folder of training data, or --from, the folder of an index.")
    model = _started(start, labels=1, tokens=MAX_TOKENS)
    before = ranker_figures(tests, _logits(model, tests))
    rows = [_row(group) for group in learn]
    told = fit.train(
        model, rows, fit.listwise, work=work / "ranker", minutes=minutes, batch=QUESTIONS, rate=rate, seed=seed
    )
    _finish_ranker(model, tests, before, told, output, wins)


def _finish_ranker(
    model: CrossEncoder,
    tests: Sequence[Group],
    before: RankerFigures,
    told: Mapping[str, float],
    output: Path,
    wins: Callable[[RankerFigures, RankerFigures], bool] | None,
) -> None:
    logits = _logits(model, tests)
    # What people rated is too little to judge likelihoods by; the weights come with theirs divided already.
    temperature = 1.0 if wins else temperature_of(tests, logits)
    full = ranker_figures(tests, logits, temperature)
    with TemporaryDirectory() as scratch:
        export(model, Path(scratch), temperature=temperature)
        small = _by_group(tests, _int8(Path(scratch), MAX_TOKENS, _pairs(tests)))
        figures = ranker_figures(tests, small)
        typer.echo(f"before: {before}\nafter:  {full}\nint8:   {figures}")
        _refuse_loss("first", full.first, figures.first)
        _refuse_loss("area", full.area, figures.area)
        if wins and not wins(before, figures):
            typer.echo("The weights before do as well on what was held out; they stay.")
            return
        text = card.ranker_card(
            before=before, full=full, int8=figures, bins=diagram(tests, small), told=told, temperature=temperature
        )
        _publish(Path(scratch), output, text)


@program.command()
def checker(
    data: Annotated[Path, typer.Option(help="Folder with reader.jsonl and verify.jsonl, plain or as .xz.")],
    minutes: Minutes = 25,
    work: Work = Path(".rag/training"),
    output: Output = CHECKER,
    start: Start = str(RANKER),
    seed: Seed = 1,
) -> None:
    """The checker: does the evidence support the claim, contradict it, or neither?"""
    found = records(data)
    every = [*claims.recorded(data), *claims.made(found, seed=seed)]
    Random(seed).shuffle(every)
    rows = [_claim_row(one) for one in every if not is_held_out(one.evidence)]
    tests = [one for one in every if is_held_out(one.evidence)][:MEASURED]
    model = _started(start, labels=len(claims.CLASSES), tokens=CHECKER_TOKENS)
    told = fit.train(
        model, rows, fit.classes, work=work / "checker", minutes=minutes, batch=CLAIMS, rate=CHECKER_RATE, seed=seed
    )
    pairs = [(one.evidence, one.claim) for one in tests]
    labels = [one.label for one in tests]
    full = checker_figures(labels, _scores(model, pairs))
    with TemporaryDirectory() as scratch:
        export(model, Path(scratch))
        figures = checker_figures(labels, _int8(Path(scratch), CHECKER_TOKENS, pairs))
        _refuse_loss("right", full.right, figures.right)
        _publish(Path(scratch), output, card.checker_card(full=full, int8=figures, told=told))
    typer.echo(f"{output}: right {full.right:.3f} → int8 {figures.right:.3f}")


def _row(group: Group) -> dict[str, Any]:
    labels = [float(place == group.right) for place in range(len(group.sentences))]
    return {"question": group.question, "sentences": list(group.sentences), "labels": labels}


def _claim_row(one: claims.Claim) -> dict[str, Any]:
    return {"evidence": one.evidence, "claim": one.claim, "label": one.label}


def _started(start: str, *, labels: int, tokens: int) -> CrossEncoder:
    """A model with the weights to start from; those of an exported model are taken out of its file."""
    from rag.embed import embedded_path

    if not (Path(start) / MODEL).is_file():
        return fit.load(start, labels=labels, tokens=tokens)
    model = fit.load(embedded_path(), labels=labels, tokens=tokens)
    restore(model, Path(start), head=labels == 1)
    return model


def _pairs(tests: Sequence[Group]) -> list[tuple[str, str]]:
    return [(group.question, sentence) for group in tests for sentence in group.sentences]


def _by_group(tests: Sequence[Group], values: Sequence[Sequence[float]]) -> list[list[float]]:
    flat = iter(row[0] for row in values)
    return [[next(flat) for _ in group.sentences] for group in tests]


def _logits(model: CrossEncoder, tests: Sequence[Group]) -> list[list[float]]:
    return _by_group(tests, _scores(model, _pairs(tests)))


def _scores(model: CrossEncoder, pairs: Sequence[tuple[str, str]]) -> list[list[float]]:
    """The logits of the full weights."""
    from torch.nn import Identity

    found = model.predict(list(pairs), batch_size=READ, activation_fn=Identity(), show_progress_bar=False)
    return [[float(value) for value in row] for row in found.reshape(len(pairs), -1)]


def _int8(folder: Path, tokens: int, pairs: Sequence[tuple[str, str]]) -> list[list[float]]:
    """The logits of the exported model, in the batches of a question's size that it is run in."""
    model = PairModel(folder, tokens)
    return [row for at in range(0, len(pairs), READ) for row in model.logits(pairs[at : at + READ])]


def _refuse_loss(name: str, full: float, int8: float) -> None:
    if full - int8 > MOST_LOST:
        raise RagError(
            f"int8 loses {full - int8:.4f} of {name!r} ({full:.4f}), more than {MOST_LOST}; nothing was written."
        )


def _publish(scratch: Path, output: Path, text: str) -> None:
    """Model, tokenizer and card take the place of those before: each is whole or is not there."""
    output.mkdir(parents=True, exist_ok=True)
    (scratch / card.FILE).write_text(text, encoding="utf-8")
    for name in (MODEL, TOKENIZER, card.FILE):
        shutil.copyfile(scratch / name, output / f"{name}.new")
    for name in (MODEL, TOKENIZER, card.FILE):
        os.replace(output / f"{name}.new", output / name)


def main() -> None:
    """The command line; a mistake is one sentence."""
    try:
        program()
    except RagError as exc:
        sys.exit(str(exc))
    except KeyboardInterrupt:
        sys.exit("Stopped; the same command goes on from the last checkpoint.")


if __name__ == "__main__":
    main()
