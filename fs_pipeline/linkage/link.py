"""Two lists linked, or the doubles of one: who is whom, how sure, and why."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import squareform

from fs_pipeline.linkage.blocking import candidate_pairs
from fs_pipeline.linkage.comparison import compare, vetoed
from fs_pipeline.linkage.model import LinkageModel, load_model
from fs_pipeline.linkage.official import official_links
from fs_pipeline.linkage.preparation import Positions, prepare
from fs_pipeline.linkage.reasons import reasons
from fs_pipeline.territory.model import Territory, load_territory

COLUMNS = ("left_id", "right_id", "score", "decision", "reason")
Values = npt.NDArray[np.float64]
_SAME_SPOT_M = 100.0
_ALIKE = 0.9
_SCORE_OF_ID = 0.999


def link(
    left: pd.DataFrame, right: pd.DataFrame, *, many: bool = False, territory: Territory | None = None
) -> pd.DataFrame:
    """The pairs of two lists that are one place, may be, or house one another.

    Parameters
    ----------
    left, right
        As ``io.read_list`` gives; also heard, where present: local_id (a list's own id) and service_type.
    many
        Several rows of `left` may be one place of `right`; else each is linked once at most.

    Returns
    -------
    DataFrame
        left_id, right_id, score (calibrated probability), decision (``match``, ``review``, ``related``), reason
        (French), sorted by ids.
    """
    known = territory or load_territory()
    model = load_model()
    one, two = prepare(left, known), prepare(right, known)
    pairs = candidate_pairs(one, two)
    features = compare(one, two, pairs)
    score = model.probability(features)
    veto = vetoed(one, two, pairs)
    same_id, doubtful_id = official_links(one, two, pairs, features)
    score = np.where(same_id & ~veto, np.maximum(score, _SCORE_OF_ID), score)
    decision = decide(pairs, score, veto, features, model, many=many)
    ask = doubtful_id & (decision != "match") & (decision != "related")
    decision = np.where(ask, "review", decision)
    kept = np.flatnonzero(decision != "")
    a, b = pairs[0][kept], pairs[1][kept]
    found = pd.DataFrame(
        {
            "left_id": left["id"].to_numpy(dtype=object)[a],
            "right_id": right["id"].to_numpy(dtype=object)[b],
            "score": np.round(score[kept], 4),
            "decision": decision[kept],
            "reason": reasons(one, two, (a, b), features.iloc[kept], decision[kept], same_id[kept] | doubtful_id[kept]),
        },
        columns=list(COLUMNS),
    )
    return found.sort_values(["left_id", "right_id"], kind="stable").reset_index(drop=True)


def link_within(frame: pd.DataFrame, *, territory: Territory | None = None) -> pd.DataFrame:
    """The doubles of one list: id, cluster_id (the first id of its cluster), score.

    The score is the mean probability between a record and the others of its cluster; for a record alone, that it is
    nobody else's double.
    """
    model = load_model()
    rows = prepare(frame, territory or load_territory())
    pairs = candidate_pairs(rows)
    features = compare(rows, rows, pairs)
    score = np.where(vetoed(rows, rows, pairs), 0.0, model.probability(features))
    likely = score >= model.review
    cluster = _average_link(len(rows), (pairs[0][likely], pairs[1][likely]), score[likely], model.match)
    return _clusters(frame, pairs, score, cluster)


def decide(
    pairs: tuple[Positions, Positions],
    score: Values,
    veto: npt.NDArray[np.bool_],
    features: pd.DataFrame,
    model: LinkageModel,
    *,
    many: bool,
) -> npt.NDArray[np.object_]:
    """``match``, ``review``, ``related`` or nothing, a pair."""
    decision = np.full(len(score), "", dtype=object)
    possible = ~veto & (score >= model.review)
    chosen = np.zeros(len(score), dtype=bool)
    where = np.flatnonzero(possible)
    picked = (_best_of_each if many else _assign)((pairs[0][where], pairs[1][where]), score[where], model.review)
    chosen[where[picked]] = True
    decision[chosen & (score >= model.match)] = "match"
    taken_left = np.isin(pairs[0], pairs[0][decision == "match"])
    taken_right = np.isin(pairs[1], pairs[1][decision == "match"]) & (not many)
    decision[(decision == "") & possible & ~taken_left & ~taken_right] = "review"
    decision[veto & _same_spot(features)] = "related"
    return decision


def _same_spot(features: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """One address, one phone that few share, or one point and no contrary number."""
    street = (features["street"] >= _ALIKE) & (features["number"] != 0) & (features["commune"] != 0)
    named = (features["commune"] == 1) & (features["phone"] == 1)
    point = (features["distance"] <= _SAME_SPOT_M) & (features["number"] != 0) & ~(features["street"] < 0.5)
    far = features["distance"] > 2_000
    return np.asarray((street & ~far) | named | point, dtype=bool)


def _best_of_each(pairs: tuple[Positions, Positions], score: Values, _: float) -> Positions:
    order = np.lexsort((pairs[1], -score, pairs[0]))
    first = np.ones(len(order), dtype=bool)
    first[1:] = pairs[0][order][1:] != pairs[0][order][:-1]
    return order[first]


def _assign(pairs: tuple[Positions, Positions], score: Values, floor: float) -> Positions:
    """The one-to-one choice whose summed evidence is greatest, component by component."""
    a, b = pairs
    if not len(a):
        return np.empty(0, np.int64)
    lefts, i = np.unique(a, return_inverse=True)
    rights, j = np.unique(b, return_inverse=True)
    size = len(lefts) + len(rights)
    _, label = connected_components(
        coo_matrix((np.ones(len(i)), (i, j + len(lefts))), shape=(size, size)), directed=False
    )
    component = label[i]
    order = np.argsort(component, kind="stable")
    gain = _logit(score) - _logit(np.array([floor])) + 1e-6
    picked: list[int] = []
    for members in np.split(order, np.flatnonzero(np.diff(component[order])) + 1):
        if len(members) == 1:
            picked.append(int(members[0]))
            continue
        rows, row = np.unique(i[members], return_inverse=True)
        columns, column = np.unique(j[members], return_inverse=True)
        table = np.zeros((len(rows), len(columns)))
        place = np.full(table.shape, -1, dtype=np.int64)
        table[row, column], place[row, column] = gain[members], members
        best = place[linear_sum_assignment(table, maximize=True)]
        picked.extend(best[best >= 0].tolist())
    return np.array(sorted(picked), dtype=np.int64)


def _logit(score: Values) -> Values:
    held = np.clip(score, 1e-9, 1 - 1e-9)
    return np.asarray(np.log(held / (1 - held)))


def _average_link(size: int, pairs: tuple[Positions, Positions], score: Values, match: float) -> npt.NDArray[np.int64]:
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
        tree = linkage(squareform(distance, checks=False), method="average")
        labels[inside] += fcluster(tree, 1.0 - match, criterion="distance")
    return labels


def _clusters(
    frame: pd.DataFrame, pairs: tuple[Positions, Positions], score: Values, cluster: npt.NDArray[np.int64]
) -> pd.DataFrame:
    ids = frame["id"].to_numpy(dtype=object)
    _, first, inverse, counts = np.unique(cluster, return_index=True, return_inverse=True, return_counts=True)
    inside = cluster[pairs[0]] == cluster[pairs[1]]
    total, best = np.zeros(len(ids)), np.zeros(len(ids))
    for side in pairs:
        np.add.at(total, side[inside], score[inside])
        np.maximum.at(best, side, score)
    alone = counts[inverse] == 1
    others = np.maximum(counts[inverse] - 1, 1)
    return pd.DataFrame(
        {"id": ids, "cluster_id": ids[first[inverse]], "score": np.round(np.where(alone, 1 - best, total / others), 4)}
    )
