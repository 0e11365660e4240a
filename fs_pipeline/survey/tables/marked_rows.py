"""What struck text and colours say of rows: by a legend under the table (« Barré = fermé », « En rouge : lieux fermés »)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fs_pipeline.survey.nets import tried
from fs_pipeline.survey.opening.cells import as_text
from fs_pipeline.survey.tables.rows import Row
from fs_pipeline.values.reading import Note
from fs_pipeline.values.states import State, read_state
from fs_pipeline.values.text import normalise

_THINGS = r"(?:lignes?|lieux?|cases?|cellules?|noms?|structures?|sites?|points?)"
_LEGEND = re.compile(
    rf"^\W*(?:(?:les?\s+)?{_THINGS}\s+)?(?:(?:en|sur|fond|couleur|surlign[ée]e?s?)\s+)*"
    r"(barr[ée]e?s?|ray[ée]e?s?|rouges?|gris|grisée?s?|jaunes?|oranges?|verte?s?|bleue?s?|roses?|violet(?:te)?s?)"
    r"\s*(?:=|:|→|->|–|-)\s*(\S.{2,80})$",
    re.IGNORECASE,
)
_STRUCK = ("barr", "ray")
_OF_THINGS = re.compile(rf"^(?:les? )?{_THINGS} (?:est |sont )?")


def explains_marks(text: str) -> bool:
    """Whether a text says what a colour or struck text means."""
    return _LEGEND.match(text) is not None


def settle_marked(rows: Sequence[Row]) -> None:
    """Mark as closed the rows that are struck, or of a colour, where a note under the table says that they are."""
    struck, fills = False, set()
    for row in rows:
        if not (row.settled and row.problems and row.problems[-1].rule == "note_row_skipped"):
            continue
        position, column = row.number - 1, row.first_written
        found = _LEGEND.match(as_text(row.block.sheet.rows[position][column]) or "")
        if found is None or _state(found[2]) != "closed":
            continue
        if normalise(found[1]).startswith(_STRUCK):
            struck = True
        elif fill := row.block.sheet.fills.get((position, column)):
            fills.add(fill)
    if not struck and not fills:
        return
    for row in rows:
        cell = row.number - 1, row.block.columns["name"][0]
        marked = (struck and cell in row.block.sheet.struck) or row.block.sheet.fills.get(cell) in fills
        if marked and not row.settled:
            row.gone = True
            row.note_cell(cell[1], Note("place_closed"), replaceable=False)


def _state(meaning: str) -> State | None:
    words = _OF_THINGS.sub("", normalise(meaning))
    singular = " ".join(word.removesuffix("s") for word in words.split())
    return tried("state", lambda: read_state(words, asked=True) or read_state(singular, asked=True), None)
