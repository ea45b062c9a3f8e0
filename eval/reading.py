"""How well sentences are chosen and refusals told, before any answer is worded: `python -m eval.reading DIR`.

For each suite with short answers or gold sentences: is the answer in the first sentence, in the first three; how well
the confidence, and the best logit alone, separate what is answered there from what is not. With the ranker in force,
and without any. Does not know how sentences are found nor how an answer is made of them.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer

from eval.facts import holds
from eval.layout import Query, brings_own, documents, queries, same_texts, suites
from eval.metrics import Share, auc, holds_quote, share
from eval.program import Program
from eval.sufficiency import is_right, is_told
from rag import Rag
from rag.errors import InputError
from rag.progress import progress_bar
from rag.sufficiency import confidence
from rag.types import InContext, Progress

PASSAGES = 10
"""The best passages, in which the answer is there or is not."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What one suite came to."""

    first: Share
    """Of the answerable questions those whose first sentence holds the answer, from a document called relevant."""
    three: Share
    first_there: Share
    """The same of those whose answer stands in the ten best passages at all."""
    three_there: Share
    by_confidence: float | None
    """AUC of answerable against unanswerable."""
    by_logit: float | None


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: which of its sentences hold the answer, and how sure the program was."""

    answerable: bool
    there: bool
    right: tuple[bool, ...]
    confidence: float
    logit: float


class Silent:
    """A ranker that says nothing of any sentence."""

    def rank(self, question: str, sentences: Sequence[InContext]) -> list[float]:
        return [0.0] * len(sentences)


def ask(rag: Rag, questions: Sequence[Query], progress: Progress) -> Iterator[Asked]:
    """The questions of a suite, asked for their sentences only."""
    for done, query in enumerate(questions):
        progress("asking", done, len(questions))
        found = rag.evidence(query.text, query.history)
        hits = rag.passages(query.text, query.history, top_k=PASSAGES) if query.answerable else []
        texts = [hit.node.get_content() for hit in hits if _is_relevant(query, hit.node.metadata["source"])]
        yield Asked(
            bool(query.answerable),
            any(_holds(query, text) for text in texts),
            tuple(is_right(query, [one]) for one in found[:3]),
            confidence(query.text, found),
            max((one.logit for one in found), default=-99.0),
        )


def _is_relevant(query: Query, source: str) -> bool:
    return not query.relevant or source in query.relevant


def _holds(query: Query, text: str) -> bool:
    if query.gold:
        return any(holds_quote(text, gold) for gold in query.gold)
    return holds(text, query.answers)


def figures(asked: Sequence[Asked]) -> Figures:
    """The shares and areas of one suite's questions."""
    yes = [one for one in asked if one.answerable]
    no = [one for one in asked if not one.answerable]
    there = [one for one in yes if one.there]
    return Figures(
        share([any(one.right[:1]) for one in yes]),
        share([any(one.right) for one in yes]),
        share([any(one.right[:1]) for one in there]),
        share([any(one.right) for one in there]),
        auc([one.confidence for one in yes], [one.confidence for one in no]),
        auc([one.logit for one in yes], [one.logit for one in no]),
    )


def main(
    folder: Annotated[Path, typer.Argument(help="A suite in BEIR's layout, or a folder that holds such suites.")],
    limit: Annotated[int | None, typer.Option(min=1, help="Only so many questions of each suite.")] = None,
    without: Annotated[bool, typer.Option("--without", help="Without the ranker.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The figures as JSON.")] = False,
) -> None:
    """Measure the choice of sentences on public suites."""
    program = Program(ranker=Silent() if without else None)
    chosen = [one for one in suites(folder) if not brings_own(one)]
    found = {one.name: figures(rows) for one in chosen if (rows := _suite(program, one, limit))}
    if not found:
        raise InputError(f"{str(folder)!r} holds no suite with short answers or gold sentences.")
    if as_json:
        typer.echo(json.dumps({name: asdict(one) for name, one in found.items()}, indent=1))
        return
    typer.echo("\n".join(table(found)))


def table(found: dict[str, Figures]) -> Iterator[str]:
    """A line for each suite."""
    yield f"{'suite':18}{'first':>14}{'three':>14}{'first, there':>14}{'three, there':>14}{'AUC':>8}{'by logit':>10}"
    for name, one in found.items():
        shares = "".join(f"{_said(of):>14}" for of in (one.first, one.three, one.first_there, one.three_there))
        yield f"{name:18}{shares}{_area(one.by_confidence):>8}{_area(one.by_logit):>10}"


def _said(of: Share) -> str:
    return "–" if of.value is None else f"{of.right}/{of.of} {of.value:.3f}"


def _area(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _suite(program: Program, folder: Path, limit: int | None) -> list[Asked]:
    chosen = [query for query in queries(folder, same_texts(folder), limit) if is_told(query)]
    if not any(query.answerable for query in chosen):
        return []
    with (
        tempfile.TemporaryDirectory(prefix="eval-") as home,
        progress_bar() as tick,
        program.documents(documents(folder), Path(home), tick, phrase="never") as rag,
    ):
        return list(ask(rag, chosen, tick))


if __name__ == "__main__":
    typer.run(main)
