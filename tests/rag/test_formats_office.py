"""Word, PowerPoint and Excel as people write them, and what only looks like them."""

from __future__ import annotations

import io
import re
import zipfile
from contextlib import suppress
from datetime import date, datetime

import docx
import openpyxl
import pptx
import pytest

from rag.articles import split_articles
from rag.errors import ReadError
from rag.formats import archives
from rag.formats.rows import row_lines, table_lines
from rag.formats.sheets import read_xlsx
from rag.formats.slides import read_pptx
from rag.formats.word import read_docx
from rag.read import FileBytes, to_document
from rag.types import Document
from tests.rag.files import packed, repacked, saved

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def blocks(document: Document) -> list[str]:
    return [block for block in document.text.split("\n\n") if block.strip()]


def word() -> bytes:
    document = docx.Document()
    document.core_properties.title = "Bridge report"
    document.core_properties.created = datetime(2025, 8, 20, 10, 15)
    document.sections[0].header.paragraphs[0].text = "Confidential header"
    document.sections[0].footer.paragraphs[0].text = "Footer text"
    document.add_heading("What it cost", 1)
    document.add_paragraph("It cost 400 million.")
    table = document.add_table(2, 2)
    for at, text in enumerate(("Year", "Cost", "2025", "400 million")):
        table.cell(at // 2, at % 2).text = text
    document.add_paragraph("After the table.", style="List Bullet")
    return saved(document)


def test_word_in_its_order() -> None:
    found = to_document(FileBytes("a.docx", word(), {}))
    assert blocks(found) == [
        "What it cost",
        "It cost 400 million.",
        "Year: 2025; Cost: 400 million",
        "After the table.",
    ]
    assert (found.title, found.published, found.dated) == ("Bridge report", "2025-08-20", "document properties")


def test_the_templates_own_properties_say_nothing() -> None:
    document = docx.Document()
    document.add_paragraph("Text.")
    found = read_docx(saved(document))
    assert (found.title, found.published, found.dated) == (None, None, "")
    slides = read_pptx(saved(pptx.Presentation()))
    assert (slides.title, slides.published) == (None, None)


def test_word_without_properties_and_pictures() -> None:
    data = packed(
        {"word/document.xml": f"<w:document xmlns:w='{WORD}'><w:p><w:r><w:t>Text.</w:t></w:r></w:p></w:document>"}
    )
    assert read_docx(data) == Document("Text.")


@pytest.mark.parametrize("level", [0, 1, 2])
def test_a_word_document_is_titled_by_its_first_heading(level: int) -> None:
    document = docx.Document()
    document.add_heading("Rent", level)
    for text in ("3 May 2025", "What we agreed upon with the landlord", "The rent stays at nine hundred until May."):
        document.add_paragraph(text)
    found = read_docx(saved(document))
    assert found.title == ("Rent" if level < 2 else None)
    assert split_articles(found)[0].publisher != "Rent" or level == 2
    document.core_properties.title = "Rent of the mill"
    assert read_docx(saved(document)).title == "Rent of the mill"


def test_the_main_part_may_have_another_name() -> None:
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    kind = "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"
    parts = {
        "_rels/.rels": f"<Relationships><Relationship Type='{kind}' Target='/word/document2.xml'/></Relationships>",
        "word/document2.xml": f"<w:document xmlns:w='{strict}'><w:p><w:r><w:t>Text.</w:t></w:r></w:p></w:document>",
    }
    assert read_docx(packed(parts)).text == "Text."


def word_of(body: str) -> Document:
    base = saved(docx.Document())
    names = f'xmlns:w="{WORD}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    return read_docx(repacked(base, {"word/document.xml": f"<w:document {names}><w:body>{body}</w:body></w:document>"}))


def run(text: str) -> str:
    return f"<w:r><w:t xml:space='preserve'>{text}</w:t></w:r>"


def test_inserted_text_counts_and_deleted_text_does_not() -> None:
    inserted = f"<w:ins>{run('new ')}</w:ins><w:del><w:r><w:delText>old </w:delText></w:r></w:del>"
    link = f"<w:hyperlink>{run('bridge')}</w:hyperlink>"
    assert word_of(f"<w:p>{run('The ')}{inserted}{link}</w:p>").text == "The new bridge"


def test_content_controls_and_text_boxes() -> None:
    control = f"<w:sdt><w:sdtContent><w:p>{run('In a control.')}</w:p></w:sdtContent></w:sdt>"
    box = f"<w:txbxContent><w:p>{run('In a box.')}</w:p></w:txbxContent>"
    both = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    found = word_of(f"{control}<w:p>{run('Beside it.')}<w:r>{both}</w:r></w:p>")
    assert blocks(found) == ["In a control.", "Beside it.", "In a box."]


def test_merged_cells_stand_once_and_tables_in_cells_are_read() -> None:
    inner = f"<w:tbl><w:tr><w:tc><w:p>{run('deep')}</w:p></w:tc></w:tr></w:tbl>"
    cells = f"<w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr><w:p>{run('wide')}</w:p></w:tc>"
    found = word_of(f"<w:tbl><w:tr>{cells}<w:tc>{inner}<w:p/></w:tc></w:tr></w:tbl>")
    assert found.text == "wide | deep"


def test_rows_of_a_word_table_carry_the_names_of_its_columns() -> None:
    def cell(text: str, wide: int = 1) -> str:
        return f"<w:tc><w:tcPr><w:gridSpan w:val='{wide}'/></w:tcPr><w:p>{run(text)}</w:p></w:tc>"

    mark = "<w:trPr><w:tblHeader/></w:trPr>"
    people = f"<w:tr>{mark}{cell('Name')}{cell('Town')}</w:tr><w:tr>{cell('Anna')}{cell('Ulm')}</w:tr>"
    three = f"<w:tr>{cell('Name')}{cell('Town')}{cell('Role')}</w:tr><w:tr>{cell('Anna', 2)}{cell('mayor')}</w:tr>"
    facts = f"<w:tr>{cell('Name')}{cell('Anna')}</w:tr><w:tr>{cell('Town')}{cell('Ulm')}</w:tr>"
    found = word_of("".join(f"<w:tbl>{rows}</w:tbl>" for rows in (people, three, facts)))
    assert blocks(found) == ["Name: Anna; Town: Ulm", "Name: Anna; Role: mayor", "Name | Anna", "Town | Ulm"]


def test_rows_of_a_table_on_a_slide_carry_the_names_of_its_columns() -> None:
    show = pptx.Presentation()
    rows = ["Name", "Age", "Anna", "34", "Boris", "27"]
    table = show.slides.add_slide(show.slide_layouts[6]).shapes.add_table(3, 2, 0, 0, 99, 99).table
    for at, text in enumerate(rows):
        table.cell(at // 2, at % 2).text = text
    assert blocks(read_pptx(saved(show))) == ["Name: Anna; Age: 34", "Name: Boris; Age: 27"]


def test_footnotes_follow_their_paragraph() -> None:
    body = f"<w:p>{run('It cost much.')}<w:r><w:footnoteReference w:id='2'/></w:r></w:p><w:p>{run('Next.')}</w:p>"
    note = f"<w:footnote w:id='2'><w:p>{run('Paid in 2025.')}</w:p></w:footnote>"
    parts = {
        "word/footnotes.xml": f"<w:footnotes xmlns:w='{WORD}'>{note}</w:footnotes>",
        "word/document.xml": f"<w:document xmlns:w='{WORD}'><w:body>{body}</w:body></w:document>",
    }
    assert blocks(read_docx(packed(parts))) == ["It cost much.", "Paid in 2025.", "Next."]


def slides() -> bytes:
    show = pptx.Presentation()
    show.core_properties.title = "Bridge talk"
    show.core_properties.created = datetime(2025, 8, 20)
    first = show.slides.add_slide(show.slide_layouts[1])
    first.placeholders[1].text = "It opens in May\nIt cost 400 million"
    first.shapes.title.text = "The bridge"
    first.notes_slide.notes_text_frame.text = "Thank the mayor."
    second = show.slides.add_slide(show.slide_layouts[5])
    second.shapes.title.text = "Costs"
    table = second.shapes.add_table(1, 2, 0, 0, 99, 99).table
    table.cell(0, 0).text, table.cell(0, 1).text = "2025", "400 million"
    inside = second.shapes.add_group_shape().shapes.add_textbox(0, 0, 9, 9)
    inside.text_frame.text = "In a group"
    return saved(show)


def test_slides() -> None:
    found = to_document(FileBytes("a.pptx", slides(), {}))
    assert [block.strip() for block in blocks(found)] == [
        "The bridge", "It opens in May", "It cost 400 million", "Notes: Thank the mayor.",
        "Costs", "2025 | 400 million", "In a group",
    ]  # fmt: skip
    assert (found.title, found.published, found.pages) == ("Bridge talk", "2025-08-20", 2)
    (article,) = split_articles(found)
    assert article.place(article.text.index("Thank")) == "slide 1"
    assert article.place(article.text.index("In a group")) == "slide 2"


def sheet() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.properties.title = "Costs"
    book.properties.created = datetime(2025, 8, 20)
    costs = book.active
    costs.title = "Costs"
    for row in (
        ["Budget of the town"], [],
        ["item", "cost", None, "paid", "share"], ["bridge", 400.0, None, date(2025, 5, 1), 0.25],
        [None, None], ["road", 12.5, None, datetime(2025, 5, 1, 9, 30), True],
    ):  # fmt: skip
        costs.append(row)
    costs["E4"].number_format = "0%"
    plain = book.create_sheet("No names")
    plain.append([1, 2])
    plain.append([3, 4])
    hidden = book.create_sheet("Hidden")
    hidden.append(["not shown", "x"])
    hidden.sheet_state = "hidden"
    return book


def test_each_row_makes_sense_alone() -> None:
    found = to_document(FileBytes("a.xlsx", saved(sheet()), {}))
    assert [block.strip() for block in blocks(found)] == [
        "Budget of the town",
        "item: bridge; cost: 400; paid: 2025-05-01; share: 25%",
        "item: road; cost: 12.5; paid: 2025-05-01 09:30; share: TRUE",
        "1 | 2",
        "3 | 4",
    ]
    assert [place for _, place in found.places] == [
        "Costs, row 1", "Costs, row 4", "Costs, row 6", "No names, row 1", "No names, row 2",
    ]  # fmt: skip
    assert (found.title, found.published, found.pages) == ("Costs", "2025-08-20", 2)


def test_formulas_without_a_value_are_named() -> None:
    book = openpyxl.Workbook()
    costs = book.active
    costs.title = "Costs"
    for row in (["item", "cost"], ["bridge", 400], ["road", 12], ["sum", "=SUM(B2:B3)"]):
        costs.append(row)
    hidden = book.create_sheet("Hidden")
    hidden.append(["=1+1"])
    hidden.sheet_state = "hidden"
    found = read_xlsx(saved(book))
    assert found.missing == "1 formula has no value in the file, open and save it in Excel: Costs!B4"
    assert found.text.endswith("item: sum")
    data = saved(book)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    for value in ("<v>412</v>", "<v>0</v>"):
        whole = repacked(data, {"xl/worksheets/sheet1.xml": re.sub(r"<v ?/>|<v></v>", value, sheet)})
        assert read_xlsx(whole).missing == ""
    empty = sheet.replace('<c r="B4">', '<c r="B4" t="str">')
    assert read_xlsx(repacked(data, {"xl/worksheets/sheet1.xml": empty})).missing == ""
    for number in range(9):
        costs.append([f"=A{number + 1}"])
    assert read_xlsx(saved(book)).missing.startswith("10 formulas have no value")


def test_rows_stay_apart_on_their_way_through_the_articles() -> None:
    rows = [
        ["project", "what was decided about it"],
        *([f"bridge {n}", "it is to be built next year and paid"] for n in range(9)),
    ]
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    document = read_xlsx(saved(book))
    (article,) = split_articles(document)
    assert article.text.count("project: bridge") == 9
    assert all(line.count("project") <= 1 for line in article.text.split("\n"))
    assert article.place(article.text.index("bridge 7")) == "Sheet, row 9"


LONG = "How content were you with the people who worked at the desk in the hall"


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ([["a", "b"], ["1", "2"]], ["a: 1; b: 2"]),
        ([["1", "2"], ["3", "4"]], ["1 | 2", "3 | 4"]),
        ([["2025-05-01", "x"], ["2025-05-02", "y"]], ["2025-05-01 | x", "2025-05-02 | y"]),
        ([["a", "a"], ["1", "2"]], ["a | a", "1 | 2"]),
        ([["only", "this"]], ["only | this"]),
        ([["name"], ["Anna"]], ["name: Anna"]),
        ([["a", ""], ["1", "2"]], ["a", "1 | 2"]),
        ([["a", "b:"], ["", "2"], ["1", "2", "3"]], ["b: 2", "a: 1; b: 2; 3"]),
        ([["a", "b"], ["x\ny", " "]], ["a: x y"]),
        ([["Item", "2023", "2024"], ["Water", "400", "420"]], ["Item: Water; 2023: 400; 2024: 420"]),
        ([["Costs"], ["", "2023", "2024"], ["Water", "400", "420"]], ["Costs", "Water; 2023: 400; 2024: 420"]),
        (
            [["Item", "Unit", "01/2025", "02/2025"], ["Water", "m3", "30", "31"]],
            ["Item: Water; Unit: m3; 01/2025: 30; 02/2025: 31"],
        ),
        ([["Day", "9:00", "10:30 am"], ["Monday", "Ann", "Bob"]], ["Day: Monday; 9:00: Ann; 10:30 am: Bob"]),
        (
            [["Monday", "9:00", "17:00"], ["Tuesday", "9:00", "17:00"], ["Sunday", "closed", "closed"]],
            ["Monday | 9:00 | 17:00", "Tuesday | 9:00 | 17:00", "Sunday | closed | closed"],
        ),
        ([["Anna", "2019", "2021"], ["Bob", "2018", "2020"]], ["Anna | 2019 | 2021", "Bob | 2018 | 2020"]),
        ([["Water", "2023", "400"], ["Rent", "2024", "940"]], ["Water | 2023 | 400", "Rent | 2024 | 940"]),
        ([["Name", "Phone", "Phone"], ["Ann", "4711", "4712"]], ["Name: Ann; Phone: 4711; Phone: 4712"]),
        ([["Milk", "sold", "sold"], ["Eggs", "here", "sold"]], ["Milk | sold | sold", "Eggs | here | sold"]),
        ([["Town", f"{LONG}?"], ["Ulm", "4"]], [f"Town: Ulm; {LONG}: 4"]),
        ([["Why?", f"{LONG}."], ["How?", "So."]], [f"Why? | {LONG}.", "How? | So."]),
        (
            [["How was it?", "Tel.", "Any words? Which?"], ["well", "4711", "no"]],
            ["How was it: well; Tel: 4711; Any words Which: no"],
        ),
        ([["a", "?"], ["x", "y"]], ["a: x; y"]),
        ([], []),
    ],
)
def test_rows(rows: list[list[str]], lines: list[str]) -> None:
    assert [line for _, line in row_lines(rows)] == lines


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ([["Name", "Age"], ["Anna", "34"]], ["Name: Anna; Age: 34"]),
        ([["Name", "Town"], ["Anna", "Ulm"]], ["Name | Town", "Anna | Ulm"]),
        ([["Name", "Anna"], ["Age", "34"], ["Town", "Ulm"]], ["Name | Anna", "Age | 34", "Town | Ulm"]),
        ([["Built", "1990"], ["Length", "400 m"]], ["Built | 1990", "Length | 400 m"]),
        ([["Name", "Town", ""], [], ["Anna", "Ulm", "5"]], ["Name: Anna; Town: Ulm; 5"]),
        ([["All costs"], ["Name", "Cost"], ["bridge", "400"]], ["All costs", "Name: bridge; Cost: 400"]),
        ([["Only this row"]], ["Only this row"]),
        ([[LONG * 3, "b", "c"], ["1", "2", "3"]], [f"{LONG * 3} | b | c", "1 | 2 | 3"]),
        ([["Item", "2023", "2024"], ["Water", "400", "420"]], ["Item: Water; 2023: 400; 2024: 420"]),
        ([], []),
    ],
)
def test_rows_of_tables_in_texts(rows: list[list[str]], lines: list[str]) -> None:
    assert table_lines(rows) == lines


