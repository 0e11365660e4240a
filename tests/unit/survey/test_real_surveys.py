"""The eight surveys that territories really published: columns, rows, verdicts, and the way back."""

from __future__ import annotations

import json
from dataclasses import replace

import openpyxl
import pytest

from fs_pipeline.survey.columns.block import columns_of
from fs_pipeline.survey.columns.choosing import SURE
from fs_pipeline.survey.feedback.annotate import write_annotated
from fs_pipeline.survey.fields import place_fields
from tests.unit.survey.conftest import content_of

ROWS = {
    "33-gironde.xlsx": 347,
    "centre-val-de-loire.csv": 426,
    "64-pyrenees-atlantiques.csv": 61,
    "51-epernay-formulaire.xlsx": 39,
    "16-bus-france-services.xlsx": 12,
    "974-la-reunion.xlsx": 155,
    "provence-alpes-cote-d-azur.csv": 1245,
    "normandie-hors-14.csv": 557,
}


@pytest.fixture(scope="session")
def reports(real_data, check):
    return {name: check(real_data / "surveys" / name, None) for name in ROWS}


def wrong_fields(report, wanted):
    found = columns_of(report.main, place_fields())
    for field, header in wanted.items():
        got = found.get(field)
        if isinstance(got, dict):
            got = [text for texts in got.values() for text in texts]
        if isinstance(header, list) and header[-1].startswith("..."):
            got, told = (got or [])[: len(header) - 1], header[:-1]
        else:
            told = header
        if field != "header_row" and got != told:
            yield field, got


def test_columns_are_right_and_none_is_wrong_with_certainty(real_data, reports):
    truth = json.loads((real_data / "surveys" / "column-truth.json").read_text(encoding="utf-8"))
    wrong, fields = [], 0
    for name, wanted in truth.items():
        report = reports[name]
        fields += len(wanted) - 1
        assert report.main.header_row + 1 == wanted["header_row"]
        for field, got in wrong_fields(report, wanted):
            wrong.append((name, field))
            sure = [c.confidence for c in report.main.choices.values() if c.field == field]
            assert got is None or max(sure, default=0.0) < SURE
    assert 1 - len(wrong) / fields >= 0.97, wrong


@pytest.mark.parametrize("name", ROWS)
def test_every_row_is_read_or_said(reports, name):
    report = reports[name]
    assert content_of(report)["rows"] == ROWS[name]
    said = {problem.row for problem in report.problems}
    kept = {place.row for place in report.places}
    first = report.main.first + 1
    lost = set(range(first, first + ROWS[name])) - said - kept
    assert not lost
    assert report.verdict in {"accepted", "warnings"}


@pytest.mark.parametrize("name", ROWS)
def test_the_copy_opens_and_its_accepted_proposals_leave_nothing_to_propose(reports, check, tmp_path, name):
    before = reports[name]
    out = tmp_path / "copie.xlsx"
    write_annotated(before, out)
    after = check(out, None)
    sure = [problem for problem in after.problems if problem.proposal and not _is_doubtful(problem)]
    assert sure == []
    assert after.accepted == len({(p.sheet, p.cell) for p in before.problems if p.proposal and not _is_doubtful(p)})
    assert _values(after) == _values(before)


def _is_doubtful(problem):
    from fs_pipeline.survey.problems import rules

    return not rules()[problem.rule]["sure"]


def _values(report):
    return [replace(place, row=0, sheet="") for place in report.places]


def test_the_annotated_copy_of_gironde_holds_all_its_rows(reports, tmp_path):
    out = tmp_path / "gironde.xlsx"
    write_annotated(reports["33-gironde.xlsx"], out)
    sheet = openpyxl.load_workbook(out)["Lieux"]
    assert sum(cell.value is not None for cell in sheet["B"]) >= 347


def test_rows_of_one_departement_are_kept_and_the_others_set_aside(real_data, check):
    report = check(real_data / "surveys" / "normandie-hors-14.csv", "27")
    homes = {place.insee[:2] for place in report.places if place.insee}
    assert homes == {"27"}
    assert sum(report.set_aside.values()) > 300
    assert report.verdict != "refused"


def test_labels_and_publics_are_read_where_the_surveys_have_them(reports):
    read = {
        name: {field for field in ("labels", "publics") if any(getattr(place, field) for place in report.places)}
        for name, report in reports.items()
    }
    assert read == {
        "16-bus-france-services.xlsx": {"labels"},
        "33-gironde.xlsx": set(),
        "51-epernay-formulaire.xlsx": {"labels", "publics"},
        "64-pyrenees-atlantiques.csv": {"publics"},
        "974-la-reunion.xlsx": set(),
        "centre-val-de-loire.csv": {"publics"},
        "normandie-hors-14.csv": {"labels", "publics"},
        "provence-alpes-cote-d-azur.csv": {"labels", "publics"},
    }
