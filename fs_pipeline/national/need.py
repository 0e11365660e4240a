"""Need by commune: from population squares, priority quarters and the digital fragility index, each optional.

What is read is a proxy (age, poverty, place), never a rate of people who don't claim their rights. Squares and quarters are
read and placed in ``squares.py`` and ``quarters.py``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from fs_pipeline.http.problems import EmptySource
from fs_pipeline.national.columns import as_numbers, rename_columns
from fs_pipeline.national.files import read_table
from fs_pipeline.national.sources import REFERENCES
from fs_pipeline.territory.model import Territory
from fs_pipeline.warehouse.declared import declaration
from fs_pipeline.warehouse.frames import table_frame

NEED_SOURCES = ("population_squares", "priority_quarters", "digital_fragility")


def read_fragility(path: Path) -> pd.DataFrame:
    """One row a commune: insee, index (the higher, the more fragile), as published."""
    source = REFERENCES["digital_fragility"]
    table = rename_columns(read_table(path, source.title_fr, source.max_bytes), source).table
    rows = pd.DataFrame({"insee": table["insee"], "index": as_numbers(table["index"])}).dropna()
    if rows.empty:
        raise EmptySource(source.title_fr, "aucun indice de commune", "vérifier le fichier déclaré")
    return rows.drop_duplicates("insee").reset_index(drop=True)


def need_of_communes(
    territory: Territory,
    squares: pd.DataFrame | None,
    quarters: pd.DataFrame | None,
    fragility: pd.DataFrame | None,
) -> pd.DataFrame:
    """One row a current commune of which some source says something: rows of ``commune_need``.

    `squares` and `quarters` are placed (``place_squares``, ``place_quarters``); a row without a commune counts in none.
    A source that is None leaves its columns NaN. A commune that a source of the whole of France does not hold has 0
    inhabitants in squares or no quarter only where the source covers its département; elsewhere it stays NaN.
    """
    blocks = []
    if squares is not None:
        counts = ["population", "households", "poor_households", "under_18", "aged_65", "aged_80"]
        summed = squares.groupby("insee")[counts]
        # A column that the vintage lacks stays unknown: the sum of nothing is not 0.
        blocks.append(summed.sum(min_count=1).rename(columns={"population": "squares_population"}))
    if quarters is not None:
        here = quarters.groupby("insee")
        counted = here["population"].sum(min_count=1).rename("quarters_population")
        blocks.append(pd.concat([here.size().astype("float64").rename("quarters"), counted], axis=1))
    if fragility is not None:
        here = fragility.assign(insee=territory.current_insees(fragility["insee"])).groupby("insee")
        blocks.append(here["index"].mean().rename("fragility_index").to_frame())
    if not blocks:
        return table_frame("commune_need", [])
    found = pd.concat(blocks, axis=1).rename_axis("insee").reset_index()
    of_no_source = [name for name in declaration("commune_need").names if name not in found]
    return table_frame("commune_need", found.assign(**dict.fromkeys(of_no_source, np.nan)))
