"""The short lines over a text that somebody wrote (a report, minutes, a letter) → its title, and who it is from.

Measured rules. Knows nothing of saved pages and of records, where the place of a line tells what it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

NAME_WORDS = 5
FIELDS = 2
"""Where so many lines look like fields they are a form's, and no headlines."""
_FIELD = re.compile(r"[A-Z][\w'’-]*(?: [\w'’-]+){0,2}: +\S")
"""`Present: Ann Lee, Bob Kim`. A headline may have a colon, too, but no other such line near it."""
_MAILED = re.compile(r"(?:from|to|cc|copy|sent|date|subject|re): ", re.I)
_SUBJECT = re.compile(r"(?:subject|re): +(?=\S)", re.I)
_GREETING = re.compile(r"(?:My )?[Dd]ear\b.*|.*,")
"""No title ends in a comma, but many a greeting does."""
_SECTION = re.compile(r"(?:\d+\.|\d+(?:\.\d+)+) (?=[A-Z])")
_ADDRESS = re.compile(r"[,\d]")
"""It stands in an address or the number of a letter, and seldom in a name."""


def title_and_publisher(
    texts: Mapping[int, str], date: tuple[int, str], below: str | None = None
) -> tuple[str | None, str | None]:
    """What the head of a text calls it and whom it is from, by its short lines and the line that gives the date.

    The title is the subject, else the longest line after the date, else before it, else `below`, else the first line.
    Fields, greetings and the headings of sections are neither title nor name. What stands over a letter's date is an
    address, but for its first line.

    Args:
        below: what may be a headline under it, one that reads like a sentence.

    >>> title_and_publisher({0: "Board meeting", 2: "Present: Ann, Bob, Cara"}, (1, "Date: 12 March 2025"))
    ('Board meeting', None)
    >>> title_and_publisher({0: "The Courier", 2: "Bridge opens at last"}, (1, "3 May 2025"))
    ('Bridge opens at last', 'The Courier')
    """
    at = date[0]
    texts = _of_this_mail(texts)
    fields = _fields(texts, date)
    plain = {i: text for i, text in texts.items() if i not in fields and not is_greeting(text)}
    plain = {i: text for i, text in plain.items() if not _SECTION.match(text)}
    subject = next((i for i, text in texts.items() if _SUBJECT.match(text)), None)
    is_form = len(fields) + bool(_MAILED.match(date[1])) >= FIELDS
    best = _title(plain, at, is_form=is_form) if subject is None else subject
    is_first = best is None and not below
    if is_first:
        opening = [*(i for i in plain if i < at), *(i for i in texts if i < at), *plain]
        best = next((i for i in opening if not is_greeting(texts[i])), None)
    names = {i: text for i, text in plain.items() if i != best and len(text.split()) <= NAME_WORDS}
    names = {i: text for i, text in names.items() if ":" not in text and not is_byline(text)}
    if is_first or any(i > at and is_greeting(text) for i, text in texts.items()):
        names = {i: text for i, text in names.items() if i == min(plain)}
    near = min(names, key=lambda i: (bool(_ADDRESS.search(names[i])), i > at, abs(i - at)), default=None)
    title = _SUBJECT.sub("", texts[best], count=1) if best is not None else below
    return title, names[near] if near is not None else None


def _of_this_mail(texts: Mapping[int, str]) -> dict[int, str]:
    """The lines with words in them; of several mails in one file, those below the rule that ends the one before."""
    rules = [i for i, text in texts.items() if not text and any(_MAILED.match(texts[j]) for j in texts if j > i)]
    return {i: text for i, text in texts.items() if text and i > max(rules, default=-1)}


def _fields(texts: Mapping[int, str], date: tuple[int, str]) -> set[int]:
    """The lines that are fields: those of mails, and what looks like one where there are others. On top is a title."""
    at, when = date
    like = {i for i, text in texts.items() if _FIELD.match(text) and (i != min(texts) or i > at)}
    if len(like) + bool(_MAILED.match(when)) < FIELDS:
        like = set()
    return like | {i for i, text in texts.items() if _MAILED.match(text)}


def _title(lines: Mapping[int, str], at: int, *, is_form: bool) -> int | None:
    """The longest line after the date, else before it; below the fields of a form there are headings, and no title."""
    once = {i: text for i, text in lines.items() if list(lines.values()).count(text) == 1}
    named = [i for i, text in once.items() if len(text.split()) > 2]
    near = [i for i in named if (i < at) == is_form] or named
    if near:
        return max(near, key=lambda i: (len(once[i].split()), not _ADDRESS.search(once[i])))
    if any(map(is_byline, lines.values())):  # what stands over "By …" is a title
        return next((i for i, text in once.items() if i < at and not is_byline(text)), None)
    return None


def is_greeting(text: str) -> bool:
    """Whether a line addresses a reader, as letters begin.

    >>> is_greeting("Dear Mr. Brown,"), is_greeting("Deer in the park")
    (True, False)
    """
    return bool(_GREETING.fullmatch(text))


def is_byline(text: str) -> bool:
    """Whether a line says who wrote the text."""
    return text.lower().startswith("by ")
