"""The folders that come with the evaluation: every case holds by its documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.elsewhere import CASES, DOCS, FOLDERS, folders
from eval.facts import holds
from eval.known import load_known
from eval.metrics import single_spaced
from eval.run import folder_texts


@pytest.mark.parametrize("folder", folders(FOLDERS), ids=lambda folder: folder.name)
def test_every_quote_stands_in_its_file_and_holds_a_fact(folder: Path) -> None:
    text = folder_texts(folder / DOCS)
    for case in load_known(folder / CASES):
        assert bool(case.quotes) == case.answerable
        for quote in case.quotes:
            assert single_spaced(quote.quote) in single_spaced(text(quote.source)), (case.id, quote)
        assert all(any(holds(quote.quote, fact) for quote in case.quotes) for fact in case.facts), case.id


def test_ids_are_told_apart() -> None:
    ids = [case.id for folder in folders(FOLDERS) for case in load_known(folder / CASES)]
    assert len(ids) == len(set(ids)) == 290
