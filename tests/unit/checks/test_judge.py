"""A check counts the rows it refuses, département by département, and shows no value."""

from __future__ import annotations

import pandas as pd
import pytest

from fs_pipeline.checks.judge import Verdict, judge, suites
from fs_pipeline.warehouse.tables import metadata


def verdict(verdicts: list[Verdict], name: str, departement: str) -> Verdict:
    return next(v for v in verdicts if v.check.name == name and v.departement == departement)


@pytest.fixture(scope="module")
def verdicts() -> list[Verdict]:
    frame = pd.DataFrame(
        {
            "departement": ["01", "01", "2A"],
            "place_id": ["a", "b", "b"],
            "insee": ["01001", None, "2A004"],
            "kind": ["fixed", "fixed", "boat"],
        }
    )
    return judge("places", frame, ["01", "2A", "33"])


def test_the_slot_at_fault_fails_and_its_neighbour_passes(verdicts: list[Verdict]) -> None:
    assert verdict(verdicts, "every_place_has_a_commune", "01").failing == 1
    assert verdict(verdicts, "every_place_has_a_commune", "01").stops
    assert verdict(verdicts, "every_place_has_a_commune", "2A").passed
    assert verdict(verdicts, "kind_is_known", "2A").failing == 1


def test_an_identifier_shared_by_two_slots_fails_both(verdicts: list[Verdict]) -> None:
    assert not verdict(verdicts, "every_place_has_one_identifier", "01").passed
    assert not verdict(verdicts, "every_place_has_one_identifier", "2A").passed


def test_a_slot_without_any_place_is_stopped(verdicts: list[Verdict]) -> None:
    assert verdict(verdicts, "the_departement_has_a_place", "33").stops
    assert verdict(verdicts, "the_departement_has_a_place", "01").passed


def test_the_sentence_counts_and_shows_no_value(verdicts: list[Verdict]) -> None:
    assert "1 sur 2" in verdict(verdicts, "every_place_has_a_commune", "01").sentence()


def test_a_warning_stops_nothing() -> None:
    frame = pd.DataFrame({"departement": ["01"], "score": [0.7], "decision": ["review"]})
    found = judge("link_pairs", frame, ["01"])
    assert not verdict(found, "few_pairs_wait_for_a_person", "01").passed
    assert not any(v.stops for v in found)


@pytest.mark.parametrize("table", [name for name in suites() if name in metadata().tables])
def test_every_check_of_a_stored_table_names_columns_it_has(table: str) -> None:
    columns = {value for c in suites()[table] for key, value in c.arguments.items() if key.startswith("column")}
    assert columns - {"rows"} <= set(metadata().tables[table].c.keys())
