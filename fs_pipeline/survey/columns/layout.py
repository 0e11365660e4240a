"""Where the tables of a workbook are, and which column of each holds which field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from fs_pipeline.survey.columns.address_lines import with_more_lines
from fs_pipeline.survey.columns.block import Block, Reading
from fs_pipeline.survey.columns.choosing import ASK_BELOW, Choice, Look, choose_columns, with_a_name
from fs_pipeline.survey.columns.contents import SAMPLE, note_fits, note_numbers, note_points, shares
from fs_pipeline.survey.columns.demarche_columns import DemarcheColumns, demarche_columns
from fs_pipeline.survey.columns.folded import unfolded
from fs_pipeline.survey.columns.header_rows import TABLES, Header, find_headers
from fs_pipeline.survey.columns.headers import field_scores
from fs_pipeline.survey.columns.hours_columns import day_columns, hours_with_parts
from fs_pipeline.survey.columns.listed_columns import listed_columns
from fs_pipeline.survey.columns.turned import labels_of, turned
from fs_pipeline.survey.fields import GENERAL_HELP
from fs_pipeline.survey.nets import tried
from fs_pipeline.survey.opening.cells import Cell, Sheet, as_text
from fs_pipeline.territory.model import Territory
from fs_pipeline.values.states import read_state
from fs_pipeline.values.text import normalise

_NEEDED: dict[str, tuple[frozenset[str], frozenset[str]]] = {  # all of the first, one of the second
    "places": (
        frozenset({"name"}),
        frozenset({"address", "commune", "postcode", "insee", "latitude", "phone", "type"}),
    ),
    "demarches": (frozenset({"place", "demarche"}), frozenset({"level", "appointment", "opening_hours", "operator"})),
    "actors": (frozenset({"name"}), frozenset({"territory", "publics", "outreach_mode", "commitment", "contact"})),
    "rounds": (frozenset({"stop"}), frozenset({"weekday", "opening_hours", "week_parity"})),
    "meeting": (frozenset({"held_on"}), frozenset({"present", "decisions", "venue"})),
}
_SHEET_WORDS = {
    "places": ("lieu", "structure", "recensement", "places"),
    "demarches": ("demarche", "niveau", "matrice"),
    "actors": ("acteur", "association", "partenaire", "reseau"),
    "rounds": ("tournee", "bus", "permanence", "itineran", "aller vers"),
    "meeting": ("reunion", "comite", "compte rendu"),
}
_SHEET_BONUS = 5.0
_TICKED = 0.6  # share of cells that tick, deny or name a level from which a column named after a démarche is one
_LABELLED = 3  # fields that a column of labels must name, in a sheet that is read on its side
_LOOKED_AT = {name: name for name in ("postcode", "commune", "insee", "phone", "email", "opening_hours", "siret")} | {
    "held_on": "updated_on",
    "address": "numbered",  # « Adresse (rue, ville) » names streets too
}
_SPARED = ("phone", "email", "website")
_NOT_OF_IT = -1.0  # score of a header that says, beside the field, what it is not


def find_blocks(sheet: Sheet, reading: Reading) -> list[Block]:
    """The tables of one sheet, from top to bottom and from left to right; a sheet of labels is read on its side."""
    blocks = _in_rows(sheet, reading)
    return _on_its_side(sheet, reading, blocks) or blocks


def _in_rows(sheet: Sheet, reading: Reading) -> list[Block]:
    found = find_headers(sheet, reading.without)
    whole = unfolded(sheet, [header.row for header in found])
    if whole is not sheet:
        sheet, found = whole, find_headers(whole, reading.without)
    blocks = []
    for position, header in enumerate(found):
        if not header.texts:
            continue
        last = len(sheet.rows)
        if position + 1 < len(found):
            following = found[position + 1]
            last = _without_title(sheet, header.row, following.row - following.rows + 1)
        bands = _bands(sheet, header, last)
        side_by_side = [_read_block(sheet, header, last, reading, band) for band in bands] if len(bands) > 1 else []
        if len(side_by_side) > 1 and all(map(_stands_alone, side_by_side)):
            kinds: set[str] = set()
            for part in filter(None, side_by_side):
                blocks.append(replace(part, twin=part.table in kinds))
                kinds.add(part.table)
        elif block := _read_block(sheet, header, last, reading):
            blocks.append(block)
    return blocks


def _stands_alone(block: Block | None) -> bool:
    """Whether a part of the columns is a table by itself: its key column says by its header that it is one."""
    key = {"demarches": "place", "rounds": "stop", "meeting": "held_on"}.get(block.table, "name") if block else ""
    return block is not None and any(
        choice.field == key and choice.confidence > ASK_BELOW for choice in block.choices.values()
    )


def _without_title(sheet: Sheet, start: int, last: int) -> int:
    """The row before the next header, when it is that table's title, is not of this one."""
    while last - 1 > start and sum(cell is not None for cell in sheet.rows[last - 1]) <= 1:
        last -= 1
    return last


