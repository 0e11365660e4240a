"""Rows of a table of places that are none: notes and signatures under it, communes that head those below them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

from fs_pipeline.survey.columns.contents import shares
from fs_pipeline.survey.columns.legends import is_of_legend
from fs_pipeline.survey.nets import tried
from fs_pipeline.survey.opening.cells import as_text
from fs_pipeline.survey.tables.marked_rows import explains_marks
from fs_pipeline.survey.tables.rows import Row
from fs_pipeline.territory.model import Territory
from fs_pipeline.values.communes import read_commune
from fs_pipeline.values.reading import Note
from fs_pipeline.values.text import normalise

_FEW = 2  # cells that a note or a signature fills at most
_MARKED = re.compile(r"\s*(?:\*|\(\d\)|[¹²³†‡])\s*\S")  # « * sous réserve », « (1) en août »
_ANNOUNCED = re.compile(
    r"\s*(?:sources?|l[ée]gendes?|notes?|nota(?: bene)?|n\.?\s?b\.?|remarques?|observations?|pr[ée]cisions?|attention|"
    r"rappels?|informations?|auteurs?|contact|important)\s*:",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"^(?:fait (?:a|le)\b|(?:mise? a jour|maj|imprime|edite|extrait|etabli|document|version|tableau)\b.*\d|"
    r"(?:pour )?l(?:e|a) (?:prefete?|sous prefete?|cheff?e?|direct(?:eur|rice)|secretaire|responsable|chargee?|president)e?\b)"
)
_SAYS_A_PLACE = ("organisation", "address", "commune", "postcode", "insee", "phone", "email", "website", "siret")
_HEADS = re.compile(
    r"^(?:commune|ville|secteur|canton|territoire)\s+(?:de\s+(?:la\s+|l['’])?|d['’]|du\s+|des\s+)", re.IGNORECASE
)


def settle_footnotes(rows: Sequence[Row], territory: Territory) -> None:
    """Set apart the notes below the last whole row, and those that begin as only notes do; each says so.

    Under an empty row, what says nothing of a place (no organisation, address, commune, phone …) is no place either;
    once one note stands there, so is what follows it.
    """
    for row in rows:
        if not row.settled and (text := _alone(row)) is not None and _MARKED.match(text):
            row.settle(Note("note_row_skipped"))
    tail = len(rows)
    while tail and (rows[tail - 1].settled or _written(rows[tail - 1]) <= _FEW):
        tail -= 1
    noted = apart = False
    for position in range(tail, len(rows)):
        row = rows[position]
        apart = apart or (position > 0 and rows[position - 1].number + 1 < row.number)
        if row.settled:
            noted = noted or row.problems[-1].rule == "note_row_skipped"
            continue
        cells = [text for cell in row.block.cells(row.number - 1) if (text := as_text(cell))]
        legend = is_of_legend(cells[0], row.block.codes) or explains_marks(cells[0])
        if noted or legend or _begins_as_a_note(cells[0]):
            row.settle(Note("note_row_skipped"))
            noted = True
        elif apart and not any(_says_a_place(text, territory) for text in cells):
            row.settle(Note("row_under_table_skipped"))


def _written(row: Row) -> int:
    cells = row.block.cells(row.number - 1)
    return len(cells) - cells.count(None)


def _alone(row: Row) -> str | None:
    """The text of the only cell that is written there."""
    cells = row.block.cells(row.number - 1)
    return next(filter(None, map(as_text, cells)), None) if _written(row) == 1 else None


def _begins_as_a_note(text: str) -> bool:
    return bool(_MARKED.match(text) or _ANNOUNCED.match(text) or _SIGNED.search(normalise(text)))


def _says_a_place(text: str, territory: Territory) -> bool:
    look = shares([text], territory)
    return any(look.get(kind) for kind in _SAYS_A_PLACE)


def communes_of_sections(rows: Sequence[Row], territory: Territory, departement: str | None) -> dict[int, str]:
    """Row -> the commune that stands alone above it (« LOCHES », « Commune de Loches ») or that its sheet is named after.

    A commune alone on its row is a title where rows of something else follow it; it says so.
    """
    found: dict[int, str] = {}
    section = _of_sheet(rows, territory, departement)
    for row, below in zip_longest(rows, rows[1:]):
        text = _alone(row)
        commune = _named_alone(text, territory, departement) if text else None
        heads = (
            commune is not None
            and below is not None
            and _written(below) > 1
            and not _is_of(below, territory, departement)
        )
        if row.settled:
            section = commune if row.problems[-1].rule == "title_row_skipped" else section
        elif heads:
            section = commune
            row.settle(Note("title_row_skipped", detail="Les lieux du dessous ont été lus dans cette commune."))
        elif section is not None:
            found[row.number] = section
    return found


def _is_of(row: Row, territory: Territory, departement: str | None) -> bool:
    """Whether its first cell is a commune too: a list of communes has no sections."""
    first = as_text(row.block.sheet.rows[row.number - 1][row.first_written]) or ""
    return _named_alone(first, territory, departement) is not None


def _of_sheet(rows: Sequence[Row], territory: Territory, departement: str | None) -> str | None:
    """The commune of the département that a sheet is named after, where no column says where places are."""
    if not rows or departement is None or {"commune", "postcode", "insee"} & rows[0].block.columns.keys():
        return None
    block = rows[0].block
    commune = _named_alone(block.sheet.name, territory, departement)
    if commune is not None:
        column = next(iter(block.columns["name"]))
        rows[0].note_cell(
            column, Note("commune_from_sheet", detail=f"Commune : {commune}."), "commune", replaceable=False
        )
    return commune


def _named_alone(text: str, territory: Territory, departement: str | None) -> str | None:
    """The text itself where it names one commune and nothing else, letter for letter."""
    name = _HEADS.sub("", text.strip().rstrip(":").strip())
    bare = re.sub(r"\(?\b\d{5}\b\)?", "", name).strip(" ,-")
    if not (territory.by_name(bare) or territory.by_name(bare, former=True)):
        return None
    insee = tried("commune", lambda: read_commune(name, territory, None, None, departement).value, None)
    if insee is None or (departement and territory.departement_of(insee) != departement):
        return None
    return name
