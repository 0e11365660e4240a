"""Who lives in a gap: what is known of some of its communes stands with the share of which nothing is said."""

from __future__ import annotations

import pandas as pd
import pytest

from fs_pipeline.coverage.gap_profiles import gap_profiles
from fs_pipeline.warehouse.declared import declaration

AREAS = pd.DataFrame({"gap_id": ["a", "b"], "insees": ["1 2", "3"]})
GAPS = pd.DataFrame(
    {
        "insee": ["1", "2", "3"],
        "population": [300.0, 100.0, 50.0],
        "minutes": [24.0, 28.0, None],
        "minutes_low": [20.0, 24.0, None],
        "minutes_high": [28.0, 32.0, None],
    }
)


def profiles(*need: dict[str, object]) -> dict[str, dict[str, object]]:
    rows = pd.DataFrame(list(need), columns=list(declaration("commune_need").names))
    return {str(row["gap_id"]): row for row in gap_profiles(AREAS, GAPS, rows).to_dict("records")}  # type: ignore[misc]


def test_what_is_known_of_one_commune_is_told_with_the_part_of_the_gap_that_is_not() -> None:
    said = profiles({"insee": "1", "households": 100.0, "poor_households": 20.0, "aged_65": 90.0})["a"]
    assert (said["households"], said["poor_households"], said["unknown_poverty"]) == (100.0, 20.0, 0.25)
    assert (said["aged_65"], said["unknown_quarters"]) == (90.0, 1.0)
    assert pd.isna(said["aged_80"])


def test_minutes_have_a_band_weighed_by_who_is_far_and_none_where_nothing_is_reached() -> None:
    said = profiles()
    assert (said["a"]["minutes_low"], said["a"]["minutes_high"]) == pytest.approx((21.0, 29.0))
    assert pd.isna(said["b"]["minutes_low"])
    assert said["b"]["unknown_poverty"] == 1.0


def test_a_list_of_quarters_that_has_one_in_the_departement_has_them_all() -> None:
    said = profiles({"insee": "3", "quarters": 2.0})
    assert (said["b"]["quarters"], said["a"]["quarters"], said["a"]["unknown_quarters"]) == (2.0, 0.0, 0.0)
