"""Démarches that a survey states: a table of their own, columns of the places' table, or a row a service."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

from rapidfuzz import fuzz, process

from fs_pipeline.survey.columns.block import Block, Matched, Words
from fs_pipeline.survey.columns.demarche_columns import by_level, match_header, parts_of
from fs_pipeline.survey.nets import tried
from fs_pipeline.survey.tables.accounted import say_what_is_left
from fs_pipeline.survey.tables.continued import carry_down
from fs_pipeline.survey.tables.records import Place, PlaceDemarche
from fs_pipeline.survey.tables.rows import Row, rows_of
from fs_pipeline.values.booleans import read_boolean
from fs_pipeline.values.hours import read_hours
from fs_pipeline.values.reading import Note
from fs_pipeline.values.text import clean, normalise

_SAME_PLACE = 90.0  # rapidfuzz token_sort_ratio from which two spellings name one place of the file


@dataclass
class Stated:
    """The places of the file, whose démarches are being read, and the words that name démarches."""

    words: Words
    places: Sequence[Place]
    elsewhere: frozenset[str] = field(default_factory=frozenset)  # names of the places of other départements
    _levels: dict[str, str | None] = field(default_factory=dict)

    @cached_property
    def ids(self) -> dict[str, str]:
        """Normalised name -> ``sheet:row`` of the first place that bears it."""
        return {normalise(place.name): place.key for place in reversed(self.places)}

    def level(self, text: str, codes: Mapping[str, str]) -> str | None:
        """The level that a cell states, by the `codes` of its sheet's legend first; « non » is none."""
        if codes and (coded := codes.get(text.strip().casefold())):
            return coded
        if text not in self._levels:
            self._levels[text] = tried("level", lambda: self._level(text), None)
        return self._levels[text]

    def _level(self, text: str) -> str | None:
        level = self.words.read_level(text)
        return "none" if level is None and read_boolean(text).value is False else level

    def matches(self, row: Row, text: str) -> Sequence[tuple[str, Matched]]:
        """Each démarche that a cell of `row` names: the whole cell, or the parts of a list of them."""
        return row.guarded("demarche", lambda: list(self._matches(text)), [])

    def _matches(self, text: str) -> Iterator[tuple[str, Matched]]:
        whole = self.words.match_demarche(text)
        parts = [] if whole.exact else parts_of(text)
        found = [(part, self.words.match_demarche(part)) for part in parts] if len(parts) > 1 else []
        yield from found if any(matched.exact for _, matched in found) else [(text, whole)]


def read_demarches(block: Block, stated: Stated) -> tuple[list[PlaceDemarche], list[Row]]:
    """One record a place and démarche; ``survey_place_id`` is ``sheet:row`` of the place in the same file."""
    records: list[PlaceDemarche] = []
    rows = list(rows_of(block))
    if block.across:
        return _read_across(block, rows, stated)
    carry_down(rows, "place", "demarche")
    for row in rows:
        text, place = row.text("demarche"), row.text("place")
        if row.settled or text is None:
            continue
        if normalise(place or "") in stated.elsewhere:
            row.settle(Note("row_of_place_set_aside"), block.columns["place"][0], "place")
            continue
        place_id = _same_place(place, stated.ids)
        if place_id is None and stated.ids:
            row.note("place", Note("place_of_demarche_unknown"))
        level = _level(row, row.text("level"), stated)
        appointment = row.guarded("appointment", partial(_appointment, row), None)
        hours = row.read("opening_hours", read_hours)
        records += [
            _record(row, place_id, place, name, matched, level, appointment, hours)
            for name, matched in _noted(row, "demarche", stated.matches(row, text))
        ]
    say_what_is_left(rows, records)
    return records, rows


def _read_across(block: Block, rows: list[Row], stated: Stated) -> tuple[list[PlaceDemarche], list[Row]]:
    """What each cell says of its row's démarche in its column's place."""
    heads = Row(block, block.header_row + 1, {})
    names = {column: block.header(column) for column in block.across}
    ids = {column: _same_place(name, stated.ids) for column, name in names.items()}
    for column, place_id in ids.items():
        if place_id is None and stated.ids and normalise(names[column]) not in stated.elsewhere:
            heads.note_cell(column, Note("place_of_demarche_unknown"), "place", replaceable=False)
    records: list[PlaceDemarche] = []
    without_level: set[int] = set()
    for row in rows:
        text = row.text("demarche")
        if row.settled or text is None:
            continue
        found = list(_noted(row, "demarche", stated.matches(row, text)))
        for column in row.written.intersection(block.across):
            level = _level_of_cell(row, column, stated, without_level)
            records += [_record(row, ids[column], names[column], name, matched, level, None) for name, matched in found]
        if not row.written.intersection(block.across):
            row.settle(Note("row_left_out", detail="Aucun lieu n’y est coché."))
    _say_without_level(heads, without_level)
    say_what_is_left(rows, records)
    return records, [heads, *rows]


