"""Two deposits of one slot, the second while a run of the first is at work: two processes, as on two machines.

They share one database, one file store and one drop folder, and nothing else; each has a home of its own.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pandas as pd

from fs_pipeline.chunks import instance_for
from fs_pipeline.definitions import build_defs
from fs_pipeline.jobs import NATIONAL, REFERENCE, SLOTS
from fs_pipeline.partitions import Slot
from fs_pipeline.rehearsal.generate import CAMPAIGN
from fs_pipeline.rehearsal.land import DEPARTEMENT, make_land
from fs_pipeline.rehearsal.sources import write_sources
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings
from fs_pipeline.tabular.delimited import frame_csv
from fs_pipeline.warehouse.tables import metadata

KEY = {"campaign": CAMPAIGN, "departement": DEPARTEMENT}
PLACES = {"earlier": 9, "later": 14}  # of a survey
# Of a table that survives the slot's rows, or tells of runs: a run more is a row more.
OF_RUNS = {"deposits", "publications", "place_births", "registry", "slot_history", "slot_status", "slot_turns"}


def hand_in(barrier: Barrier, who: str, shared: str, url: str, moments: Sequence[str], skipped: Sequence[str]) -> None:
    """One of the two, a round a moment: the stage that the earlier run has just ended when the later deposit comes, or
    nothing where it has only begun. Then the later one looks at what the slot bears.

    Raises
    ------
    AssertionError
        When a run ends badly, or the slot bears anything but the later deposit, each row once.
    """
    folder = Path(shared)
    pipeline = _machine(folder, who, url)
    if who == "earlier":
        write_sources(folder / "sources")
        assert _execute(pipeline, REFERENCE)
        assert _execute(pipeline, NATIONAL, CAMPAIGN)
    barrier.wait()
    for number, moment in enumerate(moments):
        last = pipeline.warehouse.read("slot_turns", KEY)["turn"].max()
        barrier.wait()
        if who == "later":
            _wait_for(pipeline, 1 if pd.isna(last) else int(last) + 1, moment)
        _drop(pipeline, who, f"round {number}")
        assert _run_slot(pipeline, skipped)
        barrier.wait()
        if who == "later":
            _look(pipeline, f"round {number}")
            if "publish" not in skipped:
                _look_at_what_is_published(pipeline, f"round {number}")
    if who == "later":
        borne = _rows(pipeline)
        assert _run_slot(pipeline, skipped)
        alone = _rows(pipeline)
        changed = [name for name in alone if not alone[name].equals(borne[name])]
        assert not changed, changed
    pipeline.warehouse.dispose()


def _wait_for(pipeline: Pipeline, turn: int, stage: str, seconds: float = 120) -> None:
    """Until the run of a turn has ended a stage."""
    table, key = ("slot_status", KEY | {"stage": stage}) if stage else ("slot_turns", KEY)
    until = time.monotonic() + seconds
    while not (pipeline.warehouse.read(table, key, ["turn"])["turn"] == turn).any():
        assert time.monotonic() < until, stage
        time.sleep(0.01)


def _machine(shared: Path, who: str, url: str) -> Pipeline:
    settings = replace(
        Settings.at(shared / who, sources_path=shared / "sources" / "sources.toml"),
        database_url=url,
        files_url=str(shared / "files"),
        deposits_url=str(shared / "deposits"),
    )
    return Pipeline(settings, load_territory=lambda: make_land().territory)


def _drop(pipeline: Pipeline, who: str, version: str) -> None:
    communes = make_land().territory.communes
    communes = communes[communes["departement"] == DEPARTEMENT].head(PLACES[who])
    survey = pd.DataFrame({"Nom": _name(who, version), "Type": "Mairie", "Adresse": "1 rue du Port"}, communes.index)
    survey = survey.assign(**{"Code postal": communes["postcodes"].str[0], "Commune": communes["name"]})
    pipeline.deposits.write(f"{CAMPAIGN}/{DEPARTEMENT}/enquete.csv", frame_csv(survey).encode())


def _name(who: str, version: str) -> str:
    return f"Espace numérique {who} {version}"


def _run_slot(pipeline: Pipeline, skipped: Sequence[str]) -> bool:
    return _execute(pipeline, SLOTS, Slot(CAMPAIGN, DEPARTEMENT).key, skipped)


def _execute(pipeline: Pipeline, job: str, partition_key: str | None = None, skipped: Sequence[str] = ()) -> bool:
    """One run, started as `fs-pipeline run` starts it; whether it ended well."""
    with instance_for(pipeline.settings) as instance:
        instance.add_dynamic_partitions("campaign", [CAMPAIGN])
        definition = build_defs(pipeline).resolve_job_def(job)
        return definition.execute_in_process(
            instance=instance,
            partition_key=partition_key,
            op_selection=[node.name for node in definition.nodes if node.name not in skipped],
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            raise_on_error=False,
        ).success


def _look(pipeline: Pipeline, version: str) -> None:
    status = pipeline.warehouse.read("slot_status", KEY)
    assert set(status["state"]) == {"good"}, status[["stage", "state", "message"]].to_dict("records")
    survey = pipeline.warehouse.read("survey_places", KEY)
    assert survey["name"].tolist() == [_name("later", version)] * PLACES["later"]
    named = pipeline.warehouse.read("places", KEY)["name"]
    assert named[named.str.startswith("Espace numérique")].tolist() == survey["name"].tolist()
    for name, rows in _rows(pipeline).items():
        assert not rows.duplicated().any(), name
    for model in pipeline.project:
        if model.spec.partition == "slot":
            assert not pipeline.warehouse.read(model.table, KEY).duplicated(list(model.spec.grain)).any(), model.name


def _look_at_what_is_published(pipeline: Pipeline, version: str) -> None:
    published = pipeline.warehouse.read("publications", KEY | {"edition": "internal"}).sort_values("published_at")
    named = pipeline.files.read(f"{published['path'].iloc[-1]}/lieux.csv").decode()
    assert named.count(_name("later", version)) == PLACES["later"]
    assert "Espace numérique earlier" not in named


def _rows(pipeline: Pipeline) -> dict[str, pd.DataFrame]:
    """Every row of the slot, table by table, in an order of its own."""
    stored = [*metadata().tables.values(), *(model.table for model in pipeline.project)]
    tables = {table.name: table for table in stored if KEY.keys() <= set(table.c.keys()) and table.name not in OF_RUNS}
    frames = {name: pipeline.warehouse.read(table, KEY) for name, table in tables.items()}
    return {name: frame.sort_values(list(frame), ignore_index=True) for name, frame in frames.items()}
