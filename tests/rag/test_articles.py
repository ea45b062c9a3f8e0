"""Documents taken apart: the five seeds to the line, pages of other layouts, and notes that lose nothing."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.articles import split_articles
from rag.dates import is_iso
from rag.read import FileBytes, to_document
from rag.types import Article, Document

PAGE_000, PAGE_001, PAGE_002, PAGE_003, PAGE_004 = (
    "000_574de30212be9a42.txt",
    "001_27c0b94053af0fad.txt",
    "002_7e183713a4cc1a52.txt",
    "003_7dab60c6e7a75a29.txt",
    "004_b4404e041674bb16.txt",
)
UN_BRIEFING = 'UN praises Iraq\'s drive towards "More Stability, More Prosperity"'
COMPLETES = "US-led coalition ‘completes’ mission in Iraq, shifts forces to Kurdistan: Official"
MISSION = "Mission of global coalition forces in Iraq to end by 2026: Security Media Cell"
SEED_ARTICLES = [
    (PAGE_000, MISSION, "Rudaw", "2025-05/2025-06"),
    (PAGE_000, UN_BRIEFING, "Iraq Business", "2025-05/2025-06"),
    (PAGE_000, "US urges Baghdad, Erbil to settle salary crisis", "Shafaq News", "2025-05/2025-06"),
    (PAGE_000, 'PM Barzani warns of "serious repercussions" over delayed salaries', "Shafaq News", "2025-05/2025-06"),
    (PAGE_001, MISSION, "Rudaw", "2025-05/2025-06"),
    (PAGE_002, "US confirms change to military mission in Iraq", "The National", "2025-08"),
    (PAGE_002, "ISIS leader killed in Syria in joint Iraqi and US operation", "The National", "2025-08"),
    (PAGE_002, "Israel and Australia's war of words: How did we get here?", "The National", "2025-08"),
    (PAGE_002, "Iraq's Development Road project to boost Turkey's exports to GCC", "Zawya", "2025-08"),
    (PAGE_003, COMPLETES, "Rudaw", "2025-09/2025-12"),
    (PAGE_004, "US, Iraq agree to end anti-ISIS mission in one year", "Rudaw", "2024-09"),
    (PAGE_004, "Iran denies involvement in Trump assassination plot", None, None),
]  # fmt: skip
SEED_FURNITURE = [
    "A+ A-", "Try Our AI Features", "Explore what", "No comments yet", "Related Articles", "Hashtags", "Required",
    "Post a comment", "moderates all comments", "must meet our community guidelines", "We will not tolerate",
    "Comments that do not meet", "Also in Iraq", "land return law", "local arms production", "kills two ISIS suspects",
    "unequal police recruitment", "The Latest", "File photo", "hours ago", "hour ago", "minute ago", "- Shafaq News",
]  # fmt: skip

OPENS = "The river bridge at Ulm opened to traffic on Monday after nine years of work."
WAITED = "Mayor Anna Klein said the town had waited long enough for it, and thanked the builders."
TICKETS = "Tickets for the new museum cost five euros, its director told the paper."
STORM = "A storm closed the port for a day, and eleven ships had to wait outside."


def split(text: str, **known: str) -> list[Article]:
    return split_articles(Document(text, source="page.txt", **known))


def plain(text: str) -> str:
    return " ".join(text.split())


# The seeds


def test_the_seeds_hold_these_articles(seed_articles: list[Article]) -> None:
    assert [(one.source, one.title, one.publisher, one.published) for one in seed_articles] == SEED_ARTICLES


@pytest.mark.parametrize("line", SEED_FURNITURE)
def test_no_furniture_in_any_seed_article(
    line: str, seed_articles: list[Article], seed_documents: list[Document]
) -> None:
    assert any(line in document.text for document in seed_documents)
    assert [one.title for one in seed_articles if line in one.text] == []


def test_every_report_line_of_the_seeds_is_kept(seed_articles: list[Article], seed_documents: list[Document]) -> None:
    """What no article holds is furniture, a header line or a caption: nothing of a report is lost."""
    kept = "\n".join(one.text for one in seed_articles)
    lost = {line.strip() for document in seed_documents for line in document.text.split("\n")} - set(kept.split("\n"))
    long = sorted(line for line in lost if len(line.split()) > 12)
    policy = ("Rudaw moderates", "To be approved", "We will not tolerate", "Comments that do not", "The flags of the")
    assert [line for line in long if not line.startswith(policy)] == []
    assert len(long) == len(policy)


def test_every_seed_article_begins_with_its_title(seed_articles: list[Article]) -> None:
    untitled = [one for one in seed_articles if not one.text.startswith(str(one.title))]
    assert [one.source for one in untitled] == [PAGE_001]  # its headline is not in the file


# Pages of other layouts

NEWS_SITE = f"""Home
News
Sport

