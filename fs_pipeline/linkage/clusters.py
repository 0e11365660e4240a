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


def average_link(size: int, pairs: tuple[Positions, Positions], score: Values, match: float) -> npt.NDArray[np.int64]:
    """A label a record; a pair that was not compared, or is unlikely, counts as 0."""
    graph = coo_matrix((np.ones(len(score)), pairs), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    labels = label.astype(np.int64) * size
    crowd = np.bincount(label, minlength=1)
    order = np.argsort(label[pairs[0]], kind="stable")
    edges = np.split(order, np.flatnonzero(np.diff(label[pairs[0]][order])) + 1) if len(order) else []
    members: dict[int, list[int]] = {}
    for position in np.flatnonzero(crowd[label] > 2):
        members.setdefault(int(label[position]), []).append(int(position))
    for edge in edges:
        component = int(label[pairs[0][edge[0]]])
        if crowd[component] == 2:
            if score[edge[0]] < match:
                labels[pairs[1][edge[0]]] += 1
            continue
        inside = members[component]
        at = {position: index for index, position in enumerate(inside)}
        distance = np.ones((len(inside), len(inside)))
        np.fill_diagonal(distance, 0.0)
        for one in edge:
            first, second = at[int(pairs[0][one])], at[int(pairs[1][one])]
            distance[first, second] = distance[second, first] = 1.0 - score[one]
        if (distance <= 1.0 - match).all():
            continue  # one cluster, as any average of these would say
        tree = linkage(squareform(distance, checks=False), method="average")
        labels[inside] += fcluster(tree, 1.0 - match, criterion="distance")
    return labels
