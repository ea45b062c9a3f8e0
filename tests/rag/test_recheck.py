"""What was exported, held against documents that stayed, changed, moved or went, and against tampering."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag import Answer, Disagreement, HeldError, Rag, Recheck, Record, Scope, Sentence, StoreError
from rag.answer import REFUSAL, whole_text
from rag.beside import verify_beside
from rag.compare import PERHAPS_OTHERWISE
from rag.export import from_text, to_html, to_json, to_markdown
from rag.record import sha256
from rag.types import DOUBT
from tests.rag.fakes import Judge, OverlapRanker, OverlapReader, ScriptedPhraser, WordEmbedder, write

BRIDGE = "The river bridge at Ulm opened to traffic on 5 May 1932 after nine years of work. It was closed last year."
QUOTE = "The river bridge at Ulm opened to traffic on 5 May 1932 after nine years of work."
MUSEUM = "Tickets for the new museum of painting in Bonn cost five euros on weekdays."
WHEN = "When was the river bridge at Ulm opened to traffic?"
COST = "How much do tickets for the museum of painting in Bonn cost?"
REWORDED = "Tickets for the museum of painting in Bonn cost five euros."
UNKNOWN = "Which zebra won the chess tournament of Lisbon?"
CLOSED = "Was the river bridge closed last year?"
MENTIONS = "How many articles mention Ulm?"
SIDECAR = '["bridge.txt"]\ntitle = "Bridges"\npublisher = "The Courier"\npublished = "1932-05"\n'


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = write(tmp_path / "docs", bridge=BRIDGE, museum=MUSEUM)
    (folder / "sources.toml").write_text(SIDECAR, "utf-8")
    return folder


Open = Callable[[], Rag]


@pytest.fixture
def opened(docs: Path, tmp_path: Path, in_memory: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """The folder as it is by now."""
    monkeypatch.setenv("RAG_HOME", str(tmp_path / "home"))
    running: list[Rag] = []

    def open_now() -> Rag:
        for rag in running:
            rag.close()
        parts: dict[str, Any] = {
            "embedder": WordEmbedder(),
            "ranker": OverlapRanker(),
            "reader": OverlapReader(),
            "checker": Judge(1.0, 0.0),
        }
        running.append(Rag.open(docs, phraser=ScriptedPhraser(REWORDED), **parts))
        return running[-1]

    yield open_now
    for rag in running:
        rag.close()


@pytest.fixture
def record(opened: Open) -> Record:
    rag = opened()
    return rag.record([rag.ask(question) for question in (WHEN, COST, UNKNOWN, CLOSED, MENTIONS)])


def faults(found: Recheck) -> str:
    """Everything that is found fault with."""
    answers = [fault for answer in found.answers for fault in answer.faults]
    sentences = [fault for answer in found.answers for one in answer.sentences for fault in one.faults]
    cited = [one for answer in found.answers for one in (*answer.citations, *answer.closest)]
    return " | ".join([*found.faults, *answers, *sentences, *(fault for one in cited for fault in one.faults)])


def test_what_was_just_exported_holds(opened: Open, record: Record) -> None:
    rag = opened()
    supports = [one.support for answer in record.answers for one in answer.sentences]
    assert {"quoted", "supported", "refused"} == set(supports)
    assert record.answers[2].refused and record.answers[2].closest
    assert record.answers[3].sentences[0].dates
    assert record.answers[4].heading.startswith("1 article mentions")
    for layout in (to_json, to_markdown, to_html):
        exported = from_text(layout(record))
        found = rag.verify(exported.record, altered=exported.altered)
        assert faults(found) == ""
        assert found.holds
    assert {one.state for answer in found.answers for one in (*answer.citations, *answer.closest)} == {"unchanged"}
    told = json.loads(json.dumps(found.to_dict()))
    assert told["holds"] is told["answers"][0]["holds"] is told["answers"][0]["sentences"][0]["holds"] is True


def _first(record: Record, **changed: Any) -> Record:
    """Its first answer with something else in it, and the text that this comes to."""
    answer = replace(record.answers[0], **changed)
    return _answers(record, replace(answer, text=whole_text(answer.sentences, answer.heading, answer.coverage)))


def _answers(record: Record, first: Answer) -> Record:
    return replace(record, answers=(first, *record.answers[1:]))


def _sentence(record: Record, **changed: Any) -> Record:
    sentence, *others = record.answers[0].sentences
    return _first(record, sentences=(replace(sentence, **changed), *others))


def _cited(record: Record, **changed: Any) -> Record:
    cited, *others = record.answers[0].citations
    return _first(record, citations=(replace(cited, **changed), *others))


def _source(record: Record, **changed: Any) -> Record:
    return replace(record, sources=(replace(record.sources[0], **changed), *record.sources[1:]))


def _shorter(record: Record) -> Record:
    """A quote that leaves out the beginning of its sentence, with offsets that fit, and shown as the answer."""
    cut = len("The river bridge at ")
    cited = record.answers[0].citations[0]
    cited = replace(cited, quote=cited.quote[cut:], start=cited.start + cut)
    return _first(
        record, citations=(cited,), sentences=(replace(record.answers[0].sentences[0], text=cited.quote, dates=()),)
    )


TAMPERED: dict[str, tuple[Callable[[Record], Record], str]] = {
    "sentence": (lambda r: _sentence(r, text="The bridge at Ulm opened in 1999."), "not word for word"),
    "sentence and support": (lambda r: _sentence(r, text="It fell in 1999.", support="supported"), "bear it out"),
    "a part of the quote": (lambda r: _sentence(r, text="opened to traffic on 5 May 1932"), "not word for word"),
    "refusal": (lambda r: _sentence(r, text="It fell.", support="refused", citations=()), "a refusal says"),
    "refusal beside": (lambda r: _first(r, refused=True), "refused and given at once"),
    "no footnote": (lambda r: _sentence(r, citations=()), "no footnote"),
    "no such footnote": (lambda r: _sentence(r, citations=(7,)), "rests on footnote 7"),
    "no sentence": (lambda r: _first(r, sentences=()), "no sentence"),
    "long": (lambda r: _sentence(r, text="bridge " * 700, support="supported"), "more than 4,000"),
    "lead": (lambda r: _sentence(r, lead="The Times, 1999"), "does not say “The Times, 1999”"),
    "dates": (lambda r: _sentence(r, dates=(("nine years", "1999"),)), "relative dates come to nothing"),
    "quote": (lambda r: _cited(r, quote="It fell in 1999."), "rests on footnote 1"),
    "quote and sentence": (lambda r: _sentence(_cited(r, quote="It fell."), text="It fell."), "rests on footnote 1"),
    "cut quote": (_shorter, "cut out of a longer sentence"),
    "offsets": (lambda r: _cited(r, start=1, end=9), "does not stand at 1–9 but at 0–"),
    "offsets outside": (lambda r: _cited(r, start=10**15, end=10**15 + 1), "does not stand at"),
    "offsets behind": (lambda r: _cited(r, start=50, end=2), "does not stand at"),
    "file": (lambda r: _cited(r, source="museum.txt"), "stands in 'bridge.txt', not in 'museum.txt'"),
    "title": (lambda r: _cited(r, title="Roads"), "title is 'Bridges', not 'Roads'"),
    "publisher": (lambda r: _cited(r, publisher="The Times"), "publisher is 'The Courier', not 'The Times'"),
    "date": (lambda r: _cited(r, published="1999"), "date is 'May 1932', not '1999'"),
    "place": (lambda r: _cited(r, place="page 9"), "not on 'page 9'"),
    "copies": (lambda r: _cited(r, also_in=("museum.txt",)), "does not stand in 'museum.txt'"),
    "number": (lambda r: _cited(r, number=2), "not numbered"),
    "fingerprint": (lambda r: _source(r, sha256="0" * 64), "fingerprint"),
    "listed publisher": (lambda r: _source(r, publisher="The Times"), "'bridge.txt': the document's publisher"),
    "listed file": (lambda r: _source(r, source="other.txt"), "the document's file is 'bridge.txt'"),
    "listed beside": (lambda r: replace(r, sources=(*r.sources, replace(r.sources[0], article_id="x"))), "no footnote"),
    "none listed": (lambda r: replace(r, sources=()), "fingerprint"),
    "heading": (lambda r: _first(r, heading="All agree:"), "there should be nothing"),
    "heading of a disagreement": (lambda r: _first(r, heading="The documents give different answers:"), "be nothing"),
    "doubt of a count": (lambda r: _answers(r, replace(r.answers[4], heading=DOUBT)), "should be “1 article mentions"),
    "closest": (lambda r: _first(r, closest=r.answers[2].closest), "Closest passages are offered"),
    "text": (lambda r: _answers(r, replace(r.answers[0], text="It fell.")), "text is not that of its sentences"),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERED)
def test_tampering_is_noticed(what: str, opened: Open, record: Record) -> None:
    change, said = TAMPERED[what]
    tampered = change(record)
    assert tampered != record
    found = opened().verify(tampered)
    assert not found.holds
    assert said in faults(found)


def test_a_count_is_counted_again(opened: Open, record: Record) -> None:
    answer = record.answers[4]
    heading = answer.heading.replace("1 article mentions", "9 articles mention")
    tampered = replace(answer, heading=heading, text=answer.text.replace(answer.heading, heading))
    found = opened().verify(replace(record, answers=(tampered,)))
    assert "there should be “1 article mentions" in faults(found)
    tampered = replace(answer, coverage=replace(answer.coverage, found=9) if answer.coverage else None)
    assert "the documents give 1 articles" in faults(opened().verify(replace(record, answers=(tampered,))))


def test_a_refusal_is_one(opened: Open, record: Record) -> None:
    refusal = record.answers[2]
    assert refusal.sentences[0].text == REFUSAL
    closest = (replace(refusal.closest[0], quote="It fell."), *refusal.closest[1:])
    found = opened().verify(replace(record, answers=(replace(refusal, closest=closest),)))
    assert found.answers[0].closest[0].state == "lost"
    assert not found.holds


def test_a_file_that_shows_something_else(opened: Open, record: Record) -> None:
    exported = from_text(to_markdown(record).replace("nine years", "two years", 1))
    found = opened().verify(exported.record, altered=exported.altered)
    assert not found.holds
    assert "its text was changed after the export" in faults(found)


def test_a_model_that_objects(opened: Open, record: Record) -> None:
    rag = opened()
    rag._means = replace(rag._means, checker=Judge(0.0, 1.0))
    found = rag.verify(record)
    assert [answer.holds for answer in found.answers] == [True, False, True, True, True]


def test_a_document_that_changed_around_the_quote(opened: Open, record: Record, docs: Path) -> None:
    before = "A word on bridges comes first, and it is a longer one than before."
    write(docs, bridge=f"{before} {BRIDGE}")
    found = opened().verify(record)
    (cited,) = found.answers[0].citations
    assert (cited.state, cited.found_in, cited.start) == ("changed", "bridge.txt", len(before) + 1)
    assert found.answers[0].holds


def test_a_quote_that_is_now_a_part_of_a_sentence(opened: Open, record: Record, docs: Path) -> None:
    write(docs, bridge=f"Nobody believes any more what the papers said then: {BRIDGE}")
    found = opened().verify(record)
    assert "cut out of a longer sentence" in faults(found)


def test_a_quote_that_is_gone(opened: Open, record: Record, docs: Path) -> None:
    write(docs, bridge=BRIDGE.replace("5 May 1932", "6 May 1932"))
    found = opened().verify(record)
    assert found.answers[0].citations[0].state == "lost"
    assert not found.answers[0].holds and found.answers[1].holds
    write(docs, letter=BRIDGE)
    (cited,) = opened().verify(record).answers[0].citations
    assert (cited.state, cited.found_in, cited.holds) == ("lost", "letter.txt", False)


def test_a_document_that_is_gone(opened: Open, record: Record, docs: Path) -> None:
    (docs / "bridge.txt").unlink()
    (docs / "sources.toml").unlink()
    found = opened().verify(record)
    assert (found.answers[0].citations[0].state, found.answers[0].citations[0].found_in) == ("gone", "")
    assert not found.answers[0].holds and found.answers[1].holds


def test_a_document_that_was_moved(opened: Open, record: Record, docs: Path) -> None:
    (docs / "old").mkdir()
    (docs / "bridge.txt").rename(docs / "old" / "bridge.txt")
    (docs / "sources.toml").write_text(SIDECAR.replace("bridge.txt", "old/bridge.txt"), "utf-8")
    found = opened().verify(record)
    (cited,) = found.answers[0].citations
    assert (cited.state, cited.source, cited.found_in) == ("moved", "bridge.txt", "old/bridge.txt")
    assert faults(found) == ""
    assert found.holds


def test_a_document_of_another_date(opened: Open, record: Record, docs: Path) -> None:
    (docs / "sources.toml").write_text(SIDECAR.replace("1932-05", "1940-05"), "utf-8")
    found = opened().verify(record)
    assert "date is 'May 1940', not 'May 1932'" in faults(found)
    assert "(last year: 1939)" in faults(found)


def test_reports_that_differ(opened: Open, docs: Path) -> None:
    write(docs, bridge="The bridge at Ulm has 60 lamps.", museum="The bridge at Ulm has 90 lamps.")
    (docs / "sources.toml").write_text(
        f'{SIDECAR}["museum.txt"]\npublisher = "The Herald"\npublished = "1940"\n', "utf-8"
    )
    rag = opened()
    answer = rag.ask("How many lamps does the bridge at Ulm have?")
    assert answer.disagreements and answer.timeline and answer.heading
    record = rag.record([answer])
    assert faults(rag.verify(record)) == ""
    ((first, second),) = [one.statements for one in answer.disagreements]
    for sides in (
        (replace(first, value="70"), second),
        (replace(first, publisher="X"), second),
        (second, first),
        (first,),
    ):
        tampered = replace(answer, disagreements=(replace(answer.disagreements[0], statements=sides),))
        assert "Where the reports differ" in faults(rag.verify(replace(record, answers=(tampered,))))
    tampered = replace(answer, timeline=answer.timeline[::-1])
    assert "order of the reports" in faults(rag.verify(replace(record, answers=(tampered,))))


def test_what_may_differ_is_told_as_it_is(opened: Open, docs: Path) -> None:
    write(docs, bridge="The bridge at Ulm has 60 lamps.", museum="The bridge at Ulm has 90 lamps.")
    rag = opened()
    answer = rag.ask("How many lamps does the bridge at Ulm have?")
    (sides,) = (one.statements for one in answer.disagreements)
    value = next(side.value for side in sides if side.citation == 2)
    origin = answer.sentences[1].lead
    aside = replace(answer.sentences[1], text=value, lead=f"{PERHAPS_OTHERWISE} ({origin})")
    plain = replace(answer.sentences[0], lead="")

    def faulted(last: Sentence, heading: str = "", *, sure: bool = False) -> str:
        told = replace(
            answer,
            sentences=(plain, last),
            heading=heading,
            disagreements=(Disagreement(sides, sure),),
            text=whole_text((plain, last), heading, None),
        )
        return faults(rag.verify(rag.record([told])))

    assert faulted(aside) == ""
    assert "word for word" in faulted(replace(aside, text="lamps"))
    assert "of itself" in faulted(replace(aside, lead="Perhaps otherwise (The Sun)"))
    assert "word for word" in faulted(aside, answer.heading, sure=True)
    assert f"“{answer.heading}”" in faulted(aside, sure=True)


def test_the_same_words_at_the_place_that_was_nearest(opened: Open, docs: Path) -> None:
    write(docs, bridge=f"{QUOTE} {QUOTE} {QUOTE}")
    rag = opened()
    record = rag.record([rag.ask(WHEN)])
    (cited,) = record.answers[0].citations
    middle = replace(cited, start=len(QUOTE) + 1, end=2 * len(QUOTE) + 1)
    moved = replace(record, answers=(replace(record.answers[0], citations=(middle,)),))
    assert record.sources[0].sha256 == sha256(f"{QUOTE} {QUOTE} {QUOTE}")
    assert rag.verify(moved).answers[0].citations[0].start == len(QUOTE) + 1


def test_an_answer_of_some_documents_holds_by_those(opened: Open) -> None:
    rag = opened()
    museum = Scope(sources=("museum.txt",))
    counted, cited = rag.ask(MENTIONS, scope=museum), rag.ask(COST, scope=museum)
    assert counted.heading != rag.ask(MENTIONS).heading
    assert rag.verify(rag.record([counted, cited])).holds
    elsewhere = replace(cited, scope=Scope(sources=("bridge.txt",)))
    assert "'museum.txt', which is not among the documents" in faults(rag.verify(rag.record([elsewhere])))
    nowhere = replace(cited, scope=Scope(sources=("tower.txt",)))
    assert "No document is named 'tower.txt'" in faults(rag.verify(rag.record([nowhere])))
    assert "Searched only documents in museum.txt." in to_html(rag.record([cited]))


# While another process holds the index


def test_what_was_exported_is_checked_while_the_index_is_held(opened: Open, record: Record, docs: Path) -> None:
    rag = opened()
    with pytest.raises(HeldError):
        Rag.open(docs, embedder=WordEmbedder(), ranker=OverlapRanker(), phraser=ScriptedPhraser())
    checker = Judge(1.0, 0.0)
    assert verify_beside(docs, record, checker=checker) == rag.verify(record)
    assert verify_beside(docs, record, checker=checker, altered=True) == rag.verify(record, altered=True)
    write(docs, bridge=BRIDGE.replace("1932", "1933"))
    (docs / "museum.txt").unlink()
    with pytest.raises(HeldError, match=r"and 2 of its files have changed"):
        verify_beside(docs, record, checker=checker, patience=0.0)
    rag.update()
    found = verify_beside(docs, record, checker=checker)
    assert found == rag.verify(record) and not found.holds


def test_it_waits_until_the_index_is_in_step(opened: Open, record: Record, docs: Path) -> None:
    rag = opened()
    write(docs, new="The canal was dug in 1845.")
    later = threading.Timer(0.3, rag.update)
    later.start()
    assert verify_beside(docs, record, checker=Judge(1.0, 0.0), patience=30.0).holds
    later.join()


def test_a_file_that_cannot_be_used_keeps_nobody_waiting(opened: Open, record: Record, docs: Path) -> None:
    (docs / "photo.txt").write_bytes(b"\0")
    opened()
    assert verify_beside(docs, record, checker=Judge(1.0, 0.0), patience=0.0).holds


def test_an_index_of_another_release_is_not_read(opened: Open, record: Record, docs: Path) -> None:
    rag = opened()
    rag._index.ledger._db.execute("PRAGMA user_version = 1")
    with pytest.raises(StoreError, match="another release"):
        verify_beside(docs, record)
