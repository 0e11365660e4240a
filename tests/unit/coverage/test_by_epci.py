"""By intercommunalité: shares are of whoever's minutes are computed, and every commune and place is in one row."""

from __future__ import annotations

import pandas as pd

from fs_pipeline.access.services import FRANCE_SERVICES
from fs_pipeline.coverage.by_epci import epci_access

COMMUNES = pd.DataFrame(
    {"insee": ["1", "2", "3", "4"], "epci": ["a", "a", "b", None], "epci_name": ["CC A", "CC A", "CC B", None]}
)
MINUTES = pd.DataFrame(
    {
        "insee": ["1", "2", "3"],
        "service": FRANCE_SERVICES.kind,
        "population": [100.0, 300.0, 50.0],
        "population_near": [100.0, 0.0, 0.0],
        "population_far": [100.0, 200.0, 0.0],
        "population_not_computed": [0.0, 100.0, 50.0],
    }
)
PLACES = pd.DataFrame(
    {
        "insee": ["1", "1", "2", "3"],
        "in_france_services": [True, True, False, True],
        "itinerant": [False, True, None, None],
    },
    dtype=object,
)


def test_each_intercommunalite_has_its_share_its_communes_beyond_and_its_places() -> None:
    rows = epci_access(COMMUNES, MINUTES, PLACES).set_index("epci")
    assert rows.index.tolist() == ["a", "b", ""]
    assert rows.loc["a", ["share_near", "share_far"]].tolist() == [100 / 300, 1.0]
    assert rows.loc["a", ["communes", "communes_beyond", "houses", "buses", "others"]].tolist() == [2, 1, 1, 1, 1]
    assert rows[["share_near"]].isna()["share_near"].tolist() == [False, True, True]
    assert rows["communes_not_computed"].tolist() == [0, 1, 1]
    assert rows["communes"].sum() == len(COMMUNES)
