"""What the readers of the formats say of a file, before its cells are made safe and its rows equally wide."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from fs_pipeline.survey.opening.cells import Range

Repair = Literal["record_rejoined", "quote_never_closed"]  # each a rule of the report
RawCell = str | int | float | bool | dict[str, str] | None  # {"d": ISO date}, {"t": time of day}


@dataclass(slots=True)
class Told:
    """What only some formats tell of a sheet beside its cells."""

    merged: list[Range] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)  # columns
    hidden_rows: list[int] = field(default_factory=list)
    widths: dict[int, float] = field(default_factory=dict)  # column -> characters
    formulas: list[str] = field(default_factory=list)  # references of those without a value
    errors: dict[str, str] = field(default_factory=dict)  # reference -> « #REF! »
    fills: dict[str, str] = field(default_factory=dict)  # reference -> six hexadecimal digits
    struck: list[str] = field(default_factory=list)  # references of cells whose text is struck through
    comments: dict[str, str] = field(default_factory=dict)  # reference -> its sender's own
    repairs: dict[int, Repair] = field(default_factory=dict)  # row of a text that was broken -> how it was put right


@dataclass(slots=True)
class RawSheet:
    """One sheet, its rows as long as they are written."""

    name: str
    visible: bool
    rows: list[list[RawCell]]
    told: Told = field(default_factory=Told)
    lost: dict[tuple[int, int], str] = field(default_factory=dict)  # cell -> as written, « � » for letters lost


@dataclass(slots=True)
class RawWorkbook:
    """One file; `skipped` are the names of its sheets that are no table."""

    format: str
    sheets: list[RawSheet]
    skipped: list[str] = field(default_factory=list)
