"""Lines of printed pages → paragraphs: running headers and footers once, broken words and lines put together.

Works on lines and their places on the page alone; does not know PDF.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.dates import MONTH
from rag.formats.parts import Parts

EDGE_LINES = 3
"""So many lines from the top and from the bottom of a page may be a running header or footer."""
RUNNING_PAGES = 3
RUNNING_SHARE = 0.5
PAGE_DIGITS = 6
COUNTED_SHARE = 0.8
"""Numbers that grow with the pages on so many of them are page numbers, which may begin anew with a chapter."""
PARAGRAPH_GAP = 1.35
"""Lines further apart than this many times the usual step belong to two paragraphs."""
SIZE_CHANGE = 1.15
SIZE_CHANGE_WITHIN = 1.3
"""Lines whose sizes differ by more than this are a heading and its text; by more than the first, unless the second line
goes on in the middle of a sentence: it may begin with code."""
FULL_SHARE = 0.8
"""A line shorter than this share of its column ends a paragraph."""
INDENT = 0.9
"""First lines of paragraphs stand this share of a line's height further in."""
SOFT_HYPHEN = "\u0002"
"""Where a word was broken at the end of a line; what the reader of a format leaves for this module to decide."""
_NUMBER = re.compile(rf"(?:\b(?:{MONTH})\s)?\d+(?:[.,:/-]\d+)*(?:(?:st|nd|rd|th|\.)?\s(?:{MONTH})(?!\w))?", re.I)
"""Amounts, times and days are one number each: neither 01/2025 nor 1 May counts pages."""
_PAGE_NUMBER = re.compile(
    r"(?:page|seite|p\.)?[^\w$€£¥%]*(?:\d{1,4}|[ivxl]{1,6})[^\w$€£¥%]*(?:(?:of|/|von)\W*\d{1,4}\W*)?", re.I
)
_ENDS = re.compile(r"[.!?:;…。！？][\"'”’»)\]]*$")
_HYPHEN_AT_END = re.compile(r"[^\W\d_]-$")
_ITEM = re.compile(r"(?:[-*•·–▪◦‣]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s", re.I)
_BROKEN = re.compile(rf"(\w+)[{SOFT_HYPHEN}\u00ad-]\n(\w+)")


@dataclass(frozen=True, slots=True)
class Printed:
    """One line of a page and its box, in points from the lower left corner."""

    text: str
    left: float
    right: float
    bottom: float
    height: float
    size: float = 0.0
    """Of its letters, where the box depends on the typeface, too."""


Page = Sequence[Printed]
Key = tuple[str, ...]


def to_text(pages: Sequence[Page]) -> Parts:
    """The pages' paragraphs, each page a place; a paragraph goes on over a page break where no sentence ends there.

    What runs on at the edges of the pages stands once, before or after a page's paragraphs, unless one goes on there;
    page numbers do not. Where there is nothing else, the pages are pictures with a stamp on each.

    Raises:
        ReadError: it is too long.
    """
    running = _running(pages)
    bodies = [_without(page, running, numbered=len(pages) > 1) for page in pages]
    untold = {key for key, counts in running.items() if not counts}
    compounds = _compounds(bodies)
    found = [(number, at, lines) for number, body in enumerate(bodies) for at, lines in enumerate(_paragraphs(body))]
    parts = Parts()
    glue: str | None = None
    for (number, at, lines), after in zip(found, [*found[1:], None], strict=False):
        page, body, place = pages[number], bodies[number], f"page {number + 1}"
        if at == 0 and glue is None:
            for line in _told_once(page[: page.index(body[0])], body, untold):
                parts.add(_joined([line], compounds), place)
        text = _joined(lines, compounds)
        runs_on = after is not None and after[1] == 0 and _goes_on(lines[-1], after[2][0])
        broken = runs_on and bool(_HYPHEN_AT_END.search(text))
        parts.add(text[:-1] if broken else text, place, glue=glue)
        glue = None if not runs_on else "" if broken else " "
        if (after is None or after[1] == 0) and glue is None:
            for line in _told_once(page, body, untold):
                parts.add(_joined([line], compounds), place)
    return parts


def _told_once(lines: Page, body: Page, untold: set[Key]) -> Iterator[Printed]:
    """The running lines that no page before has told."""
    for line in lines:
        if _key(line) in untold and line not in body:
            untold.discard(_key(line))
            yield line


def _running(pages: Sequence[Page]) -> dict[Key, bool]:
    """What stands at the edges of many pages, its numbers aside, and whether these count the pages.

    A line whose numbers change otherwise is each page's own: it tells sums, hours, days.
    """
    found: dict[Key, list[tuple[int, list[str]]]] = {}
    for number, page in enumerate(pages, 1):
        for line in _edges(page):
            found.setdefault(_key(line), []).append((number, _NUMBER.findall(_plain(line))))
    running: dict[Key, bool] = {}
    for key, lines in found.items():
        places = [number for number, _ in lines]
        changing = [column for column in zip(*(told for _, told in lines), strict=True) if len(set(column)) > 1]
        is_running = all(_counts(column, places, of=len(pages)) for column in changing)
        if is_running and len(set(places)) >= max(RUNNING_PAGES, RUNNING_SHARE * len(pages)):
            running[key] = bool(changing)
    return running


