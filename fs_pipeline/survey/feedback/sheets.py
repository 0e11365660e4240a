"""The two sheets of ours in a workbook given back: what is to be corrected, and what each column was taken for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from fs_pipeline.survey.accepted import ANSWER, KEYS, LISTS_SHEET, MARKER, NOTHING
from fs_pipeline.survey.causes import SEVERITIES, Cause, causes_of
from fs_pipeline.survey.columns.block import Block
from fs_pipeline.survey.columns.choosing import ASK_BELOW, SURE
from fs_pipeline.survey.fields import fields_of, french_name
from fs_pipeline.survey.opening.cells import address, column_letters, index_of
from fs_pipeline.survey.problems import Problem, rules
from fs_pipeline.survey.report import CheckReport
from fs_pipeline.survey.verified import VERIFIED, key_of, may_be_verified
from fs_pipeline.tabular.delimited import write_csv
from fs_pipeline.tabular.formulas import begins_as_formula

COLOURS = {"error": "#F6C9BF", "warning": "#FBE7B5"}
_HEADERS = (
    "Gravité",
    "Feuille",
    "Cellule",
    "Lieu",
    "Colonne",
    "Ce qui est écrit",
    "Ce qui ne va pas",
    "À écrire",
    "Dans le guide",
)
_ANSWER_WIDTH = 16
_WIDTHS = (17, 16, 9, 30, 26, 34, 58, 44, 22)
_COLUMN_HEADERS = ("Feuille", "Colonne", "Intitulé", "Compris comme", "Votre réponse", "Certitude")
_LINE_POINTS, _LINES_AT_MOST = 15.0, 8
_ASKED = "à confirmer"
_COLUMN_WIDTHS = (18, 9, 44, 28, 28, 16)
LONGEST = 32_000  # characters of a cell that a spreadsheet opens
Placed = Mapping[str, tuple[str, Callable[[int], int]]]  # sheet -> its name in the copy, and where its columns went


def printable(text: str) -> str:
    """What a cell of a spreadsheet holds.

    A text that begins and ends as a piece of rich text does is given a space: xlsxwriter would write it as XML.
    """
    held = text[:LONGEST]
    return f"{held} " if held.startswith("<r>") and held.endswith("</r>") else held


class _Texts:
    """Writes texts of the sender's: a formula's beginning stays a text even when somebody edits its cell."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        look = {"text_wrap": True, "valign": "top"}
        self._plain, self._kept = book.add_format(look), book.add_format({**look, "quote_prefix": True})

    def write(self, sheet: Worksheet, row: int, column: int, text: str) -> None:
        """`text`, wrapped, in one cell."""
        sheet.write_string(row, column, printable(text), self._kept if begins_as_formula(text) else self._plain)


def write_summary(sheet: Worksheet, book: xlsxwriter.Workbook, report: CheckReport, placed: Placed) -> None:
    """« À corriger »: counts, how to answer, then each cause with a link to its first cell."""
    sheet.write_string(0, 0, f"{MARKER} : ce qui est à corriger", book.add_format({"bold": True, "font_size": 14}))
    lines = [
        report.counted(),
        "Les cases colorées sont à revoir : passez la souris pour lire pourquoi. En vert, à côté, ce que nous proposons.",
        "Laissez une proposition pour l’accepter, videz sa case pour la refuser. Celle qui commence par « ? » n’est "
        "reprise que si vous effacez le « ? ».",
        "Si une remarque « à vérifier » ne change rien, écrivez « vérifié » à droite : elle ne sera plus posée, tant que "
        "la case reste la même.",
        "Puis enregistrez et déposez ce même classeur. De cette feuille-ci, seules ces réponses sont relues.",
    ]
    if report.reason:
        lines.insert(0, report.reason)
    for row, line in enumerate(lines, start=1):
        sheet.write_string(row, 0, line)
    worth = [cause for cause in causes_of(report.problems) if cause.first.severity != "info"]
    head = len(lines) + 2
    _write_causes(sheet, book, worth, placed, head)
    _ask(sheet, book, worth, head)


def _ask(sheet: Worksheet, book: xlsxwriter.Workbook, causes: Sequence[Cause], head: int) -> None:
    """Room beside each doubt to say that it is right, and, out of sight, which doubts the line is about."""
    bold = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E9EEF4"})
    open_to_answer = book.add_format({"bg_color": "#E8F4E4", "valign": "top"})
    answer, key = len(_HEADERS), len(_HEADERS) + 1
    sheet.write_string(head, answer, ANSWER, bold)
    sheet.write_string(head, key, KEYS, bold)
    sheet.set_column(answer, answer, _ANSWER_WIDTH)
    sheet.set_column(key, key, None, None, {"hidden": True})
    for row, cause in enumerate(causes, start=head + 1):
        keys = list(dict.fromkeys(key_of(problem) for problem in cause.problems if may_be_verified(problem)))
        written = " ".join(keys)
        if keys and len(written) <= LONGEST:
            sheet.write_blank(row, answer, None, open_to_answer)
            sheet.write_string(row, key, written)
            sheet.data_validation(
                row, answer, row, answer, {"validate": "list", "source": [VERIFIED], "error_type": "warning"}
            )


def write_told(sheet: Worksheet, book: xlsxwriter.Workbook, report: CheckReport, placed: Placed) -> None:
    """« Pour information »: what was understood and done, which asks nothing of its reader."""
    sheet.write_string(0, 0, f"{MARKER} : pour information", book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, "Rien n’est à faire ici : ce sont les choix faits en lisant le fichier.")
    told = [cause for cause in causes_of(report.problems) if cause.first.severity == "info"]
    _write_causes(sheet, book, told, placed, 3)


