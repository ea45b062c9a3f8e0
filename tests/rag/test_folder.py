"""Which files of a folder are indexed, and why the others are not."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from rag.errors import FolderError
from rag.folder import IGNORE, look_through

LATER = 10**30


def list_sources(folder: Path) -> list[str]:
    return [one.source for one in look_through(folder, LATER)[0]]


def left(folder: Path) -> dict[str, str]:
    return {one.source: one.reason for one in look_through(folder, LATER)[1]}


def put(folder: Path, *names: str, text: str = "x") -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_files_of_supported_formats_sorted(tmp_path: Path) -> None:
    for name in ("b.txt", "a.TXT", "sub/c.md", "sub/deep/d.markdown", "e.PDF", "f", "sources.toml", "g.txt.bak"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert list_sources(tmp_path) == ["a.TXT", "b.txt", "e.PDF", "sub/c.md", "sub/deep/d.markdown"]


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    for name in (".a.txt", ".git/b.txt", "sub/.c.txt", "sub/.d/e.txt", "shown.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert list_sources(tmp_path) == ["shown.txt"]


def test_a_hidden_folder_may_be_named_itself(tmp_path: Path) -> None:
    (tmp_path / ".notes").mkdir()
    (tmp_path / ".notes" / "a.txt").write_text("x", encoding="utf-8")
    assert list_sources(tmp_path / ".notes") == ["a.txt"]


def test_a_folder_named_like_a_file_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "folder.txt" / "a.txt").write_text("x", encoding="utf-8")
    assert list_sources(tmp_path) == ["folder.txt/a.txt"]


def link(path: Path, target: Path) -> None:
    try:
        path.symlink_to(target)
    except OSError as exc:
        pytest.skip(f"no links on this system: {exc}")


def test_links_stay_in_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (folder / "a.txt").write_text("x", encoding="utf-8")
    link(folder / "out.txt", tmp_path / "secret.txt")
    link(folder / "in.txt", folder / "a.txt")
    link(folder / "broken.txt", folder / "gone.txt")
    link(folder / "circle.txt", folder / "circle.txt")
    link(folder / "up", tmp_path)
    assert list_sources(folder) == ["a.txt", "in.txt"]


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.txt").write_text("x", encoding="utf-8")
    link(tmp_path / "linked", tmp_path / "docs")
    assert list_sources(tmp_path / "linked") == ["a.txt"]


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="nowhere"):
        list_sources(tmp_path / "nowhere")
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    with pytest.raises(FolderError, match="not a folder"):
        list_sources(tmp_path / "a.txt")


def test_what_is_left_out_is_named_with_the_reason(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "b.exe", "sub/LICENCE", "sources.toml", ".hidden.exe")
    assert left(tmp_path) == {
        "b.exe": "files ending in .exe are not read",
        "sub/LICENCE": "a name without an ending tells no format",
    }


def test_links_that_are_not_followed_are_named(tmp_path: Path) -> None:
    folder = put(tmp_path / "docs", "a.txt", "sub/b.txt")
    put(tmp_path, "secret.txt")
    link(folder / "out.txt", tmp_path / "secret.txt")
    link(folder / "broken.txt", folder / "gone.txt")
    link(folder / "circle.txt", folder / "circle.txt")
    link(folder / "up", tmp_path)
    assert left(folder) == {
        "out.txt": "a link that leads out of the folder",
        "broken.txt": "a link that leads nowhere",
        "circle.txt": "a link that leads nowhere",
        "up": "a link to a folder",
    }


def test_ragignore_reads_like_gitignore(tmp_path: Path) -> None:
    put(
        tmp_path, "a.txt", "notes/b.txt", "notes/keep.txt", "drafts/c.txt", "sub/drafts/d.txt", "old.txt", "sub/old.txt"
    )
    (tmp_path / IGNORE).write_text("# mine\ndrafts/\n/old.txt\nnotes/*\n!notes/keep.txt\n", encoding="utf-8")
    assert list_sources(tmp_path) == ["a.txt", "notes/keep.txt", "sub/old.txt"]
    assert left(tmp_path) == dict.fromkeys(("drafts/", "notes/b.txt", "old.txt", "sub/drafts/"), "named in .ragignore")


def test_a_ragignore_that_is_no_text(tmp_path: Path) -> None:
    put(tmp_path, "a.txt")
    (tmp_path / IGNORE).write_bytes(b"\x89PNG\0\0")
    with pytest.raises(FolderError, match=r"ragignore.*cannot be used"):
        look_through(tmp_path, LATER)


def test_a_stamp_tells_a_file_that_has_changed(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "b.txt")
    before = {one.source: one.stamp for one in look_through(tmp_path, LATER)[0]}
    put(tmp_path, "b.txt", text="longer than before")
    os.utime(tmp_path / "a.txt", (1, 1))
    after = {one.source: one.stamp for one in look_through(tmp_path, LATER)[0]}
    assert all(before.values()) and before["a.txt"] != after["a.txt"] and before["b.txt"] != after["b.txt"]


def test_a_file_changed_just_now_has_no_stamp(tmp_path: Path) -> None:
    put(tmp_path, "a.txt")
    assert [one.stamp for one in look_through(tmp_path, time.time_ns())[0]] == [""]


def test_a_folder_of_pictures_alone_says_so(tmp_path: Path) -> None:
    put(tmp_path, "photo.png")
    with pytest.raises(FolderError, match=r"\(photo\.png: files ending in \.png are not read\)"):
        look_through(tmp_path, LATER)


@pytest.mark.skipif(os.name != "posix", reason="names are text here")
def test_a_reason_can_be_printed_whatever_the_ending_is(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("text", encoding="utf-8")
    try:
        (tmp_path / os.fsdecode(b"b.\xff")).write_text("text", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes no such name")
    (left,) = look_through(tmp_path, 0)[1]
    assert left.reason == "files ending in .\\udcff are not read"
