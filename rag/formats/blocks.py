"""A tree of elements → its blocks of text: paragraphs, headings, items, and rows with their cells between bars.

Reads HTML and the tree that trafilatura makes of it. What a page puts around its text (menus, forms, banners) is
passed over on demand. Does not know which of the texts on a page is the one that matters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from rag.formats.parts import one_line, tidy

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer"
    " form h1 h2 h3 h4 h5 h6 head header hr item li list main nav ol p pre quote section summary table tbody td tfoot"
    " th thead tr row cell ul".split()
)
UNSEEN = frozenset(
    "script style noscript template svg math iframe object embed canvas audio video map button select option textarea"
    " input title link meta graphic img".split()
)
AROUND = frozenset("nav footer aside form dialog menu".split())
AROUND_ROLES = frozenset("navigation banner contentinfo search dialog alertdialog complementary menu toolbar".split())
AROUND_NAMES = re.compile(
    r"(?:^|[\s_-])(?:nav(?:bar|igation)?|menus?|footer|masthead|breadcrumbs?|sidebar|cookies?|consent|gdpr|banner"
    r"|share|sharing|social|related|recommended|promo|advert(?:isement)?s?|ads?|newsletter|subscribe|signup|login"
    r"|pagination|pager|skip(?:-?link)?|popup|modal|toc|comments?|editsection|hidden|print)(?:$|[\s_-])",
    re.I,
)
LEADING_NAMES = re.compile(
    r"(?:^|[\s_-])(?:menus?|share|sharing|social|related|recommended|newsletter|subscribe|signup|login)(?![^\s_-])",
    re.I,
)
"""What these words name leads elsewhere or asks for something. A menu without links and fields is of dishes."""
CONTROLS = frozenset("form input button select textarea iframe".split())
LEADS_SHARE = 0.3
"""What has a larger share of its words in links than this leads elsewhere."""
SAID_WORDS = 4
"""A label has fewer: `Share this article`."""
SENTENCE_WORDS = 6
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
AROUND_SHARE = 0.4
"""What is named like furniture but holds more of the page's text than this is none: `<div class="has-menu">`."""
LINKED_SHARE = 0.8
"""A list of at least `MENU_ITEMS` items is a menu when so much of its text is links."""
MENU_ITEMS = 3
MENU_CHARS = 40
"""Characters of an item in a menu, on average; headlines are longer."""
CELL_CHARS = 400
"""A longer cell is a text: the table gives a page its layout, its cells are no row."""
_UNENDED = re.compile(r"(?<![.!?:;…\n])\n(?=[a-z])")
_BREAKS = re.compile(r"\n{2,}")
_ENDS = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
_NO_LETTER = re.compile(r"[\W_]+")


def blocks(root: Any, *, furniture: bool = True) -> list[str]:
    """The blocks of text below an element, in order.

    Args:
        furniture: whether menus, forms, banners and the like are blocks, too.
    """
    walk = _Walk(0 if furniture else len(one_line(_content(root))))
    walk.into(root)
    walk.flush()
    return walk.found


class _Walk:
    """The blocks found so far, and the words since the last of them."""

    def __init__(self, size: int) -> None:
        self.found: list[str] = []
        self._words: list[str] = []
        self._size = size
        """Characters of the whole page; 0: furniture is read as well."""

    def into(self, element: Any) -> None:
        tag = name(element)
        if tag in UNSEEN or (self._size and _is_around(element, tag, self._size)):
            return
        if tag in ("tr", "row") and (cells := _cells(element)) is not None:
            self.flush()
            self.found += [" | ".join(cells)] if any(cells) else []
            return
        apart = tag in BLOCKS or (tag == "code" and _is_listing(element))
        if apart:
            self.flush()
        self._inside(element, tag)
        if apart:
            self.flush(exactly=tag in ("pre", "code"))

    def _inside(self, element: Any, tag: str) -> None:
        exactly = tag in ("pre", "code")
        self._words.append(_text(element.text, exactly))
        if tag in ("br", "lb"):
            self._words.append("\n")
        for child in element:
            if name(child):
                self.into(child)
            self._words.append(_text(child.tail, exactly))

    def flush(self, *, exactly: bool = False) -> None:
        """The words so far are a block, or several where two line breaks stand between them."""
        text = tidy("".join(self._words))
        text = text if exactly else _UNENDED.sub(" ", text)
        self.found += [block.strip() for block in _BREAKS.split(text) if block.strip()]
        self._words = []


