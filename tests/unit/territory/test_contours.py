"""Contours and points from a reference source."""

from __future__ import annotations

import json

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from fs_pipeline.territory.contours import read_contours, read_points
from fs_pipeline.territory.shipped import load_territory


def test_contours_of_some_departements_are_read_in_degrees_from_any_projection(tmp_path):
    source = gpd.GeoDataFrame(
        {"INSEE_COM": ["33063", "97411"]}, geometry=[box(-0.6, 44.8, -0.5, 44.9), box(55.4, -21, 55.5, -20.9)], crs=4326
    )
    source.to_crs(3857).to_file(tmp_path / "contours.gpkg")
    contours = read_contours(tmp_path / "contours.gpkg", ["974"])
    assert contours["insee"].tolist() == ["97411"]
    assert contours.crs.to_epsg() == 4326
    assert contours.geometry.name == "geometry_4326"
    assert contours.total_bounds == pytest.approx([55.4, -21, 55.5, -20.9])


def test_a_file_without_commune_codes_is_refused_saying_which_columns_were_looked_for(tmp_path):
    pd.DataFrame({"nom": ["Bordeaux"]}).to_csv(tmp_path / "points.csv")
    with pytest.raises(ValueError, match=r"points\.csv.*insee"):
        read_points(str(tmp_path / "points.csv"))


@pytest.mark.data
def test_the_reference_points_locate_nearly_all_communes(real_data):
    points = read_points(str(real_data / "reference" / "communes-cog-2026.csv.gz"))
    located = load_territory().with_points(points).communes
    assert located["longitude"].isna().sum() < 120
    assert located[located["departement"] == "33"]["longitude"].notna().all()


def test_points_are_read_from_geo_api_gouv_fr_in_both_its_forms(tmp_path):
    point = {"type": "Point", "coordinates": [5.2, 46.2]}
    records = [{"code": "01053", "nom": "Bourg-en-Bresse", "centre": point}, {"code": "01004", "nom": "Sans point"}]
    feature = {"type": "Feature", "properties": {"code": "01053"}, "geometry": point}
    for document in (records, {"type": "FeatureCollection", "features": [feature]}):
        path = tmp_path / "communes"
        path.write_text(json.dumps(document))
        assert read_points(path).to_dict("records") == [{"insee": "01053", "longitude": 5.2, "latitude": 46.2}]
