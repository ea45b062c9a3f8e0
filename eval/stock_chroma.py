"""LlamaIndex's pipeline over Chroma, as far as indexing goes: every passage with its text and its metadata.

LlamaIndex's package for Chroma is not a requirement of this project, so what it does on adding stands here: one
`add` a batch of nodes, with LlamaIndex's own flat metadata. Does not search.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from eval.ingest import Pipeline
from eval.stock import stock_index

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.vector_stores.types import BasePydanticVectorStore


def pipeline(embedder: BaseEmbedding) -> Pipeline:
    """Indexes a folder by LlamaIndex into a Chroma store that is thrown away."""

    def run(folder: Path) -> int:
        import chromadb
        from chromadb.config import Settings

        with TemporaryDirectory(prefix="eval-") as home:
            client = chromadb.PersistentClient(home, Settings(anonymized_telemetry=False))
            collection = client.get_or_create_collection("stock", embedding_function=None)
            stock_index(folder, embedder=embedder, store=_store(collection))
            passages = collection.count()
            client.close()  # type: ignore[attr-defined]  # the client has it, its interface does not say so
        return passages

    return run


def _store(collection: Any) -> BasePydanticVectorStore:
    """A LlamaIndex vector store over a Chroma collection, for adding only."""
    from llama_index.core.schema import BaseNode, MetadataMode
    from llama_index.core.vector_stores.types import BasePydanticVectorStore, VectorStoreQuery, VectorStoreQueryResult
    from llama_index.core.vector_stores.utils import node_to_metadata_dict

    class ChromaStore(BasePydanticVectorStore):
        stores_text: bool = True
        flat_metadata: bool = True

        @property
        def client(self) -> Any:
            return collection

        def add(self, nodes: Sequence[BaseNode], **_: Any) -> list[str]:
            metadata = [node_to_metadata_dict(node, remove_text=True, flat_metadata=True) for node in nodes]
            ids = [node.node_id for node in nodes]
            collection.add(
                ids=ids,
                embeddings=[node.get_embedding() for node in nodes],
                metadatas=[{key: "" if value is None else value for key, value in one.items()} for one in metadata],
                documents=[node.get_content(metadata_mode=MetadataMode.NONE) for node in nodes],
            )
            return ids

        def delete(self, ref_doc_id: str, **_: Any) -> None:
            raise NotImplementedError

        def query(self, query: VectorStoreQuery, **_: Any) -> VectorStoreQueryResult:
            raise NotImplementedError

    return ChromaStore()
