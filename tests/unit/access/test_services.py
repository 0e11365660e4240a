"""What minutes are asked for is one value in Python and two columns in tables, and no démarche is taken for another."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from fs_pipeline.access.minutes import minutes_to_nearest
from fs_pipeline.access.services import (
    CONFIRMED,
    FRANCE_SERVICES,
    ITINERANT,
    SERVICE_COLUMNS,
    Service,
    by_service,
    rows_by_service,
)
from fs_pipeline.coverage.by_hour import OPERATOR
from fs_pipeline.data import read_csv
from fs_pipeline.warehouse.declared import declared_tables

FIRST, SECOND = Service(CONFIRMED, "R1"), Service(CONFIRMED, "R2")


def test_each_service_has_its_own_rows_in_order_and_a_row_without_one_is_nobody_s():
    services = [SECOND, FRANCE_SERVICES, FIRST, SECOND]
    rows = pd.DataFrame([service.columns | {"n": n} for n, service in enumerate(services)])
    rows.loc[4] = [None, "", 4]
    assert {service: list(at) for service, at in rows_by_service(rows).items()} == {
        FIRST: [2], SECOND: [0, 3], FRANCE_SERVICES: [1],
    }  # fmt: skip
    assert list(rows_by_service(rows)) == sorted(services[:3])
    assert list(by_service(rows)[SECOND]["n"]) == [0, 3]
    assert rows_by_service(rows.iloc[:0]) == {}


def test_a_service_is_a_value_that_nobody_changes():
    assert Service("confirmed", "R1") == FIRST
    assert {FIRST, Service("confirmed", "R1")} == {FIRST}
    with pytest.raises(dataclasses.FrozenInstanceError):
        FIRST.kind = "orientation"  # type: ignore[misc]


def test_two_demarches_of_a_kind_have_each_their_nearest_place():
    points = pd.DataFrame({"id": ["near", "far"], "longitude": [2.35, 2.45], "latitude": [48.85, 48.85]})
    places = points.assign(service=CONFIRMED, demarche_id=["R1", "R2"])
    found = minutes_to_nearest(places, points.head(1).assign(population=1.0), roads=None)
    assert list(found[["demarche_id", "place_id"]].itertuples(index=False, name=None)) == [
        ("R1", "near"),
        ("R2", "far"),
    ]


def test_every_kind_has_its_words_and_every_table_takes_these_alone():
    words = {row["code"]: row["label_fr"] for row in read_csv("services.csv")}
    assert {FRANCE_SERVICES.kind, ITINERANT.kind, CONFIRMED, "general", "orientation", OPERATOR.kind} == set(words)
    assert all(words.values())
    named = [column for spec in declared_tables().values() if spec.file for column in spec.columns]
    assert {column.among for column in named if column.name == "service"} == {"services"}


def test_what_is_part_of_a_key_is_never_missing():
    for spec in declared_tables().values():
        if "service" in spec.names:
            tests = {column.name: column.tests for column in spec.columns}
            for name in {*SERVICE_COLUMNS, "operator"} & {*spec.grain}:
                assert "not_null" in tests[name], (spec.name, name)
