"""Questions that want all there is, not the best there is: lists of things, and how many articles mention one.

Both are answered from every passage that matches, in quotes alone, with what was read told beside them. Knows
the word index and the ranker; knows neither the language model nor how an answer is laid out.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.dates import recency
from rag.evidence import REPEATED, Candidate, dot, sentences_of
from rag.injection import overlaps
from rag.ledger import Ledger, Passage
from rag.sentences import plain
from rag.stems import numbers, stems
from rag.types import Coverage, Embedder, Evidence, Ranker
from rag.words import STOP_WORDS, mentions, terms

LINES = 8
PASSAGES = 60
"""Passages of a list that are read, those first that hold most of the question's words."""
EMBEDDED = 64
"""Sentences of these that are embedded, those first that share most words with the question."""
RANKED = 40
"""Sentences of these that the ranker reads, the most similar; each costs 4 ms on two cores."""
HELD = 0.5
"""A passage mentions what a list is about when it holds half of the question's words, weighed by their rarity."""
SIMILARITY = 7.0
MARGIN = 2.5
"""How far below the best line another may score, by logit plus seven times the cosine. On 120 of RAMDocs' questions
with several right answers, lines within 2.5 show .68 of these, and .69 of the lines hold one; fitted sums of more
features rank no better. Over the seeds 2.0 lists as many of the things asked for in half the words."""
NEW_SHARE = 0.4
"""Of a line's words that the question does not hold, so many must be in no line above it."""

_NAME = re.compile(r"(?<=[\w,;:’'”\"“(–—-] )[A-Z][\w’'-]+")
"""A capitalised word, unless the sentence begins with it."""

