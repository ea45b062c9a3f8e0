"""Questions that the documents answer, to begin with, to go on with, and to ask instead of one that was refused.

Each is made from a sentence (`rag.asking`) and then asked: it is only offered if that very sentence is the answer, and
a sure one. Knows how to ask, not how an answer is worded; no language model has a part in it.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rag.asking import Question, questions
from rag.dates import recency
from rag.errors import RagError
from rag.evidence import sentences_of
from rag.finding import Finder
from rag.intake import language
from rag.ledger import Ledger
from rag.lists import asks
from rag.question import readings
from rag.sentences import plain
from rag.stems import stems
from rag.sufficiency import confidence
from rag.types import Answer, Article, Evidence

SURE = 0.5
"""Confidence from which a question is offered: far above where it would be refused."""
OFFERED = 8
"""Questions kept for a set of documents."""
ARTICLES, ASKED, OF_ONE = 60, 40, 2
"""Articles that are read for them, the newest; questions asked to find out, in all and of one article. Each takes about
as long as a person's question, so all of them some seconds, whatever the number of documents."""
READ_CHARS = 6_000
NEAR, FOLLOWING = 4, 8
"""Articles read, and questions asked, to find out what may follow an answer."""
ALIKE = 0.6
"""Of the words of the longer of two questions, so many in the other make them one."""
PAUSE = 0.05
"""Seconds between two looks at whether a person's question is answered by now."""
NOTE = "suggestions"
EDITION = 1
"""Raise it when a rule changes, so that what was kept is made anew."""
_UNFIT = re.compile(
    r"\b(?:cookie|subscri|newsletter|copyright|password|log ?in|sign up|click|advert|javascript|all rights)\w*\b",
    re.I,
)
"""Words of what surrounds articles on the web; nobody wants to ask about them."""


@dataclass(frozen=True, slots=True)
class _Made:
    """A question and the sentence that it was made from."""

    question: Question
    article: Article
    start: int
    end: int


class Suggester:
    """Keeps the questions to begin with, and makes them on a thread of its own. Safe from several threads."""

    def __init__(self, finder: Finder, busy: Callable[[], bool]) -> None:
        """`busy`: whether somebody else needs the processor just now."""
        self._finder, self._busy = finder, busy
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._state, self._known = _read(finder.ledger)
        self._stopped = threading.Event()

    def known(self) -> tuple[str, ...]:
        """What is known so far; the rest is being found out from now on."""
        state = _state(self._finder.ledger)
        with self._lock:
            if self._state != state and self._thread is None and not self._stopped.is_set():
                self._thread = threading.Thread(target=self._work, name="footnote-suggest", daemon=True)
                self._thread.start()
            return self._known

    def stop(self) -> None:
        """End the thread, which takes as long as one question at most."""
        self._stopped.set()
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join()

    def _work(self) -> None:
        try:
            self._find_out()
        finally:
            with self._lock:
                self._thread = None

    def _find_out(self) -> None:
        if not self._goes_on():
            return
        ledger, found = self._finder.ledger, list[str]()
        state = _state(ledger)
        try:
            for question in to_begin_with(self._finder, self._goes_on):
                found.append(question)
                with self._lock:
                    self._known = tuple(found)
            if not self._stopped.is_set():
                with ledger.writing():
                    ledger.write(NOTE, json.dumps([state, found]))
        except RagError:  # what is wrong with the index, the next question tells; these are not missed
            pass
        finally:  # whatever went wrong would go wrong again at once
            with self._lock:
                self._state, self._known = state, tuple(found)

    def _goes_on(self) -> bool:
        """Whether to go on, as soon as nobody else needs the processor."""
        while self._busy():
            if self._stopped.wait(PAUSE):
                break
        return not self._stopped.is_set()


def _state(ledger: Ledger) -> str:
    """What the questions were made from: another text for other documents."""
    rows = ledger.rows("SELECT count(*), max(number), total(number) FROM passages")
    return f"{EDITION}:{rows[0]}"


