"""Draws what a person sees of a conversation: exchanges, footnotes and the status line, as HTML.

Pure functions of their arguments; does not know Gradio, the pipeline or how the page reacts. Everything that
comes from outside (documents, file names, questions, models) passes through `escape` and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape as escape_markup
from pathlib import PurePath
from typing import Literal

from rag import Answer, Article, Citation, Coverage, Sentence, Status, Upkeeping
from rag.answer import covering, reading_of
from rag.dates import say

CONTEXT = 420
"""Characters of the article shown on either side of a quote: three to four sentences of news prose."""
CONTEXT_LEAST = 80
"""With fewer characters than this in whole sentences, the context is cut at a word instead."""

FindArticle = Callable[[str], Article | None]
"""The article of an id, or None where it cannot be had any more."""

_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*\s+|\s*\n\s*")
_SPACE = re.compile(r"\s")
_LINE_BREAKS = re.compile(r"\s*\n\s*")
_QUOTE_MARKS = '"“”„«»'
_CHECKED = (
    "\N{WORD JOINER}"  # no line break before the mark
    '<span class="checked" role="img" aria-label="checked" title="Checked against its source">✓</span>'
)
_CUT = '<span class="cut">…</span>'

WAITING = "Looking through the documents"
WRITING = "Writing"
STOPPED = "Stopped here."
STOPPED_EMPTY = "Stopped before there was an answer."
IDLE = Upkeeping()
SKIPPED_SHOWN = 30
"""Of the files that were left out, so many are named."""
CLOSEST = "Closest I found"
SOURCES = "Sources"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question, and what is known of its answer so far."""

    number: int
    question: str
    state: Literal["waiting", "writing", "done", "stopped", "failed"] = "waiting"
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    closest: tuple[Citation, ...] = ()
    notes: tuple[str, ...] = ()
    heading: str = ""
    coverage: Coverage | None = None
    reading: str = ""
    """What was searched for beside the question itself."""
    problem: str = ""
    """One sentence on what went wrong, when it failed."""

    @classmethod
    def of(cls, answer: Answer, number: int = 1) -> Exchange:
        """A finished answer, ready to be drawn."""
        return cls(
            number=number,
            question=answer.question,
            state="done",
            sentences=answer.sentences,
            citations=answer.citations,
            closest=answer.closest,
            notes=answer.notes,
            heading=answer.heading,
            coverage=answer.coverage,
            reading=reading_of(answer),
        )


def escape(text: str) -> str:
    """Text as text: no markup passes, and what no browser can be sent (half a surrogate pair) becomes "?"."""
    return escape_markup(text.encode("utf-8", "replace").decode(), quote=True)


def conversation(drawn: Sequence[str], *, busy: bool = False) -> str:
    """The exchanges, already drawn, oldest first. `busy`: the newest is still being written."""
    return f'<div class="conversation" aria-busy="{str(busy).lower()}">{"".join(drawn)}</div>'


def exchange(shown: Exchange, find: FindArticle) -> str:
    """One question with its answer, the footnotes, and how it stands."""
    numbers = {citation.number: citation for citation in shown.citations}
    sentences = "".join(_sentence(sentence, shown.number, numbers) for sentence in shown.sentences)
    return (
        f'<section class="exchange {shown.state}">'
        f'<h2 class="question" dir="auto">{escape(shown.question)}</h2>'
        f'<div class="answer" aria-live="polite">{_heading(shown)}{sentences}{_progress(shown)}</div>'
        f"{_remarks(shown)}"
        f"{_footnotes(SOURCES, shown.citations, shown.number, find)}"
        f"{_footnotes(CLOSEST, shown.closest, shown.number, find, preview=True)}"
        "</section>"
    )


def _heading(shown: Exchange) -> str:
    return f'<p class="heading">{escape(shown.heading)}</p>' if shown.heading else ""


def message(text: str) -> str:
    """A sentence beside the question box, for what cannot be asked; empty text clears it."""
    return f'<p class="message" role="alert">{escape(text)}</p>' if text else ""


def welcome(status: Status) -> str:
    """What stands above the example questions before anything is asked."""
    return (
        '<div class="welcome"><h2>Ask your documents</h2>'
        f"<p>Answers come from <strong>{escape(_folder(status))}</strong> and nowhere else. "
        "Every sentence is a quote, or was checked against one, and its footnote opens the passage.</p></div>"
    )


