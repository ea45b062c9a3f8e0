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
from ui.history import History, new_id

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def done(answer: Answer = ANSWERS[0], number: int = 1, **more: object) -> Exchange:
    return replace(Exchange(number, answer.question, "done", answer), **more)


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path)


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_conversation_comes_back_as_it_was(answer: Answer, tmp_path: Path) -> None:
    kept = [
        done(answer, offered=("And then?",), verdict="wrong"),
        Exchange(2, MEMBERS, "failed", problem="no model"),
        done(replace(answer, scope=Scope(("a.txt",), until="2025"), timings={"total": 0.5}), 3),
    ]
    one = History(tmp_path)
    one.save("a", kept)
    one.close()
    assert History(tmp_path).load("a") == kept


@given(TEXT, TEXT, TEXT)
def test_whatever_the_text_is_it_comes_back(question: str, said: str, problem: str) -> None:
    history = History(None)
    kept = [Exchange(1, question, "stopped", replace(ANSWERS[0], question=said, text=said), problem)]
    history.save("a", kept)
    assert history.load("a") == kept


def test_the_latest_conversation_stands_first(history: History) -> None:
    for name in ("a", "b", "c"):
        history.save(name, [done()])
    history.save("a", [done(), done(number=2)])
    assert [one.id for one in history.kept()] == ["a", "c", "b"]


def test_a_conversation_goes_by_its_first_question_until_it_is_named(history: History) -> None:
    history.save("a", [Exchange(1, f"  {LEAVE}\n ")])
    assert history.kept()[0].title == LEAVE
    history.save("a", [Exchange(1, MEMBERS)])
    assert history.kept()[0].title == MEMBERS
    history.rename("a", " The  end ")
    history.save("a", [Exchange(1, LEAVE)])
    assert history.kept()[0].title == "The end"
    with pytest.raises(InputError, match="needs a name"):
        history.rename("a", " \n ")
    history.rename("a", "x" * 500)
    assert len(history.kept()[0].title) == histories.TITLE_LIMIT


def test_what_was_taken_out_of_a_conversation_is_gone(history: History) -> None:
    history.save("a", [done(), done(number=2), done(number=3)])
    history.save("a", [done(ANSWERS[1])])
    assert history.load("a") == [done(ANSWERS[1])]


def test_a_deleted_conversation_is_gone_with_all_it_held(history: History, tmp_path: Path) -> None:
    history.save("a", [done()])
    history.save("b", [done(ANSWERS[1])])
    history.delete("a")
    history.delete("a")
    assert [one.id for one in history.kept()] == ["b"]
    assert history.load("a") == []
    history.close()
    assert sqlite3.connect(tmp_path / histories.FILE).execute("SELECT count(*) FROM exchange").fetchone() == (1,)


def test_several_tabs_write_at_once(tmp_path: Path) -> None:
    one, other = History(tmp_path), History(tmp_path)

    def write(history: History, name: str) -> None:
        for number in range(1, 20):
            history.save(name, [done(number=n) for n in range(1, number + 1)])

    threads = [threading.Thread(target=write, args=(h, name)) for h in (one, other) for name in ("a", "b", "c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {len(one.load(name)) for name in ("a", "b", "c")} == {19}


def test_a_browser_keeps_what_it_is_given() -> None:
    one, other = History(None), History(None)
    one.save("a", [done(), done(ANSWERS[1], 2)])
    one.rename("a", "The end")
    other.fill(one.dump())
    assert other.kept() == one.kept()
    assert other.load("a") == one.load("a")


@pytest.mark.parametrize("kept", ["", "{", "{}", "[]", "null", '{"conversations": [1], "exchanges": [[1, 2]]}', "\0"])
def test_what_a_browser_kept_of_something_else_is_left_out(kept: str) -> None:
    history = History(None)
    history.save("a", [done()])
    history.fill(kept)
    assert [one.id for one in history.kept()] == ["a"]


def test_what_cannot_be_read_is_told_in_a_sentence(tmp_path: Path) -> None:
    history = History(tmp_path)
    history.save("a", [done()])
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


def test_a_write_that_fails_leaves_what_was_kept(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    history.save("a", [done()])
    with pytest.raises(StoreError):
        history.save("a", [done(ANSWERS[1]), replace(done(ANSWERS[1]), number=None)])  # type: ignore[arg-type]
    assert history.load("a") == [done()]


def test_names_differ() -> None:
    assert len({new_id() for _ in range(1_000)}) == 1_000
