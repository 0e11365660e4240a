"""Which pairs are worth comparing: same commune, near each other, or sharing a phone, a mail, a SIRET, an official id.

In a crowded commune a pair must share more than the commune: a rare word, a street, a contact, a door. So a record has
few candidates however many rows its commune has, and the work grows as the list does.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree

from fs_pipeline.linkage.official import names_alone
from fs_pipeline.linkage.preparation import Positions
from fs_pipeline.sphere import EARTH_RADIUS_M, unit_vectors

NEAR_M = 1_000.0
_SAME_DOOR_M = 150.0  # near, in a crowded commune
_CROWDED = 40_000  # pairs of one commune above which its name alone is not enough
_CROWDED_SPARING = 2_500  # the same, where a pair that nothing but the commune joins is not wanted
_COMMON = 25  # a value that more records than this share in one list says nothing
_OWN = 4  # records that share a contact wherever they are; what more share counts with a département
# A SIRET is the carrier's and a street has namesakes: they count with a place.
_TOGETHER = (("siret", "insee"), ("departement", "street", "number"))
_CODE_AND_NAME = (("insee", "insee_coded"), ("insee_coded", "insee"), ("insee_coded", "insee_coded"))
_LONG = 4  # letters of a word that may be rare
_RARE = 12  # records that may share a word of their name in a crowded commune

Pairs = tuple[Positions, Positions]


def candidate_pairs(left: pd.DataFrame, right: pd.DataFrame | None = None, *, sparing: bool = False) -> Pairs:
    """Positions of the pairs to compare, sorted, each once; within one list (left < right) without `right`.

    Parameters
    ----------
    left, right
        As ``preparation.prepare`` gives.
    sparing
        Only pairs that may be one place, and few a record however long the list: no pair of two families, of which one
        can only house the other.
    """
    other = left if right is None else right

    def sharing(keys: Callable[[pd.DataFrame], pd.Series], most: float = _COMMON) -> Pairs:
        first = _borne_by_few(keys(left), most)
        return _join(first, first if right is None else _borne_by_few(keys(other), most))

    crowded = _crowded(left, other, _CROWDED_SPARING if sparing else _CROWDED)
    parts = [_of_communes(left, other, crowded), *_near(left, other, crowded)]
    for column in ("phone", "email"):
        parts.append(sharing(partial(_contacts, column), _OWN if sparing else _COMMON))
        if sparing:
            parts.append(sharing(partial(_local_contacts, column)))
    parts.append(sharing(partial(_contacts, "official_id")))
    parts += [
        _join(each_of(left["towns"]), other["insee"].dropna()),
        _join(left["insee"].dropna(), each_of(other["towns"])),
    ]
    parts.append(sharing(names_alone))
    parts += [sharing(partial(_joined, columns)) for columns in _TOGETHER]
    parts += [_join(*(_borne_by_few(key.dropna()) for key in (left[a], other[b]))) for a, b in _CODE_AND_NAME]
    parts.append(sharing(_rare_words, np.inf))
    if sparing:
        parts = [_of_one_family(left, other, part) for part in parts]
    if right is None:
        parts = [(np.minimum(a, b)[a != b], np.maximum(a, b)[a != b]) for a, b in parts]
    codes = np.concatenate([a * len(other) + b for a, b in parts])
    codes.sort()
    codes = codes[np.diff(codes, prepend=-1) > 0]
    size = max(len(other), 1)
    return codes // size, codes % size


def each_of(joined: pd.Series) -> pd.Series:
    """One row a record and value of a column that may hold several."""
    known = joined.dropna()
    several = np.array(["|" in text for text in known], dtype=bool)
    if not several.any():
        return known
    each: pd.Series = pd.concat([known[~several], known[several].str.split("|").explode()])
    return each


def _of_one_family(left: pd.DataFrame, right: pd.DataFrame, pairs: Pairs) -> Pairs:
    """The pairs whose services are of one family, or not known."""
    codes = pd.factorize(pd.concat([left["family"], right["family"]]))[0]
    first, second = codes[: len(left)][pairs[0]], codes[len(left) :][pairs[1]]
    kept = (first == second) | (first < 0) | (second < 0)
    return pairs[0][kept], pairs[1][kept]


def _contacts(column: str, frame: pd.DataFrame) -> pd.Series:
    return each_of(frame[column])


def _local_contacts(column: str, frame: pd.DataFrame) -> pd.Series:
    """Contacts with the département of their record; nothing where it is not known."""
    values = each_of(frame[column])
    where = frame["departement"].to_numpy(dtype=object)[values.index.to_numpy()]
    keys = [f"{code}|{value}" if code else None for code, value in zip(where, values, strict=True)]
    return pd.Series(keys, index=values.index, dtype=object).dropna()


def _joined(columns: tuple[str, ...], frame: pd.DataFrame) -> pd.Series:
    """The values of several columns as one, of the records that have all."""
    known = frame[list(columns)].dropna()
    keys = ["|".join(cells) for cells in zip(*(known[column] for column in columns), strict=True)]
    return pd.Series(keys, index=known.index, dtype=object)


def _rare_words(frame: pd.DataFrame) -> pd.Series:
    """Words of a name's own that few records of a département bear, one row a record and word."""
    own, words = _words_of(frame.loc[frame["own"].notna() & frame["departement"].notna(), "own"])
    long = np.array([len(word) >= _LONG for word in words], dtype=bool)
    return _rare(frame["departement"], own[long], words[long])


