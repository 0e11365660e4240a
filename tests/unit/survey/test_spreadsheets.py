"""Workbooks as their many makers write them: only what is read is judged, and what can be read is."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from fs_pipeline.survey.opening.reader import UnreadableFile, read_workbook
from tests.unit.survey import nasty
from tests.unit.survey.conftest import rules

ERRORS = ("#GETTING_DATA", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#UNKNOWN!", "#BUSY!", "#CONNECT!",
          "#EXTERNAL!", "#PYTHON!", "#N/A", "#REF!")  # fmt: skip
HEADS = ("Nom", "Commune", "Téléphone", "Horaires")
PLACE = ("Mairie de Langon", "Langon", "05 56 76 55 25", "lundi 9h-12h")
XML = '<?xml version="1.0" encoding="UTF-16"?><!-- requête --><DataMashup>AAAA</DataMashup>'


def cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def row(number: int, texts: tuple[str, ...], more: str = "") -> str:
    cells = "".join(cell(f"{'ABCDEFGH'[at]}{number}", text) for at, text in enumerate(texts))
    return f'<row r="{number}">{cells}{more}</row>'


ROWS = row(1, HEADS) + row(2, PLACE)


def rezipped(path: Path, rename: dict[str, str] | None = None, **changed: bytes | str) -> None:
    """The same workbook with parts renamed, replaced or added."""
    with zipfile.ZipFile(path) as archive:
        parts = {part.filename: archive.read(part) for part in archive.infolist()}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, body in {**parts, **changed}.items():
            archive.writestr((rename or {}).get(name, name), body)
    path.write_bytes(content.getvalue())


def cells(path: Path) -> list[list[object]]:
    return read_workbook(path).sheets[0].rows


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "enquete.xlsx"
    nasty.xlsx(path, nasty.sheet_xml(ROWS))
    return path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("customXml/item1.xml", XML.encode("utf-16")),  # what Excel keeps of every Power Query
        ("customXml/item2.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        ("xl/drawings/drawing1.xml", b"\xff\xfe<\0a\0"),
        ("docProps/app.xml", b"\x00\x01 no xml at all"),
        ("xl/macrosheets/sheet9.xml", "<xm:macrosheet/>"),
        ("xl/media/zeros.bin", b"\0" * 200_000),
    ],
)
def test_a_part_that_nobody_reads_is_not_judged(book: Path, name: str, content: bytes | str) -> None:
    rezipped(book, **{name: content})
    assert cells(book)[1] == list(PLACE)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"])
def test_entities_in_a_part_that_is_read_are_refused_in_any_alphabet(book: Path, part: str) -> None:
    with zipfile.ZipFile(book) as archive:
        xml = archive.read(part).decode().removeprefix('<?xml version="1.0"?>')
    for prologue, encoding in (
        ("", "utf-8"),
        ("<!--" + " " * 9_000 + "-->", "utf-8"),
        ("", "utf-16"),
        ("", "utf-16-le"),
    ):
        declared = f'<?xml version="1.0" encoding="{encoding}"?>{prologue}<!DOCTYPE a [<!ENTITY b "c">]>{xml}'
        rezipped(book, **{part: declared.encode(encoding)})
        with pytest.raises(UnreadableFile) as refusal:
            read_workbook(book)
        assert refusal.value.code == "unsafe"


def test_an_error_that_a_spreadsheet_shows_is_an_empty_cell_and_said(book: Path, check) -> None:
    places = "".join(
        row(number, (f"Mairie {number}", *PLACE[1:3]), f'<c r="D{number}" t="e"><f>A1</f><v>{error}</v></c>')
        for number, error in enumerate(ERRORS, start=2)
    )
    rezipped(book, **{"xl/worksheets/sheet1.xml": nasty.sheet_xml(row(1, HEADS) + places)})
    report = check(book)
    assert len(report.places) == len(ERRORS)
    assert {place.opening_hours for place in report.places} == {None}
    said = [problem for problem in report.problems if problem.rule == "cell_holds_error"]
    assert [(problem.cell, error in problem.message) for problem, error in zip(said, ERRORS, strict=True)] == [
        (f"D{number}", True) for number in range(2, 2 + len(ERRORS))
    ]


@pytest.mark.parametrize("number", ["-1E+300", "1e308", "99999999999999", "NaN", "INF", "2958466", "-3"])
def test_a_number_that_cannot_be_the_date_it_is_styled_as_does_not_cost_the_file(book: Path, number: str) -> None:
    styles = (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs><xf numFmtId="0"/>'
        '<xf numFmtId="14"/><xf numFmtId="46"/></cellXfs></styleSheet>'
    )
    more = f'<c r="E2" s="1"><v>{number}</v></c><c r="F2" s="2"><v>{number}</v></c>'
    relations = nasty._RELATIONS.format(kind="styles", target="styles.xml").replace("rId1", "rId9")
    with zipfile.ZipFile(book) as archive:
        known = archive.read("xl/_rels/workbook.xml.rels").decode()
    both = known.replace("</Relationships>", relations.partition(">")[2])
    rezipped(book, **{
        "xl/worksheets/sheet1.xml": nasty.sheet_xml(row(1, HEADS) + row(2, PLACE, more)),
        "xl/styles.xml": styles,
        "xl/_rels/workbook.xml.rels": both,
    })  # fmt: skip
    assert cells(book)[1][:4] == list(PLACE)


def with_sheets(book: Path, *sheets: tuple[str, str]) -> None:
    """The workbook with other sheets after its own: kind of relation and folder of each."""
    with zipfile.ZipFile(book) as archive:
        workbook = archive.read("xl/workbook.xml").decode()
        relations = archive.read("xl/_rels/workbook.xml.rels").decode()
    parts = {}
    for number, (kind, folder) in enumerate(sheets, start=2):
        told = f'<sheet name="Autre {number}" sheetId="{number}" r:id="rId{number}"/></sheets>'
        workbook = workbook.replace("</sheets>", told)
        relation = nasty._RELATIONS.format(kind=kind, target=f"{folder}/s{number}.xml").replace("rId1", f"rId{number}")
        relations = relations.replace("</Relationships>", relation.partition(">")[2])
        parts[f"xl/{folder}/s{number}.xml"] = "<other/>"
    rezipped(book, **{"xl/workbook.xml": workbook, "xl/_rels/workbook.xml.rels": relations, **parts})


def test_charts_dialogs_and_macro_sheets_are_passed_over_and_said(book: Path, check) -> None:
    with_sheets(book, ("chartsheet", "chartsheets"), ("dialogsheet", "dialogsheets"), ("xlMacrosheet", "macrosheets"),
                ("xlIntlMacrosheet", "macrosheets"), ("somethingNew", "new"))  # fmt: skip
    report = check(book)
    assert [place.name for place in report.places] == ["Mairie de Langon"]
    assert rules(report).count("sheet_is_no_table") == 5


def test_parts_are_found_whatever_their_folder_case_and_slashes(book: Path) -> None:
    rezipped(book, {"xl/workbook.xml": "xl\\WorkBook.xml", "xl/worksheets/sheet1.xml": "XL\\worksheets\\Sheet1.xml"})
    assert cells(book)[1] == list(PLACE)


def test_a_workbook_and_its_sheet_may_bear_other_names(book: Path) -> None:
    rezipped(
        book,
        {
            "xl/workbook.xml": "xl/workbook2.xml",
            "xl/_rels/workbook.xml.rels": "xl/_rels/workbook2.xml.rels",
            "xl/worksheets/sheet1.xml": "data/one.bin",
        },
        **{
            "_rels/.rels": nasty._RELATIONS.format(kind="officeDocument", target="/xl/workbook2.xml"),
            "xl/_rels/workbook.xml.rels": nasty._RELATIONS.format(kind="worksheet", target="..\\data\\one.bin"),
        },
    )
    assert cells(book)[1] == list(PLACE)


@pytest.mark.parametrize(
    "name", [b"xl/m\xe9dia/\xff\xfe.xml", "xl/\u202emedia.xml".encode(), b"..\\..\\x.xml", b"/etc/x.xml"]
)
def test_a_name_in_no_alphabet_does_not_cost_the_file(book: Path, name: bytes) -> None:
    """The zip says that its names are UTF-8; one is not."""
    stand_in = b"n" * len(name)
    rezipped(book, **{stand_in.decode(): "<a/>"})
    content = bytearray(book.read_bytes().replace(stand_in, name))
    at = content.rfind(b"PK\x01\x02", 0, content.rfind(name))
    struct.pack_into("<H", content, at + 8, 0x800)
    book.write_bytes(content)
    assert cells(book)[1] == list(PLACE)


def test_sheets_of_one_name_and_of_no_name_are_each_read(tmp_path: Path) -> None:
    path = tmp_path / "enquete.xlsx"
    nasty.xlsx(path, nasty.sheet_xml(ROWS))
    with zipfile.ZipFile(path) as archive:
        workbook = archive.read("xl/workbook.xml").decode()
    same = workbook.replace(
        "</sheets>", '<sheet name="Lieux" sheetId="2" r:id="rId1"/><sheet name="" sheetId="3" r:id="rId1"/></sheets>'
    )
    rezipped(path, **{"xl/workbook.xml": same})
    assert [sheet.name for sheet in read_workbook(path).sheets] == ["Lieux", "Lieux", ""]


def test_cells_with_a_prefix_or_without_a_reference_are_read(book: Path) -> None:
    """As Microsoft's SDK writes them, and as the shortest writers do."""
    without = ("".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts) for texts in (HEADS, PLACE))
    plain = "".join(f"<row>{texts}</row>" for texts in without)
    rezipped(book, **{"xl/worksheets/sheet1.xml": nasty.sheet_xml(plain)})
    assert cells(book)[1] == list(PLACE)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    prefixed = (
        ROWS.replace("</", "</x:")
        .replace("<row", "<x:row")
        .replace("<c ", "<x:c ")
        .replace("<is>", "<x:is>")
        .replace("<t>", "<x:t>")
    )
    merge = '<x:mergeCells><x:mergeCell ref="A1:B1"/></x:mergeCells>'
    rezipped(book, **{
        "xl/worksheets/sheet1.xml": f'<x:worksheet xmlns:x="{main}"><x:sheetData>{prefixed}</x:sheetData>{merge}</x:worksheet>'
    })  # fmt: skip
    sheet = read_workbook(book).sheets[0]
    assert sheet.rows[1] == list(PLACE)
    assert sheet.merged == ((0, 0, 0, 1),)


