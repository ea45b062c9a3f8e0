"""What supports a sentence, and what does not: the same statement, then one thing changed in it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.sentences import spans
from rag.stems import numbers
from rag.types import Article, Evidence
from rag.verify import check, fault, is_quote, keeps, responds, supporting
from tests.rag.fakes import Judge

QUESTION = "What happened?"
EVIDENCE = (
    "On 5 January 2020 the council of Ulm voted by 168 of its 329 members to build three bridges for $2.5 billion, "
    "Mayor Anna Klein told the Courier."
)
TRUE = [
    EVIDENCE,
    "The council of Ulm voted to build three bridges.",
    "On January 5, 2020, the council of Ulm voted to build three bridges for $2.5 billion.",
    "168 of the 329 members of the council voted to build three bridges.",
    "Mayor Anna Klein told the Courier of three bridges.",
    "In Ulm the council voted to build 3 bridges.",
    "Klein told the Courier that the council of Ulm voted to build bridges.",
]
CHANGED = [
    ("another day", "On 6 January 2020 the council of Ulm voted to build three bridges."),
    ("another month", "On 5 February 2020 the council of Ulm voted to build three bridges."),
    ("another month, first", "January 2020 was when the council of Ulm voted; February 2020 brought three bridges."),
    ("another year", "On 5 January 2021 the council of Ulm voted to build three bridges."),
    ("another number", "The council of Ulm voted by 169 of its 329 members to build three bridges."),
    ("another number, spelled", "The council of Ulm voted to build two bridges."),
    ("a number, spelled, that is not there", "The one council of Ulm voted to build bridges."),
    ("another magnitude", "The council of Ulm voted to build three bridges for $2.5 million."),
    ("another decimal", "The council of Ulm voted to build three bridges for $25 billion."),
    ("another place", "The council of Bonn voted to build three bridges."),
    ("another person", "Mayor Anna Gross told the Courier of three bridges."),
    ("another person, first", "Gross told the Courier that the council of Ulm voted to build bridges."),
    ("another paper", "Mayor Anna Klein told the Times of three bridges."),
    ("an acronym that is not there", "The EU council of Ulm voted to build three bridges."),
    ("denied", "The council of Ulm did not vote to build three bridges."),
    ("never", "The council of Ulm never voted to build three bridges."),
    ("another matter", "The council likes music, dancing, good food, long walks and sunny days in Ulm."),
    ("nothing", ""),
    ("only a mark", "[1]"),
]


def piece(text: str, title: str | None = None) -> Evidence:
    return Evidence(Article("a", "a.txt", text, title=title), 0, len(text), 1.0)


def supported(sentence: str, evidence: str = EVIDENCE, *, question: str = QUESTION, title: str | None = None) -> bool:
    return supporting(sentence, [piece(evidence, title)], question) == (0,)


@pytest.mark.parametrize("sentence", TRUE)
def test_true_statements_are_supported(sentence: str) -> None:
    assert supported(sentence)


@pytest.mark.parametrize("sentence", [sentence for _, sentence in CHANGED], ids=[name for name, _ in CHANGED])
def test_changed_statements_are_not(sentence: str) -> None:
    assert not supported(sentence)


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("Adults take 5 g of the powder.", "Adults take 5 mg of the powder."),
        ("Add 2 tablespoons of salt to it.", "Add 2 teaspoons of salt to it."),
        ("The tank holds 50 gallons of oil.", "The tank holds 50 l of oil."),
        ("The fridge fell to 5 °C at night.", "The fridge fell to −5 °C at night."),
        ("Add ¼ cup of milk to it.", "Add ½ cup of milk to it."),
        ("The stall costs 500 dollars.", "The stall costs 500 CHF."),
        ("Turn the tap clockwise to open it.", "Turn the tap anticlockwise to open it."),
    ],
)
def test_another_unit_sign_or_turn(sentence: str, evidence: str) -> None:
    assert not supported(sentence, evidence)
    assert supported(evidence, evidence)


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("Only four to five people remain.", "Only “four to five” people remain."),
        ("About 2500 soldiers are still based there.", "About 2,500 soldiers are still based there."),
        ("US forces left in May.", "In May the US forces left."),
        ("The US forces left in May.", "In May US forces left."),
        ("The new bridge of Ulm did not open in May.", "The new bridge of Ulm didn’t open in May."),
        (
            "Twenty-five ships of the blue line waited outside the port.",
            "Outside the port 25 ships of the blue line waited.",
        ),
        ("They met in the first phase.", "In the first phase they met."),
        ("Klein’s bridge opened in Ulm.", "The bridge of Klein opened in Ulm."),
    ],
)
def test_the_same_said_otherwise(sentence: str, evidence: str) -> None:
    assert supported(sentence, evidence)


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("US forces left in May.", "Polish forces left in May."),
        ("Polish forces left in May.", "US forces left in May."),
        ("They met in the second phase.", "They met in the first phase."),
        ("The bridge opens.", "The bridge never opens."),
        ("Nothing was built, said the mayor.", "The bridge was built, said the mayor."),
        ("Only four to six people remain.", "Only “four to five” people remain."),
        ("They left on Monday.", "They left on Tuesday."),
        ("They left in the 1990s.", "They left in the 1980s."),
        ("They walked 3.5 miles.", "They walked 35 miles."),
    ],
)
def test_one_thing_changed(sentence: str, evidence: str) -> None:
    assert not supported(sentence, evidence)


def test_title_and_question_may_lend_words_but_no_numbers() -> None:
    evidence = "It was opened by Mayor Klein after nine years of work on it."
    sentence = "The bridge was opened by Mayor Klein after nine years of work."
    assert supported(sentence, evidence, question="Who opened the bridge?")
    assert supported(sentence, evidence, title="Bridge opens")
    dated = "The bridge was opened by Mayor Klein in 2025 after nine years of work."
    assert not supported(dated, evidence, question="Who opened the bridge in 2025?")


def test_words_of_the_question_alone_support_nothing() -> None:
    assert not supported(
        "The bridge opens in Ulm.", "Tickets cost five euros.", question="When does the bridge open in Ulm?"
    )


def test_the_best_of_several_pieces() -> None:
    pieces = [piece("The museum opened in June."), piece(EVIDENCE), piece("The council of Ulm voted.")]
    assert supporting(TRUE[1], pieces, QUESTION) == (1,)
    assert supporting("The museum opened in May.", pieces, QUESTION) == ()
    assert supporting("The museum opened.", [], QUESTION) == ()


def test_what_a_shorter_sentence_must_keep() -> None:
    asked = "When did the council of Ulm vote to build three bridges?"
    assert keeps("On 5 January 2020 the council of Ulm voted.", "On 5 January 2020 the council of Ulm voted.", asked)
    assert not keeps("In 2020 the council of Ulm voted.", "On 5 January 2020 the council of Ulm voted.", asked)
    assert not keeps("On 5 January 2020 they voted.", EVIDENCE, asked)
    assert keeps("They voted in Ulm.", "The council of Ulm voted to build three bridges.", asked)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2,500 of 10,000.50, and 3.", {"2500", "10000.50", "3"}),
        ("twenty-five", {"25"}),
        ("four to five", {"4", "5"}),
        ("two, then three", {"2", "3"}),
        ("a 618-kilometer border", {"618"}),
        ("September 2025", {"2025"}),
        ("none of it", set()),
    ],
)
def test_numbers(text: str, found: set[str]) -> None:
    assert numbers(text) == found


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("Over 60 ships came.", "More than 60 ships came."),
        ("Almost 60 ships came.", "Nearly sixty ships came."),
        ("60 ships came.", "About 60 ships came."),
        ("At least $4 billion was paid.", "No less than $four billion was paid."),
        ("Between 4 and 5 men stayed.", "Four to five men stayed."),
        ("Three quarters of the voters came.", "75 percent of the voters came."),
        ("The line is 618 kilometres long.", "The 618-kilometer line is long."),
        ("It opened in August 2025.", "It opened on 20 August 2025."),
        ("It opened on 20 August 2025.", "It opened on August 20th, 2025."),
        ("The vote is on 11 November.", "The vote is on 11thof November."),
        ("Gen. Klein spoke.", "General Anna Klein spoke."),
        ("Mohamed Soleimani spoke.", "Mohammed Suleimani spoke."),
        ("Bolivian troops came.", "The troops of Bolivia came."),
        ("The World Health Organization said so.", "The WHO said so."),
        ("The WHO said so.", "The World Health Organization said so."),
        ("U.S. troops left.", "United States troops left."),
        ("There is no fear in the town of Ulm.", "In the town of Ulm they are fearless."),
        ("It is not legal in the town of Ulm.", "In the town of Ulm it is illegal."),
        ("The bridge was not finished.", "They failed to finish the bridge."),
        ("Klein was attacked by Gross.", "Gross attacked Klein."),
        ("Klein will leave Ulm.", "Klein plans to leave Ulm."),
        ("The road is to be opened in 2028.", "After the road is opened in 2028 it will bring trade."),
        (
            "It was Ann Berg, the harbour's keeper.",
            "On Monday the town closed it. In Ulm harbour keeper Ann Berg saw it.",
        ),
        ("No, the bridge will not open.", "The bridge will not open."),
    ],
)
def test_forms_of_the_same(sentence: str, evidence: str) -> None:
    assert fault(sentence, [piece(evidence)], "Will the bridge open?") is None


@pytest.mark.parametrize(
    ("sentence", "evidence", "wrong"),
    [
        ("Under 60 ships came.", "Over 60 ships came.", "figure"),
        ("60 ships came.", "Over 60 ships came.", "figure"),
        ("Over 60 ships came.", "60 ships came.", "figure"),
        ("At most $4 billion was paid.", "At least $4 billion was paid.", "figure"),
        ("The line is 618 miles long.", "The line is 618 kilometres long.", "figure"),
        ("Four men stayed.", "Four to five men stayed.", "figure"),
        ("Tens of thousands came.", "Hundreds of thousands came.", "figure"),
        ("Half of the voters came.", "Three quarters of the voters came.", "figure"),
        ("It opened on 21 August 2025.", "It opened on 20 August 2025.", "figure"),
        ("It opened in July 2025.", "It opened on 20 August 2025.", "date"),
        ("It opened last year.", "It opens next year.", "date"),
        ("Gross spoke to Klein.", "Braun spoke to Klein.", "name"),
        ("Klein did not speak.", "Klein spoke.", "denial"),
        ("Klein was able to speak.", "Klein was unable to speak.", "denial"),
        ("Klein refused to speak in Ulm.", "Klein spoke in Ulm.", "denial"),
        ("Exports of the town decreased.", "Exports of the town increased.", "opposite"),
        ("They met before the war.", "They met after the war.", "opposite"),
        ("The council voted against the bridge.", "The council voted for the bridge.", "opposite"),
        ("It is legal.", "It is illegal.", "opposite"),
        ("Klein has left Ulm.", "Klein plans to leave Ulm.", "plan"),
        ("Klein will leave Ulm.", "Klein has left Ulm.", "plan"),
        ("Klein attacked Gross.", "Gross attacked Klein.", "doer"),
        ("Klein was attacked by Gross.", "Klein attacked Gross.", "doer"),
        ("Anna Klein is the deputy mayor.", "Paul Braun is the deputy mayor. Anna Klein left.", "role"),
        ("In Ulm 12 men stayed and 90 men left for good.", "In Ulm 90 men stayed and 12 men left for good.", "place"),
        ("The town sold its mill to Braun in May.", "The town sold its mill to Gross in May. Braun left.", "edit"),
        ("Yes, the bridge will not open.", "The bridge will not open.", "reply"),
        ("No, the bridge will open in Ulm.", "The bridge will open in Ulm.", "reply"),
        ("The mill of the town burned to the ground.", "The town likes music, dance and food.", "words"),
        ("...", "The bridge opened.", "empty"),
    ],
)
def test_what_is_wrong_is_named(sentence: str, evidence: str, wrong: str) -> None:
    assert fault(sentence, [piece(evidence)], "Will the bridge open?") == wrong


def test_relative_dates_are_told_by_the_report_that_has_them() -> None:
    text = "The mission ends next month."
    dated = Evidence(Article("a", "a.txt", text, published="2025-08-20"), 0, len(text), 1.0)
    assert check("The mission ends in September 2025.", dated, QUESTION) == "supported"
    assert check("The mission ends in October 2025.", dated, QUESTION) == "unsupported"
    assert check("The mission ends in September 2025.", piece(text), QUESTION) == "unsupported"


def test_the_three_verdicts() -> None:
    assert check("the council of Ulm voted", piece(EVIDENCE), QUESTION) == "verbatim"
    assert check(TRUE[1], piece(EVIDENCE), QUESTION) == "supported"
    assert check(CHANGED[0][1], [piece(EVIDENCE)], QUESTION) == "unsupported"


def test_a_quote_is_whole_words() -> None:
    assert is_quote("“The  bridge opened”", "The bridge opened in May.")
    assert not is_quote("The bridge opened in Ma", "The bridge opened in May.")
    assert not is_quote("…", "The bridge opened… in May.")


def test_several_pieces_together() -> None:
    pieces = [piece("It rained."), piece("The bridge of Ulm opened in May 2020."), piece("It cost 12 million euros.")]
    both = "The bridge of Ulm opened in May 2020 and cost 12 million euros."
    assert supporting(both, pieces, QUESTION) == (1, 2)
    assert supporting(both.replace("12", "13"), pieces, QUESTION) == ()


def test_a_model_that_reads_may_overrule_what_is_soft_and_nothing_else() -> None:
    evidence = piece("Ulm got a new crossing over its river in May 2020.")
    free = "A bridge was handed to drivers and walkers in May 2020."
    assert check(free, evidence, QUESTION) == "unsupported"
    assert check(free, evidence, QUESTION, checker=Judge(0.9, 0.0)) == "supported"
    wrong = free.replace("2020", "2021")
    assert check(wrong, evidence, QUESTION, checker=Judge(1.0, 0.0)) == "unsupported"
    turned = "In Ulm 12 men stayed and 90 men left for good."
    other = piece("In Ulm 90 men stayed and 12 men left for good.")
    assert check(turned, other, QUESTION) == "unsupported"
    assert check(turned, other, QUESTION, checker=Judge(0.4, 0.3)) == "unsupported"
    same = "Ulm got a new crossing in May 2020."
    assert check(same, evidence, QUESTION, checker=Judge(0.2, 0.7)) == "unsupported"


@pytest.mark.parametrize(
    ("question", "sentence", "enough"),
    [
        ("When did they vote?", "They voted on 5 January 2020.", True),
        ("When did they vote?", "They voted in January 2020.", True),
        ("When did they vote?", "They voted in 2020.", False),
        ("When did they vote?", "They voted to build bridges.", False),
        ("On what day did they vote?", "They voted in January 2020.", False),
        ("How many bridges will there be?", "Three bridges will be built.", True),
        ("How many bridges will there be?", "Bridges will be built.", False),
        ("Who told the Courier?", "Anna Klein told it.", True),
        ("Who told the Courier?", "The mayor told the Courier.", False),
        ("When did they vote, and how many bridges will there be?", "Three bridges will be built.", True),
        ("Why did they vote?", "They voted to build bridges.", True),
        ("Did the council of Ulm vote?", "The council of Ulm did vote.", False),
    ],
)
def test_what_an_answer_must_keep(question: str, sentence: str, enough: bool) -> None:
    assert responds(sentence, question, EVIDENCE) is enough


def test_every_seed_sentence_supports_itself_and_loses_nothing(seed_articles: list[Article]) -> None:
    sentences = [one.text[start:end] for one in seed_articles for start, end in spans(one.text)]
    assert len(sentences) > 200
    assert [one for one in sentences if not supported(one, one) or not keeps(one, one, QUESTION)] == []


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_texts(sentence: str, evidence: str) -> None:
    verdict = check(sentence, piece(evidence), QUESTION)
    assert verdict != "supported" or not supported(f"{sentence} 987,654", evidence)


@pytest.mark.parametrize(
    ("told", "said", "verdict"),
    [
        ("The council elected Greta Lindqvister as mayor.", "The mayor is Greta Lindqvist.", "unsupported"),
        ("The council elected Greta Lindqvist as mayor.", "The mayor is Greta Lindqvister.", "unsupported"),
        ("The council elected Greta Lindqvister as mayor.", "Greta Lindqvister was elected mayor.", "supported"),
        ("The mayor of the Netherlands team praised two Brazilians.", "Two Brazilians were praised.", "supported"),
    ],
)
def test_a_clipped_name_is_another_name(told: str, said: str, verdict: str) -> None:
    one = Evidence(Article("a", "a", told), 0, len(told), 1.0)
    assert check(said, one, "Who was elected mayor?") == verdict


@pytest.mark.parametrize(
    ("said", "verdict"),
    [("He comes on Thursday at 9.", "supported"), ("He comes on Thursday at 9:10pm.", "unsupported"),
     ("He comes on Thursday at 9 pm.", "unsupported"), ("He comes at 9:10 on Thursday.", "unsupported")],
)  # fmt: skip
def test_a_time_of_day_must_be_told(said: str, verdict: str) -> None:
    told = piece("The boiler man comes on Thursday at 9, and on 10 February he sends the bill.")
    told = replace(told, article=replace(told.article, published="2026-02-10"))
    assert check(said, told, "When does the boiler man come?") == verdict