def _counts(column: Sequence[str], pages: Sequence[int], *, of: int) -> bool:
    """Whether the numbers grow as the pages do: 3, 4, 5, or 3/12, 4/12, 5/12 where there are so many."""
    plain = [text.removesuffix(f"/{of}") for text in column]
    if not all(text.isdecimal() and len(text) <= PAGE_DIGITS for text in plain):
        return False
    steps = list(pairwise(zip(pages, map(int, plain), strict=True)))
    counted = sum(after - before == later - page for (page, before), (later, after) in steps)
    return counted >= COUNTED_SHARE * len(steps)


def _edges(page: Page) -> list[Printed]:
    """The lines at the top and at the bottom; of a short page, not the ones between."""
    order = sorted(page, key=lambda line: -line.bottom)
    return order if len(order) <= 2 * EDGE_LINES else order[:EDGE_LINES] + order[-EDGE_LINES:]


def _key(line: Printed) -> Key:
    """What a running header says on every page: the words around its numbers."""
    return tuple(_NUMBER.split(_plain(line)))


def _plain(line: Printed) -> str:
    return " ".join(line.text.casefold().split())


def _without(page: Page, running: Container[Key], *, numbered: bool) -> Page:
    edges = _edges(page)
    outer = {id(line) for line in (*edges[:1], *edges[-1:])}
    gone = {id(line) for line in edges if _key(line) in running}
    gone |= {id(line) for line in edges if numbered and id(line) in outer and _PAGE_NUMBER.fullmatch(line.text)}
    return [line for line in page if id(line) not in gone]


def _paragraphs(page: Page) -> Iterator[list[Printed]]:
    if not page:
        return
    pairs = list(pairwise(page))
    steps = sorted(above.bottom - line.bottom for above, line in pairs if above.bottom - line.bottom > line.height / 2)
    step = steps[len(steps) // 4] if steps else 0.0  # lines within paragraphs are closer than those between them
    current = [page[0]]
    for above, line in pairs:
        if _same_paragraph(above, line, step, _column(page, above)):
            current.append(line)
        else:
            yield current
            current = [line]
    yield current


def _column(page: Page, line: Printed) -> float:
    """The width of the column that a line stands in."""
    return max(other.right - line.left for other in page if abs(other.left - line.left) <= 3 * line.height)


def _same_paragraph(above: Printed, line: Printed, step: float, column: float) -> bool:
    runs_on = line.text[:1].islower() and not _ENDS.search(above.text)
    if _ITEM.match(line.text) or not _like(above, line, SIZE_CHANGE_WITHIN if runs_on else SIZE_CHANGE):
        return False
    down = above.bottom - line.bottom
    if down < 0:  # the next column
        return _goes_on(above, line)
    begins = line.left - above.left > INDENT * line.height
    if down > PARAGRAPH_GAP * step or (begins and _ENDS.search(above.text)):
        return False
    full = above.right - above.left >= FULL_SHARE * column
    return full or runs_on or above.text.endswith(SOFT_HYPHEN)


def _like(one: Printed, other: Printed, change: float = SIZE_CHANGE) -> bool:
    """Whether two lines are printed in the same size."""
    low, high = sorted((one.size or one.height, other.size or other.height))
    return high <= change * low


def _goes_on(last: Printed, first: Printed) -> bool:
    """Whether a paragraph that reaches the end of a page or column goes on at the start of the next."""
    if _ENDS.search(last.text) or _ITEM.match(first.text) or not _like(last, first):
        return False
    return first.text[:1].islower() or len(last.text.split()) > 5


def _compounds(pages: Sequence[Page]) -> frozenset[str]:
    """The compounds that the text writes with a hyphen in the middle of a line."""
    return frozenset(match.casefold() for page in pages for line in page for match in re.findall(r"\w+-\w+", line.text))


def _joined(lines: Sequence[Printed], compounds: frozenset[str]) -> str:
    """The lines in one; a broken word without its hyphen, unless the text writes that word with a hyphen elsewhere."""

    def mend(match: re.Match[str]) -> str:
        first, second = match.groups()
        hyphen = f"{first}-{second}".casefold() in compounds or not (first.isalpha() and second[:1].islower())
        return f"{first}{'-' if hyphen else ''}{second}"

    text = _BROKEN.sub(mend, "\n".join(line.text.strip() for line in lines))
    return text.replace(SOFT_HYPHEN, "-").replace("\n", " ")
