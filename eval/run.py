"""The program asked every known question, and the figures of such a run.

Does not know how a figure is printed, nor what it should be.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.curve import Confidences, area, confidences, refusal_curve, right_refusals
from eval.known import Cited, Known, Score, gold_rank, score
from eval.metrics import Share, Spread, hits, median, mrr, share, spread
from eval.seams import MODES, Asked, Mode
from rag.errors import ReadError
from rag.formats.encoding import decode
from rag.read import read_bytes, to_document
from rag.types import Citation, Progress

DEPTHS = (1, 3, 10)
DEEPEST = max(DEPTHS)
TOTAL = "total"
"""The stage under which an answer's timings give the whole."""

VERBATIM = "quotes verbatim"
ASKING = "asking"
"""What the progress says of a run while questions are asked."""
PLAIN = ".txt"


@dataclass(frozen=True, slots=True)
class Ranking:
    """How well one way of searching ranks: first hits by depth, and the mean of their reciprocal ranks."""

    hits: dict[int, Share]
    mrr: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What a run came to."""

    questions: int
    retrieval: dict[Mode, Ranking]
    right: Share
    right_by_kind: dict[str, Share]
    refused: Share
    answered: Share
    """Answerable questions that were not refused: the false refusals are the rest."""
    given: Share
    """Answers given without a doubt, and how many of them are right; an unanswerable question has no right one."""
    doubted: Share
    """The same of those given with a doubt above them."""
    auc: float | None
    best_refused: float | None
    """Share of the unanswerable that could be refused at few false refusals, were the threshold set on these."""
    confidences: Confidences
    citations: Share
    facts_cited: Share
    verbatim: Share
    quoted: Share
    supported: Share
    unsupported: int
    words: float
    seconds: dict[str, Spread]
    memory_mib: float | None

    def counts(self) -> dict[str, Share]:
        """The figures that can fall, by name: what the baseline holds."""
        found = {
            f"hits@{depth} {mode}": part
            for mode, ranking in self.retrieval.items()
            for depth, part in ranking.hits.items()
        }
        return found | {
            "all required facts": self.right,
            "refusals right": self.refused,
            "not falsely refused": self.answered,
            "citations right": self.citations,
            "facts cited": self.facts_cited,
            VERBATIM: self.verbatim,
        }


def folder_texts(folder: Path) -> Callable[[str], str]:
    """A function from a source to the text of its file in the folder, each read once; '' where it is gone."""
    texts: dict[str, str] = {}

    def text(source: str) -> str:
        if source not in texts:
            texts[source] = _file_text(folder, source)
        return texts[source]

    return text


def _file_text(folder: Path, source: str) -> str:
    """A text file as it lies on disk; of other formats what their reader makes of them, markup aside."""
    try:
        file = read_bytes(folder, source, {})
        return decode(file.data) if source.endswith(PLAIN) else to_document(file).text
    except ReadError:
        return ""


def ask_all(
    rag: Asked, questions: Sequence[Known], *, original: Callable[[str], str], progress: Progress
) -> Iterator[Score]:
    """Search and ask, question by question; `original` gives the text of a source file."""
    rag.ask("What is this about?")  # loads the models, so that no question's seconds hold that
    for done, known in enumerate(questions):
        progress(ASKING, done, len(questions))
        ranks = {
            mode: gold_rank(known, rag.passages(known.question, known.history, top_k=DEEPEST, mode=mode))
            for mode in MODES
        }
        yield ask(rag, known, original=original, ranks=ranks)
    progress(ASKING, len(questions), len(questions))


def ask(rag: Asked, known: Known, *, original: Callable[[str], str], ranks: dict[Mode, int | None]) -> Score:
    """One known question asked; `ranks` are those of its gold passage, empty where search is not measured."""
    answer = rag.ask(known.question, known.history)
    return score(
        known,
        answer,
        cited=with_texts(answer.citations, rag, original),
        closest=with_texts(answer.closest, rag, original),
        ranks=ranks,
    )


def with_texts(citations: Iterable[Citation], rag: Asked, original: Callable[[str], str]) -> tuple[Cited, ...]:
    """The citations, each with its article's text and its file's."""
    return tuple(Cited(one, rag.article(one.article_id).text, original(one.source)) for one in citations)


def figures(scores: Sequence[Score], *, memory_mib: float | None = None) -> Figures:
    """All figures of a run."""
    asked = [one for one in scores if one.answerable]
    sentences = sum(one.sentences_quoted + one.sentences_supported for one in scores)
    answers = [one for one in scores if not one.refused]
    sure = confidences([(one.answerable, one.confidence) for one in scores])
    curve = refusal_curve(sure)
    return Figures(
        questions=len(scores),
        retrieval={mode: ranking([one.ranks[mode] for one in asked]) for mode in MODES},
        right=share([one.right for one in asked]),
        right_by_kind=_by_kind(scores),
        refused=share([one.refused for one in scores if not one.answerable]),
        answered=share([not one.refused for one in asked]),
        given=share([one.right for one in answers if not one.doubted]),
        doubted=share([one.right for one in answers if one.doubted]),
        auc=area(curve),
        best_refused=right_refusals(curve),
        confidences=sure,
        citations=Share(sum(one.citations_right for one in asked), sum(one.citations for one in asked)),
        facts_cited=Share(sum(one.facts_cited for one in asked), sum(one.facts for one in asked)),
        verbatim=Share(sum(one.quotes - len(one.not_verbatim) for one in scores), sum(one.quotes for one in scores)),
        quoted=Share(sum(one.sentences_quoted for one in scores), sentences),
        supported=Share(sum(one.sentences_supported for one in scores), sentences),
        unsupported=sum(len(one.unsupported) for one in scores),
        words=median([one.words for one in scores if not one.refused]),
        seconds=stages([one.seconds for one in scores]),
        memory_mib=memory_mib,
    )


def ranking(ranks: Sequence[int | None]) -> Ranking:
    """Hits at each depth and MRR of the first hits' ranks."""
    return Ranking({depth: hits(ranks, depth) for depth in DEPTHS}, mrr(ranks, DEEPEST))


