"""Texts to vectors: what is remembered, and the real model."""

from __future__ import annotations

import math
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.embed import EMBEDDED_NAME, RememberingEmbedder, SentenceEmbedder, _padded_evenly
from rag.errors import EmbedderError
from tests.rag.fakes import WordEmbedder, vector

WORDS = st.lists(st.sampled_from(["bridge", "museum", "storm", "train", "council", "river"]), max_size=8)


@given(st.lists(WORDS, max_size=6), st.integers(1, 4))
def test_remembered_vectors_are_the_right_ones(asked: list[list[str]], size: int) -> None:
    inner = WordEmbedder()
    remembering = RememberingEmbedder(inner, size)
    for texts in asked:
        assert remembering.embed(texts) == [vector(text) for text in texts]
    for batch in inner.batches:
        assert len(set(batch)) == len(batch) > 0


def test_what_is_remembered_is_not_computed_again() -> None:
    inner = WordEmbedder()
    remembering = RememberingEmbedder(inner, 2)
    remembering.embed(["bridge", "museum"])
    remembering.embed(["museum", "bridge", "bridge"])
    assert inner.embedded == ["bridge", "museum"]
    remembering.embed(["storm"])  # the oldest goes: museum was asked for before bridge
    remembering.embed(["bridge"])
    assert inner.embedded == ["bridge", "museum", "storm"]
    remembering.embed(["museum"])
    assert inner.embedded == ["bridge", "museum", "storm", "museum"]


def test_remembering_is_the_embedder_otherwise() -> None:
    remembering = RememberingEmbedder(WordEmbedder("some-name"))
    assert remembering.name == "some-name"
    assert remembering.embed_query("bridge") == vector("bridge")
    assert remembering.embed([]) == []


def test_remembering_in_many_threads() -> None:
    remembering = RememberingEmbedder(WordEmbedder(), 3)
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for turn in range(50):
                texts = [f"word{(number * turn + at) % 11}" for at in range(5)]
                assert remembering.embed(texts) == [vector(text) for text in texts]
        except BaseException as exc:  # a thread's failure is the test's
            failures.append(exc)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []


def test_names() -> None:
    assert SentenceEmbedder().name == EMBEDDED_NAME
    assert SentenceEmbedder("a/b").name == "a/b"


def test_a_missing_package_is_named_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.embed.EMBEDDED_PACKAGE", "no_such_package_here")
    with pytest.raises(EmbedderError, match="pip install"):
        SentenceEmbedder().embed(["bridge"])


@pytest.fixture(scope="module")
def embedder() -> SentenceEmbedder:
    return SentenceEmbedder()


def cosine(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


@pytest.mark.real
def test_vectors_have_unit_length_and_their_order(embedder: SentenceEmbedder) -> None:
    texts = [
        "The bridge opened in May.",
        "",
        "橋は五月に開通する",
        "word " * 3000,
        "👩‍👩‍👧‍👦",
        "The bridge opened in May.",
    ]
    vectors = embedder.embed(texts)
    assert [len(one) for one in vectors] == [384] * len(texts)
    assert all(math.isclose(cosine(one, one), 1.0, abs_tol=0.01) for one in vectors)
    assert vectors[0] == vectors[-1]
    assert embedder.embed([]) == []


@pytest.mark.real
def test_what_means_the_same_is_near(embedder: SentenceEmbedder) -> None:
    question = embedder.embed_query("When was the bridge opened?")
    near, far = embedder.embed(["The bridge has been in use since 1932.", "Tickets for the museum cost five euros."])
    assert cosine(question, near) > cosine(question, far) + 0.2


@pytest.mark.real
def test_a_model_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match=r"cannot be loaded.*RAG_EMBEDDER"):
        SentenceEmbedder(str(tmp_path)).embed(["bridge"])


class Loaded:
    """What a model looks like once it is loaded, as far as padding goes."""

    def __init__(self, **first: object) -> None:
        self._model = [SimpleNamespace(**first)]


@pytest.mark.parametrize(
    ("first", "padded"),
    [
        (
            {"max_seq_length": 256, "processing_kwargs": {"common": {}}},
            {"common": {}, "text": {"pad_to_multiple_of": 16}},
        ),
        ({"max_seq_length": 100, "processing_kwargs": {}}, {}),  # 112 word pieces may be more than it knows places for
        ({"max_seq_length": None, "processing_kwargs": {}}, {}),
        ({"max_seq_length": 256}, None),
    ],
)
def test_lengths_are_padded_evenly_where_that_is_safe(first: dict[str, object], padded: object) -> None:
    loaded: Any = Loaded(**first)
    assert getattr(_padded_evenly(loaded)._model[0], "processing_kwargs", None) == padded


class CountingModel:
    """In place of LlamaIndex's embedding: a text's vector is its length."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def get_text_embedding_batch(self, texts: list[str]) -> list[list[float]]:
        self.batches.append(texts)
        return [[float(len(text))] for text in texts]


@given(st.lists(st.text(max_size=6), max_size=12))
def test_texts_of_one_length_go_together_and_come_back_in_their_order(texts: list[str]) -> None:
    embedder, model = SentenceEmbedder(), CountingModel()
    embedder.__dict__["model"] = model
    assert embedder.embed(texts) == [[float(len(text))] for text in texts]
    (batch,) = model.batches
    assert [len(text) for text in batch] == sorted(map(len, set(texts)), reverse=True)
