"""The two pieces that every part of the page is made of: HTML that we draw, and events that make no fuss.

Gradio's `gr.HTML` runs its *template* through Handlebars and then as a JavaScript template literal, and puts
`value` in only while that literal is evaluated: a value with `{{…}}`, `${…}` or backticks in it stays text.
Hence nothing from outside ever goes into `html_template`, `css_template` or further props.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import gradio as gr
from gradio.events import Dependency

HERE = Path(__file__).parent


def html(value: str = "", *, elem_id: str | None = None, js: str = "") -> gr.HTML:
    """A piece of the page that we draw ourselves. `js`: its script, which runs after the one that all share."""
    return gr.HTML(value, elem_id=elem_id, js_on_load=script(js) if js else None, apply_default_css=False)


def script(*names: str) -> str:
    """A piece's own scripts, behind the one that all share."""
    return together("events.js", *names)


def together(*names: str) -> str:
    """Scripts, one after another."""
    return "\n".join((HERE / name).read_text("utf-8") for name in names)


def quiet(listener: Callable[..., Dependency]) -> Callable[..., Dependency]:
    """An event that shows no spinner and is not offered as an API."""
    return partial(
        listener,
        show_progress="hidden",
        api_visibility="private",
        trigger_mode="multiple",  # `once` drops, without a word, what comes while the last is under way
    )
