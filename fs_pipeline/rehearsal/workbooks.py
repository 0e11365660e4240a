"""Drafts to bytes, the same every time: XLSX (with or without macros), ODS, CSV, and files that must be refused."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Sequence
from html import escape

from fs_pipeline.rehearsal.planting import SheetDraft, quoted

_CREATED = datetime.datetime(2022, 11, 28, 9, 0, 0)
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_SECTOR = 512


def xlsx_bytes(sheets: Sequence[SheetDraft], *, macros: bool = False) -> bytes:
    """A workbook with its merged cells, hidden columns, and formulas that were never computed."""
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"created": _CREATED, "author": "Préfecture du Val-d’Ambre (fictive)"})
        if macros:
            book.add_vba_project(io.BytesIO(_compound_file("VBA", "dir")), is_stream=True)
        bold, date = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
        for draft in sheets:
            sheet = book.add_worksheet(draft.name)
            for (row, column), value in draft.cells.items():
                if (row, column) in draft.formulas:
                    sheet.write_formula(row, column, str(value), None, "")
                elif isinstance(value, datetime.date):
                    sheet.write_datetime(row, column, datetime.datetime.combine(value, datetime.time()), date)
                elif isinstance(value, int | float):
                    sheet.write_number(row, column, value)
                else:
                    sheet.write_string(row, column, str(value))
            for first_row, first_column, last_row, last_column in draft.merged:
                value = draft.cells.get((first_row, first_column))
                sheet.merge_range(first_row, first_column, last_row, last_column, value, bold)
            for column in draft.hidden:
                sheet.set_column(column, column, None, None, {"hidden": True})
    return content.getvalue()


def ods_bytes(sheets: Sequence[SheetDraft]) -> bytes:
    """The smallest OpenDocument spreadsheet that every reader opens."""
    tables = []
    for draft in sheets:
        rows = "".join(
            f"<table:table-row>{''.join(_ods_cell(value) for value in row)}</table:table-row>" for row in draft.grid()
        )
        tables.append(f'<table:table table:name="{escape(draft.name)}">{rows}</table:table>')
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{spaces} office:version="1.2"><office:body>'
        f"<office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body></office:document-content>"
    )
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    manifest = (
        f'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="{space}" manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_TYPE}"/><manifest:file-entry '
        'manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(zipfile.ZipInfo("mimetype", _ZIP_DATE), _ODS_TYPE)
        for name, text in (("content.xml", document), ("META-INF/manifest.xml", manifest)):
            archive.writestr(zipfile.ZipInfo(name, _ZIP_DATE), text.encode(), zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _ods_cell(value: object) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, int | float):
        return (
            f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p>'
            "</table:table-cell>"
        )
    return f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'


def csv_bytes(draft: SheetDraft) -> bytes:
    """What « Enregistrer sous, CSV (séparateur : point-virgule) » gives on a French Windows."""
    return ("\r\n".join(quoted(row) for row in draft.grid()) + "\r\n").encode("cp1252")


def protected_bytes() -> bytes:
    """What Excel writes under a password: a compound file whose streams are encrypted."""
    return _compound_file("EncryptionInfo", "EncryptedPackage")


def _compound_file(*streams: str) -> bytes:
    """A compound file (MS-CFB) of one table sector, one directory sector and empty streams."""
    header = bytearray(_SECTOR)
    header[0:8] = bytes.fromhex("d0cf11e0a1b11ae1")
    header[24:34] = bytes.fromhex("3e000300feff09000600")
    for offset, number in ((44, 1), (48, 1), (56, 4096), (60, -2), (68, -2), (76, 0)):
        header[offset : offset + 4] = number.to_bytes(4, "little", signed=True)
    header[80:512] = b"\xff" * 432
    table = b"\xfd\xff\xff\xff" + b"\xfe\xff\xff\xff" + b"\xff" * (_SECTOR - 8)
    entries = [_entry("Root Entry", 5, child=1)]
    entries += [_entry(name, 2, sibling=2 if number == 1 else -1) for number, name in enumerate(streams, start=1)]
    directory = b"".join(entries).ljust(_SECTOR, b"\0")
    return bytes(header) + table + directory


def _entry(name: str, kind: int, *, child: int = -1, sibling: int = -1) -> bytes:
    entry = bytearray(128)
    written = name.encode("utf-16-le")
    entry[0 : len(written)] = written
    entry[64:66] = (len(written) + 2).to_bytes(2, "little")
    entry[66], entry[67] = kind, 1
    for offset, number in ((68, -1), (72, sibling), (76, child), (116, -2)):
        entry[offset : offset + 4] = number.to_bytes(4, "little", signed=True)
    return bytes(entry)
