"""Layers hold every place and commune, in degrees, and give the same bytes for the same rows."""

import io

import geopandas as gpd
import pandas as pd
import pytest

from fs_pipeline.cartography.layers import Layers, geoparquet, minutes_class, place_role
from fs_pipeline.coverage.thresholds import Thresholds
from tests.unit.briefing.sample import tiny_contours, tiny_tables


def drawn(**changes: object) -> dict[str, gpd.GeoDataFrame]:
    tables = tiny_tables(**changes)
    return Layers(
        tables.places, tables.communes, tables.int_commune_minutes, tables.thresholds, tiny_contours(), tables.coverage
    )


def test_a_place_without_a_point_is_in_the_layer_all_the_same() -> None:
    tables = tiny_tables()
    places = tables.places.assign(latitude=[None, *tables.places["latitude"][1:]])
    layer = drawn(places=places)["places"]
    assert len(layer) == len(places)
    assert layer.geometry.isna().sum() == 1


def test_a_commune_has_its_minutes_its_class_and_its_counts_of_verdicts() -> None:
    layer = drawn()["communes"].set_index("insee")
    near, far = layer[layer["minutes"] <= 20], layer[layer["minutes"] > 30]
    assert len(near)
    assert set(near["minutes_class"]) == {"0-20"}
    assert set(far["minutes_class"]) <= {"30+"}
    assert (near["confirmed_near"] == 27).all()


def test_layers_read_back_as_geoparquet_in_degrees() -> None:
    communes = gpd.read_parquet(io.BytesIO(geoparquet(drawn()["communes"])))
    assert communes.crs.to_epsg() == 4326
    assert set(communes.geom_type) == {"Polygon"}
    assert len(communes) == 12


def test_the_order_of_rows_changes_no_byte() -> None:
    tables = tiny_tables()
    turned = Layers(
        tables.places.iloc[::-1],
        tables.communes.iloc[::-1],
        tables.int_commune_minutes,
        tables.thresholds,
        tiny_contours(),
        tables.coverage,
    )
    for name, layer in drawn().items():
        assert geoparquet(turned[name]) == geoparquet(layer)


def test_a_merged_commune_gathers_the_contours_of_those_it_was_made_of() -> None:
    # Val-de-Livenne (33380) took in Saint-Caprais-de-Blaye (33380) and Marcillac (33267) in 2019.
    import shapely

    from fs_pipeline.territory.shipped import load_territory

    assert load_territory().current_insee("33267") != "33267"
    current = load_territory().current_insee("33267")
    communes = pd.DataFrame([{"insee": current, "name": "x", "population": 1.0, "longitude": 0.0, "latitude": 45.0}])
    halves = gpd.GeoDataFrame(
        {"insee": ["33267", current]}, geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], crs=4326
    ).rename_geometry("geometry_4326")
    layer = Layers(pd.DataFrame(), communes, pd.DataFrame(), Thresholds(20, 30), halves)["communes"]
    assert layer.geometry.iloc[0].equals(shapely.box(0, 0, 2, 1))


def test_classes_and_roles() -> None:
    assert [minutes_class(value, Thresholds(15, 30)) for value in (15.0, 15.1, 30.0, 31.0, None)] == [
        "near", "between", "between", "far", "not_computed",
    ]  # fmt: skip
    assert place_role("mairie", "fixed", in_france_services=False) == "other"
    assert place_role("france_services", "antenne", in_france_services=False) == "antenne"
    assert place_role("france_services", "multi_site", in_france_services=True) == "fixed"


def test_contours_that_overlap_by_a_hair_are_put_together_all_the_same() -> None:
    import shapely

    from fs_pipeline.cartography.projected import together

    exact = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]
    crossed = [shapely.box(0, 0, 2, 2), shapely.Polygon([(0, 0), (2, 0), (1, 3)])]
    with pytest.raises(shapely.errors.GEOSException):
        shapely.coverage_union_all(crossed)
    assert together(exact).area == pytest.approx(2)
    assert together(crossed).area == pytest.approx(shapely.union_all(crossed).area)
