"""Fits the confidence: `python -m eval.sufficiency DIR` writes `rag/models/sufficiency.json`.

Logistic regression of "the two best sentences hold the answer" on the features of `rag.sufficiency`, over public suites
and the folders of `eval/near_misses`, of which the models have not read anything; each weighs the same. Only suites of
which that can be told: those with short answers or gold sentences. Never fitted on the project's own known answers, nor
on the folders that it is measured on.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from eval.elsewhere import CASES, DOCS, folders
from eval.facts import holds
from eval.known import Known, choose, load_known
from eval.layout import Query, brings_own, documents, queries, same_texts, suites
from eval.metrics import auc, holds_quote
from eval.program import Program
from eval.suite import LONGEST_ANSWER
from rag import Rag
from rag.errors import InputError, RagError
from rag.progress import progress_bar
from rag.sufficiency import FEATURES, FILE, features
from rag.types import Evidence, Progress

NEAR_MISSES = Path(__file__).with_name("near_misses")
SHOWN = 2
FOLDS = 4
STRENGTH = 0.002
"""scikit-learn's C. On a suite that the fit has not seen the mean area under the curve is .754, .746 with a quarter of
it and .759 with ten times it; but in a folder about one subject everything is similar, and there, over the project's
own known answers, it is .950 with this and .933 with ten times it."""
FREE = ("answers", "read")
"""Features that this does not hold down: they mean the same everywhere, while what a similarity or a passage's score
means differs from folder to folder."""
LARGE = 100.0


@dataclass(frozen=True, slots=True)
class Row:
    """One question: what speaks for an answer, whether it is there at all, whether the best sentences hold it."""

    features: tuple[float, ...]
    answerable: bool
    right: bool


def is_told(query: Query) -> bool:
    """Whether a right answer can be recognised: the question has none, a short one, or gold sentences."""
    short = any(len(answer.split()) <= LONGEST_ANSWER for answer in query.answers)
    return query.answerable is False or bool(query.answerable and (short or query.gold))


def is_right(query: Query, found: Sequence[Evidence]) -> bool:
    """Whether the best sentences hold the answer, from a document that the suite calls relevant."""
    return holds_answer(query, [one.text for one in found[:SHOWN] if is_relevant(query, one.article.source)])


def is_relevant(query: Query, source: str) -> bool:
    """Whether the suite calls a document relevant, or says of none that it is."""
    return not query.relevant or source in query.relevant


def holds_answer(query: Query, texts: Sequence[str]) -> bool:
    """Whether the texts hold a gold sentence, or where none are given a short answer."""
    if query.gold:
        return any(holds_quote(text, gold) for text in texts for gold in query.gold)
    return bool(query.answerable) and holds("\n".join(texts), query.answers)


def rows(rag: Rag, questions: Sequence[Query], progress: Progress) -> Iterator[Row]:
    """The questions of a suite, asked for their evidence only."""
    for done, query in enumerate(questions):
        progress("asking", done, len(questions))
        found = rag.evidence(query.text, query.history)
        if found:
            yield Row(features(query.text, found), bool(query.answerable), is_right(query, found))


def as_query(case: Known) -> Query:
    """A known answer as a question of a suite: what answers it are its quotes."""
    gold = tuple(one.quote for one in case.quotes)
    return Query(case.id, case.question, case.history, case.answerable, gold=gold)


def fit(by_suite: Sequence[Sequence[Row]]) -> tuple[float, tuple[float, ...]]:
    """Intercept and weights for features as they come, every suite weighing the same."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler()
    table = scaler.fit_transform([row.features for found in by_suite for row in found])
    held = [LARGE if name in FREE else 1.0 for name in FEATURES]
    right = [row.right for found in by_suite for row in found]
    total = len(right) / len(by_suite)
    weights = [total / len(found) for found in by_suite for _ in found]
    model = LogisticRegression(C=STRENGTH, max_iter=5000).fit(table * held, right, sample_weight=weights)
    slopes = [
        float(slope * free / scale) for slope, free, scale in zip(model.coef_[0], held, scaler.scale_, strict=True)
    ]
    shift = sum(slope * float(mean) for slope, mean in zip(slopes, scaler.mean_, strict=True))
    return float(model.intercept_[0]) - shift, tuple(slopes)


