"""When a place is open near people: the usual week, hour by hour."""

from __future__ import annotations

from fs_pipeline import french
from fs_pipeline.access.services import FRANCE_SERVICES
from fs_pipeline.briefing.evidence import NOTHING, Evidence, number, rows_of
from fs_pipeline.briefing.slot import Row, SlotTables, records
from fs_pipeline.briefing.view_hours import HourCell, Hours, HourWeek
from fs_pipeline.briefing.words import METHOD_NAMES, named
from fs_pipeline.cartography.palette import HOUR_TONES

_WEEKS = {"every": "Chaque semaine", "odd": "Semaines impaires", "even": "Semaines paires"}
_TONES = ("personne", "moins de 20", "20 à 50", "50 à 80", "80 à 95", "95\u202f% et plus")
_HOUR = ("service", "threshold", "period", "week_parity", "weekday", "hour")
_COUNTED = ("places", "buses", "without_hours")
_SEEN = 0.005  # of the population: what is less is not written
_COLUMNS = (
    "service", "threshold", "period", "week_parity", "weekday", "hour", "share", "share_with_buses", "share_unknown",
    "places", "buses", "without_hours", "method", "population",
)  # fmt: skip


def hours(tables: SlotTables) -> Hours:
    """Odd and even weeks apart where they differ; a Sunday on which nobody receives is left out."""
    table = tables.coverage_by_hour[list(_COLUMNS)]
    wanted = (
        (table["service"] == FRANCE_SERVICES.kind)
        & (table["threshold"] == tables.thresholds.near)
        & (table["period"] == "usual")
    )
    rows = records(table[wanted], *_COLUMNS)
    columns = sorted({int(row["hour"]) for row in rows})
    cells = {(row["week_parity"], row["weekday"], int(row["hour"])): row for row in rows}
    days = [day for day in french.DAYS if day != "Su" or any(row["weekday"] == "Su" and _open(row) for row in rows)]
    weeks = tuple(
        HourWeek(
            name,
            tuple(
                (french.weekday(day), tuple(_cell(cells[week, day, hour]) for hour in columns))
                for day in days
                if (week, day, columns[0]) in cells
            ),
        )
        for week, name in _WEEKS.items()
        if any(row["week_parity"] == week for row in rows)
    )
    return Hours(
        title="La semaine\u00a0: quand un lieu est ouvert",
        lead=_lead(rows),
        hours=tuple(f"{hour}\u00a0h" for hour in columns),
        weeks=weeks,
        tones=_TONES,
        notes=_notes(rows),
        empty=None if rows else "Non calculé\u00a0: aucun temps de trajet, ou aucun horaire lisible.",
        trust=_trust(rows[0], tables.thresholds.near)
        if rows
        else "sources\u00a0: horaires de l’enquête et des listes nationales.",
        evidence=_lead_evidence(rows) if rows else NOTHING,
        trust_evidence=_trust_evidence(rows[0]) if rows else NOTHING,
    )


def _best(rows: list[Row]) -> Row:
    """The hour at which most find an open door, the first of the week where several do."""
    return max(rows, key=lambda row: (row["share"], -french.DAYS.index(row["weekday"]), -row["hour"]))


def _lead_evidence(rows: list[Row]) -> Evidence:
    """The best hour, and the best of Saturday where there is one."""
    saturdays = [row for row in rows if row["weekday"] == "Sa"]
    told = [_best(rows), *([_best(saturdays)] if saturdays else ())]
    return Evidence(
        figures=tuple(number(row, "share", "share", row["population"], "inhabitants") for row in told),
        rows=tuple(rows_of("coverage_by_hour", row, *_HOUR) for row in told),
    )


def _trust_evidence(row: Row) -> Evidence:
    figures = (number(row, "population", "inhabitants"), *(number(row, name, "places") for name in _COUNTED))
    return Evidence(figures=figures, rows=(rows_of("coverage_by_hour", row, "service", "threshold", "period"),))


def _lead(rows: list[Row]) -> str:
    if not rows:
        return "L’ouverture heure par heure n’est pas connue."
    best = _best(rows)
    said = f"Au mieux {french.share(best['share'])} des habitants, le {french.weekday(best['weekday'])} à "
    said += f"{int(best['hour'])}\u00a0h"
    saturday = max((row["share"] for row in rows if row["weekday"] == "Sa"), default=None)
    return said + (f"\u202f; le samedi, {french.share(saturday)}." if saturday is not None else ".")


def _cell(row: Row) -> HourCell:
    share = float(row["share"])
    more = []
    if row["share_with_buses"] - share >= _SEEN:
        more.append(f"+{_per_cent(row['share_with_buses'] - share)}")
    if row["share_unknown"] >= _SEEN:
        more.append(f"?{_per_cent(row['share_unknown'])}")
    tone = max(place for place, (least, _, _) in enumerate(HOUR_TONES) if share >= least)
    return HourCell(_per_cent(share), "\u00a0".join(more), tone)


def _per_cent(share: float) -> str:
    """Whole per cent, never rounded up to all nor down to nobody."""
    if 0.0 < share < _SEEN:
        return "<1"
    return ">99" if 1 - _SEEN <= share < 1.0 else french.number(100 * share)


def _open(row: Row) -> bool:
    return bool(row["share_with_buses"] > 0)


def _notes(rows: list[Row]) -> tuple[str, ...]:
    said = []
    if any(row["share_with_buses"] - row["share"] >= _SEEN for row in rows):
        said.append("+n\u00a0: ce que les bus ajoutent, à leurs arrêts et à leurs heures")
    if any(row["share_unknown"] >= _SEEN for row in rows):
        said.append("?n\u00a0: habitants dont les seuls lieux proches ont des horaires inconnus")
    return tuple(said)


def _trust(row: Row, near: int) -> str:
    return (
        f"Part de la population à {near}\u00a0minutes ou moins d’une France services ouverte à cette heure, en "
        f"\u202f%, n\u00a0=\u00a0{french.count(row['population'], 'habitant')} · "
        f"{french.count(row['places'], 'lieu fixe', 'lieux fixes')}, {french.count(row['buses'], 'bus', 'bus')}, dont "
        f"{french.number(row['without_hours'])} aux horaires inconnus · temps "
        f"{named(METHOD_NAMES, row['method'], 'méthode non précisée')} · semaine ordinaire, sans férié ni vacances."
    )
