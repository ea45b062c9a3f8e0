"""The known answers, and one `Answer` scored against its known one.

Reads `known_answers.jsonl`; scoring is pure. Does not know how the answer came about, nor how scores add up.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from eval.facts import holds
from eval.metrics import around, count_words, holds_quote, single_spaced, without_marks
from eval.seams import Mode, Passage
from eval.support import unsupported
from rag.errors import InputError
from rag.types import DOUBT, Answer, Citation, Sentence, Turn

FILE = Path(__file__).with_name("known_answers.jsonl")
CANDIDATE, TO_BE_WRITTEN = "candidate", "to be written"
"""A key of rows that were made from feedback, and its value where a person still has to say what is right."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a source file that answers the question."""

    source: str
    quote: str


@dataclass(frozen=True, slots=True)
class Known:
    """A question and what a right answer to it must say."""

    id: str
    kind: str
    question: str
    answerable: bool
    history: tuple[Turn, ...] = ()
    facts: tuple[tuple[str, ...], ...] = ()
    """Each required fact as its accepted wordings; all facts are required, any wording will do."""
    sources: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """How one answer did."""

    id: str
    kind: str
    question: str
    answerable: bool
    answer: str
    refused: bool
    confidence: float
    missing: tuple[str, ...]
    """The required facts that the answer's text does not hold, each in its first wording."""
    facts: int
    facts_cited: int
    """Required facts that stand in a cited quote."""
    citations: int
    citations_right: int
    """Citations whose quote, or the sentence it stands in, holds a required fact."""
    quotes: int
    """Everything shown as a quote: footnotes, quoted sentences, the closest passages of a refusal."""
    not_verbatim: tuple[str, ...]
    """Footnotes that do not stand at their span or in the source file; sentences not of their footnote."""
    unsupported: tuple[str, ...]
    """Shown without support, judged by the answer and its articles alone; there must be none."""
    follows_up: bool
    """Asked with turns before it."""
    words: int
    sentences_quoted: int
    sentences_supported: int
    ranks: dict[Mode, int | None]
    """Rank of the first passage with a gold quote, per way of searching."""
    seconds: dict[str, float]
    footnotes: tuple[Quote, ...] = ()
    """What was quoted below the answer, in its order: its citations, or the closest passages of a refusal."""
    doubted: bool = False
    """Given with the words that it may be none."""

    @property
    def right(self) -> bool:
        """All required facts shown; or, where there are none to show, a refusal."""
        return (not self.refused and not self.missing) if self.answerable else self.refused


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation with the texts it must be checked against."""

    citation: Citation
    article: str
    original: str
    """The source file, as it lies on disk."""

    @property
    def verbatim(self) -> bool:
        """The quote is the article's text at its span, and stands in the file, white space aside."""
        quote = self.citation.quote
        in_place = self.article[self.citation.start : self.citation.end] == quote
        return bool(quote) and in_place and single_spaced(quote) in single_spaced(self.original)

    def holds_any(self, facts: Sequence[Sequence[str]]) -> bool:
        """Whether the quote, or the sentence it stands in, holds at least one of the facts."""
        sentence = around(self.article, self.citation.start, self.citation.end)
        return any(holds(self.citation.quote, fact) or holds(sentence, fact) for fact in facts)


def load_known(path: Path = FILE) -> tuple[Known, ...]:
    """Every known answer of the file.

    Candidates whose answer is still to be written are left out.

    Raises:
        InputError: the file is missing, or a line of it is not a known answer.
    """
    if not path.is_file():
        raise InputError(
            f"The file of known answers {str(path)!r} is missing; the repository brings one over its seeds."
        )
    lines = path.read_text(encoding="utf-8").splitlines()
    read = (_known(line, f"{path.name}:{number}") for number, line in enumerate(lines, 1) if line.strip())
    return tuple(one for one in read if one is not None)


