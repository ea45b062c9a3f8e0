"""Conversations that are kept: whole, in their order, by their names, and never half."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import Answer, Scope
from rag.errors import InputError, StoreError
from tests.ui.fakes import ANSWERS, LEAVE, MEMBERS
from ui import history as histories
from ui.exchange import Exchange
from ui.history import History, exchanges_from_json, exchanges_to_json, new_id

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def done(answer: Answer = ANSWERS[0], number: int = 1, **more: object) -> Exchange:
    return replace(Exchange(number, answer.question, "done", answer), **more)


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path)


def put(history: History, name: str, *exchanges: Exchange, edition: int = 0) -> int:
    for one in exchanges:
        edition = history.put(name, edition, one, asked=True)
    return edition


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_conversation_comes_back_as_it_was(answer: Answer, tmp_path: Path) -> None:
    kept = [
        done(answer, offered=("And then?",), verdict="wrong"),
        Exchange(2, MEMBERS, "failed", problem="no model"),
        done(replace(answer, scope=Scope(("a.txt",), until="2025"), timings={"total": 0.5}), 3),
    ]
    one = History(tmp_path)
    put(one, "a", *kept)
    one.close()
    assert History(tmp_path).load("a") == (3, kept)
    assert exchanges_from_json(exchanges_to_json(kept)) == kept


@given(TEXT, TEXT, TEXT)
def test_whatever_the_text_is_it_comes_back(question: str, said: str, problem: str) -> None:
    kept = [Exchange(1, question, "stopped", replace(ANSWERS[0], question=said, text=said), problem)]
    assert exchanges_from_json(exchanges_to_json(kept)) == kept


@pytest.mark.parametrize("told", ["", "{", "{}", "null", '[{"number": 1}]', "[1]", "\0"])
def test_what_a_browser_kept_of_something_else_is_told_of(told: str) -> None:
    with pytest.raises(StoreError, match="another release"):
        exchanges_from_json(told)


def test_the_latest_conversation_stands_first(history: History) -> None:
    for name in ("a", "b", "c"):
        put(history, name, done())
    history.put("a", 1, done(number=2), asked=True)
    assert [one.id for one in history.kept()] == ["a", "c", "b"]


def test_a_conversation_goes_by_its_first_question_until_it_is_named(history: History) -> None:
    edition = put(history, "a", Exchange(1, f"  {LEAVE}\n "))
    assert history.kept()[0].title == LEAVE
    edition = put(history, "a", Exchange(1, MEMBERS), Exchange(2, "And then?"), edition=edition)
    assert history.kept()[0].title == MEMBERS
    history.rename("a", " The  end ")
    put(history, "a", Exchange(1, LEAVE), edition=edition)
    assert history.kept()[0].title == "The end"
    with pytest.raises(InputError, match="needs a name"):
        history.rename("a", " \n ")
    history.rename("a", "x" * 500)
    assert len(history.kept()[0].title) == histories.TITLE_LIMIT
    history.rename("a", "half \ud800")
    assert history.kept()[0].title == "half ?"


def test_a_question_that_is_asked_anew_takes_what_came_after_it_along(history: History) -> None:
    edition = put(history, "a", done(), done(number=2), done(number=3))
    edition = history.put("a", edition, done(verdict="right"))
    assert len(history.load("a")[1]) == 3
    put(history, "a", done(ANSWERS[1], 2), edition=edition)
    assert history.load("a")[1] == [done(verdict="right"), done(ANSWERS[1], 2)]


def test_what_went_on_in_another_tab_is_not_written_over(history: History) -> None:
    mine = theirs = put(history, "a", done())
    theirs = history.put("a", theirs, done(number=2), asked=True)
    with pytest.raises(InputError, match="another tab"):
        history.put("a", mine, done(ANSWERS[1]))
    with pytest.raises(InputError, match="another tab"):
        history.put("a", mine, done(ANSWERS[1], 2), asked=True)
    assert history.load("a") == (theirs, [done(), done(number=2)])


def test_a_deleted_conversation_is_gone_and_stays_so(history: History, tmp_path: Path) -> None:
    edition = put(history, "a", done())
    put(history, "b", done(ANSWERS[1]))
    history.delete("a")
    history.delete("a")
    history.put("a", edition, done(number=2))
    history.put("a", edition, done(number=2), asked=True)
    history.put("c", 0, done())  # a question that was never kept as asked
    assert [one.id for one in history.kept()] == ["b"]
    assert history.load("a") == (0, [])
    history.close()
    assert sqlite3.connect(tmp_path / histories.FILE).execute("SELECT count(*) FROM exchange").fetchone() == (1,)


def test_several_tabs_write_at_once(tmp_path: Path) -> None:
    histories_ = History(tmp_path), History(tmp_path)

    def write(history: History, name: str) -> None:
        put(history, name, *(done(number=number) for number in range(1, 20)))

    names = [(history, f"{place}{name}") for place, history in enumerate(histories_) for name in "abc"]
    threads = [threading.Thread(target=write, args=pair) for pair in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {len(histories_[0].load(name)[1]) for _, name in names} == {19}


def test_what_cannot_be_read_is_told_in_a_sentence(tmp_path: Path) -> None:
    history = History(tmp_path)
    put(history, "a", done())
    history.close()
    base = sqlite3.connect(tmp_path / histories.FILE)
    base.execute('UPDATE exchange SET content = \'{"number": "x"}\'')
    base.commit()
    with pytest.raises(StoreError, match="another release"):
        History(tmp_path).load("a")


def test_a_damaged_file_is_told_of_and_not_written_over(tmp_path: Path) -> None:
    (tmp_path / histories.FILE).write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreError, match="damaged"):
        History(tmp_path)
    assert (tmp_path / histories.FILE).read_bytes().startswith(b"this is no database")


def test_a_folder_that_cannot_be_written_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be read or written"):
        History(tmp_path / "missing")


def test_a_write_that_fails_leaves_what_was_kept(history: History) -> None:
    edition = put(history, "a", done())
    with pytest.raises(StoreError):
        history.put("a", edition, replace(done(ANSWERS[1]), number=None), asked=True)  # type: ignore[arg-type]
    assert history.load("a") == (edition, [done()])


def test_names_differ() -> None:
    assert len({new_id() for _ in range(1_000)}) == 1_000
