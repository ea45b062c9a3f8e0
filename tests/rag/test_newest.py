"""For questions about now: the newest report's opening, and beside it what another report says about as well."""

from __future__ import annotations

import pytest

from rag.evidence import BESIDE_MARGIN, OPENING_MARGIN, select
from rag.types import Article, Evidence

OPENING = "Only five men are left in Ulm today, the mayor said."
LATER = "In August two others said that they would begin to leave."
OLD = "The men will have left Ulm by the end of the year, said a minister."
NEW_REPORT = Article("new", "new.txt", f"{OPENING} {LATER}", published="2025-10", family="new")
OLD_REPORT = Article("old", "old.txt", OLD, published="2025-08", family="old")
NOW = "When do the men leave Ulm now?"


def one(article: Article, text: str, score: float) -> Evidence:
    start = article.text.index(text)
    return Evidence(article, start, start + len(text), score)


@pytest.mark.parametrize(
    ("opening", "other", "shown"),
    [
        (0.2, 0.8, [OPENING, OLD]),
        (0.2, 0.8 - BESIDE_MARGIN, [OPENING]),  # the other report does not say it about as well
        (0.9 - OPENING_MARGIN, 0.8, [LATER, OLD]),  # the opening is too far behind
        (0.2, 1.4, [OPENING, OLD]),
    ],
)
def test_the_newest_report_leads(opening: float, other: float, shown: list[str]) -> None:
    found = [one(NEW_REPORT, LATER, 1.0), one(OLD_REPORT, OLD, other), one(NEW_REPORT, OPENING, opening)]
    found.sort(key=lambda each: -each.score)
    assert [piece.text for piece in select(NOW, [found])] == shown
