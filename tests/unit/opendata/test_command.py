"""``fs-pipeline publish`` and its asset: off until a key is given, told as a table, one refusal stops no other."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from fs_pipeline.assets.open_data import open_data_asset
from fs_pipeline.opendata.command import NotAsked, publish
from fs_pipeline.partitions import CAMPAIGNS, Slot, slot_partitions
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings
from tests.unit.opendata.published import SENT, about, folder
from tests.unit.opendata.site import KEY, ORGANIZATION, Site, site


@pytest.fixture
def stand_in() -> Iterator[Site]:
    with site() as found:
        yield found


@pytest.fixture
def pipeline(tmp_path: Path, stand_in: Site) -> Pipeline:
    """An installation in which the Gironde is published, and the Landes only for the rehearsal."""
    settings = Settings.at(tmp_path)
    keyed = replace(settings, datagouv_url=stand_in.url, datagouv_organization=ORGANIZATION, datagouv_token=KEY)
    pipeline = Pipeline(keyed)
    rows = []
    for departement, files in (("33", folder()), ("40", folder(said=about(fictional=True), licence=None))):
        for name, content in files.items():
            pipeline.files.write(f"publications/2022-12/{departement}/public/abc/{name}", content)
        rows.append({"departement": departement, "path": f"publications/2022-12/{departement}/public/abc"})
    frame = pd.DataFrame(rows).assign(
        campaign="2022-12", edition="public", fingerprint="abc", published_at="2026-01-01"
    )
    pipeline.warehouse.upsert("publications", frame)
    return pipeline


def asked(*departements: str, dry_run: bool = False, campaign: str = "2022-12") -> argparse.Namespace:
    return argparse.Namespace(
        campaign=campaign, department=list(departements), all=not departements, dry_run=dry_run, overwrite=False
    )


def test_what_would_be_sent_is_shown_as_a_table(
    pipeline: Pipeline, stand_in: Site, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    assert publish(asked("33", dry_run=True), pipeline) == []
    shown = capsys.readouterr().out
    assert all(name in shown for name in SENT)
    assert "dossier.html" not in shown
    assert "créer le jeu de données" in shown
    assert stand_in.written == []
    assert KEY not in shown


def test_one_that_may_not_leave_stops_no_other(
    pipeline: Pipeline, stand_in: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    assert publish(asked(), pipeline) == ["40"]
    assert set(stand_in.shown()) == SENT
    said = capsys.readouterr()
    assert "40\u00a0: aucune licence ouverte" in said.err
    assert stand_in.alone["page"] in said.out


def test_a_departement_or_a_campaign_that_has_nothing_is_told(
    pipeline: Pipeline, stand_in: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    assert publish(asked("64"), pipeline) == ["64"]
    assert "64\u00a0: aucune édition publique" in capsys.readouterr().err
    with pytest.raises(NotAsked, match="2023-12"):
        publish(asked(campaign="2023-12"), pipeline)
    assert stand_in.requests == []


def test_it_is_off_until_a_key_is_given(tmp_path: Path) -> None:
    with pytest.raises(NotAsked, match="FS_DATAGOUV_TOKEN"):
        publish(asked("33"), Pipeline(Settings.at(tmp_path)))


def test_the_asset_sends_one_slot_and_says_where(pipeline: Pipeline, stand_in: Site) -> None:
    result = materialised(pipeline, "33")
    assert result.success
    (seen,) = result.asset_materializations_for_node("open_data__dataset")
    assert seen.metadata["page"].value == stand_in.alone["page"]


def test_the_asset_fails_with_the_reason(pipeline: Pipeline) -> None:
    result = materialised(pipeline, "40")
    (failure,) = result.get_step_failure_events()
    assert "aucune licence ouverte" in failure.step_failure_data.user_failure_data.description


def materialised(pipeline: Pipeline, departement: str) -> dg.ExecuteInProcessResult:
    instance = dg.DagsterInstance.ephemeral()
    instance.add_dynamic_partitions(str(CAMPAIGNS.name), ["2022-12"])
    asset = open_data_asset(slot_partitions(["33", "40"]))
    return dg.materialize(
        [asset],
        instance=instance,
        partition_key=Slot("2022-12", departement).key,
        resources={"pipeline": pipeline},
        raise_on_error=False,
    )