def _bands(sheet: Sheet, header: Header, last: int) -> list[tuple[int, int]]:
    """Groups of headers that whole empty columns keep apart."""
    columns = sorted(header.texts)
    bands = [[columns[0], columns[0]]]
    for column in columns[1:]:
        between = [place for place in range(bands[-1][1] + 1, column) if place not in sheet.proposals]
        if between and not any(row[c] is not None for row in sheet.rows[header.row : last] for c in between):
            bands.append([column, column])
        bands[-1][1] = column
    return [(first, final) for first, final in bands]


def _read_block(
    sheet: Sheet, header: Header, last: int, reading: Reading, band: tuple[int, int] | None = None
) -> Block | None:
    headers = {c: header.whole(c) for c in header.texts if band is None or band[0] <= c <= band[1]}
    below = sheet.rows[header.row + 1 : last]
    looks = {column: shares([row[column] for row in below], reading.territory) for column in headers}
    note_fits(looks, below, reading.territory)
    note_points(looks, below)
    note_numbers(looks, below)
    answers = {
        column: reading.answers[key]
        for column in headers
        if (key := normalise(header.named(column))) in reading.answers
    }
    days = day_columns(headers, looks)
    by_days = {column for columns in days.values() for column in columns}
    best: tuple[float, str, list[Choice]] | None = None
    for table in TABLES:
        free = {column: text for column, text in headers.items() if table != "places" or column not in by_days}
        told = {column: name for column, name in answers.items() if table == "places" and column in free}
        choices = choose_columns(free, looks, table, answers=told, without=reading.without)
        every, some = _NEEDED[table]
        if table == "places":
            choices = with_a_name(choices, looks, some)
        names = {choice.field for choice in choices}
        if not every <= names or not some & names:
            continue
        score = sum(choice.score for choice in choices) + (_SHEET_BONUS if _named_for(sheet.name, table) else 0.0)
        if best is None or score > best[0]:
            best = (score, table, choices)
    if best is None:
        return None
    _, table, choices = best
    columns: dict[str, tuple[int, ...]] = {choice.field: (choice.column,) for choice in choices}
    if table == "places":
        columns = with_more_lines(_grouped(columns, headers, looks), headers, looks)
    if table == "places" and days:
        columns.pop("opening_hours", None)
    else:
        days = {}
    rest = _without(headers, columns, days)
    stated = DemarcheColumns()
    spares: dict[str, tuple[int, ...]] = {}
    states: tuple[int, ...] = ()
    if table == "places":
        helping = {column: headers[column] for column in columns.get(GENERAL_HELP, ())}
        stated = demarche_columns(header, rest, helping, below, looks, reading)
        if helping and helping.keys() <= stated.lists.keys():
            del columns[GENERAL_HELP]  # it names démarches, which says more
        rest = _without(rest, stated.taken)
        listed = listed_columns(rest, below, reading.without)
        columns |= {name: columns.get(name, ()) + group for name, group in listed.items()}
        rest = _without(rest, listed)
        spares = _spare_columns(rest, columns, looks, reading.without)
        rest = _without(rest, spares)
        states = tuple(column for column in rest if _tells_states([row[column] for row in below]))
        rest = _without(rest, {"": states})
    return Block(
        table=table,
        sheet=sheet,
        header_row=header.row,
        first=header.row + 1,
        last=last,
        columns=columns,
        days=days,
        extra=tuple(rest),
        heading=header,
        choices={choice.column: choice for choice in choices if (choice.column,) == columns.get(choice.field)},
        marks=stated.marks,
        long=stated.long,
        lists=stated.lists,
        codes=reading.words.codes,
        spares=spares,
        states=states,
        band=band,
    )


