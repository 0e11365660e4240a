"""A handed-in file as sheets of cells, or the French sentence that says why not and what to do.

What the cells mean begins in headers.py. The product reads files behind walls (``sandbox/``), where this runs.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from fs_pipeline.safe_text import safe_name
from fs_pipeline.survey.opening.cells import Cell, DateText, Sheet, Workbook, index_of
from fs_pipeline.survey.opening.child import make_safe, read, refuse_too_long
from fs_pipeline.survey.opening.merges import tidy
from fs_pipeline.survey.opening.raw import RawSheet
from fs_pipeline.survey.opening.refusal import Refused

MAX_BYTES = 60 * 1024 * 1024

REFUSALS = {
    "absent": "Le fichier n’existe pas à cet endroit. Vérifiez son nom et son dossier.",
    "folder": "C’est un dossier. Donnez le fichier lui-même.",
    "no_file": "Ce n’est pas un fichier ordinaire. Donnez le fichier de l’enquête lui-même.",
    "link": "C’est un lien vers un autre fichier, et il n’est pas suivi. Déposez le fichier lui-même.",
    "arriving": "Ce fichier est encore en cours d’arrivée. Il sera lu quand sa copie sera finie ; si elle s’est arrêtée, "
    "déposez-le de nouveau.",
    "unreadable_now": "Ce fichier ne peut pas être lu pour l’instant (disque ou réseau). Déposez-le de nouveau.",
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
    "unexpected": "Ce fichier n’a pas pu être lu jusqu’au bout, par une faute de notre programme et non de votre fichier. Il "
    "est gardé ; ceux qui tiennent le programme peuvent voir pourquoi dans son journal.",
    "campaign_closed": "Ce fichier est arrivé après la clôture de la campagne ({detail}) : il n’est ni lu ni gardé. Demandez à "
    "qui tient l’outil d’ouvrir une nouvelle campagne, et déposez-le dans son dossier.",
    "unsafe": "Ce fichier contient des instructions qu’un tableur n’écrit jamais. Copiez le tableau dans un classeur "
    "neuf, puis déposez celui-ci.",
}


class UnreadableFile(Exception):
    """No table can be read; the message is French and says what to do. `code` is a key of REFUSALS."""

    def __init__(self, code: str, detail: str = "") -> None:
        shown = f" ({detail})" if code == "far_cell" and detail else detail
        super().__init__(REFUSALS[code].format(detail=shown))
        self.code = code
        self.detail = detail


def read_workbook(path: Path | str) -> Workbook:
    """All sheets of a spreadsheet, CSV or GeoJSON file, read in this very process: for files of our own.

    Raises
    ------
    UnreadableFile
        When the file is absent, empty, encrypted, damaged, too heavy or no table.
    """
    with open_file(Path(path)) as file:
        return open_bytes(file.read(), Path(path).name)


def open_bytes(content: bytes, filename: str) -> Workbook:
    """The same of a file's bytes. Whatever they do to their readers is a refusal; only a fork survives what they do to it.

    Raises
    ------
    UnreadableFile
        As above.
    """
    try:
        answer = read(content)
        refuse_too_long(answer)
        make_safe(answer)
    except Refused as refusal:
        raise UnreadableFile(refusal.code, refusal.detail) from refusal
    except (MemoryError, RecursionError) as error:
        raise UnreadableFile("too_heavy") from error
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # calamine's panics are no Exception
        raise UnreadableFile("damaged") from error
    sheets = tuple(_sheet(answer.sheets.pop(0)) for _ in range(len(answer.sheets)))
    if not any(sheet.rows for sheet in sheets):
        raise UnreadableFile("empty")
    return Workbook(safe_name(filename), answer.format, sheets, tuple(answer.skipped))


def open_file(path: Path) -> BinaryIO:
    """The file, open, once a look at it finds nothing against reading it.

    Raises
    ------
    UnreadableFile
        When it is absent, empty, too large, closed to us or no file.
    """
    try:
        if path.is_dir():
            raise UnreadableFile("folder")
        file = open(path, "rb", opener=_without_waiting)  # noqa: SIM115 - the caller closes it
    except FileNotFoundError as error:
        raise UnreadableFile("absent") from error
    except OSError as error:
        raise UnreadableFile("no_right") from error
    told = os.fstat(file.fileno())
    refused = {
        "no_file": not stat.S_ISREG(told.st_mode),
        "too_large": told.st_size > MAX_BYTES,
        "empty": not told.st_size,
    }
    for code, applies in refused.items():
        if applies:
            file.close()
            raise UnreadableFile(code)
    return file


def _without_waiting(path: str, flags: int) -> int:
    """A pipe without a writer would hold us."""
    return os.open(path, flags | os.O_NONBLOCK)


def _sheet(raw: RawSheet) -> Sheet:
    rows = [[_cell(cell) if isinstance(cell, dict) else cell for cell in row] for row in raw.rows]
    while rows and not any(cell is not None for cell in rows[-1]):
        rows.pop()
    if raw.lost:
        _restore(rows, raw.lost)
    width = max(map(len, rows), default=0)
    for row in rows:
        row.extend([None] * (width - len(row)))
    return Sheet(
        name=raw.name,
        rows=rows,
        visible=raw.visible,
        merged=tidy(raw.told.merged, len(rows), width),
        hidden_columns=frozenset(raw.told.hidden),
        hidden_rows=frozenset(raw.told.hidden_rows),
        lost=raw.lost,
        fills={index_of(reference): colour for reference, colour in raw.told.fills.items()},
        struck=frozenset(map(index_of, raw.told.struck)),
        comments={index_of(reference): text for reference, text in raw.told.comments.items()},
        repairs=raw.told.repairs,
        widths=raw.told.widths,
        formulas_without_value=frozenset(index_of(reference) for reference in raw.told.formulas),
        errors={index_of(reference): error for reference, error in raw.told.errors.items()},
    )


def _restore(rows: list[list[Cell]], lost: Mapping[tuple[int, int], str]) -> None:
    """Read the words that lost a letter as the reviewed lists have them."""
    from fs_pipeline.values.lost_letters import restored  # late: few files lost one

    for (row, column), shown in lost.items():
        if row < len(rows) and column < len(rows[row]) and rows[row][column].__class__ is str:
            rows[row][column] = restored(shown)


def _cell(cell: dict[str, str]) -> Cell:
    """A date is ISO text that knows it was a date; a time is plain text."""
    return DateText(cell["d"]) if "d" in cell else cell.get("t")
