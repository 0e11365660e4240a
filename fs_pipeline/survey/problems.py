"""A problem found in a survey: where, what is written, which rule, what to type. The rules are ``data/rules.csv``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from fs_pipeline.data import read_csv
from fs_pipeline.values.reading import Note

_LONGEST_VALUE = 120  # characters of the cell repeated to its reader


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the feedback; `message` and `suggestion` are French.

    `proposal` is the very text to put into the cell, where there is one: the annotated workbook offers it. `place` is the
    name that its row gives, for who reads the line without the file.
    """

    sheet: str | None
    row: int | None
    cell: str | None
    column: str | None
    field: str | None
    rule: str
    severity: str
    value: str | None
    message: str
    suggestion: str | None
    proposal: str | None = None
    place: str | None = None


def problem_of(
    note: Note,
    *,
    sheet: str | None = None,
    row: int | None = None,
    cell: str | None = None,
    column: str | None = None,
    field: str | None = None,
    value: str | None = None,
    replaceable: bool = True,
) -> Problem:
    """The problem that a note is, once it is known where it was seen.

    Raises
    ------
    KeyError
        When the note's rule is not in the reviewed list.
    """
    rule = rules()[note.rule]
    message = f"{rule['message_fr']} {note.detail}" if note.detail else rule["message_fr"]
    return Problem(
        sheet,
        row,
        cell,
        column,
        field,
        note.rule,
        rule["severity"],
        value[:_LONGEST_VALUE] if value else value,
        message,
        note.suggestion or rule["what_to_type_fr"] or None,
        note.suggestion if replaceable and rule["proposed_in"] in {"any", field} else None,
    )


@cache
def rules() -> dict[str, dict[str, str]]:
    """The reviewed rules by name."""
    return {row["rule"]: row for row in read_csv("rules.csv")}
