"""Each sense check stops a slot made absurd on purpose: nothing is published, the last good result stands, the why is told.

One home is prepared, from a deposit to its publication; each absurdity is planted in a copy of it, and what follows is run
again by Dagster as an installation would.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest
from sqlalchemy import text

from fs_pipeline.checks.judge import suites
from fs_pipeline.definitions import build_defs
from fs_pipeline.jobs import NATIONAL, REFERENCE, SLOTS
from fs_pipeline.partitions import Slot
from fs_pipeline.rehearsal.generate import CAMPAIGN
from fs_pipeline.rehearsal.land import DEPARTEMENT, make_land
from fs_pipeline.rehearsal.sources import write_sources
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings
from fs_pipeline.tabular.delimited import frame_csv

KEY = {"campaign": CAMPAIGN, "departement": DEPARTEMENT}
STANDING = (
    "(select min(insee) from int_place_services where service = 'france_services' and departement = :departement)"
)
LISTED = "(select min(source_id) from place_members where source = 'france_services' and departement = :departement)"
ABSENT = "(select min(place_id) from discrepancies where kind in ('only_in_survey', 'label_not_in_survey'))"

# Of each check, what makes the slot absurd.
CONTRADICTIONS = {
    "no_commune_is_far_from_what_stands_in_it": (
        "update int_commune_minutes set minutes = 33, reason = null "
        f"where service = 'france_services' and insee = {STANDING}"
    ),
    "nothing_is_opened_where_it_stands": (
        "insert into levers (campaign, departement, scope, move, service, demarche_id, threshold, rank, insee, "
        "inhabitants_gained, inhabitants_gained_alone, inhabitants_gained_together, guarantee) "
        f"values (:campaign, :departement, 'departement', 'new_place', 'france_services', '', 20, 99, {STANDING}, 1, 1, 1, 1)"
    ),
    "nothing_is_absent_that_may_be_recognised": (
        "insert into int_pairs_waiting (campaign, departement, place_id, other_place_id) "
        f"values (:campaign, :departement, {ABSENT}, 'other')"
    ),
    "every_row_of_the_list_is_in_a_place": f"delete from place_members where source_id = {LISTED}",
}
CONSISTENCY = {
    "thirty_minutes_never_cover_less_than_twenty": "update int_access_shares_pivoted set share_near = 0.9, share_far = 0.1",
    "nobody_is_lost": "update demand_points set population = population + 5",
    "confirmed_never_exceeds_confirmed_and_by_label": (
        "update demarche_shares set population = -1 where verdict = 'by_label' and threshold = 20"
    ),
}
# What the brief would print: the cover reads one table, the key figures another.
PRINTED = {
    "a_figure_has_one_value": "update indicators set value = value - 0.05 where key = 'population_within'",
    "a_figure_has_one_base": "update indicators set n = n + 1000 where key = 'population_within'",
}
PLANTED = [
    *(("contradictions", check, statement) for check, statement in CONTRADICTIONS.items()),
    *(("access_consistency", check, statement) for check, statement in CONSISTENCY.items()),
]


def pipeline_at(home: Path) -> Pipeline:
    settings = Settings.at(home, sources_path=home.parent / "sources" / "sources.toml")
    return Pipeline(settings, load_territory=lambda: make_land().territory)


def run(pipeline: Pipeline, job: str, partition_key: str | None = None, nodes: list[str] | None = None) -> bool:
    """Whether a run of a job, or of these nodes of it, ended well."""
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions("campaign", [CAMPAIGN])
        result = (
            build_defs(pipeline)
            .resolve_job_def(job)
            .execute_in_process(
                instance=instance,
                partition_key=partition_key,
                op_selection=nodes,
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
                raise_on_error=False,
            )
        )
        return result.success


def published(pipeline: Pipeline) -> list[tuple[str, str]]:
    """Edition and folder of each version of the slot."""
    rows = pipeline.warehouse.read("publications", KEY)
    return sorted(zip(rows["edition"], rows["path"], strict=True))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose slot is good and published."""
    folder = tmp_path_factory.mktemp("absurd")
    write_sources(folder / "sources")
    pipeline = pipeline_at(folder / "home")
    communes = make_land().territory.communes
    communes = communes[communes["departement"] == DEPARTEMENT].head(12)
    survey = pd.DataFrame({"Nom": "Espace numérique", "Type": "Mairie", "Adresse": "1 rue du Port"}, communes.index)
    survey = survey.assign(**{"Code postal": communes["postcodes"].str[0], "Commune": communes["name"]})
    pipeline.deposits.write(f"{CAMPAIGN}/{DEPARTEMENT}/enquete.csv", frame_csv(survey).encode())
    assert run(pipeline, REFERENCE)
    assert run(pipeline, NATIONAL, CAMPAIGN)
    assert run(pipeline, SLOTS, Slot(CAMPAIGN, DEPARTEMENT).key)
    assert published(pipeline)
    pipeline.warehouse.dispose()
    return folder


