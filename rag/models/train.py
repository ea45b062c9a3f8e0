"""Makes the models that ship with the program, or goes on from them: `python -m rag.models.train --help`.

Needs the `train` extra. Writes int8 ONNX, a model card with the figures measured on held-out passages, and nothing at
all when int8 loses more than half a point of what the full weights reach.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.entail import CHECKER, CHECKER_TOKENS
from rag.errors import InputError, RagError
from rag.minilm import MODEL as EMBEDDER
from rag.models import card, claims, encoder, feedback, fit, publish
from rag.models.card import Run
from rag.models.export import export, figures_of, restore
from rag.models.figures import (
    checker_figures,
    diagram,
    ranker_figures,
    reader_figures,
    temperature_of,
)
from rag.models.groups import Group, groups
from rag.models.mine import mine, negatives
from rag.models.records import READER, VERIFY, Record, is_held_out, records, written_records
from rag.models.spans import Asked, spans
from rag.onnx import MODEL
from rag.progress import progress_bar
from rag.rank import MAX_TOKENS
from rag.rank import MODEL as RANKER
from rag.ratings import ratings
from rag.reader import MAX_TOKENS as READER_TOKENS
from rag.reader import MODEL as READING
from rag.types import InContext
from rag.wiring import LEARNT, ranker_folder

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

RANKER_RATE, READER_RATE, CHECKER_RATE, FEEDBACK_RATE = 5e-5, 1e-4, 8e-5, 1e-5
QUESTION_STEP, SPAN_STEP, CLAIM_STEP = 16, 24, 48
"""What one step reads: with four sentences a question, about as many pairs."""
MEASURED = 3000
"""Questions or claims of held-out passages that are measured on, at most."""
WORK = Path(".rag/training")
CLAIMS = f"{VERIFY} and {READER}"

program = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

Data = Annotated[Path | None, typer.Option(help="Folder with reader.jsonl (and verify.jsonl), plain or as .xz.")]
Written = Annotated[Path | None, typer.Option(help="Folder of folders with docs/ and questions.jsonl.")]
Share = Annotated[float, typer.Option(min=0, max=1, help="Of the questions of --data, so many beside the written.")]
Minutes = Annotated[float, typer.Option(min=0.1, help="No longer than this, over all runs in the same work folder.")]
Work = Annotated[Path, typer.Option(help="Checkpoints and what was mined; a run goes on from what lies here.")]
Seed = Annotated[int, typer.Option(help="Decides every draw.")]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a ranker learns from, what it is measured on, and whether it must win against the weights before."""

    learn: Sequence[Group]
    tests: Sequence[Group]
    rate: float
    data: str
    must_win: bool = False


@program.command()
def ranker(
    data: Data = None,
    home: Annotated[Path | None, typer.Option("--from", help="An index's folder: learn from its ratings.")] = None,
    written: Written = None,
    share: Share = 1.0,
    minutes: Minutes = 60,
    mining: Annotated[float, typer.Option(min=0, help="Minutes of searching for hard negatives.")] = 7,
    work: Work = WORK,
    output: Annotated[Path | None, typer.Option(help="Where model and card go; default: in use at once.")] = None,
    start: Annotated[str, typer.Option(help="Weights to start from, name or folder; default: those in use.")] = "",
    seed: Seed = 1,
) -> None:
    """The sentence ranker: which sentence answers the question, or none."""
    if data is not None and home is None:
        plan = _from_data(_read(data, written, share, seed), work, mining, seed, card.BESIDE if written else READER)
        _train_ranker(plan, start or str(RANKER), work / "ranker", output or RANKER, minutes, seed)
    elif home is not None and data is None:
        rated, others = feedback.split(ratings(home))
        learn = feedback.groups_of(rated) * feedback.PASSES
        plan = _Plan(learn, feedback.groups_of(others), FEEDBACK_RATE, "ratings", must_win=True)
        with TemporaryDirectory() as scratch:
            _train_ranker(
                plan, start or str(ranker_folder(home)), Path(scratch), output or home / LEARNT, minutes, seed
            )
    else:
        raise InputError("Name either --data, a folder of training data, or --from, the folder of an index.")


def _read(data: Path, written: Path | None, share: float, seed: int) -> list[list[Record]]:
    """The questions of the data, or a share of them, and of the written folders."""
    found = records(data)
    if written is None:
        return [found]
    choice = Random(seed)
    return [[one for one in found if choice.random() < share or is_held_out(one.passage)], written_records(written)]


