"""Test sets on disk, in two layouts, line by line into data. Does not know what is measured, nor any set by name.

BEIR's: `corpus.jsonl` (`_id`, `title`, `text`), `queries.jsonl` (`_id`, `text`; optional `answerable`, `answers`,
`gold_sentences`, `kind`, `history`) and `qrels.tsv` (query-id, corpus-id, score, under a header).

Own documents: `questions.jsonl`, where each question (`_id`, `text`, `answers`: all right ones, `wrong`) brings its
`documents` (`text`; optional `answer`: what it says).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from eval.known import sample
from eval.metrics import single_spaced
from rag.errors import InputError
from rag.types import Document, Turn

CORPUS, QUERIES, QUESTIONS = "corpus.jsonl", "queries.jsonl", "questions.jsonl"
QRELS = ("qrels.tsv", "qrels/test.tsv")
"""Where the judgements may lie; the second is where BEIR's own archives have them."""

WANTED = f"a suite is a folder with {CORPUS}, {QUERIES} and {QRELS[0]} (BEIR's layout), or with {QUESTIONS}"


@dataclass(frozen=True, slots=True)
class Query:
    """One question of a suite; `relevant` grades documents by id, `answerable` is None where not said."""

    id: str
    text: str
    history: tuple[Turn, ...] = ()
    answerable: bool | None = None
    answers: tuple[str, ...] = ()
    """Reference answers: one is enough."""
    gold: tuple[str, ...] = ()
    """The sentences that answer it."""
    kind: str = ""
    relevant: dict[str, int] | None = None


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """A question with the documents it is to be answered from, which need not agree."""

    id: str
    text: str
    right: tuple[str, ...]
    """All right answers: each is wanted."""
    wrong: tuple[str, ...]
    documents: tuple[Document, ...]
    said: tuple[str, ...]
    """What each document gives as the answer, where the set says so; else ''."""


Row = TypeVar("Row", Query, OwnQuestion)


def suites(folder: Path) -> tuple[Path, ...]:
    """The folder itself if it is a suite, else those of its subfolders that are, by name.

    Raises:
        InputError: there is none; it says what a suite is, and what the folder lacks.
    """
    if not folder.is_dir():
        raise InputError(f"{str(folder)!r} is not a folder; {WANTED}.")
    if _any_of(folder):
        check_layout(folder)
        return (folder,)
    inner = sorted(path for path in folder.iterdir() if path.is_dir() and _any_of(path))
    if not inner:
        check_layout(folder)
    for path in inner:
        check_layout(path)
    return tuple(inner)


def _any_of(folder: Path) -> bool:
    return any((folder / name).is_file() for name in (CORPUS, QUERIES, QUESTIONS))


def brings_own(folder: Path) -> bool:
    """Whether each question of the suite brings its own documents."""
    return (folder / QUESTIONS).is_file() and not (folder / CORPUS).is_file()


def check_layout(folder: Path) -> None:
    """See that the folder is a suite of either layout.

    Raises:
        InputError: it is not, or lacks a file.
    """
    if not folder.is_dir():
        raise InputError(f"{str(folder)!r} is not a folder; {WANTED}.")
    missing = [name for name in (CORPUS, QUERIES) if not (folder / name).is_file()]
    if not _qrels(folder):
        missing.append(QRELS[0])
    if missing and not brings_own(folder):
        raise InputError(f"{str(folder)!r} lacks {' and '.join(missing)}; {WANTED}.")


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
    return _sampled(folder / QUERIES, found, limit)


def own_questions(folder: Path, limit: int | None = None) -> tuple[OwnQuestion, ...]:
    """The questions with their own documents, `limit` of them spread over the whole.

    Raises:
        InputError: a line cannot be understood, or there are no questions.
    """
    found = [_own(row, place) for place, row in _rows(folder / QUESTIONS)]
    return _sampled(folder / QUESTIONS, found, limit)


def _sampled(path: Path, found: Sequence[Row], limit: int | None) -> tuple[Row, ...]:
    if not found:
        raise InputError(f"{str(path)!r} holds no questions.")
    kept = sample([one.id for one in found], limit)
    return tuple(one for one in found if one.id in kept)


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
        gold=tuple(dict.fromkeys(row.get("gold_sentences") or ())),
        kind=str(row.get("kind") or ""),
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


def _own(row: dict[str, Any], place: str) -> OwnQuestion:
    brought = row.get("documents")
    if not isinstance(brought, list) or not brought or not all(isinstance(one, dict) for one in brought):
        raise InputError(f"{place} brings no documents; each is an object with a text.")
    return OwnQuestion(
        id=_text(row, "_id", place),
        text=_text(row, "text", place),
        right=tuple(row.get("answers") or ()),
        wrong=tuple(dict.fromkeys(row.get("wrong") or ())),
        documents=tuple(
            Document(text=_text(one, "text", place), source=f"document-{n}") for n, one in enumerate(brought, 1)
        ),
        said=tuple(str(one.get("answer") or "") for one in brought),
    )
