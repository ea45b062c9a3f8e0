"""How long the page lets people wait: the figures, the table, and the clock in a real browser."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from eval import page_browser
from eval.known import load_known
from eval.page_orders import PageOrder
from eval.page_server import serving
from eval.page_timing import Opened, Visit, Waited, crowd, figures, page_grids
from rag.errors import RagError
from tests.ui.fakes import LEAVE, UNKNOWN, FakeRag, free_port

DONE = Visit("When?", Waited(1.0, 2.0), True, False, "")
LATE = Visit("Who?", None, False, False, "3rd in line")
REFUSED = Visit("What?", Waited(0.5, 0.5), True, True, "")


def test_people_who_got_no_answer_count_as_lost_and_not_as_fast() -> None:
    found = crowd([DONE, LATE, REFUSED], before=800.0, after=None)
    assert (found.answered.right, found.answered.of, found.in_line) == (2, 3, 1)
    assert found.slowest == 2.0 and found.whole.median == 1.25


def test_the_first_visitor_is_told_apart_and_stock_stands_beside() -> None:
    opened = [Opened(2.0, 3.0), Opened(0.2, 0.4), Opened(0.4, 0.6)]
    found = figures(opened, [DONE, REFUSED], [Waited(8.0, 9.0)], crowd([DONE], before=1.0, after=2.0))
    assert found.opened.paint == 2.0 and found.opened_again.paint == pytest.approx(0.3)
    opening, waiting, crowded = page_grids(found)
    assert opening.rows[0][1:3] == ("2.00", "3.00")
    assert waiting.rows[0][:4] == ("first to read, median", "0.75", "8.00", "10.7 times")
    assert ("memory after", "2 MiB", "when all were answered") in crowded.rows
    assert len(page_grids(figures(opened, [DONE], [Waited(1.0, 1.0)], None))) == 2


def test_questions_stand_alone_and_go_round() -> None:
    order = PageOrder(Path("seeds"), None, questions=3, users=0)
    asked = order.asked(3)
    assert len(set(asked)) == 3 and asked == order.asked(3)
    alone = {one.question for one in load_known() if not one.history}
    assert len(order.asked(500)) == 500 and set(order.asked(500)) == alone


@pytest.mark.real
@pytest.mark.skipif(page_browser.chromium() is None, reason="no Chromium on PATH")
def test_the_clock_sees_what_the_page_shows() -> None:
    pytest.importorskip("playwright.sync_api", reason="playwright is missing; run: make test")
    from ui.app import serve

    port, rag = free_port(), FakeRag()
    page = serve(rag, port=port)  # type: ignore[arg-type]
    url = f"http://127.0.0.1:{port}/"
    try:
        with page_browser.browser() as browser:
            with page_browser.visitor(browser, url) as (tab, opened):
                visit = page_browser.ask(tab, LEAVE)
            crowded = page_browser.ask_at_once(browser, url, [LEAVE, UNKNOWN, LEAVE])
            rag.error = RagError("The index is gone.")
            with page_browser.visitor(browser, url) as (tab, _):
                failed = page_browser.ask(tab, LEAVE)
    finally:
        page.close(verbose=False)
    assert 0 < opened.paint < opened.usable + 1
    assert visit.answered and not visit.refused and visit.waited and 0 < visit.waited.first <= visit.waited.whole < 10
    assert [(one.answered, one.refused) for one in crowded] == [(True, False), (True, True), (True, False)]
    assert not failed.answered and failed.waited is None


@pytest.mark.real
def test_the_page_is_served_from_an_index_of_its_own_and_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_PHRASE", "never")
    docs, home = tmp_path / "docs", tmp_path / "home"
    docs.mkdir(), home.mkdir()
    with pytest.raises(RagError, match=r"cannot be indexed: .*docs"), serving(docs, home):
        pass
    (docs / "bridge.txt").write_text("The bridge of Ulm was opened in June 1932 by the mayor.", encoding="utf-8")
    with serving(docs, home) as server:
        assert httpx.get(server.url, trust_env=False).status_code == 200
        memory = server.memory_mib()
        assert memory is None or memory > 50
    with pytest.raises(httpx.HTTPError):
        httpx.get(server.url, trust_env=False)
