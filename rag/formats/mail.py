"""A mail (.eml) → `Document`: who wrote it to whom, when, about what, and the text. Does not unpack attachments."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr, parsedate_to_datetime
from itertools import takewhile
from typing import Any

from rag.errors import ReadError
from rag.formats.encoding import decode_as
from rag.formats.parts import Parts, one_line, stated, tidy
from rag.formats.web import from_markup, parse
from rag.types import Document

_INTRODUCED = re.compile(r"(?:On|Am|Le|El)\s.{5,200}(?:wrote|schrieb|a écrit|escribió)\b.{0,60}:", re.S)
"""The line, or two, over the mail that this one answers."""
_ORIGINAL = re.compile(r"-{2,} ?Original Message ?-{2,}", re.I)
_HEADER = re.compile(r"\s*(?:From|Von|De) ?: .+\n\s*(?:Sent|Date|To|Gesendet|An|Envoyé|À) ?: .+", re.I)
"""Of the mail that this one answers, as Outlook puts it above that. It has an address besides, or one of the lines
that only mails have: in a form, `From: 2 June` and `To: 13 June` may stand below each other."""
_ONLY_MAILS = re.compile(r"\s*(?:Subject|Betreff|Objet|Asunto|Sent|Gesendet|Envoyé) ?: ", re.I)
HEADER_LINES = 12
_FORWARDS = re.compile(r"(?:\[[^\]]*\] ?)?(?:fwd?|wg|tr|rv) ?:", re.I)
"""The subject of a mail that hands another one on: what stands below is what it is about."""
_FORWARDED = re.compile(
    r"-{2,} ?(?:Forwarded message|Weitergeleitete Nachricht|Message transféré|Mensaje reenviado) ?-{2,}"
    r"|Begin forwarded message:",
    re.I,
)
_QUOTED = re.compile(r"\b(?:gmail_quote|gmail_attr|yahoo_quoted|moz-cite-prefix|divRplyFwdMsg)")
"""What mail programs put around the mail that is answered, but for `blockquote`."""
_LAST = "divRplyFwdMsg"
"""The header of that mail: it goes on to the end."""
PLAIN_SHARE = 0.3
"""A plain text shorter than this beside a page is a stopgap."""
_SIGNATURE = "-- "


def read_eml(data: bytes) -> Document:
    """The text of a mail; of one in HTML alone, the text of its page.

    Raises:
        ReadError: no mail.
    """
    mail = email.message_from_bytes(data, _class=EmailMessage, policy=email.policy.default)
    subject, sender = _header(mail, "Subject"), _header(mail, "From")
    if not any(mail.get_all(key) for key in ("From", "To", "Subject", "Date")):
        raise ReadError("not a mail: it has no From, To, Subject or Date")
    published = _day(_header(mail, "Date"))
    heads = {"From": sender, "To": _header(mail, "To"), "Cc": _header(mail, "Cc")}
    parts = Parts()
    parts.add("\n".join(f"{key}: {value}" for key, value in heads.items() if value))
    parts.add(_body(mail))
    if names := [one_line(part.get_filename()) or part.get_content_type() for part in _attachments(mail)]:
        parts.add(f"Attachments: {', '.join(names)}")
    name, address = parseaddr(sender)
    return Document(
        text=parts.text,
        title=subject or None,
        publisher=name or address or None,
        published=published,
        dated="mail header" if published else "",
    )


def _header(mail: EmailMessage, key: str) -> str:
    try:
        return one_line(str(mail.get(key) or ""))
    except Exception:  # what the standard library raises on damaged headers has no common base
        return ""


def _day(date: str) -> str | None:
    try:
        return stated(parsedate_to_datetime(date).date().isoformat())
    except (TypeError, ValueError, OverflowError, IndexError):
        return stated(date)


def _body(mail: EmailMessage) -> str:
    plain, page = (mail.get_body(preferencelist=(kind,)) for kind in ("plain", "html"))
    text = _content(plain) if plain is not None else ""
    forwards = bool(_FORWARDS.match(_header(mail, "Subject")))
    shown = _shown(_content(page), forwards=forwards) if page is not None else ""
    if len(text) < PLAIN_SHARE * len(shown):  # "please view this mail in HTML"
        return shown
    own = tidy("" if forwards else "\n".join(_own(text.split("\n"))))
    return own or tidy(text) or shown


def _shown(page: str, *, forwards: bool) -> str:
    """The text of a page without the mail that it answers; answers may stand between the parts of that."""
    from lxml import html

    root = None if forwards else parse(page)
    quoted = [] if root is None else [one for one in root.iter("blockquote", "div") if _is_answered(one)]
    for one in quoted:
        above = next(one.itersiblings("*", preceding=True), None)
        if above is not None and _INTRODUCED.fullmatch(one_line(above.text_content())):
            above.drop_tree()
        if _LAST in _named(one):
            _cut_after(one)
        if one.getparent() is not None:  # else it was cut already
            one.drop_tree()
    left = from_markup(html.tostring(root, encoding="unicode")).text.split("\n\n") if quoted else []
    own = "\n\n".join(block for block in left if not _INTRODUCED.fullmatch(block))
    return own or from_markup(page).text


def _is_answered(element: Any) -> bool:
    """Whether an element is of the mail that is answered, and holds no answers between parts of that."""
    if element.tag != "blockquote" and (not _QUOTED.search(_named(element)) or element.find("blockquote") is not None):
        return False
    return not any(_FORWARDED.match(_opening(one)) for one in (element, *element.iterancestors()))


def _named(element: Any) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _opening(element: Any) -> str:
    """The first words in an element."""
    return next((text.strip() for text in element.itertext("*") if text.strip()), "")


def _cut_after(element: Any) -> None:
    """Remove all that stands below an element on its page."""
    for one in (element, *element.iterancestors()):
        one.tail = None
        for later in [*one.itersiblings()]:
            later.getparent().remove(later)


def _own(lines: list[str]) -> list[str]:
    """A mail's lines without the mail that it answers, quoted below it, and without the signature.

    All of them where it forwards one.
    """
    cut = next((at for at in range(1, len(lines)) if _begins_answered(lines, at)), len(lines))
    if any(_FORWARDED.fullmatch(line.strip()) for line in lines[:cut]):
        return lines
    lines = lines[:cut]
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].startswith(">")):
        end -= 1
    if any(lines[end:]):
        for above in (1, 2):
            if _INTRODUCED.fullmatch("\n".join(lines[max(0, end - above) : end]).strip()):
                end -= above
                break
    lines = lines[: max(0, end)]
    return lines[: lines.index(_SIGNATURE)] if _SIGNATURE in lines else lines


def _begins_answered(lines: list[str], at: int) -> bool:
    if _ORIGINAL.fullmatch(lines[at].strip()):
        return True
    if not _HEADER.match("\n".join(lines[at : at + 2])):
        return False
    header = takewhile(str.strip, lines[at : at + HEADER_LINES])
    return any("@" in line for line in lines[at : at + 2]) or any(map(_ONLY_MAILS.match, header))


def _content(part: MIMEPart) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    return decode_as(payload, str(part.get_content_charset() or "utf-8"))


def _attachments(mail: EmailMessage) -> list[EmailMessage]:
    return [part for part in mail.iter_attachments() if isinstance(part, EmailMessage)] if mail.is_multipart() else []
