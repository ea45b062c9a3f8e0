"""The pipeline as a LlamaIndex query engine, for programs built on LlamaIndex. Knows the answer's data only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llama_index.core.base.response.schema import Response
from llama_index.core.query_engine import CustomQueryEngine
from llama_index.core.schema import NodeWithScore

from rag.passages import to_node
from rag.types import Answer, Article


class AnswerEngine(CustomQueryEngine):
    """Answers with the checked text; each citation is a source node whose text is the verbatim quote."""

    ask: Any
    article: Any

    def custom_query(self, query_str: str) -> Response:
        answer: Answer = self.ask(query_str)
        nodes = [
            NodeWithScore(
                node=to_node(self.article(c.article_id), f"{c.article_id}:{c.start}-{c.end}", c.start, c.end),
                score=answer.confidence,
            )
            for c in answer.citations
        ]
        return Response(response=answer.text, source_nodes=nodes, metadata={"refused": answer.refused})


def query_engine(ask: Callable[[str], Answer], article: Callable[[str], Article]) -> AnswerEngine:
    return AnswerEngine(ask=ask, article=article)
