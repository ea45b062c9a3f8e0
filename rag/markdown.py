"""A record as Markdown. Nothing that comes from a document, a question or a model becomes markup.

What stands in brackets, angles or at the start of a line is escaped; addresses, which some readers turn into links
wherever they find them, stand as code. Knows nothing of HTML but the comment that holds the data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag import outline
from rag.record import Record
from rag.types import Answer, Citation, Sentence, Statement

_SPECIAL = re.compile(r"[\\`*_{}\[\]#|~$!^]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_ADDRESS = re.compile(r":/|www\.|@", re.I)
"""In a word that GitHub and others make a link, or a mention of somebody, of."""
_OPENS = re.compile(r"^(?:([-+=:])|(\d+)([.)]))")


def to_markdown(record: Record) -> str:
    """The record as Markdown, without its data."""
    parts = [f"# {escape(outline.title(record))}", escape(outline.made(record))]
    for number, answer in enumerate(record.answers, 1):
        parts += _answer(record, answer, number)
    parts += [f"## {outline.DOCUMENTS}", "\n".join(_documents(record))] if record.sources else []
    parts += ["---", f"To check this file against the documents: {code(outline.how_to_check('.md'))}"]
    return "\n\n".join(filter(None, parts)) + "\n"


def escape(text: str) -> str:
    """The text on one line, as text."""
    words = [code(word) if _ADDRESS.search(word) else _escaped(word) for word in outline.flat(text).split(" ")]
    return _OPENS.sub(lambda match: f"\\{match[1]}" if match[1] else f"{match[2]}\\{match[3]}", " ".join(words))


def _escaped(word: str) -> str:
    marked = _SPECIAL.sub(lambda match: f"\\{match.group()}", word)
    return re.sub("[&<>]", lambda match: _ENTITIES[match.group()], marked)


def code(text: str) -> str:
    """The text as code: within it, nothing is markup."""
    text = outline.flat(text)
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}" if text else ""


def _answer(record: Record, answer: Answer, number: int) -> Iterator[str]:
    yield f"## {number}. {escape(answer.question)}"
    yield f"**{heading}**" if (heading := escape(answer.heading)) else ""
    yield from map(_sentence, answer.sentences)
    yield "\n".join(
        [f"- *{mark} {meaning}*" for mark, meaning in outline.legend(answer)]
        + [f"- {escape(text)}" for text in outline.remarks(answer)]
    )
    for disagreement in answer.disagreements:
        yield f"### {outline.differing(disagreement)}"
        yield "\n".join(_statements(disagreement.statements))
    if answer.timeline:
        yield f"### {outline.TIMELINE}"
        yield "\n".join(_statements(answer.timeline))
    for heading, citations in ((outline.SOURCES, answer.citations), (outline.CLOSEST, answer.closest)):
        yield f"### {heading}" if citations else ""
        for citation in citations:
            yield _footnote(record, citation)


def _sentence(sentence: Sentence) -> str:
    lead = f"*{said}:*" if (said := escape(sentence.lead)) else ""
    checked = outline.CHECKED if sentence.support == "supported" else ""
    marks = "".join(f"\\[{number:d}\\]" for number in sentence.citations)
    words = (lead, escape(outline.quotation(sentence)), checked, escape(outline.resolved(sentence)), marks)
    return " ".join(filter(None, words))


def _statements(statements: Sequence[Statement]) -> Iterator[str]:
    for one in statements:
        who, said = outline.statement(one)
        yield f"- {escape(who)}: {escape(said)} \\[{one.citation:d}\\]"


def _footnote(record: Record, citation: Citation) -> str:
    """Where the quote stands, and the quote below it, a paragraph a line."""
    digest = outline.fingerprint(record, citation)
    file = ", ".join(filter(None, (code(citation.source), escape(citation.place))))
    also = [f"also in {', '.join(map(code, citation.also_in))}"] if citation.also_in else []
    where = "; ".join([file, *also, *([f"SHA-256 {code(digest)}…"] if digest else [])])
    head = (
        f"**\\[{citation.number:d}\\]** {escape(outline.name(citation))}. {escape(outline.origin(citation))}. {where}"
    )
    return "\n\n".join([head, "\n>\n".join(f"> {escape(line)}" for line in outline.lines(citation.quote))])


def _documents(record: Record) -> Iterator[str]:
    for one in record.sources:
        digest = f" SHA-256 {code(one.sha256)}" if one.sha256 else " gone when this was exported"
        yield f"- {code(one.source)} {escape(outline.name(one))}:{digest}"
