"""Does a text lack what a question asks for: an amount where it says `how many` or `how high`, a time where `when`?

Then it answers nothing, however much it is about the matter. Measured rules over words; knows no sentences nor models.
Of 7,646 questions of these kinds the sentence that answers lacks it for 1 in 83; of 8,159 that their passage does not
answer, the sentence with most of their words for 1 in 4.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.dates import MONTHS
from rag.question import NUMERAL, WORD, has_date

_ASKS_AMOUNT = re.compile(
    r"\bhow many\b|\b(?:what|which) (?:is the |was the )?(?:number|percentage|percent|share|proportion|fraction)\b",
    re.I,
)
_ASKS_MEASURE = re.compile(
    r"^\W*(?:(?:and|but|so|in|at|to|for) )?(?:how (?:much|tall|high|far|deep|wide|old|fast|heavy)\b"
    r"|(?:what|which) (?:is|was) (?:the|its|their|his|her) (?:[a-z-]+ )?(?:price|cost|population|length|height|distance"
    r"|turnout|salary|revenue|budget|profit|weight|temperature|depth|width|elevation|altitude|wage|income|gdp|density"
    r"|diameter|attendance|capacity|duration|toll|fee)(?= of\b| in\b| for\b| at\b|\W*$))",
    re.I,
)
_ASKS_YEAR = re.compile(r"\b(?:what|which) (?:year|month|date|century|decade)\b", re.I)
_ASKS_WHEN = re.compile(r"\W*(?:and |but )?when\b", re.I)
_IN_WORDS = frozenset(
    "half halves third thirds quarter quarters fifth fifths tenth tenths no none nobody neither zero both couple pair "
    "pairs trio twice once double triple single sole only all every each most majority minority few several many "
    "scores tens countless numerous twins triplets second fourth sixth seventh eighth ninth eleventh twelfth".split()
)
"""Amounts that are no numerals, and ordinals, which tell how many there were; `a number of` is none."""
_MEASURED = re.compile(
    r"\d|[$£€%]|\b(?:free|million|billion|percent|expensive|cheap|cheaper|little|lot|lots|bit|less|nothing|enough|deal|much"
    r"|entire|whole|toddler|infant|baby|teenager|same|equal)\b",
    re.I,
)
"""What tells how much without a numeral; `high` and `old` are in most sentences that do not."""
_MONTH = "|".join(MONTHS)
_DATED = re.compile(
    rf"(?:\b(?:{_MONTH})\.? \d{{1,2}}\b|\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{_MONTH})\b)(?:,? [12]\d{{3}}\b)?"
    rf"|\b(?:in|since|until|by|from|of|during|after|before|{_MONTH}) [12]\d{{3}}\b",
    re.I,
)
"""Figures that tell when, not how many."""
_TIME = re.compile(
    r"\d|\b(?:minutes?|eras?|ages?|today|yesterday|tomorrow|now|currently|mornings?|evenings?|nights?|nighttime|noon|midnight"
    r"|springs?|summers?|autumns?|fall|winters?|seasons?|christmas|easter|when|whenever|after|before|until|till|during|while"
    r"|since|once|upon|if|as|always|never|dates?|times?|periods?|later|earlier|early|late|soon|recent|recently|modern|ancient"
    r"|prior|following|previously|war|reign|dawn|dusk|sunset|sunrise|\w+day|eve|term)\b",
    re.I,
)


def lacks(question: str, texts: Sequence[str]) -> bool:
    """Whether no text tells any of what alone can answer the question; False where nobody can see that.

    >>> lacks("How many bridges are there?", ["A number of bridges were built in 1932."])
    True
    >>> lacks("How many bridges are there?", ["Both bridges are old."])
    False
    >>> lacks("In what year did it open?", ["It was opened by the mayor."])
    True
    """
    if _ASKS_AMOUNT.search(question):
        asked = set(_words(question))
        return not any(_is_amount(word) and word not in asked for one in texts for word in _words(_DATED.sub(" ", one)))
    if _ASKS_MEASURE.match(question):
        return not any(_MEASURED.search(one) or any(map(_is_amount, _words(one))) for one in texts)
    if _ASKS_YEAR.search(question):
        return not any(has_date(one) or re.search(r"\d", one) for one in texts)
    return bool(_ASKS_WHEN.match(question)) and not any(has_date(one) or _TIME.search(one) for one in texts)


def _words(text: str) -> list[str]:
    return [part for word in WORD.findall(text.lower()) for part in (word, *word.split("-"))]


def _is_amount(word: str) -> bool:
    return word in _IN_WORDS or bool(NUMERAL.search(word))
