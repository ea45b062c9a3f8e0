"""What of an exported conversation holds, as a terminal shows it: plain words, a mark and a line for each finding.

Knows what was found, not how.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TextIO

from rich.console import Console
from rich.text import Text

from rag.outline import flat
from rag.recheck import CheckedAnswer, CheckedSentence, Recheck
from rag.standing import CheckedCitation

WIDTH = 88
SHOWN = 240
"""Characters of a sentence; who checks a file has it at hand."""
UNCHECKED = "Questions and notes are the file's own words: no document can bear them out."
_BACKED = {
    "quoted": "word for word in its document",
    "supported": "borne out by what its footnotes quote",
    "refused": "claims nothing",
}
_MARKS = {True: ("✓", "green"), False: ("✗", "bold red")}


def tell(found: Recheck, stream: TextIO) -> None:
    """Print what holds and what does not; in colour where a terminal shows it."""
    paper = Console(file=stream, highlight=False, markup=False, emoji=False, soft_wrap=True)
    width = min(paper.width, WIDTH) if paper.is_terminal else WIDTH
    for fault in found.faults:
        paper.print(_finding(width, holds=False, text=fault))
    for number, answer in enumerate(found.answers, 1):
        paper.print(_heading(f"{number}. {flat(answer.question)}", width))
        for finding in _answer(answer, width):
            paper.print(finding)
        paper.print()
    paper.print(Text(_verdict(found), "bold green" if found.holds else "bold red"))
    paper.print(Text(UNCHECKED, "dim"))


def _heading(text: str, width: int) -> Text:
    return Text(textwrap.fill(text, width), "bold")


def _verdict(found: Recheck) -> str:
    number = len(found.answers)
    failing = sum(not answer.holds for answer in found.answers)
    every = "The answer holds" if number == 1 else f"All {number:,} answers hold"
    if found.holds:
        return f"{every}: each sentence and footnote stands in the documents as they are now."
    if not failing:
        return f"{every}, but the file does not."
    return "The answer does not hold." if number == 1 else f"{failing:,} of {number:,} answers do not hold."


def _answer(answer: CheckedAnswer, width: int) -> Iterator[Text]:
    for fault in answer.faults:
        yield _finding(width, holds=False, text=fault)
    for sentence in answer.sentences:
        yield _finding(width, holds=sentence.holds, text=_sentence(sentence), said=_told(sentence))
    for kind, citations in (("Footnote", answer.citations), ("Closest passage", answer.closest)):
        for one in citations:
            named = f"{kind} {one.number}, {flat(one.source)}: {standing(one)}"
            yield _finding(width, holds=one.holds, text=named)


def _sentence(sentence: CheckedSentence) -> str:
    text = textwrap.shorten(flat(sentence.text), SHOWN, placeholder=" …") or "(nothing)"
    marks = "".join(f" [{number}]" for number in sentence.citations)
    return (f"“{text}”" if sentence.support == "quoted" else text) + marks


def _told(sentence: CheckedSentence) -> str:
    return flat("; ".join(sentence.faults)) or _BACKED[sentence.support]


def standing(citation: CheckedCitation) -> str:
    """Where a footnote's quote stands now, in words."""
    where = flat(citation.place) or f"at characters {citation.start:,} to {citation.end:,}"
    elsewhere = f"; the same words stand in {flat(citation.found_in)}" if citation.found_in else ""
    said = {
        "unchanged": "the document is as it was",
        "changed": f"the document has changed, and the quote still stands in it, {where}",
        "moved": f"the document is now called {flat(citation.found_in)}, and is otherwise as it was",
        "lost": f"the document does not hold the quote{elsewhere}",
        "gone": f"the document is not there any more{elsewhere}",
    }[citation.state]
    return "; ".join([said, *map(flat, citation.faults)])


def _finding(width: int, *, holds: bool, text: str, said: str = "") -> Text:
    """A mark and what it is for; what is said of that stands on lines of its own."""
    mark, style = _MARKS[holds]
    lines = textwrap.fill(text, width, initial_indent="  ", subsequent_indent="  ")[2:]
    below = textwrap.fill(said, width, initial_indent="  ", subsequent_indent="  ")
    return Text.assemble((mark, style), f" {lines}", (f"\n{below}" if said else "", "dim" if holds else "red"))
