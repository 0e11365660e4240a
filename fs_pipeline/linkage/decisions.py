"""What is said of each compared pair of two lists: a match, one for a person to settle, one housing the other, or nothing."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from fs_pipeline.linkage.context import kinds_of_evidence
from fs_pipeline.linkage.model import Costs
from fs_pipeline.linkage.preparation import Positions

Values = npt.NDArray[np.float64]
_SAME_SPOT_M = 100.0
_ALIKE, _NEARLY, _HARDLY, _OTHER, _SAID = 0.9, 0.85, 0.75, 0.6, 0.75


def decide(
    pairs: tuple[Positions, Positions],
    score: Values,
    belief: Values,
    possible: npt.NDArray[np.bool_],
    features: pd.DataFrame,
    costs: Costs,
    *,
    many: bool,
) -> npt.NDArray[np.object_]:
    """``match``, ``review`` or nothing, a pair.

    A list holds each place once (the left one too, unless `many`). One question a left row: its likeliest pair.

    Parameters
    ----------
    score, belief
        The probability of two records alone, by which pairs are chosen, and in context, by which they are decided.
    possible
        Pairs that no rule refuses.
    """
    decision = np.full(len(score), "", dtype=object)
    where = np.flatnonzero(possible)
    chosen = np.zeros(len(score), dtype=bool)
    chosen[where[_choose((pairs[0][where], pairs[1][where]), score[where], costs.worth_asking, many=many)]] = True
    likely = possible & (belief >= costs.worth_asking)
    merged = chosen & (belief >= costs.sure) & may_be_merged(features, _unrivalled(pairs, likely, many=many))
    decision[merged] = "match"
    taken = np.isin(pairs[0], pairs[0][decision == "match"])
    if not many:
        taken |= np.isin(pairs[1], pairs[1][decision == "match"])
    open_ = np.flatnonzero(likely & ~taken & worth_a_question(features))
    decision[open_[_best_of_each((pairs[0][open_], pairs[1][open_]), belief[open_])]] = "review"
    return decision


def may_be_merged(features: pd.DataFrame, unrivalled: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The gates that no probability opens.

    Somebody says what it is: one service on both sides, or a contact that few share, or one name (both, and the whole
    name, where the services differ); a place alone is never enough. Of a kind of which one house holds several, another
    name is another place, and a desk whose name is not the house's may be its guest. And what moved is of one service,
    bears the same name or none on either side, has no rival, and no other house: a post office beside none, a bus beside
    a house, a town hall, of which a town has one, are asked.
    """
    kinds = kinds_of_evidence(features)
    service, core, plain, street = (features[name].to_numpy() for name in ("service", "core", "plain", "street"))
    alike = features["name"].to_numpy() >= _ALIKE
    named = kinds["own words"] | alike | (kinds["address"] & (core >= _NEARLY))
    told = np.where(service == 0.0, kinds["contact"] & alike, kinds["contact"] | named)
    several = (service == _SAID) & (core < _OTHER) & ~kinds["contact"]
    moved = (street < _OTHER) & ~kinds["contact"]
    same = (service >= _SAID) & ((core >= _NEARLY) | (plain == 1.0)) & unrivalled
    elsewhere_housed = features[["in_post", "itinerant", "goes_round"]].eq(0.0).any(axis=1) | (
        features["single"] == 1.0
    )
    guest = (features["desk"].to_numpy() < 1.0) & (service != 1.0) & (core < _NEARLY) & ~alike
    return np.asarray(
        ((service >= _SAID) | told) & ~several & ~guest & (~moved | (same & ~elsewhere_housed)), dtype=bool
    )


def worth_a_question(features: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Whether anything but a kind and a town speaks for a pair: a kind of evidence, a street, a name, or no name at all."""
    spoken = np.column_stack(list(kinds_of_evidence(features).values())).any(axis=1)
    street, name, core, plain, distance = (
        features[column].to_numpy() for column in ("street", "name", "core", "plain", "distance")
    )
    nearly = (street >= _ALIKE) | (distance <= _SAME_SPOT_M) | (core >= _NEARLY) | (name >= _ALIKE) | (plain == 1.0)
    return np.asarray(spoken | nearly, dtype=bool)


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


def elsewhere(features: pd.DataFrame) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Whether two rows of one list are of two streets, and whether their points say so too and no contact the contrary:
    who writes one name at two addresses means two doors.
    """
    far = features["distance"] > _SAME_SPOT_M
    away = (features["street"] < _OTHER) & features["distance"].isna() | (features["street"] < _HARDLY) & far
    told = far & ~features[["phone", "email"]].eq(1).any(axis=1)
    return np.asarray(away, dtype=bool), np.asarray(told, dtype=bool)


def at_the_door(features: pd.DataFrame) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Whether a pair has one street and no contrary number, or a contact that few share; and whether a number or a point
    says it too: of a street to its number no distance is a contradiction, for points are given by streets.
    """
    kinds, street = kinds_of_evidence(features), (features["commune"] != 0).to_numpy()
    number, alike = features["number"].to_numpy(), features["street"].to_numpy()
    plain = kinds["address"] | (street & (alike >= _HARDLY) & (number != 0) & kinds["point"])
    return np.asarray(plain | kinds["contact"] | (street & (alike >= _ALIKE) & (number != 0))), np.asarray(plain)


def _unrivalled(
    pairs: tuple[Positions, Positions], likely: npt.NDArray[np.bool_], *, many: bool
) -> npt.NDArray[np.bool_]:
    """Whether a pair is the only likely one of its records."""
    alone = np.ones(len(likely), dtype=bool)
    for side in pairs[:1] if many else pairs:
        count = np.bincount(side[likely], minlength=int(side.max(initial=-1)) + 1)
        alone &= count[side] <= 1
    return alone


def _choose(pairs: tuple[Positions, Positions], score: Values, floor: float, *, many: bool) -> Positions:
    """One pair a left row; and, one to one, a right row: there a pair no likelier than `floor` adds nothing."""
    return _best_of_each(pairs, score) if many else _assign(pairs, score, floor)


def _best_of_each(pairs: tuple[Positions, Positions], score: Values) -> Positions:
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
    gain = np.maximum(_logit(score) - _logit(np.array([floor])), 0.0) + 1e-6
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
