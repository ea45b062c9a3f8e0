"""The evaluation in a process of its own: started, followed, stopped; one at a time. Knows neither HTML nor Gradio.

It has an index of its own, so that it does not wait for the page's, nor the page for it. Nothing that a person types
is part of its command.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

COMMAND = (sys.executable, "-m", "eval", "--progress-json")
GRACE = 0.5
"""Seconds in which a process that is interrupted may end by itself."""
LAST_LINES = 20


@dataclass(frozen=True, slots=True)
class Measuring:
    """How an evaluation stands."""

    running: bool = False
    what: str = ""
    done: int = 0
    of: int = 0
    stopped: bool = False
    problem: str = ""
    """One sentence on why it failed."""
    finished: bool = False


def is_there() -> bool:
    """Whether this copy of the program brings the evaluation."""
    try:
        return find_spec("eval.last") is not None
    except ModuleNotFoundError:
        return False


class Measurement:
    """One evaluation at a time, for all tabs of the page. Start and Stop may arrive on different threads."""

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        self._command = command
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._state = Measuring()
        atexit.register(self.stop)

    @property
    def state(self) -> Measuring:
        return self._state

    def start(self) -> bool:
        """Start it; False where it is running already."""
        with self._lock:
            if self._process is not None:
                return False
            home = tempfile.mkdtemp(prefix="footnote-eval-")
            self._state = Measuring(running=True)
            try:
                self._process = _started(self._command, home)
            except OSError as exc:
                shutil.rmtree(home, ignore_errors=True)
                self._state = Measuring(problem=f"The evaluation cannot be started: {exc.strerror or exc}.")
                return True
            threading.Thread(target=self._follow, args=(self._process, home), daemon=True).start()
            return True

    def stop(self) -> None:
        """End it, with all that it started, within a second; nothing happens where none is running."""
        with self._lock:
            process = self._process
            if process is None or self._state.stopped:
                return
            self._state = replace(self._state, stopped=True)
        _signal(process, signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
        _signal(process, getattr(signal, "SIGKILL", signal.SIGTERM))  # also what it started and left behind

    def _follow(self, process: subprocess.Popen[str], home: str) -> None:
        said: deque[str] = deque(maxlen=LAST_LINES)
        assert process.stderr is not None
        for line in process.stderr:
            told = _progress(line)
            if told:
                self._state = replace(self._state, what=told[0], done=told[1], of=told[2])
            elif line.strip():
                said.append(line.strip())
        code = process.wait()
        shutil.rmtree(home, ignore_errors=True)
        with self._lock:
            self._process = None
            self._state = _ended(self._state, code, said[-1] if said else "")


def _started(command: Sequence[str], home: str) -> subprocess.Popen[str]:
    """In a process group of its own, so that a Ctrl-C at the page reaches it by us, and Stop reaches all of it."""
    beside = str(Path(__file__).resolve().parents[1])
    path = os.pathsep.join(filter(None, (beside, os.environ.get("PYTHONPATH"))))
    own = {"RAG_HOME": home, "TMPDIR": home, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}
    on_windows = sys.platform == "win32"
    return subprocess.Popen(
        command,
        env={**os.environ, **own},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        start_new_session=not on_windows,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) if on_windows else 0,
    )


def _signal(process: subprocess.Popen[str], number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError, ValueError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, number)


def _progress(line: str) -> tuple[str, int, int] | None:
    """A line of progress as (what, done, of), or None of any other line."""
    try:
        row = json.loads(line)
        return str(row["what"]), int(row["done"]), int(row["of"])
    except (ValueError, KeyError, TypeError):
        return None


def _ended(state: Measuring, code: int, last: str) -> Measuring:
    if state.stopped:
        return Measuring(stopped=True)
    if code:
        return Measuring(problem=last or f"The evaluation ended with exit code {code}.")
    return Measuring(finished=True)
