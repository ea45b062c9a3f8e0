"""Texts behind a text: what it reads when its disguises are taken off, each with the way back to the text's positions.

Invisible characters, look-alike letters, digits for letters, letters spaced out, words written backwards, and
runs that decode to text. Alters nothing that is stored. Does not know what an order to a model looks like.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote_plus

PRINTABLE_SHARE = 0.9
"""Decoded bytes are a text when this share of them can be printed; hashes and images stay far below."""
MOST_CHARS = 4_000
"""Of an encoded run; longer ones are data."""

MOST_FOLDS = 8_192

_SAME = dict(zip("’‘‚`´“”„«»‹›–—−ıłøđß", ["'"] * 5 + ['"'] * 7 + ["-"] * 3 + ["i", "l", "o", "d", "ss"], strict=True))
"""What compatibility normalisation leaves apart."""
_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and signs that show nothing."""
_LOOKALIKES = str.maketrans("авеіјкморстухѕһԁԛԝαβεικνορτυχ", "abeijkmopctyxshdqwabeikvoptux")
_MIXED = re.compile(r"[a-z][\u0370-\u052f]|[\u0370-\u052f][a-z]")
_MIXED_WORD = re.compile(r"(?<!\w)\w*?(?:[a-z][\u0370-\u052f]|[\u0370-\u052f][a-z])\w*")
_DIGITS = str.maketrans("013457@$!+", "oieastasit")
_DIGITS_WORD = re.compile(r"(?<![\w@$!+])[\w@$!+]*?(?:[a-z][013457@$!+]|[013457@$!+][a-z])[\w@$!+]*")
_SPACED = re.compile(r"(?<![^\W_])[^\W_](?:[ .\-_*·|/][^\W_]){4,}(?![^\W_])")
_BETWEEN_SIGNS = re.compile(r"(?<=(?<![^\W_])[^\W_])[.\-_*·|/](?=[^\W_](?![^\W_]))")
_BETWEEN_SPACES = re.compile(_BETWEEN_SIGNS.pattern.replace(r"[.\-_*·|/]", " "))
_ROT13 = str.maketrans("abcdefghijklmnopqrstuvwxyz", "nopqrstuvwxyzabcdefghijklm")
_TELLING = ("ignor", "disregard", "forget", "instruct", "prompt", "respond", "assistant")
"""Of these an order in English holds one; written backwards or in ROT13 they are no part of any other word."""


@dataclass(frozen=True, slots=True)
class View:
    """A text without one disguise."""

    text: str
    at: Sequence[int]
    """For each character of `text` the position of the one it stands for in the original."""
    how: str = ""
    """The disguise, in words; empty for the text as it is read."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span in the original of a span that is not empty."""
        first, last = self.at[start], self.at[end - 1]
        return min(first, last), max(first, last) + 1


@dataclass(frozen=True, slots=True)
class Decoded:
    """A run of the original that decodes to text."""

    start: int
    end: int
    text: str
    how: str


def fold(text: str) -> str:
    """Small letters without accents, compatibility forms and look-alike signs made one, invisible characters left out.

    Letters of a regular expression may be folded too, if it is in small letters: `\\W` would become `\\w`.
    """
    return text.lower() if text.isascii() else text.translate(_FOLDS)


def _fold(letter: str) -> str:
    if letter in _SAME or letter in _BLANKS:
        return _SAME.get(letter, "")
    parts = unicodedata.normalize("NFKD", _plain_letter(letter)).casefold()
    kept = "".join(part for part in parts if unicodedata.category(part) not in ("Mn", "Cf", "Me"))
    return unicodedata.normalize("NFC", "".join(_SAME.get(part, part) for part in kept))


def _plain_letter(letter: str) -> str:
    """Letters in filled circles and squares and those of flags, which have no compatibility form."""
    for first in (0x1F150, 0x1F170, 0x1F1E6):
        if 0 <= ord(letter) - first < 26:
            return chr(ord("a") + ord(letter) - first)
    return letter


class _Folds(dict[int, str]):
    """Letters and what they fold to, for `str.translate`; so many are kept, which no text but a list of signs has."""

    def __missing__(self, code: int) -> str:
        folded = _fold(chr(code))
        if len(self) < MOST_FOLDS:
            self[code] = folded
        return folded


_FOLDS = _Folds()


def views(text: str) -> Iterator[View]:
    """The text as it is read, and then with each disguise taken off that hid words of an order."""
    plain = _read(text)
    yield plain
    yield from (view for view in _undisguised(plain) if any(word in view.text for word in _TELLING))


