"""From INSEE's file to the gaps and the method card; and without it, « non calculé » and never 0."""

from __future__ import annotations

import datetime as dt

import dagster as dg
import pandas as pd
import pytest

from fs_pipeline.access.demand import demand_points
from fs_pipeline.access.minutes import minutes_to_nearest
from fs_pipeline.access.services import FRANCE_SERVICES, SERVICE_COLUMNS
from fs_pipeline.access.spread import with_reach
from fs_pipeline.assets import keys
from fs_pipeline.assets.need import halls_of, need, squares_of
from fs_pipeline.assets.reference import reference_assets
from fs_pipeline.coverage.slot_inputs import SlotInputs
from fs_pipeline.coverage.slot_tables import slot_tables
from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.rehearsal.land import make_land
from fs_pipeline.rehearsal.sources import write_sources
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings
from fs_pipeline.territory.projection import to_projected
from tests.rows import of_communes

NO_ROUNDS = pd.DataFrame(
    columns=["round", "stop", "insee", "latitude", "longitude", "weekday", "week_parity", "opening_hours"]
)
NO_STATEMENTS = pd.DataFrame(columns=["place_id", "demarche_id", "appointment", "opening_hours"])


def squares_csv(communes: pd.DataFrame) -> str:
    """Two squares a commune, at its point and 8 km north of it, as INSEE writes them."""
    import pyproj

    to_grid = pyproj.Transformer.from_crs(4326, 3035, always_xy=True)
    lines = ["idcar_200m,lcog_geo,i_est_200,ind,men,men_pauv,ind_65_79,ind_80p"]
    for row in communes.itertuples():
        east, north = to_grid.transform(row.longitude, row.latitude)
        for step, people in ((0, 80), (8000, 20)):
            corner = f"CRS3035RES200mN{int(north + step) // 200 * 200}E{int(east) // 200 * 200}"
            lines.append(f"{corner},{row.insee},0,{people},40,10,9,3")
    return "\n".join(lines) + "\n"


@pytest.fixture
def pipeline(tmp_path):
    def build(with_squares: bool, halls: str = "") -> Pipeline:
        communes = make_land().territory.in_departement("00")
        (tmp_path / "carreaux.csv").write_text(squares_csv(communes), encoding="utf-8")
        said = 'population_squares = "carreaux.csv"' if with_squares else 'population_squares = ""'
        (tmp_path / "sources.toml").write_text(f'[sources]\n{said}\ntown_halls = "{halls}"\n', encoding="utf-8")
        settings = Settings.at(tmp_path / "var", sources_path=tmp_path / "sources.toml")
        return Pipeline(settings, load_territory=lambda: make_land().territory, fictional=True)

    return build


def materialise_need(pipeline: Pipeline) -> dict[str, object]:
    """What the run tells of it."""
    resources = {"pipeline": dg.ResourceDefinition.hardcoded_resource(pipeline)}
    (contours,) = (one for one in reference_assets() if one.key == keys.CONTOURS)
    run = dg.materialize([contours, need], resources=resources)
    assert run.success
    (told,) = run.asset_materializations_for_node(need.op.name)
    return {name: entry.value for name, entry in told.metadata.items()}


def slot(pipeline: Pipeline) -> dict[str, pd.DataFrame]:
    communes = make_land().territory.in_departement("00").drop(columns="postcodes")
    points = with_reach(demand_points(communes, squares_of(pipeline, "00")))
    town = communes[communes["population"] == communes["population"].max()]
    house = town.assign(place_id="p", **FRANCE_SERVICES.columns)
    house = house[["place_id", *SERVICE_COLUMNS, "longitude", "latitude"]]
    fixed = house.rename(columns={"place_id": "id"})
    minutes = minutes_to_nearest(fixed, points.rename(columns={"point_id": "id"}), roads=None)
    of_halls = minutes_to_nearest(fixed, communes.rename(columns={"insee": "id"}), roads=None)
    thresholds = Thresholds(20, 30)
    services = house.assign(
        name="FS",
        insee=town["insee"].iloc[0],
        opening_hours=None,
        week_parity=None,
        bus=False,
        in_survey=True,
        own=True,
    )
    known = pipeline.warehouse.read("commune_need")
    return slot_tables(
        SlotInputs(
            communes=communes.merge(known, on="insee", how="left"),
            points=points,
            minutes=minutes.rename(columns={"demand_id": "point_id"}),
            commune_minutes=of_communes(of_halls.rename(columns={"demand_id": "insee"}), communes, thresholds),
            services=services,
            rounds=NO_ROUNDS,
            statements=NO_STATEMENTS,
            operators={},
            reference_date=dt.date(2022, 12, 1),
            thresholds=thresholds,
        )
    )


