"""Whatever the bytes, a reader gives a document or says in one sentence what is wrong with the file."""

from __future__ import annotations

import io
import signal
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import docx
import openpyxl
import pptx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag import read
from rag.articles import split_articles
from rag.errors import ReadError
from rag.folder import look_through
from rag.read import FORMATS, SUFFIXES, FileBytes, Format, to_document
from rag.types import Document
from tests.rag.files import eml, epub, odt, pdf, repacked, saved

SECONDS = 30
"""Reading a small file takes milliseconds; this is for a machine that does other work."""
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@cache
def good(suffix: str) -> bytes:
    """A small file of this format, with text in it."""
    text = b"The bridge opens in May.\nIt cost 400 million.\n"
    makers = {
        ".html": lambda: b"<html><head><title>x</title></head><body><p>" + text + b"</p></body></html>",
        ".pdf": lambda: pdf([["The bridge opens in May."], ["It cost 400 million."]], info="/Title (x)"),
        ".docx": word,
        ".pptx": slides,
        ".xlsx": sheet,
        ".csv": lambda: b"item,cost\nbridge,400\nroad,12\n",
        ".tsv": lambda: b"item\tcost\nbridge\t400\n",
        ".json": lambda: b'{"title": "x", "date": "2025-08-20", "text": "The bridge opens in May."}',
        ".jsonl": lambda: b'{"item": "bridge"}\n{"item": "road"}\n',
        ".epub": lambda: epub(["<h1>One</h1><p>The bridge opens in May.</p>"], metadata="<dc:title>x</dc:title>"),
        ".eml": lambda: eml("The bridge opens in May.", Subject="x", Date="Wed, 20 Aug 2025 10:15:00 +0200"),
        ".rtf": lambda: rb"{\rtf1\ansi{\info{\title x}}The bridge opens in May.\par}",
        ".odt": lambda: odt("<text:p>The bridge opens in May.</text:p>", meta="<dc:title>x</dc:title>"),
    }
    same = {".htm": ".html", ".xhtml": ".html"}
    return makers.get(same.get(suffix, suffix), lambda: text)()


def word() -> bytes:
    document = docx.Document()
    document.add_paragraph("The bridge opens in May.")
    return saved(document)


def slides() -> bytes:
    show = pptx.Presentation()
    show.slides.add_slide(show.slide_layouts[5]).shapes.title.text = "The bridge opens in May."
    return saved(show)


def sheet() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["item", "cost"])
    book.active.append(["bridge", 400])
    return saved(book)


