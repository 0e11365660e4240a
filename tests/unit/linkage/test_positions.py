"""The metres between the two points of a place are told where both points are the place's own."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fs_pipeline.linkage.positions import limits, position_values
from fs_pipeline.linkage.records import COLUMNS
from fs_pipeline.territory.shipped import load_territory

BAZAS = {"insee": "33036", "latitude": 44.4400, "longitude": -0.2200}
DEGREE_M = 111_195.0


def compared(**other: object) -> pd.DataFrame:
    rows = [
        {"source": "survey", "source_id": "s", **BAZAS, **other},
        {"source": "france_services", "source_id": "1", **BAZAS, "latitude": 44.4400 + 600 / DEGREE_M},
    ]
    frame = pd.DataFrame(rows).reindex(columns=list(COLUMNS)).astype(object)
    frame = frame.where(frame.notna(), None)
    for name in ("latitude", "longitude"):
        frame[name] = frame[name].astype("float64")
    return position_values(frame, np.zeros(len(frame), dtype=np.int64), load_territory())


def test_two_points_apart_are_two_values_with_their_metres() -> None:
    found = compared()
    assert found["metres"].tolist() == [600, 600]
    assert found["compared"].nunique() == 2
    assert found["precision"].tolist() == ["own", "own"]
    assert found["field"].unique().tolist() == ["position"]
    assert not found["wins"].any()


def test_two_points_within_the_limit_say_the_same() -> None:
    found = compared(latitude=44.4400 + (600 - limits()["apart"]) / DEGREE_M)
    assert found["metres"].tolist() == [limits()["apart"]] * 2
    assert found["compared"].nunique() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"point_precision": "locality"}, {"itinerant": True}, {"kind": "itinerant"}, {"latitude": None},
        {"source": "la_poste"},
    ],
)  # fmt: skip
def test_a_point_that_is_not_the_place_s_own_is_compared_with_nothing(other: dict[str, object]) -> None:
    assert compared(**other).empty


def test_a_point_on_the_town_hall_is_the_commune_s() -> None:
    commune = load_territory().communes.set_index("insee").loc["33036"]
    assert compared(latitude=commune["latitude"], longitude=commune["longitude"]).empty