def read_marks(block: Block, rows: Sequence[Row], stated: Stated) -> tuple[list[PlaceDemarche], list[Row]]:
    """The démarches that are columns of the places' table: what each cell says of its place; problems by header."""
    heads = Row(block, block.header_row + 1, {})
    matched: dict[int, tuple[str, Matched]] = {}
    for column in block.marks:
        name = block.heading.texts[column] if block.heading else block.header(column)
        match = match_header(name, stated.words)
        matched[column] = (name, match)
        if not match.exact:
            heads.note_cell(column, Note("demarche_unknown", match.suggestion), "demarche", replaceable=False)
    owners = _owners(stated.places, block)
    records: list[PlaceDemarche] = []
    without_level: set[int] = set()
    for row in rows:
        place = owners.get(row.number)
        if place is None:
            continue
        for column, (name, match) in matched.items():
            if row.texts.get(column) is None:
                continue
            level = _level_of_cell(row, column, stated, without_level)
            records.append(_record(row, place.key, place.name, name, match, level, None))
    _say_without_level(heads, without_level)
    return records, [heads]


def _level_of_cell(row: Row, column: int, stated: Stated, without_level: set[int]) -> str | None:
    """The level in a cell, of a tick that of the title above its column; a column of ticks without one is added."""
    text, heading = row.texts.get(column) or "", row.block.heading
    level = stated.level(text, row.block.codes)
    if level is None and stated.words.reads_as_mark(text):
        level = stated.words.read_level(heading.above.get(column, "") if heading else "")
        if level is None:
            without_level.add(column)
    elif level is None:
        row.note_cell(column, Note("level_unknown"), "level")
    return level


def _say_without_level(heads: Row, columns: set[int]) -> None:
    for column in sorted(columns):
        heads.note_cell(column, Note("level_of_mark_unknown"), "level", replaceable=False)


def read_services(block: Block, rows: Sequence[Row], stated: Stated) -> list[PlaceDemarche]:
    """The démarches of a table of places that has a row a service, or a list of them in a cell."""
    owners = _owners(stated.places, block)
    columns = {name: columns[0] for name, columns in block.long.items()}
    records: list[PlaceDemarche] = []
    for row in rows:
        place, text = owners.get(row.number), row.texts.get(columns["demarche"])
        if place is None or text is None:
            continue
        level_text = row.texts.get(columns.get("level", -1))
        level = stated.level(level_text, block.codes) if level_text else None
        if level_text and level is None and not stated.words.reads_as_mark(level_text):
            row.note_cell(columns["level"], Note("level_unknown"), "level")
        wish = row.texts.get(columns.get("appointment", -1))
        appointment = read_boolean(wish).value if wish else None
        found = stated.matches(row, text)
        if any(match.exact for _, match in found):
            for _, match in found:
                if not match.exact:
                    row.note_cell(
                        columns["demarche"], Note("demarche_unknown", match.suggestion), "demarche", replaceable=False
                    )
        records += [_record(row, place.key, place.name, name, match, level, appointment) for name, match in found]
    return records


def read_lists(block: Block, rows: Sequence[Row], stated: Stated) -> list[PlaceDemarche]:
    """The démarches that a cell lists, at the level of its column's header or of the words before them in the cell."""
    owners = _owners(stated.places, block)
    records: list[PlaceDemarche] = []
    for row in rows:
        place = owners.get(row.number)
        if place is None:
            continue
        for column, headed in block.lists.items():
            for level, listed in by_level(row.texts.get(column) or "", stated.words):
                if clean(listed) is None:
                    continue
                for name, match in stated.matches(row, listed):
                    if not match.exact:
                        note = Note("demarche_unknown", match.suggestion, f"Écrit : « {name} ».")
                        row.note_cell(column, note, "demarche", replaceable=False)
                    records.append(_record(row, place.key, place.name, name, match, level or headed, None))
    return records


def _owners(places: Sequence[Place], block: Block) -> Mapping[int, Place]:
    """Row -> the place that it describes, the rows gathered into one included."""
    return {
        number: place
        for place in places
        if place.sheet == block.where
        for number in (place.row, *place.more_rows)
        if block.first < number <= block.last
    }


def _noted(row: Row, name: str, found: Iterable[tuple[str, Matched]]) -> Iterator[tuple[str, Matched]]:
    for text, matched in found:
        if not matched.exact:
            row.note(name, Note("demarche_unknown", matched.suggestion))
        yield text, matched


def _record(
    row: Row,
    place_id: str | None,
    place: str | None,
    name: str,
    matched: Matched,
    level: str | None,
    appointment: bool | None,
    hours: str | None = None,
) -> PlaceDemarche:
    return PlaceDemarche(
        row.block.where, row.number, place_id, place, name, matched.demarche_id, level, appointment, hours
    )


def _level(row: Row, text: str | None, stated: Stated) -> str | None:
    if text is None:
        return None
    level = stated.level(text, row.block.codes)
    if level is None:
        row.note("level", Note("level_of_mark_unknown" if stated.words.reads_as_mark(text) else "level_unknown"))
    return level


def _appointment(row: Row) -> bool | None:
    text = row.text("appointment")
    if text is None:
        return None
    reading = read_boolean(text)
    if reading.value is None:
        words = normalise(text)
        if re.search(r"\bsans (?:rendez|rdv)", words):
            return False
        if re.search(r"\b(?:sur|avec|prendre) (?:rendez|rdv)|^(?:rendez vous|rdv)$", words):
            return True
        row.note("appointment", Note("appointment_unreadable"))
    return reading.value


def _same_place(name: str | None, ids: Mapping[str, str]) -> str | None:
    if name is None or not ids:
        return None
    key = normalise(name)
    if key in ids:
        return ids[key]
    found = process.extractOne(key, list(ids), scorer=fuzz.token_sort_ratio, score_cutoff=_SAME_PLACE)
    return ids[found[0]] if found else None
