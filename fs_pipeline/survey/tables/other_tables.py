"""Actors, rounds and the meeting: what a survey says beside its places and their démarches."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from fs_pipeline.survey.columns.block import Block
from fs_pipeline.survey.columns.hours_columns import WEEKDAYS
from fs_pipeline.survey.fields import fields_of
from fs_pipeline.survey.tables.accounted import say_what_is_left
from fs_pipeline.survey.tables.continued import carry_down, join_continued
from fs_pipeline.survey.tables.listed import read_listed
from fs_pipeline.survey.tables.places import read_week_parity
from fs_pipeline.survey.tables.records import Actor, Meeting, Stop
from fs_pipeline.survey.tables.rows import Row, rows_of
from fs_pipeline.territory.model import Territory
from fs_pipeline.values.communes import read_commune
from fs_pipeline.values.coordinates import read_coordinates
from fs_pipeline.values.dates import read_date
from fs_pipeline.values.emails import read_email
from fs_pipeline.values.hours import names_days, read_hours
from fs_pipeline.values.phones import read_phone
from fs_pipeline.values.reading import UNREAD, Note, Reading
from fs_pipeline.values.text import normalise
from fs_pipeline.values.websites import read_website

_COMPLETING_ACTORS = frozenset(field.name for field in fields_of("actors")) - {"name", "kind"}
_SOME_WEEKS = re.compile(r"\d|\bmois\b|\b(?:premier|deuxieme|troisieme|quatrieme|dernier|second|deux|quinz)")


def read_actors(block: Block) -> tuple[list[Actor], list[Row]]:
    """One record an association or actor.

    Its kind is one code, its publics and outreach modes are codes joined by ``|``; what the lists lack stands as written.
    """
    actors: list[Actor] = []
    rows = list(rows_of(block))
    join_continued(rows, "name", _COMPLETING_ACTORS)
    said: set[tuple[str, str]] = set()

    def dialled(text: str) -> Reading[str]:
        return block.phone_form.typed(read_phone(text))

    for row in rows:
        name = row.text("name")
        if name is None:
            continue
        kind = read_listed(row, "kind", "actor_kinds", said)
        actors.append(
            Actor(
                sheet=block.where,
                row=row.number,
                name=name,
                contact=row.text("contact"),
                territory=row.text("territory"),
                capacity=row.text("capacity"),
                commitment=row.text("commitment"),
                status=row.text("status"),
                kind=kind.codes[0] if kind.codes else kind.joined,
                publics=read_listed(row, "publics", "publics", said).joined,
                outreach_mode=read_listed(row, "outreach_mode", "outreach_modes", said).joined,
                phone=row.read("phone", dialled),
                email=row.read("email", read_email),
                website=row.read("website", read_website),
                due_on=row.read("due_on", read_date),
            )
        )
    say_what_is_left(rows, actors)
    return actors, rows


def read_rounds(block: Block, territory: Territory, departement: str | None) -> tuple[list[Stop], list[Row]]:
    """One record a stop; the weekday is ``Mo`` … ``Su``."""
    stops: list[Stop] = []
    rows = list(rows_of(block))
    carry_down(rows, "round", "stop")
    for row in rows:
        stop = row.text("stop")
        if stop is None:
            continue
        commune = row.guarded("commune", partial(_commune_of_stop, row, territory, departement), UNREAD)
        home = territory.departement_of(commune.value)
        if departement and home and home != departement:
            row.leave_to(territory.departement_label(home))
            continue
        row.note("commune", *commune.notes)
        point: Reading[tuple[float, float]] = Reading(None)
        if row.text("latitude") or row.text("longitude"):
            point = row.guarded("latitude", partial(_point_of_stop, row, territory, departement), point)
            row.note("latitude", *point.notes)
        weekday = row.text("weekday")
        days = {WEEKDAYS[word.rstrip("s")] for word in normalise(weekday or "").split() if word.rstrip("s") in WEEKDAYS}
        day = days.pop() if len(days) == 1 and not _SOME_WEEKS.search(normalise(weekday or "")) else None
        if weekday and day is None:
            row.note("weekday", Note("weekday_unreadable"))
        stops.append(
            Stop(
                sheet=block.where,
                row=row.number,
                round=row.text("round"),
                stop=stop,
                insee=commune.value,
                commune=territory.commune_names.get(commune.value or "") or row.text("commune"),
                latitude=point.value[0] if point.value else None,
                longitude=point.value[1] if point.value else None,
                weekday=day,
                week_parity=row.read("week_parity", read_week_parity),
                opening_hours=row.guarded("opening_hours", partial(_hours_of_round, row, day), None),
            )
        )
    say_what_is_left(rows, stops)
    return stops, rows


def _commune_of_stop(row: Row, territory: Territory, departement: str | None) -> Reading[str]:
    return read_commune(row.text("commune"), territory, None, row.text("insee"), departement)


def _point_of_stop(row: Row, territory: Territory, departement: str | None) -> Reading[tuple[float, float]]:
    return read_coordinates(row.text("latitude"), row.text("longitude"), departement, territory)


def _hours_of_round(row: Row, day: str | None) -> str | None:
    """The hours of a stop; « 1er mercredi du mois » in the day's column belongs to them. Without a day, it is said."""
    weekday, hours = row.text("weekday"), row.text("opening_hours")
    if weekday and hours and day is None:
        both = read_hours(f"{weekday} : {hours}")
        if both.value is not None:
            return both.value
    value = row.read("opening_hours", read_hours)
    if value is not None and weekday is None and not names_days(value):
        row.note("opening_hours", Note("hours_without_days"))
    return value


def read_meeting(block: Block) -> tuple[list[Meeting], list[Row]]:
    """One record a meeting, from a table or from labels beside their values; a decision a row is one meeting's."""
    read = list(rows_of(block))
    join_continued(read, "held_on", {"venue", "present", "decisions", "remarks"})
    meetings = [
        _meeting(block, row.number, row.read("held_on", read_date), row.text) for row in read if row.text("held_on")
    ]
    say_what_is_left(read, meetings)
    return meetings, read


def _meeting(block: Block, number: int, held_on: str | None, text: Callable[[str], str | None]) -> Meeting:
    return Meeting(
        sheet=block.where,
        row=number,
        held_on=held_on,
        venue=text("venue"),
        present=text("present"),
        decisions=text("decisions"),
        remarks=text("remarks"),
    )
