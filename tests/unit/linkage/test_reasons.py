"""Why two records were put together, as the clerk who is asked reads it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fs_pipeline.linkage.comparison import FEATURES
from fs_pipeline.linkage.reasons import reasons

ZERO = (np.array([0]), np.array([0]))
SPACE = "\u202f"


def phrase(
    decision: str = "match",
    same_id: bool = False,
    services: tuple[str | None, str | None] = (None, None),
    **said: float,
) -> str:
    left, right = (pd.DataFrame({"service": [service]}, dtype=object) for service in services)
    features = pd.DataFrame([dict.fromkeys(FEATURES, np.nan) | said])
    return reasons(left, right, ZERO, features, np.array([decision]), np.array([same_id]))[0]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"core": 0.97}, "même nom"),
        ({"core": 0.96}, "noms proches"),
        ({"core": 0.75}, "noms proches"),
        ({"core": 0.74}, "lieux voisins"),
        ({"core": 0.6}, "lieux voisins"),
        ({"core": 0.59}, "lieux voisins\u202f; noms différents"),
        ({"name": 1.0}, "même nom"),
        ({"core": 1.0, "name": 0.0}, "même nom"),
        ({"street": 0.9}, "même rue"),
        ({"street": 0.9, "number": 1.0}, "même adresse"),
        ({"street": 0.9, "number": 0.0}, "même rue"),
        ({"street": 0.89, "number": 1.0}, "lieux voisins"),
        ({"street": 0.5}, "lieux voisins"),
        ({"street": 0.49}, "lieux voisins\u202f; rues différentes"),
        ({"commune": 1.0}, "même commune"),
        ({"commune": 0.0}, "lieux voisins\u202f; communes différentes"),
        ({"phone": 1.0, "siret": 1.0}, "même téléphone, même SIRET"),
        ({"phone": 0.0, "siret": 0.0}, "lieux voisins\u202f; téléphone différent, SIRET différent"),
        ({"email": 1.0, "domain": 1.0}, "même courriel"),
        ({"email": 0.0, "domain": 1.0}, "même domaine internet"),
        ({"hours": 0.95}, "mêmes horaires"),
        ({"hours": 0.94}, "lieux voisins"),
        ({"distance": 9.7}, "9\u00a0m"),
        ({"distance": 10.0}, "10\u00a0m"),
        ({"distance": 14.0}, "10\u00a0m"),
        ({"distance": 996.0}, "1000\u00a0m"),
        ({"distance": 1_000.0}, "lieux voisins\u202f; 1,0\u00a0km"),
        ({"distance": 12_340.0}, "lieux voisins\u202f; 12,3\u00a0km"),
        ({"core": 1.0, "street": 1.0, "commune": 1.0, "distance": 20.0, "phone": 0.0, "hours": 1.0},
         "même nom, même rue, même commune, 20\u00a0m, mêmes horaires\u202f; téléphone différent"),
    ],
)  # fmt: skip
def test_what_agrees_is_said_first_then_what_does_not(said: dict[str, float], told: str) -> None:
    assert phrase(**said) == told


def test_a_decision_is_said_in_its_words() -> None:
    assert phrase(same_id=True, core=1.0) == "même identifiant officiel, même nom"
    assert phrase("review", core=1.0) == "même nom\u202f; à vérifier"
    assert phrase("review", core=0.1) == "lieux voisins\u202f; noms différents, à vérifier"
    related = phrase("related", services=("mairie", "france_services"), core=0.1, commune=1.0)
    assert (
        related
        == "même commune\u202f; services distincts (Mairie et France services)\u00a0: l’un peut accueillir l’autre"
    )
    assert "(Mairie et autre lieu)" in phrase("related", services=("mairie", None))


def test_each_pair_has_its_own_reason() -> None:
    left = pd.DataFrame({"service": ["mairie", None]}, dtype=object)
    features = pd.DataFrame([dict.fromkeys(FEATURES, np.nan)] * 2)
    pairs = np.array([1, 0]), np.array([0, 0])
    told = reasons(left, left, pairs, features, np.array(["related", "match"]), np.array([False, True]))
    assert "(autre lieu et Mairie)" in told[0]
    assert told[1] == "même identifiant officiel"
