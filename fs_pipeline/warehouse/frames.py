"""Frames that are to become rows of a stored table: every column of its declaration, none besides, in its order."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from fs_pipeline.warehouse.declared import declaration


def table_frame(table: str, rows: Sequence[Mapping[str, object]] | pd.DataFrame) -> pd.DataFrame:
    """Rows of a table, with its columns but those that its partition fills in.

    Raises
    ------
    ValueError
        When rows say something of a column that the table lacks, or nothing of one that it has; what is not known is
        said as missing, and never left out.
    """
    own = declaration(table).own_names
    for said in (rows.columns,) if isinstance(rows, pd.DataFrame) else rows:
        _check(table, own, said)
    return rows[list(own)] if isinstance(rows, pd.DataFrame) else pd.DataFrame(rows, columns=list(own))


def ordered(frame: pd.DataFrame, grain: Sequence[str] = ()) -> pd.DataFrame:
    """Rows in an order of their own: a database promises none, and the same rows must give the same bytes."""
    by = [column for column in grain or frame.columns if column not in {"campaign", "departement"}]
    return frame.sort_values(by, kind="stable", ignore_index=True)


def _check(table: str, names: Collection[str], said: Collection[str]) -> None:
    if lacking := sorted({*names} - {*said}):
        raise ValueError(f"{table}: nothing is said of {', '.join(lacking)}")
    if unknown := sorted({*said} - {*names}):
        raise ValueError(f"{table} has no column {', '.join(unknown)}")
