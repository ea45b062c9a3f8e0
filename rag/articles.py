"""`Document` → dated, cleaned `Article`s.

A saved page may hold several reports: each becomes an article of its own, with the title, publisher and
date that its header lines give. What belongs to the page and not to a report (comment forms, share
buttons, lists of links) is left out. A document without signs of being a page is kept whole. Does not
know how articles are cut into passages, nor which of them repeat each other (`rag.duplicates`).
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise, takewhile
from pathlib import PurePosixPath

from rag.datelines import dateline, in_name, is_dateline
from rag.dates import recency
from rag.heads import NAME_WORDS, is_byline, is_greeting, title_and_publisher
from rag.lines import Kind, Line, moment, to_lines
from rag.read import PAGES, SUFFIXES
from rag.types import Article, Document, Place

TITLE_WORDS = 24
RECORD = "record "
"""Places of this name are those of records."""
PAGE_SIGNS = 2
"""So many different signs make a page, one of them a sign that nothing but a site gives: notes may well have
the headings `See also`, `Comments` and `Tags`."""
LOG_ENTRIES = 2
"""So many dates with prose below each make a log."""
PRINTED = "PDF info"
NOTED = (PRINTED, "document properties")
"""Days that programs noted: a letter written over an old one keeps the day of that, a PDF is of the day when it was
printed. What is later than that, a PDF may tell of, but it was not written then."""
FORM_WORDS = 2
SURE_FORM_WORDS = 3
_FORM = re.compile(
    r"\b(?:comments?|moderat\w+|guidelines|abus(?:e|ive)|profanity|log ?in|sign in|repl(?:y|ies)|email|required)\b",
    re.I,
)
_EVERYDAY = re.compile(r"comment|repl|email", re.I)
"""Words of a form that a handbook has as well: alone they make no form."""
_AD = re.compile(r"advert|sponsor", re.I)
"""It stands between two paragraphs of a report, and is no heading of the second."""
_STEP = re.compile(r"\d+[.)]\s|[-*•]\s+(?:\S+\s+){3}")
"""An item of instructions; those of a list of links are shorter and have no numbers."""
_BY_NAME = re.compile(r"By [A-Z]\S+ (?:[A-Z]|and )")
_SENTENCE_END = re.compile(r"[a-z]{2}[.!?] +[A-Z]")
"""Inside a line it tells the beginning of a text from its title."""
_LABELS = (Kind.RELATED, Kind.COMMENTS)
_FURNITURE = (Kind.SITE, Kind.FURNITURE, Kind.MARKER)
_JUNK = (*_FURNITURE, Kind.TIME)


@dataclass(slots=True)
class _Section:
    """The lines from one header or label to the next."""

    opener: Kind
    """`TIME` after a header, `RELATED` or `COMMENTS` after such a label, `BLANK` at the start."""
    header: list[Line] = field(default_factory=list)
    body: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class _Draft:
    """One article while its lines are gathered."""

    lines: list[Line]
    title: str | None = None
    publisher: str | None = None
    when: str | None = None


def split_articles(document: Document) -> list[Article]:
    """The articles of a document, in its order; the document's own metadata describe the first.

    Returns:
        One `Article` or more, none when the document holds no words. `Article.text` consists of lines of
        the document, in order; hard-wrapped lines are joined by a space.
    """
    lines = to_lines(document.text, unwrapped=document.unwrapped)
    headers = _headers(lines)
    page = _may_be_page(document.source) and _is_page(lines, headers)
    if not page:
        headers = headers if len(headers) > 1 else [span for span in headers if _opens(lines, span[0])]
        lines = [replace(line, kind=Kind.SHORT) if line.kind in (*_LABELS, *_FURNITURE) else line for line in lines]
    starts = frozenset(start for start, label in document.places if label.startswith(RECORD))
    if not page and not starts and (days := _log_days(lines, headers)):
        return _finish(document, _entries(lines, days, document.title))
    drafts = _drafts(_sections(lines, headers), page=page, starts=starts)
    return _finish(document, drafts)


def _finish(document: Document, drafts: Iterator[_Draft]) -> list[Article]:
    articles: dict[str, Article] = {}
    for draft in drafts:
        text, places = _laid_out(draft.lines, document.places)
        if not re.search(r"\w", text):
            continue
        identity = _digest(f"{document.source}\0{text}")
        while identity in articles:  # the same text twice in one document
            identity = _digest(identity)
        own = document if not articles else Document("")
        published, dated = _dated(draft, document, first=not articles)
        title, publisher = own.title or draft.title, own.publisher or draft.publisher
        articles[identity] = Article(
            id=identity,
            source=document.source,
            text=text,
            title=title,
            publisher=publisher if publisher != title else None,
            published=published,
            dated=dated,
            places=places,
            family=identity,
        )
    return list(articles.values())


def _dated(draft: _Draft, document: Document, *, first: bool) -> tuple[str | None, str]:
    """When an article appeared, and what says so; the document's own date and its name tell of the first."""
    own = document.published if first else None
    if own and document.dated not in NOTED:
        return own, document.dated
    told = moment(draft.when, document.published) if draft.when else None
    how = "date line" if told else "its head"
    told = told or dateline(draft.lines)
    if own and (told is None or (document.dated == PRINTED and recency(told) > recency(own))):
        return own, document.dated
    if told:
        return told, how
    told = in_name(document.source) if first else None
    return told, "file name" if told else ""


