"""A question asked of some documents: nothing of any other reaches its answer, and nothing of these is lost."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from rag import Answer, Document, InputError, Rag, Scope
from rag.dates import span
from rag.scope import in_words, part_of
from rag.settings import Settings
from rag.types import EVERYTHING
from rag.words import mentions, search
from tests.rag.fakes import Judge, OverlapRanker, OverlapReader, WordEmbedder, memory

STORY = " ".join(
    f"In year {number} the council of town{number} built harbour number {number * 7}." for number in range(1, 9)
)
BRIDGE = "The river bridge at Ulm opened to traffic on 5 May 1932 after nine years of work."
DOCUMENTS = [
    Document(STORY, source="north/story.txt", publisher="Courier", published="2024-03", title="Harbours"),
    Document(f"{STORY} So it was.", source="north/reprint.txt", publisher="Herald", published="2024-05"),
    Document(f"{STORY} That was it.", source="south/reprint.txt", publisher="Herald", published="2025-01/2025-04"),
    Document(f"{STORY} Nobody knew.", source="south/undated.txt", publisher="Courier"),
    Document(BRIDGE, source="north/bridge.txt", publisher="Courier", published="2025-02-10", title="Bridge opens"),
    Document("The river bridge at Ulm will open to traffic in June 1932.", source="south/plan.txt", published="2024"),
    Document("The river bridge at Ulm is closed to traffic now.", source="south/now.txt", published="2025-06"),
    Document("A zebra walked over the river bridge at Bonn, and nobody saw it.", source="zebra.txt"),
    Document("Three towns of the river have a bridge: Ulm, Bonn and Kiel.", source="towns.txt", published="2023"),
    Document(
        "The harbour of Kiel has nineteen towns behind it.", source="kiel.txt", publisher="Post", published="2025"
    ),
]
QUESTIONS = (
    "When was the river bridge at Ulm opened to traffic?",
    "When will the river bridge at Ulm open to traffic?",
    "Which towns of the river have a bridge?",
    "How many articles mention harbour?",
    "How often is the bridge mentioned?",
    "Which harbour did the council of town3 built in year 3?",
    "Who won the chess tournament of Lisbon?",
)
names = st.sampled_from([one.source for one in DOCUMENTS] + ["north/*", "south", "*.txt", "[nz]*"])
publishers = st.sampled_from(["Courier", "herald", "POST"])
dates = st.none() | st.sampled_from(["2023", "2024", "2024-04", "2025-01-31", "2025-02", "2025-05", "2024-05/2025-02"])
scopes = st.builds(
    Scope,
    st.lists(names, max_size=3).map(tuple),
    st.lists(publishers, max_size=2).map(tuple),
    dates,
    dates,
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rag]:
    yield from opened(tmp_path_factory.mktemp("home"), DOCUMENTS)


def opened(home: Path, documents: list[Document]) -> Iterator[Rag]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rag.index.Vectors", memory())
        parts = {
            "embedder": WordEmbedder(),
            "ranker": OverlapRanker(),
            "reader": OverlapReader(),
            "checker": Judge(0.5, 0.0),
        }
        with Rag.from_documents(documents, home=home, settings=Settings(phrase="never"), **parts) as rag:
            yield rag


def inside(scope: Scope) -> list[Document]:
    """The documents of a scope, told in another way than the library tells it."""

    if scope.since and scope.until and span(scope.since)[0] > span(scope.until)[1]:
        return []

    def fits(one: Document) -> bool:
        named = not scope.sources or any(
            one.source == name or fnmatchcase(one.source, name) or one.source.startswith(name + "/")
            for name in scope.sources
        )
        printed = not scope.publishers or (one.publisher or "").lower() in [name.lower() for name in scope.publishers]
        if not (scope.since or scope.until):
            return named and printed
        if one.published is None:
            return False
        begin, end = span(one.published)
        late_enough = scope.since is None or end >= span(scope.since)[0]
        return named and printed and late_enough and (scope.until is None or begin <= span(scope.until)[1])

    return [one for one in DOCUMENTS if fits(one)]


def named_in(answer: Answer) -> set[str]:
    """Every file that the answer names anywhere."""
    citations = (*answer.citations, *answer.closest)
    told = (*answer.timeline, *itertools.chain.from_iterable(one.statements for one in answer.disagreements))
    return {one.source for one in (*citations, *told)} | {name for one in citations for name in one.also_in}


@given(scopes, st.sampled_from(QUESTIONS))
@example(Scope(("south/*",)), QUESTIONS[5])  # copies without the report that stands for them
@example(Scope(until="2024"), QUESTIONS[1])  # an earlier plan without the newest report
def test_nothing_from_outside_reaches_an_answer(library: Rag, scope: Scope, question: str) -> None:
    within = {one.source for one in inside(scope)}
    if not within:
        with pytest.raises(InputError):
            library.ask(question, scope=scope)
        return
    answer = library.ask(question, scope=scope)
    assert answer.scope == scope
    assert named_in(answer) <= within
    assert {one.article.source for one in library.evidence(question, scope=scope)} <= within
    assert {hit.node.metadata["source"] for hit in library.passages(question, scope=scope)} <= within
    assert {hit.node.metadata["source"] for hit in library.as_retriever(scope=scope).retrieve(question)} <= within
    if answer.refused:
        assert answer.closest


@given(scopes, st.sampled_from(["How many articles mention harbour?", "How often is the bridge mentioned?"]))
@example(Scope(("south/*",)), "How many articles mention harbour?")
def test_a_count_is_that_of_an_index_of_these_documents_alone(
    library: Rag, tmp_path_factory: pytest.TempPathFactory, scope: Scope, question: str
) -> None:
    documents = inside(scope)
    assume(documents)
    scoped = library.ask(question, scope=scope)
    for alone in opened(tmp_path_factory.mktemp("alone"), documents):
        other = alone.ask(question)
        assert (scoped.refused, scoped.heading, scoped.coverage) == (other.refused, other.heading, other.coverage)
        told = [[(one.source, one.quote, one.also_in) for one in answer.citations] for answer in (scoped, other)]
        assert told[0] == told[1]


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_scope_that_holds_all_gives_the_answer_of_all(library: Rag, question: str) -> None:
    everything = library.ask(question)
    scoped = library.ask(question, scope=Scope(("*",)))
    assert replace(scoped, scope=EVERYTHING, timings={}) == replace(everything, timings={})
    assert part_of(library._index.ledger, Scope(since="")) is library._index.ledger


@given(scopes)
def test_words_and_vectors_find_all_that_is_inside(library: Rag, scope: Scope) -> None:
    documents = inside(scope)
    assume(documents)
    part = part_of(library._index.ledger, scope)
    sources = sorted(one.source for one in documents)
    vector = library.embedder.embed_query("harbour bridge")
    dense = library._index.nodes([identity for identity, _ in library._index.nearest(vector, 99, part)])
    assert sorted({node.metadata["source"] for node in dense}) == sources
    by_words = library._index.nodes([identity for identity, _ in search(part, "harbour bridge", 99)])
    assert sorted({node.metadata["source"] for node in by_words}) == sources
    found = [part.article(passage.article) for passage, _ in mentions(part, "harbour")]
    assert {one.source for one in found if one} == {one.source for one in documents if "harbour" in one.text}
    assert part.counts() == (len(sources), len(sources), len(by_words))


@given(scopes)
def test_every_family_has_one_that_stands_for_it_inside(library: Rag, scope: Scope) -> None:
    documents = inside(scope)
    assume(documents)
    part = part_of(library._index.ledger, scope)
    copies = [one for one in documents if one.text.startswith(STORY)]
    found = [part.article(passage.article) for passage, _ in mentions(part, "council")]
    assert len({one.family for one in found if one}) == bool(copies)
    if copies:
        head, *others = part.family(next(one.family for one in found if one))
        assert sorted([head.source, *(one.source for one in others)]) == sorted(one.source for one in copies)
        assert head.id == head.family
        assert head.source == copies[0].source  # the list above is in the order of their dates, the undated last


def test_what_was_left_out_for_want_of_a_date_is_told(library: Rag) -> None:
    answer = library.ask(QUESTIONS[0], scope=Scope(since="2023"))
    assert answer.notes == ("2 articles without a date are left out, where a range of dates is asked for.",)
    answer = library.ask(QUESTIONS[0], scope=Scope(("north/*",), since="2023"))
    assert answer.notes == ()


def test_a_conversation_and_a_rating_keep_to_the_scope(library: Rag) -> None:
    chat = library.chat(Scope(until="2024"))
    assert chat.ask(QUESTIONS[0]).citations[0].source == "south/plan.txt"
    answer = chat.ask(QUESTIONS[0], scope=Scope(("north",)))
    assert answer.citations[0].source == "north/bridge.txt"
    library.rate(answer, right=True)
    response = library.as_query_engine(Scope(until="2024")).query(QUESTIONS[0])
    first, *others = [node.node.metadata["source"] for node in response.source_nodes]
    assert first == "south/plan.txt" and set(others) <= {"towns.txt"}


@pytest.mark.parametrize(
    ("scope", "told"),
    [
        (Scope(("nowhere.txt",)), "No document is named 'nowhere.txt'; there are 'kiel.txt', "),
        (Scope(publishers=("Nobody",)), "'Courier', 'Herald', 'Post'."),
        (Scope(since="2025-13"), "'2025-13' is no date; write 2025, 2025-08 or 2025-08-20."),
        (Scope(since="2025", until="2024"), "since 2025 and until 2024"),
        (Scope(since="2030"), "they are dated from 2023 to 2025, and 2 undated."),
        (Scope(("zebra.txt",), until="2030"), "none of them has a date."),
        (Scope(("zebra.txt",), ("Post",)), "No document in zebra.txt, by Post"),
    ],
)
def test_a_scope_without_documents_is_an_error_that_says_what_there_is(library: Rag, scope: Scope, told: str) -> None:
    with pytest.raises(InputError) as error:
        library.ask(QUESTIONS[0], scope=scope)
    assert told in str(error.value)
    assert str(error.value).endswith(".")


def test_a_publisher_is_asked_for_in_whatever_capitals_its_reports_have(tmp_path: Path) -> None:
    documents = [
        Document("The bridge at Ulm opened.", source="a.txt", publisher="Courier"),
        Document("The harbour of Kiel closed.", source="b.txt", publisher="COURIER"),
        Document("A zebra walked to Bonn.", source="c.txt", publisher="Post"),
        Document("Nobody saw it.", source="d.txt"),
    ]
    for rag in opened(tmp_path, documents):
        assert rag.reach(Scope(publishers=("Courier",))) == 2
        assert rag.reach(Scope(publishers=("courier",))) == 2
        assert rag.reach(Scope(publishers=("COURIER", "Post"))) == 3
        with pytest.raises(InputError, match="No publisher is called ''; there are 'COURIER', 'Courier', 'Post'"):
            rag.reach(Scope(publishers=("",)))


def test_a_file_is_named_as_it_is_written(tmp_path: Path) -> None:
    texts = {"[a].txt": "The bridge at Ulm opened.", "a.txt": "A zebra walked to Bonn.", "A.txt": "Kiel has a harbour."}
    for rag in opened(tmp_path, [Document(text, source=name) for name, text in texts.items()]):
        assert rag.reach(Scope(("[a].txt",))) == 1
        assert rag.reach(Scope(("[a]*.txt",))) == 1
        assert rag.reach(Scope(("[aA].txt",))) == 2
        with pytest.raises(InputError):
            rag.reach(Scope(("B.txt",)))


def test_what_there_is_to_choose_from(library: Rag) -> None:
    found = library.contents()
    assert found.sources == tuple(sorted(one.source for one in DOCUMENTS))
    assert found.publishers == ("Courier", "Herald", "Post")
    assert (found.first, found.last, found.undated) == ("2023", "2025", 2)


def test_in_words() -> None:
    assert in_words(EVERYTHING) == ""
    assert in_words(Scope(publishers=("A", "B"), until="2025-08-20")) == "by A or B, until 20 August 2025"
