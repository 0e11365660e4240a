"""XLSX, XLSM and ODS: what a table needs of the zip, and no more, is handed to calamine; then every sheet's cells.

Whatever else lies in the file is not even unpacked: macros, pictures, queries, other people's XML. Part of the child
process (child.py): standard library and calamine only.
"""

from __future__ import annotations

import datetime
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from defusedxml.ElementTree import ParseError, fromstring

from fs_pipeline.survey.opening import ods_xml
from fs_pipeline.survey.opening.marks import Look, add_marks, comments_of, looks_of
from fs_pipeline.survey.opening.package import Package, resolved
from fs_pipeline.survey.opening.raw import RawCell, RawSheet, RawWorkbook, Told
from fs_pipeline.survey.opening.refusal import MAX_CHARACTERS, Refused
from fs_pipeline.survey.opening.sheet_xml import details, mended
from fs_pipeline.survey.opening.skeleton import TYPES, relations_of, workbook_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_SHEETS = 200
MAX_GRID = 4_000_000  # cells of all sheets, empty ones included
_MAX_PLAN = 8 * 1024 * 1024  # bytes of the parts that only say where the others are
_SHEET_START = re.compile(rb"<(?:\w{1,20}:)?(?:sheet|table)[\s/>]")
_OTHER_PACKAGES = (
    (re.compile(r"word/"), "un document de texte"),
    (re.compile(r"ppt/"), "une présentation"),
    (re.compile(r"index/.*\.iwa"), "un classeur de Numbers (Fichier, Exporter vers, Excel)"),
)
# What zipfile, zlib and expat say of bytes that are not what they claim to be.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    OSError,
    EOFError,
    ParseError,
    LookupError,
    ValueError,
)


@dataclass(frozen=True)
class _Plan:
    """Which part of a workbook holds what."""

    sheets: tuple[tuple[str, bool, str], ...]  # name, whether it is visible, part
    others: tuple[str, ...]  # names of sheets that are no table: charts, dialogs, macros
    strings: str
    styles: str
    from_1904: bool


def read_spreadsheet(content: bytes) -> RawWorkbook:
    """All sheets of a workbook.

    Raises
    ------
    Refused
        Too heavy, encrypted, damaged, or no workbook at all.
    """
    try:
        package = Package(content)
        del content
        kind = _kind(package)
        if kind == "ods":
            clean, said = _ods(package)
            return RawWorkbook(
                kind, [replace(sheet, told=said.get(sheet.name, Told())) for sheet in _cells(clean, None)]
            )
        plan = _plan(package)
        clean, told = _rebuilt(package, plan)
    except _BROKEN as error:
        raise Refused("damaged") from error
    del package
    cells = _cells(clean, [name for name, _, _ in plan.sheets])
    sheets = [
        replace(sheet, visible=visible, told=said)
        for sheet, (_, visible, _), said in zip(cells, plan.sheets, told, strict=True)
    ]
    return RawWorkbook(kind, sheets, list(plan.others))


def _kind(package: Package) -> str:
    names = package.names
    if "content.xml" in names and "[content_types].xml" not in names:
        mimetype = package.read("mimetype")[:100] if "mimetype" in names else b"spreadsheet"
        if b"spreadsheet" not in mimetype:
            raise Refused("not_a_table", "un document de texte")
        return "ods"
    for start, what in _OTHER_PACKAGES:
        if any(start.match(name) for name in names):
            raise Refused("not_a_table", what)
    if "[content_types].xml" not in names and "xl/workbook.xml" not in names:
        raise Refused("not_a_table", "une archive")
    if "xl/workbook.bin" in names:
        raise Refused("old_excel")
    return "xlsm" if "xl/vbaproject.bin" in names else "xlsx"


def _plan(package: Package) -> _Plan:
    """The workbook's part, as the package's relations have it, and what its own relations lead to."""
    part = "xl/workbook.xml"
    if "_rels/.rels" in package:
        roots = _relations(package, "_rels/.rels", "").values()
        part = next((target for kind, target in roots if kind == "officeDocument"), part)
    folder, _, name = part.rpartition("/")
    relations = _relations(package, f"{folder}/_rels/{name}.rels", part)
    workbook = _parsed(package.read(part))
    sheets, others = [], []
    for element in workbook.iter():
        if _local(element.tag) != "sheet":
            continue
        title = element.get("name", "")
        relation = next((value for key, value in element.items() if _local(key) == "id"), "")
        kind, target = relations.get(relation, ("", ""))
        if kind == "worksheet":
            sheets.append((title, element.get("state", "visible") == "visible", target))
        elif kind:
            others.append(title)
        else:
            raise Refused("damaged", "relation")
    properties = next((element for element in workbook.iter() if _local(element.tag) == "workbookPr"), None)
    return _Plan(
        tuple(sheets),
        tuple(others),
        _part_of("sharedStrings", relations, folder),
        _part_of("styles", relations, folder),
        properties is not None and properties.get("date1904") in {"1", "true"},
    )


def _part_of(kind: str, relations: dict[str, tuple[str, str]], folder: str) -> str:
    """Where a relation says, else where it usually is."""
    return next((target for found, target in relations.values() if found == kind), f"{folder}/{kind}.xml")