def _known(line: str, place: str) -> Known | None:
    try:
        row: dict[str, Any] = json.loads(line)
        if row.get(CANDIDATE) == TO_BE_WRITTEN:
            return None
        return Known(
            id=row["id"],
            kind=row["kind"],
            question=row["question"],
            answerable=row["answerable"],
            history=tuple(Turn(turn["question"], turn["answer"]) for turn in row["history"]),
            facts=tuple(tuple(fact) for fact in row["facts"]),
            sources=tuple(row["sources"]),
            quotes=tuple(Quote(quote["source"], quote["quote"]) for quote in row["quotes"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise InputError(f"{place} is not a known answer: {type(exc).__name__}: {exc}.") from exc


def choose(known: Sequence[Known], *, kind: str | None = None, limit: int | None = None) -> tuple[Known, ...]:
    """The questions of one kind, and no more than `limit` of them.

    Raises:
        InputError: no question is of that kind.
    """
    kinds = sorted({one.kind for one in known})
    if kind is not None and kind not in kinds:
        raise InputError(f"There are no known answers of kind {kind!r}; the kinds are {', '.join(kinds)}.")
    of_kind = [one for one in known if kind in (None, one.kind)]
    kept = sample([one.id for one in of_kind], limit)
    return tuple(one for one in of_kind if one.id in kept)


def sample(ids: Sequence[str], limit: int | None) -> frozenset[str]:
    """`limit` of the ids, the same ones every time and spread over the whole.

    The first N rows of a test set are often about one document; the order of a hash is not.
    """
    return frozenset(sorted(ids, key=lambda name: sha256(name.encode()).digest())[:limit])


def gold_rank(known: Known, passages: Sequence[Passage]) -> int | None:
    """The rank, from 1, of the first hit: a passage of an accepted source that has a gold quote.

    Coming from the right file is not enough, since a file is many passages; the passage must have the
    quote, or the larger part of it where a boundary cuts it. With several gold quotes the first found counts.
    """
    for rank, passage in enumerate(passages, 1):
        accepted = passage.metadata.get("source") in known.sources
        if accepted and any(holds_quote(passage.text, gold.quote) for gold in known.quotes):
            return rank
    return None


def score(
    known: Known,
    answer: Answer,
    *,
    cited: Sequence[Cited],
    closest: Sequence[Cited] = (),
    ranks: dict[Mode, int | None],
) -> Score:
    """One answer against its known one; `cited` and `closest` are the answer's citations with their texts."""
    text = without_marks(answer.text)
    facts = known.facts if known.answerable else ()
    shown = (*cited, *closest)
    articles = {one.citation.article_id: one.article for one in shown}
    quoted = [one for one in answer.sentences if one.support == "quoted"]
    return Score(
        id=known.id,
        kind=known.kind,
        question=known.question,
        answerable=known.answerable,
        answer=answer.text,
        refused=answer.refused,
        confidence=answer.confidence,
        missing=tuple(fact[0] for fact in facts if not holds(text, fact)),
        facts=len(facts),
        facts_cited=sum(any(holds(one.citation.quote, fact) for one in cited) for fact in facts),
        citations=len(cited),
        citations_right=sum(one.holds_any(facts) for one in cited),
        quotes=len(shown) + len(quoted),
        not_verbatim=(
            *(one.citation.quote for one in shown if not one.verbatim),
            *(one.text for one in quoted if not _is_of_its_footnote(one, cited)),
        ),
        unsupported=unsupported(answer, lambda name: articles.get(name, "")),
        follows_up=bool(known.history),
        words=count_words(answer.text),
        sentences_quoted=len(quoted),
        sentences_supported=sum(one.support == "supported" for one in answer.sentences),
        ranks=ranks,
        seconds=dict(answer.timings),
        footnotes=tuple(Quote(one.citation.source, one.citation.quote) for one in (cited or closest)),
        doubted=answer.heading == DOUBT,
    )


def _is_of_its_footnote(sentence: Sentence, cited: Sequence[Cited]) -> bool:
    footnotes = [one.citation.quote for one in cited if one.citation.number in sentence.citations]
    return any(sentence.text in quote for quote in footnotes)
