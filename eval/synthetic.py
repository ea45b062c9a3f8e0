"""News-like reports made by rule, as many as are asked for: what indexing is measured on, whatever the size.

The same number gives the same report, on every machine, alone or among others: each is drawn from its own seed. No
two sentences are alike but by chance, names and figures see to that; every tenth report is a reprint of an earlier
one under another name, with a figure changed in each paragraph. Does not know what is done with the reports.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.dates import MONTHS
from rag.types import Progress

SEED = "reports-1"
"""Part of every report's seed: change it with the words below, so that figures of other texts are told apart."""
REPRINT_EVERY = 10
REPRINT_BACK = 7
"""A reprint is of the report so many before it, which is never a reprint itself."""
PARAGRAPHS = (3, 9)
SENTENCES = (2, 4)
PASSAGES_A_REPORT = 4.18
"""As the program cuts them, measured over 1,000 reports: sizes are asked for in passages."""
FILES_A_FOLDER = 1_000
_STARTS = "bran cor del esk fen gar hol ing kel lun mor nor ost pel quin ras sel tor ul ver wen yar zal ald".split()
_MIDDLES = "a e i o u an er il on ar en or".split()
_TOWN_ENDS = "burg ford haven stad mouth ville gate holm wick dale port field".split()
_NAME_ENDS = "son sen ski mann ez ides ov etti ard wood well er".split()
_FIRST_NAMES = (
    "Ada Boris Carla Dmitri Elena Farid Greta Hugo Irina Jonas Karim Lena Mateo Nadia Omar Petra Quentin Rosa Samir "
    "Tilda Umberto Vera Wanda Xavier Yusuf Zora"
).split()
_ROLES = (
    "mayor,council leader,harbour master,chief engineer,union secretary,finance minister,police spokeswoman,"
    "hospital director,bishop,professor of law,head of the ferry company,coach,museum curator,opposition leader"
).split(",")
_THINGS = (
    "bridge,tram line,hospital wing,power station,reservoir,library,ferry terminal,tunnel,stadium,school,wind farm,"
    "court house,market hall,flood barrier,airport runway,theatre,fish farm,paper mill"
).split(",")
_GROUPS = (
    "residents,dock workers,teachers,farmers,shop owners,nurses,commuters,pensioners,students,fishermen,drivers,"
    "volunteers,engineers,tenants"
).split(",")
_DEEDS = (
    "approved,rejected,delayed,inspected,reopened,criticised,financed,redesigned,sold,occupied,praised,closed,"
    "cancelled,leased,renovated,sued over"
).split(",")
_REASONS = (
    "storm damage,rising costs,a missing permit,the election,a strike,cracks in the concrete,a court ruling,"
    "falling prices,the drought,protests,a software fault,late deliveries"
).split(",")
_QUALITIES = (
    "old new disputed unfinished historic flooded privately-owned cheap oversized northern central busy".split()
)
_PUBLISHERS = "Courier Herald Observer Gazette Mail Tribune Post Chronicle".split()
_SENTENCES = (
    "{Role} {person} {deed} the {quality} {thing} in {town} on {day} {month}, {reason} being cited by {count} {group}.",
    "In {town}, {count} {group} {deed} plans for a {thing} that {person} had put at {money} million euros.",
    "“{Group} in {town} will pay for the {quality} {thing} until {year},” said {person}, {role} since {past}.",
    "Between {month} and {month2}, {reason} cost {town} {count} jobs, {percent} per cent of them at the {thing}.",
    "{Person} told {publisher} that {group} {deed} {count} of {count2} proposals before {town} voted in {year}.",
    "The {thing} near {town}, {quality} since {past}, carried {count} {group} a day when {role} {person} {deed} it.",
    "After {reason}, {town} moved {count} {group} from the {quality} {thing} to {town2}, {distance} kilometres away.",
    "{Role} {person} expects {money} million euros for {town2} by {month} {year}, though {group} {deed} the {thing}.",
    "Of {count} letters from {group}, {percent} per cent blamed {reason}; {person} of {town} blamed the {thing}.",
    "By {day} {month} {year} the {quality} {thing} in {town} must hold {count} {group}, {person} wrote.",
)
_TITLES = (
    "{Group} in {town} divided over {quality} {thing}",
    "{Town} {thing} delayed to {year} by {reason}",
    "{Person} wants {money} million for {town} {thing}",
    "{count} {group} of {town} wait for {thing}",
)
_SLOT = re.compile(r"{(\w+)}")


