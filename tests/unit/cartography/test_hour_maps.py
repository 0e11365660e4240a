"""Six small maps of the week, each commune with its letter; the sixth is where buses count most."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import geopandas as gpd
import pandas as pd
from shapely.geometry import box

from fs_pipeline.cartography.hour_maps import FILLS, Moment, draw_hour_maps, moments

SVG = "{http://www.w3.org/2000/svg}"
NOBODY = "." * 84


def communes(count: int = 3) -> gpd.GeoDataFrame:
    shapes = [box(2.0 + 0.1 * number, 45.0, 2.1 + 0.1 * number, 45.1) for number in range(count)]
    return gpd.GeoDataFrame({"insee": [f"0000{number}" for number in range(count)]}, geometry=shapes, crs=4326)


def week(**letters: str) -> str:
    """A week in which nobody receives but at the hours named, as in Tu10="o"."""
    found = list(NOBODY)
    for when, letter in letters.items():
        found[Moment("every", when[:2], int(when[2:])).place] = letter
    return "".join(found)


def weeks(*texts: str, parity: str = "every") -> pd.DataFrame:
    rows = [(f"0000{number}", parity, text) for number, text in enumerate(texts)]
    return pd.DataFrame(rows, columns=["insee", "week_parity", "week"])


def fills(svg: str) -> list[list[str]]:
    """The fills of the communes, map by map."""
    groups = ET.fromstring(svg).iter(f"{SVG}g")
    return [[use.get("fill") for use in group.iter(f"{SVG}use") if use.get("fill")] for group in groups]


def test_each_commune_has_the_colour_of_its_hour():
    drawn = draw_hour_maps(communes(), weeks(week(Tu10="o"), week(Tu10="?"), week(Tu10="x")), "75", 20)
    maps = fills(drawn.svg)
    assert len(maps) == 6
    assert maps[0] == [FILLS["o"], FILLS["?"], FILLS["x"]]
    assert maps[1] == [FILLS["."]] * 3


def test_the_sixth_map_is_where_buses_alone_serve_most_communes():
    found = moments(weeks(week(We9="b", Fr11="b"), week(Fr11="b"), NOBODY))
    assert found[-1] == Moment("every", "Fr", 11)
    assert moments(weeks(NOBODY))[-1] == Moment("every", "Th", 18)


def test_odd_and_even_weeks_are_named():
    both = pd.concat([weeks(NOBODY, parity="odd"), weeks(week(Tu10="b"), parity="even")])
    titles = [
        element.text for element in ET.fromstring(draw_hour_maps(communes(1), both, "75", 20).svg).iter(f"{SVG}text")
    ]
    assert "mardi à 10\u00a0h, semaine impaire" in titles
    assert "mardi à 10\u00a0h, semaine paire" in titles


def test_a_commune_of_which_nothing_is_said_is_not_computed():
    drawn = draw_hour_maps(communes(2), weeks(week(Tu10="o")), "75", 20)
    assert fills(drawn.svg)[0] == [FILLS["o"], FILLS["x"]]


def test_without_hours_or_contours_it_says_so():
    for layer, said in ((communes(), weeks()), (communes(0), weeks(NOBODY))):
        (text,) = ET.fromstring(draw_hour_maps(layer, said, "75", 20).svg).iter(f"{SVG}text")
        assert "non calculée" in text.text
