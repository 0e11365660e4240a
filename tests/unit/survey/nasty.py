"""Files that a reader must survive, made here byte by byte: bombs, lies, damage and depth.

``make(folder)`` writes them all and gives back, by name, the file and whether it must be refused (True), read (False),
or either (None: all that counts is that it ends in time, and kindly).
"""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import xlsxwriter

ROWS = [["Nom", "Commune", "Téléphone"], ["Mairie de Langon", "Langon", "05 56 76 55 25"]]
_CASES: dict[str, tuple[Callable[[Path], None], bool | None]] = {}
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/></Relationships>'
)


def make(folder: Path) -> dict[str, tuple[Path, bool | None]]:
    """Write every case into `folder`."""
    found = {}
    for name, (write, refused) in _CASES.items():
        path = folder / name
        write(path)
        found[name] = (path, refused)
    return found


def names() -> list[str]:
    """Every case, in order."""
    return list(_CASES)


def _case(name: str, *, refused: bool | None) -> Callable[[Callable[[Path], None]], Callable[[Path], None]]:
    def keep(write: Callable[[Path], None]) -> Callable[[Path], None]:
        _CASES[name] = (write, refused)
        return write

    return keep


def sheet_xml(rows: str, prologue: str = "") -> str:
    return f'<?xml version="1.0"?>{prologue}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def xlsx(path: Path, sheet: bytes | str, **more: bytes | str) -> None:
    """A workbook whose one sheet is these very bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _CONTENT_TYPES)
        archive.writestr("_rels/.rels", _RELATIONS.format(kind="officeDocument", target="xl/workbook.xml"))
        archive.writestr(
            "xl/_rels/workbook.xml.rels", _RELATIONS.format(kind="worksheet", target="worksheets/sheet1.xml")
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
            '<sheets><sheet name="Lieux" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, content in more.items():
            archive.writestr(name, content)


def _text_cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def _plain_rows() -> str:
    return "".join(
        f'<row r="{number}">{"".join(_text_cell(f"{letter}{number}", row[at]) for at, letter in enumerate("ABC"))}</row>'
        for number, row in enumerate(ROWS, start=1)
    )


def ods(path: Path, rows: str, prologue: str = "") -> None:
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?>{prologue}<office:document-content{spaces} office:version="1.2"><office:body>'
            f'<office:spreadsheet><table:table table:name="Lieux">{rows}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>",
        )


def ods_row(*texts: str, attributes: str = "", cell: str = "") -> str:
    cells = "".join(
        f'<table:table-cell office:value-type="string"{cell}><text:p>{text}</text:p></table:table-cell>'
        for text in texts
    )
    return f"<table:table-row{attributes}>{cells}</table:table-row>"


@_case("zip-bomb.xlsx", refused=True)
def _zip_bomb(path: Path) -> None:
    """A hundred megabytes of zeros in a hundred kilobytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _CONTENT_TYPES)
        archive.writestr("xl/workbook.xml", b"\0" * 60_000_000)
        archive.writestr("xl/media/a.xml", b"\0" * 60_000_000)


@_case("lying-size.xlsx", refused=True)
def _lying_size(path: Path) -> None:
    """The directory says ten bytes; the sheet is forty megabytes."""
    xlsx(path, sheet_xml(_plain_rows() + " " * 40_000_000))
    _lie(path, b"xl/worksheets/sheet1.xml")


@_case("lying-size-of-what-nobody-reads.xlsx", refused=False)
def _lying_elsewhere(path: Path) -> None:
    xlsx(path, sheet_xml(_plain_rows()), **{"xl/big.xml": b"<a/>" + b" " * 40_000_000})
    _lie(path, b"xl/big.xml")


def _lie(path: Path, part: bytes) -> None:
    content = bytearray(path.read_bytes())
    at = content.rfind(b"PK\x01\x02", 0, content.rfind(part))
    content[at + 24 : at + 28] = struct.pack("<I", 10)
    path.write_bytes(content)


