"""Files added in the browser: what is taken, under which name, and that each is there whole or not at all."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.read import SUFFIXES
from tests.ui.browser import ARGUMENTS, CHROMIUM, needs_chromium
from ui import uploads
from ui.uploads import MAX_FILE_BYTES, MAX_FILES, MAX_TOTAL_BYTES, NAME_BYTES, Refused, accept, clean_name, save


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("report.txt", "report.txt"),
        ("Bericht über Öl (2).PDF", "Bericht über Öl (2).PDF"),
        ("re\u0301sume\u0301.md", "résumé.md"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\mira\\notes.txt", "notes.txt"),
        ("/etc/cron.d/x.txt", "x.txt"),
        ("..", "document"),
        ("", "document"),
        (".txt", "txt"),
        (".bashrc.txt", "bashrc.txt"),
        ("...hidden.md", "hidden.md"),
        ("a\x00b.txt", "ab.txt"),
        ("a\nb\tc\r.txt", "a b c.txt"),
        ("a\x1b[31m.txt", "a[31m.txt"),
        ("photo\u202etxt.exe", "phototxt.exe"),
        ("a\u2066b\u2069\ufeff.txt", "ab.txt"),
        ("a\ud800.txt", "a.txt"),
        ("<img src=x onerror=alert(1)>.html", "_img src=x onerror=alert(1)_.html"),
        ('say "hi".txt', "say _hi_.txt"),
        ("stream.txt:hidden.txt", "stream.txt_hidden.txt"),
        ("what?*|.txt", "what___.txt"),
        ("CON", "_CON"),
        ("con.txt", "_con.txt"),
        ("Lpt1.tar.md", "_Lpt1.tar.md"),
        ("COM¹.txt", "_COM¹.txt"),
        ("nul .txt", "_nul.txt"),
        ("console.txt", "console.txt"),
        ("dots... .", "dots"),
        ("  spaced   out .txt ", "spaced out.txt"),
        ("👩‍👩‍👧 family.txt", "👩‍👩‍👧 family.txt"),
        ("می‌خواهم.txt", "می‌خواهم.txt"),
    ],
)
def test_a_name_is_cleaned(given: str, clean: str) -> None:
    assert clean_name(given) == clean


@given(st.text(st.characters(), max_size=400))
def test_any_name_is_one_that_every_file_system_takes(name: str) -> None:
    clean = clean_name(name)
    assert 0 < len(clean.encode()) <= NAME_BYTES + 16
    assert not set(clean) & set('/\\<>:"|?*\0\n\r')
    assert clean[0] not in ". " and clean[-1] not in ". "
    assert clean_name(clean) == clean


def test_a_long_name_keeps_its_ending() -> None:
    assert clean_name("ö" * 500 + ".pdf") == "ö" * ((NAME_BYTES - 4) // 2) + ".pdf"


def test_formats_that_are_read_are_taken() -> None:
    names = [f"a{suffix.upper()}" for suffix in SUFFIXES]
    assert accept(names, [1] * len(names)) == [""] * len(names)


@pytest.mark.parametrize(
    ("name", "size", "said"),
    [
        ("a.exe", 1, "Files ending in .exe are not read"),
        ("a.txt.exe", 1, "Files ending in .exe are not read"),
        ("a.txt\u202e", 1, ""),
        ("sources.toml", 1, "Files ending in .toml are not read"),
        ("README", 1, "A name without an ending"),
        (".txt", 1, "A name without an ending"),
        ("a.txt", 0, "The file is empty."),
        ("a.txt", MAX_FILE_BYTES, ""),
        ("a.txt", MAX_FILE_BYTES + 2**20, "The file has 65 MiB; at most 64 MiB are read."),
    ],
)
def test_what_is_not_taken_is_said(name: str, size: int, said: str) -> None:
    (reason,) = accept([name], [size])
    assert reason.startswith(said) and bool(reason) is bool(said)


def test_the_rest_of_too_many_is_for_the_next_time() -> None:
    reasons = accept(["bad.exe"] + ["a.txt"] * (MAX_FILES + 2), [1] * (MAX_FILES + 3))
    assert reasons[1 : MAX_FILES + 1] == [""] * MAX_FILES
    assert all(f"Only {MAX_FILES} files" in reason for reason in reasons[MAX_FILES + 1 :])
    fit = MAX_TOTAL_BYTES // MAX_FILE_BYTES
    reasons = accept(["a.txt"] * (fit + 1), [MAX_FILE_BYTES] * (fit + 1))
    assert reasons[:-1] == [""] * fit and "512 MiB" in reasons[-1]


@pytest.mark.real
@needs_chromium
def test_files_chosen_in_a_browser_are_added(tmp_path: Path) -> None:
    """Through Gradio's own component and the guard, as the page does it."""
    import gradio as gr

    from tests.ui.test_hostile import WATCH, free_port, playwright
    from ui.safety import guarding

    def add(paths: list[str]) -> str:
        files = [(Path(path).name, Path(path)) for path in paths]
        outcome = save(files, tmp_path / "documents", received=uploads.received_folder())
        return " ".join((*outcome.saved, *(refused.reason for refused in outcome.refused)))

    uploads.received_folder()
    with gr.Blocks(analytics_enabled=False) as page:
        said = gr.Textbox(elem_id="said")
        chooser = gr.UploadButton("Add", file_count="multiple", elem_id="add")
        chooser.upload(add, chooser, said)
    port, guard = free_port(), guarding(host="127.0.0.1", uploads=True)
    page.launch(server_port=port, prevent_thread_lock=True, quiet=True, footer_links=[], app_kwargs={"lifespan": guard})
    given = [{"name": name, "mimeType": "text/plain", "buffer": b"text"} for name in ("Über <b>.txt", "a.exe")]
    try:
        with playwright.sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            tab = browser.new_page()
            tab.add_init_script(WATCH)
            tab.goto(f"http://127.0.0.1:{port}/")
            tab.locator("#add").or_(tab.locator("input[type=file]")).first.wait_for(state="attached")
            tab.locator("input[type=file]").first.set_input_files(given)
            tab.wait_for_function("document.querySelector('#said textarea').value !== ''")
            shown = tab.locator("#said textarea").input_value()
            assert tab.evaluate("window.violations") == []
            browser.close()
    finally:
        page.close(verbose=False)
    (added,) = (tmp_path / "documents").iterdir()
    assert added.read_bytes() == b"text" and added.name.startswith("Über") and added.suffix == ".txt"
    assert shown.startswith(f"{added.name} Files ending in .exe are not read")


