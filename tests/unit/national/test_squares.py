"""INSEE's squares as they are published, whatever the vintage and the form; what cannot be placed is counted and told."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from fs_pipeline.http.problems import ChangedSource, UnreadableSource
from fs_pipeline.national.squares import (
    SQUARE_COLUMNS,
    place_squares,
    placed_inhabitants,
    read_squares,
    unplaced_squares,
)
from fs_pipeline.territory.contours import read_contours
from fs_pipeline.territory.model import Territory
from fs_pipeline.territory.shipped import load_territory

# The head of INSEE's file of 2019, three squares of it invented: Bourg-en-Bresse, Saint-Denis (974), and one on two communes.
FILOSOFI_2019 = """\
idcar_200m,idcar_1km,idcar_nat,i_est_200,i_est_1km,lcog_geo,ind,men,men_pauv,men_1ind,men_5ind,men_prop,men_fmp,ind_snv,men_surf,men_coll,men_mais,log_av45,log_45_70,log_70_90,log_ap90,log_inc,log_soc,ind_0_3,ind_4_5,ind_6_10,ind_11_17,ind_18_24,ind_25_39,ind_40_54,ind_55_64,ind_65_79,ind_80p,ind_inc
CRS3035RES200mN2577000E3950400,CRS3035RES1000mN2577000E3950000,CRS3035RES200mN2577000E3950400,0,0,01053,120.5,60,12.5,20,3,30,5,2500000.1,5000,40,20,10,20,20,5,5,8,5,3,7,9,10,25,22,14,15,8.5,2
CRS2975RES200mN7688000E338000,CRS2975RES1000mN7688000E338000,CRS2975RES200mN7688000E338000,1,0,97411,80,30,15,5,4,10,6,1000000,2500,20,10,0,10,10,10,0,9,6,4,8,10,9,15,12,8,5,3,0
CRS3035RES200mN2577200E3950400,CRS3035RES1000mN2577000E3950000,CRS3035RES200mN2577200E3950400,0,0,0105301344,40,20,2,8,1,15,1,900000,1900,0,20,5,5,5,5,0,0,1,1,2,3,4,6,7,6,7,3,0
"""
# INSEE's names of the 1 km squares of 2019, by those of 2015 and 2017
NAMES_OF_2019 = {"id_carr1km": "idcar_1km"}


@pytest.fixture
def squares_file(tmp_path: Path) -> Path:
    path = tmp_path / "Filosofi2019_carreaux_200m_met.csv"
    path.write_text(FILOSOFI_2019, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def territory() -> Territory:
    return load_territory()


@pytest.fixture(scope="module")
def corsica(real_data: Path) -> gpd.GeoDataFrame:
    return read_contours(real_data / "reference" / "communes-contours-2018.parquet", ["2A", "2B"])


def write_like_2015(path: Path, *rows: str) -> Path:
    """Squares as INSEE writes those of 1 km of 2015: no column says their commune."""
    path.write_text("\n".join(("Id_carr1km,Ind,Men,Men_pauv,I_est_1km", *rows)) + "\n", encoding="utf-8")
    return path


def some_contours(crs: int, **boxes: tuple[float, float, float, float]) -> gpd.GeoDataFrame:
    """Rectangles in a projection, by commune."""
    shapes = gpd.GeoSeries([box(*corners) for corners in boxes.values()], crs=crs).to_crs(4326)
    return gpd.GeoDataFrame({"insee": [code.strip("_") for code in boxes], "geometry_4326": shapes}).set_geometry(
        "geometry_4326"
    )


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


def test_the_same_squares_whatever_holds_them(squares_file, tmp_path):
    plain = read_squares(squares_file)
    with zipfile.ZipFile(tmp_path / "carreaux.zip", "w") as file:
        file.write(squares_file, squares_file.name)
        file.writestr("lisez-moi.txt", "notes")
    lines = FILOSOFI_2019.splitlines(keepends=True)
    with zipfile.ZipFile(tmp_path / "territoires.zip", "w") as file:  # one file a territory, as INSEE packs them
        file.writestr("carreaux_met.csv", lines[0] + lines[1])
        file.writestr("carreaux_reun.csv", lines[0] + lines[2] + lines[3])
    (tmp_path / "carreaux.csv.gz").write_bytes(gzip.compress(squares_file.read_bytes()))
    table = pd.read_csv(squares_file, dtype={"lcog_geo": str})
    table.to_parquet(tmp_path / "carreaux.parquet")
    layer = gpd.GeoDataFrame(table, geometry=[box(0, 0, 1, 1)] * len(table), crs=3035)
    layer.to_file(tmp_path / "carreaux.gpkg", driver="GPKG")
    with zipfile.ZipFile(tmp_path / "gpkg.zip", "w") as file:
        file.write(tmp_path / "carreaux.gpkg", "dossier/carreaux.gpkg")
    packed = ("carreaux.zip", "territoires.zip", "carreaux.csv.gz", "carreaux.parquet", "carreaux.gpkg", "gpkg.zip")
    for name in packed:
        pd.testing.assert_frame_equal(read_squares(tmp_path / name), plain, check_dtype=False)


def test_the_200_metre_squares_of_2015_have_other_names(tmp_path):
    path = tmp_path / "2015.csv"
    path.write_text(
        "IdINSPIRE;Id_carr1km;Depcom;I_est_cr;Ind;Men;Men_pauv;Ind_0_3;Ind_4_5;Ind_6_10;Ind_11_17;Ind_65_79;Ind_80p\n"
        "CRS3035RES200mN2577000E3950000;CRS3035RES1000mN2577000E3950000;01053;0;310,5;120;14,5;10;6;14;20;40;12\n"
    )
    (square,) = read_squares(path).to_dict("records")
    assert (square["insee"], square["population"], square["aged_80"], square["under_18"]) == ("01053", 310.5, 12, 50)
    assert "RES200m" in square["square_id"]


def test_a_square_without_a_code_is_placed_by_its_middle(tmp_path, territory):
    path = write_like_2015(
        tmp_path / "2015.csv",
        "CRS3035RES1000mN2577000E3950000,100,40,4,0",  # its middle is in the first, most of its south in the second
        "CRS3035RES1000mN2578000E3952000,50,20,2,0",  # its middle 400 m off the coast of the first
        "CRS3035RES1000mN2590000E3950000,7,3,1,0",  # nowhere near
    )
    contours = some_contours(
        3035,
        _01053=(3_940_000, 2_577_300, 3_952_100, 2_580_000),
        _01344=(3_940_000, 2_570_000, 3_952_100, 2_577_300),
    )
    squares = read_squares(path)
    assert squares["insee"].tolist() == [None, None, None]
    placed = place_squares(squares, territory, contours)
    assert placed["insee"].tolist() == ["01053", "01053", None]
    told = unplaced_squares(placed)
    assert "1\u00a0carreau (7\u00a0habitants)" in told
    assert "CRS3035RES1000mN2590000E3950000" in told
    assert "À faire" in told
    points = placed_inhabitants(placed)
    assert list(points.columns) == ["id", "insee", "longitude", "latitude", "population"]
    assert points["population"].tolist() == [100, 50]


def test_a_square_overseas_is_placed_in_its_own_projection(tmp_path, territory):
    path = write_like_2015(tmp_path / "2015.csv", "CRS2975RES1000mN7688000E338000,80,30,15,0")
    contours = some_contours(2975, _97411=(338_000, 7_688_000, 339_000, 7_689_000))
    assert place_squares(read_squares(path), territory, contours)["insee"].tolist() == ["97411"]


def test_a_merged_commune_s_squares_are_in_the_one_of_today(squares_file, territory):
    squares = read_squares(squares_file).head(1)
    old = territory.former[territory.former["kind"] == "commune_deleguee"].iloc[0]
    point = territory.communes.set_index("insee").loc[old["current_insee"]]
    there = squares.assign(insee=old["insee"], longitude=point["longitude"], latitude=point["latitude"])
    assert place_squares(there, territory, None)["insee"].tolist() == [old["current_insee"]]


def test_a_square_far_from_its_commune_or_of_none_counts_nowhere_and_is_told(squares_file, territory):
    squares = read_squares(squares_file)
    squares.loc[1, "insee"] = "01053"  # the one of La Réunion
    squares.loc[2, "insee"] = "99999"
    placed = place_squares(squares, territory, None)
    assert placed["insee"].tolist() == ["01053", None, None]
    assert "2\u00a0carreaux (120\u00a0habitants)" in unplaced_squares(placed)
    assert unplaced_squares(placed.head(1)) is None
    assert unplaced_squares(None) is None


def test_identifiers_of_another_projection_than_they_say_are_refused(tmp_path, territory):
    """Metres of Lambert-93 under the name of Europe's grid."""
    path = tmp_path / "lambert.csv"
    path.write_text("idcar_1km,lcog_geo,ind\nCRS3035RES1000mN6570000E871000,01053,300\n")
    with pytest.raises(UnreadableSource, match=r"aucun des 1.carreau.*projection"):
        place_squares(read_squares(path), territory, None)
    (tmp_path / "bare.csv").write_text("Id_carr1km,ind\nCRS3035RES1000mN6570000E871000,300\n")
    contours = some_contours(3035, _01053=(3_940_000, 2_570_000, 3_960_000, 2_580_000))
    with pytest.raises(UnreadableSource, match=r"aucun des 1.carreau.*projection"):
        place_squares(read_squares(tmp_path / "bare.csv"), territory, contours)


