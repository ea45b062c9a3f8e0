"""The vectors, in the real Chroma."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rag.errors import StoreError
from rag.vectors import FOLDER, Vectors
from tests.rag.fakes import vector

pytestmark = pytest.mark.real

Open = Callable[..., Vectors]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Open the store of this test, for some embedder; all are closed at the end."""
    all_opened: list[Vectors] = []

    def open_one(embedder: str = "words") -> Vectors:
        all_opened.append(Vectors(tmp_path, embedder))
        return all_opened[-1]

    yield open_one
    for one in all_opened:
        one.close()


def test_nearest_first_with_their_cosines(opened: Open) -> None:
    store = opened()
    store.add(["east", "north", "northeast"], [[1.0, 0.0], [0.0, 1.0], [0.6, 0.8]])
    found = store.search([1.0, 0.0], 10)
    assert [identity for identity, _ in found] == ["east", "northeast", "north"]
    assert [cosine for _, cosine in found] == pytest.approx([1.0, 0.6, 0.0], abs=1e-6)
    assert store.search([1.0, 0.0], 1) == found[:1]


def test_nothing_in_it(opened: Open) -> None:
    store = opened()
    assert store.count() == 0
    assert list(store.ids()) == []
    assert store.search([1.0, 0.0], 3) == []
    store.add([], [])
    store.delete([])
    store.delete(["never there"])


def test_adding_again_replaces(opened: Open) -> None:
    store = opened()
    store.add(["a", "b"], [[1.0, 0.0], [0.0, 1.0]])
    store.add(["a"], [[0.0, -1.0]])
    assert store.count() == 2
    assert store.search([0.0, -1.0], 1)[0][0] == "a"


def test_deleted_are_gone(opened: Open) -> None:
    store = opened()
    store.add(["a", "b"], [[1.0, 0.0], [0.0, 1.0]])
    store.delete(["a"])
    assert list(store.ids()) == ["b"]
    assert [identity for identity, _ in store.search([1.0, 0.0], 5)] == ["b"]


def test_it_lasts(opened: Open) -> None:
    store = opened()
    store.add(["a"], [[1.0, 0.0]])
    store.close()
    assert list(opened().ids()) == ["a"]


def test_batches_stay_under_chromas_limit(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    store = opened()
    monkeypatch.setattr(store, "_batch", 7)
    ids = [f"id-{number}" for number in range(50)]
    store.add(ids, [vector(identity) for identity in ids])
    assert sorted(store.ids()) == sorted(ids)
    store.delete(ids[:30])
    assert sorted(store.ids()) == sorted(ids[30:])


def test_as_many_as_asked_for_where_there_are_as_many(opened: Open) -> None:
    store = opened()
    ids = [f"word{number}" for number in range(600)]
    # Texts that share words: an approximate graph of vectors that are all at right angles leads nowhere.
    texts = {one: f"{one} town{at % 9} street{at % 7} river{at % 5} bridge report" for at, one in enumerate(ids)}
    store.add(ids, [vector(text) for text in texts.values()])
    for top_k in (10, 50, 5000):
        found = store.search(vector(texts["word7"]), top_k)
        assert len(found) <= min(top_k, 600)
        assert top_k > 50 or len(found) == top_k  # asked for all of it, an approximate graph may miss some
        assert found[0] == ("word7", pytest.approx(1.0))


def test_another_embedder_has_another_collection(opened: Open) -> None:
    first = opened("first")
    first.add(["a"], [[1.0, 0.0]])
    first.close()
    second = opened("second")
    assert second.count() == 0
    second.add(["b"], [[1.0, 0.0, 0.0]])  # another dimension, too
    second.close()
    assert list(opened("first").ids()) == ["a"]


def test_collections_of_other_embedders_are_dropped(opened: Open) -> None:
    first = opened("first")
    first.add(["a"], [[1.0, 0.0]])
    first.close()
    second = opened("second")
    second.add(["b"], [[1.0, 0.0]])
    second.drop_others()
    assert list(second.ids()) == ["b"]
    second.close()
    assert opened("first").count() == 0


def test_the_embedder_and_its_dimension_are_stamped(opened: Open, tmp_path: Path) -> None:
    import chromadb

    store = opened("words")
    store.add(["a"], [[1.0, 0.0]])
    store.close()
    client = chromadb.PersistentClient(str(tmp_path / FOLDER), chromadb.config.Settings(anonymized_telemetry=False))
    (collection,) = client.list_collections()
    assert (collection.metadata or {}) == {"embedder": "words", "dimension": 2}
    client.close()


def test_another_dimension_under_the_same_name_is_a_clear_error(opened: Open) -> None:
    store = opened()
    store.add(["a"], [[1.0, 0.0]])
    with pytest.raises(StoreError, match=r"vectors of 2 numbers.*'words' now gives 3"):
        store.search([1.0, 0.0, 0.0], 1)


def test_a_damaged_store_is_named_with_the_mend(opened: Open, tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "chroma.sqlite3").write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreError, match=f"{tmp_path.name}.*doctor --repair"):
        opened()


def test_a_place_that_is_a_file(opened: Open, tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("in the way", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be opened"):
        opened()


def test_telemetry_is_off(opened: Open) -> None:
    assert opened()._client.get_settings().anonymized_telemetry is False


def test_nearest_among_some(opened: Open) -> None:
    store = opened()
    ids = [f"p{number}" for number in range(300)]
    vectors = [vector(f"storm harbour{number} bridge{number % 7}") for number in range(300)]
    store.add(ids, vectors)
    asked = vector("storm harbour8 bridge5")
    for among in (ids[::2], ids[:40], ids[7:8]):
        exact = {i: sum(a * b for a, b in zip(asked, vectors[int(i[1:])], strict=True)) for i in among}
        found = store.search(asked, 10, among)
        assert {identity for identity, _ in found} <= set(among)
        assert [cosine for _, cosine in found] == pytest.approx(sorted(exact.values(), reverse=True)[:10], abs=1e-5)
    assert store.search(asked, 10, []) == []
    store.delete(["p1"])
    assert [identity for identity, _ in store.search(asked, 10, ["p1", "p2"])] == ["p2"]
