"""What the page's script sends with an event, read as what it should be: whatever else it sends counts for nothing."""

from __future__ import annotations

from typing import Any

from gradio import EventData

LONGEST = 1_000
"""Of a list, so many are read."""


def text(event: EventData, name: str) -> str:
    """The text under a name; empty where there is none."""
    return _text(_data(event).get(name))


def texts(event: EventData, name: str) -> list[str]:
    """The texts of the list under a name; none where it is no list."""
    found = _data(event).get(name)
    return [_text(one) for one in found[:LONGEST]] if isinstance(found, list) else []


def number(event: EventData, name: str) -> int:
    """The number under a name; 0, which no question and no footnote has, where it is none."""
    said = text(event, name)
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else 0


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str | int) and value is not True and value is not False else ""


def _data(event: EventData) -> dict[str, Any]:
    return event._data if isinstance(event._data, dict) else {}
