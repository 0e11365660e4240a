"""The stops of buses and of those who come on certain days, as a survey declared them and as these readers may know them."""

from __future__ import annotations

from dataclasses import dataclass

from fs_pipeline import french
from fs_pipeline.briefing.slot import SlotTables


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop, every text written."""

    name: str  # of its round
    where: str
    when: str
    position: (
        tuple[float, float] | None
    )  # latitude, longitude in degrees; None where it is not known, or not to these readers


def stops(tables: SlotTables) -> tuple[Stop, ...]:
    """All of them, by round, commune and stop; what is withheld is said to be."""
    rows = tables.told(
        "survey_rounds",
        "round", "stop", "commune", "weekday", "week_parity", "opening_hours", "latitude", "longitude",
    )  # fmt: skip
    rows.sort(key=lambda row: (row["round"] or "", row["commune"] or "", row["stop"] or ""))
    return tuple(
        Stop(
            name=french.name(
                row["round"] or ("tournée au nom réservé" if "round" in row["reserved"] else "tournée sans nom")
            ),
            where=", ".join(french.name(str(part)) for part in (row["commune"], row["stop"]) if part)
            or ("arrêt réservé" if {"commune", "stop"} & row["reserved"] else "arrêt non précisé"),
            when=french.weekday(row["weekday"], row["week_parity"])
            + (f", {french.hours(row['opening_hours'])}" if row["opening_hours"] else ""),
            position=None
            if row["latitude"] is None or row["longitude"] is None
            else (round(row["latitude"], 5), round(row["longitude"], 5)),
        )
        for row in rows
    )