_WH = r"(?:[^.?!;]{0,60}, )?(?:(?:in|on|at|to|for|from|by|under|with|between|about|against|into) )?"
_OPEN = r"(?:^|[.?!;:] )(?:(?:and|but|so|please|then) |(?:can|could) you )?"
_COUNT = r"(?:two|three|four|five|six|seven|eight|nine|ten|\d+)"
_NO_NOUN = r"(?!(?:is|was|has|does|this|causes|makes|means|meets|happens|comes|goes|takes|days|months|years|times)\b)"
"""After `which` or `what` these are verbs, or ask for a date."""
_PLURAL = (
    r"(?!(?:series|species|news|politics|economics|physics|mathematics|ethics)\b)"
    r"(?:people|men|women|children|criteria|phenomena|[a-z]{2,}(?<![sui])s)\b"
)
"""A noun in the plural, by its ending."""
_ADJECTIVE = (
    r"(?!(?:official|hospital|animal|capital|journal|festival|music|critic|mechanic|clinic|topic|metal|criminal)\b)"
    rf"(?:{_COUNT}|all|other|main|major|different|key|senior|top|new|old|big|large|small|former|foreign|human|dual"
    r"|specific|important|[a-z]+(?:al|ic|ish|ous|able|ible|ful|less)|(?:north|south|east|west|mod)ern"
    r"|(?-i:[A-Z]{2,}|[A-Z][a-z]+(?:an|ish|ese|ern|ic|ch|sh)))"
)
_THINGS = rf"(?:{_ADJECTIVE} ){{0,3}}{_PLURAL}"
_LISTS = tuple(
    re.compile(rf"{_OPEN}{form}", re.I)
    for form in (
        r"(?:list|enumerate|name|give|tell|show|find)(?: me)? "
        rf"(?:(?:a list of|all|every(?:one|body|thing)?)\b|(?=(?:some of )?the {_THINGS}|{_COUNT} {_PLURAL}))",
        rf"(?:list|enumerate) (?=(?:[\w'’-]+ ){{0,3}}?{_PLURAL})",
        rf"{_WH}which (?:of the )?(?:{_ADJECTIVE} ){{0,3}}{_NO_NOUN}{_PLURAL}"
        r"(?! (?:the|an?|it|that|is|was|has|does|its|his|her)\b)(?=.* )",
        rf"{_WH}what (?:{_ADJECTIVE} ){{0,3}}{_NO_NOUN}{_PLURAL} "
        r"(?!(?:the|an?|it|that|is|was|has|does|its|his|her|all|many|how|with)\b|(?-i:[A-Z]))",
        rf"wh(?:at|o) (?:are|were) (?=(?:the|some|any|{_COUNT}|other)(?: of the)? (?:[\w'’-]+ ){{0,3}}?{_PLURAL}"
        r"(?!.*\b(?:called|named|known as|like|typical of|made of|about|used for)\W*$))",
    )
)
"""How a question for a list opens. Of 4,242 questions of five public suites 138 open so; of 100 of these that were
read, 97 ask for several things. Of the 71 with a reference answer 56 have one of several names."""
_ARTICLES = r"(?:articles?|reports?|documents?|files?|sources?|texts?|stories|story|pages?)"
_FILES = r"(?:articles?|reports?|documents?|docs|files?|sources?|texts?)"
_SAY = (
    r"(?:mentions?|names?|cites?|quotes?|discuss(?:es)?|describes?|covers?|contains?|says?|talks? (?:about|of)"
    r"|speaks? (?:about|of)|refers? to|deals? with|writes? about|reports? on|(?:is|are) about)"
)
_SAID = r"(?:mentioned|named|cited|quoted|discussed|described|covered|talked about|referred to)"
_COLLECTION = r"(?:collection|folder|index|library|corpus|archive|database|data ?set)"
_HERE = rf"in (?:(?:all )?(?:the|these|my|your|our)|this) (?:{_COLLECTION}|{_ARTICLES})"
_OF = r"(?: (?:all|every))?(?: of)?(?: all)?(?: (?:the|these|those|my|your|our))?(?: different)?"
_WHICH = (
    rf"(?:{_HERE},? )?(?:in )?(?:how many|which|what|(?:list|name|show|find)(?: me)?){_OF} {_ARTICLES}(?: {_HERE})?"
)
_THAT = rf"{_WHICH}(?: that| which)?"
_COUNTS: tuple[tuple[Literal["articles", "times"], str], ...] = (
    ("articles", rf"{_WHICH}(?: that| which| do| are there that)? {_SAY} (?P<about>.+?)"),
    (
        "articles",
        rf"{_THAT} (?:(?:have|has) {_SAID}|mentioned(?! (?:in|by|at|on|above|below|earlier)\b)) (?P<about>.+?)",
    ),
    ("articles", rf"{_WHICH} (?:is|are|was|were) (?P<about>.+?) {_SAID}"),
    ("times", rf"how (?:often|many times) (?:is|are|was|were) (?P<about>.+?) {_SAID}(?: {_HERE})?"),
    ("times", rf"how (?:often|many times) do(?:es)?{_OF} {_ARTICLES} {_SAY} (?P<about>.+?)"),
    (
        "times",
        r"how (?:often|many times) do(?:es)? (?P<about>(?:the )?(?:word|name|term|phrase)s? .+?|[“\"«].+?[”\"»])"
        rf" (?:appear|occur|come up)(?: {_HERE})?",
    ),
)
_LACKS = re.compile(
    rf"{_OPEN}(?:{_THAT} (?:(?:(?:do|does|did)(?: not|n[’']?t)|never) {_SAY}"
    rf"|(?:is|are)(?: not|n[’']t) about|{_SAY} (?:neither|nothing)) "
    rf"|{_WHICH} (?:is|are|was|were) (?!not |never ).+? (?:not|never) {_SAID})",
    re.I,
)
"""Asks for the articles that do not mention something: no sentence of theirs can prove that."""
_AROUND = re.compile(
    r"^(?:that |the (?=\S+$)|(?:the )?(?:word|name|term|phrase|topic|subject)s? (?:of )?"
    r"|(?:any |some |more )?(?:information|details|facts|anything|something) (?:about|on) )+"
    r"|(?: at all| by name| anywhere| so far| in total"
    rf"| in (?:(?:this|these|my|your|our) (?:{_COLLECTION}|{_ARTICLES})|the folder))+$",
    re.I,
)
_THEN_ASKS = re.compile(
    rf",? and (?:also )?(?:what (?:do|does|did|is|are|was|were) "
    rf"(?:they|it|these|those|each|all|each of them|the {_ARTICLES})"
    r"(?: (?:say|tell|report|write|state|claim|said|about))*(?: (?:of|about|on) (?:it|this|that|them|him|her))?"
    r"|(?:which|what|who|where|when) (?:ones |of them )?(?:are|were|is|was|do|did|wrote|published) "
    r"(?:they|these|those|it|them)(?: \w+){0,2})$",
    re.I,
)
"""What is asked of the articles beside how many they are; their quotes and footnotes tell it."""
_ASKS_MORE = re.compile(
    r",? and (?:(?:in|at|on|by|for|from|to|of|with) )?(?:who|what|when|where|which|why|how)\b", re.I
)
_OURS = (
    rf"(?:are (?:there|here|available|indexed|loaded)|is (?:there|this)|do (?:you|i|we) have"
    r"|(?:do|can) you (?:know|hold|contain|use|read|search|see)|(?:have|did) (?:you|i|we) (?:been )?"
    rf"(?:read|index(?:ed)?|loaded?|add(?:ed)?|upload(?:ed)?|given)"
    rf"|(?:are|do you have) in (?:the|this|your|my|our) {_COLLECTION})"
    rf"(?: (?:here|there|now|in total|altogether|so far|access to|in (?:the|this|your|my|our) {_COLLECTION}))*"
)
_HELD: tuple[tuple[Literal["documents", "size"], str], ...] = (
    ("size", rf"how many (?:different )?{_FILES} {_OURS}"),
    ("documents", rf"(?:what|which) {_FILES} {_OURS}"),
    ("documents", rf"what are (?:all )?your {_FILES}"),
    (
        "documents",
        r"(?:list|enumerate|show|(?:name|give)(?=.* (?:all|every|list)\b))(?: me)? (?:(?:a|the) list of )?"
        r"(?:(?:all|every)(?: of)? )?(?!(?:the |these )?(?:source|text)s?\b)(?:(?:the|your|my|these|our) )?"
        rf"{_FILES}(?: (?:that |which )?(?:(?:you|i|we) have|there are|are (?:there|here|available|indexed)"
        rf"|in (?:the|this|your|my|our) {_COLLECTION}|here|available))?",
    ),
)
"""Questions for what there is. Nothing else may follow: `How many documents did the ministry sign?` is none."""
_QUOTED = re.compile(r"[“\"«](.+?)[”\"»]")
_JOINS = re.compile(r"\b(?:and|or|not|without)\b", re.I)
_SHORTENED = re.compile(r"\b\w+n[’']t\b|[’'](?:s|re|ve|ll|d|m)\b", re.I)
"""`don't`, and the ends of `company's` and `they're`: pieces of these are no words to match on."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A question for all there is: things, the articles that mention something, or the times they do."""

    form: Literal["things", "articles", "times", "documents", "size"]
    """The last two: which documents there are, and how many (`rag.holdings`)."""
    about: str


