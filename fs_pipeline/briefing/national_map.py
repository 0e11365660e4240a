"""The nation's web map: the France services of all départements, and the minutes of every commune.

It is drawn from the layers that the départements' publications of the same edition hold, and from nothing else: what their
readers may not know went no further than that door. A département that has published none is said, and stays white.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fs_pipeline import french
from fs_pipeline.briefing.html import render, style
from fs_pipeline.briefing.map_need import need_data
from fs_pipeline.briefing.map_page import (
    ListedCommune,
    ListedPlace,
    class_limits,
    facts_of,
    for_script,
    listed_communes,
    map_scripts,
    web_classes,
)
from fs_pipeline.briefing.national import NationalBrief
from fs_pipeline.briefing.slot import records
from fs_pipeline.briefing.web_map import ARCHIVE, PAGE, SMALL, bounds_of, pack_tiles
from fs_pipeline.cartography import palette
from fs_pipeline.cartography.once import Once
from fs_pipeline.cartography.projected import simplified
from fs_pipeline.cartography.shared_lines import NOBODY, shared_lines
from fs_pipeline.cartography.tiles import TiledLayer, cut
from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.editions.hidden_minutes import KEPT_INSIDE

if TYPE_CHECKING:
    import geopandas as gpd

# From afar a commune is a few points and a colour; near, it is what the tables say of it.
_BANDS = {
    (3, 4): 0.02,
    (5, 6): 0.006,
    (7, 8): 0.0015,
}  # zooms -> tolerance in degrees: about a pixel at the last of them
_NEAR = (7, 8)
ZOOMS = (3, 8)
_PLACE_COLUMNS = (
    "place_id", "name", "role", "kind", "carrier", "address", "postcode", "commune", "phone", "email", "website",
    "opening_hours", "in_survey", "in_france_services", "departement",
)  # fmt: skip
_ROLES = ("fixed", "antenne", "itinerant")
_MAINLAND = (-5.3, 41.2, 9.7, 51.2)  # degrees: what the map opens on, Corsica with it; a list leads elsewhere


@dataclass(frozen=True, eq=False)
class NationalLayers:
    """What the départements published in one edition, all together.

    Attributes
    ----------
    places, communes
        As the layers of a département (cartography/layers.py) with the column ``departement``, sorted by it; communes have no
        geometry.
    shapes
        Of each commune, in the same order; the same object for every edition that shows the same communes.
    absent
        Codes of the départements that published none.
    """

    places: gpd.GeoDataFrame
    communes: pd.DataFrame
    shapes: gpd.GeoSeries
    absent: tuple[str, ...]


def write_national_map(
    brief: NationalBrief, layers: NationalLayers, need: pd.DataFrame, thresholds: Thresholds, once: Once
) -> dict[str, bytes]:
    """``carte-web/index.html`` and ``carte-web/carte.pmtiles`` of the nation, for the readers of `layers` and `need`."""
    table = _france_services(layers.places)
    places = _listed(table)
    communes = once(listed_communes, layers.communes, thresholds)
    classes = web_classes(thresholds, reserved=bool(layers.communes["reason"].eq(KEPT_INSIDE).any()))
    tiles = [
        once(_tiles_of_communes, layers.communes, layers.shapes, communes, once),
        once(_tiles_of_lines, layers.communes, layers.shapes, once),
        cut(_numbered(table, places), "lieux", ZOOMS),
    ]
    packed = pack_tiles(tiles, ZOOMS, once(bounds_of, layers.shapes, layers.places), brief.title)
    near, far = thresholds
    measures = need_data(need, layers.communes["insee"].tolist())
    data: dict[str, object] = {
        "archive": {"file": "carte.pmtiles", "small": len(packed) <= SMALL},
        "bounds": _MAINLAND if _is_whole(layers) else once(bounds_of, layers.shapes, layers.places),
        "boxes": once(_points, layers.shapes),
        "limits": [10 * near, 10 * far],
        "linesFrom": _NEAR[0],
        "classes": class_limits(classes),
        "communes": [[one.name, one.population, one.minutes, one.minutes_class, one.postcodes] for one in communes],
        "places": [
            [one.position, "", french.name(commune or ""), ""]
            for one, commune in zip(places, table["commune"], strict=True)
        ],
        "departements": once(_boxes, layers.communes, layers.shapes),
        "groups": [[n for n, one in enumerate(places) if one.role == role] for role in _ROLES],
        "stops": [],
        "need": measures,
        "levels": {},
        "demarches": {},
        "help": {"rows": []},
    }
    page = render(
        "carte-france.html.jinja",
        brief=brief,
        web={"single": "../dossier.html"},
        places=list(zip(places, table["departement"], strict=True)),
        roles=[(palette.ROLE_LABELS[role], _counted(places, role), role) for role in _ROLES],
        counted=french.count(len(places), "lieu", "lieux"),
        known=[row for row in brief.rows if row.code not in layers.absent],
        absent=_absent(brief, layers),
        need=measures,
        classes=classes,
        css=style("page.css", "carte.css"),
        scripts=(style("guard.js"), style("maplibre.js", *map_scripts("drawing_maplibre.js", None))),
        data=for_script(data),
    )
    return {PAGE: page, ARCHIVE: packed}


def _counted(places: Sequence[ListedPlace], role: str) -> dict[str, object]:
    found = sum(one.role == role for one in places)
    return {"known": found > 0, "text": french.number(found)}


def _is_whole(layers: NationalLayers) -> bool:
    """Whether most of the country is there: a few départements are better seen alone."""
    return layers.communes["departement"].nunique() > len(layers.absent)


def _absent(brief: NationalBrief, layers: NationalLayers) -> str:
    names = [row.name for row in brief.rows if row.code in layers.absent]
    if not names:
        return ""
    told = ", ".join(names) if len(names) <= 12 else french.count(len(names), "département")
    return f"Sans publication à ce jour, donc en blanc\u00a0: {told}."


def _france_services(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Places of the national list, in the order of the page: département, commune, name."""
    kept = places[places["role"].isin(_ROLES)]
    return kept.sort_values(["departement", "commune", "name", "place_id"], kind="stable").reset_index(drop=True)


