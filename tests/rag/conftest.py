"""What the library's tests share: the seeds, a clean environment, a store in memory or in Chroma."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from rag.articles import split_articles
from rag.folder import look_through
from rag.read import load_sidecar, read_bytes, to_document
from rag.settings import PREFIX
from rag.types import Article, Document
from tests.rag.fakes import memory

ROOT = Path(__file__).resolve().parents[2]

# Examples vary from run to run, but no run is judged by its speed, and none leaves files in the tree.
settings.register_profile(
    "rag", deadline=None, max_examples=60, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("rag")


@pytest.fixture(autouse=True)
def clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No `RAG_*` variable and no `rag.toml` of whoever runs the tests has a say in them."""
    for name in list(os.environ):
        if name.upper().startswith(PREFIX):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Vectors lie in a dict, so that no Chroma is opened."""
    monkeypatch.setattr("rag.index.Vectors", memory())


@pytest.fixture(params=["memory", pytest.param("chroma", marks=pytest.mark.real)])
def store(request: pytest.FixtureRequest) -> str:
    """The test runs twice: over a dict, and over the real Chroma."""
    if request.param == "memory":
        request.getfixturevalue("in_memory")
    return str(request.param)


@pytest.fixture(scope="session")
def seeds() -> Path:
    return ROOT / "seeds"


@pytest.fixture(scope="session")
def seed_documents(seeds: Path) -> list[Document]:
    sidecar = load_sidecar(seeds)
    found, _ = look_through(seeds, 0)
    return [to_document(read_bytes(seeds, one.source, sidecar.get(one.source, {}))) for one in found]


@pytest.fixture(scope="session")
def seed_articles(seed_documents: list[Document]) -> list[Article]:
    return [article for document in seed_documents for article in split_articles(document)]
