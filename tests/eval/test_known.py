"""One answer against its known one."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from eval.known import Cited, Known, Quote, Score, choose, gold_rank, load_known, sample, score
from rag.errors import InputError
from rag.types import Answer, Citation, Sentence

ARTICLE = "The bridge opened in June 1932. It is 89 metres tall."
KNOWN = Known(
    id="k1",
    kind="fact",
    question="When did it open, and how tall is it?",
    answerable=True,
    facts=(("June 1932",), ("89 metres", "89 m")),
    sources=("bridge.txt",),
    quotes=(Quote("bridge.txt", "The bridge opened in June 1932."),),
)


def cited(quote: str, *, at: int | None = None, original: str = ARTICLE) -> Cited:
    start = ARTICLE.index(quote) if at is None else at
    return Cited(Citation(1, quote, "bridge.txt", None, None, None, "a1", start, start + len(quote)), ARTICLE, original)


def answer(text: str, *, refused: bool = False) -> Answer:
    sentence = Sentence(text, "refused" if refused else "supported")
    return Answer("?", text, (sentence,), (), refused, timings={"total": 1.5})


def scored(text: str, *citations: Cited, known: Known = KNOWN, refused: bool = False) -> Score:
    return score(known, answer(text, refused=refused), cited=citations, ranks={"hybrid": 1})


def test_an_answer_with_all_facts_is_right() -> None:
    found = scored("It opened in June 1932 [1] and is 89 m tall [2].", cited("The bridge opened in June 1932."))
    assert found.right
    assert (found.missing, found.words) == ((), 10)
    assert (found.facts_cited, found.facts) == (1, 2)


def test_an_answer_without_one_fact_is_wrong_and_names_it() -> None:
    found = scored("It opened in June 1932.")
    assert not found.right
    assert found.missing == ("89 metres",)


def test_a_mark_cannot_hold_a_fact() -> None:
    known = replace(KNOWN, facts=(("89",),))
    assert not scored("It is tall [89].", known=known).right


def test_a_refusal_is_right_only_where_nothing_is_known() -> None:
    assert not scored("June 1932, 89 metres", refused=True).right
    nothing = Known("k2", "absent", "Who painted it?", answerable=False)
    assert scored("Not there.", known=nothing, refused=True).right
    assert not scored("Klimt did.", known=nothing).right


def test_a_citation_is_right_when_its_sentence_holds_a_fact() -> None:
    assert scored("…", cited("The bridge opened")).citations_right == 1
    assert scored("…", cited("The bridge opened")).facts_cited == 0
    other = replace(KNOWN, facts=(("in Vienna",),))
    assert scored("…", cited("It is 89 metres tall."), known=other).citations_right == 0


def test_a_quote_must_stand_at_its_span_and_in_the_file() -> None:
    good = cited("It is 89 metres tall.")
    assert good.verbatim
    assert cited("It is 89 metres tall.", original="Header\nIt is 89\n  metres tall. ").verbatim
    assert not cited("It is 89 metres tall.", at=3).verbatim
    assert not cited("It is 89 metres tall.", original="It was 89 metres tall.").verbatim
    assert scored("…", good, cited("The bridge", at=1)).not_verbatim == ("The bridge",)


def test_the_closest_of_a_refusal_must_be_verbatim_too() -> None:
    found = score(KNOWN, answer("No.", refused=True), cited=(), closest=(cited("The bridge", at=2),), ranks={})
    assert (found.quotes, found.not_verbatim) == (1, ("The bridge",))
    assert found.citations == 0


@pytest.mark.parametrize(
    ("said", "footnote", "faults"),
    [
        ("89 metres tall", 1, ()),
        ("89 metres high", 1, ("89 metres high",)),
        ("89 metres tall", 2, ("89 metres tall",)),
    ],
)
def test_a_quoted_sentence_must_stand_in_its_footnote(said: str, footnote: int, faults: tuple[str, ...]) -> None:
    given = Answer("?", said, (Sentence(said, "quoted", (footnote,)),), (), refused=False)
    found = score(KNOWN, given, cited=[cited("It is 89 metres tall.")], ranks={})
    assert (found.quotes, found.not_verbatim) == (2, faults)


class Passage:
    def __init__(self, text: str, source: str) -> None:
        self.text = text
        self.metadata = {"source": source}


def test_gold_rank_wants_the_quote_and_an_accepted_source() -> None:
    gold = "So: the bridge opened in June 1932."
    passages = [Passage(gold, "copy.txt"), Passage("It is tall.", "bridge.txt"), Passage(gold, "bridge.txt")]
    assert gold_rank(KNOWN, passages) == 3
    assert gold_rank(KNOWN, passages[:2]) is None


def test_load_known_reads_every_key(tmp_path: Path) -> None:
    row = {
        "id": "k7",
        "kind": "follow-up",
        "question": "And when?",
        "history": [{"question": "Did it open?", "answer": "Yes."}],
        "answerable": True,
        "facts": [["1932", "thirty-two"]],
        "sources": ["bridge.txt"],
        "quotes": [{"source": "bridge.txt", "quote": "in June 1932"}],
    }
    file = tmp_path / "known.jsonl"
    file.write_text(json.dumps(row) + "\n\n", encoding="utf-8")
    (known,) = load_known(file)
    assert known.history[0].answer == "Yes."
    assert known.facts == (("1932", "thirty-two"),)
    assert known.quotes == (Quote("bridge.txt", "in June 1932"),)


def test_load_known_names_the_line_that_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "known.jsonl"
    file.write_text('\n{"id": "k1"}\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"known.jsonl:2 .*kind"):
        load_known(file)
    with pytest.raises(InputError, match="missing"):
        load_known(tmp_path / "none.jsonl")


def test_choose_by_kind_and_limit() -> None:
    many = tuple(replace(KNOWN, id=f"k{n}", kind="fact" if n % 2 else "date") for n in range(20))
    assert {one.kind for one in choose(many, kind="date")} == {"date"}
    assert len(choose(many, limit=5)) == 5
    with pytest.raises(InputError, match=r"'dates'.*date, fact"):
        choose(many, kind="dates")


def test_a_larger_sample_keeps_the_smaller_one() -> None:
    ids = [f"q{n}" for n in range(50)]
    assert sample(ids, 5) < sample(ids, 20) < sample(ids, None) == frozenset(ids)
    assert sample(ids, 5) != frozenset(ids[:5])
