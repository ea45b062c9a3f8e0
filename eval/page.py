"""The page `docs/EVAL.md` and its drawings, written from the newest results, and the page on indexing with them.

Words and tables only: a figure that was not measured is not there, and the page says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from eval import elsewhere, ingest_page
from eval.loaded import ORDER, Loaded, command, confidences, load, told
from eval.markdown import machine_in_words, markdown, table
from eval.page_timing import PageFigures, page_grids
from eval.plots import refusal_plot, reliability_plot
from eval.results import FOLDER, Result, newest, write_text
from eval.suite_tables import Named, ablation_grid, checker_grids, overview, own_grids, sentences_grid, suite_grids
from eval.tables import Grid, comparison_grid, known_grids, scripted_grids
from eval.targets import Measured, targets_grid

DOCS = FOLDER.parent.parent / "docs"
PAGE, REFUSAL, RELIABILITY = "EVAL.md", "eval-refusal.svg", "eval-reliability.svg"

HEAD = """# How good the answers are

Written by `python -m eval --report` from the newest results: change the program, not this page. Every figure comes from
a run in the first table, unless it says otherwise. `SUITES` stands for the folder that holds the public test sets, each
in a folder of its own in BEIR's layout, or with a `questions.jsonl` whose questions bring their documents; they are not
part of this project."""

TARGETS = """A target is held to the run that is named above, whole or sampled as it says there. Stock is the pipeline
of LlamaIndex's own documentation with the same models, where it was asked the same questions."""

REFUSALS = """Over all thresholds of the confidence: how many of the unanswerable questions are refused when so many of
the answerable are. The higher the curve, the better; the straight line is chance."""

KEPT = """Confidence against outcome, tenth by tenth: on the straight line, of the questions with a confidence of 0.7
the documents answer seven in ten. The share of answerable questions differs between suites, and with it the outcome."""

CHECKED = """The code that decides whether a sentence is borne out by its evidence, alone: true statements of the test
sets against the same with one thing changed in them. Verbatim sentences of documents make up most of the changed
statements; the harder ones are people's own answers (CLAPnq's), so the total flatters where a model words freely."""

SCRIPTED = """The known answers, asked with a language model in place that says what it is told to: a right answer in
free words, a fluent wrong one, a refusal, markup and noise. The authors of the program wrote these replies over its own
known answers, and changed the rules of the check after they had read the first run (53 of 75 right answers shown, 84 of
89 wrong ones caught): these are not held-out figures."""

LEFT_OUT = """Each row asks the same questions of the program with one part left out: what the part is worth. Seconds
are of this run alone."""

WAITED = """In a real browser on the page's own machine: `python -m eval page {options}`, commit {commit}, {day}.
Of the many at once, most of the time is the browsers' own."""

ELSEWHERE = """Invented papers of six kinds: news about a dam, a naval base, a railway and an accident; papers of an
office and of a household. Documents and questions were written by somebody who had seen neither the program nor its
code, in words of their own, with near misses: `python -m eval folders`, commit {commit}, {day}, quotes only. When they
were first asked, 125 of 211 were right. What was changed after that was found in four of the folders; of `railway` and
`saltworks` hardly more than the figures was looked at."""

SECTION = "##"


def write(folder: Path = FOLDER, docs: Path = DOCS) -> tuple[Path, ...]:
    """Write the page and, where there is something to draw, its drawings, from the results in `folder`.

    Raises:
        InputError: matplotlib is missing.
    """
    latest = newest(folder)
    found = load(one for one in latest.values() if one.run.kind in ORDER)
    sure = confidences(found.measured)
    files = {PAGE: page(found, latest.get(("page", "")), latest.get(("folders", "")))}
    if sure:
        files |= {REFUSAL: refusal_plot(sure), RELIABILITY: reliability_plot(sure)}
    files |= ingest_page.files(one for one in latest.values() if one.run.kind == ingest_page.KIND)
    for name, text in files.items():
        write_text(docs / name, text)
    return tuple(docs / name for name in files)


def page(found: Loaded, waited: Result | None = None, folders: Result | None = None) -> str:
    """The whole page as Markdown.

    Args:
        waited: how long people waited in the browser, where that was measured.
        folders: what other folders than the seeds came to, where that was.
    """
    sections = (
        _runs(found),
        _targets(found.measured),
        _known(found.measured),
        _folders(folders),
        _suites(found.measured),
        _chosen(found.measured),
        _curves(found.measured),
        _checker(found.measured),
        _scripted(found.measured),
        _ablations(found),
        _waits(waited),
    )
    return "\n\n".join([HEAD, *(part for section in sections for part in section)]) + "\n"


