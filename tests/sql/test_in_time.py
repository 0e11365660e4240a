"""A rule holds from its first day to its last, and a label from its own day on."""

from __future__ import annotations

import pandas as pd
import pytest
from sqlalchemy import text

from fs_pipeline.demarches.catalogue import demarches
from fs_pipeline.warehouse.engine import Warehouse
from tests.sql.conftest import Filled
from tests.sql.small_slot import CONFIRMED, DEPARTEMENT, make

DAY, BEFORE, AFTER = "2022-12-01", "2022-11-30", "2022-12-02"  # the campaign's, and those around it
PERIODS = [
    (None, None, True), (DAY, None, True), (AFTER, None, False), (None, DAY, True), (None, BEFORE, False),
    (DAY, DAY, True), (BEFORE, BEFORE, False), (AFTER, AFTER, False),
]  # fmt: skip
in_any_period = pytest.mark.parametrize(("first", "last", "holds"), PERIODS)


def change(warehouse: Warehouse, statement: str, **values: str | None) -> None:
    with warehouse.engine.begin() as connection:
        assert connection.execute(text(statement), values).rowcount > 0


def only(own: Filled, model: str) -> pd.Series:
    warehouse, project = own
    make(warehouse, project)
    rows = warehouse.read(project[model].table)
    (row,) = (row for _, row in rows.iterrows() if row["departement"] == DEPARTEMENT)
    return row


@in_any_period
def test_a_demarche_is_of_the_catalogue_while_it_is_in_force(
    own: Filled, first: str | None, last: str | None, holds: bool
) -> None:
    warehouse, project = own
    dated = "update demarches set valid_from = :first, valid_to = :last where demarche_id = :which"
    change(warehouse, dated, first=first, last=last, which=CONFIRMED)
    assert only(own, "int_slots")["demarches"] == len(demarches(DAY)) - (not holds)
    assert (CONFIRMED in set(warehouse.read(project["int_label_demarches"].table)["demarche_id"])) == holds


@in_any_period
def test_an_operator_s_demarches_are_due_while_it_is_in_the_bundle(
    own: Filled, first: str | None, last: str | None, holds: bool
) -> None:
    warehouse, project = own
    change(warehouse, "delete from bundles where operator = 'cnaf' and bundle <> 'msap_7'")
    change(
        warehouse,
        "update bundles set valid_from = :first, valid_to = :last where operator = 'cnaf'",
        first=first,
        last=last,
    )
    make(warehouse, project)
    due = warehouse.read(project["int_label_demarches"].table)
    assert set(due.loc[due["operator"] == "cnaf", "by_label"]) == {holds}
    assert due.loc[due["operator"] == "dgfip", "by_label"].all()
    nation = warehouse.read(project["national_indicators"].table).set_index("key")
    assert nation.loc["bundle_operators", "value"] == 9 - (not holds)


@in_any_period
def test_near_and_far_are_those_of_the_day(own: Filled, first: str | None, last: str | None, holds: bool) -> None:
    warehouse, _ = own
    line = "insert into thresholds (near_minutes, far_minutes, valid_from, valid_to) values ('15', '25', :first, :last)"
    change(warehouse, "update thresholds set valid_to = '2022-06-01'")
    change(warehouse, line, first="2000-01-01", last="2022-01-01")
    change(warehouse, line.replace("15", "20").replace("25", "30"), first="2022-06-02", last=None)
    assert only(own, "int_slots")[["near_minutes", "far_minutes"]].tolist() == [20, 30]
    change(warehouse, "delete from thresholds where valid_from = '2022-06-02'")
    change(warehouse, line.replace("25", "35"), first=first, last=last)
    warehouse, project = own
    make(warehouse, project)
    assert warehouse.read(project["int_slots"].table)["far_minutes"].unique().tolist() == ([35] if holds else [])


def test_of_two_lines_in_force_the_one_that_began_last_says_what_is_near(own: Filled) -> None:
    warehouse, _ = own
    for minutes, first in (("15", "2021-01-01"), ("12", "2020-01-01")):
        line = "insert into thresholds (near_minutes, far_minutes, valid_from) values (:minutes, '30', :first)"
        change(warehouse, line, minutes=minutes, first=first)
    assert only(own, "int_slots")["near_minutes"] == 15


@pytest.mark.parametrize(("labelled_on", "labelled"), [(None, True), (DAY, True), (BEFORE, True), (AFTER, False)])
def test_a_label_serves_from_its_day_on(own: Filled, labelled_on: str | None, labelled: bool) -> None:
    warehouse, project = own
    change(warehouse, "update places set labelled_on = :day where in_france_services", day=labelled_on)
    make(warehouse, project)
    services = warehouse.read(project["int_place_services"].table)
    assert ("p2" in set(services["place_id"])) == labelled
    matrix = warehouse.read(project["demarche_matrix"].table)
    assert ((matrix["place_id"] == "p2") & (matrix["evidence"] == "by_label")).any() == labelled


def test_the_latest_list_of_demarches_and_of_communes_is_named(own: Filled) -> None:
    warehouse, _ = own
    assert "liste de novembre 2020" in only(own, "int_slots")["catalogue_source"]
    change(warehouse, "update demarches set listed_on = '2021-04' where demarche_id = :which", which=CONFIRMED)
    change(warehouse, "update communes set vintage = '2025' where insee in ('33001', '33004')")
    slot = only(own, "int_slots")
    assert "liste d’avril 2021" in slot["catalogue_source"]
    assert "code officiel géographique 2026" in slot["population_source"]
