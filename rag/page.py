"""A record as one HTML page that needs nothing beside itself: no script, no picture, no font from elsewhere.

Everything that comes from outside passes through `escape` and nowhere else. Does not know the program's own page.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from html import escape as escape_markup
from pathlib import Path

from rag import outline
from rag.record import Record
from rag.types import Answer, Citation, Disagreement, Sentence, Statement

STYLE = Path(__file__).parent / "page.css"


def to_html(record: Record, data: str = "") -> str:
    """The record as a page.

    Args:
        data: a block that shows nothing, to go with the page.
    """
    style, title = _style(), escape(outline.title(record))
    answers = "".join(_answer(record, answer, number) for number, answer in enumerate(record.answers, 1))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_policy(style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<header class="masthead"><p class="program">Footnote</p><h1 dir="auto">{title}</h1>
<p class="made">{escape(outline.made(record))}</p></header>
<main>
{answers}</main>
<footer>{_documents(record)}
<p>To check this page against the documents: <code>{escape(outline.how_to_check(".html"))}</code></p></footer>
{data}</body>
</html>
"""


def escape(text: str) -> str:
    """Text as text, on one line."""
    return escape_markup(outline.flat(text), quote=True)


@cache
def _style() -> str:
    return STYLE.read_text("utf-8")


def _policy(style: str) -> str:
    """Nothing may be loaded, run or sent; only this very style applies."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _answer(record: Record, answer: Answer, number: int) -> str:
    known = {citation.number for citation in answer.citations}
    heading = f'<p class="heading">{escape(answer.heading)}</p>' if answer.heading else ""
    sentences = "".join(_sentence(sentence, number, known) for sentence in answer.sentences)
    return (
        f'<section class="exchange"><h2 dir="auto">{escape(answer.question)}</h2>\n'
        f'<div class="answer">{heading}{sentences}</div>\n{_remarks(answer)}'
        f"{''.join(_disagreement(one, number) for one in answer.disagreements)}"
        f"{_told(outline.TIMELINE, answer.timeline, number)}"
        f"{_footnotes(record, outline.SOURCES, answer.citations, number)}"
        f"{_footnotes(record, outline.CLOSEST, answer.closest, number)}</section>\n"
    )


def _sentence(sentence: Sentence, answer: int, known: set[int]) -> str:
    lead = f'<span class="lead">{escape(sentence.lead)}</span> ' if sentence.lead else ""
    chips = "".join(_chip(number, answer, known) for number in sentence.citations)
    checked = f'<span class="checked">\N{WORD JOINER}{outline.CHECKED}</span>' * (sentence.support == "supported")
    dates = f' <span class="dates">{escape(outline.resolved(sentence))}</span>' if sentence.dates else ""
    text = f"{escape(outline.quotation(sentence))}{chips}{checked}{dates}"
    return f'<p class="{escape(sentence.support)}" dir="auto">{lead}{text}</p>\n'


def _chip(number: int, answer: int, known: set[int]) -> str:
    if number not in known:  # the reader sees that the source is missing
        return f'<span class="chip missing">{number:d}</span>'
    return f'<a class="chip" href="#{_place(answer, number)}" aria-label="Footnote {number:d}">{number:d}</a>'


def _place(answer: int, number: int) -> str:
    return f"q{answer:d}-note{number:d}"


def _remarks(answer: Answer) -> str:
    rows = [f'<li class="legend"><b>{mark}</b> {meaning}</li>' for mark, meaning in outline.legend(answer)]
    rows += [f'<li class="reader" dir="auto">{escape(text)}</li>' for text in outline.remarks(answer)]
    return f'<ul class="remarks">{"".join(rows)}</ul>\n' if rows else ""


def _disagreement(one: Disagreement, answer: int) -> str:
    return _told(outline.differing(one), one.statements, answer)


def _told(heading: str, statements: Sequence[Statement], answer: int) -> str:
    """What reports say, a line each: a timeline, or the sides of a disagreement."""
    rows = "".join(_line(one, answer) for one in statements)
    return f'<div class="told"><h3>{heading}</h3><ul>{rows}</ul></div>\n' if rows else ""


def _line(one: Statement, answer: int) -> str:
    who, said = outline.statement(one)
    chip = _chip(one.citation, answer, {one.citation})
    return f'<li><span class="who" dir="auto">{escape(who)}</span> <q dir="auto">{escape(said)}</q>{chip}</li>'


def _footnotes(record: Record, heading: str, citations: Sequence[Citation], answer: int) -> str:
    notes = "".join(_footnote(record, citation, answer) for citation in citations)
    return f'<div class="footnotes"><h3>{heading}</h3><ol>{notes}</ol></div>\n' if notes else ""


def _footnote(record: Record, citation: Citation, answer: int) -> str:
    quote = "".join(f"<p>{escape(line)}</p>" for line in outline.lines(citation.quote))
    return (
        f'<li id="{_place(answer, citation.number)}"><span class="number">{citation.number:d}</span>'
        f'<div><p class="title" dir="auto">{escape(outline.name(citation))}</p>'
        f'<p class="origin" dir="auto">{escape(outline.origin(citation))}</p>'
        f'<blockquote dir="auto">{quote}</blockquote>'
        f'<p class="files">{"".join(_files(record, citation))}</p></div></li>\n'
    )


def _files(record: Record, citation: Citation) -> Iterator[str]:
    yield f"<code>{escape(citation.source)}</code>"
    yield f", {escape(citation.place)}" if citation.place else ""
    yield from (f"; also in <code>{escape(source)}</code>" for source in citation.also_in)
    if digest := outline.fingerprint(record, citation):
        yield f'; <span class="digest">SHA-256 <code>{escape(digest)}…</code></span>'


def _documents(record: Record) -> str:
    rows = "".join(
        f'<li><code>{escape(one.source)}</code> <span dir="auto">{escape(outline.name(one))}</span>'
        f'<code class="digest">{escape(one.sha256) or "gone when this was exported"}</code></li>'
        for one in record.sources
    )
    return f"<h2>{outline.DOCUMENTS}</h2><p>Each with the SHA-256 of its text.</p><ul>{rows}</ul>" if rows else ""
