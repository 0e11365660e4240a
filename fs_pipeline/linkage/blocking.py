"""Which pairs are worth comparing: same commune, near each other, or sharing a phone, a mail, a SIRET, an official id."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from fs_pipeline.linkage.official import names_alone
from fs_pipeline.linkage.preparation import Positions
from fs_pipeline.sphere import EARTH_RADIUS_M, unit_vectors

NEAR_M = 1_000.0
_CROWDED = 40_000  # pairs of one commune above which its name alone is not enough
_COMMON = 25  # a value that more records than this share in one list says nothing
# A SIRET is the carrier's and a street has namesakes: they count with a place.
_TOGETHER = (("siret", "insee"), ("departement", "street", "number"))
_CODE_AND_NAME = (("insee", "insee_coded"), ("insee_coded", "insee"), ("insee_coded", "insee_coded"))
_RARE = 12  # records that may share a word of their name in a crowded commune


def candidate_pairs(left: pd.DataFrame, right: pd.DataFrame | None = None) -> tuple[Positions, Positions]:
    """Positions of the pairs to compare, sorted, each once; within one list (left < right) without `right`.

    Parameters
    ----------
    left, right
        As ``preparation.prepare`` gives.
    """
    other = left if right is None else right
    parts = [_of_communes(left, other), _near(left, other)]
    parts += [_sharing(each_of(left[column]), each_of(other[column])) for column in ("phone", "email", "official_id")]
    parts += [
        _join(each_of(left["towns"]), other["insee"].dropna()),
        _join(left["insee"].dropna(), each_of(other["towns"])),
    ]
    parts.append(_sharing(names_alone(left), names_alone(other)))
    parts += [_sharing(_joined(left, *columns), _joined(other, *columns)) for columns in _TOGETHER]
    parts += [_sharing(left[one], other[two]) for one, two in _CODE_AND_NAME]
    parts.append(_join(_rare_words(left), _rare_words(other)))
    joined = np.concatenate([a * len(other) + b for a, b in parts])
    codes = np.sort(joined)
    codes = codes[np.diff(codes, prepend=-1) > 0]
    first, second = codes // max(len(other), 1), codes % max(len(other), 1)
    if right is None:
        kept = first < second
        first, second = first[kept], second[kept]
    return first.astype(np.int64), second.astype(np.int64)


def each_of(joined: pd.Series) -> pd.Series:
    """One row a record and value of a column that may hold several."""
    known = joined.dropna()
    several = known.str.contains("|", regex=False).to_numpy(dtype=bool) if len(known) else np.zeros(0, dtype=bool)
    each: pd.Series = pd.concat([known[~several], known[several].str.split("|").explode()])
    return each


def _joined(frame: pd.DataFrame, *columns: str) -> pd.Series:
    """The values of several columns as one; nothing where one is not known."""
    joined = frame[columns[0]].astype(object)
    for column in columns[1:]:
        joined = joined + "|" + frame[column].astype(object)
    return joined


def _rare_words(frame: pd.DataFrame) -> pd.Series:
    """Words of a name's own that few records of a département bear, one row a record and word."""
    known = frame[frame["own"].notna() & frame["departement"].notna()]
    words = known["own"].str.split().explode()
    words = words[words.str.len() >= 4]
    keyed = known["departement"].loc[words.index] + "|" + words
    return keyed[keyed.map(keyed.value_counts()) <= _RARE]


def _sharing(left: pd.Series, right: pd.Series) -> tuple[Positions, Positions]:
    """Pairs that share a value which few share."""
    sides = []
    for values in (left, right):
        known = values[values.notna()]
        counts = known.map(known.value_counts())
        sides.append(known[counts <= _COMMON])
    return _join(sides[0], sides[1])


def _join(left: pd.Series, right: pd.Series) -> tuple[Positions, Positions]:
    a = pd.DataFrame({"key": left.to_numpy(), "left": left.index.to_numpy()})
    b = pd.DataFrame({"key": right.to_numpy(), "right": right.index.to_numpy()})
    pairs = a.merge(b, on="key")
    return pairs["left"].to_numpy(np.int64), pairs["right"].to_numpy(np.int64)


def _of_communes(left: pd.DataFrame, right: pd.DataFrame) -> tuple[Positions, Positions]:
    known_left, known_right = left["insee"].dropna(), right["insee"].dropna()
    sizes = known_left.value_counts() * known_right.value_counts()
    crowded = set(sizes[sizes > _CROWDED].index)
    if not crowded:
        return _join(known_left, known_right)
    calm = _join(known_left[~known_left.isin(crowded)], known_right[~known_right.isin(crowded)])
    words = _join(_words(left, crowded), _words(right, crowded))
    return np.concatenate([calm[0], words[0]]), np.concatenate([calm[1], words[1]])


def _words(frame: pd.DataFrame, crowded: set[str]) -> pd.Series:
    """Rare words of names and streets in a crowded commune, one row a record and word."""
    rows = frame[frame["insee"].isin(crowded)]
    keys: list[str] = []
    where: list[int] = []
    for position, insee, core, street in zip(rows.index, rows["insee"], rows["core"], rows["street"], strict=True):
        words = {*(core or "").split(), f"@{street}" if street else ""} - {""}
        keys.extend(f"{insee}|{word}" for word in sorted(words))
        where.extend([int(position)] * len(words))
    found = pd.Series(keys, index=where, dtype=object)
    return found[found.map(found.value_counts()) <= _RARE] if len(found) else found


def _near(left: pd.DataFrame, right: pd.DataFrame) -> tuple[Positions, Positions]:
    points = [frame[["latitude", "longitude"]].dropna() for frame in (left, right)]
    if points[0].empty or points[1].empty:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    trees = [cKDTree(unit_vectors(part["longitude"].to_numpy(), part["latitude"].to_numpy())) for part in points]
    near = trees[0].sparse_distance_matrix(trees[1], NEAR_M / EARTH_RADIUS_M, output_type="ndarray")
    first = points[0].index.to_numpy(np.int64)[near["i"]]
    second = points[1].index.to_numpy(np.int64)[near["j"]]
    return first, second
