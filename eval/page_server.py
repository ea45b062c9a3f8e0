"""The real page as a process of its own, on a free port, over an index of its own.

Does not know a browser, nor what is measured.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rag.errors import RagError

READY = "Footnote is ready"
"""What `python -m ui` says when its server is up."""
END = 10.0
"""Seconds in which it may end by itself."""


@dataclass(frozen=True, slots=True)
class Server:
    """The page's server."""

    url: str
    pid: int

    def memory_mib(self) -> float | None:
        """Its resident memory in MiB; None where the system does not say (Windows)."""
        try:
            done = subprocess.run(
                ["ps", "-o", "rss=", "-p", str(self.pid)], capture_output=True, text=True, check=True, timeout=10
            )
            return int(done.stdout) / 2**10
        except (OSError, ValueError, subprocess.SubprocessError):
            return None


@contextmanager
def serving(folder: Path, home: Path) -> Iterator[Server]:
    """The page over a folder that is indexed first, in `home`.

    Raises:
        RagError: it cannot be indexed, or the page does not come up; what the process said is the message.
    """
    environment = {**os.environ, "RAG_HOME": str(home)}
    _run([sys.executable, "-m", "rag", "index", str(folder)], environment)
    port = _free_port()
    command = [sys.executable, "-m", "ui", str(folder), "--port", str(port)]
    said = home / "page.log"
    with (
        said.open("w", encoding="utf-8") as log,
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        try:
            assert process.stdout is not None
            if not any(READY in line for line in process.stdout):
                raise RagError(f"The page did not start: {_last_line(said.read_text('utf-8'))}")
            yield Server(f"http://127.0.0.1:{port}/", process.pid)
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(END)
            process.kill()


def _run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RagError(f"The folder cannot be indexed: {_last_line(done.stderr)}")


def _last_line(text: str) -> str:
    return next((line for line in reversed(text.splitlines()) if line.strip()), "it said nothing")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
