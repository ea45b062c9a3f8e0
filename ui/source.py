"""Draws the sources panel: a citation's passage in its article, the quote marked, and where all of it comes from.

Pure functions of their arguments; does not know Gradio or where articles are kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag import Article, Citation
from ui.markup import button, escape, flow, origin, title

CONTEXT = 1_500
"""Characters of the article shown on either side of a quote: about what a panel holds without scrolling."""
CONTEXT_LEAST = 80
"""With fewer characters than this in whole sentences, the context is cut at a word instead."""
WHOLE = 200_000
"""Characters on either side of a quote that are shown at most, so that a book of many megabytes can be opened too."""
GONE = "This document is no longer indexed as it was; the quote is shown as it was cited."
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*\s+|\s*\n\s*")
_SPACE = re.compile(r"\s")
_CUT = '<span class="cut">…</span>'
_CLOSE = button("", event="close", classes="icon close", name="Close")


@dataclass(frozen=True, slots=True)
class Opened:
    """What the panel shows: one of an exchange's citations, or of the passages that were closest."""

    citation: Citation
    kind: str
    exchange: int
    total: int
    """How many citations of this kind the exchange has."""
    whole: bool = False
    """Whether the whole article is shown, and not only what stands around the quote."""


def panel(opened: Opened, article: Article | None, *, turn: int = 0) -> str:
    """The panel for one citation. `turn`: how often something was opened, so that no two values are the same."""
    cited = opened.citation
    current = article if article and article.text[cited.start : cited.end] == cited.quote else None
    gone = "" if current else f'<p class="gone">{GONE}</p>'
    return (
        f'<article class="source" data-turn="{turn:d}" aria-label="Source {cited.number:d}">'
        f'<header><p class="steps">{_steps(opened)}</p>'
        f'<h2 tabindex="-1" dir="auto">{title(cited)}</h2>'
        f'<p class="origin">{origin(cited.publisher, cited.published)}</p></header>'
        f'{gone}<div class="passage" dir="auto" tabindex="0" role="region" aria-label="Passage">'
        f"{passage(cited, article, context=WHOLE if opened.whole else CONTEXT)}</div>"
        f"<footer>{_whole(opened, current)}{_files(cited)}</footer></article>"
    )


def whole_article(article: Article, *, turn: int = 0) -> str:
    """The panel for an article that nothing is cited from. `turn`: as for `panel`."""
    name = article.title or article.source
    cut = f" {_CUT}" if len(article.text) > WHOLE else ""
    place = f", {escape(article.places[0][1])}" if article.places else ""
    return (
        f'<article class="source" data-turn="{turn:d}" aria-label="{escape(name)}">'
        f'<header><p class="steps"><span>Document</span>{_CLOSE}</p>'
        f'<h2 tabindex="-1" dir="auto">{escape(name)}</h2>'
        f'<p class="origin">{origin(article.publisher, article.published)}</p></header>'
        f'<div class="passage" dir="auto" tabindex="0" role="region" aria-label="Article">'
        f"{flow(article.text[:WHOLE])}{cut}</div>"
        f'<footer><p class="files">File: <code>{escape(article.source)}</code>{place}</p></footer></article>'
    )


def problem(said: str, *, turn: int = 0) -> str:
    """The panel where there is nothing to show, with the reason. `turn`: as for `panel`."""
    return (
        f'<article class="source" data-turn="{turn:d}" aria-label="Source"><header><p class="steps"><span>Source</span>'
        f'{_CLOSE}</p><h2 tabindex="-1">Nothing to show</h2></header><p class="gone">{escape(said)}</p></article>'
    )


def passage(citation: Citation, article: Article | None, *, context: int = CONTEXT) -> str:
    """The quote, marked, in what stands around it; alone where its article is gone or has changed."""
    start, end = citation.start, citation.end
    if article is None or article.text[start:end] != citation.quote:
        return f"<mark>{flow(citation.quote)}</mark>"
    before, after = _before(article.text[:start], context), _after(article.text[end:], context)
    return f"{before}<mark>{flow(citation.quote)}</mark>{after}"


def _steps(opened: Opened) -> str:
    """Which citation this is, and buttons to the one before and the one after."""
    number = opened.citation.number
    place = f"{number:d} of {opened.total:d}"
    back = _step(opened, number - 1, "Source before", "back") if number > 1 else ""
    on = _step(opened, number + 1, "Next source", "on") if number < opened.total else ""
    return f"{back}<span>{'Source' if opened.kind == 'citation' else 'Passage'} {place}</span>{on}{_CLOSE}"


def _step(opened: Opened, number: int, name: str, icon: str) -> str:
    return button(
        "", event="open", classes=f"icon {icon}", name=name, kind=opened.kind, exchange=opened.exchange, footnote=number
    )


def _whole(opened: Opened, article: Article | None) -> str:
    cited = opened.citation
    if opened.whole or article is None or max(cited.start, len(article.text) - cited.end) <= CONTEXT:
        return ""
    return button(
        "Show the whole article",
        event="open",
        classes="whole",
        kind=opened.kind,
        exchange=opened.exchange,
        footnote=cited.number,
        whole=1,
    )


def _files(citation: Citation) -> str:
    also = "".join(f"; also in <code>{escape(source)}</code>" for source in citation.also_in)
    place = f", {escape(citation.place)}" if citation.place else ""
    return f'<p class="files">File: <code>{escape(citation.source)}</code>{place}{also}</p>'


def _before(text: str, context: int) -> str:
    """The last sentences of a text, from the start of one."""
    if len(text) <= context:
        return flow(text.lstrip())
    near = text[-context:]
    breaks = [match for match in (_SENTENCE_END.search(near), _SPACE.search(near)) if match]
    start = next((found.end() for found in breaks if found.end() <= context - CONTEXT_LEAST), 0)
    return f"{_CUT} {flow(near[start:])}"


def _after(text: str, context: int) -> str:
    """The first sentences of a text, to the end of one."""
    if len(text) <= context:
        return flow(text.rstrip())
    near = text[:context]
    breaks = [*[*_SENTENCE_END.finditer(near)][-1:], *[*_SPACE.finditer(near)][-1:]]
    end = next((found.end() for found in breaks if found.end() >= CONTEXT_LEAST), context)
    return f"{flow(near[:end].rstrip())} {_CUT}"
