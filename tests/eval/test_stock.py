"""The comparison: both asked in turn, refusals told by their words, LlamaIndex's pipeline with fake models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from eval.known import Known
from eval.metrics import Share
from eval.stock import Reply, as_in_the_docs, compare, ours, refuses, shared_models, side, stock
from rag.errors import FolderError, InputError
from rag.types import Turn

OPENED = Known("k1", "date", "When was the bridge opened?", answerable=True, facts=(("1932",),))
MAYOR = Known("k2", "absent", "Who is the mayor?", answerable=False)


def silent(*_: Any) -> None:
    pass


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The context does not provide this information.",
        "The provided text doesn’t mention a mayor.",
        "It is not specified in the context.",
        "I'm sorry, but I cannot answer the question.",
        "There is no information about the mayor.",
        "I am unable to determine who the mayor is.",
        "Empty Response",
    ],
)
def test_usual_words_of_refusal_are_recognised(text: str) -> None:
    assert refuses(text)


@pytest.mark.parametrize(
    "text",
    ["The bridge opened in 1932.", "The mission will not end before 2026.", "No troops remain in Baghdad."],
)
def test_an_answer_is_no_refusal(text: str) -> None:
    assert not refuses(text)


def test_both_are_asked_every_question_and_take_turns_in_going_first() -> None:
    order: list[str] = []

    def teller(name: str) -> Any:
        def ask(known: Known) -> tuple[str, bool]:
            order.append(f"{name}:{known.id}")
            return name, False

        return ask

    pairs = list(compare([OPENED, MAYOR], ours=teller("ours"), stock=teller("stock"), progress=silent))
    assert order == ["ours:k1", "stock:k1", "stock:k2", "ours:k2"]
    assert [(pair.ours.text, pair.stock.text) for pair in pairs] == [("ours", "stock")] * 2


def test_a_column_counts_facts_refusals_words_and_seconds() -> None:
    found = side(
        [
            (OPENED, Reply("It opened in 1932 [1].", False, 1.0)),
            (OPENED, Reply("Not mentioned.", True, 3.0)),
            (MAYOR, Reply("No information.", True, 2.0)),
            (MAYOR, Reply("It is Klimt, the painter of old.", False, 9.0)),
        ]
    )
    assert found.right == Share(1, 2)
    assert (found.refused, found.falsely_refused) == (Share(1, 2), Share(1, 2))
    assert (found.words, found.seconds) == (5.5, 2.5)


def test_an_answer_with_the_facts_is_no_false_refusal_whatever_its_words() -> None:
    assert side([(OPENED, Reply("1932; no details are given.", True, 1))]).falsely_refused == Share(0, 1)


def test_ours_is_the_program_as_it_is(bridge: Any) -> None:
    text, refused = ours(bridge)(OPENED)
    assert "June 1932" in text and not refused
    assert ours(bridge)(MAYOR)[1]


def test_stock_answers_from_the_folder_with_the_questions_before(tmp_path: Path) -> None:
    from llama_index.core.embeddings import MockEmbedding
    from llama_index.core.llms import MockLLM

    (tmp_path / "bridge.txt").write_text("The bridge opened in June 1932.", encoding="utf-8")
    (tmp_path / "sources.toml").write_text("secret = 1", encoding="utf-8")
    ask = stock(tmp_path, embedder=MockEmbedding(embed_dim=4), llm=MockLLM())  # it echoes its prompt
    text, _ = ask(Known("k", "follow-up", "And when?", answerable=True, history=(Turn("Is there a bridge?"),)))
    assert "The bridge opened in June 1932." in text
    assert "Query: Is there a bridge? And when?" in text
    assert "secret" not in text


def test_stock_of_an_empty_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="nothing to read"):
        stock(tmp_path, embedder=None, llm=None)  # type: ignore[arg-type]


def test_without_a_language_model_there_is_nothing_to_compare(bridge: Any) -> None:
    bridge.phraser = bridge.embedder = None
    with pytest.raises(InputError, match="RAG_PHRASE"):
        shared_models(bridge)


def test_the_model_is_set_as_in_the_docs_without_touching_ours() -> None:
    from llama_index.llms.openai_like import OpenAILike

    mine = OpenAILike(model="m", api_key="k", temperature=0.7, max_tokens=9)
    theirs = as_in_the_docs(mine)
    assert (theirs.temperature, theirs.max_tokens) == (0.0, 256)  # type: ignore[attr-defined]
    assert mine.temperature == 0.7
