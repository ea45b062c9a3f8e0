"""The command line: `python -m rag ask|index|status`.

Exit codes: 0 answered, 3 refused, 2 wrong usage or input, 1 anything else. Errors are one sentence on
standard error; the progress of indexing goes there too, so that standard output holds the answer alone.
"""

from __future__ import annotations

import io
import json
import re
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from rag import Answer, Citation, InputError, Rag, RagError, load_settings
from rag.answer import covering, marked, reading_of
from rag.dates import say
from rag.progress import progress_bar
from rag.types import FileReport

REFUSED = 3
WIDTH = 88
QUOTE_CHARS = 240
FLAGS_SHOWN = 3
DEFAULT_FOLDER = Path("seeds")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
"""What a document may hold and no terminal should be told: escape sequences begin with one of these."""

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)

Docs = Annotated[Path, typer.Option("--docs", help="Folder of documents.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, in quotation marks.")],
    docs: Docs = DEFAULT_FOLDER,
    as_json: Json = False,
) -> None:
    """Answer one question from the documents, with footnotes."""
    with opened(docs) as rag:
        _warn_skipped(rag.reports)
        answer = rag.ask(question)
    if as_json:
        print(json.dumps(answer.to_dict(), ensure_ascii=False, indent=2))
    else:
        print(to_text(answer))
    raise typer.Exit(REFUSED if answer.refused else 0)


@app.command()
def index(
    folder: Annotated[Path, typer.Argument(help="Folder of documents.")] = DEFAULT_FOLDER, as_json: Json = False
) -> None:
    """Bring the index in step with a folder, and say what became of every file."""
    with opened(folder) as rag:
        reports, status = rag.reports, rag.status()
    if as_json:
        print(json.dumps([asdict(report) for report in reports], ensure_ascii=False, indent=2))
        return
    for report in reports:
        if report.state != "unchanged":
            print(_report_line(report))
        for line in _flag_lines(report):
            print(line)
    unchanged = sum(report.state == "unchanged" for report in reports)
    print(
        f"{_count(status.files, 'file')} indexed ({unchanged} unchanged): "
        f"{_count(status.articles, 'article')}, {_count(status.passages, 'passage')} in {status.home}"
    )


@app.command()
def status(docs: Docs = DEFAULT_FOLDER, as_json: Json = False) -> None:
    """What is indexed, where, and which models run. Changes nothing."""
    from rag.wiring import look

    found = look(docs)
    if as_json:
        print(json.dumps(asdict(found), ensure_ascii=False, indent=2))
        return
    print(f"documents       {found.folder}")
    print(f"index           {found.home}")
    print(f"indexed         {found.files} files, {found.articles} articles, {found.passages} passages")
    print(f"embedder        {found.embedder}")
    print(f"language model  {found.model}")
    for report in found.skipped:
        print(_report_line(report))
    for report in found.flagged:
        for line in _flag_lines(report):
            print(line)


@contextmanager
def opened(folder: Path) -> Iterator[Rag]:
    """The folder's `Rag`, indexed behind a progress bar."""
    with progress_bar() as progress:
        rag = Rag.open(folder, settings=load_settings(), progress=progress)
    with rag:
        yield rag


def to_text(answer: Answer) -> str:
    """An answer as a terminal shows it: a paragraph a sentence, footnotes, notes."""
    lines = [answer.heading] * bool(answer.heading)
    lines += [textwrap.fill(marked(sentence), WIDTH) for sentence in answer.sentences]
    lines += [covering(answer.coverage)] if answer.coverage else []
    if answer.closest:
        lines += ["", "Closest I found:"]
    lines += [""] * bool(answer.citations)
    shown = " ".join(sentence.text for sentence in answer.sentences)
    for citation in answer.citations or answer.closest:
        lines += _footnote(citation, with_quote=citation.quote not in shown)
    lines += [f"Note: {note}" for note in answer.notes]
    lines += [textwrap.fill(reading_of(answer), WIDTH, subsequent_indent="    ")] if reading_of(answer) else []
    return _CONTROL.sub("\ufffd", "\n".join(lines))


def _footnote(citation: Citation, *, with_quote: bool) -> Iterator[str]:
    """Where a quote stands; the quote too, where the answer itself does not show it."""
    where = ", ".join(filter(None, [citation.publisher, say(citation.published), citation.source, citation.place]))
    title = f" {citation.title}" if citation.title else ""
    yield textwrap.fill(f"[{citation.number}]{title} ({where})", WIDTH, subsequent_indent="    ")
    if with_quote:
        quote = textwrap.shorten(citation.quote, QUOTE_CHARS, placeholder=" …")
        yield textwrap.fill(f"“{quote}”", WIDTH, initial_indent="    ", subsequent_indent="    ")
    if citation.also_in:
        yield f"    also in {', '.join(citation.also_in)}"


def _report_line(report: FileReport) -> str:
    name = _shown(report.source)
    if report.reason:
        return f"{report.state}: {name}: {report.reason}"
    if report.state == "indexed":
        return f"indexed: {name} ({_count(report.articles, 'article')}, {_count(report.passages, 'passage')})"
    return f"{report.state}: {name}"


def _flag_lines(report: FileReport) -> Iterator[str]:
    """What in a file addresses a language model and is therefore never evidence, a line each."""
    for flag in report.flags[:FLAGS_SHOWN]:
        yield f"flagged: {_shown(report.source)}: {flag}"
    if (more := len(report.flags) - FLAGS_SHOWN) > 0:
        yield f"flagged: {_shown(report.source)}: and {more} more"


def _shown(name: str) -> str:
    return name if name.isprintable() else name.encode("unicode_escape").decode()


def _warn_skipped(reports: tuple[FileReport, ...]) -> None:
    for report in reports:
        if report.state in ("empty", "unreadable"):
            print(f"skipped, {_report_line(report)}", file=sys.stderr)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def main() -> None:
    """Run the command line; every error becomes one sentence and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal of fewer letters shows a question mark
    try:
        app()
    except RagError as exc:
        print(f"footnote: {exc}", file=sys.stderr)
        sys.exit(2 if isinstance(exc, InputError) else 1)
    except KeyboardInterrupt:
        print("footnote: stopped; what was indexed so far is kept.", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(1)
    except Exception as exc:  # a traceback helps no user
        print(f"footnote: an unexpected error, {type(exc).__name__}: {exc}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
