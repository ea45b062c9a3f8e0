"""Files as people have them: encodings, front matter, odd names, links, a sidecar with and without mistakes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import read
from rag.articles import split_articles
from rag.errors import ReadError
from rag.folder import look_through
from rag.formats.encoding import decode
from rag.read import SIDECAR, FileBytes, load_sidecar, read_bytes, to_document
from rag.types import Document

GERMAN = "Die Brücke über die Elbe öffnet im März, sagt Bürgermeister Müller."
FRENCH = "Le maire a annoncé où le pont sera ouvert : à Orléans, près de la forêt, dès l’été."
ENGLISH = "The mayor said: “The bridge opens in May – finally.” It’s the café’s news."
RUSSIAN = "Мост откроется в мае, сказал мэр города. Строительство продолжалось девять лет."
JAPANESE = "橋は五月に開通すると市長が述べた。"


def markdown(text: str) -> Document:
    return to_document(FileBytes("note.md", text.encode(), {}))


def lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line]


@pytest.mark.parametrize("text", [GERMAN, FRENCH, ENGLISH, RUSSIAN, JAPANESE])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_either_byte_order(mark: bytes) -> None:
    order = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"
    assert decode(mark + GERMAN.encode(order)) == GERMAN


@pytest.mark.parametrize("text", [GERMAN, FRENCH, ENGLISH, "café", "Straße", "£5 or €6", "naïve résumé"])
def test_western_without_a_mark(text: str) -> None:
    assert decode(text.encode("cp1252")) == text


def test_latin_1() -> None:
    assert decode(GERMAN.encode("latin-1")) == GERMAN


@pytest.mark.parametrize(
    ("text", "encoding"), [(RUSSIAN, "cp1251"), (JAPANESE, "shift_jis"), ("Η γέφυρα θα ανοίξει τον Μάιο.", "cp1253")]
)
def test_other_alphabets_without_a_mark(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_a_stray_byte_in_a_long_text_costs_no_more_than_itself() -> None:
    data = ENGLISH.encode("ascii", "ignore") * 50 + b"\xff" + ENGLISH.encode("ascii", "ignore")
    assert decode(data).count("The mayor said") == 51


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n"])
def test_line_ends(ends: str) -> None:
    assert decode(f"one{ends}two{ends}{ends}three".encode()) == "one\ntwo\n\nthree"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"text\0more", id="nul"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", id="png"),
        pytest.param(bytes(range(128, 256)) * 20, id="noise"),
        pytest.param(b"\xff\xfea", id="half a character"),
        pytest.param(b"\xfe\xff\xd8\x00\x00a", id="half a pair"),
    ],
)
def test_no_text(data: bytes) -> None:
    with pytest.raises(ReadError):
        decode(data)


def test_nothing_is_text() -> None:
    assert decode(b"") == decode(b"\xef\xbb\xbf") == ""


@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_a_read_error(data: bytes) -> None:
    try:
        text = decode(data)
    except ReadError:
        return
    assert "\r" not in text and "\0" not in text
    text.encode("utf-8")  # no half pairs: it can be stored


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\ufeff"), max_size=200))
def test_any_unicode_text_comes_back(text: str) -> None:
    assert decode(text.encode("utf-8")) == text


@pytest.mark.parametrize(
    "name", ["a b.txt", "-rf.txt", "'; DROP TABLE files;--.txt", "Ärger 橋.txt", "#1 [x] {y}.md", "%20.txt"]
)
def test_strange_names(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("The text.", encoding="utf-8")
    found = look_through(tmp_path, 0)[0][0].source
    assert found == name
    assert to_document(read_bytes(tmp_path, found, {})).text.strip() == "The text."


@pytest.mark.skipif(os.name != "posix", reason="such names exist on Unix alone")
def test_a_name_that_is_no_text_is_a_read_error(tmp_path: Path) -> None:
    try:
        (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("x", encoding="utf-8")
    except OSError as exc:
        pytest.skip(f"not on this file system: {exc}")
    found = look_through(tmp_path, 0)[0][0].source
    with pytest.raises(ReadError, match="name"):
        read_bytes(tmp_path, found, {})


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "MAX_BYTES", 1000)
    (tmp_path / "just.txt").write_bytes(b"x" * 1000)
    (tmp_path / "over.txt").write_bytes(b"x" * 1001)
    assert len(read_bytes(tmp_path, "just.txt", {}).data) == 1000
    with pytest.raises(ReadError, match=r"1,001 bytes.*1,000"):
        read_bytes(tmp_path, "over.txt", {})


def test_a_file_that_went_away(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="No such file"):
        read_bytes(tmp_path, "gone.txt", {})


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(ReadError, match="Permission denied"):
        read_bytes(tmp_path, "a.txt", {})


def test_digest_changes_with_bytes_and_with_the_sidecar() -> None:
    digests = {
        FileBytes("a", data, entry).digest
        for data in (b"one", b"two")
        for entry in ({}, {"title": "T"}, {"published": "2025"})
    }
    assert len(digests) == 6
    assert FileBytes("a", b"one", {}).digest == FileBytes("b", b"one", {}).digest


def test_text_files_are_taken_as_they_are() -> None:
    text = "---\ntitle: no front matter here\n---\n# not a heading\n* not an item\n"
    assert to_document(FileBytes("a.txt", text.encode(), {})) == Document(text=text, source="a.txt")


def test_front_matter() -> None:
    found = markdown("---\ntitle: Bridge opens\npublisher: The Courier\ndate: 2025-08-20\n---\n\nIt opened.\n")
    assert (found.title, found.publisher, found.published) == ("Bridge opens", "The Courier", "2025-08-20")
    assert lines(found.text) == ["It opened."]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2025-08-20", "2025-08-20"),
        ("2025-08-20 10:15:00", "2025-08-20"),
        ("2025-08", "2025-08"),
        ("2025", "2025"),
        ("2025-09/2025-12", "2025-09/2025-12"),
        ("last summer", None),
        ("", None),
    ],
)
def test_front_matter_dates(written: str, read: str | None) -> None:
    assert markdown(f"---\npublished: {written}\n---\nText.").published == read


@pytest.mark.parametrize(
    "text",
    [
        "---\nonly a rule at the top\n---\nand the text",
        "---\n- a list\n- of two\n---\nand the text",
        "---\n\nNote: call: Anna\n\n---\n\nand the text",
        "---\ntitle: not closed\n\nand the text",
        "---\ndate: 2025-13-45\n---\nand the text",
        "---\nkey: !!python/object/apply:os.system [echo]\n---\nand the text",
        "first\n\n---\n\nsecond: third\n\n---\n\nand the text",
        "{\n no: json\n}\nand the text",
        "+++\nno toml\n+++\nand the text",
    ],
)
def test_what_is_no_front_matter_is_kept(text: str) -> None:
    found = markdown(text)
    words = [word for word in text.replace("-", " ").split() if word.isalpha()]
    assert [word for word in words if word not in found.text] == []
    assert found.title is None


def test_markdown_blocks_become_lines() -> None:
    text = """# The *bridge*

