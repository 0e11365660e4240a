"""Which columns of a table of places say which démarches it helps with: named after one, a list of them, a row a service."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from fs_pipeline.survey.columns.block import Matched, Reading, Words
from fs_pipeline.survey.columns.choosing import Look, choose_columns
from fs_pipeline.survey.columns.header_rows import Header
from fs_pipeline.survey.columns.listed_columns import names_list
from fs_pipeline.survey.fields import GENERAL_HELP
from fs_pipeline.survey.nets import tried
from fs_pipeline.survey.opening.cells import Cell, as_text

_FEW_ANSWERS = 60  # different cells beyond which a column does not tick
_TICKED = 0.6  # share of cells that tick, deny or name a level from which a column named after a démarche is one
_LONG_FIELDS = ("demarche", "level", "appointment")
_LONG_SCORE = 2.6  # what a column of démarches in the table of places must be worth
_SOME = 0.2  # share of cells that name démarches from which a column that asks for them is about them
_SAMPLE = 200
_SEPARATOR = re.compile(r"\s*(?:[;,\n|•]|\s/\s|\s-\s)\s*")
_LABEL = re.compile(r"(?:^|[\n;,/|.•]|\s[-–]\s)\s*([^\n:;,/|.•]{3,60}?)\s*:\s*")  # « Accompagnement : »
_ASKS = re.compile(r"\b(?:service|d[ée]marche|prestation|th[ée]matique|domaine)s?\b", re.IGNORECASE)


@dataclass(frozen=True)
class DemarcheColumns:
    """The columns of a table of places that say which démarches it helps with, as ``Block`` has them."""

    marks: tuple[int, ...] = ()
    lists: dict[int, str | None] = field(default_factory=dict)
    long: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def taken(self) -> dict[str, tuple[int, ...]]:
        """All of them, in groups."""
        return {"marks": self.marks, "lists": tuple(self.lists), **self.long}


def demarche_columns(
    header: Header,
    rest: dict[int, str],
    helping: dict[int, str],
    below: Sequence[Sequence[Cell]],
    looks: Mapping[int, Look],
    reading: Reading,
) -> DemarcheColumns:
    """Which of the columns left over say démarches, by their headers and the cells below.

    One of those that are `helping` with démarches in general may list them.
    """
    marks = _mark_columns(header, rest, below, reading.words)
    unmarked = {column: text for column, text in rest.items() if column not in marks}
    long = _long_columns(unmarked, looks, reading)
    of_rows = {column for columns in long.values() for column in columns} if len(long) > 1 else set()
    free = {column: text for column, text in (unmarked | helping).items() if column not in of_rows}
    lists = _list_columns(free, below, reading)
    return DemarcheColumns(marks, lists, {} if lists.keys() & set(long.get("demarche", ())) else long)


def match_header(header: str, words: Words) -> Matched:
    """The démarche that a header names: « CAF », « CAF (A/O/N) »."""
    whole = words.match_demarche(header)
    bare = re.sub(r"\s*\([^()]*\)\s*$", "", header)
    return whole if whole.exact or bare == header else words.match_demarche(bare)


def by_level(text: str, words: Words) -> Iterator[tuple[str | None, str]]:
    """The parts of a list, each with the level under which it stands: « Accompagnement : CAF / Orientation : CPAM »."""
    labels = [(found, level) for found in _LABEL.finditer(text) if (level := words.read_level(found[1])) is not None]
    starts = [found.start() for found, _ in labels]
    if before := text[: starts[0] if starts else None].strip():
        yield None, before
    for (found, level), end in zip(labels, [*starts, len(text)][1:], strict=True):
        yield level, text[found.end() : end].strip(" \n;,/|.•-–")


def parts_of(text: str) -> list[str]:
    """What a list names, one by one."""
    return [part for part in _SEPARATOR.split(text) if part]


def _mark_columns(
    header: Header, rest: Mapping[int, str], below: Sequence[Sequence[Cell]], words: Words
) -> tuple[int, ...]:
    """Columns named after a démarche or an operator, whose cells tick, deny or say a level; at least two of them."""

    def says_level(text: str) -> bool:
        return words.reads_as_mark(text) or words.read_level(text) is not None

    ticked = []
    for column in rest:
        cells = Counter(row[column] for row in below if row[column] is not None)
        if len(cells) > _FEW_ANSWERS:
            continue
        telling = sum(
            count for cell, count in cells.items() if tried("level", partial(says_level, as_text(cell) or ""), False)
        )
        if telling >= _TICKED * cells.total():
            ticked.append(column)
    known = [column for column in ticked if match_header(header.texts[column], words).exact]
    if len(known) < 2:
        return ()
    return tuple(column for column in ticked if known[0] <= column <= known[-1])


def _long_columns(rest: Mapping[int, str], looks: Mapping[int, Look], reading: Reading) -> dict[str, tuple[int, ...]]:
    """The démarche of each row, and its level, where a table of places has a row a service."""
    free = {column: text for column, text in rest.items() if not names_list(text, GENERAL_HELP, reading.without)}
    choices = {choice.field: choice for choice in choose_columns(free, looks, "demarches", without=reading.without)}
    demarche = choices.get("demarche")
    if demarche is None or demarche.score < _LONG_SCORE or looks[demarche.column].get("long", 0.0) > 0.3:
        return {}
    if looks[demarche.column].get("boolean", 0.0) > 0.5:
        return {}
    return {name: (choices[name].column,) for name in _LONG_FIELDS if name in choices}


def _list_columns(rest: Mapping[int, str], below: Sequence[Sequence[Cell]], reading: Reading) -> dict[int, str | None]:
    """Columns whose cells list démarches -> the level that the header states; None where the cells do, or nobody does.

    Without a level, it takes a header that asks for services or démarches.
    """
    found: dict[int, str | None] = {}
    for column, header in rest.items():
        texts = [text for row in below if (text := as_text(row[column]))][:_SAMPLE]
        if names_demarches(texts, reading.words) < _TICKED:
            continue
        level = reading.words.read_level(header)
        told = any(within for text in texts for within, _ in by_level(text, reading.words))
        if level or told or _ASKS.search(header):
            found[column] = level
    return found


def speaks_of_demarches(header: str, texts: Sequence[str], words: Words) -> bool:
    """Whether a column is about démarches, by its header or its cells; names of operators alone may be anything else's."""
    if not texts:
        return False
    asks = bool(_ASKS.search(header)) or words.read_level(header) not in {None, "none"}
    if match_header(header, words).exact or (asks and names_demarches(texts[:_SAMPLE], words) >= _SOME):
        return True
    different = Counter(texts[:_SAMPLE])
    ids = sum(count for text, count in different.items() if words.match_demarche(text).demarche_id is not None)
    return ids >= _TICKED * different.total()


def names_demarches(texts: Sequence[str], words: Words) -> float:
    """Share of the texts in which some démarche or operator is named, alone or in a list."""

    def names(text: str) -> bool:
        return any(
            words.match_demarche(part).exact
            for _, listed in by_level(text, words)
            for part in (listed, *parts_of(listed))
        )

    different = Counter(texts)  # a column says the same again and again, and the nearest démarche takes long to find
    named = sum(count for text, count in different.items() if tried("demarche", partial(names, text), False))
    return named / len(texts) if texts else 0.0