@_case("quoted-overlap.xlsx", refused=True)
def _overlapping_parts(path: Path) -> None:
    """A thousand parts that are all the same compressed megabytes."""
    body = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = body.compress(b" " * 20_000_000) + body.flush()
    check, size = zlib.crc32(b" " * 20_000_000), 20_000_000
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0x21, check, len(packed), size, 5, 0)
    content = local + b"a.xml" + packed
    entries = b""
    for number in range(1_000):
        name = b"xl/workbook.xml" if number == 0 else b"a%03d.xml" % number
        entries += struct.pack(
            "<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 0x21, check, len(packed), size, len(name), 0, 0, 0, 0, 0, 0,
        ) + name  # fmt: skip
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1_000, 1_000, len(entries), len(content), 0)
    path.write_bytes(content + entries + end)


@_case("many-parts.xlsx", refused=True)
def _many_parts(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for number in range(20_000):
            archive.writestr(f"xl/p{number}.xml", "")


@_case("billion-laughs.xlsx", refused=True)
def _billion_laughs(path: Path) -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    xlsx(path, sheet_xml(_text_cell("A1", "&l11;"), f'<!DOCTYPE x [<!ENTITY l0 "ha">{entities}]>'))


@_case("quadratic-entity.ods", refused=True)
def _quadratic_entity(path: Path) -> None:
    ods(path, ods_row("&a;" * 5_000), f'<!DOCTYPE x [<!ENTITY a "{"x" * 100_000}">]>')


@_case("external-entity.xlsx", refused=True)
def _external_entity(path: Path) -> None:
    xlsx(path, sheet_xml(_text_cell("A1", "&f;"), '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'))


@_case("utf-16-entity.xlsx", refused=True)
def _utf_16_entity(path: Path) -> None:
    """The same where a search for « <!DOCTYPE » in bytes sees nothing."""
    text = sheet_xml(_text_cell("A1", "&l;"), '<!DOCTYPE x [<!ENTITY l "ha">]>').replace(
        "?>", ' encoding="UTF-16"?>', 1
    )
    xlsx(path, text.encode("utf-16"))


@_case("late-entity.xlsx", refused=True)
def _late_entity(path: Path) -> None:
    xlsx(path, sheet_xml(_text_cell("A1", "&l;"), f'<!--{"x" * 20_000}--><!DOCTYPE x [<!ENTITY l "ha">]>'))


@_case("xfd1048576.xlsx", refused=True)
def _far_cell(path: Path) -> None:
    xlsx(path, sheet_xml(_plain_rows() + f'<row r="1048576">{_text_cell("XFD1048576", "x")}</row>'))


@_case("far-column.xlsx", refused=True)
def _far_column(path: Path) -> None:
    cells = _text_cell("A1", "Nom") + _text_cell("XFD1", "loin")
    xlsx(path, sheet_xml(f'<row r="1">{cells}</row><row r="900000">{_text_cell("A900000", "x")}</row>'))


@_case("impossible-reference.xlsx", refused=None)
def _impossible_reference(path: Path) -> None:
    xlsx(path, sheet_xml(f'<row r="99999999999">{_text_cell("ZZZZZZ99999999999", "x")}</row>'))


@_case("single-quoted-reference.xlsx", refused=True)
def _single_quotes(path: Path) -> None:
    xlsx(path, sheet_xml("<row r='1'><c t='n' r='XFD1048576'><v>1</v></c></row>"))


@_case("prefixed-far-cell.xlsx", refused=None)
def _prefixed(path: Path) -> None:
    plain = sheet_xml('<row r="1"><c r="XFD1048576"><v>1</v></c></row>').replace("xmlns=", "xmlns:x=")
    xlsx(path, re.sub(r"<(/?)(?=[a-z])", r"<\1x:", plain))


@_case("million-rows.ods", refused=None)
def _million_rows(path: Path) -> None:
    """A cell said a million times, in a file of a thousand bytes."""
    ods(
        path,
        ods_row("Nom", "Commune") + ods_row("Mairie", "Langon", attributes=' table:number-rows-repeated="1048576"'),
    )


@_case("million-cells-squared.ods", refused=True)
def _million_squared(path: Path) -> None:
    cell = ' table:number-columns-repeated="16384"'
    ods(path, ods_row("x", attributes=' table:number-rows-repeated="1048576"', cell=cell))


@_case("empty-million-rows.ods", refused=False)
def _empty_million_rows(path: Path) -> None:
    """What LibreOffice itself writes below a table must not be taken for a bomb."""
    cell = '<table:table-cell table:number-columns-repeated="16384"/>'
    empty = f'<table:table-row table:number-rows-repeated="1048570">{cell}</table:table-row>'
    ods(path, "".join(ods_row(*row) for row in ROWS) + empty)


@_case("too-many-real-rows.ods", refused=True)
def _million_real_rows(path: Path) -> None:
    ods(path, ods_row("Mairie", "Langon") * 150_000)


@_case("pdf.xlsx", refused=True)
def _pdf(path: Path) -> None:
    path.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 40)


