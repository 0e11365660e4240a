"""The one way in which this project writes a CSV.

Every text in quotes and inert, numbers bare, nothing between two separators where a value is missing: a reader tells the
text "01000" from a number, and an empty text from none.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from numbers import Number
from typing import TYPE_CHECKING

from fs_pipeline.tabular.formulas import inert

if TYPE_CHECKING:
    import pandas as pd


def write_csv(header: Iterable[str], rows: Iterable[Iterable[object]], *, delimiter: str = ",") -> str:
    """A header and its rows, each line ended as RFC 4180 has it.

    Parameters
    ----------
    rows
        None and NaN are missing; what is neither missing nor a number is written as text.
    """
    quoted = _Quoted()
    lines = [
        delimiter.join([quoted[value] if value.__class__ is str else _bare(value, quoted) for value in row]) or '""'
        for row in (header, *rows)
    ]
    return "".join(f"{line}\r\n" for line in lines)


class _Quoted(dict[object, str]):
    """Texts as they are written, each made once."""

    def __missing__(self, text: object) -> str:
        doubled = inert(str(text)).replace('"', '""')
        self[text] = f'"{doubled}"'
        return self[text]


def _bare(value: object, quoted: _Quoted) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(value) if isinstance(value, int | float | Number) else quoted[str(value)]


def frame_csv(frame: pd.DataFrame) -> str:
    """The columns of `frame`, without its index."""
    columns = []
    for name in frame:
        values = frame[name].to_numpy(dtype=object, copy=True)
        values[frame[name].isna().to_numpy()] = None
        columns.append(values.tolist())
    return write_csv([str(name) for name in frame.columns], zip(*columns, strict=True))
