"""Bytes → text: byte-order marks, UTF-8, cp1252, what a page declares, or what charset-normalizer recognises.

Knows encodings alone; does not know what the text is in.
"""

from __future__ import annotations

import codecs
import re

from rag.errors import ReadError

WESTERN_SHARE = 0.3
"""Up to this share of non-ASCII bytes, text that is not UTF-8 is taken for cp1252. charset-normalizer takes such
a page of French for cp1250 (`où` becomes `oů`) and a word like `café` for Chinese: it finds them equally likely."""
WIDE_SHARE = 0.6
"""From this share of zero bytes at every second place, and none at the others, text without a mark is UTF-16."""
DECLARED_WITHIN = 2048
"""Bytes at the start of a page in which it may declare its encoding; browsers look at 1024."""
_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_SIGN_IN_WORD = re.compile(r"[^\W\d_][¡-¿×÷][^\W\d_]")
_DECLARED = re.compile(
    rb"<meta[^>]*?charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)", re.I
)
_SAME_AS_CP1252 = ("ascii", "iso8859-1")
"""Who declares these writes cp1252 as a rule, and browsers read it so."""


def decode(data: bytes) -> str:
    """Bytes → text with `\\n` line ends.

    Raises:
        ReadError: not text.
    """
    text = _decode_marked(data)
    if text is None or "\0" in text:
        text = _decode_wide(data) or text
    if text is None:
        text = _decode_western(data)
    if text is None:
        from charset_normalizer import from_bytes

        best = from_bytes(data).best()
        if best is None:
            raise ReadError("not text in any known encoding")
        text = str(best)
    return _plain(text)


def decode_page(data: bytes) -> str:
    """The text of a page of HTML or XML: as it declares itself where that is true, else as `decode` finds.

    Raises:
        ReadError: not text.
    """
    marked = data.startswith((codecs.BOM_UTF8, *(mark for mark, _ in _MARKS)))
    found = None if marked else _DECLARED.search(data[:DECLARED_WITHIN])
    if found is None:
        return decode(data)
    name = (found[1] or found[2]).decode("ascii")
    return decode(data) if name.lower().startswith(("utf-16", "utf-32")) else decode_as(data, name)


def decode_as(data: bytes, name: str) -> str:
    """The text in the encoding of this name; as `decode` finds where that encoding is unknown or does not fit.

    Raises:
        ReadError: not text.
    """
    try:
        known = codecs.lookup(name).name
        text = data.decode("cp1252" if known in _SAME_AS_CP1252 else known)
    except (LookupError, UnicodeError, AssertionError, TypeError, ValueError):  # codecs of bytes, such as `hex`
        return decode(data)
    return _plain(text) if isinstance(text, str) and "\0" not in text else decode(data)


def _plain(text: str) -> str:
    if "\0" in text:
        raise ReadError("binary data, not text")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _decode_marked(data: bytes) -> str | None:
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    try:
        return data.decode(marked or "utf-8-sig")
    except UnicodeDecodeError as exc:
        if marked:
            raise ReadError(f"damaged {marked} text") from exc
        return None


def _decode_wide(data: bytes) -> str | None:
    """UTF-16 without a mark: of mostly ASCII text, one half of the bytes is zero."""
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if min(even, odd) or len(data) % 2 or max(even, odd) < WIDE_SHARE * len(data) / 2:
        return None
    try:
        return data.decode("utf-16-be" if even else "utf-16-le")
    except UnicodeDecodeError:
        return None


def _decode_western(data: bytes) -> str | None:
    """cp1252, which is most of what is mostly ASCII but not UTF-8; not where a sign would stand within a word."""
    if sum(byte > 127 for byte in data) > WESTERN_SHARE * len(data):
        return None
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    return None if _SIGN_IN_WORD.search(text) else text
