"""`python -m ui`: what it prints, how it ends, and what it says when it cannot start."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from rag import FolderError, NoDocumentsError, StoreError
from tests.ui.fakes import FakeRag, free_port
from ui.command import _ready, main

SCRIPT = """
import sys
from tests.ui.fakes import FakeRag
from ui.command import main

class Told(FakeRag):
    def close(self):
        print("closed", flush=True)

    def wait(self, seconds, progress):
        for done in range(4):
            progress("embedding", done, 3)
        return True

def open_rag(folder, *, wait, follow):
    return Told()

sys.exit(main(sys.argv[1:], open_rag=open_rag))
"""


def refusing(error: Exception) -> Any:
    def open_rag(folder: str, **_: object) -> FakeRag:
        raise error

    return open_rag


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (FolderError("The folder 'nowhere' does not exist."), 2),
        (StoreError("Another process holds the index."), 1),
    ],
)
def test_what_the_library_refuses_is_said_in_one_sentence(
    error: Exception, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["nowhere", "--port", str(free_port())], open_rag=refusing(error)) == code
    assert capsys.readouterr() == ("", f"{error}\n")


def test_a_missing_folder_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["no/such/folder", "--port", str(free_port())]) == 2
    said = capsys.readouterr().err
    assert "no/such/folder" in said and said.count("\n") == 1


def test_a_folder_without_documents_is_no_reason_not_to_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Empty(FakeRag):
        def wait(self, seconds: float | None = None, progress: Any = None) -> bool:
            raise NoDocumentsError("The folder holds no file that can be read.")

    class Reached(Exception):
        pass

    def serve(*_: object, **__: object) -> None:
        raise Reached

    monkeypatch.setitem(sys.modules, "ui.app", SimpleNamespace(serve=serve))
    with pytest.raises(Reached):
        main(["--port", str(free_port())], open_rag=lambda folder, **_: Empty())
    assert capsys.readouterr().err == ""


def test_others_are_told_where_to_find_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.address.own", lambda host: "192.168.0.7")
    said = "Footnote is ready: http://127.0.0.1:7860"
    assert _ready("0.0.0.0", 7860) == f"{said} (for others in your network: http://192.168.0.7:7860)"
    assert _ready("127.0.0.1", 7860) == said


def test_a_taken_port_is_named_before_anything_is_indexed(capsys: pytest.CaptureFixture[str]) -> None:
    with taken_port() as port:
        assert main(["--port", str(port)], open_rag=refusing(AssertionError("indexed"))) == 2
    said = capsys.readouterr().err
    assert f"Port {port} " in said and "--port" in said and said.count("\n") == 1


def test_a_host_that_is_not_ours_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("RAG_PASSWORD", "correct horse battery staple")
    assert main(["--host", "192.0.2.1"], open_rag=refusing(AssertionError("indexed"))) == 2
    said = capsys.readouterr().err
    assert "on 192.0.2.1 is" in said and said.count("\n") == 1


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "7.5", "²"])
def test_what_is_no_port_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        main([f"--port={port}"], open_rag=refusing(AssertionError("indexed")))
    assert refused.value.code == 2
    assert "is not a port" in capsys.readouterr().err


@pytest.mark.real
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_says_when_it_is_ready_and_ends_quietly_behind_a_proxy_too(how: signal.Signals) -> None:
    port = free_port()
    running = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, "seeds", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"},
    )
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        assert running.stdout is not None
        assert running.stdout.readline() == f"Footnote is ready: http://127.0.0.1:{port}\n"
        assert direct.open(f"http://127.0.0.1:{port}/").status == 200
        running.send_signal(how)
        out, err = running.communicate(timeout=20)
    finally:
        running.kill()
    assert (running.returncode, out) == (0, "closed\n")
    assert err == ""
