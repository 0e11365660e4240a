"""What a handed-in file is, whatever its name, and its cells; a refusal is a code, to which reader.py gives words."""

from __future__ import annotations

from fs_pipeline.safe_text import is_ordinary, lost_in, safe
from fs_pipeline.survey.opening.raw import RawWorkbook
from fs_pipeline.survey.opening.refusal import MAX_COLUMNS, Refused

MAX_ROWS = 25_000  # with something written, in all sheets: twenty times the largest survey ever seen
MAX_CELLS = 1_500_000


def read(content: bytes) -> RawWorkbook:
    """The cells of a file's bytes, whatever its name says it is.

    Raises
    ------
    Refused
        When it is not a table that can be read.
    """
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise Refused("empty")
    if content[:4] == b"PK\x03\x04":
        from fs_pipeline.survey.opening.spreadsheets import read_spreadsheet

        return read_spreadsheet(content)
    refuse_known_formats(content)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}:
        from fs_pipeline.survey.opening.geojson import read_geojson

        return read_geojson(content)
    from fs_pipeline.survey.opening.delimited import read_delimited

    return read_delimited(content)


def refuse_too_long(answer: RawWorkbook) -> None:
    """A file that no one could check in the time a person waits is refused with its number of rows."""
    rows = cells = 0
    for sheet in answer.sheets:
        for row in sheet.rows:
            if len(row) > MAX_COLUMNS and any(cell is not None for cell in row[MAX_COLUMNS:]):
                raise Refused("far_cell", f"au-delà de la {MAX_COLUMNS}e colonne")
            written = len(row) - row.count(None)
            rows += written > 0
            cells += written
    if rows > MAX_ROWS or cells > MAX_CELLS:
        raise Refused("too_long", str(rows))


def make_safe(answer: RawWorkbook) -> None:
    """Make the text of each cell safe, and note in each sheet's `lost` the cells that lost a letter."""
    answer.skipped = [safe(name) for name in answer.skipped]
    for sheet in answer.sheets:
        sheet.name = safe(sheet.name)
        sheet.told.errors = {reference: safe(error) for reference, error in sheet.told.errors.items()}
        sheet.told.comments = {reference: safe(text) for reference, text in sheet.told.comments.items()}
        for number, row in enumerate(sheet.rows):
            for column, cell in enumerate(row):
                if isinstance(cell, str) and not is_ordinary(cell):
                    row[column] = safe(cell) or None
                    if (shown := lost_in(cell)) is not None:
                        sheet.lost[number, column] = shown


def refuse_known_formats(content: bytes) -> None:
    """Name what is not a table by its first bytes."""
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Refused("encrypted")
        old = any(name.encode("utf-16-le") in content for name in ("Workbook", "Book"))
        raise Refused("old_excel" if old else "not_a_table", "" if old else "un ancien document Office")
    for start, what in _OTHER_FORMATS:
        if content.startswith(start):
            raise Refused("not_a_table", what)
    beginning = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if beginning.startswith((b"<!doctype html", b"<html", b"<table", b"<?xml", b"<meta", b"<head")):
        raise Refused("web_page")


_OTHER_FORMATS = (
    (b"%PDF", "un PDF"),
    (b"\x89PNG", "une image"),
    (b"\xff\xd8\xff", "une image"),
    (b"GIF8", "une image"),
    (b"PK\x05\x06", "une archive vide"),
    (b"Rar!", "une archive"),
    (b"7z\xbc\xaf", "une archive"),
    (b"\x1f\x8b", "une archive"),
    (b"PAR1", "un fichier Parquet"),
    (b"SQLite format 3", "une base de données"),
    (b"MZ", "un programme"),
    (b"\x7fELF", "un programme"),
    (b"{\\rtf", "un document de texte"),
)
