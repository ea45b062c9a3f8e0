"""The word index and the ledger."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.errors import StoreError
from rag.ledger import DOOMED, FILE, HELD, STALE, WANTED, Ledger, Passage
from rag.scope import part_of
from rag.types import Article, FileReport, Scope
from rag.words import STOP_WORDS, knows, search, terms


def article(identity: str, source: str, text: str, *, title: str | None = None, family: str = "") -> Article:
    return Article(identity, source, text, title=title, family=family or identity)


def enter(ledger: Ledger, source: str, *articles: Article, digest: str = "d") -> None:
    """A file whose articles are one passage each, of the article's id."""
    with ledger.writing():
        ledger.put(source, digest, articles, [b"s"] * len(articles), [b""] * len(articles))
        for one in articles:
            ledger.put_passage(Passage(one.id, one.id, 0, len(one.text)), one.title, one.text)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def library(ledger: Ledger) -> Ledger:
    """Three files, four articles."""
    enter(ledger, "bridge.txt", article("b", "bridge.txt", "The bridge in Zürich opened in May 2,025.", title="Ulm"))
    enter(ledger, "museum.txt", article("m", "museum.txt", "Opening the museum cost five million.", title="Museum"))
    enter(
        ledger,
        "digest.txt",
        article("d1", "digest.txt", "The bridge opened.", title="Bridge"),
        article("d2", "digest.txt", "A storm closed the port. A storm!"),
    )
    return ledger


def found(ledger: Ledger, question: str, top_k: int = 10) -> list[str]:
    return [identity for identity, _ in search(ledger, question, top_k)]


def test_search_ranks_by_shared_words(library: Ledger) -> None:
    assert set(found(library, "bridge museum port")) == {"b", "m", "d1", "d2"}
    assert found(library, "Which storm closed the port?")[0] == "d2"
    assert found(library, "five million")[0] == "m"


def test_scores_fall_and_are_positive(library: Ledger) -> None:
    scores = [score for _, score in search(library, "When did the bridge open?", 10)]
    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0


def test_words_are_found_in_other_forms(library: Ledger) -> None:
    assert found(library, "zurich") == ["b"]
    assert found(library, "ZÜRICH") == ["b"]
    assert set(found(library, "opens")) == {"b", "d1", "m"}


def test_titles_are_searched(library: Ledger) -> None:
    assert found(library, "Ulm") == ["b"]


def test_top_k(library: Ledger) -> None:
    assert len(search(library, "bridge museum port", 2)) == 2


@pytest.mark.parametrize(
    "question",
    [
        "",
        "?!",
        "\"bridge' OR NEAR(",
        "bridge*",
        "title:bridge",
        "-bridge ^bridge (bridge",
        "a AND b NOT c",
        "\0",
        "ª ² ½ a\u0301",
        "🌉",
    ],
)
def test_no_question_is_a_query_language(question: str, library: Ledger) -> None:
    assert set(found(library, question)) == ({"b", "d1"} if "bridge" in question else set())


def test_a_question_of_thousands_of_words(library: Ledger) -> None:
    assert found(library, " ".join(f"word{number}" for number in range(6_000)) + " storm") == ["d2"]


@given(question=st.text(max_size=60))
@example(question="what was there?")
@example(question="What opened?")
@example(question="hello there")
def test_any_question(question: str, shared: Ledger) -> None:
    found = search(shared, question, 3)
    assert isinstance(found, list)
    says_something = any(word not in STOP_WORDS for word in terms(question))
    assert knows(shared, question) == (says_something and bool(found))


def test_a_part_knows_what_stands_in_it(library: Ledger) -> None:
    assert knows(library, "Is a storm where what was?")
    part = part_of(library, Scope(("museum.txt",)))
    assert not knows(part, "Is a storm where what was?")
    assert knows(part, "A storm, or five millions?")
    assert not knows(part, "the of it")  # though these words stand in it


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    opened = Ledger(tmp_path_factory.mktemp("ledger"))
    enter(opened, "bridge.txt", article("b", "bridge.txt", "The bridge opened."))
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("When did the bridge open?", ["bridge", "open"]),
        ("bridge, bridge: BRIDGE", ["bridge"]),
        ("Who is it?", ["who", "is", "it"]),  # stop words alone are better than nothing
        ("the 2,500 U.S. troops", ["2", "500", "u", "s", "troops"]),
        ("", []),
    ],
)
def test_terms(question: str, words: list[str]) -> None:
    assert terms(question) == words


