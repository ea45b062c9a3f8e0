"""What a line of a saved page is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.dates import is_iso
from rag.lines import PROSE_CHARS, Kind, is_time, kind_of, moment, to_lines

LINES = {
    Kind.BLANK: ["", "   ", "\t", "#", "\u00a0"],
    Kind.PROSE: [
        "The river bridge at Ulm opened to traffic on Monday.",
        "“We have waited long enough for this bridge to open,”",
        'She said: "The town has waited long enough!"',
        "He asked why the museum had not opened yet…",
        "word " * (PROSE_CHARS // 5 + 1),
    ],
    Kind.TIME: [
        "9 hours ago", "a minute ago", "An hour ago", "2 days ago", "3 mins ago", "Updated 5 hours ago",
        "Posted: 2 weeks ago",
        "20 August 2025", "Aug 20, 2025", "August 20th, 2025", "2025-08-20", "2025-08-20 10:15",
        "Wed, 20 Aug 2025 10:15",
        "Published: 20 August 2025", "Published on Aug 20, 2025", "20/08/2025",
    ],
    Kind.RELATED: [
        "Related", "Related Articles", "RELATED STORIES:", "Also in Bavaria", "More from The Courier",
        "Read more", "See also",
        "You may also like", "Most read", "The Latest", "Editor's picks", "Editor’s Picks", "Trending now",
        "## See also",
    ],
    Kind.COMMENTS: ["Comments", "Comments (3)", "12 comments", "Leave a comment", "Join the discussion"],
    Kind.SITE: [
        "Share this article", "Share on X", "Follow us on Facebook", "Subscribe", "Sign in", "Log out", "Advertisement",
        "Sponsored content", "Copy link", "Skip to main content", "Back to top", "Cookie policy", "Accept all cookies",
    ],
    Kind.FURNITURE: ["Share", "Print", "Required", "Tags", "Hashtags", "Loading..."],
    Kind.MARKER: ["A+ A-", "| 1 2 >", "---", "***", "<< >>", "1 / 5"],
    Kind.SHORT: [
        "Bridge opens in Ulm after nine years", "By Jane Doe", "The Courier", "To be published in 2026",
        "1500", "Page 2025",
        "Required reading for builders", "Related to nobody in town, she said", "in 2025", "Mayor",
        "5 million", "Ärger",
        "The comments of the mayor on the bridge", "橋は五月に開通する",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "line"), [(kind, line) for kind, lines in LINES.items() for line in lines])
def test_kinds(kind: Kind, line: str) -> None:
    assert kind_of(line) is kind


@pytest.mark.parametrize(
    "line",
    ["in March 2025 the bridge", "2025", "March", "Monday", "1999 people", "May 2025 be better", "20", "10:15", ""],
)
def test_no_times(line: str) -> None:
    assert not is_time(line)


@pytest.mark.parametrize(
    ("line", "page", "date"),
    [
        ("20 August 2025", None, "2025-08-20"),
        ("Published: Aug 20, 2025 10:15", "2026", "2025-08-20"),
        ("9 hours ago", "2025-08", "2025-08"),
        ("a day ago", "2025-08-01", "2025-07-31"),
        ("2 weeks ago", "2025-08-20", "2025-08-06"),
        ("3 months ago", "2025-08-20", "2025-05-22"),
        ("a year ago", "2025", "2024-01/2024-12"),
        ("9 hours ago", None, None),
        ("Date: 12.03.2025", None, "2025-03-12"),
        ("12. 3. 2025, 10:15", None, "2025-03-12"),
        ("Posted: 03/05/2025", None, "2025-03-05/2025-05-03"),
        ("3-5-2025", None, "2025-03-05/2025-05-03"),
        ("05/05/2025", None, "2025-05-05"),
        ("20/08/2025", None, "2025-08-20"),
        ("08/20/2025", None, "2025-08-20"),
        ("2025-03-05 10:15", None, "2025-03-05"),
        ("9000 years ago", "2025", None),
        ("99999999999999999999 days ago", "2025", None),
    ],
)
def test_moments(line: str, page: str | None, date: str | None) -> None:
    assert moment(line, page) == date


def test_a_paragraph_wrapped_at_a_width_is_one_line() -> None:
    wrapped = """The river bridge at Ulm opened to traffic on Monday after
nine years of work, and the mayor of the town, who had
promised it to her voters before the last election, was
the first to walk over it. Behind her came a band, and
behind the band came everybody who had found no place
on the stands.

