"""Any sequence classifier as a judge of evidence and claim: its labels are found by name, its errors one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.entail import CHECKER, ClaimChecker, SequenceClassifier, label_places
from rag.errors import EmbedderError


@pytest.mark.parametrize(
    ("labels", "places"),
    [
        ({0: "contradiction", 1: "entailment", 2: "neutral"}, (1, 0)),
        ({0: "ENTAILMENT", 1: "NEUTRAL", 2: "CONTRADICTION"}, (0, 2)),
        ({0: "entailment", 1: "not_entailment"}, (0, None)),
        ({0: "not_entailment", 1: "entailment"}, (1, None)),
        ({0: "SUPPORTS", 1: "REFUTES", 2: "NOT ENOUGH INFO"}, (0, 1)),
        ({0: "LABEL_0", 1: "LABEL_1"}, None),
        ({0: "neutral"}, None),
    ],
)
def test_labels_are_found_by_name(labels: dict[int, str], places: tuple[int, int | None] | None) -> None:
    assert label_places(labels) == places


def test_nothing_is_loaded_before_it_is_asked() -> None:
    SequenceClassifier("no/such/model")


def made(folder: Path, labels: list[str], *, bias: list[float]) -> SequenceClassifier:
    """A tiny model of chance weights whose output is its bias alone."""
    from tokenizers import Tokenizer
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    from rag.rank import MODEL

    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_file(str(MODEL / "tokenizer.json")),
        pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]", unk_token="[UNK]", mask_token="[MASK]",
    )  # fmt: skip
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        num_labels=len(labels), id2label=dict(enumerate(labels)), label2id={one: n for n, one in enumerate(labels)},
    )  # fmt: skip
    model = BertForSequenceClassification(config)
    model.classifier.weight.data.zero_()
    for place, value in enumerate(bias):
        model.classifier.bias.data[place] = value
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return SequenceClassifier(str(folder))


@pytest.mark.real
def test_a_model_of_three_labels(tmp_path: Path) -> None:
    judge = made(tmp_path, ["contradiction", "neutral", "entailment"], bias=[0.0, 0.0, 3.0])
    supported, contradicted = judge.judge("The bridge opened in May.", "It opened in May.")
    assert supported == pytest.approx(0.909, abs=0.01)
    assert contradicted == pytest.approx(0.045, abs=0.01)


@pytest.mark.real
def test_a_model_of_two_labels_cannot_contradict(tmp_path: Path) -> None:
    judge = made(tmp_path, ["not_entailment", "entailment"], bias=[4.0, 0.0])
    supported, contradicted = judge.judge("The bridge opened in May.", "It opened in May.")
    assert supported < 0.05
    assert contradicted == 0.0


@pytest.mark.real
def test_long_evidence_is_cut_not_refused(tmp_path: Path) -> None:
    judge = made(tmp_path, ["entailment", "contradiction"], bias=[0.0, 0.0])
    assert judge.judge("word " * 5_000, "It opened. " * 50) == pytest.approx((0.5, 0.5), abs=0.01)


@pytest.mark.real
def test_labels_that_say_nothing_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match=r"LABEL_0, LABEL_1.*RAG_NLI"):
        made(tmp_path, ["LABEL_0", "LABEL_1"], bias=[0.0, 0.0]).judge("It opened.", "It opened.")


@pytest.mark.real
def test_a_model_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match=r"entailment model .*RAG_NLI") as caught:
        SequenceClassifier(str(tmp_path)).judge("It opened.", "It opened.")
    assert "\n" not in str(caught.value)


@pytest.mark.real
def test_the_shipped_checker_tells_true_from_changed() -> None:
    checker = ClaimChecker()
    evidence = "The council of Ulm voted on 5 January 2020 to build three bridges over the Danube for $2.5 billion."
    supported, contradicted = checker.judge(evidence, "Ulm's council voted in January 2020 to build three bridges.")
    assert supported > 0.5 > contradicted
    for wrong in ("The council voted not to build any bridges.", "The council of Ulm voted to build nine bridges."):
        supported, contradicted = checker.judge(evidence, wrong)
        assert supported < 0.5
    supported, contradicted = checker.judge("A storm closed the harbour of Kiel for a day.", "Ulm has three bridges.")
    assert supported < 0.5 and contradicted < 0.5


def test_the_shipped_checker_has_a_card_and_is_small() -> None:
    card = (CHECKER / "README.md").read_text(encoding="utf-8")
    assert all(word in card for word in ("licence", "claims", "int8"))
    assert (CHECKER / "model.onnx").stat().st_size <= 25 * 10**6
