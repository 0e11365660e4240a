"""Whether a place says that it helps with démarches in general, without saying which (``data/general_help.csv``)."""

from __future__ import annotations

import re

from fs_pipeline.survey.fields import GENERAL_HELP
from fs_pipeline.survey.tables.listed import note_unmapped
from fs_pipeline.survey.tables.rows import Row
from fs_pipeline.values.booleans import read_boolean
from fs_pipeline.values.vocabularies import Words, labels_of, read_words

_OF_DEMARCHES = re.compile(r"d[eé]marche|administrati", re.IGNORECASE)
_NAMED = "yes"


def read_general_help(row: Row, said: set[tuple[str, str]]) -> str | None:
    """``yes``, ``often``, ``sometimes``, ``rarely``, ``no``: the most help that the row's columns say; None where none does.

    A list of services says yes where it names help with démarches, and nothing where it does not. « Souvent », « oui » or
    a cross answer only a header that asks about démarches. A word about démarches that the list lacks is noted, once a
    table.

    Parameters
    ----------
    said
        (field, word) of what was noted in the rows above; added to.
    """
    found: set[str] = set()
    for column in row.block.columns.get(GENERAL_HELP, ()):
        text = row.texts.get(column)
        words = _heard(row, text)
        if not _asks(row, column):
            found.update({_NAMED} & set(words.codes))
            note_unmapped(row, column, GENERAL_HELP, tuple(filter(_OF_DEMARCHES.search, words.unmapped)), said)
            continue
        ticked = read_boolean(text).value if text is not None else None
        found.update(words.codes if ticked is None else ("yes" if ticked else "no",))
        if ticked is None:
            note_unmapped(row, column, GENERAL_HELP, words.unmapped, said)
    return next((code for code in labels_of(GENERAL_HELP) if code in found), None)


def _heard(row: Row, text: str | None) -> Words:
    return row.guarded(GENERAL_HELP, lambda: read_words(text, GENERAL_HELP), Words())


def _asks(row: Row, column: int) -> bool:
    """Whether the header asks about démarches, or a person said that it does."""
    return column in row.block.choices or bool(_OF_DEMARCHES.search(row.block.header(column)))
