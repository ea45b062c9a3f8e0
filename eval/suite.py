"""A suite over one corpus: how well its documents are found, its questions answered, the others refused.

The folder's documents go in from Python, under their ids; the language model has no part unless the program
that is asked has one. Does not know any suite by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from eval.curve import Confidences, area, confidences, refusal_curve, right_refusals
from eval.facts import holds
from eval.layout import Query
from eval.metrics import Share, count_words, first_rank, median, ndcg, share
from eval.run import Ranking, ranking
from eval.seams import MODES, Asked, Mode, Passage
from eval.support import cites_gold, flags_disagreement, shown, unsupported
from rag.types import Progress

PASSAGES = 25
"""Passages fetched per question: a document counts at its best passage, and ten documents are wanted."""
DEPTH = 10

LONGEST_ANSWER = 10
"""Words. A longer reference answer is a sentence somebody wrote, and stands verbatim in no document."""


@dataclass(frozen=True, slots=True)
class Found:
    """How one search did: the rank of the first relevant document, and nDCG@10."""

    rank: int | None
    ndcg: float


@dataclass(frozen=True, slots=True)
class Asking:
    """What came of one question."""

    query: Query
    found: dict[Mode, Found]
    """Empty where no document is relevant."""
    alone: Found | None
    """The same for the last question without the conversation before it, where there is one."""
    refused: bool
    confidence: float
    shows_answer: bool
    cites_gold: bool
    cites_relevant: bool
    """A cited document is one that the suite calls relevant."""
    flags: bool
    sentences: int
    unsupported: tuple[str, ...]
    words: int
    seconds: float


@dataclass(frozen=True, slots=True)
class KindFigures:
    """What one kind of question came to, where the suite names kinds."""

    refused: Share
    shows_answer: Share


@dataclass(frozen=True, slots=True)
class SuiteFigures:
    """What a suite came to."""

    questions: int
    judged: int
    """Questions with at least one relevant document: those that retrieval is measured on."""
    retrieval: dict[Mode, Ranking]
    ndcg: dict[Mode, float]
    alone: Ranking | None
    """Hybrid search for the last question without its conversation; None where no question has one."""
    alone_ndcg: float
    refused: Share
    falsely_refused: Share
    auc: float | None
    best_refused: float | None
    """Share of the unanswerable that could be refused at few false refusals, were the threshold set on this suite."""
    confidences: Confidences
    shows_answer: Share
    cites_gold: Share
    cites_relevant: Share
    flagged: Share
    """Answers that say that reports differ."""
    sentences: int
    unsupported: int
    by_kind: dict[str, KindFigures]
    words: float
    seconds: float


def ask_all(rag: Asked, questions: Sequence[Query], *, same: Mapping[str, str], progress: Progress) -> Iterator[Asking]:
    """Search and ask, question by question."""
    for done, query in enumerate(questions):
        progress("asking", done, len(questions))
        wanted = query.relevant or {}
        found = {
            mode: _found(rag.passages(query.text, query.history, top_k=PASSAGES, mode=mode), wanted, same)
            for mode in MODES
            if wanted
        }
        # A question without a conversation is alone as it is: no second search.
        alone = _found(rag.passages(query.text, top_k=PASSAGES), wanted, same) if query.history and wanted else None
        yield ask(rag, query, same=same, found=found, alone=alone or found.get("hybrid"))
    progress("asking", len(questions), len(questions))


def _found(passages: Sequence[Passage], wanted: Mapping[str, int], same: Mapping[str, str]) -> Found:
    ids = document_ids(passages, same)
    return Found(first_rank(ids, wanted), ndcg(ids, wanted, DEPTH))


def ask(
    rag: Asked,
    query: Query,
    *,
    same: Mapping[str, str],
    found: dict[Mode, Found] | None = None,
    alone: Found | None = None,
) -> Asking:
    """One question asked; `found` and `alone` are how its documents were found, where that is measured."""
    answer = rag.ask(query.text, query.history)
    cited = {same.get(one.source, one.source) for one in answer.citations}
    return Asking(
        query=query,
        found=found or {},
        alone=alone,
        refused=answer.refused,
        confidence=answer.confidence,
        shows_answer=not answer.refused and holds(shown(answer), query.answers),
        cites_gold=cites_gold(answer, query.gold),
        cites_relevant=bool(cited & (query.relevant or {}).keys()),
        flags=flags_disagreement(answer),
        sentences=len(answer.sentences),
        unsupported=unsupported(answer, lambda name: rag.article(name).text),
        words=count_words(answer.text),
        seconds=answer.timings.get("total", 0.0),
    )


def document_ids(passages: Sequence[Passage], same: Mapping[str, str]) -> list[str]:
    """The documents of ranked passages, each at its best passage."""
    sources = [str(passage.metadata["source"]) for passage in passages]
    return list(dict.fromkeys(same.get(source, source) for source in sources))


def figures(asked: Sequence[Asking]) -> SuiteFigures:
    """All figures of a suite."""
    judged = [one for one in asked if one.query.relevant]
    yes = [one for one in asked if one.query.answerable is True]
    sure = confidences([(one.query.answerable, one.confidence) for one in asked])
    curve = refusal_curve(sure)
    alone = [one.alone for one in judged if one.alone] if any(one.query.history for one in judged) else []
    answers = [one for one in asked if not one.refused]
    return SuiteFigures(
        questions=len(asked),
        judged=len(judged),
        retrieval={mode: ranking([one.found[mode].rank for one in judged]) for mode in MODES},
        ndcg={mode: _mean([one.found[mode].ndcg for one in judged]) for mode in MODES},
        alone=ranking([one.rank for one in alone]) if alone else None,
        alone_ndcg=_mean([one.ndcg for one in alone]),
        refused=share([one.refused for one in asked if one.query.answerable is False]),
        falsely_refused=share([one.refused for one in yes]),
        auc=area(curve),
        best_refused=right_refusals(curve),
        confidences=sure,
        shows_answer=share([one.shows_answer for one in yes if has_short_answer(one.query)]),
        cites_gold=share([one.cites_gold for one in yes if one.query.gold]),
        cites_relevant=share([one.cites_relevant for one in judged if one.query.answerable is not False]),
        flagged=share([one.flags for one in answers]),
        sentences=sum(one.sentences for one in asked),
        unsupported=sum(len(one.unsupported) for one in asked),
        by_kind=_by_kind(asked),
        words=median([one.words for one in answers]),
        seconds=median([one.seconds for one in asked]),
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / max(len(values), 1)


def _by_kind(asked: Sequence[Asking]) -> dict[str, KindFigures]:
    kinds = sorted({one.query.kind for one in asked if one.query.kind})
    return {kind: _kind([one for one in asked if one.query.kind == kind]) for kind in kinds}


def _kind(asked: Sequence[Asking]) -> KindFigures:
    short = [one.shows_answer for one in asked if one.query.answerable and has_short_answer(one.query)]
    return KindFigures(refused=share([one.refused for one in asked]), shows_answer=share(short))


def has_short_answer(query: Query) -> bool:
    """Whether a reference answer is so short that it can be looked for verbatim."""
    return any(len(answer.split()) <= LONGEST_ANSWER for answer in query.answers)
