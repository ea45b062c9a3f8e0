"""Draws an evaluation as HTML: how a run stands, figures at a glance, tables and drawings.

Pure functions of results; does not know Gradio, nor how a run is started. What comes from documents, questions, file
names and results files passes through `escape`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from eval.curve import refusal_curve
from eval.last import Beside, Last, LastRun
from eval.metrics import Share
from eval.run import ASKING, DEPTHS, TOTAL
from eval.stock import Side
from eval.tables import KINDS, STAGES, rest
from ui.drawings import bars, durations_svg, refusal_rows, refusal_svg
from ui.markup import escape
from ui.measuring import Measuring

KNOWN_NAME = "Known answers"

Cell = str
"""HTML of a table's cell: escaped already."""

NOTHING_YET = """<div class="scores"><div class="blank"><h2>Nothing was measured yet</h2>
<p>An evaluation asks questions whose answers are known, and counts how many come out right, how often a question that
the documents do not answer is refused, and whether every footnote holds what it should. It takes a few minutes.</p>
</div></div>"""


ALREADY = "The evaluation is running already."


def progress(state: Measuring, found: LastRun | None = None, *, again: bool = False) -> str:
    """How an evaluation stands: what it is at, or how the last one ended. `again`: it was to be started twice."""
    if state.running:
        inner = _running(state, f"{ALREADY} " if again else "")
    elif state.problem:
        inner = f'<p class="problem" role="alert">{escape(state.problem)}</p>'
    elif state.stopped:
        inner = '<p role="status">Stopped; no results were written.</p>'
    elif state.finished:
        inner = '<p role="status">Done: these are its figures.</p>'
    else:
        inner = f"<p>{_ahead(found)}</p>"
    return f'<div class="scores" aria-busy="{str(state.running).lower()}">{inner}</div>'


def _running(state: Measuring, before: str) -> str:
    if state.stopped:
        return '<p role="status">Stopping …</p>'
    if not (state.of and state.what == ASKING):
        return f'<p role="status">{before}Starting: reading the documents, loading the models …</p>'
    said = f"{before}Question {min(state.done + 1, state.of):,} of {state.of:,}"
    bar = f'<progress max="{state.of:d}" value="{state.done:d}" aria-label="{said}"></progress>'
    return f'<p role="status">{said}</p>{bar}'


def _ahead(found: LastRun | None) -> str:
    """What a run will take, by the last one."""
    taken = sum(one.seconds.get(TOTAL, 0.0) for one in found.scores) if found else 0.0
    about = f" The last run spent {taken / 60:.0f} minutes on answers." if taken >= 60 else ""
    return f"Asks the known questions about the seeds, in a process of its own; the page goes on answering.{about}"


def name_of(run: LastRun) -> str:
    """What a run is about, in words."""
    return run.run.name or KNOWN_NAME


def overview(found: LastRun) -> str:
    """All figures of a run, under a line on which run it is."""
    parts = (
        _heading(found),
        _glance(found),
        _kinds(found),
        _retrieval(found),
        f'<div class="drawn">{_refusals(found)}{_seconds(found)}</div>',
        _stages(found),
    )
    return f'<div class="scores">{"".join(parts)}</div>'


def stale(found: Last) -> str:
    """In place of a run: there is none that can be read."""
    if not found.stale:
        return NOTHING_YET
    return (
        '<div class="scores"><div class="blank"><h2>The last run is of another version</h2>'
        f"<p>It was measured on commit {escape(found.stale[0].commit)} and cannot be read any more: run it again.</p>"
        "</div></div>"
    )


def _heading(found: LastRun) -> str:
    run, machine = found.run, found.machine
    models = [str(found.made_with[part]) for part in ("embedder", "model") if found.made_with.get(part)]
    on = [str(machine[part]) for part in ("processor", "system") if machine.get(part)]
    facts = (
        f"{run.questions:,} questions{f' ({run.sample})' if run.sample else ''}",
        _day(run.when),
        f"commit {run.commit}",
        " and ".join(models),
        f"{machine.get('processors', '?')} × {on[0]}" if on else "",
    )
    said = "".join(f"<li>{escape(fact)}</li>" for fact in facts if fact)
    return f'<h2>How good the answers are</h2><ul class="about">{said}</ul>'


def _day(when: str) -> str:
    try:
        day = datetime.fromisoformat(when)
    except ValueError:
        return when
    return f"{day.day} {day:%B %Y, %H:%M} UTC"


def _glance(found: LastRun) -> str:
    """The figures that matter most, each with that of the stock pipeline where it was asked the same."""
    figures, beside = found.figures, found.beside
    total = figures.seconds.get(TOTAL)
    rival = beside.stock if beside else None
    tiles = (
        _tile("Right", figures.right, "state every required fact", rival.right if rival else None),
        _tile("Refused rightly", figures.refused, "of what no document answers", rival.refused if rival else None),
        _tile(
            "Refused falsely",
            rest(figures.answered),
            "of what the documents answer",
            rival.falsely_refused if rival else None,
        ),
        _tile("Citations right", figures.citations, "hold a required fact (precision)"),
        _tile("Facts cited", figures.facts_cited, "stand in a footnote (recall)"),
        _tile("Quotes verbatim", figures.verbatim, "stand in the file as shown"),
        _plain_tile("Words", f"{figures.words:.0f}", "an answer, median", f"{rival.words:.0f}" if rival else None),
        _plain_tile(
            "Seconds",
            f"{total.median:.2f}" if total else "–",
            f"an answer, median; 95\N{NO-BREAK SPACE}% within {total.p95:.1f}" if total else "not measured",
            f"{rival.seconds:.2f}" if rival else None,
        ),
    )
    return f'<dl class="glance">{"".join(tiles)}</dl>{_beside(beside) if beside else ""}'


