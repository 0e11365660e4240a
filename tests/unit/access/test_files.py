"""The files of ``fs-pipeline access``: exact columns out, and the cell at fault named in French."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from fs_pipeline.access.files import TIME_COLUMNS, UnusableInput, compute_files
from fs_pipeline.reading_progress import ReadingProgress

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


def test_what_was_computed_is_said_in_one_line(files):
    places, demand, out = files(places=PLACES + "p3,caf,,\n")
    assert (
        compute_files(places, demand, out)
        == "2 points de départ, 2 lieux situés sur 3, 2 temps calculés sur 4 demandés"
    )


@pytest.mark.parametrize(
    ("longitude", "latitude", "population"),
    [("180", "90", "0"), ("-180", "-90", "1000000000"), (" 2,5 ", "48.0", ""), ("", "", "3")],
)
def test_what_is_within_its_bounds_or_not_given_is_taken(files, longitude, latitude, population):
    row = f'd1,"{longitude}","{latitude}",{population}\n'
    places, demand, out = files(demand=f"id,longitude,latitude,population\n{row}")
    assert compute_files(places, demand, out).startswith("1 points de départ, 2 lieux situés sur 2, ")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("d2,180.1,48,3", "colonne longitude\u00a0: « 180.1 » n’est pas un nombre de degrés entre −180 et 180"),
        ("d2,-180.1,48,3", "colonne longitude\u00a0: « -180.1 » n’est pas un nombre de degrés entre −180 et 180"),
        ("d2,2,-90.1,3", "colonne latitude\u00a0: « -90.1 » n’est pas un nombre de degrés entre −90 et 90"),
        ("d2,2,48,1e10", "colonne population\u00a0: « 1e10 » n’est pas un nombre d’habitants, positif ou nul"),
        (f"d2,2,{'x' * 40},3", f"colonne latitude\u00a0: « {'x' * 30} » n’est pas un nombre de degrés entre −90 et 90"),
        (",2,48,3", "colonne id\u00a0: valeur absente"),
        ("d2,2,,3", "longitude et latitude vont ensemble, une seule est donnée"),
        ("d1,2,48,3", "colonne id\u00a0: ce point de départ figure déjà plus haut"),
    ],
)
def test_what_is_wrong_with_a_cell_is_said_whole(files, row, said):
    places, demand, out = files(demand=f"id,longitude,latitude,population\nd1,2,48,3\n{row}\n")
    with pytest.raises(UnusableInput) as refusal:
        compute_files(places, demand, out)
    assert str(refusal.value) in {f"demand.csv, ligne 3, {said}", f"demand.csv, ligne 3\u00a0: {said}"}


def test_a_file_that_is_no_list_is_said_to_be_none(files, tmp_path):
    for content, said in (
        ("", "fichier vide"),
        ("id,longitude,latitude,population\n", "aucune ligne sous l’en-tête"),
        (
            "id,longitude\nd1,2\n",
            "colonne absente\u00a0: latitude, population (attendu id, longitude, latitude, population)",
        ),
        (
            "id,longitude,latitude,population\nd1,2,48,3,4,5\n",
            "ce n’est pas un CSV (nombre de colonnes variable\u202f?)",
        ),
    ):
        places, demand, out = files(demand=content)
        with pytest.raises(UnusableInput) as refusal:
            compute_files(places, demand, out)
        assert str(refusal.value) == f"demand.csv\u00a0: {said}"
    with pytest.raises(UnusableInput) as refusal:
        compute_files(tmp_path / "absent.csv", demand, out)
    assert str(refusal.value) == "absent.csv\u00a0: lecture impossible (No such file or directory)"


def test_a_result_that_cannot_be_written_is_said(files, tmp_path):
    places, demand, _ = files()
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(UnusableInput, match=r"times.parquet\u00a0: écriture impossible \("):
        compute_files(places, demand, tmp_path / "taken" / "times.parquet")


def test_minutes_of_the_file_are_by_road_where_roads_are_given(files, tmp_path):
    from tests.unit.roads.test_roads import PRIMARY, STEP, osm

    (tmp_path / "x.osm").write_text(osm(("w", "abc", PRIMARY)), encoding="utf-8")
    places, demand, out = files(
        places=f"id,service,longitude,latitude\np,s,{STEP},0\n",
        demand=f"id,longitude,latitude,population\nd,{2 * STEP},0,1\n",
    )
    compute_files(places, demand, out, roads=tmp_path / "x.osm", cache_dir=tmp_path / "cache")
    (row,) = pd.read_parquet(out).to_dict("records")
    assert (row["method"], row["reached"], row["place_id"]) == ("road", True, "p")
    assert any((tmp_path / "cache").iterdir())


def test_roads_of_another_country_are_refused_with_what_each_file_spans(tmp_path, real_data):
    (tmp_path / "p.csv").write_text("id,service,longitude,latitude\np,s,2.0,48.0\n", encoding="utf-8")
    (tmp_path / "d.csv").write_text("id,longitude,latitude,population\nd,2.1,48.1,1\n", encoding="utf-8")
    roads = real_data / "roads" / "andorra.osm.pbf"
    with pytest.raises(
        UnusableInput, match=r"routes d’ailleurs .*de 1,42 à 1,73° de longitude.*Prendre l’extrait du bon"
    ):
        compute_files(tmp_path / "p.csv", tmp_path / "d.csv", tmp_path / "t.parquet", roads=roads)
    assert not (tmp_path / "t.parquet").exists()


def test_a_long_reading_is_told_and_a_short_one_is_not(monkeypatch):
    now = [0.0]
    monkeypatch.setattr("fs_pipeline.reading_progress.time.perf_counter", lambda: now[0])
    said = io.StringIO()
    tell = ReadingProgress(said, "france.osm.pbf")
    for now[0], share in ((1.0, 0.1), (2.5, 0.25), (2.6, 0.26), (4.6, 0.46)):
        tell("routes", share)
    assert said.getvalue().replace("\u202f", " ").replace("\u00a0", " ").splitlines() == [
        "… france.osm.pbf : routes, 25 %",
        "… france.osm.pbf : routes, 46 %",
    ]
