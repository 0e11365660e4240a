"""The printed map: everything inside its frame, names as text, and the same bytes each time."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from fs_pipeline.briefing.figures import build_brief
from fs_pipeline.briefing.image import write_image
from fs_pipeline.cartography.france_map import departement_shapes, draw_france, share_class
from fs_pipeline.cartography.layers import Layers
from fs_pipeline.cartography.palette import ROAD
from fs_pipeline.cartography.static_map import StaticMap, draw_map, svg, text
from fs_pipeline.cartography.web_geometry import UNITS_A_DEGREE, compact_contours
from fs_pipeline.coverage.thresholds import Thresholds
from tests.unit.briefing.sample import tiny_contours, tiny_tables

SVG = "{http://www.w3.org/2000/svg}"


def tiny_map(**changes: object) -> StaticMap:
    tables = tiny_tables(**changes)
    drawn = Layers(tables.places, tables.communes, tables.int_commune_minutes, tables.thresholds, tiny_contours())
    return draw_map(drawn["communes"], drawn["places"], "33", Thresholds(20, 30))


def test_the_map_is_well_formed_and_within_its_frame() -> None:
    drawn = tiny_map()
    root = ET.fromstring(drawn.svg)
    for circle in root.iter(f"{SVG}circle"):
        assert 0 <= float(circle.get("cx", "")) <= drawn.width
        assert 0 <= float(circle.get("cy", "")) <= drawn.height
    names = [text.text for text in root.iter(f"{SVG}text")]
    assert "Valbrume" in names
    assert "N" in names


def test_a_name_with_signs_of_xml_is_written_as_it_is() -> None:
    tables = tiny_tables()
    drawn = tiny_map(places=tables.places.assign(commune="Bourg <b> & Cie"))
    assert "Bourg <b> & Cie" in [text.text for text in ET.fromstring(drawn.svg).iter(f"{SVG}text")]


def test_no_letter_of_the_map_is_under_seven_points_six() -> None:
    sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)"', tiny_map().svg)]
    assert min(sizes) * 72 / 25.4 >= 7.6


def test_main_roads_are_drawn_inside_the_communes_and_nowhere_else() -> None:
    contours = tiny_contours()
    west, south, east, north = contours.set_geometry("geometry_4326").total_bounds
    middle = (south + north) / 2
    line = np.column_stack((np.linspace(west - 1, east + 1, 200), np.full(200, middle)))
    stretches = np.stack((line[:-1], line[1:]), axis=1)
    tables = tiny_tables()
    layers = Layers(
        tables.places, tables.communes, tables.int_commune_minutes, tables.thresholds, contours, roads=stretches
    )
    assert len(layers["roads"]) == 1  # joined end to end
    drawn = draw_map(layers["communes"], layers["places"], "33", Thresholds(20, 30), None, layers["roads"])
    roads = [path for path in ET.fromstring(drawn.svg).iter(f"{SVG}path") if path.get("stroke") == ROAD]
    assert len(roads) == 1
    numbers = [float(number) for number in re.findall(r"[\d.]+", roads[0].get("d", ""))]
    assert all(0 <= x <= drawn.width for x in numbers[::2])
    bare = draw_map(layers["communes"], layers["places"], "33", Thresholds(20, 30))
    assert bare == tiny_map()
    assert ROAD not in bare.svg


def test_without_any_geometry_the_map_says_so() -> None:
    drawn = Layers(pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), Thresholds(20, 30))
    empty = draw_map(drawn["communes"], drawn["places"], "33", Thresholds(20, 30))
    assert "Aucune commune" in empty.svg


def test_the_map_is_the_same_each_time_and_so_is_its_image() -> None:
    assert tiny_map() == tiny_map()
    brief = build_brief(tiny_tables(), "internal")
    first = write_image(brief, tiny_map())
    assert first == write_image(brief, tiny_map())
    assert first.startswith(b"\x89PNG")


def test_each_word_of_the_map_is_drawn_on_its_image() -> None:
    """An image without its fonts is the same whatever the map says."""
    brief = build_brief(tiny_tables(), "internal")
    named = StaticMap(svg(40, 12, text(2, 7, "Bazas")), 40, 12)
    other = StaticMap(svg(40, 12, text(2, 7, "Hourtin")), 40, 12)
    assert write_image(brief, named) != write_image(brief, other)
    for field in ("title", "lead", "method", "not_drawn", "sources"):
        said = replace(brief, map=replace(brief.map, **{field: "Autre chose"}))
        assert write_image(said, named) != write_image(brief, named), field


def test_contours_for_the_page_keep_their_corners() -> None:
    tables = tiny_tables()
    communes = Layers(tables.places, tables.communes, tables.int_commune_minutes, tables.thresholds, tiny_contours())[
        "communes"
    ]
    rings = compact_contours(communes)
    assert len(rings) == 12
    x, y = rings[0][0][0] / UNITS_A_DEGREE, rings[0][0][1] / UNITS_A_DEGREE
    assert abs(x - 2.0) <= 0.0601
    assert abs(y - 46.0) <= 0.0501
    # a ring comes back to its first point
    assert abs(sum(rings[0][0][2::2])) <= 2 * 0.06 * UNITS_A_DEGREE + 1


@pytest.mark.parametrize(
    ("share", "expected"),
    [(None, "not_computed"), (1.0, "95+"), (0.95, "95+"), (0.9, "80-95"), (0.6, "60-80"), (0.1, "0-60")],
)
def test_a_share_has_its_class(share: float | None, expected: str) -> None:
    assert share_class(share) == expected


def test_france_without_contours_says_so() -> None:
    assert "Aucun contour" in draw_france(None, {}).svg


@pytest.mark.data
def test_france_shows_each_departement_once_and_the_overseas_apart(real_data) -> None:  # type: ignore[no-untyped-def]
    from fs_pipeline.territory.contours import read_contours
    from fs_pipeline.territory.shipped import load_territory

    contours = read_contours(
        real_data / "reference" / "communes-contours-2018.parquet", ["2A", "2B", "75", "92", "974"]
    )
    shapes = departement_shapes(contours, load_territory().departement_of)
    assert sorted(shapes["departement"]) == ["2A", "2B", "75", "92", "974"]
    drawn = draw_france(shapes, {"2A": "95+", "974": "0-60"})
    texts = [text.text for text in ET.fromstring(drawn.svg).iter(f"{SVG}text")]
    assert texts == ["La Réunion", "Paris et autour"]
