"""Near-duplicates: a reprint is one story, two reports on one event are two."""

from __future__ import annotations

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.articles import split_articles
from rag.duplicates import BANDS, PERMUTATIONS, ROWS, SCHEME, THRESHOLD, families, signature
from rag.types import Article, Document

STORY = " ".join(
    f"In the {number}th year of its work the council of {town} voted to build bridge number {number * 7} of stone."
    for number, town in enumerate(["Ulm", "Bonn", "Trier", "Worms", "Speyer", "Passau", "Bremen", "Kiel"], 3)
)
OTHER = " ".join(
    f"Ships of the {line} line, {number} in all, waited outside the port until the storm had passed them."
    for number, line in enumerate(["red", "blue", "green", "black", "white", "golden", "silver"], 40)
)


def family_of(*texts: str) -> list[int]:
    """For each text the place of the text that stands for it."""
    found = families((str(place), signature(text)) for place, text in enumerate(texts))
    return [int(found[str(place)]) for place in range(len(texts))]


def test_a_reprint_is_one_story() -> None:
    headline = f"Bridges everywhere\n{STORY}"
    quotes = STORY.replace("the council", "“the council”").upper()
    cut = STORY.rsplit(".", 2)[0]
    assert family_of(STORY, OTHER, STORY, headline, quotes, cut) == [0, 1, 0, 0, 0, 0]


def test_the_first_stands_for_its_family() -> None:
    assert family_of(OTHER, f"Late edition. {STORY}", STORY) == [0, 1, 1]


def test_two_reports_on_one_event_are_two() -> None:
    again = " ".join(reversed(re.findall(r"\S+", STORY)))  # the same words, told in another order
    assert family_of(STORY, again) == [0, 1]


@pytest.mark.parametrize("text", ["", "one", "only three words"])
def test_a_text_too_short_is_like_nothing(text: str) -> None:
    assert signature(text) == b""
    assert family_of(text, text) == [0, 1]


def test_the_seeds_hold_one_story_twice(seed_articles: list[Article]) -> None:
    found = families((one.id, signature(one.text)) for one in seed_articles)
    by_id = {one.id: one for one in seed_articles}
    twins = [(by_id[one], by_id[other]) for one, other in found.items() if one != other]
    assert [(one.source[:3], other.source[:3]) for one, other in twins] == [("001", "000")]
    assert twins[0][1].title == twins[0][0].title


def test_signatures_are_those_that_older_indexes_hold() -> None:
    """Stored signatures are compared with new ones: they must not depend on the process or the release."""
    assert hashlib.sha256(signature(STORY)).hexdigest()[:16] == "ad8750d25910631b"


@given(
    st.lists(st.sampled_from([STORY, OTHER, STORY + OTHER, "", f"Late. {OTHER}", "five words in a row"]), max_size=6)
)
def test_families_have_one_head_each(texts: list[str]) -> None:
    found = family_of(*texts)
    assert all(found[head] == head <= place for place, head in enumerate(found))


@given(st.text(max_size=300))
def test_any_text_has_a_signature(text: str) -> None:
    for one in split_articles(Document(text)):
        assert family_of(one.text, one.text)[1] == (0 if signature(one.text) else 1)


def test_families_are_those_of_the_library_s_own_index() -> None:
    """The bands are datasketch's: what it finds alike is found here, and of equals the earlier stands for both."""
    import numpy as np
    from datasketch import MinHash, MinHashLSH

    words = STORY.split() + OTHER.split()
    texts = [" ".join(words[at : at + 60]) for at in range(0, len(words) - 60, 4)]
    lsh, kept, expected = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS), list[MinHash](), dict[str, str]()
    for place, text in enumerate(texts):
        values = np.frombuffer(signature(text), dtype="<u4")
        kept.append(MinHash(num_perm=PERMUTATIONS, hashvalues=values, scheme=SCHEME))
        near = sorted(other for other in lsh.query(kept[-1]) if kept[other].jaccard(kept[-1]) >= THRESHOLD)
        if near:
            expected[str(place)] = str(max(near, key=lambda other: kept[other].jaccard(kept[-1])))
        else:
            expected[str(place)] = str(place)
            lsh.insert(place, kept[-1])
    assert lsh.b == BANDS and lsh.r == ROWS
    assert families((str(place), signature(text)) for place, text in enumerate(texts)) == expected
    assert len(set(expected.values())) not in (1, len(texts))


def test_no_articles_have_no_families() -> None:
    assert families([]) == {}
