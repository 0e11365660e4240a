"""The fictional land: 60 communes of « Val-d’Ambre » (00), six of its neighbour (0A), an island, and the roads.

Everything follows from one seed. Codes, postcodes and names are invented; postcodes begin like none that is in use.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from math import asin, cos, radians, sin, sqrt

import pandas as pd

from fs_pipeline.sphere import EARTH_RADIUS_M
from fs_pipeline.territory.model import Territory

SEED = 2022
DEPARTEMENT, NEIGHBOUR = "00", "0A"
ISLAND = "Île-d’Orvane"
CHEF_LIEU = "Ambre-la-Ville"
_WEST, _SOUTH = 2.10, 45.55  # south-west corner of the grid, degrees
_STEP_LON, _STEP_LAT = 0.098, 0.068  # about 7.6 km
_SIDE = 8
_ISLAND_POINT = (3.09, 45.80)  # further than 5 km beyond the last road: no bridge, no ferry
_BIG = {CHEF_LIEU: 24350, "Montbrume": 8240, "Roquevive": 5310, "Belle-Fontaine": 4120, "Lormeau": 3050}
_SMALL = (
    "Arbresec", "Aubeterre-sous-Bois", "Bassevigne", "Beaulieu-les-Tours", "Boisgelé", "Brévannes-le-Haut",
    "Castelnoir", "Cerisay-l’Étang", "Champ-Dolent", "Chantemerle", "Clairvaux-d’Ambre", "Combe-Rousse", "Courbefosse",
    "Croix-Blanche",
    "Épineuse", "Estrelles", "Fontenoy-la-Lande", "Fraisse-le-Vieux", "Gourdeval", "Grand-Lieu-d’Ambre", "Haute-Rive",
    "Hautecombe", "La Ferrandière", "La Roche-Perdue", "Le Breuil-Ambré", "Le Moustier", "Les Aubrais-Neuves",
    "Les Trois-Moulins", "L’Hermitage-en-Ambre", "Longuesaigne", "Malaval", "Marsillac-d’Ambre", "Miremont-le-Bas",
    "Montfroid", "Neuvy-les-Genêts", "Orgeval-le-Sec", "Pierrelongue", "Pontgibert", "Puy-Clair", "Queyrelle",
    "Rochebrune-d’Ambre", "Saint-Aubry", "Saint-Évroult", "Saint-Martin-d’Ambre", "Saint-Martin-d’Ambrais",
    "Sainte-Aurore", "Sauveplane", "Sombreval", "Tressange", "Valsombre", "Verneuil-la-Forêt", "Vieilleville-d’Ambre",
    "Vignolles-le-Grand", "Ville-aux-Sources",
)  # fmt: skip
_NEIGHBOURS = ("Brumeval", "Corbessac", "Grisolles-le-Mont", "Noirfont", "Pierrefiche-le-Lac", "Rivalta-Nova")
_EPCI = (
    ("200099018", "CA du Grand Ambre"),
    ("200099026", "CC des Hauts d’Ambre"),
    ("200099034", "CC Brumes et Vallons"),
    ("200099042", "CC des Trois Rivières"),
)
_ARRONDISSEMENTS = (("001", CHEF_LIEU), ("002", "Montbrume"))


# Town halls of merged communes, whose inhabitants are shared among them; code to longitude, latitude, each near a road.
FORMER_HALLS = {"00901": (2.3815, 45.8544), "00902": (2.3562, 45.8239), "00903": (2.2112, 45.6607)}
# The one commune of which squares are known: kilometres north and east of EPSG:3035, and inhabitants.
SQUARED = "Queyrelle"
SQUARES = ((2555, 3706, 800), (2557, 3704, 400), (2554, 3711, 300))


@dataclass(frozen=True, slots=True)
class Edge:
    """A two-way road between two nodes."""

    first: int
    second: int
    length_m: float
    highway: str
    maxspeed: int


@dataclass(frozen=True)
class Land:
    """The territory, and the road network that links its communes (the island is no node)."""

    territory: Territory
    nodes: tuple[tuple[float, float], ...]  # longitude, latitude
    edges: tuple[Edge, ...]

    def commune(self, name: str) -> pd.Series:
        """The row of the commune of that name."""
        found: pd.Series = self.territory.communes[self.territory.communes["name"] == name].iloc[0]
        return found


@cache
def make_land() -> Land:
    """The same land every time."""
    draw = random.Random(SEED)  # noqa: S311 - a fiction, not a secret
    cells = [
        (x, y) for y in range(_SIDE) for x in range(_SIDE) if not (x in {0, 7} and y in {0, 7}) and (x, y) != (7, 1)
    ]
    middle = sorted(cells, key=lambda cell: ((cell[0] - 3.4) ** 2 + (cell[1] - 3.6) ** 2, cell))
    apart = [cell for cell in middle if cell in {(5, 1), (1, 5), (6, 5), (2, 2)}]
    rest = [cell for cell in cells if cell not in {middle[0], *apart}]
    draw.shuffle(rest)
    places = dict(zip((*_BIG, *_SMALL), (middle[0], *apart, *rest), strict=True))
    points = {name: _jittered(cell, draw) for name, cell in places.items()}
    around = {name: _jittered((-1, 1 + number), draw) for number, name in enumerate(_NEIGHBOURS)}
    names = sorted([*points, ISLAND], key=_sorting)
    communes = [
        {
            "insee": f"00{number:03d}",
            "name": name,
            "departement": DEPARTEMENT,
            "population": _BIG.get(name) or (214 if name == ISLAND else draw.randrange(95, 1900)),
            "postcodes": (f"099{10 + number // 6}",) if name != CHEF_LIEU else ("09900",),
            "epci": _epci(places.get(name))[0],
            "epci_name": _epci(places.get(name))[1],
            "arrondissement": _arrondissement(places.get(name))[0],
            "arrondissement_name": _arrondissement(places.get(name))[1],
            "longitude": points.get(name, _ISLAND_POINT)[0],
            "latitude": points.get(name, _ISLAND_POINT)[1],
        }
        for number, name in enumerate(names, start=1)
    ]
    communes += [
        {
            "insee": f"0A{number:03d}",
            "name": name,
            "departement": NEIGHBOUR,
            "population": draw.randrange(300, 2500),
            "postcodes": (f"0895{number}",),
            "epci": "200099059",
            "epci_name": "CC de Haute-Brume",
            "arrondissement": "0A1",
            "arrondissement_name": "Brumeval",
            "longitude": around[name][0],
            "latitude": around[name][1],
        }
        for number, name in enumerate(_NEIGHBOURS, start=1)
    ]
    nodes, edges = _roads(places, {**points, **around}, draw)
    return Land(_territory(pd.DataFrame(communes)), nodes, edges)


def _territory(communes: pd.DataFrame) -> Territory:
    codes = dict(zip(communes["name"], communes["insee"], strict=True))
    former = [
        ("00901", "Vieil-Ambre", codes[CHEF_LIEU], "commune_deleguee"),
        ("00902", "Les Granges-d’Ambre", codes[CHEF_LIEU], "commune_deleguee"),
        ("00903", "Brumes-le-Château", codes["Montbrume"], "commune_associee"),
        ("00904", "Fontaine-Basse", codes["Belle-Fontaine"], "commune_fusionnee"),
        (codes["Lormeau"], "Lormeau-les-Mines", codes["Lormeau"], "ancien_nom"),
    ]
    departements = pd.DataFrame(
        [
            (DEPARTEMENT, "Val-d’Ambre", "00", "Terres d’Ambre", "departement", 2154),
            (NEIGHBOUR, "Haute-Brume", "00", "Terres d’Ambre", "departement", 2154),
        ],
        columns=["code", "name", "region", "region_name", "kind", "epsg"],
    )
    return Territory.from_frames(
        departements,
        communes,
        pd.DataFrame(former, columns=["insee", "name", "current_insee", "kind"]),
        borders={DEPARTEMENT: (NEIGHBOUR,), NEIGHBOUR: (DEPARTEMENT,)},
        vintage="fictif 2022",
    )


def distance_m(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Metres between two (longitude, latitude) on a sphere."""
    lon1, lat1, lon2, lat2 = map(radians, (*first, *second))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(half))


