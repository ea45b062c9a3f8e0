"""Replies written beforehand are told apart by what the program did with them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from eval.known import Known, load_known
from eval.metrics import Share
from eval.scripted import Missed, Paraphrase, Scripted, ScriptedFigures, load_paraphrases, measure
from eval.tables import scripted_grids
from rag.errors import InputError
from rag.types import Answer, Sentence, Turn

OPENED = Known("k1", "date", "When was the bridge opened?", answerable=True, facts=(("June 1932",),))
TOWERS = Known("k2", "date", "How many metres tall are the towers?", answerable=True, facts=(("89",),))
MAYOR = Known("k3", "unanswerable", "Who is the mayor?", answerable=False)
SAID = {
    "k1": Paraphrase("k1", "It has been open since June 1932.", "It has been open since May 1931."),
    "k2": Paraphrase("k2", "They rise 89 metres.", "They rise 98 metres."),
    "k3": Paraphrase("k3", "Nobody is.", "Ms Marple is."),
}


@dataclass
class Speaking:
    """Shows a reply, as supported, that says `believed` of what it was told; else what the inner program quotes."""

    inner: Any
    phraser: Scripted
    believed: Sequence[str]

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        quoted: Answer = self.inner.ask(question, history)
        (reply,) = self.phraser.stream("", question)
        if not reply or not any(text in reply for text in self.believed):
            return quoted
        return replace(quoted, text=f"{reply} [1]", sentences=(Sentence(reply, "supported", (1,)),))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


def figures(bridge: Any, believed: Sequence[str], *questions: Known, said: Any = SAID) -> ScriptedFigures:
    phraser = Scripted()
    speaking = Speaking(bridge, phraser, believed)
    return measure(speaking, phraser, questions, paraphrases=said, progress=lambda *_: None)


def test_a_program_that_believes_what_is_true_only(bridge: Any) -> None:
    found = figures(bridge, ["June 1932", "89 metres"], OPENED, TOWERS)
    two = Share(2, 2)
    assert found == ScriptedFigures(two, two, two, two, (), ())


def test_a_program_that_believes_nothing_loses_right_replies(bridge: Any) -> None:
    found = figures(bridge, [], OPENED)
    assert (found.survived, found.caught) == (Share(0, 1), Share(1, 1))
    quoted = "The bridge opened in June 1932 after nine years. [1]"
    assert found.lost == (Missed("k1", OPENED.question, SAID["k1"].answer, quoted),)


def test_a_program_that_believes_everything_shows_wrong_replies_refusals_and_nonsense(bridge: Any) -> None:
    found = figures(bridge, [""], OPENED)
    assert (found.survived, found.caught) == (Share(1, 1), Share(0, 1))
    assert (found.after_refusal, found.after_nonsense) == (Share(0, 1), Share(0, 1))
    assert [one.said for one in found.shown_wrong] == [SAID["k1"].wrong]


def test_a_right_reply_counts_only_where_the_quotes_bear_it_out(bridge: Any) -> None:
    more = {"k1": Paraphrase("k1", "It opened in June 1932, under Lord Mayor Smith.", "It opened in May 1931.")}
    found = figures(bridge, ["June 1932"], OPENED, said=more)
    assert (found.survived, found.caught) == (Share(0, 0), Share(1, 1))


def test_what_is_unanswerable_or_has_no_replies_is_not_asked(bridge: Any) -> None:
    figures(bridge, [], MAYOR, TOWERS, said={one: SAID[one] for one in ("k1", "k3")})
    assert bridge.asked == []


def test_every_answerable_known_question_has_a_right_reply_and_a_wrong_one() -> None:
    said = load_paraphrases()
    assert set(said) == {known.id for known in load_known() if known.answerable}
    assert all(one.answer.strip() and one.wrong.strip() and one.answer != one.wrong for one in said.values())


@pytest.mark.parametrize("text", ["{", json.dumps({"id": "k1", "answer": "Yes."}), "[]"])
def test_a_broken_file_of_replies_is_one_sentence(tmp_path: Path, text: str) -> None:
    file = tmp_path / "said.jsonl"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"said\.jsonl cannot be read"):
        load_paraphrases(file)


def test_what_was_missed_has_a_table_of_its_own_where_there_is_any() -> None:
    one = Share(1, 1)
    whole = ScriptedFigures(one, one, one, one, (), ())
    assert [len(grid.rows) for grid in scripted_grids(whole)] == [4]
    _, wrong = scripted_grids(replace(whole, shown_wrong=(Missed("k1", "When?", "In\n1931.", "In\n1931. [1]"),)))
    assert wrong.title == "Wrong replies shown as supported"
    assert wrong.rows == (("k1", "When?", "In 1931.", "In 1931. [1]"),)
