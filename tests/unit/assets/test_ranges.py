"""A run over several campaigns: each is computed on its own, and what stops one is said of its slots and of no others."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import pytest

from fs_pipeline.assets import slots
from fs_pipeline.assets.outcomes import SlotRefused
from fs_pipeline.assets.ranges import each_whole_campaign
from fs_pipeline.partitions import CAMPAIGNS, Slot
from fs_pipeline.settings import Settings
from fs_pipeline.warehouse.engine import Warehouse
from tests.unit.assets.small_pipeline import CAMPAIGN, LATER, PLACES, SmallPipeline, of

FIRST, LAST = Slot(CAMPAIGN, "02"), Slot(LATER, "33")
CELL = "Madame Martin"
RANGE = [(campaign, departement) for campaign in (CAMPAIGN, LATER) for departement in ("02", "33")]


def handed_in(pipeline: SmallPipeline) -> SmallPipeline:
    for campaign, departement in RANGE:
        pipeline.drop(departement, f"said in {campaign}", campaign)
    return pipeline


@pytest.fixture
def pipeline(tmp_path: Path) -> SmallPipeline:
    return handed_in(SmallPipeline(Settings.at(tmp_path)))


def test_each_slot_bears_what_was_said_in_its_own_campaign(pipeline: SmallPipeline) -> None:
    assert pipeline.run_range(FIRST, LAST).success
    for campaign, departement in RANGE:
        assert pipeline.said(departement, campaign) == of(f"said in {campaign}")
        assert set(pipeline.states(departement, campaign).values()) == {"good"}
    assert len(pipeline.warehouse.read("slot_turns")) == len(RANGE)


def test_a_campaign_that_is_refused_says_so_of_its_slots_and_the_other_goes_on(tmp_path: Path) -> None:
    def refuse(stage: str, slot: Slot) -> None:
        if stage == "places" and slot.campaign == CAMPAIGN:
            raise SlotRefused("La campagne est close.")

    pipeline = handed_in(SmallPipeline(Settings.at(tmp_path), refuse))
    assert pipeline.run_range(FIRST, LAST).success
    for departement in ("02", "33"):
        states = pipeline.states(departement, CAMPAIGN)
        assert (states["reconciliation/places"], states["access/minutes"]) == ("failed", "skipped")
    status = pipeline.warehouse.read("slot_status", {"campaign": CAMPAIGN, "stage": "reconciliation/places"})
    assert set(status["message"]) == {"La campagne est close."}
    assert pipeline.said("02", LATER) == of(f"said in {LATER}")


def test_an_error_that_nobody_foresaw_stops_its_campaign_alone(
    pipeline: SmallPipeline, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    written = Warehouse.replace

    def break_at(self, table, key, *more):  # type: ignore[no-untyped-def]
        if table == "places" and key["campaign"] == CAMPAIGN:
            raise ValueError(CELL)
        return written(self, table, key, *more)

    monkeypatch.setattr(Warehouse, "replace", break_at)
    assert pipeline.run_range(FIRST, LAST).success
    status = pipeline.warehouse.read("slot_status", {"stage": "reconciliation/places"})
    assert dict(zip(zip(status["campaign"], status["departement"], strict=True), status["state"], strict=True)) == {
        (campaign, departement): "failed" if campaign == CAMPAIGN else "good" for campaign, departement in RANGE
    }
    (message,) = set(status["message"].dropna())
    assert message.startswith("Erreur imprévue (ValueError).")
    (trace,) = (tmp_path / "traces").iterdir()
    assert "Martin" not in trace.read_text(encoding="utf-8")
    assert pipeline.said("02", LATER) == of(f"said in {LATER}")


def test_the_survey_of_a_campaign_that_breaks_keeps_its_turn(
    pipeline: SmallPipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the next stages would take the slot for one that comes from lists alone."""
    written = slots.stand

    def break_at(connection, campaign, turns):  # type: ignore[no-untyped-def]
        if campaign == CAMPAIGN:
            raise RuntimeError
        written(connection, campaign, turns)

    monkeypatch.setattr(slots, "stand", break_at)
    assert pipeline.run_range(FIRST, LAST).success
    status = pipeline.warehouse.read("slot_status", {"campaign": CAMPAIGN, "stage": "survey/places"})
    assert (status["state"].tolist(), status["turn"].tolist()) == (["failed"] * 2, [1, 1])
    assert pipeline.said("02", CAMPAIGN) == {
        "survey_places": (0, set()),
        "places": (0, set()),
        "access_minutes": (0, set()),
    }


