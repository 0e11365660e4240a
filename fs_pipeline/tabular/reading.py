"""The one way in which a CSV of a few columns, saved by people or by programmes, is opened: its letters, its sign, its rows.

What a published list or a survey may be is larger: ``national/files.py``, ``survey/opening/delimited.py``.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


class UnevenRow(ValueError):
    """A row that has more cells than the header; `number` is its own, the header's being 1."""

    def __init__(self, number: int) -> None:
        super().__init__(f"row {number} has more cells than the header")
        self.number = number


def decoded(content: bytes) -> str:
    """Bytes in UTF-8, with or without its mark, else in Windows-1252, whose last letters ``safe_text.safe`` reads."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def separator_of(text: str, signs: str = ",;\t") -> str:
    """The sign that stands most often in the first line."""
    return max(signs, key=text.partition("\n")[0].count)


def read_frame(content: bytes) -> pd.DataFrame:
    """The rows of a CSV file as texts, empty where nothing is written; an empty line is no row.

    A name that two columns bear is the first one's.

    Raises
    ------
    UnevenRow
        When a row has more cells than the header.
    csv.Error
        When it is no CSV.
    """
    import pandas as pd

    text = decoded(content)
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text)) if row]
    header, body = (rows[0], rows[1:]) if rows else ([], [])
    for number, row in enumerate(body, start=2):
        if len(row) > len(header):
            raise UnevenRow(number)
    padded = [row + [""] * (len(header) - len(row)) for row in body]
    frame = pd.DataFrame(padded, columns=header, dtype=object)
    return frame.loc[:, ~frame.columns.duplicated()]
