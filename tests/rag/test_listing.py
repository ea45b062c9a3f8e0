"""The list of documents: what is in it, how it is narrowed and sorted."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag import FileReport
from rag.errors import InputError
from rag.ledger import Ledger
from rag.listing import Entry, Listed, Wanted, choose, documents, publishers
from rag.types import Article


def one(source: str, *articles: tuple[str, str | None, str | None], **report: int) -> Listed:
    entries = tuple(Entry(f"{source}#{n}", *known) for n, known in enumerate(articles))
    return Listed(FileReport(source, "indexed", len(entries), **report), entries)


BRIDGE = one("b/bridge.txt", ("The bridge opens", "The Herald", "2025-08-20"), passages=3)
CANAL = one("canal.pdf", ("Locks on the Wexley canal", "Rudaw", "2025-08"), passages=9)
PAGE = one("A page.html", ("Old news", "Rudaw", "2019"), ("New news", "The Herald", "2026-01-02"), passages=5)
UNDATED = one("notes.md", ("Notes", None, None), passages=1)
BROKEN = Listed(FileReport("scan.pdf", "empty", reason="no text"))
ALL = [BRIDGE, CANAL, PAGE, UNDATED, BROKEN]


def names(**wanted: object) -> list[str]:
    return [one.report.source for one in choose(ALL, Wanted(**wanted))]  # type: ignore[arg-type]


def test_without_a_wish_all_are_there_the_newest_first() -> None:
    assert names() == ["A page.html", "canal.pdf", "b/bridge.txt", "notes.md", "scan.pdf"]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("BRIDGE", ["b/bridge.txt"]),
        ("news old", ["A page.html"]),
        ("herald", ["A page.html", "b/bridge.txt"]),
        (".pdf", ["canal.pdf", "scan.pdf"]),
        ("nothing", []),
    ],
)
def test_all_words_are_looked_for_in_names_titles_and_publishers(search: str, found: list[str]) -> None:
    assert names(search=search) == found


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        ("2025", "", ["A page.html", "canal.pdf", "b/bridge.txt"]),
        ("2025-08-21", "2025-12", ["canal.pdf"]),
        ("", "2025-08-19", ["A page.html", "canal.pdf"]),
        ("2027", "", []),
        ("2019-05-05", "2019-05-05", ["A page.html"]),
    ],
)
def test_a_range_of_dates_keeps_what_may_be_of_it(since: str, until: str, found: list[str]) -> None:
    assert names(since=since, until=until) == found


def test_a_part_of_a_publisher_is_enough() -> None:
    assert names(publisher="rud") == ["A page.html", "canal.pdf"]
    assert publishers(ALL) == ["Rudaw", "The Herald"]


@pytest.mark.parametrize(
    ("order", "first"), [("source", "A page.html"), ("title", "A page.html"), ("passages", "scan.pdf")]
)
def test_the_order_can_be_chosen(order: str, first: str) -> None:
    assert names(order=order, falling=False)[0] == first
    assert names(order="passages") == ["canal.pdf", "A page.html", "b/bridge.txt", "notes.md", "scan.pdf"]


def test_what_is_no_date_is_told_of() -> None:
    with pytest.raises(InputError, match="'soon' is not a date"):
        names(since="soon")


def test_the_ledger_is_listed_with_what_could_not_be_used(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    articles = [Article(f"a#{n}", "a.txt", "text", f"Title {n}", "Rudaw", "2025", family=f"a#{n}") for n in (0, 1)]
    with ledger.writing():
        ledger.put("a.txt", "digest", articles, [b"", b""], [b"", b""])
        ledger.put_skipped([FileReport("b.png", "skipped", reason="not read")])
    found = {one.report.source: one for one in documents(ledger)}
    assert [entry.title for entry in found["a.txt"].articles] == ["Title 0", "Title 1"]
    assert (found["b.png"].report.state, found["b.png"].articles) == ("skipped", ())
    assert (found["a.txt"].publishers, found["a.txt"].newest, found["a.txt"].title) == (("Rudaw",), "2025", "a.txt")
