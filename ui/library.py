"""Draws the documents: a table of files with their articles, dates, publishers and what became of each.

Pure functions of their arguments; does not know Gradio or the pipeline.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rag.dates import say
from rag.listing import Entry, Listed, Order, Wanted
from rag.types import FileReport
from ui.markup import button, count, escape

PAGE = 50
"""Files on one page of the table."""
ARTICLES = 100
"""Of one file's articles, so many are named."""
NAMED = 3
"""Of files of which the same is to be said, so many are named."""
COLUMNS: tuple[tuple[str, Order], ...] = (
    ("Document", "title"),
    ("Published by", "publisher"),
    ("Date", "date"),
    ("Passages", "passages"),
    ("State", "state"),
)
TOOLS = (
    '<form class="tools" role="search" aria-label="Documents">'
    '<input type="search" name="search" placeholder="Search titles and file names" aria-label="Search">'
    '<input type="text" name="publisher" list="publishers" placeholder="Publisher" aria-label="Publisher">'
    '<label>from <input type="date" name="since" aria-label="From"></label>'
    '<label>to <input type="date" name="until" aria-label="To"></label>'
    '<button type="button" class="quiet within" data-event="within">Ask only these</button>'
    "</form>"
)
NOTHING_FITS = "No document fits. Take away a word or a date."
NOTHING_YET = "There are no documents yet. Drop files here, or choose Add documents."


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of the table."""

    files: Sequence[Listed]
    """Of this page."""
    total: int
    """Files that fit what is wanted."""
    page: int
    """From 0."""
    wanted: Wanted
    publishers: Sequence[str] = ()
    removable: Collection[str] = ()
    """Files that came by this page, and may go by it."""


def table(shown: Shown) -> str:
    """The files, one line each; a file of several articles opens."""
    names = "".join(f'<option value="{escape(name)}"></option>' for name in shown.publishers)
    known = f'<datalist id="publishers">{names}</datalist>'
    if not shown.files:
        narrowed = any((shown.wanted.search, shown.wanted.publisher, shown.wanted.since, shown.wanted.until))
        return f'{known}<p class="none">{NOTHING_FITS if narrowed else NOTHING_YET}</p>'
    rows = "".join(_row(one, one.report.source in shown.removable) for one in shown.files)
    return f"{known}<table><thead><tr>{_heads(shown.wanted)}</tr></thead><tbody>{rows}</tbody></table>{_pages(shown)}"


def adding(folder: str, *, most: int, megabytes: int) -> str:
    """Where files are added, and where they go."""
    return (
        f'<div class="adding" data-most="{most:d}"><input type="file" multiple hidden aria-label="Files to add">'
        f"<p>{button('Add documents', event='pick', classes='quiet add')} or drop them here: up to {most} at a time, "
        f"{megabytes:,} MB each. They are kept in <code>{escape(folder)}</code>.</p>"
        '<ul class="sending" aria-live="polite"></ul></div>'
    )


def added(number: int, beside: Sequence[tuple[str, str]] = (), known: Sequence[str] = ()) -> str:
    """That files were added, and what became of those whose name was taken.

    Args:
        beside: of the files that were added, their own name and the one they were given instead.
        known: files that were there already.
    """
    said = [f"Added {count(number, 'document')}."] if number else []
    said += [f"There is another {name}: both are kept, this one as {instead}." for name, instead in beside[:NAMED]]
    said += [f"{len(beside) - NAMED:,} more were given another name, too."] if len(beside) > NAMED else []
    if known:
        names = ", ".join(known[:NAMED]) + (f" and {len(known) - NAMED:,} more" if len(known) > NAMED else "")
        said.append(f"Already there, with the same content: {names}.")
    return "".join(f'<p class="added" role="status" dir="auto">{escape(line)}</p>' for line in said)


def refused(reasons: Sequence[str]) -> str:
    """What could not be added or taken out, a line each."""
    lines = "".join(f"<li>{escape(reason)}</li>" for reason in reasons)
    return f'<ul class="problem" role="alert">{lines}</ul>' if lines else ""


def _heads(wanted: Wanted) -> str:
    heads = ['<th class="pick"><input type="checkbox" data-pick="all" aria-label="Choose all on this page"></th>']
    for label, order in COLUMNS:
        here = wanted.order == order
        sorting = f' aria-sort="{"descending" if wanted.falling else "ascending"}"' if here else ""
        falling = int(not wanted.falling if here else order in ("date", "passages"))
        sort = button(label, event="sort", classes="sort", order=order, falling=falling)
        heads.append(f'<th scope="col" class="{order}"{sorting}>{sort}</th>')
    return "".join(heads) + '<th><span class="unseen">Actions</span></th>'


def _row(one: Listed, removable: bool) -> str:
    report = one.report
    source = escape(report.source)
    usable = report.state in ("indexed", "unchanged")
    off = "" if usable else " disabled"
    pick = f'<input type="checkbox" data-pick="{source}"{off} aria-label="{escape(f"Choose {one.title}")}">'
    publishers = escape(", ".join(one.publishers[:3])) + (" …" if len(one.publishers) > 3 else "")
    bin_ = button("", event="remove", classes="icon bin", name="Remove", source=report.source) if removable else ""
    return (
        f'<tr class="{"usable" if usable else "unusable"}"><td class="pick">{pick}</td>'
        f'<td class="title" dir="auto">{_title(one)}</td><td class="publisher" dir="auto">{publishers}</td>'
        f'<td class="date">{_date(one)}</td><td class="passages">{report.passages or ""}</td>'
        f'<td class="state">{_state(report)}</td><td class="do">{bin_}</td></tr>'
    )


def _title(one: Listed) -> str:
    """The title opens the article; several articles are named behind the file's name."""
    source = one.report.source
    if not one.articles:
        return f"<code>{escape(source)}</code>"
    if len(one.articles) == 1:
        named = f'<code class="file">{escape(source)}</code>' if one.title != source else ""
        return _opens(one.articles[0], one.title) + named
    articles = "".join(
        f'<li>{_opens(article, article.title or "Untitled")} <span class="of">{_of(article)}</span></li>'
        for article in one.articles[:ARTICLES]
    )
    if (more := len(one.articles) - ARTICLES) > 0:
        articles += f"<li>and {more:,} more</li>"
    return (
        f"<details><summary><code>{escape(source)}</code> {count(len(one.articles), 'article')}</summary>"
        f"<ul>{articles}</ul></details>"
    )


