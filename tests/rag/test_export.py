"""Records as files: what they show, that nothing in them is markup, and that what was changed by hand is noticed."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from rag import export
from rag.errors import InputError
from rag.export import from_text, read, to_html, to_json, to_markdown, write
from rag.record import Record, make_record
from rag.types import Answer, Citation, Coverage, Disagreement, Sentence, Statement
from tests.rag import records
from tests.rag.test_record import ANSWER, find

NEWER = Citation(
    1, "Ninety came next month.\nSo they said.", "b/report.pdf", "A <b>title</b>", "The *Herald*", "2025-08-20", "b",
    3, 41,
    ("copy.txt",), "page 3",
)  # fmt: skip
OLDER = Citation(2, "Sixty came.", "c.txt", None, None, None, "c", 0, 11)
SIDES = (
    Statement(NEWER.quote, NEWER.published, NEWER.publisher, NEWER.source, 1, "Ninety"),
    Statement(OLDER.quote, None, None, OLDER.source, 2, "Sixty"),
)
DIFFERING = Answer(
    question="How many came?",
    text="",
    sentences=(
        Sentence(NEWER.quote, "quoted", (1,), (("next month", "2025-09"),), "The *Herald*, 20 August 2025"),
        Sentence("Sixty of them came.", "supported", (2, 3)),
    ),
    citations=(NEWER, OLDER),
    refused=False,
    notes=("The model is down.",),
    heading="The documents give different answers:",
    timeline=(SIDES[0],),
    disagreements=(Disagreement(SIDES),),
    coverage=Coverage(2, 30),
    searched=("How many came to Ulm?",),
)
REFUSED = Answer("Why?", "No.", (Sentence("No.", "refused"),), (), refused=True, closest=(OLDER,))
RECORD = make_record([ANSWER, DIFFERING, REFUSED], find, folder="/home/mira/reports")
LAYOUTS = {"json": to_json, "md": to_markdown, "html": to_html}
layouts = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)


some = settings(max_examples=15)
"""A record is many texts: each example tries dozens of them in every place."""


class Page(HTMLParser):
    """The tags of a page with what they bear, its text, and what stands in its scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self._open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        inside = self._open[-1] if self._open else ""
        self.raw.get(inside, self.texts).append(data)

    @property
    def shown(self) -> str:
        return " ".join(" ".join(self.texts).split())


def tokens(text: str) -> list[Token]:
    found = []
    for block in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text):
        found += [block, *(block.children or [])]
    return found


@some
@given(records.records)
def test_there_and_back(record: Record) -> None:
    for layout in LAYOUTS.values():
        assert from_text(layout(record)) == export.Exported(record, altered=False)
        assert from_text("\ufeff".lstrip("\ufeff") + layout(record).replace("\n", "\r\n")).altered is False


TAGS = {
    "html", "head", "meta", "title", "style", "body", "header", "main", "section", "div", "p", "h1", "h2", "h3", "ul",
    "ol",
    "li", "a", "span", "b", "q", "blockquote", "code", "footer", "script",
}  # fmt: skip


@some
@given(records.records)
def test_no_text_becomes_markup_in_a_page(record: Record) -> None:
    page = Page(to_html(record))
    names = [tag for tag, _ in page.tags]
    assert set(names) <= TAGS
    assert names.count("script") == names.count("style") == names.count("title") == 1
    for tag, bears in page.tags:
        assert {
            "lang",
            "charset",
            "class",
            "id",
            "dir",
            "href",
            "aria-label",
            "name",
            "content",
            "http-equiv",
            "type",
        } >= set(bears)
        assert tag != "a" or re.fullmatch(r"#q\d+-note\d+", str(bears["href"]))
    assert "-->" not in page.raw["script"][0] and "<" not in page.raw["script"][0]


@some
@given(records.records)
def test_no_text_becomes_markup_in_markdown(record: Record) -> None:
    found = tokens(to_markdown(record))
    kinds = [token.type for token in found]
    assert not {"image", "link_open", "html_inline", "fence", "code_block", "table_open", "s_open", "hardbreak"} & set(
        kinds
    )
    assert kinds.count("html_block") == kinds.count("hr") == 1
    assert kinds.count("heading_open") == sum(_headings(answer) for answer in record.answers) + bool(record.sources) + 1
    assert kinds.count("blockquote_open") <= sum(len(one.citations) + len(one.closest) for one in record.answers)
    assert "ordered_list_open" not in kinds
    text = "".join(token.content for token in found if token.type in ("text", "text_special"))
    assert re.search(r":/|www\.|@", text, re.I) is None  # what some readers make a link of stands as code


def _headings(answer: Answer) -> int:
    return 1 + len(answer.disagreements) + bool(answer.timeline) + bool(answer.citations) + bool(answer.closest)


@some
@given(records.records)
def test_no_text_steers_who_shows_it(record: Record) -> None:
    for text in (to_html(record), to_markdown(record)):
        assert re.search("[\x00-\x08\x0b-\x1f\x7f]", text) is None
    visible = to_markdown(record).partition("<!-- footnote-record")[0]
    assert re.search("[\u202a-\u202e\u2066-\u2069]", visible + Page(to_html(record)).shown) is None


def test_a_page_asks_for_nothing() -> None:
    text = to_html(RECORD)
    assert "default-src 'none'; style-src 'sha256-" in text
    assert not [bears for _, bears in Page(text).tags if {"src", "srcset", "style", "onclick"} & set(bears)]
    assert "url(" not in text and "@import" not in text
    assert [bears["type"] for tag, bears in Page(text).tags if tag == "script"] == ["application/json"]


