"""Draws the list of conversations that are kept, by day.

Pure functions of their arguments; does not know where conversations are kept.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from ui.history import LISTED, Kept, named
from ui.markup import button, count, escape

TODAY, YESTERDAY = "Today", "Yesterday"
SEEN = 26
"""Characters of a name that there is room for, in most letters; the rest is cut off."""
NONE_YET = "Your conversations will be listed here."


def shelf(kept: Sequence[Kept], *, current: str, today: date) -> str:
    """The conversations under the days they were last taken up on; `current` is the one on the page.

    Those whose names begin alike are told apart by when that was, and by how many questions they hold.
    """
    if not kept:
        return f'<p class="none">{NONE_YET}</p>'
    names = Counter(_beginning(one) for one in kept)
    alike = {one.id for one in kept if names[_beginning(one)] > 1}
    days = groupby(kept, key=lambda one: _day(one.changed, today))
    return "".join(
        f"<h3>{day}</h3><ul>{''.join(_line(one, current, alike=one.id in alike, day=day) for one in some)}</ul>"
        for day, some in days
    )


def kept_by_browser(told: str) -> list[Kept]:
    """The conversations that a browser says it keeps, as JSON, the latest first; what is no such thing is left out."""
    try:
        found = [
            Kept(str(one["id"]), named(str(one["title"])), str(one["changed"]), _number(one.get("asked")))
            for one in json.loads(told)[:LISTED]
        ]
        for one in found:
            datetime.fromisoformat(one.changed)
    except (ValueError, KeyError, TypeError, AttributeError):
        return []
    return sorted(found, key=lambda one: one.changed, reverse=True)


def _beginning(one: Kept) -> str:
    return one.title[:SEEN].casefold()


def _number(said: object) -> int:
    return said if type(said) is int and said > 0 else 0


def _line(one: Kept, current: str, *, alike: bool, day: str) -> str:
    here = ' aria-current="true"' if one.id == current else ""
    apart = f' <span class="apart">{_apart(one, day)}</span>' if alike else ""
    return (
        f"<li{here}>{button(escape(one.title) + apart, event='choose', classes='title', id=one.id)}"
        f"{button('', event='edit', classes='icon edit', name='Rename', id=one.id, title=one.title)}"
        f"{button('', event='forget', classes='icon bin', name='Delete', id=one.id)}</li>"
    )


def _apart(one: Kept, day: str) -> str:
    """When it was last taken up, as precisely as its day's heading does not say, and how long it is."""
    at = datetime.fromisoformat(one.changed).astimezone()
    when = f"{at:%H:%M}" if day in (TODAY, YESTERDAY) else f"{at.day} {at:%B}, {at:%H:%M}"
    return f"{when} · {count(one.asked, 'question')}" if one.asked else when


def _day(changed: str, today: date) -> str:
    day = datetime.fromisoformat(changed).astimezone().date()
    if day >= today:
        return TODAY
    if day == today - timedelta(days=1):
        return YESTERDAY
    return "This week" if day > today - timedelta(days=7) else day.strftime("%B %Y")
