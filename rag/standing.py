"""A footnote of an exported answer against the documents as they are indexed now: whether, and where, its quote stands.

Knows footnotes, not the sentences that rest on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rag.dates import say
from rag.ledger import Ledger
from rag.record import Record, Source, sha256
from rag.sentences import cut
from rag.types import Article, Citation, Evidence

State = Literal["unchanged", "changed", "moved", "lost", "gone"]
"""The document is as it was; has changed, and the quote still stands in it; is the same under another name; has
changed, and the quote is no longer in it; or is not there any more."""
Copies = Callable[[Evidence], Evidence]
"""A piece of evidence with the other files named in which it stands too."""


@dataclass(frozen=True, slots=True)
class CheckedCitation:
    """A footnote, and where its quote stands now."""

    number: int
    source: str
    """The file it names."""
    state: State
    found_in: str = ""
    """The file in which the quote stands now; another than `source` when that was moved, lost it or is gone."""
    start: int = 0
    end: int = 0
    """Where in the article's text, if it stands."""
    place: str = ""
    faults: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return self.state in ("unchanged", "changed", "moved") and not self.faults


class Library:
    """The documents as they are now, and how they were."""

    def __init__(self, record: Record, ledger: Ledger, copies: Copies) -> None:
        self.ledger, self.copies = ledger, copies
        self.files = frozenset(ledger.digests())
        self.known = {one.article_id: one.sha256 for one in record.sources}

    def look_up(self, citation: Citation) -> tuple[CheckedCitation, Evidence | None]:
        """How a footnote stands, and the evidence anew, if it does."""
        article = self.ledger.article(citation.article_id)
        state, one = self._where(citation, article)
        found = CheckedCitation(citation.number, citation.source, state)
        if one is None:
            others = self.ledger.holding(citation.quote)
            return replace(found, found_in=others[0].source if others else ""), None
        faults = tuple(self._faults(citation, one, same=one.article is article))
        place = one.article.place(one.start)
        found = replace(found, found_in=one.article.source, start=one.start, end=one.end, place=place, faults=faults)
        return found, one

    def _where(self, citation: Citation, article: Article | None) -> tuple[State, Evidence | None]:
        if article is not None:
            one = _nearest(citation, [article])
            return ("unchanged", one) if one else ("lost", None)
        holding = self.ledger.holding(citation.quote)
        if citation.source in self.files:
            one = _nearest(citation, [other for other in holding if other.source == citation.source])
            return ("changed", one) if one else ("lost", None)
        known = self.known.get(citation.article_id)
        one = _nearest(citation, [other for other in holding if known and sha256(other.text) == known])
        return ("moved", one) if one else ("gone", None)

    def _faults(self, citation: Citation, one: Evidence, *, same: bool) -> Iterator[str]:
        """What a footnote says that the document does not bear out."""
        article = one.article
        yield from misnamed(citation, article)
        if same:
            if (citation.start, citation.end) != (one.start, one.end):
                yield f"the quote does not stand at {citation.start}–{citation.end} but at {one.start}–{one.end}"
            if citation.source != article.source:
                yield f"the quote stands in {article.source!r}, not in {citation.source!r}"
            if citation.place != article.place(one.start):
                yield f"the quote stands on {article.place(one.start) or 'no page'!r}, not on {citation.place!r}"
            if self.known.get(article.id) != sha256(article.text):
                yield "the document's fingerprint in the file is not that of the document"
        if not _whole(one):
            yield "the quote is cut out of a longer sentence"
        if missing := sorted(set(citation.also_in) - set(self.copies(one).also_in)):
            yield f"it does not stand in {', '.join(map(repr, missing))}"


def misnamed(said: Citation | Source, article: Article) -> Iterator[str]:
    """Where title, publisher and date are not the document's."""
    for what, told, known in (
        ("title", said.title, article.title),
        ("publisher", said.publisher, article.publisher),
        ("date", said.published and say(said.published), article.published and say(article.published)),
    ):
        if (told or "") != (known or ""):
            yield (
                f"the document's {what} is {known!r}, not {told!r}" if known else f"the document has no {what} {told!r}"
            )
    if isinstance(said, Source) and said.source != article.source:
        yield f"the document's file is {article.source!r}"
    if isinstance(said, Source) and said.sha256 != sha256(article.text):
        yield "its fingerprint is not the document's"


def _nearest(citation: Citation, articles: Sequence[Article]) -> Evidence | None:
    """The quote where it stands in the first of these articles that has it, nearest to where it stood."""
    for article in articles:
        places = list(_occurrences(article.text, citation.quote))
        if places:
            start = min(places, key=lambda at: abs(at - citation.start))
            return Evidence(article, start, start + len(citation.quote), 0.0)
    return None


def _occurrences(text: str, words: str) -> Iterator[int]:
    at = text.find(words) if words else -1
    while at >= 0:
        yield at
        at = text.find(words, at + len(words))


def _whole(one: Evidence) -> bool:
    """Whether it is whole sentences: a part of one may say the opposite."""
    spans = cut(one.article.text)
    return one.start in {start for start, _ in spans} and one.end in {end for _, end in spans}
