"""The doubles of one list: average-link clusters, so that one likely pair does not chain two places."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import squareform

from fs_pipeline.linkage.preparation import Positions

Values = npt.NDArray[np.float64]
_AT_ONCE = 200  # records whose components share one table: none of its distances across components is under 1


def average_link(size: int, pairs: tuple[Positions, Positions], score: Values, match: float) -> npt.NDArray[np.int64]:
    """A label a record; a pair that was not compared, or is unlikely, counts as 0."""
    graph = coo_matrix((np.ones(len(score)), pairs), shape=(size, size))
    _, component = connected_components(graph, directed=False)
    crowd = np.bincount(component, minlength=1)
    labels = component.astype(np.int64) * size
    two = crowd[component[pairs[0]]] == 2
    labels[pairs[1][two & (score < match)]] += 1
    tables = _tables(crowd)
    of_record, of_pair = tables[component], np.where(two, -1, tables[component[pairs[0]]])
    records, edges = (np.argsort(of, kind="stable") for of in (of_record, of_pair))
    wanted = np.arange(tables.max(initial=-1) + 2)
    record_from, edge_from = (
        np.searchsorted(of[order], wanted) for of, order in ((of_record, records), (of_pair, edges))
    )
    at = np.empty(size, dtype=np.int64)
    for table in wanted[:-1]:
        inside = records[record_from[table] : record_from[table + 1]]
        edge = edges[edge_from[table] : edge_from[table + 1]]
        at[inside] = np.arange(len(inside))
        first, second = at[pairs[0][edge]], at[pairs[1][edge]]
        distance = np.ones((len(inside), len(inside)))
        np.fill_diagonal(distance, 0.0)
        distance[first, second] = distance[second, first] = 1.0 - score[edge]
        tree = linkage(squareform(distance, checks=False), method="average")
        labels[inside] += fcluster(tree, 1.0 - match, criterion="distance")
    return labels


def _tables(crowd: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The table in which each component of more than two records is clustered, -1 for the others; a large one has its own."""
    found = np.full(len(crowd), -1, dtype=np.int64)
    several = np.flatnonzero(crowd > 2)
    before = np.cumsum(crowd[several]) - crowd[several]
    found[several] = np.unique(before // _AT_ONCE, return_inverse=True)[1]
    return found