It opened in [May](https://example.org/x) and
cost **5 million**.

- one item
- `two` items
  over two lines

> Quoted words.

```
code stays
  as it is
```

1. first
2. second
"""
    assert lines(markdown(text).text) == [
        "The bridge",
        "It opened in May and cost 5 million.",
        "one item",
        "two items over two lines",
        "Quoted words.",
        "code stays",
        "  as it is",
        "first",
        "second",
    ]


def test_lines_of_code_stay_apart() -> None:
    code = """bridge build --from north --to south --width 12 --arches 5
bridge open --on 2025-05-05 --with mayor --with band
bridge close --on 2025-12-24 --because 'it is icy'"""
    (article,) = split_articles(markdown(f"To build and open it:\n\n```\n{code}\n```\n\nThen walk\nover it.\n"))
    assert article.text == f"To build and open it:\n\n{code}\n\nThen walk over it."


def test_a_row_of_a_table_is_a_line_with_the_names_of_its_columns() -> None:
    found = markdown("| Town | Opened |\n|---|---|\n| Ulm | May 2025 |\n| Bonn | June 2026 |\n")
    assert lines(found.text) == ["Town: Ulm; Opened: May 2025", "Town: Bonn; Opened: June 2026"]


def test_html_in_markdown_loses_its_tags_only() -> None:
    found = markdown("<p>The bridge opens &amp; closes.</p>\n\n<!-- not\nshown -->\n\nIt is<br>very <b>lo</b>ng.\n")
    assert lines(found.text) == ["The bridge opens & closes.", "It is very long."]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=300))
def test_any_markdown_is_read(text: str) -> None:
    assert isinstance(markdown(f"---\n{text}").text, str)


def test_sidecar_wins_over_front_matter() -> None:
    data = b"---\ntitle: Old\npublisher: The Courier\n---\nText."
    found = to_document(FileBytes("a.md", data, {"title": "New", "published": "2025-08", "basis": "It says so."}))
    assert (found.title, found.publisher, found.published) == ("New", "The Courier", "2025-08")


def test_sidecar(tmp_path: Path) -> None:
    (tmp_path / SIDECAR).write_text(
        """["a b.txt"]
title = "Bridge"
publisher = "The Courier"
published = 2025-08-20
basis = "It says so."
["sub/c.md"]
published = "2025-09/2025-12"
["d.txt"]
published = 2025-08-20T10:00:00Z
["e.txt"]
published = 2025
""",
        encoding="utf-8",
    )
    found = load_sidecar(tmp_path)
    assert found["a b.txt"] == {
        "title": "Bridge",
        "publisher": "The Courier",
        "published": "2025-08-20",
        "basis": "It says so.",
    }
    assert {source: entry["published"] for source, entry in found.items()} == {
        "a b.txt": "2025-08-20",
        "sub/c.md": "2025-09/2025-12",
        "d.txt": "2025-08-20",
        "e.txt": "2025",
    }


def test_no_sidecar(tmp_path: Path) -> None:
    assert load_sidecar(tmp_path) == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[a.txt]\ntitle = ", "sources.toml: "),
        ('["a.txt"]\ntitel = "x"', "'titel' of 'a.txt'; known: title"),
        ('["a.txt"]\npublished = "August 2025"', "'August 2025' of 'a.txt' is not ISO 8601"),
        ('["a.txt"]\npublished = "2025-12/2025-09"', "is not ISO 8601"),
        ('title = "x"', "'title' is not a table"),
        ('["a.txt"]\ntitle = "\0"', "binary"),
    ],
)
def test_sidecar_mistakes_are_named(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / SIDECAR).write_text(text, encoding="utf-8")
    with pytest.raises(ReadError, match=said.replace(".", r"\.")):
        load_sidecar(tmp_path)


def test_the_seeds_sidecar_is_good(seeds: Path) -> None:
    sidecar = load_sidecar(seeds)
    assert sorted(sidecar) == [one.source for one in look_through(seeds, 0)[0]]
    assert all({"title", "publisher", "published", "basis"} == set(entry) for entry in sidecar.values())
    texts = {source: decode((seeds / source).read_bytes()) for source in sidecar}
    for source, entry in sidecar.items():  # what a date rests on stands in a seed, its own sentence first
        for part in entry["basis"].split(" … "):
            assert any(part in text for text in texts.values()), (source, part)


def text_file(text: str) -> Document:
    return to_document(FileBytes("a.txt", text.encode(), {}))


def test_a_header_of_a_text_file_says_what_it_is() -> None:
    text = (
        "Title: The bridge opens\nAuthor: Anna Lee\nSource: The Courier\nDate: 20 August 2025\n\nIt opened on Monday.\n"
    )
    found = text_file(text)
    assert (found.title, found.publisher, found.published) == ("The bridge opens", "The Courier", "2025-08-20")
    assert (found.dated, found.text) == ("header lines", text)


@pytest.mark.parametrize(
    "text",
    [
        "Title: The bridge opens\n\nIt opened on Monday.",  # one line alone
        "Title: The bridge opens\nDate: 20 August 2025\nIt opened on Monday.\n\nNobody came.",  # no empty line
        "Title: The bridge opens\nBudget: 5\nDate: 20 August 2025\n\nIt opened.",  # a line of something else
        "Title: The bridge opens\nDate: soon\n\nIt opened.",
        "Anna: Hello.\nBoris: Who is there?\n\nNobody.",
        "Title: The bridge opens\nDate: 20 August 2025",
    ],
)
def test_what_only_begins_like_a_header_is_text(text: str) -> None:
    found = text_file(text)
    assert (found.title, found.publisher, found.published, found.text) == (None, None, None, text)
