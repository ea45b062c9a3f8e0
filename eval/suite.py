"""Any folder in BEIR's layout: how well its documents are found, and its unanswerable questions refused.

`corpus.jsonl` (`_id`, `title`, `text`), `queries.jsonl` (`_id`, `text`; optional `answerable`, `answers`,
`history`) and `qrels.tsv` (query-id, corpus-id, score, under a header). Documents go in from Python, under
their ids; the language model has no part. Does not know any suite by name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.facts import holds
from eval.known import sample
from eval.metrics import Share, auc, first_rank, median, ndcg, share, single_spaced, without_marks
from eval.run import Ranking, ranking
from eval.seams import MODES, Asked, Mode, Passage, joined
from rag.errors import InputError
from rag.types import Document, Progress, Turn

CORPUS, QUERIES = "corpus.jsonl", "queries.jsonl"
QRELS = ("qrels.tsv", "qrels/test.tsv")
"""Where the judgements may lie; the second is where BEIR's own archives have them."""

PASSAGES = 25
"""Passages fetched per question: a document counts at its best passage, and ten documents are wanted."""
DEPTH = 10

LONGEST_ANSWER = 10
"""Words. A longer reference answer is a sentence somebody wrote, and stands verbatim in no document."""


@dataclass(frozen=True, slots=True)
class Query:
    """One question of a suite; `relevant` grades documents by id, `answerable` is None where not said."""

    id: str
    text: str
    history: tuple[Turn, ...] = ()
    answerable: bool | None = None
    answers: tuple[str, ...] = ()
    relevant: dict[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """What came of one question."""

    query: Query
    ranks: dict[Mode, int | None]
    """Rank of the first relevant document."""
    ndcg: dict[Mode, float]
    refused: bool
    confidence: float
    shows_answer: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class SuiteFigures:
    """What a suite came to."""

    questions: int
    judged: int
    """Questions with at least one relevant document: those that retrieval is measured on."""
    retrieval: dict[Mode, Ranking]
    ndcg: dict[Mode, float]
    refused: Share
    falsely_refused: Share
    auc: float | None
    shows_answer: Share
    seconds: float


def check_layout(folder: Path) -> None:
    """See that the folder is a suite.

    Raises:
        InputError: it is not, or lacks a file.
    """
    wanted = f"a suite is a folder with {CORPUS}, {QUERIES} and {QRELS[0]} (BEIR's layout)"
    if not folder.is_dir():
        raise InputError(f"{str(folder)!r} is not a folder; {wanted}.")
    missing = [name for name in (CORPUS, QUERIES) if not (folder / name).is_file()]
    if not _qrels(folder):
        missing.append(QRELS[0])
    if missing and (folder / "questions.jsonl").is_file():
        raise InputError(
            f"{str(folder)!r} has questions.jsonl, where each question brings its own documents; "
            f"that layout cannot be run here: {wanted}."
        )
    if missing:
        raise InputError(f"{str(folder)!r} lacks {' and '.join(missing)}; {wanted}.")


def _qrels(folder: Path) -> Path | None:
    return next((folder / name for name in QRELS if (folder / name).is_file()), None)


def documents(folder: Path) -> Iterator[Document]:
    """The corpus, one document at a time.

    Raises:
        InputError: a line is not a document.
    """
    for place, row in _rows(folder / CORPUS):
        yield Document(text=_text(row, "text", place), title=row.get("title") or None, source=_text(row, "_id", place))


def same_texts(folder: Path) -> dict[str, str]:
    """Each document's id to the first id with the very same text.

    Some suites hold a text twice and judge one copy relevant, the other not. The program shows one copy
    and names the other, so both are one document here.
    """
    first: dict[str, str] = {}
    return {
        document.source: first.setdefault(single_spaced(document.text), document.source)
        for document in documents(folder)
    }


def queries(folder: Path, same: Mapping[str, str], limit: int | None = None) -> tuple[Query, ...]:
    """The questions with their judgements, `limit` of them spread over the whole.

    Raises:
        InputError: a line cannot be understood, or there are no questions.
    """
    judged = _judgements(folder, same)
    found = [_query(row, place, judged) for place, row in _rows(folder / QUERIES)]
    if not found:
        raise InputError(f"{str(folder / QUERIES)!r} holds no questions.")
    kept = sample([query.id for query in found], limit)
    return tuple(query for query in found if query.id in kept)


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            place = f"{path.name}:{number}"
            try:
                row = json.loads(line)
            except ValueError as exc:
                raise InputError(f"{place} is not JSON: {exc}.") from exc
            if not isinstance(row, dict):
                raise InputError(f"{place} is not a JSON object.")
            yield place, row


def _text(row: dict[str, Any], key: str, place: str) -> str:
    if not isinstance(row.get(key), str):
        raise InputError(f"{place} has no text under {key!r}; it has {', '.join(sorted(row))}.")
    return str(row[key])


def _judgements(folder: Path, same: Mapping[str, str]) -> dict[str, dict[str, int]]:
    path = _qrels(folder)
    judged: dict[str, dict[str, int]] = {}
    if path is None:
        return judged
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[1:], 2):
        if not line.strip():
            continue
        try:
            query, document, grade = line.split("\t")
            judged.setdefault(query, {})[same.get(document, document)] = int(grade)
        except ValueError as exc:
            raise InputError(f"{path.name}:{number} is not query-id, corpus-id and score: {line!r}.") from exc
    return judged


