"""Partitions are replaced whole, values come back as they went in, on both databases."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fs_pipeline.warehouse.engine import Warehouse
from tests.rows import filled

SLOT = {"campaign": "2022-12", "departement": "33"}


def rounds(*names: str | None) -> pd.DataFrame:
    said = {"deposit_id": ["d"] * len(names), "round": list(names), "latitude": [np.nan] * len(names)}
    return filled("survey_rounds", pd.DataFrame(said))


def test_a_partition_is_replaced_and_its_neighbour_is_left_alone(warehouse: Warehouse) -> None:
    warehouse.replace("survey_rounds", SLOT, rounds("Bus A", "Bus B"))
    warehouse.replace("survey_rounds", {**SLOT, "departement": "64"}, rounds("Bus C"))
    warehouse.replace("survey_rounds", SLOT, rounds("Bus D"))
    assert warehouse.read("survey_rounds", SLOT)["round"].tolist() == ["Bus D"]
    assert warehouse.read("survey_rounds")["round"].tolist().count("Bus C") == 1


def test_missing_values_come_back_as_missing_not_as_zero_or_text(warehouse: Warehouse) -> None:
    warehouse.replace("survey_rounds", SLOT, rounds(None))
    row = warehouse.read("survey_rounds").iloc[0]
    assert row["round"] is None
    assert np.isnan(row["latitude"])


def test_several_partitions_are_replaced_at_once(warehouse: Warehouse) -> None:
    key = {"campaign": "2022-12", "departement": ["33", "64"]}
    frame = rounds("A", "B").assign(departement=["33", "64"])
    assert warehouse.replace("survey_rounds", key, frame) == 2
    assert warehouse.replace("survey_rounds", key, frame.head(1)) == 1
    assert len(warehouse.read("survey_rounds")) == 1


def test_rows_outside_of_what_is_replaced_are_refused_and_nothing_is_lost(warehouse: Warehouse) -> None:
    warehouse.replace("survey_rounds", SLOT, rounds("A"))
    with pytest.raises(ValueError, match="departement outside"):
        warehouse.replace("survey_rounds", SLOT, rounds("B").assign(departement="64"))
    assert warehouse.read("survey_rounds")["round"].tolist() == ["A"]


def test_an_unknown_column_is_refused_by_name(warehouse: Warehouse) -> None:
    with pytest.raises(ValueError, match="no column colour"):
        warehouse.replace("survey_rounds", SLOT, rounds("A").assign(colour="red"))


def test_a_column_that_the_table_has_is_never_left_out(warehouse: Warehouse) -> None:
    with pytest.raises(ValueError, match="survey_rounds: nothing is said of stop, weekday"):
        warehouse.replace("survey_rounds", SLOT, rounds("A").drop(columns=["stop", "weekday"]))
    with pytest.raises(ValueError, match="campaigns: nothing is said of deadline"):
        warehouse.upsert("campaigns", pd.DataFrame([{"campaign": "2022-12", "reference_date": "2022-12-01"}]))
    assert warehouse.read("survey_rounds").empty
    assert warehouse.read("campaigns").empty


def test_booleans_stay_true_false_or_none(warehouse: Warehouse) -> None:
    frame = pd.DataFrame({"deposit_id": ["d"] * 3, "appointment": [True, False, None]}, dtype=object)
    warehouse.replace("survey_demarches", SLOT, filled("survey_demarches", frame))
    assert set(warehouse.read("survey_demarches")["appointment"]) == {True, False, None}


def test_an_upsert_replaces_the_row_with_the_same_key(warehouse: Warehouse) -> None:
    for date in ("2022-11-01", "2022-12-01"):
        warehouse.upsert("campaigns", pd.DataFrame([{"campaign": "2022-12", "reference_date": date, "deadline": None}]))
    assert warehouse.read("campaigns")["reference_date"].tolist() == ["2022-12-01"]
