"""Figures as tables, for the terminal and for the page alike: every figure with a few words on what it means.

Pure. Does not know how a table is printed, nor how a figure comes about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from eval.curve import Confidences, brier, calibration_error, reliability
from eval.metrics import Share, Spread, single_spaced
from eval.run import DEPTHS, Figures, Ranking
from eval.scripted import Missed, ScriptedFigures
from eval.stock import Side

WAYS = "Search by dense vectors, by words, and by both fused (hybrid), which is what answers are made from."
GOLD = "A hit is a passage of an accepted source that has a gold quote, or the larger part of it."

KINDS: Mapping[str, str] = {
    "changed": "what changed over time: the newest report counts",
    "differs": "what the documents do not agree on",
    "two-documents": "what takes two documents to answer",
    "follow-up": "what leans on the question before",
    "near-miss": "the right names, a fact that is absent: to be refused",
    "unanswerable": "what no document is about: to be refused",
}

STAGES: Mapping[str, str] = {
    "retrieve": "searching vectors and words",
    "evidence": "choosing the sentences that bear on the question",
    "answer": "wording them, and checking the words",
    "total": "from question to whole answer",
}

NOT_MEASURED = "not measured"
MEANING = ("what it says", "what it asks", "what it does", "asked", "replied", "shown", "gold", "documents")
"""Headers of columns that hold words, not figures."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its title, its columns and rows of text, and what is to be said under it."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""


def known_grids(found: Figures) -> tuple[Grid, ...]:
    """All tables of a run over the known answers."""
    return (
        ranking_grid("Finding the passage", GOLD, [(mode, one, None) for mode, one in found.retrieval.items()]),
        _answers_grid(found),
        _kinds_grid(found.right_by_kind),
        *calibration_grids("Known answers", found.confidences),
        _seconds_grid(found.seconds),
    )


def ranking_grid(title: str, hit: str, ways: Sequence[tuple[str, Ranking, float | None]]) -> Grid:
    """Hits and reciprocal ranks, a row for each way of searching; nDCG where documents have grades."""
    graded = any(ndcg is not None for _, _, ndcg in ways)
    rows = tuple(
        (
            way,
            *(str(found.hits[depth]) for depth in DEPTHS),
            f"{found.mrr:.3f}",
            *([decimal(ndcg)] if graded else []),
        )
        for way, found, ndcg in ways
    )
    headers = ("search", *(f"Hits@{depth}" for depth in DEPTHS), "MRR@10", *(["nDCG@10"] if graded else []))
    return Grid(title, headers, rows, f"{hit}\n{WAYS}")


def _answers_grid(found: Figures) -> Grid:
    memory = "not known" if found.memory_mib is None else f"{found.memory_mib:,.0f} MiB"
    rows: tuple[tuple[str, object, str], ...] = (
        ("right", found.right, "answerable questions whose answer states every required fact"),
        ("refused rightly", found.refused, "unanswerable questions that got the refusal"),
        ("refused falsely", rest(found.answered), "answerable questions that got the refusal"),
        ("given without doubt", found.given, "are right, of the answers without a doubt above them"),
        ("given with doubt", found.doubted, "are right, of those that say that they may be none"),
        *refusal_rows(found.auc, found.best_refused),
        ("citations right", found.citations, "the quote or its sentence holds a required fact (precision)"),
        ("facts cited", found.facts_cited, "required facts that stand in a cited quote (recall)"),
        ("quotes verbatim", found.verbatim, "footnotes at their span and in the file, quoted sentences in a footnote"),
        ("without support", found.unsupported, "sentences and footnotes shown that do not stand where they say"),
        ("sentences quoted", found.quoted, "shown sentences that are quotes"),
        ("sentences supported", found.supported, "shown sentences worded anew and checked"),
        ("words", f"{found.words:.0f}", "per answer, median, without marks; refusals left out"),
        ("peak memory", memory, "most this process ever held, models included"),
    )
    return figure_grid("Answers", rows)


def figure_grid(title: str, rows: tuple[tuple[str, object, str], ...]) -> Grid:
    """A table of one figure a row, with what it says."""
    return Grid(title, ("", "figure", "what it says"), tuple((name, str(figure), said) for name, figure, said in rows))