@_case("page.xls", refused=True)
def _web_page(path: Path) -> None:
    path.write_text("<html><body><table><tr><td>Nom</td></tr></table></body></html>", encoding="utf-8")


@_case("csv-called.xlsx", refused=False)
def _csv_called_xlsx(path: Path) -> None:
    path.write_text("\n".join(";".join(row) for row in ROWS), encoding="utf-8")


@_case("xlsx-called.csv", refused=False)
def _xlsx_called_csv(path: Path) -> None:
    xlsx(path, sheet_xml(_plain_rows()))


@_case("docx-called.xlsx", refused=True)
def _docx(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")


@_case("random.xlsx", refused=True)
def _random(path: Path) -> None:
    path.write_bytes(random.Random(1).randbytes(300_000))


@_case("old.xls", refused=True)
def _old_excel(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "Workbook".encode("utf-16-le") + b"\0" * 2_000)


@_case("locked.xlsx", refused=True)
def _encrypted(path: Path) -> None:
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 2_000
    )


@_case("locked-part.xlsx", refused=True)
def _encrypted_part(path: Path) -> None:
    """The zip's own password: the flag of each part says so."""
    xlsx(path, sheet_xml(_plain_rows()))
    content = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(mark)
        while start >= 0:
            content[start + at] |= 1
            start = content.find(mark, start + 4)
    path.write_bytes(content)


@_case("cut.xlsx", refused=True)
def _cut(path: Path) -> None:
    xlsx(path, sheet_xml(_plain_rows() * 50))
    path.write_bytes(path.read_bytes()[:-120])


@_case("cut-xml.xlsx", refused=None)
def _cut_xml(path: Path) -> None:
    xlsx(path, sheet_xml(_plain_rows())[:-60])


@_case("empty.xlsx", refused=True)
def _empty(path: Path) -> None:
    path.write_bytes(b"")


@_case("blank.csv", refused=True)
def _blank(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf \r\n \n")


@_case("no-cell.xlsx", refused=True)
def _no_cell(path: Path) -> None:
    xlsx(path, sheet_xml(""))


@_case("nuls.csv", refused=False)
def _nuls(path: Path) -> None:
    path.write_bytes("\n".join(";".join(row) for row in ROWS).encode().replace(b"Mairie", b"Mai\0rie"))


@_case("all-nuls.csv", refused=True)
def _all_nuls(path: Path) -> None:
    path.write_bytes(b"\0" * 1_000_000)


@_case("two-hundred-megabytes.csv", refused=True)
def _huge(path: Path) -> None:
    """Sparse: a header, and two hundred megabytes of nothing."""
    with path.open("wb") as file:
        file.write(b"Nom;Commune\nMairie;Langon\n")
        file.truncate(200 * 1024 * 1024)


@_case("forty-megabytes-of-separators.csv", refused=None)
def _separators(path: Path) -> None:
    path.write_bytes(b"Nom;Commune\n" + b";" * 40_000_000)


@_case("one-endless-quote.csv", refused=None)
def _endless_quote(path: Path) -> None:
    path.write_bytes(b'Nom;Commune\n"Mairie;Langon\n' + b"CCAS;Bazas\n" * 200_000)


@_case("one-endless-line.csv", refused=None)
def _endless_line(path: Path) -> None:
    path.write_bytes(b"Nom;Commune\nMairie;" + b"L" * 30_000_000)


@_case("wide.csv", refused=None)
def _wide(path: Path) -> None:
    path.write_bytes(b";".join(b"Nom %d" % number for number in range(20_000)) + b"\n" + b";".join([b"x"] * 20_000))


@_case("deep.geojson", refused=True)
def _deep_json(path: Path) -> None:
    path.write_bytes(b'{"features":' + b"[" * 500_000 + b"]" * 500_000 + b"}")


@_case("deep-property.geojson", refused=None)
def _deep_property(path: Path) -> None:
    path.write_bytes(b'{"features":[{"properties":{"nom":' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}}]}")


