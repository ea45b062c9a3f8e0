"""A small evaluation as its results file holds it: a right answer, a wrong one, a refusal that should not be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from eval import results
from eval.known import Known, Quote, Score
from eval.metrics import Share
from eval.run import figures
from eval.stock import Side

QUOTE = Quote("bridge.txt", "The bridge opened in June 1932.")
RIGHT = Score(
    id="k1",
    kind="date",
    question="When was the bridge opened?",
    answerable=True,
    answer="“The bridge opened in June 1932.” [1]",
    refused=False,
    confidence=0.8,
    missing=(),
    facts=1,
    facts_cited=1,
    citations=1,
    citations_right=1,
    quotes=1,
    not_verbatim=(),
    unsupported=(),
    follows_up=False,
    words=6,
    sentences_quoted=1,
    sentences_supported=0,
    ranks={"dense": 2, "words": None, "hybrid": 1},
    seconds={"retrieve": 0.1, "total": 0.6},
    footnotes=(QUOTE,),
)
WRONG = replace(
    RIGHT,
    id="k2",
    kind="number",
    question="How tall are its towers?",
    answer="It has towers [1].",
    missing=("89 metres",),
    facts_cited=0,
    citations_right=0,
    confidence=0.4,
    seconds={"total": 3.2},
)
REFUSED = replace(RIGHT, id="k3", question="Who built it?", answer="The documents do not say.", refused=True,
                  missing=("Otto",), confidence=0.1)  # fmt: skip
ABSENT = replace(REFUSED, id="k4", kind="near-miss", question="Who sold it?", answerable=False, missing=(), facts=0)
SCORES = (RIGHT, WRONG, REFUSED, ABSENT)
TALL = Quote("bridge.txt", "Its towers are 89 metres tall.")
CASES = (
    Known("k1", "date", RIGHT.question, True, facts=(("June 1932",),), sources=("bridge.txt",), quotes=(QUOTE,)),
    Known("k2", "number", WRONG.question, True, facts=(("89 metres", "89 m"),), quotes=(TALL,)),
    Known("k3", "date", REFUSED.question, True, facts=(("Otto",),)),
    Known("k4", "near-miss", ABSENT.question, False),
)
SIDE = Side(Share(1, 3), Share(0, 1), Share(0, 3), 18.0, 13.8)


def write(
    folder: Path, *, kind: results.Kind = "known", name: str = "", scores: tuple[Score, ...] = SCORES,
    cases: tuple[Known, ...] = CASES, when: str = "2026-01-02T10:00:00+00:00",
) -> None:  # fmt: skip
    """A run's results file."""
    this = results.Run(kind, name, len(scores), "", "abc1234", when)
    made = {"embedder": "tiny", "model": "tinier"}
    data = {"run": this, "figures": figures(scores), "scores": scores, "cases": cases, "made with": made}
    results.write_json(folder / f"{kind}{name}.json", data)


def write_stock(folder: Path) -> None:
    """The comparison with the stock pipeline."""
    this = results.Run("stock", "", 40, "--limit 40", "abc1234", "2026-01-02T10:00:00+00:00")
    results.write_json(folder / "stock.json", {"run": this, "ours": SIDE, "stock": SIDE})
