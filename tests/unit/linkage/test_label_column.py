"""A row that bears the label in a column is the listed house at its door, unless another row is."""

from __future__ import annotations

import pandas as pd
import pytest

from fs_pipeline.linkage.reconcile import gather_places, match_records
from fs_pipeline.linkage.records import gather_records
from fs_pipeline.territory.model import Territory
from tests.unit.linkage.places import national, survey

BAZAS = {"insee": "33036", "commune": "Bazas", "latitude": 44.43, "longitude": -0.21}
HOUSE = BAZAS | {
    "source": "france_services", "source_id": "1", "name": "France services de Bazas", "address": "2 rue du Palais",
    "service_type": "france_services", "phone": "+33556000001",
}  # fmt: skip
LIBRARY = BAZAS | {"name": "Point d’accès au droit", "service_type": "point_justice", "address": "2 rue du palais"}
LABEL = {"labels": "conseillers_numeriques|france_services"}
Rows = list[dict[str, object]]


def settled(
    territory: Territory, rows: Rows, listed: Rows
) -> tuple[dict[tuple[str, str], str], list[str], pd.DataFrame]:
    """Pairs with the label's list by name of the row and id of the house; the rows that are in a listed house; the pairs."""
    records = gather_records(survey(rows), national(listed), "2022-12-01")
    pairs = match_records(records, territory)
    place = gather_places(records, pairs).place
    houses = set(place[(records["source"] == "france_services").to_numpy()].tolist())
    inside = [
        str(name)
        for name, source, number in zip(records["name"], records["source"], place, strict=True)
        if source == "survey" and int(number) in houses
    ]
    with_list = pairs[records["source"].to_numpy()[pairs["right"].to_numpy(dtype=int)] == "france_services"]
    told = {
        (str(records["name"][row["left"]]), str(records["source_id"][row["right"]])): str(row["decision"])
        for row in with_list.to_dict("records")
    }
    assert not pairs.duplicated(["left", "right"]).any()
    return told, sorted(inside), pairs


@pytest.mark.parametrize(
    ("row", "decision"),
    [
        ({}, "related"),
        (LABEL, "match"),
        (LABEL | {"name": "La Poste", "service_type": "bureau_de_poste"}, "match"),
        (LABEL | {"name": "Association Mixité", "service_type": "association"}, "match"),
        (LABEL | {"address": "40 avenue de Verdun", "phone": "+33556000001"}, "match"),
        (LABEL | {"address": "40 avenue de Verdun"}, None),
        (LABEL | {"latitude": 45.9, "longitude": 0.9}, "match"),
        (LABEL | {"address": "rue du Palais, Espace Zorgl"}, "match"),
        (LABEL | {"address": "rue du Palais, Espace Zorgl", "latitude": None, "longitude": None}, None),
        ({"labels": "conseillers_numeriques"}, "related"),
    ],
)
def test_the_column_counts_at_the_door_and_nowhere_else(
    territory: Territory, row: dict[str, object], decision: str | None
) -> None:
    row = LIBRARY | row
    told, inside, pairs = settled(territory, [row], [HOUSE])
    assert told.get((str(row["name"]), "1")) == decision
    assert inside == ([row["name"]] if decision == "match" else [])
    assert pairs["reason"].str.startswith("label déclaré").tolist() == (
        [True] if decision == "match" else [False] * len(pairs)
    )


def test_a_house_that_another_row_is_is_not_its_neighbour_too(territory: Territory) -> None:
    own = BAZAS | {"name": "France services", "address": "2 rue du Palais", "service_type": "france_services"}
    told, inside, _ = settled(territory, [LIBRARY | LABEL, own], [HOUSE])
    assert told == {("France services", "1"): "match", ("Point d’accès au droit", "1"): "related"}
    assert inside == ["France services"]


def test_of_two_rows_that_say_the_same_of_one_house_a_person_is_asked(territory: Territory) -> None:
    post = BAZAS | LABEL | {"name": "La Poste", "service_type": "bureau_de_poste", "address": "2 rue du palais"}
    told, inside, _ = settled(territory, [LIBRARY | LABEL, post], [HOUSE])
    assert told == {("La Poste", "1"): "review", ("Point d’accès au droit", "1"): "review"}
    assert inside == []


def test_a_house_that_one_row_surely_is_is_asked_about_no_other(territory: Territory) -> None:
    seat = BAZAS | LABEL | {"name": "Centre social", "service_type": "centre_social", "address": "40 avenue de Verdun",
                            "phone": "+33556000001"}  # fmt: skip
    branch = {"name": "Antenne France services", "phone": "+33556000001", "service_type": "france_services",
              "commune": "Langon", "insee": "33227", "latitude": 44.55, "longitude": -0.25}  # fmt: skip
    told, inside, _ = settled(territory, [seat, branch], [HOUSE])
    assert told == {("Centre social", "1"): "match"}
    assert inside == ["Centre social"]
    assert settled(territory, [branch], [HOUSE])[0] == {("Antenne France services", "1"): "review"}


def test_a_house_and_a_bus_of_one_number_are_asked_about(territory: Territory) -> None:
    bus = HOUSE | {"name": "Bus France services du Bazadais", "kind": "itinerant", "phone": None}
    seat = BAZAS | {"name": "Le Lien France services", "address": "2 rue du Palais", "service_type": "france_services",
                    "phone": "+33556000009"}  # fmt: skip
    assert settled(territory, [seat], [bus])[0] == {("Le Lien France services", "1"): "review"}
    assert settled(territory, [seat | {"address": "3 rue du Palais"}], [bus])[0] == {}


def test_an_office_that_is_the_labelled_house_is_not_the_operator_s_counter(territory: Territory) -> None:
    post = BAZAS | LABEL | {"name": "La Poste", "service_type": "bureau_de_poste", "address": "2 rue du palais"}
    counter = BAZAS | {"source": "la_poste", "source_id": "7", "name": "La Poste", "address": "2 rue du palais",
                       "service_type": "bureau_de_poste"}  # fmt: skip
    assert settled(territory, [post], [HOUSE, counter])[1] == ["La Poste"]
    assert settled(territory, [{**post, "labels": None}], [HOUSE, counter])[1] == []