@pytest.fixture
def received(tmp_path: Path) -> Path:
    folder = tmp_path / "received"
    folder.mkdir()
    return folder


def arrive(received: Path, name: str, data: bytes = b"text") -> Path:
    path = received / f"{len(list(received.iterdir()))}-{name}"
    path.write_bytes(data)
    return path


def test_files_are_moved_and_overwrite_nothing(received: Path, tmp_path: Path) -> None:
    folder = tmp_path / "documents" / "added"
    for number in range(3):
        outcome = save([("report.txt", arrive(received, "x", b"%d" % number))], folder, received=received)
        assert outcome.refused == ()
    found = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert found == {"report.txt": b"0", "report (2).txt": b"1", "report (3).txt": b"2"}
    assert list(received.iterdir()) == []
    if os.name == "posix":
        assert (folder / "report.txt").stat().st_mode & 0o777 == 0o644


def test_a_name_that_is_taken_is_said_and_the_same_file_is_not_added_twice(received: Path, tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    given = [("report.txt", arrive(received, "x", data)) for data in (b"old", b"new", b"old", b"new")]
    outcome = save(given, folder, received=received)
    assert outcome.saved == ("report.txt", "report (2).txt")
    assert outcome.beside == (("report.txt", "report (2).txt"),)
    assert outcome.known == ("report.txt", "report (2).txt")
    assert outcome.refused == ()
    found = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert found == {"report.txt": b"old", "report (2).txt": b"new"}
    assert list(received.iterdir()) == []


def test_where_no_file_has_two_names_nothing_is_overwritten_either(
    received: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(uploads.os, "link", link)
    for data in (b"old", b"new"):
        save([("report.txt", arrive(received, "x", data))], tmp_path / "documents", received=received)
    found = {path.name: path.read_bytes() for path in (tmp_path / "documents").iterdir()}
    assert found == {"report.txt": b"old", "report (2).txt": b"new"}


def test_a_bad_one_keeps_no_good_one_out(received: Path, tmp_path: Path) -> None:
    given = [("a.txt", arrive(received, "a")), ("b.exe", arrive(received, "b")), ("../c.md", arrive(received, "c"))]
    outcome = save(given, tmp_path / "documents", received=received)
    assert outcome.saved == ("a.txt", "c.md")
    (refused,) = outcome.refused
    assert refused.name == "b.exe" and refused.reason.startswith("Files ending in .exe are not read")
    assert sorted(path.name for path in (tmp_path / "documents").iterdir()) == ["a.txt", "c.md"]


def test_only_what_arrived_is_taken(received: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    (received / "link.txt").symlink_to(secret)
    (received / "deep").mkdir()
    paths = [secret, received / "link.txt", received / ".." / "secret.txt", received / "deep", received / "gone.txt"]
    outcome = save([("a.txt", path) for path in paths], tmp_path / "documents", received=received)
    assert outcome.saved == ()
    assert outcome.refused == (Refused("a.txt", "The file has not arrived; add it again."),) * len(paths)
    assert secret.exists() and not (tmp_path / "documents").exists()


def test_nothing_is_left_of_what_could_not_be_written(
    received: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(uploads.os, "fsync", full)
    path = arrive(received, "a")
    outcome = save([("a.txt", path)], tmp_path / "documents", received=received)
    assert outcome.saved == () and "No space left on device." in outcome.refused[0].reason
    assert list((tmp_path / "documents").iterdir()) == [] and path.exists()


def test_a_file_in_the_place_of_the_folder_is_said(received: Path, tmp_path: Path) -> None:
    (tmp_path / "documents").write_text("", encoding="utf-8")
    outcome = save([("a.txt", arrive(received, "a"))], tmp_path / "documents", received=received)
    assert "could not be written" in outcome.refused[0].reason


def test_the_folder_of_a_killed_process_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(uploads.tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("GRADIO_TEMP_DIR", "before")
    old, young, others = (
        tmp_path / name for name in ("footnote-received-old", "footnote-received-young", "footnote-old")
    )
    for folder in (old, young, others):
        folder.mkdir()
        (folder / "a.txt").write_text("a", encoding="utf-8")
    past = time.time() - uploads.DEAD_AFTER - 60
    for folder in (old, others):
        os.utime(folder, (past, past))
    folder = uploads.received_folder.__wrapped__()
    assert (old.exists(), young.exists(), others.exists()) == (False, True, True)
    assert os.environ["GRADIO_TEMP_DIR"] == str(folder) and folder.stat().st_mode & 0o077 == 0
