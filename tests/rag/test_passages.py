"""Passages: each is its article's text, exactly, and together they hold all of it."""

from __future__ import annotations

import base64
import random
from itertools import pairwise
from string import ascii_lowercase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from llama_index.core.schema import MetadataMode
from llama_index.core.utils import get_tokenizer

from rag.passages import PASSAGE_TOKENS, split_passages, to_node
from rag.types import Article

CHANCE = random.Random(1)
PARTS = [
    "It opened. ",
    "Dr. Klein\n",
    "\n\n",
    "a" * 300,
    "橋は五月に。",
    "👩‍👩‍👧‍👦",
    "\u2028",
    "\x85",
    "\t",
    " .",
    "word " * 60,
    "\0",
]


def article(text: str, **known: str) -> Article:
    return Article(id="a1", source="sub/page.txt", text=text, family="a1", **known)


def check(text: str) -> None:
    """Every span is exact, spans go forward, and nothing but white space is in no passage."""
    covered, start = [False] * len(text), -1
    for node in split_passages(article(text)):
        assert node.start_char_idx is not None and node.end_char_idx is not None
        assert text[node.start_char_idx : node.end_char_idx] == node.text != ""
        assert node.start_char_idx > start
        start = node.start_char_idx
        covered[start : node.end_char_idx] = [True] * len(node.text)
    assert not "".join(character for character, held in zip(text, covered, strict=True) if not held).strip()


def test_the_seeds(seed_articles: list[Article]) -> None:
    for one in seed_articles:
        check(one.text)


def test_passages_are_of_a_length_the_embedder_reads(seed_articles: list[Article]) -> None:
    count = get_tokenizer()
    lengths = [len(count(node.text)) for one in seed_articles for node in split_passages(one)]
    assert max(lengths) <= PASSAGE_TOKENS
    assert sum(lengths) / len(lengths) > PASSAGE_TOKENS / 2


def test_neighbours_overlap_and_end_where_sentences_end(seed_articles: list[Article]) -> None:
    long = max(seed_articles, key=lambda one: len(one.text))
    nodes = split_passages(long)
    overlaps = sum((b.start_char_idx or 0) < (a.end_char_idx or 0) for a, b in pairwise(nodes))
    assert len(nodes) > 5
    assert overlaps > 0  # where the last sentence is short enough to stand in both
    assert all(node.text.rstrip().endswith((".", "”", '"', ")", "?", "!")) for node in nodes)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("".join(CHANCE.choices(ascii_lowercase, k=20_000)), id="one word"),
        pytest.param(" ".join(str(CHANCE.random()) for _ in range(1_500)), id="no full stop"),
        pytest.param("".join(chr(CHANCE.randrange(0x4E00, 0x9FFF)) for _ in range(8_000)), id="no spaces"),
        pytest.param("\u200d".join(chr(CHANCE.randrange(0x1F466, 0x1F470)) for _ in range(5_000)), id="emoji"),
        pytest.param(base64.b64encode(CHANCE.randbytes(9_000)).decode(), id="base64"),
        pytest.param("  a  .  b  \n\n\t c \u2028 d \x85 e \x0c f. g", id="white space"),
    ],
)
def test_hard_texts(text: str) -> None:
    check(text)


@pytest.mark.parametrize("text", ["a" * 20_000, "word " * 8_000, "The same line again.\n" * 800])
def test_repeated_texts(text: str) -> None:
    """Which of its places a repeated text is said to stand at is open; that it stands there is not."""
    nodes = split_passages(article(text))
    assert len(nodes) > 5
    assert all(text[node.start_char_idx : node.end_char_idx] == node.text != "" for node in nodes)
    assert all((a.start_char_idx or 0) < (b.start_char_idx or 0) for a, b in pairwise(nodes))


@settings(max_examples=100)
@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=500)
    | st.lists(st.sampled_from(PARTS), max_size=40).map("".join)
)
def test_any_text(text: str) -> None:
    text = f"{text}."  # articles without text there are none
    for node in split_passages(article(text)):
        assert text[node.start_char_idx : node.end_char_idx] == node.text != ""


def test_what_a_node_tells() -> None:
    known = {"title": "Bridge opens", "publisher": "The Courier", "published": "2025-08"}
    (node,) = split_passages(article("It opened in May.", **known))
    assert node.metadata == {"source": "sub/page.txt", "article_id": "a1", **known}
    assert node.get_content(MetadataMode.EMBED) == "Bridge opens\nIt opened in May."
    assert node.get_content(MetadataMode.NONE) == "It opened in May."


def test_an_untitled_passage_is_embedded_as_it_is() -> None:
    for title in (None, ""):
        (node,) = split_passages(Article("a1", "page.txt", "It opened in May.", title=title))
        assert node.get_content(MetadataMode.EMBED) == "It opened in May."
        assert node.metadata["title"] == title


def test_ids_differ_and_stay() -> None:
    nodes = [split_passages(article("It opened in May. " * 300)) for _ in range(2)]
    ids = [node.node_id for node in nodes[0]]
    assert len(set(ids)) == len(ids) > 2
    assert ids == [node.node_id for node in nodes[1]]


def test_a_node_of_any_span() -> None:
    node = to_node(article("It opened in May."), "x", 3, 9)
    assert (node.node_id, node.text, node.start_char_idx, node.end_char_idx) == ("x", "opened", 3, 9)
