"""What two records agree and disagree on; NaN where one of them is silent, which is no evidence."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import cpdist

from fs_pipeline.linkage.blocking import each_of
from fs_pipeline.linkage.naming import LABEL, LABELS
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
    "body",
    "itinerant",
    "antenne",
    "digits",
)
_COMMON = 4  # a value borne by more records than this is shared by a carrier, not by one place
_SAME_NAME = 0.9
_LONG_MAILBOX = 6  # letters of a mailbox of which one may be a slip
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
    branch = _branch_named(sides)
    for name in ("core", "own", "name"):
        found[name] = np.fmax(_similar(*sides[name]), branch)
    found["street"] = _similar(*sides["street"])
    found["number"] = _equal(*sides["number"])
    found["commune"] = np.fmax(_equal(*sides["insee"]), _coded_alike(sides["insee"], sides["insee_coded"]))
    told = np.fmax(_one_of(sides["towns"][0], sides["insee"][1]), _one_of(sides["towns"][1], sides["insee"][0]))
    found["commune"] = found["commune"].where(found["commune"].notna(), told)
    other = np.flatnonzero(found["commune"] == 0.0)
    found.loc[other[_named(sides["name"], sides["town"], other)], "commune"] = np.nan
    points = (sides[name][side].astype("float64") for side in (0, 1) for name in ("longitude", "latitude"))
    found["distance"] = great_circle_m(*points)
    for name in ("phone", "email", "domain"):
        alike, shared = _shared(*sides[name], mailbox=name == "email")
        found[name] = _weighed(alike, shared, left[name], right[name])
    found["siret"] = _equal(*sides["siret"])
    found["hours"] = _overlap(*sides["hours"])
    found["service"] = _service(sides["family"], sides["services"])
    found["body"] = _shared(*sides["body"])[0]
    nameless = sum(pd.isna(side).astype(int) for side in sides["core"])
    found["plain"] = np.where((nameless > 0) & (found["service"] >= 0.75), nameless / 2.0, np.nan)
    single = (sides["single"][0] & sides["single"][1]).astype(bool) & (found["plain"] == 1.0)
    found["single"] = np.where(single, found["commune"], np.nan)
    found["alone"] = np.nan if right is left else _alone(left, right, pairs)
    for name in ("itinerant", "antenne", "digits"):
        found[name] = _equal(*sides[name])
    # A bus is where it stops that day: two streets tell two stops apart, and nothing else of where they are does.
    buses = np.asarray((sides["itinerant"][0] == True) & (sides["itinerant"][1] == True), dtype=bool)  # noqa: E712
    for name in ("number", "commune"):
        found.loc[buses & (found[name] < _OTHER).to_numpy(), name] = np.nan
    found.loc[buses & (found["distance"] > _NEAR_M).to_numpy(), "distance"] = np.nan
    return found[list(FEATURES)]


def vetoed(left: pd.DataFrame, right: pd.DataFrame, pairs: tuple[Positions, Positions]) -> npt.NDArray[np.bool_]:
    """Whether the services of two records are of two families: one place may house the other, never be it."""
    sides = _take(left, "family", pairs[0]), _take(right, "family", pairs[1])
    return np.asarray(_equal(*sides) == 0.0, dtype=bool)


def other_body(left: pd.DataFrame, right: pd.DataFrame, pairs: tuple[Positions, Positions]) -> npt.NDArray[np.bool_]:
    """Whether two charities, operators or desks name the two rows: neither is the other, nor houses it."""
    apart = _shared(_take(left, "body", pairs[0]), _take(right, "body", pairs[1]))[0] == 0.0
    labelled = [
        frame["service"].isin(LABELS).to_numpy()[side] for frame, side in zip((left, right), pairs, strict=True)
    ]
    return np.asarray(apart & ~labelled[0] & ~labelled[1], dtype=bool)


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


def _shared(
    first: npt.NDArray[np.object_], second: npt.NDArray[np.object_], *, mailbox: bool = False
) -> tuple[Values, npt.NDArray[np.object_]]:
    """1 where two joined sets of values share one, 0 where they do not; and the first side's value that is shared.

    Two mailboxes of one domain that one letter parts are one, unless it is a figure.
    """
    alike = _equal(first, second)
    shared = first.copy()
    shared[alike != 1.0] = None
    for position in np.flatnonzero(alike == 0.0):
        one, two = first[position], second[position]
        if "|" in one or "|" in two:
            both = sorted(set(one.split("|")) & set(two.split("|")))
            if both:
                alike[position], shared[position] = 1.0, both[0]
        elif mailbox and _one_letter_apart(one, two):
            alike[position], shared[position] = 1.0, one
    return alike, shared


def _one_letter_apart(one: str, two: str) -> bool:
    mailbox, _, domain = one.partition("@")
    other, _, same = two.partition("@")
    if domain != same or min(len(mailbox), len(other)) < _LONG_MAILBOX:
        return False
    figures = [[letter for letter in name if letter.isdigit()] for name in (mailbox, other)]
    return figures[0] == figures[1] and DamerauLevenshtein.distance(mailbox, other, score_cutoff=1) <= 1


def _weighed(alike: Values, shared: npt.NDArray[np.object_], left: pd.Series, right: pd.Series) -> Values:
    """Agreement on a value that many records of a list bear says nothing."""
    agreeing = np.flatnonzero(alike == 1.0)
    borne = pd.Series(shared[agreeing], dtype=object)
    most = np.fmax(*(borne.map(each_of(column).value_counts()).to_numpy(dtype=float) for column in (left, right)))
    found = alike.copy()
    found[agreeing[most > _COMMON]] = np.nan
    return found


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
    kinds: tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]],
) -> Values:
    """1 for one family, 0.75 for a kind of place that both say, of which a house may hold several, 0 for others.

    0.5 where the label's word stands on one side only.
    """
    known = _equal(*family)
    labelled = [pd.Series(side).str.contains(LABEL, regex=False, na=False).to_numpy() for side in kinds]
    one_sided = ~_both(*kinds) & (labelled[0] | labelled[1])
    heard = np.where(_shared(*kinds)[0] == 1.0, 0.75, np.where(_both(*kinds), 0.0, np.nan))
    # What one house holds together is no contradiction: « Pimms » beside « France services Pimms ».
    known = np.where((known == 1.0) | ((known == 0.0) & (heard != 0.75)), known, heard)
    return np.where(one_sided, 0.5, known)


def _branch_named(sides: Mapping[str, tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]]) -> Values:
    """0.9, less than one name, where one side alone is a branch and the other bears its name or its parent's, in one service.

    « Chambre d'agriculture - antenne de Bernay » is no branch of the house at Bernay.
    """
    branch = [pd.notna(side) for side in sides["site"]]
    asked = np.flatnonzero((branch[0] != branch[1]) & (_equal(*sides["family"]) == 1.0))
    found = np.full(len(branch[0]), np.nan)
    for part in ("site", "parent"):
        for one, two in ((sides[part][0], sides["own"][1]), (sides["own"][0], sides[part][1])):
            alike = _similar(one[asked], two[asked])
            found[asked] = np.fmax(found[asked], np.where(alike >= _SAME_NAME, _SAME_NAME, np.nan))
    return found


def _one_of(towns: npt.NDArray[np.object_], insee: npt.NDArray[np.object_]) -> Values:
    """1 where a commune is the one that a name says, nothing known where it is one of its namesakes, else 0."""
    found = np.full(len(towns), np.nan)
    for position in np.flatnonzero(_both(towns, insee)):
        codes = towns[position].split("|")
        found[position] = (1.0 if len(codes) == 1 else np.nan) if insee[position] in codes else 0.0
    return found