Bridge opens in Ulm after nine years

By Jane Doe
20 August 2025
The Courier

{OPENS}
{WAITED}

Share this article
Copy link

Related stories
Museum opens its doors next week
Town council meets on Friday
Comments (3)
Log in to post a comment
Most read
1. Storm closes the port
2. Train drivers on strike
"""
BLOG = f"""Skip to main content
Sign in
The Courier
Bridge opens in Ulm after nine years
Published: Aug 20, 2025 10:15
{OPENS}
Advertisement
{WAITED}
Tags
bridge, ulm
Leave a comment
Your email address will not be published. Required fields are marked *
Subscribe now
You may also like
Museum opens its doors
Cookie policy
"""
UNDATED = f"""Skip to content
The Courier
Bridge opens in Ulm after nine years

{OPENS}

{WAITED}

Follow us on Facebook
Related
Museum opens its doors next week
Recommended for you
Storm closes the port
Accept all cookies
"""


@pytest.mark.parametrize("page", [NEWS_SITE, BLOG, UNDATED], ids=["news site", "blog", "undated"])
def test_one_report_on_a_page(page: str) -> None:
    (found,) = split(page)
    assert found.title == "Bridge opens in Ulm after nine years"
    assert f"{OPENS}\n{WAITED}" in found.text.replace("\n\n", "\n")
    written = page.split("\n")
    around = written[written.index("Cookie policy") if "Cookie policy" in written else -6 :]
    assert [line for line in around if line and line in found.text] == []
    for line in (
        "Home",
        "Share",
        "Copy link",
        "Sign in",
        "Tags",
        "Log in",
        "Required",
        "Advertisement",
        "Museum",
        "Storm",
    ):
        assert line not in found.text


@pytest.mark.parametrize(
    ("page", "publisher", "published"), [(NEWS_SITE, "The Courier", "2025-08-20"), (BLOG, "The Courier", "2025-08-20")]
)
def test_header_lines_say_who_and_when(page: str, publisher: str, published: str) -> None:
    (found,) = split(page)
    assert (found.publisher, found.published) == (publisher, published)


AGGREGATOR = f"""Bridge opens in Ulm after nine years
{OPENS}
{WAITED}
Comments
No comments yet...
Related Articles


The Courier
9 hours ago
- The Courier
Museum to open its doors next week
{TICKETS}


