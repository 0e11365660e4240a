"""A generated survey as a file: a workbook, an OpenDocument spreadsheet, or a text in one of the alphabets that people save."""

from __future__ import annotations

import csv
import html
import io
import random
import zipfile
from pathlib import Path

import xlsxwriter

from tests.unit.survey.generated_sheets import Survey, Written


def write(survey: Survey, folder: Path) -> Path:
    """The survey as a file of its format."""
    path = folder / f"enquete.{survey.format}"
    {"xlsx": _write_xlsx, "csv": _write_csv, "ods": _write_ods}[survey.format](survey, path)
    return path


def _write_xlsx(survey: Survey, path: Path) -> None:
    with xlsxwriter.Workbook(str(path), {"strings_to_urls": False, "strings_to_formulas": False}) as book:
        for written in survey.sheets:
            sheet = book.add_worksheet(written.name)
            covered = {(top, left): (bottom, right) for top, left, bottom, right in written.merges}
            for number, row in enumerate(written.rows):
                for column, cell in enumerate(row):
                    if cell is not None and (number, column) not in covered:
                        sheet.write(number, column, cell)
            for (top, left), (bottom, right) in covered.items():
                sheet.merge_range(top, left, bottom, right, written.rows[top][left])


def _write_csv(survey: Survey, path: Path) -> None:
    dice = random.Random(survey.seed)
    separator, encoding = dice.choice(";;,\t"), dice.choice(("utf-8", "utf-8-sig", "cp1252"))
    (written,) = survey.sheets
    width = max(map(len, written.rows))
    out = io.StringIO(newline="")
    rows = ([*("" if cell is None else cell for cell in row), *[""] * (width - len(row))] for row in written.rows)
    csv.writer(out, delimiter=separator).writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding, "replace"))


def _write_ods(survey: Survey, path: Path) -> None:
    tables = "".join(_table(written) for written in survey.sheets)
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest:manifest/>")
        archive.writestr("content.xml", content)


def _table(written: Written) -> str:
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in written.merges}
    covered = {
        (row, column)
        for top, left, bottom, right in written.merges
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    } - spans.keys()
    width = max((len(row) for row in written.rows), default=0)
    width = max([width, *(right + 1 for _, _, _, right in written.merges)])
    rows = []
    for number, row in enumerate(written.rows):
        cells = []
        for column in range(width):
            cell = row[column] if column < len(row) else None
            down, across = spans.get((number, column), (1, 1))
            span = (
                f' table:number-rows-spanned="{down}" table:number-columns-spanned="{across}"'
                if down * across > 1
                else ""
            )
            if (number, column) in covered:
                cells.append("<table:covered-table-cell/>")
            elif cell is None:
                cells.append(f"<table:table-cell{span}/>")
            elif isinstance(cell, str):
                cells.append(
                    f'<table:table-cell office:value-type="string"{span}><text:p>{html.escape(cell)}</text:p></table:table-cell>'
                )
            else:
                cells.append(f'<table:table-cell office:value-type="float" office:value="{cell}"{span}/>')
        rows.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
    return f'<table:table table:name="{html.escape(written.name)}">{"".join(rows)}</table:table>'
