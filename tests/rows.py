"""Rows of a stored table of which a test says only what it is about."""

import pandas as pd

from fs_pipeline.warehouse.declared import declaration


def filled(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with every column of the table that its partition does not fill in, None where it says nothing."""
    unsaid = [name for name in declaration(table).own_names if name not in frame]
    return frame.assign(**{name: pd.Series(None, index=frame.index, dtype=object) for name in unsaid})
