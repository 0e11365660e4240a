"""The files of ``fs-pipeline access``: exact columns out, and the cell at fault named in French."""

from __future__ import annotations

import pandas as pd
import pytest

from fs_pipeline.access.files import TIME_COLUMNS, UnusableInput, compute_files

PLACES = "id,service,longitude,latitude\np1,caf,2.35,48.85\np2,impots,2.40,48.90\n"
DEMAND = "id,longitude,latitude,population\nd1,2.30,48.80,1200\nd2,,,50\n"


@pytest.fixture
def files(tmp_path):
    def write(places=PLACES, demand=DEMAND):
        (tmp_path / "places.csv").write_text(places, encoding="utf-8")
        (tmp_path / "demand.csv").write_text(demand, encoding="utf-8")
        return tmp_path / "places.csv", tmp_path / "demand.csv", tmp_path / "out" / "times.parquet"

    return write


def test_the_parquet_holds_exactly_the_columns_of_the_contract(files):
    places, demand, out = files()
    compute_files(places, demand, out)
    times = pd.read_parquet(out)
    assert list(times.columns) == TIME_COLUMNS
    assert len(times) == 4
    assert set(times["method"]) == {"estimated", "not_computed"}


def test_semicolons_a_bom_and_decimal_commas_are_read(files):
    places, demand, out = files(demand="\ufeffid;longitude;latitude;population\nd1;2,30;48,80;1200\n")
    assert compute_files(places, demand, out).startswith("1 points de départ")


@pytest.mark.parametrize(
    ("demand", "said"),
    [
        ("id,longitude,latitude\nd1,2,48\n", "colonne absente\u00a0: population"),
        ("id,longitude,latitude,population\nd1,2.3,abc,3\n", "demand.csv, ligne 2, colonne latitude\u00a0: « abc »"),
        ("id,longitude,latitude,population\nd1,2.3,48.8,3\nd2,2.3,148.8,3\n", "ligne 3, colonne latitude"),
        ("id,longitude,latitude,population\nd1,2.3,48.8,-3\n", "colonne population"),
        ("id,longitude,latitude,population\nd1,2.3,,3\n", "une seule est donnée"),
        ("id,longitude,latitude,population\n,2.3,48.8,3\n", "colonne id\u00a0: valeur absente"),
        ("id,longitude,latitude,population\nd1,2,48,3\nd1,2,48,3\n", "ligne 3, colonne id"),
        ("id,longitude,latitude,population\n", "aucune ligne"),
        ("", "fichier vide"),
    ],
)
def test_the_cell_at_fault_is_named(files, demand, said):
    places, demand_path, out = files(demand=demand)
    with pytest.raises(UnusableInput) as refusal:
        compute_files(places, demand_path, out)
    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert not out.exists()


def test_an_absent_road_file_is_said_in_one_line(files, tmp_path):
    places, demand, out = files()
    with pytest.raises(UnusableInput, match="introuvable"):
        compute_files(places, demand, out, roads=tmp_path / "absent.osm.pbf")


def test_a_header_or_an_id_with_signs_that_nobody_sees_is_found(files):
    places, demand, out = files(demand="id\u200b,longitude\u00a0,latitude,population\nd\u00ad1,2.30,48.80,1200\n")
    compute_files(places, demand, out)
    assert set(pd.read_parquet(out)["demand_id"]) == {"d1"}
