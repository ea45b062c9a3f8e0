"""Whether a text has what alone can answer: an amount, a time."""

from __future__ import annotations

import pytest

from rag.lacking import lacks


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How many bridges are there in Ulm?", "A number of bridges were built on 5 June 1932 in Ulm."),
        ("How many of the 263 proposals did they reject?", "A total of 263 proposals are being considered."),
        ("How many envoys left?", "The Palestinian Authority's envoys left the city for reasons of security."),
        ("What percentage of the members voted?", "The members voted on Tuesday."),
        ("How much did the bridge cost?", "The bridge was paid for by the town."),
        ("What does the ferry to Ulm cost?", "The ferry takes 35 minutes to Ulm."),
        ("how much is the ticket", "The ticket is valid for 90 minutes."),
        ("price of a berth in the harbour", "The harbour has many berths, some of them new since 2021."),
        ("What rent did the club pay?", "The rent was raised twice, in 1996 and in 2009."),
        ("What salary does the mayor get?", "The mayor took office on 5 May 2021."),
        ("How old is the mayor?", "The mayor likes cats."),
        ("At what age may they vote?", "They may vote by post."),
        ("And how tall is the tower?", "The tower is the pride of the town."),
        ("What was the turnout in the election?", "The election was held in spring."),
        ("How large was the loan?", "The loan paid the salaries of the town."),
        ("How long is the bridge closed?", "The bridge is closed, said the mayor."),
        ("How often does the ferry sail?", "The ferry sails to Ulm."),
        ("In what year did the bridge open?", "The bridge was opened by the mayor."),
        ("When did the bridge open?", "The mayor opened the bridge with a speech."),
    ],
)
def test_what_is_asked_for_is_not_there(question: str, text: str) -> None:
    assert lacks(question, [text])
    assert lacks(question, [])
    assert not lacks(question, [text, "It was in May 1932, before 40 guests, for 90 pounds, and once a year since."])


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How many bridges are there?", "Both bridges are old."),
        ("How many people came?", "The concert drew a crowd of 1500 people, or of 1500."),
        ("How many copies were printed?", "It was an edition of 2000 copies."),
        ("How much salt?", "Add a pinch of salt to the dough."),
        ("How much water goes in?", "Pour in a litre of water."),
        ("How much pepper do I need?", "Add pepper to taste."),
        ("How much notice must I give?", "Either side gives a month's notice."),
        ("When is payment due?", "Payment is due on receipt of the invoice."),
        ("When do I add the cream?", "Stir in the cream at the end."),
        ("How often should I water the fern?", "Water the fern when the top of the soil feels dry."),
        ("What date format does it use?", "It uses the ISO format, in UTC."),
        ("How many bridges are there?", "Ulm has forty-two bridges."),
        ("How many bridges are there?", "There are no bridges."),
        ("How many voters came?", "Nearly three-quarters of the voters came."),
        ("How many seasons were there?", "The eleventh season was the last."),
        ("How many members voted, of the 12?", "Of 12 members 7 voted."),
        ("How much did it cost?", "Nothing: it was a gift."),
        ("How old is he?", "He is a toddler."),
        ("How tall is the tower?", "The tower is twice as tall as the church."),
        ("How much damage did the storm do?", "The storm did severe damage."),
        ("How much did the bridge cost?", "It cost a fortune."),
        ("What does the ferry to Ulm cost?", "A crossing costs 3.50."),
        ("how much is the ticket", "Tickets are free on Sundays."),
        ("How much is the rent?", "The rent is 400 thalers."),
        ("How much is the rent?", "The flat has a rent of 1200 a month."),
        ("How much is the rent?", "The lease runs at 1,200 a month."),
        ("How much is the deposit?", "Two months' rent."),
        ("What is the fare for children?", "Single 2,80; day 6,10"),
        ("What does parking cost?", "There is no charge for parking."),
        ("How much did the price rise?", "It rose by a fifth."),
        ("How much is the deposit back?", "All of it is returned."),
        ("What costs does the tenant have to bear?", "Heating and water."),
        ("How old is the castle?", "The castle is Norman."),
        ("At what age do they learn it?", "In the first grade."),
        ("How much time did they spend on it?", "They spent a week on it."),
        ("What is the price for?", "It honours young poets."),
        ("How old is the mayor?", "The mayor, Ann Berg, turned sixty in May."),
        ("How old is the town?", "The town was founded by the Romans."),
        ("How much longer will they stay?", "They stay until summer."),
        ("How far did the army come?", "It came to the outskirts of Ulm."),
        ("How far-reaching is the reform?", "The reform is sweeping."),
        ("How often does the council meet?", "It meets on Mondays."),
        ("How long did the talks last?", "They lasted overnight."),
        ("How long ago was it built?", "It was built by the Romans."),
        ("What is the population of Ulm made up of?", "It is made up of families."),
        ("What is the cost of living?", "It is what is needed to live."),
        ("What is the fee for?", "The fee pays for the paths."),
        ("What is the population of Ulm?", "About €90 a head."),
        ("What is the cost structure of the firm?", "The firm buys what it needs."),
        ("How large a part did they have?", "They had a leading part."),
        ("How long was he king?", "He was king to the end of his life."),
        ("How often does the ferry sail?", "The ferry sails daily."),
        ("Who sang how far I'll go?", "The song was sung by Ann."),
        ("In what year was it destroyed?", "It was destroyed in AD 79."),
        ("When do the treaties apply?", "They apply as soon as they enter into force."),
        ("When may it be watered?", "Water it if the soil is dry."),
        ("Who built it?", "The town did."),
        ("Where may dunes with a number of trees be found?", "By the sea."),
        ("How did she react when it fell?", "She laughed."),
    ],
)
def test_what_is_asked_for_is_there_or_anything_may_be(question: str, text: str) -> None:
    assert not lacks(question, [text])
