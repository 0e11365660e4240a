"""Squares, quarters and fragility as they are published; what a source does not say stays unknown."""

from __future__ import annotations

import zipfile

import pandas as pd
import pytest

from fs_pipeline.http.problems import ChangedSource, UnreadableSource
from fs_pipeline.national.need import (
    SQUARE_COLUMNS,
    need_of_communes,
    read_fragility,
    read_quarters,
    read_squares,
)
from fs_pipeline.territory.shipped import load_territory
from fs_pipeline.warehouse.declared import declaration

# The head of INSEE's file of 2019, three squares of it invented: Bourg-en-Bresse, Saint-Denis (974), and one on two communes.
FILOSOFI_2019 = """\
idcar_200m,idcar_1km,idcar_nat,i_est_200,i_est_1km,lcog_geo,ind,men,men_pauv,men_1ind,men_5ind,men_prop,men_fmp,ind_snv,men_surf,men_coll,men_mais,log_av45,log_45_70,log_70_90,log_ap90,log_inc,log_soc,ind_0_3,ind_4_5,ind_6_10,ind_11_17,ind_18_24,ind_25_39,ind_40_54,ind_55_64,ind_65_79,ind_80p,ind_inc
CRS3035RES200mN2577000E3950400,CRS3035RES1000mN2577000E3950000,CRS3035RES200mN2577000E3950400,0,0,01053,120.5,60,12.5,20,3,30,5,2500000.1,5000,40,20,10,20,20,5,5,8,5,3,7,9,10,25,22,14,15,8.5,2
CRS2975RES200mN7688000E338000,CRS2975RES1000mN7688000E338000,CRS2975RES200mN7688000E338000,1,0,97411,80,30,15,5,4,10,6,1000000,2500,20,10,0,10,10,10,0,9,6,4,8,10,9,15,12,8,5,3,0
CRS3035RES200mN2577200E3950400,CRS3035RES1000mN2577000E3950000,CRS3035RES200mN2577200E3950400,0,0,0105301344,40,20,2,8,1,15,1,900000,1900,0,20,5,5,5,5,0,0,1,1,2,3,4,6,7,6,7,3,0
"""


@pytest.fixture
def squares_file(tmp_path):
    path = tmp_path / "Filosofi2019_carreaux_200m_met.csv"
    path.write_text(FILOSOFI_2019, encoding="utf-8")
    return path


def test_squares_are_read_as_insee_publishes_them(squares_file):
    squares = read_squares(squares_file)
    assert list(squares.columns) == list(SQUARE_COLUMNS)
    first, reunion, shared = squares.to_dict("records")
    assert (first["population"], first["poor_households"], first["under_18"], first["aged_65"]) == (
        120.5,
        12.5,
        24,
        23.5,
    )
    assert first["insee"] == shared["insee"] == "01053"
    assert [row["imputed"] for row in (first, reunion, shared)] == [False, True, False]


def test_a_square_s_middle_is_found_in_its_own_projection(squares_file):
    first, reunion, shared = read_squares(squares_file).to_dict("records")
    assert (first["longitude"], first["latitude"]) == pytest.approx((5.2, 46.2), abs=0.3)
    assert (reunion["longitude"], reunion["latitude"]) == pytest.approx((55.45, -20.9), abs=0.05)
    assert (shared["latitude"] - first["latitude"]) * 111_195 == pytest.approx(200, abs=3)


def test_the_same_squares_in_a_zip_a_parquet_and_a_geopackage(squares_file, tmp_path):
    plain = read_squares(squares_file)
    archive = tmp_path / "carreaux.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.write(squares_file, squares_file.name)
        file.writestr("lisez-moi.txt", "notes")
    table = pd.read_csv(squares_file, dtype={"lcog_geo": str})
    table.to_parquet(tmp_path / "carreaux.parquet")
    import geopandas as gpd
    from shapely.geometry import Point

    layer = gpd.GeoDataFrame(table, geometry=[Point(0, 0)] * len(table), crs=3035)
    layer.to_file(tmp_path / "carreaux.gpkg", driver="GPKG")
    for name in ("carreaux.zip", "carreaux.parquet", "carreaux.gpkg"):
        pd.testing.assert_frame_equal(read_squares(tmp_path / name), plain, check_dtype=False)


def test_the_square_kilometres_of_2015_have_other_names(tmp_path):
    path = tmp_path / "2015.csv"
    path.write_text(
        "IdINSPIRE;Depcom;I_est_cr;Ind;Men;Men_pauv;Ind_0_3;Ind_4_5;Ind_6_10;Ind_11_17;Ind_65_79;Ind_80p\n"
        "CRS3035RES1000mN2577000E3950000;01053;0;310,5;120;14,5;10;6;14;20;40;12\n"
    )
    (square,) = read_squares(path).to_dict("records")
    assert (square["population"], square["aged_80"], square["under_18"]) == (310.5, 12, 50)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("idcar_200m,men\nCRS3035RES200mN2577000E3950400,3\n", ChangedSource),
        ("idcar_200m,ind\nSOMEWHERE,3\n", UnreadableSource),
        ("\x00\x01\x02", UnreadableSource),
    ],
)
def test_a_file_that_is_no_grid_is_refused(tmp_path, content, problem):
    path = tmp_path / "x.csv"
    path.write_text(content)
    with pytest.raises((problem, ChangedSource)):
        read_squares(path)


def test_a_quarter_on_two_communes_is_on_both(tmp_path):
    path = tmp_path / "qpv.csv"
    path.write_text(
        "code_qp;lib_qp;insee_com;pop\nQN00101M;Les Vennes;01053;2400\nQN09301M;Le Clos;93001, 93005;3000\n"
    )
    quarters = read_quarters(path)
    assert list(quarters["insee"]) == ["01053", "93001", "93005"]
    assert list(quarters["population"]) == [2400, 1500, 1500]


def test_need_is_summed_by_current_commune_and_absent_sources_stay_unknown(squares_file, tmp_path):
    path = tmp_path / "ifn.csv"
    path.write_text("code_commune,score\n01053,112.4\n01344,98\n")
    territory = load_territory()
    found = need_of_communes(territory, read_squares(squares_file), None, read_fragility(path)).set_index("insee")
    assert list(found.reset_index().columns) == list(declaration("commune_need").names)
    assert found.loc["01053", "squares_population"] == 160.5
    assert found.loc["01053", "poor_households"] == 14.5
    assert found.loc["01053", "fragility_index"] == 112.4
    assert found["quarters"].isna().all()
    assert pd.isna(found.loc["97411", "fragility_index"])
    assert need_of_communes(territory, None, None, None).empty
