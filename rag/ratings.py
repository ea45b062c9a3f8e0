"""What people thought of answers, and questions whose answer they know: a file of JSON lines in the index's folder.

Knows a question, the sentences that were read for it, and which of them were cited; does not know what is learnt.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from rag.errors import InputError
from rag.types import Citation, Evidence, InContext

FILE = "ratings.jsonl"
READ = 6
"""Sentences that are kept with a rating, the best first."""


@dataclass(frozen=True, slots=True)
class Rating:
    """One answer that was rated."""

    question: str
    right: bool
    sentences: tuple[InContext, ...]
    """The sentences that were read for it, with what stood before each and its article's title."""
    cited: tuple[int, ...]
    """Places among them of those that the answer rested on."""
    reason: str = ""
    answer: str = ""
    """What was shown; '' where a quote was given without one, and in ratings of earlier versions."""
    quotes: tuple[tuple[str, str], ...] = ()
    """The footnotes, each as its document's name and its words; none in ratings of earlier versions."""
    when: str = ""
    """ISO 8601, UTC; '' in ratings of earlier versions."""


def rating(
    question: str,
    found: Sequence[Evidence],
    citations: Sequence[Citation],
    *,
    right: bool,
    reason: str = "",
    answer: str = "",
) -> Rating:
    """A rating with what was cited, and the best of the sentences that were found beside it."""
    within = [[one for one in found if _holds(citation, one)] for citation in citations]
    cited = [one.in_context for some in within for one in some]
    cited += [(one.quote, "", one.title or "") for one, some in zip(citations, within, strict=True) if not some]
    others = [read for one in found if (read := one.in_context) not in cited]
    sentences = (*dict.fromkeys(cited), *others)[: max(READ, len(cited))]
    return Rating(
        question=question,
        right=right,
        sentences=sentences,
        cited=tuple(range(len(dict.fromkeys(cited)))),
        reason=reason,
        answer=answer,
        quotes=tuple((one.source, one.quote) for one in citations),
        when=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _holds(citation: Citation, one: Evidence) -> bool:
    return citation.article_id == one.article.id and citation.start <= one.start and one.end <= citation.end


def keep(home: Path, one: Rating) -> None:
    """Append a rating to the file in the index's folder."""
    with (home / FILE).open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")


def ratings(home: Path) -> list[Rating]:
    """The ratings kept in an index's folder; of several for one question the last counts.

    Raises:
        InputError: there are none, or a line of the file is damaged.
    """
    path = home / FILE
    if not path.is_file():
        raise InputError(f"{str(home)!r} holds no {FILE}: nothing was rated there yet.")
    found: dict[str, Rating] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            one = Rating(
                question=row["question"],
                right=bool(row["right"]),
                sentences=tuple((text, before, title) for text, before, title in row["sentences"]),
                cited=tuple(row["cited"]),
                reason=row["reason"],
                answer=row.get("answer", ""),
                quotes=tuple((source, quote) for source, quote in row.get("quotes", ())),
                when=row.get("when", ""),
            )
        except (ValueError, KeyError, TypeError) as exc:
            raise InputError(f"Line {number} of {str(path)!r} is no rating; mend or remove it.") from exc
        found[one.question] = one
    return list(found.values())
