"""Whether two records are of one commune, whatever each says of it: its code, a code that its name contradicts, a name."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from fs_pipeline.linkage.columns import Column, Values


def one_commune(sides: Mapping[str, Column]) -> Values:
    """1 or 0 as two communes are one or not; NaN where a name says the other's: its own is a seat's, or a slip."""
    insee, coded, towns = (sides[name] for name in ("insee", "insee_coded", "towns"))
    found = insee.equal()
    silent = np.isnan(found) & ((towns.first >= 0) | (towns.second >= 0))
    for other, tell, where in (
        (coded, _coded_alike, np.flatnonzero((coded.first >= 0) | (coded.second >= 0))),
        (towns, _told_by_town, np.flatnonzero(silent)),
    ):
        cells = zip(*insee.texts(where), *other.texts(where), strict=True)
        found[where] = np.fmax(found[where], np.array([tell(*each) for each in cells], dtype=np.float64))
    elsewhere = np.flatnonzero(found == 0.0)
    cells = zip(*sides["name"].texts(elsewhere), *sides["town"].texts(elsewhere), strict=True)
    named = [_holds(one, there) or _holds(two, here) for one, two, here, there in cells]
    found[elsewhere[np.array(named, dtype=bool)]] = np.nan
    return found


def _coded_alike(one: str | None, two: str | None, coded: str | None, other_coded: str | None) -> float:
    """1 where a code that its own record contradicts says what the other side says."""
    alike = (coded is not None and coded in {two, other_coded}) or (one is not None and one == other_coded)
    return 1.0 if alike else np.nan


def _told_by_town(one: str | None, two: str | None, towns: str | None, other_towns: str | None) -> float:
    """1 where a commune is the one that a name says, nothing known where it is one of its namesakes, else 0."""
    return float(np.fmax(_one_of(towns, two), _one_of(other_towns, one)))


def _one_of(towns: str | None, insee: str | None) -> float:
    if towns is None or insee is None:
        return np.nan
    codes = towns.split("|")
    return (1.0 if len(codes) == 1 else np.nan) if insee in codes else 0.0


def _holds(name: str | None, town: str | None) -> bool:
    return bool(name and town and f" {town} " in f" {name} ")