def test_squares_without_codes_ask_for_the_contours(tmp_path, territory):
    path = write_like_2015(tmp_path / "2015.csv", "CRS3035RES1000mN2577000E3950000,100,40,4,0")
    with pytest.raises(UnreadableSource, match=r"1.carreau sans code de commune.*contours"):
        place_squares(read_squares(path), territory, None)


@pytest.mark.parametrize(
    ("content", "problem", "told"),
    [
        ("idcar_200m,men\nCRS3035RES200mN2577000E3950400,3\n", ChangedSource, "colonne absente.*ind"),
        ("cell_2031,persons\nCRS3035RES200mN1E1,3\n", ChangedSource, "colonnes reçues.*cell_2031, persons"),
        ("idcar_200m,ind\nSOMEWHERE,3\n", UnreadableSource, "1.identifiant.*SOMEWHERE"),
        ("idcar_200m,ind\nCRS1RES200mN2577000E3950400,3\n", UnreadableSource, "CRS1 .*n’existe pas"),
        ("idcar_200m,ind\nCRS3035RES200mN1E1,3\nCRS3035RES200mN1E1,4\n", UnreadableSource, "deux fois"),
        ("idcar_200m,ind\nCRS3035RES200mN1E1,3\nCRS3035RES1000mN1E1,4\n", UnreadableSource, "deux fois"),
        ("\x00\x01\x02", UnreadableSource, "ne peut pas être lu"),
    ],
)
def test_a_file_that_is_no_grid_is_refused_and_told_why(tmp_path, content, problem, told):
    path = tmp_path / "x.csv"
    path.write_text(content)
    with pytest.raises(problem, match=told):
        read_squares(path)


