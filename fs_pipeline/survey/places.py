"""The table of places: each row's values, normalised, and every doubt with its cell."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from fs_pipeline.survey.cells import as_text
from fs_pipeline.survey.hours_columns import joined_hours
from fs_pipeline.survey.layout import Block
from fs_pipeline.survey.rows import Row, rows_of
from fs_pipeline.territory.model import Territory
from fs_pipeline.values.addresses import Address, read_address
from fs_pipeline.values.booleans import read_boolean
from fs_pipeline.values.communes import read_commune
from fs_pipeline.values.coordinates import read_coordinates
from fs_pipeline.values.dates import read_date
from fs_pipeline.values.emails import read_email
from fs_pipeline.values.hours import read_hours, read_week
from fs_pipeline.values.identifiers import read_siren, read_siret
from fs_pipeline.values.phones import read_phone
from fs_pipeline.values.postcodes import read_postcode
from fs_pipeline.values.reading import Note, Reading
from fs_pipeline.values.service_types import read_service_type
from fs_pipeline.values.text import normalise
from fs_pipeline.values.websites import read_website

Place = dict[str, Any]
_PLAIN = ("local_id", "name", "type", "carrier", "address_extra", "description")
_ANOTHER = "autre"  # « Autre », « Autre lieu » are the list's own last line
_AT_HOME = 0.1  # share of the places read from which a département is one of the file's own
_SHIFTED_AT = 3  # typed cells of a row that are wrong where they stand and right one column aside
_RANGE = re.compile(r"\d\s*(?:h|:)?\s*\d*\s*(?:-|–|à|a|/)\s*\d", re.IGNORECASE)
_LOOKS: dict[str, Callable[[str], bool]] = {
    "postcode": lambda text: bool(re.fullmatch(r"\d{4,5}(?:\.0)?", text)),
    "insee": lambda text: bool(re.fullmatch(r"\d[\dAB]?\d{2,3}", text)),
    "latitude": lambda text: bool(re.fullmatch(r"-?\d{1,2}[.,]\d{2,}|-?\d{6,7}([.,]\d+)?", text)),
    "longitude": lambda text: bool(re.fullmatch(r"-?\d{1,2}[.,]\d{2,}|-?\d{6,7}([.,]\d+)?", text)),
    "email": lambda text: "@" in text,
    "website": lambda text: bool(re.search(r"https?:|www\.", text)),
    "siret": lambda text: bool(re.fullmatch(r"[\d\s]{13,18}", text)),
}


def read_places(block: Block, territory: Territory, departement: str | None) -> tuple[list[Place], list[Row]]:
    """The places of a table, each with its ``row``, and all its rows with their problems.

    Rows of another département are set aside and say so; a place's fields are those of the command line's contract,
    plus ``service_type``. Where the table has a row a service, a place is there once, as its first row has it, and its
    ``rows`` says which.
    """
    places: list[Place] = []
    rows = list(rows_of(block))
    for row in rows:
        if not row.texts or _is_shifted(row):
            continue
        place = _read_place(row, territory, departement)
        if place is None:
            continue
        home = _departement_of(place, territory)
        if departement and home and home != departement:
            name = territory.departement_names.get(home, home)
            row.problems.clear()
            row.note("commune", Note("row_of_another_departement", detail=f"Département : {name} ({home})."))
            continue
        places.append(place)
    by_number = {row.number: row for row in rows}
    if departement is None:
        _choose_namesakes(places, by_number, territory)
    if block.long:
        places = _gathered(places, by_number)
    _note_doubles(places, by_number)
    _note_kinds(places, by_number)
    return places, rows


def _read_place(row: Row, territory: Territory, departement: str | None) -> Place | None:
    place: Place = {"row": row.number}
    for name in _PLAIN:
        place[name] = row.text(name)
    if place["name"] is None:
        if sum(text is not None for text in row.texts.values()) < 2:
            return None
        row.note("name", Note("name_missing"))
        return None

    def value(name: str, read: Callable[[Any], Reading[Any]]) -> Any:  # noqa: ANN401 - each field has its own type
        text = row.text(name)
        reading = read(text) if text is not None else Reading(None)
        row.note(name, *reading.notes)
        return reading.value

    place["siret"] = value("siret", read_siret)
    place["siren"] = value("siren", read_siren) or (place["siret"] or "")[:9] or None
    _read_where(row, place, territory, departement, value)
    home = _departement_of(place, territory) or departement
    place["phone"] = value("phone", lambda text: _as_dialled(read_phone(text, home)))
    place["email"] = value("email", read_email)
    place["website"] = value("website", read_website)
    place["opening_hours"] = _read_hours(row)
    place["week_parity"] = value("week_parity", read_week_parity)
    place["itinerant"] = value("itinerant", _read_itinerant)
    place["updated_on"] = value("updated_on", read_date)
    _read_point(row, place, territory, home)
    place["service_type"] = read_service_type(place["type"], place["name"]).value
    return place


def _read_where(
    row: Row,
    place: Place,
    territory: Territory,
    departement: str | None,
    value: Callable[[str, Callable[[Any], Reading[Any]]], Any],
) -> None:
    """Address, postcode and commune, each of which may stand inside another."""
    line = row.text("address")
    reading = read_address(line, territory) if line else Reading(None)
    parts = reading.value or Address()
    has_own_columns = "postcode" in row.block.columns or "commune" in row.block.columns
    row.note(
        "address", *(note for note in reading.notes if note.rule != "address_without_street" or not has_own_columns)
    )
    place["address"] = " ".join(part for part in (parts.number, parts.street) if part) or (
        line if line and not parts.extra else None
    )
    place["address_extra"] = " ; ".join(part for part in (place["address_extra"], parts.extra) if part) or None
    postcode = value("postcode", read_postcode) or parts.postcode
    named = row.text("commune")
    found = read_commune(named or parts.commune, territory, postcode, row.text("insee"), departement)
    if found.value is None and named is None and parts.commune is None and postcode is None:
        found = Reading(None, (Note("commune_unknown"),) if line or "commune" in row.block.columns else ())
    silent = {"commune_from_postcode"} if not named else set()
    where = "commune" if named else "address" if line else "commune"
    for note in found.notes:
        if note.rule not in silent:
            row.note("insee" if note.rule.startswith("insee_") and row.text("insee") else where, note)
    place["postcode"] = postcode
    place["insee"] = found.value
    place["commune"] = territory.commune_names.get(found.value) if found.value else named or parts.commune


def _read_point(row: Row, place: Place, territory: Territory, departement: str | None) -> None:
    latitude, longitude = row.text("latitude"), row.text("longitude")
    reading: Reading[tuple[float, float]] = Reading(None)
    if latitude is not None or longitude is not None:
        reading = read_coordinates(latitude, longitude, departement, territory, place["insee"])
    row.note("latitude" if latitude is not None else "longitude", *reading.notes)
    place["latitude"], place["longitude"] = reading.value or (None, None)


def _read_hours(row: Row) -> str | None:
    block = row.block
    if block.days:
        week = {day: _of_day([row.texts.get(column) for column in columns]) for day, columns in block.days.items()}
        reading = read_week(week)
        first = next(iter(block.days.values()))[0]
        for note in reading.notes:
            row.note_cell(first, note, "opening_hours", replaceable=False)
        return reading.value
    columns = block.columns.get("opening_hours", ())
    parts = [(block.header(column), text) for column in columns if (text := row.texts.get(column)) is not None]
    if not parts:
        return None
    reading = read_hours(parts[0][1] if len(columns) == 1 else joined_hours(parts))
    row.note("opening_hours", *reading.notes)
    return reading.value


def _of_day(cells: Sequence[str | None]) -> str | Sequence[str | None] | None:
    """Ranges of a morning and an afternoon as one text; opening and closing times as they are, in order."""
    if len(cells) == 1:
        return cells[0]
    if any(text and re.search(r"\d\D+\d+\D*\d", text) and _RANGE.search(text) for text in cells):
        return ", ".join(text for text in cells if text) or None
    return cells


def _read_itinerant(text: str) -> Reading[bool]:
    words = normalise(text)
    if re.search(r"\b(?:non|pas) itiner|\bfixe\b|\bsedentaire", words):
        return Reading(False)
    if re.search(r"\bitinerant|\bitinerance\b|\bmobile\b|\bbus\b|\bambulant", words):
        return Reading(True)
    return read_boolean(text)


def _as_dialled(reading: Reading[str]) -> Reading[str]:
    """What to type instead of a number is the number as people dial it."""
    return Reading(
        reading.value,
        tuple(
            replace(note, suggestion=" ".join(re.findall(r"\d\d", f"0{note.suggestion[3:]}")))
            if note.suggestion and re.fullmatch(r"\+33\d{9}", note.suggestion)
            else note
            for note in reading.notes
        ),
    )


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


def _departement_of(place: Place, territory: Territory) -> str | None:
    if place["insee"]:
        return territory.departement_of(place["insee"])
    served = {territory.departement_of(code) for code in territory.by_postcode(place["postcode"] or "")}
    return served.pop() if len(served) == 1 else None


def _is_shifted(row: Row) -> bool:
    """Whether three typed cells are wrong where they stand and right one column aside; says so once."""
    columns = {name: row.block.columns[name][0] for name in _LOOKS if name in row.block.columns}
    cells = row.block.sheet.rows[row.number - 1]
    foreign = {
        name: column
        for name, column in columns.items()
        if (here := as_text(cells[column])) is not None and not _LOOKS[name](here)
    }
    if len(foreign) < _SHIFTED_AT:
        return False
    for step in (-1, 1):
        moved = 0
        for name, column in foreign.items():
            aside = column + step
            there = as_text(cells[aside]) if 0 <= aside < len(cells) else None
            taken = aside in columns.values() and next(n for n, c in columns.items() if c == aside)
            if there is None:
                continue
            moved += _LOOKS[name](there) and not (taken and _LOOKS[taken](there))
        if moved >= _SHIFTED_AT:
            row.problems.clear()
            row.note_cell(min(columns.values()), Note("column_shifted"))
            return True
    return False


def _note_kinds(places: list[Place], rows: dict[int, Row]) -> None:
    """Say once of each kind of place that the reviewed list does not hold."""
    said: set[str] = set()
    for place in places:
        kind = place["type"]
        if kind is None or normalise(kind) in said or normalise(kind).startswith(_ANOTHER):
            continue
        said.add(normalise(kind))
        rows[place["row"]].note("type", *read_service_type(kind).notes)


def _choose_namesakes(places: list[Place], rows: dict[int, Row], territory: Territory) -> None:
    """A name that several communes bear is the one in the file's own départements, where only one is there."""
    homes = Counter(home for place in places if (home := _departement_of(place, territory)))
    own = [code for code, count in homes.items() if count >= _AT_HOME * homes.total()]
    for place in places:
        row = rows[place["row"]]
        if place["insee"] or not any(problem.rule == "commune_ambiguous" for problem in row.problems):
            continue
        named = place["commune"]
        found = {
            value
            for code in own
            if (value := read_commune(named, territory, place["postcode"], None, code).value)
            and territory.departement_of(value) == code
        }
        if len(found) == 1:
            place["insee"] = found.pop()
            place["commune"] = territory.commune_names[place["insee"]]
            row.problems[:] = [problem for problem in row.problems if problem.rule != "commune_ambiguous"]