def _from_data(sets: Sequence[Sequence[Record]], work: Path, mining: float, seed: int, data: str) -> _Plan:
    mined = dict[int, list[InContext]]()
    found = list[Record]()
    for number, one in enumerate(sets):
        home = work / f"mining-{number}"
        if mining:
            with progress_bar() as tick:
                mine(one, home, minutes=mining / len(sets), seed=seed, progress=tick)
        mined |= {len(found) + at: kept for at, kept in negatives(home).items()}
        found += one
    kept, held = _split(found)
    learn = list(groups(found, mined, kept, seed=seed))
    return _Plan(learn, list(groups(found, mined, held, seed=seed))[:MEASURED], RANKER_RATE, data)


def _train_ranker(plan: _Plan, start: str, work: Path, output: Path, minutes: float, seed: int) -> None:
    """Train, measure, quantise, measure again, and publish."""
    model = _started(start, labels=1, tokens=MAX_TOKENS)
    tests = plan.tests
    before = ranker_figures(tests, _logits(model, tests))
    rows = [_row(group) for group in plan.learn]
    told = fit.train(
        model, rows, fit.listwise, work=work, minutes=minutes, batch=QUESTION_STEP, rate=plan.rate, seed=seed
    )
    logits = _logits(model, tests)
    # What people rated is too little to judge likelihoods by; the weights come with theirs divided already.
    temperature = 1.0 if plan.must_win else temperature_of(tests, logits)
    full = ranker_figures(tests, logits, temperature)
    with TemporaryDirectory() as scratch:
        export(model, Path(scratch), temperature=temperature)
        small = _by_group(tests, publish.int8_logits(Path(scratch), MAX_TOKENS, _pairs(tests)))
        figures = ranker_figures(tests, small)
        typer.echo(f"before: {before}\nafter:  {full}\nint8:   {figures}")
        publish.refuse_loss("first", full.first, figures.first)
        publish.refuse_loss("area", full.area, figures.area)
        if plan.must_win and not feedback.is_better(before, figures):
            typer.echo("The weights before do as well on what was held out; they stay.")
            return
        runs = [*publish.runs_before(start), Run(plan.data, told.read, told.minutes, seed)]
        text = card.ranker_card(
            before=before, full=full, int8=figures, bins=diagram(tests, small), runs=runs, temperature=temperature
        )
        publish.publish(Path(scratch), output, text, runs)


@program.command()
def reader(
    data: Annotated[Path, typer.Option(help="Folder with reader.jsonl, plain or as .xz.")],
    written: Written = None,
    share: Share = 1.0,
    minutes: Minutes = 60,
    work: Work = WORK,
    output: Annotated[Path, typer.Option(help="Where model and card go.")] = READING,
    start: Annotated[str, typer.Option(help="Weights to start from, name or folder.")] = str(RANKER),
    seed: Seed = 1,
) -> None:
    """The reader: where in a text the answer stands."""
    found = [record for one in _read(data, written, share, seed) for record in one]
    kept, held = _split(found)
    rows = [_span_row(one) for one in spans(found, kept, seed=seed)]
    tests = list(spans(found, held, seed=seed))[:MEASURED]
    model = _started(start, labels=2, tokens=READER_TOKENS)
    told = fit.train(
        model, rows, fit.spanned, work=work / "reader", minutes=minutes, batch=SPAN_STEP, rate=READER_RATE, seed=seed
    )
    full = reader_figures(tests, publish.full_spans(model, tests))
    with TemporaryDirectory() as scratch:
        export(model, Path(scratch), by_token=True)
        figures = reader_figures(tests, publish.int8_spans(Path(scratch), tests))
        typer.echo(f"full: {full}\nint8: {figures}")
        publish.refuse_loss("touched", full.touched, figures.touched)
        publish.refuse_loss("area", full.area, figures.area)
        runs = [*publish.runs_before(start), Run(card.BESIDE if written else READER, told.read, told.minutes, seed)]
        publish.publish(Path(scratch), output, card.reader_card(full=full, int8=figures, runs=runs), runs)


