"""An exported record against the documents as they are indexed now: which footnotes and sentences hold.

Nothing is taken from the record's word: quotes, places, names, dates, counts and fingerprints are made anew from the
documents and compared. What cannot be told from documents (the question, the notes) is left as it stands. Knows
neither file formats nor how findings are shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rag.answer import REFUSAL, whole_text
from rag.choose import DIFFER, counted
from rag.compare import alternatives, disagreements, origins, succession, timeline
from rag.dates import say
from rag.ellipsis import meant
from rag.errors import InputError
from rag.ledger import Ledger
from rag.lists import asks, covered
from rag.record import Record, program
from rag.relative import resolve
from rag.scope import part_of
from rag.standing import CheckedCitation, Copies, Library, misnamed
from rag.types import DOUBT, Answer, Checker, Citation, Coverage, Disagreement, Evidence, Sentence, Support
from rag.verify import check

LONGEST = 4_000
"""Characters of a question or a sentence; none that this program writes is longer."""


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence of an answer, and what is wrong with it."""

    text: str
    support: Support
    citations: tuple[int, ...]
    faults: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.faults


@dataclass(frozen=True, slots=True)
class CheckedAnswer:
    """An answer, piece by piece; its own faults are of what stands around the sentences."""

    question: str
    sentences: tuple[CheckedSentence, ...]
    citations: tuple[CheckedCitation, ...]
    closest: tuple[CheckedCitation, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        cited = all(one.holds for one in (*self.citations, *self.closest))
        return not self.faults and cited and all(one.holds for one in self.sentences)


@dataclass(frozen=True, slots=True)
class Recheck:
    """What of a record holds."""

    answers: tuple[CheckedAnswer, ...]
    faults: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether all of it does."""
        return not self.faults and all(answer.holds for answer in self.answers)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; every part says whether it holds."""
        return dict(_with_holds(self))


def _with_holds(one: Any) -> Any:
    if isinstance(one, tuple):
        return [_with_holds(each) for each in one]
    if isinstance(one, CheckedCitation | CheckedSentence | CheckedAnswer | Recheck):
        return {"holds": one.holds, **{name: _with_holds(getattr(one, name)) for name in one.__dataclass_fields__}}
    return one


def recheck(
    record: Record, *, ledger: Ledger, copies: Copies, checker: Checker | None, altered: bool = False
) -> Recheck:
    """Hold a record against the documents in a ledger.

    Args:
        checker: the model that has its say in the check of sentences that are no quotes.
        altered: whether the file that the record was read from shows something else than the record.
    """
    library = Library(record, ledger, copies)
    answers = tuple(_answer(answer, library, checker) for answer in record.answers)
    return Recheck(answers, (*_alteration(record, altered=altered), *_sources(record, ledger)))


def _alteration(record: Record, *, altered: bool) -> Iterator[str]:
    if altered:
        other = f", or version {record.program!r} laid it out otherwise" if record.program != program() else ""
        yield f"What the file shows is not what it holds: its text was changed after the export{other}."


def _sources(record: Record, ledger: Ledger) -> Iterator[str]:
    """What is wrong with the list of documents; those that are gone are the footnotes' matter."""
    cited = {one.article_id for answer in record.answers for one in (*answer.citations, *answer.closest)}
    for one in record.sources:
        if one.article_id not in cited:
            yield f"The list of documents names {one.source!r}, which no footnote cites."
        elif article := ledger.article(one.article_id):
            for fault in misnamed(one, article):
                yield f"In the list of documents, {one.source!r}: {fault}"


def _answer(answer: Answer, library: Library, checker: Checker | None) -> CheckedAnswer:
    looked = [library.look_up(citation) for citation in answer.citations]
    pieces = {found.number: one for found, one in looked}
    standing = [_as_named(one, citation) for citation, (_, one) in zip(answer.citations, looked, strict=True) if one]
    leads = _leads(standing) if len(standing) == len(looked) else None
    return CheckedAnswer(
        question=answer.question,
        sentences=tuple(
            replace(told, faults=tuple(_sentence(sentence, answer, pieces, leads, checker)))
            for sentence in answer.sentences
            for told in (CheckedSentence(sentence.text, sentence.support, sentence.citations),)
        ),
        citations=tuple(found for found, _ in looked),
        closest=tuple(library.look_up(citation)[0] for citation in answer.closest),
        faults=(*_shape(answer), *_within(answer, standing, library.ledger, complete=leads is not None)),
    )


def _as_named(one: Evidence, citation: Citation) -> Evidence:
    """A document that was moved goes by the name it had: whether that is so, its footnote says."""
    return replace(one, article=replace(one.article, source=citation.source))


def _leads(pieces: Sequence[Evidence]) -> dict[str, set[str]]:
    """Article id → what may stand before its words."""
    found: dict[str, set[str]] = {one.article.id: set() for one in pieces}
    for leads in (origins(pieces), succession(pieces), alternatives(pieces)):
        for one, lead in leads.items():
            found[one.article.id].add(lead)
    return found


def _sentence(
    sentence: Sentence,
    answer: Answer,
    pieces: Mapping[int, Evidence | None],
    leads: Mapping[str, set[str]] | None,
    checker: Checker | None,
) -> Iterator[str]:
    """What is wrong with a sentence."""
    if sentence.support == "refused":
        if sentence.text != REFUSAL or sentence.citations or sentence.lead or sentence.dates:
            yield f"a refusal says “{REFUSAL}” and nothing else"
        return
    if not sentence.citations:
        yield "it has no footnote"
        return
    if missing := [number for number in sentence.citations if pieces.get(number) is None]:
        yield f"it rests on footnote {', '.join(map(str, missing))}, whose quote does not stand"
        return
    told = [one for number in sentence.citations if (one := pieces.get(number))]
    yield from _unbacked(sentence, answer, told, checker)
    if sentence.lead and leads is not None and sentence.lead not in leads[told[0].article.id]:
        yield f"the document does not say “{sentence.lead}” of itself"
    dates = tuple(dict.fromkeys(date for one in told for date in resolve(sentence.text, one.article.published)))
    if sentence.dates != dates:
        said = "; ".join(f"{phrase}: {say(value)}" for phrase, value in dates)
        yield f"by the document's date its relative dates come to {f'({said})' if said else 'nothing'}"


def _unbacked(sentence: Sentence, answer: Answer, told: Sequence[Evidence], checker: Checker | None) -> Iterator[str]:
    question = answer.question
    if sentence.support == "quoted":
        if sentence.text not in [one.text for one in told] and not _is_aside(sentence, answer, told):
            yield "it is shown as a quote, and is not word for word what its footnote quotes"
    elif max(len(sentence.text), len(question)) > LONGEST:
        yield f"it or its question has more than {LONGEST:,} characters, which this program never writes"
    elif check(sentence.text, told, question, checker=checker) == "unsupported":
        yield "what its footnotes quote does not bear it out"


def _is_aside(sentence: Sentence, answer: Answer, told: Sequence[Evidence]) -> bool:
    """Whether it quotes only the value of what may be another answer, and says so."""
    sides = [side for one in answer.disagreements if not one.sure for side in one.statements]
    values = {side.value for side in sides if side.citation in sentence.citations}
    return bool(sentence.lead) and sentence.text in values and any(sentence.text in one.text for one in told)


def _shape(answer: Answer) -> Iterator[str]:
    """What no answer of this program looks like."""
    numbers = [citation.number for citation in answer.citations]
    if numbers != list(range(1, len(numbers) + 1)):
        yield "The footnotes are not numbered one after another."
    if not answer.sentences:
        yield "The answer has no sentence."
    refusals = [sentence for sentence in answer.sentences if sentence.support == "refused"]
    if answer.refused != bool(refusals) or (refusals and (len(answer.sentences) > 1 or answer.citations)):
        yield "The answer is refused and given at once."
    if answer.closest and not answer.refused:
        yield "Closest passages are offered beside an answer."
    if answer.text != whole_text(answer.sentences, answer.heading, answer.coverage):
        yield "The answer's text is not that of its sentences."


def _within(answer: Answer, cited: Sequence[Evidence], ledger: Ledger, *, complete: bool) -> Iterator[str]:
    """What is wrong by the documents that the answer says it was asked of."""
    try:
        part = part_of(ledger, answer.scope)
    except InputError as exc:
        yield f"What it says it was asked of is not there: {exc}"
        return
    for one in cited:
        if ledger.article(one.article.id) and not part.article(one.article.id):
            yield f"It cites {one.article.source!r}, which is not among the documents that it was asked of."
    yield from _around(answer, cited, part, complete=complete)


def _around(answer: Answer, cited: Sequence[Evidence], ledger: Ledger, *, complete: bool) -> Iterator[str]:
    """What is wrong above and below the sentences.

    Args:
        cited: the evidence that still stands, in the order of the footnotes.
        complete: whether that is all of it; what is told of reports together is checked only then.
    """
    fitting = [_expected(answer, question, ledger) for question in meant(answer.question, answer.searched)]
    said = answer.heading, answer.coverage
    heading, coverage = said if said in fitting else fitting[0]
    if answer.heading != heading:
        yield f"Above the answer there should be {f'“{heading}”' if heading else 'nothing'}, by the documents."
    if answer.coverage != coverage:
        found = f"{coverage.found:,} {coverage.unit}" if coverage else "no list or count"
        yield f"What the answer rests on is not as it says: the documents give {found}."
    if complete and answer.timeline not in ((), timeline(cited)):
        yield "The order of the reports is not that of the documents."
    if complete and any(not _differs(one, cited) for one in answer.disagreements):
        yield "Where the reports differ is not told as the documents have it."


def _expected(answer: Answer, question: str, ledger: Ledger) -> tuple[str, Coverage | None]:
    """What stands above such an answer to the question, and what it rests on."""
    listing = None if answer.refused or len(question) > LONGEST else asks(question)
    if (count := counted(listing, ledger)) is not None:
        return count.heading, count.coverage
    coverage = covered(listing, ledger) if listing and listing.form == "things" else None
    if any(one.sure for one in answer.disagreements):
        return DIFFER, coverage
    doubted = answer.heading == DOUBT and answer.confidence < 1.0 and not answer.refused
    return DOUBT if doubted else "", coverage


def _differs(said: Disagreement, cited: Sequence[Evidence]) -> bool:
    """Whether each side gives its value in its own words, and is who it says."""
    values = {cited[one.citation - 1]: one.value for one in said.statements if 0 < one.citation <= len(cited)}
    given = all(value and value in one.text for one, value in values.items())
    return given and len(set(values.values())) > 1 and disagreements(cited, values, sure=said.sure) == (said,)
