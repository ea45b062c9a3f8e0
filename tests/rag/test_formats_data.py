"""CSV, JSON and JSON Lines: rows and records that make sense alone, articles recognised, mistakes named."""

from __future__ import annotations

import json

import pytest

from rag.articles import split_articles
from rag.errors import ReadError
from rag.formats.records import read_json, read_jsonl
from rag.formats.sheets import read_csv
from rag.read import FileBytes, to_document
from rag.types import Document

BODY = "The bridge over the river opened on Monday, the mayor said. It cost 400 million."


def blocks(document: Document) -> list[str]:
    return [block.strip() for block in document.text.split("\n\n") if block.strip()]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_csv(sign: str) -> None:
    text = "\n".join(sign.join(row) for row in (["item", "cost"], ["bridge", "400"], [], ["road", "12"]))
    found = to_document(FileBytes("a.csv", text.encode(), {}))
    assert blocks(found) == ["item: bridge; cost: 400", "item: road; cost: 12"]
    assert [place for _, place in found.places] == ["row 2", "row 4"]


def test_csv_with_quoted_cells() -> None:
    found = read_csv(b'name,note\n"Lee, Anna","said ""yes""\nand left"\n')
    assert blocks(found) == ['name: Lee, Anna; note: said "yes" and left']


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16", "utf-16-le"])
def test_csv_encodings(encoding: str) -> None:
    found = read_csv("Straße;Preis\nMüllerstraße;5 €\n".encode(encoding))
    assert blocks(found) == ["Straße: Müllerstraße; Preis: 5 €"]


def test_an_unclosed_quotation_mark() -> None:
    assert "never closed" in read_csv(b'a,b\n1,"never closed\n2,3\n').text


def test_one_column() -> None:
    assert blocks(read_csv(b"A line of words.\nAnother line, of words.\n"))


def test_json_object() -> None:
    value = {"name": "Bridge", "size": {"length": 300, "open": True}, "tags": ["new", "long"], "none": None,
             "parts": [{"n": 1}, {"n": 2}], "empty": ""}  # fmt: skip
    assert blocks(read_json(json.dumps(value).encode())) == [
        "name: Bridge", "size.length: 300", "size.open: true", "tags: new, long", "parts 1.n: 1", "parts 2.n: 2",
    ]  # fmt: skip


def test_json_article() -> None:
    value = {"title": "Bridge opens", "publishedAt": "2025-08-20T10:00:00Z", "source": {"name": "The Courier"},
             "author": "Anna Lee", "content": BODY}  # fmt: skip
    found = read_json(json.dumps(value).encode())
    assert (found.title, found.publisher, found.published) == ("Bridge opens", "The Courier", "2025-08-20")
    assert found.dated == "JSON field"
    assert blocks(found) == ["author: Anna Lee", BODY]


def test_a_sites_address_names_the_publisher() -> None:
    found = read_json(json.dumps({"headline": "x", "text": BODY, "url": "https://www.example.org/a"}).encode())
    assert found.publisher == "example.org"


def test_a_list_of_articles_becomes_articles() -> None:
    values = [
        {
            "title": f"The {name} bridge is open",
            "date": f"2025-08-2{n}",
            "publisher": "The Courier",
            "text": f"{BODY} {name}!",
        }
        for n, name in enumerate(("first", "second", "third"))
    ]
    for document in (
        read_json(json.dumps(values).encode()),
        read_json(json.dumps({"status": "ok", "articles": values}).encode()),
        read_jsonl("\n".join(map(json.dumps, values)).encode()),
    ):
        articles = [article for article in split_articles(document) if "status" not in article.text]
        assert [article.published for article in articles] == ["2025-08-20", "2025-08-21", "2025-08-22"]
        assert [article.title for article in articles] == [value["title"] for value in values]
        assert {article.publisher for article in articles} == {"The Courier"}
        assert [article.place(len(article.text) - 1) for article in articles] == ["record 1", "record 2", "record 3"]


def test_short_records_are_rows() -> None:
    found = read_jsonl(b'{"item": "bridge", "cost": 400}\n\n{"item": "road", "cost": 12.5}\n')
    assert blocks(found) == ["item: bridge; cost: 400", "item: road; cost: 12.5"]
    assert [place for _, place in found.places] == ["record 1", "record 2"]


def test_a_key_ends_no_sentence() -> None:
    found = read_jsonl(b'{"Town": "Ulm", "How was it?": 4}\n{"Town": "Bonn", "How was it?": 5}\n')
    assert blocks(found) == ["Town: Ulm; How was it: 4", "Town: Bonn; How was it: 5"]


@pytest.mark.parametrize(("data", "text"), [(b'"words"', "words"), (b"3", "3"), (b"[]", ""), (b"[1, 2]", "1, 2")])
def test_other_values(data: bytes, text: str) -> None:
    assert read_json(data).text == text


@pytest.mark.parametrize(
    ("read", "data", "said"),
    [
        (read_json, b'{"a": 1,\n "b": }', "not valid JSON: .*line 2"),
        (read_jsonl, b'{"a": }\n{"b": }\n', "not valid JSON: .*line 2"),
        (read_json, b"[" * 200_000, "nested too deeply|not valid JSON"),
    ],
)
def test_invalid(read: object, data: bytes, said: str) -> None:
    with pytest.raises(ReadError, match=said):
        read(data)  # type: ignore[operator]


def test_lines_that_are_no_json_are_left_out_and_counted() -> None:
    found = read_jsonl(b'{"a": "one two"}\n\n{broken\n{"a": "three"}\n{"a": "fo')
    assert "one two" in found.text and "three" in found.text
    assert found.missing == "2 of 4 lines left out, being no JSON: 3, 5"


def test_a_table_is_titled_by_its_file_and_its_rows_stand_apart() -> None:
    found = to_document(FileBytes("prices/roof costs.csv", b"item,cost\nRoof tiles,18250\nScaffolding,6400\n", {}))
    assert found.title == "roof costs"


def test_records_keep_titles_of_two_words() -> None:
    records = [
        {"title": title, "date": date, "source": "Alp Post", "text": f"{title} is what this report is about, it says."}
        for title, date in (("Tunnel delayed", "2025-10-02"), ("Cheese museum opens", "2025-09-01"))
    ]
    found = split_articles(to_document(FileBytes("a.json", json.dumps(records).encode(), {})))
    assert [(one.title, one.publisher, one.published) for one in found] == [
        ("Tunnel delayed", "Alp Post", "2025-10-02"),
        ("Cheese museum opens", "Alp Post", "2025-09-01"),
    ]