def status_line(status: Status, upkeep: Upkeeping = IDLE) -> str:
    """What is indexed, how far that has come, what was left out and why, and which models run."""
    counts = ", ".join(
        (_count(status.files, "file"), _count(status.articles, "article"), _count(status.passages, "passage"))
    )
    return (
        '<header class="masthead"><h1>Footnote</h1>'
        f'<p class="status"><span title="{escape(status.folder)}">{escape(_folder(status))}</span>: {counts}'
        f'<span class="models"><span>search <b>{escape(status.embedder)}</b></span> '
        f"<span>wording <b>{escape(status.model)}</b></span></span></p>"
        f"{_upkeep(status, upkeep)}{_skipped(status)}</header>"
    )


def _upkeep(status: Status, upkeep: Upkeeping) -> str:
    """What is being indexed just now, as a bar with words; or why that ended early."""
    if upkeep.problem is not None:
        return f'<p class="upkeep problem" role="alert">{escape(str(upkeep.problem))}</p>'
    if not upkeep.running:
        return ""
    reading = upkeep.what.startswith("reading")
    behind = "Answers rest on what is read." if reading else "All is found by its words already."
    unit = "files read" if reading else "passages embedded"
    said = f"{upkeep.done:,} of {upkeep.total:,} {unit}" if upkeep.total else "looking through the folder"
    far = f' max="{upkeep.total}" value="{upkeep.done}"' if upkeep.total else ""
    return f'<p class="upkeep" aria-live="off"><progress{far}></progress> Indexing: {said}. {behind}</p>'


def _skipped(status: Status) -> str:
    if not status.skipped:
        return ""
    rows = "".join(
        f"<li><code>{escape(file.source)}</code> {escape(file.reason or file.state)}</li>"
        for file in status.skipped[:SKIPPED_SHOWN]
    )
    if (more := len(status.skipped) - SKIPPED_SHOWN) > 0:
        rows += f"<li>and {more:,} more</li>"
    return (
        f'<details class="skipped"><summary>{_count(len(status.skipped), "file")} left out</summary>'
        f"<ul>{rows}</ul></details>"
    )


def _folder(status: Status) -> str:
    return PurePath(status.folder).name or status.folder or "These documents"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _sentence(sentence: Sentence, exchange_number: int, numbers: dict[int, Citation]) -> str:
    text = escape(sentence.text)
    if sentence.support == "quoted" and not _in_quote_marks(sentence.text):
        text = f"“{_apart(sentence.text[:1])}{text}{_apart(sentence.text[-1:])}”"
    chips = "".join(_chip(number, exchange_number, numbers.get(number)) for number in sentence.citations)
    checked = _CHECKED if sentence.support == "supported" else ""
    lead = f'<span class="lead">{escape(sentence.lead)}</span> ' if sentence.lead else ""
    return f'<p class="sentence {sentence.support}" dir="auto">{lead}{text}{chips}{checked}{_dates(sentence)}</p>'


def _dates(sentence: Sentence) -> str:
    """What the sentence's relative dates come to: a quote from last year says "next month" still."""
    said = "; ".join(f"{phrase}: {say(value)}" for phrase, value in sentence.dates)
    return f' <span class="dates">({escape(said)})</span>' if said else ""


def _in_quote_marks(text: str) -> bool:
    """Whether the whole of it is one quotation already; two of them in a row are not."""
    marks = [place for place, character in enumerate(text) if character in _QUOTE_MARKS]
    return marks == [0, len(text) - 1]


def _apart(neighbour: str) -> str:
    """A thin space where our quotation mark would touch one of the quote's own."""
    return "\N{NARROW NO-BREAK SPACE}" if neighbour in _QUOTE_MARKS else ""


def _chip(number: int, exchange_number: int, citation: Citation | None) -> str:
    if citation is None:  # cannot happen; if it does, the reader sees that the source is missing
        return f'<span class="chip missing" title="This source is missing">{number:d}</span>'
    origin = escape(f"{citation.publisher or citation.title or citation.source}, {say(citation.published)}")
    target = _footnote_id(exchange_number, number)
    label = f"Footnote {number:d}: {origin}"
    return f'<a class="chip" href="#{target}" title="{origin}" aria-label="{label}">{number:d}</a>'