@_case("endless-number.geojson", refused=None)
def _endless_number(path: Path) -> None:
    path.write_bytes(b'{"features":[{"properties":{"nom":' + b"9" * 1_000_000 + b"}}]}")


@_case("not-a-number.geojson", refused=None)
def _not_a_number(path: Path) -> None:
    path.write_bytes(
        b'{"features":[{"type":"Feature","properties":{"nom":"Mairie","commune":"Langon","telephone":NaN},'
        b'"geometry":{"type":"Point","coordinates":[Infinity,-Infinity]}}]}'
    )


@_case("lone-surrogate.geojson", refused=None)
def _lone_surrogate(path: Path) -> None:
    path.write_bytes(b'{"features":[{"properties":{"nom":"Mairie \\ud800","commune":"Langon"}}]}')


@_case("deep.xlsx", refused=None)
def _deep_xml(path: Path) -> None:
    xlsx(path, sheet_xml("<a>" * 400_000 + "</a>" * 400_000))


@_case("endless-attribute.xlsx", refused=None)
def _endless_attribute(path: Path) -> None:
    xlsx(path, sheet_xml(f'<c r="A1" x="{"y" * 3_000_000}"/><c ' + " " * 3_000_000))


@_case("formulas.xlsx", refused=False)
def _formulas(path: Path) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Lieux")
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)
        sheet.write_formula(1, 0, '=WEBSERVICE("http://127.0.0.1/")', None, "Mairie de Langon")
        sheet.write_formula(1, 2, '=HYPERLINK("http://127.0.0.1/","05")', None, "05 56 76 55 25")


@_case("macros.xlsm", refused=False)
def _macros(path: Path) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_vba_project(io.BytesIO(b'Sub Auto_Open()\nShell "calc"\nEnd Sub'), is_stream=True)
        sheet = book.add_worksheet("Lieux")
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)


@_case("climbing-names.xlsx", refused=None)
def _climbing(path: Path) -> None:
    xlsx(path, sheet_xml(_plain_rows()), **{"../../../../tmp/evil.xml": "<a/>", "/etc/evil.xml": "<a/>"})


@_case("merged-everything.xlsx", refused=None)
def _merged(path: Path) -> None:
    merges = '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    xlsx(path, sheet_xml(_plain_rows()).replace("</sheetData>", f"</sheetData>{merges}"))


@_case("backwards-merge.xlsx", refused=None)
def _backwards(path: Path) -> None:
    merges = '<mergeCells count="1"><mergeCell ref="C9:A1"/></mergeCells>'
    xlsx(path, sheet_xml(_plain_rows()).replace("</sheetData>", f"</sheetData>{merges}"))


@_case("hundred-sheets.xlsx", refused=False)
def _hundred_sheets(path: Path) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        for number in range(100):
            sheet = book.add_worksheet(f"Lieux {number}")
            for position, row in enumerate(ROWS):
                sheet.write_row(position, 0, row)


@_case("million-merges.xlsx", refused=None)
def _million_merges(path: Path) -> None:
    merges = "".join(f'<mergeCell ref="A{n}:B{n + 1}"/>' for n in range(1, 200_000))
    xlsx(path, sheet_xml(_plain_rows()).replace("</sheetData>", f"</sheetData><mergeCells>{merges}</mergeCells>"))
