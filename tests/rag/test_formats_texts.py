"""Mail, books, Rich Text and OpenDocument."""

from __future__ import annotations

import pytest

from rag.articles import split_articles
from rag.errors import ReadError
from rag.formats.book import read_epub
from rag.formats.mail import read_eml
from rag.formats.opendocument import read_odt
from rag.formats.rich import read_rtf
from rag.read import FileBytes, to_document
from rag.types import Document
from tests.rag.files import eml, epub, odt, packed, repacked

HEAD = {
    "From": "Anna Lee <anna@example.org>",
    "To": "Bob <bob@example.org>",
    "Date": "Wed, 20 Aug 2025 10:15:00 +0200",
    "Subject": "The bridge",
}


def blocks(document: Document) -> list[str]:
    return [block.strip() for block in document.text.split("\n\n") if block.strip()]


def test_mail() -> None:
    found = to_document(FileBytes("a.eml", eml("The bridge opens in May.\n\nAnna\n", **HEAD), {}))
    assert (found.title, found.publisher, found.published) == ("The bridge", "Anna Lee", "2025-08-20")
    assert found.dated == "mail header"
    assert blocks(found) == [
        "From: Anna Lee <anna@example.org>\nTo: Bob <bob@example.org>",
        "The bridge opens in May.",
        "Anna",
    ]
    (article,) = split_articles(found)
    assert "To: Bob" in article.text and "opens in May" in article.text


def test_plain_text_is_preferred_and_a_page_is_read_where_there_is_none() -> None:
    page = "<html><body><p>The bridge opens in <b>June</b>, says the page.</p></body></html>"
    assert "May" in read_eml(eml("It opens in May.", html=page, **HEAD)).text
    assert blocks(read_eml(eml("", html=page, **HEAD)))[-1] == "The bridge opens in June, says the page."


@pytest.mark.parametrize(
    "tail",
    [
        "\nOn Tue, 19 Aug 2025, Bob wrote:\n> When does it open?\n>\n> Bob\n",
        "\nAm 19.08.2025 um 10:00 schrieb Bob\n<bob@example.org>:\n> Wann?\n",
        "\n> When does it open?\n\n",
        "\n-- \nAnna Lee\nTown hall\n",
        "\n-----Original Message-----\nFrom: Bob\nWhen does it open?\n",
        "\nFrom: Bob <bob@example.org>\nSent: Tuesday, 19 August 2025 10:00\nTo: Anna\nSubject: The bridge\n\nWhen?\n",
        "\nFrom: Bob\nSent: Tuesday, 19 August 2025 10:00\nTo: Anna\n\nWhen?\n",
        "\nDe : Bob\nÀ : Anna\nObjet : Le pont\n\nQuand ?\n\n---------- Forwarded message ---------\nPoisoned.\n",
    ],
)
def test_what_is_quoted_below_and_signatures_are_left_out(tail: str) -> None:
    assert blocks(read_eml(eml(f"It opens in May.\n{tail}", **HEAD)))[1:] == ["It opens in May."]


HANDED_ON = "From: Bob <bob@example.org>\nDate: 19 Aug 2025 10:00\nSubject: Well\n\nThe well is ninety metres deep.\n"


@pytest.mark.parametrize(
    ("subject", "tail"),
    [
        ("The well", f"---------- Forwarded message ---------\n{HANDED_ON}"),
        ("The well", f"-- \nAnna\n\n-------- Weitergeleitete Nachricht --------\n{HANDED_ON}"),
        ("The well", "Begin forwarded message:\n\n> From: Bob\n>\n> The well is ninety metres deep.\n"),
        ("FW: The well", f"-----Original Message-----\n{HANDED_ON}"),
        ("[EXT] WG: The well", HANDED_ON),
    ],
)
def test_what_is_forwarded_is_kept(subject: str, tail: str) -> None:
    kept = read_eml(eml(f"See below.\n\n{tail}", **{**HEAD, "Subject": subject})).text
    assert "See below." in kept and "The well is ninety metres deep." in kept
    handed_on = tail.removeprefix("-- \nAnna\n\n")
    page = f"<p>See below.</p><div class='gmail_quote'><!-- x --><div class='gmail_attr'>{handed_on}</div></div>"
    assert "ninety metres" in read_eml(eml("", html=page, **{**HEAD, "Subject": subject})).text


