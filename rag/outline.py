"""What an export says of an answer besides its sentences, in words, whatever the markup.

Everything that comes from outside passes through `shown`; escaping is left to who lays it out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePath

from rag.answer import covering, reading_of, scope_of
from rag.dates import say
from rag.record import Record, Source
from rag.types import Answer, Citation, Disagreement, Sentence, Statement

SOURCES, CLOSEST = "Sources", "Closest passages, which do not answer the question"
TIMELINE, DOCUMENTS = "In the order of the reports", "Documents"
DIFFER, MAY_DIFFER = "Where the reports differ", "Where the reports may differ"
CHECKED = "✓"
HASH_SHOWN = 16
"""Of a document's fingerprint, so many digits stand at a footnote; all of them at the end."""
TOLD = 110
"""Characters of a report in a timeline: its footnote has all."""
_LEGEND = {
    "quoted": ("“ ”", "word for word from its source"),
    "supported": (CHECKED, "reworded, and checked against its source"),
    "refused": ("–", "nothing is claimed"),
}
_QUOTE_MARKS = '"“”„«»'
_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
"""Control characters, and those that turn the letters after them round."""


def shown(text: str) -> str:
    """The text without what could steer the page or terminal that shows it."""
    return _UNSHOWN.sub("\ufffd", text.encode("utf-8", "replace").decode())


def flat(text: str) -> str:
    """The same on one line."""
    return " ".join(shown(text).split())


def lines(text: str) -> list[str]:
    """The same, line by line, without empty ones."""
    return [flat(line) for line in text.split("\n") if line.strip()]


def differing(one: Disagreement) -> str:
    """What stands above the sides of a disagreement."""
    return DIFFER if one.sure else MAY_DIFFER


def title(record: Record) -> str:
    return flat(record.title) or (f"Answers from {flat(record.folder)}" if record.folder else "Answers")


def made(record: Record) -> str:
    """When, from what and with what: `2 answers from the documents in “seeds”, 20 August 2025, 14:03 UTC`."""
    number = len(record.answers)
    answers = f"{number:,} answer{'' if number == 1 else 's'}"
    where = f" from the documents in “{flat(record.folder)}”" if record.folder else ""
    return f"{answers}{where}, {_moment(record.made)}, by Footnote {flat(record.program)}".rstrip()


def _moment(made: str) -> str:
    try:
        at = datetime.fromisoformat(made)
    except ValueError:
        return flat(made)
    return f"{say(at.date().isoformat())}, {at:%H:%M} UTC"


def how_to_check(suffix: str) -> str:
    """The command that checks the file, for its foot."""
    return f"python -m rag verify FILE{suffix} --docs FOLDER"


def quotation(sentence: Sentence) -> str:
    """The sentence's text, a quote in quotation marks unless it is one quotation already."""
    text = flat(sentence.text)
    marks = [place for place, letter in enumerate(text) if letter in _QUOTE_MARKS]
    if sentence.support != "quoted" or marks == [0, len(text) - 1]:
        return text
    return f"“{_apart(text[:1])}{text}{_apart(text[-1:])}”"


def _apart(neighbour: str) -> str:
    """A thin space where our quotation mark would touch one of the quote's own."""
    return "\N{NARROW NO-BREAK SPACE}" if neighbour and neighbour in _QUOTE_MARKS else ""


def resolved(sentence: Sentence) -> str:
    """What the sentence's relative dates come to."""
    said = "; ".join(f"{flat(phrase)}: {say(flat(value))}" for phrase, value in sentence.dates)
    return f"({said})" if said else ""


def legend(answer: Answer) -> Iterator[tuple[str, str]]:
    """Each mark that the answer's sentences bear, and what it means."""
    kinds = {sentence.support for sentence in answer.sentences}
    return (words for kind, words in _LEGEND.items() if kind in kinds)


def remarks(answer: Answer) -> list[str]:
    """What a reader of the answer should know."""
    coverage = [covering(answer.coverage)] if answer.coverage else []
    return [flat(text) for text in (*coverage, *answer.notes, reading_of(answer), scope_of(answer)) if text]


def origin(citation: Citation) -> str:
    """`The Courier, as of May 1932`."""
    return ", ".join(filter(None, (flat(citation.publisher or ""), as_of(citation.published))))


def as_of(published: str | None) -> str:
    if not published:
        return "undated"
    said = say(flat(published))
    return said if said.startswith("between ") else f"as of {said}"


def name(one: Citation | Source) -> str:
    """A document's title, or its file where it has none."""
    return flat(one.title or "") or flat(PurePath(one.source).name)


def fingerprint(record: Record, citation: Citation) -> str:
    """The beginning of the fingerprint of the citation's document; empty where it was gone."""
    known = next((one.sha256 for one in record.sources if one.article_id == citation.article_id), "")
    return flat(known)[:HASH_SHOWN]


def statement(one: Statement) -> tuple[str, str]:
    """Who says it and when; what it says, or the value it gives."""
    who = ", ".join(filter(None, (flat(one.publisher or one.source), say(flat(one.published or "")))))
    said = flat(one.value or one.text)
    if len(said) > TOLD:
        said = f"{said[:TOLD].rpartition(' ')[0] or said[:TOLD]}\N{NO-BREAK SPACE}…"
    return who, said
