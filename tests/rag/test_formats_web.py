"""Pages of ten kinds: what is kept, what is gone, what they say of themselves; encodings; several reports on a page."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from rag.articles import split_articles
from rag.errors import ReadError
from rag.formats.blocks import blocks
from rag.formats.parts import stated
from rag.formats.web import parse, read_html
from rag.read import FileBytes, to_document

FIRST = "The bridge over the river opened on Monday after nine years of building, the mayor said in her speech."
SECOND = "It cost 400 million, which is twice what had been planned, and was paid for by the town and the region."
THIRD = "Two hundred guests came to the opening, and the first cars crossed it in the early afternoon of that day."
MENU = "<nav><ul><li><a href=/>Home</a><li><a href=/s>Sport</a><li><a href=/w>Weather today</a></ul></nav>"
FOOTER = (
    "<footer><p>Copyright 2019 Example Media. All rights are reserved by the owner.</p><a href=/p>Privacy</a></footer>"
)
COOKIES = (
    '<div id="cookie-banner" class="consent"><p>We use cookies to make this site better for all of our visitors.</p>'
    "<button>Accept all</button></div>"
)
SIDE = '<aside class="sidebar"><h3>Most read</h3><ul><li><a href=/1>Cat on the roof rescued</a></ul></aside>'


@dataclass(frozen=True)
class Layout:
    """A page, and what reading it must give."""

    head: str
    body: str
    title: str | None
    kept: tuple[str, ...]
    gone: tuple[str, ...] = ()
    published: str | None = None
    publisher: str | None = None


NEWS = Layout(
    head="<title>Bridge opens after nine years | The Courier</title>"
    '<meta property="og:site_name" content="The Courier">'
    '<meta property="article:published_time" content="2025-08-20T10:15:00Z">'
    '<meta property="article:modified_time" content="2025-09-01">',
    body=f"{MENU}<main><article><h1>Bridge opens after nine years</h1><p class=byline>By Anna Lee</p><p>{FIRST}</p>"
    f"<div class=share-buttons><a href=#>Share on Birdsite</a></div><h2>What it cost</h2><p>{SECOND}</p><p>{THIRD}</p>"
    f"</article></main>{SIDE}{FOOTER}",
    title="Bridge opens after nine years",
    kept=(FIRST, "What it cost", SECOND, THIRD),
    gone=("Weather today", "Birdsite", "Cat on the roof", "All rights"),
    published="2025-08-20",
    publisher="The Courier",
)
BLOG = Layout(
    head="<title>On bridges – Anna's blog</title>",
    body=f"<div id=masthead><h1 class=site>Anna's blog</h1>{MENU}</div><div class=post><h2>On bridges</h2>"
    f"<p><time datetime=2025-08-20>20 August</time></p><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p></div>"
    f"<div class=pagination><a href=/2>Older posts</a></div>{FOOTER}",
    title="On bridges",
    kept=(FIRST, SECOND, THIRD),
    gone=("Older posts", "All rights"),
    published="2025-08-20",
)
WIKI = Layout(
    head='<title>Old Bridge - Freepedia</title><meta property="og:site_name" content="Freepedia">',
    body=f"<div id=mw-navigation>{MENU}</div><h1 id=firstHeading>Old Bridge</h1><div id=toc class=toc><ul><li>"
    f"<a href=#h>1 History</a></ul></div><p><b>Old Bridge</b> is a bridge. {FIRST}</p><h2>History</h2><p>{SECOND}</p>"
    "<table class=infobox><tr><th>Length</th><td>300 m</td></tr><tr><th>Width</th><td>20 m</td></tr></table>"
    f"<p>{THIRD}</p>{FOOTER}",
    title="Old Bridge",
    kept=(FIRST, "History", SECOND, "Length | 300 m", THIRD),
    gone=("1 History", "Weather today"),
    publisher="Freepedia",
)
FORUM = Layout(
    head="<title>When does the bridge open?</title>",
    body=f"{MENU}<div class=thread><h1>When does the bridge open?</h1>"
    + "".join(f"<div class=post><span class=user>user{n}</span><p>{text}</p></div>" for n, text in
              enumerate((FIRST, SECOND, THIRD)))
    + f"</div><form><textarea>Your reply</textarea><button>Send</button></form>{FOOTER}",
    title="When does the bridge open?",
    kept=(FIRST, SECOND, THIRD),
    gone=("Your reply", "Send", "All rights"),
)  # fmt: skip
DOCS = Layout(
    head="<title>Configure the bridge — bridgelib 2.1 documentation</title>",
    body=f"<div class=sphinxsidebar role=navigation>{MENU}</div><div role=main><h1>Configure the bridge</h1>"
    f"<p>{FIRST}</p><pre>bridge.open()\nbridge.close()</pre><ul><li>One point that is made.</li>"
    "<li>Another point.</li></ul>"
    f"<p>{SECOND}</p><p>{THIRD}</p></div>{FOOTER}",
    title="Configure the bridge",
    kept=(FIRST, "bridge.open()", "Another point.", SECOND),
    gone=("Weather today",),
)
AGGREGATOR = Layout(
    head="<title>The Courier: news of the day</title>",
    body=MENU
    + "".join(
        f"<article><h2>The {name} bridge was opened at last</h2>"
        f"<p><time datetime=2025-08-{day}>{day} August 2025</time></p>"
        f"<p>{text}</p><p>The {name} bridge was the talk of the town for all of that week, people said.</p></article>"
        for name, day, text in (("old", 20, FIRST), ("new", 21, SECOND), ("long", 22, THIRD))
    )
    + FOOTER,
    title="The Courier: news of the day",
    kept=(FIRST, SECOND, THIRD, "20 August 2025", "22 August 2025"),
    gone=("Weather today", "All rights"),
)
NEWSLETTER = Layout(
    head="<title>Town letter, August</title>",
    body="<table width=600><tr><td><table><tr><td><h1>Town letter</h1></td></tr></table></td></tr>"
    f"<tr><td><p>{FIRST}</p><p>{SECOND}</p></td></tr><tr><td><p>{THIRD}</p></td></tr></table>",
    title="Town letter",
    kept=(FIRST, SECOND, THIRD),
)
NOTICE = Layout(
    head='<title>Notice 12</title><meta name="dcterms.issued" content="2025-08">'
    '<meta name="dcterms.title" content="Closure of the old bridge">'
    '<meta name="dcterms.publisher" content="Ministry of Roads">',
    body=f'<div role="banner">{MENU}</div><main><h1>Closure of the old bridge</h1><ol><li>{FIRST}</li>'
    f"<li>{SECOND}</li></ol><p>{THIRD}</p></main>{FOOTER}",
    title="Closure of the old bridge",
    kept=(FIRST, SECOND, THIRD),
    gone=("Weather today",),
    published="2025-08",
    publisher="Ministry of Roads",
)
TABLE = Layout(
    head="<title>Bridges by length</title>",
    body=f"{MENU}<h1>Bridges by length</h1><p>{FIRST}</p><table><thead><tr><th>Bridge</th><th>Length</th></tr></thead>"
    + "".join(f"<tr><td>Bridge {n}</td><td>{n}00 m</td></tr>" for n in range(1, 9))
    + f"</table>{FOOTER}",
    title="Bridges by length",
    kept=(FIRST, "Bridge | Length", "Bridge 8 | 800 m"),
    gone=("Weather today",),
)
SINGLE = Layout(
    head='<title>Our bridge</title><script type=\'application/ld+json\'>{"@type": "Article", "headline": "Our bridge", '
    '"datePublished": "2025-08-20", "publisher": {"name": "Bridge Society"}}</script>',
    body=f"{COOKIES}<div id=app><h1>Our bridge</h1><div><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p></div></div>"
    "<noscript>Please switch JavaScript on to see all of this page.</noscript><div hidden>Hidden words.</div>",
    title="Our bridge",
    kept=(FIRST, SECOND, THIRD),
    gone=("cookies", "Accept all", "JavaScript", "Hidden words", "@type"),
    published="2025-08-20",
    publisher="Bridge Society",
)
LAYOUTS = {
    "news": NEWS, "blog": BLOG, "wiki": WIKI, "forum": FORUM, "docs": DOCS, "aggregator": AGGREGATOR,
    "newsletter": NEWSLETTER, "notice": NOTICE, "table": TABLE, "single": SINGLE,
}  # fmt: skip


def page(head: str, body: str) -> bytes:
    return f"<!doctype html><html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>".encode()


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_layouts(layout: Layout) -> None:
    found = to_document(FileBytes("a.html", page(layout.head, layout.body), {}))
    lines = found.text.split("\n")
    assert [text for text in layout.kept if not any(text in line for line in lines)] == []
    assert [text for text in layout.gone if text in found.text] == []
    assert (found.title, found.publisher, found.published) == (layout.title, layout.publisher, layout.published)
    assert found.dated == ("HTML meta" if layout.published else "")


def test_headings_and_rows_are_lines_of_their_own() -> None:
    lines = read_html(page(NEWS.head, NEWS.body)).text.split("\n")
    assert "What it cost" in lines and FIRST in lines


def test_lists_of_the_text_are_kept_and_lists_of_links_are_not() -> None:
    people = "<h2>People</h2><ul><li>Ann Lee (1719–1790), painter<li>Carl Berg (1829–1902), engineer</ul>"
    sights = "<h2>Sights</h2><ul><li><b>The belfry</b> (1534) is 29 metres high.<li><b>The church</b> is of 1762.</ul>"
    more = (
        "<ul><li><a href=/1>Cat on the roof rescued by firemen</a><li><a href=/2>Weather for the week to come</a></ul>"
    )
    body = f"<h1>Ulm</h1><p>{FIRST}</p>{sights}<p>{SECOND}</p><p>{THIRD}</p>{people}<h2>See also</h2>{more}"
    text = read_html(page("<title>Ulm</title>", body)).text
    kept = ("Sights", "The belfry (1534) is 29 metres high.", "People", "Ann Lee (1719–1790), painter", THIRD)
    assert all(one in text for one in kept) and "Cat on the roof" not in text


@pytest.mark.parametrize(
    "around",
    [
        "<h3>3 Comments</h3><ol class=commentlist><li>Bob says: I hate this bridge, it cost 9 million.</ol>",
        "<ul class=tags><li>bridge I hate<li>mayor</ul>",
    ],
)
def test_lists_around_a_text_are_not_of_it(around: str) -> None:
    body = f"<article><h1>Bridge opens</h1><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>{around}</article>"
    text = read_html(page("<title>Bridge opens</title>", body)).text
    assert THIRD in text and "I hate" not in text


PARTS = "".join(f"<h2>Part {n}</h2><p>{text}</p>" for n, text in enumerate((FIRST, SECOND, THIRD), 1))


@pytest.mark.parametrize(
    "section",
    [
        "<section id=login><h2>Log in</h2><p>The pump stands behind the mill.</p></section>",
        "<section id=shared-folders><h2>Shared folders</h2><p>The pump stands behind the mill.</p></section>",
        "<section id=comments><h2>Comments</h2><p>The pump stands behind the mill.</p></section>",
        "<div id=sharing><h3>How to share</h3><p>The pump stands behind the mill.</p></div>",
        "<div class=menu><p>The pump stands behind the mill: 18.50 euros</p></div>",
        "<aside class=warning><p>The pump stands behind the mill. See <a href=#mill>Mill</a>.</p></aside>",
        "<h2 id=print>Print the pump stands behind the mill</h2><p>Nine of them.</p>",
    ],
)
@pytest.mark.parametrize("page_parts", ["", PARTS], ids=["short", "long"])
def test_a_section_is_kept_whatever_it_is_called(section: str, page_parts: str) -> None:
    text = read_html(page("<title>Mill</title>", f"<h1>Mill</h1><p>{FIRST}</p>{section}{page_parts}")).text
    assert "pump stands behind the mill" in text


@pytest.mark.parametrize(
    "around",
    [
        "<div id=comments><h2>Comments</h2><div class=comment><p>Bob says that he hates the pump.</p></div></div>",
        "<div id=related><h2>Related</h2><p><a href=/1>They say the pump was sold on Monday.</a></p></div>",
        "<div class=share><span>Share the pump</span></div>",
        "<div class=footer><p>Copyright 2019 by the owners of the pump. All rights are reserved.</p></div>",
        "<div id=footer><h4>About us</h4><p>We have written about the pump since 1900.</p></div>",
        "<aside class=sidebar><p>Anna Lee writes about the pump and about bridges.</p></aside>",
        "<aside><h3>Most read</h3><p><a href=/1>They say the pump was sold on Monday.</a></p></aside>",
        "<aside><p>Sign up for our letter about the pump today.</p><form><input></form></aside>",
        "<div class=menu><button>Open</button><p>Everything about the pump and the mill</p></div>",
    ],
)
def test_what_does_a_sites_work_is_left_out(around: str) -> None:
    text = read_html(page("<title>Mill</title>", f"<h1>Mill</h1>{around}{PARTS}")).text
    assert THIRD in text and "pump" not in text


def test_a_page_of_very_many_lists_is_read_in_one_go() -> None:
    one = (
        "<dl class=method><dt>open(bridge)<dd>Opens the bridge for the mayor and all of her guests, as it is said.</dl>"
    )
    text = read_html(page("<title>Bridge</title>", f"<p>{FIRST}</p><p>{SECOND}</p>{one * 3000}<p>{THIRD}</p>")).text
    assert FIRST in text and THIRD in text


def test_the_line_with_the_day_over_a_report_is_kept() -> None:
    body = (
        f"<h1>Bridge opens</h1><p>By Ann Lee, Ulm — 12 July 2023, 08:20</p><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"
    )
    found = read_html(page("<title>Bridge opens</title>", body))
    assert "12 July 2023" in found.text
    assert split_articles(found)[0].published == "2023-07-12"


def test_a_page_of_several_reports_is_taken_apart() -> None:
    articles = split_articles(read_html(page(AGGREGATOR.head, AGGREGATOR.body)))
    dated = {article.published: article for article in articles if article.published}
    assert sorted(dated) == ["2025-08-20", "2025-08-21", "2025-08-22"]
    assert FIRST in dated["2025-08-20"].text and THIRD in dated["2025-08-22"].text


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig", "utf-8", "utf-16-le"])
def test_undeclared_encodings(encoding: str) -> None:
    text = (
        "<html><body><p>Die Brücke über den Fluss kostet fünf Millionen €, sagt die Bürgermeisterin.</p></body></html>"
    )
    assert "Die Brücke über den Fluss kostet fünf Millionen €" in read_html(text.encode(encoding)).text


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("windows-1251", "cp1251"),
        ("shift_jis", "shift_jis"),
        ("iso-8859-1", "cp1252"),
        ("utf-16", "utf-8"),
        ("x", "utf-8"),
    ],
)
def test_declared_encodings(declared: str, encoding: str) -> None:
    words = {"cp1251": "Мост откроется в мае.", "shift_jis": "橋は五月に開通する。"}.get(
        encoding, "Sie sagte: „Brücke“."
    )
    text = f'<html><head><meta charset="{declared}"></head><body><p>{words}</p></body></html>'
    assert words in read_html(text.encode(encoding)).text
    text = f"<?xml version='1.0' encoding='{declared}'?><html><body><p>{words}</p></body></html>"
    assert words in read_html(text.encode(encoding)).text


@pytest.mark.parametrize(
    ("head", "body", "published"),
    [
        ('<meta name="date" content="2025">', "", "2025"),
        ('<meta name="citation_date" content="2025/08">', "", "2025-08"),
        ('<meta itemprop="datePublished" content="20 August 2025">', "", "2025-08-20"),
        ("", "<time datetime=2025-08-20T23:00:00-05:00>x</time>", "2025-08-20"),
        ("", "<time>20 August 2025</time>", "2025-08-20"),
        ("", "<time pubdate datetime=2025-08-20></time><time datetime=2020-01-01></time>", "2025-08-20"),
        ("", "<time datetime=2025-08-20></time><time datetime=2020-01-01></time>", None),
        ("", "<footer>Copyright 2019</footer><p>Opened on 2024-01-05 or so.</p>", None),
        ('<link rel="canonical" href="https://example.org/2024/01/05/x">', "", None),
        ('<meta property="article:modified_time" content="2025-08-20">', "", None),
        ('<meta name="date" content="1970-01-01">', "", None),
        ('<script type="application/ld+json">{not json</script>', "", None),
    ],
)
def test_only_a_stated_date_counts(head: str, body: str, published: str | None) -> None:
    assert read_html(page(head, f"<p>{FIRST}</p>{body}")).published == published


@pytest.mark.parametrize(
    ("title", "site", "shown"),
    [
        ("Bridge opens | The Courier", "The Courier", "Bridge opens"),
        ("The Courier: Bridge opens", "The Courier", "The Courier: Bridge opens"),
        ("The Courier - Bridge opens", "the courier", "Bridge opens"),
        ("Bridge opens | The Courier", "", "Bridge opens | The Courier"),
        ("Bridge - tunnel - The Courier", "The Courier", "Bridge - tunnel"),
        ("The Courier", "The Courier", "The Courier"),
    ],
)
def test_titles(title: str, site: str, shown: str) -> None:
    meta = f'<meta property="og:site_name" content="{site}">' if site else ""
    assert read_html(page(f"<title>{title}</title>{meta}", f"<p>{FIRST}</p>")).title == shown


def test_words_without_markup_and_none_at_all() -> None:
    assert read_html(b"Just words.").text == "Just words."
    for data in (b"<html></html>", b"<!-- only this -->", b"   ", b"<script>x</script>"):
        assert read_html(data).text == ""


def test_breaks_in_sentences_and_after_them() -> None:
    root = parse("<p>The bridge<br>was opened.<br>It is new.<br><br>Another paragraph.</p>")
    assert blocks(root) == ["The bridge was opened.\nIt is new.", "Another paragraph."]


def test_code_in_a_sentence_and_alone() -> None:
    body = (
        f"<p>{FIRST}</p><p>We call <code>bridge.open()</code>, and then <kbd>Enter</kbd> is pressed by all of us.</p>"
    )
    found = read_html(page("", f"{body}<pre><code>one\ntwo</code></pre><p>{SECOND}</p><p>{THIRD}</p>")).text.split(
        "\n\n"
    )
    assert "We call bridge.open(), and then Enter is pressed by all of us." in found
    assert "one\ntwo" in found


def test_a_very_long_line_and_very_deep_elements() -> None:
    assert len(read_html(b"<p>" + b"word " * 200_000 + b"</p>").text) == 999_999
    read_html(b"<div>" * 5000 + b"x")


def test_nul_bytes() -> None:
    with pytest.raises(ReadError, match="binary"):
        read_html(b"<p>a\0b</p>")


def test_stated() -> None:
    values = {
        "2025-08-20T10:15:00+02:00": "2025-08-20", "2025-8-2": "2025-08-02", "20250820": "2025-08-20", "2025": "2025",
        "Aug 20, 2025": "2025-08-20", "20. August 2025": "2025-08-20", "Wed, 20 Aug 2025 10:15 GMT": "2025-08-20",
        "August 2025": "2025-08", "2025-13-45": None, "": None, "0001-01-01": None, "31 February 2025": None,
        "20th of August": None, "12345678901": None,
    }  # fmt: skip
    assert {value: stated(value) for value in values} == values


def report(heading: str, when: str, text: str, *, below: bool = False) -> str:
    stamp = f"<p class=meta>By Anna Lee · <time datetime='{when}'>3 hours ago</time></p>"
    return f"<article><h2>{heading}</h2>{'' if below else stamp}<p>{text}</p>{stamp if below else ''}</article>"


@pytest.mark.parametrize("below", [False, True])
def test_each_of_several_reports_has_its_own_date(below: bool) -> None:
    body = "".join(
        report(f"The {name} report of the day", f"2025-08-{day}T10:00:00Z", text, below=below)
        for name, day, text in (("first", 20, FIRST), ("second", 21, SECOND), ("third", 22, THIRD))
    )
    found = read_html(page("<title>The Courier</title>", f"{MENU}<main>{body}</main>{FOOTER}"))
    assert found.published is None
    dated = {article.published: article.text for article in split_articles(found)}
    assert FIRST in dated["2025-08-20"] and SECOND in dated["2025-08-21"] and THIRD in dated["2025-08-22"]


def test_the_date_of_the_report_and_not_of_remarks_or_teasers() -> None:
    remark = "<article class=remark><time datetime=2025-08-25></time><p>Too narrow.</p></article>"
    body = f"<article><h1>Bridge</h1><time datetime=2025-08-20>x</time><p>{FIRST}</p>{remark}</article>"
    teasers = "<div><time datetime=2025-07-01>1 July</time><a href=/1>Cat rescued</a></div>"
    assert read_html(page("", body + teasers)).published == "2025-08-20"
    assert read_html(page("", f"<p>{FIRST}</p>" + teasers + teasers.replace("07", "06"))).published is None