def test_counts_digests_titles_articles(library: Ledger) -> None:
    assert library.counts() == (3, 4, 4)
    assert library.digests() == {"bridge.txt": "d", "museum.txt": "d", "digest.txt": "d"}
    assert library.titles() == ["Ulm", "Bridge", "Museum"]
    assert library.article("m") == article("m", "museum.txt", "Opening the museum cost five million.", title="Museum")
    assert library.article("nobody") is None


def test_remove_takes_all_of_a_file_and_nothing_else(library: Ledger) -> None:
    with library.writing():
        assert sorted(library.remove("digest.txt")) == ["d1", "d2"]
        assert library.remove("digest.txt") == []
    assert library.counts() == (2, 2, 2)
    assert found(library, "storm port bridge") == ["b"]
    assert library.article("d1") is None
    assert list(library.passage_ids()) == ["b", "m"]


def test_passages_that_exist(library: Ledger) -> None:
    assert library.passages(["d1", "gone", "b"]) == {
        "b": Passage("b", "b", 0, 41, "b"),
        "d1": Passage("d1", "d1", 0, 18, "d1"),
    }
    assert library.passages([]) == {}


def test_families(library: Ledger) -> None:
    with library.writing():
        library.link({"b": "d1", "d1": "d1"}, set())
    assert [one.id for one in library.family("d1")] == ["d1", "b"]
    assert library.titles() == ["Bridge", "Museum"]  # a reprint's title is not shown


def test_skipped_are_those_of_the_last_run(ledger: Ledger) -> None:
    for reports in (
        [FileReport("b", "unreadable", reason="why"), FileReport("a", "empty")],
        [FileReport("c", "empty")],
        [],
    ):
        with ledger.writing():
            ledger.put_skipped(reports)
        assert ledger.skipped() == tuple(sorted(reports, key=lambda report: report.source))


def test_writes_are_whole_or_not_at_all(library: Ledger) -> None:
    with pytest.raises(KeyboardInterrupt), library.writing():
        library.remove("bridge.txt")
        library.put("new.txt", "d", [article("n", "new.txt", "new")], [b""], [b""])
        raise KeyboardInterrupt
    assert library.counts() == (3, 4, 4)
    assert found(library, "new") == []
    assert set(found(library, "bridge")) == {"b", "d1"}


def test_it_lasts(library: Ledger, tmp_path: Path) -> None:
    library.close()
    again = Ledger(tmp_path)
    assert again.counts() == (3, 4, 4)
    assert found(again, "storm") == ["d2"]
    again.close()


def test_many_threads(library: Ledger) -> None:
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for turn in range(15):
                source = f"thread-{number}.txt"
                with library.writing():
                    library.remove(source)
                enter(library, source, article(f"t{number}", source, f"zebra {turn}"))
                assert f"t{number}" in found(library, "zebra", 100)
                assert library.counts()[0] >= 3
        except BaseException as exc:  # a thread's failure is the test's
            failures.append(exc)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    assert library.counts() == (9, 10, 10)


def test_a_damaged_file_is_named_with_the_mend(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"this is no database, whatever its name says" * 100)
    with pytest.raises(StoreError, match=f"{FILE}.*doctor --repair"):
        Ledger(tmp_path)


def test_a_ledger_of_another_program(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE) as other:
        other.execute("CREATE TABLE files(something_else TEXT)")
        other.execute("CREATE TABLE articles(something_else TEXT)")
    other.close()
    with pytest.raises(StoreError, match="doctor --repair"):
        Ledger(tmp_path)


def test_a_place_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        Ledger(tmp_path / "nowhere")


