"""The program under test, opened as its users open it, or with a part left out; models are loaded once.

The only module of the evaluation that opens a `Rag`. Does not know what it will be asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from eval.ablate import Opening
from eval.seams import Asked, Mode
from rag import Rag
from rag.errors import RagError
from rag.finding import Finder
from rag.settings import Settings, load_settings
from rag.types import Document, Embedder, Phraser, Progress, Ranker, Reader, Scope
from rag.wiring import embedder_for, phraser_for, ranker_for, reader_for

if TYPE_CHECKING:
    from rag.retrieve import HybridRetriever


class Program:
    """Opens the program over a folder or over documents; embedder, ranker and reader are the same objects each time."""

    def __init__(
        self,
        home: Path | None = None,
        *,
        ranker: Ranker | None = None,
        reader: Reader | None = None,
        embedder: Embedder | None = None,
    ) -> None:
        """`home` is where indexes live, the others parts of one's own; default: what the settings say."""
        self._home, self._ranker, self._reader, self._embedder = home, ranker, reader, embedder
        self.made_with: dict[str, Any] = {}
        """Models and counts of the first that was opened; the folders of this machine are nobody's business."""

    def settings(self, **changes: Any) -> Settings:
        """The settings in force, with some changed."""
        return load_settings(**({"home": self._home} if self._home else {}), **changes)

    @cached_property
    def embedder(self) -> Embedder:
        return self._embedder or embedder_for(self.settings())

    @cached_property
    def ranker(self) -> Ranker:
        return self._ranker or ranker_for(self.settings())

    @cached_property
    def reader(self) -> Reader:
        return self._reader or reader_for(self.settings())

    def phraser(self) -> Phraser | None:
        """A new client of the language model in force, or None."""
        return phraser_for(self.settings())

    def folder(self, folder: Path, tick: Progress, *, phraser: Phraser | None = None, **changes: Any) -> Rag:
        """The program over a folder."""
        rag = Rag.open(
            folder,
            settings=self.settings(**changes),
            progress=tick,
            embedder=self.embedder,
            ranker=self.ranker,
            reader=self.reader,
            phraser=phraser,
        )
        return self._noted(rag)

    def documents(
        self,
        documents: Iterable[Document],
        home: Path,
        tick: Progress | None = None,
        *,
        phraser: Phraser | None = None,
        **changes: Any,
    ) -> Rag:
        """The program over documents from Python, its index in `home`."""
        rag = Rag.from_documents(
            documents,
            home=home,
            settings=self.settings(**changes),
            progress=tick,
            embedder=self.embedder,
            ranker=self.ranker,
            reader=self.reader,
            phraser=phraser,
        )
        return self._noted(rag)

    def _noted(self, rag: Rag) -> Rag:
        kept = (item for item in asdict(rag.status()).items() if item[0] not in ("folder", "home"))
        self.made_with = self.made_with or dict(kept)
        return rag

    def varied_folder(self, folder: Path, tick: Progress) -> Opening:
        """Opens the program over a folder with a part left out."""

        @contextmanager
        def opened(changes: dict[str, Any], *, search: Mode, phraser: Phraser | None) -> Iterator[Asked]:
            with self.folder(folder, tick, phraser=phraser, **changes) as rag, searching(search):
                yield rag

        return opened

    def varied_documents(self, documents: Callable[[], Iterable[Document]], home: Path, tick: Progress) -> Opening:
        """The same over documents, which are read anew each time."""

        @contextmanager
        def opened(changes: dict[str, Any], *, search: Mode, phraser: Phraser | None) -> Iterator[Asked]:
            with self.documents(documents(), home, tick, phraser=phraser, **changes) as rag, searching(search):
                yield rag

        return opened

    @contextmanager
    def own(self, documents: Sequence[Document]) -> Iterator[Asked]:
        """The program over a question's own few documents, quotes only, in an index that is thrown away."""
        with (
            TemporaryDirectory(prefix="eval-") as home,
            self.documents(documents, Path(home), phrase="never") as rag,
        ):
            yield rag


@contextmanager
def searching(mode: Mode) -> Iterator[None]:
    """The program as it searches in one way only.

    Raises:
        RagError: it answered without asking for a retriever, so nothing was left out.
    """
    if mode == "hybrid":
        yield
        return
    inner, used = Finder.retriever, False

    def only(self: Finder, top_k: int, asked: Mode, scope: Scope | None = None) -> HybridRetriever:
        nonlocal used
        used = True
        return inner(self, top_k, mode, scope)

    with patch.object(Finder, "retriever", only):  # the program has no switch for this
        yield
    if not used:
        raise RagError("The program no longer searches through `Finder.retriever`; this ablation measures nothing.")
