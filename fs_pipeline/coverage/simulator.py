"""What a page needs to try moves by itself: minutes to each place and town hall, as short texts, and what they surely mean.

Nothing is computed again in a page: of these columns it takes the least minutes, sums the inhabitants, and says of whom one
column or another is sure. So its figures are those of the levers (``levers.py``) and of ``access_shares``; a test compares.

A column holds one number a demand point, in the order of their codes (``point_id``): tenths of a minute x 16, plus one bit for
each of four statements: the point's people are all near, or all not far, of this place even at the slow end of the band of
speeds; some are perhaps near, or perhaps not far, at the fast end (``access/spread.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fs_pipeline.access.reach import LIMIT_MIN, minutes_between
from fs_pipeline.access.services import CONFIRMED, FRANCE_SERVICES, ITINERANT
from fs_pipeline.access.spread import Homes
from fs_pipeline.coverage.levers import Sites
from fs_pipeline.coverage.longer_hours import Timetable, candidates, instants, lacking_a_door, would_come
from fs_pipeline.coverage.slot_inputs import SlotInputs, reached_by_bus
from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.sphere import Floats
from fs_pipeline.warehouse.frames import table_frame

BEYOND = round(LIMIT_MIN * 10) + 1  # tenths: more minutes than are asked for, or no way
FLAGS = 16
NOTHING = BEYOND * FLAGS
# Signs that stand for themselves in a script, in a database and in a browser's source.
SIGNS = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"&<>\\')
_BASE = len(SIGNS)
# A number begins with a sign below; those from there on say how many points are skipped.
_FIRST_GAP = NOTHING // _BASE + 1
_SHORT_GAPS = _BASE - _FIRST_GAP - 1
_LONGEST_GAP = _SHORT_GAPS + _BASE

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def class_ends(thresholds: Thresholds) -> tuple[int, int, int, int]:
    """Minutes at which the classes of the web map end: each threshold is one of them."""
    near, far = thresholds
    return (near // 2, near, far, far * 3 // 2)


def tenths(minutes: Floats, limits: Sequence[int]) -> Ints:
    """Tenths of a minute as they are written: half up, and just over one of `limits` a tenth more; ``BEYOND`` where too far.

    Whole minutes of `limits` so stay on the side on which the minutes are, whatever is rounded.
    """
    known = np.isfinite(minutes) & (minutes <= LIMIT_MIN)
    shown = np.floor(10.0 * np.where(known, minutes, 0.0) + 0.5 + 1e-9)
    for limit in limits:
        shown = np.where((minutes > limit) & (shown <= 10 * limit), 10 * limit + 1, shown)
    return np.where(known, shown, BEYOND).astype(np.int64)


def simulator_rows(
    inputs: SlotInputs, offered: pd.DataFrame, minutes: Floats, halls: Sites, timetable: Timetable
) -> pd.DataFrame:
    """Rows of ``simulator``, one a column; none where minutes are not asked for as far as the last class of the map goes.

    Parameters
    ----------
    inputs
        The slot's, whose ``points`` are those of `minutes`.
    offered, minutes
        ``offer_rows`` of the slot and around it, and (demand points, rows).
    halls
        The town halls where a place may open or a bus may stop.
    timetable
        When the houses receive.
    """
    if class_ends(inputs.thresholds)[-1] > LIMIT_MIN:
        return table_frame("simulator", [])
    order = np.argsort(inputs.points["point_id"].to_numpy(dtype=object).astype(str), kind="stable")
    columns = _Columns(inputs.homes, inputs.thresholds, order)
    by_road = reached_by_bus(inputs.communes)
    rows = [
        *_of_houses(inputs, offered, minutes, columns),
        *_of_demarches(inputs, offered, minutes, columns),
        *(
            _row("town_hall", insee, column, bus=insee in by_road)
            for insee, column in zip(halls.insee, columns.each(halls.minutes), strict=True)
            if column
        ),
        *_of_hours(inputs, timetable, order),
    ]
    return table_frame("simulator", rows)


def _row(kind: str, site: str, codes: str, *, bus: bool = False, lists: Iterable[str] = ()) -> dict[str, object]:
    return {"kind": kind, "site": site, "bus": bus, "lists": " ".join(lists) or None, "codes": codes}


def _of_houses(
    inputs: SlotInputs, offered: pd.DataFrame, minutes: Floats, columns: _Columns
) -> Iterator[dict[str, object]]:
    """Of the fixed houses, the département's own apart from those around; and of the stops that are known."""
    label, stops = ((offered["service"] == one.kind).to_numpy(dtype=bool) for one in (FRANCE_SERVICES, ITINERANT))
    own = label & _own(inputs, offered)
    declared = minutes_between(inputs.declared, inputs.points, roads=inputs.roads)
    around = minutes[:, label & ~own]
    yield _row("around", "", columns.gathered(around, np.column_stack((around, declared))))
    # No minutes: a page asks of stops whom one is perhaps near, and theirs would say where a stop is that is withheld.
    yield _row("stops", "", columns.gathered(minutes[:, :0], minutes[:, stops]))
    for place_id, column in zip(offered.loc[own, "place_id"], columns.each(minutes[:, own]), strict=True):
        yield _row("house", place_id, column)


