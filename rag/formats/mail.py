"""A mail (.eml) → `Document`: who wrote it to whom, when, about what, and the text. Does not unpack attachments."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr, parsedate_to_datetime

from rag.errors import ReadError
from rag.formats.encoding import decode_as
from rag.formats.parts import Parts, one_line, stated, tidy
from rag.formats.web import from_markup
from rag.types import Document

_INTRODUCED = re.compile(r"(?:On|Am|Le|El)\s.{5,200}(?:wrote|schrieb|a écrit|escribió)\b.{0,60}:", re.S)
"""The line, or two, over the mail that this one answers."""
_FORWARDED = re.compile(r"-{2,} ?Original Message ?-{2,}", re.I)
_HEADER = re.compile(r"\s*(?:From|Von|De): .+\n\s*(?:Sent|Date|To|Gesendet|An|Envoyé|À): .+", re.I)
"""Of the mail that this one answers, as Outlook puts it above that."""
_QUOTED = re.compile(
    r"<blockquote\b.*</blockquote>|<div[^>]*\b(?:gmail_quote|yahoo_quoted|moz-cite-prefix|divRplyFwdMsg)\b.*",
    re.I | re.S,
)
"""What mail programs put around the mail that is answered; it stands last."""
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
    shown = from_markup(_QUOTED.sub("", _content(page))).text if page is not None else ""
    if len(text) < PLAIN_SHARE * len(shown):  # "please view this mail in HTML"
        return shown
    return tidy("\n".join(_own(text.split("\n")))) or tidy(text) or shown


def _own(lines: list[str]) -> list[str]:
    """A mail's lines without the mail that it answers, quoted below it, and without the signature."""
    cut = next((at for at in range(1, len(lines)) if _begins_answered(lines, at)), len(lines))
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
    return bool(_FORWARDED.fullmatch(lines[at].strip()) or _HEADER.match("\n".join(lines[at : at + 2])))


def _content(part: MIMEPart) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    return decode_as(payload, str(part.get_content_charset() or "utf-8"))


def _attachments(mail: EmailMessage) -> list[EmailMessage]:
    return [part for part in mail.iter_attachments() if isinstance(part, EmailMessage)] if mail.is_multipart() else []
