"""The sources panel: the quote, marked, in its article, and where all of it comes from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag import Article, Citation
from tests.ui.fakes import COMPLETES, FOUR_TO_FIVE, PLAN, SIXTY, US_CONFIRMS
from tests.ui.markup import HOSTILE, Page
from ui import source
from ui.source import CONTEXT, Opened, panel, passage, problem, whole_article


def test_the_quote_is_marked_in_what_stands_around_it() -> None:
    page = Page(passage(FOUR_TO_FIVE, COMPLETES))
    assert page.marked == FOUR_TO_FIVE.quote
    before, after = page.text.split(FOUR_TO_FIVE.quote)
    assert before.rstrip().endswith("the Kurdistan Region.")
    assert after.lstrip().startswith("“All global coalition forces")


@pytest.mark.parametrize("start", [0, 1, 40, 419, 420, 421, 1_000, 1_990])
def test_context_never_reaches_beyond_the_article_and_never_invents(start: int) -> None:
    text = " ".join(f"Sentence {number} is here." for number in range(100))[:2_000]
    cited = replace(PLAN, quote=text[start : start + 10], start=start, end=start + 10)
    page = Page(passage(cited, replace(COMPLETES, text=text), context=420))
    assert page.marked == text[start : start + 10]
    assert page.text.strip("… ") in text
    assert len(page.text) <= 10 + 2 * (420 + 2)
    if start > 420:
        assert page.text.startswith("… Sentence")
    if start + 10 + 420 < len(text):
        assert page.text.endswith("here. …")


def test_context_without_sentences_is_cut_at_a_word() -> None:
    text = "word " * 1_400
    cited = replace(PLAN, quote="word", start=3_500, end=3_504)
    page = Page(passage(cited, replace(COMPLETES, text=text)))
    assert page.text.startswith("… word") and page.text.endswith("word …")


def test_context_of_one_endless_word_is_cut_all_the_same() -> None:
    cited = replace(PLAN, quote="xxxx", start=5_000, end=5_004)
    page = Page(passage(cited, replace(COMPLETES, text="x" * 10_000)))
    assert len(page.text) == 4 + 2 * CONTEXT + 4


@pytest.mark.parametrize("article", [None, replace(COMPLETES, text="Something else by now.")])
def test_a_quote_stands_alone_when_its_article_is_gone_or_changed(article: Article | None) -> None:
    page = Page(panel(Opened(FOUR_TO_FIVE, "citation", 1, 2), article))
    assert page.marked == FOUR_TO_FIVE.quote
    assert source.GONE in page.text
    assert "Show the whole article" not in page.text


def test_paragraphs_stay_apart() -> None:
    cited = replace(PLAN, quote="b\n\nc", start=2, end=6)
    markup = passage(cited, replace(COMPLETES, text="a\nb\n\nc d"))
    assert markup == 'a<span class="gap"></span><mark>b<span class="gap"></span>c</mark> d'


def test_where_it_comes_from_is_said() -> None:
    text = Page(panel(Opened(replace(SIXTY, place="page 3"), "citation", 1, 2), None)).text
    for expected in (
        "Source 1 of 2",
        "Mission of global coalition forces in Iraq to end by 2026",
        "Rudaw · 2025",
        "File: 001_27c0b94053af0fad.txt, page 3; also in 000_574de30212be9a42.txt",
    ):
        assert expected in text


def test_the_whole_article_is_one_step_away() -> None:
    article = replace(US_CONFIRMS, text=f"{'Before. ' * 400}{PLAN.quote}{' After.' * 400}")
    cited = replace(PLAN, start=3_200, end=3_200 + len(PLAN.quote))
    near = Page(panel(Opened(cited, "citation", 4, 2), article))
    (button,) = [one for one in near.attributes("button") if one.get("data-whole")]
    assert (button["data-event"], button["data-exchange"], button["data-footnote"]) == ("open", "4", "1")
    whole = Page(panel(Opened(cited, "citation", 4, 2, whole=True), article))
    assert whole.text.count("Before.") == whole.text.count("After.") == 400
    assert len(near.text) < len(whole.text)
    assert not [one for one in whole.attributes("button") if one.get("data-whole")]


def test_the_sources_before_and_after_are_one_step_away() -> None:
    steps = {
        number: [
            one["data-footnote"]
            for one in Page(panel(Opened(replace(PLAN, number=number), "closest", 1, 3), None)).attributes("button")
            if one["data-event"] == "open"
        ]
        for number in (1, 2, 3)
    }
    assert steps == {1: ["2"], 2: ["1", "3"], 3: ["2"]}


def test_an_article_that_nothing_is_cited_from_is_shown_whole_too() -> None:
    page = Page(whole_article(COMPLETES))
    assert COMPLETES.title is not None and COMPLETES.title in page.text
    assert "".join(COMPLETES.text.split())[-200:] in "".join(page.text.split())
    assert page.marked == ""


def test_no_two_openings_are_the_same() -> None:
    opened = Opened(PLAN, "citation", 1, 2)
    assert panel(opened, US_CONFIRMS, turn=1) != panel(opened, US_CONFIRMS, turn=2)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_from_outside_is_markup(hostile: str) -> None:
    article = Article("h", hostile, f"Before. {hostile} After.", hostile, hostile, hostile, places=((0, hostile),))
    cited = Citation(1, hostile, hostile, hostile, hostile, hostile, "h", 8, 8 + len(hostile), (hostile,), hostile)
    page = Page(
        panel(Opened(cited, "citation", 1, 1), article)
        + panel(Opened(cited, "closest", 1, 1), None)
        + whole_article(article)
        + problem(hostile)
    )
    page.check()
    assert page.text.count(hostile.replace("\ud800", "?")) >= 18
