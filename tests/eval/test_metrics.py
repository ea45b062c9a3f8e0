"""Every number against one worked out by hand."""

from __future__ import annotations

from math import log2

import pytest

from eval import metrics
from eval.metrics import Share


def test_share_reads_as_a_count_and_a_percentage() -> None:
    assert str(Share(78, 80)) == "78 of 80 (97.5 %)"
    assert str(Share(0, 0)) == "none asked"
    assert Share(0, 0).value is None
    assert Share(1, 4).value == 0.25


def test_hits_count_only_to_their_depth() -> None:
    ranks = [1, 3, 4, None]
    assert metrics.hits(ranks, 1) == Share(1, 4)
    assert metrics.hits(ranks, 3) == Share(2, 4)
    assert metrics.hits(ranks, 10) == Share(3, 4)


def test_mrr_is_the_mean_of_reciprocal_ranks_within_depth() -> None:
    assert metrics.mrr([1, 4, None, 11]) == pytest.approx((1 + 0.25) / 4)
    assert metrics.mrr([]) == 0


def test_first_rank_passes_over_documents_graded_nothing() -> None:
    assert metrics.first_rank(["a", "b", "c"], {"a": 0, "c": 1}) == 3
    assert metrics.first_rank(["a"], {"z": 1}) is None


def test_ndcg_of_two_wanted_at_ranks_one_and_three() -> None:
    found = metrics.ndcg(["x", "-", "y"], {"x": 1, "y": 1})
    assert found == pytest.approx((1 + 1 / 2) / (1 + 1 / log2(3)))


def test_ndcg_weighs_grades_and_stops_at_depth() -> None:
    assert metrics.ndcg(["low", "high"], {"high": 2, "low": 1}) == pytest.approx((1 + 2 / log2(3)) / (2 + 1 / log2(3)))
    assert metrics.ndcg([*"abcdefghij", "x"], {"x": 1}) == 0
    assert metrics.ndcg(["a"], {}) == 0


def test_auc_counts_pairs_in_order_and_ties_by_half() -> None:
    assert metrics.auc([0.9, 0.4], [0.4, 0.1]) == pytest.approx((1 + 1 + 0.5 + 1) / 4)
    assert metrics.auc([0.1], [0.9]) == 0
    assert metrics.auc([], [0.5]) is None


def test_percentiles_lie_between_neighbours() -> None:
    assert metrics.median([4, 1, 3, 2]) == 2.5
    assert metrics.percentile([0, 10, 20, 30, 40], 0.95) == pytest.approx(38)
    assert metrics.percentile([7], 0.95) == 7
    assert metrics.median([]) == 0


def test_words_are_counted_without_marks() -> None:
    assert metrics.count_words("He left in 2025 [1]. Then 60,000 came back [2, 3].") == 8
    assert metrics.without_marks("He left [1], they say [2].") == "He left, they say."
    assert metrics.count_words("al-Sudani's plan") == 2


def test_cover_is_the_longest_run_of_whole_words_by_letters() -> None:
    quote = "The tall bridge opened in 1932"  # 3 + 4 + 6 + 6 + 2 + 4 letters
    assert metrics.cover("They say the tall bridge was long.", quote) == pytest.approx(13 / 25)
    assert metrics.cover("“The tall bridge  opened\nin 1932,” he said", quote) == 1
    assert metrics.cover("Thetall bridges reopened", quote) == 0
    assert metrics.cover("anything", "…") == 0


def test_the_larger_part_of_a_quote_is_a_hit_and_the_smaller_is_not() -> None:
    quote = "The tall bridge opened in 1932"
    assert metrics.holds_quote("Before: the tall bridge", quote)
    assert not metrics.holds_quote("opened in 1932 and so on", quote)
    assert not metrics.holds_quote("opened in 1932. Later the tall one, a bridge", quote)


@pytest.mark.parametrize(
    ("fragment", "sentence"),
    [
        ("opened", "It opened in 1932."),
        ("It opened in 1932.", "It opened in 1932."),
        ("rain? Yes", "Was there rain? Yes, “much.”"),
        ("Headline", "Headline"),
    ],
)
def test_around_gives_the_sentences_that_a_span_touches(fragment: str, sentence: str) -> None:
    text = "Headline\nIt opened in 1932. Was there rain? Yes, “much.” The end"
    start = text.index(fragment)
    assert metrics.around(text, start, start + len(fragment)) == sentence