def test_what_a_page_shows() -> None:
    shown = Page(to_html(RECORD)).shown
    for said in (
        "Answers from reports", "3 answers from the documents in “reports”", "The documents give different answers:",
        "The *Herald*, 20 August 2025", "“Ninety came next month. So they said.”", "(next month: September 2025)",
        "Sixty of them came.", "word for word from its source", "reworded, and checked against its source",
        "From 2 of 30 passages that mention it.", "The model is down.", "Searched for: “How many came to Ulm?”",
        "Where the reports differ", "In the order of the reports", "A <b>title</b>", "as of 20 August 2025",
        "b/report.pdf , page 3",
        "also in copy.txt", "undated", "Closest passages", RECORD.sources[0].sha256, "gone when this was exported",
    ):  # fmt: skip
        assert said in shown, said
    assert to_html(RECORD).count('<span class="chip missing">3</span>') == 1


def test_what_markdown_shows() -> None:
    shown = to_markdown(RECORD)
    for said in (
        "# Answers from reports", "## 2. How many came?", "**The documents give different answers:**",
        "*The \\*Herald\\*, 20 August 2025:* “Ninety came next month. So they said.” (next month: September 2025)",
        "Sixty of them came. ✓ \\[2\\]\\[3\\]", "- From 2 of 30 passages that mention it.", "- The model is down.",
        "> Ninety came next month.\n>\n> So they said.", "`b/report.pdf`, page 3; also in `copy.txt`",
        "A &lt;b&gt;title&lt;/b&gt;",
        "### Closest passages", RECORD.sources[0].sha256, "- The \\*Herald\\*, 20 August 2025: Ninety \\[1\\]",
    ):  # fmt: skip
        assert said in shown, said


@given(st.data())
def test_a_changed_letter_is_noticed(data: st.DataObject) -> None:
    """Wherever in what is visible; in the data it is either no JSON any more or shows something else."""
    layout = data.draw(st.sampled_from([to_markdown, to_html]))
    text = layout(RECORD)
    at = data.draw(st.integers(0, len(text) - 1).filter(lambda at: text[at].isalnum()))
    changed = text[:at] + ("x" if text[at] != "x" else "y") + text[at + 1 :]
    try:
        found = from_text(changed)
    except InputError:
        return
    assert found.altered or found.record != RECORD


@pytest.mark.parametrize("layout", [to_markdown, to_html], ids=["md", "html"])
def test_what_is_put_in_by_hand_is_noticed(layout: Callable[[Record], str]) -> None:
    text = layout(RECORD)
    assert from_text(text.replace("Sixty of them", "Seventy of them", 1)).altered
    assert from_text(text.replace("\n", "\nThe bridge is closed.\n", 1)).altered
    assert from_text(f"{text}\nThe bridge is closed.").altered
    assert from_text(text.replace("</style>", ".quoted::after { content: 'not'; }</style>")).altered == (
        layout is to_html
    )


@layouts
def test_to_a_file_and_back(layout: object, tmp_path: Path) -> None:
    suffix = next(name for name, other in LAYOUTS.items() if other is layout)
    path = tmp_path / f"out.{suffix}"
    write(RECORD, path)
    assert read(path) == export.Exported(RECORD, altered=False)
    assert [one.name for one in tmp_path.iterdir()] == [path.name]  # no part of it is left
    before = path.read_bytes()
    with pytest.raises(InputError, match="exists already; add --force"):
        write(make_record([ANSWER], find, folder=""), path)
    assert path.read_bytes() == before
    write(make_record([ANSWER], find, folder=""), path, force=True)
    assert len(read(path).record.answers) == 1


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    for name, said in (
        ("out.txt", "No format"),
        ("out", "No format"),
        ("none/out.md", "no folder"),
        ("out.md", "is a folder"),
    ):
        (tmp_path / "out.md").mkdir(exist_ok=True)
        with pytest.raises(InputError, match=said):
            write(RECORD, tmp_path / name)
    assert [one.name for one in tmp_path.iterdir()] == ["out.md"]


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out.json"
    write(RECORD, path)
    before = path.read_bytes()

    def full(self: Path, data: bytes) -> int:
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match="No space left on device"):
        write(make_record([ANSWER], find, folder=""), path, force=True)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["out.json"]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\xff\xfe\x00", b"<html></html>", b"# A report\n", to_html(RECORD).encode()[:-400],
        to_markdown(RECORD).encode()[:-9],
        to_json(RECORD).encode()[:-9], b'<script type="application/json" id="footnote-record">',
        b"<!-- footnote-record\n-->",
    ],
)  # fmt: skip
def test_what_is_no_export(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "out.md"
    path.write_bytes(data)
    try:
        assert read(path).altered  # cut off behind the data: the foot of the page is missing
    except InputError as exc:
        assert str(exc).startswith("'out.md'") and "\n" not in str(exc)


def test_no_file_and_a_large_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read(tmp_path / "none.md")
    with pytest.raises(InputError, match="cannot be read"):
        read(tmp_path)
    monkeypatch.setattr(export, "LARGEST", 10)
    write(RECORD, tmp_path / "out.md")
    with pytest.raises(InputError, match="more than 10 bytes"):
        read(tmp_path / "out.md")