def _opens(article: Entry, label: str) -> str:
    return button(escape(label), event="read", classes="read", article=article.id)


def _of(article: Entry) -> str:
    return " · ".join(escape(part) for part in (article.publisher or "", say(article.published)) if part)


def _date(one: Listed) -> str:
    if not one.articles:
        return ""
    how = f' title="Found in: {escape(one.report.dated)}"' if one.report.dated else ""
    return f"<span{how}>{escape(say(one.newest))}</span>"


def _state(report: FileReport) -> str:
    """What became of the file, in a word, and why where that is not plain."""
    said = {"unchanged": "indexed"}.get(report.state, report.state)
    if report.copy:
        said = f"{report.copy} of {report.copy_of}"
    reasons = [report.reason] if report.reason else []
    reasons += [f"addresses a language model: {flag}" for flag in report.flags[:3]]
    more = "".join(f'<span class="why">{escape(reason)}</span>' for reason in reasons)
    return f'<span class="is {escape(report.state.replace(" ", "-"))}">{escape(said)}</span>{more}'


def _pages(shown: Shown) -> str:
    first = shown.page * PAGE + 1
    last = first + len(shown.files) - 1
    back = button("", event="page", classes="icon back", name="Page before", page=shown.page - 1) if shown.page else ""
    on = (
        button("", event="page", classes="icon on", name="Next page", page=shown.page + 1) if last < shown.total else ""
    )
    return f'<p class="pages">{back}<span>{first:,}–{last:,} of {count(shown.total, "document")}</span>{on}</p>'