def held_out_area(by_suite: Sequence[Sequence[Row]], at: int) -> float | None:
    """AUC of answerable against unanswerable on one suite, each row judged by a fit that did not see it."""
    yes: list[float] = []
    no: list[float] = []
    for fold in range(FOLDS):
        kept = [row for number, row in enumerate(by_suite[at]) if number % FOLDS != fold]
        _, weights = fit([kept if number == at else found for number, found in enumerate(by_suite)])
        for row in by_suite[at][fold::FOLDS]:
            score = sum(weight * value for weight, value in zip(weights, row.features, strict=True))
            (yes if row.answerable else no).append(score)
    return auc(yes, no)


def main(
    folder: Annotated[Path, typer.Argument(help="A suite in BEIR's layout, or a folder that holds such suites.")],
    limit: Annotated[int | None, typer.Option(min=1, help="Only so many questions of each suite.")] = None,
    near: Annotated[Path, typer.Option(help="Folders with docs/ and cases.jsonl.")] = NEAR_MISSES,
    output: Annotated[Path, typer.Option(help="Where the coefficients go.")] = FILE,
) -> None:
    """Fit the confidence, print how well it separates what is answered from what is not, and write it."""
    program, by_suite, beside = Program(), dict[str, list[Row]](), folders(near)
    for one in (path for path in suites(folder) if not brings_own(path)):
        if found := _asked(program, one, limit):
            by_suite[one.name] = found
    if not by_suite:
        raise InputError(f"{str(folder)!r} holds no suite with short answers or gold sentences.")
    for one in beside:
        by_suite[one.name] = _asked_folder(program, one, limit)
    every = list(by_suite.values())
    intercept, weights = fit(every)
    areas = {name: held_out_area(every, at) for at, name in enumerate(by_suite)}
    fitted = _provenance(program, by_suite, areas) | {
        "intercept": round(intercept, 4),
        "weights": {name: round(weight, 4) for name, weight in zip(FEATURES, weights, strict=True)},
    }
    output.write_text(json.dumps(fitted, indent=1) + "\n", encoding="utf-8")
    typer.echo(json.dumps(fitted, indent=1))


def _asked(program: Program, folder: Path, limit: int | None) -> list[Row]:
    same = same_texts(folder)
    chosen = [query for query in queries(folder, same, limit) if is_told(query)]
    if not any(query.answerable for query in chosen):
        return []
    return _rows_over(lambda home, tick: program.documents(documents(folder), home, tick, phrase="never"), chosen)


def _asked_folder(program: Program, folder: Path, limit: int | None) -> list[Row]:
    chosen = [as_query(case) for case in choose(load_known(folder / CASES), limit=limit)]
    return _rows_over(lambda home, tick: program.folder(folder / DOCS, tick, home=home, phrase="never"), chosen)


def _rows_over(opened: Callable[[Path, Progress], Rag], questions: Sequence[Query]) -> list[Row]:
    """The questions, asked of a program whose index is kept as long as that takes."""
    with (
        tempfile.TemporaryDirectory(prefix="eval-") as home,
        progress_bar() as tick,
        opened(Path(home), tick) as rag,
    ):
        return list(rows(rag, questions, tick))


def _provenance(program: Program, by_suite: dict[str, list[Row]], areas: dict[str, float | None]) -> dict[str, Any]:
    return {
        "fitted by": "python -m eval.sufficiency DIR, on the dev halves of public suites and eval/near_misses",
        "label": f"the best {SHOWN} sentences hold the answer",
        "embedder": program.embedder.name,
        "suites": {
            name: {
                "questions": len(found),
                "answerable": sum(row.answerable for row in found),
                "right": sum(row.right for row in found),
                "AUC of answerable against unanswerable, held out": area and round(area, 4),
            }
            for (name, found), area in zip(by_suite.items(), areas.values(), strict=True)
        },
    }


if __name__ == "__main__":
    try:
        typer.run(main)
    except RagError as exc:
        sys.exit(str(exc))
