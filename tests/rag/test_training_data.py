"""Records → groups, near misses and claims; what was measured on them; ratings. Pure functions of texts and a seed."""

from __future__ import annotations

import json
import lzma
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import InputError
from rag.models import card, feedback
from rag.models.changes import CHANGES, otherwise
from rag.models.claims import WORDS, Claim, made, recorded, stated
from rag.models.declared import declared
from rag.models.figures import area, checker_figures, diagram, likelihoods, ranker_figures, temperature_of
from rag.models.groups import NONE, Group, groups
from rag.models.nearmiss import RULES, another_thing, another_time, another_word, as_typed, near_miss, same_time
from rag.models.records import Record, before, is_held_out, lines, place_of, records, subject, written_records
from rag.models.spans import spans
from rag.ratings import READ, Rating, keep, rating, ratings
from rag.sentences import cut
from rag.types import Article, Citation, Evidence

PASSAGE = (
    "Ulm has an old bridge. The bridge was built by Karl Braun from 1920 to 1932 in Ulm. It was closed in 1944. "
    "The mayor of Bonn visited the harbour in 1950."
)
ANSWERED = Record("Who built the bridge in Ulm?", PASSAGE, "Karl Braun", PASSAGE.index("Karl"), "made")
UNANSWERED = Record("Who sold the bridge in Ulm?", PASSAGE, "", -1, "made~neg")
SENTENCE = PASSAGE[slice(*cut(PASSAGE)[1])]
MINED = [("The bridge in Kiel was built by Otto Klein.", "Kiel is a port.", "Kiel")] * 3


def test_records_are_read_plain_or_compressed(tmp_path: Path) -> None:
    row = {"q": "Who?", "passage": "It was he.", "answer": "he", "start": 7, "answerable": True, "src": "made"}
    absent = {**row, "answerable": False, "start": -1}
    text = f"{json.dumps(row)}\n{json.dumps(absent)}\n"
    (tmp_path / "plain").mkdir()
    (tmp_path / "packed").mkdir()
    (tmp_path / "plain" / "reader.jsonl").write_text(text, encoding="utf-8")
    with lzma.open(tmp_path / "packed" / "reader.jsonl.xz", "wt", encoding="utf-8") as file:
        file.write(text)
    found = records(tmp_path / "plain")
    assert found == records(tmp_path / "packed")
    assert [one.answerable for one in found] == [True, False]
    with pytest.raises(InputError, match=r"neither reader\.jsonl nor reader\.jsonl\.xz"):
        records(tmp_path)
    (tmp_path / "reader.jsonl").write_text("{}\n{", encoding="utf-8")
    with pytest.raises(InputError, match="Line 2"):
        list(lines(tmp_path, "reader.jsonl"))


LETTER = """Letter on the bridge

The bridge was built by Karl Braun in
1932. It was closed in 1944.
- Opening: 1950, by the mayor
"""


def folder_of(where: Path, *questions: dict[str, object]) -> Path:
    (where / "ulm" / "docs").mkdir(parents=True)
    (where / "ulm" / "docs" / "letter.txt").write_text(LETTER, encoding="utf-8")
    rows = (json.dumps({"doc": "letter.txt", **one}) for one in questions)
    (where / "ulm" / "questions.jsonl").write_text("\n".join(rows), encoding="utf-8")
    return where


def test_written_questions_have_their_document_and_its_title(tmp_path: Path) -> None:
    quote = "The bridge was built by Karl Braun in 1932."
    answered, missed = written_records(
        folder_of(
            tmp_path,
            {"q": "Who built it?", "quote": quote, "answer": "Karl Braun", "also": ["It was closed in 1944."]},
            {"q": "Who closed it?", "near": "It was closed in 1944."},
        )
    )
    assert answered.passage == LETTER and answered.passage[answered.start :].startswith("Karl Braun in\n1932")
    assert answered.heading == missed.heading == "Letter on the bridge"
    assert (answered.answerable, missed.answerable) == (True, False)
    assert [place_of(at, LETTER) for at in (*answered.also, missed.near)] == [
        place_of(LETTER.index("1944"), LETTER)
    ] * 2
    for seed in range(10):  # read as they are: no rule makes near misses of what has written ones
        found = list(groups([answered, missed], {}, [0, 1], seed=seed))
        assert {group.right for group in found} == {0, NONE}
        for group in found:
            if group.right == NONE:
                assert group.sentences[0].startswith("It was closed in 1944.")
            else:
                assert not any("1944" in text.split(" | ")[0] for text in group.sentences)
        for one in spans([answered, missed], [0, 1], seed=seed):
            assert "1944" in one.text if not one.answerable else one.text[one.start : one.end] == "Karl Braun"


