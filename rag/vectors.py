"""The vectors of the passages, in Chroma. The only importer of Chroma; knows ids and vectors, not words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from rag.errors import MEND, StoreError

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

FOLDER = "chroma"
EF_SEARCH = 200
"""Candidates the graph keeps while searching; Chroma's default of 100 misses neighbours of rank 50."""
PAGE = 10_000
FEW = 256
"""So many ids and fewer are compared one by one, in some 10 ms: among very few of many the graph can find none, one
time in three where others have just been deleted."""


class Vectors:
    """One collection an embedder, stamped with its name; another embedder gets another collection.

    Telemetry is off. The store has one opener at a time: the caller holds the lock.
    """

    def __init__(self, home: Path, embedder: str) -> None:
        """Raises StoreError when the store cannot be opened."""
        import chromadb
        from chromadb.api.shared_system_client import SharedSystemClient
        from chromadb.config import Settings

        self._home, self._embedder = home, embedder
        self._name = "passages-" + hashlib.sha256(embedder.encode()).hexdigest()[:12]
        try:
            path = str(home / FOLDER)
            self._client = cast("Client", chromadb.PersistentClient(path, Settings(anonymized_telemetry=False)))
            self._collection: Collection = self._client.get_or_create_collection(
                self._name,
                metadata={"embedder": embedder},
                configuration={"hnsw": {"space": "cosine", "ef_search": EF_SEARCH}},
                embedding_function=None,
            )
            self._batch = self._client.get_max_batch_size()
        except Exception as exc:  # Chroma raises what its layers raise
            if hasattr(self, "_client"):
                self._client.close()
            # Chroma keeps what it began to open, and would give the next opener in this process the same broken one.
            SharedSystemClient._identifier_to_system.pop(str(home / FOLDER), None)
            raise StoreError(
                f"The vector index in {str(home)!r} cannot be opened ({type(exc).__name__}: {exc}); {MEND}"
            ) from exc

    def count(self) -> int:
        return self._collection.count()

    def add(self, ids: Sequence[str], vectors: Sequence[Sequence[float]]) -> None:
        """Put the vectors in, replacing those of the same ids. Vectors have unit length.

        Raises:
            StoreError: the store cannot be written: the disk is full, say.
        """
        if ids and "dimension" not in (self._collection.metadata or {}):
            self._collection.modify(metadata={"embedder": self._embedder, "dimension": len(vectors[0])})
        for at in range(0, len(ids), self._batch):
            part = slice(at, at + self._batch)
            with self._writing():
                self._collection.upsert(ids=list(ids[part]), embeddings=_array(vectors[part]))

    def delete(self, ids: Sequence[str]) -> None:
        """Take vectors out; ids that are not there are passed over.

        Raises:
            StoreError: the store cannot be written.
        """
        for at in range(0, len(ids), self._batch):
            with self._writing():
                self._collection.delete(ids=list(ids[at : at + self._batch]))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except Exception as exc:  # Chroma raises what its layers raise
            raise StoreError(
                f"The vector index in {str(self._home)!r} cannot be written ({type(exc).__name__}: {exc}); make "
                "room for it, or set RAG_HOME to another folder. What was indexed before is kept."
            ) from exc

    def ids(self) -> Iterator[str]:
        """Every id in the collection."""
        for at in range(0, self.count(), PAGE):
            yield from self._collection.get(include=[], limit=PAGE, offset=at)["ids"]

    def problem(self) -> str:
        """Why the store does not find what it holds; empty where it does."""
        known = self._collection.get(limit=1, include=["embeddings"])
        if not known["ids"]:
            return ""
        found = self._collection.query(known["embeddings"], n_results=1, include=["distances"])
        return "" if found["ids"][0] else "the search finds none of them"

    def search(
        self, vector: Sequence[float], top_k: int, among: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """The nearest ids, best first, each with its cosine.

        Args:
            among: look at these ids alone. A few are compared one by one; else the graph is searched with its other
                nodes passed over: of the exact 50 nearest, .99 are found among half of 10,000 passages, and all among a
                third and fewer, in 5 ms.

        Raises:
            StoreError: the vector has another dimension than those in the collection, or the store is damaged.
        """
        stamped = (self._collection.metadata or {}).get("dimension", len(vector))
        if stamped != len(vector):
            raise StoreError(
                f"The index holds vectors of {stamped} numbers, the embedder {self._embedder!r} now gives "
                f"{len(vector)}; delete the index folder, and it is rebuilt."
            )
        try:
            if not self.count():
                return []
            return self._nearest(vector, top_k, None if among is None else list(among))
        except Exception as exc:  # Chroma raises what its layers raise
            raise StoreError(
                f"The vector index in {str(self._home)!r} cannot be searched ({type(exc).__name__}: {exc}); {MEND}"
            ) from exc

    def _nearest(self, vector: Sequence[float], top_k: int, among: list[str] | None) -> list[tuple[str, float]]:
        if among is not None and len(among) <= FEW:
            return self._compared(vector, among)[:top_k]
        asked = _array([vector])
        try:
            found = self._collection.query(asked, ids=among, n_results=top_k, include=["distances"])
        except Exception:
            if among is None:
                raise
            there = self._collection.get(ids=among, include=[])["ids"]  # one of them was deleted just now
            found = self._collection.query(asked, ids=there, n_results=top_k, include=["distances"])
        distances = found["distances"] or [[]]
        return [(i, 1.0 - d) for i, d in zip(found["ids"][0], distances[0], strict=True)]

    def _compared(self, vector: Sequence[float], among: list[str]) -> list[tuple[str, float]]:
        """Those of these ids that are there, nearest first: each is compared, and the graph is not asked."""
        if not among:
            return []
        kept = self._collection.get(ids=among, include=["embeddings"])
        cosines = (kept["embeddings"] @ _array([vector])[0]).tolist()
        return sorted(zip(kept["ids"], cosines, strict=True), key=lambda pair: -pair[1])

    def drop_others(self) -> None:
        """Delete the collections of other embedders: this one is complete."""
        with self._writing():
            for collection in self._client.list_collections():
                if collection.name != self._name:
                    self._client.delete_collection(collection.name)

    def close(self) -> None:
        self._client.close()


def _array(vectors: Sequence[Sequence[float]]) -> Any:
    import numpy as np

    return np.asarray(vectors, dtype=np.float32)
