"""Where the tables of a workbook are: the header row of each, and which column holds which field."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from fs_pipeline.survey.cells import Cell, Sheet, as_text
from fs_pipeline.survey.contents import shares
from fs_pipeline.survey.headers import field_scores
from fs_pipeline.territory.model import Territory
from fs_pipeline.values.hours_words import DAY_NAMES
from fs_pipeline.values.hours_words import DAYS as DAY_CODES
from fs_pipeline.values.text import clean, normalise

TABLES = ("places", "demarches", "actors", "rounds", "meeting")
DAYS = dict(zip(DAY_NAMES, DAY_CODES, strict=True))
# Fields whose cells have a look of their own: a column with none of it is not theirs, whatever its header.
_TYPED = {
    "phone", "email", "website", "postcode", "insee", "commune", "latitude", "longitude", "siret", "siren", "updated_on",
    "opening_hours", "address", "address_number", "week_parity",
}  # fmt: skip
_NEVER = ("email", "website", "boolean")  # what no name and no identifier looks like
_ENOUGH = 1.5  # score from which a column is taken for a field
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
_FIRST_HEADER_WITHIN = 60  # rows


@dataclass(frozen=True)
class Block:
    """One table found: rows `first` to `last` (counted from 0, last excluded) under `header_row`."""

    table: str
    sheet: Sheet
    header_row: int
    first: int
    last: int
    columns: dict[str, tuple[int, ...]]
    days: dict[str, tuple[int, ...]] = field(default_factory=dict)  # Mo … Su -> columns of hours
    extra: tuple[int, ...] = ()  # columns with a header that no field takes
    upright: bool = False  # a meeting written as label and value, one a row

    def header(self, column: int) -> str:
        """The header as written."""
        return as_text(self.sheet.rows[self.header_row][column]) or ""


def find_blocks(sheet: Sheet, territory: Territory) -> list[Block]:
    """The tables of one sheet, from top to bottom."""
    upright = _upright_meeting(sheet)
    if upright:
        return [upright]
    starts = _header_rows(sheet)
    blocks = []
    for position, start in enumerate(starts):
        last = starts[position + 1] if position + 1 < len(starts) else len(sheet.rows)
        last = _without_title(sheet, start, last) if position + 1 < len(starts) else last
        block = _read_block(sheet, start, last, territory)
        if block:
            blocks.append(block)
    return blocks


def _header_rows(sheet: Sheet) -> list[int]:
    """Rows that read as headers: the first within 60 rows, others below only where a table clearly starts anew."""
    found: list[int] = []
    first_words: tuple[str, ...] = ()
    for position, row in enumerate(sheet.rows):
        if not found and position >= _FIRST_HEADER_WITHIN:
            break
        written = [cell for cell in row if cell is not None]
        if len(written) < 2 or not all(isinstance(cell, str) for cell in written):
            continue
        texts = [str(cell) for cell in written]
        if any(len(text) > 250 for text in texts):
            continue
        recognised = sum(_recognised(text) for text in texts)
        if not found:
            if recognised >= max(2, 0.3 * len(texts)) and _is_best_start(sheet, position, recognised):
                found.append(position)
                first_words = tuple(texts)
        elif tuple(texts) != first_words and recognised >= max(2, 0.7 * len(texts)) and _stands_apart(sheet, position):
            found.append(position)
    return found


def _is_best_start(sheet: Sheet, position: int, recognised: int) -> bool:
    """Whether no row of the next five is a better header row (a title may name two fields)."""
    for row in sheet.rows[position + 1 : position + 6]:
        texts = [str(cell) for cell in row if isinstance(cell, str)]
        if sum(map(_recognised, texts)) > recognised + 1:
            return False
    return True


def _recognised(text: str) -> bool:
    best = max((score for table in TABLES for score in field_scores(text, table).values()), default=0.0)
    return best >= 1.4 and not re.search(r"\d{3}", text)


def _stands_apart(sheet: Sheet, position: int) -> bool:
    """After an empty row, or after a title alone on its row."""
    above = sheet.rows[position - 1]
    return sum(cell is not None for cell in above) <= 1


def _without_title(sheet: Sheet, start: int, last: int) -> int:
    """The row before the next header, when it is that table's title, is not of this one."""
    while last - 1 > start and sum(cell is not None for cell in sheet.rows[last - 1]) <= 1:
        last -= 1
    return last


def _read_block(sheet: Sheet, start: int, last: int, territory: Territory) -> Block | None:
    headers = {
        column: text
        for column, cell in enumerate(sheet.rows[start])
        if (text := clean(as_text(cell))) is not None and len(text) <= 250
    }
    below = sheet.rows[start + 1 : last]
    looks = {column: shares([row[column] for row in below], territory) for column in headers}
    days = _day_columns(headers, looks)
    taken_by_days = {column for columns in days.values() for column in columns}
    best: tuple[float, str, dict[str, tuple[int, ...]]] | None = None
    for table in TABLES:
        free = {column: text for column, text in headers.items() if table != "places" or column not in taken_by_days}
        columns, score = _assign(free, looks, table)
        every, some = _NEEDED[table]
        if not every <= columns.keys() or not some & columns.keys():
            continue
        score += _SHEET_BONUS if _named_for(sheet.name, table) else 0.0
        if best is None or score > best[0]:
            best = (score, table, columns)
    if best is None:
        return None
    _, table, columns = best
    used = {column for group in columns.values() for column in group}
    if table == "places" and days:
        used -= set(columns.pop("opening_hours", ()))
        used |= taken_by_days
    else:
        days = {}
    extra = tuple(column for column in headers if column not in used)
    return Block(table, sheet, start, start + 1, last, columns, days, extra)