def _query(row: dict[str, Any], place: str, judged: dict[str, dict[str, int]]) -> Query:
    name = _text(row, "_id", place)
    try:
        history = _turns(row.get("history") or [])
    except (KeyError, TypeError, AttributeError) as exc:
        raise InputError(f"{place} has a history that is no list of turns: {exc}.") from exc
    return Query(
        id=name,
        text=_text(row, "text", place),
        history=history,
        answerable=row.get("answerable"),
        answers=tuple(row.get("answers") or ()),
        relevant={doc: grade for doc, grade in judged.get(name, {}).items() if grade > 0},
    )


def _turns(history: Sequence[dict[str, str]]) -> tuple[Turn, ...]:
    """Turns from `{question, answer}` rows, or from `{role, content}` rows as chat programs keep them."""
    turns: list[Turn] = []
    for row in history:
        if "question" in row:
            turns.append(Turn(row["question"], row.get("answer", "")))
        elif row["role"] == "user" or not turns:
            turns.append(Turn(row["content"] if row["role"] == "user" else "", ""))
        else:
            last = turns.pop()
            turns.append(Turn(last.question, f"{last.answer} {row['content']}".strip()))
    return tuple(turns)


def ask_all(rag: Asked, questions: Sequence[Query], *, same: Mapping[str, str], progress: Progress) -> Iterator[Asking]:
    """Search and ask, question by question."""
    retrievers = {mode: rag.as_retriever(top_k=PASSAGES, mode=mode) for mode in MODES}
    for done, query in enumerate(questions):
        progress("asking", done, len(questions))
        text, relevant = joined(query.text, query.history), query.relevant or {}
        searched = MODES if relevant else ()
        ranked = {mode: document_ids(retrievers[mode].retrieve(text), same) for mode in searched}
        answer = rag.ask(query.text, query.history)
        shown = "\n".join([without_marks(answer.text), *(one.quote for one in answer.citations)])
        yield Asking(
            query=query,
            ranks={mode: first_rank(ids, relevant) for mode, ids in ranked.items()},
            ndcg={mode: ndcg(ids, relevant, DEPTH) for mode, ids in ranked.items()},
            refused=answer.refused,
            confidence=answer.confidence,
            shows_answer=not answer.refused and holds(shown, query.answers),
            seconds=answer.timings.get("total", 0.0),
        )
    progress("asking", len(questions), len(questions))


def document_ids(passages: Sequence[Passage], same: Mapping[str, str]) -> list[str]:
    """The documents of ranked passages, each at its best passage."""
    sources = [str(passage.metadata["source"]) for passage in passages]
    return list(dict.fromkeys(same.get(source, source) for source in sources))


def figures(asked: Sequence[Asking]) -> SuiteFigures:
    """All figures of a suite."""
    judged = [one for one in asked if one.query.relevant]
    yes = [one for one in asked if one.query.answerable is True]
    no = [one for one in asked if one.query.answerable is False]
    return SuiteFigures(
        questions=len(asked),
        judged=len(judged),
        retrieval={mode: ranking([one.ranks[mode] for one in judged]) for mode in MODES},
        ndcg={mode: sum(one.ndcg[mode] for one in judged) / max(len(judged), 1) for mode in MODES},
        refused=share([one.refused for one in no]),
        falsely_refused=share([one.refused for one in yes]),
        auc=auc([one.confidence for one in yes], [one.confidence for one in no]),
        shows_answer=share([one.shows_answer for one in yes if _short_answers(one.query)]),
        seconds=median([one.seconds for one in asked]),
    )


def _short_answers(query: Query) -> bool:
    return any(len(answer.split()) <= LONGEST_ANSWER for answer in query.answers)
