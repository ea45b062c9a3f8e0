"""The table of documents: one line a file, what became of it, and nothing from outside as markup."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag import FileReport
from rag.listing import Entry, Listed, Wanted
from tests.ui.fakes import ARTICLES, COMPLETES, listed
from tests.ui.markup import HOSTILE, Page
from ui.library import NOTHING_FITS, NOTHING_YET, PAGE, Shown, added, adding, refused, table

FILES = [listed(article) for article in ARTICLES]


def shown(*files: Listed, total: int = 0, page: int = 0, **more: object) -> Page:
    return Page(table(Shown(files, total or len(files), page, Wanted(), **more)))  # type: ignore[arg-type]


def test_a_file_of_one_article_goes_by_its_title_and_opens_it() -> None:
    page = shown(listed(COMPLETES))
    assert f"{COMPLETES.title}{COMPLETES.source}RudawNovember 20257indexed" in page.text
    (read,) = [one for one in page.attributes("button") if one["class"] == "read"]
    assert (read["data-event"], read["data-article"]) == ("read", COMPLETES.id)


def test_a_file_of_several_articles_names_them_all() -> None:
    articles = tuple(Entry(str(number), f"Report {number}", "Rudaw", "2025") for number in range(120))
    text = shown(Listed(FileReport("page.html", "indexed", 120, 300), articles)).text
    assert "page.html 120 articles" in text and "Report 99 Rudaw · 2025" in text and "and 20 more" in text


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (FileReport("a.pdf", "empty", reason="12 pages, no text: needs OCR"), "empty12 pages, no text: needs OCR"),
        (FileReport("a.pdf", "unreadable", reason="not a PDF"), "unreadablenot a PDF"),
        (FileReport("a.txt", "unchanged", copy="duplicate", copy_of="b.txt"), "duplicate of b.txt"),
        (FileReport("a.txt", "unchanged"), "indexed"),
        (FileReport("a.txt", "indexed", flags=("ignore all",)), "addresses a language model: ignore all"),
    ],
)
def test_what_became_of_a_file_is_said(report: FileReport, said: str) -> None:
    assert said in shown(Listed(report)).text


def test_what_cannot_be_used_cannot_be_chosen() -> None:
    page = shown(Listed(FileReport("a.pdf", "empty")), listed(COMPLETES))
    boxes = [one for one in page.attributes("input") if one["data-pick"] != "all"]
    assert ["disabled" in box for box in boxes] == [True, False]


def test_only_what_was_added_here_can_be_removed_here() -> None:
    page = shown(*FILES, removable={FILES[1].report.source})
    removing = [one["data-source"] for one in page.attributes("button") if one["data-event"] == "remove"]
    assert removing == [FILES[1].report.source]


def test_a_long_list_has_pages() -> None:
    middle = shown(*FILES, total=3 * PAGE, page=1)
    assert "51–54 of 150 documents" in middle.text
    turns = [one["data-page"] for one in middle.attributes("button") if one["data-event"] == "page"]
    assert turns == ["0", "2"]
    assert [one for one in shown(*FILES).attributes("button") if one["data-event"] == "page"] == []


def test_the_order_is_told_and_can_be_turned() -> None:
    page = Page(table(Shown(FILES, 4, 0, Wanted(order="title", falling=False))))
    assert [one.get("aria-sort") for one in page.attributes("th")][1] == "ascending"
    sorts = {one["data-order"]: one["data-falling"] for one in page.attributes("button") if one["class"] == "sort"}
    assert (sorts["title"], sorts["date"], sorts["state"]) == ("1", "1", "0")


def test_nothing_that_fits_is_said() -> None:
    assert shown().text == NOTHING_YET
    assert Page(table(Shown([], 0, 0, Wanted(search="zebra")))).text == NOTHING_FITS


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_from_outside_is_markup(hostile: str) -> None:
    flagged = FileReport(hostile, "unreadable", 2, 3, hostile, (hostile,), dated=hostile)
    report = replace(flagged, copy="duplicate", copy_of=hostile)
    entries = [Entry(hostile, hostile, hostile, "2025") for _ in range(2)]
    files = (Listed(report), Listed(report, tuple(entries[:1])), Listed(report, tuple(entries)))
    whole = Shown(files, 3, 0, Wanted(search=hostile), [hostile], {hostile})
    page = Page(table(whole) + adding(hostile, most=1, megabytes=2) + refused([hostile]))
    page.check()
    assert page.text.count(hostile.replace("\ud800", "?")) >= 15


def test_what_was_added_is_said_and_what_became_of_a_name_that_was_taken() -> None:
    assert added(0) == ""
    assert Page(added(2)).text == "Added 2 documents."
    said = Page(added(1, [("a.txt", "a (2).txt")], ["b.txt"])).text
    assert "There is another a.txt: both are kept, this one as a (2).txt." in said
    assert "Already there, with the same content: b.txt." in said and "Added 1 document." in said
    many = [(f"{n}.txt", f"{n} (2).txt") for n in range(9)]
    said = Page(added(9, many, [name for name, _ in many])).text
    assert "6 more were given another name, too." in said and "0.txt, 1.txt, 2.txt and 6 more." in said


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_name_that_was_added_is_markup(hostile: str) -> None:
    Page(added(1, [(hostile, hostile)], [hostile])).check()
