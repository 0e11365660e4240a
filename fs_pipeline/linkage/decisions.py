"""What is said of each compared pair of two lists: a match, one for a person to settle, one housing the other, or nothing."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from fs_pipeline.linkage.model import LinkageModel
from fs_pipeline.linkage.preparation import Positions

Values = npt.NDArray[np.float64]
_SAME_SPOT_M = 100.0
_ALIKE, _OTHER = 0.9, 0.6


def decide(
    pairs: tuple[Positions, Positions],
    score: Values,
    veto: npt.NDArray[np.bool_],
    features: pd.DataFrame,
    model: LinkageModel,
    *,
    many: bool,
) -> npt.NDArray[np.object_]:
    """``match``, ``review``, ``related`` or nothing, a pair.

    A list holds each place once (the left one too, unless `many`): a pair without a rival is believed sooner.
    """
    decision = np.full(len(score), "", dtype=object)
    possible = ~veto & (score >= model.review)
    chosen = np.zeros(len(score), dtype=bool)
    where = np.flatnonzero(possible)
    picked = (_best_of_each if many else _assign)((pairs[0][where], pairs[1][where]), score[where], model.review)
    chosen[where[picked]] = True
    # Another street and another phone: one house may have closed and another opened.
    moved = ((features["street"] < _OTHER) & (features["phone"] == 0) & (features["email"] != 1)).to_numpy()
    sooner = _unrivalled(pairs, possible, many=many) & ~moved
    sure = np.where(sooner, model.match_unrivalled, model.match)
    decision[chosen & (score >= sure)] = "match"
    taken_left = np.isin(pairs[0], pairs[0][decision == "match"])
    taken_right = np.isin(pairs[1], pairs[1][decision == "match"]) & (not many)
    decision[(decision == "") & possible & ~taken_left & ~taken_right] = "review"
    decision[veto & same_spot(features)] = "related"
    return decision


def _unrivalled(
    pairs: tuple[Positions, Positions], possible: npt.NDArray[np.bool_], *, many: bool
) -> npt.NDArray[np.bool_]:
    """Whether a pair is the only possible one of its records."""
    alone = np.ones(len(possible), dtype=bool)
    for side in pairs[:1] if many else pairs:
        count = np.bincount(side[possible], minlength=int(side.max(initial=-1)) + 1)
        alone &= count[side] <= 1
    return alone


def same_spot(features: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """One address, one phone that few share, or one point and no contrary number."""
    street = (features["street"] >= _ALIKE) & (features["number"] != 0) & (features["commune"] != 0)
    named = (features["commune"] == 1) & (features["phone"] == 1)
    point = (features["distance"] <= _SAME_SPOT_M) & (features["number"] != 0) & ~(features["street"] < 0.5)
    far = features["distance"] > 2_000
    return np.asarray((street & ~far) | named | point, dtype=bool)


def one_door(features: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """One number of one street, or one phone that few share, in one commune."""
    number = (features["street"] >= _ALIKE) & (features["number"] == 1)
    return np.asarray((features["commune"] == 1) & (number | (features["phone"] == 1)), dtype=bool)


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
