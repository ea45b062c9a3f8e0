"""The reader: which spans its figures tell of, what it reads, and what the shipped one sees."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import EmbedderError
from rag.reader import MODEL, PIECES, TITLE_WORDS, QuestionAnswering, SpanReader, best_spans, titled

OFFSETS = [(0, 0), (0, 3), (0, 0), (0, 5), (6, 9), (10, 14), (0, 0)]
KINDS = [0, 0, 0, 1, 1, 1, 1]


def test_the_best_span_is_the_best_beginning_with_its_best_end() -> None:
    logits = [(1.0, 1.0), (9.0, 9.0), (9.0, 9.0), (0.0, 0.0), (3.0, 1.0), (1.0, 4.0), (9.0, 9.0)]
    best = best_spans(OFFSETS, KINDS, logits)[0]
    assert (best.start, best.end, best.score) == (6, 14, 3.0 + 4.0 - 2.0)


def test_no_span_ends_before_it_begins_nor_lies_in_the_title() -> None:
    logits = [(0.0, 0.0), (0.0, 0.0), (0.0, 0.0), (5.0, 9.0), (1.0, 2.0), (4.0, 0.0), (0.0, 0.0)]
    assert [(one.start, one.end) for one in best_spans(OFFSETS, KINDS, logits)] == [(0, 5), (10, 14), (6, 9)]
    assert [(one.start, one.end) for one in best_spans(OFFSETS, KINDS, logits, 6)] == [(4, 8), (0, 3)]
    assert best_spans(OFFSETS, [0] * 7, logits) == []


@given(st.lists(st.tuples(st.floats(-20, 20), st.floats(-20, 20)), min_size=3, max_size=60))
def test_spans_are_in_order_and_short(logits: list[tuple[float, float]]) -> None:
    offsets = [(0, 0), *((at, at + 1) for at in range(len(logits) - 1))]
    found = best_spans(offsets, [0, *[1] * (len(logits) - 1)], logits)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all(0 < one.end - one.start <= PIECES for one in found)
    assert len({one.start for one in found}) == len(found)


def test_the_title_stands_before_the_text() -> None:
    assert titled("", "It opened.") == "It opened."
    assert titled("w " * 20, "It opened.") == f"{' '.join(['w'] * TITLE_WORDS)} | It opened."


def test_of_nothing_nothing_is_loaded() -> None:
    assert SpanReader(Path("nowhere")).read("When?", []) == []
    assert QuestionAnswering("nowhere").read("When?", []) == []


@pytest.fixture(scope="module")
def reader() -> SpanReader:
    return SpanReader()


BRIDGE = (
    "The old bridge over the Danube was closed in 1998. Karl Braun, who drew the new one, comes from Kiel. It was "
    "opened on 3 May 2004 by the mayor, and 4,500 people came."
)


@pytest.mark.real
@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("When was the bridge opened?", "3 May 2004"),
        ("Who designed the new bridge?", "Karl Braun"),
        ("How many people came to the opening?", "4,500"),
        ("when was the old bridge closed", "1998"),
    ],
)
def test_the_shipped_reader_finds_the_answer(question: str, answer: str, reader: SpanReader) -> None:
    best = reader.read(question, [("Ulm has a new bridge", BRIDGE)])[0][0]
    found = BRIDGE[best.start : best.end]
    assert answer in found or found in answer


@pytest.mark.real
def test_the_shipped_reader_prefers_to_say_nothing_of_something_else(reader: SpanReader) -> None:
    told = reader.read("When was the bridge opened?", [("", BRIDGE)])[0][0].score
    other = reader.read("What is the capital of Peru?", [("", BRIDGE)])[0][0].score
    assert told > 0 > other


@pytest.mark.real
def test_several_texts_are_read_as_each_alone(reader: SpanReader) -> None:
    texts = [("", BRIDGE), ("Kiel", "Kiel is a port. It has 250,000 people."), ("", "")]
    question = "How many people came?"
    assert reader.read(question, texts) == [reader.read(question, [one])[0] for one in texts]


@pytest.mark.real
@pytest.mark.parametrize("text", ["", " ", "\x00", "word " * 3000, "🙂" * 500])
def test_any_text_is_read(text: str, reader: SpanReader) -> None:
    (spans,) = reader.read(text or "?", [(text, text)])
    assert all(0 <= one.start < one.end <= len(text) for one in spans)


@pytest.mark.real
def test_a_model_of_ones_own_reads_as_the_shipped_one_does(tmp_path: Path) -> None:
    from tokenizers import Tokenizer
    from transformers import BertConfig, BertForQuestionAnswering, PreTrainedTokenizerFast

    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_file(str(MODEL / "tokenizer.json")),
        pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]", unk_token="[UNK]", mask_token="[MASK]",
        model_max_length=128,
    )  # fmt: skip
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64
    )
    BertForQuestionAnswering(config).save_pretrained(tmp_path / "tiny")
    tokenizer.save_pretrained(tmp_path / "tiny")
    (spans,) = QuestionAnswering(str(tmp_path / "tiny")).read("Who came?", [("A title", BRIDGE)])
    assert spans and all(0 <= one.start < one.end <= len(BRIDGE) for one in spans)
    assert [one.score for one in spans] == sorted((one.score for one in spans), reverse=True)


@pytest.mark.real
def test_a_model_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match=r"reader .*RAG_READER"):
        QuestionAnswering(str(tmp_path)).read("When?", [("", "It opened.")])