def _tile(name: str, share: Share, said: str, stock: Share | None = None) -> str:
    of = f"{share.right} of {share.of} {said}" if share.of else "none asked"
    return _plain_tile(name, _percent(share), of, _percent(stock) if stock else None)


def _plain_tile(name: str, figure: str, said: str, stock: str | None) -> str:
    rival = f'<dd class="stock">stock {stock}</dd>' if stock else ""
    return f'<div><dt>{name}</dt><dd class="figure">{figure}</dd><dd class="said">{said}</dd>{rival}</div>'


def _percent(share: Share) -> str:
    return "–" if share.value is None else f"{100 * share.value:.0f}<small>\N{NO-BREAK SPACE}%</small>"


def _beside(found: Beside) -> str:
    run = found.run
    sample = f" ({escape(run.sample)})" if run.sample else ""
    sides: tuple[tuple[str, Side], ...] = (("Footnote", found.ours), ("stock LlamaIndex", found.stock))
    rows = [
        (
            name,
            str(side.right),
            str(side.refused),
            str(side.falsely_refused),
            f"{side.words:.0f}",
            f"{side.seconds:.2f}",
        )
        for name, side in sides
    ]
    headers = ("", "right", "refused rightly", "refused falsely", "words", "seconds")
    return (
        "<details class='beside'><summary>Stock: LlamaIndex as in its documentation, the same models, "
        f"{run.questions:,} questions{sample}, commit {escape(run.commit)}</summary>"
        f"{_table('Both on the same questions in one run', headers, rows)}</details>"
    )


def _kinds(found: LastRun) -> str:
    rows = [
        (
            f"<b>{escape(kind)}</b><span>{escape(KINDS.get(kind, ''))}</span>",
            f"{share.right} of {share.of}",
            f'<i class="meter" style="--part:{100 * (share.value or 0):.0f}%"></i>',
        )
        for kind, share in found.figures.right_by_kind.items()
    ]
    return _section("By kind of question", _table("Right, by kind of question", ("kind", "right", ""), rows, "kinds"))


def _retrieval(found: LastRun) -> str:
    rows = [
        (escape(mode), *(_percent(one.hits[depth]) for depth in DEPTHS), f"{one.mrr:.3f}")
        for mode, one in found.figures.retrieval.items()
    ]
    headers = ("search", *(f"in the first {depth}" if depth > 1 else "first" for depth in DEPTHS), "MRR@10")
    said = "How often a passage with the gold quote is found, by vectors, by words and by both, which answers rest on."
    return _section("Finding the passage", f"<p>{said}</p>{_table('Finding the passage', headers, rows)}")


def _refusals(found: LastRun) -> str:
    figures = found.figures
    curve = refusal_curve(figures.confidences)
    if not curve or figures.answered.value is None or figures.refused.value is None:
        return ""
    drawn = refusal_svg(curve, false=1 - figures.answered.value, right=figures.refused.value)
    headers = ("answerable refused, at most", "unanswerable refused")
    said = "At every threshold of the confidence; the nearer to the upper left, the better. The broken line is chance."
    return _section("Refusals, both ways", f"<p>{said}</p>{_drawing(drawn, headers, refusal_rows(curve))}")


def _seconds(found: LastRun) -> str:
    taken = [one.seconds[TOTAL] for one in found.scores if TOTAL in one.seconds]
    if not taken:
        return ""
    rows = [(f"{one.low:g} to {one.high:g}", str(one.count)) for one in bars(taken)]
    said = "How many answers took how long, from the question to the whole answer."
    return _section("Seconds", f"<p>{said}</p>{_drawing(durations_svg(taken), ('seconds', 'answers'), rows)}")


def _stages(found: LastRun) -> str:
    rows = [
        (f"<b>{escape(stage)}</b><span>{escape(STAGES.get(stage, ''))}</span>", f"{one.median:.3f}", f"{one.p95:.3f}")
        for stage, one in found.figures.seconds.items()
    ]
    headers = ("stage", "median", "95 % within")
    return _section("Seconds by stage", _table("Seconds by stage", headers, rows, "kinds")) if rows else ""


def _section(title: str, inner: str) -> str:
    return f"<section><h3>{title}</h3>{inner}</section>"


def _drawing(svg: str, headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """A drawing, and the figures that it was made of one click away."""
    table = _table("The figures of this drawing", headers, rows)
    return f"<figure>{svg}<details><summary>as a table</summary>{table}</details></figure>"


def _table(caption: str, headers: Sequence[str], rows: Iterable[Sequence[Cell]], kind: str = "") -> str:
    """A table; the first cell of a row is its heading."""
    head = "".join(f'<th scope="col">{escape(header)}</th>' if header else "<td></td>" for header in headers)
    body = "".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in others)}</tr>'
        for first, *others in rows
    )
    return (
        f'<div class="wide"><table class="{kind}"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