def checked(suffix: str, data: bytes) -> Document | None:
    """What became of the file: a document that can be stored and taken apart, or one sentence."""
    try:
        with within(SECONDS):
            found = to_document(FileBytes(f"a{suffix}", data, {}))
    except ReadError as exc:
        assert "\n" not in str(exc) and 0 < len(str(exc)) < 300
        return None
    for text in (found.text, found.title or "", found.publisher or "", *(place for _, place in found.places)):
        assert "\0" not in text
        text.encode("utf-8")
    offsets = [at for at, _ in found.places]
    assert offsets == sorted(offsets) and all(0 <= at <= len(found.text) for at in offsets)
    split_articles(found)
    return found


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Fail when it takes longer, and do not wait for its end, where the system can do that."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def late(*_: object) -> None:
        pytest.fail(f"reading it takes longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_good_files_are_read_the_same_each_time(suffix: str) -> None:
    found = checked(suffix, good(suffix))
    assert found is not None and "bridge" in found.text and found.source == f"a{suffix}"
    assert found == checked(suffix, good(suffix))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_nothing_is_an_empty_document(suffix: str) -> None:
    assert to_document(FileBytes(f"a{suffix}", b"", {})) == Document("", source=f"a{suffix}")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_nul_bytes_and_noise(suffix: str) -> None:
    for data in (bytes(1000), b"text\0more", bytes(range(256)) * 4, b"\xff\xfe\x00\xd8a\0"):
        assert "\0" not in (found.text if (found := checked(suffix, data)) else "")


@pytest.mark.parametrize("suffix", [suffix for suffix in SUFFIXES if suffix not in (".htm", ".xhtml", ".markdown")])
@QUICK
@given(data=st.binary(max_size=300))
def test_random_bytes(suffix: str, data: bytes) -> None:
    checked(suffix, data)


@pytest.mark.parametrize("suffix", [suffix for suffix in SUFFIXES if suffix not in (".htm", ".xhtml", ".markdown")])
@QUICK
@given(at=st.floats(0, 1), put=st.binary(max_size=12), cut=st.integers(0, 40))
def test_damaged_files(suffix: str, at: float, put: bytes, cut: int) -> None:
    whole = good(suffix)
    place = int(at * len(whole))
    checked(suffix, whole[:place] + put + whole[place + cut :])
    checked(suffix, whole[:place])


INSIDE = {
    ".docx": ("word/document.xml", "docProps/core.xml", "_rels/.rels"),
    ".pptx": ("ppt/slides/slide1.xml", "ppt/presentation.xml", "ppt/slides/_rels/slide1.xml.rels"),
    ".xlsx": ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"),
    ".epub": ("OPS/text/c0.xhtml", "OPS/book.opf", "META-INF/container.xml"),
    ".odt": ("content.xml", "meta.xml"),
}
PIECES = [
    b"<",
    b">",
    b"</",
    b"/>",
    b'"',
    b"&",
    b"&#0;",
    b"&x;",
    b" val='99999999'",
    b"<!--",
    b"<![CDATA[",
    b"\xff",
    b"-1",
]


@pytest.mark.parametrize("suffix", INSIDE)
@QUICK
@given(which=st.integers(0, 2), at=st.floats(0, 1), put=st.sampled_from(PIECES) | st.binary(max_size=9),
       cut=st.integers(0, 60), again=st.integers(1, 3))  # fmt: skip
def test_archives_damaged_inside(suffix: str, which: int, at: float, put: bytes, cut: int, again: int) -> None:
    part = INSIDE[suffix][which % len(INSIDE[suffix])]
    with zipfile.ZipFile(io.BytesIO(good(suffix))) as archive:
        whole = archive.read(part)
    place = int(at * len(whole))
    damaged = whole[:place] + put + whole[place : place + cut] * (again - 1) + whole[place + cut :]
    found = checked(suffix, repacked(good(suffix), {part: damaged}))
    assert found is None or len(found.text) <= 10 * len(damaged) + 1000


def test_a_table_says_no_more_than_its_file_and_the_names_of_its_columns() -> None:
    name, times = "n" * 10_000, "table:number-columns-repeated='9999'"
    rows = "".join(f"| {n} | {n} |\n" for n in range(500))
    markdown = checked(".md", f"| {name} | b |\n|---|---|\n{rows}".encode())
    assert markdown is not None and "499; b: 499" in markdown.text and len(markdown.text) < 30_000
    row = f"<table:table-cell {times}><text:p>x</text:p></table:table-cell>" * 9
    cells = checked(".odt", odt(f"<table:table><table:table-row>{row}</table:table-row></table:table>"))
    assert cells is not None and cells.text.count("x") == 9


@pytest.mark.parametrize("suffix", [".txt", ".html", ".csv", ".tsv", ".json", ".jsonl", ".eml", ".rtf"])
def test_a_line_of_a_million_characters(suffix: str) -> None:
    word = b"word " * 200_000
    wrapped = {
        ".json": b'{"a": "' + word + b'"}', ".jsonl": b'{"a": "' + word + b'"}', ".rtf": rb"{\rtf1 " + word + b"}",
        ".eml": b"Subject: x\n\n" + word,
    }  # fmt: skip
    found = to_document(FileBytes(f"a{suffix}", wrapped.get(suffix, word), {}))
    assert found.text.count("word") == 200_000


def test_half_pairs_in_json_become_question_marks() -> None:
    found = checked(".json", rb'{"title": "a\ud800", "text": "b\udc00c\u0000d", "date": "2025"}')
    assert found is not None and (found.title, found.text) == ("a?", "b?c\ufffdd")


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(ReadError, match="needs the package pypdfium2: pip install pypdfium2"):
        to_document(FileBytes("a.pdf", good(".pdf"), {}))


def test_what_a_library_says_is_cut_to_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(data: bytes) -> Document:
        raise RuntimeError("first line\nsecond line " + "x" * 500)

    monkeypatch.setitem(FORMATS, ".pdf", Format("PDF", fail))
    with pytest.raises(ReadError, match=r"not a PDF that can be read .first line second line") as caught:
        to_document(FileBytes("a.pdf", b"x", {}))
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_sidecar_has_the_last_word(suffix: str) -> None:
    entry = {"title": "Other", "publisher": "Else", "published": "2024", "basis": "It says so."}
    found = to_document(FileBytes(f"a{suffix}", good(suffix), entry))
    assert (found.title, found.publisher, found.published, found.dated) == ("Other", "Else", "2024", "sidecar")
    assert to_document(FileBytes(f"a{suffix}", good(suffix), {"title": "Other"})).dated != "sidecar"


def test_all_formats_are_listed(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("all")
    for suffix in SUFFIXES:
        (folder / f"a{suffix}").write_bytes(good(suffix))
    assert len(look_through(folder, 0)[0]) == len(SUFFIXES) == len(read.FORMATS)