def _write_causes(
    sheet: Worksheet, book: xlsxwriter.Workbook, causes: Sequence[Cause], placed: Placed, head: int
) -> None:
    wrap, texts = book.add_format({"text_wrap": True, "valign": "top"}), _Texts(book)
    bold = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E9EEF4"})
    for column, (header, width) in enumerate(zip(_HEADERS, _WIDTHS, strict=True)):
        sheet.write_string(head, column, header, bold)
        sheet.set_column(column, column, width)
    link = book.add_format({"underline": 1, "font_color": "#17477E", "valign": "top"})
    colours = {severity: book.add_format({"bg_color": colour, "valign": "top"}) for severity, colour in COLOURS.items()}
    for row, cause in enumerate(causes, start=head + 1):
        first = cause.first
        name, where = placed.get(first.sheet or "", ("", lambda column: column))
        sheet.write_string(row, 0, SEVERITIES[first.severity], colours.get(first.severity, wrap))
        texts.write(sheet, row, 1, name)
        if first.cell and name:
            cell_row, cell_column = index_of(first.cell)
            cell = address(cell_row, where(cell_column))
            quoted = name.replace("'", "''")
            sheet.write_url(row, 2, f"internal:'{quoted}'!{cell}", link, cell)
        said = (cause.place, cause.column, cause.value, cause.message, cause.suggestion, rules()[first.rule]["anchor"])
        sheet.set_row(row, _height(zip(said, _WIDTHS[3:], strict=True)))
        for place, text in enumerate(said, start=3):
            if text:
                texts.write(sheet, row, place, text)
    _print_on_one_width(sheet)
    sheet.freeze_panes(head + 1, 0)
    if causes:
        sheet.autofilter(head, 0, head + len(causes), len(_HEADERS) - 1)


def write_columns(sheet: Worksheet, book: xlsxwriter.Workbook, report: CheckReport, placed: Placed) -> None:
    """« Colonnes »: what each column of the places' table was taken for, the doubtful first, with room for an answer."""
    sheet.write_string(
        0, 0, f"{MARKER} : ce que contient chaque colonne", book.add_format({"bold": True, "font_size": 14})
    )
    bold = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E9EEF4"})
    for column, (header, width) in enumerate(zip(_COLUMN_HEADERS, _COLUMN_WIDTHS, strict=True)):
        sheet.write_string(1, column, header, bold)
        sheet.set_column(column, column, width)
    wrap, texts = book.add_format({"text_wrap": True, "valign": "top"}), _Texts(book)
    doubtful = book.add_format({"bg_color": COLOURS["warning"], "valign": "top"})
    open_to_answer = book.add_format({"bg_color": "#E8F4E4", "valign": "top"})
    rows = sorted(
        (row for block in report.blocks if block.table == "places" for row in _column_rows(block)),
        key=lambda row: (row[3] != _ASKED, row[0].sheet.name, row[1]),
    )
    for line, (block, column, meaning, certainty) in enumerate(rows, start=2):
        name, where = placed[block.sheet.name]
        sheet.set_row(line, _height([(block.header(column), _COLUMN_WIDTHS[2])]))
        place_of = (
            f"ligne {column + 1}"
            if block.sheet.turned
            else column_letters(where(block.sheet.origins.get(column, column)))
        )
        for place, text in enumerate((name, place_of, block.header(column), meaning)):
            texts.write(sheet, line, place, text)
        sheet.write_blank(line, 4, None, open_to_answer)
        sheet.write_string(line, 5, certainty, doubtful if certainty == _ASKED else wrap)
    choices = [NOTHING, *(field.header for field in fields_of("places"))]
    hidden = book.add_worksheet(LISTS_SHEET) if LISTS_SHEET not in {s.get_name() for s in book.worksheets()} else None
    if hidden is not None:
        hidden.write_string(0, 0, f"{MARKER} : listes")
        for row, choice in enumerate(choices, start=1):
            hidden.write_string(row, 0, choice)
        hidden.hide()
        sheet.data_validation(
            2,
            4,
            max(2, len(rows) + 1),
            4,
            {"validate": "list", "source": f"={LISTS_SHEET}!$A$2:$A${len(choices) + 1}", "error_title": "Réponse"},
        )
    _print_on_one_width(sheet)
    sheet.freeze_panes(2, 0)


def _height(texts: Iterable[tuple[str | None, int]]) -> float:
    """Points that the tallest of these texts takes, wrapped in columns so many characters wide."""
    lines = max(
        sum(-(-max(len(line), 1) // width) for line in text.split("\n")) if text else 1 for text, width in texts
    )
    return _LINE_POINTS * min(lines, _LINES_AT_MOST)


def _print_on_one_width(sheet: Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _column_rows(block: Block) -> list[tuple[Block, int, str, str]]:
    rows = []
    meanings = {column: name for name, columns in block.columns.items() for column in columns}
    meanings |= {column: "opening_hours" for columns in block.days.values() for column in columns}
    for column in sorted({*meanings, *block.extra}):
        choice = block.choices.get(column)
        confidence = choice.confidence if choice else 1.0
        meaning = french_name("places", meanings[column]) if column in meanings else "gardée telle quelle"
        certainty = _ASKED if confidence < ASK_BELOW else "sûr" if confidence >= SURE else "probable"
        rows.append((block, column, meaning, certainty if column in meanings else ""))
    return rows


def problems_csv(problems: list[Problem]) -> str:
    """The list as a CSV that a French spreadsheet opens, a line a cause."""
    rows = (
        (
            SEVERITIES[cause.first.severity],
            cause.first.sheet,
            cause.first.cell,
            cause.place,
            cause.column,
            cause.value,
            cause.message,
            cause.suggestion,
            rules()[cause.first.rule]["anchor"],
        )
        for cause in causes_of(problems)
    )
    return write_csv(_HEADERS, rows, delimiter=";")
