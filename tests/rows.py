"""Rows of a stored table of which a test says only what it is about."""

import numpy as np
import pandas as pd

from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.warehouse.declared import declaration


def filled(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with every column of the table that its partition does not fill in, None where it says nothing."""
    unsaid = [name for name in declaration(table).own_names if name not in frame]
    return frame.assign(**{name: pd.Series(None, index=frame.index, dtype=object) for name in unsaid})


def town_halls(communes: pd.DataFrame) -> pd.DataFrame:
    """One point of demand a commune (insee, population and, where they are said, longitude and latitude)."""
    points = communes.reindex(columns=["insee", "longitude", "latitude", "population"])
    points["population"] = points["population"].astype("float64")
    return points.assign(point_id=points["insee"], origin="town_hall", away_min=np.nan)


def of_communes(minutes: pd.DataFrame, communes: pd.DataFrame, thresholds: Thresholds) -> pd.DataFrame:
    """``int_commune_minutes`` where each commune (insee, population) is one point."""
    people = minutes["insee"].map(communes.set_index("insee")["population"]).astype("float64").fillna(0.0)
    computed = minutes["method"] != "not_computed"
    return minutes.assign(
        point_id=minutes["insee"],
        points=1,
        population=people,
        population_near=people.where(minutes["minutes"] <= thresholds.near, 0.0),
        population_far=people.where(minutes["minutes"] <= thresholds.far, 0.0),
        population_unreached=people.where(computed & minutes["minutes"].isna(), 0.0),
        population_not_computed=people.where(~computed, 0.0),
    )
