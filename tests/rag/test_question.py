"""How a question is read: its parts, what it leans on, when it leaves the conversation."""

from __future__ import annotations

import pytest

from rag.question import (
    ANSWER_WORDS,
    EARLIER,
    Reading,
    is_about_now,
    is_follow_up,
    is_new_topic,
    judging,
    parts,
    readings,
)
from rag.types import REFUSAL, Turn

BRIDGE = Turn("When was the harbour bridge built?", "It was built in 1932.")


def texts(question: str, *history: Turn) -> list[list[str]]:
    return [[one.text for one in part] for part in readings(question, history)]


def test_a_question_that_stands_alone_has_one_reading() -> None:
    assert readings("Who built the town hall?", ()) == [[Reading("Who built the town hall?", 1.0, 1.0)]]


@pytest.mark.parametrize("question", ["And who built it?", "What about the tunnel?", "and in Rome?"])
def test_a_follow_up_is_searched_after_the_question_before_and_as_it_stands(question: str) -> None:
    assert is_follow_up(question, [BRIDGE])
    read = texts(question, BRIDGE)[0]
    assert read[-2:] == [f"{BRIDGE.question} {question}", question.strip()]


def test_the_earlier_question_counts_more_in_the_search_and_less_in_judging() -> None:
    joined, alone = readings("And who built it?", [BRIDGE])[0]
    assert joined.searched > alone.searched and joined.judged < alone.judged
    assert joined.searched + alone.searched == pytest.approx(1.0) == joined.judged + alone.judged


@pytest.mark.parametrize("question", ["who said that?", "Who told them so?", "According to whom?"])
def test_who_said_it_is_looked_for_with_the_answer(question: str) -> None:
    said = Turn("When was the bridge built?", "“It was built in 1932.” [1]")
    assert texts(question, said) == [[f"It was built in 1932. {question}", question]]


def test_who_wrote_it_may_ask_for_what_was_asked_about() -> None:
    book = Turn("What is the Green Book?", "“The Green Book is a guide.” [1]")
    assert texts("Who wrote it?", book) == [
        ["Who wrote the Green Book?", "The Green Book is a guide. Who wrote it?", "Who wrote it?"]
    ]
    road = Turn("What is the Green Road?", "“It is a road.” [1]")
    assert texts("Who wrote it?", road) == [["It is a road. Who wrote it?", "Who wrote it?"]]
    for question in ("Who wrote that?", "Who said it?", "Who reported it?", "Who announced it?", "Who confirmed it?"):
        assert texts(question, book) == [[f"The Green Book is a guide. {question}", question]]


def test_that_which_opens_a_clause_asks_for_no_earlier_answer() -> None:
    found = Turn("Where was Anna's letter found?", "“It lay in the cellar.” [1]")
    question = "Who wrote the letter that Anna got?"
    assert texts(question, found) == [[f"{found.question} {question}", question]]


def test_a_question_on_the_same_things_is_joined_but_judged_as_it_stands() -> None:
    question = "Which engineer designed the bridge near the harbour?"
    assert not is_follow_up(question, [BRIDGE]) and not is_new_topic(question, [BRIDGE])
    joined, alone = readings(question, [BRIDGE])[0]
    assert (joined.text, joined.judged, alone.judged) == (f"{BRIDGE.question} {question}", 0.0, 1.0)


@pytest.mark.parametrize(
    "question",
    ["Who is Lindqvist?", "When was NATO founded?", "What is inflation?", "Which year did Bonn grow in?"],
)
def test_a_question_that_names_its_subject_is_not_joined_to_another_topic(question: str) -> None:
    assert not is_follow_up(question, [BRIDGE])
    assert texts(question, BRIDGE) == [[question]]


def test_a_word_that_says_little_joins_no_topics() -> None:
    long = Turn("Who built the bridge?", "“Many people of the first town came after the war with new tools.” [1]")
    assert is_new_topic("How many people won the first prize at the festival?", [long])
    assert is_new_topic("Which tools does a painter need to begin?", [long])
    assert not is_new_topic("Which tools did the town need to begin?", [long])


def test_what_is_asked_for_in_the_place_of_something_else_is_searched_for_in_full() -> None:
    turns = [Turn("How many bridges are there in Ulm?", "Nine.")]
    full, joined, alone = readings("and in Rome?", turns)[0]
    assert full.text == "How many bridges are there in Rome?"
    assert joined.text == "How many bridges are there in Ulm? and in Rome?"
    assert alone.text == "and in Rome?"
    assert full.judged > joined.judged + alone.judged
    assert full.searched + joined.searched + alone.searched == pytest.approx(1.0)