def _laid_out(lines: list[Line], places: tuple[Place, ...]) -> tuple[str, tuple[Place, ...]]:
    """The lines as a text, with one empty line at most between two; and what part of the file each stretch is from."""
    starts = [start for start, _ in places]
    parts: list[str] = []
    found: list[Place] = []
    length, gap = 0, ""
    for line in lines:
        if not line.text:
            gap = "\n\n" if parts else ""
            continue
        length += len(gap)
        part = bisect_right(starts, line.at) - 1
        if part >= 0 and (not found or places[part][1] != found[-1][1]):
            found.append((length, places[part][1]))
        if part >= 0:  # a paragraph that goes on over a page break: its line was stripped and nothing else
            ends = bisect_right(starts, line.at + len(line.text) - 1)
            found += [(length + at - line.at, name) for at, name in places[part + 1 : ends]]
        parts += [gap, line.text]
        length += len(line.text)
        gap = "\n"
    return "".join(parts), tuple(found)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def is_id(identity: str, source: str, text: str, copies: int) -> bool:
    """Whether an article of this text has this id, being one of at most so many of its document that read alike."""
    made = f"{source}\0{text}"
    return any((made := _digest(made)) == identity for _ in range(copies))


def _headers(lines: list[Line]) -> list[tuple[int, int]]:
    """Spans of the header blocks: short lines around a date line, right before prose."""
    spans: list[tuple[int, int]] = []
    end = 0
    for at, line in enumerate(lines):
        if line.kind is not Kind.TIME or at < end:  # a block is looked at once, however many dates it holds
            continue
        start, end = at, at + 1
        while start > 0 and not _bounds_header(lines, start - 1):
            start -= 1
        while end < len(lines) and not _bounds_header(lines, end):
            end += 1
        named = any(other.kind is Kind.SHORT for other in lines[start:end])
        if named and end < len(lines) and lines[end].kind is Kind.PROSE:
            spans.append((start, end))
    return spans


def _bounds_header(lines: list[Line], at: int) -> bool:
    """Prose, a section label, or two blank lines in a row: no header reaches across."""
    if lines[at].kind in (Kind.PROSE, *_LABELS):
        return True
    return lines[at].kind is Kind.BLANK and at > 0 and lines[at - 1].kind is Kind.BLANK


def _opens(lines: list[Line], start: int) -> bool:
    return not any(line.kind is Kind.PROSE for line in lines[:start])


def _log_days(lines: list[Line], headers: list[tuple[int, int]]) -> list[int]:
    """Where the entries of a log begin: at dates that are written alike and stand under no title; none if it is no log.

    Where each of the dates has a header, the headers tell more.
    """
    shapes = {at: re.sub(r"\w+", "", line.text) for at, line in enumerate(lines) if line.kind is Kind.TIME}
    usual = max(shapes.values(), key=Counter(shapes.values()).__getitem__, default="")
    days = [at for at, shape in shapes.items() if shape == usual and moment(lines[at].text, None)]
    told = sum(_has_prose(lines[at:end]) for at, end in pairwise([*days, len(lines)]))
    headed = sum(any(start <= at < end for at in days) for start, end in headers)
    if told < LOG_ENTRIES or 2 * told < len(days) or headed == len(days):
        return []
    return [] if any(_has_title(lines, at) for at in days[1:]) else days


