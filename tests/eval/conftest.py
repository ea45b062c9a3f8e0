"""A facade that needs no model: what it finds and says is a pure function of the texts it was given."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self

import pytest

from eval.seams import Mode, joined
from rag.types import Answer, Article, Citation, Document, Progress, Sentence, Status, Turn

REFUSAL = "The documents do not say."

ENOUGH = 2
"""Shared long words from which on the fake answers instead of refusing."""


@dataclass
class FakePassage:
    text: str
    metadata: Mapping[str, Any]


@dataclass
class FakeRetriever:
    passages: list[FakePassage]
    top_k: int

    def retrieve(self, query: str) -> list[FakePassage]:
        ranked = sorted(self.passages, key=lambda passage: -shared(query, passage.text))
        return ranked[: self.top_k]


@dataclass
class FakeRag:
    """Each document is one article, each paragraph a passage; the answer quotes the best paragraph."""

    texts: dict[str, str]
    asked: list[tuple[str, Sequence[Turn]]] = field(default_factory=list)
    shift: int = 0
    """Moves every citation's span by so much: a program that quotes wrongly."""
    only: ClassVar[Mode | None] = None
    """The one way it searches in, whatever it is asked for."""

    @classmethod
    @contextmanager
    def searching(cls, mode: Mode) -> Iterator[None]:
        cls.only = mode
        try:
            yield
        finally:
            cls.only = None

    @classmethod
    def open(cls, folder: Path, *, settings: Any = None, progress: Progress | None = None, **parts: Any) -> Self:
        return cls({path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))})

    @classmethod
    def from_documents(
        cls,
        documents: Iterable[Document],
        *,
        home: Path,
        settings: Any = None,
        progress: Progress | None = None,
        **parts: Any,
    ) -> Self:
        return cls({document.source: document.text for document in documents})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def status(self) -> Status:
        return Status("folder", "home", len(self.texts), len(self.texts), 0, "fake", "fake")

    def article(self, article_id: str) -> Article:
        return Article(id=article_id, source=article_id, text=self.texts[article_id])

    def as_retriever(self, top_k: int = 10, mode: Mode = "hybrid") -> FakeRetriever:
        found = [
            FakePassage(paragraph, {"source": source, "article_id": source})
            for source, text in self.texts.items()
            for paragraph in text.split("\n\n")
        ]
        # Dense search is made the worst one, so that a test can tell the rows apart.
        return FakeRetriever(found[::-1] if (self.only or mode) != "dense" else found[:1], top_k)

    def passages(
        self, question: str, history: Sequence[Turn] = (), *, top_k: int = 10, mode: Mode = "hybrid"
    ) -> Sequence[FakePassage]:
        return self.as_retriever(top_k, mode).retrieve(joined(question, history))

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        self.asked.append((question, history))
        best = self.as_retriever(1).retrieve(question)[0]
        source, text = best.metadata["source"], best.text
        start = self.texts[source].index(text) + self.shift
        citation = Citation(1, text, source, None, None, None, source, start, start + len(text))
        agreed = shared(question, text)
        refused = agreed < ENOUGH
        return Answer(
            question=question,
            text=REFUSAL if refused else f"{text} [1]",
            sentences=(Sentence(REFUSAL, "refused"),) if refused else (Sentence(text, "quoted", (1,)),),
            citations=() if refused else (citation,),
            refused=refused,
            confidence=agreed / 10,
            closest=(citation,) if refused else (),
            timings={"retrieve": 0.25, "total": 0.5},
        )


def shared(one: str, other: str) -> int:
    """How many long words the texts share."""
    return len(set(long_words(one)) & set(long_words(other)))


def long_words(text: str) -> list[str]:
    return re.findall(r"\w{4,}", text.casefold())


@pytest.fixture
def fake_rag() -> type[FakeRag]:
    return FakeRag


@pytest.fixture
def bridge() -> FakeRag:
    """A folder of two files about a bridge and a museum."""
    return FakeRag(
        {
            "bridge.txt": "The bridge opened in June 1932 after nine years.\n\nIts towers are 89 metres tall.",
            "museum.txt": "The museum shows 400 paintings. Entry costs five euros.",
        }
    )


CORPUS: list[dict[str, Any]] = [
    {"_id": "d1", "title": "Bridge", "text": "The bridge opened in June 1932."},
    {"_id": "d2", "title": "", "text": "The museum shows many paintings of the bridge."},
]
QUERIES: list[dict[str, Any]] = [
    {"_id": "q1", "text": "When was the bridge opened?", "answerable": True, "answers": ["june 1932"]},
    {"_id": "q2", "text": "What paintings are in the museum?", "answerable": True, "answers": ["Klimt"]},
    {"_id": "q3", "text": "Who is the mayor?", "answerable": False, "answers": []},
    {
        "_id": "q4",
        "text": "And the mayor?",
        "history": [
            {"role": "user", "content": "Is there a bridge?"},
            {"role": "assistant", "content": "Yes."},
            {"role": "assistant", "content": "One."},
        ],
    },
]
QRELS = ["query-id\tcorpus-id\tscore", "q1\td1\t1", "q2\td2\t1", "q2\td1\t0"]


class Tiny:
    """A tiny suite in BEIR's layout, to be written with other questions or judgements."""

    queries, qrels = QUERIES, QRELS

    def __call__(self, folder: Path, *, queries: list[dict[str, Any]] = QUERIES, qrels: list[str] = QRELS) -> Path:
        folder.mkdir()
        for name, rows in (("corpus", CORPUS), ("queries", queries)):
            lines = "".join(json.dumps(row) + "\n" for row in rows)
            (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
        (folder / "qrels.tsv").write_text("\n".join(qrels) + "\n", encoding="utf-8")
        return folder


@pytest.fixture
def tiny() -> Tiny:
    return Tiny()


@pytest.fixture
def folder(tmp_path: Path, tiny: Tiny) -> Path:
    """The tiny suite as it is."""
    return tiny(tmp_path / "tiny")
