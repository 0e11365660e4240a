"""Where people live: the points from which times start, and how many inhabitants start at each.

Population squares where they are given; else the arrondissements of Paris, Lyon and Marseille; else the town hall, or those of
the communes merged into one where they are given. Never a commune's geometric middle: Aix-en-Provence's lies 28 minutes from
its own town hall.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from fs_pipeline import data

DEMAND_COLUMNS = ("point_id", "insee", "longitude", "latitude", "population", "origin")
CELL_M = 2_000.0  # squares are gathered in cells of this size: a middle is then less than two minutes from its people
_METRES_A_DEGREE = 111_195.0


def demand_points(
    communes: pd.DataFrame,
    squares: pd.DataFrame | None = None,
    arrondissements: pd.DataFrame | None = None,
    halls: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The points of demand of communes, whose inhabitants always add up to the commune's.

    Parameters
    ----------
    communes
        insee, longitude, latitude (degrees, the town hall; NaN where it is not known), population (NaN where nobody counted).
    squares
        insee, longitude, latitude, population of inhabited squares, or None. Those of one commune are gathered in cells of
        ``CELL_M``, at the middle of their inhabitants. A square says where people live and not how many they are: its vintage
        is another than the commune's.
    arrondissements
        As ``municipal_arrondissements``, which they are unless given.
    halls
        insee, current_insee, longitude, latitude of town halls, those of merged communes too, or None. The inhabitants of a
        merged commune are shared among its halls in equal parts: no open source at hand counts those of a former commune.

    Returns
    -------
    pandas.DataFrame
        ``DEMAND_COLUMNS``, in the order of `communes`: point_id is the commune's code where it is one point, and begins with
        it, or is that of an arrondissement or of a former commune, elsewhere; origin is ``squares``, ``arrondissement``,
        ``former_commune`` or ``town_hall``.
    """
    whole = communes[["insee", "longitude", "latitude", "population"]].reset_index(drop=True)
    parts = municipal_arrondissements() if arrondissements is None else arrondissements
    parts = parts.rename(columns={"insee": "point_id", "current_insee": "insee"}).assign(origin="arrondissement")
    found = [_gathered(squares)] if squares is not None and len(squares) else []
    given = [] if halls is None else [_halls(halls)]
    for rows in (parts, *given, whole.assign(point_id=whole["insee"], origin="town_hall")):
        taken = {insee for frame in found for insee in frame["insee"]}
        found.append(rows[rows["insee"].isin(whole["insee"]) & ~rows["insee"].isin(taken)])
    points = pd.concat([frame.reindex(columns=DEMAND_COLUMNS) for frame in found if len(frame)], ignore_index=True)
    points = points[points["insee"].isin(whole["insee"])]
    order = pd.Series(whole.index, index=whole["insee"])
    points = points.assign(order=order.reindex(points["insee"]).to_numpy()).sort_values(["order", "point_id"])
    return _weighed(points.drop(columns="order").reset_index(drop=True), whole)


@cache
def municipal_arrondissements() -> pd.DataFrame:
    """insee, current_insee, longitude, latitude, population of the 45 of Paris, Lyon and Marseille.

    Each stands at its town hall, or in the middle of its post offices where two share one (``data/shared_town_halls.csv``).
    """
    halls = {
        insee: (float(x), float(y)) for insee, x, y in map(_fields, data.text("town_halls.csv.gz").splitlines()[1:])
    }
    halls |= {
        row["insee"]: (float(row["longitude"]), float(row["latitude"]))
        for row in data.read_csv("shared_town_halls.csv")
    }
    rows = data.read_csv("arrondissements.csv")
    return pd.DataFrame(
        {
            "insee": [row["insee"] for row in rows],
            "current_insee": [row["current_insee"] for row in rows],
            "longitude": [halls[row["insee"]][0] for row in rows],
            "latitude": [halls[row["insee"]][1] for row in rows],
            "population": [float(row["population"]) for row in rows],
        }
    )


def _halls(halls: pd.DataFrame) -> pd.DataFrame:
    """A point a town hall, as many inhabitants at each of a merged commune."""
    merged = halls["current_insee"].duplicated(keep=False)
    origin = np.where(merged, "former_commune", "town_hall")
    points = halls.rename(columns={"insee": "point_id", "current_insee": "insee"})
    return points.assign(population=1.0, origin=origin)


def _fields(line: str) -> list[str]:
    return line.split(",")


def _gathered(squares: pd.DataFrame) -> pd.DataFrame:
    """One point a commune and cell, at the middle of its inhabitants."""
    row = np.floor(squares["latitude"] * _METRES_A_DEGREE / CELL_M)
    narrowed = np.cos(np.radians((row + 0.5) * CELL_M / _METRES_A_DEGREE))  # the same all along a row of cells
    column = np.floor(squares["longitude"] * narrowed * _METRES_A_DEGREE / CELL_M)
    cell = squares["insee"] + "." + row.astype(int).astype(str) + "." + column.astype(int).astype(str)
    weight = squares["population"].astype("float64")
    moments = pd.DataFrame(
        {
            "insee": squares["insee"],
            "point_id": cell,
            "population": weight,
            "east": squares["longitude"] * weight,
            "north": squares["latitude"] * weight,
        }
    )
    summed = moments.groupby(["insee", "point_id"], as_index=False).sum()
    return summed.assign(
        longitude=summed["east"] / summed["population"],
        latitude=summed["north"] / summed["population"],
        origin="squares",
    )


def _weighed(points: pd.DataFrame, communes: pd.DataFrame) -> pd.DataFrame:
    """The points with their share of the commune's inhabitants, in whole inhabitants: sums are then exact in any order.

    Shared by the largest remainder: each point has its share rounded down, those that lost most have one inhabitant more.
    """
    counted = communes.set_index("insee")["population"].astype("float64").reindex(points["insee"]).to_numpy()
    weight = points["population"].astype("float64")
    among = weight.groupby(points["insee"]).transform("sum")
    alone = ~points["insee"].duplicated(keep=False)
    exact = pd.Series(counted * np.where(alone, 1.0, weight / among.where(among > 0)))
    whole = pd.Series(np.where(alone, exact, np.floor(exact)))
    left = counted - whole.groupby(points["insee"]).transform("sum")
    lost = (exact - whole).groupby(points["insee"]).rank(method="first", ascending=False)
    return points.assign(population=whole + (lost <= left.round()))
