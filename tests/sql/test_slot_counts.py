"""How many places a slot has, seen where: counted once, by hand here, for the figures, the dossier and the end of a run."""

from __future__ import annotations

import pandas as pd

from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.materialising import materialise
from tests.sql.conftest import Filled
from tests.sql.small_slot import CAMPAIGN, DEPARTEMENT, fill


def test_a_place_counts_once_however_often_it_was_declared(filled: Filled) -> None:
    warehouse, project = filled
    (row,) = warehouse.read(project["slot_counts"].table).to_dict("records")
    assert {name: row[name] for name in ("survey_rows", "places", "surveyed", "listed", "in_both", "listed_rows")} == {
        "survey_rows": 4, "places": 5, "surveyed": 3, "listed": 3, "in_both": 2, "listed_rows": 3,
    }  # fmt: skip
    assert (row["itinerant"], row["without_point"], row["linked"], row["to_review"]) == (1, 0, 2, 0)


def test_only_pairs_of_places_that_wait_for_a_person_and_listed_places_without_a_point_are_counted(
    warehouse: Warehouse,
) -> None:
    project = fill(warehouse)
    slot = {"campaign": CAMPAIGN, "departement": DEPARTEMENT}
    survey = [f"d1:Lieux:{row}" for row in (7, 6, 6, 4, 5)]  # the last two are one place
    listed = ["3", "3", "2", "3", "3"]
    sides = {"left_source": "survey", "left_id": survey, "right_source": "france_services", "right_id": listed}
    pairs = pd.DataFrame(
        sides | {"score": 0.5, "decision": ["review", "review", "match", "review", "review"], "reason": "r"}
    )
    warehouse.replace("link_pairs", slot, pairs)
    places = warehouse.read("places")
    lost = places["place_id"].isin(["p1", "p5"])  # the second is in no list
    warehouse.replace("places", slot, places.assign(longitude=places["longitude"].mask(lost)))
    for name in ("int_pairs_waiting", "slot_counts"):
        materialise(warehouse, project, name, CAMPAIGN, [DEPARTEMENT])
    (row,) = warehouse.read(project["slot_counts"].table).to_dict("records")
    assert (row["to_review"], row["without_point"]) == (3, 1)


def test_a_bus_whose_commune_the_list_does_not_say_is_counted_with_the_others(warehouse: Warehouse) -> None:
    project = fill(warehouse)
    listed = warehouse.read("national_places")
    (bus,) = listed[listed["kind"] == "itinerant"].to_dict("records")
    lost = pd.DataFrame([bus | {"source_id": "2701", "insee": None, "latitude": None, "longitude": None}])
    warehouse.replace("national_places", {"campaign": CAMPAIGN}, pd.concat([listed, lost], ignore_index=True))
    for name in ("unplaced_rows", "slot_counts", "indicators"):
        materialise(warehouse, project, name, CAMPAIGN, [DEPARTEMENT])
    said = warehouse.read(project["indicators"].table).set_index(["key", "dimension"])
    assert said.loc[("france_services", "kind=itinerant"), ["value", "n"]].tolist() == [2, 4]


def test_a_slot_of_which_nothing_is_known_has_its_row_of_zeros(warehouse: Warehouse) -> None:
    project = fill(warehouse)
    for table in ("survey_places", "places", "place_members", "national_places"):
        warehouse.replace(table, {"campaign": CAMPAIGN}, pd.DataFrame())
    for name in ("stg_survey_places", "slot_counts"):
        materialise(warehouse, project, name, CAMPAIGN, [DEPARTEMENT])
    (row,) = warehouse.read(project["slot_counts"].table).to_dict("records")
    assert {value for name, value in row.items() if name not in {"campaign", "departement"}} == {0}
