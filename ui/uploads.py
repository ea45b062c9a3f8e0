"""Files that somebody adds in the browser → the folder of documents: checked, cleanly named, whole or not at all.

Knows names, sizes and folders; what is inside a file, and how much it unpacks to, is for its reader (`rag.read`).
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import filecmp
import os
import re
import shutil
import tempfile
import time
import unicodedata
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rag.read import MAX_BYTES, SUFFIXES

MAX_FILE_BYTES = MAX_BYTES
"""What is not read need not be taken in."""
MAX_FILES = 100
"""At once: the list of what became of them is to be read by a person."""
MAX_TOTAL_BYTES = 512 * 2**20
"""At once: it lies on the disk twice until it is added."""
NAME_BYTES = 200
"""Most file systems take 255; the rest is for a number."""
NUMBERED_AT_MOST = 10_000
SWEEP_SECONDS, SWEPT_AFTER, DEAD_AFTER = 600.0, 3600.0, 24 * 3600.0
"""How often the folder for what arrives is looked through, after how long an unclaimed file goes, and after how long
the folder of a process that was killed."""
PREFIX = "footnote-received-"

_DEVICES = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*(?:\.|$)", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""Marks with which `gpj.exe` is shown as `exe.jpg`. (The joiners of emoji and of Persian stay.)"""


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not added; `reason` is a sentence. Both are from outside: escape them."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the files: the names under which they were added, and those that were not."""

    saved: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()
    beside: tuple[tuple[str, str], ...] = ()
    """Of those that were added: their own name, which another file has, and the one they have instead."""
    known: tuple[str, ...] = ()
    """Names of files that were there already, of the same name and the same content: nothing was added."""


def accept(names: Sequence[str], sizes: Sequence[int]) -> list[str]:
    """For each file why it is not taken, in a sentence; empty for those that are."""
    said: list[str] = []
    count = total = 0
    for name, size in zip(names, sizes, strict=True):
        reason = _reason(clean_name(name), size)
        if not reason and count == MAX_FILES:
            reason = f"Only {MAX_FILES} files are added at once; add this one with the next."
        if not reason and total + size > MAX_TOTAL_BYTES:
            reason = f"Only {MAX_TOTAL_BYTES // 2**20} MiB are added at once; add this file with the next."
        if not reason:
            count, total = count + 1, total + size
        said.append(reason)
    return said


def _reason(name: str, size: int) -> str:
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        what = f"Files ending in {suffix} are not read" if suffix else "A name without an ending tells no format"
        return f"{what}; what is: {', '.join(SUFFIXES)}."
    if size == 0:
        return "The file is empty."
    if size > MAX_FILE_BYTES:
        return f"The file has {size / 2**20:,.0f} MiB; at most {MAX_FILE_BYTES // 2**20} MiB are read."
    return ""