def test_gaps_count_the_fragile_and_the_card_says_that_times_start_from_squares(pipeline):
    opened = pipeline(with_squares=True)
    materialise_need(opened)
    tables = slot(opened)
    gaps = tables["gap_areas"]
    assert (gaps["poor_households"] == 20 * gaps["communes"]).all()
    assert (gaps["aged_65"] == 24 * gaps["communes"]).all()
    card = tables["access_method"].set_index("key")["value_fr"]
    assert card["from"].startswith("là où l’on habite, d’après les carreaux de population de l’INSEE")
    assert "120\u00a0points" in card["from"]
    assert card["poor_households"].startswith("1\u202f200")  # sixty communes, twenty each
    assert card["fragility_index"].startswith("non calculé")


def test_without_a_source_need_is_not_computed_and_never_zero(pipeline):
    opened = pipeline(with_squares=True)
    materialise_need(opened)
    gone = pipeline(with_squares=False)
    materialise_need(gone)
    assert squares_of(gone, "00") is None  # what the source left behind has gone with it
    tables = slot(gone)
    assert tables["gap_areas"]["poor_households"].isna().all()
    card = tables["access_method"].set_index("key")["value_fr"]
    assert card["from"].startswith("la mairie de chaque commune (60\u00a0points)")
    for key in ("poor_households", "aged_65", "quarters_population", "fragility_index"):
        assert card[key].startswith("non calculé\u00a0: source absente")


def test_the_grid_s_middles_are_where_the_communes_are(pipeline):
    opened = pipeline(with_squares=True)
    materialise_need(opened)
    squares = squares_of(opened, "00")
    communes = make_land().territory.in_departement("00")
    x, y = to_projected(squares["longitude"].to_numpy()[::2], squares["latitude"].to_numpy()[::2], "75")
    there = to_projected(communes["longitude"].to_numpy(), communes["latitude"].to_numpy(), "75")
    assert abs(x - there[0]).max() < 200
    assert abs(y - there[1]).max() < 200


def without_codes(text: str) -> str:
    """The same squares as INSEE published those of 1 km of 2015, which do not say their commune."""
    head, *lines = (line.split(",") for line in text.strip().splitlines())
    kept = [column for column, name in enumerate(head) if name != "lcog_geo"]
    head = ["Id_carr1km" if name == "idcar_200m" else name for name in head]
    return "\n".join(",".join(line[column] for column in kept) for line in (head, *lines)) + "\n"


def test_squares_without_codes_are_placed_by_the_contours_and_those_outside_are_told(pipeline, tmp_path):
    opened = pipeline(with_squares=True)
    coded = materialise_need(opened)
    by_code = opened.warehouse.read("commune_need").set_index("insee")["squares_population"]
    assert coded["unplaced"] == ""

    bare = pipeline(with_squares=True)
    (tmp_path / "carreaux.csv").write_text(without_codes((tmp_path / "carreaux.csv").read_text()))
    write_sources(tmp_path / "land")
    with (tmp_path / "sources.toml").open("a", encoding="utf-8") as file:
        file.write('contours = "land/contours-val-d-ambre.parquet"\n')
    told = materialise_need(bare)
    by_contour = bare.warehouse.read("commune_need").set_index("insee")["squares_population"]
    # The square at its town hall is a commune's own; the one 8 km north of it is whose it falls in, or nobody's.
    assert set(by_contour.index) == set(by_code.index)
    assert (by_contour >= 80).all()
    assert "n’ont pas pu être placés" in str(told["unplaced"])
    lost = by_code.sum() - by_contour.sum()
    assert f"({lost:.0f}\u00a0habitants)" in str(told["unplaced"])
    assert squares_of(bare, "00")["population"].sum() == by_contour.sum()


@pytest.mark.parametrize("written", ["halls.csv", "halls.gpkg"])
def test_town_halls_that_are_given_are_where_times_start_and_go_with_their_source(pipeline, tmp_path, written):
    import geopandas as gpd

    communes = make_land().territory.in_departement("00")
    halls = communes[["insee", "longitude", "latitude"]].assign(longitude=lambda rows: rows["longitude"] + 0.01)
    beyond = pd.DataFrame([("00999", 0.0, 45.0)], columns=halls.columns)  # of no commune of today
    given = pd.concat([halls, beyond])
    if written.endswith(".csv"):
        given.rename(columns={"insee": "code"}).to_csv(tmp_path / written, index=False)
    else:
        points = gpd.points_from_xy(given["longitude"], given["latitude"], crs=4326)
        layer = gpd.GeoDataFrame({"INSEE_COM": given["insee"]}, geometry=points).to_crs(2154)
        layer.to_file(tmp_path / written)
    opened = pipeline(with_squares=False, halls=written)
    materialise_need(opened)
    points = demand_points(communes.drop(columns="postcodes"), halls=halls_of(opened, "00"))
    assert points["point_id"].tolist() == communes["insee"].tolist()
    assert abs(points["longitude"].to_numpy() - halls["longitude"].to_numpy()).max() < 1e-6
    gone = pipeline(with_squares=False)
    materialise_need(gone)
    assert halls_of(gone, "00") is None