def test_a_follow_up_on_a_question_cut_short_is_joined_to_it_in_full() -> None:
    turns = [Turn("How many bridges are there in Ulm?", "Nine."), Turn("and in Rome?", "Thirty.")]
    assert texts("Who built them?", *turns)[0][0] == "How many bridges are there in Rome? Who built them?"


def test_a_refused_turn_that_leaned_on_another_is_no_topic() -> None:
    turns = [BRIDGE, Turn("Who painted it?", REFUSAL)]
    assert texts("How long is it?", *turns)[0][0] == f"{BRIDGE.question} How long is it?"


def test_a_refused_turn_on_something_else_is_the_topic_unless_the_question_goes_back_behind_it() -> None:
    mayor = Turn("Who was the mayor of Ulm?", "She was a doctor.")
    price = Turn("What is the price of oil?", REFUSAL)
    assert texts("When was she born?", mayor, price)[0][0] == f"{mayor.question} When was she born?"
    assert texts("Did it fall again?", mayor, price)[0][0] == f"{price.question} Did it fall again?"
    doctor = Turn("Who was the doctor of Bonn?", REFUSAL)
    assert texts("When was she born?", mayor, doctor)[0][0] == f"{doctor.question} When was she born?"
    assert texts("Did that mayor retire?", mayor, price)[0][0] == f"{mayor.question} Did that mayor retire?"


def test_he_is_the_person_that_was_answered_with() -> None:
    mayor = Turn("Who was the mayor of Ulm?", "The Courier: “The mayor of Ulm, Anna Lindqvist, resigned.” [1]")
    full, joined = texts("When was she born?", mayor)[0][:2]
    assert (full, joined) == ("When was Anna Lindqvist born?", f"{mayor.question} Anna Lindqvist When was she born?")
    assert texts("When was it?", mayor)[0][0] == f"{mayor.question} When was it?"
    assert texts("When was she born?", BRIDGE)[0][0] == f"{BRIDGE.question} When was she born?"


@pytest.mark.parametrize(
    ("asked", "answer", "person"),
    [
        ("Who chaired the meeting?", "The meeting at Hill House was chaired by Mary Brown.", "Mary Brown"),
        ("Who wrote it?", "On Easter Monday the man at West Street brought the letter by Mary Brown.", "Mary Brown"),
        ("Who found it?", "From the Royal Observatory the comet was found by Mary Brown in 1894.", "Mary Brown"),
        ("Who repaired the boiler?", "Boiler House No 2 was repaired by Mary Brown.", "Mary Brown"),
        ("Who is the mayor?", "The mayor of New York, Mary Brown, resigned.", "Mary Brown"),
        ("Who won?", "Mary Brown won the race opened by Tom Reed.", "Mary Brown"),
        ("Whose visa was it?", "The visa of Mary Brown was stamped.", "Mary Brown"),
        ("Who won?", "On Monday Mary Brown won.", "Mary Brown"),
        ("Who chairs it?", "It is under the chair of the Reverend Mary Brown.", "Reverend Mary Brown"),
    ],
)
def test_she_is_a_person_and_no_place_nor_day(asked: str, answer: str, person: str) -> None:
    assert texts("How old is she?", Turn(asked, f"“{answer}” [1]"))[0][0] == f"How old is {person}?"


def test_where_the_answer_names_only_a_place_she_is_not_it() -> None:
    said = Turn("Who keeps the key?", "“The key is kept at Hill House.” [1]")
    assert texts("How old is she?", said)[0] == [f"{said.question} How old is she?", "How old is she?"]


def test_a_fragment_belongs_to_the_question_before_it_even_if_that_was_refused() -> None:
    turns = [BRIDGE, Turn("How many people live in Ulm?", REFUSAL)]
    assert texts("and in Rome?", *turns)[0][0] == "How many people live in Rome?"


def test_the_words_of_a_refusal_are_no_topic() -> None:
    assert is_new_topic("Which documents does a captain sign?", [Turn("When was the bridge built?", REFUSAL)])


def test_of_a_long_answer_only_the_beginning_leads_into_who_said_it() -> None:
    said = Turn("When was the bridge built?", "“It was built in 1932.” [1] " + "More was told. " * 200)
    joined = texts("who said that?", said)[0][0]
    assert joined.startswith("It was built in 1932. More") and joined.endswith("who said that?")
    assert len(joined.split()) == ANSWER_WORDS + 3


def test_a_new_topic_is_noticed() -> None:
    question = "Which films won prizes at the festival?"
    assert is_new_topic(question, [BRIDGE])
    assert texts(question, BRIDGE) == [[question]]


def test_what_was_answered_belongs_to_the_conversation() -> None:
    assert not is_new_topic("Which other buildings opened during 1932 downtown?", [BRIDGE])