def _folders(run: Result | None) -> Iterator[str]:
    if run is None:
        return
    try:
        figures = TypeAdapter(elsewhere.Elsewhere).validate_python(run.data["figures"])
    except (ValidationError, KeyError):  # of another version
        return
    yield f"{SECTION} {elsewhere.TITLE}"
    yield ELSEWHERE.format(day=run.run.when[:10], commit=run.run.commit)
    yield table(elsewhere.grid(figures))
    yield elsewhere.SAID


def _waits(run: Result | None) -> Iterator[str]:
    if run is None:
        return
    try:
        figures = TypeAdapter(PageFigures).validate_python(run.data["figures"])
    except (ValidationError, KeyError):  # of another version
        return
    yield f"{SECTION} How long people wait"
    yield WAITED.format(day=run.run.when[:10], commit=run.run.commit, options=run.run.sample)
    yield from (markdown(grid) for grid in page_grids(figures))


def _runs(found: Loaded) -> Iterator[str]:
    yield f"{SECTION} What was run"
    if found.runs:
        yield table(_runs_grid(found.runs))
    missing = [(told(*one), command(*one)) for one in found.missing()]
    if missing:
        yield "Not measured, so nothing is said of it:"
        yield "\n".join(f"- {name}: `{repeat}`" for name, repeat in missing)
    if found.stale:
        yield "Measured by another version of this program and left out; run it again:"
        yield "\n".join(
            f"- {told(one.run.kind, one.run.name)}: `{command(one.run.kind, one.run.name)}`" for one in found.stale
        )
    for machine in dict.fromkeys(machine_in_words(one.data.get("machine") or {}) for one in found.runs):
        yield f"Measured on {machine}."


def _runs_grid(runs: Sequence[Result]) -> Grid:
    rows = tuple(
        (
            told(one.run.kind, one.run.name),
            f"{one.run.questions:,}{' (a sample)' if one.run.sample else ''}",
            one.run.commit,
            one.run.when[:10],
            _models(one.data.get("made with") or {}),
            f"`{command(one.run.kind, one.run.name, one.run.sample)}`",
        )
        for one in runs
    )
    return Grid("", ("run", "questions", "commit", "day", "models", "repeat with"), rows)


def _models(made_with: dict[str, Any]) -> str:
    return ", ".join(str(made_with[part]) for part in ("embedder", "model") if made_with.get(part))


def _targets(found: Measured) -> Iterator[str]:
    yield f"{SECTION} Targets"
    yield TARGETS
    yield table(targets_grid(found))


def _known(found: Measured) -> Iterator[str]:
    if found.known:
        yield f"{SECTION} Known answers"
        yield from map(markdown, known_grids(found.known))
    if found.ours and found.stock:
        yield f"{SECTION} Beside stock LlamaIndex"
        yield markdown(comparison_grid(found.ours, found.stock))


def _suites(found: Measured) -> Iterator[str]:
    named = [*(Named(name, one) for name, one in found.suites.items()), *(Named(*one) for one in found.own.items())]
    if not named:
        return
    yield f"{SECTION} Suites"
    yield markdown(overview(named))
    for name, figures in found.suites.items():
        yield from map(markdown, suite_grids(name, figures))
    for name, own in found.own.items():
        yield from map(markdown, own_grids(name, own))


def _chosen(found: Measured) -> Iterator[str]:
    if found.chosen:
        yield f"{SECTION} Sentences"
        yield from (markdown(sentences_grid(name, one)) for name, one in found.chosen.items())


def _curves(found: Measured) -> Iterator[str]:
    if not confidences(found):
        return
    yield f"{SECTION} Refusals"
    yield REFUSALS
    yield f"![Right refusals against false refusals]({REFUSAL})"
    yield KEPT
    yield f"![Confidence against outcome]({RELIABILITY})"


def _checker(found: Measured) -> Iterator[str]:
    if found.checker:
        yield f"{SECTION} The checker"
        yield CHECKED
        yield from map(markdown, checker_grids(found.checker))


def _scripted(found: Measured) -> Iterator[str]:
    if found.scripted:
        yield f"{SECTION} Scripted replies"
        yield SCRIPTED
        yield from map(markdown, scripted_grids(found.scripted))


def _ablations(found: Loaded) -> Iterator[str]:
    if not found.ablations:
        return
    yield f"{SECTION} A part left out"
    yield LEFT_OUT
    for name, rows in found.ablations.items():
        yield markdown(ablation_grid(told("ablation", name), rows, of_suite=bool(name)))