def test_written_questions_that_do_not_fit_their_document(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds no folder with docs and questions\.jsonl"):
        written_records(tmp_path)
    folder_of(tmp_path, {"q": "Who?", "quote": "He sold it.", "answer": "He"})
    with pytest.raises(InputError, match=r"'He sold it.' does not stand in 'letter.txt'; mend the question 'Who\?'"):
        written_records(tmp_path)
    (tmp_path / "ulm" / "questions.jsonl").write_text('{"doc": "letter.txt", "q": "Who?"}', encoding="utf-8")
    with pytest.raises(InputError, match=r"Line 1 of '.*questions\.jsonl' lacks 'quote'; add it"):
        written_records(tmp_path)


def test_the_subject_is_the_name_that_returns() -> None:
    assert subject(PASSAGE) == "Ulm"
    assert subject("The Zugspitze is high. It is in Bavaria.") == "Zugspitze"
    assert subject("nothing is named here.") == ""


def test_sentences_have_their_places() -> None:
    assert place_of(ANSWERED.start, PASSAGE) == 1
    assert before(PASSAGE, 1) == "Ulm has an old bridge."
    assert before(PASSAGE, 0) == ""


def test_one_passage_in_some_is_held_out_and_always_the_same() -> None:
    held = [number for number in range(3000) if is_held_out(f"passage {number}")]
    assert 50 < len(held) < 200
    assert held == [number for number in range(3000) if is_held_out(f"passage {number}")]


@pytest.mark.parametrize("kind", RULES)
def test_a_rule_changes_the_question_or_leaves_it(kind: str) -> None:
    for seed in range(20):
        changed = RULES[kind](ANSWERED.question, SENTENCE, PASSAGE, Random(seed))
        assert changed is None or changed != ANSWERED.question


def test_near_misses_are_of_many_kinds_and_repeatable() -> None:
    found = {near_miss(ANSWERED.question, SENTENCE, PASSAGE, Random(seed)) for seed in range(40)}
    assert len(found) > 4
    assert ANSWERED.question not in found
    assert near_miss(ANSWERED.question, SENTENCE, PASSAGE, Random(3)) == near_miss(
        ANSWERED.question, SENTENCE, PASSAGE, Random(3)
    )


def test_another_time_lies_outside_the_one_told_of_and_the_same_time_within() -> None:
    asked = "Who built the bridge in 1925?"
    for seed in range(30):
        other = another_time(asked, SENTENCE, PASSAGE, Random(seed))
        same = same_time(asked, SENTENCE, PASSAGE, Random(seed))
        assert other is not None and same is not None
        assert not 1920 <= int(other[-5:-1]) <= 1932
        years = [int(word.strip("?")) for word in same.split() if word.strip("?").isdigit()]
        assert all(1920 <= year <= 1932 for year in years)
    late = same_time("Who built the bridge?", SENTENCE, PASSAGE, Random(1))
    assert late is not None and late.startswith("Who built the bridge ")
    assert another_time("When was the bridge built?", SENTENCE, PASSAGE, Random(1)) is None
    assert same_time("Who built the bridge in 1950?", SENTENCE, PASSAGE, Random(1)) is None


def test_another_thing_is_asked_for_only_where_the_sentence_does_not_show_it() -> None:
    plain = "The bridge was closed."
    assert {another_thing("Where was it closed?", plain, plain, Random(seed)) for seed in range(20)} == {
        "When was it closed?", "Why was it closed?", "How was it closed?",
    }  # fmt: skip
    told = "In 1944 the bridge was closed by the army because of the war."
    assert another_thing("Where was it closed?", told, told, Random(1)) is None
    assert another_thing("Who closed it?", plain, plain, Random(1)) is None


def test_another_word_is_one_of_the_passage() -> None:
    changed = another_word("Who built the bridge in Ulm?", SENTENCE, PASSAGE, Random(1))
    assert changed is not None
    assert set(changed.strip("?").split()) - set(ANSWERED.question.strip("?").split()) <= set(PASSAGE.split())


@given(st.text(max_size=60), st.integers(0, 50))
def test_a_question_as_typed_is_never_lost(question: str, seed: int) -> None:
    typed = as_typed(question, Random(seed))
    assert bool(typed.strip()) or not "".join(question.split()).strip("?.")


def test_groups_put_the_right_sentence_first_and_near_misses_have_none() -> None:
    found = [group for seed in range(30) for group in groups([ANSWERED, UNANSWERED], {0: MINED}, [0, 1], seed=seed)]
    right = [group for group in found if group.right == 0]
    assert right and all(SENTENCE in group.sentences[0] for group in right)
    assert all(any("Kiel" in text for text in group.sentences[1:]) for group in right)
    missed = [group for group in found if group.right == NONE and SENTENCE in group.sentences[0]]
    assert missed and all(group.question != ANSWERED.question for group in missed)
    assert any("sold" in group.question.lower() for group in found if group.right == NONE)
    assert found == [
        group for seed in range(30) for group in groups([ANSWERED, UNANSWERED], {0: MINED}, [0, 1], seed=seed)
    ]


def test_a_sentence_that_holds_the_answer_too_is_not_taught_as_wrong() -> None:
    text = "Karl Braun built it. The builder was Karl Braun of Ulm. Others came."
    record = Record("Who built it?", text, "Karl Braun", 0, "made")
    for seed in range(10):
        for group in groups([record], {}, [0], seed=seed):
            if group.right == 0:
                assert not any("The builder" in one.split(" | ")[0] for one in group.sentences[1:])


@pytest.mark.parametrize(
    ("question", "answer", "statements"),
    [
        ("Who built the bridge in Ulm?", "Karl Braun", {"Karl Braun built the bridge in Ulm."}),
        (
            "What is the capital of Delta State?",
            "Asaba,",
            {"Asaba is the capital of Delta State.", "The capital of Delta State is Asaba."},
        ),
        ("When was the first school built?", "1765", {"The first school was built in 1765."}),
        ("Where was the ban challenged?", "in the court", {"The ban was challenged in the court."}),
        ("How many Irish immigrants were found there?", "200", {"200 Irish immigrants were found there."}),
        ("Which CIA operation toppled the government?", "Success", {"Success toppled the government."}),
        # What no rule can turn into a statement is left as it was asked.
        ("What was the town founded by?", "monks", {"What was the town founded by? monks"}),
        ("When did it open?", "1932", {"When did it open? 1932"}),
        ("What process was started in 2007?", "Bologna", {"What process was started in 2007? Bologna"}),
    ],
)
def test_a_question_with_its_answer_as_a_statement(question: str, answer: str, statements: set[str]) -> None:
    assert {declared(question, answer, Random(seed)) for seed in range(20)} == statements


def test_what_questions_state_with_their_answers() -> None:
    loose = Record(ANSWERED.question, PASSAGE, ANSWERED.answer, ANSWERED.start, "policy")
    found = [one for seed in range(40) for one in stated([ANSWERED, UNANSWERED, loose], seed=seed)]
    true = {one.claim for one in found if one.label == 0}
    assert true == {"Karl Braun built the bridge in Ulm."}
    wrong = {one.claim for one in found if one.label == 1}
    assert "Bonn built the bridge in Ulm." in wrong  # another answer that the passage tells of
    assert "Ulm built the bridge in Karl Braun." in wrong  # the two names in each other's place
    assert any(one.label == 2 and "sold the bridge" in one.claim for one in found)
    assert not true & wrong
    assert all(one.evidence.removeprefix("Ulm. ") in PASSAGE for one in found)


def test_claims_of_people_and_made_ones(tmp_path: Path) -> None:
    rows = [
        {"claim": "Q: who built it? A: Braun", "evidence": "word " * 300 + "Braun built it.", "label": "supported"},
        {"claim": "Klein built it.", "evidence": "Braun built it.", "label": "refuted"},
    ]
    (tmp_path / "verify.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    first, second = recorded(tmp_path)
    assert first.claim == "who built it? Braun"
    assert len(first.evidence.split()) == WORDS and first.evidence.endswith("Braun built it.")
    assert second == Claim("Braun built it.", "Klein built it.", 1, "Braun built it.")
    found = [one for seed in range(20) for one in made([ANSWERED, UNANSWERED], seed=seed)]
    assert {one.label for one in found} >= {0, 1}
    assert all(one.claim != SENTENCE for one in found if one.label == 1)
    assert all(SENTENCE not in one.evidence for one in found if one.label == 2)


def test_said_otherwise_the_same_is_said() -> None:
    text = "In May 1932, the old bridge (of wood) was opened by 3 men on June 5, 1932."
    assert otherwise(text) == "The old bridge was opened by three men on 5 June 1932 in May 1932."
    assert {otherwise(text, Random(seed)) for seed in range(40)} > {otherwise(text), text}
    assert set(CHANGES) >= {"number", "name", "date", "unit", "negation", "opposite", "plan or fact"}


GROUPS = [Group("a?", ("x", "y"), 0), Group("b?", ("x", "y"), 1), Group("c?", ("x", "y"), NONE)]


def test_figures_of_a_ranker() -> None:
    found = ranker_figures(GROUPS, [[3.0, -3.0], [2.0, 1.0], [-4.0, -5.0]])
    assert (found.questions, found.first, found.area) == (3, 0.5, 1.0)
    assert found.decided == pytest.approx(2 / 3)
    assert area([1.0], [1.0]) in (0.0, 1.0)
    assert area([], [1.0]) == 0.5
    assert sum(likelihoods([1000.0, 0.0])) == pytest.approx(1.0)
    bins = diagram(GROUPS, [[9.0, -9.0], [9.0, -9.0], [-9.0, -9.0]])
    assert bins[-1] == (2, pytest.approx(1.0, abs=1e-3), 0.5)
    assert sum(count for count, _, _ in bins) == 3


def test_the_temperature_takes_back_too_much_confidence() -> None:
    sure = [[8.0, -8.0], [8.0, -8.0], [-8.0, -8.0]]
    assert temperature_of(GROUPS, sure) > 1.5
    timid = [[0.5, -0.5], [-0.5, 0.5], [-0.5, -0.5]]
    assert temperature_of(GROUPS, timid) < 1.0


def test_figures_of_a_checker() -> None:
    found = checker_figures([0, 0, 1, 2], [[2.0, 0, 0], [0, 2.0, 0], [0, 0, 2.0], [3.0, 0, 0]])
    assert (found.claims, found.right, found.caught, found.rejected) == (4, 0.25, 0.5, 0.5)


def test_cards_hold_what_was_measured() -> None:
    logits = [[3.0, -3.0], [2.0, 1.0], [-4.0, -5.0]]
    figures = ranker_figures(GROUPS, logits)
    runs = [card.Run("reader.jsonl", 1234, 5.2, 1), card.Run("ratings", 40, 1.0, 2)]
    text = card.ranker_card(
        before=figures, full=figures, int8=figures, bins=diagram(GROUPS, logits), runs=runs, temperature=1.25
    )
    assert "| the answering sentence first | 0.500 | 0.500 | 0.500 |" in text
    assert (
        "1,234 questions of reader.jsonl in 5 minutes (seed 1), then 40 questions of ratings in 1 m" in text
        and "divided by 1.25" in text
    )
    claim = checker_figures([0, 1], [[2.0, 0, 0], [2.0, 0, 0]])
    assert "| claims put into their class | 0.500 | 0.500 |" in card.checker_card(full=claim, int8=claim, runs=runs)


ARTICLE = Article("a", "a.txt", PASSAGE, title="Ulm")
FOUND = [Evidence(ARTICLE, *cut(PASSAGE)[at], score=1.0) for at in (1, 0, 2)]


def cited(at: int) -> Citation:
    first, last = cut(PASSAGE)[at]
    return Citation(1, PASSAGE[first:last], "a.txt", "Ulm", None, None, "a", first, last)


def test_a_rating_keeps_what_was_cited_and_what_was_read_beside_it(tmp_path: Path) -> None:
    one = rating("Who built it?", FOUND, [cited(2)], right=False, reason="no name")
    assert one.sentences[0][0] == "It was closed in 1944." and one.cited == (0,)
    assert len(one.sentences) == 3 <= READ
    keep(tmp_path, one)
    keep(tmp_path, rating("Who closed it?", FOUND, [cited(3)], right=True))
    again = rating("Who built it?", FOUND, [cited(1)], right=True)
    keep(tmp_path, again)
    found = ratings(tmp_path)
    assert [one.question for one in found] == ["Who built it?", "Who closed it?"]
    assert found[0] == again
    assert found[1].sentences[0] == ("The mayor of Bonn visited the harbour in 1950.", "", "Ulm")


def test_ratings_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing was rated"):
        ratings(tmp_path)
    (tmp_path / "ratings.jsonl").write_text('{"question": "?"}\n', encoding="utf-8")
    with pytest.raises(InputError, match="Line 1"):
        ratings(tmp_path)


def test_ratings_become_groups_a_tenth_held_out() -> None:
    right = Rating("Who?", True, (("a", "", ""), ("b", "", ""), ("c", "x", "T")), (0, 1))
    wrong = Rating("When?", False, (("a", "", ""), ("b", "", "")), (0,))
    assert feedback.groups_of([right, wrong]) == [
        Group("Who?", ("a", "c | x | T"), 0),
        Group("Who?", ("b", "c | x | T"), 0),
        Group("When?", ("a",), NONE),
    ]
    many = [Rating(f"question {number}?", True, (("a", "", ""),), (0,)) for number in range(100)]
    learn, held = feedback.split(many)
    assert len(learn) + len(held) == 100 and 3 <= len(held) <= 20
    with pytest.raises(InputError, match="too few"):
        feedback.split(many[:5])


def test_new_weights_must_win() -> None:
    logits = [[3.0, -3.0], [2.0, 1.0], [-4.0, -5.0]]
    worse, better = ranker_figures(GROUPS, logits), ranker_figures(GROUPS, [[3.0, 0], [0, 1.0], [-4.0, -5.0]])
    assert feedback.is_better(worse, better)
    assert not feedback.is_better(better, better)
    assert not feedback.is_better(better, worse)
