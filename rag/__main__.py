"""The command line: `python -m rag ask|verify|index|status|doctor`.

Exit codes: 0 answered, 3 refused, 2 wrong usage or input, 1 anything else, as an export that does not hold. Errors are
one sentence on standard error; the progress of indexing goes there too, so that standard output holds the answer alone.
"""

from __future__ import annotations

import io
import json
import re
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from rag import Answer, Citation, InputError, Rag, RagError, Scope, export, load_settings
from rag.answer import covering, marked, reading_of, scope_of
from rag.dates import say
from rag.errors import FolderError, HeldError
from rag.folder import check_folder, printable
from rag.progress import progress_bar
from rag.types import FileReport, Status

REFUSED = 3
INTERRUPTED = 130
WIDTH = 88
QUOTE_CHARS = 240
FLAGS_SHOWN = 3
PATIENCE = 10.0
"""Seconds that a question in the terminal waits for the indexing; a folder of some hundred files is done by then."""
PARTS = {".pptx": "slide", ".xlsx": "sheet", ".epub": "chapter"}
"""What the parts of a file are called that a citation names; pages elsewhere."""
SKIPPED_ALIKE = 3
"""More files left out for the same reason than this are counted, not listed."""
DEFAULT_FOLDER = Path("seeds")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
"""What a document may hold and no terminal should be told: escape sequences begin with one of these."""

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)

Docs = Annotated[Path, typer.Option("--docs", help="Folder of documents.")]
Only = Annotated[
    list[str] | None,
    typer.Option("--only", help="Ask only this file, folder or pattern, as in 'reports/*.pdf'; may be repeated."),
]
Publisher = Annotated[
    list[str] | None, typer.Option("--publisher", help="Ask only what this publisher reports; may be repeated.")
]
Since = Annotated[str | None, typer.Option("--since", metavar="DATE", help="Ask only reports from then on: 2025-08.")]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help="Ask only reports up to then: 2025-09-30.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, in quotation marks.")],
    docs: Docs = DEFAULT_FOLDER,
    only: Only = None,
    publisher: Publisher = None,
    since: Since = None,
    until: Until = None,
    as_json: Json = False,
    to: Annotated[
        Path | None, typer.Option("--export", help="Write the answer to a file, too: .json, .md or .html.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace that file if there is one.")] = False,
) -> None:
    """Answer one question from the documents, with footnotes."""
    if to is not None:
        export.check_target(to, force=force)  # before the work, not after it
    scope = Scope(tuple(only or ()), tuple(publisher or ()), since, until)
    with opened(docs, patience=PATIENCE) as rag:
        _warn_skipped(rag.reports)
        answer = rag.ask(question, scope=scope)
        if to is not None:
            export.write(rag.record([answer]), to, force=force)
    if as_json:
        print(json.dumps(answer.to_dict(), ensure_ascii=False, indent=2))
    else:
        print(to_text(answer))
    raise typer.Exit(REFUSED if answer.refused else 0)


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="A file that was exported: .json, .md or .html.")],
    docs: Docs = DEFAULT_FOLDER,
    as_json: Json = False,
) -> None:
    """Check an exported answer against the documents as they are now. Exit code 1 when any of it does not hold."""
    from rag.verdicts import tell

    exported = export.read(file)
    if exported.record.folder not in ("", docs.resolve().name):
        named = printable(exported.record.folder)
        print(f"footnote: this was exported from {named!r}; it is checked against {str(docs)!r}.", file=sys.stderr)
    try:
        with opened(docs) as rag:
            found = rag.verify(exported.record, altered=exported.altered)
    except HeldError:  # by the page, say
        from rag.beside import verify_beside

        found = verify_beside(docs, exported.record, altered=exported.altered)
    if as_json:
        print(json.dumps(found.to_dict(), ensure_ascii=False, indent=2))
    else:
        tell(found, sys.stdout)
    raise typer.Exit(0 if found.holds else 1)


@app.command()
def index(
    folder: Annotated[Path, typer.Argument(help="Folder of documents.")] = DEFAULT_FOLDER,
    as_json: Json = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on, and index what changes, until Ctrl-C.")] = False,
) -> None:
    """Bring the index in step with a folder, and say what became of every file."""
    with opened(folder) as rag:
        _tell(rag.reports, rag.status(), as_json=as_json)
        for _ in rag.changes() if watch else ():
            try:
                _tell(rag.update(), rag.status(), as_json=as_json)
            except FolderError as exc:  # what was indexed stays until there is a folder to read again
                print(f"footnote: {exc}", file=sys.stderr)


