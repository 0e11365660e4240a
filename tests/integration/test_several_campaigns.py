"""One run over several campaigns of the rehearsal: each is computed as it would be alone, or refused with its sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from fs_pipeline.definitions import build_defs
from fs_pipeline.jobs import NATIONAL, REFERENCE, SLOTS, SYNTHESIS
from fs_pipeline.partitions import Slot
from fs_pipeline.progress import quieten
from fs_pipeline.rehearsal.generate import Rehearsal, generate
from fs_pipeline.resources import Pipeline
from fs_pipeline.run import deposit
from fs_pipeline.settings import Settings

FIRST, OTHER, LAST, UNOPENED = "2022-12", "2023-06", "2023-12", "2024-06"
LINKS = {"map", "dossier", "feedback"}
FIGURES = ("places", "access_minutes", "indicators", "discrepancies")


@dataclass
class Desk:
    """One installation, and the runs that somebody starts on it."""

    folder: Path
    rehearsal: Rehearsal
    instance: dg.DagsterInstance
    alone: dict[str, pd.DataFrame] = field(default_factory=dict)  # figures of the last campaign, of a run of its own

    def __post_init__(self) -> None:
        self.pipeline = Pipeline(
            Settings.at(self.folder, sources_path=self.rehearsal.sources_path),
            load_territory=lambda: self.rehearsal.territory,
            fictional=True,
        )
        self.definitions = build_defs(self.pipeline)
        self.instance.add_dynamic_partitions("campaign", [FIRST, OTHER, LAST, UNOPENED])

    def run(self, job: str, first: str = "", last: str = "") -> bool:
        ranged = {"dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": last}
        return (
            self.definitions.resolve_job_def(job)
            .execute_in_process(instance=self.instance, raise_on_error=False, tags=ranged if first else {})
            .success
        )

    def figures(self, campaign: str) -> dict[str, pd.DataFrame]:
        return {
            name: frame.sort_values(list(frame.columns), ignore_index=True)
            for name in FIGURES
            for frame in [self.pipeline.warehouse.read(self._table(name), {"campaign": campaign})]
        }

    def _table(self, name: str) -> object:
        models = self.pipeline.project.models
        return models[name].table if name in models else name

    def said(self, campaign: str, departement: str) -> dict[str, tuple[str, str | None]]:
        key = {"campaign": campaign, "departement": departement}
        status = self.pipeline.warehouse.read("slot_status", key)
        return dict(zip(status["stage"], zip(status["state"], status["message"], strict=True), strict=True))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    quieten()
    folder = tmp_path_factory.mktemp("several")
    rehearsal = generate(folder / "entrees")
    with dg.DagsterInstance.ephemeral() as instance:
        desk = Desk(folder / "var", rehearsal, instance)
        assert desk.run(REFERENCE)
        assert desk.run(NATIONAL, FIRST, LAST)
        for survey in rehearsal.deposits:
            for campaign in (FIRST, OTHER, LAST, UNOPENED):
                deposit(desk.pipeline, Slot(campaign, rehearsal.departement), survey)
        assert desk.run(SLOTS, Slot(LAST, rehearsal.departement).key, Slot(LAST, rehearsal.departement).key)
        desk.alone = desk.figures(LAST)
        other = desk.pipeline.warehouse.read("campaign_sources", {"campaign": OTHER, "source": "communes"})
        desk.pipeline.warehouse.upsert("campaign_sources", other.assign(sha256="f" * 64))
        slots = [Slot(campaign, rehearsal.departement).key for campaign in (FIRST, UNOPENED)]
        assert not desk.run(SLOTS, *slots)  # it goes to its end, and then shows which slots were refused
        assert desk.run(SYNTHESIS, FIRST, LAST)
        yield desk


def test_each_campaign_has_the_figures_that_it_has_alone(desk: Desk) -> None:
    for name, frame in desk.figures(LAST).items():
        pd.testing.assert_frame_equal(frame, desk.alone[name], obj=name)
        assert len(frame), name
        assert len(desk.figures(FIRST)[name]), name
    for campaign in (FIRST, LAST):
        states = {state for state, _ in desk.said(campaign, desk.rehearsal.departement).values()}
        assert states == {"good"}, campaign


def test_a_campaign_whose_reference_is_not_in_place_is_refused_with_its_sentence(desk: Desk) -> None:
    said = desk.said(OTHER, desk.rehearsal.departement)
    state, message = said["access/minutes"]
    assert state == "failed"
    assert message is not None
    assert f"la campagne {OTHER} en a pris un fichier (empreinte ffffffffffff)" in message
    assert said["release/public"][0] == "skipped"


def test_a_campaign_that_was_never_opened_is_refused_before_anything_is_read(desk: Desk) -> None:
    said = desk.said(UNOPENED, desk.rehearsal.departement)
    assert said["survey/places"][0] == "failed"
    assert said["survey/places"][1].startswith(f"La campagne {UNOPENED} n’est pas ouverte")
    assert desk.pipeline.warehouse.read("deposits", {"campaign": UNOPENED}).empty


def test_a_place_keeps_its_identifier_from_campaign_to_campaign_of_one_run(desk: Desk) -> None:
    assert set(desk.figures(FIRST)["places"]["place_id"]) == set(desk.figures(LAST)["places"]["place_id"])


def test_the_nation_has_its_brief_of_each_campaign(desk: Desk) -> None:
    published = desk.pipeline.warehouse.read("publications", {"departement": "FR"})
    assert set(published["campaign"]) == {FIRST, OTHER, LAST}
    assert {state for state, _ in desk.said(FIRST, "FR").values()} == {"good"}


def test_the_orchestrator_leads_to_the_map_the_dossier_and_the_feedback_of_each_slot(desk: Desk) -> None:
    for campaign, is_published in ((FIRST, True), (LAST, True), (UNOPENED, False)):
        slot = Slot(campaign, desk.rehearsal.departement)
        wanted = dg.AssetRecordsFilter(dg.AssetKey(["release", "public"]), asset_partitions=[slot.key])
        (record,) = desk.instance.fetch_materializations(wanted, limit=1).records
        links = {name: value for name, value in record.asset_materialization.metadata.items() if name in LINKS}  # type: ignore[union-attr]
        assert set(links) == (LINKS if is_published else set())
        assert all(Path(str(value.value)).exists() for value in links.values())