def clean_name(name: str) -> str:
    """A name that every file system takes, that shows what it is, and that leads nowhere else."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    name = "".join(" " if letter.isspace() else letter for letter in name if not _is_unseen(letter))
    name = _FORBIDDEN.sub("_", " ".join(name.split())).lstrip(". ").rstrip(". ")
    stem, dot, suffix = name.rpartition(".")
    stem, suffix = (stem, dot + suffix) if dot and len(suffix) <= 16 else (name, "")
    stem = _cut(stem, NAME_BYTES - len(suffix.encode())).rstrip(". ") or "document"
    return f"_{stem}{suffix}" if _DEVICES.match(stem + suffix) else stem + suffix


def _is_unseen(letter: str) -> bool:
    category = unicodedata.category(letter)
    return letter in _DIRECTIONS or category in ("Cs", "Cn", "Co") or (category == "Cc" and not letter.isspace())


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore")


def save(files: Iterable[tuple[str, Path]], folder: Path, *, received: Path) -> Outcome:
    """Move files into the folder, each under a name that is free there; not what is there already.

    Args:
        files: (the name somebody gave it, where it lies now); a file that was saved is gone from there.
        folder: made when it is missing.
        received: what arrives lies here; nothing else is taken, whatever the second part of a pair says.
    """
    given = list(files)
    places = [path if _is_received(path, received) else None for _, path in given]
    reasons = accept([name for name, _ in given], [path.stat().st_size if path else 1 for path in places])
    saved, refused, beside, known = [], [], [], []
    for (name, _), path, reason in zip(given, places, reasons, strict=True):
        shown = clean_name(name)
        if path is None or reason:
            refused.append(Refused(shown, reason or "The file has not arrived; add it again."))
            continue
        try:
            if same := _same(path, folder, shown):
                known.append(same)
                continue
            saved.append(_move(path, folder, shown))
        except OSError as exc:
            refused.append(Refused(shown, f"The file could not be written to {folder}: {exc.strerror or exc}."))
            continue
        if saved[-1] != shown:
            beside.append((shown, saved[-1]))
    return Outcome(tuple(saved), tuple(refused), tuple(beside), tuple(known))


def _is_received(path: Path, received: Path) -> bool:
    """An ordinary file in the folder for what arrives; a link out of it is none."""
    try:
        return path.is_file() and path.resolve().is_relative_to(received.resolve())
    except (OSError, ValueError):
        return False


def _same(path: Path, folder: Path, name: str) -> str:
    """The name of the file in the folder that has the name, or the name and a number, and the same content."""
    for place in _places(folder, name):
        if not place.exists():
            return ""
        if place.is_file() and filecmp.cmp(path, place, shallow=False):
            with contextlib.suppress(OSError):
                path.unlink()
            return place.name
    return ""


def _move(path: Path, folder: Path, name: str) -> str:
    """Whole or not at all, and over nothing that is there: a hidden copy, which the index passes over, is renamed."""
    folder.mkdir(parents=True, exist_ok=True)
    handle, copy = tempfile.mkstemp(prefix=".", suffix=".part", dir=folder)
    try:
        with open(handle, "wb") as target, open(path, "rb") as source:
            shutil.copyfileobj(source, target, 2**20)
            target.flush()
            os.fsync(target.fileno())
        os.chmod(copy, 0o644)
        found = _put(Path(copy), folder, name)
    except BaseException:
        Path(copy).unlink(missing_ok=True)
        raise
    with contextlib.suppress(OSError):
        path.unlink()
    return found.name


def _put(copy: Path, folder: Path, name: str) -> Path:
    """Give a copy the first of its names that is free, in one step."""
    for place in _places(folder, name):
        try:
            os.link(copy, place)
        except FileExistsError:
            continue
        except OSError:  # no file has two names on this disk: hold the name with an empty file, for a moment
            try:
                place.open("xb").close()
            except FileExistsError:
                continue
            os.replace(copy, place)
        else:
            copy.unlink()
        return place
    raise FileExistsError(f"there are {NUMBERED_AT_MOST:,} files of this name")


def _places(folder: Path, name: str) -> Iterator[Path]:
    """`report.txt`, `report (2).txt`, `report (3).txt` …"""
    stem, suffix = os.path.splitext(name)
    for number in range(1, NUMBERED_AT_MOST):
        yield folder / (name if number == 1 else f"{stem} ({number}){suffix}")


@lru_cache(maxsize=1)
def received_folder() -> Path:
    """This process's own folder for what arrives, readable by nobody else and removed at the end.

    Gradio's is one for all users of the machine, and nothing ever leaves it. Call this before the page is built:
    components remember the folder.
    """
    for old in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        _remove_dead(old)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX)).resolve()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["GRADIO_TEMP_DIR"] = str(folder)
    return folder


def _remove_dead(folder: Path) -> None:
    with contextlib.suppress(OSError):
        seen = folder.lstat()
        ours = not hasattr(os, "getuid") or seen.st_uid == os.getuid()
        if ours and folder.is_dir() and not folder.is_symlink() and time.time() - seen.st_mtime > DEAD_AFTER:
            shutil.rmtree(folder, ignore_errors=True)


def sweep(folder: Path, now: float) -> None:
    """Remove what arrived more than an hour ago and was not claimed; mark the folder as in use."""
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            if path.is_file() and now - path.stat().st_mtime > SWEPT_AFTER:
                path.unlink()
    with contextlib.suppress(OSError):
        os.utime(folder, (now, now))


@contextlib.asynccontextmanager
async def sweeping() -> AsyncIterator[None]:
    """Sweeps the folder for what arrives every now and then."""

    async def forever() -> None:
        while True:
            await asyncio.to_thread(sweep, received_folder(), time.time())
            await asyncio.sleep(SWEEP_SECONDS)

    task = asyncio.create_task(forever())
    try:
        yield
    finally:
        task.cancel()
