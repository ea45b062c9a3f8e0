"""What is drawn: footnotes, dates, how a sentence is backed, and that nothing from outside is markup."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from rag import Answer, Citation, Disagreement, FileReport, Scope, Sentence, Statement, Status, Upkeeping
from rag.dates import say
from rag.errors import FolderError
from tests.ui.fakes import ANSWERS, LEAVE, MEMBERS, PLAN, REFUSED, SIXTY, STATUS, UNKNOWN
from tests.ui.markup import HOSTILE, Page
from ui import render
from ui.exchange import Exchange
from ui.standing import keeping, standing

BY_QUESTION = {answer.question: answer for answer in ANSWERS}


def done(answer: Answer, number: int = 1, **more: Any) -> Exchange:
    return Exchange(number, answer.question, "done", answer, **more)


def drawn(answer: Answer, **more: Any) -> str:
    return render.exchange(done(answer, **more))


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


def test_notes_are_shown() -> None:
    assert "The language model could not be reached" in Page(drawn(BY_QUESTION[MEMBERS])).text


def test_a_citation_that_is_missing_is_not_dropped_silently() -> None:
    markup = drawn(replace(BY_QUESTION[LEAVE], citations=(PLAN,)))
    assert 'class="chip missing" title="This source is missing">2</span>' in markup


def test_the_status_line_says_what_is_indexed_what_is_not_and_which_models_run() -> None:
    text = Page(standing(STATUS)).text
    for expected in (
        "seeds 5 files, 21 articles, 148 passages",
        "all-MiniLM-L6-v2",
        "SmolLM2-135M-Instruct",
        "1 file left out",
        "minutes.docx is not a text in any known encoding",
    ):
        assert expected in text
    assert "left out" not in Page(standing(replace(STATUS, skipped=()))).text
    assert "1 file, 1 article, 1 passage" in Page(standing(replace(STATUS, files=1, articles=1, passages=1))).text
    assert "these documents" in Page(standing(replace(STATUS, folder=""))).text


def test_the_status_line_says_how_far_the_indexing_is() -> None:
    def said(*upkeep: Any, **more: Any) -> str:
        return Page(keeping(Upkeeping(*upkeep, **more))).text

    assert "Indexing" not in said()
    assert "Indexing: looking through the folder." in said("reading", running=True)
    assert "Indexing: 312 of 4,863 files read. Answers rest on what is read." in said(
        "reading a.txt", 312, 4863, running=True
    )
    assert "256 of 9,000 passages embedded" in said("embedding", 256, 9000, running=True)
    assert "The folder 'x' is gone." in said(problem=FolderError("The folder 'x' is gone."))


def test_of_many_files_left_out_some_are_named() -> None:
    skipped = tuple(FileReport(f"{number}.png", "skipped", reason="not read") for number in range(400))
    text = Page(standing(replace(STATUS, skipped=skipped))).text
    assert "400 files left out" in text and "29.png" in text and "30.png" not in text and "and 370 more" in text


def test_every_chip_opens_a_footnote_of_its_exchange() -> None:
    page = Page(drawn(BY_QUESTION[LEAVE], number=3))
    chips = [one for one in page.attributes("button") if one["class"] == "chip"]
    notes = [one for one in page.attributes("button") if one["class"] == "footnote"]
    opens = ("data-event", "data-kind", "data-exchange", "data-footnote")
    assert [[one[name] for name in opens] for one in chips] == [["open", "citation", "3", str(n)] for n in (1, 2)]
    assert [[one[name] for name in opens] for one in notes] == [["open", "citation", "3", str(n)] for n in (1, 2)]
    assert chips[0]["data-quote"] == PLAN.quote[: render.PEEKED] or str(chips[0]["data-quote"]).endswith(" …")


def test_a_footnote_says_whose_it_is_and_of_when() -> None:
    text = Page(drawn(BY_QUESTION[MEMBERS])).text
    for expected in ("Mission of global coalition forces in Iraq to end by 2026", "Rudaw · 2025", "November 2025"):
        assert expected in text


def test_a_refusal_offers_the_closest_passages_and_what_to_ask_instead() -> None:
    page = Page(drawn(BY_QUESTION[UNKNOWN], offered=("When does it end?",)))
    assert f"{REFUSED}{render.CLOSEST}" in page.text
    assert [one["data-kind"] for one in page.attributes("button") if one["class"] == "footnote"] == ["closest"] * 2
    assert "Baghdad began pushing for a US withdrawal" in page.text
    assert "word for word" not in page.text
    assert f"{render.INSTEAD}When does it end?" in page.text
    assert [one["data-q"] for one in page.attributes("button") if one["class"] == "example"] == ["When does it end?"]


def test_an_answer_offers_what_to_ask_next() -> None:
    assert f"{render.NEXT}And then?" in Page(drawn(BY_QUESTION[LEAVE], offered=("And then?",))).text


def test_values_that_differ_stand_side_by_side() -> None:
    said = tuple(
        Statement(f"It has {value}.", published, publisher, f"{value}.txt", number, value)
        for number, value, published, publisher in ((1, "90", "2025-11", "Rudaw"), (2, "60", "2025", None))
    )
    page = Page(drawn(replace(BY_QUESTION[MEMBERS], disagreements=(Disagreement(said),))))
    assert f"{render.DIFFER}90Rudaw · November 2025160" in page.text and "60.txt · 20252" in page.text
    unsure = Page(drawn(replace(BY_QUESTION[MEMBERS], disagreements=(Disagreement(said, sure=False),))))
    assert render.DIFFER not in unsure.text


def test_dates_stand_in_their_order_each_with_its_footnotes() -> None:
    said = tuple(
        Statement("It ends.", published, publisher, "a.txt", number)
        for number, published, publisher in ((2, "2025-11", "Rudaw"), (1, "2025-08-20", "The National"))
    )
    answer = replace(BY_QUESTION[LEAVE], timeline=said)
    assert f"{render.DATED}20 August 2025 The National1November 2025 Rudaw2" in Page(drawn(answer)).text
    assert render.DATED not in Page(drawn(replace(answer, timeline=said[:1]))).text


def test_what_it_was_asked_of_is_said() -> None:
    answer = replace(BY_QUESTION[LEAVE], scope=Scope(sources=("a.txt",), until="2025-08"))
    assert "Searched only documents in a.txt, until August 2025." in Page(drawn(answer)).text
    assert "Asking only documents in a.txt" in Page(render.scoped(answer.scope)).text
    assert render.scoped(Scope()) == ""


def test_a_thumb_that_was_chosen_stays_chosen() -> None:
    chosen = [one["class"] for one in Page(drawn(BY_QUESTION[LEAVE], verdict="wrong")).attributes("button")]
    assert "icon wrong chosen" in chosen and "icon right" in chosen


def test_what_is_copied_holds_the_sentences_and_their_footnotes() -> None:
    page = Page(drawn(BY_QUESTION[MEMBERS]))
    (copied,) = [str(one["data-text"]) for one in page.attributes("button") if one["data-event"] == "copy"]
    assert f"“{SIXTY.quote}” [1]" in copied
    assert "[2] US-led coalition" in copied and "November 2025: “" in copied


@pytest.mark.parametrize(
    ("exchange", "shown"),
    [
        (Exchange(1, "Why?"), render.WAITING),
        (Exchange(1, "Why?", ahead=1), "Waiting in line: 1 question to be answered first"),
        (Exchange(1, "Why?", ahead=12), "Waiting in line: 12 questions to be answered first"),
        (Exchange(1, "Why?", "writing"), render.WRITING),
        (Exchange(1, "Why?", "stopped"), render.STOPPED_EMPTY),
        (
            Exchange(1, "Why?", "stopped", replace(BY_QUESTION[LEAVE], sentences=(Sentence("It is.", "supported"),))),
            render.STOPPED,
        ),
        (Exchange(1, "Why?", "failed", problem="The index is <gone>."), "The index is <gone>."),
    ],
)
def test_how_an_answer_stands_is_said(exchange: Exchange, shown: str) -> None:
    page = Page(render.exchange(exchange))
    assert page.text.startswith("Why?") and shown in page.text
    actions = {one["data-event"] for one in page.attributes("button")}
    assert actions.isdisjoint({"again", "edit", "rate"}) == exchange.is_open


def test_what_can_be_asked_first_is_offered() -> None:
    page = Page(render.welcome(STATUS, ("When does it end?", "How many are left?")))
    assert "seeds" in page.text
    assert [one["data-q"] for one in page.attributes("button")] == ["When does it end?", "How many are left?"]
    assert Page(render.welcome(STATUS, ())).attributes("button") == []


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_from_outside_is_markup(hostile: str) -> None:
    cited = Citation(1, hostile, hostile, hostile, hostile, hostile, "h", 8, 8 + len(hostile), (hostile,), hostile)
    sentences = tuple(
        Sentence(hostile, support, (1, 2), ((hostile, hostile),), hostile)
        for support in ("quoted", "supported", "refused")
    )
    said = (
        Statement(hostile, hostile, hostile, hostile, 1, hostile),
        Statement(hostile, None, hostile, hostile, 1),
    )
    answer = Answer(
        *(hostile, hostile, sentences, (cited,), False),
        closest=(cited,),
        notes=(hostile,),
        heading=hostile,
        timeline=said,
        disagreements=(Disagreement(said),),
        searched=(hostile, "other" + hostile),
        scope=Scope((hostile,), (hostile,)),
    )
    report = FileReport(hostile, "unreadable", reason=hostile)
    status = Status(hostile, hostile, 1, 1, 1, hostile, hostile, (report,))
    exchange = Exchange(1, hostile, "failed", answer, hostile, offered=(hostile,))
    page = Page(
        render.conversation([render.exchange(exchange)], identity=hostile)
        + standing(status)
        + keeping(Upkeeping(hostile, 1, 2, running=True))
        + keeping(Upkeeping(problem=FolderError(hostile)))
        + render.welcome(status, (hostile,))
        + render.message(hostile)
        + render.scoped(answer.scope)
    )
    page.check()
    assert page.text.count(hostile.replace("\ud800", "?")) >= 30


def test_drawing_does_not_load_gradio() -> None:
    code = (
        "import sys, ui.render, ui.source, ui.library, ui.shelf, ui.chat, ui.history; sys.exit('gradio' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
