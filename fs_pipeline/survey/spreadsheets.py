"""XLSX, XLSM and ODS: a look inside the zip before calamine opens it, then every sheet's cells.

Macros are never looked at, let alone run. Part of the child process (child.py): standard library and calamine only.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from typing import Any

from fs_pipeline.survey.child import MAX_CHARACTERS, Refused

MAX_PARTS = 5_000
MAX_UNCOMPRESSED = 350 * 1024 * 1024
MAX_RATIO = 250  # a workbook of repeated text compresses some 40 times, a bomb over 1,000
MAX_CELLS = 6_000_000
_FAR = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Z]{3}\d+|[A-Z]+\d{6,})["'](?![^>]*/>)""", re.IGNORECASE)
_LAST_COLUMN, _LAST_ROW = 1_000, 200_000
_FORMULA_WITHOUT_VALUE = re.compile(
    rb"""<c\s[^>]*?\br="([A-Z]+\d+)"[^>]*>\s*<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>"""
)
_MERGED = re.compile(rb"""<mergeCell\s[^>]*?ref="([A-Z]+\d+:[A-Z]+\d+)\"""")
_COLUMN = re.compile(rb"<col\s([^>]*)>")
_SHEET = re.compile(r"<(?:\w+:)?sheet\s([^>]*)>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s([^>]*)>")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*["']([^"']*)["']""")
_REPEATED = re.compile(rb"""number-(?:rows|columns)-repeated\s*=\s*["'](\d+)["']""")


def read_spreadsheet(content: bytes) -> dict[str, Any]:
    """All sheets of a workbook that a look inside its zip found harmless.

    Raises
    ------
    Refused
        Too heavy, encrypted, damaged, or no workbook at all.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        kind = _kind(archive)
        details = _look_inside(archive, kind)
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise Refused("damaged") from error
    except RuntimeError as error:  # zipfile's word for a part that asks for a password
        raise Refused("encrypted") from error
    return {"format": kind, "sheets": _cells(content, details)}


def _kind(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if "xl/workbook.xml" in names or "[Content_Types].xml" in names:
        if "xl/workbook.bin" in names:
            raise Refused("old_excel")
        if any(name.startswith("word/") for name in names):
            raise Refused("not_a_table", "un document de texte")
        if any(name.startswith("ppt/") for name in names):
            raise Refused("not_a_table", "une présentation")
        return "xlsm" if "xl/vbaProject.bin" in names else "xlsx"
    if "content.xml" in names:
        mimetype = archive.read("mimetype")[:100] if "mimetype" in names else b"spreadsheet"
        if b"spreadsheet" not in mimetype:
            raise Refused("not_a_table", "un document de texte")
        return "ods"
    raise Refused("not_a_table", "une archive")


def _look_inside(archive: zipfile.ZipFile, kind: str) -> dict[str, dict[str, Any]]:
    """Sizes, DTD, far cells; by sheet part: merged ranges, hidden columns, formulas without value."""
    parts = archive.infolist()
    declared = sum(part.file_size for part in parts)
    compressed = sum(part.compress_size for part in parts) or 1
    if len(parts) > MAX_PARTS or declared > MAX_UNCOMPRESSED or declared / compressed > MAX_RATIO:
        raise Refused("too_heavy")
    manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in archive.namelist() else b""
    if kind == "ods" and b"encryption-data" in manifest:
        raise Refused("encrypted")
    targets = {} if kind == "ods" else _sheet_parts(archive)
    details: dict[str, dict[str, Any]] = {}
    for part in parts:
        if not part.filename.endswith((".xml", ".rels")):
            continue
        xml = archive.read(part)
        if b"<!DOCTYPE" in xml[:8192] or b"<!ENTITY" in xml or xml[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            raise Refused("unsafe")
        if part.filename == "content.xml" and kind == "ods":
            _refuse_repeated(xml)
        for name in targets.get(part.filename, ()):
            details[name] = _sheet_details(xml)
    return details


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, list[str]]:
    """Part of the zip to the names of the sheets it holds."""
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
        return {}
    relations = {}
    for found in _RELATION.finditer(archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")):
        attributes = dict(_ATTRIBUTE.findall(found.group(1)))
        target = attributes.get("Target", "")
        relations[attributes.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    parts: dict[str, list[str]] = {}
    for found in _SHEET.finditer(archive.read("xl/workbook.xml").decode("utf-8", "replace")):
        attributes = dict(_ATTRIBUTE.findall(found.group(1)))
        relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
        parts.setdefault(relations.get(relation, ""), []).append(_unescape(attributes.get("name", "")))
    return parts


def _sheet_details(xml: bytes) -> dict[str, Any]:
    for far in _FAR.finditer(xml):
        column, row = split_reference(far.group(1).decode().upper())
        if column > _LAST_COLUMN or row > _LAST_ROW:
            raise Refused("far_cell", far.group(1).decode().upper())
    hidden: list[int] = []
    widths: dict[int, float] = {}
    for found in _COLUMN.finditer(xml):
        attributes = dict(_ATTRIBUTE.findall(found.group(1).decode("utf-8", "replace")))
        columns = range(int(attributes.get("min", 1)) - 1, min(int(attributes.get("max", 1)), _LAST_COLUMN))
        if attributes.get("hidden") in {"1", "true"}:
            hidden += columns
        elif re.fullmatch(r"\d{1,3}(?:\.\d+)?", attributes.get("width", "")):
            widths |= dict.fromkeys(columns, float(attributes["width"]))
    formulas = _FORMULA_WITHOUT_VALUE.findall(xml) if b"<f" in xml else []
    return {
        "merged": [reference.decode() for reference in _MERGED.findall(xml)[:20_000]],
        "hidden": hidden,
        "widths": widths,
        "formulas": [reference.decode() for reference in formulas[:20_000]],
    }


def _refuse_repeated(xml: bytes) -> None:
    """A row or cell said to be repeated a million times is only harmless where it is empty."""
    for found in re.finditer(rb"""<table:table-(row|cell)\s[^>]*number-(?:rows|columns)-repeated="(\d+)"[^>]*>""", xml):
        kind, times, closed = found.group(1), int(found.group(2)), found.group(0).endswith(b"/>")
        limit = _LAST_ROW if kind == b"row" else _LAST_COLUMN
        if times <= limit or closed:
            continue
        inside = xml[found.end() : found.end() + 4_000].split(b"</table:table-row>")[0]
        if kind == b"cell" or b"<text:p" in inside:
            raise Refused("far_cell", "")


def _cells(content: bytes, details: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except PasswordError as error:
        raise Refused("encrypted") from error
    except CalamineError as error:
        raise Refused("damaged") from error
    sheets = []
    for metadata in workbook.sheets_metadata:
        if metadata.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(metadata.name)
        last_row, last_column = sheet.end or (-1, -1)
        if (last_row + 1) * (last_column + 1) > MAX_CELLS:
            raise Refused("too_heavy")
        sheets.append(
            {
                "name": metadata.name,
                "visible": metadata.visible == SheetVisibleEnum.Visible,
                "rows": [[plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)],
                **details.get(metadata.name, {"merged": [], "hidden": [], "widths": {}, "formulas": []}),
            }
        )
    return sheets


def plain(cell: Any) -> Any:  # noqa: ANN401 - calamine's cells are of any kind
    """A cell as JSON has it; dates and times as ``{"d": …}`` and ``{"t": …}``, an empty cell as None."""
    if cell.__class__ is str:
        return cell[:MAX_CHARACTERS] or None
    if cell.__class__ is float:
        return int(cell) if cell.is_integer() and abs(cell) < 1e15 else cell
    if isinstance(cell, datetime.datetime):
        return {"d": cell.isoformat(" ") if cell.time() != datetime.time() else cell.date().isoformat()}
    if isinstance(cell, datetime.date):
        return {"d": cell.isoformat()}
    if isinstance(cell, datetime.time):
        return {"t": cell.strftime("%H:%M")}
    if isinstance(cell, datetime.timedelta):
        minutes = int(cell.total_seconds() // 60)
        return {"t": f"{minutes // 60:02d}:{minutes % 60:02d}"}
    return cell


def split_reference(reference: str) -> tuple[int, int]:
    """``B12`` is column 2, row 12."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column, int(reference[len(letters) :])


def _unescape(text: str) -> str:
    from html import unescape

    return unescape(text)
