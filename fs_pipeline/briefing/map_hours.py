"""What the web map embeds of the week: which places are open when, and who is then near an open France services."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from fs_pipeline import french
from fs_pipeline.access.services import FRANCE_SERVICES
from fs_pipeline.briefing.slot import Row, SlotTables, records
from fs_pipeline.coverage.hours import APPOINTMENT, CLOSED, EVEN, HOURS, ODD, OPEN, UNKNOWN, hour_states
from fs_pipeline.coverage.weeks import ReferenceWeeks, reference_weeks

_LETTERS = {OPEN: "o", APPOINTMENT: "r", CLOSED: "c", UNKNOWN: "u"}
_KEPT = "k"  # hours that are known and not shown
_WEEKS = {"odd": ODD, "even": EVEN}
_COLUMNS = ("service", "threshold", "period", "week_parity", "weekday", "hour", "share", "share_unknown")
_SEEN = 0.005  # of the population: what is less is not written
HourCell = tuple[str, str]


def hours_data(tables: SlotTables, rows: Sequence[Row], withheld: Mapping[str, frozenset[str]]) -> dict[str, object]:
    """For JSON: what hours.js reads.

    Parameters
    ----------
    tables
        What an edition lets out.
    rows
        The places in the order of the page: place_id, opening_hours, week_parity, itinerant, in_survey.
    withheld
        Of each place, the columns that say something, but not to these readers.

    Returns
    -------
    dict
        hours (8 for 8 h), days (as written, odd and even weeks apart where anything differs), schedules (a letter a day and hour:
        o open, r by appointment, c closed, u unknown, k kept from these readers), of (each place's schedule), near (minutes) and
        shares (a day and hour: the share of the population near an open France services, and near none but of unknown hours).
    """
    weeks = reference_weeks(dt.date.fromisoformat(tables.reference_date))
    states = {name: [_week(row, weeks, week, withheld) for row in rows] for name, week in _WEEKS.items()}
    shares = {name: _shares(tables, name) for name in _WEEKS}
    apart = states["odd"] != states["even"] or shares["odd"] != shares["even"]
    whole = ["".join(parts) for parts in zip(*states.values(), strict=True)] if apart else states["odd"]
    schedules = sorted(set(whole))
    at = {schedule: number for number, schedule in enumerate(schedules)}
    told = [*_WEEKS] if apart else ["odd"]
    return {
        "hours": [*HOURS],
        "days": [french.weekday(day, name if apart else None) for name in told for day in french.DAYS],
        "schedules": schedules,
        "of": [at[schedule] for schedule in whole],
        "near": tables.thresholds.near,
        "shares": [cells for name in told for cells in shares[name]],
    }


def _week(row: Row, weeks: ReferenceWeeks, week: int, withheld: Mapping[str, frozenset[str]]) -> str:
    """A letter an hour, from Monday on."""
    if "opening_hours" in withheld.get(row["place_id"], frozenset()):
        return _KEPT * len(HOURS) * len(french.DAYS)
    # A national list's address does not say where a bus is on a Tuesday (coverage/offer.py).
    drifting = row["itinerant"] and not row["in_survey"]
    states = hour_states(None if drifting else row["opening_hours"], row["week_parity"], weeks)[week]
    return "".join(_LETTERS[int(state)] for state in states.ravel())


def _shares(tables: SlotTables, week: str) -> list[list[HourCell]]:
    """A day, an hour: the share near an open France services, and what unknown hours may add; empty where nobody computed it."""
    table = tables.coverage_by_hour
    wanted = (
        (table["service"] == FRANCE_SERVICES.kind)
        & (table["threshold"] == tables.thresholds.near)
        & (table["period"] == "usual")
        & table["week_parity"].isin([week, "every"])
    )
    cells = {(row["weekday"], int(row["hour"])): row for row in records(table[wanted], *_COLUMNS)}
    return [[_cell(cells.get((day, hour))) for hour in HOURS] for day in french.DAYS]


def _cell(row: Row | None) -> HourCell:
    if row is None:
        return ("", "")
    unknown = french.share(row["share_unknown"]) if row["share_unknown"] >= _SEEN else ""
    return (french.share(row["share"]), unknown)