@dataclass(frozen=True, slots=True)
class Report:
    """One made report: a name for its file, and its text with the usual lines above it."""

    name: str
    text: str


def report(number: int) -> Report:
    """The report of this number, from 0 on."""
    original = number - REPRINT_BACK if is_reprint(number) else number
    draw = random.Random(f"{SEED}:{original}")
    title, when = _filled(draw, draw.choice(_TITLES)), _date(draw)
    paragraphs = [_paragraph(draw) for _ in range(draw.randint(*PARAGRAPHS))]
    if original != number:
        paragraphs = [_changed(text, number) for text in paragraphs]
    publisher = f"The {_town(random.Random(f'{SEED}:publisher:{number}'))} {_PUBLISHERS[number % len(_PUBLISHERS)]}"
    body = "\n\n".join(paragraphs)
    return Report(f"{number // FILES_A_FOLDER:03}/{number:06}.txt", f"{title}\n{publisher}\n{when}\n\n{body}\n")


def is_reprint(number: int) -> bool:
    return number % REPRINT_EVERY == REPRINT_BACK + 1


def reports(passages: int, first: int = 0) -> Iterator[Report]:
    """So many reports, one at a time, that the program cuts them into about `passages` passages."""
    for number in range(first, first + max(1, round(passages / PASSAGES_A_REPORT))):
        yield report(number)


def write_reports(folder: Path, passages: int, *, first: int = 0, progress: Progress | None = None) -> int:
    """Put the reports into a folder, one file each; returns how many characters they have. Holds one at a time."""
    characters = 0
    for done, one in enumerate(reports(passages, first)):
        path = folder / one.name
        if progress and not done % 100:
            progress("writing reports", done, round(passages / PASSAGES_A_REPORT))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(one.text, encoding="utf-8")
        characters += len(one.text)
    return characters


def _paragraph(draw: random.Random) -> str:
    return " ".join(_filled(draw, draw.choice(_SENTENCES)) for _ in range(draw.randint(*SENTENCES)))


def _changed(text: str, number: int) -> str:
    """A paragraph as another paper has it: its last figure is another."""
    *before, last = re.split(r"(\d+)", text)[:-1]
    return "".join(before) + str(int(last) + number % 89 + 1) + text.rpartition(last)[2]


def _filled(draw: random.Random, pattern: str) -> str:
    """The pattern with its slots filled, from left to right."""

    def fill(match: re.Match[str]) -> str:
        slot = match[1]
        words = _word(draw, slot.lower().rstrip("2"))
        return words[0].upper() + words[1:] if slot[0].isupper() else words

    text = _SLOT.sub(fill, pattern)
    return text[0].upper() + text[1:]


def _word(draw: random.Random, slot: str) -> str:
    if slot in _LISTS:
        return draw.choice(_LISTS[slot])
    if slot in _NUMBERS:
        return f"{draw.randint(*_NUMBERS[slot]):,}" if slot == "count" else str(draw.randint(*_NUMBERS[slot]))
    if slot == "publisher":
        return f"The {_town(draw)} {draw.choice(_PUBLISHERS)}"
    return _town(draw) if slot == "town" else _person(draw)


_LISTS = {
    "role": _ROLES, "thing": _THINGS, "group": _GROUPS, "deed": _DEEDS, "reason": _REASONS, "quality": _QUALITIES,
    "month": MONTHS,
}  # fmt: skip
_NUMBERS = {
    "count": (12, 98_000), "money": (2, 940), "percent": (3, 96), "distance": (2, 480), "year": (2026, 2049),
    "past": (1901, 2024), "day": (1, 28),
}  # fmt: skip


def _town(draw: random.Random) -> str:
    return (draw.choice(_STARTS) + draw.choice(_MIDDLES) + draw.choice(_TOWN_ENDS)).capitalize()


def _person(draw: random.Random) -> str:
    surname = draw.choice(_STARTS) + draw.choice(_MIDDLES) + draw.choice(_NAME_ENDS)
    return f"{draw.choice(_FIRST_NAMES)} {surname.capitalize()}"


def _date(draw: random.Random) -> str:
    return f"{draw.randint(1, 28)} {draw.choice(MONTHS)} {draw.randint(2023, 2025)}"
