"""What Dagster keeps of an error, whatever the step, is our sentence: no word of a cell, and no name of a file."""

import json
import traceback
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from fs_pipeline.assets import all_assets
from fs_pipeline.assets.outcomes import SlotRefused
from fs_pipeline.automation import due_sensor, retention
from fs_pipeline.jobs import GRAINS, SLOTS, jobs
from fs_pipeline.partitions import Slot, slot_partitions
from fs_pipeline.settings import Settings
from fs_pipeline.warehouse.models import load_project
from tests.unit.assets.small_pipeline import SmallPipeline

CELL = "Zéphyrine Quatrebarbes"
FILE = "enquete de zephyrine quatrebarbes.xlsx"
SLOT = Slot("2022-12", "33")


class Broken:
    """A pipeline of which nothing can be had: whatever is asked, the error quotes a cell."""

    def __init__(self, home: Path) -> None:
        self.settings = Settings.at(home)

    def __getattr__(self, name: str) -> object:
        if name.startswith("_"):  # Dagster looks at what it is handed
            raise AttributeError(name)
        try:
            int(CELL)
        except ValueError as error:
            raise KeyError(CELL) from error


def kept_by_dagster(instance: dg.DagsterInstance, result: dg.ExecuteInProcessResult) -> str:
    return " ".join(entry.to_json() for entry in instance.all_logs(result.run_id))


def holds(kept: str, text: str) -> bool:
    """As it is, or as JSON escapes it."""
    return any(word in kept for name in text.split() for word in (name, json.dumps(name)[1:-1]))


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as opened:
        opened.add_dynamic_partitions("campaign", [SLOT.campaign])
        yield opened


def test_no_step_of_any_job_lets_the_words_of_an_error_through(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    project = load_project()
    alike = {model.name for model in project} - {*{model.spec.partition: model.name for model in project}.values()}
    assets = all_assets(project, slot_partitions((SLOT.departement,)))
    definitions = dg.Definitions(
        assets=assets,
        jobs=[*jobs(assets), retention],
        resources={"pipeline": dg.ResourceDefinition.hardcoded_resource(Broken(tmp_path))},
    )
    steps = 0
    for name in (*GRAINS, retention.name):
        job = definitions.resolve_job_def(name)
        for node in job.nodes:
            if node.name in alike:  # one model is carried as another
                continue
            result = job.execute_in_process(
                instance=instance,
                partition_key=(SLOT.key if name == SLOTS else SLOT.campaign) if job.partitions_def else None,
                op_selection=[node.name],
                raise_on_error=False,
            )
            kept = kept_by_dagster(instance, result)
            assert "Erreur impr\\u00e9vue (KeyError)" in kept, node.name
            assert not holds(kept, CELL), node.name
            steps += 1
    assert steps > 15
    assert len(list((tmp_path / "traces").iterdir())) == steps


def test_nor_does_the_sensor(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    context = dg.build_sensor_context(
        instance=instance,
        resources={"pipeline": dg.ResourceDefinition.hardcoded_resource(Broken(tmp_path))},
    )
    with pytest.raises(Exception, match="Erreur imprévue") as caught:
        due_sensor(("33",), [], {})(context)
    told = "".join(traceback.format_exception(caught.value))
    assert not holds(told, CELL)


def test_the_name_of_a_refused_file_is_said_of_its_slot_and_not_kept_by_dagster(tmp_path: Path) -> None:
    def refuse(stage: str, slot: Slot) -> None:
        raise SlotRefused(f"{FILE} : protégé.", logged="1 fichier est refusé.")

    pipeline = SmallPipeline(Settings.at(tmp_path), refuse)
    pipeline.drop("33", "said")
    refused = kept_by_dagster(pipeline.instance, pipeline.run("33"))
    held_up = kept_by_dagster(pipeline.instance, pipeline.run("33", steps=["places"]))
    status = pipeline.warehouse.read("slot_status", {"stage": "survey/places"})
    assert status["message"].tolist() == [f"{FILE} : protégé."]
    assert holds(refused, "refusé.")
    assert holds(held_up, "dit laquelle et pourquoi.")
    assert not holds(refused + held_up, "zephyrine quatrebarbes")
