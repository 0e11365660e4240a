"""One run, chunks in four processes, and départements one by one in any order: the same bytes in the end."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from pathlib import Path

import pytest

from fs_pipeline.partitions import Slot
from fs_pipeline.report import RunReport
from fs_pipeline.resources import Pipeline
from fs_pipeline.run import deposit, materialise
from fs_pipeline.settings import Settings
from tests.integration.published import different, published

CAMPAIGN = "2022-12"
NEIGHBOURS = ["16", "17", "24", "32", "33", "40", "46", "47", "64", "79", "82", "87"]  # each touches another one
SURVEYS = {
    "16": "16-bus-france-services.xlsx",
    "33": "33-gironde.xlsx",
    "64": "64-pyrenees-atlantiques.csv",
}
SOURCES = {
    "france_services": "national/france-services-2022-12-01.csv",
    "la_poste": "national/la-poste-points-de-contact-2016-08.csv",
    "france_travail": "national/france-travail-agences.csv",
    "communes": "reference/communes-cog-2026.csv.gz",
    "contours": "reference/communes-contours-2018.parquet",
}
FEW = ("france_services", "communes")


def installation(folder: Path, data: Path, sources: Collection[str] = tuple(SOURCES)) -> Pipeline:
    folder.mkdir()
    listed = "".join(f'{source} = "{data / SOURCES[source]}"\n' for source in sources)
    (folder / "sources.toml").write_text(f"campaign_reference_date = 2022-12-01\n[sources]\n{listed}", encoding="utf-8")
    pipeline = Pipeline(Settings.at(folder / "var", sources_path=folder / "sources.toml"))
    for code, name in SURVEYS.items():
        deposit(pipeline, Slot(CAMPAIGN, code), data / "surveys" / name)
    return pipeline


def run(pipeline: Pipeline, departements: Sequence[str], processes: int = 1) -> RunReport:
    report = materialise(pipeline, CAMPAIGN, departements, processes=processes)
    assert report.succeeded, (report.broken_steps, report.failed_slots)
    return report


@pytest.mark.data
@pytest.mark.soak
@pytest.mark.parametrize("seed", [1, 2])
def test_a_dozen_neighbours_in_any_order(tmp_path: Path, real_data: Path, seed: int) -> None:
    same_bytes_in_any_order(tmp_path, real_data, NEIGHBOURS, seed)


@pytest.mark.data
@pytest.mark.soak
def test_all_of_them_once(tmp_path: Path, real_data: Path) -> None:
    everywhere = list(installation(tmp_path / "listed", real_data).load_territory().departement_codes)
    same_bytes_in_any_order(tmp_path, real_data, everywhere, seed=1)


def same_bytes_in_any_order(folder: Path, data: Path, departements: list[str], seed: int) -> None:
    """Run them together, in chunks over four processes, and one by one shuffled by `seed`; compare all that is published."""
    together = installation(folder / "together", data)
    run(together, departements)
    expected = published(together, CAMPAIGN)

    chunks = installation(folder / "chunks", data)
    run(chunks, departements, processes=4)
    assert different(published(chunks, CAMPAIGN), expected) == set()

    singly = installation(folder / "singly", data)
    for code in random.Random(seed).sample(departements, len(departements)):
        run(singly, [code])
    run(singly, departements)  # what changed beside each since
    assert different(published(singly, CAMPAIGN), expected) == set()
    assert run(singly, departements).unchanged == departements


@pytest.mark.data
def test_two_neighbours_one_after_the_other_or_together(tmp_path: Path, real_data: Path) -> None:
    """The one that ran first follows the other: its minutes and what it prints beside its figures, not its places."""
    together = installation(tmp_path / "together", real_data, FEW)
    run(together, ["40", "47"])
    singly = installation(tmp_path / "singly", real_data, FEW)
    run(singly, ["47"])
    run(singly, ["40"])
    before = singly.warehouse.read("slot_turns", {"departement": "47"})
    run(singly, ["40", "47"])
    assert different(published(singly, CAMPAIGN), published(together, CAMPAIGN)) == set()
    assert len(singly.warehouse.read("slot_turns", {"departement": "47"})) == len(before) == 1