def _read(ledger: Ledger) -> tuple[str, tuple[str, ...]]:
    try:
        state, found = json.loads(ledger.note(NOTE) or '["", []]')
        return str(state), tuple(map(str, found))
    except ValueError:
        return "", ()


def to_begin_with(finder: Finder, goes_on: Callable[[], bool]) -> Iterator[str]:
    """Questions that the newest articles answer, one an article, of as many kinds as there are."""
    said: list[str] = []
    kinds: Counter[str] = Counter()
    asked = 0
    for article in _newest(finder.ledger):
        made = sorted(_made(article), key=lambda one: kinds[one.question.wh])
        for one in made[:OF_ONE]:
            if asked == ASKED or len(said) == OFFERED or not goes_on():
                return
            if any(_alike(one.question.text, other) for other in said):
                continue
            asked += 1
            if _answers(finder, one):
                said.append(one.question.text)
                kinds[one.question.wh] += 1
                yield one.question.text
                break


def to_follow(finder: Finder, answer: Answer, limit: int) -> tuple[str, ...]:
    """Questions that the articles of an answer, or those nearest to a refused question, do answer.

    Those first that share most with the question, without what the answer already tells.
    """
    cited = answer.citations or answer.closest
    ids = list(dict.fromkeys(one.article_id for one in cited))[:NEAR]
    near = finder.evidence(readings(answer.question, ())[0], {}) if len(ids) < NEAR else []
    ids = list(dict.fromkeys([*ids, *(one.article.id for one in near)]))[:NEAR]
    articles = [one for identity in ids if (one := finder.ledger.article(identity))]
    told = plain(" ".join(one.quote for one in answer.citations))
    wanted = stems(answer.question)
    made = [
        one
        for article in _fit(articles, finder.ledger)
        for one in _made(article)
        if plain(article.text[one.start : one.end]) not in told
    ]
    made.sort(key=lambda one: -len(wanted & stems(one.question.text)))
    said: list[str] = []
    for candidate in made[:FOLLOWING]:
        question = candidate.question.text
        if not any(_alike(question, other) for other in (*said, answer.question)) and _answers(finder, candidate):
            said.append(question)
            if len(said) == limit:
                break
    return tuple(said)


def _newest(ledger: Ledger) -> Iterator[Article]:
    """The articles that stand for their families, the newest first; undated ones in an order that mixes their files."""
    rows = ledger.rows("SELECT id, published FROM articles WHERE id = family")
    rows.sort(key=lambda row: hashlib.sha1(row[0].encode()).digest())
    rows.sort(key=lambda row: recency(row[1]), reverse=True)
    found = (ledger.article(identity) for identity, _ in rows[:ARTICLES])
    yield from _fit((one for one in found if one), ledger)


def _fit(articles: Iterable[Article], ledger: Ledger) -> Iterator[Article]:
    """Those in English, of files without a word to a language model."""
    flagged = {report.source for report in ledger.flagged()}
    yield from (one for one in articles if one.source not in flagged and language(one.text) in ("en", ""))


def _made(article: Article) -> Iterator[_Made]:
    for one in sentences_of(article, 0, READ_CHARS, 0.0):
        if not _UNFIT.search(one.text):
            for question in questions(one.text, article.text, article.title or ""):
                yield _Made(question, article, one.start, one.end)


def _answers(finder: Finder, made: _Made) -> bool:
    """Whether the question is answered, surely, and first of all by the sentence that it was made from."""
    question = made.question.text
    if asks(question) is not None:
        return False
    found = finder.evidence(readings(question, ())[0], {})
    if not found or confidence(question, found) < SURE or not _is_from(found[0], made):
        return False
    choice = finder.choice(question, None, [found])
    shown = choice.evidence if choice.heading else choice.evidence[:1]  # reports that differ stand side by side
    return any(_is_from(one, made) for one in shown)


def _is_from(one: Evidence, made: _Made) -> bool:
    return plain(made.article.text[made.start : made.end]) in plain(one.text)


def _alike(one: str, other: str) -> bool:
    words, more = stems(one), stems(other)
    return len(words & more) >= ALIKE * max(len(words), len(more))