def _roads(
    places: dict[str, tuple[int, int]], points: dict[str, tuple[float, float]], draw: random.Random
) -> tuple[tuple[tuple[float, float], ...], tuple[Edge, ...]]:
    """Each commune to its neighbours on the grid, a bend on the way; main roads in the chef-lieu's row and column."""
    cells = {**places, **{name: (-1, 1 + row) for row, name in enumerate(_NEIGHBOURS)}}
    at = {cell: name for name, cell in cells.items()}
    nodes = list(points.values())
    number = {name: index for index, name in enumerate(points)}
    centre = places[CHEF_LIEU]
    edges = []
    for (x, y), name in sorted(at.items()):
        for other_cell in ((x + 1, y), (x, y + 1)):
            other = at.get(other_cell)
            if other is None:
                continue
            main = y == other_cell[1] == centre[1] or x == other_cell[0] == centre[0]
            highway, maxspeed = ("primary", 80) if main else draw.choice((("secondary", 80), ("tertiary", 80)))
            if not main and draw.random() < 0.15:
                highway, maxspeed = "unclassified", 50
            start, end = points[name], points[other]
            bend = tuple(round((a + b) / 2 + draw.uniform(-0.008, 0.008), 6) for a, b in zip(start, end, strict=True))
            nodes.append((bend[0], bend[1]))
            for first, second in ((number[name], len(nodes) - 1), (len(nodes) - 1, number[other])):
                length = round(distance_m(nodes[first], nodes[second]) * 1.12, 1)
                edges.append(Edge(first, second, length, highway, maxspeed))
    return tuple(nodes), tuple(edges)


def _jittered(cell: tuple[int, int], draw: random.Random) -> tuple[float, float]:
    x, y = cell[0] + draw.uniform(-0.22, 0.22), cell[1] + draw.uniform(-0.22, 0.22)
    return round(_WEST + x * _STEP_LON, 6), round(_SOUTH + y * _STEP_LAT, 6)


def _epci(cell: tuple[int, int] | None) -> tuple[str, str]:
    if cell is None:
        return _EPCI[3]
    return _EPCI[(cell[0] >= 4) + 2 * (cell[1] >= 4)]


def _arrondissement(cell: tuple[int, int] | None) -> tuple[str, str]:
    return _ARRONDISSEMENTS[cell is not None and cell[0] < 2]


def _sorting(name: str) -> str:
    return name.translate(str.maketrans("ÎÉé’", "IEe'"))