def test_every_sense_check_is_made_absurd_here() -> None:
    planted = {("briefing/pack", check) for check in PRINTED} | {(table, check) for table, check, _ in PLANTED}
    for table in ("contradictions", "access_consistency", "briefing/pack"):
        assert {(table, check.name) for check in suites()[table]} == {one for one in planted if one[0] == table}
        assert all(check.severity == "error" for check in suites()[table])


@pytest.mark.parametrize(("table", "name", "statement"), PLANTED, ids=[name for _, name, _ in PLANTED])
def test_a_slot_made_absurd_is_stopped_and_its_last_good_result_stands(
    prepared: Path, tmp_path: Path, table: str, name: str, statement: str
) -> None:
    shutil.copytree(prepared, tmp_path / "copy")
    pipeline = pipeline_at(tmp_path / "copy" / "home")
    before = published(pipeline)
    rows = pipeline.warehouse.read(pipeline.project[table].table, KEY)
    with pipeline.warehouse.engine.begin() as connection:
        made = connection.execute(text(statement), KEY if ":" in statement else {})
        assert made.rowcount > 0
    assert not run(pipeline, SLOTS, Slot(CAMPAIGN, DEPARTEMENT).key, [table, "publish"])
    status = pipeline.warehouse.read("slot_status", KEY).set_index("stage")
    stage = f"marts/{table}"
    (check,) = (one for one in suites()[table] if one.name == name)
    assert status.loc[stage, "state"] == "failed"
    assert status.loc[stage, "message"].startswith(f"{check.message} Ce n’est pas le cas de ")
    assert status.loc[stage, "last_good_at"]
    assert published(pipeline) == before
    assert all(pipeline.files.exists(f"{path}/dossier.html") for _, path in before)
    assert pipeline.warehouse.read(pipeline.project[table].table, KEY).equals(rows)
    pipeline.warehouse.dispose()


@pytest.mark.parametrize("name", sorted(PRINTED))
def test_a_brief_that_would_print_two_values_of_one_figure_is_stopped(
    prepared: Path, tmp_path: Path, name: str
) -> None:
    shutil.copytree(prepared, tmp_path / "copy")
    pipeline = pipeline_at(tmp_path / "copy" / "home")
    before = published(pipeline)
    with pipeline.warehouse.engine.begin() as connection:
        assert connection.execute(text(PRINTED[name])).rowcount > 0
    assert not run(pipeline, SLOTS, Slot(CAMPAIGN, DEPARTEMENT).key, ["publish"])
    status = pipeline.warehouse.read("slot_status", KEY).set_index("stage")
    (check,) = (one for one in suites()["briefing/pack"] if one.name == name)
    assert status.loc["briefing/pack", "state"] == "failed"
    assert status.loc["briefing/pack", "message"].startswith(f"{check.message} Ce n’est pas le cas de ")
    assert "within_20" in status.loc["briefing/pack", "message"]
    assert published(pipeline) == before
    assert all(pipeline.files.exists(f"{path}/dossier.html") for _, path in before)
    pipeline.warehouse.dispose()
