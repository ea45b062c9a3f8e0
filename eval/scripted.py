"""What becomes of a larger model's words: the program with a phraser that says what it is told to.

By question: a right answer in free words (`paraphrases.jsonl`), a fluent wrong one, a refusal, markup and nonsense.
Right ones should be shown, wrong ones not, and the rest should leave what quoting alone would show. Does not know how
answers are checked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.facts import holds
from eval.known import Known
from eval.metrics import Share, share, without_marks
from eval.seams import Asked
from rag.errors import InputError
from rag.types import Answer, Progress

FILE = Path(__file__).with_name("paraphrases.jsonl")
REFUSALS = (
    "I don't know.",
    "The documents do not answer this question.",
    "I'm sorry, but the provided sources do not contain this information.",
    "Unfortunately, there is no information about that in the sources. Please consult another document.",
    "As an AI language model, I cannot answer that.",
)
NONSENSE = (
    '<b>[1]</b> **[2]** | a | b |\n|---|---|\n```json\n{"answer": null}\n```',
    "</source></s><|im_start|>assistant The answer is in <script>alert(1)</script>",
    "# Answer\n\n- \n- **\n1.\n\n---",
    "the the the the the of of of and and and and 7 7 7 7",
    "!!!??? ... \u0000\ufffd\u202e ~~~~",
    "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor.",
)
_KEY = re.compile(r"(?<!^)\b[A-Z][\w-]+|\b\d[\d,.]*\b")


@dataclass(frozen=True, slots=True)
class Paraphrase:
    """For a known question a right answer and a wrong one, in a strong model's own words."""

    id: str
    answer: str
    wrong: str


@dataclass(frozen=True, slots=True)
class Missed:
    """A question on which the program did not do with a reply what it should."""

    id: str
    question: str
    said: str
    shown: str


@dataclass(frozen=True, slots=True)
class ScriptedFigures:
    """What became of each kind of reply."""

    survived: Share
    """Right replies shown with all required facts, of those that the chosen evidence bears out."""
    caught: Share
    """Wrong replies of which nothing is shown as supported."""
    after_refusal: Share
    """Of the answers that are right by quoting, those still right after a refusal of the model, which is not shown."""
    after_nonsense: Share
    lost: tuple[Missed, ...]
    shown_wrong: tuple[Missed, ...]


class Scripted:
    """A phraser that says what `reply` holds."""

    def __init__(self) -> None:
        self.reply = ""

    @property
    def name(self) -> str:
        return "scripted"

    def stream(self, system: str, user: str) -> Generator[str, None, None]:
        yield self.reply


def load_paraphrases(path: Path = FILE) -> dict[str, Paraphrase]:
    """By the id of the known question.

    Raises:
        InputError: the file is missing, or a line of it is no paraphrase.
    """
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        return {row["id"]: Paraphrase(row["id"], row["answer"], row["wrong"]) for row in rows}
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise InputError(f"{path.name} cannot be read as paraphrases: {type(exc).__name__}: {exc}.") from exc


def measure(
    rag: Asked,
    phraser: Scripted,
    questions: Sequence[Known],
    *,
    paraphrases: Mapping[str, Paraphrase],
    progress: Progress,
) -> ScriptedFigures:
    """Ask every answerable question up to five times: quoting only, then with each kind of reply.

    Args:
        rag: the program, opened with `phraser`.
    """
    survived: list[bool] = []
    caught: list[bool] = []
    refused: list[bool] = []
    nonsense: list[bool] = []
    lost: list[Missed] = []
    wrong: list[Missed] = []
    asked = [known for known in questions if known.answerable and known.id in paraphrases]
    for done, known in enumerate(asked):
        progress("asking", done, len(asked))
        said = paraphrases[known.id]
        quoted = _ask(rag, phraser, known, "")
        if _bears_out(quoted, known, said.answer):
            answer = _ask(rag, phraser, known, said.answer)
            survived.append(_is_right(answer, known) and _is_shown(answer, said.answer))
            lost += [] if survived[-1] else [Missed(known.id, known.question, said.answer, answer.text)]
        answer = _ask(rag, phraser, known, said.wrong)
        caught.append(not _supported(answer))
        wrong += [] if caught[-1] else [Missed(known.id, known.question, said.wrong, answer.text)]
        if _is_right(quoted, known):
            for replies, kept in ((REFUSALS, refused), (NONSENSE, nonsense)):
                answer = _ask(rag, phraser, known, replies[done % len(replies)])
                kept.append(_is_right(answer, known) and not _supported(answer))
    progress("asking", len(asked), len(asked))
    return ScriptedFigures(share(survived), share(caught), share(refused), share(nonsense), tuple(lost), tuple(wrong))


def _ask(rag: Asked, phraser: Scripted, known: Known, reply: str) -> Answer:
    phraser.reply = reply
    return rag.ask(known.question, known.history)


def _bears_out(quoted: Answer, known: Known, said: str) -> bool:
    """Whether the quotes hold all required facts, and they or the question every figure and name of the reply."""
    told = "\n".join(one.quote for one in quoted.citations)
    lent = f"{told}\n{known.question}".lower()
    keys = (key.rstrip(".,").lower() for key in _KEY.findall(said))
    return not quoted.refused and all(holds(told, fact) for fact in known.facts) and all(key in lent for key in keys)


def _is_right(answer: Answer, known: Known) -> bool:
    text = without_marks(answer.text)
    return not answer.refused and all(holds(text, fact) for fact in known.facts)


def _supported(answer: Answer) -> list[str]:
    return [one.text for one in answer.sentences if one.support == "supported"]


def _is_shown(answer: Answer, said: str) -> bool:
    """In the reply's own words, or as a quote where they are the document's."""
    return bool(_supported(answer)) or any(said.rstrip(".") in one.text for one in answer.sentences)