def test_a_row_that_is_marked_names_the_columns_whatever_it_says() -> None:
    rows = [["Name", "Town"], ["Anna", "Ulm"]]
    assert table_lines(rows, is_headed=True) == ["Name: Anna; Town: Ulm"]
    assert table_lines([["", "Town"], ["Anna", "Ulm"]], is_headed=True) == ["Anna; Town: Ulm"]
    assert table_lines(rows[:1], is_headed=True) == ["Name | Town"]
    assert table_lines([[LONG, "Town"], ["Anna", "Ulm"]], is_headed=True) == [f"{LONG}: Anna; Town: Ulm"]


def test_a_marked_row_with_text_in_it_is_told_too() -> None:
    rows = [[LONG * 3, "Town"], ["Anna", "Ulm"]]
    assert table_lines(rows, is_headed=True) == [f"{LONG * 3} | Town", "Anna; Town: Ulm"]


READERS = {".docx": word, ".pptx": slides, ".xlsx": lambda: saved(sheet())}


@pytest.mark.parametrize(("suffix", "kind"), [(".docx", "Word"), (".pptx", "PowerPoint"), (".xlsx", "Excel")])
def test_a_zip_of_something_else(suffix: str, kind: str) -> None:
    for data in (packed({"a.txt": "Text."}), packed({}), *(make() for own, make in READERS.items() if own != suffix)):
        with pytest.raises(ReadError, match=f"not an? {kind} document: it is a zip archive of something else"):
            to_document(FileBytes(f"a{suffix}", data, {}))
    with pytest.raises(ReadError, match="cannot be unpacked"):
        to_document(FileBytes(f"a{suffix}", b"no zip at all", {}))
    with pytest.raises(ReadError, match="old or password-protected"):
        to_document(FileBytes(f"a{suffix}", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), {}))


def test_a_zip_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = packed({"word/document.xml": bytes(20_000_000)})
    assert len(bomb) < 30_000
    monkeypatch.setattr(archives, "MAX_MEMBER", 10_000_000)
    with pytest.raises(ReadError, match="would unpack to 20,000,000 bytes"):
        to_document(FileBytes("a.docx", bomb, {}))


def test_too_many_parts() -> None:
    with pytest.raises(ReadError, match="10,001 in the archive"):
        read_docx(packed({f"word/{n}": "" for n in range(10_001)}))


def test_entities_are_not_replaced() -> None:
    laugh = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE x [<!ENTITY l0 "lol">{laugh}<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    body = f"<w:document xmlns:w='{WORD}'><w:body><w:p><w:r><w:t>a&f;&l11;b</w:t></w:r></w:p></w:body></w:document>"
    data = repacked(saved(docx.Document()), {"word/document.xml": bomb + body})
    with suppress(ReadError):
        assert len(to_document(FileBytes("a.docx", data, {})).text) < 100
