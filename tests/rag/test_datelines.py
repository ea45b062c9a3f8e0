"""Which day the head of a report gives, which the name of a file, and what is no such day."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.articles import split_articles
from rag.datelines import HEAD_CHARS, HEAD_LINES, dateline, in_name, is_dateline
from rag.dates import is_iso
from rag.lines import to_lines
from rag.types import Document

REPORT = "The mayor of Ulm opened the new bridge over the river this week, and many people came to see it."


def told(head: str) -> str | None:
    return dateline(to_lines(f"{head}\n\n{REPORT}"))


@pytest.mark.parametrize(
    "head",
    [
        "ULM NEWS AGENCY (UNA) - WIRE - 5 May 2025, 19:05",
        "Bridge opens\n\nUlm Herald, Monday 5 May 2025. By Ann Lee",
        "Bridge opens\n\nThe Ulm Review, 5 May 2025. By Ann Lee, who has written about bridges for many years.",
        "ULM, May 5, 2025 (AP) - The bridge over the river was opened by the mayor.",
        "CHECKPOINT ULM, Lower Bavaria, May 5th, 2025 – The bridge over the river was opened.",
        "Published on 5 May 2025. All figures are unaudited.",
        'Posted by Ann Lee on 5 May 2025 in "Notes from the river"',
        "This page is made by the friends of the bridge. Last updated on 5 May 2025.",
        "For immediate release: 5 May 2025",
        "River Watch interview · 5 May 2025",
        "World in brief | 5 May 2025",
        "Minutes of the ninth meeting, held on Monday 5 May 2025 at 7 pm in the Corn Exchange, Ulm",
        "**Date:** 5 May 2025",
        "Bridge opens (2025-05-05)",
    ],
)
def test_the_head_tells_the_day(head: str) -> None:
    assert told(head) == "2025-05-05"


@pytest.mark.parametrize(
    "head",
    [
        "The bridge was opened on 5 May 2025, and closed again two days later.",
        "This lease is made on 5 May 2025 between Ann Lee and the town of Ulm.",
        "Ann Lee (born 5 May 1925 in Ulm; died 6 June 2001) was a painter of bridges.",
        "Ann Lee, born 5 May 1925",
        "Annual report for the year ended 5 May 2025",
        "Extract from the agreement of 5 May 2025",
        "Open from 5 May 2025",
        "Version 7, in force from 5 May 2025. Questions go to the manager.",
        "Updated to match the rules of 5 May 2025, it was passed by the council.",
        "5 May 2025 | 6 June 2025",
        "Battle of Ulm, 5 May 1985",
        "History of the bridge, 5 May 1945",
        "On 5 May 2025 - the day the bridge was opened - it rained in Ulm.",
        "The bridge was opened in Ulm, 5 May 2025.",
        "Ulm is an album by the Danubes, released on 5 May 1999 by Records.",
        "Date of birth: 5 May 1980",
        "Expiry date: 5 May 2030",
        "Invoice 17\nDue date: 4 April 2024",
        "Exhibition 5 May 2025 - 7 June 2025",
        "5 May 1992 – the bridge is opened",
        "Re: your letter dated 3 April 2025",
        "Next meeting: 5 May 2025",
        "Date | Item | Sum\n2025-01-05 | rent | 900",
        "2025-01-05,rent,900",
        "Date: 2025-01-05; Item: rent",
        "Bridge no. 2025-05-051",
        "45 May 2025",
        "Bridge opens in May 2025",
    ],
)
def test_a_date_of_something_else_is_none_of_a_head(head: str) -> None:
    assert told(head) is None


def test_only_the_head_is_looked_at() -> None:
    assert told("\n".join(f"line {n}" for n in range(HEAD_LINES - 1)) + "\nHerald, 5 May 2025") == "2025-05-05"
    assert told("\n".join(f"line {n}" for n in range(HEAD_LINES)) + "\nHerald, 5 May 2025") is None
    assert told(f"{'bridge ' * (HEAD_CHARS // 7)}Herald, 5 May 2025") is None


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("news/2025-05-05_bridge.txt", "2025-05-05"),
        ("bridge 2025-05-05.md", "2025-05-05"),
        ("2025-05.pdf", "2025-05"),
        ("2025-05-05/bridge.txt", None),
        ("bridge-12025-05-05.txt", None),
        ("bridge_2025-13-05.txt", None),
        ("accounts 2010-11.pdf", None),
        ("ISO 2001-99 2025-05-05.txt", "2025-05-05"),
        ("bridge.txt", None),
    ],
)
def test_the_name_of_a_file_tells_a_day_or_a_month(name: str, day: str | None) -> None:
    assert in_name(name) == day


def test_an_article_is_dated_by_what_is_surest() -> None:
    head = f"Bridge opens\n\nUlm Herald, Monday 5 May 2025. By Ann Lee\n\n{REPORT}"

    def dated(document: Document) -> tuple[str | None, str]:
        (one,) = split_articles(document)
        return one.published, one.dated

    assert dated(Document(head, source="2025-06-01.txt", published="2024", dated="sidecar")) == ("2024", "sidecar")
    assert dated(Document(head, source="2025-06-01.txt")) == ("2025-05-05", "its head")
    assert dated(Document(REPORT, source="2025-06-01.txt")) == ("2025-06-01", "file name")
    assert dated(Document(REPORT, source="bridge.txt")) == (None, "")
    noted = {"source": "2025-06-01.txt", "dated": "document properties"}
    assert dated(Document(REPORT, published="2019-02-01", **noted)) == ("2019-02-01", "document properties")
    for created in ("2019-02-01", "2025-06-03"):  # of the letter that this one was written over, or of a copy
        assert dated(Document(head, published=created, **noted)) == ("2025-05-05", "its head")
    assert dated(Document(head, published="2025-06-03", dated="PDF info")) == ("2025-05-05", "its head")
    assert dated(Document(head, published="2025-05-04", dated="PDF info")) == ("2025-05-04", "PDF info")


def test_a_line_that_says_when_and_where_is_no_title() -> None:
    text = f"ULM NEWS AGENCY - WIRE - 5 May 2025, 19:05\nBy Ann Lee\n\nMAYOR OPENS BRIDGE\n\n{REPORT}"
    (one,) = split_articles(Document(text, source="a.txt"))
    assert (one.title, one.published) == ("MAYOR OPENS BRIDGE", "2025-05-05")
    (alone,) = split_articles(Document(f"Ulm Herald, Monday 5 May 2025\n\n{REPORT}", source="a.txt"))
    assert alone.title == "Ulm Herald, Monday 5 May 2025"
    kept = {"# Council minutes 5 May 2025": "Present: Ann Lee", "By the river at night": "A walk", "Ulm, at work": "x"}
    for title, second in kept.items():
        (found,) = split_articles(Document(f"{title}\n\n{second}\n\n{REPORT}", source="a.txt"))
        assert found.title == title.lstrip("# ")
    (prose, *_) = to_lines("ULM, May 5, 2025 (AP) - The bridge over the river was opened by the mayor.")
    assert not is_dateline(prose)


@given(st.text(max_size=200))
def test_whatever_it_says_it_is_a_day(text: str) -> None:
    for found in (told(text), in_name(text)):
        assert found is None or is_iso(found)
