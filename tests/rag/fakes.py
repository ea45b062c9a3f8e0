"""Parts that load no model and open no store: what each gives is a pure function of the texts it is given.

What they were asked is kept beside that, so that a test can say what must not have been asked.
"""

from __future__ import annotations

import math
import re
import threading
import zlib
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path

from rag.sentences import cut
from rag.types import Span

DIMENSION = 256
SURE = 20.0
"""A logit that no calibration can take for a doubt."""
SHORT = {
    "when", "what", "does", "which", "will", "that", "this", "with", "from", "have", "there", "their", "they",
    "were", "been", "than", "then",
}  # fmt: skip


def keys(text: str) -> list[str]:
    """What the fakes compare: a text's longer words without their endings."""
    words = re.findall(r"\w+", text.lower())
    return [word[:5] if word.isalpha() else word for word in words if len(word) > 3 and word not in SHORT]


def vector(text: str, dimension: int = DIMENSION) -> list[float]:
    """A unit vector; texts that share words are near each other."""
    counts = [0.0] * dimension
    for key in keys(text) or ["nothing"]:
        counts[zlib.crc32(key.encode()) % dimension] += 1.0
    length = math.sqrt(sum(count * count for count in counts))
    return [count / length for count in counts]


class WordEmbedder:
    """Vectors of hashed words."""

    def __init__(self, name: str = "fake-words", dimension: int = DIMENSION) -> None:
        self._name, self._dimension = name, dimension
        self.batches: list[list[str]] = []

    @property
    def name(self) -> str:
        return self._name

    @property
    def embedded(self) -> list[str]:
        """Every text embedded so far, questions aside."""
        return [text for batch in self.batches for text in batch]

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self.batches.append(list(texts))
        return [vector(text, self._dimension) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return vector(text, self._dimension)


class Killed(BaseException):
    """What a kill looks like from inside: nothing may catch it."""


class KilledEmbedder(WordEmbedder):
    """Dies at a batch: a process that is killed in the middle of an indexing run."""

    def __init__(self, at_batch: int, name: str = "fake-words") -> None:
        super().__init__(name)
        self._at_batch = at_batch

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        if len(self.batches) + 1 >= self._at_batch:
            raise Killed
        return super().embed(texts)


class OverlapRanker:
    """Sure that a sentence answers when it holds half of the question's words, sure that it does not below."""

    def rank(self, question: str, sentences: Sequence[tuple[str, str, str]]) -> list[float]:
        asked = set(keys(question))
        shares = [len(asked & set(keys(sentence))) / max(1, len(asked)) for sentence, *_ in sentences]
        return [SURE * (4 * share - 2) for share in shares]


class OverlapReader:
    """Sees the answer in the first figure of a sentence, else in its first name, that the question does not hold; as

    sure of it as `OverlapRanker` is of the sentence.
    """

    def read(self, question: str, texts: Sequence[tuple[str, str]]) -> list[list[Span]]:
        return [sorted(self._spans(question, text), key=lambda one: -one.score) for _, text in texts]

    def _spans(self, question: str, text: str) -> Iterator[Span]:
        for start, end in cut(text):
            (score,) = OverlapRanker().rank(question, [(text[start:end], "", "")])
            for pattern in (r"\d[\d.,]*", r"[A-Z]\w+"):
                found = (one for one in re.finditer(pattern, text[start:end]) if one.group() not in question)
                if first := next(found, None):
                    yield Span(start + first.start(), start + first.end(), score)
                    break


class Judge:
    """Says the same of every claim, and keeps what it was asked."""

    def __init__(self, supported: float, contradicted: float) -> None:
        self._said = (supported, contradicted)
        self.asked: list[tuple[str, str]] = []

    def judge(self, evidence: str, claim: str) -> tuple[float, float]:
        self.asked.append((evidence, claim))
        return self._said


class ScriptedPhraser:
    """Says the same pieces whatever it is asked; keeps the prompts, and whether it was stopped."""

    def __init__(self, *pieces: str, error: Exception | None = None, name: str = "fake-model") -> None:
        self._pieces, self._error, self._name = pieces, error, name
        self.prompts: list[str] = []
        self.said = 0
        self.stopped = threading.Event()
        self.closed = False

    @property
    def name(self) -> str:
        return self._name

    def stream(self, system: str, user: str) -> Generator[str, None, None]:
        self.prompts.append(user)
        try:
            for piece in self._pieces:
                self.said += 1
                yield piece
            if self._error is not None:
                raise self._error
        finally:
            self.stopped.set()

    def close(self) -> None:
        self.closed = True


class WaitingPhraser(ScriptedPhraser):
    """Says a piece, then waits until it is released; for what happens in the middle of an answer."""

    def __init__(self, *pieces: str, patience: float = 20.0) -> None:
        super().__init__(*pieces)
        self.waiting, self.released = threading.Event(), threading.Event()
        self._patience = patience

    def stream(self, system: str, user: str) -> Generator[str, None, None]:
        for piece in super().stream(system, user):
            yield piece
            self.waiting.set()
            self.released.wait(self._patience)


class MemoryVectors:
    """The shape of `rag.vectors.Vectors` over dicts that outlive it, one for each folder and embedder."""

    stored: dict[tuple[Path, str], dict[str, Sequence[float]]]

    def __init__(self, home: Path, embedder: str) -> None:
        self._home, self._embedder = home, embedder
        self._mine = self.stored.setdefault((home, embedder), {})

    def count(self) -> int:
        return len(self._mine)

    def add(self, ids: Sequence[str], vectors: Sequence[Sequence[float]]) -> None:
        self._mine.update(zip(ids, vectors, strict=True))

    def delete(self, ids: Sequence[str]) -> None:
        for identity in ids:
            self._mine.pop(identity, None)

    def ids(self) -> Iterator[str]:
        yield from list(self._mine)

    def search(
        self, vector: Sequence[float], top_k: int, among: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        mine = {i: self._mine[i] for i in (self._mine if among is None else among) if i in self._mine}
        near = {i: sum(a * b for a, b in zip(vector, other, strict=True)) for i, other in mine.items()}
        return sorted(near.items(), key=lambda item: -item[1])[:top_k]

    def drop_others(self) -> None:
        for home, embedder in list(self.stored):
            if home == self._home and embedder != self._embedder:
                del self.stored[home, embedder]

    def close(self) -> None:
        pass


def memory() -> type[MemoryVectors]:
    """A store of its own for one test."""
    return type("OwnVectors", (MemoryVectors,), {"stored": {}})


def write(folder: Path, **texts: str) -> Path:
    """Put `name="text"` as `name.txt` into a folder, making it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def eventually(true: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether it becomes true in time."""
    waited = threading.Event()
    for _ in range(int(seconds * 50)):
        if true():
            return True
        waited.wait(0.02)
    return true()