def name(element: Any) -> str:
    """The element's tag in small letters, without its namespace; empty for comments and the like."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _is_listing(code: Any) -> bool:
    """Whether this is several lines of code, not a word of it in a sentence."""
    return "\n" in "".join(code.itertext()).strip()


def _text(text: str | None, exactly: bool) -> str:
    """A line break in HTML's source is a blank, but in code."""
    return (text or "") if exactly else (text or "").replace("\n", " ").replace("\r", " ")


def _content(element: Any) -> str:
    """All words below an element that are for people to read."""
    return " ".join(_contents(element))


def _contents(element: Any) -> Iterator[str]:
    if name(element) in UNSEEN or not name(element):
        return
    yield element.text or ""
    for child in element:
        yield from _contents(child)
        yield child.tail or ""


def _cells(row: Any) -> list[str] | None:
    """The cells of a row of data; None for a row that only gives a page its layout."""
    cells = [cell for cell in row if name(cell) in ("td", "th", "cell")]
    if any(name(inner) in ("table", "h1", "h2", "h3", "article") for cell in cells for inner in cell.iter()):
        return None
    texts = [one_line(" ".join(blocks(cell))) for cell in cells]
    return texts if len(texts) > 1 and max(map(len, texts)) <= CELL_CHARS else None


def _is_around(element: Any, tag: str, size: int) -> bool:
    """Whether this is the page's furniture, by its tag, its role or its name, or a menu by what it consists of."""
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    if tag in AROUND and not is_note(element):
        return True
    if "display:none" in (element.get("style") or "").replace(" ", "") or element.get("role") in AROUND_ROLES:
        return True
    if tag == "header" and not any(name(above) in ("article", "main", "section") for above in element.iterancestors()):
        return element.find(".//p") is None or element.find(".//nav") is not None
    if tag in ("ul", "ol", "dl") and _is_menu(element):
        return True
    if tag in ("body", "html", "main", "article") or not AROUND_NAMES.search(_names(element)):
        return False
    return not is_about_its_name(element) and len(one_line(_content(element))) <= AROUND_SHARE * size


def _names(element: Any) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def is_note(element: Any) -> bool:
    """Whether this is an aside that says something, such as a warning, and not what stands beside a text."""
    if name(element) != "aside" or AROUND_NAMES.search(_names(element)) or _leads_away(element, LEADS_SHARE):
        return False
    return any(len(block.split()) >= SENTENCE_WORDS and _ENDS.search(block[-8:]) for block in blocks(element))


def is_about_its_name(element: Any) -> bool:
    """Whether an element is named after what its text is about: `login` in a manual, `menu` on the page of an inn.

    Its id is made of its heading, or it does nothing of what sites have elements of this name for.
    """
    if not AROUND_NAMES.search(element.get("class") or "") and is_of_heading(element):
        return True
    names = _names(element)
    if not LEADING_NAMES.search(names) or AROUND_NAMES.search(LEADING_NAMES.sub(" ", names)):
        return False
    return not _leads_away(element, 0) and any(len(block.split()) >= SAID_WORDS for block in blocks(element))


def is_of_heading(element: Any) -> bool:
    """Whether this is a text whose id is the beginning of its heading, as in manuals; nothing below it is furniture."""
    letters = _NO_LETTER.sub("", element.get("id") or "").lower()
    heading = next(element.iter(*HEADINGS), None) if letters else None
    if heading is None or not _NO_LETTER.sub("", _content(heading)).lower().startswith(letters):
        return False
    if any(AROUND_NAMES.search(inner.get("class") or "") for inner in element.iterdescendants("*")):
        return False
    return not _leads_away(element, LEADS_SHARE)


def _leads_away(element: Any, share: float) -> bool:
    """Whether it has a field or a button, or more than this share of its words in links."""
    if any(name(inner) in CONTROLS for inner in element.iter("*")):
        return True
    return _linked(element) > share * len(one_line(_content(element)))


def _linked(element: Any) -> int:
    return sum(len(one_line(_content(link))) for link in element.iter("a"))


def _is_menu(element: Any) -> bool:
    items = [one_line(_content(item)) for item in element if name(item) in ("li", "dd")]
    if len(items) < MENU_ITEMS:
        return False
    written = sum(map(len, items))
    return _linked(element) >= LINKED_SHARE * written and written <= MENU_CHARS * len(items)
