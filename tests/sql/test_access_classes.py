"""How many communes and inhabitants are near, farther and far, counted by hand: the map and the gaps read it here."""

from __future__ import annotations

import pandas as pd

from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.materialising import materialise
from tests.rows import town_halls
from tests.sql.conftest import Filled
from tests.sql.small_slot import CAMPAIGN, DEPARTEMENT, fill


def classes(filled: Filled) -> pd.DataFrame:
    warehouse, project = filled
    return warehouse.read(project["access_classes"].table).set_index("minutes_class")


def test_each_commune_is_in_one_class_and_each_inhabitant_with_it(filled: Filled) -> None:
    """33001 is near, 33002 between the thresholds, 33003 out of reach of all; of 33004, nobody counted, nothing is computed."""
    found = classes(filled)
    assert found["communes"].to_dict() == {"near": 1, "between": 1, "far": 0, "not_computed": 2}
    assert found["population"].to_dict() == {"near": 1000, "between": 600, "far": 0, "not_computed": 400}
    assert set(found["population_in_all"]) == {2000}


def test_those_beyond_a_threshold_are_those_of_its_class_and_farther(filled: Filled) -> None:
    beyond = classes(filled).drop("not_computed")
    assert beyond["communes_or_farther"].to_dict() == {"near": 2, "between": 1, "far": 0}
    assert beyond["population_or_farther"].to_dict() == {"near": 1600, "between": 600, "far": 0}


def test_the_near_class_has_the_share_and_the_base_that_are_published(filled: Filled) -> None:
    """1,000 of the 2,000 whose time was asked; 33003, out of reach, was asked, and 33004 counts nobody."""
    warehouse, project = filled
    (published,) = warehouse.read(project["access_shares"].table, {"threshold": 20}).to_dict("records")
    near = classes(filled).loc["near"]
    assert published["population_within"] == near["population"]
    assert published["share"] == near["share"]
    assert published["population"] - published["population_not_computed"] == near["population_asked"]
    assert classes(filled)["share"].drop("not_computed").tolist() == [0.0, 0.3, 0.5]
    assert pd.isna(classes(filled).loc["not_computed", "share"])


def test_who_could_not_be_asked_for_is_in_no_share(warehouse: Warehouse) -> None:
    project = fill(warehouse)
    minutes = warehouse.read("access_minutes")
    lost = minutes["insee"] == "33003"
    minutes.loc[lost, ["minutes", "minutes_low", "minutes_high", "place_id"]] = None
    minutes.loc[lost, ["method", "reason"]] = ["not_computed", "non calculé\u00a0: pas de route"]
    warehouse.replace("access_minutes", {"campaign": CAMPAIGN}, minutes)
    for name in ("int_commune_minutes", "access_shares", "access_classes"):
        materialise(warehouse, project, name, CAMPAIGN, [DEPARTEMENT])
    found = classes((warehouse, project))
    assert set(found["population_asked"]) == {1600}
    assert found["share"].drop("not_computed").to_dict() == {"far": 0.0, "between": 0.375, "near": 0.625}
    (published,) = warehouse.read(project["access_shares"].table, {"threshold": 20})["share"]
    assert published == 0.625


def test_a_threshold_itself_is_near_and_a_commune_nobody_computed_is_not(warehouse: Warehouse) -> None:
    project = fill(warehouse)
    minutes = warehouse.read("access_minutes")
    minutes = minutes[(minutes["service"] == "france_services") & (minutes["insee"] != "33004")]
    told = {"33001": 20.0, "33002": 30.0, "33003": 30.5}
    warehouse.replace("access_minutes", {"campaign": CAMPAIGN}, minutes.assign(minutes=minutes["insee"].map(told)))
    for name in ("int_commune_minutes", "access_classes"):
        materialise(warehouse, project, name, CAMPAIGN, [DEPARTEMENT])
    found = classes((warehouse, project))
    assert found["communes"].to_dict() == {"near": 1, "between": 1, "far": 1, "not_computed": 1}


def test_shares_of_nobody_are_unknown(warehouse: Warehouse) -> None:
    project = fill(warehouse)
    communes = warehouse.read("communes").assign(population=None)
    warehouse.replace("communes", {}, communes)
    key = {"campaign": CAMPAIGN, "departement": DEPARTEMENT}
    warehouse.replace("demand_points", key, town_halls(communes[communes["departement"] == DEPARTEMENT]))
    for name in ("int_slots", "int_commune_minutes", "access_classes"):
        materialise(warehouse, project, name, CAMPAIGN, [DEPARTEMENT])
    found = classes((warehouse, project))
    assert found["share"].isna().all()
    assert found["communes"].sum() == 4
