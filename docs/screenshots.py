"""Takes the README's screenshots from the running page: `python docs/screenshots.py [DIR]` (needs Chromium).

The page is started over a folder of documents with an index of its own, asked, and photographed: wide and narrow,
light and dark.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from eval.page_browser import browser
from eval.page_server import serving

IMAGES = Path(__file__).parent / "images"
QUESTION = "when do coalition forces leave Baghdad?"


def answer(page: Any) -> None:
    """The question asked, and the first of its sources opened."""
    page.get_by_label("Question", exact=True).fill(QUESTION)
    page.keyboard.press("Enter")
    page.locator(".exchange.done .offered").wait_for()
    page.locator(".chip").first.click()
    page.locator("#sources mark").wait_for()


def documents(page: Any) -> None:
    """The list of documents, one of several articles opened."""
    page.get_by_role("tab", name="Documents").click()
    page.locator("#library summary").first.click()


SHOTS = (
    ("answer-light", (1_360, 800), "light", answer),
    ("answer-dark", (1_360, 800), "dark", answer),
    ("documents", (1_360, 700), "light", documents),
    ("phone", (390, 780), "light", answer),
)


def main(folder: Path) -> None:
    """Take them all."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as home, serving(folder, Path(home)) as server, browser() as opened:
        for name, (width, height), scheme, show in SHOTS:
            page = opened.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            page.goto(server.url)
            page.locator(".example").first.wait_for(timeout=120_000)  # what the documents suggest
            show(page)
            page.wait_for_timeout(800)
            page.screenshot(path=IMAGES / f"{name}.png")
            page.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "seeds"))
