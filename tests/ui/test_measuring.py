"""The evaluation as a process: followed, one at a time, stopped within a second with all that it started."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ui.measuring import COMMAND, Measurement, is_there

ASKS = """
import json, sys, time
for done in range(3):
    print(json.dumps({"what": "asking", "done": done, "of": 2}), file=sys.stderr, flush=True)
"""
STUBBORN = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open(sys.argv[1], "w").write(f"{os.getpid()} {child.pid} {os.environ['RAG_HOME']}")
time.sleep(60)
"""


def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    given_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < given_up, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def start() -> Iterator[Callable[..., Measurement]]:
    started: list[Measurement] = []

    def run(code: str, *words: str) -> Measurement:
        started.append(Measurement((sys.executable, "-c", code, *words)))
        assert started[-1].start()
        return started[-1]

    yield run
    for one in started:
        one.stop()


def alive(process: int) -> bool:
    try:
        return f"{process} (" in Path(f"/proc/{process}/stat").read_text() and (
            Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
        )
    except (FileNotFoundError, ProcessLookupError):  # it may end between opening and reading, too
        return False


def test_a_run_is_followed_to_its_end(start: Callable[..., Measurement]) -> None:
    run = start(ASKS + "time.sleep(1)")
    until(lambda: run.state.done == 2)
    assert (run.state.running, run.state.what, run.state.of) == (True, "asking", 2)
    until(lambda: not run.state.running)
    assert run.state.finished and not run.state.problem


def test_only_one_at_a_time_and_another_after_it(start: Callable[..., Measurement]) -> None:
    run = start("import time; time.sleep(60)")
    assert not run.start()
    run.stop()
    until(lambda: not run.state.running)
    assert run.state.stopped
    assert run.start()


def test_what_went_wrong_is_its_last_sentence(start: Callable[..., Measurement]) -> None:
    run = start("import sys; print('loading', file=sys.stderr); sys.exit('There is no folder.')")
    until(lambda: not run.state.running)
    assert run.state.problem == "There is no folder."
    silent = start("raise SystemExit(3)")
    until(lambda: not silent.state.running)
    assert "exit code 3" in silent.state.problem


def test_a_program_that_is_not_there_is_said_in_a_sentence() -> None:
    run = Measurement(("/nowhere/python",))
    assert run.start()
    assert "cannot be started" in run.state.problem and not run.state.running


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_stop_ends_the_whole_group_within_a_second_and_leaves_nothing(
    start: Callable[..., Measurement], tmp_path: Path
) -> None:
    told = tmp_path / "told"
    run = start(STUBBORN, str(told))
    until(lambda: told.is_file() and len(told.read_text().split()) == 3)
    parent, child, home = told.read_text().split()
    assert Path(home).is_dir() and home != os.environ.get("RAG_HOME")
    began = time.monotonic()
    run.stop()
    until(lambda: not (alive(int(parent)) or alive(int(child))), 1.0)
    assert time.monotonic() - began < 1.0
    until(lambda: not run.state.running)
    assert run.state.stopped and not Path(home).exists()
    run.stop()  # and once more does nothing


def test_the_command_is_fixed_and_the_package_is_there() -> None:
    assert (sys.executable, "-m", "eval", "--progress-json") == COMMAND
    assert is_there()
