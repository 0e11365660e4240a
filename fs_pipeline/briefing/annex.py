"""``annexes.xlsx``: the tables behind a dossier in one workbook, each column under its French description."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from fs_pipeline import french
from fs_pipeline.briefing.slot import SlotTables
from fs_pipeline.briefing.words import EVIDENCE
from fs_pipeline.editions.edition import EDITION_NAMES, Edition
from fs_pipeline.tabular.formulas import begins_as_formula
from fs_pipeline.warehouse.declared import declaration

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_SHEETS = {
    "Lieux": "places",
    "Communes trop loin": "gaps",
    "Zones trop loin": "gap_areas",
    "Qui vit dans les zones": "gap_profiles",
    "Arrondissements": "arrondissement_access",
    "Intercommunalités": "epci_access",
    "Gestes": "levers",
    "Différences": "discrepancies",
    "Ce qui a bougé": "place_changes",
    "Acteurs": "survey_actors",
    "Engagements": "commitments",
    "Charte": "charter",
    "Tournées": "survey_rounds",
    "Aller vers": "outreach",
    "Aller vers, bilan": "outreach_counts",
    "Chiffres clés": "indicators",
    "Chiffres à côté": "brief_comparisons",
    "Confiance": "brief_trust",
    "Méthode": "access_method",
    "Sources": "brief_sources",
}
_FIRST, _GRID = "À lire", "Démarches par lieu"
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_WIDTHS = (8, 44)  # characters
_LONGEST = 32_000  # characters of a cell that a spreadsheet opens
_HEAD_ROWS, _HEAD_POINTS = 2, 60.0  # four lines
_TRUTH = {True: "oui", False: "non"}


def write_annex(tables: SlotTables, edition: Edition) -> bytes:
    """The workbook of one edition.

    Parameters
    ----------
    tables
        As they leave for readers of `edition`: nothing is held back here, but what is nobody's to read and what is the
        same on every row.
    """
    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        made = datetime.datetime.fromisoformat(tables.reference_date)
        book.set_properties({"title": "Annexes du dossier", "author": tables.departement_name, "created": made})
        looks = _looks(book)
        first = book.add_worksheet(_FIRST)
        told = []
        for title, name in _SHEETS.items():
            frame = declaration(name).released(tables.tables.get(name, pd.DataFrame()))
            if len(frame) and len(frame.columns):
                heads = {column.name: column.description for column in declaration(name).columns}
                _sheet(book.add_worksheet(title), frame, heads, looks)
                told.append((title, len(frame), declaration(name).description))
        grid = _grid(tables)
        if len(grid):
            _sheet(book.add_worksheet(_GRID), grid, {}, looks)
            told.append((_GRID, len(grid), "Une ligne par lieu, une colonne par démarche : ce qu’on sait de l’aide."))
        _tell(first, tables, edition, told, looks)
    return stream.getvalue()


def _looks(book: Workbook) -> Mapping[str, Format]:
    text = {"valign": "top"}
    return {
        "title": book.add_format({"bold": True, "font_size": 16}),
        "head": book.add_format({"valign": "top", "text_wrap": True, "bold": True, "bottom": 1}),
        "key": book.add_format({"font_color": "#55606E", "font_size": 8}),
        "text": book.add_format(text),
        "kept": book.add_format({**text, "quote_prefix": True}),  # stays a text even when somebody edits it
    }


def _tell(
    sheet: Worksheet,
    tables: SlotTables,
    edition: Edition,
    told: Iterable[tuple[str, int, str]],
    looks: Mapping[str, Format],
) -> None:
    """What the workbook is, and what each of its sheets holds."""
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 12)
    sheet.set_column(2, 2, 110)
    sheet.write_string(0, 0, f"Annexes du dossier, {tables.departement_name}", looks["title"])
    fictional = " Département fictif\u00a0: répétition." if tables.fictional else ""
    about = (
        f"Édition {EDITION_NAMES[edition]}, {french.campaign(tables.campaign)}, données au "
        f"{french.date(tables.reference_date)}. Empreinte {french.grouped(tables.fingerprint)}.{fictional}"
    )
    sheet.write_string(1, 0, about)
    sheet.write_string(2, 0, "Une case vide\u00a0: on ne sait pas, ou c’est réservé\u202f; ce n’est jamais un zéro.")
    for column, head in enumerate(("Feuille", "Lignes", "Ce qu’elle contient")):
        sheet.write_string(4, column, head, looks["head"])
    for row, (title, rows, description) in enumerate(told, start=5):
        sheet.write_url(row, 0, f"internal:'{title}'!A1", string=title)
        sheet.write_number(row, 1, rows)
        sheet.write_string(row, 2, french.typographic(description), looks["text"])
    _to_print(sheet)


def _sheet(sheet: Worksheet, frame: pd.DataFrame, heads: Mapping[str, str], looks: Mapping[str, Format]) -> None:
    """A table under two heads: what each column says, and its key in the files of data."""
    for column, name in enumerate(frame.columns):
        sheet.write_string(0, column, french.typographic(heads.get(name, name)).rstrip("."), looks["head"])
        sheet.write_string(1, column, name if name in heads else "", looks["key"])
        longest = 0
        for row, value in enumerate(frame.iloc[:, column].tolist(), start=_HEAD_ROWS):
            longest = max(longest, _write(sheet, row, column, value, looks))
        sheet.set_column(column, column, min(max(longest, _WIDTHS[0], len(name)), _WIDTHS[1]))
    sheet.set_row(0, _HEAD_POINTS)
    sheet.freeze_panes(_HEAD_ROWS, 1)
    _to_print(sheet)
    sheet.repeat_rows(0, 1)
    sheet.autofilter(1, 0, len(frame) + 1, len(frame.columns) - 1)


def _to_print(sheet: Worksheet) -> None:
    """On A4 sideways, as many pages long as it takes and one wide."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _write(sheet: Worksheet, row: int, column: int, value: object, looks: Mapping[str, Format]) -> int:
    """Write a cell, nothing where nothing is known; how many characters it shows."""
    if value is None or value is pd.NA or value is pd.NaT or value != value:  # noqa: PLR0124 - NaN
        return 0
    if isinstance(value, bool):
        return _write(sheet, row, column, _TRUTH[value], looks)
    if isinstance(value, int | float):
        sheet.write_number(row, column, value)
        return len(f"{value:.6g}")
    text = str(value)[:_LONGEST]
    sheet.write_string(row, column, text, looks["kept" if begins_as_formula(text) else "text"])
    return len(text)


def _grid(tables: SlotTables) -> pd.DataFrame:
    """Places by démarche, what is known of each in words; what is unknown is empty."""
    words = {code: label for code, label, _ in EVIDENCE if code != "unknown"}
    cells = tables.demarche_matrix[["place_id", "demarche_id", "evidence"]]
    if cells.empty:
        return cells
    said = cells.assign(evidence=cells["evidence"].map(words))
    grid = said.pivot_table(index="place_id", columns="demarche_id", values="evidence", aggfunc="first", dropna=False)
    labels = dict(zip(tables.demarches["demarche_id"], tables.demarches["label"], strict=True))
    known = tables.places.set_index("place_id")
    grid = grid.reindex([place for place in known.index if place in grid.index])
    shown = grid.rename(columns=lambda code: french.typographic(labels.get(code) or code)).reset_index(drop=True)
    about = known.reindex(grid.index)[["name", "commune"]].reset_index(drop=True)
    about.columns = pd.Index(["Lieu", "Commune"])
    return pd.concat([about, shown], axis=1)
