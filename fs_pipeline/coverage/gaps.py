"""Communes too far gathered into gaps: neighbours of one EPCI that share the same lack, ranked by their inhabitants.

Two communes are neighbours when no third one stands between their points (Gabriel graph), so that gaps are the same
with contours or without. A gap stays inside of one EPCI, which can act on it. What was not computed is in no gap:
nothing is known of it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Delaunay, QhullError

from fs_pipeline.access.services import Service, by_service
from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.sphere import Floats
from fs_pipeline.warehouse.frames import table_frame

NEIGHBOURS_WITHIN_M = 25_000.0  # farther, nobody calls them neighbours


def neighbours(communes: pd.DataFrame) -> NDArray[np.intp]:
    """Pairs of positions of neighbouring communes.

    Parameters
    ----------
    communes
        longitude, latitude (degrees; a commune without a point has no neighbour) of one département.

    Returns
    -------
    numpy.ndarray
        (pairs, 2): edges of the Gabriel graph (Gabriel and Sokal, 1969) no longer than ``NEIGHBOURS_WITHIN_M``.
    """
    lon = communes["longitude"].to_numpy(dtype=np.float64)
    lat = communes["latitude"].to_numpy(dtype=np.float64)
    located = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    if len(located) < 2:
        return np.empty((0, 2), dtype=np.intp)
    # A département is small enough for a plane touching the globe in its middle.
    metres = 111_195.0
    xy = np.column_stack((lon[located] * np.cos(np.radians(lat[located].mean())), lat[located])) * metres
    edges = _delaunay_edges(xy)
    a, b = xy[edges[:, 0]], xy[edges[:, 1]]
    length = np.sqrt(((a - b) ** 2).sum(axis=1))
    empty = _nothing_between(xy, (a + b) / 2.0, length / 2.0)
    return np.asarray(located[edges[empty & (length <= NEIGHBOURS_WITHIN_M)]])


def _delaunay_edges(xy: Floats) -> NDArray[np.intp]:
    """Edges of the triangulation; every pair where points are few or in a line."""
    try:
        triangles = Delaunay(xy).simplices if len(xy) > 3 else None
    except QhullError:
        triangles = None
    if triangles is None:
        return np.array([(i, j) for i in range(len(xy)) for j in range(i)], dtype=np.intp).reshape(-1, 2)
    pairs = np.sort(np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [0, 2]]]), axis=1)
    return np.unique(pairs, axis=0).astype(np.intp)


def _nothing_between(xy: Floats, middle: Floats, radius_m: Floats) -> NDArray[np.bool_]:
    """Whether no point is strictly inside the circle whose diameter is the edge."""
    from scipy.spatial import cKDTree

    nearest_m, _ = cKDTree(xy).query(middle)
    return np.asarray(nearest_m >= radius_m - 0.5)


def gap_areas(
    minutes: pd.DataFrame,
    communes: pd.DataFrame,
    services: Sequence[Service],
    thresholds: Thresholds,
) -> pd.DataFrame:
    """One row a service, threshold and gap, the most inhabited first.

    Parameters
    ----------
    minutes
        ``int_commune_minutes`` of one département: a commune is too far where most of its inhabitants are.
    communes
        insee, name, epci, epci_name, population, longitude, latitude; poor_households and aged_65 where a source of need
        gave them.
    services
        Those whose gaps are wanted; one that `minutes` does not hold has none.
    thresholds
        Minutes.

    Returns
    -------
    pandas.DataFrame
        Rows of ``gap_areas``: insees and names are joined by spaces and by « , », the most inhabited first; population
        counts the inhabitants who are too far themselves; minutes_mean weighs them and, like minutes_worst, is of the
        communes that reach a place at all; unreached counts the inhabitants who reach none; poor_households and aged_65
        are None unless known of every commune of the gap.
    """
    ordered = communes.reset_index(drop=True)
    pairs = neighbours(ordered)
    position = pd.Series(ordered.index, index=ordered["insee"])
    asked = by_service(minutes)
    blocks = []
    for service in services:
        if service not in asked:
            continue
        answers = asked[service]
        at = position.reindex(answers["insee"]).to_numpy()
        time = np.full(len(ordered), np.nan)
        computed = np.zeros(len(ordered), dtype=bool)
        time[at] = answers["minutes"].to_numpy(dtype=np.float64)
        computed[at] = (answers["method"] != "not_computed").to_numpy()
        methods = answers.loc[answers["method"] != "not_computed", "method"]
        for reach, threshold in thresholds._asdict().items():
            far = computed & ~(time <= threshold)
            if far.any():
                beyond = answers["population"] - answers["population_not_computed"] - answers[f"population_{reach}"]
                people = pd.DataFrame({"weight": beyond, "unreached": answers["population_unreached"]}).set_index(at)
                found = _areas(ordered.join(people.reindex(ordered.index).fillna(0.0)), time, far, pairs)
                label = {**service.columns, "threshold": threshold, "method": methods.iloc[0]}
                wanted = "|".join([*filter(None, service.columns.values()), str(threshold), ""])
                blocks.append(found.assign(**label, gap_id=wanted + found["insees"].str[:5]))
    return table_frame("gap_areas", pd.concat(blocks, ignore_index=True) if blocks else [])


def _areas(communes: pd.DataFrame, time: Floats, far: NDArray[np.bool_], pairs: NDArray[np.intp]) -> pd.DataFrame:
    first, second = pairs[:, 0], pairs[:, 1]
    epci = communes["epci"].fillna("").to_numpy(dtype=object)
    links = pairs[far[first] & far[second] & (epci[first] == epci[second])]
    graph = csr_array((np.ones(len(links), dtype=np.int8), (links[:, 0], links[:, 1])), shape=(len(far), len(far)))
    _, piece = connected_components(graph, directed=False)
    inside = communes[far].assign(piece=piece[far], minutes=time[far])
    inside = inside.sort_values(["weight", "insee"], ascending=[False, True], kind="stable")
    rows = [_area(members) for _, members in inside.groupby("piece", sort=False)]
    found = pd.DataFrame(rows).sort_values(["population", "insees"], ascending=[False, True], kind="stable")
    return found.assign(rank=range(1, len(found) + 1))


def _area(members: pd.DataFrame) -> dict[str, object]:
    reached = members[members["minutes"].notna()]
    weight = reached["weight"]
    mean = float((reached["minutes"] * weight).sum() / weight.sum()) if weight.sum() else None
    return {
        "communes": len(members),
        "insees": " ".join(members["insee"]),
        "names": ", ".join(members["name"]),
        "epci_name": members["epci_name"].iloc[0],
        "population": float(members["weight"].sum()),
        "poor_households": _known_sum(members, "poor_households"),
        "aged_65": _known_sum(members, "aged_65"),
        "minutes_mean": mean,
        "minutes_worst": float(reached["minutes"].max()) if len(reached) else None,
        "unreached": float(members["unreached"].sum()),
    }


def _known_sum(members: pd.DataFrame, column: str) -> float | None:
    """The sum, or None where the source is absent or silent on one commune."""
    if column not in members or members[column].isna().any():
        return None
    return float(members[column].sum())
