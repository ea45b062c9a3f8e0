"""An evaluation as HTML: every figure is there, every failed question says why, nothing hostile gets through."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from eval.known import Known, Quote
from eval.last import Last, LastRun, last
from ui import cases, scores
from ui.drawings import bars, durations_svg, refusal_rows
from ui.measuring import Measuring

from tests.ui.results import ABSENT, CASES, RIGHT, WRONG, write, write_stock  # isort: skip

HOSTILE = "<script>alert(1)</script>\"' onload=x &amp; ${1} {{2}} `3`"


class Outline(HTMLParser):
    """What a browser would make of it: tags, attributes, text."""

    VOID = ("br", "progress", "path", "line", "rect", "circle", "polyline")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def run(tmp_path: Path) -> LastRun:
    write(tmp_path)
    write_stock(tmp_path)
    return last(tmp_path).runs[0]


def test_figures_at_a_glance_with_stock_beside(run: LastRun) -> None:
    drawn = Outline(scores.overview(run))
    assert drawn.open == []
    text = " ".join(drawn.text.split())
    for told in (
        "Right 33 %1 of 3 state every required fact",
        "Refused rightly100 %1 of 1",
        "Refused falsely33 %1 of 3",
        "Citations right67 %2 of 3",
        "stock 13.80",
        "40 questions (--limit 40)",
        "2 January 2026, 10:00 UTC",
        "tiny and tinier",
    ):
        assert told.replace(" ", "") in text.replace(" ", ""), told


def test_every_drawing_has_words_and_a_table(run: LastRun) -> None:
    html = scores.overview(run)
    figures = re.findall(r"<figure>.*?</figure>", html)
    assert len(figures) == 2
    for figure in figures:
        assert re.search(r'<svg [^>]*role="img" aria-label="[A-Z][^"]+ [^"]+"', figure)
        assert "<table" in figure and "<caption>" in figure and 'scope="row"' in figure
    assert "url(" not in html and "http" not in html and "<style" not in html
    assert 'aria-label="Of the answerable questions 33% are refused, of the unanswerable ones 100%."' in html


def test_a_failed_question_says_what_was_expected_answered_cited_and_why(run: LastRun) -> None:
    html = cases.questions(run)
    text = " ".join(Outline(html).text.split())
    assert "2 of 4 questions" in text
    assert WRONG.question in text and RIGHT.question not in text
    assert "lacks “89 metres” (gold passage at rank 1)" in text
    assert "89 metres or 89 m missing" in text
    assert "It has towers [1]." in text
    assert "The bridge opened in June 1932. bridge.txt" in text  # its footnote
    assert "Gold quote Its towers are 89 metres tall. bridge.txt" in text.replace("quoteIts", "quote Its")
    assert "refused (gold passage at rank 1); it should say “Otto”" in text
    assert "Closest passages shown" in text


def test_the_filter_shows_what_it_says(run: LastRun) -> None:
    def shown(**options: str) -> list[str]:
        return re.findall(r'class="asked" dir="auto">([^<]*)', cases.questions(run, **options))

    assert len(shown(show="All")) == 4
    assert shown(show="Went right") == [RIGHT.question, ABSENT.question]
    assert shown(show="All", kind="number") == [WRONG.question]
    assert shown(show="Went right", kind="number") == []
    assert shown(show="All", kind="<none>") == []
    assert cases.kinds(run) == ["every kind", "date", "number", "near-miss"]
    assert cases.questions(None) == "" and cases.kinds(None) == ["every kind"]


def test_a_gold_quote_that_was_cited_is_marked(run: LastRun) -> None:
    right = cases.questions(run, show="Went right", kind="date")
    assert right.count("<em>cited</em>") == 1
    assert "<em>cited</em>" not in cases.questions(run, show="Went wrong")


def test_nothing_hostile_gets_through(tmp_path: Path) -> None:
    quote = Quote(HOSTILE, HOSTILE)
    bad = replace(WRONG, kind=HOSTILE, question=HOSTILE, answer=HOSTILE, missing=(HOSTILE,), footnotes=(quote,),
                  not_verbatim=(HOSTILE,))  # fmt: skip
    case = Known(bad.id, HOSTILE, HOSTILE, True, facts=((HOSTILE, HOSTILE),), sources=(HOSTILE,), quotes=(quote,))
    write(tmp_path, name=HOSTILE.replace("/", ""), kind="cases", scores=(bad,), cases=(case,), when=HOSTILE)
    (found,) = last(tmp_path).runs
    found = replace(found, machine={"processor": HOSTILE}, made_with={"model": HOSTILE})
    failed = scores.progress(Measuring(problem=HOSTILE)) + scores.stale(Last((), (replace(found.run, commit=HOSTILE),)))
    html = scores.overview(found) + cases.questions(found, show="All") + failed
    drawn = Outline(html)
    assert drawn.open == [] and "script" not in drawn.tags
    assert not any(name.startswith("on") for name, _ in drawn.attributes)
    assert drawn.text.count(HOSTILE) >= 8


def test_no_run_yet_and_one_of_another_version(run: LastRun) -> None:
    assert "Nothing was measured yet" in scores.stale(Last())
    assert "another version" in scores.stale(Last((), (run.run,)))


def test_figures_that_cannot_be_had_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, scores=(replace(ABSENT, seconds={}),), cases=CASES[3:])
    html = scores.overview(last(tmp_path).runs[0])
    assert "<figure>" not in html and "none asked" in html and "not measured" in html


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (Measuring(), "Asks the known questions"),
        (Measuring(running=True), "Starting"),
        (Measuring(running=True, what="embedding", done=3, of=9), "Starting"),
        (Measuring(running=True, what="asking", done=11, of=120), "Question 12 of 120"),
        (Measuring(running=True, what="asking", done=120, of=120), "Question 120 of 120"),
        (Measuring(running=True, stopped=True), "Stopping"),
        (Measuring(stopped=True), "Stopped; no results"),
        (Measuring(finished=True), "Done"),
        (Measuring(problem="There is no folder."), "There is no folder."),
    ],
)
def test_how_a_run_stands(state: Measuring, told: str) -> None:
    html = scores.progress(state)
    assert told in html
    assert f'aria-busy="{str(state.running).lower()}"' in html


def test_a_second_start_is_told_so() -> None:
    state = Measuring(running=True, what="asking", done=1, of=2)
    assert "running already. Question 2 of 2" in scores.progress(state, again=True)
    assert "running already" not in scores.progress(state)


def test_durations_are_counted_in_few_equal_steps() -> None:
    found = bars([0.1, 0.2, 0.6, 3.2])
    assert sum(one.count for one in found) == 4 and len(found) <= 16
    assert (found[0].low, found[0].high, found[0].count) == (0, 0.25, 2)
    assert bars([]) == [] and durations_svg([]) == ""
    assert len(bars([10_000.0, 1.0])) <= 16
    assert sum(one.count for one in bars([0.0])) == 1


def test_the_curve_as_a_table(run: LastRun) -> None:
    from eval.curve import refusal_curve

    rows = refusal_rows(refusal_curve(run.figures.confidences))
    assert [most for most, _ in rows] == ["0%", "3%", "5%", "10%", "25%", "50%"]
    assert rows[-1] == ("50%", "100%")