def _words(frame: pd.DataFrame, crowded: set[str]) -> pd.Series:
    """Rare words of names and streets in a crowded commune, one row a record and word."""
    rows = frame[frame["insee"].isin(crowded)]
    core, words = _words_of(rows["core"].dropna())
    street = rows["street"].dropna()
    streets = np.array([f"@{text}" for text in street], dtype=object)
    return _rare(frame["insee"], np.concatenate([core, street.index.to_numpy()]), np.concatenate([words, streets]))


def _words_of(texts: pd.Series) -> tuple[Positions, npt.NDArray[np.object_]]:
    """Each word of some texts, and its record."""
    counts = np.array([text.count(" ") + 1 for text in texts], dtype=np.int64)
    words = np.array(" ".join(texts).split(" ") if len(texts) else [], dtype=object)
    return np.repeat(texts.index.to_numpy(dtype=np.int64), counts), words


def _rare(places: pd.Series, record: Positions, words: npt.NDArray[np.object_]) -> pd.Series:
    """Of each record's words those that few records of its place bear, with the place, one row a record and word."""
    place, word = pd.factorize(places)[0][record], pd.factorize(words)[0]
    both = pd.factorize(place * (word.max(initial=0) + 1) + word)[0]
    rare = np.flatnonzero(np.bincount(both, minlength=1)[both] <= _RARE)
    where = places.to_numpy(dtype=object)[record[rare]]
    keys = [f"{code}|{text}" for code, text in zip(where, words[rare], strict=True)]
    return pd.Series(keys, index=record[rare], dtype=object)


def _borne_by_few(values: pd.Series, most: float = _COMMON) -> pd.Series:
    codes = pd.factorize(values)[0]
    return values[np.bincount(codes, minlength=1)[codes] <= most] if len(values) else values


def _join(left: pd.Series, right: pd.Series) -> Pairs:
    """The records that share a value; of one series with itself each pair once."""
    codes = pd.factorize(np.concatenate([left.to_numpy(dtype=object), right.to_numpy(dtype=object)]))[0]
    one, two = codes[: len(left)], codes[len(left) :]
    order = np.argsort(two, kind="stable")
    ends = np.cumsum(np.bincount(two, minlength=int(codes.max(initial=-1)) + 1))
    if left is right:  # each with those after it
        one, first = two[order], order
        begins = np.arange(1, len(order) + 1)
    else:
        first = np.arange(len(one))
        begins = (ends - np.diff(ends, prepend=0))[one]
    counts = ends[one] - begins
    rank = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    second = order[np.repeat(begins, counts) + rank]
    return (
        left.index.to_numpy(dtype=np.int64)[np.repeat(first, counts)],
        right.index.to_numpy(dtype=np.int64)[second],
    )


def _crowded(left: pd.DataFrame, right: pd.DataFrame, most: int) -> set[str]:
    sizes = left["insee"].value_counts() * right["insee"].value_counts()
    return set(sizes[sizes > most].index)


def _of_communes(left: pd.DataFrame, right: pd.DataFrame, crowded: set[str]) -> Pairs:
    def calm(frame: pd.DataFrame) -> pd.Series:
        known = frame["insee"].dropna()
        return known[~known.isin(crowded)] if crowded else known

    first, words = calm(left), _words(left, crowded)
    same = left is right
    parts = [_join(first, first if same else calm(right)), _join(words, words if same else _words(right, crowded))]
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def _near(left: pd.DataFrame, right: pd.DataFrame, crowded: set[str]) -> list[Pairs]:
    """Pairs near each other; of two records in crowded communes, those at one door."""
    sides = []
    for frame in (left, right):
        points = frame[["latitude", "longitude"]].dropna()
        dense = frame["insee"].isin(crowded).to_numpy()[points.index.to_numpy()]
        sides.append((points, points[~dense], points[dense]))
    (all_left, calm_left, dense_left), (_, calm_right, dense_right) = sides
    return [
        _within(all_left, calm_right, NEAR_M),
        _within(calm_left, dense_right, NEAR_M),
        _within(dense_left, dense_right, _SAME_DOOR_M),
    ]


def _within(left: pd.DataFrame, right: pd.DataFrame, metres: float) -> Pairs:
    if left.empty or right.empty:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    vectors = (unit_vectors(points["longitude"].to_numpy(), points["latitude"].to_numpy()) for points in (left, right))
    one, two = (cKDTree(each) for each in vectors)
    near = one.sparse_distance_matrix(two, metres / EARTH_RADIUS_M, output_type="ndarray")
    return left.index.to_numpy(np.int64)[near["i"]], right.index.to_numpy(np.int64)[near["j"]]