@program.command()
def checker(
    data: Annotated[Path, typer.Option(help="Folder with reader.jsonl and verify.jsonl, plain or as .xz.")],
    minutes: Minutes = 25,
    work: Work = WORK,
    output: Annotated[Path, typer.Option(help="Where model and card go.")] = CHECKER,
    start: Annotated[str, typer.Option(help="Weights to start from, name or folder.")] = str(RANKER),
    seed: Seed = 1,
) -> None:
    """The checker: does the evidence support the claim, contradict it, or neither?"""
    found = records(data)
    every = [*claims.recorded(data), *claims.stated(found, seed=seed), *claims.made(found, seed=seed)]
    Random(seed).shuffle(every)
    rows = [_claim_row(one) for one in every if not is_held_out(one.passage)]
    tests = [one for one in every if is_held_out(one.passage)][:MEASURED]
    model = _started(start, labels=len(claims.CLASSES), tokens=CHECKER_TOKENS)
    told = fit.train(
        model, rows, fit.classes, work=work / "checker", minutes=minutes, batch=CLAIM_STEP, rate=CHECKER_RATE, seed=seed
    )
    pairs = [(one.evidence, one.claim) for one in tests]
    labels = [one.label for one in tests]
    full = checker_figures(labels, publish.full_logits(model, pairs))
    with TemporaryDirectory() as scratch:
        export(model, Path(scratch))
        figures = checker_figures(labels, publish.int8_logits(Path(scratch), CHECKER_TOKENS, pairs))
        publish.refuse_loss("right", full.right, figures.right)
        # Where it began as a ranker, what that had read were no claims.
        before = [run for run in publish.runs_before(start) if run.data == CLAIMS]
        runs = [*before, Run(CLAIMS, told.read, told.minutes, seed)]
        publish.publish(Path(scratch), output, card.checker_card(full=full, int8=figures, runs=runs), runs)
    typer.echo(f"{output}: right {full.right:.3f} → int8 {figures.right:.3f}")


@program.command()
def embedder(
    data: Annotated[Path, typer.Option(help="Folder with reader.jsonl: its passages are what int8 is measured on.")],
    output: Annotated[Path, typer.Option(help="Where model and card go.")] = EMBEDDER,
) -> None:
    """The embedder: the embedded model's weights in int8; nothing is trained."""
    texts = list(dict.fromkeys(record.passage for record in records(data)))[: MEASURED // 3]
    with TemporaryDirectory() as scratch:
        encoder.export_encoder(Path(scratch))
        found = encoder.nearness(Path(scratch), texts)
        publish.publish(Path(scratch), output, encoder.encoder_card(found), [])
    typer.echo(f"{output}: cosine with the full weights {found.mean:.4f}, at the least {found.least:.4f}")


def _split(found: Sequence[Record]) -> tuple[list[int], list[int]]:
    """The numbers of the records to learn from, and of those to measure on."""
    held = [is_held_out(record.passage) for record in found]
    return [at for at, out in enumerate(held) if not out], [at for at, out in enumerate(held) if out]


def _row(group: Group) -> dict[str, Any]:
    labels = [float(place == group.right) for place in range(len(group.sentences))]
    return {"question": group.question, "sentences": list(group.sentences), "labels": labels}


def _span_row(one: Asked) -> dict[str, Any]:
    return {"question": one.question, "text": one.text, "labels": [one.start, one.end]}


def _claim_row(one: claims.Claim) -> dict[str, Any]:
    return {"evidence": one.evidence, "claim": one.claim, "label": one.label}


def _started(start: str, *, labels: int, tokens: int) -> CrossEncoder:
    """A model with the weights to start from; those of an exported model are taken out of its file, the last layer's

    only where it has as many figures.
    """
    from rag.embed import embedded_path

    if not (Path(start) / MODEL).is_file():
        return fit.load(start, labels=labels, tokens=tokens)
    model = fit.load(embedded_path(), labels=labels, tokens=tokens)
    restore(model, Path(start), head=labels == figures_of(Path(start)))
    return model


def _pairs(tests: Sequence[Group]) -> list[tuple[str, str]]:
    return [(group.question, sentence) for group in tests for sentence in group.sentences]


def _by_group(tests: Sequence[Group], values: Sequence[Sequence[float]]) -> list[list[float]]:
    flat = iter(row[0] for row in values)
    return [[next(flat) for _ in group.sentences] for group in tests]


def _logits(model: CrossEncoder, tests: Sequence[Group]) -> list[list[float]]:
    return _by_group(tests, publish.full_logits(model, _pairs(tests)))


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
