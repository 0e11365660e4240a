"""The table of places: each row's values, normalised, and every doubt with its cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from fs_pipeline.survey.columns.block import Block
from fs_pipeline.survey.columns.hours_columns import days_told, joined_hours
from fs_pipeline.survey.fields import GENERAL_HELP, LISTS_OF_PLACES
from fs_pipeline.survey.opening.cells import as_text
from fs_pipeline.survey.tables.accounted import say_what_is_left
from fs_pipeline.survey.tables.asides import communes_of_sections, settle_footnotes
from fs_pipeline.survey.tables.continued import join_continued
from fs_pipeline.survey.tables.cut_rows import settle_cut
from fs_pipeline.survey.tables.elsewhere import standing_of
from fs_pipeline.survey.tables.general_help import read_general_help
from fs_pipeline.survey.tables.listed import read_listed
from fs_pipeline.survey.tables.marked_rows import settle_marked
from fs_pipeline.survey.tables.open_places import settle_closed
from fs_pipeline.survey.tables.records import Place
from fs_pipeline.survey.tables.rows import Row, rows_of
from fs_pipeline.survey.tables.together import (
    choose_namesakes,
    departement_of,
    gathered,
    names_a_commune_of,
    note_doubles,
    note_kinds,
)
from fs_pipeline.survey.tables.where import read_point, read_where
from fs_pipeline.territory.model import Territory
from fs_pipeline.values.booleans import read_boolean
from fs_pipeline.values.dates import read_date
from fs_pipeline.values.emails import read_email
from fs_pipeline.values.hours import names_days, read_hours, week_and_notes
from fs_pipeline.values.identifiers import read_siren, read_siret
from fs_pipeline.values.phones import read_phone
from fs_pipeline.values.reading import Note, Reading
from fs_pipeline.values.service_types import read_service_type
from fs_pipeline.values.text import normalise
from fs_pipeline.values.vocabularies import BETWEEN
from fs_pipeline.values.websites import read_website

# What a row without a name says of the place above it.
_COMPLETING = frozenset(
    {"phone", "email", "website", "opening_hours", "week_parity", "address_extra", "description", "carrier",
     *LISTS_OF_PLACES}
)  # fmt: skip
_UNTICKED = frozenset({"false", "faux"})  # what software writes where there are no hours
_SITE = re.compile(r"(?:antenne|agence|site|bureau|point d accueil|permanence|annexe)(?: de| d| du| des| a)? (.+)")
_RANGE = re.compile(r"\d\s*(?:h|:)?\s*\d*\s*(?:-|–|à|a|/)\s*\d", re.IGNORECASE)


def read_places(block: Block, territory: Territory, departement: str | None) -> tuple[list[Place], list[Row]]:
    """The places of a table, and all its rows with their problems.

    Rows of another département are set aside and say so. Where the table has a row a service, a place is there once, as
    its first row has it, and its `more_rows` says which are the others.
    """
    places: list[Place] = []
    said: set[tuple[str, str]] = set()
    rows = list(rows_of(block))
    settle_cut(rows, territory)
    settle_footnotes(rows, territory)
    settle_marked(rows)
    sections = communes_of_sections(rows, territory, departement)
    completed = join_continued(rows, "name", _COMPLETING)
    for row in rows:
        if not row.settled:
            settle_closed(row)
        if row.settled:
            continue
        place = _read_place(row, territory, departement, sections.get(row.number))
        if place is None:
            continue
        place.more_rows += tuple(completed.get(row.number, ()))
        home = departement_of(place.insee, place.postcode, territory)
        if departement and home not in (None, departement) and not names_a_commune_of(departement, place, territory):
            row.problems.clear()
            row.leave_to(territory.departement_label(home))
            continue
        for field, vocabulary in LISTS_OF_PLACES.items():
            if field != GENERAL_HELP:
                setattr(place, field, BETWEEN.join(read_listed(row, field, vocabulary, said).codes) or None)
        place.general_help = None if row.gone else read_general_help(row, said)
        place.opening_hours = "off" if row.gone else place.opening_hours
        places.append(place)
    by_number = {row.number: row for row in rows}
    if departement is None:
        choose_namesakes(places, by_number, territory)
    places = gathered(places, by_number, long=bool(block.long) or None in block.lists.values())
    note_doubles(places, by_number, territory)
    note_kinds(places, by_number)
    say_what_is_left(rows, places)
    return places, rows


def _read_place(row: Row, territory: Territory, departement: str | None, section: str | None) -> Place | None:
    name = row.text("name")
    if name is None:
        if len(row.written) > 1:
            row.settle(Note("name_missing"), row.block.columns["name"][0], "name")
        return None
    kind = row.text("type")
    siret = row.read("siret", read_siret)
    siren = row.read("siren", read_siren) or (siret or "")[:9] or None
    where = read_where(row, territory, departement, section)
    home = departement_of(where.insee, where.postcode, territory) or departement
    place = Place(
        sheet=row.block.where,
        row=row.number,
        local_id=row.text("local_id"),
        name=name,
        type=kind,
        carrier=row.text("carrier"),
        address_extra=where.address_extra,
        description=row.text("description"),
        siret=siret,
        siren=siren,
        address=where.address,
        postcode=where.postcode,
        insee=where.insee,
        commune=where.commune,
        phone=row.read("phone", lambda text: row.block.phone_form.typed(read_phone(text, home))),
        email=row.read("email", read_email),
        website=row.read("website", read_website),
        opening_hours=row.guarded("opening_hours", lambda: _read_hours(row, where.commune), None),
        week_parity=row.read("week_parity", read_week_parity),
        itinerant=row.read("itinerant", _read_itinerant),
        updated_on=row.read("updated_on", read_date),
        service_type=row.guarded("type", lambda: read_service_type(kind, name).value, None),
    )
    place.latitude, place.longitude = read_point(row, where.insee, territory, home)
    row.standing = standing_of(row, where.standing, siret, territory)
    row.stands_in = territory.departement_of(where.insee)
    return place


def _read_hours(row: Row, commune: str | None) -> str | None:
    block = row.block
    if block.days:
        week = {day: _of_day([row.texts.get(column) for column in columns]) for day, columns in block.days.items()}
        value, notes = week_and_notes(week)
        first = next(iter(block.days.values()))
        for day, note in notes:
            columns = block.days.get(day, first)
            written = next((column for column in columns if row.texts.get(column) is not None), columns[0])
            row.note_cell(written, note, "opening_hours", replaceable=False)
        return value
    columns = block.columns.get("opening_hours", ())
    parts = [(block.header(column), text) for column in columns if (text := row.texts.get(column)) is not None]
    if not parts:
        return None
    if len(parts) == 1 and normalise(parts[0][1]) in _UNTICKED:
        row.note("opening_hours", Note("value_means_nothing"))
        return None
    text = _without_own_site(parts[0][1] if len(columns) == 1 else joined_hours(parts), commune)
    reading = read_hours(text)
    if reading.value is not None and not names_days(reading.value):
        reading = _on_days_beside(row, text) or reading
    if reading.value is not None and not names_days(reading.value):
        row.note("opening_hours", Note("hours_without_days"))  # every day? Nobody says so
        return None
    row.note("opening_hours", *reading.notes)
    return reading.value


def _without_own_site(text: str, commune: str | None) -> str:
    """The hours without a first line that only names the place as its own commune's: « Antenne d’Épernay », at Épernay."""
    title, _, rest = text.partition("\n")
    if commune is None or not rest.strip():
        return text
    site = _SITE.fullmatch(normalise(title))
    return rest if site and site[1] == normalise(commune) else text


