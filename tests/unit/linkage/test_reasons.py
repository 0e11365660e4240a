"""Why two records were put together, as the clerk who is asked reads it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fs_pipeline.data import read_csv
from fs_pipeline.linkage.comparison import FEATURES
from fs_pipeline.linkage.local_words import LocalWord
from fs_pipeline.linkage.reasons import MOST_WORDS, reasons, words_in

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


SERVICES = [row["code"] for row in read_csv("place_types.csv")]
FIGURE = st.sampled_from([np.nan, 0.0, 0.55, 0.75, 0.9, 1.0])
METRES = st.sampled_from([np.nan, 0.0, 990.0, 1_234_567.0])
WORD = LocalWord("14", "mon point info quatorze", 4_000, 2_000, 3)


@given(
    st.fixed_dictionaries({name: METRES if name == "distance" else FIGURE for name in FEATURES}),
    st.sampled_from(["match", "review", "related"]),
    st.booleans(),
    st.tuples(*[st.sampled_from([*SERVICES, None])] * 2),
    st.tuples(st.booleans(), st.booleans()),
    st.sampled_from(["", "label déclaré"]),
)
def test_a_reason_is_one_sentence_that_a_clerk_reads_at_once(
    said: dict[str, float],
    decision: str,
    same_id: bool,
    services: tuple[str | None, str | None],
    heard: tuple[bool, bool],
    first: str,
) -> None:
    sides = [
        pd.DataFrame(
            {"service": [service], "departement": ["14"], "local": [WORD.phrase if local else None]}, dtype=object
        )
        for service, local in zip(services, heard, strict=True)
    ]
    features = pd.DataFrame([said])
    (told,) = reasons(
        *sides, ZERO, features, np.array([decision]), np.array([same_id]), [WORD] if any(heard) else [], first=first
    )
    assert 1 < words_in(told) <= MOST_WORDS
    assert (WORD.phrase in told) == any(heard)
    assert ("services distincts" in told) == (decision == "related")
    assert ("à vérifier" in told) == (decision == "review")


def test_what_says_least_is_left_out_first() -> None:
    told = phrase(
        "related", services=("mdph", "msap"), core=1.0, street=1.0, number=1.0, commune=1.0, distance=5.0, phone=1.0, siret=1.0,
        email=1.0, hours=1.0,
    )  # fmt: skip
    assert told.startswith("même nom, même adresse, même téléphone, même courriel\u202f; services distincts (Maison")
    assert words_in("à 9\u00a0m\u202f; « c’est »\u00a0: 1,0 km") == 6