@pytest.mark.parametrize("days", [("Monday 2 June", "Friday 13 June"), ("2 June 2025", "13 June 2025")])
def test_a_form_in_a_mail_is_no_header(days: tuple[str, str]) -> None:
    form = "I ask for leave.\n\nFrom: {}\nTo: {}\n\nCarla stands in for me; write to carla@example.org.".format(*days)
    assert "\n\n".join(blocks(read_eml(eml(form, **HEAD)))[1:]) == form


ANSWER = "It ends on 30 June 2026, says the lease."


@pytest.mark.parametrize(
    "page",
    [
        "<blockquote>When does it end?</blockquote><p>{}</p><blockquote>OK<blockquote>Me?</blockquote></blockquote>",
        "<div class='gmail_quote'><div>On Tue Bob wrote:</div><blockquote>And when?</blockquote><p>{}</p></div>",
        "<div class='moz-cite-prefix'>On Tue Bob wrote:</div><!-- x --><blockquote>When?</blockquote><p>{}</p>",
        "<p>{}</p><div class='yahoo_quoted'><div>Bob asked:</div><div>When?<blockquote>Me?</blockquote></div></div>",
        "<div><p>{}</p><div id='divRplyFwdMsg'><b>From:</b> Bob</div>When?</div><blockquote>When?</blockquote>When?",
    ],
)
def test_answers_around_what_they_answer(page: str) -> None:
    mail = eml("", html=f"<html><body>{page.format(ANSWER)}</body></html>", **HEAD)
    assert blocks(read_eml(mail))[1:] == [ANSWER]


def test_a_page_without_the_mail_that_it_answers() -> None:
    answered = (
        '<div class="gmail_quote"><div>On Tue Bob wrote:</div><blockquote>The well is poisoned.</blockquote></div>'
    )
    page = f"<html><body><p>It opens in May, we think.</p>{answered}</body></html>"
    assert blocks(read_eml(eml("", html=page, **HEAD)))[1:] == ["It opens in May, we think."]


def test_a_page_beside_a_stopgap_is_what_is_read() -> None:
    page = f"<html><body><p>{'The new well is ninety metres deep, and its water is good. ' * 3}</p></body></html>"
    assert "ninety metres" in read_eml(eml("Please view this mail in HTML.", html=page, **HEAD)).text


def test_a_mail_that_only_quotes_is_kept() -> None:
    assert "the words" in read_eml(eml("> the words\n", **HEAD)).text
    assert "the words" in read_eml(eml("", html="<blockquote>the words</blockquote>", **HEAD)).text


def test_attachments_are_named() -> None:
    data = (
        b"From: a@example.org\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n--B\n"
        b"Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit\n\nDie Br\xfccke.\n--B\n"
        b'Content-Type: application/pdf\nContent-Disposition: attachment; filename="plan.pdf"\n\nxx\n--B--\n'
    )
    assert blocks(read_eml(data))[1:] == ["Die Brücke.", "Attachments: plan.pdf"]
    assert read_eml(data).publisher == "a@example.org"


@pytest.mark.parametrize("charset", ["no-such-charset", "utf-8", "hex"])
def test_a_wrong_charset_costs_nothing(charset: str) -> None:
    data = (
        f"Subject: x\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\nDie Br".encode()
    )
    assert blocks(read_eml(data + b"\xfccke.\n")) == ["Die Brücke."]


def test_a_mail_without_a_date_and_no_mail() -> None:
    assert read_eml(eml("Text.", Subject="x")).published is None
    assert read_eml(b"Subject: x\nDate: soon\n\nText.").dated == ""
    with pytest.raises(ReadError, match="not a mail"):
        read_eml(b"Just some words.\nAnd more of them.")


META = (
    "<dc:title>The Bridge</dc:title><dc:publisher>Town Press</dc:publisher>"
    '<dc:date event="creation">2020</dc:date><dc:date event="publication">2025-08</dc:date>'
)


def test_book() -> None:
    data = epub(["<h1>How it began</h1><p>It began in May.</p>", "<p>Then it went on.</p>", "<img/>"], metadata=META)
    found = to_document(FileBytes("a.epub", data, {}))
    assert blocks(found) == ["How it began", "It began in May.", "Then it went on."]
    assert [place for _, place in found.places] == ["How it began", "chapter 2"]
    assert (found.title, found.publisher, found.published) == ("The Bridge", "Town Press", "2025-08")
    assert (found.dated, found.pages) == ("book metadata", 2)