def test_a_ledger_of_another_release_is_emptied(tmp_path: Path) -> None:
    Ledger(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE) as other:
        other.execute("INSERT INTO files VALUES ('a.txt', 'x', '', 'indexed', '{}')")
        other.execute("INSERT INTO vectors VALUES ('of no passage any more', 1)")
        other.execute("INSERT INTO meta VALUES ('linked', 'yes')")
        other.execute("ALTER TABLE articles DROP COLUMN places")
        other.execute("PRAGMA user_version = 0")
    other.close()
    ledger = Ledger(tmp_path)
    assert ledger.digests() == {}
    assert (ledger.vector_counts(), ledger.note("linked")) == ({}, "")
    with ledger.writing():
        ledger.put(
            "a.txt", "y", [Article("a", "a.txt", "Some text.", places=((0, "page 1"),), dated="PDF info")], [b""], [b""]
        )
    assert ledger.article("a") == Article(
        "a", "a.txt", "Some text.", places=((0, "page 1"),), dated="PDF info", family=""
    )
    ledger.close()


def states(ledger: Ledger) -> dict[str, int]:
    return {key: state for state in (WANTED, HELD, STALE, DOOMED) for key in ledger.keys(state)}


def test_what_is_known_of_a_vector(ledger: Ledger) -> None:
    enter(ledger, "a.txt", article("a", "a.txt", "One."), article("b", "a.txt", "Two."))
    assert states(ledger) == {"a": WANTED, "b": WANTED}
    assert [key for _, key in ledger.wanted(0, 10)] == ["a", "b"]
    with ledger.writing():
        ledger.move(WANTED, HELD, ["a"])
    assert (ledger.waiting(), ledger.vector_counts()) == ((1, 1), {WANTED: 1, HELD: 1})
    with ledger.writing():
        ledger.remove("a.txt")
    assert states(ledger) == {"a": STALE, "b": DOOMED}  # the second may have been stored, unbeknown to the ledger
    enter(ledger, "a.txt", article("a", "a.txt", "One."), article("b", "a.txt", "Two."))
    assert states(ledger) == {"a": HELD, "b": WANTED}
    with ledger.writing():
        ledger.remove("a.txt")
        ledger.move(STALE, DOOMED)
        ledger.forget(["b"])
    assert states(ledger) == {"a": DOOMED}
    enter(ledger, "a.txt", article("a", "a.txt", "One."))
    assert states(ledger) == {"a": WANTED}  # it may be gone from the store by now


def test_a_vector_that_others_still_need_stays(ledger: Ledger) -> None:
    for source in ("a.txt", "b.txt"):
        with ledger.writing():
            ledger.put(source, "d", [article(source, source, "Same.")], [b""], [b""])
            ledger.put_passage(Passage(source, source, 0, 5, "same"), None, "Same.")
    assert ledger.holders(["same", "none"]) == {"same": ["a.txt", "b.txt"]}
    with ledger.writing():
        ledger.remove("a.txt")
    assert states(ledger) == {"same": WANTED}


def test_copies_are_told(library: Ledger) -> None:
    enter(library, "copy.txt", article("c", "copy.txt", "Opening the museum cost five million."))
    with library.writing():
        library.link({"c": "m", "d1": "b"}, set())
    reports = {report.source: (report.copy, report.copy_of) for report in library.reports()}
    assert reports["copy.txt"] == ("duplicate", "museum.txt")
    assert reports["digest.txt"] == reports["museum.txt"] == ("", "")  # another of its articles is its own


def test_a_full_disk_is_one_sentence_and_loses_nothing(library: Ledger) -> None:
    library._db.execute(f"PRAGMA max_page_count = {library._db.execute('PRAGMA page_count').fetchone()[0]}")
    long = " ".join(f"word{number}" for number in range(200_000))
    with pytest.raises(StoreError, match=r"cannot be written \(database or disk is full\).*RAG_HOME"):
        enter(library, "long.txt", article("l", "long.txt", long))
    assert library.counts() == (3, 4, 4)
    assert found(library, "storm") == ["d2"]


def test_a_closed_one_says_so(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.close()
    with pytest.raises(StoreError, match="was closed"):
        ledger.counts()