def test_a_chain_of_follow_ups_goes_back_to_the_question_that_stands_alone() -> None:
    chain = [Turn("Which films won prizes?"), BRIDGE, Turn("And who built it?")]
    assert texts("And where was he born?", *chain) == [
        [f"{BRIDGE.question} And who built it? And where was he born?", "And where was he born?"]
    ]


def test_a_long_chain_is_cut() -> None:
    chain = [BRIDGE, *[Turn(f"And number {number}?") for number in range(5)]]
    joined = texts("And then?", *chain)[0][0]
    assert joined == "And number 2? And number 3? And number 4? And then?"
    assert EARLIER == 3


def test_a_later_part_leans_on_the_first() -> None:
    question = "Who built the bridge, and when was it opened?"
    assert parts(question) == ["Who built the bridge", "when was it opened"]
    assert texts(question) == [
        ["Who built the bridge"],
        ["when was the bridge opened", "Who built the bridge when was it opened", "when was it opened"],
    ]


@pytest.mark.parametrize(
    "question",
    [
        "For how long and at what temperature do I bake the bread?",
        "At what time and where is the meeting?",
        "Since when and why is the library closed?",
        "How much and when do I pay?",
    ],
)
def test_a_part_that_asks_for_nothing_is_no_question(question: str) -> None:
    assert parts(question) == [question]


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Thanks! How do I clean the coffee filter?", "How do I clean the coffee filter?"),
        ("Thank you. Who wrote the letter to Anna?", "Who wrote the letter to Anna?"),
        ("Great, thanks a lot! What is the capital of Peru?", "What is the capital of Peru?"),
        ("Sorry, what is the capital of Peru?", "What is the capital of Peru?"),
    ],
)
def test_thanks_do_not_tie_a_new_topic_to_the_one_before(question: str, asked: str) -> None:
    (found,) = readings(question, [BRIDGE])
    assert [(one.text.casefold(), one.searched) for one in found] == [(asked.casefold(), 1.0)]


@pytest.mark.parametrize(
    "question",
    [
        "Thanks",
        "Are you sure?",
        "Sorry, I meant Rome",
        "Sorry. I live in Rome and not in Ulm.",
        "Thanks, and when did it open?",
        "Thanks! How many left?",
    ],
)
def test_a_follow_up_after_thanks_stays_one(question: str) -> None:
    assert is_follow_up(question, [BRIDGE])
    assert texts(question, BRIDGE)[0][-2].startswith(BRIDGE.question)


def test_what_follows_sorry_is_put_in_its_place() -> None:
    assert texts("Sorry, in Rome", BRIDGE)[0][0] == "When was the harbour bridge built in Rome?"


@pytest.mark.parametrize("before", ["Hello! ", "Hi there, can you help me? ", "I have a question: ", "Excuse me, "])
def test_what_is_said_before_a_question_is_not_searched(before: str) -> None:
    asked = "When is the rent due, and who collects it?"
    assert parts(before + asked) == parts(asked) == ["When is the rent due", "who collects it"]
    assert parts(f"{before}When is the rent due?") == ["When is the rent due?"]


@pytest.mark.parametrize(
    "question",
    [
        "Who gets the house under the will?",
        "When was Will Smith born?",
        "What did she leave him in her will?",
        "What is the maximum current of the charger?",
        "What is the charging current?",
        "Where were the remains of the king found?",
    ],
)
def test_what_only_sounds_like_now_is_not(question: str) -> None:
    assert not is_about_now(question)


@pytest.mark.parametrize(
    "question",
    [
        "What is the current rent?",
        "Will the bridge open?",
        "What will happen?",
        "How many remain?",
        "Who remains there?",
    ],
)
def test_now_and_plans(question: str) -> None:
    assert is_about_now(question)


def test_a_later_part_that_stands_alone_is_judged_alone() -> None:
    _, later = readings("Who built the bridge, and when did Rome fall?", ())
    assert later == [
        Reading("Who built the bridge when did Rome fall", 0.3, 0.0),
        Reading("when did Rome fall", 0.7, 1.0),
    ]
    _, later = readings("Who built the bridge, and how many came?", ())
    assert [one.judged for one in later] == [0.35, 0.65]
    assert texts("How many men left, and how many stayed?")[1][0] == "how many men stayed"


def test_a_later_part_points_to_the_first_and_not_to_what_was_asked_before() -> None:
    tower = Turn("Who built the tower?", "Ann.")
    _, later = readings("Who opened the bridge, and when was it closed?", [tower])
    assert later[0].text == "when was the bridge closed"


def test_what_judges_most_says_what_is_asked_for() -> None:
    (found,) = readings("and in Rome?", [Turn("How many bridges are there in Ulm?", "Two.")])
    assert judging(found) == "How many bridges are there in Rome?"
    (found,) = readings("How many came back?", [Turn("Who left Ulm?", "Ann.")])
    assert judging(found) == "How many came back?"