A second paragraph, which is as long as the first one
and is wrapped like it, says that the museum opens in
the same month, if its director is to be believed.
- an item stays alone
- another one too"""
    assert [line.text for line in to_lines(wrapped)] == [
        " ".join(wrapped.split("\n\n")[0].split("\n")),
        "",
        " ".join(wrapped.split("\n\n")[1].split("\n")[:3]),
        "- an item stays alone",
        "- another one too",
    ]


def test_an_address_longer_than_the_width_leaves_the_rest_wrapped() -> None:
    address = "https://rooms.example/" + "meeting-" * 12
    wrapped = f"""The engineer of the house will come on 14 May between
nine and eleven, so somebody must be there to open the
door of the cellar to her and show her the boiler.

The plan of the visit is here: {address}

Please do not switch the boiler on before she has
been there, and keep the old filter for her to see."""
    assert [line.text for line in to_lines(wrapped) if line.text] == [
        " ".join(paragraph.split("\n")) for paragraph in wrapped.split("\n\n")
    ]


LETTER = """When you have read this letter, please keep it beside the
boiler, so that whoever looks after the house in winter
finds the numbers of all who can help, even at night.

"""
CONTACTS = """Plumber Ann Lee of Lee and Daughters, Ulm, telephone 4711
Electrician Roe Ltd, open on weekdays till six, telephone 4712
Chimney sweep Bob Kim, who comes in March, telephone 4713
Glazier Cara Poe, also for doors of shops, telephone 4714
Locksmith Dan May, by day and by night, telephone 4715"""
TIMETABLE = """Town hall         7:05    8:05    9:05   10:05   11:05
River bridge      7:12    8:12    9:12   10:12   11:12
Old museum        7:20    8:20    9:20   10:20   11:20
Hospital          7:31    8:31    9:31   10:31   11:31
Terminus          7:40    8:40    9:40   10:40   11:40"""


@pytest.mark.parametrize("rows", [CONTACTS, TIMETABLE])
@pytest.mark.parametrize("above", ["", LETTER])
def test_rows_of_about_one_width_stay_apart(above: str, rows: str) -> None:
    found = [line.text for line in to_lines(above + rows) if line.text]
    assert found == [*([" ".join(above.split())] if above else []), *rows.split("\n")]


def test_letters_without_capitals_go_on() -> None:
    line = "افتتح العمدة الجسر الجديد يوم الإثنين أمام جمع كبير من الناس"
    assert [found.text for found in to_lines("\n".join([line] * 5))] == [" ".join([line] * 5)]


def test_lines_whose_format_tells_paragraphs_stay_as_they_are() -> None:
    assert [line.text for line in to_lines(LETTER, unwrapped=True)] == LETTER.split("\n")


def test_lines_that_end_their_sentences_are_not_wrapped() -> None:
    text = "\n".join(f"This is sentence number {number}, and it ends where its line ends." for number in range(8))
    assert [line.text for line in to_lines(text)] == text.split("\n")


def test_a_long_line_means_that_nothing_was_wrapped() -> None:
    text = "\n".join(["a line that breaks off in the middle of the sentence and goes"] * 6 + ["long " * 40])
    assert len(to_lines(text)) == 7


@given(st.text(max_size=300))
def test_any_line_has_a_kind(text: str) -> None:
    for line in to_lines(text):
        assert line.text == line.text.strip()
        assert (line.kind is Kind.BLANK) == (not line.text.lstrip("#").strip())


@given(
    st.text(alphabet="0123456789 ahoursdyinkmtegAMP:,-/.20", max_size=40), st.sampled_from([None, "2025", "2025-08-20"])
)
def test_any_moment_is_a_date_or_unknown(text: str, page: str | None) -> None:
    found = moment(text, page)
    assert found is None or is_iso(found)


@given(st.lists(st.text(st.characters(exclude_characters="\n"), max_size=110), max_size=12))
def test_unwrapping_keeps_every_word(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert " ".join(line.text for line in to_lines(text)).split() == text.split()


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("By Jane Doe | Published on 3 March 2025, 14:05 GMT | Updated 4 March 2025", "2025-03-03"),
        ("By Jane Doe • Updated March 4, 2025 • Published March 3, 2025", "2025-03-03"),
        ("Published on 3 March 2025 by Jane Doe", "2025-03-03"),
        ("By Jane Doe, Reuters | 3 March 2025 | 5 min read", "2025-03-03"),
        ("By Jane Doe and John Roe — Last updated at 14:05 on 4 March 2025", "2025-03-04"),
        ("First published: 3 March 2025", "2025-03-03"),
        ("By Jane Doe | 9 hours ago", "2025-03-03"),
        ("bridge | 3 March 2025 | 400", None),
        ("The Courier | 3 March 2025", None),
        ("By 3 March 2025 | the bridge | must be paid", None),
        ("3 March 2025 | It opened by a hair's breadth.", None),
    ],
)
def test_the_date_in_a_byline(line: str, day: str | None) -> None:
    assert is_time(line) == (day is not None)
    if day:
        assert moment(line, "2025-03-03") == day
