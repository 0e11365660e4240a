"""A handed-in file as sheets of cells, or the French sentence that says why not and what to do.

What the cells mean begins in headers.py. The file itself is opened in another process (sandbox.py).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fs_pipeline.survey.cells import Cell, DateText, Sheet, Workbook, index_of
from fs_pipeline.survey.merges import tidy
from fs_pipeline.survey.sandbox import Child

MAX_BYTES = 60 * 1024 * 1024

REFUSALS = {
    "absent": "Le fichier n’existe pas à cet endroit. Vérifiez son nom et son dossier.",
    "folder": "C’est un dossier. Donnez le fichier lui-même.",
    "no_right": "Le fichier ne peut pas être ouvert : les droits de lecture manquent. Copiez-le, puis redonnez-le.",
    "empty": "Ce fichier est vide. Enregistrez de nouveau votre classeur, vérifiez qu’il s’ouvre, puis déposez-le.",
    "too_large": "Ce fichier dépasse 60 Mo. Gardez les seules feuilles de l’enquête, sans images, puis déposez-le.",
    "encrypted": "Ce fichier est protégé par un mot de passe. Retirez-le dans Excel (Fichier, Informations), "
    "puis déposez-le de nouveau.",
    "old_excel": "Ce fichier est dans un ancien format d’Excel. Ouvrez-le, choisissez Fichier, Enregistrer sous, "
    "« Classeur Excel (.xlsx) », puis déposez la copie.",
    "not_a_table": "Ce fichier n’est pas un tableau : c’est {detail}. Déposez le classeur (.xlsx, .ods ou .csv).",
    "web_page": "Ce fichier est une page web ou un export XML sous un nom de tableur. Ouvrez-le dans Excel ou "
    "LibreOffice, enregistrez-le en .xlsx, puis déposez la copie.",
    "damaged": "Ce fichier est abîmé ou incomplet et ne s’ouvre pas. Ouvrez l’original, enregistrez-le de nouveau en "
    ".xlsx, puis déposez la copie.",
    "too_heavy": "Ce fichier est anormalement lourd une fois ouvert. Copiez le tableau (les lignes remplies seulement) "
    "dans un classeur neuf, puis déposez celui-ci.",
    "too_long": "Ce fichier a {detail} lignes, plus qu’une enquête n’en a jamais. Gardez les seules lignes de votre "
    "département, ou déposez plusieurs fichiers.",
    "too_many_sheets": "Ce classeur a plus de 200 feuilles. Copiez les seules feuilles de l’enquête dans un classeur neuf, "
    "puis déposez celui-ci.",
    "too_many_merges": "Ce classeur a des centaines de milliers de cases fusionnées. Défusionnez-les (dans Excel : Accueil, "
    "Fusionner et centrer), puis déposez-le de nouveau.",
    "far_cell": "Une cellule est écrite très loin du tableau{detail}. Supprimez-la (ou copiez le tableau seul dans un "
    "classeur neuf), puis déposez-le de nouveau.",
    "unsafe": "Ce fichier contient des instructions qu’un tableur n’écrit jamais. Copiez le tableau dans un classeur "
    "neuf, puis déposez celui-ci.",
}


class UnreadableFile(Exception):
    """No table can be read; the message is French and says what to do. `code` is a key of REFUSALS."""

    def __init__(self, code: str, detail: str = "") -> None:
        if code == "far_cell":
            detail = f" ({detail})" if detail else ""
        super().__init__(REFUSALS[code].format(detail=detail))
        self.code = code


class Opening(Child):
    """A file being opened in its own process, while the caller does something else."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        _refuse_at_sight(self.path)
        super().__init__(self.path.resolve())

    def workbook(self) -> Workbook:
        """All sheets of the spreadsheet, CSV or GeoJSON file.

        Raises
        ------
        UnreadableFile
            When the file is encrypted, damaged, too heavy or no table.
        """
        answer = self.answer()
        if "refused" in answer:
            raise UnreadableFile(answer["refused"], answer["detail"])
        sheets = tuple(_sheet(sheet) for sheet in answer["sheets"])
        if not any(sheet.rows for sheet in sheets):
            raise UnreadableFile("empty")
        return Workbook(self.path.name, answer["format"], sheets, tuple(answer.get("skipped", ())))


def read_workbook(path: Path | str) -> Workbook:
    """All sheets of a spreadsheet, CSV or GeoJSON file.

    Raises
    ------
    UnreadableFile
        When the file is absent, empty, encrypted, damaged, too heavy or no table.
    """
    with Opening(path) as opening:
        return opening.workbook()


def _refuse_at_sight(path: Path) -> None:
    if path.is_dir():
        raise UnreadableFile("folder")
    try:
        size = path.stat().st_size
        with path.open("rb"):
            pass
    except FileNotFoundError as error:
        raise UnreadableFile("absent") from error
    except OSError as error:
        raise UnreadableFile("no_right") from error
    if size > MAX_BYTES:
        raise UnreadableFile("too_large")
    if size == 0:
        raise UnreadableFile("empty")


def _sheet(raw: dict[str, Any]) -> Sheet:
    rows = [[_cell(cell) if cell.__class__ is dict else cell for cell in row] for row in raw["rows"]]
    while rows and not any(cell is not None for cell in rows[-1]):
        rows.pop()
    width = max(map(len, rows), default=0)
    for row in rows:
        row.extend([None] * (width - len(row)))
    return Sheet(
        name=raw["name"],
        rows=rows,
        visible=raw["visible"],
        merged=tidy(map(tuple, raw["merged"]), len(rows), width),
        hidden_columns=frozenset(raw["hidden"]),
        widths={int(column): width for column, width in raw["widths"].items()},
        formulas_without_value=frozenset(index_of(reference) for reference in raw["formulas"]),
        errors={index_of(reference): error for reference, error in raw["errors"].items()},
    )


def _cell(cell: dict[str, str]) -> Cell:
    """A date is ISO text that knows it was a date; a time is plain text."""
    return DateText(cell["d"]) if "d" in cell else cell.get("t")
