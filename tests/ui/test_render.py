"""What is drawn: footnotes, dates, how a sentence is backed, and that nothing from outside is markup."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from rag import Answer, Article, Citation, FileReport, Sentence, Status, Upkeeping
from rag.dates import say
from rag.errors import FolderError
from tests.ui.fakes import (
    ANSWERS,
    ARTICLES,
    COMPLETES,
    FOUR_TO_FIVE,
    LEAVE,
    MEMBERS,
    PLAN,
    REFUSED,
    SIXTY,
    STATUS,
    UNKNOWN,
)
from ui import render
from ui.render import Exchange

BY_QUESTION = {answer.question: answer for answer in ANSWERS}
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "${alert(1)}",
    '{{constructor.constructor("alert(1)")()}}',
    "`${alert(1)}`",
    "</mark></blockquote></details><h1>free</h1>",
    "<!-- ",
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)",
    "javascript:alert(1)",
    "[click](javascript:alert(1))",
    "<a href='javascript:alert(1)'>click</a>",
    "<svg/onload=alert(1)>",
    "<style>*{display:none}</style>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "\u202egnp.exe\u202c",
    "half a pair \ud800",
)
TAGS = {"a", "b", "blockquote", "code", "details", "div", "h1", "h2", "h3", "header", "li", "mark", "ol", "p"}
TAGS |= {"progress", "section", "span", "strong", "summary", "ul"}
ATTRIBUTES = {"class", "id", "href", "title", "aria-label", "aria-live", "aria-busy", "role", "dir", "max", "value"}


class Page(HTMLParser):
    """A parsed page: its tags, attributes and text, and whether every tag is closed in order."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.marked = ""
        self.extras: list[str] = []
        self._open: list[str] = []
        self.feed(markup)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if "mark" in self._open:
            self.marked += data

    def handle_comment(self, data: str) -> None:
        self.extras.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def find(article_id: str) -> Article | None:
    return next((article for article in ARTICLES if article.id == article_id), None)


def drawn(answer: Answer) -> str:
    return render.exchange(Exchange.of(answer), find)


@pytest.mark.parametrize(
    ("published", "words"),
    [
        ("2025", "2025"),
        ("2025-08", "August 2025"),
        ("2025-08-20", "20 August 2025"),
        ("2025-08-03", "3 August 2025"),
        ("2025-09/2025-12", "between September and December 2025"),
        ("2025-08-20/2025-08-22", "between 20 and 22 August 2025"),
        ("2025-08-30/2025-09-02", "between 30 August and 2 September 2025"),
        ("2024-09/2025-09", "between September 2024 and September 2025"),
        ("2024-09-27/2025-08", "between 27 September 2024 and August 2025"),
        ("2024/2025", "between 2024 and 2025"),
        ("2025-08/2025-08", "August 2025"),
        (None, "undated"),
        ("", "undated"),
        ("last summer", "last summer"),
        ("2025-13", "2025-13"),
        ("2025/2026/2027", "2025/2026/2027"),
    ],
)
def test_a_date_is_worded_as_precisely_as_it_is_known(published: str | None, words: str) -> None:
    assert say(published) == words


def test_every_chip_leads_to_a_footnote() -> None:
    page = Page(drawn(BY_QUESTION[LEAVE]))
    chips = [attributes["href"] for tag, attributes in page.tags if tag == "a"]
    footnotes = [f"#{attributes['id']}" for tag, attributes in page.tags if tag == "details"]
    assert chips == footnotes == ["#q1-note1", "#q1-note2"]


def test_ids_differ_between_exchanges() -> None:
    answer = BY_QUESTION[LEAVE]
    both = Page("".join(render.exchange(Exchange.of(answer, number), find) for number in (1, 2)))
    ids = [attributes["id"] for _, attributes in both.tags if "id" in attributes]
    assert len(ids) == len(set(ids)) == 4


def test_a_footnote_says_where_and_when() -> None:
    page = Page(drawn(BY_QUESTION[MEMBERS]))
    for expected in (
        "Mission of global coalition forces in Iraq to end by 2026",
        "Rudaw · 2025",
        "File: 001_27c0b94053af0fad.txt; also in 000_574de30212be9a42.txt",
        "Rudaw · November 2025",
    ):
        assert expected in page.text


def test_a_footnote_says_in_which_part_of_the_file() -> None:
    paged = replace(PLAN, source="report.pdf", place="page 3", also_in=())
    assert "File: report.pdf, page 3" in Page(drawn(replace(BY_QUESTION[LEAVE], citations=(paged,)))).text


