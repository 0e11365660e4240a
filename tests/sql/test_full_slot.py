"""What every model says of the slot that holds one of each case, read by hand."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.models import load_project
from tests.sql.full_slot import fill_up
from tests.sql.small_slot import BY_LABEL, CONFIRMED, DEPARTEMENT, OUTSIDE, make


@pytest.fixture(scope="module")
def full(small_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, pd.DataFrame]]:
    """The rows of every model, by its name."""
    warehouse = Warehouse(f"sqlite:///{shutil.copy(small_file, tmp_path_factory.mktemp('full'))}")
    project = load_project()
    fill_up(warehouse)
    make(warehouse, project)
    yield {model.name: warehouse.read(model.table) for model in project}
    warehouse.dispose()


def test_each_place_is_told_once_by_what_is_known_of_it(full: dict[str, pd.DataFrame]) -> None:
    """p9 and p10 wait for a person, p7 hosts p8, p11 may be the listed bus p3: none of them is absent."""
    told = full["discrepancies"].query("kind != 'value_differs'").set_index("place_id")
    assert told["kind"].to_dict() == {
        "p5": "only_in_survey",
        "p8": "host_in_survey",
        "p12": "closed_or_moved",
        "p2": "closed_or_moved",
        "p3": "perhaps_in_survey",
    }
    assert told["host"].dropna().to_dict() == {"p8": "Mairie", "p3": "Bus des villages"}
    assert full["int_pairs_waiting"][["place_id", "other_place_id"]].to_numpy().tolist() == [["p10", "p9"]]


def test_only_real_differences_of_value_are_told(full: dict[str, pd.DataFrame]) -> None:
    """p8's number in the survey is one kept for fiction; one of p1's two numbers is the list's own."""
    told = full["discrepancies"].query("kind == 'value_differs'").set_index("field")
    assert set(told["place_id"]) == {"p1"}
    assert told["metres"].dropna().to_dict() == {"address": 620.0, "position": 620.0}
    assert set(told.index) == {"address", "hours", "insee", "position"}
    assert set(told["survey_name"]) == {"Mairie un"}
    assert set(told["survey_date"]) == {"2022-03-02"}  # the latest of the survey's, where the value has none
    assert told.loc["position", ["survey_precision", "national_precision"]].tolist() == ["own", "own"]


def test_what_is_absurd_is_found_and_nothing_else(full: dict[str, pd.DataFrame]) -> None:
    """33002 is 23 minutes from its own house; a lever opens one in 33001, which has its own; row 14 is in no place."""
    assert full["contradictions"].set_index("kind")["subject"].to_dict() == {
        "far_from_what_stands_there": "33002",
        "opening_what_stands_there": "33001",
        "listed_and_nowhere": "14",
    }
    assert full["unplaced_rows"][["source_id", "name"]].to_numpy().tolist() == [["13", "Bus sans commune"]]


def test_every_count_of_the_slot(full: dict[str, pd.DataFrame]) -> None:
    (counts,) = full["slot_counts"].drop(columns=["campaign", "departement"]).to_dict("records")
    assert counts == {
        "survey_rows": 8, "places": 11, "surveyed": 7, "listed": 6, "in_both": 3, "listed_rows": 8, "listed_nowhere": 1,
        "itinerant": 1, "without_point": 0, "linked": 3, "to_review": 1,
    }  # fmt: skip
    cockpit = full["slot_overview"].set_index("territory")
    said = [
        "errors",
        "warnings",
        "survey_places",
        "france_services",
        "to_review",
        "discrepancies",
        "state",
        "help_said",
    ]
    assert cockpit.loc[DEPARTEMENT, said].tolist() == [1, 2, 7, 8, 1, 9, "failed", "by_demarche"]
    assert cockpit.loc["978", said].tolist() == [0, 0, 0, 1, 0, 0, "nothing", None]


def test_help_in_general_counts_where_nothing_better_is_near(full: dict[str, pd.DataFrame]) -> None:
    """33003 has it at 28 minutes for every démarche and at 8 for CONFIRMED; its orientation for OUTSIDE is at 12."""
    verdicts = full["coverage"].set_index(["insee", "demarche_id"])[["verdict_near", "verdict_far", "minutes"]]
    assert verdicts.loc[("33003", CONFIRMED)].tolist() == ["general", "general", 8.0]
    assert verdicts.loc[("33003", OUTSIDE)].tolist() == ["orientation", "general", 28.0]
    assert verdicts.loc[("33003", BY_LABEL)].tolist() == ["uncovered", "general", 28.0]
    assert verdicts.loc[("33001", OUTSIDE)].tolist() == ["general", "general", 12.0]
    assert verdicts.loc[("33002", OUTSIDE), "verdict_far"] == "unknown"
    services = full["int_place_services"].query("service == 'general'")
    assert set(services.query("demarche_id == ''")["place_id"]) == {"p10"}
    denies = services.query("place_id == 'p5'")["demarche_id"]
    assert {OUTSIDE, BY_LABEL}.isdisjoint(denies)
    assert len(denies) == len(full["int_label_demarches"]) - 2
    shares = full["demarche_shares"].set_index(["demarche_id", "threshold", "verdict"])["population"]
    assert shares[[(OUTSIDE, 20, "general"), (OUTSIDE, 30, "general"), (OUTSIDE, 20, "orientation")]].tolist() == [
        1000,
        1400,
        400,
    ]


def test_a_gap_counts_the_demarches_by_what_helps_within_thirty_minutes(full: dict[str, pd.DataFrame]) -> None:
    gaps = full["gaps"].sort_values("rank").set_index("insee")
    assert gaps["population"].dropna().to_dict() == {"33002": 600, "33003": 400}
    kinds = ["confirmed_far", "by_label_far", "general_far", "orientation_far", "uncovered_far", "unknown_far"]
    demarches = len(full["int_label_demarches"])
    assert gaps.loc["33003", kinds].tolist() == [0, 0, demarches, 0, 0, 0]
    assert gaps.loc["33004", kinds].tolist() == [0, 0, 0, 0, 0, demarches]
    due = int(full["int_label_demarches"]["by_label"].sum())
    assert gaps.loc["33002", kinds].tolist() == [1, due - 1, 0, 0, 0, demarches - due]
