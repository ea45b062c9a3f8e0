"""Text from outside as HTML: the one place where it is escaped, and the small pieces that every view is made of.

Everything that comes from documents, file names, questions and models passes through `escape` and nowhere else.
"""

from __future__ import annotations

import re
from html import escape as escape_markup

from rag import Citation
from rag.dates import say

_LINE_BREAKS = re.compile(r"\s*\n\s*")


def escape(text: str) -> str:
    """Text as text: no markup passes, and what no browser can be sent (half a surrogate pair) becomes "?"."""
    return escape_markup(text.encode("utf-8", "replace").decode(), quote=True)


def flow(text: str) -> str:
    """Escaped text in which line breaks are small gaps, so that an article's paragraphs stay apart."""
    return '<span class="gap"></span>'.join(escape(part) for part in _LINE_BREAKS.split(text))


def count(number: int, noun: str) -> str:
    """A number with its noun: `1 file`, `1,204 files`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def origin(publisher: str | None, published: str | None) -> str:
    """Who said it, and when: `The Herald · 20 August 2025`."""
    return " · ".join(escape(part) for part in (publisher or "", say(published)) if part)


def title(citation: Citation) -> str:
    """What a source goes by: its title, else its file."""
    return escape(citation.title or citation.source)


def button(label: str, *, event: str, classes: str = "", name: str = "", **data: str | int) -> str:
    """A button that tells the page's script to raise an event with these data.

    Args:
        label: HTML, already escaped.
        event: the event's name; the script raises no others than it knows.
        name: what a screen reader calls it, where the label does not say enough; text, not escaped.
    """
    told = "".join(f' data-{key}="{escape(str(value))}"' for key, value in data.items())
    called = f' aria-label="{escape(name)}" title="{escape(name)}"' if name else ""
    return f'<button type="button" class="{classes}" data-event="{event}"{told}{called}>{label}</button>'
