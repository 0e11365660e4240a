"""Where each département stands, as one command says it."""

from __future__ import annotations

import json
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from fs_pipeline.assets.due import NEVER
from fs_pipeline.assets.inputs import own_inputs
from fs_pipeline.jobs import SLOTS
from fs_pipeline.partitions import Slot
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings
from fs_pipeline.standing import answer, standings
from fs_pipeline.warehouse.status import say
from fs_pipeline.warehouse.turns import end_turns, take_turns

CAMPAIGN = "2022-12"


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    made = Pipeline(Settings.at(tmp_path))
    day = {"campaign": CAMPAIGN, "reference_date": "2022-12-01", "deadline": None}
    made.warehouse.upsert("campaigns", pd.DataFrame([day]))
    for code in ("01", "33", "59", "64"):
        made.deposits.write(f"{CAMPAIGN}/{code}/enquete.csv", b"a")
    for code, state, message in (("33", "good", None), ("59", "failed", "Fichier protégé."), ("64", "good", None)):
        turns = take_turns(made.warehouse, CAMPAIGN, [code], code, own_inputs(made, CAMPAIGN, [code]))
        said = {"campaign": CAMPAIGN, "departement": code, "stage": "survey/places", "state": state, "message": message}
        with made.warehouse.writing() as connection:
            say(made.warehouse, [said | {"turn": 1}], {}, connection)
            end_turns(connection, CAMPAIGN, turns)
    return made


@pytest.fixture
def instance():  # type: ignore[no-untyped-def]
    @dg.job(name=SLOTS)
    def job() -> None: ...

    with dg.DagsterInstance.ephemeral() as made:
        made.create_run_for_job(job, tags={"dagster/partition": Slot(CAMPAIGN, "64").key})
        yield made


def test_each_departement_has_its_state_and_its_reason(pipeline: Pipeline, instance: dg.DagsterInstance) -> None:
    found = [(one.departement, one.state, one.detail) for one in standings(pipeline, instance, CAMPAIGN)]
    assert found == [
        ("01", "à refaire", NEVER),
        ("33", "fait", ""),
        ("59", "en échec", "Fichier protégé."),
        ("64", "en cours", ""),
    ]


def test_what_is_printed_counts_all_and_names_what_is_not_done(
    pipeline: Pipeline, instance: dg.DagsterInstance, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(pipeline, instance, None, as_json=False) == 1
    printed = capsys.readouterr().out
    assert "fait : 1 · en cours : 1 · à refaire : 1 · en échec : 1" in printed
    assert "Fichier protégé." in printed
    assert answer(pipeline, instance, CAMPAIGN, as_json=True) == 1
    assert [row["departement"] for row in json.loads(capsys.readouterr().out)] == ["01", "33", "59", "64"]


def test_without_a_campaign_there_is_nothing_to_say(
    tmp_path: Path, instance: dg.DagsterInstance, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(Pipeline(Settings.at(tmp_path)), instance, None, as_json=False) == 0
    assert capsys.readouterr().out == "Aucune campagne n’est ouverte.\n"
