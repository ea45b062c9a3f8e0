"""The shipped ranker: the answering sentence above those that only sound like it, whatever it is given."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from rag.errors import EmbedderError
from rag.rank import CONTEXT_WORDS, TITLE_WORDS, CrossEncoderRanker, SentenceRanker, in_context

ANSWERS = [
    (
        "When did the bridge at Ulm open?",
        "The bridge at Ulm opened to traffic on 5 May 1932.",
        ["The bridge at Ulm is made of stone.", "Bridges are loved in Ulm.", "The museum opened its doors as well."],
    ),
    (
        "How many members does the council have?",
        "The council counts 329 members, a third of them women.",
        ["The council met on Monday.", "Its members were tired.", "Anna Klein has been its speaker since the spring."],
    ),
    (
        "Who leads the committee?",
        "The committee is led by General Paul Braun.",
        ["The committee leads the talks.", "It was set up in the spring.", "The talks ended without a result."],
    ),
    (
        "Why was the port closed?",
        "The port was closed because of the storm.",
        ["The port was closed on Friday.", "Ports are closed at night.", "The storm came from the north."],
    ),
]


def test_context_is_the_end_of_the_sentence_before_and_the_beginning_of_the_title() -> None:
    assert in_context("It opened.", "", "") == "It opened."
    assert in_context("It opened.", "The bridge was new.", "") == "It opened. | The bridge was new."
    assert in_context("It opened.", "", "Ulm") == "It opened. | Ulm"
    words = [str(number) for number in range(40)]
    end, begin = " ".join(words[-CONTEXT_WORDS:]), " ".join(words[:TITLE_WORDS])
    assert in_context("It opened.", " ".join(words), " ".join(words)) == f"It opened. | {end} | {begin}"


def test_nothing_to_rank_loads_nothing() -> None:
    assert SentenceRanker(Path("nowhere")).rank("When?", []) == []
    assert CrossEncoderRanker("nowhere").rank("When?", []) == []


@pytest.fixture(scope="module")
def ranker() -> SentenceRanker:
    return SentenceRanker()


@pytest.mark.real
@pytest.mark.parametrize(("question", "answer", "others"), ANSWERS)
def test_the_answering_sentence_is_preferred(
    question: str, answer: str, others: list[str], ranker: SentenceRanker
) -> None:
    scores = ranker.rank(question, [(sentence, "", "") for sentence in (*others, answer)])
    assert max(scores) == scores[-1]
    assert scores[-1] > 0


@pytest.mark.real
def test_a_sentence_on_something_else_is_no_answer(ranker: SentenceRanker) -> None:
    sentences = [(answer, "", "") for _, answer, _ in ANSWERS]
    for place, (question, _, _) in enumerate(ANSWERS):
        scores = ranker.rank(question, sentences)
        assert max(scores) == scores[place]
        assert sorted(scores)[-2] < 0 < scores[place]


@pytest.mark.real
def test_the_sentence_before_says_what_a_pronoun_means(ranker: SentenceRanker) -> None:
    question = "When did the bridge at Ulm open?"
    bridge, museum = ranker.rank(
        question,
        [
            ("It opened to traffic on 5 May 1932.", "The bridge at Ulm took nine years.", ""),
            ("It opened to traffic on 5 May 1932.", "The road to Bonn took two years.", ""),
        ],
    )
    assert bridge > museum


@pytest.mark.real
def test_the_title_says_whom_a_report_is_about(ranker: SentenceRanker) -> None:
    sentence = "It opened to traffic on 5 May 1932."
    bridge, museum = ranker.rank(
        "When did the bridge at Ulm open?", [(sentence, "", "The bridge at Ulm"), (sentence, "", "The road to Bonn")]
    )
    assert bridge > museum


@pytest.mark.real
def test_scores_hardly_depend_on_the_company(ranker: SentenceRanker) -> None:
    question, answer, others = ANSWERS[0]
    (alone,) = ranker.rank(question, [(answer, "", "")])
    together = ranker.rank(question, [(sentence, "", "") for sentence in (answer, *others, "word " * 200)])[0]
    assert together == pytest.approx(alone, abs=1.0)
    assert ranker.rank(question, [(answer, "", "")]) == [alone]


@pytest.mark.real
@pytest.mark.parametrize(
    "sentence",
    [
        "",
        " ",
        "?",
        "word " * 5_000,
        "a" * 50_000,
        "橋は五月に開通する",
        "👩‍👩‍👧‍👦",
        "\0",
        "[SEP] [CLS] [PAD]",
        "\u2028",
    ],
)
def test_limits(sentence: str, ranker: SentenceRanker) -> None:
    scores = ranker.rank("When did the bridge open?", [(sentence, sentence, sentence), ("It opened in May.", "", "")])
    assert len(scores) == 2
    assert all(-50 < score < 50 for score in scores)
    assert len(ranker.rank(sentence, [("It opened in May.", "", "")])) == 1


@pytest.mark.real
def test_many_threads(ranker: SentenceRanker) -> None:
    found: dict[int, list[float]] = {}

    def work(number: int) -> None:
        question, answer, others = ANSWERS[number % len(ANSWERS)]
        found[number] = ranker.rank(question, [(sentence, "", "") for sentence in (answer, *others)])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == 8
    assert all(found[number] == found[number + 4] for number in range(4))


@pytest.mark.real
def test_another_cross_encoder_can_be_set(tmp_path: Path) -> None:
    """A tiny one of chance weights: what counts is that its logits come back, one for each sentence."""
    from tokenizers import Tokenizer
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    from rag.rank import MODEL

    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_file(str(MODEL / "tokenizer.json")),
        pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]", unk_token="[UNK]", mask_token="[MASK]",
    )  # fmt: skip
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        num_labels=1,
    )  # fmt: skip
    model = BertForSequenceClassification(config)
    model.classifier.bias.data.fill_(7.0)
    model.save_pretrained(tmp_path / "tiny")
    tokenizer.save_pretrained(tmp_path / "tiny")
    ranker = CrossEncoderRanker(str(tmp_path / "tiny"))
    first, second, again = ranker.rank(
        "When?", [("It opened.", "", ""), ("It rained.", "The day was wet.", ""), ("It opened.", "", "")]
    )
    assert first == pytest.approx(again, abs=1e-4)
    assert first != second
    assert min(first, second) > 1  # logits, not squeezed by a sigmoid


@pytest.mark.real
def test_a_cross_encoder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match=r"reranker .*RAG_RERANKER"):
        CrossEncoderRanker(str(tmp_path)).rank("When?", [("It opened.", "", "")])