def _on_days_beside(row: Row, text: str) -> Reading[str] | None:
    """Hours that name no day, on those that another column of their row tells."""
    cells = row.block.sheet.rows[row.number - 1]
    told = {days_told(row.block.header(column), as_text(cells[column]) or "") for column in row.block.extra} - {None}
    if len(told) != 1:
        return None
    reading = read_hours(f"{told.pop()} : {text}")
    return reading if reading.value is not None and names_days(reading.value) else None


def _of_day(cells: Sequence[str | None]) -> str | Sequence[str | None] | None:
    """Ranges of a morning and an afternoon as one text; opening and closing times as they are, in order."""
    if len(cells) == 1:
        return cells[0]
    if any(text and re.search(r"\d\D+\d+\D*\d", text) and _RANGE.search(text) for text in cells):
        return ", ".join(text for text in cells if text) or None
    return cells


@lru_cache(maxsize=4_096)
def _read_itinerant(text: str) -> Reading[bool]:
    words = normalise(text)
    if re.search(r"\b(?:non|pas) itiner|\bfixe\b|\bsedentaire", words):
        return Reading(False)
    if re.search(r"\bitinerant|\bitinerance\b|\bmobile\b|\bbus\b|\bambulant", words):
        return Reading(True)
    return read_boolean(text)


def read_week_parity(text: str) -> Reading[str]:
    """``odd`` or ``even`` of « semaine impaire », « paire »; every week is no parity."""
    words = normalise(text)
    if re.search(r"\bimpaires?\b", words):
        return Reading(None if re.search(r"\bpaires?\b", words) else "odd")
    if re.search(r"\bpaires?\b", words):
        return Reading("even")
    if re.search(r"\btout|chaque|hebdo|toutes\b", words):
        return Reading(None)
    return Reading(None, (Note("week_parity_unreadable"),))
