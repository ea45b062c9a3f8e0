"""PDFs: pages as places, running lines, broken words and lines, titles and dates, scans, locks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from rag.articles import split_articles
from rag.errors import NoTextError, ReadError
from rag.formats import pdf as module
from rag.formats.layout import SOFT_HYPHEN, Printed, to_text
from rag.formats.pdf import read_pdf
from rag.read import FileBytes, to_document
from tests.rag.files import pdf

LONG = "The bridge over the river was opened on Monday by the mayor in the presence of"
NEXT = "two hundred guests, who had waited for it for nine years and were glad to see it."


def read(*pages: list[str], info: str = "") -> str:
    return read_pdf(pdf(pages, info=info)).text


def test_lines_of_a_paragraph_are_joined_and_paragraphs_stay_apart() -> None:
    found = read(["Annual report", "", LONG, NEXT, "", "The second paragraph begins after a gap, as", "it should."])
    assert found.split("\n\n") == [
        "Annual report",
        f"{LONG} {NEXT}",
        "The second paragraph begins after a gap, as it should.",
    ]


def test_pages_are_places_even_within_a_paragraph() -> None:
    first, second = [f"{LONG}"], ["two hundred guests. It cost 400 million.", "", "The end of it."]
    document = read_pdf(pdf([first, second, ["Page three stands alone here."]]))
    assert document.pages == 3
    assert f"{LONG} two hundred guests. It cost 400 million." in document.text
    (article,) = split_articles(document)
    for words, page in (("The bridge", 1), ("two hundred", 2), ("The end", 2), ("Page three", 3)):
        assert article.place(article.text.index(words)) == f"page {page}", words


def test_a_sentence_end_ends_the_paragraph_at_the_page_end() -> None:
    assert read(["It was opened on Monday by the mayor."], ["Another thing happened."]).count("\n\n") == 1


def test_broken_words() -> None:
    text = read(["The bridge was opened in the pres-", "ence of the mayor of the old, well-known town and of a well-",
                 "known guest from Baden-", "Baden and of many other guests, who had come for the day."])  # fmt: skip
    assert "presence" in text and "a well-known guest" in text and "Baden-Baden" in text


def test_a_word_broken_over_a_page_break() -> None:
    text = read(["It was opened by the mayor in the pres-"], ["ence of all."])
    assert "in the presence of all." in text


def test_running_lines_and_page_numbers_are_dropped() -> None:
    pages = [["The Courier Annual 2025", f"Only on this page: {word}.", "More of the text is here.", f"Page {n} of 4"]
             for n, word in enumerate(("alpha", "beta", "gamma", "delta"), 1)]  # fmt: skip
    found = read(*pages)
    assert found.startswith("The Courier Annual 2025\n\n") and found.count("Courier Annual") == 1
    assert "of 4" not in found
    assert all(word in found for word in ("alpha", "beta", "gamma", "delta"))


@pytest.mark.parametrize(
    "line",
    [
        "Gross pay: {}00.00 EUR", "Hours worked: {}", "Consumption: {} cubic metres", "Pay by {} of the month.", "{}",
        "{} euros", "- {}", "€ {}", "Total {}"
    ],
)  # fmt: skip
def test_figures_that_differ_are_no_running_lines(line: str) -> None:
    figures = (152, 160, 171, 160)
    pages = [["Ann Lee, staff number 4711", line.format(n), "Paid into the account ending in 99."] for n in figures]
    found = read(*pages).split("\n\n")
    told = [block for block in " ".join(found).split() if any(str(n) in block for n in figures)]
    assert len(told) == 4
    assert found[0] == "Ann Lee, staff number 4711" and sum("4711" in block for block in found) == 1


@pytest.mark.parametrize("line", ["Period: 0{}/2025", "{} March 2025", "Date: March {}, 2025", "Log of {} Mar."])
def test_days_and_months_do_not_count_pages(line: str) -> None:
    found = read(*([line.format(n), f"It was {word} all day."] for n, word in enumerate(("dry", "wet", "hot"), 1)))
    assert all(line.format(n) in found for n in (1, 2, 3))


@pytest.mark.parametrize(
    "line", ["The Courier {}", "{} The Courier 2025", "Printed on 3 May 2025, {}/4", "Page {} of 9"]
)
@pytest.mark.parametrize("first", [1, 41])
def test_numbers_that_count_the_pages_are_dropped(line: str, first: int) -> None:
    words = ("alpha", "beta", "gamma", "delta")
    pages = [["The first line.", f"Here is {word}.", "It ends.", line.format(n)] for n, word in enumerate(words, first)]
    found = ["The first line.", "Here is alpha.", "It ends.", "Here is beta.", "Here is gamma.", "Here is delta."]
    assert read(*pages).split("\n\n") == found


def test_a_running_line_does_not_stand_within_a_paragraph() -> None:
    pages = [[f"{LONG}"], ["The Courier", "two hundred guests from afar and"], ["The Courier", "others came."],
             ["The Courier", "Another text."]]  # fmt: skip
    assert read(*pages).endswith("afar and others came.\n\nThe Courier\n\nAnother text.")


def test_what_stands_twice_is_no_running_line() -> None:
    assert read(["Summary of it all", "One."], ["Summary of it all", "Two."]).count("Summary") == 2


def test_bare_page_numbers() -> None:
    found = read(["First text, on its own page.", "- 1 -"], ["Second text, on its own page.", "ii"])
    assert found.split("\n\n") == ["First text, on its own page.", "Second text, on its own page."]


def test_sums_are_no_page_numbers() -> None:
    assert all(sum_ in read(["Total of May", "€ 400"], ["Total of June", "300 €"]) for sum_ in ("€ 400", "300 €"))


def test_a_list_stays_a_list() -> None:
    found = read(
        ["- the first thing that was said about the bridge that was opened on that Monday", "- the second thing"]
    )
    assert found.count("\n\n") == 1


def test_title_and_date() -> None:
    found = to_document(
        FileBytes("a.pdf", pdf([["Text."]], info="/Title (Bridge report) /CreationDate (D:20250820)"), {})
    )
    assert (found.title, found.published, found.dated) == ("Bridge report", "2025-08-20", "PDF info")


@pytest.mark.parametrize(
    "title", ["untitled", "Untitled-1", "Microsoft Word - report.docx", "report.pdf", "final_2.indd", "", "  - "]
)
def test_what_is_no_title(title: str) -> None:
    assert read_pdf(pdf([["Text."]], info=f"/Title ({title})")).title is None


@pytest.mark.parametrize("date", ["", "D:", "yesterday", "D:00000000", "D:20251399", "D:19700101000000"])
def test_what_is_no_date(date: str) -> None:
    found = read_pdf(pdf([["Text."]], info=f"/CreationDate ({date})"))
    assert (found.published, found.dated) == (None, "")


def test_a_scan_is_empty_and_says_why() -> None:
    with pytest.raises(NoTextError, match="12 pages, no text: needs OCR"):
        read_pdf(pdf([[]] * 12))
    with pytest.raises(NoTextError, match="3 pages, no text"):
        read_pdf(pdf([["Scanned by Ann Lee", f"No. {n}"] for n in (7, 8, 9)]))
    with pytest.raises(NoTextError, match="1 page, no text"):
        read_pdf(pdf([[]]))


def test_a_locked_pdf_says_so() -> None:
    key = "/Filter /Standard /V 1 /R 2 /P -4 /Length 40"
    strings = f"/O <{'41' * 32}> /U <{'42' * 32}>"
    data = pdf([["Secret."]]).replace(
        b"/Root 1 0 R", f"/ID [<00> <00>] /Encrypt << {key} {strings} >> /Root 1 0 R".encode()
    )
    with pytest.raises(ReadError, match="password"):
        read_pdf(data)


@pytest.mark.parametrize("data", [b"%PDF-1.4", b"no pdf at all", pdf([["Text."]])[:200]])
def test_damaged(data: bytes) -> None:
    with pytest.raises(ReadError, match="not a PDF, or damaged"):
        read_pdf(data)


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    data = pdf([["Text."]] * 3)
    monkeypatch.setattr(module, "MAX_PAGES", 2)
    with pytest.raises(ReadError, match="3 pages, the limit is 2"):
        read_pdf(data)
    monkeypatch.setattr(module, "MAX_PAGES", 3)
    monkeypatch.setattr(module, "MAX_CHARS", 9)
    with pytest.raises(ReadError, match="characters"):
        read_pdf(data)


def test_several_threads() -> None:
    files = [pdf([[f"Text number {n}."], ["More."]]) for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(read_pdf, files))
    assert [f"number {n}." in document.text for n, document in enumerate(found)] == [True] * 8


def line(text: str, *, left: float = 72, bottom: float = 700, width: float = 400, height: float = 11) -> Printed:
    return Printed(text, left, left + width, bottom, height)


def test_a_heading_of_another_size_is_no_part_of_the_paragraph() -> None:
    page = [line("What it cost", height=16, bottom=714), line("it cost much and more", bottom=700)]
    assert to_text([page]).text == "What it cost\n\nit cost much and more"


def test_an_indented_line_begins_a_paragraph() -> None:
    page = [line("One ends here.", bottom=714), line("Two begins, and", left=90, bottom=700), line("ends.", bottom=686)]
    assert to_text([page]).text == "One ends here.\n\nTwo begins, and ends."


def test_a_paragraph_goes_on_in_the_next_column() -> None:
    page = [line("It was opened by the", width=200, bottom=100), line("mayor.", left=320, width=60, bottom=700)]
    assert to_text([page]).text == "It was opened by the mayor."


def test_a_broken_word_always_goes_on() -> None:
    page = [line(f"pres{SOFT_HYPHEN}", width=100, bottom=714), line("ence of all who came to see it", bottom=700)]
    assert to_text([page]).text == "presence of all who came to see it"