Port Journal
2 days ago
- Port Journal
Storm closes the port for a day
{STORM} {OPENS} {WAITED}
"""


def test_an_aggregators_page_holds_several_reports() -> None:
    first, second, third = split(AGGREGATOR, published="2025-08-20", publisher="Digest")
    assert [one.title for one in (first, second, third)] == [
        "Bridge opens in Ulm after nine years",
        "Museum to open its doors next week",
        "Storm closes the port for a day",
    ]
    assert [one.publisher for one in (first, second, third)] == ["Digest", "The Courier", "Port Journal"]
    assert [one.published for one in (first, second, third)] == ["2025-08-20", "2025-08-20", "2025-08-18"]
    assert second.text == f"Museum to open its doors next week\n{TICKETS}"


def test_ages_are_unknown_where_the_page_has_no_date() -> None:
    assert [one.published for one in split(AGGREGATOR)] == [None, None, None]


def test_teasers_in_a_list_of_links_are_reports_of_their_own() -> None:
    page = f"Bridge opens\n{OPENS}\nSubscribe\nRelated\nMuseum to open\n{TICKETS}\nA link\nStorm at sea\n{STORM}\n"
    assert [(one.title, one.text) for one in split(page)] == [
        ("Bridge opens", f"Bridge opens\n{OPENS}"),
        ("Museum to open", f"Museum to open\n{TICKETS}"),
        ("Storm at sea", f"Storm at sea\n{STORM}"),
    ]


def test_readers_own_remarks_are_kept_on_a_page() -> None:
    page = f"Bridge opens\n{OPENS}\nShare this\nComments\nThe bridge is far too narrow for two lorries to pass.\n"
    assert "far too narrow" in split(page)[0].text


def test_what_is_said_of_the_document_holds_for_its_first_article() -> None:
    first, second = split(AGGREGATOR, title="Told", publisher="Teller", published="2020")[:2]
    assert (first.title, first.publisher, first.published) == ("Told", "Teller", "2020")
    assert (second.title, second.publisher) == ("Museum to open its doors next week", "The Courier")


# Notes, which are nobody's page

NOTES = {
    "see also": f"Trip notes\n{OPENS}\n\nSee also\n- Port of Hamburg\n- Museum\n",
    "comments": f"{OPENS}\n\nComments\n- nice bridge\n- too long\n- Anna: will reply by email\n",
    "both": f"{OPENS}\n\nSee also\n- Port\n\nComments\n- too long\n",
    "rule": f"Trip notes\n-----\n{OPENS}\n\n***\n\nRelated\nPort\n",
    "tags": f"{OPENS}\n\nTags\nbridge, ulm\n\nRelated\nPort\n\nPrint\nRequired\n",
    "shopping": "Shopping\n- milk\n- 5 kg\n- eggs\n\nSee also\n- other list\n",
    "no prose": "Q1\n1. 5\n2. 10\n\nPrint\nRelated\nx y\n",
    "headings": f"# Bridge\n\n{OPENS}\n\n## See also\n\n- Museum\n\n## Comments\n\n{WAITED}\n\n20 August 2025\n",
    "meeting": f"Meeting\n20 August 2025\n\nAnna, Ben\n\n{OPENS}\n\nTo do\n- call\n- print\n\nSee also\n- last one\n",
    "diary": f"Diary\n\n20 August 2025\nBridge walk\n{OPENS}\n\n21 August 2025\nMuseum\n{WAITED}\nRequired\n- shoes\n",
    "site": f"Router\nSign in\nadmin\n{OPENS}\n",
    "A+": "Grades\nA+ A-\nB\n\nComments\nfine\n",
}


@pytest.mark.parametrize("name", NOTES)
def test_notes_lose_nothing(name: str) -> None:
    kept = [line for one in split(NOTES[name]) for line in one.text.split("\n") if line]
    assert kept == [line for line in NOTES[name].split("\n") if line]


SEE_ALSO = "See also\n\n- Opening hours\n- Prices\n\nRefunds\n\n- Desk\n- Form"
REMARKS = "Comments\n\nCustomers may write comments; replies go out by email."
REFUNDS = "Refunds\n\nRefunds are paid within 14 days of the return."


@pytest.mark.parametrize("part", [SEE_ALSO, REMARKS])
@pytest.mark.parametrize(
    "told",
    ["Log in\n\nYour password is the number of your contract.", "Sign in\n\n1. Open the door\n2. Show your card",
     "Share this card\n\n- Give it to anyone at home", "Logging in\n\nYour password is the number of your contract."],
)  # fmt: skip
def test_a_handbook_loses_no_section_for_its_heading(told: str, part: str) -> None:
    text = f"Shop manual\n\n{told}\n\n{part}\n\n{REFUNDS}"
    (found,) = split(text)
    assert found.text == text


@pytest.mark.parametrize("suffix", ["md", "docx", "odt", "rtf", "pdf", "epub", "pptx", "csv"])
def test_only_what_may_be_a_saved_page_is_cleaned_of_furniture(suffix: str) -> None:
    (page,) = split(UNDATED)
    (written,) = split_articles(Document(UNDATED, source=f"a.{suffix}"))
    assert "Follow us" not in page.text and "Follow us" in written.text


def test_a_diary_is_dated_entry_by_entry() -> None:
    assert [one.published for one in split(NOTES["diary"])] == ["2025-08-20", "2025-08-21"]


LOGS = {
    "headings": (f"# Pump log\n\n## 2025-03-12\n\n{OPENS}\n\n## 2025-05-02\n\nhose\n\n## 2025-11-20\n\n{WAITED}\n", 0),
    "lines": (f"Pump log\n\n12 March 2025\n{OPENS}\n\n2 May 2025\n{TICKETS}\n- hose\n\n20 November 2025\n{WAITED}", 0),
    "prose above": (f"Pump log\n{STORM}\n[12 March 2025]\n{OPENS}\n[2 May 2025]\n[20 November 2025]\n{WAITED}\n", 1),
}


@pytest.mark.parametrize("name", LOGS)
def test_a_log_is_dated_entry_by_entry(name: str) -> None:
    text, above = LOGS[name]
    found = split(text, title="Told" if above else "")
    entries = ["2025-03-12", "2025-05-02", "2025-11-20"]
    assert [one.published for one in found] == [None] * above + entries
    assert {(one.title, one.publisher) for one in found} == {("Told" if above else "Pump log", None)}
    assert WAITED in found[-1].text
    assert plain("\n".join(one.text for one in found)) == plain(text)


@pytest.mark.parametrize(
    "text",
    [
        f"Bridge opens\n\n20 August 2025\n\n{OPENS}\n\nTown hall\n\n21 August 2025\n",
        f"Costs\n\n20 August 2025\n400\n\n21 August 2025\n500\n\n22 August 2025\n600\n\n{OPENS}\n\n{WAITED}\n",
        f"Bridge opens\n\nPublished: 20 August 2025\n\n{OPENS}\n\n21 August 2025\n\n{WAITED}\n",
    ],
    ids=["signed", "table", "published"],
)
def test_a_text_with_several_dates_is_no_log(text: str) -> None:
    (found,) = split(text)
    assert found.published == "2025-08-20"


def test_a_note_is_titled_by_its_first_line() -> None:
    assert split(NOTES["headings"])[0].title == "Bridge"
    assert split(OPENS)[0].title is None


def test_hard_wrapped_text_is_joined() -> None:
    text = f"""The bridge