def _undisguised(plain: View) -> Iterator[View]:
    if _MIXED.search(plain.text):
        yield View(_by_word(_MIXED_WORD, _LOOKALIKES, plain.text), plain.at, "in look-alike letters")
    if _DIGITS_WORD.search(plain.text):
        yield View(_by_word(_DIGITS_WORD, _DIGITS, plain.text), plain.at, "with digits for letters")
    if _SPACED.search(plain.text):
        yield _closed_up(plain)
    if any(word[::-1] in plain.text for word in _TELLING):
        yield View(plain.text[::-1], plain.at[::-1], "backwards")
        yield View(re.sub(r"\w+", lambda match: match.group()[::-1], plain.text), plain.at, "with words backwards")
    if any(word.translate(_ROT13) in plain.text for word in _TELLING):
        yield View(plain.text.translate(_ROT13), plain.at, "in ROT13")


def _read(text: str) -> View:
    if text.isascii():
        return View(text.lower(), range(len(text)))
    if all(len(_FOLDS[ord(letter)]) == 1 for letter in set(text)):
        return View(text.translate(_FOLDS), range(len(text)))
    folded = [_FOLDS[ord(letter)] for letter in text]
    return View("".join(folded), [at for at, letters in enumerate(folded) for _ in letters])


def _by_word(words: re.Pattern[str], table: dict[int, int], text: str) -> str:
    """Letters exchanged within the words that show the disguise; each stays in its place."""
    return words.sub(lambda match: match.group().translate(table), text)


def _closed_up(view: View) -> View:
    """`i g n o r e   a l l` → `ignore   all`, `i.g.n.o.r.e a.l.l` → `ignore all`."""
    between = _BETWEEN_SIGNS if _BETWEEN_SIGNS.search(view.text) else _BETWEEN_SPACES
    gone = {match.start() for match in between.finditer(view.text)}
    kept = [at for at in range(len(view.text)) if at not in gone]
    return View("".join(view.text[at] for at in kept), [view.at[at] for at in kept], "with letters spaced out")


# Runs that decode to text


def decoded(text: str) -> Iterator[Decoded]:
    """Every run in the text that is another text, encoded."""
    for how, sign, pattern, decode in _CODES:
        for match in pattern.finditer(text) if sign in text else ():
            said = decode(match.group()[:MOST_CHARS])
            if said and said != match.group():
                yield Decoded(match.start(), match.start() + len(match.group().rstrip()), said, how)


def _text(data: bytes) -> str:
    """Bytes as UTF-8 or UTF-16, or nothing when that makes no text."""
    wide = len(data) > 3 and data[1::2].count(0) > len(data) // 3
    said = data.decode("utf-16-le" if wide else "utf-8", "replace")
    printable = sum(letter.isprintable() or letter.isspace() for letter in said if letter != "\ufffd")
    return said if said and printable >= PRINTABLE_SHARE * len(said) else ""


def _base64(run: str) -> str:
    """Letters before the run proper, as of a word that it is joined to, shift it: it is tried from each of four."""
    letters = re.sub(r"[\s=]", "", run).replace("-", "+").replace("_", "/")
    for skip in range(4):
        whole = letters[skip : len(letters) - ((len(letters) - skip) % 4 == 1)]
        if said := _text(base64.b64decode(f"{whole}==")):
            return said
    return ""


def _base32(run: str) -> str:
    letters = run.rstrip("=")
    try:
        return _text(base64.b32decode(letters[: len(letters) // 8 * 8]))
    except binascii.Error:
        return ""


def _hex(run: str) -> str:
    return _text(bytes.fromhex("".join(re.findall(r"(?:0x|\\x|\\u00|%)?([0-9a-f]{2})", run, re.I))))


def _bits(run: str) -> str:
    return _text(bytes(int(octet, 2) for octet in re.findall(r"[01]{8}", run)))


def _tags(run: str) -> str:
    return "".join(chr(ord(letter) - 0xE0000) for letter in run)


_CODES: tuple[tuple[str, str, re.Pattern[str], Callable[[str], str]], ...] = (
    ("in base64", "", re.compile(r"[A-Za-z0-9+/_-]{20,}(?:\n[A-Za-z0-9+/_-]{8,})*={0,2}"), _base64),
    ("in base32", "", re.compile(r"[A-Z2-7]{24,}={0,6}"), _base32),
    ("in hexadecimal", "", re.compile(r"(?:(?:0x|\\x|\\u00|%)?[0-9A-Fa-f]{2}[\s,:;-]?){12,}"), _hex),
    ("percent-encoded", "%", re.compile(r"(?<!\S)[^\s%]*+(?:%[0-9A-Fa-f]{2}[^\s%]*+){3,}"), unquote_plus),
    ("in character references", "&#", re.compile(r"(?:&#x?[0-9A-Fa-f]{2,6};\s?){6,}"), html.unescape),
    ("in binary", "01", re.compile(r"(?:[01]{8}\s?){8,}"), _bits),
    ("in invisible tag characters", "\U000e0065", re.compile("[\U000e0020-\U000e007e]{4,}"), _tags),
)
