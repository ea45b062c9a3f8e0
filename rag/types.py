"""The data that flows through the program, and the one-method seams between its parts.

Plain frozen dataclasses: no library is known here. Dates are ISO 8601 strings of the precision that is
really known: `2025`, `2025-08`, `2025-08-20`, or an interval of two such values, `2025-09/2025-12`.
Offsets are character offsets into `Article.text`, end exclusive.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Generator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import PurePath
from typing import Any, Literal, Protocol

Support = Literal["quoted", "supported", "refused"]
"""How a shown sentence is backed: a verbatim quote, checked against its evidence, or the refusal phrase."""


Place = tuple[int, str]
"""A character offset, and which part of the file stands from there on: (812, `page 2`), (40, `row 3`)."""


@dataclass(frozen=True, slots=True)
class Document:
    """One text as it was read, before it is taken apart into articles."""

    text: str
    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    source: str = ""
    """Path relative to the folder, with forward slashes; or any name that tells documents apart."""
    dated: str = ""
    """How `published` was found: `sidecar`, `front matter`, `HTML meta`, `PDF info`, `mail header`, …"""
    places: tuple[Place, ...] = ()
    pages: int = 0
    """Pages, slides or sheets of the file; 0 where it has no such parts."""
    missing: str = ""
    """What of the file could not be read: `1 of 4 lines is no JSON (line 4)`."""
    unwrapped: bool = False
    """Whether its format tells where paragraphs end, so that no line was cut at a width: those of code stay apart."""


@dataclass(frozen=True, slots=True)
class Article:
    """One report: cleaned text, and what is known of where and when it appeared."""

    id: str
    source: str
    text: str
    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    dated: str = ""
    """How `published` was found; `date line` where a line over the report gives it."""
    places: tuple[Place, ...] = ()
    family: str = ""
    """Id of the article that stands for all near-duplicates of this one (its own id when it stands alone)."""
    repeated: tuple[tuple[int, int], ...] = ()
    """Where lines stand that many other reports have as well: `Sign up for our newsletter …`."""

    def place(self, offset: int) -> str:
        """The part of the file that a character of the text stands in; empty where the file has no parts."""
        at = bisect_right(self.places, (offset, "\U0010ffff")) - 1
        return self.places[at][1] if at >= 0 else ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence of an article that bears on a question, or two that stand side by side."""

    article: Article
    start: int
    end: int
    score: float
    """How well it answers the question, next to the others: the larger, the better."""
    logit: float = 0.0
    """What the sentence ranker says alone: above 0 when it rather answers."""
    similarity: float = 0.0
    """Cosine of the embedded question and sentence."""
    passage: float = 0.0
    """The fused score of the passage it stands in."""
    before: str = ""
    """The sentence before it."""
    around: tuple[int, int] | None = None
    """The span of the sentence together with the neighbour that bears more on the question."""
    also_in: tuple[str, ...] = ()
    read: float | None = None
    """How much rather the reader takes `answer` for the answer than that there is none; None where it did not look."""
    answer: tuple[int, int] | None = None
    """Where in the article the reader sees the answer, within the sentence."""
    further: bool = False
    """Whether it is looked at only because its report has nothing that bears more on the question."""

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]

    @property
    def in_context(self) -> InContext:
        return self.text, self.before, self.article.title or ""


@dataclass(frozen=True, slots=True)
class Query:
    """One way to read a question: its text, its vector (empty where only words are searched), what it counts."""

    text: str
    vector: Sequence[float]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Scope:
    """Which documents a question is asked of: those that meet all that is set. The empty scope is all of them."""

    sources: tuple[str, ...] = ()
    """Names of files, of folders, or patterns like `reports/*.pdf`; one of them has to fit."""
    publishers: tuple[str, ...] = ()
    """One of them; capitals do not matter."""
    since: str | None = None
    until: str | None = None
    """ISO 8601, of any precision. An article is within when it may be: 2025-08 is since 2025-08-15. One without a date
    is within no time."""

    @property
    def is_whole(self) -> bool:
        return not (self.sources or self.publishers or self.since or self.until)


