"""The Chromium that tests drive, how it is started, and the mark of a test that needs it."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from eval.page_browser import chromium

CHROMIUM = chromium()
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None or find_spec("playwright") is None,
    reason="no Chromium on PATH (install it, e.g. apt-get install chromium), or no playwright; run: make test",
)
