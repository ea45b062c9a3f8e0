"""English words that belong together: verbs and their irregular forms, opposites, peoples and their countries.

Short lists of the most frequent ones, where no rule of spelling tells. Knows neither questions nor evidence.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rag.stems import stems

_IRREGULAR = """
be am is are was were been being; become became; begin began begun; break broke broken; bring brought; build built;
buy bought; catch caught; choose chose chosen; come came; cut; deal dealt; do does did done; draw drew drawn; drive
drove driven; eat ate eaten; fall fell fallen; feel felt; fight fought; find; fly flew flown; forbid forbade
forbidden; forget forgot forgotten; freeze froze frozen; get got gotten; give gave given; go went gone; grow grew
grown; have has had; hear heard; hide hid hidden; hit; hold held; hurt; keep kept; know knew known; lay laid; lead
led; leave left; lend lent; let; lie lay lain; light lit; lose lost; make made; mean meant; meet met; oversee
oversaw overseen; overthrow overthrew overthrown; pay paid; put; ride rode ridden; ring rang rung; rise rose risen;
run ran; say said; see saw seen; seek sought; sell sold; send sent; set; shake shook shaken; shoot shot; show shown;
shut; sing sang sung; sink sank sunk; sit sat; sleep slept; speak spoke spoken; spend spent; split; spread; stand
stood; steal stole stolen; strike struck; swear swore sworn; swim swam swum; take took taken; teach taught; tear
tore torn; tell told; think thought; throw threw thrown; understand understood; undertake undertook undertaken; wear
wore worn; win won; withdraw withdrew withdrawn; write wrote written; bear bore born borne; bind bound; child
children; woman women; man men; person people; die died dead death; life lives alive live; half halves; foot feet
"""
_OPPOSITE = """
accept/reject refuse decline; add/remove subtract; advance/retreat; after/before; agree/disagree; allow permit/forbid
ban prohibit prevent bar; always/never; ancient/modern; appear/disappear; approve/reject disapprove; arrive/depart
leave; ascend/descend; attack/defend; begin start launch/end finish stop cease conclude; best/worst; better/worse; big
large huge/small little tiny; birth born/death die; black/white; borrow/lend; build create construct/destroy demolish
dismantle; buy purchase/sell; cheap/expensive costly; clockwise/anticlockwise counterclockwise; civilian/military;
clean/dirty; come/go; common frequent/rare uncommon infrequent; confirm/deny refute; connect/disconnect;
corporate/personal; create/abolish; day/night; decrease decline fall drop shrink diminish reduce lower sink
cut/increase rise grow climb soar expand raise jump gain; deep/shallow; defeat lose loss/win victory; deficit/surplus;
demand/supply; early/late; easy/hard difficult; east eastern/west western; easterly/westerly; effective/ineffective;
employ hire/dismiss fire; enable/disable; encourage/discourage; enemy/friend; enter join/leave exit; even/odd;
everybody everyone/nobody; expand/contract shrink; export/import; fast quick rapid/slow; fat/thin; father/mother;
few/many; first/last final; forward/backward; free/captive; friendly/hostile; full/empty; future/past; gain/lose; give
provide supply send deliver/receive take get; good/bad; guilty/innocent; happy/sad; healthy/ill sick; heavy/light;
help facilitate promote/hinder hamper obstruct impede; high/low; highest/lowest; hot warm/cold cool; husband/wife;
boy/girl; son/daughter; brother/sister; uncle/aunt; king/queen; include/exclude; inner/outer; inside/outside; internal
interior/external exterior; inward/outward; junior/senior; keep retain maintain/abandon; known/unknown; largest
biggest/smallest; larger bigger/smaller; least/most; legal lawful/illegal unlawful; less fewer/more greater;
like/dislike; live alive/dead die; long/short; longest/shortest; longer/shorter; loose/tight; loud/quiet; love/hate;
lower/upper higher; lowest/highest; major/minor; majority/minority; male/female; man/woman; marry/divorce;
maximum/minimum; near close/far distant; north northern/south southern; northeast/southwest; northwest/southeast;
oldest/youngest newest; old/new young; older/younger newer; open/close shut; optimistic/pessimistic; oppose/support;
opposite/same; over above/under below beneath; parallel/perpendicular; peace/war; permanent/temporary; plus/minus;
positive/negative; possible/impossible; praise/criticise criticize condemn; present/absent; private/public;
profit/loss; progress/regress; protect/endanger; push/pull; remember/forget; reopen/close; reveal/conceal hide; rich
wealthy/poor; right/left; right correct/wrong incorrect; rural/urban; safe/dangerous unsafe; save/waste spend;
simple/complex complicated; soft/hard; strengthen/weaken; strong/weak; stronger/weaker; strongest/weakest; succeed
success/fail failure; superior/inferior; sweet/bitter sour; tall/short; thick/thin; top/bottom; together/apart;
true/false; up/down; upward/downward; unanimous/divided; visible/invisible; vertical/horizontal; voluntary/forced
compulsory; wide broad/narrow; with/without; young/old; for/against; all every/none; survive/die; acquit/convict;
arrest detain/release free; ally/enemy; victory/defeat; attract/repel; absorb/emit; import/export;
predecessor/successor; precede/follow; parent/child; north/east west; south/east west; unite/divide separate;
install/remove; appoint elect/dismiss; occupy/liberate; worsen/improve; natural/artificial; liquid/solid;
domestic/foreign; local/global; national/international; partial partly/whole wholly complete completely;
welcome/reject; retain/lose; tighten/loosen ease; win/lose; recover/deteriorate; demote/promote; exceed/undershoot;
beginning/end
"""
_PREFIX = ("un", "in", "im", "ir", "il", "dis", "non", "mis")
_PEOPLES = """
france french; britain british uk; netherlands dutch; spain spanish spaniard; poland polish pole; denmark danish
dane; sweden swedish swede; turkey turkish turk turkiye; greece greek; ireland irish; switzerland swiss; england
english; scotland scottish scots; wales welsh; china chinese; germany german; finland finnish; norway norwegian; usa
us america american; philippines filipino; portugal portuguese; europe european; britain uk; thailand thai; cyprus
cypriot; venice venetian
"""


@lru_cache(maxsize=16384)
def root(word: str) -> str:
    """What a word shares with its other forms: `left` and `leaving` → leav, `Mohamed` as it is."""
    lower = word.lower()
    return stem(_BASE.get(lower, lower))


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    return next(iter(stems(word)), word)


def _families(table: str) -> list[list[str]]:
    return [line.split() for line in table.replace("\n", " ").split(";")]


_BASE = {form: family[0] for family in _families(_IRREGULAR) for form in family[1:]} | {
    "lay": "lie",
    "people": "person",
}
PAST = frozenset(form for family in _families(_IRREGULAR) for form in family[1:] if not form.endswith(("ing", "s"))) - {
    "am",
    "live",
    "dead",
    "death",
    "men",
    "women",
    "children",
    "people",
    "feet",
}
"""Irregular forms that tell of what has happened; some are participles too."""


def _opposites() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for pair in _OPPOSITE.replace("\n", " ").split(";"):
        one, other = ({root(word) for word in side.split()} for side in pair.split("/"))
        for left, right in ((one, other), (other, one)):
            for word in left:
                found.setdefault(word, set()).update(right - {word})
    return {word: frozenset(others) for word, others in found.items()}


@lru_cache(maxsize=1)
def _opposite_table() -> dict[str, frozenset[str]]:
    return _opposites()


def opposites(word: str) -> frozenset[str]:
    """Roots of the words that say the opposite: those listed; the reader tells `un-` and the like by `negates`."""
    return _opposite_table().get(word, frozenset())


def negates(one: str, other: str) -> bool:
    """Whether one lower-case word is the other with `un-`, `dis-` or the like before it."""
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return any(longer == prefix + shorter for prefix in _PREFIX) and len(shorter) > 3


@lru_cache(maxsize=1)
def _people_table() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for family in _families(_PEOPLES):
        for word in family:
            found.setdefault(word, set()).update(family)
    return {word: frozenset(family) for word, family in found.items()}


def same_people(one: str, other: str) -> bool:
    """Whether two lower-case names are a country and its people, or two forms of one: `Bolivia`, `Bolivian`."""
    if other in _people_table().get(one, frozenset()):
        return True
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    bare = re.sub(r"(?:ia|a|e|y|o|land)$", "", shorter)
    return len(bare) >= 3 and any(longer in (f"{bare}{end}", f"{shorter}{end}") for end in _PEOPLE_ENDS)


_PEOPLE_ENDS = ("n", "i", "an", "ian", "ish", "ese", "ans", "ians", "is", "s", "ean", "iot")


@lru_cache(maxsize=16384)
def sound(name: str) -> str:
    """A name without what transliterations differ in: `Soleimani` and `Suleimani`, `Mohammed` and `Mohamed`."""
    plain = re.sub(r"[^a-z]", "", name.lower())
    plain = re.sub(r"(.)\1+", r"\1", plain.replace("ei", "i").replace("ai", "i").replace("ey", "i"))
    return plain.translate(str.maketrans("oyeq", "uiik"))