def _gathered(places: list[Place], rows: dict[int, Row]) -> list[Place]:
    """One place of each run of rows that differ by their service only; its first row speaks for it."""
    kept: dict[tuple[str, ...], Place] = {}
    for place in places:
        key = (normalise(place["name"]), place["insee"] or place["postcode"] or "", normalise(place["address"] or ""))
        if key not in kept:
            kept[key] = place | {"rows": [place["row"]]}
            continue
        kept[key]["rows"].append(place["row"])
        for name, value in place.items():  # a service's row may hold what the first left empty
            if kept[key][name] is None:
                kept[key][name] = value
        said = {(problem.rule, problem.value) for problem in rows[kept[key]["row"]].problems}
        row = rows[place["row"]]
        row.problems[:] = [problem for problem in row.problems if (problem.rule, problem.value) not in said]
    for place in kept.values():
        if len(place["rows"]) > 1:
            lines = ", ".join(map(str, place["rows"][1:]))
            rows[place["row"]].note("name", Note("service_rows_gathered", detail=f"Lignes {lines}."))
    return list(kept.values())


def _note_doubles(places: list[Place], rows: dict[int, Row]) -> None:
    """Say of each later row that it describes a place already written; both rows are kept for the linking."""
    seen: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place in places:
        key = (normalise(place["name"]), place["insee"] or "", normalise(place["address"] or ""))
        if place["insee"]:
            seen[key].append(place["row"])
    for numbers in seen.values():
        for number in numbers[1:]:
            rows[number].note("name", Note("rows_describe_same_place", detail=f"Voir la ligne {numbers[0]}."))
