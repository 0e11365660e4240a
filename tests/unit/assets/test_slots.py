"""One slot's failure is its own: the others are written, what it had stands, and every slot has its verdict."""

from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import pandas as pd
import pytest

from fs_pipeline import __version__
from fs_pipeline.assets.outcomes import SlotRefused
from fs_pipeline.assets.slots import carry
from fs_pipeline.checks.asset_checks import specs_for
from fs_pipeline.partitions import Slot, contiguous_ranges, slot_partitions
from fs_pipeline.settings import Settings
from fs_pipeline.warehouse.engine import Warehouse
from tests.rows import filled

DEPARTEMENTS = ["01", "02", "03", "2A"]
SLOTS = slot_partitions(DEPARTEMENTS)
PROJECT = SimpleNamespace(models={})
PLACES = {"places": dg.AssetKey(["reconciliation", "places"])}
MINUTES = {"access_minutes": dg.AssetKey(["access", "minutes"])}


class Rehearsal:
    """Two assets, the second over the first, whose work a test decides slot by slot."""

    def __init__(self, folder: Path) -> None:
        self.warehouse = Warehouse(f"sqlite:///{folder / 'warehouse.db'}")
        self.pipeline = SimpleNamespace(warehouse=self.warehouse, project=PROJECT, settings=Settings.at(folder))
        (folder / "dagster").mkdir()
        self.instance = dg.DagsterInstance.local_temp(str(folder / "dagster"))
        self.instance.add_dynamic_partitions("campaign", ["2022-12"])
        self.behaviour: dict[str, object] = {}
        self.assets = [
            self._asset(PLACES, [], self._places),
            self._asset(MINUTES, list(PLACES.values()), lambda slot: {"access_minutes": minutes()}),
        ]

    def _places(self, slot: Slot) -> dict[str, pd.DataFrame]:
        behaviour = self.behaviour.get(slot.departement, "a")
        if isinstance(behaviour, Exception):
            raise behaviour
        rows = place(slot, name=str(behaviour))
        return {"places": pd.concat([rows, rows]) if behaviour == "twice" else rows}

    def _asset(self, writes, deps, work):  # type: ignore[no-untyped-def]
        (table,) = writes
        (key,) = writes.values()

        @dg.multi_asset(
            name=table,
            specs=[dg.AssetSpec(key, deps=deps, partitions_def=SLOTS, skippable=True)],
            check_specs=specs_for(writes, PROJECT, SLOTS),
            partitions_def=SLOTS,
            backfill_policy=dg.BackfillPolicy.single_run(),
        )
        def asset(context: dg.AssetExecutionContext):  # type: ignore[no-untyped-def]
            yield from carry(context, self.pipeline, work, writes=writes)

        return asset

    def run(self, *departements: str) -> dg.ExecuteInProcessResult:
        job = dg.Definitions(
            assets=self.assets, jobs=[dg.define_asset_job("slots", executor_def=dg.in_process_executor)]
        ).resolve_job_def("slots")
        first, last = departements[0], departements[-1]
        if first == last:
            return job.execute_in_process(
                instance=self.instance, partition_key=f"2022-12|{first}", raise_on_error=False
            )
        tags = {
            "dagster/asset_partition_range_start": f"2022-12|{first}",
            "dagster/asset_partition_range_end": f"2022-12|{last}",
        }
        return job.execute_in_process(instance=self.instance, tags=tags, raise_on_error=False)

    def names(self) -> dict[str, str]:
        frame = self.warehouse.read("places")
        return dict(zip(frame["departement"], frame["name"], strict=True))

    def states(self, stage: str) -> dict[str, str]:
        frame = self.warehouse.read("slot_status", {"stage": stage})
        return dict(zip(frame["departement"], frame["state"], strict=True))


def place(slot: Slot, name: str) -> pd.DataFrame:
    row = {
        "place_id": f"{slot.departement}-1",
        "name": name,
        "insee": None if name == "lost" else f"{slot.departement}001",
        "kind": "fixed",
        "in_survey": True,
        "in_france_services": False,
    }
    return filled("places", pd.DataFrame([row], dtype=object))


def minutes() -> pd.DataFrame:
    row = {"point_id": "x", "insee": "x", "service": "s", "demarche_id": "", "minutes": 3.0, "method": "road"}
    return filled("access_minutes", pd.DataFrame([row]))


@pytest.fixture
def rehearsal(tmp_path: Path) -> Rehearsal:
    return Rehearsal(tmp_path)


