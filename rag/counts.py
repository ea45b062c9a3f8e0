"""How many articles mention something: counted over the whole word index, each with the sentence that proves it.

Knows words in all their forms, not what they mean: another name for the thing is another thing. Knows no model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rag.dates import recency
from rag.injection import overlaps, tainted
from rag.ledger import Ledger
from rag.lists import Collected, Listing
from rag.sentences import cut
from rag.types import Article, Coverage, Evidence
from rag.words import STOP_WORDS, mentions

CITED = 20
"""Articles that are quoted; all are counted."""
_ARTICLE = re.compile(r"^(?:the|an?|any) ")
"""Before what is asked about; `The Hague` and `A Christmas Carol` begin with a capital."""
_WORD = re.compile(r"[^\W_]+")
_INITIALS = re.compile(r"\b(?:[A-Za-z]\.){2,}")


@dataclass(frozen=True, slots=True)
class _Mentions:
    """The places in one article where it mentions the thing."""

    article: Article
    places: tuple[tuple[int, int], ...]
    together: bool = False
    """Whether these are sentences that hold all the words, not the words side by side."""

    def sentence(self) -> tuple[int, int]:
        """The first sentence that mentions it."""
        start, end = self.places[0]
        return next(((a, z) for a, z in cut(self.article.text) if z > start), (start, end))


def count(listing: Listing, ledger: Ledger) -> Collected | None:
    """The articles that mention the thing: its words side by side, in any of their forms, else all in one sentence.

    `A or B` is met by either, `A and B` by an article with both. Near-duplicates count once, and are named.

    Returns:
        The newest `CITED` articles, each with its first sentence that mentions the thing; None when none does.
    """
    found: dict[str, _Mentions] = {}
    for part in re.split(r",? or ", listing.about):
        for one in _mentioning(part, ledger):
            known = found.get(one.article.id)
            places = {*one.places, *(known.places if known else ())}
            found[one.article.id] = replace(one, places=tuple(sorted(places)))
    families = _families(_evident(found.values(), ledger))
    if not families:
        return None
    newest = sorted(families, key=lambda family: recency(family[0].article.published), reverse=True)
    return Collected(
        evidence=tuple(_evidence(family) for family in newest[:CITED]),
        coverage=Coverage(len(families), len(families), "articles"),
        lead=_lead(listing, families),
    )


def _mentioning(about: str, ledger: Ledger) -> list[_Mentions]:
    each_apart = about.lower().startswith("both ")
    about = about[len("both ") :] if each_apart else about
    places = {} if each_apart else _places(about, ledger)
    if not places and len(parts := re.split(r",? and ", about)) > 1:
        each = [_places(part, ledger) for part in parts]
        both = set.intersection(*(set(one) for one in each))
        places = {i: set().union(*(one[i] for one in each)) for i in both}
    found = [_Mentions(article, tuple(sorted(at))) for i, at in places.items() if (article := ledger.article(i))]
    return found or _together([word for word in _WORD.findall(about) if _counts(word)], ledger)


def _counts(word: str) -> bool:
    """Whether a word says anything; `US` does, `us` does not."""
    return word.lower() not in STOP_WORDS or (word.isupper() and len(word) > 1)


def _evident(found: Iterable[_Mentions], ledger: Ledger) -> Iterator[_Mentions]:
    """Without the places in text that addresses a language model: that is no evidence."""
    flagged = {report.source for report in ledger.flagged()}
    for one in found:
        if one.article.source in flagged:
            orders = tainted(one.article.text)
            one = replace(one, places=tuple(place for place in one.places if not overlaps(orders, *place)))
        if one.places:
            yield one


def _places(phrase: str, ledger: Ledger) -> dict[str, set[tuple[int, int]]]:
    """Article id → where it has the phrase; passages overlap, so one place may be found twice."""
    found: dict[str, set[tuple[int, int]]] = {}
    bare = _ARTICLE.sub("", phrase)
    says = any(map(_counts, _WORD.findall(bare)))
    joined = _INITIALS.sub(lambda match: match[0].replace(".", ""), bare if says else phrase)
    apart = re.sub(r"\b[A-Z]{2,4}\b", lambda match: " ".join(match[0]), joined)
    capitals = {word for word in re.findall(r"\b[A-Z]{2,}\b", joined) if word.lower() in STOP_WORDS}
    for form in {joined, apart}:
        for passage, places in mentions(ledger, form):
            article = ledger.article(passage.article) if capitals and places else None
            for start, end in places:  # `US` is not `us`
                if article and not capitals <= set(re.findall(r"\w+", article.text[start:end].replace(".", ""))):
                    continue
                found.setdefault(passage.article, set()).add((start, end))
    return found


def _together(words: Sequence[str], ledger: Ledger) -> list[_Mentions]:
    """The articles that have all the words in one sentence, with the first of these words in each such sentence."""
    each = [_places(word, ledger) for word in words]
    found = []
    for identity in sorted(set.intersection(*(set(one) for one in each))) if each else ():
        if (article := ledger.article(identity)) is None:
            continue
        whole = [
            (start, end)
            for start, end in cut(article.text)
            if all(any(start <= at < end for at, _ in one[identity]) for one in each)
        ]
        if whole:
            found.append(_Mentions(article, tuple(whole), together=True))
    return found


def _families(found: Iterable[_Mentions]) -> list[list[_Mentions]]:
    """Near-duplicates together, the article that stands for them first."""
    families: dict[str, list[_Mentions]] = {}
    for one in sorted(found, key=lambda one: (one.article.id != one.article.family, one.article.source)):
        families.setdefault(one.article.family, []).append(one)
    return list(families.values())


def _evidence(family: Sequence[_Mentions]) -> Evidence:
    first, *copies = family
    start, end = first.sentence()
    also_in = sorted({copy.article.source for copy in copies} - {first.article.source})
    return Evidence(first.article, start, end, 1.0, also_in=tuple(also_in))


def _lead(listing: Listing, families: Sequence[Sequence[_Mentions]]) -> str:
    """`5 articles (and 2 copies) mention “it”`, or `“it” is mentioned 9 times in 5 articles (and 2 copies)`."""
    copies = sum(len(family) - 1 for family in families)
    articles = _number(len(families), "article") + (f" (and {_number(copies, 'copy')})" if copies else "")
    more = f"; the newest {CITED} are quoted" if len(families) > CITED else ""
    one = len(families) == 1
    if any(family[0].together for family in families):
        words = " ".join(filter(_counts, _WORD.findall(listing.about)))
        return f"{articles} {'has' if one else 'have'} all words of “{words}” in one sentence{more}:"
    if listing.form == "times":
        times = sum(len(family[0].places) for family in families)
        return f"“{listing.about}” is mentioned {_number(times, 'time')} in {articles}{more}:"
    return f"{articles} {'mentions' if one else 'mention'} “{listing.about}”{more}:"


def _number(count: int, noun: str) -> str:
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{count:,} {noun if count == 1 else plural}"