def test_an_archive_without_squares_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as file:
        file.writestr("Filosofi2019_carreaux_1km_csv.7z", b"7z\xbc\xaf\x27\x1c")
    with pytest.raises(UnreadableSource, match=r"7z est à ouvrir"):
        read_squares(tmp_path / "x.zip")


def test_the_real_squares_of_la_reunion_are_in_their_communes(real_data, territory):
    squares = read_squares(real_data / "need" / "filosofi-2017-1km-reunion.gpkg")
    placed = place_squares(squares, territory, None)
    assert (len(placed), placed["population"].sum()) == (1310, pytest.approx(873_373.5))
    assert unplaced_squares(placed) is None
    assert set(placed["insee"]) == set(territory.insees_of("974"))


def test_the_real_squares_of_corsica_of_2015_are_placed_by_contours(real_data, territory, corsica):
    squares = read_squares(real_data / "need" / "filosofi-2015-1km-corse.gpkg")
    assert squares["insee"].isna().all()
    placed = place_squares(squares, territory, corsica)
    assert (len(placed), unplaced_squares(placed)) == (2994, None)
    assert placed_inhabitants(placed)["population"].sum() == pytest.approx(270_859.0)
    assert {territory.departement_of(code) for code in placed["insee"]} == {"2A", "2B"}
    alone = place_squares(squares, territory, corsica[corsica["insee"] == "2A004"])
    assert set(alone["insee"].dropna()) == {"2A004"}
    assert alone["insee"].isna().sum() > 2900


@pytest.mark.parametrize("file", ["filosofi-2017-1km-reunion.gpkg", "filosofi-2015-1km-corse.gpkg"])
def test_the_real_squares_under_the_names_of_2019_as_csv_and_as_shapefile(real_data, tmp_path, file):
    """Not INSEE's files of 2019: those of 2017 and 2015, with its names of 2019, in lower case."""
    source = real_data / "need" / file
    layer = gpd.read_file(source).rename(columns=lambda name: NAMES_OF_2019.get(name.lower(), name.lower()))
    layer.drop(columns="geometry").to_csv(tmp_path / "carreaux_1km.csv", index=False)
    layer.to_file(tmp_path / "carreaux_1km.shp")
    with zipfile.ZipFile(tmp_path / "shp.zip", "w") as archive:
        for part in tmp_path.glob("carreaux_1km.[sdpc][hbrp]*"):
            archive.write(part, part.name)
    plain = read_squares(source)
    for name in ("carreaux_1km.csv", "carreaux_1km.shp", "shp.zip"):
        pd.testing.assert_frame_equal(read_squares(tmp_path / name), plain, check_dtype=False)