EVERYTHING = Scope()
REFUSAL = "The documents do not answer this question."
"""All that a refused answer says."""
DOUBT = "This may not answer the question:"
"""What stands above an answer that is given, but with little confidence."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What there is to choose a scope from, in alphabetical order."""

    sources: tuple[str, ...]
    publishers: tuple[str, ...]
    first: str | None
    """The dates that the articles span; None where none has a date."""
    last: str | None
    undated: int
    """Articles without a date."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A footnote: a verbatim quote and where it stands."""

    number: int
    quote: str
    source: str
    title: str | None
    publisher: str | None
    published: str | None
    article_id: str
    start: int
    end: int
    also_in: tuple[str, ...] = ()
    place: str = ""
    """The part of the file it stands in, where the file has parts: `page 3`."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer, how it is backed, and the numbers of its citations."""

    text: str
    support: Support
    citations: tuple[int, ...] = ()
    dates: tuple[tuple[str, str], ...] = ()
    """Relative dates in the text and what they come to, ISO 8601: (`next month`, `2025-09`)."""
    lead: str = ""
    """Who says so and when, where reports differ or may, or a newer one supersedes another: `The Herald, 20 August
    2025`, `Perhaps otherwise (The Herald)`; after the latter the text is the value alone."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What one report says, with the date it says it at: a line of a timeline, or one side of a disagreement."""

    text: str
    published: str | None
    publisher: str | None
    source: str
    citation: int
    """Number of the citation that it stands in."""
    value: str = ""
    """The figure, date or name that this report gives, where it is known: `90`."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Values that different reports give for the same thing, newest report first."""

    statements: tuple[Statement, ...]
    sure: bool = True
    """Whether they rather do than may: the reader takes at least two of the values for answers."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a list or a count rests on: so many of the passages or articles that match, or of the files there are."""

    read: int
    found: int
    unit: Literal["passages", "articles", "files"] = "passages"
    words: tuple[str, ...] = ()
    """What passages were matched on: each holds most of these words, the rarer counting more."""
    whole: int = 0
    """Passages that hold all of these."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person is shown, with everything needed to check it."""

    question: str
    text: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    refused: bool
    confidence: float = 0.0
    """0 to 1: how sure it is that the evidence found answers the question; below `refuse_below` it refuses."""
    closest: tuple[Citation, ...] = ()
    """After a refusal: the nearest passages, offered as reading, not as an answer."""
    notes: tuple[str, ...] = ()
    """What the reader should know: the model was unreachable, evidence did not fit, …"""
    heading: str = ""
    """What stands above the sentences: that they may not answer the question, that reports differ, how many articles
    mention the thing."""
    timeline: tuple[Statement, ...] = ()
    """What dated reports say, newest first; empty unless at least two dates are cited."""
    disagreements: tuple[Disagreement, ...] = ()
    coverage: Coverage | None = None
    """For a list or a count: how many of the matching passages or articles it was drawn from."""
    searched: tuple[str, ...] = ()
    """The texts that were searched for: the question, and how it was read in its conversation."""
    scope: Scope = EVERYTHING
    """Which documents it was asked of."""
    timings: dict[str, float] = field(default_factory=dict, hash=False)
    """Seconds per stage, and `total`."""
    model: str = ""
    embedder: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON-ready dicts, lists, strings and numbers."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier exchange of a conversation."""

    question: str
    answer: str = ""


FileState = Literal["indexed", "unchanged", "removed", "empty", "unreadable", "too large", "skipped"]


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file in an indexing run."""

    source: str
    state: FileState
    articles: int = 0
    passages: int = 0
    reason: str = ""
    flags: tuple[str, ...] = ()
    """Text in the file that addresses a language model rather than a reader, quoted in part."""
    pages: int = 0
    """Pages, slides or sheets, where the format has them."""
    characters: int = 0
    """Of its articles' text."""
    published: str | None = None
    """The newest date that one of its articles is known to be of."""
    dated: str = ""
    """How that date was found."""
    language: str = ""
    """ISO 639-1 code of the language most of it seems to be in."""
    copy: Literal["", "duplicate", "near-duplicate"] = ""
    copy_of: str = ""
    """The file that holds the same articles, word for word or nearly so, and stands for this one."""


@dataclass(frozen=True, slots=True)
class Status:
    """What is indexed, where, and with which models."""

    folder: str
    home: str
    files: int
    articles: int
    passages: int
    embedder: str
    model: str
    skipped: tuple[FileReport, ...] = ()
    flagged: tuple[FileReport, ...] = ()
    """Indexed files with text that addresses a language model."""
    waiting: int = 0
    """Passages that are found by their words alone, because their vectors are still to be made."""

    @property
    def name(self) -> str:
        """What the documents go by: the last part of their folder's path."""
        return PurePath(self.folder).name or self.folder or "these documents"


@dataclass(frozen=True, slots=True)
class Upkeeping:
    """How far the index is behind its folder just now."""

    what: str = ""
    """What is being done: `reading report.txt`, `embedding`."""
    done: int = 0
    total: int = 0
    """Of how many; 0 where that is not known."""
    running: bool = False
    problem: Exception | None = None
    """Why the last run ended early."""


Progress = Callable[[str, int, int], None]
"""Called with (what is being done, how many are done, of how many)."""


class Embedder(Protocol):
    """Texts to vectors of unit length; `name` tells one model's vectors from another's."""

    @property
    def name(self) -> str: ...

    def embed(self, texts: Sequence[str]) -> list[list[float]]: ...

    def embed_query(self, text: str) -> list[float]: ...


InContext = tuple[str, str, str]
"""A sentence, the sentence before it, and the title of its article; the last two may be empty."""


@dataclass(frozen=True, slots=True)
class Span:
    """What stands between two characters of a text, and how it scores as an answer: above 0, rather than none."""

    start: int
    end: int
    score: float


class Reader(Protocol):
    """Where in each titled text the answer stands: for each text its likeliest spans, best first."""

    def read(self, question: str, texts: Sequence[tuple[str, str]]) -> list[list[Span]]: ...


class Ranker(Protocol):
    """How well each sentence answers the question: one logit each, comparable with 0."""

    def rank(self, question: str, sentences: Sequence[InContext]) -> list[float]: ...


class Checker(Protocol):
    """How sure it is, 0 to 1, that the evidence supports a claim, and that it contradicts it; believed from .5 on."""

    def judge(self, evidence: str, claim: str) -> tuple[float, float]: ...


class Phraser(Protocol):
    """A language model: a prompt in, text out in pieces. Closing the generator stops the model."""

    @property
    def name(self) -> str: ...

    def stream(self, system: str, user: str) -> Generator[str, None, None]: ...
