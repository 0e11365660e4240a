"""The fields of the five tables and what a French header calls each (``data/survey_fields.csv``)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from fs_pipeline.data import read_csv
from fs_pipeline.values.vocabularies import VocabularyName

GENERAL_HELP = "general_help"
# Lists of places that are asked and stored beside the fields of the contract.
LISTS_OF_PLACES: dict[str, VocabularyName] = {
    "labels": "place_labels",
    "publics": "publics",
    GENERAL_HELP: "general_help",
}


@dataclass(frozen=True, slots=True)
class SurveyField:
    """One field as the template shows it; `asked` is what a useful survey cannot do without."""

    table: str
    name: str
    header: str
    asked: bool
    help: str
    example: str


@cache
def fields_of(table: str) -> tuple[SurveyField, ...]:
    """The fields of one table, in the template's order."""
    return tuple(
        SurveyField(row["table"], row["field"], row["header_fr"], bool(row["asked"]), row["help_fr"], row["example"])
        for row in read_csv("survey_fields.csv")
        if row["table"] == table
    )


@cache
def place_fields() -> tuple[str, ...]:
    """The canonical fields of a place, as the command line's contract lists them."""
    return tuple(field.name for field in fields_of("places") if field.name not in LISTS_OF_PLACES)


def french_name(table: str, name: str) -> str:
    """« Nom du lieu » of ``name``."""
    return next(field.header for field in fields_of(table) if field.name == name)
