"""Does a text lack what a question asks for: an amount where it says `how many` or `how tall`, a time where `when`?

Then it answers nothing, however much it is about the matter. Measured rules over words; knows no sentences nor models.
Of 7,784 questions of these kinds the sentence that answers lacks it for 1 in 86; of 8,280 that their passage does not
answer, the sentence with most of their words for 1 in 4.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag.dates import COUNTED, MONTHS
from rag.question import NUMERAL, WORD, has_date

_OPENS = r"^\W*(?:(?:and|but|so|in|at|to|for) )?"
_AMOUNT = re.compile(
    r"\bhow many\b|\b(?:what|which) (?:is the |was the )?(?:number|percentage|percent|share|proportion|fraction)\b",
    re.I,
)
_MEASURE = re.compile(
    rf"{_OPENS}(?:how (?:much(?! (?:longer|later|earlier|time))|tall|wide)(?![\w-])"
    r"|(?:what|which) (?:is|was) (?:the|its|their|his|her) (?:[a-z-]+ )?(?:price|cost(?! of living)|population|length"
    r"|height|distance|turnout|salary|revenue|budget|profit|weight|temperature|depth|width|elevation|altitude|wage|income|gdp"
    r"|density|diameter|attendance|capacity|duration|toll|fee)(?= (?:of|in|for|at)\b|\W*$)"
    r"(?!.*\b(?:made up|compos\w+|based|like|called|defin\w+)\b)(?!.*\b(?:of|in|for|at|on|to|from|by|with)\W*$))",
    re.I,
)
_PRICE = "(?:price|cost|rent|fee|fare|salary|wage|premium|deposit)"
_PAYING = rf"costs?|worth|pa(?:y|id)|charged?|earn(?:s|ed)?|owed?|licen[cs]e|ticket|card|{_PRICE}"
_CHANGED = (
    r"(?!.*\b(?:ris(?:e|en|es|ing)|rose|f[ae]ll(?:en)?|up|down|back|off|go(?:es|ne)?|hold|increased?|drop(?:ped)?|grown?"
    r"|living)\b)"
)
_SUM = re.compile(
    rf"{_OPENS}{_CHANGED}"
    rf"(?:how much (?:money\b|(?:do(?:es)?|did|will|would|ha(?:s|ve|d)|is|are|was|were)\b.*\b(?:{_PAYING})\b)"
    r"|what (?:do(?:es)?|did|will|would) .*\bcosts?\W*$"
    r"|what (?:(?:is|was) (?:the|its|their|his|her|my|our|\w+['’]s?) )?(?!should|costs|fees)(?:[\w'’-]+ ){0,2}?"
    rf"{_PRICE} (?:of|for|in|at|do(?:es)?|did|is|was|has)\b(?!\W*$)"
    rf"|(?:the )?{_PRICE} (?:of|for)\b)",
    re.I,
)
_AGE = re.compile(
    rf"{_OPENS}how old (?:is|was|are|were|must|do|does|did|should|will|would|had|has)\b|\bat (?:what|which) age\b", re.I
)
_SIZE = re.compile(rf"{_OPENS}how (?:large|big|small)(?![\w-])", re.I)
_LONG = re.compile(rf"{_OPENS}how (?:long(?! ago)|much (?:longer|time))(?![\w-])", re.I)
_OFTEN = re.compile(rf"{_OPENS}how often(?![\w-])", re.I)
_YEAR = re.compile(
    r"\b(?:what|which) (?:year|month|date|century|decade)\b(?! (?:formats?|pickers?|types?|fields?|lines?)\b)", re.I
)
_WHEN = re.compile(r"^\W*(?:and |but )?when\b", re.I)

_IN_WORDS = frozenset(
    "half halves third thirds quarter quarters fifth fifths tenth tenths no none nobody neither zero both couple pair "
    "pairs trio twice once double triple single sole only all every each most majority minority few several many "
    "scores tens countless numerous twins triplets second fourth sixth seventh eighth ninth eleventh twelfth".split()
)
"""Amounts that are no numerals, and ordinals, which tell how many there were; `a number of` is none."""
_MEASURED = re.compile(
    r"\d|[$£€%]|\b(?:free|million|billion|percent|expensive|cheap|cheaper|little|lot|lots|bit|less|nothing|enough|deal|much"
    r"|entire|whole|toddler|infant|baby|teenager|same|equal|pinch|dash|knob|splash|handful|(?:tea|table)?spoons?(?:ful)?"
    r"|cups?|glass|lit(?:re|er)|gallon|to taste|(?:day|week|month|quarter|year)s?['’]s?)(?!\w)",
    re.I,
)
"""What tells how much without a numeral."""
_SIZED = re.compile(
    r"\b(?:large|larger|largest|small|smaller|smallest|huge|massive|major|minor|extensive|wide|considerable|significant|vast"
    r"|substantial|tiny|great|greater|greatest|big|bigger|biggest|giant|enormous|limited|moderate|slight|dominant|strong"
    r"|important|leading|central|key|as \w+ as|severe|serious|heavy|fortune|costly|complete|completely|part|partly"
    r"|fully|largely|mainly|almost|nearly|entirely|totally|mostly|widely|hardly|scarcely|marginal|minimal|negligible|high|low"
    r"|tall|narrow|broad|record)\b",
    re.I,
)
"""What tells it roughly, where the question does not say it itself."""
_MONEY = re.compile(
    r"[$£€¥₹%]|\b(?:usd|eur|gbp|chf|dollars?|euros?|pounds?|pence|penn(?:y|ies)|cents?|francs?|marks?|crowns?|kron[ae]r?|kr"
    r"|rou?bles?|rupees?|lira|dinars?|riyals?|dirhams?|yen|yuan|pesos?|shillings?|guineas?|ducats?|florins?|guilders?|thalers?"
    r"|coins?|gold|silver|money|grand|quid|bucks|tenners?|frei|free|gratis|nothing|fortune|little|less|more|much|lots?|deal"
    r"|enough|same|hundred|[mbtr]+illion|thousands?|percent|third|quarter|fifth|half|doubled?|expensive|cheap\w*|afford\w*"
    r"|charges?|charged|includ\w*|waived?|complimentary|donations?|exempt|months?['’] rent"
    r"|(?:double|twice|times) (?:as|that|the|its))\b",
    re.I,
)
_NO_SUM = re.compile(
    r"\b(?:in|since|until|by|during|after|before) (?:1[5-9]|20)\d\d\b"
    r"|\b\d[\d.,:]*[ -]?(?:(?:minute|hour|day|week|month|year|metre|meter|mile|foot|kilometre|kilometer)s?"
    r"|feet|km|am|pm|a\.m|p\.m|o['’]clock)\b|\b\d+(?:st|nd|rd|th)\b|\b\d\d?[:.]\d\d\b(?= ?(?:[ap]\.?m|to|-|–))",
    re.I,
)
"""Figures that are no sum."""
_AGED = re.compile(
    r"\d|\b(?:age[ds]?|old|older|oldest|young|younger|youngest|born|births?|birthdays?|teen\w*|infan\w+"
    r"|bab(?:y|ies)|child\w*|toddlers?|(?:twen|thir|for|fif|six|seven|eigh|nine)ties|\w+genarian|boys?"
    r"|girls?|school\w*|pension\w*|retire\w*|grade|kindergarten|anyone|medieval|roman\w*|norman|gothic"
    r"|\w+ era|war|empire|reign|centur\w+|millennia|founded|built|established|dat(?:es?|ing)|since|minors?"
    r"|adults?|adolescen\w+|ancient)\b",
    re.I,
)
_LASTING = re.compile(
    r"\d|\b(?:(?:second|minute|hour|day|week|month|year|decade|lifetime|generation|season|term|moment|night)s?|centur(?:y|ies)"
    r"|life|forever|indefinitely|permanent(?:ly)?|always|never|ever|until|till|since|from|during|throughout|long|longer|short"
    r"|brief|briefly|temporar(?:y|ily)|while|time|period|age|before|after|instantly|immediately|rest|feet|miles|met(?:re|er)s"
    r"|kilomet(?:re|er)s|inches|yards|pages|words|\w+days?|weekends?|overnight|times|ages)\b",
    re.I,
)
_REPEATED = re.compile(
    r"\d|\b(?:every|each|annual|annually|year|yearly|month|monthly|week|weekly|day|daily|hour|hourly|often|always|never|rare|rarely"
    r"|regular|regularly|frequent|frequently|seldom|sometimes|usual|usually|occasional|occasionally|once|twice|times|common"
    r"|commonly|continuous|continuously|constant|constantly|per|\w+days?|weekends?|quarterly|nightly|fortnightly|overnight"
    r"|mornings?|evenings?|nights?|spring|summer|autumn|winter|time"
    r"|whenever|as soon as|(?:when|if|before|after) (?:the|it|they))\b",
    re.I,
)
_MONTH = "|".join(MONTHS)
_NO_COUNT = "".join(
    rf"(?<!\b{word} )"
    for word in "crowd total number capacity edition membership population attendance run maximum minimum".split()
)
"""`A crowd of 1500` came in no such year."""
_DATED = re.compile(
    rf"(?:\b(?:{_MONTH})\.? \d{{1,2}}\b|\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{_MONTH})\b)(?:,? [12]\d{{3}}\b)?"
    rf"|\b(?:in|since|until|by|from|{_NO_COUNT}of|during|after|before|{_MONTH}) [12]\d{{3}}\b"
    rf"(?! (?:{COUNTED})\b)",
    re.I,
)
"""Figures that tell when, not how many."""
_FULL_DATE = re.compile(
    rf"\b(?:{_MONTH})\.? (?:\d{{1,2}}\b(?:,? [12]\d{{3}})?|[12]\d{{3}})"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{_MONTH})\b(?: [12]\d{{3}})?",
    re.I,
)
_TIME = re.compile(
    r"\d|\b(?:minutes?|eras?|ages?|today|yesterday|tomorrow|now|currently|mornings?|evenings?|nights?|nighttime|noon|midnight"
    r"|springs?|summers?|autumns?|fall|winters?|seasons?|christmas|easter|when|whenever|after|before|until|till|during|while"
    r"|since|once|upon|if|as|always|never|dates?|times?|periods?|later|earlier|early|late|soon|recent|recently|modern|ancient"
    r"|prior|following|previously|war|reign|dawn|dusk|sunset|sunrise|\w+day|eve|term"
    r"|(?:at|by|from|until|towards?) the (?:end|start|beginning)"
    r"|(?:on|in) (?:receipt|return|arrival|completion|delivery|signing|signature|application|request|case|the event)"
    r")\b",
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
    tells = next((tells for asks, tells in _KINDS if asks.search(question)), None)
    return tells is not None and not any(tells(question, one) for one in texts)


def _tells_amount(question: str, text: str) -> bool:
    """An amount that the question does not name itself."""
    asked = set(_words(question))
    return any(_is_amount(word) and word not in asked for word in _words(_DATED.sub(" ", text)))


def _tells_measure(question: str, text: str) -> bool:
    """A figure, or a word for much or little that the question does not hold itself."""
    if _MEASURED.search(text) or _has_amount(text):
        return True
    asked = question.lower()
    return any(one.group().lower() not in asked for one in _SIZED.finditer(text))


def _tells_sum(text: str) -> bool:
    """Money, or a figure that is no date, time or length: a price list names no currency."""
    return bool(_MONEY.search(text) or re.search(r"\d", _NO_SUM.sub(" ", _FULL_DATE.sub(" ", text))))


def _tells_span(question: str, text: str) -> bool:
    return bool(_LASTING.search(text)) or _has_amount(text)


_KINDS: tuple[tuple[re.Pattern[str], Callable[[str, str], bool]], ...] = (
    (_AMOUNT, _tells_amount),
    (_SUM, lambda question, text: _tells_sum(text)),
    (_AGE, lambda question, text: bool(_AGED.search(text)) or _has_amount(text)),
    (_MEASURE, _tells_measure),
    (_SIZE, _tells_measure),
    (_LONG, _tells_span),
    (_OFTEN, lambda question, text: bool(_REPEATED.search(text))),
    (_YEAR, lambda question, text: has_date(text) or bool(re.search(r"\d", text))),
    (_WHEN, lambda question, text: has_date(text) or bool(_TIME.search(text))),
)
"""What a question asks for, by the first pattern found in it, and whether a text tells some of it."""


def _words(text: str) -> list[str]:
    return [part for word in WORD.findall(text.lower()) for part in (word, *word.split("-"))]


def _has_amount(text: str) -> bool:
    return any(map(_is_amount, _words(text)))


def _is_amount(word: str) -> bool:
    return word in _IN_WORDS or bool(NUMERAL.search(word))
