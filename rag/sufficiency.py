"""Does this evidence answer this question, or only mention its names? A calibrated probability.

A logistic regression over four figures. Its coefficients lie in a JSON file next to where they came from, written by
`python -m eval.sufficiency`; does not know how they were fitted.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from rag.locate import bounded
from rag.timely import Time, times
from rag.types import Evidence

FILE = Path(__file__).parent / "models" / "sufficiency.json"
FEATURES = ("answers", "read", "similarity", "passage")
FITS: dict[Time | None, float] = {
    None: 1.0, "begins": 1.0, "told": 1.0, "covers": 0.75, "untold": 0.4, "partly": 0.25, "other": 0.0,
}  # fmt: skip
"""How well the time of a sentence fits the question's, after how often it is so in the training data where the sentence
answers and where it does not."""
UNFIT, UNFIT_READ = 3.0, 5.0
"""What the ranker's logit and the reader's score lose where it does not. Held out, AUC with it (without), when it was
chosen: CLAPnq .881 (.873), SQuAD 2.0 .765 (.763), TimeQA .708 (.657)."""
BEST = 5
"""Sentences whose logits are added up: several that nearly answer are worth one that does."""


def features(question: str, found: Sequence[Evidence]) -> tuple[float, ...]:
    """What speaks for and against, in the order of `FEATURES`.

    The ranker's best logits, as the logarithm of their summed odds; the reader's best score, within its bounds; both
    less where a sentence does not tell of the time asked about; the highest similarity of question and sentence; the
    fused score of the best passage.

    What is looked at for its report alone does not count: the more of it, the likelier some of it looks like an answer.

    Args:
        found: the evidence for the question, best first; at least one piece.
    """
    own = [one for one in found if not one.further]
    unfit = [1.0 - FITS[time] for time in times(question, own)]
    logits = sorted((one.logit - UNFIT * less for one, less in zip(own, unfit, strict=True)), reverse=True)[:BEST]
    reads = [None if one.read is None else one.read - UNFIT_READ * less for one, less in zip(own, unfit, strict=True)]
    return (
        logits[0] + math.log(sum(math.exp(logit - logits[0]) for logit in logits)),
        max(bounded(read) for read in reads),
        max(one.similarity for one in own),
        max(one.passage for one in own),
    )


def confidence(question: str, found: Sequence[Evidence]) -> float:
    """How likely it is, 0 to 1, that the evidence answers the question, in its own words."""
    if not found:
        return 0.0
    intercept, weights = coefficients()
    total = intercept + sum(weight * value for weight, value in zip(weights, features(question, found), strict=True))
    return 0.5 + 0.5 * math.tanh(total / 2)  # the logistic curve, for any total


@cache
def coefficients() -> tuple[float, tuple[float, ...]]:
    """The intercept, and a weight for each of `FEATURES`."""
    fitted = json.loads(FILE.read_text(encoding="utf-8"))
    return float(fitted["intercept"]), tuple(float(fitted["weights"][name]) for name in FEATURES)
