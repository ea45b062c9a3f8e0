"""What a question leans on: whether it points back, is cut short, or names what it is about itself.

Measured rules over English words, no parser; knows neither the turns before nor documents.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rag.clauses import AUX, PASTS
from rag.dates import MONTHS
from rag.wordforms import PAST
from rag.words import STOP_WORDS

SHORT_WORDS = 4
"""A question of so few words has to name its subject; a longer one that points nowhere has one as a rule."""

COURTESY = re.compile(
    r"^\W*(?:(?:hello|hi|hey|good (?:morning|afternoon|evening)|excuse me|sorry|oops|great|ok|okay|perfect|got it|i see"
    r"|(?:many )?thanks|thank you|(?:can|could) you (?:please )?help(?: me)?"
    r"|i (?:have|had) (?:a|one) (?:quick )?question)"
    r"(?: (?:there|all|please|with this|again|a lot|(?:so|very) much))?[.,!?;:]\s*)+(?=\w)",
    re.I,
)
"""What people say before they ask."""
_CORRECTS = re.compile(
    rf"\W*(?:sorry|oops)\b(?!\W+(?:{'|'.join(sorted(AUX))})\b)(?!.*\b(?:wh(?:o|om|ose|at|en|ere|ich|y)|how)\b)", re.I
)
"""`Sorry, I live in Ulm`: no question follows."""
_OPENS = re.compile(
    r"\s*(?:and|but|so|or|also|then|what about|how about|who else|what else|anything else|anyone else|when exactly"
    r"|where exactly|tell me more|go on)\b",
    re.I,
)
_WORD = re.compile(r"[^\W_]+(?:[.’'-][^\W_]+)*|[,;:()?—–]")
_PERSONAL = {
    "he": "person", "she": "person", "him": "person", "her": "person", "hers": "person", "his": "person",
    "himself": "person", "herself": "person", "it": "thing", "its": "thing", "itself": "thing",
    "they": "several", "them": "several", "their": "several", "theirs": "several", "themselves": "several",
}  # fmt: skip
_OWNERS = frozenset("his her its their".split())
_CLAUSE = frozenset(
    "and but or who whom whose which that when after before while because if as since until unless than to so where "
    "how why whether although though , ; : say says said think thinks thought claim claims claimed believe believes "
    "believed want wants wanted hope hopes hoped".split()
)
"""Between a name and the pronoun that stands for it is one of these: `Rome fell before it …`, not `Rome left it`."""
_ENDS = frozenset(", ; : ? ( ) — –".split())
_REPORTS = frozenset(
    "say says said claim claims claimed announce announced report reported state stated believe believed think thought "
    "argue argued suggest suggested conclude concluded declare declared confirm confirmed mean means meant know known "
    "show showed shown feel felt decide decided agree agreed ensure ensured require required find found".split()
)
"""What `that` opens a clause after, and points to nothing."""
_TO_DO = (
    r"(?=(?:for .+ )?to (?!(?:the|an?|my|your|our|his|her|its|their|this|that|these|those|children|people|\w+[^su]s)\b)"
    r"|(?:that|if|when)\b)"
)
"""Behind `is it dangerous`: `… to mix them`, and not `… to the fish`."""
_FIT = (
    "ok|okay|fine|all right|alright|normal|dangerous|unsafe|risky|wise|sensible|advisable|recommended|permitted"
    "|forbidden|prohibited|acceptable|compulsory|mandatory|enough|a (?:good|bad) idea|against the (?:law|rules)"
    "|(?:too|very) (?:late|early|soon)"
)
_MADE = "(?:im)?possible|(?:il)?legal|eas(?:y|ier)|hard(?:er)?|difficult|safer?|cheaper|necessary|clear"
_IMPERSONAL = re.compile(
    r"\b(?:is|was|will|would|can|could|does|did|has|might|should) it (?:be |become |ever |still |not )?"
    r"(?:possible|impossible|legal|illegal|true|necessary|important|common|safe|easy|hard|difficult|likely|allowed|better|good|bad"
    r"|worth|easier|harder|safer|cheaper|held|said|called|take|took|mean|cost|rain|snow|matter|happen)\b"
    r"(?=.* (?:to|that|for|if|when|in|on|during)\b)"
    r"|\bit (?:is|was|takes|took|means|would be) (?:\w+ )?(?:that|to|for|possible|called|known|said|believed)\b"
    rf"|\b(?:is|was|will|would|can|could|might|should) it (?:be |still |ever |not |really )?(?:{_FIT}) {_TO_DO}"
    rf"|\bma(?:de|kes?|king) it (?:(?:to|through|into(?! an?\b))\b|(?:{_MADE}) {_TO_DO})"
    r"|\b(?:is|was) it (?:my|your|our|\w+['’]s?) turn\b|\bturn (?:is|was) it\b"
    r"|\b(?:does|did|will|would) it (?:really |still )?(?:feel (?:like )?to"
    r"|matter (?:if|whether|which|what|how|when|who|where))\b"
    r"|\b(?:is|was|will|would|does|did|has|had) it (?:been |be |ever |still |not )*(?:rain|snow)(?:s|ed|ing)?\b"
    r"|\bit (?:(?:is|was|will|would|has|had|been|be) )*(?:rain|snow)(?:s|ed|ing)?\b"
    r"|\bit(?:['’]?s| is| was) (?:a bit |too |very )?(?:rain|wind|storm|fogg|sunn)y\b",
    re.I,
)
_NOT_BACK = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|will) there\b"
    r"|\bthere (?:is|are|was|were|has|have|will|would|must|can|may|be|seem\w*|exist\w*)\b"
    r"|\bthose (?:who|whom|whose|which|that|of|\w+ed|\w+ing)\b|\bthe same (?=.* as\b)"
    r"|\bthis (?:year|month|week|morning|summer|winter)\b|\bthese days\b|\bother than\b|\beach other\b|\bone another\b"
    r"|\b(?:the )?other hand\b|\bother words\b|\bamong others\b|\bif .*\bthen\b",
    re.I,
)
_IS_THERE = re.compile(r"\W*(?:is|are|was|were) there\b", re.I)
_PLACED = re.compile(r"\b(?:in|at|on|of|for|to|between|from|within|near|against|with)\b", re.I)
"""Without one of these `is there a court?` does not say where."""
_POINTS = re.compile(
    r"\b(?:this|these|those|there|then|same|the former(?= [?,]|$| (?:was|is|did|has)\b)|the latter"
    r"|(?:the|this|that|which|another|other|new|old|latest|first|second|last|next|previous) one"
    r"(?! (?:of|who|that|which|whose|to)\b))\b",
    re.I,
)
_SAID_BEFORE = re.compile(
    r"\bI(?:['’]m| am| was)? (?:asking|meant?|said|asked|talking about|referring to)\b"
    r"|\b(?:you|do you) (?:just )?(?:mean|meant|said|say|told|gave|mentioned)\b"
    r"|^\W*are you sure\b"
    r"|\b(?:any|some|many|none)(?=\W*$)",
    re.I,
)
"""Speaks of the conversation, or counts what is not named."""
_FURTHER = re.compile(r"\b(?:else|others?|another|ones)\b", re.I)
_BESIDES = re.compile(r"\b(?:besides|along with|in addition to|aside from|apart from|other than|except)\b", re.I)
_EMPTY = frozenset(
    "any many much long often far old big large high tall deep wide fast soon more most less else back again next "
    "now then still exactly ever yet too also first last further later earlier really not no yes ok okay thanks anyone "
    "anything anybody someone something everyone everything nothing nobody happen happens mean means done come go "
    "know think detail details example examples explain continue kind sort thing things one ones".split()
)
"""Words that name nothing."""
_FEW_OF = re.compile(r"\W*(?:(?:in|on|at|by|for|from|under|with|to) )?(?:how (?:many|much)|which|what)\b", re.I)
_ASKS = re.compile(r"\W*(?:who|what|when|where|why|how)\b(?! (?:many|much|about)\b)", re.I)
_OPENS_PLACE = re.compile(
    r"\W*(?:in|on|at|by|for|from|under|with|to|during|after|before|since|until|between|against|about)\b", re.I
)
_PLACE_WORDS = 6
_PERSON_NOUN = re.compile(
    r"(?:man|woman|person|king|queen|pope|saint|wife|husband|father|mother|son|daughter|brother|sister|boy|girl|author"
    r"|poet|president|general|chief|head|\w{3,}(?:er|or|ist|ian|ant|eer))$",
    re.I,
)
_MONTHS = frozenset(month.lower() for month in MONTHS)


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    low: str
    at: int
    """Its number in the question."""

    @property
    def is_name(self) -> bool:
        initials = self.text.isupper() and len(self.text) > 1
        capital = self.at > 0 and self.text[:1].isupper() and self.low not in STOP_WORDS
        return (initials or capital) and self.low not in _MONTHS

    @property
    def is_noun(self) -> bool:
        """Whether it may name something: no function word, and no verb as far as its form tells."""
        if self.is_name:
            return True
        known = self.low in STOP_WORDS or self.low in AUX or self.low in _EMPTY or self.low in _MONTHS
        return self.low[0].isalpha() and not known and not is_verb(self.low)


def is_verb(low: str) -> bool:
    ends = (low.endswith("ed") and len(low) > 4) or (low.endswith("ing") and len(low) > 5)
    return low in PAST or low in PASTS or ends


@lru_cache(maxsize=1024)
def leans(question: str) -> bool:
    """Whether the question cannot be understood alone: it opens like a follow-up, points back, or names no subject.

    >>> leans("And in Rome?"), leans("How many came back?"), leans("When did it open?")
    (True, True, True)
    >>> leans("When was NATO founded?"), leans("Is there a bridge in Ulm?"), leans("When did Luther meet his wife?")
    (False, False, False)
    """
    asked = COURTESY.sub("", question)
    says_more = _CORRECTS.match(question) or _OPENS.match(asked)
    return bool(says_more) or points_back(asked) or not _names_subject(asked)


def points_back(question: str) -> bool:
    """Whether a word of the question stands for something that it does not name before."""
    tokens = _tokens(question)
    if _IS_THERE.match(question) and not _PLACED.search(question):
        return True
    plain = _NOT_BACK.sub(" , ", question)
    if _POINTS.search(plain) or _SAID_BEFORE.search(question):
        return True
    if any(_is_that(tokens, one.at) for one in tokens if one.low == "that"):
        return True
    if (further := _FURTHER.search(plain)) and not _BESIDES.search(question):
        before = _tokens(question[: question.lower().find(further.group().lower())])
        if not any(one.is_name for one in tokens) and not any(one.is_noun for one in before):
            return True
    return bool(pronouns(question))


def pronouns(question: str) -> list[tuple[str, int, int]]:
    """The personal pronouns that stand for nothing in the question before them, each with its span."""
    personal = _IMPERSONAL.sub(lambda found: " " * len(found.group()), question)
    tokens, spans = _tokens(personal), [found.span() for found in _WORD.finditer(personal)]
    return [(one.low, *spans[one.at]) for one in tokens if one.low in _PERSONAL and not _is_resolved(tokens, one.at)]


def names_person(text: str) -> bool:
    """Whether its last word is what people are called: `the mayor`."""
    return bool(_PERSON_NOUN.search(text))


def has_names(question: str) -> bool:
    """Whether it holds a name, by its capital."""
    return any(one.is_name for one in _tokens(question))


def is_fragment(question: str) -> bool:
    """Whether it is no sentence: so short, or opened by a preposition, and without a verb."""
    words = [one for one in _tokens(question) if one.low not in _ENDS]
    most = _PLACE_WORDS if _OPENS_PLACE.match(question) else SHORT_WORDS
    if len(words) > 2 and _ASKS.match(question):
        return False  # its verb need not be one that is known by its form
    return len(words) <= most and not any(
        one.low in AUX or (is_verb(one.low) and not one.low.endswith("ing")) for one in words
    )


def _tokens(question: str) -> list[_Token]:
    return [_Token(found, found.lower(), at) for at, found in enumerate(_WORD.findall(question))]


def _names_subject(question: str) -> bool:
    """Whether a short question has a verb and a noun or a name; `How many soldiers died?` has only what it counts."""
    if is_fragment(question):
        return False
    words = [one for one in _tokens(question) if one.low not in _ENDS]
    if len(words) > SHORT_WORDS:
        return True
    if any(one.is_name for one in words):
        return True
    nouns = [one for one in words if one.is_noun]
    inverted = any(one.low in ("do", "does", "did", "can", "could", "will", "would", "should", "you") for one in words)
    if inverted and nouns and nouns[-1] is words[-1] and (len(nouns) > 1 or words[-2].low in AUX | {"you", "i", "we"}):
        nouns.pop()  # its verb
    if _FEW_OF.match(question) and nouns and words[1:2] and words[1].low not in AUX:
        nouns.pop(0)
    return bool(nouns)


def _is_that(tokens: list[_Token], at: int) -> bool:
    """Whether `that` points to something, and opens no clause: `who said that?`, `in that year`."""
    before = tokens[at - 1] if at else None
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if after is None or after.low in _ENDS:
        return True
    verb_follows = any(one.low in AUX or is_verb(one.low) or one.low.endswith("s") for one in tokens[at + 1 :])
    if before is None:
        return True
    if before.low in _REPORTS:
        return not verb_follows and (after.low in ("about", "and") or bool(_PLACED.fullmatch(after.low)))
    if before.low in STOP_WORDS or before.low in AUX:
        return before.low not in ("those", "one", "it", "so", "all", "me", "you") and not before.low.isdigit()
    return is_verb(before.low) and not verb_follows


def _is_resolved(tokens: list[_Token], at: int) -> bool:
    """Whether a pronoun has what it may stand for before it, in a place that may be meant."""
    low = tokens[at].low
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    owns = low in _OWNERS and after is not None and after.low not in STOP_WORDS and after.low not in _ENDS
    inverted = at > 0 and tokens[at - 1].low in AUX
    if low.endswith(("self", "selves")):
        return any(one.is_noun or one.low in ("who", "i", "you", "we") for one in tokens[:at])
    for one in tokens[:at]:
        if not one.is_noun or not _agrees(one, _PERSONAL[low]):
            continue
        between = tokens[one.at + 1 : at]
        if owns and (
            one.is_name
            or not (len(between) == 1 and between[0].low in ("of", "in", "from", "for", "to", "on", "with", "at"))
        ):
            return True
        clause = any(word.low == "," if inverted else word.low in _CLAUSE for word in between)
        if not owns and (clause or any(word.low == "without" for word in between[:-1])):  # `without swapping it`
            return True
    return False


def _agrees(noun: _Token, pronoun: str) -> bool:
    """Whether a noun and a pronoun go together; of a name nothing is known."""
    if noun.is_name:
        return True
    several = noun.low in ("people", "men", "women", "children") or re.search(r"(?<![sui])s$", noun.low) is not None
    if pronoun == "person":
        return bool(_PERSON_NOUN.search(noun.low)) and not several
    return several == (pronoun == "several")