def _has_title(lines: list[Line], at: int) -> bool:
    """Whether what stands over a date may be the title of what stands below it."""
    above = next(line for line in reversed(lines[:at]) if line.kind is not Kind.BLANK)
    if above.kind in (Kind.PROSE, Kind.TIME) or above.text.startswith(("-", "*", "•")):
        return False
    return above.text.startswith("#") or not lines[at].text.startswith("#")


def _may_be_page(source: str) -> bool:
    """Whether this may be a saved page; a document from Python, whose name may end in anything, may."""
    suffix = PurePosixPath(source).suffix.lower()
    return suffix in PAGES or suffix not in SUFFIXES


def _is_page(lines: list[Line], headers: list[tuple[int, int]]) -> bool:
    kinds = {line.kind for line in lines}
    written = [*(line for line in lines if line.kind is not Kind.BLANK), Line(Kind.BLANK, "")]
    site = any(line.kind is Kind.SITE and not _is_heading(line, below) for line, below in pairwise(written))
    ago = any(line.kind is Kind.TIME and line.text.lower().endswith("ago") for line in lines)
    comments = [section for section in _sections(lines, headers) if section.opener is Kind.COMMENTS]
    said = [_form_words(section) for section in comments]
    form = any(len(words) >= SURE_FORM_WORDS and not all(map(_EVERYDAY.match, words)) for words in said)
    sure = site + (ago and bool(headers)) + form
    hints = len(kinds & {*_LABELS, Kind.FURNITURE, Kind.MARKER})
    return sure > 0 and sure + hints >= PAGE_SIGNS


def _is_heading(line: Line, below: Line) -> bool:
    """Whether a site's own words (`Sign in`) are the heading of what a handbook says about that."""
    return (below.kind is Kind.PROSE or bool(_STEP.match(below.text))) and not _AD.match(line.text)


def _sections(lines: list[Line], headers: list[tuple[int, int]]) -> list[_Section]:
    starts = dict(headers)
    sections = [_Section(Kind.BLANK)]
    at = 0
    while at < len(lines):
        if at in starts:
            sections.append(_Section(Kind.TIME, header=lines[at : starts[at]]))
            at = starts[at]
            continue
        if lines[at].kind in _LABELS:
            sections.append(_Section(lines[at].kind, header=[lines[at]]))
        else:
            sections[-1].body.append(lines[at])
        at += 1
    return sections


def _is_form(section: _Section) -> bool:
    """Whether a section under `Comments` is a comment form or policy, not a report's own remarks."""
    return not _has_prose(section.body) or len(_form_words(section)) >= FORM_WORDS


def _form_words(section: _Section) -> set[str]:
    return {match.lower() for line in section.body for match in _FORM.findall(line.text)}


def _drafts(sections: list[_Section], *, page: bool, starts: frozenset[int]) -> Iterator[_Draft]:
    """Sections → articles. What stands between an article's last prose and a label is the page's, not its."""
    current = _Draft([])
    for section in sections:
        if section.opener is Kind.TIME:
            yield current
            current = _titled(section, page=page, starts=starts)
        elif section.opener is Kind.BLANK:
            current = _Draft(_body(section.body, page=page), title=_first_title(section.body, page=page))
        elif section.opener is Kind.RELATED and not _has_prose(current.lines):
            current.lines += _from_first_prose(_body(section.body, page=page))
        elif section.opener is Kind.COMMENTS and not _is_form(section):
            current.lines += section.header + _body(section.body, page=page)
        else:
            current.lines = _to_last_prose(current.lines)
            if section.opener is Kind.RELATED:
                yield current
                *teasers, current = [_Draft([]), *_teasers(section.body)]
                yield from teasers
    yield current


def _entries(lines: list[Line], days: list[int], title: str | None) -> Iterator[_Draft]:
    """A log → its entries, each with the title of the log; prose above the first of them is an article of its own."""
    above = lines[: days[0]]
    title = title or _first_title(above, page=False)
    if _has_prose(above):
        yield _Draft(above, title=title)
        above = []
    for at, end in pairwise([*days, len(lines)]):
        yield _Draft([*above, *lines[at:end]], title=title, when=lines[at].text)
        above = []


