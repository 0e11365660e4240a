"""What the archive of a département and of the nation holds is what the tables of their readers hold."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

from fs_pipeline.access.services import FRANCE_SERVICES
from fs_pipeline.briefing.figures import build_brief
from fs_pipeline.briefing.national import build_national
from fs_pipeline.briefing.national_map import ZOOMS, NationalLayers, write_national_map
from fs_pipeline.briefing.slot import SlotTables
from fs_pipeline.briefing.web_map import ARCHIVE, PAGE, bounds_of, write_web_map, zooms_of
from fs_pipeline.cartography.layers import Layers
from fs_pipeline.cartography.once import Once
from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.editions.edition import EDITIONS, Edition
from fs_pipeline.warehouse.declared import declaration
from tests.unit.briefing.sample import empty_tables, tiny_contours, tiny_tables
from tests.unit.briefing.test_documents import national


def drawn(tables: SlotTables, contours: object = None) -> Layers:
    return Layers(
        tables.places, tables.communes, tables.int_commune_minutes, tables.thresholds, contours, tables.coverage  # type: ignore[arg-type]
    )  # fmt: skip


def made(tables: SlotTables, edition: Edition = "internal", contours: object = None) -> dict[str, bytes]:
    let_out, once = tables.let_out(edition), Once()
    layers = drawn(let_out, tiny_contours() if contours is None else contours)
    return write_web_map(build_brief(let_out, edition, once), let_out, layers["places"], layers["communes"], once)


def every_zoom(archive: bytes, folder: Path, layer: str, zooms: tuple[int, int]) -> list[pd.DataFrame]:
    """The rows of a layer, each once, zoom by zoom, as GDAL reads every tile of it."""
    path = folder / "carte.pmtiles"
    path.write_bytes(archive)
    if layer not in {name for name, _ in pyogrio.list_layers(path)}:
        return []
    zoom_levels = range(zooms[0], zooms[1] + 1)
    read = [pyogrio.read_dataframe(path, layer=layer, ZOOM_LEVEL=zoom, read_geometry=False) for zoom in zoom_levels]
    return [frame.drop_duplicates("n" if "n" in frame else ["a", "b"] if "a" in frame else "gap_id") for frame in read]


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_zoom_holds_every_commune_and_place_of_the_layers(edition: Edition, tmp_path: Path) -> None:
    layers = drawn(tiny_tables().let_out(edition), tiny_contours())
    files = made(tiny_tables(), edition)
    zooms = zooms_of(bounds_of(layers["communes"]))
    for communes in every_zoom(files[ARCHIVE], tmp_path, "communes", zooms):
        told = communes.sort_values("n").reset_index(drop=True)
        for name in ("insee", "name", "population", "minutes", "minutes_class"):
            pd.testing.assert_series_equal(told[name], layers["communes"][name], check_dtype=False)
    for places in every_zoom(files[ARCHIVE], tmp_path, "lieux", zooms):
        located = layers["places"][layers["places"].geometry.notna()]
        assert set(places["place_id"]) == set(located["place_id"])
        known = places.set_index("place_id")["role"].to_dict()
        assert known == located.set_index("place_id")["role"].to_dict()


def with_areas() -> SlotTables:
    """The slot with two areas too far from any France services, and one of another service."""
    said = dict.fromkeys(declaration("gap_areas").names)
    rows = [
        said
        | {"gap_id": f"z{rank}", "service": service, "demarche_id": "", "threshold": 20, "rank": rank, "insees": insees}
        | {"communes": 2, "names": insees, "population": 1234.0, "minutes_mean": 27.4, "unreached": 0.0}
        for rank, (service, insees) in enumerate(
            [(FRANCE_SERVICES.kind, "99003, 99004"), (FRANCE_SERVICES.kind, "99012"), ("other", "99001")], start=1
        )
    ]
    return tiny_tables().having(gap_areas=pd.DataFrame(rows))


@pytest.mark.parametrize("edition", EDITIONS)
def test_areas_too_far_are_drawn_for_those_who_may_read_them(edition: Edition, tmp_path: Path) -> None:
    files = made(with_areas(), edition)
    read = every_zoom(files[ARCHIVE], tmp_path, "zones", zooms_of(bounds_of(tiny_contours())))  # type: ignore[arg-type]
    page = files[PAGE].decode()
    told = set() if edition == "public" else {"z1", "z2"}
    assert len(read) == 3
    assert all(set(zones["gap_id"]) == told for zones in read)
    assert ('id="zones"' in page) == bool(told)
    assert ("1\u202f234\u00a0habitants trop loin, 27\u00a0min en moyenne" in page) == bool(told)


def test_the_same_tables_give_the_same_bytes() -> None:
    assert made(tiny_tables()) == made(tiny_tables())


def test_editions_that_say_the_same_share_their_tiles_and_no_words() -> None:
    once = Once()
    inside, outside = (
        write_web_map(
            build_brief(tables, edition, once), tables, drawn(tables, tiny_contours())["places"],
            drawn(tables, tiny_contours())["communes"], once,
        )
        for edition in ("internal", "public")
        for tables in [tiny_tables().let_out(edition)]
    )  # fmt: skip
    assert inside == made(tiny_tables(), "internal")
    assert outside == made(tiny_tables(), "public")


def test_nothing_known_gives_a_page_and_an_archive_that_open() -> None:
    files = made(empty_tables(), "internal", gpd.GeoDataFrame({"insee": []}, geometry=[], crs=4326))
    assert files[ARCHIVE].startswith(b"PMTiles\x03")
    assert "Les lieux" in files[PAGE].decode()


@pytest.mark.parametrize(
    ("box", "first"), [((2.22, 48.81, 2.47, 48.91), 9), ((-1.3, 44.2, 0.4, 45.6), 6), ((-54.6, 2.1, -51.6, 5.8), 6)]
)
def test_the_first_zoom_is_that_of_the_whole_on_a_phone(box: tuple[float, float, float, float], first: int) -> None:
    assert zooms_of(box) == (first, first + 2)


# --- the nation


def layers_of_nation() -> NationalLayers:
    tables = tiny_tables()
    layers = drawn(tables, tiny_contours())
    communes = layers["communes"].assign(departement=["01"] * 6 + ["02"] * 6)
    kept = ["insee", "name", "population", "minutes", "method", "reason", "departement"]
    return NationalLayers(
        places=layers["places"].assign(departement="01"),
        communes=pd.DataFrame(communes[kept]),
        shapes=communes.geometry,
        absent=(),
    )


def nation(layers: NationalLayers, once: Once | None = None) -> dict[str, bytes]:
    need = tiny_tables().commune_need
    return write_national_map(build_national(national(), "public"), layers, need, Thresholds(20, 30), once or Once())


def test_the_nation_s_map_holds_every_commune_and_every_france_services(tmp_path: Path) -> None:
    layers = layers_of_nation()
    files = nation(layers)
    read = every_zoom(files[ARCHIVE], tmp_path, "communes", ZOOMS)
    assert len(read) == 6
    assert all(len(frame) == 12 for frame in read)
    near = read[-1].sort_values("n").reset_index(drop=True)
    pd.testing.assert_series_equal(near["minutes"], layers.communes["minutes"], check_dtype=False)
    assert near["insee"].tolist() == layers.communes["insee"].tolist()
    places = every_zoom(files[ARCHIVE], tmp_path, "lieux", ZOOMS)
    assert all(set(frame["role"]) <= {"fixed", "antenne", "itinerant"} for frame in places)
    listed = layers.places[layers.places["role"] != "other"]
    assert all(set(frame["place_id"]) == set(listed["place_id"]) for frame in places)
    page = files[PAGE].decode()
    for name in listed["name"]:
        assert name.replace("'", "’") in page


def test_from_afar_only_the_lines_between_departements_are_drawn(tmp_path: Path) -> None:
    lines = every_zoom(nation(layers_of_nation())[ARCHIVE], tmp_path, "limites", ZOOMS)
    far, near = lines[0], lines[-1]
    assert len(far) < len(near)
    inner = near[near["b"] >= 0]
    assert inner["dep"].tolist() == [(a < 6) != (b < 6) for a, b in zip(inner["a"], inner["b"], strict=True)]
    assert set(far.loc[far["b"] >= 0, "dep"]) == {True}


def test_a_departement_that_published_nothing_is_said() -> None:
    layers = layers_of_nation()
    some = NationalLayers(layers.places, layers.communes, layers.shapes, ("02",))
    assert "en blanc\u00a0: Aisne" in nation(some)[PAGE].decode()
    none = NationalLayers(layers.places.iloc[:0], layers.communes.iloc[:0], layers.shapes.iloc[:0], ("01", "02"))
    assert nation(none)[ARCHIVE].startswith(b"PMTiles\x03")


def test_the_nation_s_map_is_the_same_bytes_again() -> None:
    assert nation(layers_of_nation()) == nation(layers_of_nation())