@dataclass(frozen=True, slots=True)
class Collected:
    """What a list or a count shows: one verbatim line for each piece of evidence, in the order to show them."""

    evidence: tuple[Evidence, ...]
    coverage: Coverage
    lead: str = ""
    """The count in words, to stand before the lines."""


def asks(question: str) -> Listing | None:
    """Whether the question wants a list or a count of articles; a figure that a document states is neither."""
    if (wanted := of_holdings(question)) is not None:
        return Listing(wanted, "")
    if _LACKS.search(question):
        return None
    for form, pattern in _COUNTS:
        match = re.search(rf"{_OPEN}{pattern}[\s?.!]*$", question, re.I)
        if match and (about := _bare(_THEN_ASKS.sub("", match["about"]))):
            return None if _ASKS_MORE.search(about) else Listing(form, about)
    for opening in _LISTS:
        if match := opening.search(question):
            rest = question[match.end() :]
            return Listing("things", rest if set(terms(rest)) - STOP_WORDS else question)
    return None


def of_holdings(question: str) -> Literal["documents", "size"] | None:
    """Whether it is the documents themselves that are asked for, or how many there are."""
    for form, pattern in _HELD:
        if re.fullmatch(
            rf"(?:(?:and|but|so|please|then|ok|okay),? |(?:can|could) you )*{pattern}(?:,? please)?[\s?.!]*",
            question,
            re.I,
        ):
            return form
    return None


def _bare(about: str) -> str:
    """The thing asked about, without what only introduces it; empty when it is a pronoun."""
    quoted = [_whole(match[1]) for match in _QUOTED.finditer(about)]
    if len(quoted) == 1 and not _JOINS.search(_QUOTED.sub("", about)):
        return quoted[0]
    about = _QUOTED.sub(lambda match: _whole(match[1]), about)
    states = about.lower().startswith("that ")
    about = _AROUND.sub("", about.strip(" ,"))
    about = _whole(about) if states and _JOINS.search(about) else about
    known = set(terms(about)) - STOP_WORDS
    return about if known or re.search(r"\b[A-Z]{2,}\b", about) else ""


def _whole(text: str) -> str:
    """A quote or a statement, with spaces that do not break: it is looked for as it stands, whatever words it has."""
    return "\N{NO-BREAK SPACE}".join(text.split())


def gather(
    question: str,
    listing: Listing,
    found: Sequence[Evidence],
    *,
    ledger: Ledger,
    embedder: Embedder,
    ranker: Ranker,
) -> Collected | None:
    """The lines of a list: every sentence that answers about as well as the best and says something new.

    Args:
        found: the usual evidence for the question, best first; it takes part whether or not its passages mention
            what the list is about.

    Returns:
        Lines, the newest report's first; None when no passage mentions what the list is about.
    """
    passages = _about(listing.about, ledger)
    if not passages or not found:
        return None
    read = passages[:PASSAGES]
    more = _ranked(question, _sentences(read, ledger, found), embedder=embedder, ranker=ranker)
    lines = _lines(question, [*found, *more])
    lines.sort(key=lambda one: recency(one.article.published), reverse=True)
    return Collected(tuple(lines), _coverage(listing.about, ledger, passages))


