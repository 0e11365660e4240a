"""A slot is good with all its communes and every source that is declared for it, or it is refused and says why."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from fs_pipeline.assets.access import minutes_of_slot
from fs_pipeline.assets.outcomes import SlotRefused
from fs_pipeline.assets.wholeness import communes_of, require
from fs_pipeline.partitions import Slot
from fs_pipeline.rehearsal.land import make_land
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings

SLOT = Slot("2022-12", "00")


def opened(folder: Path, sources: str) -> Pipeline:
    path = folder / "sources.toml"
    path.write_text(f"[sources]\n{sources}\n", encoding="utf-8")
    territory = make_land().territory
    return Pipeline(Settings.at(folder / "var", sources_path=path), load_territory=lambda: territory)


def write_communes(pipeline: Pipeline, communes: pd.DataFrame) -> None:
    rows = communes.drop(columns="postcodes").assign(vintage=pipeline.territory.vintage)
    pipeline.warehouse.replace("communes", {}, rows)


def test_a_slot_before_the_communes_are_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SlotRefused, match="ne sont pas encore connues"):
        minutes_of_slot(opened(tmp_path, ""), SLOT)


@pytest.mark.parametrize("lost", [1, 30])
def test_communes_cut_short_are_not_a_departement(tmp_path: Path, lost: int) -> None:
    pipeline = opened(tmp_path, "")
    write_communes(pipeline, make_land().territory.in_departement("00").iloc[lost:])
    with pytest.raises(SlotRefused, match="ne sont pas celles du code officiel"):
        communes_of(pipeline, SLOT)


def test_communes_of_another_year_are_not_those_in_force(tmp_path: Path) -> None:
    pipeline = opened(tmp_path, "")
    rows = make_land().territory.communes.drop(columns="postcodes").assign(vintage="1999")
    pipeline.warehouse.replace("communes", {}, rows)
    with pytest.raises(SlotRefused, match="ne sont pas celles du code officiel"):
        communes_of(pipeline, SLOT)


def test_communes_half_of_which_have_no_point_are_refused_unless_points_are_declared_absent(tmp_path: Path) -> None:
    communes = make_land().territory.communes
    communes = communes.assign(longitude=communes["longitude"].where(communes.index % 2 == 0))
    for sources, refused in (('communes = "points.csv"', True), ('communes = ""', False)):
        folder = tmp_path / str(refused)
        folder.mkdir()
        pipeline = opened(folder, sources)
        write_communes(pipeline, communes)
        if refused:
            with pytest.raises(SlotRefused, match="n’ont pas de point"):
                communes_of(pipeline, SLOT)
        else:
            assert len(communes_of(pipeline, SLOT)) == len(pipeline.territory.insees_of("00"))


def test_a_source_given_elsewhere_and_missing_on_this_machine_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SlotRefused, match=r"Contours des communes.*sur cette machine"):
        require(opened(tmp_path, 'contours = "gone.parquet"'), "contours")


def test_a_source_that_was_taken_and_whose_snapshot_is_missing_here_is_refused(tmp_path: Path) -> None:
    pipeline = opened(tmp_path, 'contours = "https://nulle-part.example/contours"')
    require(pipeline, "contours")  # never good: its absence was said when it was asked for
    card = {"source": "contours", "as_of": "2022-11-01", "sha256": "x", "path": "p", "rows": 3, "fetched_at": "now"}
    pipeline.warehouse.upsert("snapshots", pd.DataFrame([card]))
    with pytest.raises(SlotRefused, match=r"Contours des communes.*sur cette machine"):
        require(pipeline, "contours")


def test_a_source_declared_absent_is_no_obstacle(tmp_path: Path) -> None:
    require(opened(tmp_path, 'contours = ""'), "contours")
