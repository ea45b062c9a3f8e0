"""A pipeline that answers at once from a script: real sentences of the seeds."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rag import Answer, Article, Citation, FileReport, InputError, Scope, Sentence, Status, Turn, Upkeeping
from rag.listing import Entry, Listed
from rag.types import EVERYTHING

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
LEAVE = "when do coalition forces leave Baghdad?"
MEMBERS = "How many members does the coalition have?"
UNKNOWN = "What is the price of a barrel of oil?"
REFUSED = "The documents do not say."
PATIENCE = 20.0
"""Seconds after which a stream that nobody lets go on gives up, so that a failing test ends."""


def article(file: str, **known: str) -> Article:
    """A seed as one article."""
    text = (SEEDS / file).read_text(encoding="utf-8").strip()
    return Article(id=f"{file}#0", source=file, text=text, family=f"{file}#0", **known)


MISSION_ENDS = article(
    "001_27c0b94053af0fad.txt",
    title="Mission of global coalition forces in Iraq to end by 2026: Security Media Cell",
    publisher="Rudaw",
    published="2025",
)
US_CONFIRMS = article(
    "002_7e183713a4cc1a52.txt",
    title="US confirms change to military mission in Iraq",
    publisher="The National",
    published="2025-08-20",
)
COMPLETES = article(
    "003_7dab60c6e7a75a29.txt",
    title="US-led coalition ‘completes’ mission in Iraq, shifts forces to Kurdistan: Official",
    publisher="Rudaw",
    published="2025-11",
)
AGREES = article(
    "004_b4404e041674bb16.txt",
    title="US, Iraq agree to end anti-ISIS mission in one year",
    publisher="Rudaw",
    published="2024-09-27",
)
ARTICLES = (MISSION_ENDS, US_CONFIRMS, COMPLETES, AGREES)


def cite(number: int, source: Article, begins: str, ends: str, *, also_in: tuple[str, ...] = ()) -> Citation:
    """The passage of an article from one string to the end of another."""
    start = source.text.index(begins)
    end = source.text.index(ends, start) + len(ends)
    return Citation(
        number=number,
        quote=source.text[start:end],
        source=source.source,
        title=source.title,
        publisher=source.publisher,
        published=source.published,
        article_id=source.id,
        start=start,
        end=end,
        also_in=also_in,
    )


def listed(known: Article, **report: Any) -> Listed:
    """The file of an article, as a list of documents has it."""
    entry = Entry(known.id, known.title, known.publisher, known.published)
    return Listed(FileReport(known.source, "indexed", articles=1, passages=7, **report), (entry,))


def answered(
    question: str, *sentences: Sentence, citations: tuple[Citation, ...], notes: tuple[str, ...] = ()
) -> Answer:
    return Answer(
        question=question,
        text=" ".join(sentence.text for sentence in sentences),
        sentences=sentences,
        citations=citations,
        refused=False,
        notes=notes,
    )


PLAN = cite(1, US_CONFIRMS, "According to the plan", "as part of the first phase.")
FOUR_TO_FIVE = cite(2, COMPLETES, "Lieutenant General Qais", "diplomatic affairs.”")
SIXTY = cite(
    1,
    MISSION_ENDS,
    "The coalition comprises over 60",
    "Middle Eastern nations.",
    also_in=("000_574de30212be9a42.txt",),
)
NINETY = cite(2, COMPLETES, "Formed in 2014", "90th member.")
BARZANI = cite(1, AGREES, "Baghdad began pushing", "rocket attacks.")

ANSWERS = (
    answered(
        LEAVE,
        Sentence(
            "Coalition activities at its headquarters end in September 2025, as the first phase.",
            "supported",
            (1,),
        ),
        Sentence(FOUR_TO_FIVE.quote, "quoted", (2,)),
        citations=(PLAN, FOUR_TO_FIVE),
    ),
    answered(
        MEMBERS,
        Sentence(SIXTY.quote, "quoted", (1,)),
        Sentence("In 2025, Syria joined as the 90th member.", "supported", (2,)),
        citations=(SIXTY, NINETY),
        notes=("The language model could not be reached; the documents are quoted instead.",),
    ),
    Answer(
        question=UNKNOWN,
        text=REFUSED,
        sentences=(Sentence(REFUSED, "refused"),),
        citations=(),
        refused=True,
        closest=(BARZANI, replace(PLAN, number=2)),
    ),
)
STATUS = Status(
    folder="/home/mira/seeds",
    home="/home/mira/.rag/seeds",
    files=5,
    articles=21,
    passages=148,
    embedder="all-MiniLM-L6-v2",
    model="SmolLM2-135M-Instruct",
    skipped=(FileReport("minutes.docx", "unreadable", reason="is not a text in any known encoding"),),
)


class FakeStream:
    """Gives the sentences of an answer; with a gate, one for each time that somebody releases it."""

    def __init__(self, answer: Answer, gate: threading.Semaphore | None = None) -> None:
        self.answer = answer
        self.citations: tuple[Citation, ...] = ()
        self.heading = answer.heading
        self.closed = threading.Event()
        self._gate = gate

    def __iter__(self) -> Iterator[Sentence]:
        for sentence in self.answer.sentences:
            self._wait()
            if self.closed.is_set():
                return
            shown = {*sentence.citations, *(known.number for known in self.citations)}
            self.citations = tuple(known for known in self.answer.citations if known.number in shown)
            yield sentence

    def _wait(self) -> None:
        given_up = time.monotonic() + PATIENCE
        while self._gate and not self.closed.is_set() and time.monotonic() < given_up:
            if self._gate.acquire(timeout=0.02):
                return

    def close(self) -> None:
        self.closed.set()


class FakeRag:
    """The facade's shape over scripted answers; a `gate` holds every sentence back until it is released."""

    def __init__(
        self,
        answers: Sequence[Answer] = ANSWERS,
        *,
        articles: Sequence[Article] = ARTICLES,
        status: Status = STATUS,
        error: Exception | None = None,
        home: Path | None = None,
        folder: Path | None = None,
    ) -> None:
        self.answers = {answer.question: answer for answer in answers}
        self.articles = {known.id: known for known in articles}
        self.gate: threading.Semaphore | None = None
        self.error = error
        self.streams: list[FakeStream] = []
        self.histories: list[tuple[Turn, ...]] = []
        self.closed = False
        self._own_home = TemporaryDirectory(prefix="footnote-fake-")  # gone with it
        home = home or Path(self._own_home.name)
        self._status = replace(status, home=str(home), folder=str(folder or status.folder))
        self.upkeep = Upkeeping()

        self.rated: list[tuple[str, bool, str]] = []
        self.scopes: list[Scope] = []
        self.offered: tuple[str, ...] = ()
        self.next: tuple[str, ...] = ()
        self.listed: list[Listed] = [listed(known) for known in self.articles.values()]
        self.refreshed = 0

    def wait(self, seconds: float | None = None, progress: Any = None) -> bool:
        """It is never behind."""
        return True

    def warm_up(self) -> None:
        """It has no models."""

    def stream(self, question: str, history: Sequence[Turn] = (), *, scope: Scope = EVERYTHING) -> FakeStream:
        self.histories.append(tuple(history))
        self.scopes.append(scope)
        if self.error is not None:
            raise self.error
        answer = self.answers.get(question) or replace(self.answers[UNKNOWN], question=question)
        self.streams.append(FakeStream(answer, self.gate))
        return self.streams[-1]

    def article(self, article_id: str) -> Article:
        if article_id not in self.articles:
            raise InputError(f"There is no article {article_id!r}.")
        return self.articles[article_id]

    def suggestions(self, limit: int = 6) -> tuple[str, ...]:
        return self.offered[:limit]

    def follow_ups(self, answer: Answer, limit: int = 3) -> tuple[str, ...]:
        return self.next[:limit]

    def rate(self, answer: Answer, *, right: bool, reason: str = "") -> None:
        self.rated.append((answer.question, right, reason))

    def documents(self) -> list[Listed]:
        return list(self.listed)

    def reach(self, scope: Scope) -> int:
        known = {one.report.source for one in self.listed}
        if unknown := set(scope.sources) - known:
            raise InputError(f"No document is named {unknown.pop()!r}.")
        return len(scope.sources) or len(known)

    def refresh(self) -> None:
        self.refreshed += 1

    def status(self) -> Status:
        return self._status

    def close(self) -> None:
        self.closed = True

    def __enter__(self) -> FakeRag:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def free_port() -> int:
    """A port that nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
