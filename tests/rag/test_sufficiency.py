"""The confidence: what it is made of, and that its coefficients are whole and say where they come from."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.locate import LEAST, MOST
from rag.sufficiency import FEATURES, FILE, UNFIT, UNFIT_READ, coefficients, confidence, features
from rag.types import Article, Evidence

TEXT = "Anna Berg opened the bridge."
ASKED = "Why was the bridge opened?"


def piece(
    *, logit: float = 0.0, read: float | None = None, similarity: float = 0.0, passage: float = 0.0, text: str = TEXT
) -> Evidence:
    return Evidence(Article("a", "a", text), 0, len(text), logit, logit, similarity, passage, read=read)


def test_nothing_found_is_no_confidence() -> None:
    assert confidence(ASKED, []) == 0.0


def test_features_by_hand() -> None:
    found = [piece(logit=2.0, similarity=0.4, passage=7.0), piece(logit=1.0, read=-1.5, similarity=0.6, passage=9.0)]
    answers, read, similarity, passage = features(ASKED, found)
    assert answers == pytest.approx(math.log(math.exp(2) + math.exp(1)))
    assert (read, similarity, passage) == (-1.5, 0.6, 9.0)


def test_the_reader_counts_within_its_bounds() -> None:
    assert features(ASKED, [piece(logit=1.0, read=-99.0)])[1] == features(ASKED, [piece(logit=1.0)])[1] == LEAST
    assert features(ASKED, [piece(logit=1.0, read=99.0)])[1] == MOST


def test_what_is_of_another_time_speaks_less_for_an_answer() -> None:
    late = [piece(logit=1.0, read=4.0, text="Anna Berg opened the bridge in 1932.")]
    answers, read, *_ = features("Who opened the bridge in 1932?", late)
    assert (answers, read) == (1.0, 4.0) == features("Who opened the bridge?", late)[:2]
    assert features("Who opened the bridge in 1950?", late)[:2] == (answers - UNFIT, read - UNFIT_READ)
    partly = features("Who opened the bridge from 1930 to 1950?", late)[:2]
    assert answers - UNFIT < partly[0] < answers and read - UNFIT_READ < partly[1] < read


def test_what_is_looked_at_for_its_report_alone_does_not_count() -> None:
    found = [piece(logit=1.0, similarity=0.4), replace(piece(logit=3.0, read=5.0, similarity=0.9), further=True)]
    assert features(ASKED, found) == features(ASKED, found[:1])


def test_what_was_not_read_speaks_as_little_as_can_be() -> None:
    assert features(ASKED, [piece(logit=2.0)])[1] == LEAST


@given(st.floats(-1e3, 1e3), st.floats(-1, 1), st.floats(0, 30))
def test_always_a_probability(logit: float, similarity: float, passage: float) -> None:
    assert 0.0 <= confidence(ASKED, [piece(logit=logit, similarity=similarity, passage=passage)]) <= 1.0


def test_the_better_the_ranker_likes_it_the_surer() -> None:
    sure = [confidence(ASKED, [piece(logit=logit)]) for logit in (-8.0, -2.0, 0.0, 4.0)]
    assert sure == sorted(sure) and sure[0] < sure[-1]


def test_the_coefficients_say_where_they_come_from() -> None:
    fitted = json.loads(FILE.read_text(encoding="utf-8"))
    intercept, weights = coefficients()
    assert len(weights) == len(FEATURES) and all(map(math.isfinite, (intercept, *weights)))
    assert set(fitted["weights"]) == set(FEATURES)
    assert fitted["label"] and fitted["embedder"] and "eval.sufficiency" in fitted["fitted by"]
    assert all(one["questions"] > one["answerable"] > 0 for one in fitted["suites"].values())