def test_a_book_that_is_none() -> None:
    with pytest.raises(ReadError, match="not an EPUB book: it is a zip archive of something else"):
        read_epub(packed({"a.txt": "Text."}))
    with pytest.raises(ReadError, match="does not name its contents"):
        read_epub(packed({"META-INF/container.xml": "<container/>"}))
    with pytest.raises(ReadError, match="is missing"):
        read_epub(packed({"META-INF/container.xml": "<c><rootfile full-path='a.opf'/></c>"}))


def test_a_protected_book() -> None:
    lock = "<encryption><EncryptedData><CipherReference URI='OPS/text/c0.xhtml'/></EncryptedData></encryption>"
    with pytest.raises(ReadError, match="protected against copying"):
        read_epub(repacked(epub(["<p>x</p>"]), {"META-INF/encryption.xml": lock}))
    fonts = lock.replace("text/c0.xhtml", "font.otf")
    assert read_epub(repacked(epub(["<p>x</p>"]), {"META-INF/encryption.xml": fonts})).text == "x"


def test_open_document() -> None:
    body = (
        "<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes><text:h>Costs</text:h>"
        "<text:p>It cost<text:s/>400<text:tab/>million<text:note><text:note-citation>1</text:note-citation>"
        "<text:note-body><text:p>In 2025.</text:p></text:note-body></text:note>.<office:annotation>"
        "<text:p>hm</text:p></office:annotation></text:p><text:list><text:list-item><text:p>First</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell><text:p>b</text:p>"
        "</table:table-cell></table:table-row></table:table>"
    )
    meta = "<dc:title>Report</dc:title><meta:creation-date>2025-08-20T10:00:00</meta:creation-date>"
    found = to_document(FileBytes("a.odt", odt(body, meta=meta), {}))
    assert blocks(found) == ["Costs", "It cost 400 million.", "In 2025.", "First", "a | b"]
    assert (found.title, found.published, found.dated) == ("Report", "2025-08-20", "document properties")


def test_an_open_document_that_is_none() -> None:
    with pytest.raises(ReadError, match="not an OpenDocument text: it is a zip"):
        read_odt(packed({"a.txt": "Text."}))
    lock = {"META-INF/manifest.xml": "<m xmlns:manifest='x'><manifest:encryption-data/></m>"}
    with pytest.raises(ReadError, match="password"):
        read_odt(repacked(odt("<text:p>x</text:p>"), lock))


def test_rich_text() -> None:
    data = (
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\info{\title Br\'fccke}{\creatim\yr2025\mo8\dy20\hr10}}"
        rb"\f0 The bridge in M\'fcnchen costs 5 \u8364?.\par{\b Second} paragraph.\par}"
    )
    found = to_document(FileBytes("a.rtf", data, {}))
    assert blocks(found) == ["The bridge in München costs 5 €.", "Second paragraph."]
    assert (found.title, found.published, found.dated) == ("Brücke", "2025-08-20", "document properties")


def test_rows_of_tables_carry_the_names_of_their_columns() -> None:
    def row(*cells: str) -> str:
        return f"<table:table-row>{''.join(map(cell, cells))}</table:table-row>"

    def cell(text: str) -> str:
        return f"<table:table-cell><text:p>{text}</text:p></table:table-cell>"

    empty = "<table:table-cell table:number-columns-repeated='2'/>"
    head = f"<table:table-header-rows>{row('Name', 'Town', 'Role')}</table:table-header-rows>"
    last = f"<table:table-row>{empty}{cell('mayor')}</table:table-row>"
    body = f"<table:table>{head}{row('Anna', 'Ulm')}{last}</table:table>"
    assert blocks(read_odt(odt(body))) == ["Name: Anna; Town: Ulm", "Role: mayor"]
    line = r"\trowd \cellx1000\cellx2000 {}\cell {}\cell\row "
    rich = r"{\rtf1\ansi Before.\par " + line.format("Name", "Age") + line.format("Anna", "34") + r"\pard After.\par}"
    assert blocks(read_rtf(rich.encode())) == ["Before.", "Name: Anna; Age: 34", "After."]


def test_no_rich_text() -> None:
    with pytest.raises(ReadError, match="not Rich Text"):
        read_rtf(b"Just words.")