def test_a_source_without_title_publisher_or_date_goes_by_its_file() -> None:
    bare = replace(PLAN, title=None, publisher=None, published=None)
    text = Page(drawn(replace(BY_QUESTION[LEAVE], citations=(bare,)))).text
    assert "1002_7e183713a4cc1a52.txt undated" in text


def test_quoted_sentences_stand_in_quotation_marks_and_others_do_not() -> None:
    text = Page(drawn(BY_QUESTION[MEMBERS])).text
    assert f"“{SIXTY.quote}”" in text
    assert "“In 2025, Syria" not in text
    assert "In 2025, Syria joined as the 90th member.2\N{WORD JOINER}✓" in text


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("It ends.", "“It ends.”"),
        ("“It ends.”", "“It ends.”"),
        ("“It ends,” he said.", "“\N{NARROW NO-BREAK SPACE}“It ends,” he said.”"),
        (
            "“It ends,” he said, “soon.”",
            "“\N{NARROW NO-BREAK SPACE}“It ends,” he said, “soon.”\N{NARROW NO-BREAK SPACE}”",
        ),
    ],
)
def test_quotation_marks_are_not_doubled(quote: str, shown: str) -> None:
    answer = replace(BY_QUESTION[LEAVE], sentences=(Sentence(quote, "quoted", (1,)),))
    assert f"{shown}1“ ”word for word" in Page(drawn(answer)).text


def test_a_refusal_offers_the_closest_passages_as_footnotes() -> None:
    page = Page(drawn(BY_QUESTION[UNKNOWN]))
    assert REFUSED in page.text
    assert f"{REFUSED}{render.CLOSEST}" in page.text
    assert [tag for tag, _ in page.tags].count("details") == 2
    assert "Baghdad began pushing for a US withdrawal" in page.marked
    assert "word for word" not in page.text


def test_notes_are_shown() -> None:
    assert "The language model could not be reached" in Page(drawn(BY_QUESTION[MEMBERS])).text


def test_a_citation_that_is_missing_is_not_dropped_silently() -> None:
    markup = drawn(replace(BY_QUESTION[LEAVE], citations=(PLAN,)))
    assert 'class="chip missing" title="This source is missing">2</span>' in markup


def test_the_quote_is_marked_between_the_sentences_around_it() -> None:
    page = Page(render.passage(FOUR_TO_FIVE, COMPLETES))
    assert page.marked == FOUR_TO_FIVE.quote
    before, after = page.text.split(FOUR_TO_FIVE.quote)
    assert before.startswith("… ERBIL, Kurdistan Region - The US-led") and before.endswith("the Kurdistan Region.")
    assert after.startswith("“All global coalition forces") and after.endswith("federal areas. …")


@pytest.mark.parametrize("start", [0, 1, 40, 419, 420, 421, 1_000, 1_990])
def test_context_never_reaches_beyond_the_article_and_never_invents(start: int) -> None:
    text = " ".join(f"Sentence {number} is here." for number in range(100))[:2_000]
    cited = replace(PLAN, quote=text[start : start + 10], start=start, end=start + 10)
    page = Page(render.passage(cited, replace(COMPLETES, text=text)))
    assert page.marked == text[start : start + 10]
    assert page.text.strip("… ") in text
    assert len(page.text) <= 10 + 2 * (render.CONTEXT + 2)
    if start > render.CONTEXT:
        assert page.text.startswith("… Sentence")
    if start + 10 + render.CONTEXT < len(text):
        assert page.text.endswith("here. …")


def test_context_without_sentences_is_cut_at_a_word() -> None:
    text = "word " * 400
    cited = replace(PLAN, quote="word", start=1_000, end=1_004)
    page = Page(render.passage(cited, replace(COMPLETES, text=text)))
    assert page.text.startswith("… word") and page.text.endswith("word …")


def test_context_of_one_endless_word_is_cut_all_the_same() -> None:
    cited = replace(PLAN, quote="xxxx", start=5_000, end=5_004)
    page = Page(render.passage(cited, replace(COMPLETES, text="x" * 10_000)))
    assert len(page.text) == 4 + 2 * render.CONTEXT + 4


@pytest.mark.parametrize("article", [None, replace(COMPLETES, text="Something else by now.")])
def test_a_quote_stands_alone_when_its_article_is_gone_or_changed(article: Article | None) -> None:
    assert render.passage(FOUR_TO_FIVE, article) == f"<mark>{render.escape(FOUR_TO_FIVE.quote)}</mark>"