def _named_for(name: str, table: str) -> bool:
    return any(word in normalise(name) for word in _SHEET_WORDS[table])


def _assign(
    headers: dict[int, str], looks: dict[int, dict[str, float]], table: str
) -> tuple[dict[str, tuple[int, ...]], float]:
    """Field -> columns, the best pair first, each column and field once; and the sum of what was recognised."""
    offers = []
    for column, header in headers.items():
        scores = field_scores(header, table)
        for name in {*scores, *_by_look_alone(looks[column], scores, table)}:
            score = scores.get(name, 0.0) + _worth(name, looks[column], named=name in scores)
            offers.append((round(score, 3), -column, name, column))
    chosen: dict[str, tuple[int, ...]] = {}
    taken: set[int] = set()
    total = 0.0
    for score, _, name, column in sorted(offers, reverse=True):
        if score < _ENOUGH or column in taken or name in chosen:
            continue
        taken.add(column)
        if name.startswith("-"):
            continue
        chosen[name] = (column,)
        total += score
    if "address_number" in chosen and "address" in chosen:
        chosen["address"] = (*chosen.pop("address_number"), *chosen["address"])
    elif "address_number" in chosen:
        chosen["address"] = chosen.pop("address_number")
    return chosen, total


def _by_look_alone(look: dict[str, float], scores: dict[str, float], table: str) -> list[str]:
    """Fields whose cells cannot be mistaken, even under a header that says nothing."""
    if table not in {"places", "actors"} or scores:
        return ["latitude", "longitude"] if {"latitude", "longitude"} & scores.keys() else []
    return [name for name in ("email", "website", "siret") if look.get(name, 0.0) >= 0.9 and look["filled"] >= 0.2]


def _worth(name: str, look: dict[str, float], *, named: bool) -> float:
    """What the cells add to, or take from, the header's score."""
    fill = 0.5 * look["filled"]
    if look["filled"] == 0:
        return -0.4
    if name not in _TYPED:
        unlike = max(look.get(kind, 0.0) for kind in _NEVER) if name in {"name", "local_id"} else 0.0
        return fill - 3.0 * (unlike > 0.7) - (1.5 if name == "name" and look.get("long", 0.0) > 0.6 else 0.0)
    share = look.get(name, 0.0)
    if name in {"latitude", "longitude"}:
        other = look.get("longitude" if name == "latitude" else "latitude", 0.0)
        if look.get("metres", 0.0) > 0.5:
            return fill
        return fill + (2.5 if share > max(0.5, other) else 0.5 if share > 0.5 and share == other else -4.0)
    if name == "opening_hours":
        return fill + (1.8 * share if share > 0.2 else -0.6 if share == 0 and look.get("boolean", 0.0) < 0.5 else -3.0)
    if share >= 0.4:
        return fill + 1.6 * share + (0.0 if named else 0.2)
    # An address may be a place name, a commune one of another vintage: only the wholly foreign is refused.
    return fill - (1.9 if share < 0.12 and name != "address" else 0.8)


def _day_columns(headers: dict[int, str], looks: dict[int, dict[str, float]]) -> dict[str, tuple[int, ...]]:
    """Mo … Su -> its columns of opening and closing times, where at least three days have one."""
    found: dict[str, list[int]] = {}
    plain: dict[str, list[int]] = {}
    for column, header in headers.items():
        words = normalise(header).split()
        days = [DAYS[word] for word in words if word in DAYS]
        if len(days) != 1:
            continue
        if re.search(r"\b(?:ouverture|fermeture|debut|fin|horaires?|matin|apres|de|a)\b", " ".join(words)):
            found.setdefault(days[0], []).append(column)
        elif looks[column].get("opening_hours", 0.0) > 0.3:
            plain.setdefault(days[0], []).append(column)
    chosen = found if len(found) >= 3 else plain
    return {day: tuple(columns) for day, columns in chosen.items()} if len(chosen) >= 3 else {}


def _upright_meeting(sheet: Sheet) -> Block | None:
    """A meeting written as label in the first column and value in the second."""
    if not _named_for(sheet.name, "meeting") and len(sheet.rows) > 15:
        return None
    columns: dict[str, tuple[int, ...]] = {}
    for position, row in enumerate(sheet.rows[:30]):
        label = as_text(row[0]) if row else None
        if not label or len(row) < 2 or row[1] is None:
            continue
        scores = field_scores(label.rstrip(" :"), "meeting")
        name = max(scores, key=lambda key: scores[key], default=None)
        if name and scores[name] >= 2.0 and name not in columns:
            columns[name] = (position,)
    every, some = _NEEDED["meeting"]
    if not every <= columns.keys() or not some & columns.keys() or len(_cells_beyond(sheet)) > len(sheet.rows):
        return None
    return Block("meeting", sheet, 0, 0, len(sheet.rows), columns, upright=True)


def _cells_beyond(sheet: Sheet) -> Sequence[Cell]:
    return [cell for row in sheet.rows for cell in row[2:] if cell is not None]
