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
from rag.stems import stems
from rag.types import Article, Coverage, Evidence
from rag.words import STOP_WORDS, mentions

CITED = 20
"""Articles that are quoted; all are counted."""
_ARTICLE = re.compile(r"^(?:the|an?|any) ")
"""Before what is asked about; `The Hague` and `A Christmas Carol` begin with a capital, a quote has no such space."""
_BUT_NOT = re.compile(
    r",? (?:(?:but|and|yet) (?:(?:do|does|did)(?: not|n[’']?t)|not)|without) "
    r"(?:mention|nam|cit|quot|discuss|describ|cover)(?:e|ing)? |(?:,? (?:but|and|yet)|,) not ",
    re.I,
)
_OR = re.compile(r",? (?:and/)?or ")
_AND = re.compile(r",? and |, ")
_WORD = re.compile(r"[^\W_]+")
_INITIALS = re.compile(r"\b(?:[A-Za-z]\.){2,}")


@dataclass(frozen=True, slots=True)
class _Mentions:
    """The places in one article where it mentions the thing."""

    article: Article
    places: tuple[tuple[int, int], ...]
    together: str = ""
    """The words, where these are sentences that hold them all but not side by side."""

    def sentence(self) -> tuple[int, int]:
        """The first sentence that mentions it, of those that have most of its words."""
        text, held = self.article.text, dict[tuple[int, int], set[str]]()
        sentences = list(cut(text))
        for start, end in self.places:
            whole = next((one for one in sentences if one[1] > start), (start, end))
            held.setdefault(whole, set()).update(() if self.together else stems(text[start:end]))
        return max(held, key=lambda one: len(held[one]))


def count(listing: Listing, ledger: Ledger) -> Collected | None:
    """The articles that mention the thing: its words side by side, in any of their forms, else all in one sentence.

    `A or B` is met by either, `A and B` by an article with both, `A but not B` by one with A and without B.
    Near-duplicates count once, and are named.

    Returns:
        The newest `CITED` articles, each with its first sentence that mentions the thing; None when none does.
    """
    about, *unwanted = _BUT_NOT.split(listing.about, maxsplit=1)
    found = _any_of(about, listing, ledger)
    for part in unwanted:
        barred = _any_of(part, listing, ledger)
        found = {i: one for i, one in found.items() if i not in barred}
    families = _families(found.values())
    if not families:
        return None
    newest = sorted(families, key=lambda family: recency(family[0].article.published), reverse=True)
    return Collected(
        evidence=tuple(_evidence(family) for family in newest[:CITED]),
        coverage=Coverage(len(families), len(families), "articles"),
        lead=_lead(listing, [about, *unwanted], families),
    )


def _any_of(about: str, listing: Listing, ledger: Ledger) -> dict[str, _Mentions]:
    """Article id → where it mentions one of the things between which there is `or`."""
    parts = _OR.split(about)
    if len(parts) > 1:
        parts = [one for part in parts for one in (part.split(", ") if " and " not in part else [part])]
    found: dict[str, _Mentions] = {}
    for part in parts:
        for one in _evident(_mentioning(part, listing, ledger), ledger):
            known = found.get(one.article.id, one)
            if bool(known.together) == bool(one.together):
                found[one.article.id] = replace(one, places=tuple(sorted({*one.places, *known.places})))
            elif known.together:  # words side by side tell more
                found[one.article.id] = one
    return found


def _mentioning(about: str, listing: Listing, ledger: Ledger) -> list[_Mentions]:
    """The articles with the phrase, and those with each of the things between which there is `and`.

    Occurrences are those of the phrase alone if there are any.
    """
    each_apart = about.lower().startswith("both ")
    about = re.sub(r"^(?:both|either) ", "", about, flags=re.I)
    places = {} if each_apart else _places(about, ledger)
    parts = _AND.split(about) if " and " in about else []
    if len({part.lower() for part in parts}) > 1 and not (places and listing.form == "times"):  # not `Smith and Smith`
        each = [_places(part, ledger) for part in parts]
        both = set.intersection(*(set(one) for one in each))
        places = {i: set().union(*(one[i] for one in each)) for i in both} | places
    found = [_Mentions(article, tuple(sorted(at))) for i, at in places.items() if (article := ledger.article(i))]
    return found or _together([word for word in _WORD.findall(_bare(about)) if _counts(word)], ledger)


def _bare(phrase: str) -> str:
    """Without the article before it, unless little is left."""
    bare = _ARTICLE.sub("", phrase)
    return bare if any(map(_counts, _WORD.findall(bare))) else phrase


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
    joined = _INITIALS.sub(lambda match: match[0].replace(".", ""), _bare(phrase))
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
            found.append(_Mentions(article, tuple(whole), together=" ".join(words)))
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


def _lead(listing: Listing, asked: Sequence[str], families: Sequence[Sequence[_Mentions]]) -> str:
    """`5 articles (and 2 copies) mention “it”`, or `“it” is mentioned 9 times in 5 articles (and 2 copies)`."""
    copies = sum(len(family) - 1 for family in families)
    articles = _number(len(families), "article") + (f" (and {_number(copies, 'copy')})" if copies else "")
    more = f"; the newest {CITED} are quoted" if len(families) > CITED else ""
    one = len(families) == 1
    about, *others = (f"“{' '.join(part.split())}”" for part in asked)
    but = f" but not {others[0]}" if others else ""
    together = {family[0].together: None for family in families}
    words = " or ".join(f"“{words}”" for words in together if words)
    if words and "" in together:
        return f"{articles} mention {about}, or have all words of {words} in one sentence{but}{more}:"
    if words:
        return f"{articles} {'has' if one else 'have'} all words of {words} in one sentence{but}{more}:"
    if listing.form == "times":
        times = sum(len(family[0].places) for family in families)
        return f"{about}{but} is mentioned {_number(times, 'time')} in {articles}{more}:"
    return f"{articles} {'mentions' if one else 'mention'} {about}{but}{more}:"


def _number(count: int, noun: str) -> str:
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{count:,} {noun if count == 1 else plural}"
