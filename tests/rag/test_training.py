"""Training as it is run: tiny models of chance weights through the real trainer, export, card and decision."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rag.errors import InputError, RagError
from rag.models import publish, train
from rag.models.figures import RankerFigures
from rag.rank import MAX_TOKENS, MODEL
from rag.ratings import Rating, keep
from rag.wiring import LEARNT, ranker_folder

pytestmark = pytest.mark.real
RUN = CliRunner()
TOWNS = "Ulm Bonn Kiel Jena Hof Celle Trier Worms Essen Halle Gera Suhl Aalen Fulda Hamm Lahr".split()


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder with one logit and one narrow layer, and the shipped ranker's tokenizer."""
    from tokenizers import Tokenizer
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_file(str(MODEL / "tokenizer.json")),
        pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]", unk_token="[UNK]", mask_token="[MASK]",
    )  # fmt: skip
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64,
        num_labels=1,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    rows, claims = [], []
    for number in range(240):
        town, other = TOWNS[number % 16], TOWNS[(number * 7 + 3) % 16]
        text = f"Town {number} is old. The bridge of {town} was opened in {1800 + number}. The mayor of {other} came."
        row = {"q": f"When was the bridge of {town} opened?", "passage": text, "src": "made"}
        year = str(1800 + number)
        rows.append({**row, "answer": year, "start": text.index(year), "answerable": True})
        rows.append({**row, "q": f"Who sold {other}?", "answer": "", "start": -1, "answerable": False})
        claims.append({"claim": f"It was opened in {year}.", "evidence": text, "label": "supported", "src": "made"})
        claims.append({"claim": f"{other} was sold.", "evidence": text, "label": "not_enough", "src": "made"})
    (folder / "reader.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (folder / "verify.jsonl").write_text("\n".join(map(json.dumps, claims)), encoding="utf-8")
    return folder


def ran(*arguments: object) -> str:
    result = RUN.invoke(train.program, [str(one) for one in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_ranker_is_trained_resumed_exported_and_described(
    data: Path, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rag.rank import SentenceRanker

    monkeypatch.setattr(publish, "MOST_LOST", 1.0)  # so few questions say nothing about int8
    common = ("ranker", "--data", data, "--mining", 0, "--start", tiny, "--work", tmp_path / "work")
    output = ran(*common, "--minutes", 5, "--output", tmp_path / "out")
    assert "int8:" in output
    text = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "passages that it was not trained on" in text
    scores = SentenceRanker(tmp_path / "out").rank("When?", [("It opened.", "", ""), ("It closed.", "Then.", "Ulm")])
    assert len(scores) == 2 and scores[0] != scores[1]
    again = ran(*common, "--minutes", 5, "--output", tmp_path / "again")  # all steps are done: nothing is learnt anew
    assert again.splitlines()[-1] == output.splitlines()[-1]
    with pytest.raises(InputError, match="another training run"):
        ran(*common, "--minutes", 5, "--seed", 2, "--output", tmp_path / "again")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "README.md", "model.onnx", "runs.json", "tokenizer.json",
    ]  # fmt: skip


def test_negatives_are_mined_with_the_programs_own_retriever(tmp_path: Path) -> None:
    from rag.models.mine import mine, negatives
    from rag.models.records import Record

    texts = [f"{town} has a bridge. The bridge of {town} was opened in {1900 + n}." for n, town in enumerate(TOWNS)]
    found = [
        Record(f"When was the bridge of {town} opened?", text, str(1900 + n), text.index(str(1900 + n)), "made")
        for n, (town, text) in enumerate(zip(TOWNS, texts, strict=True))
    ]
    mine(found, tmp_path, minutes=2, seed=1, progress=lambda what, done, total: None)
    mined = negatives(tmp_path)
    assert set(mined) == set(range(len(found)))
    assert all(mined.values())
    assert all(sentence not in found[number].passage for number, kept in mined.items() for sentence, _, _ in kept)
    before = (tmp_path / "negatives.jsonl").read_bytes()
    mine(found, tmp_path, minutes=2, seed=1, progress=lambda what, done, total: None)
    assert (tmp_path / "negatives.jsonl").read_bytes() == before


def test_what_was_trained_is_measured_in_full(tiny: Path, tmp_path: Path) -> None:
    from rag.models import fit

    model = fit.load(str(tiny), labels=1, tokens=MAX_TOKENS)
    rows = [
        {"question": f"When {n}?", "sentences": ["It opened.", "He came."], "labels": [1.0, 0.0]} for n in range(32)
    ]
    fit.train(model, rows, fit.listwise, work=tmp_path, minutes=1, batch=16, rate=1e-3, seed=1)
    fresh = fit.load(str(tiny), labels=1, tokens=MAX_TOKENS)
    fresh.load_state_dict(model.state_dict())
    pairs = [("When did it open?", "It opened in May."), ("Who came?", "He came.")]
    assert publish.full_logits(model, pairs) == publish.full_logits(fresh, pairs)


def test_a_checker_is_trained(data: Path, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rag.entail import CHECKER_TOKENS
    from rag.onnx import OnnxModel

    monkeypatch.setattr(publish, "MOST_LOST", 1.0)
    ran("checker", "--data", data, "--start", tiny, "--work", tmp_path / "b", "--output", tmp_path / "out")
    (row,) = OnnxModel(tmp_path / "out", CHECKER_TOKENS).run([("It opened.", "It closed.")])
    assert len(row) == 3
    assert "claims put into their class" in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")


def test_a_reader_is_trained(data: Path, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rag.reader import SpanReader

    monkeypatch.setattr(publish, "MOST_LOST", 1.0)
    output = ran("reader", "--data", data, "--start", tiny, "--work", tmp_path / "b", "--output", tmp_path / "out")
    assert "int8:" in output
    assert "the span touches the answer" in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    text = "Ulm is old. It was opened in 1850."
    (spans,) = SpanReader(tmp_path / "out").read("When was it opened?", [("Ulm", text)])
    assert spans and all(0 <= one.start < one.end <= len(text) for one in spans)


def test_what_was_written_is_read_beside_a_share_of_the_data(
    data: Path, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish, "MOST_LOST", 1.0)
    folder = tmp_path / "written" / "towns"
    (folder / "docs").mkdir(parents=True)
    rows = []
    for town in TOWNS:
        (folder / "docs" / f"{town}.txt").write_text(f"{town}\n\n{town} is old. It has a mill.\n", encoding="utf-8")
        rows.append(
            {"doc": f"{town}.txt", "q": f"What does {town} have?", "quote": "It has a mill.", "answer": "a mill"}
        )
        rows.append({"doc": f"{town}.txt", "q": f"How old is {town}?", "near": f"{town} is old."})
    (folder / "questions.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    sets = train._read(data, folder.parent, 0.5, 1)
    assert 150 < len(sets[0]) < 350 and len(sets[1]) == len(rows)
    assert all(one in sets[0] for one in train._read(data, None, 1.0, 1)[0] if train.is_held_out(one.passage))
    common = ("--data", data, "--written", folder.parent, "--share", 0.5, "--start", tiny, "--work", tmp_path / "b")
    for kind in (("reader",), ("ranker", "--mining", 0.2)):
        ran(*kind, *common, "--output", tmp_path / kind[0])
        assert "of written folders" in (tmp_path / kind[0] / "README.md").read_text(encoding="utf-8")


def test_full_weights_and_int8_see_much_the_same() -> None:
    from rag.models.spans import Asked
    from rag.reader import MAX_TOKENS as TOKENS
    from rag.reader import MODEL as READER
    from rag.reader import SpanReader

    asked = [Asked("When did it open?", "The bridge | It opened in May 1932. Karl came.", 13, 34)]
    model = train._started(str(READER), labels=2, tokens=TOKENS)
    ((full, *_),) = publish.full_spans(model, asked)
    ((small, *_),) = publish.int8_spans(READER, asked)
    assert small == SpanReader().read(asked[0].question, [("", asked[0].text)])[0][0]
    assert (full.start, full.end) == (small.start, small.end) and full.score == pytest.approx(small.score, abs=0.6)


def test_the_shipped_weights_can_be_trained_further() -> None:
    from rag.models.export import restore
    from rag.onnx import OnnxModel

    model = train._started(str(MODEL), labels=1, tokens=MAX_TOKENS)
    pairs = [("When did it open?", "It opened in May."), ("Who came?", "It opened in May. | Then. | The bridge")]
    full, small = publish.full_logits(model, pairs), OnnxModel(MODEL, MAX_TOKENS).run(pairs)
    assert [row[0] for row in full] == pytest.approx([row[0] for row in small], abs=0.35)
    other = train._started(str(MODEL), labels=3, tokens=MAX_TOKENS)
    assert len(publish.full_logits(other, pairs)[0]) == 3
    with pytest.raises(InputError, match="another kind of model"):
        restore(other, MODEL)


def test_nothing_is_written_when_int8_loses_too_much(
    data: Path, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ("ranker", "--data", data, "--mining", 0, "--start", tiny, "--work", tmp_path / "w")
    monkeypatch.setattr(publish, "MOST_LOST", -2.0)
    with pytest.raises(RagError, match="nothing was written"):
        ran(*arguments, "--output", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_ratings_are_learnt_from_only_if_the_new_weights_win(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(60):
        town = TOWNS[number % 16]
        sentences = ((f"The bridge of {town} was opened.", "", town), (f"A mayor of {town} came.", "", town))
        keep(tmp_path, Rating(f"When was bridge {number} of {town} opened?", True, sentences, (0,)))
    monkeypatch.setattr(publish, "MOST_LOST", 1.0)
    monkeypatch.setattr(train.feedback, "is_better", lambda before, after: False)
    assert "they stay" in ran("ranker", "--from", tmp_path, "--start", tiny)
    assert ranker_folder(tmp_path) == MODEL
    seen: list[tuple[RankerFigures, RankerFigures]] = []
    monkeypatch.setattr(train.feedback, "is_better", lambda *both: not seen.append(both))
    ran("ranker", "--from", tmp_path, "--start", tiny)
    assert ranker_folder(tmp_path) == tmp_path / LEARNT  # in use from the next start on
    assert seen[0][0].questions == seen[0][1].questions > 0


def test_what_is_missing_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="either --data"):
        ran("ranker")
    with pytest.raises(InputError, match="nothing was rated"):
        ran("ranker", "--from", tmp_path)
    with pytest.raises(InputError, match="neither reader"):
        ran("checker", "--data", tmp_path)
