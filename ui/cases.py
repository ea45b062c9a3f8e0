"""Draws the questions of an evaluation as HTML: what was expected, what was answered, the gold quote, why it is wrong.

Pure functions of results; does not know Gradio. What comes from outside passes through `escape`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

from eval.known import Known, Quote, Score
from eval.last import LastRun
from eval.metrics import holds_quote
from eval.run import faults
from ui.markup import escape

Show = Literal["Went wrong", "Went right", "All"]
SHOWS: tuple[Show, ...] = get_args(Show)
EVERY_KIND = "every kind"


def kinds(found: LastRun | None) -> list[str]:
    """The kinds of questions in a run, to choose from."""
    return [EVERY_KIND, *(found.figures.right_by_kind if found else ())]


def questions(found: LastRun | None, *, show: str = SHOWS[0], kind: str = EVERY_KIND) -> str:
    """The questions of a run, those that went wrong or right or all, of one kind or of every."""
    if found is None:
        return ""
    judged = [(one, faults(one)) for one in found.scores if kind in (EVERY_KIND, one.kind)]
    wanted = [(one, why) for one, why in judged if show == "All" or bool(why) == (show == SHOWS[0])]
    drawn = "".join(_question(one, why, found.cases.get(one.id)) for one, why in wanted)
    said = f"{len(wanted)} of {len(judged)} questions" if judged else "No question of this kind"
    return f'<div class="scores"><p class="counted" role="status">{said}</p><div class="cases">{drawn}</div></div>'


def _question(one: Score, why: Sequence[str], known: Known | None) -> str:
    """Closed: the verdict and the question. Open: what was expected, what was answered, the gold quote, why."""
    verdict = "wrong" if why else "right"
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in why)
    turns = "".join(f"<li>{escape(turn.question)}</li>" for turn in known.history) if known else ""
    parts = (
        f"<h4>Asked before</h4><ol>{turns}</ol>" if turns else "",
        f"<h4>Why it counts as wrong</h4><ul class='why'>{reasons}</ul>" if why else "",
        f"<h4>Expected</h4>{_expected(one, known)}",
        f'<h4>Answered</h4><p class="answered" dir="auto">{escape(one.answer)}</p>{_footnotes(one)}',
        _gold(one, known) if known else "",
    )
    return (
        f'<details class="case {verdict}"><summary><span class="verdict">{verdict}</span>'
        f'<span class="asked" dir="auto">{escape(one.question)}</span><span class="kind">{escape(one.kind)}</span>'
        f'</summary><div class="inside">{"".join(parts)}</div></details>'
    )


def _expected(one: Score, known: Known | None) -> str:
    if not one.answerable:
        return "<p>A refusal: the documents do not say.</p>"
    facts = known.facts if known else tuple((fact,) for fact in one.missing)
    if not facts:
        return "<p>An answer.</p>"
    return f"<ul>{''.join(_fact(fact, one.missing) for fact in facts)}</ul>"


def _fact(wordings: Sequence[str], missing: Sequence[str]) -> str:
    others = f' <span class="or">or {escape(", ".join(wordings[1:]))}</span>' if len(wordings) > 1 else ""
    state = "missing" if wordings[0] in missing else "there"
    return f'<li class="{state}">{escape(wordings[0])}{others} <em>{state}</em></li>'


def _footnotes(one: Score) -> str:
    if not one.footnotes:
        return ""
    named = "<h4>Closest passages shown</h4>" if one.refused else ""
    return f'{named}<ol class="notes">{"".join(f"<li>{_quoted(note)}</li>" for note in one.footnotes)}</ol>'


def _gold(one: Score, known: Known) -> str:
    if not known.quotes:
        return ""
    drawn = "".join(
        f"<li>{_quoted(gold)}{' <em>cited</em>' if _is_cited(gold, one) else ''}</li>" for gold in known.quotes
    )
    return f'<h4>Gold {"quotes" if len(known.quotes) > 1 else "quote"}</h4><ul class="notes">{drawn}</ul>'


def _is_cited(gold: Quote, one: Score) -> bool:
    return not one.refused and any(holds_quote(note.quote, gold.quote) for note in one.footnotes)


def _quoted(one: Quote) -> str:
    file = f"<code>{escape(one.source)}</code>" if one.source else ""
    return f'<q dir="auto">{escape(one.quote)}</q> {file}'
