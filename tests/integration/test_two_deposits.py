"""A prefecture hands in a survey, then a corrected one while the first is at work: the later one's figures, no error."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from fs_pipeline.warehouse.engine import Warehouse
from tests.integration.two_deposits import KEY, hand_in
from tests.unit.warehouse.writers import at_once

# The stages of a run, in their order; the first is none: the run has taken its turn, and reads.
MOMENTS = (
    "", "survey/places", "reconciliation/matches", "staging/stg_survey_places", "reconciliation/places",
    "intermediate/int_place_demarches", "marts/demarche_matrix", "marts/discrepancies", "access/minutes",
    "access/levers", "marts/coverage", "marts/indicators", "briefing/pack",
)  # fmt: skip


def hand_in_together(shared: Path, url: str, moments: Sequence[str], skipped: Sequence[str] = ()) -> int:
    """How many runs of the earlier deposit gave way."""
    arguments = [(who, str(shared), url, moments, skipped) for who in ("earlier", "later")]
    assert at_once(hand_in, arguments, seconds=120 * (len(moments) + 1)) == []
    warehouse = Warehouse(url)
    gave_way = warehouse.read("slot_turns", KEY)["gave_way_at"].notna().sum()
    warehouse.dispose()
    return int(gave_way)


def test_of_two_deposits_the_later_one_s_figures_stand_and_both_runs_end_well(tmp_path: Path, postgres_url: str):
    assert hand_in_together(tmp_path, postgres_url, ["", "reconciliation/places"], skipped=["publish"]) > 0


@pytest.mark.soak
def test_fifty_times_from_the_first_stage_to_what_is_published(tmp_path: Path, postgres_url: str):
    gave_way = hand_in_together(tmp_path, postgres_url, [*MOMENTS * 4][:50])
    print(f"{gave_way} of 50 gave way")
    assert gave_way > 0
