"""Wires the evaluation's tab: figures of the last run, its questions, and a new run, followed and stopped.

Does not know how anything is drawn (`ui.scores`, `ui.cases`, `ui/scores.css`) or measured (`eval`). Import it only
where `ui.measuring.is_there()`, and call `evaluation_tab` within a `gr.Tab` of a page with the styles of `ui.app`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import gradio as gr

from eval.last import Last, LastRun, last
from eval.results import FOLDER
from ui import cases, scores
from ui.measuring import Measurement
from ui.parts import html, quiet

SECONDS = 1.0
"""How often a tab asks how far a run has come, and whether there are new results."""

Updates = tuple[Any, ...]


def evaluation_tab(*, results: Path = FOLDER, measurement: Measurement | None = None) -> None:
    """The components and their events. `results`: the folder of results; `measurement`: a run of one's own."""
    handlers = _Handlers(results, measurement or Measurement())
    with gr.Column(elem_id="evaluation"):
        with gr.Row(elem_id="measure"):
            progress = html("")
            run = gr.Button("Run the evaluation", elem_id="run-evaluation", size="sm")
            halt = gr.Button("Stop", elem_id="stop-evaluation", size="sm")
        names = gr.Dropdown([], label="Questions about", elem_id="which-run", visible=False)
        overview = html("", elem_id="overview")
        with gr.Row(elem_id="filter", visible=False) as chooser:
            show = gr.Radio(list(cases.SHOWS), value=cases.SHOWS[0], label="Questions that", elem_id="show")
            kind = gr.Dropdown([cases.EVERY_KIND], value=cases.EVERY_KIND, label="of", elem_id="kind")
        listed = html("", elem_id="cases")
    shown = gr.State(("", ""))

    clock = gr.Timer(SECONDS)
    drawn = [progress, names, overview, chooser, kind, listed, shown]
    quiet(clock.tick)(handlers.renew, [shown, names, show], drawn, queue=False)
    quiet(run.click)(handlers.run, None, progress, queue=False)
    quiet(halt.click)(handlers.stop, None, progress, queue=False)
    quiet(names.input)(handlers.choose, [names, show], [overview, kind, listed], queue=False)
    for chosen in (show, kind):
        quiet(chosen.input)(handlers.filter, [names, show, kind], listed, queue=False)


@dataclass(frozen=True, slots=True)
class _Handlers:
    """What the tab's events do; the results are read again only when their folder has changed."""

    folder: Path
    measurement: Measurement

    def renew(self, shown: tuple[str, str], name: str | None, show: str) -> Updates:
        """All that differs from what the tab shows: the progress, and the figures where there are new results."""
        stamp = _stamp(self.folder)
        now = scores.progress(self.measurement.state, self._found(name, stamp))
        progress = gr.skip() if now == shown[0] else now
        if stamp == shown[1]:
            return (progress, *(gr.skip() for _ in range(5)), (now, stamp))
        names = [scores.name_of(one) for one in _last(self.folder, stamp).runs]
        name = name if name in names else next(iter(names), None)
        overview, kind, listed = self.choose(name, show)
        return (
            progress,
            gr.Dropdown(choices=names, value=name, visible=len(names) > 1),
            overview,
            gr.Row(visible=bool(names)),
            kind,
            listed,
            (now, stamp),
        )

    def run(self) -> str:
        """Start a run, or say that one is running."""
        started = self.measurement.start()
        return scores.progress(self.measurement.state, again=not started)

    def stop(self) -> str:
        """End the run."""
        self.measurement.stop()
        return scores.progress(self.measurement.state)

    def choose(self, name: str | None, show: str) -> Updates:
        """Another run's figures, its kinds of questions, and its questions."""
        stamp = _stamp(self.folder)
        found = self._found(name, stamp)
        overview = scores.overview(found) if found else scores.stale(_last(self.folder, stamp))
        kind = gr.Dropdown(choices=cases.kinds(found), value=cases.EVERY_KIND)
        return overview, kind, cases.questions(found, show=show)

    def filter(self, name: str | None, show: str, kind: str) -> str:
        """The questions asked for."""
        return cases.questions(self._found(name, _stamp(self.folder)), show=show, kind=kind)

    def _found(self, name: str | None, stamp: str) -> LastRun | None:
        runs = _last(self.folder, stamp).runs
        return next((one for one in runs if scores.name_of(one) == name), next(iter(runs), None))


def _stamp(folder: Path) -> str:
    """Changes whenever results are written."""
    files = sorted((one.name, one.stat().st_mtime_ns) for one in folder.glob("*.json"))
    return str(hash(tuple(files))) if files else "none"


@lru_cache(maxsize=2)
def _last(folder: Path, stamp: str) -> Last:
    """The newest runs; `stamp` makes it read them again."""
    return last(folder)
