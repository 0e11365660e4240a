"""The shipped thresholds: those of the release and of the commitment of 2019, whatever the day."""

from __future__ import annotations

import pytest

from fs_pipeline.coverage.thresholds import Thresholds, thresholds_on
from fs_pipeline.data import read_csv


def test_the_release_says_20_minutes_and_the_commitment_30() -> None:
    assert thresholds_on("2022-12-01") == Thresholds(near=20, far=30)


@pytest.mark.parametrize("row", read_csv("thresholds.csv"), ids=lambda row: row["valid_from"] or "always")
def test_a_line_has_a_source_and_its_near_is_nearer_than_its_far(row: dict[str, str]) -> None:
    assert 0 < int(row["near_minutes"]) < int(row["far_minutes"])
    assert row["source"]


def test_no_day_is_without_thresholds() -> None:
    assert any(not row["valid_from"] and not row["valid_to"] for row in read_csv("thresholds.csv"))