def stages(seconds: Sequence[Mapping[str, float]]) -> dict[str, Spread]:
    """Median and 95th percentile per stage, over the answers that went through it; the whole comes last."""
    names = sorted(dict.fromkeys(name for one in seconds for name in one), key=lambda name: name == TOTAL)
    return {name: spread([one[name] for one in seconds if name in one]) for name in names}


def _by_kind(scores: Sequence[Score]) -> dict[str, Share]:
    kinds = dict.fromkeys(one.kind for one in scores)
    return {kind: share([one.right for one in scores if one.kind == kind]) for kind in kinds}


def failures(scores: Sequence[Score]) -> list[tuple[Score, list[str]]]:
    """Each question that went wrong, with what was missing and what was answered, in words."""
    found = [(one, faults(one)) for one in scores]
    return [(one, _with_answer(one, said)) for one, said in found if said]


def _with_answer(one: Score, said: list[str]) -> list[str]:
    return said if one.right or one.refused else [f"{said[0]}: {one.answer}", *said[1:]]


def faults(one: Score) -> list[str]:
    """Why a question went wrong, the answer itself not repeated; nothing where it went right."""
    unlike = [f"not verbatim at its span: “{quote}”" for quote in one.not_verbatim]
    if one.right:
        return unlike
    if not one.answerable:
        return ["answered, though the documents do not say", *unlike]
    if one.refused:
        return [f"refused ({_found(one)}); it should say {_listed(one.missing)}", *unlike]
    return [f"lacks {_listed(one.missing)} ({_found(one)})", *unlike]


def _found(one: Score) -> str:
    rank = one.ranks["hybrid"]
    return f"gold passage at rank {rank}" if rank else f"no gold passage among the first {DEEPEST}"


def _listed(facts: Sequence[str]) -> str:
    return ", ".join(f"“{fact}”" for fact in facts)


def peak_memory_mib() -> float | None:
    """The most memory this process ever held, in MiB; None where the system does not say (Windows)."""
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)  # bytes on macOS, KiB elsewhere
