"""Evidence → answer, sentence by sentence: the model drafts, every draft is checked, what fails is quoted.

Holds the prompts. Does not know the user interface, nor where evidence comes from.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice

from rag import sentences
from rag.dates import resolve, say
from rag.errors import ModelError
from rag.types import Citation, Evidence, Phraser, Sentence
from rag.verify import keeps, responds, supporting

REFUSAL = "The documents do not answer this question."
SYSTEM = (
    "Answer the question from the numbered sources alone, in one or two short sentences. "
    "Keep every number, date and name exactly as the source writes it."
)
SOURCE = "[{number}] ({publisher}, {published}) {text}"
USER = "{sources}\n\nQuestion: {question}"
PROMPT_MARGIN = 1.3
"""Tokens are counted with tiktoken; other vocabularies cut the same English into up to a third more."""
REPLY_TOKENS = 160


@dataclass(slots=True)
class Draft:
    """An answer in the making."""

    sentences: list[Sentence] = field(default_factory=list)
    cited: list[Evidence] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def cite(self, one: Evidence) -> int:
        """The footnote number of a piece of evidence; the same evidence keeps its number."""
        if one not in self.cited:
            self.cited.append(one)
        return self.cited.index(one) + 1

    @property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(to_citation(number, one) for number, one in enumerate(self.cited, 1))

    @property
    def text(self) -> str:
        return " ".join(map(marked, self.sentences))


def marked(sentence: Sentence) -> str:
    """The sentence as the answer's text shows it: a quote in quotation marks, what its relative dates come to, [n]."""
    marks = "".join(f"[{number}]" for number in sentence.citations)
    body = f"“{sentence.text}”" if sentence.support == "quoted" else sentence.text
    gloss = "; ".join(f"{phrase}: {say(value)}" for phrase, value in sentence.dates)
    return " ".join(filter(None, [body, f"({gloss})" if gloss else "", marks]))


def to_citation(number: int, one: Evidence) -> Citation:
    article = one.article
    return Citation(
        number=number,
        quote=one.text,
        source=article.source,
        title=article.title,
        publisher=article.publisher,
        published=article.published,
        article_id=article.id,
        start=one.start,
        end=one.end,
        also_in=one.also_in,
    )


def compose(
    draft: Draft,
    question: str,
    evidence: Sequence[Evidence],
    phraser: Phraser | None,
    *,
    context: int,
    lossless: bool = False,
) -> Generator[Sentence, None, None]:
    """Fill `draft`, yielding each sentence as soon as it may be shown.

    A draft sentence of the model is shown when one piece of evidence supports it and it says what was asked
    for; every piece of evidence that no such sentence speaks for is quoted after them.

    Args:
        context: the model's window, in tokens.
        lossless: show a draft sentence only if it keeps all that its evidence says. For a model too small to
            tell what matters: with SmolLM2-135M, phrasing otherwise loses answers that quoting keeps.
    """
    shown: list[Evidence] = []
    fitting = fit(question, evidence, context=context)
    if len(fitting) < len(evidence):
        draft.notes.append(f"{len(evidence) - len(fitting)} of {len(evidence)} sources did not fit the model's window.")
    try:
        with closing(_drafts(phraser, question, fitting)) as drafts:
            for text in islice(drafts, len(fitting) + 1):
                at = supporting(text, fitting, question)
                if at is None or fitting[at] in shown:
                    continue
                if not (keeps(text, fitting[at].text, question) if lossless else responds(text, question)):
                    continue
                shown.append(fitting[at])
                verbatim = text in fitting[at].text
                yield _add(draft, fitting[at], fitting[at].text if verbatim else text, quoted=verbatim)
                if len(shown) == len(evidence):
                    break
    except ModelError as exc:
        draft.notes.append(f"{exc} The answer is quoted from the documents instead.")
    for one in evidence:
        if one not in shown:
            yield _add(draft, one, one.text, quoted=True)


def refuse(draft: Draft) -> Sentence:
    """The one refusal."""
    sentence = Sentence(REFUSAL, "refused")
    draft.sentences.append(sentence)
    return sentence


def _add(draft: Draft, one: Evidence, text: str, *, quoted: bool) -> Sentence:
    dates = tuple(resolve(text, one.article.published))
    sentence = Sentence(text, "quoted" if quoted else "supported", (draft.cite(one),), dates)
    draft.sentences.append(sentence)
    return sentence


def prompt(question: str, evidence: Sequence[Evidence]) -> str:
    """The user's message: numbered sources, each with publisher and date, then the question."""
    sources = [
        SOURCE.format(
            number=number,
            publisher=one.article.publisher or one.article.source,
            published=say(one.article.published),
            text=one.text,
        )
        for number, one in enumerate(evidence, 1)
    ]
    return USER.format(sources="\n".join(sources), question=question)


def fit(question: str, evidence: Sequence[Evidence], *, context: int) -> list[Evidence]:
    """As many pieces of evidence, best first, as the model's window holds next to its reply."""
    from llama_index.core.utils import get_tokenizer

    count = get_tokenizer()
    fitting: list[Evidence] = []
    for one in evidence:
        tokens = len(count(SYSTEM)) + len(count(prompt(question, [*fitting, one])))
        if tokens * PROMPT_MARGIN + REPLY_TOKENS > context:
            break
        fitting.append(one)
    return fitting


def _without_brackets(text: str) -> str:
    """The model's own [1] counts for nothing, nor does a source line it repeats: citations are assigned by matching."""
    return re.sub(r"\s*\[\d+\]|^\s*\([^()]*\)(?=\s)", "", text).strip()


def _drafts(phraser: Phraser | None, question: str, evidence: Sequence[Evidence]) -> Generator[str, None, None]:
    """The model's words, cut into sentences as they come; closing this stops the model."""
    if phraser is None or not evidence:
        return
    buffer = ""
    with closing(phraser.stream(SYSTEM, prompt(question, evidence))) as pieces:
        for piece in pieces:
            buffer += piece
            *done, buffer = sentences.split(buffer) or [""]
            yield from filter(None, map(_without_brackets, done))
        if last := _without_brackets(buffer):
            yield last
