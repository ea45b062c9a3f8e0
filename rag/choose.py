"""Evidence → what the answer is made of: a few sentences, a list, a count, or reports side by side.

Knows the ways to choose, not how evidence was found nor how an answer is worded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rag.compare import Sides, alternatives, differing, origins, other_values, own_values, succession
from rag.counts import count
from rag.evidence import led_in, select
from rag.holdings import held
from rag.ledger import Ledger
from rag.lists import Collected, Listing, gather
from rag.question import is_about_now
from rag.types import Coverage, Embedder, Evidence, Ranker

DIFFER = "The documents give different answers:"


@dataclass(frozen=True, slots=True)
class Choice:
    """What is shown, in its order."""

    evidence: tuple[Evidence, ...]
    heading: str = ""
    leads: Mapping[Evidence, str] = field(default_factory=dict)
    values: Mapping[Evidence, str] = field(default_factory=dict)
    """What each report gives, where they differ or may."""
    aside: Mapping[Evidence, str] = field(default_factory=dict)
    """What of other reports may be another answer: its words alone are quoted, after the answer."""
    coverage: Coverage | None = None

    @property
    def is_quoted(self) -> bool:
        """Lists, counts and reports that differ are quoted: a model would merge what is to be held apart."""
        return bool(self.heading) or (self.coverage is not None and len(self.evidence) > 1)


def counted(listing: Listing | None, ledger: Ledger) -> Choice | None:
    """How many articles there are or mention a thing, where that is asked: no evidence has to suffice for that."""
    if listing is None or listing.form == "things":
        return None
    found = held(listing, ledger) if listing.form in ("documents", "size") else count(listing, ledger)
    return _collected(found) if found else None


def choose(
    question: str,
    listing: Listing | None,
    by_part: Sequence[Sequence[Evidence]],
    *,
    ledger: Ledger,
    embedder: Embedder,
    ranker: Ranker,
) -> Choice:
    """What the answer to a question rests on.

    Args:
        listing: what the question wants all of, if it does (`rag.lists.asks`).
        by_part: the evidence for each part of the question, best first; the first part has some.
    """
    coverage: Coverage | None = None
    if listing is not None and listing.form == "things":
        found = gather(question, listing, by_part[0], ledger=ledger, embedder=embedder, ranker=ranker)
        if found and len(found.evidence) > 1:
            return _collected(found)
        coverage = found.coverage if found else None
    about_now = is_about_now(question)
    sides = Sides() if about_now or len(by_part) > 1 else differing(question, by_part[0])
    if sides.sure:
        return _side_by_side(sides, coverage)
    if sides.told and listing is None and (aside := _with_aside(select(question, by_part, alone=True), sides)):
        return aside
    chosen = select(question, by_part)
    return Choice(tuple(chosen), leads=succession(chosen) if about_now else {}, coverage=coverage)


def _collected(found: Collected) -> Choice:
    return Choice(found.evidence, heading=found.lead, coverage=found.coverage)


def _side_by_side(sides: Sides, coverage: Coverage | None) -> Choice:
    shown = {led_in(one.evidence): one.value for one in sides.told}
    return Choice(tuple(shown), heading=DIFFER, leads=origins(tuple(shown)), values=shown, coverage=coverage)


def _with_aside(chosen: Sequence[Evidence], sides: Sides) -> Choice | None:
    """The answer, and after it what other reports may give instead; None where they give nothing else."""
    own, others = own_values(sides, chosen), other_values(sides, chosen)
    if not own or not others:
        return None
    return Choice(tuple(chosen), leads=alternatives(tuple(others)), values=own | others, aside=others)