def _relations(package: Package, name: str, base: str) -> dict[str, tuple[str, str]]:
    """Id -> kind and part, of the relations that stay inside the package."""
    return {
        element.get("Id", ""): (
            element.get("Type", "").rpartition("/")[2],
            resolved(element.get("Target", ""), base),
        )
        for element in _parsed(package.read(name)).iter()
        if _local(element.tag) == "Relationship" and element.get("TargetMode") != "External"
    }


def _parsed(xml: bytes) -> Element:
    _refuse_dtd(xml)
    if len(_SHEET_START.findall(xml)) > MAX_SHEETS:
        raise Refused("too_many_sheets")
    if len(xml) > _MAX_PLAN:
        raise Refused("too_heavy")
    parsed: Element = fromstring(xml, forbid_dtd=True)
    return parsed


def _refuse_dtd(xml: bytes) -> None:
    """No spreadsheet declares entities, nor writes what is read here in an alphabet where they would not be seen."""
    if re.search(rb"<!\s*(?:DOCTYPE|ENTITY)", xml, re.IGNORECASE) or b"\0" in xml[:64]:
        raise Refused("unsafe")


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _rebuilt(package: Package, plan: _Plan) -> tuple[io.BytesIO, list[Told]]:
    """A workbook of ours around the sender's sheets, strings and styles; of each sheet, what calamine does not say."""
    out = io.BytesIO()
    told = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        sheets = {f"worksheets/sheet{number}.xml": part for number, (_, _, part) in enumerate(plan.sheets, start=1)}
        of = {"styles": plan.styles, "sharedStrings": plan.strings}
        shared = {f"{kind}.xml": kind for kind, part in of.items() if part in package}
        kinds = dict.fromkeys(sheets, "worksheet") | shared
        looks: dict[int, Look] = {}
        for name, part in ({name: of[kind] for name, kind in shared.items()} | sheets).items():
            xml = package.read(part)
            _refuse_dtd(xml)
            if kinds[name] == "styles":
                looks = _looks(xml)
            if kinds[name] == "worksheet":
                xml, errors = mended(xml)
                said = details(xml, errors)
                add_marks(said, xml, looks)
                said.comments = _comments_beside(package, part)
                told.append(said)
            archive.writestr(f"xl/{name}", xml)
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", relations_of({"xl/workbook.xml": "officeDocument"}))
        archive.writestr("xl/_rels/workbook.xml.rels", relations_of(kinds))
        archive.writestr("xl/workbook.xml", workbook_of(len(plan.sheets), plan.from_1904))
    out.seek(0)
    return out, told


def _looks(styles: bytes) -> dict[int, Look]:
    """How the cells of each style look; styles that cannot be read cost their looks alone."""
    try:
        return looks_of(_parsed(styles))
    except (*_BROKEN, Refused):
        return {}


def _comments_beside(package: Package, part: str) -> dict[str, str]:
    """The comments of a sheet's cells; a part of them that cannot be read costs them alone."""
    folder, _, name = part.rpartition("/")
    beside = f"{folder}/_rels/{name}.rels"
    try:
        if beside not in package:
            return {}
        for kind, target in _relations(package, beside, part).values():
            if kind == "comments" and target in package:
                return comments_of(_parsed(package.read(target)))
    except (*_BROKEN, Refused):
        return {}
    return {}


def _ods(package: Package) -> tuple[io.BytesIO, dict[str, Told]]:
    """An OpenDocument spreadsheet of its cells alone; of each sheet, what calamine does not say."""
    manifest = package.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in package else b""
    if b"encryption-data" in manifest:
        raise Refused("encrypted")
    xml = package.read("content.xml")
    _refuse_dtd(xml)
    if len(re.findall(rb"<table:table[\s>]", xml)) > MAX_SHEETS:
        raise Refused("too_many_sheets")
    xml = ods_xml.tidied(xml)
    told = ods_xml.details(xml)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest:manifest/>")
        archive.writestr("content.xml", xml)
    out.seek(0)
    return out, told


def _cells(workbook: io.BytesIO, names: list[str] | None) -> Iterator[RawSheet]:
    """The sheets of `workbook`, under `names` where they are given."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(workbook)
        workbook.close()
        room = MAX_GRID
        for number, metadata in enumerate(book.sheets_metadata):
            sheet = book.get_sheet_by_index(number)
            room -= sheet.total_height * sheet.total_width
            if room < 0:
                raise Refused("too_heavy")
            before = [None] * (sheet.start or (0, 0))[1]
            texts: dict[str, str] = {}  # each once, however many cells bear it
            yield RawSheet(
                name=metadata.name if names is None else names[number],
                visible=metadata.visible == SheetVisibleEnum.Visible,
                rows=[[*before, *(plain(cell, texts) for cell in row)] for row in sheet.iter_rows()],
            )
    except PasswordError as error:
        raise Refused("encrypted") from error
    except CalamineError as error:
        raise Refused("damaged") from error


def plain(cell: object, texts: dict[str, str]) -> RawCell:
    """A cell as JSON has it; dates and times as ``{"d": …}`` and ``{"t": …}``, an empty cell as None."""
    if isinstance(cell, str):
        text = cell[:MAX_CHARACTERS]
        return texts.setdefault(text, text) or None
    if isinstance(cell, float):
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
    return cell if isinstance(cell, int) else None  # a truth; there is no other kind
