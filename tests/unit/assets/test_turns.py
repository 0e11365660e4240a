"""Two runs of one slot: it bears the figures of the one that read its deposits last, whole, and the other ends quietly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fs_pipeline.assets.outcomes import SlotRefused
from fs_pipeline.partitions import Slot
from fs_pipeline.progress import quieten
from fs_pipeline.settings import Settings
from tests.unit.assets.small_pipeline import STAGES, SmallPipeline, of

Run = Callable[..., SmallPipeline]


@pytest.fixture
def settings(tmp_path: Path, warehouse_url: str) -> Settings:
    return replace(Settings.at(tmp_path), database_url=warehouse_url)


def once(stage: str, do: Callable[[], None]) -> Callable[[str, Slot], None]:
    """Do something the first time that a stage of département 33 is under way."""
    done = []

    def meanwhile(at: str, slot: Slot) -> None:
        if (at, slot.departement) == (stage, "33") and not done:
            done.append(at)
            do()

    return meanwhile


@pytest.mark.parametrize("stage", STAGES)
def test_a_run_that_a_newer_deposit_overtakes_leaves_the_slot_to_it_and_ends_well(
    settings: Settings, stage: str
) -> None:
    newer = SmallPipeline(settings)

    def hand_in_again() -> None:
        newer.drop("33", "new")
        assert newer.run("33").success

    older = SmallPipeline(settings, once(stage, hand_in_again))
    older.drop("33", "old")
    assert older.run("33").success
    assert older.said("33") == of("new")
    assert set(older.states("33").values()) == {"good"}
    turns = older.warehouse.read("slot_turns").sort_values("turn")
    assert turns["turn"].tolist() == [1, 2]
    assert turns["gave_way_at"].notna().tolist() == [True, False]


@pytest.mark.parametrize("stage", ["places", "minutes"])
def test_a_newer_deposit_that_is_refused_disturbs_nobody(settings: Settings, stage: str) -> None:
    def refuse(at: str, slot: Slot) -> None:
        raise SlotRefused("Le fichier est protégé.")

    newer = SmallPipeline(settings, refuse)

    def hand_in_again() -> None:
        newer.drop("33", "new")
        assert not newer.run("33").success

    older = SmallPipeline(settings, once(stage, hand_in_again))
    older.drop("33", "old")
    assert older.run("33").success
    assert older.said("33") == of("old")
    assert older.states("33").get("survey/places") == "failed"
    assert [state for stage, state in older.states("33").items() if stage != "survey/places"] == ["good"] * 4
    status = older.warehouse.read("slot_status", {"stage": "survey/places"})
    assert status["message"].tolist() == ["Le fichier est protégé."]


def test_in_a_range_run_only_the_slot_that_was_overtaken_is_left(settings: Settings) -> None:
    newer = SmallPipeline(settings)

    def hand_in_again() -> None:
        newer.drop("33", "new")
        assert newer.run("33").success

    older = SmallPipeline(settings, once("places", hand_in_again))
    for departement in ("01", "02", "33"):
        older.drop(departement, "old")
    assert older.run("01", "02", "33").success
    assert [older.said(departement) for departement in ("01", "02", "33")] == [of("old"), of("old"), of("new")]
    assert set(older.states("02").values()) == {"good"}


def test_a_national_run_that_began_earlier_does_not_undo_a_deposit(settings: Settings) -> None:
    newer = SmallPipeline(settings)

    def hand_in_again() -> None:
        newer.drop("33", "new")
        assert newer.run("33").success

    national = SmallPipeline(settings, once("survey", hand_in_again))
    for departement in ("01", "02", "33"):
        national.drop(departement, "old")
    assert national.run("01", "02", "33").success
    assert national.said("33") == of("new")


def test_a_stage_run_alone_never_mixes_two_runs(settings: Settings) -> None:
    """The survey was read again, and nothing after it yet: minutes would be made from the places of before."""
    pipeline = SmallPipeline(settings)
    pipeline.drop("33", "old")
    assert pipeline.run("33").success
    pipeline.drop("33", "new")
    assert pipeline.run("33", steps=["survey"]).success
    assert not pipeline.run("33", steps=["minutes"]).success
    status = pipeline.warehouse.read("slot_status", {"stage": "access/minutes"})
    assert "relancez le département en entier" in status["message"].iloc[0]
    assert pipeline.said("33")["access_minutes"] == of("old")["access_minutes"]
    assert pipeline.run("33", steps=["places"]).success
    assert pipeline.run("33", steps=["minutes"]).success
    assert pipeline.said("33") == of("new")
    assert set(pipeline.states("33").values()) == {"good"}


def test_a_survey_that_a_check_refuses_never_takes_the_slot(settings: Settings) -> None:
    pipeline = SmallPipeline(settings)
    pipeline.drop("33", "old")
    assert pipeline.run("33").success
    pipeline.drop("33", "lost")
    assert not pipeline.run("33").success
    assert pipeline.said("33") == of("old")
    pipeline.drop("33", "new")
    assert pipeline.run("33").success
    assert pipeline.said("33") == of("new")


def test_a_run_that_was_overtaken_leaves_no_word_of_dagster_s_on_the_screen(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    newer = SmallPipeline(settings)

    def hand_in_again() -> None:
        newer.drop("33", "new")
        assert newer.run("33").success

    quieten()
    older = SmallPipeline(settings, once("survey", hand_in_again))
    older.drop("33", "old")
    assert older.run("33").success
    assert [record.message for record in caplog.records if record.name.startswith("dagster._core")] == []
