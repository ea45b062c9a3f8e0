"""Two rankings become one: what counts, by hand, and what must hold for any rankings."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.fusion import Passage, fuse

NOTHING = Passage("", "no word of it")
RANKING = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.floats(0.01, 50)), unique_by=lambda item: item[0]).map(
    lambda items: sorted(items, key=lambda item: -item[1])
)


def order(question: str, dense: list[tuple[str, float]], words: list[tuple[str, float]], **known: Passage) -> list[str]:
    return [identity for identity, _ in fuse(question, dense, words, dict.fromkeys("abc", NOTHING) | known)]


def test_nothing_to_fuse() -> None:
    assert fuse("any question", [], [], {}) == []


def test_one_ranking_alone_keeps_its_order() -> None:
    ranking = [("b", 0.9), ("a", 0.5), ("c", 0.1)]
    assert order("who?", ranking, []) == ["b", "a", "c"] == order("who?", [], ranking)


def test_a_clear_lead_in_one_ranking_outweighs_a_narrow_one_in_the_other() -> None:
    dense, words = [("a", 0.90), ("b", 0.89), ("c", 0.1)], [("b", 20.0), ("a", 5.0)]
    assert order("who?", dense, words)[0] == "b"


def test_the_scale_of_similarities_does_not_matter() -> None:
    dense, words = [("a", 0.9), ("b", 0.5), ("c", 0.1)], [("c", 9.0), ("b", 8.0)]
    narrow = [(name, 0.7 + score / 10) for name, score in dense]
    assert order("who?", dense, words) == order("who?", narrow, words)


def test_words_that_stand_together_go_first() -> None:
    apart = Passage("", "harbour " + "word " * 30 + "bridge")
    close = Passage("", "word " * 30 + "harbour bridge")
    assert order("harbour bridge", [("a", 0.5), ("b", 0.5)], [], a=apart, b=close) == ["b", "a"]


def test_the_time_that_was_asked_for_goes_first() -> None:
    early, late = Passage("", "He coached them from 1998 to 2001."), Passage("", "He coached them from 2005 to 2009.")
    assert order("Who coached them from 2005 to 2009?", [("a", 0.52), ("b", 0.5)], [], a=early, b=late) == ["b", "a"]


def test_the_passage_whose_title_is_asked_about_goes_first() -> None:
    one, other = Passage("Harbour bridge", "It is old."), Passage("Town hall", "It is old.")
    assert order("how old is the harbour bridge?", [("a", 0.5), ("b", 0.5)], [], a=other, b=one) == ["b", "a"]


def test_a_passage_that_is_not_known_is_left_out() -> None:
    assert [name for name, _ in fuse("who?", [("a", 0.9), ("gone", 0.8)], [("gone", 3.0)], {"a": NOTHING})] == ["a"]


@given(RANKING, RANKING)
def test_every_passage_once_best_first_and_the_unanimous_obeyed(
    dense: list[tuple[str, float]], words: list[tuple[str, float]]
) -> None:
    fused = fuse("who?", dense, words, dict.fromkeys("abcdefgh", NOTHING))
    assert sorted(name for name, _ in fused) == sorted({name for name, _ in [*dense, *words]})
    assert [score for _, score in fused] == sorted((score for _, score in fused), reverse=True)
    scores, near, shared = dict(fused), dict(dense), dict(words)
    for one in near.keys() & shared.keys():
        for other in near.keys() & shared.keys():
            if near[one] > near[other] and shared[one] > shared[other]:
                assert scores[one] >= scores[other]
