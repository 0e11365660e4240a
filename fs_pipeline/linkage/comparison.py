"""What two records agree and disagree on; NaN where one of them is silent, which is no evidence."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from fs_pipeline.linkage.preparation import Positions
from fs_pipeline.sphere import great_circle_m

Values = npt.NDArray[np.float64]
FEATURES = (
    "core",
    "own",
    "name",
    "plain",
    "single",
    "alone",
    "street",
    "number",
    "commune",
    "distance",
    "phone",
    "email",
    "domain",
    "siret",
    "hours",
    "service",
    "itinerant",
    "antenne",
    "type_itinerant",
    "type_antenne",
    "digits",
)
_COMMON = 4  # a value borne by more records than this is shared by a carrier, not by one place
_MANY_PEOPLE = 20
_OTHER, _NEAR_M = 0.6, 1_000.0


def compare(left: pd.DataFrame, right: pd.DataFrame, pairs: tuple[Positions, Positions]) -> pd.DataFrame:
    """One row a pair: similarities in 0..1, ``distance`` in metres, ``number`` and the like 1 equal or 0 different.

    Parameters
    ----------
    left, right
        As ``preparation.prepare`` gives.
    pairs
        Positions in each.
    """
    a, b = pairs
    found = pd.DataFrame(index=pd.RangeIndex(len(a)))
    sides = {name: (_take(left, name, a), _take(right, name, b)) for name in left.columns}
    found["core"] = _similar(*sides["core"])
    found["own"] = _similar(*sides["own"])
    found["name"] = _similar(*sides["name"])
    found["street"] = _similar(*sides["street"])
    found["number"] = _equal(*sides["number"])
    found["commune"] = np.fmax(_equal(*sides["insee"]), _coded_alike(sides["insee"], sides["insee_coded"]))
    other = np.flatnonzero(found["commune"] == 0.0)
    found.loc[other[_named(sides["name"], sides["town"], other)], "commune"] = np.nan
    points = (sides[name][side].astype("float64") for side in (0, 1) for name in ("longitude", "latitude"))
    found["distance"] = great_circle_m(*points)
    found["phone"] = _weighed(_equal(*sides["phone"]), left["phone"], right["phone"], a, b)
    found["email"] = _weighed(_equal(*sides["email"]), left["email"], right["email"], a, b)
    found["domain"] = _weighed(_equal(*sides["domain"]), left["domain"], right["domain"], a, b, _MANY_PEOPLE)
    found["siret"] = _equal(*sides["siret"])
    found["hours"] = _overlap(*sides["hours"])
    found["service"] = _service(sides["family"], sides["service"])
    nameless = sum(pd.isna(side).astype(int) for side in sides["core"])
    found["plain"] = np.where((nameless > 0) & (found["service"] >= 0.75), nameless / 2.0, np.nan)
    single = (sides["single"][0] & sides["single"][1]).astype(bool) & (found["plain"] == 1.0)
    found["single"] = np.where(single, found["commune"], np.nan)
    found["alone"] = np.nan if right is left else _alone(left, right, pairs)
    for name in ("itinerant", "antenne", "type_itinerant", "type_antenne"):
        found[name] = _equal(*sides[name])
    found["digits"] = _equal(*sides["digits"])
    # A bus is where it stops that day: another place says nothing against it.
    buses = np.asarray((sides["itinerant"][0] == 1) & (sides["itinerant"][1] == 1), dtype=bool)
    for name in ("street", "number", "commune"):
        found.loc[buses & (found[name] < _OTHER).to_numpy(), name] = np.nan
    found.loc[buses & (found["distance"] > _NEAR_M).to_numpy(), "distance"] = np.nan
    return found[list(FEATURES)]


def vetoed(left: pd.DataFrame, right: pd.DataFrame, pairs: tuple[Positions, Positions]) -> npt.NDArray[np.bool_]:
    """Whether the services of two records are of two families: one place may house the other, never be it."""
    first, second = _take(left, "family", pairs[0]), _take(right, "family", pairs[1])
    known = np.asarray(pd.notna(first) & pd.notna(second))
    return np.asarray(known & (first != second), dtype=bool)


def _take(frame: pd.DataFrame, column: str, positions: Positions) -> npt.NDArray[np.object_]:
    return frame[column].to_numpy(dtype=object)[positions]


def _both(first: npt.NDArray[np.object_], second: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    return np.asarray(pd.notna(first) & pd.notna(second), dtype=bool)


def _equal(first: npt.NDArray[np.object_], second: npt.NDArray[np.object_]) -> Values:
    return np.where(_both(first, second), np.where(first == second, 1.0, 0.0), np.nan)


def _coded_alike(
    told: tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]],
    coded: tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]],
) -> Values:
    """1 where a code that its own record contradicts says what the other side says."""
    pairs = ((told[0], coded[1]), (coded[0], told[1]), (coded[0], coded[1]))
    return np.where(np.any([_equal(*each) == 1.0 for each in pairs], axis=0), 1.0, np.nan)


def _named(
    name: tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]],
    town: tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]],
    rows: Positions,
) -> npt.NDArray[np.bool_]:
    """Whether one side's name holds the other's commune: its own commune is then that of a seat, or a slip."""
    cells = zip(*(side[rows] for side in (*name, *town)), strict=True)
    return np.array([_holds(one, there) or _holds(two, here) for one, two, here, there in cells], dtype=bool)


def _holds(name: str | None, town: str | None) -> bool:
    return bool(name and town and f" {town} " in f" {name} ")


def _similar(first: npt.NDArray[np.object_], second: npt.NDArray[np.object_]) -> Values:
    """The mean of a similarity of whole texts and one of shared words, 0..1."""
    both = _both(first, second)
    found = np.full(len(first), np.nan)
    if both.any():
        one, two = list(first[both]), list(second[both])
        whole = cpdist(one, two, scorer=fuzz.token_sort_ratio, dtype=np.float64)
        shared = cpdist(one, two, scorer=fuzz.token_set_ratio, dtype=np.float64)
        found[both] = (whole + shared) / 200.0
    return found


def _weighed(
    equal: Values, left: pd.Series, right: pd.Series, a: Positions, b: Positions, common: int = _COMMON
) -> Values:
    """Agreement on a value that many records bear is worth less: half, or nothing said."""
    counts = []
    for column, positions in ((left, a), (right, b)):
        known = column.map(column.value_counts()).to_numpy(dtype=float)
        counts.append(known[positions])
    most = np.fmax(counts[0], counts[1])
    shared = np.where(most > common, np.nan, 1.0)
    return np.where(equal == 1.0, shared, equal)


def _overlap(first: npt.NDArray[np.object_], second: npt.NDArray[np.object_]) -> Values:
    """Shared share of the open half-hours of two weeks."""
    both = _both(first, second)
    found = np.full(len(first), np.nan)
    found[both] = [
        (one & two).bit_count() / (one | two).bit_count() for one, two in zip(first[both], second[both], strict=True)
    ]
    return found


def _alone(left: pd.DataFrame, right: pd.DataFrame, pairs: tuple[Positions, Positions]) -> Values:
    """1 where each list knows one place of this family in this commune, half where the right one does; else 0."""
    keys = [frame["insee"] + "|" + frame["family"] for frame in (left, right)]
    counts = [
        keyed.map(keyed.value_counts()).to_numpy(dtype=float)[side] for keyed, side in zip(keys, pairs, strict=True)
    ]
    same = keys[0].to_numpy(dtype=object)[pairs[0]] == keys[1].to_numpy(dtype=object)[pairs[1]]
    only = (counts[1] == 1) * np.where(counts[0] == 1, 1.0, 0.5)
    known = np.isfinite(counts[0]) & np.isfinite(counts[1]) & same
    return np.where(known, only, np.nan)


def _service(
    family: tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]],
    kind: tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]],
) -> Values:
    """1 for one family, 0.75 for one kind of place of which a house may hold several, 0 for two of either.

    0.5 where the label's word stands on one side only.
    """
    label = "france_services"
    one_sided = ~_both(*kind) & ((kind[0] == label) | (kind[1] == label))
    heard = np.where(_equal(*kind) == 1.0, 0.75, _equal(*kind))
    known = np.where(_both(*family), _equal(*family), heard)
    return np.where(one_sided, 0.5, known)
