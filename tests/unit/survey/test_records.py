"""The rows of a survey are those of the declared tables, column for column."""

from __future__ import annotations

from typing import get_type_hints

import pytest

from fs_pipeline.survey.fields import fields_of
from fs_pipeline.survey.tables.records import Actor, Meeting, Place, PlaceDemarche, Stop, column_names
from fs_pipeline.warehouse.declared import declaration
from tests.unit.survey.conftest import HEADERS, PLACES

KINDS = {"places": Place, "demarches": PlaceDemarche, "actors": Actor, "rounds": Stop, "meeting": Meeting}
TYPES = {"text": str, "integer": int, "float": float, "boolean": bool}
ACTORS = [["Nom de l’association", "Correspondant", "Tél", "Publics", "Engagement"]]


@pytest.mark.parametrize("table", KINDS)
def test_a_field_is_a_declared_column_of_its_type(table):
    declared = {column.name: TYPES[column.type] for column in declaration(f"survey_{table}").columns}
    hints = get_type_hints(KINDS[table])
    for name in column_names(KINDS[table]):
        assert hints[name] in (declared[name], declared[name] | None)


@pytest.mark.parametrize("table", KINDS)
def test_what_the_template_asks_has_its_field(table):
    assert {field.name for field in fields_of(table)} <= set(column_names(KINDS[table]))


def test_the_rows_handed_on_fill_each_declared_column_but_those_of_the_deposit(check, workbook):
    demarches = [["Lieu", "Démarche", "Niveau d’aide"], ["Mairie de Langon", "RSA", "accompagnement"]]
    rounds = [["Tournée", "Lieu d’arrêt", "Commune", "Jour"], ["Bus", "Halle", "Bazas", "jeudi"]]
    meeting = [("Date de la réunion", "15/11/2022"), ("Lieu de la réunion", "Préfecture")]
    book = {
        "Lieux": [HEADERS, *PLACES, ("Sans commune", None, None, None, None, None, "parfois")],
        "Démarches": demarches,
        "Acteurs": [*ACTORS, ["Les Amis", "Chargée", "05 56 76 55 25", "jeunes", "bus"]],
        "Tournées": rounds,
        "Réunion": meeting,
    }
    tables = {table: list(rows) for table, rows in check(workbook(book)).records().items()}
    assert tables.keys() == {"problems", *(f"survey_{table}" for table in KINDS)}
    for table, rows in tables.items():
        assert rows
        for row in rows:
            assert row.keys() == set(declaration(table).own_names) - {"deposit_id"}


def test_each_row_says_the_sheet_that_it_stands_in(check, workbook):
    actor = ["Les Amis", "Chargée", "05 56 76 55 25", "jeunes", "bus"]
    meeting = [("Date de la réunion", "15/11/2022"), ("Lieu de la réunion", "Préfecture")]
    marks = [["Nom", "Commune", "RSA", "Carte grise"], ["Mairie de Langon", "Langon", "accompagnement", "orientation"]]
    book = {"Nord": [*ACTORS, actor], "Sud": [*ACTORS, actor], "Mairies": marks, "Réunion": meeting}
    tables = check(workbook(book)).records()
    said = {table: [row["sheet"] for row in rows] for table, rows in tables.items() if table != "problems"}
    assert said == {
        "survey_places": ["Mairies"],
        "survey_demarches": ["Mairies", "Mairies"],
        "survey_actors": ["Nord", "Sud"],
        "survey_rounds": [],
        "survey_meeting": ["Réunion"],
    }


def test_a_name_that_is_no_field_is_an_error(check, workbook):
    (place, *_) = check(workbook([HEADERS, *PLACES])).places
    with pytest.raises(AttributeError):
        place.adress = "1 rue du Port"


def test_rows_of_tables_of_one_kind_side_by_side_keep_apart(check, workbook):
    heads = [*ACTORS[0], None, *ACTORS[0]]
    places = [[*HEADERS, None, *HEADERS, None, "Association", "Territoire", "Publics"]]
    places += [[*PLACES[0], None, *PLACES[1], None, "Les Amis", "Sud Gironde", "tous"]]
    actor = ["Les Amis", "Chargée", "05 56 76 55 25", "jeunes", "bus"]
    tables = check(workbook({"Lieux": places, "Acteurs": [heads, [*actor, None, *actor]]})).records()
    rows = list(tables["survey_places"])
    assert [row["survey_place_id"] for row in rows] == ["Lieux:2", "Lieux (colonne I):2"]
    assert [row["name"] for row in rows] == ["Mairie de Langon", "France services de Bazas"]
    assert [(row["sheet"], row["row"]) for row in tables["survey_actors"]] == [
        ("Lieux", 2),
        ("Acteurs", 2),
        ("Acteurs (colonne G)", 2),
    ]
