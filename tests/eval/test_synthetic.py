"""Synthetic reports: the same on every machine, no two passages alike, reprints that are near-duplicates."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from eval.synthetic import PASSAGES_A_REPORT, REPRINT_BACK, is_reprint, report, reports, write_reports
from rag.articles import split_articles
from rag.duplicates import families, signature
from rag.passages import split_passages
from rag.types import Article, Document

COUNT = 200


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    made = [report(number) for number in range(COUNT)]
    return [article for one in made for article in split_articles(Document(one.text, source=one.name))]


def test_a_report_is_the_same_whenever_it_is_made() -> None:
    text = "".join(one.text for one in reports(20))
    assert text == "".join(one.text for one in reports(20))
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "92b63ad0bf3fc5cc"


def test_a_report_is_the_same_alone_and_among_others() -> None:
    assert next(reports(4, first=8)) == report(8)


def test_every_report_is_one_dated_article_with_its_title(articles: list[Article]) -> None:
    assert len(articles) == COUNT
    assert all(one.title and one.publisher and one.published for one in articles)


def test_no_two_passages_are_alike_and_there_are_as_many_as_were_asked_for(articles: list[Article]) -> None:
    texts = [node.text for article in articles for node in split_passages(article)]
    assert len(set(texts)) == len(texts)
    assert len(texts) == pytest.approx(COUNT * PASSAGES_A_REPORT, rel=0.1)


def test_reprints_are_of_the_family_of_their_original_and_nothing_else_is(articles: list[Article]) -> None:
    numbers = {article.id: number for number, article in enumerate(articles)}
    found = families((one.id, signature(one.text)) for one in articles)
    heads = {numbers[one]: numbers[head] for one, head in found.items()}
    expected = {number: number - REPRINT_BACK if is_reprint(number) else number for number in range(COUNT)}
    assert heads == expected


def test_reports_are_written_one_file_each(tmp_path: Path) -> None:
    told: list[str] = []
    characters = write_reports(tmp_path, 40, progress=lambda what, done, total: told.append(f"{what} {done}/{total}"))
    files = sorted(tmp_path.rglob("*.txt"))
    assert len(files) == round(40 / PASSAGES_A_REPORT)
    assert sum(len(path.read_text("utf-8")) for path in files) == characters
    assert told == ["writing reports 0/10"]