def _titled(section: _Section, *, page: bool, starts: frozenset[int]) -> _Draft:
    """An article under a header block: title, publisher and date are told apart by length and place.

    The longest line after the date, else before it, is the title; a line that stands twice is the publisher.
    A title that reads like a sentence ("How did we get here?") ends up first in the body: it is taken from there.
    Of a page's header the title alone is kept; what is no page keeps all of it, and is named as `rag.heads` says.

    Args:
        starts: where records begin, whose headers name publisher, date and title in this order.
    """
    at = next(i for i, line in enumerate(section.header) if line.kind is Kind.TIME)
    texts = {i: _bare(line.text) for i, line in enumerate(section.header) if line.kind is Kind.SHORT}
    when = section.header[at].text
    body = _body(section.body, page=page)
    is_record = section.header[0].at in starts
    if not page and not is_record:
        below = body[0].text if _heads(body) and not body[0].text.endswith(".") else None
        title, publisher = title_and_publisher(texts, (at, when), below)
        return _Draft([*section.header, *body], title=title, publisher=publisher, when=when)
    once = {i: text for i, text in texts.items() if list(texts.values()).count(text) == 1}
    named = [i for i, text in once.items() if len(text.split()) > 2]
    best = max([i for i in named if i > at] or named, key=lambda i: len(once[i].split()), default=None)
    if is_record:  # publisher, date, title
        best = max((i for i in once if i > at), default=best)
    if best is None and any(is_byline(line.text) for line in section.header):  # what stands over "By …" is a title
        best = next((i for i, text in once.items() if i < at and not is_byline(text)), None)
    title = once[best] if best is not None else None
    if best is None and _heads(body):
        title = body[0].text
        body = body[1:] if page else body
    near = sorted((i for i in texts if i != best), key=lambda i: abs(i - at))
    names = [texts[i] for i in near if len(texts[i].split()) <= NAME_WORDS and not is_byline(texts[i])]
    head = [Line(Kind.SHORT, title)] if title else []
    lines = [*(head if page else section.header), *body]
    return _Draft(lines, title=title, publisher=names[0] if names else None, when=when)


def _bare(text: str) -> str:
    return text.lstrip("-–—•# ").strip()


def _heads(body: list[Line]) -> bool:
    """Whether the first line is short against the next one: a headline over its report."""
    written = [line.text for line in body if line.kind is not Kind.BLANK][:2]
    return len(written) == 2 and body[0].text == written[0] and 4 * len(written[0]) < len(written[1])


def _teasers(lines: list[Line]) -> Iterator[_Draft]:
    """In a list of links: each run of prose is an article, titled by the short line before it."""
    title: Line | None = None
    current: list[Line] = []
    for line in lines:
        if line.kind is Kind.PROSE:
            current = current or ([title] if title else [])
            current.append(line)
        elif line.kind is Kind.SHORT:
            if current:
                yield _Draft(current, title=title.text if title else None)
            current, title = [], line
    if current:
        yield _Draft(current, title=title.text if title else None)


def _first_title(lines: list[Line], *, page: bool) -> str | None:
    """The first line if it is short; of a page, whose name and menu come first, the longest one before the prose."""
    written = [line for line in lines if line.kind not in (Kind.BLANK, *_JUNK)]
    head = list(takewhile(lambda line: line.kind is Kind.SHORT, written))
    named = [
        line for line in head if not (is_dateline(line) or _BY_NAME.match(line.text) or is_greeting(line.text))
    ] or head
    short = [_bare(line.text) for line in named]
    short = [text for text in short if text and len(text.split()) <= TITLE_WORDS]
    if not short:
        return None
    return max(short, key=lambda text: len(text.split())) if page else short[0]


def _body(lines: list[Line], *, page: bool) -> list[Line]:
    return [line for line in lines if line.kind not in _JUNK] if page else list(lines)


def _has_prose(lines: list[Line]) -> bool:
    return any(line.kind is Kind.PROSE for line in lines)


def _from_first_prose(lines: list[Line]) -> list[Line]:
    first = next((i for i, line in enumerate(lines) if line.kind is Kind.PROSE), len(lines))
    return lines[first:]


def _to_last_prose(lines: list[Line]) -> list[Line]:
    last = max((i for i, line in enumerate(lines) if line.kind is Kind.PROSE), default=len(lines) - 1)
    return lines[: last + 1]
