"""One judge a kind of text: what of a cell may leave, given its row.

A judge gives back the text, a shorter one, or None. What a column holds is said in its table's .yml (``holds``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache

import pandas as pd

from fs_pipeline.data import read_csv
from fs_pipeline.editions.personal import is_public_phone, is_service_mailbox, public_website
from fs_pipeline.values.public_words import PublicWords
from fs_pipeline.values.vocabularies import BETWEEN
from fs_pipeline.warehouse.declared import ColumnSpec

Row = Mapping[str, object]
Judge = Callable[[str, Row], str | None]

# A digit is 0 to 9: those of other scripts are read by nobody here, and could spell a telephone number.
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:|=;~-]{0,119}|")
# Where anything that looks like a code would do, but the code has one shape.
_SHAPES = {
    "insee": re.compile(r"\d[\dAB]\d{3}", re.ASCII),
    "postcode": re.compile(r"\d{5}", re.ASCII),
    "siret": re.compile(r"[1-9]\d{13}", re.ASCII),
    "siren": re.compile(
        r"[1-589]\d{8}", re.ASCII
    ),  # one that begins with 6 or 7 may be a mobile number without its zero
    "place_id": re.compile(r"[0-9A-Za-z_.~-]{1,60}"),
}
_SHAPES["host_place_id"] = _SHAPES["place_id"]
_HOURS = re.compile(
    r"(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|easter|week|off|closed|open|unknown"
    r"|[\d\s:,;+/\[\]()-])*",
    re.ASCII,
)
_FIELDS = {"hours": "opening_hours", "opening_hours": "opening_hours"}


@dataclass(frozen=True, eq=False)
class Door:
    """What the judges of one slot know.

    Attributes
    ----------
    words
        What may be read in the département.
    communes
        Names of current communes.
    hosts
        Hosts of web sites and mailboxes that public lists bear.
    """

    words: PublicWords
    communes: Collection[str] = ()
    hosts: Collection[str] = ()

    def judge_of(self, column: ColumnSpec) -> Judge:
        """The judge of a declared column."""
        if column.among is not None:
            codes = codes_of(column.among)
            return lambda text, row: BETWEEN.join(code for code in text.split(BETWEEN) if code in codes) or None
        shape = _SHAPES.get(column.name)
        if column.holds == "code" and shape is not None:
            return lambda text, row: text if shape.fullmatch(text) else None
        return self._judges()[str(column.holds)]

    def _judges(self) -> Mapping[str, Judge]:
        return {
            "ours": lambda text, row: text,
            "code": lambda text, row: text if _CODE.fullmatch(text) else None,
            "date": lambda text, row: text if _DATE.fullmatch(text) else None,
            "hours": lambda text, row: text if _HOURS.fullmatch(text) else None,
            "phone": lambda text, row: text if is_public_phone(text) else None,
            "commune": lambda text, row: text if text in self.communes else None,
            "name": lambda text, row: text if self.words.name(text, _said(row, "commune")) else None,
            "street": lambda text, row: text if self._street(text, row) else None,
            "sentence": lambda text, row: text if self.words.sentence(text, _said(row, "commune")) else None,
            "mailbox": lambda text, row: text if self._mailbox(text, row) else None,
            "website": lambda text, row: public_website(text, *self._context(row), hosts=self.hosts),
            "value": self._value,
        }

    def _street(self, text: str, row: Row) -> bool:
        return self.words.street(text, _said(row, "commune"), _said(row, "postcode"))

    def _mailbox(self, text: str, row: Row) -> bool:
        return is_service_mailbox(text, *self._context(row), hosts=self.hosts)

    def _context(self, row: Row) -> tuple[str | None, str | None]:
        """What a mailbox may be named after: the place, where its name is public, and its commune."""
        name, commune = _said(row, "name"), _said(row, "commune")
        return name if name and self.words.name(name, commune) else None, commune

    def _value(self, text: str, row: Row) -> str | None:
        """A value of the field that its row names."""
        field = _said(row, "field") or ""
        kind = {"phone": "phone", "email": "mailbox", "website": "website", "address": "street", "name": "name"}.get(
            field
        )
        if field in _FIELDS:
            kind = "hours"
        elif field == "commune":
            kind = "commune"
        elif field in _SHAPES:
            return text if _SHAPES[field].fullmatch(text) else None
        return self._judges()[kind](text, row) if kind else None


def judged(frame: pd.DataFrame, columns: Collection[ColumnSpec], door: Door) -> pd.DataFrame:
    """The declared columns of a frame with what of each text may leave; numbers and truths as they are.

    The very same frame where all of it may.
    """
    names = [column.name for column in columns if column.name in frame]
    kept = frame if list(frame.columns) == names else frame[names]
    changed = {}
    for column in columns:
        if column.type == "text" and column.name in frame:
            values = _each(frame, column, door)
            if values is not None:
                changed[column.name] = values
    return kept.assign(**changed) if changed else kept


_ALONE = frozenset({"ours", "code", "date", "hours", "phone", "commune"})  # judged without their row


def _each(frame: pd.DataFrame, column: ColumnSpec, door: Door) -> pd.Series | None:
    """A column with each text judged; None where nothing changes. A cell that is no text, in a column of texts, is none."""
    values = frame[column.name]
    if column.holds == "ours":
        return None
    judge = door.judge_of(column)
    if column.holds in _ALONE:
        answers = {value: judge(value, {}) for value in values.unique() if isinstance(value, str)}
        if all(said == value for value, said in answers.items()):
            return None
        found = [answers.get(value) for value in values]
    else:
        names = [name for name in ("name", "commune", "postcode", "field") if name in frame]
        cells = zip(values, *(frame[name] for name in names), strict=True)
        found = [
            judge(value, dict(zip(names, row, strict=True))) if isinstance(value, str) else None
            for value, *row in cells
        ]
    return pd.Series(found, index=frame.index, dtype=object)


@cache
def codes_of(vocabulary: str) -> frozenset[str]:
    """The codes of a reviewed file: its first column."""
    rows = read_csv(f"{vocabulary}.csv")
    return frozenset(row[next(iter(row))] for row in rows) - {""}


def _said(row: Row, name: str) -> str | None:
    value = row.get(name)
    return value if isinstance(value, str) else None
