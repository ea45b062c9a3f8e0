"""What the page says of the documents at a moment: read once a look, and told only where it differs."""

from __future__ import annotations

import gradio as gr

from rag import Upkeeping
from rag.errors import StoreError
from rag.types import Status
from tests.ui.fakes import FakeRag
from ui.about import About

SAME = gr.skip()


class Counting(FakeRag):
    """Counts how often it is asked how the documents stand."""

    looks = 0

    def status(self) -> Status:
        self.looks += 1
        if self.error is not None:
            raise self.error
        return super().status()


def test_a_look_reads_once_and_tells_what_differs() -> None:
    rag = Counting()
    about = About(rag)
    shown = about.all()
    assert rag.looks == 1
    assert "148" in shown["stands"]
    assert "Ask your documents" in shown["welcome"]
    assert shown["upkeep"] == shown["progress"] == ""
    assert about.renewed(shown) == (SAME, SAME, SAME, SAME, shown)
    assert rag.looks == 2
    rag.upkeep = Upkeeping(running=True, what="reading", done=1, total=3)
    stands, welcome, upkeep, progress, now = about.renewed(shown)
    assert (stands, welcome) == (SAME, SAME)
    assert "1 of 3 files read" in upkeep
    assert progress == upkeep == now["upkeep"]


def test_why_nothing_can_be_read_stands_below_what_is_shown() -> None:
    rag = Counting()
    about = About(rag)
    shown = about.all()
    rag.error = StoreError("The index is damaged.")
    stands, welcome, upkeep, _, now = about.renewed(shown)
    assert (stands, welcome) == (SAME, SAME)
    assert "The index is damaged." in upkeep
    assert now == {**shown, "upkeep": upkeep, "progress": upkeep}
