"""The tables of suites, of the checker and of ablations, for the terminal and for the page alike.

Pure. Does not know how a table is printed, nor any suite by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.ablate import Row
from eval.checker import CheckerFigures
from eval.choosing import Compared
from eval.disagree import OwnFigures
from eval.metrics import Share
from eval.run import Ranking
from eval.suite import KindFigures, SuiteFigures
from eval.tables import Grid, calibration_grids, figure_grid, ranking_grid, refusal_rows

RELEVANT = "A hit is a document that the suite calls relevant, at the rank of its best passage; copies are one."
ALONE = "hybrid, last question alone"
CHOSEN = """How many answerable questions have their answer in the first sentence that is found, and in the first three;
"there": of those whose answer stands in the ten best passages. All of relevant documents; "anywhere": of whatever
documents. AUC of answerable against unanswerable."""
NONE = "–"
"""In a table over several suites: this one has nothing to measure it on."""


@dataclass(frozen=True, slots=True)
class Named:
    """A suite's figures under its name."""

    name: str
    figures: SuiteFigures | OwnFigures


def suite_grids(name: str, found: SuiteFigures) -> tuple[Grid, ...]:
    """All tables of a suite over one corpus."""
    title = f"{name}: finding a relevant document ({found.judged} of {found.questions} questions have one)"
    ways: list[tuple[str, Ranking, float | None]] = [
        (mode, one, found.ndcg[mode]) for mode, one in found.retrieval.items()
    ]
    if found.alone:
        ways.append((ALONE, found.alone, found.alone_ndcg))
    kinds = (_kinds_grid(name, found.by_kind),) if found.by_kind else ()
    answers = _answers_grid(name, found)
    return (ranking_grid(title, RELEVANT, ways), answers, *kinds, *calibration_grids(name, found.confidences))


def sentences_grid(name: str, found: Compared) -> Grid:
    """The choice of sentences with ranker and reader, one of them, or neither."""
    ways = (
        ("by ranker and reader", found.both),
        ("without the reader", found.ranker),
        ("without the ranker", found.reader),
        ("without either", found.neither),
    )
    rows = tuple(
        (
            way,
            *(str(one) for one in (of.first, of.three, of.three_there, of.three_anywhere)),
            *("–" if area is None else f"{area:.3f}" for area in (of.by_confidence, of.by_logit)),
        )
        for way, of in ways
    )
    headers = ("sentences chosen", "first", "first three", "three, there", "three, anywhere", "AUC", "AUC by logit")
    return Grid(f"{name}: the answer's sentence", headers, rows, CHOSEN)


def _answers_grid(name: str, found: SuiteFigures) -> Grid:
    shows = str(found.shows_answer) if found.shows_answer.of else "no short answers given"
    gold = str(found.cites_gold) if found.cites_gold.of else "no gold sentences given"
    return figure_grid(
        f"{name}: answers without the language model",
        (
            ("answer shown", shows, "a short reference answer stands in the answer or its quotes"),
            ("gold sentence cited", gold, "a cited quote has a gold sentence, or the larger part of it"),
            ("relevant cited", found.cites_relevant, "a cited document is one that the suite calls relevant"),
            ("refused rightly", found.refused, "unanswerable questions refused"),
            ("refused falsely", found.falsely_refused, "answerable questions refused"),
            *refusal_rows(found.auc, found.best_refused),
            ("without support", _unsupported(found), "sentences and footnotes that do not stand where they say"),
            ("reports differ", found.flagged, "answers that say that reports differ"),
            ("words", f"{found.words:.0f}", "per answer, median; refusals left out"),
            ("seconds", f"{found.seconds:.2f}", "per answer, median"),
        ),
    )


def _unsupported(found: SuiteFigures | OwnFigures) -> str:
    return f"{found.unsupported} ({found.sentences} sentences shown)"


def _kinds_grid(name: str, kinds: dict[str, KindFigures]) -> Grid:
    rows = tuple((kind, str(one.refused), str(one.shows_answer)) for kind, one in kinds.items())
    return Grid(f"{name}: by kind of question", ("kind", "refused", "answer shown"), rows)


