"""The template: empty it says so, filled by hand it comes back whole, and its own sheets are never taken for data."""

from __future__ import annotations

import datetime

import openpyxl
import pytest

from fs_pipeline.data import read_csv
from fs_pipeline.survey.columns.block import Reading, columns_of
from fs_pipeline.survey.columns.layout import find_blocks
from fs_pipeline.survey.feedback.annotate import write_annotated
from fs_pipeline.survey.feedback.template import SHEETS, write_template
from fs_pipeline.survey.fields import fields_of, place_fields
from fs_pipeline.survey.opening.reader import read_workbook
from fs_pipeline.warehouse.declared import place_columns
from tests.unit.survey.conftest import rules

COMMUNES = ("Langon", "Bazas", "Pessac", "Libourne", "Arcachon", "Blaye")
LEVELS = ("accompagnement", "rendez-vous", "information", "orientation", "aucune")
CODES = ("accompaniment", "appointment", "information", "orientation", "none")


@pytest.fixture
def template(tmp_path):
    path = tmp_path / "modele.xlsx"
    write_template(path, datetime.date(2026, 11, 1))
    return path


def fill(path, places=30, demarches=20):
    """30 places x 20 démarches, typed as a clerk would, from the lists."""
    book = openpyxl.load_workbook(path)
    lists = book["Listes"]
    column = next(cell.column for cell in lists[2] if cell.value == "Démarches")
    labels = [lists.cell(row, column).value for row in range(3, 3 + demarches)]
    names = [f"France services de {COMMUNES[n % len(COMMUNES)]} {n}" for n in range(places)]
    heads = {cell.value: cell.column for cell in book["Lieux"][1]}
    for row, name in enumerate(names, start=2):
        sheet = book["Lieux"]
        sheet.cell(row, heads["Nom du lieu"]).value = name
        sheet.cell(row, heads["Type de lieu"]).value = "France services"
        sheet.cell(row, heads["Adresse"]).value = f"{row} rue de la Mairie"
        sheet.cell(row, heads["Commune"]).value = COMMUNES[(row - 2) % len(COMMUNES)]
        sheet.cell(row, heads["Téléphone"]).value = "06 39 98 01 02"
        sheet.cell(row, heads["Horaires"]).value = "lundi-vendredi 9h-12h, 14h-17h"
    sheet = book["Démarches"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    for row, (name, label) in enumerate(((n, d) for n in names for d in labels), start=2):
        sheet.cell(row, heads["Nom du lieu"]).value = name
        sheet.cell(row, heads["Démarche"]).value = label
        sheet.cell(row, heads["Niveau d’aide"]).value = LEVELS[row % len(LEVELS)]
        sheet.cell(row, heads["Sur rendez-vous"]).value = "Oui" if row % 2 else "Non"
    book.save(path)


def test_its_columns_are_the_contracts_and_the_warehouses():
    assert (*place_fields(), "service_type", "operator", "kind", "labelled_on") == place_columns()


def test_empty_it_is_refused_with_what_to_do(check, template):
    report = check(template)
    assert report.verdict == "refused"
    assert rules(report) == ["no_place_written"]


def test_each_of_its_headers_names_its_own_field(check, template):
    from fs_pipeline.demarches.catalogue import Vocabulary
    from fs_pipeline.territory.shipped import load_territory

    book = openpyxl.load_workbook(template)
    for table, name in SHEETS.items():
        for column, field in enumerate(fields_of(table), start=1):
            book[name].cell(2, column).value = field.example or None
    book.save(template)
    reading = Reading(load_territory(), Vocabulary())
    for sheet in read_workbook(template).sheets:
        table = next((table for table, name in SHEETS.items() if name == sheet.name), None)
        if table is None:
            continue
        (block,) = find_blocks(sheet, reading)
        assert block.table == table
        written = {field.name: field.header for field in fields_of(table) if field.example}
        found = columns_of(block, [field.name for field in fields_of(table)])
        assert {name: found[name] for name in written} == written


def test_filled_with_thirty_places_and_twenty_demarches_all_levels_are_confirmed(check, template):
    fill(template)
    report = check(template)
    assert report.verdict == "accepted"
    assert len(report.places) == 30
    stated = report.demarches
    known = {row["demarche_id"] for row in read_csv("demarches.csv")}
    assert len(stated) == 600
    assert all(record.demarche_id in known and record.survey_place_id for record in stated)
    assert [record.level for record in stated] == [CODES[row % len(CODES)] for row in range(2, 602)]
    assert report.problems == []


def test_its_guide_example_and_lists_are_not_given_back(check, template, tmp_path):
    fill(template, places=3, demarches=2)
    out = tmp_path / "copie.xlsx"
    write_annotated(check(template), out)
    assert openpyxl.load_workbook(out).sheetnames[:3] == ["À corriger", "Colonnes", "Lieux"]
    assert len(check(out).demarches) == 6


def test_choosing_from_a_list_is_offered_for_what_has_one(template):
    book = openpyxl.load_workbook(template)
    offered = {name: len(book[name].data_validations.dataValidation) for name in SHEETS.values()}
    assert offered == {"Lieux": 3, "Démarches": 4, "Acteurs": 2, "Tournées": 2, "Réunion": 0}
