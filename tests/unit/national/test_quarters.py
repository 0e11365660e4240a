"""Priority quarters as published: by codes or by names of communes, as a list or drawn; none is dropped unsaid."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from fs_pipeline.http.problems import ChangedSource, EmptySource, UnreadableSource
from fs_pipeline.national.quarters import QUARTER_COLUMNS, place_quarters, read_quarters, unplaced_quarters
from fs_pipeline.territory.model import Territory
from fs_pipeline.territory.shipped import load_territory


@pytest.fixture(scope="module")
def territory() -> Territory:
    return load_territory()


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "qpv.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_quarter_on_two_communes_is_on_both(tmp_path, territory):
    path = written(
        tmp_path, "code_qp;lib_qp;insee_com;pop\nQN00101M;Les Vennes;01053;2400\nQN09301M;Le Clos;93001, 93005;3000\n"
    )
    quarters = read_quarters(path)
    assert list(quarters.columns) == list(QUARTER_COLUMNS)
    placed = place_quarters(quarters, territory)
    assert placed["insee"].tolist() == ["01053", "93001", "93005"]
    assert placed["population"].tolist() == [2400, 1500, 1500]
    assert unplaced_quarters(placed) is None
    assert unplaced_quarters(None) is None


def test_names_are_looked_for_in_the_departement_of_the_quarter(tmp_path, territory):
    """Saint-Denis is in nine départements."""
    path = written(
        tmp_path,
        "code_qp,nom_qp,nom_commune,pop_mun\n"
        "QP974001,Le Chaudron,Saint-Denis,9000\nQP093025,Franc-Moisin,Saint-Denis,8000\n"
        'QP065003,Laubadère,"Séméac, Tarbes",3000\nQP02A001,Les Jardins,AJACCIO,4000\n',
    )
    placed = place_quarters(read_quarters(path), territory)
    assert placed["insee"].tolist() == ["97411", "93066", "65417", "65440", "2A004"]
    assert placed["population"].tolist() == [9000, 8000, 1500, 1500, 4000]


def test_two_arrondissements_are_one_commune(tmp_path, territory):
    path = written(tmp_path, "code_qp;lib_qp;insee_com;pop\nQN01301M;La Rose;13213,13214;5000\n")
    assert place_quarters(read_quarters(path), territory).to_dict("records") == [
        {"quarter_id": "QN01301M", "name": "La Rose", "insee": "13055", "population": 5000}
    ]


def test_a_quarter_on_no_known_commune_is_kept_counted_and_told(tmp_path, territory):
    path = written(
        tmp_path,
        "code_qp;lib_qp;insee_com;lib_com;pop\n"
        "QN00101M;Les Vennes;01053;;2400\nQN00102M;Ailleurs;01999;Nulle-Part;100\nQN00103M;Sans;;;50\n",
    )
    placed = place_quarters(read_quarters(path), territory)
    assert placed["insee"].tolist() == ["01053", None, None]
    assert placed["population"].sum() == 2550
    told = unplaced_quarters(placed)
    assert "2\u00a0quartiers sur aucune commune connue, dont QN00102M (Ailleurs), QN00103M (Sans)" in told
    assert "À faire" in told


@pytest.mark.parametrize(
    ("text", "problem", "told"),
    [
        ("code_qp;lib_qp;pop\nQN00101M;Les Vennes;2400\n", ChangedSource, "commune des quartiers.*insee_com"),
        ("quartier;insee_com\nLes Vennes;01053\n", ChangedSource, "code_qp"),
        ("code_qp;insee_com\n;01053\n", EmptySource, "aucun quartier"),
    ],
)
def test_a_list_that_says_too_little_is_refused_and_told_why(tmp_path, text, problem, told):
    with pytest.raises(problem, match=told):
        read_quarters(written(tmp_path, text))


def test_an_archive_without_a_list_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "qpv.zip", "w") as file:
        file.writestr("lisez-moi.txt", "notes")
    with pytest.raises(UnreadableSource, match=r"qpv\.zip"):
        read_quarters(tmp_path / "qpv.zip")


def test_a_quarter_drawn_without_a_commune_in_a_geojson_is_refused_not_broken(tmp_path):
    drawn = {"type": "Polygon", "coordinates": [[[5.2, 46.2], [5.3, 46.2], [5.3, 46.3], [5.2, 46.2]]]}
    feature = {"type": "Feature", "properties": {"code_qp": "QN00101M"}, "geometry": drawn}
    path = tmp_path / "qpv.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    with pytest.raises(ChangedSource, match="commune des quartiers"):
        read_quarters(path)


def test_the_real_quarters_are_the_same_by_code_and_by_name(real_data, tmp_path, territory):
    folder = real_data / "need"
    by_name = place_quarters(read_quarters(folder / "quartiers-prioritaires-occitanie.csv"), territory)
    drawn = place_quarters(read_quarters(folder / "quartiers-prioritaires-occitanie.geojson"), territory)
    assert by_name["quarter_id"].nunique() == drawn["quarter_id"].nunique() == 105
    assert unplaced_quarters(by_name) is unplaced_quarters(drawn) is None
    assert by_name["population"].sum() == 358_011
    assert drawn["population"].isna().all()  # unsaid there: unknown, and no zero
    pairs = by_name.merge(drawn, on="quarter_id", suffixes=("", "_drawn"))
    differing = pairs[pairs["insee"] != pairs["insee_drawn"]]
    assert differing["quarter_id"].nunique() <= 1  # the one on two communes, of which the drawn one names one


@pytest.mark.parametrize("form", ["qpv.gpkg", "qpv.zip"])
def test_the_real_quarters_as_a_geopackage_and_as_a_shapefile(real_data, tmp_path, territory, form):
    source = real_data / "need" / "quartiers-prioritaires-occitanie.geojson"
    layer = gpd.read_file(source)
    if form == "qpv.gpkg":
        layer.to_file(tmp_path / form, driver="GPKG")
    else:
        (tmp_path / "shp").mkdir()
        # A shapefile's names have ten characters at most.
        short = {"code_commune": "insee_com", "nom_commune": "lib_com", "code_departement": "dep"}
        layer.rename(columns=short).drop(columns="commune_qp").to_file(tmp_path / "shp" / "qpv.shp")
        with zipfile.ZipFile(tmp_path / form, "w") as archive:
            for part in (tmp_path / "shp").iterdir():
                archive.write(part, part.name)
    plain = place_quarters(read_quarters(source), territory)
    pd.testing.assert_frame_equal(place_quarters(read_quarters(tmp_path / form), territory), plain, check_dtype=False)
