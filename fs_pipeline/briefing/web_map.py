"""The web map for whoever serves files: a page and one archive of tiles, drawn by MapLibre GL; no tile server.

Nothing is asked of another site. It says what the single file says (map_page.py), by the same page and scripts: another
library draws (ADR 0036).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fs_pipeline.briefing.html import render, style
from fs_pipeline.briefing.map_gaps import areas_too_far, codes_of
from fs_pipeline.briefing.map_page import (
    ListedCommune,
    MapContent,
    for_script,
    map_content,
    map_scripts,
    map_styles,
    page_values,
)
from fs_pipeline.briefing.slot import SlotTables
from fs_pipeline.briefing.view import Brief
from fs_pipeline.cartography import web_libraries
from fs_pipeline.cartography.once import Once
from fs_pipeline.cartography.pmtiles import Box, archive
from fs_pipeline.cartography.projected import simplified
from fs_pipeline.cartography.projected import together as united
from fs_pipeline.cartography.shared_lines import shared_lines
from fs_pipeline.cartography.tiles import TiledLayer, cut, together

if TYPE_CHECKING:
    import geopandas as gpd

PAGE, ARCHIVE = f"{web_libraries.FOLDER}/{web_libraries.PAGE}", f"{web_libraries.FOLDER}/carte.pmtiles"
_LEVELS = 2  # zooms beyond that of the whole: nearer than that, tiles are drawn larger
_PHONE, _TILE = 340, 512  # pixels
_ANYWHERE = (6, 8)  # zooms, where nothing is drawn
SMALL = 3_000_000  # bytes: asked for at once, which serves more hosts than pieces do
_COMMUNE_COLUMNS = (
    "insee", "name", "population", "minutes", "minutes_low", "minutes_high", "minutes_class", "method", "reason",
)  # fmt: skip
_NEED_COLUMNS = ("households", "poor_households", "aged_65", "aged_80", "quarters", "fragility_index")
_GAP_COLUMNS = ("gap_id", "rank", "names", "communes", "population", "poor_households", "aged_65", "minutes_mean")


def write_web_map(
    brief: Brief, tables: SlotTables, place_layer: gpd.GeoDataFrame, commune_layer: gpd.GeoDataFrame, once: Once
) -> dict[str, bytes]:
    """``carte-web/index.html`` and ``carte-web/carte.pmtiles`` of one edition, which lets out all that is given here."""
    content = once(map_content, brief, tables, place_layer, commune_layer, once)
    box = bounds_of(commune_layer, place_layer)
    zooms = zooms_of(box)
    shapes = once(finer, commune_layer, zooms[1])
    layers = [
        _cut_once(
            communes_as_drawn(commune_layer, shapes, content.communes, tables.commune_need), "communes", zooms, once
        ),
        once.alike(tiles_of_lines, repr(zooms).encode() + _outline(shapes), shapes, zooms),
        cut(gaps_as_drawn(tables, commune_layer, shapes), "zones", zooms),
        _cut_once(places_as_listed(content, place_layer), "lieux", zooms, once),
        cut(stops_as_listed(content), "arrets", zooms),
    ]
    packed = pack_tiles(layers, zooms, box, content.brief.title)
    near, far = tables.thresholds
    data = content.data | {
        "archive": {"file": "carte.pmtiles", "small": len(packed) <= SMALL},
        "bounds": box,
        "boxes": once(boxes_of, commune_layer),
        "limits": [10 * near, 10 * far],
    }
    return {PAGE: page_of(content, data), ARCHIVE: packed}


def page_of(content: MapContent, data: dict[str, object]) -> bytes:
    """``index.html``: the page of the single file, with another drawing."""
    return render(
        "carte.html.jinja",
        **page_values(content),
        web={"single": "../carte.html"},
        css=map_styles(content),
        scripts=(style("guard.js"), style("maplibre.js", *map_scripts("drawing_maplibre.js", content))),
        data=for_script(data),
    )


def pack_tiles(layers: Sequence[TiledLayer], zooms: tuple[int, int], box: Box | None, name: str) -> bytes:
    """The archive of `layers`; nobody lives where `box` is None."""
    told = {"name": name, "vector_layers": [layer.told() for layer in layers], "type": "overlay"}
    return archive(together(layers), zooms, box or (-180.0, -85.0, 180.0, 85.0), told)


def zooms_of(box: Box | None) -> tuple[int, int]:
    """From the zoom at which all of `box` is seen on a phone to that of a few communes."""
    if box is None:
        return _ANYWHERE
    west, south, east, north = box
    middle = math.radians((south + north) / 2)
    span = max(east - west, (north - south) / math.cos(middle), 0.05)  # degrees of longitude, as wide on the map
    first = min(max(math.floor(math.log2(360 / span * _PHONE / _TILE)), 3), 11)
    return first, first + _LEVELS


def _cut_once(layer: gpd.GeoDataFrame, name: str, zooms: tuple[int, int], once: Once) -> TiledLayer:
    """Tiles of a layer, made once for the editions that say the same."""
    rows = pd.util.hash_pandas_object(layer.drop(columns=layer.geometry.name), index=False).to_numpy().tobytes()
    about = repr((name, zooms, list(layer.columns))).encode()
    return once.alike(cut, b"|".join([about, rows, _outline(layer.geometry)]), layer, name, zooms)


def _outline(shapes: gpd.GeoSeries) -> bytes:
    return b"|".join(shape or b"" for shape in shapes.to_wkb())


def communes_as_drawn(
    layer: gpd.GeoDataFrame, shapes: gpd.GeoSeries, communes: Sequence[ListedCommune], need: pd.DataFrame
) -> gpd.GeoDataFrame:
    """Communes with their minutes and their need, each with its number in the page and the class of its colour."""
    drawn = layer.reindex(columns=[*_COMMUNE_COLUMNS, layer.geometry.name])
    known = need.drop_duplicates("insee").set_index("insee").reindex(drawn["insee"])
    drawn = drawn.assign(**{name: known[name].to_numpy(dtype=np.float64) for name in _NEED_COLUMNS})
    drawn = drawn.assign(n=np.arange(len(drawn)), look=[one.minutes_class for one in communes])
    return drawn.set_geometry(shapes)


def tiles_of_lines(shapes: gpd.GeoSeries, zooms: tuple[int, int]) -> TiledLayer:
    """What parts communes, by their numbers in the page."""
    return cut(shared_lines(shapes.to_numpy()), "limites", zooms)


def finer(layer: gpd.GeoDataFrame, zoom: int) -> gpd.GeoSeries:
    """Contours as tiles hold them at their last zoom, to a sixth of a pixel, common borders kept common."""
    import geopandas as gpd

    tolerance = 360 / (_TILE << zoom) / 6
    return gpd.GeoSeries(simplified(layer.geometry.to_numpy().astype(object), tolerance), layer.index, crs=4326)


def gaps_as_drawn(tables: SlotTables, layer: gpd.GeoDataFrame, drawn_shapes: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """The areas too far from any France services, where these readers are told of them."""
    import geopandas as gpd

    areas = areas_too_far(tables)
    if areas.empty:
        return gpd.GeoDataFrame(columns=list(_GAP_COLUMNS), geometry=[], crs=4326)
    shapes = dict(zip(layer["insee"], drawn_shapes, strict=True))
    polygons = [[shapes[code] for code in codes_of(told) if _is_area(shapes.get(code))] for told in areas["insees"]]
    drawn = [united(found) if found else None for found in polygons]
    return gpd.GeoDataFrame(areas[list(_GAP_COLUMNS)].reset_index(drop=True), geometry=drawn, crs=4326)


def _is_area(shape: object) -> bool:
    return getattr(shape, "geom_type", None) in {"Polygon", "MultiPolygon"}


def places_as_listed(content: MapContent, layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Places by their number in the page, with the letters of their help: of evidence and of level, one a démarche."""
    rows = layer.set_index("place_id").loc[[one.place_id for one in content.places]]
    kept = rows[["operator", "service_type", rows.geometry.name]].reset_index()
    return kept.assign(
        n=np.arange(len(kept)),
        name=[one.name for one in content.places],
        role=[one.role for one in content.places],
        evidence=[one.evidence for one in content.places],
        levels=[content.levels.get(one.place_id) for one in content.places],
    )


def stops_as_listed(content: MapContent) -> gpd.GeoDataFrame:
    """Stops by their number in the page."""
    import geopandas as gpd

    points = [None if one.position is None else _point(*one.position) for one in content.stops]
    told = {
        "n": np.arange(len(content.stops)),
        "name": [one.name for one in content.stops],
        "where": [one.where for one in content.stops],
        "when": [one.when for one in content.stops],
    }
    return gpd.GeoDataFrame(pd.DataFrame(told), geometry=points, crs=4326)


def _point(latitude: float, longitude: float) -> object:
    import shapely

    return shapely.Point(longitude, latitude)


def bounds_of(*layers: gpd.GeoDataFrame | gpd.GeoSeries) -> Box | None:
    """West, south, east and north of the first of `layers` that has a shape."""
    for layer in layers:
        west, south, east, north = (round(float(edge), 4) for edge in layer.total_bounds)
        if not np.isnan(west):
            return west, south, east, north
    return None


def boxes_of(layer: gpd.GeoDataFrame) -> list[list[float] | None]:
    """West, south, east and north of each commune; None where it is not drawn."""
    boxes = layer.bounds.round(3).to_numpy().tolist()
    return [None if box[0] != box[0] else box for box in boxes]
