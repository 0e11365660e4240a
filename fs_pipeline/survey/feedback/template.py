"""The workbook that a prefecture fills in: five sheets, lists to choose from, an example, and how to fill it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from fs_pipeline.data import read_csv, rows_in_force
from fs_pipeline.french import DAY_NAMES
from fs_pipeline.survey.accepted import EXAMPLE_SHEET, GUIDE_SHEET, LISTS_SHEET, MARKER
from fs_pipeline.survey.fields import SurveyField, fields_of
from fs_pipeline.values.vocabularies import labels_of

SHEETS = {
    "places": "Lieux",
    "demarches": "Démarches",
    "actors": "Acteurs",
    "rounds": "Tournées",
    "meeting": "Réunion",
}
_ABOUT = {
    "places": "Un lieu par ligne : France services, mairies, CCAS, associations… qui aident aux démarches.",
    "demarches": "Une ligne par lieu et par démarche : ce que le lieu sait faire, et à quel niveau.",
    "actors": "Les associations et les acteurs du réseau d’« aller-vers ».",
    "rounds": "Un arrêt par ligne : bus, permanences qui se déplacent.",
    "meeting": "La réunion que le préfet a tenue avec les relais locaux.",
}
_ROWS = 2_000  # rows prepared: text format and lists
_TEXTS = {"siret", "siren", "postcode", "insee", "phone", "local_id"}
_LEVELS = ("accompagnement", "rendez-vous", "information", "orientation", "aucune")
_YES_NO = ("Oui", "Non")
_PARITIES = ("paire", "impaire")
_STEPS = (
    "1. Remplissez la feuille « Lieux » : une ligne par lieu. Seules les colonnes en gras sont indispensables.",
    "2. Dans « Démarches », choisissez un lieu, une démarche et un niveau d’aide. Une ligne par démarche.",
    "3. « Acteurs », « Tournées » et « Réunion » : ce que vous avez. Une feuille vide n’est pas une erreur.",
    "4. Laissez vide ce que vous ne savez pas : vide n’est jamais compris comme « non ».",
    "5. Vous pouvez ajouter des colonnes : elles sont gardées. Vous pouvez coller depuis un autre tableau.",
    "6. Enregistrez en .xlsx et déposez le fichier. Vous recevez aussitôt ce même classeur, les cases à revoir en couleur.",
)
_LEVEL_MEANINGS = (
    ("accompagnement", "quelqu’un fait la démarche en ligne avec la personne, sur place"),
    ("rendez-vous", "le lieu met en relation avec l’opérateur, en rendez-vous ou en visio"),
    ("information", "le lieu renseigne et remet les documents"),
    ("orientation", "le lieu indique où aller"),
    ("aucune", "le lieu n’aide pas à cette démarche"),
)


def write_template(out: Path, on: datetime.date) -> None:
    """Write to `out` (.xlsx) the template of a day, whose démarches it lists."""
    book = xlsxwriter.Workbook(str(out), {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime.datetime(1980, 1, 1), "title": MARKER})
    formats = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "asked": book.add_format(
            {"bold": True, "bg_color": "#DCE6F2", "bottom": 1, "text_wrap": True, "valign": "top"}
        ),
        "other": book.add_format({"bg_color": "#EEF2F7", "bottom": 1, "text_wrap": True, "valign": "top"}),
        "text": book.add_format({"num_format": "@"}),
        "plain": book.add_format({}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "bold": book.add_format({"bold": True}),
    }
    guide = book.add_worksheet(GUIDE_SHEET)
    sheets = {table: book.add_worksheet(name) for table, name in SHEETS.items()}
    example = book.add_worksheet(EXAMPLE_SHEET)
    lists = _write_lists(book.add_worksheet(LISTS_SHEET), on)
    for table, sheet in sheets.items():
        _write_sheet(sheet, fields_of(table), lists, formats)
    _write_guide(guide, formats)
    _write_example(example, formats)
    for sheet in book.worksheets():
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
    guide.activate()
    book.close()


def _write_sheet(
    sheet: Worksheet, fields: Sequence[SurveyField], lists: dict[str, str], formats: dict[str, Format]
) -> None:
    for column, field in enumerate(fields):
        sheet.write_string(0, column, field.header, formats["asked" if field.asked else "other"])
        sheet.write_comment(0, column, f"{field.help}\nPar exemple : {field.example}" if field.example else field.help)
        width = max(12, min(34, max(len(field.header), len(field.example)) + 3))
        sheet.set_column(column, column, width, formats["text" if field.name in _TEXTS else "plain"])
        source = lists.get(f"{field.table}.{field.name}")
        if source:
            sheet.data_validation(
                1,
                column,
                _ROWS,
                column,
                {
                    "validate": "list",
                    "source": source,
                    "error_type": "information",  # a word of one's own is read too
                    "error_title": "Hors de la liste",
                    "error_message": "Ce mot n’est pas dans la liste ; il sera lu quand même.",
                },
            )
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, 0)


def _write_lists(sheet: Worksheet, on: datetime.date) -> dict[str, str]:
    """The lists to choose from, a column each; field -> the range that holds its list."""
    columns: dict[str, tuple[str, Sequence[str]]] = {
        "places.type": ("Types de lieu", [row["label_fr"] for row in read_csv("place_types.csv")]),
        "demarches.demarche": (
            "Démarches",
            sorted({row["label"] for row in rows_in_force("demarches.csv", on.isoformat())}),
        ),
        "demarches.level": ("Niveaux d’aide", _LEVELS),
        "demarches.appointment": ("Oui ou non", _YES_NO),
        "places.week_parity": ("Semaines", _PARITIES),
        "rounds.weekday": ("Jours", tuple(DAY_NAMES.values())),
        "actors.kind": ("Types d’acteur", list(labels_of("actor_kinds").values())),
        "actors.outreach_mode": ("Modes d’aller-vers", list(labels_of("outreach_modes").values())),
    }
    sheet.write_string(0, 0, f"{MARKER} : listes")
    found = {}
    for column, (name, (title, values)) in enumerate(columns.items()):
        sheet.write_string(1, column, title)
        for row, value in enumerate(values, start=2):
            sheet.write_string(row, column, value)
        sheet.set_column(column, column, 44 if name == "demarches.demarche" else 26)
        letter = chr(ord("A") + column)
        found[name] = f"={LISTS_SHEET}!${letter}$3:${letter}${len(values) + 2}"
    places = SHEETS["places"]
    name_column = chr(ord("A") + [field.name for field in fields_of("places")].index("name"))
    return found | {
        "places.itinerant": found["demarches.appointment"],
        "rounds.week_parity": found["places.week_parity"],
        "demarches.place": f"={places}!${name_column}$2:${name_column}${_ROWS + 1}",
    }


def _write_guide(sheet: Worksheet, formats: dict[str, Format]) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 92)
    sheet.write_string(0, 0, f"{MARKER} : mode d’emploi", formats["title"])
    row = 2
    for step in _STEPS:
        sheet.merge_range(row, 0, row, 1, step, formats["wrap"])
        row += 1
    row += 1
    sheet.write_string(row, 0, "Les niveaux d’aide", formats["bold"])
    for level, meaning in _LEVEL_MEANINGS:
        row += 1
        sheet.write_string(row, 0, level)
        sheet.write_string(row, 1, meaning)
    for table, name in SHEETS.items():
        row += 2
        sheet.write_string(row, 0, f"Feuille « {name} »", formats["bold"])
        sheet.write_string(row, 1, _ABOUT[table])
        for field in fields_of(table):
            row += 1
            sheet.write_string(row, 0, field.header, formats["bold"] if field.asked else None)
            sheet.write_string(row, 1, f"{field.help} Par exemple : {field.example}" if field.example else field.help)


def _write_example(sheet: Worksheet, formats: dict[str, Format]) -> None:
    sheet.write_string(0, 0, f"{MARKER} : un exemple rempli (cette feuille n’est pas lue)", formats["title"])
    row = 2
    for table, name in SHEETS.items():
        fields = fields_of(table)
        sheet.write_string(row, 0, f"Feuille « {name} »", formats["bold"])
        for column, field in enumerate(fields):
            sheet.write_string(row + 1, column, field.header, formats["asked" if field.asked else "other"])
            sheet.write_string(row + 2, column, field.example, formats["text"])
        row += 5
    sheet.set_column(0, max(len(fields_of(table)) for table in SHEETS), 22)
