"""Which questions lean on what was asked before, and which stand alone."""

from __future__ import annotations

import pytest

from rag.leaning import leans


@pytest.mark.parametrize(
    "question",
    [
        "And in Rome?", "in Rome?", "When?", "Why not?", "So what?", "What about the tunnel?", "Tell me more",
        "How many came back?", "How many soldiers died?", "How much money?", "Which countries joined?", "Who won?",
        "Who was killed?", "What happened next?", "Under which mayor?", "by whom?", "what else?", "Which one?",
        "Who said that?", "Who signed that treaty?", "Where was that?", "What did this agreement do?",
        "What could progress on that issue help with?", "Which of its offices has it closed already?",
        "What is the population of its capital?", "How long is he barred from coming?", "Who killed his father?",
        "What did the Normans call them?", "Did she meet Luther?", "Is it true?", "How many were there?",
        "Is there a court?", "What other types of tax are withheld?", "the second one", "Can you explain?",
        "What do you mean by envelope?", "I meant the harbour of Ulm", "Are there any?", "Library Parking",
        "Who said that to the mayor of Ulm?", "Sorry", "Thank you!", "Sorry. I live in Rome and not in Ulm.",
        "Oops, the one in the harbour of Ulm",
        "Is it okay to freeze it?", "Is it dangerous to dogs?", "Is it open to visitors?", "Who made it possible?",
        "Was it moved to the museum?", "Is it possible to renew it?", "Who made it into a museum?",
    ],
)  # fmt: skip
def test_what_leans(question: str) -> None:
    assert leans(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who is Lindqvist?", "who is lindqvist?", "When was NATO founded?", "What is EBT?", "What are tariffs?",
        "How do tariffs work?", "Who governs Bavaria?", "Which countries joined NATO?", "Does Norway export oil?",
        "Why was the wall built?", "Is there a bridge in Ulm?", "How many rivers are there in Norway?",
        "When did Luther meet his wife?", "Which company sold its shares?", "Who congratulated Labour on their loss?",
        "What did Basset study after coming to his conclusions?", "Who called themselves Romans?",
        "When was the bridge built before it collapsed?", "What is it called when a dog howls?",
        "Is it possible to renew a passport?", "How long does it take to cross the bridge?",
        "Which troops that left Ulm came back?", "Who are those who fled?", "Which mayor claimed that taxes fell?",
        "Imperialism is confused with what other term?", "How do the two sides speak with each other?",
        "Which towns besides Ulm have another name?", "What is one of the rivers of Ulm?",
        "Who said that in Ulm the bridge was closed?", "Who announced that Ulm would have another bridge?",
        "Sorry, is the bridge in Ulm open?", "Sorry, in which year did Rome fall?",
        "Thanks to what was the bridge built?",
        "Is it okay to use tap water?", "Can it be dangerous to mix bleach and vinegar?", "When is it my turn to host?",
        "Is it a good idea to freeze basil?", "Is it against the rules to smoke in the hall?",
        "Who made it to the final?", "Who made it possible to cross the river?", "Who said it was raining?",
        "How does it feel to climb the north face?", "Does it matter which cable I use?",
        "Does it matter if its windy?", "Is it OK to leave the charger plugged in?",
        "When is it too late to cancel a booking?",
        "Is it possible to renew my card beyond one year without swapping it?",
    ],
)  # fmt: skip
def test_what_stands_alone(question: str) -> None:
    assert not leans(question)