def _listed(table: gpd.GeoDataFrame) -> list[ListedPlace]:
    rows = records(pd.DataFrame(table.drop(columns=table.geometry.name)), *_PLACE_COLUMNS)
    return [
        ListedPlace(
            place_id=row["place_id"],
            name=french.typographic(row["name"] or "lieu sans nom"),
            role=row["role"],
            role_label=palette.ROLE_SINGULAR[row["role"]],
            commune=f"{french.name(row['commune'] or 'commune inconnue')} ({row['departement']})",
            facts=tuple((label, value, "") for label, value in facts_of(row, frozenset())),
            position=None if pd.isna(x) or pd.isna(y) else (round(y, 5), round(x, 5)),
            evidence="",
        )
        for row, x, y in zip(rows, table.geometry.x, table.geometry.y, strict=True)
    ]


def _numbered(table: gpd.GeoDataFrame, places: Sequence[ListedPlace]) -> gpd.GeoDataFrame:
    kept = table[["place_id", "departement", "role", "operator", "service_type", table.geometry.name]]
    return kept.assign(n=np.arange(len(kept)), name=[one.name for one in places])


def _drawn(shapes: gpd.GeoSeries, zooms: tuple[int, int]) -> gpd.GeoSeries:
    import geopandas as gpd

    return gpd.GeoSeries(simplified(shapes.to_numpy().astype(object), _BANDS[zooms]), crs=4326)


def _tiles_of_communes(
    table: pd.DataFrame, shapes: gpd.GeoSeries, communes: Sequence[ListedCommune], once: Once
) -> TiledLayer:
    import geopandas as gpd

    told = pd.DataFrame({"n": np.arange(len(table)), "look": [one.minutes_class for one in communes]})
    whole = pd.concat([told, table[["insee", "population", "minutes"]]], axis=1)
    bands = [
        cut(
            gpd.GeoDataFrame(whole if zooms == _NEAR else told, geometry=once(_drawn, shapes, zooms), crs=4326),
            "communes",
            zooms,
        )
        for zooms in _BANDS
    ]
    return _joined(bands)


def _tiles_of_lines(table: pd.DataFrame, shapes: gpd.GeoSeries, once: Once) -> TiledLayer:
    """What parts communes, and whether it parts départements; from afar, these alone."""
    bands = []
    whose = np.r_[table["departement"].to_numpy(dtype=object), None]
    for zooms in _BANDS:
        lines = shared_lines(once(_drawn, shapes, zooms).to_numpy())
        lines = lines.assign(dep=whose[lines["a"]] != whose[lines["b"]] if len(lines) else False)
        outer = lines["b"].eq(NOBODY) | lines["dep"]
        bands.append(cut(lines if zooms == _NEAR else lines[outer], "limites", zooms))
    return _joined(bands)


def _joined(bands: Sequence[TiledLayer]) -> TiledLayer:
    """One layer of several bands of zooms, of which the last says the most."""
    tiles = {tile: data for band in bands for tile, data in band.tiles.items()}
    return TiledLayer(bands[-1].name, bands[-1].fields, ZOOMS, tiles)


def _points(shapes: gpd.GeoSeries) -> list[list[float] | None]:
    """Where each commune is, to a hundredth of a degree: longitude, latitude."""
    bounds = shapes.bounds.to_numpy()
    middle = np.round((bounds[:, :2] + bounds[:, 2:]) / 2, 2)
    return [None if np.isnan(x) else [float(x), float(y)] for x, y in middle]


def _boxes(table: pd.DataFrame, shapes: gpd.GeoSeries) -> dict[str, list[float]]:
    """West, south, east and north of each département."""
    rows: dict[str, list[int]] = defaultdict(list)
    for number, code in enumerate(table["departement"]):
        rows[code].append(number)
    boxes = {code: bounds_of(shapes.iloc[numbers]) for code, numbers in rows.items()}
    return {code: [*box] for code, box in boxes.items() if box is not None}
