"""A run over a fake program whose figures can be counted by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.known import Known, Quote, Score
from eval.metrics import Share, Spread
from eval.run import VERBATIM, ask_all, failures, figures, folder_texts, peak_memory_mib, stages
from eval.seams import joined
from rag.types import Turn

OPENED = Known(
    id="k1",
    kind="date",
    question="When was the bridge opened?",
    answerable=True,
    facts=(("June 1932",),),
    sources=("bridge.txt",),
    quotes=(Quote("bridge.txt", "The bridge opened in June 1932"),),
)
TALL = Known(
    id="k2",
    kind="fact",
    question="How many metres tall are the towers, and of what?",
    answerable=True,
    history=(Turn("Is there a bridge?", "Yes."),),
    facts=(("89",), ("steel",)),
    sources=("bridge.txt",),
    quotes=(Quote("bridge.txt", "Its towers are 89 metres tall."),),
)
ABSENT = Known(id="k3", kind="absent", question="Who is the mayor?", answerable=False)
NEAR = Known(id="k4", kind="absent", question="Who painted what the museum shows?", answerable=False)
QUESTIONS = (OPENED, TALL, ABSENT, NEAR)


def silent(*_: Any) -> None:
    pass


def scores(rag: Any) -> list[Score]:
    return list(ask_all(rag, QUESTIONS, original=lambda source: str(rag.texts[source]), progress=silent))


def test_figures_are_what_the_answers_come_to(bridge: Any) -> None:
    found = figures(scores(bridge))
    assert found.questions == 4
    assert found.right == Share(1, 2)  # the steel is nowhere
    assert found.right_by_kind == {"date": Share(1, 1), "fact": Share(0, 1), "absent": Share(1, 2)}
    assert found.refused == Share(1, 2)
    assert found.answered == Share(2, 2)
    assert found.citations == Share(2, 2)
    assert found.facts_cited == Share(2, 3)
    assert found.verbatim == Share(7, 7)  # four footnotes, three quoted sentences
    assert (found.quoted, found.supported, found.unsupported) == (Share(3, 3), Share(0, 3), 0)
    assert len(found.confidences.answerable) == len(found.confidences.unanswerable) == 2
    assert found.auc is not None and found.best_refused == 0.5
    assert found.seconds == {"retrieve": Spread(0.25, 0.25), "total": Spread(0.5, 0.5)}


def test_what_is_given_with_a_doubt_is_told_apart(bridge: Any) -> None:
    opened, tall, absent, near = scores(bridge)
    assert absent.refused and not near.refused
    found = figures([opened, replace(tall, doubted=True), absent, near])
    assert (found.given, found.doubted) == (Share(1, 2), Share(0, 1))


def test_retrieval_is_measured_per_way_of_searching(bridge: Any) -> None:
    found = figures(scores(bridge)).retrieval
    assert found["words"].hits[1] == Share(2, 2)
    assert found["dense"].hits[10] == Share(1, 2)
    assert found["dense"].mrr == pytest.approx(0.5)


def test_a_wrong_span_shows_in_the_figures_and_the_failures(bridge: Any) -> None:
    bridge.shift = 1
    found = scores(bridge)
    assert figures(found).verbatim == Share(3, 7)
    assert "not verbatim" in " ".join(failures(found)[0][1])


def test_failures_say_what_was_missing(bridge: Any) -> None:
    told = {one.id: " ".join(faults) for one, faults in failures(scores(bridge))}
    assert set(told) == {"k2", "k4"}
    assert "“steel”" in told["k2"] and "gold passage at rank 1" in told["k2"]
    assert "answered, though" in told["k4"]


def test_a_false_refusal_is_told_with_the_rank_of_its_passage(bridge: Any) -> None:
    one = replace(scores(bridge)[0], refused=True, ranks={"dense": None, "words": 1, "hybrid": None})
    ((_, (fault,)),) = failures([one])
    assert fault.startswith("refused (no gold passage among the first 10)")


def test_history_goes_to_the_program(bridge: Any) -> None:
    scores(bridge)
    assert bridge.asked[2] == (TALL.question, TALL.history)  # after the warm-up and the first question


def test_a_follow_up_is_searched_with_the_last_two_questions_before_it() -> None:
    history = tuple(Turn(f"q{n}", "an answer") for n in range(4))
    assert joined("And now?", history) == "q2 q3 And now?"
    assert joined("Now?", ()) == "Now?"


def test_counts_hold_every_figure_of_the_check(bridge: Any) -> None:
    counts = figures(scores(bridge)).counts()
    assert {"hits@1 dense", "hits@3 words", "hits@10 hybrid", "all required facts", VERBATIM} <= set(counts)
    assert counts["refusals right"] == Share(1, 2)


def test_stages_leave_out_answers_that_skipped_them_and_end_with_the_total() -> None:
    found = stages([{"total": 1, "phrase": 4}, {"total": 3}])
    assert list(found) == ["phrase", "total"]
    assert found["phrase"] == Spread(4, 4)
    assert found["total"].median == 2


def test_figures_of_nothing_do_not_divide_by_zero() -> None:
    assert figures([]).right == Share(0, 0)


def test_folder_texts_decode_and_survive_a_missing_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("caf\u00e9\r\n".encode("utf-16"))
    text = folder_texts(tmp_path)
    assert text("a.txt") == "café\n"
    assert text("gone.txt") == ""


def test_progress_is_told_to_the_end(bridge: Any) -> None:
    told: list[tuple[int, int]] = []
    list(
        ask_all(
            bridge,
            QUESTIONS,
            original=lambda _: "",
            progress=lambda _, done, total: told.append((done, total)),
        )
    )
    assert told == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]


def test_peak_memory_is_plausible() -> None:
    found = peak_memory_mib()
    assert found is None or 5 < found < 100_000
