"""What is said of a pair by what stands round it: rivals on both sides, who says the label, how many kinds of evidence.

The first model (``model.py``) reads two records alone. The second reads its probability beside the other candidates of
both records, and counts evidence by kinds that do not depend on one another: a contact that few share, an address to its
number, the name's own words, a point.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from fs_pipeline.linkage.naming import LABELS
from fs_pipeline.linkage.preparation import Positions

Values = npt.NDArray[np.float64]
_MOST = 8.0  # of a logit, and of the gap between two
_ALIKE, _OTHER, _SAME_POINT_M, _MOVED_M = 0.9, 0.6, 50.0, 1_000.0
_SAID = 0.75  # of ``service``: both say one family or kind


def context(
    right: pd.DataFrame,
    pairs: tuple[Positions, Positions],
    score: Values,
    possible: npt.NDArray[np.bool_],
    features: pd.DataFrame,
    *,
    many: bool,
) -> dict[str, Values]:
    """Pieces of evidence in 0..1, named ``…+`` (for) or ``…-`` (against), one value a pair.

    Parameters
    ----------
    right, pairs, features
        As ``comparison.compare`` takes and gives.
    score
        The first probability of each pair.
    possible
        Pairs that no rule refuses: the others are nobody's rival.
    many
        Whether several left rows may be one right place, and so are not rivals of each other.
    """
    logit = np.clip(_logit(score), -_MOST, _MOST)
    kinds = kinds_of_evidence(features)
    street, distance = (features[name].to_numpy() for name in ("street", "distance"))
    service, commune = (features[name].to_numpy() for name in ("service", "commune"))
    contact = np.column_stack([features[name].to_numpy() for name in ("phone", "email")])
    said = service >= _SAID
    gaps = [_gap(pairs[0], logit, possible), np.ones(len(score)) if many else _gap(pairs[1], logit, possible)]
    found = {
        "first+": np.maximum(logit, 0.0) / _MOST,
        "first-": np.maximum(-logit, 0.0) / _MOST,
        "ahead+": np.minimum(*gaps).clip(0.0, 1.0),
        "behind-": -np.minimum(*gaps).clip(-1.0, 0.0),
        "kinds+": sum(kinds.values()) / len(kinds),
        "kinds, said+": said * sum(kinds.values()) / len(kinds),
        "both contacts+": (contact == 1.0).all(axis=1),
        "unsaid-": ~said,
        "other service-": service == 0.0,
        "other body-": features["body"].to_numpy() == 0.0,
        "label beside-": _label_beside(right, pairs, score, possible, said),
        "other contact-": (contact == 0.0).any(axis=1) & ~(contact == 1.0).any(axis=1),
        "other name-": features["core"].to_numpy() < _OTHER,
        "elsewhere-": commune == 0.0,
        "moved-": (street < _OTHER) & (distance > _MOVED_M),
        "moves-": features["itinerant"].to_numpy() == 0.0,
        "branch-": (features["antenne"].to_numpy() == 0.0) & ~(kinds["address"] | kinds["own words"]),
        **{f"{name}+": values for name, values in kinds.items()},
    }
    return {name: np.nan_to_num(np.asarray(values, dtype=np.float64)) for name, values in found.items()}


def kinds_of_evidence(features: pd.DataFrame) -> dict[str, npt.NDArray[np.bool_]]:
    """Whether each kind of evidence speaks for a pair."""
    column = {name: features[name].to_numpy(dtype=np.float64) for name in features.columns}
    here = column["commune"] != 0.0
    return {
        "contact": (column["phone"] == 1.0) | (column["email"] == 1.0),
        "address": (column["street"] >= _ALIKE) & (column["number"] == 1.0) & here,
        "own words": column["core"] >= _ALIKE,
        "point": column["distance"] <= _SAME_POINT_M,
    }


def _gap(side: Positions, logit: Values, possible: npt.NDArray[np.bool_]) -> Values:
    """How far each pair is ahead of the best other one of its record, -1..1; 1 where there is none."""
    order = np.lexsort((-logit, side))
    kept = order[possible[order]]
    size = int(side.max(initial=-1)) + 1
    best, second, holder = np.full(size, -_MOST), np.full(size, -_MOST), np.full(size, -1, dtype=np.int64)
    records, first = np.unique(side[kept], return_index=True)
    best[records], holder[records] = logit[kept[first]], kept[first]
    others = np.setdiff1d(np.arange(len(kept)), first, assume_unique=True)
    records, next_one = np.unique(side[kept[others]], return_index=True)
    second[records] = logit[kept[others[next_one]]]
    rival = np.where(holder[side] == np.arange(len(side)), second[side], best[side])
    return np.clip((logit - rival) / _MOST, -1.0, 1.0)


def _label_beside(
    right: pd.DataFrame,
    pairs: tuple[Positions, Positions],
    score: Values,
    possible: npt.NDArray[np.bool_],
    said: npt.NDArray[np.bool_],
) -> npt.NDArray[np.bool_]:
    """Whether the pair does not say the label on both sides, and another row of the left list that does is likelier."""
    labelled = right["service"].isin(LABELS).to_numpy()[pairs[1]]
    size = int(pairs[1].max(initial=-1)) + 1
    best = np.zeros(size)
    np.maximum.at(best, pairs[1][possible & said], score[possible & said])
    return np.asarray(labelled & ~said & (best[pairs[1]] > score), dtype=bool)


def _logit(score: Values) -> Values:
    held = np.clip(score, 1e-9, 1.0 - 1e-9)
    return np.asarray(np.log(held / (1.0 - held)))