def _of_demarches(
    inputs: SlotInputs, offered: pd.DataFrame, minutes: Floats, columns: _Columns
) -> Iterator[dict[str, object]]:
    """Of the département's own places where a démarche may open, each once; and of those around that confirm one."""
    fixed = ~offered["bus"].to_numpy(dtype=bool)
    confirmed = fixed & (offered["service"] == CONFIRMED).to_numpy(dtype=bool)
    if not confirmed.any():
        return
    own = fixed & _own(inputs, offered)
    helps = offered[confirmed & own].groupby("place_id")["demarche_id"].unique()
    rooms = own & ~offered["place_id"].where(own).duplicated().to_numpy()
    for place_id, column in zip(offered.loc[rooms, "place_id"], columns.each(minutes[:, rooms]), strict=True):
        yield _row("room", place_id, column, lists=sorted(helps.get(place_id, ())))
    for demarche in sorted(set(offered.loc[confirmed, "demarche_id"])):
        there = minutes[:, confirmed & ~own & (offered["demarche_id"] == demarche).to_numpy()]
        yield _row("around", demarche, columns.gathered(there, there))


def _of_hours(inputs: SlotInputs, timetable: Timetable, order: NDArray[np.intp]) -> Iterator[dict[str, object]]:
    """Who would come to each house that may open longer, and how long each point finds no open door in each window."""
    sites, states, half_past, towns, own, beside = timetable
    shut, _ = candidates(sites, states, half_past, own)
    people = inputs.points["population"].fillna(0.0).to_numpy(dtype=np.float64)
    come = np.zeros(sites.minutes.shape, dtype=np.int64)
    for place, threshold in enumerate(inputs.thresholds):
        come += would_come(sites, towns, people, threshold).astype(np.int64) << place
        for window, lacking in lacking_a_door(sites, states, threshold, beside).items():
            counted = np.rint(lacking * instants(window)).astype(np.int64)[order]
            yield _row("window", f"{window}.{threshold}", "".join(SIGNS[count] for count in counted))
    for site, place_id in enumerate(sites.place_id):
        windows = [window for window, closed in shut.items() if site in closed]
        if windows and place_id is not None and come[:, site].any():
            codes = written(np.where(come[:, site] > 0, come[:, site], NOTHING)[order])
            yield _row("longer", place_id, codes, lists=windows)


def _own(inputs: SlotInputs, offered: pd.DataFrame) -> Bools:
    ids = set(inputs.services.loc[inputs.services["own"], "place_id"])
    own: Bools = offered["place_id"].isin(ids).to_numpy()
    return own


class _Columns:
    """Writes minutes as columns."""

    def __init__(self, homes: Homes, thresholds: Thresholds, order: NDArray[np.intp]) -> None:
        self._homes, self._thresholds, self._order = homes, thresholds, order
        self._limits = class_ends(thresholds)[:-1]

    def each(self, minutes: Floats) -> Iterator[str]:
        """One column a place, of (demand points, places)."""
        soonest = self._homes.soonest(minutes)
        values = self._values(tenths(minutes, self._limits), self._homes.latest(minutes), soonest)
        for column in values.T:
            yield written(column)

    def gathered(self, minutes: Floats, perhaps: Floats) -> str:
        """One column for places that no move closes; `perhaps` are the minutes to those to which people may be near."""
        nearest, soonest = (one.min(axis=1, initial=np.inf) for one in (minutes, perhaps))
        surest = self._homes.latest(minutes).min(axis=1, initial=np.inf)
        return written(self._values(tenths(nearest, self._limits), surest, self._homes.soonest(soonest)))

    def _values(self, shown: Ints, latest: Floats, soonest: Floats) -> Ints:
        said = [one <= threshold for one in (latest, soonest) for threshold in self._thresholds]
        flags = sum(bits.astype(np.int64) << place for place, bits in enumerate(said))
        values: Ints = (FLAGS * shown + flags)[self._order]
        return values


def written(values: Ints) -> str:
    """Numbers below ``NOTHING`` + 16 as two signs each; a run of ``NOTHING`` as how long it is; none at the end."""
    parts: list[str] = []
    known = np.flatnonzero(values != NOTHING)
    at = 0
    for run in np.split(known, np.flatnonzero(np.diff(known) > 1) + 1) if len(known) else ():
        parts.append(_gap(int(run[0]) - at))
        parts += [_PAIRS[value] for value in values[run]]
        at = int(run[-1]) + 1
    return "".join(parts)


def _gap(length: int) -> str:
    whole, rest = divmod(length, _LONGEST_GAP)
    last = "" if not rest else SIGNS[_FIRST_GAP + rest - 1] if rest <= _SHORT_GAPS else _long_gap(rest)
    return _long_gap(_LONGEST_GAP) * whole + last


def _long_gap(length: int) -> str:
    return SIGNS[-1] + SIGNS[length - _SHORT_GAPS - 1]


_PAIRS = [SIGNS[value // _BASE] + SIGNS[value % _BASE] for value in range(NOTHING + FLAGS)]