def test_one_slot_that_breaks_leaves_the_others_good_and_its_own_last_result(rehearsal: Rehearsal) -> None:
    assert rehearsal.run("01", "2A").success
    rehearsal.behaviour = dict.fromkeys(DEPARTEMENTS, "b") | {"02": RuntimeError("boom")}
    assert rehearsal.run("01", "2A").success
    assert rehearsal.names() == {"01": "b", "02": "a", "03": "b", "2A": "b"}
    assert rehearsal.states("reconciliation/places") == {"01": "good", "02": "failed", "03": "good", "2A": "good"}
    assert rehearsal.states("access/minutes")["02"] == "skipped"
    status = rehearsal.warehouse.read("slot_status", {"departement": "02", "stage": "reconciliation/places"})
    assert status["last_good_at"].notna().all()
    assert "boom" not in status["message"].iloc[0]


def test_two_rows_of_one_key_fail_their_slot_and_not_the_others(rehearsal: Rehearsal) -> None:
    rehearsal.run("01", "2A")
    rehearsal.behaviour = {"03": "twice", "01": "b"}
    assert rehearsal.run("01", "2A").success
    assert rehearsal.names() == {"01": "b", "02": "a", "03": "a", "2A": "a"}
    status = rehearsal.warehouse.read("slot_status", {"departement": "03", "stage": "reconciliation/places"})
    assert status["state"].tolist() == ["failed"]
    assert "1 ligne(s) en double dans « places »" in status["message"].iloc[0]


def test_all_that_is_said_of_a_slot_is_kept_with_its_version_and_fingerprint(rehearsal: Rehearsal) -> None:
    key = {"departement": "02", "stage": "reconciliation/places"}
    rehearsal.run("01", "2A")
    good = rehearsal.warehouse.read("slot_status", key)["fingerprint"].iloc[0]
    rehearsal.behaviour = {"02": SlotRefused("Il manque une feuille.")}
    rehearsal.run("01", "2A")
    kept = rehearsal.warehouse.read("slot_history", key).sort_values("recorded_at")
    assert kept["state"].tolist() == ["good", "failed"]
    assert kept["message"].tolist() == [None, "Il manque une feuille."]
    assert set(kept["version"]) == {__version__}
    assert kept["fingerprint"].iloc[0] == good
    assert rehearsal.warehouse.read("slot_status", key)["fingerprint"].tolist() == [good]  # of what still stands


def test_a_slot_that_a_check_refuses_is_not_written(rehearsal: Rehearsal) -> None:
    rehearsal.run("01", "2A")
    rehearsal.behaviour = {"03": "lost"}
    assert rehearsal.run("01", "2A").success
    assert rehearsal.names()["03"] == "a"
    assert rehearsal.states("reconciliation/places")["03"] == "failed"


def test_in_a_range_run_every_slot_has_its_own_verdict(rehearsal: Rehearsal) -> None:
    rehearsal.behaviour = {"03": "lost"}
    rehearsal.run("01", "2A")
    records = rehearsal.instance.event_log_storage.get_asset_check_execution_history(
        dg.AssetCheckKey(PLACES["places"], "every_place_has_a_commune"), limit=50
    )
    verdicts = {
        evaluation.partition: evaluation.passed
        for record in records
        if record.event.dagster_event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
        and (evaluation := record.event.dagster_event.asset_check_evaluation_data).partition
    }
    assert verdicts == {f"2022-12|{code}": code != "03" for code in DEPARTEMENTS}


def test_a_run_of_one_slot_fails_in_the_open(rehearsal: Rehearsal) -> None:
    rehearsal.behaviour = {"02": SlotRefused("Le fichier est protégé.")}
    result = rehearsal.run("02")
    assert not result.success
    status = rehearsal.warehouse.read("slot_status", {"stage": "reconciliation/places"})
    assert status["message"].tolist() == ["Le fichier est protégé."]


def test_a_blocking_check_blocks_a_run_of_one_slot(rehearsal: Rehearsal) -> None:
    rehearsal.behaviour = {"02": "lost"}
    assert not rehearsal.run("02").success
    assert rehearsal.states("access/minutes") == {}


def test_a_slot_that_is_mended_is_good_again(rehearsal: Rehearsal) -> None:
    rehearsal.behaviour = {"02": RuntimeError()}
    rehearsal.run("01", "2A")
    rehearsal.behaviour = {}
    rehearsal.run("02")
    assert rehearsal.states("access/minutes")["02"] == "good"


def test_departements_apart_are_several_ranges() -> None:
    assert contiguous_ranges(DEPARTEMENTS, ["2A", "01", "02"]) == [("01", "02"), ("2A", "2A")]