def test_dates_counted_from_1904_are_those_dates(book: Path) -> None:
    with zipfile.ZipFile(book) as archive:
        workbook = archive.read("xl/workbook.xml").decode()
    styles = (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs><xf numFmtId="0"/>'
        '<xf numFmtId="14"/></cellXfs></styleSheet>'
    )
    relation = nasty._RELATIONS.format(kind="styles", target="styles.xml").replace("rId1", "rId9")
    with zipfile.ZipFile(book) as archive:
        relations = archive.read("xl/_rels/workbook.xml.rels").decode()
    rezipped(book, **{
        "xl/workbook.xml": workbook.replace("<sheets>", '<workbookPr date1904="1"/><sheets>'),
        "xl/_rels/workbook.xml.rels": relations.replace("</Relationships>", relation.partition(">")[2]),
        "xl/styles.xml": styles,
        "xl/worksheets/sheet1.xml": nasty.sheet_xml(ROWS + '<row r="3"><c r="A3" s="1"><v>43000</v></c></row>'),
    })  # fmt: skip
    assert cells(book)[2][0] == "2021-09-23"


def test_too_many_sheets_and_too_many_merges_are_refused_with_what_to_do(book: Path) -> None:
    with zipfile.ZipFile(book) as archive:
        workbook = archive.read("xl/workbook.xml").decode()
    many = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="rId1"/>' for n in range(2, 203))
    rezipped(book, **{"xl/workbook.xml": workbook.replace("</sheets>", f"{many}</sheets>")})
    with pytest.raises(UnreadableFile, match="plus de 200 feuilles"):
        read_workbook(book)
    merges = "".join(f'<mergeCell ref="{c}{n}:{c}{n + 1}"/>' for c in "ABC" for n in range(1, 150_000, 2))
    xml = nasty.sheet_xml(ROWS).replace("</sheetData>", f"</sheetData><mergeCells>{merges}</mergeCells>")
    rezipped(book, **{"xl/workbook.xml": workbook, "xl/worksheets/sheet1.xml": xml})
    with pytest.raises(UnreadableFile, match="fusionnées"):
        read_workbook(book)
