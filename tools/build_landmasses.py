"""Write ``fs_pipeline/data/landmasses.csv``: outlines of the lands that no road joins to another.

Run by hand with a GeoParquet of communes' contours (columns ``code``, ``nom``, geometry in EPSG:4326)::

    python tools/build_landmasses.py communes-contours-2018.parquet

What is an island without a bridge, or a commune without a road, is written below: reviewed, not computed.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import geopandas as gpd
from shapely import box, set_precision
from shapely.geometry.base import BaseGeometry

OUT = Path(__file__).resolve().parent.parent / "fs_pipeline" / "data" / "landmasses.csv"
IGN = "IGN Admin Express 2018, Licence Ouverte 2.0 (outline)"
SHORE = 0.002  # degrees kept around a shore, so that a quay is on its island
BANK = 0.03  # the same for a border river
COARSE = {"island": 0.001, "roadless": 0.005}

# landmass, French name with its preposition ("sur …"), whole communes
ISLANDS = (
    ("ouessant", "à Ouessant", "29155"),
    ("molene", "sur l’île Molène", "29084"),
    ("sein", "sur l’île de Sein", "29083"),
    ("batz", "sur l’île de Batz", "29082"),
    ("brehat", "sur l’île de Bréhat", "22016"),
    ("groix", "à Groix", "56069"),
    ("hoedic", "à Hœdic", "56085"),
    ("houat", "à Houat", "56086"),
    ("belle_ile", "à Belle-Île-en-Mer", "56152 56009 56114 56241"),
    ("ile_aux_moines", "sur l’Île-aux-Moines", "56087"),
    ("ile_d_arz", "sur l’Île-d’Arz", "56088"),
    ("yeu", "sur l’île d’Yeu", "85113"),
    ("aix", "sur l’île d’Aix", "17004"),
    ("desirade", "à La Désirade", "97110"),
    ("terre_de_haut", "à Terre-de-Haut (Les Saintes)", "97131"),
    ("terre_de_bas", "à Terre-de-Bas (Les Saintes)", "97130"),
    ("marie_galante", "à Marie-Galante", "97112 97108 97126"),
    ("petite_terre", "à Petite-Terre (Mayotte)", "97608 97615"),
)
ROADLESS = (
    ("maripasoula", "à Maripasoula", "97353"),
    ("papaichton", "à Papaichton", "97362"),
    ("saul", "à Saül", "97352"),
    ("camopi", "à Camopi", "97356"),
    ("grand_santi", "à Grand-Santi", "97357"),
    ("ouanary", "à Ouanary", "97314"),
    ("saint_elie", "à Saint-Élie", "97358"),
)
# Parts of a commune, or whole territories, that a box is enough to tell: west, south, east, north.
BOXES = (
    ("porquerolles", "à Porquerolles", (6.155, 42.970, 6.270, 43.012)),
    ("port_cros_levant", "à Port-Cros ou au Levant", (6.340, 42.970, 6.530, 43.060)),
    ("frioul", "au Frioul ou au château d’If", (5.285, 43.260, 5.330, 43.290)),
    ("lerins", "sur les îles de Lérins", (7.025, 43.500, 7.080, 43.527)),
    ("chausey", "aux îles Chausey", (-1.880, 48.850, -1.760, 48.910)),
    ("glenan", "aux Glénan", (-4.060, 47.690, -3.940, 47.740)),
)
TERRITORIES = (
    ("corse", "en Corse", (8.40, 41.20, 9.70, 43.15)),
    ("guadeloupe", "en Guadeloupe", (-62.00, 15.70, -60.90, 16.70)),
    ("martinique", "en Martinique", (-61.40, 14.30, -60.70, 15.00)),
    ("guyane", "en Guyane", (-54.80, 2.00, -51.40, 6.00)),
    ("reunion", "à La Réunion", (55.10, -21.50, 56.00, -20.70)),
    ("mayotte", "à Mayotte", (44.90, -13.15, 45.40, -12.50)),
    ("saint_pierre", "à Saint-Pierre", (-56.25, 46.73, -56.11, 46.84)),
    ("miquelon", "à Miquelon-Langlade", (-56.50, 46.75, -56.22, 47.20)),
    ("saint_barthelemy", "à Saint-Barthélemy", (-62.95, 17.85, -62.75, 17.98)),
    ("saint_martin", "à Saint-Martin", (-63.20, 18.00, -62.95, 18.15)),
)


def main(contours_path: str) -> None:
    """Write the file; stop where an outline would hold another commune's land."""
    contours = gpd.read_parquet(contours_path).set_index("code")
    rows = []
    for kind, lands in (("island", ISLANDS), ("roadless", ROADLESS)):
        for landmass, name, communes in lands:
            own = communes.split()
            others = contours.drop(index=own)
            shape = contours.loc[own].geometry.union_all()
            if kind == "island":
                shape = shape.buffer(SHORE)
            else:  # villages stand on the border river, which the outline follows loosely
                roadless = [code for _, _, codes in ROADLESS for code in codes.split()]
                served = contours[contours.index.str.startswith("973") & ~contours.index.isin(roadless)]
                shape = shape.buffer(BANK).difference(served.geometry.union_all())
            shape = set_precision(shape.simplify(COARSE[kind]), 0.001)
            if kind == "island":
                assert not others.intersects(shape).any(), landmass
            assert contours.loc[own].representative_point().within(shape).all(), landmass
            rows.append((landmass, kind, name, communes, IGN, _wkt(shape)))
    for landmass, name, bounds in BOXES:
        rows.append((landmass, "island", name, "", "", _wkt(box(*bounds))))
    for landmass, name, bounds in TERRITORIES:
        rows.append((landmass, "territory", name, "", "", _wkt(box(*bounds))))
    with OUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["landmass", "kind", "where", "communes", "source", "outline_4326"])
        writer.writerows(rows)


def _wkt(shape: BaseGeometry) -> str:
    return shape.wkt.replace(", ", ",").replace(" (", "(")


if __name__ == "__main__":
    main(*sys.argv[1:])