def test_paragraphs_stay_apart() -> None:
    cited = replace(PLAN, quote="b\n\nc", start=2, end=6)
    markup = render.passage(cited, replace(COMPLETES, text="a\nb\n\nc d"))
    assert markup == 'a<span class="gap"></span><mark>b<span class="gap"></span>c</mark> d'


@pytest.mark.parametrize(
    ("exchange", "shown"),
    [
        (Exchange(1, "Why?"), render.WAITING),
        (Exchange(1, "Why?", "writing"), render.WRITING),
        (Exchange(1, "Why?", "stopped"), render.STOPPED_EMPTY),
        (Exchange(1, "Why?", "stopped", (Sentence("It is.", "supported"),)), render.STOPPED),
        (Exchange(1, "Why?", "failed", problem="The index is <gone>."), "The index is <gone>."),
    ],
)
def test_how_an_answer_stands_is_said(exchange: Exchange, shown: str) -> None:
    page = Page(render.exchange(exchange, find))
    assert page.text.startswith("Why?") and shown in page.text


def test_the_status_line_says_what_is_indexed_what_is_not_and_which_models_run() -> None:
    text = Page(render.status_line(STATUS)).text
    for expected in (
        "seeds: 5 files, 21 articles, 148 passages",
        "all-MiniLM-L6-v2",
        "SmolLM2-135M-Instruct",
        "1 file left out",
        "minutes.docx is not a text in any known encoding",
    ):
        assert expected in text
    assert "left out" not in Page(render.status_line(replace(STATUS, skipped=()))).text
    assert (
        "1 file, 1 article, 1 passage"
        in Page(render.status_line(replace(STATUS, files=1, articles=1, passages=1))).text
    )
    assert "These documents" in Page(render.status_line(replace(STATUS, folder=""))).text


def test_the_status_line_says_how_far_the_indexing_is() -> None:
    def said(*upkeep: Any, **more: Any) -> str:
        return Page(render.status_line(STATUS, Upkeeping(*upkeep, **more))).text

    assert "Indexing" not in said()
    assert "Indexing: looking through the folder." in said("reading", running=True)
    assert "Indexing: 312 of 4,863 files read. Answers rest on what is read." in said(
        "reading a.txt", 312, 4863, running=True
    )
    assert "256 of 9,000 passages embedded" in said("embedding", 256, 9000, running=True)
    assert "The folder 'x' is gone." in said(problem=FolderError("The folder 'x' is gone."))


def test_of_many_files_left_out_some_are_named() -> None:
    skipped = tuple(FileReport(f"{number}.png", "skipped", reason="not read") for number in range(400))
    text = Page(render.status_line(replace(STATUS, skipped=skipped))).text
    assert "400 files left out" in text and "29.png" in text and "30.png" not in text and "and 370 more" in text


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_from_outside_is_markup(hostile: str) -> None:
    source = Article("h", hostile, f"Before. {hostile} After.", hostile, hostile, hostile)
    cited = Citation(1, hostile, hostile, hostile, hostile, hostile, "h", 8, 8 + len(hostile), (hostile,), hostile)
    gone = replace(cited, number=2, article_id="gone")
    sentences = tuple(Sentence(hostile, support, (1, 2, 3)) for support in ("quoted", "supported", "refused"))
    exchange = Exchange(1, hostile, "failed", sentences, (cited, gone), (cited,), (hostile,), hostile)
    report = FileReport(hostile, "unreadable", reason=hostile)
    status = Status(hostile, hostile, 1, 1, 1, hostile, hostile, (report,))
    page = Page(
        render.conversation([render.exchange(exchange, lambda name: source if name == "h" else None)])
        + render.status_line(status, Upkeeping(hostile, 1, 2, running=True))
        + render.status_line(status, Upkeeping(problem=FolderError(hostile)))
        + render.welcome(status)
        + render.message(hostile)
    )
    assert {tag for tag, _ in page.tags} <= TAGS
    assert {name for _, attributes in page.tags for name in attributes} <= ATTRIBUTES
    assert all(str(attributes["href"]).startswith("#q1-note") for tag, attributes in page.tags if tag == "a")
    assert page.extras == []
    shown = hostile.replace("\ud800", "?")
    assert page.text.count(shown) >= 18
    page.text.encode("utf-8")


def test_drawing_does_not_load_gradio() -> None:
    code = "import sys, ui.render, ui.chat; sys.exit('gradio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
