"""HTML → `Document`: the main text of a page, without what stands around it.

trafilatura finds the text of a page that holds one. Where it leaves out much of what reads like prose (a page of
several reports, a forum), all of the page but its furniture is kept: `rag.articles` takes that apart.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from typing import Any

from rag.dates import MONTHS
from rag.formats.blocks import blocks, is_about_its_name, is_note, is_of_heading
from rag.formats.encoding import decode_page
from rag.formats.parts import Parts, is_date
from rag.formats.webmeta import page_meta, write_out_times
from rag.types import Document

KEPT_SHARE = 0.6
"""When less of a page's prose than this is left, the choice of one text was wrong."""
EXTRACTED_CHARS = 4_000_000
"""Longer pages are tables and dumps; trafilatura looks at each element many times over."""
MATCHED_SHARE = 0.8
"""Where fewer of the blocks found stand on the page as such, trafilatura has put it together differently."""
LINKED_SHARE = 0.5
"""A list that is mostly links leads elsewhere."""
HEAD_BLOCKS, BYLINE_CHARS = 5, 160
_LISTS, _HEADINGS, _ORDERED = ("ul", "ol", "dl", "table"), ("h1", "h2", "h3", "h4", "h5", "h6"), ("dl", "table")
_AROUND = re.compile(
    r"comment|repl(?:y|ies)|tags?\b|legal|cookie|relat|popular|most read|trending|shar(?:e|ing)|social|menu|nav|footer"
    r"|meta|author|promo|newsletter|subscri|sign up|see also|read (?:more|next|also)|more (?:from|on|in)|latest"
    r"|recommend|advert|privacy",
    re.I,
)
PROSE_WORDS = 6
_ENDS = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
_MONTH = "|".join(month[:3] for month in MONTHS)
_DAY = re.compile(
    rf"\b(?:(?:{_MONTH})[a-z]*\.? \d{{1,2}}|\d{{1,2}}(?:st|nd|rd|th)? (?:{_MONTH})[a-z]*),? (?:19|20)\d\d\b", re.I
)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def read_html(data: bytes) -> Document:
    """The main text of a page, a block a paragraph, heading or row of a table.

    Raises:
        ReadError: the bytes are no text.
    """
    return from_markup(decode_page(data))


def from_markup(markup: str) -> Document:
    """The same for a page that is text already."""
    root = parse(markup)
    if root is None:
        return Document("")
    meta, parts = page_meta(root), Parts()
    write_out_times(root)
    for block in _main(root, len(markup)):
        parts.add(block)
    return Document(
        text=parts.text,
        title=meta.title,
        publisher=meta.site,
        published=meta.published,
        dated="HTML meta" if meta.published else "",
    )


def parse(markup: str) -> Any:
    """The page's root element; None where there is none. Nothing that it refers to is loaded."""
    from lxml import etree, html

    markup = _DECLARATION.sub("", markup, count=1)
    try:
        return html.document_fromstring(markup.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def _main(root: Any, size: int) -> list[str]:
    """The blocks of the text that the page is about; of a page that is about several, all of them."""
    body = root.find("body")
    body = root if body is None else body
    whole = blocks(body, furniture=False)
    if size <= EXTRACTED_CHARS:
        for recall in (False, True):
            found = _as_written(_extracted(root, recall), whole, body)
            if found and prose(found) >= KEPT_SHARE * prose(whole) and not _lost_dates(found, whole):
                return found
    return whole or blocks(body)


def _extracted(root: Any, recall: bool) -> list[str]:
    import trafilatura

    page = trafilatura.bare_extraction(_plainly_named(root), include_comments=False, favor_recall=recall)
    body = getattr(page, "body", None)
    return [] if body is None else blocks(body)


def _plainly_named(root: Any) -> Any:
    """A copy whose parts have no tag or name for which trafilatura would leave out what is of the text."""
    page = copy.deepcopy(root)
    for one in page.iter("*"):
        if is_note(one):
            one.tag = "div"
        elif is_of_heading(one):
            del one.attrib["id"]
        elif is_about_its_name(one):
            one.attrib.pop("class", None)
            one.attrib.pop("id", None)
    return page


def _as_written(found: list[str], whole: list[str], body: Any) -> list[str]:
    """The blocks that trafilatura found as the page has them, and the headings, lists and dates that it left out.

    It sets blanks between words and signs where it falls back, and takes some of these for furniture.
    """
    wanted = {_key(block) for block in found}
    if len(wanted & {_key(block) for block in whole}) < MATCHED_SHARE * len(wanted):
        return found
    wanted |= _lists(body, wanted) | _bylines(whole, wanted)
    heads = {_key(head.text_content()) for head in body.iter("h1", "h2", "h3", "h4")}
    kept: list[str] = []
    for block in reversed(whole):
        key = _key(block)
        if key in wanted or (key in heads and kept and _key(kept[-1]) not in heads):
            kept.append(block)
    return kept[::-1]


def _lists(body: Any, wanted: set[str]) -> set[str]:
    """The blocks of lists and tables that stand right after a paragraph of the text or a heading below one.

    Those that consist of links, or are named as what stands around a text, lead elsewhere; so does the last one of all
    where it has no heading.
    """
    found: set[str] = set()
    for parent in {one.getparent() for one in body.iter(*_LISTS)}:
        parts = list(parent.iterchildren("*"))
        between = (*_LISTS, *_HEADINGS)
        told = [None if one.tag in between else _key(one.text_content()) in wanted for one in parts]
        goes_on = _nearest_after(told)
        of_text, heading = False, ""
        for one, is_text, follows in zip(parts, told, goes_on, strict=True):
            if is_text is not None:
                of_text, heading = is_text, ""
            elif one.tag in _HEADINGS:
                heading = one.text_content().strip()
            elif of_text and (heading or one.tag in _ORDERED or follows) and not _leads_away(one, heading):
                found |= {_key(block) for block in blocks(one)}
    return found


def _nearest_after(told: Sequence[bool | None]) -> list[bool | None]:
    """For each place what the next one says that says anything, itself if it does."""
    found: list[bool | None] = []
    for now in reversed(told):
        found.append(found[-1] if now is None and found else now)
    return found[::-1]


def _leads_away(one: Any, heading: str) -> bool:
    linked = sum(len(link.text_content()) for link in one.iter("a"))
    named = f"{one.get('class') or ''} {one.get('id') or ''}"
    return linked >= LINKED_SHARE * len(one.text_content()) or bool(_AROUND.search(named) or _AROUND.search(heading))


def _bylines(whole: list[str], wanted: set[str]) -> set[str]:
    """The short blocks with a day in them right before the first paragraph of the text."""
    first = next((at for at, block in enumerate(whole) if _key(block) in wanted and prose([block])), 0)
    near = whole[max(0, first - HEAD_BLOCKS) : first]
    return {_key(block) for block in near if len(block) <= BYLINE_CHARS and _DAY.search(block)}


def _key(block: str) -> str:
    return "".join(block.split())


def _lost_dates(found: list[str], whole: list[str]) -> bool:
    """Whether the page has several lines that are nothing but a date, and some of them are gone: reports' own dates."""
    had, has = (sum(1 for block in some if is_date(block)) for some in (whole, found))
    return had > 1 and has < had


def prose(found: list[str]) -> int:
    """Characters in blocks of six words or more that end like a sentence."""
    return sum(
        len(block) for block in found if _ENDS.search(block[-8:]) and len(block.split(None, PROSE_WORDS)) >= PROSE_WORDS
    )
