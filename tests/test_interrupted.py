"""Ctrl-C while a program is being loaded, at several moments of it: a word, the exit status of Ctrl-C, no traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 300
"""Seconds: other programs may be running."""


def _hears() -> None:
    """What is started in the background of a shell is deaf to Ctrl-C, and so is what it starts; this is not."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(os.name != "posix", reason="signals are sent as on Unix")
@pytest.mark.parametrize("loading", ["rag.errors", "rag.lists", "rag.pipeline"])
@pytest.mark.parametrize("program", ["rag status", "ui", "eval --help"])
def test_ctrl_c_while_it_loads(program: str, loading: str, tmp_path: Path) -> None:
    """Interrupted just when a module has been loaded, of which Python tells."""
    running = subprocess.Popen(
        [sys.executable, "-X", "importtime", "-m", *program.split()],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_hears,
    )
    try:
        assert running.stderr is not None
        for line in running.stderr:
            if line.rstrip().endswith(f" {loading}"):
                break
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=PATIENCE)
    finally:
        running.kill()
    said = [line for line in err.splitlines() if not line.startswith("import time:")]
    assert (out, [line.lower().removeprefix("footnote: ") for line in said]) == ("", ["stopped."])
    assert running.returncode in (130, -signal.SIGINT)  # both are 130 in a shell