def _progress(shown: Exchange) -> str:
    match shown.state:
        case "waiting":
            return f'<p class="progress">{WAITING}</p>'
        case "writing":
            return f'<p class="progress">{WRITING}</p>'
        case "stopped":
            return f'<p class="ended">{STOPPED if shown.sentences else STOPPED_EMPTY}</p>'
        case "failed":
            return f'<p class="problem" role="alert">{escape(shown.problem)}</p>'
        case "done":
            return ""


def _remarks(shown: Exchange) -> str:
    """How the answer is backed, in words, and what its reader should know."""
    kinds = {sentence.support for sentence in shown.sentences}
    legend = (
        ("quoted", "<b>“ ”</b>word for word from its source"),
        ("supported", "<b>✓</b>reworded, and checked against its source"),
    )
    remarks = [f'<li class="legend">{line}</li>' for kind, line in legend if kind in kinds]
    said = (covering(shown.coverage) if shown.coverage else "", *shown.notes, shown.reading)
    remarks += [f'<li class="reader" dir="auto">{escape(note)}</li>' for note in said if note]
    return f'<ul class="remarks">{"".join(remarks)}</ul>' if remarks else ""


def _footnotes(
    heading: str, citations: Sequence[Citation], exchange_number: int, find: FindArticle, *, preview: bool = False
) -> str:
    if not citations:
        return ""
    notes = "".join(_footnote(citation, exchange_number, find, preview) for citation in citations)
    return f'<div class="footnotes"><h3>{heading}</h3><ol>{notes}</ol></div>'


def _footnote(citation: Citation, exchange_number: int, find: FindArticle, preview: bool) -> str:
    """Closed: number, title, publisher and date, and a preview of a quote that no sentence of the answer shows.

    Open: the quote, marked, in its context, and the files.
    """
    quote = f'<span class="preview" dir="auto">{escape(citation.quote)}</span>' if preview else ""
    title = escape(citation.title or citation.source)
    origin = " · ".join(escape(part) for part in (citation.publisher or "", say(citation.published)) if part)
    return (
        f'<li><details id="{_footnote_id(exchange_number, citation.number)}">'
        f'<summary><span class="number">{citation.number:d}</span>'
        f'<span class="title" dir="auto">{title}</span> <span class="origin">{origin}</span>{quote}</summary>'
        f'<blockquote dir="auto">{passage(citation, find(citation.article_id))}</blockquote>'
        f"{_files(citation)}</details></li>"
    )


def _footnote_id(exchange_number: int, number: int) -> str:
    return f"q{exchange_number:d}-note{number:d}"


def _files(citation: Citation) -> str:
    also = "".join(f"; also in <code>{escape(source)}</code>" for source in citation.also_in)
    place = f", {escape(citation.place)}" if citation.place else ""
    return f'<p class="files">File: <code>{escape(citation.source)}</code>{place}{also}</p>'


def passage(citation: Citation, article: Article | None) -> str:
    """The quote, marked, between the sentences around it; alone where its article is gone or has changed."""
    start, end = citation.start, citation.end
    if article is None or article.text[start:end] != citation.quote:
        return f"<mark>{_flow(citation.quote)}</mark>"
    return f"{_before(article.text[:start])}<mark>{_flow(citation.quote)}</mark>{_after(article.text[end:])}"


def _before(text: str) -> str:
    """The last sentences of a text, from the start of one."""
    if len(text) <= CONTEXT:
        return _flow(text.lstrip())
    near = text[-CONTEXT:]
    breaks = [match for match in (_SENTENCE_END.search(near), _SPACE.search(near)) if match]
    start = next((found.end() for found in breaks if found.end() <= CONTEXT - CONTEXT_LEAST), 0)
    return f"{_CUT} {_flow(near[start:])}"


def _after(text: str) -> str:
    """The first sentences of a text, to the end of one."""
    if len(text) <= CONTEXT:
        return _flow(text.rstrip())
    near = text[:CONTEXT]
    breaks = [*[*_SENTENCE_END.finditer(near)][-1:], *[*_SPACE.finditer(near)][-1:]]
    end = next((found.end() for found in breaks if found.end() >= CONTEXT_LEAST), CONTEXT)
    return f"{_flow(near[:end].rstrip())} {_CUT}"


def _flow(text: str) -> str:
    """Escaped text in which line breaks are small gaps, so that an article's paragraphs stay apart."""
    return '<span class="gap"></span>'.join(escape(part) for part in _LINE_BREAKS.split(text))
