"""Lines that many reports have: which they are, whatever order the files came in, and what they do to an answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.synthetic import report
from rag import evidence as ev
from rag.index import Index
from rag.ledger import Ledger
from rag.repeated import STORIES, has_any, line_keys, repeated, spans
from rag.types import Article
from tests.rag.fakes import Killed, WordEmbedder, write

PROMOTION = "Sign up for our newsletter to read when the harbour bridge opens."
RIGHTS = "All rights reserved by the publisher and its agencies."


def text(number: int, *, foot: str = PROMOTION) -> str:
    return f"{report(10 * number).text}\n{foot}\n"


@pytest.fixture
def opened(tmp_path: Path, in_memory: None) -> Iterator[Index]:
    index = Index(tmp_path / "home", WordEmbedder())
    yield index
    index.close()


def marked(ledger: Ledger) -> dict[str, list[str]]:
    """File → its lines that many reports have."""
    found: dict[str, list[str]] = {}
    for identity, _ in ledger.lines():
        article = ledger.article(identity)
        assert article is not None
        found[article.source] = [article.text[start:end] for start, end in article.repeated]
    return {source: lines for source, lines in found.items() if lines}


def test_a_line_of_many_reports_is_found_in_each_and_a_row_a_title_or_a_heading_is_none() -> None:
    texts = [
        f"Report {n}\nThe {n}th mayor resigned in May.\nitem: bridge; cost: 400\na | b | c\nSee also\n{RIGHTS}"
        for n in range(9)
    ]
    keys = [(str(n), line_keys(one, f"Report {n}")) for n, one in enumerate(texts)]
    often = repeated(keys)
    assert [[one[start:end] for start, end in spans(one, None, often)] for one in texts] == [[RIGHTS]] * 9
    assert all(has_any(one, often) for _, one in keys)
    assert repeated(keys[: STORIES - 1]) == repeated([]) == frozenset()
    assert not has_any(line_keys("Something else was said today.", None), often)
    assert line_keys(RIGHTS, RIGHTS) == line_keys("", None) == b""


def test_copies_of_one_story_are_one_report() -> None:
    keys = line_keys(f"The mayor resigned in May.\n{RIGHTS}", None)
    assert repeated([("story", keys)] * 50) == frozenset()
    assert repeated([(f"story {n % STORIES}", keys) for n in range(50)]) != frozenset()


def test_signs_and_blanks_make_no_other_line() -> None:
    printed = [RIGHTS, RIGHTS.upper(), RIGHTS.replace(" ", "  "), f"© {RIGHTS}", RIGHTS.rstrip(".")]
    assert len({line_keys(one, None) for one in printed}) == 1


def test_the_folder_tells_which_lines_they_are(opened: Index, tmp_path: Path) -> None:
    folder = write(tmp_path / "docs", **{f"a{n}": text(n) for n in range(STORIES - 1)})
    opened.update_folder(folder)
    assert marked(opened.ledger) == {}
    write(folder, more=text(STORIES))
    opened.update_folder(folder)
    sources = [*(f"a{n}.txt" for n in range(STORIES - 1)), "more.txt"]
    assert marked(opened.ledger) == {source: [PROMOTION] for source in sources}
    (folder / "a0.txt").unlink()
    opened.update_folder(folder)
    assert marked(opened.ledger) == {}


def test_a_story_that_many_files_reprint_keeps_its_lines(opened: Index, tmp_path: Path) -> None:
    prints = {f"print{n}": f"The Paper {n}\n\n{text(1, foot='')}" for n in range(9)}
    opened.update_folder(write(tmp_path / "docs", **prints, other=text(2)))
    assert marked(opened.ledger) == {}


def test_step_by_step_and_killed_it_ends_like_a_clean_build(
    tmp_path: Path, in_memory: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "docs"
    index = Index(tmp_path / "home", WordEmbedder())
    for n in range(8):
        write(folder, **{f"a{n}": text(n, foot=PROMOTION if n % 4 else f"{PROMOTION}\n\n{RIGHTS}")})
        with monkeypatch.context() as own:
            if n % 2:
                own.setattr(index.ledger, "write", _die)
                with pytest.raises(Killed):
                    index.update_folder(folder)
        if not n % 3:
            index.update_folder(folder)
    (folder / "a3.txt").unlink()
    index.update_folder(folder)
    clean = Index(tmp_path / "clean", WordEmbedder())
    clean.update_folder(folder)
    assert marked(index.ledger) == marked(clean.ledger) != {}
    assert index.ledger.repeated() == clean.ledger.repeated()
    index.close(), clean.close()


def _die(*_: object) -> None:
    raise Killed


def test_such_a_line_is_quoted_only_where_nothing_else_answers() -> None:
    words = f"The harbour bridge opens in May.\n{PROMOTION}\nIt cost a great deal of money, the mayor said."
    at = words.index(PROMOTION)
    article = Article("a", "a.txt", words, repeated=((at, at + len(PROMOTION)),))
    found = list(ev.sentences_of(article, 0, len(words), 1.0))
    assert [one.repeated for one in found] == [False, True, False]
    assert [one.before for one in found] == ["", "The harbour bridge opens in May.", ""]
    ranked = ev.weighed([ev.Query("When does the harbour bridge open?", [1.0])], found, Same())
    assert ranked[-1].text == PROMOTION
    assert all(one.around is None for one in ranked if one.text != PROMOTION)  # it is no neighbour to be quoted with
    last = next(one for one in ranked if one.text.startswith("It cost"))
    assert ev.led_in(last) == last


class Same:
    """Every text is as near to every other."""

    name = "same"

    def embed(self, texts: list[str]) -> list[list[float]]:
        return [[1.0]] * len(texts)

    def embed_query(self, text: str) -> list[float]:
        return [1.0]
