"""Hard negatives: sentences that our own retriever finds for a question in passages that do not answer it.

All passages of the training data make one folder, indexed as any other. Does not know what is trained.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rag import overlap
from rag.models.records import Record, before
from rag.pipeline import Rag
from rag.sentences import cut
from rag.settings import load_settings
from rag.types import Document, InContext, Progress

FILE = "negatives.jsonl"
PASSAGES = 6
"""Passages looked at for each question, the best first."""
KEPT = 4
"""Sentences kept for each question, those that share most of its words, at most two of one passage."""


def mine(found: Sequence[Record], home: Path, *, minutes: float, seed: int, progress: Progress) -> None:
    """Search for as many answerable questions as the time allows, in an index that stays in `home`.

    What was found before is not searched for again.
    """
    done = set(negatives(home))
    asked = [number for number, record in enumerate(found) if record.answerable and number not in done]
    random.Random(seed).shuffle(asked)
    titles = {record.passage: record.heading for record in found}
    passages = list(titles)
    documents = (Document(text=text, source=str(number)) for number, text in enumerate(passages))
    settings = load_settings(home=home, phrase="never")
    with Rag.from_documents(documents, home=home, settings=settings, progress=progress) as rag:
        end = time.monotonic() + 60 * minutes
        with (home / FILE).open("a", encoding="utf-8") as file:
            for at, number in enumerate(asked):
                if time.monotonic() > end:
                    break
                progress("mining", at, len(asked))
                near = list(_near(rag, found[number], passages, titles))
                file.write(json.dumps([number, near], ensure_ascii=False) + "\n")


def negatives(home: Path) -> dict[int, list[InContext]]:
    """What was mined in `home` so far, by the number of the record."""
    file = home / FILE
    rows = (json.loads(line) for line in (file.read_text(encoding="utf-8").splitlines() if file.is_file() else ()))
    return {number: [(one, prior, title) for one, prior, title in kept] for number, kept in rows}


def _near(rag: Rag, record: Record, passages: Sequence[str], titles: Mapping[str, str]) -> Iterator[InContext]:
    hits = rag.passages(record.question, top_k=PASSAGES)
    sources = dict.fromkeys(hit.node.metadata["source"] for hit in hits)
    others = [text for source in sources if (text := passages[int(source)]) != record.passage]
    missing = [text for text in others if record.answer.lower() not in text.lower()]
    asked = overlap.ask(record.question, [overlap.read(text) for text in missing])
    ranked: list[tuple[float, InContext]] = []
    for text in missing:
        shares = [
            (asked.share(overlap.read(text[first:last]).stems), place) for place, (first, last) in enumerate(cut(text))
        ]
        for share, place in sorted(shares, reverse=True)[:2]:
            first, last = cut(text)[place]
            ranked.append((share, (text[first:last], before(text, place), titles[text])))
    ranked.sort(key=lambda item: -item[0])
    yield from (negative for _, negative in ranked[:KEPT])
