"""Actors, rounds and the meeting: what a survey says beside its places and their démarches."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from fs_pipeline.survey.columns.block import Block
from fs_pipeline.survey.columns.hours_columns import WEEKDAYS
from fs_pipeline.survey.opening.cells import as_text
from fs_pipeline.survey.tables.listed import read_listed
from fs_pipeline.survey.tables.places import read_week_parity
from fs_pipeline.survey.tables.rows import Row, rows_of
from fs_pipeline.territory.model import Territory
from fs_pipeline.values.communes import read_commune
from fs_pipeline.values.coordinates import read_coordinates
from fs_pipeline.values.dates import read_date
from fs_pipeline.values.emails import read_email
from fs_pipeline.values.hours import names_days, read_hours
from fs_pipeline.values.phones import read_phone
from fs_pipeline.values.reading import Note, Reading
from fs_pipeline.values.text import clean, normalise
from fs_pipeline.values.websites import read_website

Record = dict[str, Any]
_SOME_WEEKS = re.compile(r"\d|\bmois\b|\b(?:premier|deuxieme|troisieme|quatrieme|dernier|second|deux|quinz)")


def read_actors(block: Block) -> tuple[list[Record], list[Row]]:
    """One record an association or actor.

    Its kind is one code, its publics and outreach modes are codes joined by ``|``; what the lists lack stands as written.
    """
    records, rows = [], list(rows_of(block))
    said: set[tuple[str, str]] = set()
    for row in rows:
        if not row.texts or row.text("name") is None:
            continue
        plain = ("name", "contact", "territory", "capacity", "commitment", "status")
        kind = read_listed(row, "kind", "actor_kinds", said)
        records.append(
            {"row": row.number}
            | {name: row.text(name) for name in plain}
            | {
                "kind": kind.codes[0] if kind.codes else kind.joined,
                "publics": read_listed(row, "publics", "publics", said).joined,
                "outreach_mode": read_listed(row, "outreach_mode", "outreach_modes", said).joined,
                "phone": _value(row, "phone", read_phone),
                "email": _value(row, "email", read_email),
                "website": _value(row, "website", read_website),
                "due_on": _value(row, "due_on", read_date),
            }
        )
    return records, rows


def read_rounds(block: Block, territory: Territory, departement: str | None) -> tuple[list[Record], list[Row]]:
    """One record a stop; the weekday is ``Mo`` … ``Su``."""
    records, rows = [], list(rows_of(block))
    for row in rows:
        if not row.texts or row.text("stop") is None:
            continue
        commune = read_commune(row.text("commune"), territory, None, row.text("insee"), departement)
        home = territory.departement_of(commune.value)
        if departement and home and home != departement:
            row.set_aside(territory.departement_label(home))
            continue
        row.note("commune", *commune.notes)
        point: Reading[tuple[float, float]] = Reading(None)
        if row.text("latitude") or row.text("longitude"):
            point = read_coordinates(row.text("latitude"), row.text("longitude"), departement, territory)
            row.note("latitude", *point.notes)
        weekday = row.text("weekday")
        days = {WEEKDAYS[word.rstrip("s")] for word in normalise(weekday or "").split() if word.rstrip("s") in WEEKDAYS}
        day = days.pop() if len(days) == 1 and not _SOME_WEEKS.search(normalise(weekday or "")) else None
        if weekday and day is None:
            row.note("weekday", Note("weekday_unreadable"))
        records.append(
            {
                "row": row.number,
                "round": row.text("round"),
                "stop": row.text("stop"),
                "insee": commune.value,
                "commune": territory.commune_names.get(commune.value or "") or row.text("commune"),
                "latitude": point.value[0] if point.value else None,
                "longitude": point.value[1] if point.value else None,
                "weekday": day,
                "week_parity": _value(row, "week_parity", read_week_parity),
                "opening_hours": _hours_of_round(row, day),
            }
        )
    return records, rows


def _hours_of_round(row: Row, day: str | None) -> str | None:
    """The hours of a stop; « 1er mercredi du mois » in the day's column belongs to them. Without a day, it is said."""
    weekday, hours = row.text("weekday"), row.text("opening_hours")
    if weekday and hours and day is None:
        both = read_hours(f"{weekday} : {hours}")
        if both.value is not None:
            return both.value
    value: str | None = _value(row, "opening_hours", read_hours)
    if value is not None and weekday is None and not names_days(value):
        row.note("opening_hours", Note("hours_without_days"))
    return value


def read_meeting(block: Block) -> tuple[list[Record], list[Row]]:
    """One record a meeting, from a table or from labels beside their values."""
    if block.upright:
        rows = block.sheet.rows
        found = {name: clean(as_text(rows[line[0]][1])) for name, line in block.columns.items()}
        held_on = read_date(found.get("held_on"))
        plain = {name: found.get(name) for name in ("venue", "present", "decisions", "remarks")}
        return [{"row": block.columns["held_on"][0] + 1, "held_on": held_on.value, **plain}], []
    records, read = [], list(rows_of(block))
    for row in read:
        if row.texts and row.text("held_on"):
            plain = {name: row.text(name) for name in ("venue", "present", "decisions", "remarks")}
            records.append({"row": row.number, "held_on": _value(row, "held_on", read_date), **plain})
    return records, read


def _value(row: Row, name: str, read: Callable[[Any], Reading[Any]]) -> Any:  # noqa: ANN401 - each field has its type
    text = row.text(name)
    if text is None:
        return None
    reading = read(text)
    row.note(name, *reading.notes)
    return reading.value
