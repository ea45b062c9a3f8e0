"""`Article` → LlamaIndex `TextNode`s that keep their character span in the article. Does not know vectors."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from rag import sentences
from rag.types import Article

if TYPE_CHECKING:
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.core.schema import TextNode

PASSAGE_TOKENS = 200
"""tiktoken tokens; with the title before it a passage still fits the 256 word pieces MiniLM reads."""
OVERLAP_TOKENS = 40
"""About one sentence of news, so that a pronoun's sentence often has the one before it."""


@cache
def _splitter() -> SentenceSplitter:
    from llama_index.core.node_parser import SentenceSplitter

    return SentenceSplitter(
        chunk_size=PASSAGE_TOKENS,
        chunk_overlap=OVERLAP_TOKENS,
        paragraph_separator="\n",
        chunking_tokenizer_fn=sentences.split,
    )


def split_passages(article: Article) -> list[TextNode]:
    """Sentence-aware passages of an article, in order.

    Returns:
        Nodes with `start_char_idx` and `end_char_idx` in `article.text` (the text there is the node's,
        exactly) and the metadata `source`, `article_id`, `title`, `publisher`, `published`.
    """
    nodes, start = [], -1
    for number, chunk in enumerate(_splitter().split_text(article.text)):
        start = article.text.index(chunk, start + 1)
        nodes.append(to_node(article, f"{article.id}-{number}", start, start + len(chunk)))
    return nodes


def to_node(article: Article, identity: str, start: int, end: int) -> TextNode:
    """One passage as LlamaIndex knows it; only the title goes into what is embedded."""
    from llama_index.core.schema import TextNode

    hidden = ["source", "article_id", "publisher", "published"]
    if not article.title:  # else the word `None` is embedded
        hidden.append("title")
    return TextNode(
        id_=identity,
        text=article.text[start:end],
        start_char_idx=start,
        end_char_idx=end,
        metadata={
            "source": article.source,
            "article_id": article.id,
            "title": article.title,
            "publisher": article.publisher,
            "published": article.published,
        },
        excluded_embed_metadata_keys=hidden,
        metadata_template="{value}",
        text_template="{metadata_str}\n{content}",
    )