def refusal_rows(auc: float | None, best: float | None) -> tuple[tuple[str, object, str], ...]:
    """How well the confidence tells the answerable from the rest, whatever the threshold."""
    return (
        ("AUC of refusal", decimal(auc), "how often an answerable question is the more confident; chance .5"),
        ("refused at 3 %", percent(best), "of the unanswerable, at the best threshold with 3 % false refusals at most"),
    )


def rest(part: Share) -> Share:
    """What is left of the whole."""
    return Share(part.of - part.right, part.of)


def decimal(value: float | None) -> str:
    """Three decimals, or that it was not measured."""
    return NOT_MEASURED if value is None else f"{value:.3f}"


def percent(value: float | None) -> str:
    """A share in per cent, or that it was not measured."""
    return NOT_MEASURED if value is None else f"{100 * value:.1f} %"


def _kinds_grid(kinds: Mapping[str, Share]) -> Grid:
    rows = tuple((kind, str(part), KINDS.get(kind, "")) for kind, part in kinds.items())
    return Grid("By kind of question", ("kind", "right", "what it asks"), rows)


def _seconds_grid(seconds: Mapping[str, Spread]) -> Grid:
    rows = tuple(
        (stage, f"{one.median:.3f}", f"{one.p95:.3f}", STAGES.get(stage, "")) for stage, one in seconds.items()
    )
    return Grid("Seconds per answer", ("stage", "median", "95 % within", "what it does"), rows)


def calibration_grids(name: str, found: Confidences) -> tuple[Grid, ...]:
    """The reliability table, with Brier score and expected calibration error under it; none without both sorts."""
    if not (found.answerable and found.unanswerable):
        return ()
    bins = reliability(found)
    rows = tuple((f"from {one.low:.1f}", f"{one.mean:.3f}", str(one.answerable)) for one in bins)
    caption = (
        f"Brier score {decimal(brier(found))} (0 is perfect, .25 a shrug), "
        f"expected calibration error {decimal(calibration_error(bins))}."
    )
    return (Grid(f"{name}: is the confidence right?", ("confidence", "mean", "answerable"), rows, caption),)


def comparison_grid(ours: Side, stock: Side) -> Grid:
    """Both pipelines, column by column."""
    rows: tuple[tuple[str, Callable[[Side], str], str], ...] = (
        ("right", lambda one: str(one.right), "answers that state every required fact"),
        ("refused rightly", lambda one: str(one.refused), "unanswerable questions refused"),
        ("refused falsely", lambda one: str(one.falsely_refused), "answerable questions refused"),
        ("words", lambda one: f"{one.words:.0f}", "per answer, median"),
        ("seconds", lambda one: f"{one.seconds:.2f}", "per answer, median"),
    )
    return Grid(
        "The same questions, models and machine",
        ("", "this program", "stock LlamaIndex", "what it says"),
        tuple((name, cell(ours), cell(stock), said) for name, cell, said in rows),
    )


def scripted_grids(found: ScriptedFigures) -> tuple[Grid, ...]:
    """What became of each kind of reply, and the replies of which the wrong thing became."""
    rows: tuple[tuple[str, object, str], ...] = (
        ("right, shown", found.survived, "right replies that the chosen quotes bear out: shown, every required fact"),
        ("wrong, caught", found.caught, "fluent wrong replies: no sentence shown as supported"),
        ("after a refusal", found.after_refusal, "answers right by quoting: the same where the model refuses"),
        ("after nonsense", found.after_nonsense, "answers right by quoting: the same where it writes markup or noise"),
    )
    missed = (("Right replies not shown", found.lost), ("Wrong replies shown as supported", found.shown_wrong))
    return (
        figure_grid("What becomes of a model's replies", rows),
        *(_missed_grid(title, ones) for title, ones in missed if ones),
    )


def _missed_grid(title: str, missed: Sequence[Missed]) -> Grid:
    rows = tuple((one.id, *map(single_spaced, (one.question, one.said, one.shown))) for one in missed)
    return Grid(title, ("", "asked", "replied", "shown"), rows)