def _without(headers: Mapping[int, str], *taken: Mapping[str, tuple[int, ...]]) -> dict[int, str]:
    used = {column for groups in taken for group in groups.values() for column in group}
    return {column: text for column, text in headers.items() if column not in used}


def _named_for(name: str, table: str) -> bool:
    return any(word in normalise(name) for word in _SHEET_WORDS[table])


def _grouped(
    columns: Mapping[str, tuple[int, ...]], headers: Mapping[int, str], looks: Mapping[int, Look]
) -> dict[str, tuple[int, ...]]:
    """Field -> its columns: an address may be a number, a kind of street and its name; hours may be in parts."""
    columns = dict(columns)
    parts = [columns.pop(part) for part in ("address_number", "address_way") if part in columns]
    if parts:
        columns["address"] = tuple(column for group in (*parts, columns.get("address", ())) for column in group)
    if "opening_hours" in columns:
        free = _without(headers, {name: group for name, group in columns.items() if name != "opening_hours"})
        columns["opening_hours"] = hours_with_parts(columns["opening_hours"][0], free, looks)
    return columns


def _spare_columns(
    rest: Mapping[int, str], columns: Mapping[str, tuple[int, ...]], looks: Mapping[int, Look], without: str | None
) -> dict[str, tuple[int, ...]]:
    """Field -> other columns of the same: « Portable » beside « Fixe », but no fax, and no person's own."""
    scores = {column: field_scores(header, "places", without) for column, header in rest.items()}
    found = {
        name: tuple(
            column
            for column, named in scores.items()
            if looks[column].get(name, 0.0) >= _TICKED
            and (named.get(name, 0.0) > 0.0 or (f"-second_{name}" in named and named.get(name, 0.0) > _NOT_OF_IT))
        )
        for name in _SPARED
        if name in columns
    }
    return {name: group for name, group in found.items() if group}


def _tells_states(cells: Sequence[Cell]) -> bool:
    """Whether a column says of most places that they are open, closed or planned."""
    written = [text for cell in cells[:: max(1, len(cells) // SAMPLE)] if (text := as_text(cell))]
    states = [tried("state", partial(read_state, text, asked=True), None) for text in written]
    return bool(written) and len(states) - states.count(None) >= _TICKED * len(written)


def _on_its_side(sheet: Sheet, reading: Reading, read: Sequence[Block]) -> list[Block]:
    """The tables of a sheet whose first columns hold labels, more of them than its rows do, and values beside them."""
    for table in ("places", "meeting"):
        column, fields = labels_of(sheet, table)
        every, some = _NEEDED[table]
        enough = 2 if _named_for(sheet.name, table) and table == "meeting" else _LABELLED
        if len(fields) < enough or not every <= fields or not some & fields:
            continue
        if any(len(block.choices) >= len(fields) for block in read):
            return []
        aside = turned(sheet, column)
        blocks = _in_rows(aside, reading)
        if any(block.table == table and _holds_values(block, reading.territory) for block in blocks):
            return blocks
    return []


def _holds_values(block: Block, territory: Territory) -> bool:
    """Whether some field that has a look of its own has it: a list of what a survey asks for has labels alone."""
    below = block.sheet.rows[block.first : block.last]
    looks = ((name, shares([row[columns[0]] for row in below], territory)) for name, columns in block.columns.items())
    return any(look.get(_LOOKED_AT[name], 0.0) >= _TICKED for name, look in looks if name in _LOOKED_AT)
