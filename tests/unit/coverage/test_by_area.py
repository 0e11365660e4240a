"""By area: shares are of whoever's minutes are computed, and every commune and place is in one row."""

from __future__ import annotations

import pandas as pd

from fs_pipeline.access.services import FRANCE_SERVICES
from fs_pipeline.coverage.by_area import access_by

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
    rows = access_by("epci", COMMUNES, MINUTES, PLACES).set_index("epci")
    assert rows.index.tolist() == ["a", "b", ""]
    assert rows.loc["a", ["share_near", "share_far"]].tolist() == [100 / 300, 1.0]
    assert rows.loc["a", ["communes", "communes_beyond", "houses", "buses", "others"]].tolist() == [2, 1, 1, 1, 1]
    assert rows[["share_near"]].isna()["share_near"].tolist() == [False, True, True]
    assert rows["communes_not_computed"].tolist() == [0, 1, 1]
    assert rows["communes"].sum() == len(COMMUNES)


def test_an_arrondissement_is_told_as_an_intercommunalite_is() -> None:
    communes = COMMUNES.assign(
        arrondissement=["011", "012", "012", None], arrondissement_name=["Bas", "Haut", "Haut", None]
    )
    rows = access_by("arrondissement", communes, MINUTES, PLACES).set_index("arrondissement_name")
    assert rows.index.tolist() == ["Haut", "Bas", "Hors arrondissement, ou non dit"]
    assert rows["communes"].tolist() == [2, 1, 1]
    assert rows.loc["Haut", ["share_near", "share_far"]].tolist() == [0.0, 1.0]
    assert rows.loc["Haut", ["population", "population_not_computed"]].tolist() == [350.0, 150.0]
