"""The run of `python -m eval page` from start to end: the page opened, asked, crowded; figures shown and written.

Wires the parts together; does not know how anything is measured, nor how it was asked for.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from rich.console import Console

from eval import report, results
from eval.known import Known, load_known, sample
from eval.orders import progress
from eval.page_browser import ask, ask_at_once, browser, visitor
from eval.page_server import Server, serving
from eval.page_timing import Opened, Visit, Waited, crowd, figures, page_grids
from eval.program import Program
from eval.stock import TOP_K, as_in_the_docs, full_weights, stock_index
from rag.errors import InputError
from rag.folder import check_folder
from rag.llm import LanguageModel
from rag.types import Progress

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WARM_UP = "What is this about?"
"""Asked before the clock starts, of both: models are loaded by then, as they are for anyone but the first."""

StockAsk = Callable[[str], Waited]


@dataclass(frozen=True, slots=True)
class PageOrder:
    """What was asked for on the command line."""

    docs: Path
    cases: Path | None
    questions: int
    users: int
    written: list[Path] = field(default_factory=list)
    """Results files, as they come."""

    def asked(self, count: int) -> list[str]:
        """Questions that need no conversation before them, the same every time; round and round where they are few.

        Raises:
            InputError: there is none.
        """
        known = [one for one in (load_known(self.cases) if self.cases else load_known()) if not one.history]
        if not known:
            raise InputError(f"{str(self.cases)!r} holds no question that stands alone.")
        chosen = _in_order(known, sample([one.id for one in known], count))
        return [chosen[at % len(chosen)] for at in range(count)]


def _in_order(known: Sequence[Known], ids: frozenset[str]) -> list[str]:
    return [one.question for one in known if one.id in ids]


def time_page(console: Console, order: PageOrder) -> None:
    """Open the page, ask it and the stock pipeline in turn, then let many people ask at once.

    Raises:
        FolderError, InputError: the folder or the cases cannot be used, a browser or a language model is missing.
        RagError: the page does not come up.
    """
    check_folder(order.docs)
    with progress() as tick, TemporaryDirectory(prefix="eval-") as home, browser() as opened, _stock(order) as stock:
        tick("starting the page", 0, 0)
        with serving(order.docs, Path(home)) as server:
            found, visits, waited = _one_by_one(opened, server, order.asked(order.questions), stock, tick)
            many = None
            if order.users:
                tick(f"{order.users} people asking at once", 0, 0)
                before = server.memory_mib()
                crowded = ask_at_once(opened, server.url, order.asked(order.users))
                many = crowd(crowded, before=before, after=server.memory_mib())
    result = figures(found, visits, waited, many)
    report.show(console, *page_grids(result))
    options = f"--questions {order.questions} --users {order.users}"
    this = results.this_run("page", questions=len(visits), sample=options)
    path = results.result_path("page")
    data = {"run": this, "machine": results.machine(), "figures": result, "visits": visits, "stock": waited}
    results.write_json(path, data | ({"crowd": crowded} if order.users else {}))
    order.written.append(path)
    console.print(f"\nResults: {path}")


def _one_by_one(
    opened: Browser, server: Server, questions: Sequence[str], stock: StockAsk, tick: Progress
) -> tuple[list[Opened], list[Visit], list[Waited]]:
    """Every question in a fresh browser context, and of the stock pipeline; who goes first alternates."""
    found, visits, waited = list[Opened](), list[Visit](), list[Waited]()

    def visit(question: str) -> Visit:
        with visitor(opened, server.url) as (page, took):
            found.append(took)
            return ask(page, question)

    visit(WARM_UP)
    stock(WARM_UP)
    for done, question in enumerate(questions):
        tick("asking the page and stock", done, len(questions))
        if done % 2:
            waited.append(stock(question))
        visits.append(visit(question))
        if not done % 2:
            waited.append(stock(question))
    return found, visits, waited


@contextmanager
def _stock(order: PageOrder) -> Iterator[StockAsk]:
    """LlamaIndex's starter pipeline over the same folder, streaming, with the program's language model.

    Raises:
        InputError: there is no language model, which it cannot do without.
    """
    program = Program()
    phraser = program.phraser()
    if not isinstance(phraser, LanguageModel):
        raise InputError("The stock pipeline cannot do without a language model; set RAG_PHRASE to auto.")
    index = stock_index(order.docs, embedder=full_weights(program.embedder))
    engine = index.as_query_engine(llm=as_in_the_docs(phraser.llm), similarity_top_k=TOP_K, streaming=True)

    def ask_stock(question: str) -> Waited:
        began, first = time.perf_counter(), 0.0
        stream: Any = engine.query(question)
        for token in stream.response_gen:
            first = first or (time.perf_counter() - began if token.strip() else 0.0)
        whole = time.perf_counter() - began
        return Waited(first or whole, whole)

    try:
        yield ask_stock
    finally:
        phraser.close()