def test_every_slot_has_its_verdict_under_its_own_campaign(pipeline: SmallPipeline) -> None:
    pipeline.run_range(FIRST, LAST)
    check = dg.AssetCheckKey(PLACES["places"], "every_place_has_a_commune")
    records = pipeline.instance.event_log_storage.get_asset_check_execution_history(check, limit=50)
    evaluations = [record.event.dagster_event.asset_check_evaluation_data for record in records]
    assert {one.partition for one in evaluations if one.partition} == {Slot(*slot).key for slot in RANGE}


def test_a_broken_campaign_run_alone_still_ends_in_the_open(
    pipeline: SmallPipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(slots, "stand", broken)
    assert not pipeline.run("02", "33").success


# What has one partition a campaign.


def whole_run(tmp_path: Path, work: Callable[[str], dict[str, int]], *campaigns: str) -> dg.ExecuteInProcessResult:
    pipeline = SimpleNamespace(warehouse=Warehouse(Settings.at(tmp_path).database_url), settings=Settings.at(tmp_path))

    @dg.asset(key=["synthesis", "brief"], partitions_def=CAMPAIGNS)
    def brief(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        return each_whole_campaign(context, pipeline, work)

    instance = dg.DagsterInstance.ephemeral()
    instance.add_dynamic_partitions("campaign", [CAMPAIGN, LATER])
    first, last = campaigns[0], campaigns[-1]
    ranged = {"dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": last}
    which = {"partition_key": first} if first == last else {"tags": ranged}
    job = dg.Definitions(assets=[brief], jobs=[dg.define_asset_job("all")]).resolve_job_def("all")
    return job.execute_in_process(instance=instance, raise_on_error=False, **which)


def said_of_campaigns(tmp_path: Path) -> dict[str, tuple[str, str | None]]:
    status = Warehouse(Settings.at(tmp_path).database_url).read("slot_status", {"departement": "FR"})
    return dict(zip(status["campaign"], zip(status["state"], status["message"], strict=True), strict=True))


def test_a_campaign_of_which_nothing_can_be_made_is_told_and_the_others_are_made(tmp_path: Path) -> None:
    def work(campaign: str) -> dict[str, int]:
        if campaign == CAMPAIGN:
            raise SlotRefused("Il manque les contours.")
        return {"dagster/row_count": 3}

    result = whole_run(tmp_path, work, CAMPAIGN, LATER)
    assert result.success
    assert said_of_campaigns(tmp_path) == {CAMPAIGN: ("failed", "Il manque les contours."), LATER: ("good", None)}
    made = {event.partition: event.materialization.metadata for event in result.get_asset_materialization_events()}
    assert made[LATER]["dagster/row_count"].value == 3
    assert "dagster/row_count" not in made[CAMPAIGN]


def test_one_campaign_alone_that_is_refused_shows_red_and_is_good_once_mended(tmp_path: Path) -> None:
    def refuse(campaign: str) -> dict[str, int]:
        raise SlotRefused("Il manque les contours.")

    assert not whole_run(tmp_path, refuse, LATER).success
    assert said_of_campaigns(tmp_path)[LATER][0] == "failed"
    assert whole_run(tmp_path, lambda campaign: {"rows": 3}, LATER).success
    assert said_of_campaigns(tmp_path) == {LATER: ("good", None)}


def test_an_unforeseen_error_of_one_campaign_leaves_the_others_theirs(tmp_path: Path) -> None:
    def work(campaign: str) -> dict[str, int]:
        return {"rows": {LATER: 3}[campaign]}

    assert whole_run(tmp_path, work, CAMPAIGN, LATER).success
    said = said_of_campaigns(tmp_path)
    assert said[CAMPAIGN][1].startswith("Erreur imprévue (KeyError).")
    assert said[LATER] == ("good", None)
    assert not whole_run(tmp_path, work, CAMPAIGN).success