def own_grids(name: str, found: OwnFigures) -> tuple[Grid, ...]:
    """The table of a suite whose questions bring their own documents."""
    complete = tuple(
        (f"… with {count} right", part, f"questions with {count} right answer{'s' * (count > 1)}: each is shown")
        for count, part in found.complete.items()
    )
    return (
        figure_grid(
            f"{name}: documents that need not agree ({found.questions} questions, each over its own)",
            (
                ("every right answer", found.several, "shown, of the questions with several right answers"),
                *complete,
                (
                    "… could be",
                    found.several_stated,
                    "of those with several: the documents state each of them verbatim",
                ),
                ("a right answer", found.any_right, "at least one is shown"),
                ("disagreement told", found.flagged, "where documents state different answers, the answer says so"),
                ("… by the set's lists", found.flagged_listed, "where the set names different answers, stated or not"),
                ("told falsely", found.falsely_flagged, "where documents state one answer at most"),
                ("wrong, untold", found.wrong_unflagged, "where there is a wrong answer, it is shown and nothing said"),
                ("refused falsely", found.falsely_refused, "every question has an answer"),
                ("without support", _unsupported(found), "sentences and footnotes that do not stand where they say"),
                ("words", f"{found.words:.0f}", "per answer, median; refusals left out"),
                ("seconds", f"{found.seconds:.2f}", "per answer, median"),
            ),
        ),
    )


def overview(suites: Sequence[Named]) -> Grid:
    """One table over all suites."""
    return Grid(
        "All suites",
        (
            "suite", "questions", "MRR@10", "nDCG@10", "answer shown", "gold cited", "refused", "falsely", "AUC",
            "no support", "words", "seconds",
        ),
        tuple(map(_overview_row, suites)),
        "MRR and nDCG of hybrid search. Refused: of the unanswerable; falsely: of the answerable.\n"
        "Answer shown: a short reference answer, or, where documents disagree, every right one of several.",
    )  # fmt: skip


def _overview_row(one: Named) -> tuple[str, ...]:
    found = one.figures
    if isinstance(found, OwnFigures):
        middle = (NONE, NONE, _short(found.several), NONE, NONE, _short(found.falsely_refused), NONE)
    else:
        ranked = found.judged > 0
        middle = (
            f"{found.retrieval['hybrid'].mrr:.3f}" if ranked else NONE,
            f"{found.ndcg['hybrid']:.3f}" if ranked else NONE,
            _short(found.shows_answer),
            _short(found.cites_gold),
            _short(found.refused),
            _short(found.falsely_refused),
            NONE if found.auc is None else f"{found.auc:.3f}",
        )
    tail = (str(found.unsupported), f"{found.words:.0f}", f"{found.seconds:.2f}")
    return (one.name, f"{found.questions:,}", *middle, *tail)


def _short(part: Share) -> str:
    return NONE if part.value is None else f"{100 * part.value:.1f} %"


def checker_grids(found: CheckerFigures) -> tuple[Grid, ...]:
    """How many changed statements the checker catches and how many true ones it rejects, by kind and by setting."""
    rows = (
        ("true, rejected", found.rejected_all, "true statements that are no quotes: the fewer, the better"),
        *((f"… {kind}", part, "of that kind, true") for kind, part in found.rejected.items()),
        ("changed, caught", found.caught_all, "true statements with one thing changed: the more, the better"),
        *((f"… {change}", part, "what was changed") for change, part in found.caught.items()),
        ("by rules alone: true, rejected", found.alone.rejected, "without the model that reads"),
        ("by rules alone: changed, caught", found.alone.caught, "without the model that reads"),
    )
    curve = tuple((f"{at.share:.2f}", str(at.rejected), str(at.caught)) for at in found.curve)
    return (
        figure_grid(f"The checker over {found.pairs:,} statements it was not fitted on", rows),
        Grid("The checker at other shares of common words", ("share", "true, rejected", "changed, caught"), curve),
    )


def ablation_grid(title: str, rows: Sequence[Row], *, of_suite: bool) -> Grid:
    """A row for each part that was left out."""
    right = "a short reference answer shown" if of_suite else "every required fact stated"
    cited = "a relevant document cited" if of_suite else "citations with a required fact"
    return Grid(
        title,
        ("", "right", "cited", "follow-ups", "refused", "falsely", "words", "seconds", "what it says"),
        tuple(
            (
                row.name,
                *map(_short, (row.right, row.cited, row.follow_ups, row.refused, row.falsely_refused)),
                f"{row.words:.0f}",
                f"{row.seconds:.2f}",
                row.meaning,
            )
            for row in rows
        ),
        f"Right: {right}. Cited: {cited}. Follow-ups: the same of questions within a conversation.\n"
        "Refused: of the unanswerable; falsely: of the answerable.",
    )
