"""A true statement made false by changing one thing in it: a number, a name, a date, a unit, a denial, …

Pure functions of the text and a seeded choice. Knows no checker: its words were written down apart from those the
checker goes by, so that a catch is no echo of its own list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from random import Random

from rag.words import STOP_WORDS

Change = Callable[[str, Sequence[str], Random], str | None]
"""Statement, names of its passage, choice → the statement changed, or None where there is nothing to change."""

MONTHS = "January February March April May June July August September October November December".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
SPELLED = "two three four five six seven eight nine ten eleven twelve".split()
UNITS = (
    ("kilometres", "miles"), ("kilometers", "miles"), ("km", "miles"), ("metres", "feet"), ("meters", "feet"),
    ("million", "billion"), ("thousand", "million"), ("years", "months"), ("days", "weeks"), ("hours", "minutes"),
    ("dollars", "euros"), ("kilograms", "pounds"), ("century", "decade"), ("percent", "per thousand"),
    ("%", "per thousand"), ("acres", "hectares"), ("inches", "centimetres"), ("tons", "kilograms"),
)  # fmt: skip
OPPOSITES = (
    ("increased", "decreased"), ("increase", "decrease"), ("rose", "fell"), ("won", "lost"), ("before", "after"),
    ("first", "last"), ("largest", "smallest"), ("larger", "smaller"), ("highest", "lowest"), ("higher", "lower"),
    ("more", "less"), ("most", "least"), ("north", "south"), ("northern", "southern"), ("east", "west"),
    ("eastern", "western"), ("early", "late"), ("began", "ended"), ("begins", "ends"), ("opened", "closed"),
    ("accepted", "rejected"), ("allowed", "prohibited"), ("always", "never"), ("with", "without"), ("old", "new"),
    ("major", "minor"), ("public", "private"), ("strong", "weak"), ("upper", "lower"), ("male", "female"),
    ("positive", "negative"), ("inside", "outside"), ("above", "below"), ("internal", "external"),
    ("expensive", "cheap"), ("success", "failure"), ("supported", "opposed"), ("same", "opposite"), ("left", "right"),
    ("easy", "difficult"), ("rich", "poor"), ("common", "rare"), ("young", "old"), ("long", "short"),
    ("high", "low"), ("many", "few"), ("all", "none"), ("created", "destroyed"), ("ancient", "modern"),
    ("legal", "illegal"), ("possible", "impossible"), ("known", "unknown"), ("married", "divorced"),
)  # fmt: skip
TURNED = {
    "more than": "less than", "over": "under", "at least": "at most", "up to": "more than", "less than": "more than",
    "fewer than": "more than", "nearly": "more than", "almost": "more than", "under": "over", "at most": "at least",
}  # fmt: skip
PLANS = r"(?:will|would|(?:is|are|was|were) (?:expected|planned|planning|scheduled|set|going|due|supposed) to|" \
    r"plan(?:s|ned)? to|intend(?:s|ed)? to|hope(?:s|d)? to|aim(?:s|ed)? to|may|might)"  # fmt: skip
AUXILIARY = r"(?:is|are|was|were|has|have|had|can|could|will|would|may|should|must|did|does|do)"
VERB = r"(?:[a-z]{3,}ed|won|led|built|gave|took|sent|told|beat|wrote|made|saw|held|became|sold|taught|left|fought)"
SYMMETRIC = re.compile(
    r"(?:met|married|merged|shared|joined|related|connected|combined|linked|agreed|allied|bordered|called|named"
    r"|known|titled|divided)",
)
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:,\d{3})*(?:\.\d+)?(?!\w|[.,]\d)")
_YEAR = re.compile(r"\b(?:1[0-9]{3}|20[0-2][0-9])\b(?!,\d)")
NAME = re.compile(r"\b[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*")


def names_of(passage: str) -> tuple[str, ...]:
    """The capitalised words of a passage that do not open a sentence, in their order, each once."""
    skipped = {*MONTHS, *DAYS}
    found = (match.group() for match in NAME.finditer(passage) if not _opens(passage, match.start()))
    return tuple(
        dict.fromkeys(one for one in found if not any(w in skipped or w.lower() in STOP_WORDS for w in one.split()))
    )


def _opens(text: str, at: int) -> bool:
    before = text[:at].rstrip(" \"'“‘(`")
    return not before or before[-1] in ".!?:;"


def _is_year(text: str) -> bool:
    return bool(_YEAR.fullmatch(text))


def number(text: str, names: Sequence[str], choice: Random) -> str | None:
    spots = [m for m in _NUMBER.finditer(text) if not _is_year(m.group())]
    spots += re.finditer(rf"\b(?:{'|'.join(SPELLED)})\b", text)
    if not spots:
        return None
    spot = choice.choice(spots)
    if spot.group() in SPELLED:
        return _put(text, spot, choice.choice([word for word in SPELLED if word != spot.group()]))
    digits = [i for i, char in enumerate(spot.group()) if char.isdigit()]
    at = choice.choice(digits)
    old = spot.group()[at]
    new = choice.choice([digit for digit in "123456789" if digit != old])
    return _put(text, spot, spot.group()[:at] + new + spot.group()[at + 1 :])


def exchanged_numbers(text: str, names: Sequence[str], choice: Random) -> str | None:
    spots = [m for m in _NUMBER.finditer(text) if not _is_year(m.group())]
    pairs = [(a, b) for a in spots for b in spots if a.start() < b.start() and a.group() != b.group()]
    pairs = [(a, b) for a, b in pairs if re.search("[a-z]{3}", text[a.end() : b.start()])]
    return _exchange(text, *choice.choice(pairs)) if pairs else None


def name(text: str, names: Sequence[str], choice: Random) -> str | None:
    spots = [m for m in NAME.finditer(text) if m.group() in names]
    others = [one for one in names if not any(word[:4] in text for word in one.split())]
    if not spots or not others:
        return None
    spot = choice.choice(spots)
    alike = [one for one in others if len(one.split()) == len(spot.group().split())]
    return _put(text, spot, choice.choice(alike or others))


def date(text: str, names: Sequence[str], choice: Random) -> str | None:
    months = list(re.finditer(rf"\b(?:{'|'.join(MONTHS)})\b(?! [a-z])", text))
    spots = [*_YEAR.finditer(text), *months, *re.finditer(rf"\b(?:{'|'.join(DAYS)})\b", text)]
    spots += [m for m in _NUMBER.finditer(text) if _is_day(text, m)]
    if not spots:
        return None
    spot = choice.choice(spots)
    old = spot.group()
    if old.isdigit() and len(old) == 4:
        return _put(text, spot, str(int(old) + choice.choice([-30, -12, -5, -2, -1, 1, 2, 3, 7, 20])))
    if old.isdigit():
        return _put(text, spot, str(choice.choice([day for day in range(1, 29) if str(day) != old])))
    table = MONTHS if old in MONTHS else DAYS
    return _put(text, spot, choice.choice([word for word in table if word != old]))


def _is_day(text: str, spot: re.Match[str]) -> bool:
    around = text[max(0, spot.start() - 10) : spot.start()] + "|" + text[spot.end() : spot.end() + 10]
    month = "|".join(MONTHS)
    return (
        spot.group().isdigit()
        and int(spot.group()) <= 31
        and bool(re.search(rf"(?:{month}) \||\| (?:{month})", around))
    )


def unit(text: str, names: Sequence[str], choice: Random) -> str | None:
    both = [*UNITS, *((b, a) for a, b in UNITS)]
    found = []
    for old, new in both:
        pattern = rf"(?<=\d)(?: ?|-){re.escape(old)}(?!\w)" if old == "%" else rf"(?<=[\w\d][ -]){re.escape(old)}\b"
        found += [
            (m, new)
            for m in re.finditer(pattern, text)
            if re.search(
                r"\d|\b(?:a|one|two|three|four|five|six|ten|few|several|last|next)\b",
                text[max(0, m.start() - 12) : m.start()],
            )
        ]
    if not found:
        return None
    spot, new = choice.choice(found)
    return _put(text, spot, f" {new}" if "%" in spot.group() else new)


def negation(text: str, names: Sequence[str], choice: Random) -> str | None:
    if denied := list(re.finditer(rf"\b({AUXILIARY}) (?:not|never)\b", text)):
        spot = choice.choice(denied)
        return _put(text, spot, spot.group(1))
    spots = list(re.finditer(rf"(?<=\w )\b{AUXILIARY}\b(?= [a-z])", text))
    if spots:
        spot = choice.choice(spots)
        return _put(text, spot, f"{spot.group()} {choice.choice(['not', 'never', 'no longer', 'not'])}")
    verbs = list(re.finditer(r"\b(?:[A-Z][\w-]+|he|she|it|they|who|which|that) (?=[a-z]{3,}ed\b)", text))
    if not verbs:
        return None
    spot = choice.choice(verbs)
    return _put(text, spot, f"{spot.group()}never ")


def opposite(text: str, names: Sequence[str], choice: Random) -> str | None:
    both = [*OPPOSITES, *((b, a) for a, b in OPPOSITES if (b, a) not in (("right", "left"), ("right", "wrong")))]
    found = [(m, new) for old, new in both for m in re.finditer(rf"(?<![-\w]){old}(?![-\w])", text)]
    if not found:
        return None
    spot, new = choice.choice(found)
    return _put(text, spot, new)


def bound(text: str, names: Sequence[str], choice: Random) -> str | None:
    some = r"(?= (?:an? |the )?(?:[$£€]? ?\d|two|three|four|five|six|ten|half|one|hundred|\w+teen|\w+ty\b))"
    if spots := list(re.finditer(rf"\b(?:{'|'.join(TURNED)})\b{some}", text, re.I)):
        spot = choice.choice(spots)
        new = choice.choice([TURNED[spot.group().lower()], ""])
        return _put(text, spot, new).replace("  ", " ")
    spots = [m for m in _NUMBER.finditer(text) if not _is_year(m.group()) and not _is_day(text, m)]
    spots = [
        m for m in spots if not re.search(r"\b(?:between|to|or|and|[Ss]eason|[Aa]rea|[Aa]ct) $", text[: m.start()])
    ]
    spots = [
        m for m in spots if re.match(r" (?:[a-z]|%)", text[m.end() :]) and re.search(r"[a-z] $", text[: m.start()])
    ]
    if not spots:
        return None
    spot = choice.choice(spots)
    return _put(text, spot, f"{choice.choice(['fewer than', 'more than', 'at most'])} {spot.group()}")


def plan(text: str, names: Sequence[str], choice: Random) -> str | None:
    if spots := list(re.finditer(rf"\b{PLANS} (be )?([a-z]{{3,}})\b", text)):
        spot = choice.choice(spots)
        be, verb = spot.groups()
        return _put(text, spot, f"has been {verb}" if be else f"has {_past(verb)}")
    if spots := list(re.finditer(r"\b(?:was|were|has been|have been) (?=[a-z]{3,}ed\b)", text)):
        return _put(text, choice.choice(spots), choice.choice(["will be ", "is planned to be "]))
    return None


def _past(verb: str) -> str:
    irregular = {"be": "been", "have": "had", "take": "taken", "leave": "left", "become": "become", "give": "given"}
    if verb in irregular:
        return irregular[verb]
    return f"{verb}d" if verb.endswith("e") else f"{verb[:-1]}ied" if re.search("[^aeiou]y$", verb) else f"{verb}ed"


def exchange(text: str, names: Sequence[str], choice: Random) -> str | None:
    spots = [m for m in NAME.finditer(text) if m.group() in names or not _opens(text, m.start())]
    pairs = [(a, b) for a, b in pairwise(spots) if _acts(text[a.end() : b.start()])]
    pairs = [
        (a, b)
        for a, b in pairs
        if not re.search(r"(?:\b(?:and|of|in|for|by|at|from|to|on|with|than)|,|[\"“`]) $|[\"“‘`']$", text[: a.start()])
    ]
    pairs = [
        (a, b)
        for a, b in pairs
        if re.match(r"(?: [.,;]|[.,;]|$| (?:in|on|at|for|during|and|to|with|after)\b)", text[b.end() :])
    ]
    pairs = [(a, b) for a, b in pairs if not {*MONTHS, *DAYS} & {*a.group().split(), *b.group().split()}]
    return _exchange(text, *choice.choice(pairs)) if pairs else None


def _acts(between: str) -> bool:
    """Whether what stands between two names is a verb that is not the same both ways."""
    verb = re.search(rf"\b{VERB}\b", between)
    plain = not re.search(r"[,;:()'’]|\b(?:and|or|of)\b", between)
    return bool(verb) and plain and len(between.split()) <= 6 and not SYMMETRIC.search(between)


def changed(text: str, names: Sequence[str], choice: Random) -> str | None:
    """The statement changed in the first way that it can be, of all in any order."""
    found = (CHANGES[kind](text, names, choice) for kind in choice.sample(sorted(CHANGES), len(CHANGES)))
    return next((one for one in found if one and one != text), None)


def _put(text: str, spot: re.Match[str], new: str) -> str:
    return text[: spot.start()] + new + text[spot.end() :]


def _exchange(text: str, one: re.Match[str], other: re.Match[str]) -> str:
    return "".join(
        (text[: one.start()], other.group(), text[one.end() : other.start()], one.group(), text[other.end() :])
    )


def otherwise(sentence: str, choice: Random | None = None) -> str:
    """The same with asides left out, its opening moved to its end, small numbers spelled out, dates turned round.

    Each of these by chance, where there is a choice; all of them where there is none.
    """
    text = sentence
    for said in (_without_asides, _opening_last, _spelled, _turned_dates):
        text = said(text) if choice is None or choice.random() < 0.5 else text
    return text


def _without_asides(text: str) -> str:
    return re.sub(r", (?:which|who|where) [^,]*\.$", ".", re.sub(r" ?\([^()]*\)", "", text))


def _opening_last(text: str) -> str:
    opening = r"^((?:In|On|At|During|By|After|Since|Until) [^,]{3,60}), ([A-Za-z][^\"]+)\.$"
    return re.sub(opening, lambda m: f"{m[2][0].upper()}{m[2][1:]} {m[1][0].lower()}{m[1][1:]}.", text)


def _spelled(text: str) -> str:
    small = r"(?<![\d.,$£€] )(?<![\w.,$£€–-])([2-9]|1[0-2])(?= [a-z]{3})"
    return re.sub(small, lambda match: SPELLED[int(match[0]) - 2], text)


def _turned_dates(text: str) -> str:
    return re.sub(rf"\b({'|'.join(MONTHS)}) (\d{{1,2}}), (\d{{4}})", r"\2 \1 \3", text)


CHANGES: dict[str, Change] = {
    "number": number,
    "numbers exchanged": exchanged_numbers,
    "name": name,
    "date": date,
    "unit": unit,
    "negation": negation,
    "opposite": opposite,
    "bound": bound,
    "plan or fact": plan,
    "names exchanged": exchange,
}  # fmt: skip
