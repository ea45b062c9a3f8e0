"""The facade over parts that need no model: what is asked, what comes back, and what may go wrong in between."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from rag import Answer, Document, FolderError, InputError, ModelError, Rag, RagError, StoreError, Turn
from rag.answer import REFUSAL
from rag.question import MAX_QUESTION_CHARS, readings
from rag.ratings import ratings
from rag.settings import Settings
from rag.types import DOUBT
from rag.wiring import index_home, look
from tests.rag.fakes import Judge, OverlapRanker, OverlapReader, ScriptedPhraser, WaitingPhraser, WordEmbedder, write

BRIDGE = "The river bridge at Ulm opened to traffic on 5 May 1932 after nine years of work."
MAYOR = "Mayor Anna Klein walked over the river bridge as the first person of the town."
MUSEUM = "Tickets for the new museum of painting in Bonn cost five euros on weekdays."
STORM = "A storm closed the harbour of Kiel for a day, and eleven ships had to wait outside."
WHEN = "When was the river bridge at Ulm opened to traffic?"
COST = "What do tickets for the museum of painting in Bonn cost?"
UNKNOWN = "Which zebra won the chess tournament of Lisbon?"
SAID = "It was opened to traffic on 5 May 1932."
SIDECAR = """["bridge.txt"]
title = "Bridge opens"
publisher = "The Courier"
published = "1932-05"
["copy.txt"]
published = "1932-06"
"""

Open = Callable[..., Rag]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = write(tmp_path / "docs", bridge=f"{BRIDGE}\n{MAYOR}", museum=MUSEUM, storm=STORM)
    (made / "sources.toml").write_text(SIDECAR, encoding="utf-8")
    return made


@pytest.fixture
def opened(tmp_path: Path, folder: Path, store: str) -> Iterator[Open]:
    """Open the folder of this test with some phraser; what is still open at the end is closed."""
    all_opened: list[Rag] = []

    def open_one(phraser: Any = None, **known: Any) -> Rag:
        settings = Settings(home=tmp_path / "home", phrase="never", **known)
        parts = {
            "embedder": WordEmbedder(),
            "ranker": OverlapRanker(),
            "reader": OverlapReader(),
            "checker": Judge(0.5, 0.0),
            "phraser": phraser,
        }
        all_opened.append(Rag.open(folder, settings=settings, **parts))
        return all_opened[-1]

    yield open_one
    for one in all_opened:
        one.close()


def check(rag: Rag, answer: Answer) -> None:
    """What holds for every answer: footnotes are numbered, used, verbatim, and written into the text."""
    assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert {number for one in answer.sentences for number in one.citations} == {c.number for c in answer.citations}
    for citation in (*answer.citations, *answer.closest):
        article = rag.article(citation.article_id)
        assert article.text[citation.start : citation.end] == citation.quote != ""
        assert article.source == citation.source
        assert (article.title, article.publisher, article.published) == (
            citation.title,
            citation.publisher,
            citation.published,
        )
    for citation in answer.citations:
        assert f"[{citation.number}]" in answer.text
    assert all(one.text in answer.text for one in answer.sentences)
    assert all(seconds >= 0 for seconds in answer.timings.values())
    assert answer.timings["total"] >= max(answer.timings.values()) - 1e-6
    assert 0 <= answer.confidence <= 1


# Answers


def test_an_answer_is_quoted_with_its_footnote(opened: Open) -> None:
    rag = opened()
    answer = rag.ask(WHEN)
    check(rag, answer)
    assert not answer.refused
    first = answer.citations[0]
    assert BRIDGE in first.quote
    assert (first.source, first.title, first.publisher, first.published) == (
        "bridge.txt",
        "Bridge opens",
        "The Courier",
        "1932-05",
    )
    assert answer.sentences[0].support == "quoted"
    assert (answer.question, answer.model, answer.embedder, answer.closest) == (WHEN, "", "fake-words", ())


def test_what_the_model_says_is_shown_where_it_holds(opened: Open) -> None:
    phraser = ScriptedPhraser("It was opened ", "to traffic on 5 May", " 1932.")
    rag = opened(phraser)
    answer = rag.ask(WHEN)
    check(rag, answer)
    assert (answer.sentences[0].text, answer.sentences[0].support) == (SAID, "supported")
    assert answer.model == "fake-model"
    assert BRIDGE in phraser.prompts[0] and WHEN in phraser.prompts[0]


def test_what_the_model_invents_is_not_shown(opened: Open) -> None:
    rag = opened(ScriptedPhraser("It was opened to traffic on 6 June 1933. Zebras crossed it."))
    answer = rag.ask(WHEN)
    check(rag, answer)
    assert "1933" not in answer.text and "Zebras" not in answer.text
    assert {sentence.support for sentence in answer.sentences} == {"quoted"}


def test_a_model_that_is_down_leaves_the_quotes_and_a_note(opened: Open) -> None:
    rag = opened(ScriptedPhraser(error=ModelError("The language model is down.")))
    answer = rag.ask(WHEN)
    check(rag, answer)
    assert BRIDGE in answer.text
    assert any("The language model is down." in note for note in answer.notes)


def test_what_the_documents_do_not_say_is_refused(opened: Open) -> None:
    phraser = ScriptedPhraser("The zebra of Ulm won it.")
    rag = opened(phraser)
    answer = rag.ask(UNKNOWN)
    check(rag, answer)
    assert (answer.refused, answer.text, answer.citations) == (True, REFUSAL, ())
    assert [(one.text, one.support) for one in answer.sentences] == [(REFUSAL, "refused")]
    assert 1 <= len(answer.closest) <= 3
    assert [citation.number for citation in answer.closest] == list(range(1, len(answer.closest) + 1))
    assert phraser.prompts == []


@pytest.mark.parametrize(("below", "refused"), [(0.0, False), (1.0, True)])
def test_how_sure_it_must_be_can_be_set(below: float, refused: bool, opened: Open) -> None:
    assert opened(refuse_below=below).ask("Which bridge do zebras cross?").refused == refused


@pytest.mark.parametrize("below", [0.0, 1.0])
def test_an_answer_that_may_be_none_says_so_first(below: float, opened: Open) -> None:
    rag = opened(doubt_below=below)
    stream = rag.stream("When did the bridge open?")
    next(iter(stream))
    told = stream.heading
    answer = rag.ask("When did the bridge open?")
    check(rag, answer)
    assert not answer.refused and 0 < answer.confidence < 1
    assert told == answer.heading == (DOUBT if below else "")
    assert answer.text.startswith(DOUBT) == bool(below)
    assert rag.verify(rag.record([answer])).holds
    assert rag.ask(UNKNOWN).heading == ""  # a refusal says it all


def test_how_many_is_not_answered_without_an_amount(opened: Open) -> None:
    question = "How many zebras walked over the river bridge with mayor Anna Klein of the town?"
    rag = opened()
    answer = rag.ask(question)
    rag.close()
    assert answer.refused and answer.confidence == 0.0
    assert answer.closest[0].source == "bridge.txt"
    assert not opened(refuse_below=0.0).ask(question).refused


def test_other_files_with_the_same_sentence_are_named(opened: Open, folder: Path) -> None:
    write(folder, copy=f"{BRIDGE}\n{MAYOR}")
    rag = opened()
    answer = rag.ask(WHEN)
    check(rag, answer)
    assert (answer.citations[0].source, answer.citations[0].also_in) == ("bridge.txt", ("copy.txt",))
    assert "copy.txt" not in {citation.source for citation in answer.citations}
    assert rag.titles().count("Bridge opens") == 1


def test_a_copy_that_lacks_the_sentence_is_not_named(opened: Open, folder: Path) -> None:
    story = " ".join(
        f"In year {number} the council of town{number} built bridge number {number * 7}." for number in range(9)
    )
    write(folder, bridge=f"{story} {BRIDGE}", copy=story)
    rag = opened()
    assert rag.ask(WHEN).citations[0].also_in == ()
    shared = rag.ask("Which council built bridge number 7 in year 1?").citations[0]
    assert {shared.source, *shared.also_in} == {"bridge.txt", "copy.txt"}


def test_an_answer_as_json(opened: Open) -> None:
    rag = opened(ScriptedPhraser(SAID))
    for answer in (rag.ask(WHEN), rag.ask(UNKNOWN)):
        found = json.loads(json.dumps(answer.to_dict()))
        assert found["question"] == answer.question
        assert found["refused"] == answer.refused
        assert [one["support"] for one in found["sentences"]] == [one.support for one in answer.sentences]
        shown = answer.citations or answer.closest
        assert found["citations" if answer.citations else "closest"] == json.loads(
            json.dumps([asdict(c) for c in shown])
        )


def test_the_same_question_has_the_same_answer(opened: Open) -> None:
    rag = opened(ScriptedPhraser(SAID))
    first, second = rag.ask(WHEN), rag.ask(f"  {WHEN}\n")
    assert (first.text, first.citations, first.question) == (second.text, second.citations, second.question)


# Questions


@pytest.mark.parametrize("question", ["", "  ", "\n\t"])
def test_no_question(question: str, opened: Open) -> None:
    rag = opened()
    for way in (rag.ask, rag.stream):
        with pytest.raises(InputError, match="empty"):
            way(question)


def test_a_question_too_long(opened: Open) -> None:
    rag = opened()
    assert rag.ask("bridge " * (MAX_QUESTION_CHARS // 7)).question
    with pytest.raises(InputError, match=r"4,001 characters; the limit is 4,000"):
        rag.ask("b" * (MAX_QUESTION_CHARS + 1))


@pytest.mark.parametrize(
    "question",
    ["?", "!!! ???", "the of and", "🌉", "\0", "' OR 1=1; --", "bridge\u2028bridge", "{question}", "Müller %s"],
)
def test_any_question_is_answered_or_refused(question: str, opened: Open) -> None:
    rag = opened(ScriptedPhraser(SAID))
    check(rag, rag.ask(question))


def test_a_question_of_two_parts_is_answered_from_two_documents(opened: Open) -> None:
    rag = opened()
    answer = rag.ask(f"{WHEN.strip('?')}, and what do tickets for the museum of painting in Bonn cost?")
    check(rag, answer)
    assert {"bridge.txt", "museum.txt"} <= {citation.source for citation in answer.citations}


def test_a_follow_up_is_read_after_the_question_before_it(opened: Open) -> None:
    rag = opened()
    question = "And who walked over it first?"
    answer = rag.ask(question, [Turn(WHEN, BRIDGE)])
    check(rag, answer)
    assert answer.question == question
    assert "bridge.txt" in {citation.source for citation in answer.citations or answer.closest}
    assert rag.ask(COST, [Turn(WHEN, BRIDGE)]).citations[0].source == "museum.txt"


def test_a_long_history(opened: Open) -> None:
    rag = opened()
    history = [Turn(f"{COST} {number}", MUSEUM * 50) for number in range(100)]
    assert rag.ask(WHEN, history).citations[0].source == "bridge.txt"
    check(rag, rag.ask("And then?", history))


# Streams


def test_a_stream_gives_the_sentences_and_then_the_answer(opened: Open) -> None:
    rag = opened(ScriptedPhraser(SAID))
    stream = rag.stream(WHEN)
    shown = []
    for sentence in stream:
        shown.append(sentence)
        assert set(sentence.citations) <= {citation.number for citation in stream.citations}
    assert tuple(shown) == stream.answer.sentences
    assert stream.citations == stream.answer.citations
    assert stream.answer.text == rag.ask(WHEN).text


def test_there_is_no_answer_before_the_end(opened: Open) -> None:
    stream = opened().stream(WHEN)
    with pytest.raises(InputError, match="not complete"):
        _ = stream.answer
    assert stream.citations == ()


def test_the_first_sentence_comes_while_the_model_still_writes(opened: Open) -> None:
    phraser = WaitingPhraser(f"{SAID} ", "And ", "so ", "on.")
    stream = opened(phraser).stream(WHEN)
    found: list[str] = []
    reader = threading.Thread(target=lambda: found.append(next(iter(stream)).text))
    reader.start()
    assert phraser.waiting.wait(10)
    phraser.released.set()
    reader.join(10)
    assert found == [SAID]


def test_closing_in_the_middle(opened: Open) -> None:
    phraser = ScriptedPhraser(f"{SAID} ", *["And so on. "] * 50)
    stream = opened(phraser, refuse_below=0).stream(
        f"{WHEN.strip('?')}, and what do tickets for the museum in Bonn cost?"
    )
    assert next(iter(stream)).text == SAID
    stream.close()
    assert phraser.stopped.is_set()
    assert phraser.said < 10
    assert list(stream) == []
    with pytest.raises(InputError, match="not complete"):
        _ = stream.answer


def test_closing_from_another_thread_while_the_model_is_silent(opened: Open) -> None:
    phraser = WaitingPhraser("It was ", *["opened, and opened, "] * 50)
    stream = opened(phraser).stream(WHEN)
    found: list[Any] = []
    reader = threading.Thread(target=lambda: found.extend(stream))
    reader.start()
    assert phraser.waiting.wait(10)
    stream.close()
    phraser.released.set()
    reader.join(10)
    assert not reader.is_alive()
    assert found == []
    assert phraser.stopped.is_set()
    assert phraser.said < 10


def test_closing_before_the_beginning_and_after_the_end(opened: Open) -> None:
    phraser = ScriptedPhraser(SAID)
    rag = opened(phraser)
    stream = rag.stream(WHEN)
    stream.close()
    stream.close()
    assert list(stream) == []
    assert phraser.prompts == []
    stream = rag.stream(WHEN)
    assert list(stream)
    stream.close()
    assert stream.answer.sentences


def test_many_threads_ask_at_once(opened: Open) -> None:
    rag = opened()
    wanted = {WHEN: BRIDGE, COST: MUSEUM, "Which harbour did a storm close for a day?": STORM}
    found: list[tuple[str, Answer]] = []
    failures: list[BaseException] = []

    def work(question: str) -> None:
        try:
            for _ in range(3):
                found.append((question, rag.ask(question)))
                rag.status()
        except BaseException as exc:  # a thread's failure is the test's
            failures.append(exc)

    threads = [threading.Thread(target=work, args=(question,)) for question in [*wanted] * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert len(found) == 27
    for question, answer in found:
        assert wanted[question] in answer.citations[0].quote
        assert answer.question == question


# For programs built on LlamaIndex


@pytest.mark.parametrize("mode", ["hybrid", "dense", "words"])
def test_as_retriever(mode: Any, opened: Open) -> None:
    rag = opened()
    found = rag.as_retriever(top_k=2, mode=mode).retrieve(WHEN)
    assert 1 <= len(found) <= 2
    node = found[0].node
    assert BRIDGE in node.get_content()
    assert {key: node.metadata[key] for key in ("source", "title", "publisher", "published")} == {
        "source": "bridge.txt",
        "title": "Bridge opens",
        "publisher": "The Courier",
        "published": "1932-05",
    }
    article = rag.article(node.metadata["article_id"])
    assert article.text[node.start_char_idx : node.end_char_idx] == node.get_content()  # type: ignore[attr-defined]


def test_as_query_engine(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    rag = opened(ScriptedPhraser(SAID))
    engine = rag.as_query_engine()
    answer = rag.ask(WHEN)
    for response in (engine.query(WHEN), asyncio.run(engine.aquery(WHEN))):
        assert str(response) == answer.text
        assert [hit.node.get_content() for hit in response.source_nodes] == [c.quote for c in answer.citations]
        assert response.source_nodes[0].node.metadata["source"] == "bridge.txt"
        assert response.metadata == {"refused": False}
    assert engine.query(UNKNOWN).metadata == {"refused": True}


# Opening and closing


def test_what_is_thought_of_an_answer_is_kept_in_the_folder_of_the_index(opened: Open) -> None:
    rag = opened()
    rag.rate(rag.ask(WHEN), right=True)
    rag.rate(rag.ask(COST), right=False, reason="too short")
    rag.know("Who walked over the river bridge at Ulm first?", "Mayor Anna Klein")
    home = Path(rag.status().home)
    when, cost, who = ratings(home)
    assert (when.question, when.right, when.sentences[0][0]) == (WHEN, True, BRIDGE)
    assert BRIDGE in when.answer and when.quotes[0][0].endswith(".txt") and when.when.endswith("+00:00")
    assert (cost.right, cost.reason, cost.sentences[0][0]) == (False, "too short", MUSEUM)
    assert who.right and who.sentences[0] == (MAYOR, BRIDGE, "Bridge opens")
    rag.rate(rag.ask(UNKNOWN), right=False, reason="it is in the museum's paper")
    refusal = ratings(home)[-1]
    assert (refusal.question, refusal.cited, refusal.quotes, refusal.right) == (UNKNOWN, (), (), False)
    with pytest.raises(InputError, match="No document holds the words 'Otto Gross'"):
        rag.know("Who sold it?", "Otto Gross")
    assert len(ratings(home)) == 4


def test_articles(opened: Open) -> None:
    rag = opened()
    article = rag.article(rag.ask(COST).citations[0].article_id)
    assert (article.source, article.text) == ("museum.txt", MUSEUM)
    with pytest.raises(InputError, match=r"no article 'nobody'"):
        rag.article("nobody")


def test_status_and_reports(opened: Open, folder: Path, tmp_path: Path) -> None:
    (folder / "photo.txt").write_bytes(b"\0")
    rag = opened(ScriptedPhraser(SAID))
    status = rag.status()
    assert (status.files, status.articles, status.passages) == (3, 3, 3)
    assert (status.embedder, status.model, status.folder) == ("fake-words", "fake-model", str(folder))
    assert Path(status.home).parent == tmp_path / "home"
    assert [(report.source, report.state) for report in status.skipped] == [("photo.txt", "unreadable")]
    assert {report.source: report.state for report in rag.reports} == {
        "bridge.txt": "indexed",
        "museum.txt": "indexed",
        "photo.txt": "unreadable",
        "storm.txt": "indexed",
    }


def test_a_changed_document_is_answered_from_as_it_is_now(opened: Open, folder: Path) -> None:
    opened().close()
    write(folder, museum=MUSEUM.replace("five", "seven"))
    rag = opened()
    assert [report.source for report in rag.reports if report.state == "indexed"] == ["museum.txt"]
    assert "seven euros" in rag.ask(COST).text


def test_it_closes_what_it_opened(opened: Open) -> None:
    phraser = ScriptedPhraser(SAID)
    with opened(phraser) as rag:
        with pytest.raises(StoreError, match="Another process"):
            opened()
        assert not phraser.closed
    assert phraser.closed
    rag.close()
    opened()


def test_a_closed_one_says_so(opened: Open) -> None:
    rag = opened()
    rag.close()
    with pytest.raises(RagError):
        rag.ask(WHEN)


def test_a_folder_that_is_none(opened: Open, folder: Path, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "other", phrase="never")
    parts = {"embedder": WordEmbedder(), "ranker": OverlapRanker(), "reader": OverlapReader(), "settings": settings}
    for wrong in (tmp_path / "nowhere", folder / "bridge.txt"):
        with pytest.raises(FolderError, match=wrong.name):
            Rag.open(wrong, **parts)
    (tmp_path / "none").mkdir()
    for _ in range(2):  # an error lets go of the lock
        with pytest.raises(FolderError, match="holds no"):
            Rag.open(tmp_path / "none", **parts)


def test_progress_is_told(folder: Path, tmp_path: Path, in_memory: None) -> None:
    told: list[str] = []
    settings = Settings(home=tmp_path / "home", phrase="never")
    parts = {"embedder": WordEmbedder(), "ranker": OverlapRanker(), "reader": OverlapReader(), "settings": settings}
    Rag.open(folder, progress=lambda what, done, total: told.append(what), **parts).close()
    assert any("bridge.txt" in what for what in told)


@pytest.mark.skipif(os.name != "posix", reason="such questions come from Unix command lines alone")
def test_a_question_that_is_no_text(opened: Open) -> None:
    rag = opened()
    assert rag.ask(f"{WHEN} \udcff").citations[0].source == "bridge.txt"


# Where the index lies


def test_the_index_lies_beside_the_folder_or_where_it_is_told(folder: Path, tmp_path: Path) -> None:
    beside = index_home(folder, Settings())
    assert beside.parent == tmp_path / ".rag"
    assert index_home(folder, Settings(home=tmp_path / "elsewhere")).parent == tmp_path / "elsewhere"
    assert index_home(Path("docs"), Settings()) == beside  # the working directory is the folder's
    assert index_home(write(tmp_path / "other" / "docs"), Settings(home=tmp_path / ".rag")) != beside


def test_looking_changes_nothing_and_loads_nothing(opened: Open, folder: Path, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    with pytest.raises(InputError, match="not indexed yet"):
        look(folder, settings)
    assert not (tmp_path / "home").exists()
    rag = opened()
    while_open = look(folder, settings)  # while another holds it
    rag.close()
    assert look(folder, settings) == while_open
    assert (while_open.files, while_open.articles, while_open.passages) == (3, 3, 3)
    with pytest.raises(FolderError, match="nowhere"):
        look(tmp_path / "nowhere", settings)


# Documents from Python


def from_documents(home: Path, documents: Any) -> Rag:
    settings = Settings(phrase="never")
    return Rag.from_documents(
        documents, home=home, settings=settings, embedder=WordEmbedder(), ranker=OverlapRanker(), reader=OverlapReader()
    )


def test_documents_from_python(store: str, tmp_path: Path) -> None:
    taken = []

    def documents() -> Iterator[Document]:
        for name, text in (("bridge", BRIDGE), ("museum", MUSEUM)):
            taken.append(name)
            yield Document(text, title=name.title(), publisher="Me", published="2025-08", source=f"my {name}")

    with from_documents(tmp_path / "home", documents()) as rag:
        assert taken == ["bridge", "museum"]
        answer = rag.ask(COST)
        check(rag, answer)
        first = answer.citations[0]
        assert (first.source, first.title, first.publisher, first.published) == ("my museum", "Museum", "Me", "2025-08")
        assert [report.state for report in rag.reports] == ["indexed", "indexed"]
    with from_documents(tmp_path / "home", documents()) as rag:
        assert [report.state for report in rag.reports] == ["unchanged", "unchanged"]


def test_no_documents_from_python(store: str, tmp_path: Path) -> None:
    with from_documents(tmp_path / "home", []) as rag:
        answer = rag.ask(WHEN)
        assert (answer.refused, answer.closest) == (True, ())


def test_a_document_with_a_date_that_is_none(store: str, tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(InputError, match="ISO 8601"):
            from_documents(tmp_path / "home", [Document(BRIDGE, published="yesterday")])


# The real parts over the seeds


@pytest.mark.real
def test_the_first_question_over_the_seeds(seeds: Path, tmp_path: Path) -> None:
    with Rag.open(seeds, settings=Settings(home=tmp_path / "home")) as rag:
        assert {report.state for report in rag.reports} == {"indexed"}
        answer = rag.ask("when do coalition forces leave Baghdad?")
        check(rag, answer)
        assert not answer.refused
        quotes = {citation.source[:3]: citation for citation in answer.citations}
        assert "September 2025" in answer.text  # as it is quoted, or as what "next month" comes to
        assert quotes["002"].published == "2025-08"
        assert "four to five personnel" in quotes["003"].quote
        assert quotes["003"].published == "2025-09/2025-12"
        nonsense = rag.ask("Which zebra won the chess tournament of Lisbon?")
        assert nonsense.refused
        check(rag, nonsense)
    with Rag.open(seeds, settings=Settings(home=tmp_path / "home")) as rag:
        assert {report.state for report in rag.reports} == {"unchanged"}
        assert rag.ask(answer.question).text == answer.text


@pytest.mark.parametrize(
    "question", ["hello", "asdf qwer zxcv", "Wann wurde sie gebaut?", "What is this about?", "???"]
)
def test_what_shares_no_word_with_the_documents_is_refused(question: str, opened: Open) -> None:
    answer = opened().ask(question)
    assert answer.refused and answer.confidence == 0.0


def test_a_follow_up_is_read_with_what_it_follows_before_its_words_are_looked_for(opened: Open) -> None:
    rag = opened()
    assert rag._finder.knows(readings("And when was it?", [Turn(WHEN, BRIDGE)])[0])
    assert not rag._finder.knows(readings("And when was it?", [])[0])


def test_what_there_is_to_ask_of_is_told_from_the_index(opened: Open) -> None:
    rag = opened()
    answer = rag.ask("How many articles are there?")
    check(rag, answer)
    assert answer.heading == "3 articles in 3 files (oldest: May 1932; newest: May 1932; 2 without a date):"
    assert answer.text.endswith("\nFrom 3 of 3 files.") and not answer.refused
    listed = rag.ask("What documents are there?", [Turn(WHEN, BRIDGE)])
    check(rag, listed)
    assert {one.source for one in listed.citations} == {"bridge.txt", "museum.txt", "storm.txt"}
    record = rag.record([answer, listed])
    assert rag.verify(record).holds


def test_a_question_cut_short_is_answered_in_full(opened: Open) -> None:
    rag = opened()
    before = rag.ask("How many articles mention Ulm?")
    answer = rag.ask("and Bonn?", [Turn(before.question, before.text)])
    check(rag, answer)
    assert answer.heading == "1 article mentions “Bonn”:"
    assert answer.searched == ("How many articles mention Bonn?",)
    assert rag.verify(rag.record([before, answer])).holds


def test_a_question_that_names_its_subject_is_asked_alone(opened: Open) -> None:
    chat = opened().chat()
    chat.ask(WHEN)
    assert chat.ask("Who is Lindqvist?").refused
    assert chat.ask("Who is Anna Klein?").searched == ("Who is Anna Klein?",)
