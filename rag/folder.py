"""A folder → the files in it that are to be indexed, and why the others are not.

`.ragignore`, in the syntax of `.gitignore`, names what is left out. Does not open any other file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import FolderError, NoDocumentsError, ReadError
from rag.formats.encoding import decode
from rag.read import SIDECAR, SUFFIXES
from rag.types import FileReport

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

IGNORE = ".ragignore"
TAG = "CACHEDIR.TAG"
TAGGED = b"Signature: 8a477f597d28d172789f06886806bc55\n# Footnote's index: made from documents, it can be deleted.\n"
"""Marks an index (https://bford.info/cachedir): what lies in one is no document, and needs no backup."""
RACY_NS = 2 * 10**9
"""A file changed less than two seconds before it was looked at may change again within one tick of its clock."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file of a format that can be read; `source` is its path in the folder, with forward slashes."""

    source: str
    stamp: str
    """Size and time of the last change: where both are as before, so is the file. Empty where that is not sure."""


def check_folder(folder: Path) -> None:
    """Raises FolderError when the folder does not exist or is not a folder."""
    if not folder.exists():
        raise FolderError(f"The folder {str(folder)!r} does not exist; name a folder of documents.")
    if not folder.is_dir():
        raise FolderError(f"{str(folder)!r} is a file, not a folder; name the folder it lies in.")


def look_through(folder: Path, now_ns: int) -> tuple[list[Found], list[FileReport]]:
    """As `survey`, where there must be something to be read.

    Raises:
        NoDocumentsError: there is nothing.
        FolderError: as `survey`.
    """
    found, left = survey(folder, now_ns)
    if not found:
        raise nothing_in(folder, left)
    return found, left


def nothing_in(folder: Path, left: Sequence[FileReport]) -> NoDocumentsError:
    """What to say of a folder without a file that is read; what was left out of it shows why."""
    beside = f" ({printable(left[0].source)}: {left[0].reason})" if left else ""
    said = f"The folder {str(folder)!r} holds no file that can be read{beside}; put documents there"
    return NoDocumentsError(f"{said}: {', '.join(SUFFIXES)}.")


def is_bare(folder: Path) -> bool:
    """Whether there is nothing at all in the folder: it may be the place of a disk that is not there just now."""
    return next(folder.iterdir(), None) is None


def survey(folder: Path, now_ns: int) -> tuple[list[Found], list[FileReport]]:
    """The files to be read, and those that are left out with the reason; both sorted by name.

    Hidden files and folders are passed over, and so are indexes that lie in the folder; links that lead out of it are
    not followed.

    Args:
        now_ns: the time, nanoseconds since 1970.

    Raises:
        FolderError: the folder does not exist, is not a folder, or its `.ragignore` is no text.
    """
    check_folder(folder)
    root, ignored = folder.resolve(), _ignored(folder)
    found: list[Found] = []
    left: list[FileReport] = []
    for path in _files(folder, ignored):
        source = path.relative_to(folder).as_posix()
        if source == SIDECAR:
            continue
        if ignored is not None and (ignored.match_file(source) or _is_cut(folder, path, ignored)):
            source += "/" if path.is_dir() and not path.is_symlink() else ""
            left.append(FileReport(_stored(source), "skipped", reason=f"named in {IGNORE}"))
        elif reason := _link(path, root) if path.is_symlink() else "":
            left.append(FileReport(_stored(source), "skipped", reason=reason))
        elif path.suffix.lower() not in SUFFIXES:
            left.append(FileReport(_stored(source), "skipped", reason=_not_read(_stored(path.suffix))))
        elif path.is_file():
            found.append(Found(source, _stamp(path, now_ns)))
        else:
            left.append(FileReport(_stored(source), "skipped", reason="no ordinary file"))
    return sorted(found, key=lambda one: one.source), sorted(left, key=lambda one: one.source)


def _files(folder: Path, ignored: GitIgnoreSpec | None) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        here = Path(place)
        folders[:] = [name for name in folders if not name.startswith(".") and not _is_index(here / name)]
        cut = [name for name in folders if _is_cut(folder, here / name, ignored)]
        folders[:] = [name for name in folders if name not in cut]
        yield from (here / name for name in cut)
        yield from (here / name for name in files if not name.startswith("."))
        yield from (here / name for name in folders if (here / name).is_symlink())


def _is_index(folder: Path) -> bool:
    try:
        return (folder / TAG).read_bytes() == TAGGED
    except OSError:
        return False


def _is_cut(folder: Path, path: Path, ignored: GitIgnoreSpec | None) -> bool:
    """Whether a whole folder is left out: nothing in it can be taken back by a later line, as in git."""
    return ignored is not None and ignored.match_file(f"{path.relative_to(folder).as_posix()}/")


def _ignored(folder: Path) -> GitIgnoreSpec | None:
    if not (folder / IGNORE).is_file():
        return None
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(decode((folder / IGNORE).read_bytes()).splitlines())
    except (OSError, ValueError, ReadError) as exc:
        raise FolderError(f"{str(folder / IGNORE)!r} cannot be used ({exc}); write it like a .gitignore.") from exc


def _link(path: Path, root: Path) -> str:
    """Why a link is not followed; empty where it leads to a file in the folder."""
    if path.is_dir():
        return "a link to a folder"
    if not path.is_file():
        return "a link that leads nowhere"
    return "" if path.resolve().is_relative_to(root) else "a link that leads out of the folder"


def _not_read(suffix: str) -> str:
    return f"files ending in {suffix.lower()} are not read" if suffix else "a name without an ending tells no format"


def _stamp(path: Path, now_ns: int) -> str:
    try:
        found = path.stat()
    except OSError:  # gone, or not to be looked at: reading it will say so
        return ""
    newest = max(found.st_mtime_ns, found.st_ctime_ns)
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ino}" if newest < now_ns - RACY_NS else ""


def _stored(source: str) -> str:
    """The name, even where it is no text."""
    return source.encode("utf-8", "backslashreplace").decode()


def printable(name: str) -> str:
    """A file's name on one line, without anything that steers a terminal."""
    return name if name.isprintable() else name.encode("unicode_escape").decode()
