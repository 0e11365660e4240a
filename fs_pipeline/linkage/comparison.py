"""What two records agree and disagree on; NaN where one of them is silent, which is no evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import cpdist

from fs_pipeline.linkage.blocking import each_of
from fs_pipeline.linkage.columns import Column, Values
from fs_pipeline.linkage.naming import LABEL, LABELS
from fs_pipeline.linkage.preparation import Positions
from fs_pipeline.linkage.towns import one_commune
from fs_pipeline.sphere import chord_to_m, unit_vectors

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
    "in_post",
    "goes_round",
    "desk",
    "digits",
)
_COMMON = 4  # a value borne by more records than this is shared by a carrier, not by one place
_SAME_NAME = 0.9
_LONG_MAILBOX = 6  # letters of a mailbox of which one may be a slip
_OTHER, _NEAR_M = 0.6, 1_000.0
_POINT = ("longitude", "latitude")
_COMPARED = (
    *("name", "own", "core", "parent", "site", "town", "towns", "insee", "insee_coded", "number", "street"),
    *("phone", "email", "domain", "siret", "hours", "family", "services", "single", "body"),
    *("itinerant", "antenne", "in_post", "goes_round", "digits"),
)
_AT_ONCE = 500_000  # pairs compared in one go
_WORTH_THREADS = 20_000  # texts


def compare(left: pd.DataFrame, right: pd.DataFrame, pairs: tuple[Positions, Positions]) -> pd.DataFrame:
    """One row a pair: similarities in 0..1, ``distance`` in metres, ``number`` and the like 1 equal or 0 different.

    ``desk`` is half where one name alone is that of a charity, an operator or a desk.

    Parameters
    ----------
    left, right
        As ``preparation.prepare`` gives.
    pairs
        Positions in each.
    """
    parts = list(compare_in_parts(left, right, pairs))
    return parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)


def compare_in_parts(
    left: pd.DataFrame, right: pd.DataFrame, pairs: tuple[Positions, Positions], size: int = _AT_ONCE
) -> Iterator[pd.DataFrame]:
    """As ``compare``, `size` pairs at a time and one part at least, for memory."""
    columns = {name: Column.of(left, right, name) for name in _COMPARED}
    points = [unit_vectors(*(frame[name].to_numpy(np.float64) for name in _POINT)) for frame in (left, right)]
    borne = {name: _bearers(left[name], right[name]) for name in ("phone", "email", "domain")}
    alone = None if right is left else _places(left, right)
    for start in range(0, max(len(pairs[0]), 1), size):
        part = (pairs[0][start : start + size], pairs[1][start : start + size])
        found = _compared({name: column.at(part) for name, column in columns.items()}, borne)
        chord = np.sqrt(((points[0][part[0]] - points[1][part[1]]) ** 2).sum(axis=1))
        found["distance"] = chord_to_m(chord)
        found["alone"] = np.nan if alone is None else _alone(alone, part)
        yield _of_buses(found, columns["itinerant"].at(part))[list(FEATURES)]


def _compared(sides: Mapping[str, Column], borne: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    """Every feature that needs neither points nor the rest of the list."""
    found = pd.DataFrame(index=pd.RangeIndex(len(sides["name"].first)))
    branch = _branch_named(sides)
    for name in ("core", "own", "name"):
        found[name] = np.fmax(_similar(sides[name]), branch)
    found["street"] = _similar(sides["street"])
    found["number"] = sides["number"].equal()
    found["commune"] = one_commune(sides)
    for name in ("phone", "email", "domain"):
        alike, shared = _shared(sides[name], mailbox=name == "email")
        # What many records of a list bear says nothing.
        agreeing = np.flatnonzero(alike == 1.0)
        common = [borne[name].get(value, 0.0) > _COMMON for value in shared[agreeing]]
        alike[agreeing[np.array(common, dtype=bool)]] = np.nan
        found[name] = alike
    found["siret"] = sides["siret"].equal()
    found["hours"] = _overlap(sides["hours"])
    found["service"] = _service(sides["family"], sides["services"])
    found["body"] = _shared(sides["body"])[0]
    named = (sides["body"].first >= 0).astype(int) + (sides["body"].second >= 0)
    found["desk"] = np.where(sides["name"].known & (named > 0), named / 2.0, np.nan)
    nameless = (sides["core"].first < 0).astype(int) + (sides["core"].second < 0)
    found["plain"] = np.where((nameless > 0) & (found["service"] >= 0.75), nameless / 2.0, np.nan)
    singles = sides["single"].which(bool)
    found["single"] = np.where(singles[0] & singles[1] & (found["plain"] == 1.0), found["commune"], np.nan)
    for name in ("itinerant", "antenne", "in_post", "goes_round", "digits"):
        found[name] = sides[name].equal()
    return found


def _of_buses(found: pd.DataFrame, itinerant: Column) -> pd.DataFrame:
    """A bus is where it stops that day: two streets tell two stops apart, and nothing else of where they are does."""
    moving = itinerant.which(bool)
    buses = moving[0] & moving[1]
    for name in ("number", "commune"):
        found.loc[buses & (found[name] < _OTHER).to_numpy(), name] = np.nan
    found.loc[buses & (found["distance"] > _NEAR_M).to_numpy(), "distance"] = np.nan
    return found


def vetoed(left: pd.DataFrame, right: pd.DataFrame, pairs: tuple[Positions, Positions]) -> npt.NDArray[np.bool_]:
    """Whether the services of two records are of two families: one place may house the other, never be it."""
    return np.asarray(Column.of(left, right, "family").at(pairs).equal() == 0.0, dtype=bool)


def other_body(left: pd.DataFrame, right: pd.DataFrame, pairs: tuple[Positions, Positions]) -> npt.NDArray[np.bool_]:
    """Whether two charities, operators or desks name the two rows: neither is the other, nor houses it."""
    apart = _shared(Column.of(left, right, "body").at(pairs))[0] == 0.0
    labelled = [
        frame["service"].isin(LABELS).to_numpy()[side] for frame, side in zip((left, right), pairs, strict=True)
    ]
    return np.asarray(apart & ~labelled[0] & ~labelled[1], dtype=bool)


def _similar(column: Column) -> Values:
    """The mean of a similarity of whole texts and one of shared words, 0..1."""
    found = np.full(len(column.first), np.nan)
    both = np.flatnonzero(column.known)
    one, two, where = column.each_two(both)
    found[both] = _alike(one, two)[where]
    return found


def _alike(one: npt.NDArray[np.object_], two: npt.NDArray[np.object_]) -> Values:
    workers = -1 if len(one) > _WORTH_THREADS else 1
    whole, shared = (
        cpdist(list(one), list(two), scorer=scorer, dtype=np.float64, workers=workers)
        for scorer in (fuzz.token_sort_ratio, fuzz.token_set_ratio)
    )
    return np.asarray((whole + shared) / 200.0)


def _shared(column: Column, *, mailbox: bool = False) -> tuple[Values, npt.NDArray[np.object_]]:
    """1 where two joined sets of values share one, 0 where they do not; and the first side's value that is shared.

    Two mailboxes of one domain that one letter parts are one, unless it is a figure.
    """
    alike = column.equal()
    shared = np.full(len(alike), None, dtype=object)
    same = np.flatnonzero(alike == 1.0)
    shared[same] = column.values[column.first[same]]
    several = column.which(lambda value: "|" in str(value))
    if mailbox:
        domains = pd.factorize(np.array([str(value).partition("@")[2] for value in column.values], dtype=object))[0]
        domain = np.append(domains, -1)
        perhaps = several[0] | several[1] | (domain[column.first] == domain[column.second])
    else:
        perhaps = several[0] | several[1]
    asked = np.flatnonzero((alike == 0.0) & perhaps)
    one, two, where = column.each_two(asked)
    found = np.array([_shared_value(*each, mailbox=mailbox) for each in zip(one, two, strict=True)], dtype=object)
    if len(found):
        shared[asked] = found[where]
        alike[asked[pd.notna(found)[where]]] = 1.0
    return alike, shared


def _shared_value(one: str, two: str, *, mailbox: bool) -> str | None:
    if "|" in one or "|" in two:
        return min(set(one.split("|")) & set(two.split("|")), default=None)
    return one if mailbox and _one_letter_apart(one, two) else None


def _one_letter_apart(one: str, two: str) -> bool:
    mailbox, _, domain = one.partition("@")
    other, _, same = two.partition("@")
    if domain != same or min(len(mailbox), len(other)) < _LONG_MAILBOX:
        return False
    figures = [[letter for letter in name if letter.isdigit()] for name in (mailbox, other)]
    return figures[0] == figures[1] and DamerauLevenshtein.distance(mailbox, other, score_cutoff=1) <= 1


def _bearers(left: pd.Series, right: pd.Series) -> dict[str, float]:
    """How many records of the list where it is commonest bear each value that more than one bears."""
    counts = (
        [each_of(left).value_counts()] if left is right else [each_of(side).value_counts() for side in (left, right)]
    )
    found: dict[str, float] = {}
    for each in counts:
        for value, count in each[each > _COMMON].items():
            found[str(value)] = max(found.get(str(value), 0.0), float(count))
    return found


def _overlap(column: Column) -> Values:
    """Shared share of the open half-hours of two weeks."""
    found = np.full(len(column.first), np.nan)
    both = np.flatnonzero(column.known)
    one, two, where = column.each_two(both)
    shares = [(here & there).bit_count() / (here | there).bit_count() for here, there in zip(one, two, strict=True)]
    found[both] = np.array(shares, dtype=np.float64)[where]
    return found


def _places(left: pd.DataFrame, right: pd.DataFrame) -> tuple[Column, tuple[Values, Values]]:
    """The commune and family of each record of two lists, and how many of its own list are of them; NaN where not known."""
    keys = [pd.DataFrame({"place": frame["insee"] + "|" + frame["family"]}) for frame in (left, right)]
    one, two = (np.asarray(key["place"].map(key["place"].value_counts()), dtype=np.float64) for key in keys)
    return Column.of(keys[0], keys[1], "place"), (one, two)


def _alone(places: tuple[Column, tuple[Values, Values]], pairs: tuple[Positions, Positions]) -> Values:
    """1 where each list knows one place of this family in this commune, half where the right one does; else 0."""
    place, (left, right) = places
    only = (right[pairs[1]] == 1) * np.where(left[pairs[0]] == 1, 1.0, 0.5)
    return np.where(place.at(pairs).equal() == 1.0, only, np.nan)


def _service(family: Column, kinds: Column) -> Values:
    """1 for one family, 0.75 for a kind of place that both say, of which a house may hold several, 0 for others.

    0.5 where the label's word stands on one side only.
    """
    known = family.equal()
    labelled = kinds.which(lambda said: LABEL in str(said))
    one_sided = ~kinds.known & (labelled[0] | labelled[1])
    heard = np.where(_shared(kinds)[0] == 1.0, 0.75, np.where(kinds.known, 0.0, np.nan))
    # What one house holds together is no contradiction: « Pimms » beside « France services Pimms ».
    known = np.where((known == 1.0) | ((known == 0.0) & (heard != 0.75)), known, heard)
    return np.where(one_sided, 0.5, known)


def _branch_named(sides: Mapping[str, Column]) -> Values:
    """0.9, less than one name, where one side alone is a branch and the other bears its name or its parent's, in one service.

    « Chambre d'agriculture - antenne de Bernay » is no branch of the house at Bernay.
    """
    branch = (sides["site"].first >= 0, sides["site"].second >= 0)
    asked = np.flatnonzero((branch[0] != branch[1]) & (sides["family"].equal() == 1.0))
    found = np.full(len(branch[0]), np.nan)
    own = sides["own"].texts(asked)
    for part in ("site", "parent"):
        texts = sides[part].texts(asked)
        for one, two in ((texts[0], own[1]), (own[0], texts[1])):
            both = np.flatnonzero(pd.notna(one) & pd.notna(two))
            same = asked[both[_alike(one[both], two[both]) >= _SAME_NAME]]
            found[same] = _SAME_NAME
    return found
