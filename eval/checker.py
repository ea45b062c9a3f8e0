"""How well the checker tells true from changed statements, over pairs built from a folder of suites.

True: what people answered in their own words, with the sentences they rested it on; sentences that hold an answer, as
they are and said a little otherwise. False: the same with one thing changed (`rag.models.changes`). Deterministic.
Half of the questions, by their ids, is for fitting the checker; figures are of the other half. Does not know any suite
by name.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from eval.metrics import Share, share
from rag.errors import InputError
from rag.models.changes import CHANGES, names_of, otherwise
from rag.sentences import spans
from rag.settings import load_settings
from rag.types import Article, Checker, Evidence
from rag.verify import SHARE, check
from rag.wiring import checker_for

CURVE = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
"""Shares of common words at which the curve is drawn."""
ANSWERED, QUOTED, OTHERWISE, RECORD = "people's answers", "own sentences", "said otherwise", "records"
REFUTED = "records refuted by people"
MIN_WORDS = 4
_KEY = re.compile(r"(?<!^)\b[A-Z][\w-]+|\b\d[\d,.]*s?\b")
_OPENING = re.compile(r"(?:The |A |An )?((?:[A-Z][\w.'-]*\s?)+)")


@dataclass(frozen=True, slots=True)
class Pair:
    """A statement with its evidence; `change` says what was changed in it, '' where it is true."""

    id: str
    kind: str
    statement: str
    evidence: tuple[str, ...]
    question: str
    title: str
    names: tuple[str, ...] = ()
    """What may take the place of a name."""
    change: str = ""

    @property
    def is_for_fitting(self) -> bool:
        return sha256(self.id.encode()).digest()[0] % 2 == 0

    @property
    def pieces(self) -> list[Evidence]:
        articles = (Article(self.id, self.id, text, title=self.title) for text in self.evidence)
        return [Evidence(one, 0, len(one.text), 1.0) for one in articles]


@dataclass(frozen=True, slots=True)
class Point:
    """The checker at one share of common words."""

    share: float
    rejected: Share
    caught: Share


@dataclass(frozen=True, slots=True)
class CheckerFigures:
    """What the checker came to, on the half that it was not fitted on."""

    pairs: int
    dropped: int
    """People's answers whose figures or names do not stand in their passage: the annotators' slips."""
    rejected: dict[str, Share]
    """True statements that are rejected, by kind."""
    rejected_all: Share
    """The same over all that are no quotes."""
    caught: dict[str, Share]
    """Changed statements that are rejected, by what was changed."""
    caught_all: Share
    alone: Point
    """The rules without the model that reads, over the same statements as `rejected_all` and `caught_all`."""
    curve: tuple[Point, ...]
    """Over everything, records included."""


class _Remembering:
    """Another checker that reads each pair once: the curve asks of the same pairs again and again."""

    def __init__(self, checker: Checker) -> None:
        self._checker = checker
        self._known: dict[tuple[str, str], tuple[float, float]] = {}

    def judge(self, evidence: str, claim: str) -> tuple[float, float]:
        if (evidence, claim) not in self._known:
            self._known[evidence, claim] = self._checker.judge(evidence, claim)
        return self._known[evidence, claim]


def figures(
    folder: Path,
    *,
    records: Path | None = None,
    limit: int | None = None,
    fitting: bool = False,
    checker: Checker | None = None,
) -> CheckerFigures:
    """The checker measured on a suite, or on every suite in a folder.

    Args:
        records: further statements, JSON lines with `claim`, `evidence` and `label` (supported, refuted).
        limit: no more than so many questions of each suite or file.
        fitting: on the half for fitting instead.
        checker: the model that reads beside the rules; default: the one that the settings name.

    Raises:
        InputError: there is no suite.
    """
    true, dropped = statements(folder, limit)
    true += [pair for pair in recorded(records, limit) if pair.is_for_fitting == fitting] if records else []
    true = [pair for pair in true if pair.is_for_fitting == fitting]
    false = [pair for one in true if one.kind in (ANSWERED, QUOTED) for pair in changed(one)]
    model = _Remembering(checker or checker_for(load_settings()))
    verdicts = {at: _rejected([*true, *false], at, model) for at in (SHARE, *CURVE)}
    rules = _rejected([*true, *false], SHARE, None)
    mine = verdicts[SHARE]
    return CheckerFigures(
        pairs=len(true) + len(false),
        dropped=dropped,
        rejected=_shares([(pair.kind, mine[pair]) for pair in true if not pair.change]),
        rejected_all=_of_true(true, mine),
        caught=_shares([(pair.change, mine[pair]) for pair in [*true, *false] if pair.change]),
        caught_all=share([mine[pair] for pair in false]),
        alone=Point(SHARE, _of_true(true, rules), share([rules[pair] for pair in false])),
        curve=tuple(
            Point(
                at,
                _of_true(true, found, at_large=True),
                share([found[pair] for pair in [*true, *false] if pair.change]),
            )
            for at, found in sorted(verdicts.items())
        ),
    )


def _rejected(pairs: Sequence[Pair], at: float, checker: Checker | None) -> dict[Pair, bool]:
    return {
        pair: check(pair.statement, pair.pieces, pair.question, checker=checker, share=at) == "unsupported"
        for pair in pairs
    }


def _of_true(true: Sequence[Pair], rejected: Mapping[Pair, bool], *, at_large: bool = False) -> Share:
    kinds = (ANSWERED, OTHERWISE, RECORD) if at_large else (ANSWERED, OTHERWISE)
    return share([rejected[pair] for pair in true if pair.kind in kinds and not pair.change])


def _shares(found: Sequence[tuple[str, bool]]) -> dict[str, Share]:
    by_name: dict[str, list[bool]] = defaultdict(list)
    for name, rejected in found:
        by_name[name].append(rejected)
    return {name: share(flags) for name, flags in sorted(by_name.items())}


def changed(true: Pair) -> Iterator[Pair]:
    """The statement with one thing changed, in every way that it has something to change."""
    for what, change in CHANGES.items():
        text = change(true.statement, true.names, Random(f"{what} {true.statement}"))
        if text and text != true.statement:
            yield replace(true, statement=text, change=what)


def statements(folder: Path, limit: int | None = None) -> tuple[list[Pair], int]:
    """The true statements of a suite, or of every suite in the folder, and how many were dropped."""
    suites = [one for one in (folder, *sorted(folder.glob("*"))) if (one / "queries.jsonl").is_file()]
    if not suites:
        raise InputError(f"{str(folder)!r} holds no suite; a suite is a folder with corpus.jsonl and queries.jsonl.")
    found: dict[tuple[str, str], Pair] = {}
    dropped = 0
    for suite in suites:
        texts = {row["_id"]: row for row in _rows(suite / "corpus.jsonl")}
        asked = [row for row in _rows(suite / "queries.jsonl") if row.get("answerable") and row.get("passage") in texts]
        asked.sort(key=lambda row: sha256(row["_id"].encode()).digest())
        for row in asked[:limit]:
            passage = texts[row["passage"]]
            made = _answered(row, passage) if row.get("gold_sentences") else _quoted(row, passage)
            dropped += sum(one is None for one in made)
            found |= {(one.statement, one.title): one for one in reversed(made) if one is not None}
    return list(found.values()), dropped


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _answered(row: Mapping[str, Any], passage: Mapping[str, Any]) -> list[Pair | None]:
    """Each sentence of what people answered, with their gold sentences; None where the passage does not bear it out."""
    made: list[Pair | None] = []
    for answer in row["answers"]:
        for start, end in spans(answer):
            text = answer[start:end]
            if len(text.split()) >= MIN_WORDS:
                evidence = _evidence(text, row, passage)
                made.append(_pair(ANSWERED, text, evidence, row, passage) if evidence else None)
    return made


def _evidence(text: str, row: Mapping[str, Any], passage: Mapping[str, Any]) -> tuple[str, ...]:
    """The gold sentences, and those of the passage that hold a figure or name which they lack; nothing if none does."""
    gold = list(dict.fromkeys(row["gold_sentences"]))
    held = " ".join([*gold, passage.get("title") or "", row["text"]]).lower()
    others = [passage["text"][start:end] for start, end in spans(passage["text"])]
    for key in dict.fromkeys(key.rstrip(".,").lower() for key in _KEY.findall(text)):
        if key not in held:
            more = next((one for one in others if key in one.lower()), None)
            if more is None:
                return ()
            gold += [more] if more not in gold else []
    return tuple(gold)


def _quoted(row: Mapping[str, Any], passage: Mapping[str, Any]) -> list[Pair | None]:
    """The first sentence that holds an answer, as it is and said otherwise, with the one before it as evidence."""
    sentences = [passage["text"][start:end] for start, end in spans(passage["text"])]
    at = next((i for i, one in enumerate(sentences) if any(answer in one for answer in row["answers"])), None)
    if at is None or len(sentences[at].split()) < MIN_WORDS:
        return []
    evidence = (" ".join(sentences[max(0, at - 1) : at + 1]),)
    made: list[Pair | None] = [_pair(QUOTED, sentences[at], evidence, row, passage)]
    if (other := otherwise(sentences[at])) != sentences[at]:
        made.append(_pair(OTHERWISE, other, evidence, row, passage))
    return made


def _pair(kind: str, text: str, evidence: tuple[str, ...], row: Mapping[str, Any], passage: Mapping[str, Any]) -> Pair:
    return Pair(row["_id"], kind, text, evidence, row["text"], passage.get("title") or "", names_of(passage["text"]))


def recorded(path: Path, limit: int | None = None) -> list[Pair]:
    """Statements from a file of records. Their evidence lacks its title: the name that opens a claim stands for it."""
    made = []
    for row in _rows(path):
        if row.get("label") in ("supported", "refuted") and not row["claim"].startswith("Q:"):
            opening = _OPENING.match(row["claim"])
            change = REFUTED if row["label"] == "refuted" else ""
            title = opening.group(1) if opening else ""
            made.append(Pair(row["claim"], RECORD, row["claim"], (row["evidence"],), "", title, change=change))
    made.sort(key=lambda pair: sha256(pair.id.encode()).digest())
    return made[:limit]
