"""Draws the list of conversations that are kept, by day.

Pure functions of their arguments; does not know where conversations are kept.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from ui.history import LISTED, Kept, named
from ui.markup import button, escape

NONE_YET = "Your conversations will be listed here."


def shelf(kept: Sequence[Kept], *, current: str, today: date) -> str:
    """The conversations under the days they were last taken up on; `current` is the one on the page."""
    if not kept:
        return f'<p class="none">{NONE_YET}</p>'
    days = groupby(kept, key=lambda one: _day(one.changed, today))
    return "".join(f"<h3>{day}</h3><ul>{''.join(_line(one, current) for one in some)}</ul>" for day, some in days)


def kept_by_browser(told: str) -> list[Kept]:
    """The conversations that a browser says it keeps, as JSON, the latest first; what is no such thing is left out."""
    try:
        found = [
            Kept(str(one["id"]), named(str(one["title"])), str(one["changed"])) for one in json.loads(told)[:LISTED]
        ]
        for one in found:
            datetime.fromisoformat(one.changed)
    except (ValueError, KeyError, TypeError):
        return []
    return sorted(found, key=lambda one: one.changed, reverse=True)


def _line(one: Kept, current: str) -> str:
    here = ' aria-current="true"' if one.id == current else ""
    return (
        f"<li{here}>{button(escape(one.title), event='choose', classes='title', id=one.id)}"
        f"{button('', event='edit', classes='icon edit', name='Rename', id=one.id, title=one.title)}"
        f"{button('', event='forget', classes='icon bin', name='Delete', id=one.id)}</li>"
    )


def _day(changed: str, today: date) -> str:
    day = datetime.fromisoformat(changed).astimezone().date()
    if day >= today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    return "This week" if day > today - timedelta(days=7) else day.strftime("%B %Y")