def covered(listing: Listing, ledger: Ledger) -> Coverage | None:
    """What `gather` would say that its list rests on; None when no passage mentions what it is about."""
    passages = _about(listing.about, ledger)
    return _coverage(listing.about, ledger, passages) if passages else None


def _coverage(topic: str, ledger: Ledger, passages: Sequence[Passage]) -> Coverage:
    """What was read of the passages, what they were matched on, and how many hold all of it."""
    written = {word.lower(): word for word in re.findall(r"[^\W_]+", topic)}
    matched = _matched(topic)
    holding = [{passage.id for passage, _ in mentions(ledger, word, titles=True)} for word in matched]
    whole = set.intersection(*holding) & {passage.id for passage in passages}
    words = tuple(written.get(word, word) for word in matched)
    return Coverage(min(len(passages), PASSAGES), len(passages), words=words, whole=len(whole))


def _about(topic: str, ledger: Ledger) -> list[Passage]:
    """The passages that hold most of the topic's words, weighed by their rarity, the fullest first."""
    passages: dict[str, Passage] = {}
    holding: list[list[str]] = []
    for word in _matched(topic):
        here = [passage for passage, _ in mentions(ledger, word, titles=True)]
        passages.update((passage.id, passage) for passage in here)
        if here:
            holding.append([passage.id for passage in here])
    total = ledger.counts()[2]
    weights = [math.log((total + 1) / (len(ids) + 0.5)) for ids in holding]
    held: Counter[str] = Counter()
    for ids, weight in zip(holding, weights, strict=True):
        for identity in ids:
            held[identity] += weight  # type: ignore[assignment]
    enough = HELD * sum(weights)
    return sorted((passages[i] for i in passages if held[i] >= enough), key=lambda one: -held[one.id])


def _matched(topic: str) -> list[str]:
    """The words that passages are matched on."""
    return terms(_SHORTENED.sub("", topic))


def _sentences(passages: Sequence[Passage], ledger: Ledger, known: Sequence[Evidence]) -> list[Candidate]:
    """The passages' sentences that are not known, each once even if two articles hold it; headlines are left out."""
    seen = {plain(one.text) for one in known}
    found = []
    for passage in passages:
        if (report := ledger.article(passage.article)) is None:
            continue
        for one in sentences_of(report, passage.start, passage.end, 0.0):
            if one.text != report.title and plain(one.text) not in seen:
                seen.add(plain(one.text))
                found.append(one)
    return found


def _ranked(question: str, found: Sequence[Candidate], *, embedder: Embedder, ranker: Ranker) -> list[Evidence]:
    """The sentences that bear most on the question, scored by ranker and similarity."""
    asked = stems(question)
    near = sorted(found, key=lambda one: -len(asked & stems(f"{one.before} {one.text}")))[:EMBEDDED]
    if not near:
        return []
    vector = embedder.embed_query(question)
    similarity = [dot(vector, other) for other in embedder.embed([one.text for one in near])]
    best = sorted(range(len(near)), key=lambda i: -similarity[i])[:RANKED]
    logits = ranker.rank(question, [near[i].in_context for i in best])
    return [
        Evidence(near[i].article, near[i].start, near[i].end, logit, logit, similarity[i])
        for i, logit in zip(best, logits, strict=True)
    ]


def _lines(question: str, found: Sequence[Evidence]) -> list[Evidence]:
    """Those that answer about as well as the best, without what the lines above say already."""
    by_score = sorted(found, key=_score, reverse=True)
    said, items = set(stems(question)), set(_items(question))
    lines: list[Evidence] = []
    for one in by_score:
        if _score(one) < _score(by_score[0]) - MARGIN or len(lines) == LINES:
            break
        words, named = stems(one.text) - stems(question), _items(one.text)
        fresh = len(words - said) >= NEW_SHARE * len(words)
        if not lines or (fresh and (named - items or not named)):
            lines.append(one)
            said |= words
            items |= named
    return lines


def _items(text: str) -> frozenset[str]:
    """The names and numbers in a text: what most lists are made of."""
    return numbers(text) | frozenset(stem for name in _NAME.findall(text) for stem in stems(name))


def _score(one: Evidence) -> float:
    often = overlaps(one.article.repeated, one.start, one.end)
    return one.logit + SIMILARITY * one.similarity - REPEATED * often