def _tell(reports: Sequence[FileReport], status: Status, *, as_json: bool) -> None:
    """What became of every file; many that were left out for the same reason share a line."""
    if as_json:
        print(json.dumps([asdict(report) for report in reports], ensure_ascii=False, indent=2), flush=True)
        return
    alike = Counter(report.reason for report in reports if report.state == "skipped")
    for report in reports:
        if report.state != "unchanged" and alike[report.reason] <= SKIPPED_ALIKE:
            print(_report_line(report))
        for line in _flag_lines(report):
            print(line)
    for reason, number in sorted(alike.items()):
        if number > SKIPPED_ALIKE:
            print(f"skipped: {_count(number, 'file')}: {reason}")
    unchanged = sum(report.state == "unchanged" for report in reports)
    print(
        f"{_count(status.files, 'file')} indexed ({unchanged} unchanged): "
        f"{_count(status.articles, 'article')}, {_count(status.passages, 'passage')} in {status.home}",
        flush=True,
    )


@app.command()
def doctor(
    docs: Docs = DEFAULT_FOLDER,
    mend: Annotated[bool, typer.Option("--repair", help="Mend what is wrong, from the files.")] = False,
) -> None:
    """Hold the index against itself and the folder, and name what is wrong. Exit code 1 when something stays wrong."""
    from rag.doctor import examine, repair
    from rag.wiring import embedder_for, index_home

    settings = load_settings()
    check_folder(docs)
    home, embedder = index_home(docs, settings), embedder_for(settings)
    with progress_bar() as progress:
        found, left = repair(docs, home, embedder, progress) if mend else (examine(docs, home, embedder), [])
    for finding in found:
        print(f"{finding.part}: {finding.text}")
    if not found:
        print(f"All is well in {home}.")
    elif not mend:
        print(
            "Mend it with: python -m rag doctor --repair" + ("" if docs == DEFAULT_FOLDER else f" --docs {str(docs)!r}")
        )
        raise typer.Exit(1)
    elif left:
        print("Still wrong: " + "; ".join(f"{finding.part}: {finding.text}" for finding in left))
        raise typer.Exit(1)
    else:
        print(f"Mended from the files; all is well in {home}.")


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
def opened(folder: Path, patience: float | None = None) -> Iterator[Rag]:
    """The folder's `Rag`, indexed behind a progress bar; wholly, or as far as it comes in so many seconds."""
    with progress_bar() as progress:
        rag = Rag.open(folder, settings=load_settings(), progress=progress, wait=patience is None)
        try:
            rag.wait(patience, progress)
        except BaseException:
            rag.close()
            raise
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
    lines += [textwrap.fill(scope_of(answer), WIDTH, subsequent_indent="    ")] if scope_of(answer) else []
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
    name = printable(report.source)
    if report.state == "indexed":
        return f"indexed: {name} ({', '.join(filter(None, (*_particulars(report), report.reason)))})"
    if report.reason:
        return f"{report.state}: {name}: {report.reason}"
    return f"{report.state}: {name}"


def _particulars(report: FileReport) -> Iterator[str]:
    """What was found in a file."""
    yield _count(report.articles, "article")
    yield _count(report.passages, "passage")
    if report.pages:
        yield _count(report.pages, PARTS.get(Path(report.source).suffix.lower(), "page"))
    if report.published:
        yield f"{say(report.published)} by {report.dated}" if report.dated else say(report.published)
    if report.language and report.language != "en":
        yield f"language {report.language}"
    if report.copy:
        yield f"{report.copy} of {printable(report.copy_of)}"


def _flag_lines(report: FileReport) -> Iterator[str]:
    """What in a file addresses a language model and is therefore never evidence, a line each."""
    for flag in report.flags[:FLAGS_SHOWN]:
        yield f"flagged: {printable(report.source)}: {flag}"
    if (more := len(report.flags) - FLAGS_SHOWN) > 0:
        yield f"flagged: {printable(report.source)}: and {more} more"


def _warn_skipped(reports: tuple[FileReport, ...]) -> None:
    for report in reports:
        if report.state in ("empty", "unreadable", "too large"):
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
        sys.exit(INTERRUPTED)
    except SystemExit as exc:
        if exc.code == INTERRUPTED:  # typer has taken the KeyboardInterrupt
            print("footnote: stopped; what was indexed so far is kept.", file=sys.stderr)
        raise
    except BrokenPipeError:
        sys.exit(1)
    except Exception as exc:  # a traceback helps no user
        print(f"footnote: an unexpected error, {type(exc).__name__}: {exc}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