{OPENS[:57]}
{OPENS[58:]} Behind the mayor came a band, and
behind the band came everybody who had found no place
on the stands, and after them came the dogs of the town,
which nobody had invited but which nobody could keep
away either, as they had heard of the sausages.
"""
    (found,) = split(text)
    assert OPENS in found.text
    assert found.text.count("\n") == 2


@pytest.mark.parametrize("text", ["", "\n\n", "   ", "---\n***\n", "…"])
def test_no_words_no_article(text: str) -> None:
    assert split(text) == []


def test_ids_tell_articles_apart_and_stay() -> None:
    page = AGGREGATOR + AGGREGATOR.split("Related Articles")[1]
    ids = [one.id for one in split(page)]
    assert len(set(ids)) == len(ids) == 5
    assert ids == [one.id for one in split(page)]
    assert ids[0] != split_articles(Document(page, source="other.txt"))[0].id
    assert [one.family for one in split(page)] == ids


def test_a_table_of_dates_takes_no_longer_than_its_length() -> None:
    began = time.perf_counter()
    split("9 hours ago\n" * 20_000)
    assert time.perf_counter() - began < 5


# Rules that hold for every text

PIECES = [
    OPENS, WAITED, TICKETS, STORM, "", "",
    "Bridge opens in Ulm after nine years", "By Jane Doe", "The Courier", "- The Courier",
    "9 hours ago", "20 August 2025", "99999 years ago", "Related Articles", "Related", "Comments", "No comments yet...",
    "Share this", "Subscribe", "Required", "Tags", "A+ A-", "---", "# Heading", "- an item", "1. an item",
    "How did it open?",
    "Your email address will not be published. Required fields are marked *",
    "a line cut at the width of a typewriter's page",
]  # fmt: skip
PAGES = st.lists(st.sampled_from(PIECES), max_size=25).map("\n".join)
HARMLESS = [
    piece
    for piece in PIECES
    if piece not in ("Share this", "Subscribe", "9 hours ago", "99999 years ago") and "email" not in piece
]


@settings(max_examples=200)
@given(st.one_of(PAGES, st.text(max_size=300)), st.sampled_from([None, "2025", "2025-08-20"]))
def test_every_line_of_an_article_stands_in_the_document(text: str, published: str | None) -> None:
    document = plain(text)
    for one in split_articles(Document(text, published=published)):
        assert one.text == one.text.strip() != ""
        assert [line for line in one.text.split("\n") if plain(line) not in document] == []
        assert one.published is None or is_iso(one.published)


@settings(max_examples=200)
@given(st.lists(st.sampled_from(HARMLESS), max_size=25).map("\n".join))
def test_without_a_sites_own_words_nothing_is_lost(text: str) -> None:
    """Whatever labels and dates a note holds, all its words come back, in their order."""
    found = split(text)
    kept = " ".join(one.text for one in found).split()
    words = text.split()
    assert kept == words or (not found and not any(word.isalnum() for word in words)) or _skipped_rules(kept, words)


def _skipped_rules(kept: list[str], words: list[str]) -> bool:
    """An article of rules alone (`---`) is no article: they may be missing."""
    return [word for word in kept if word != "---"] == [word for word in words if word != "---"]


def test_an_article_knows_which_part_of_its_file_it_is_from() -> None:
    pages = [
        "The harbour was closed for a day by a storm.",
        "",
        "Eleven ships waited outside.\n\n\nOne sank.",
        "The end came.",
    ]
    text, places = "", []
    for number, page in enumerate(pages, 1):
        places.append((len(text), f"page {number}"))
        text += page + "\n"
    (article,) = split_articles(
        Document(text, source="a.pdf", places=tuple(places), published="2025", dated="PDF info")
    )
    assert [article.place(article.text.index(word)) for word in ("storm", "Eleven", "sank", "end")] == [
        "page 1", "page 3", "page 3", "page 4",
    ]  # fmt: skip
    assert article.dated == "PDF info"
    assert Document("x").places == () and split_articles(Document("Some words."))[0].place(3) == ""


def test_a_paragraph_that_goes_on_over_a_page_break_stands_on_both_pages() -> None:
    text = "The harbour was closed for a day by a storm and eleven ships waited outside until it was over.\n\nOne sank."
    places = ((0, "page 1"), (text.index("eleven"), "page 2"), (text.index("One"), "page 3"))
    (article,) = split_articles(Document(text, places=places))
    found = [article.place(article.text.index(word)) for word in ("storm", "eleven", "over.", "One sank")]
    assert found == ["page 1", "page 2", "page 2", "page 3"]


TEXT = f"The board agreed to buy a new pump for the well. {WAITED} {TICKETS}"


@pytest.mark.parametrize(
    ("head", "title", "publisher"),
    [
        ("Minutes of the board meeting\nDate: 12 March 2025\nPresent: Ann Lee, Bob Kim, Cara Roe, Dan Poe",
         "Minutes of the board meeting", None),
        ("OLD MILL SOCIETY\nMinutes of the board's meeting\nDate: 12 March 2025\nPlace: the hall\nWhy it met so soon",
         "Minutes of the board's meeting", "OLD MILL SOCIETY"),
        ("Bridge works\nDate: 12 March 2025", "Bridge works", None),
        ("Bridge works\n12 March 2025\nAnn Lee", "Bridge works", None),
        ("12 March 2025\nBridge walk", "Bridge walk", None),
        ("The Courier\n12 March 2025\nHow did the bridge come to be?", "How did the bridge come to be?", "The Courier"),
        ("Bridge: works go on until the summer\nDate: 12 March 2025", "Bridge: works go on until the summer", None),
        ("The Courier\n12 March 2025\nBridge: works go on at last", "Bridge: works go on at last", "The Courier"),
        ("The Courier, Ulm\nFrance 24\n12 March 2025\nBridge works go on", "Bridge works go on", "France 24"),
        ("France 24\n12 March 2025\nBridge works go on until summer", "Bridge works go on until summer", "France 24"),
        ("Kim and Sons\nUlm\n12 March 2025\n\nDear Mr. Brown,", "Kim and Sons", None),
        ("Kim and Sons\nMill Lane, Ulm\n12 March 2025\nYour new pump of March\nDear Mr. Brown",
         "Your new pump of March", "Kim and Sons"),
        ("Ulm, 12 March 2025\n\nDear Mr. Brown,", "Ulm, 12 March 2025", None),
        ("Old Mill Society\n12 March 2025\n1. What we have decided", "Old Mill Society", None),
        ("To: Ann Lee\nFrom: Bob Kim\nDate: 12 March 2025\nRe: The pump of the well", "The pump of the well", None),
        ("Kind regards from all\nAnn\n---\nFrom: Bob Kim\nTo: Ann Lee\nDate: 12 March 2025", "From: Bob Kim", None),
    ],
)  # fmt: skip
def test_a_head_tells_title_and_publisher(head: str, title: str, publisher: str | None) -> None:
    (found,) = split(f"{head}\n\n{TEXT}")
    assert (found.title, found.publisher, found.published) == (title, publisher, "2025-03-12")


def test_the_first_heading_of_a_markdown_file_is_its_title() -> None:
    said = "\n\n3 May 2025\n\nWhat we agreed upon with the landlord\n\nThe rent stays at nine hundred until May.\n"
    for name, head in (("a.md", "# *Rent*"), ("a.md", "Rent\n====")):
        (found,) = split_articles(to_document(FileBytes(name, f"{head}{said}".encode(), {})))
        assert (found.title, found.publisher, found.published) == ("Rent", None, "2025-05-03")
    assert to_document(FileBytes("a.md", f"---\ntitle: Told\n---\n# Rent{said}".encode(), {})).title == "Told"
    assert to_document(FileBytes("a.md", f"## Rent{said}".encode(), {})).title is None


def test_the_date_of_a_byline() -> None:
    text = (
        "Storm destroys the pier of Ulm\n\nBy Carl Jensen, 3 November 2025\n\nA storm broke the pier on Saturday night."
    )
    (article,) = split_articles(Document(text, source="a.txt"))
    assert (article.title, article.published) == ("Storm destroys the pier of Ulm", "2025-11-03")


def test_what_stands_over_a_byline_is_the_title_however_short() -> None:
    text = "Canal opens\n\nBy Jo March, 3 March 2026\n\nThe canal at Wexley opened on Monday, with 14 locks."
    (article,) = split_articles(Document(text, source="canal.txt"))
    assert (article.title, article.publisher, article.published) == ("Canal opens", None, "2026-03-03")
