"""What two records agree on, read from the records themselves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fs_pipeline.linkage.comparison import FEATURES, compare, vetoed
from fs_pipeline.linkage.preparation import prepare
from tests.unit.linkage.test_link import listed

BAZAS = {
    "name": "Maison Dupuy",
    "insee": "33036",
    "commune": "Bazas",
    "address": "2 rue du Palais",
    "postcode": "33430",
}
LANGON = BAZAS | {"insee": "33227", "commune": "Langon", "postcode": "33210"}


def compared(territory, one: dict[str, object], two: dict[str, object], *others: dict[str, object]) -> dict[str, float]:  # type: ignore[no-untyped-def]
    """What is said of the first record of two lists; `others` are more records of the second."""
    left, right = prepare(listed(one), territory), prepare(listed(two, *others), territory)
    found = compare(left, right, (np.array([0]), np.array([0])))
    assert list(found) == list(FEATURES)
    return found.iloc[0].to_dict()


PAIRS: list[tuple[dict[str, object], dict[str, object], dict[str, float | None]]] = [
    (BAZAS, BAZAS, {"core": 1, "own": 1, "name": 1, "street": 1, "number": 1, "commune": 1, "phone": None, "plain": None}),
    (BAZAS, BAZAS | {"address": "3 rue du Palais"}, {"street": 1, "number": 0}),
    (BAZAS, BAZAS | {"address": None}, {"street": None, "number": None}),
    (BAZAS, BAZAS | {"name": None}, {"core": None, "name": None, "itinerant": None, "antenne": None, "digits": None}),
    (BAZAS, LANGON, {"commune": 0, "core": 1}),
    (BAZAS | {"name": "Accueil de Langon"}, LANGON, {"commune": None}),
    (BAZAS, LANGON | {"name": "Accueil de Bazas"}, {"commune": None}),
    (BAZAS | {"phone": "05 56 00 00 01"}, BAZAS | {"phone": "+33556000001"}, {"phone": 1}),
    (BAZAS | {"phone": "05 56 00 00 01"}, BAZAS | {"phone": "+33556000002"}, {"phone": 0}),
    (BAZAS | {"email": "a@bazas.fr"}, BAZAS | {"email": "A@bazas.fr"}, {"email": 1, "domain": 1}),
    (BAZAS | {"email": "a@bazas.fr"}, BAZAS | {"email": "b@bazas.fr"}, {"email": 0, "domain": 1}),
    (BAZAS | {"email": "mfs-bazas@pays.fr"}, BAZAS | {"email": "mfs_bazas@pays.fr"}, {"email": 1}),
    (BAZAS | {"email": "msap.lebourg@pays.fr"}, BAZAS | {"email": "msap.lebourgs@pays.fr"}, {"email": 1}),
    (BAZAS | {"email": "msap.bourg1@pays.fr"}, BAZAS | {"email": "msap.bourg2@pays.fr"}, {"email": 0}),
    (BAZAS | {"email": "accueil@pays.fr"}, BAZAS | {"email": "accueill@autre.fr"}, {"email": 0}),
    (BAZAS | {"phone": "3631"}, BAZAS | {"phone": "36 31"}, {"phone": None}),
    (BAZAS | {"phone": "0 809 54 06 06"}, BAZAS | {"phone": "0809540606"}, {"phone": None}),
    (BAZAS | {"phone": "05 56 00 00 01 / 05 56 00 00 02"}, BAZAS | {"phone": "05 56 00 00 02"}, {"phone": 1}),
    (BAZAS | {"email": "05 56 00 00 01"}, BAZAS | {"phone": "05 56 00 00 01"}, {"phone": 1, "email": None}),
    (BAZAS | {"name": "Pimms"}, BAZAS | {"name": "France services Pimms"}, {"service": 0.75, "body": 1}),
    (BAZAS | {"name": "Secours populaire"}, BAZAS | {"name": "Secours catholique"}, {"body": 0}),
    (BAZAS | {"name": "PMI"}, BAZAS | {"name": "Protection maternelle et infantile"}, {"core": 1, "name": 1, "body": 1}),
    (
        LANGON | {"name": "France services du Lac - antenne de Langon"},
        LANGON | {"name": "France services de Langon"},
        {"core": 0.9},
    ),
    (
        LANGON | {"name": "France services du Lac - antenne de Langon"},
        LANGON | {"name": "France services du Lac"},
        {"core": 1, "own": 0.9},
    ),
    (
        LANGON | {"name": "Chambre du Lac - antenne de Langon"},
        LANGON | {"name": "France services de Langon"},
        {"core": None},
    ),
    ({"name": "France services de Bazas"}, BAZAS | {"name": "France services"}, {"commune": 1}),
    ({"name": "France services de Bazas"}, LANGON, {"commune": 0}),
    ({"name": "France services de Langon"}, LANGON | {"name": "France services"}, {"commune": None}),  # three Langons
    (BAZAS | {"email": "a@orange.fr"}, BAZAS | {"email": "b@orange.fr"}, {"email": 0, "domain": None}),
    (BAZAS | {"email": "a@bazas.fr"}, BAZAS | {"website": "https://www.bazas.fr/contact"}, {"email": None, "domain": 1}),
    (BAZAS | {"siret": "21330063500017"}, BAZAS | {"siret": "213 300 635 00017"}, {"siret": 1}),
    (BAZAS | {"opening_hours": "Mo 09:00-12:00"}, BAZAS | {"opening_hours": "Mo 09:00-11:00"}, {"hours": 2 / 3}),
    (BAZAS | {"opening_hours": "Mo 09:00-12:00"}, BAZAS, {"hours": None}),
    (BAZAS | {"latitude": 44.43, "longitude": -0.21}, BAZAS | {"latitude": 44.44, "longitude": -0.21}, {"distance": 1111.95}),
    (BAZAS | {"latitude": 0.0, "longitude": 0.0}, BAZAS | {"latitude": 44.44, "longitude": -0.21}, {"distance": None}),
    (BAZAS | {"name": "France services"}, BAZAS | {"name": "MSAP"}, {"service": 1, "plain": 1, "single": None}),
    (BAZAS | {"name": "Mairie"}, BAZAS | {"name": "Mairie de Bazas"}, {"service": 1, "plain": 1, "single": 1}),
    (BAZAS | {"name": "Mairie"}, LANGON | {"name": "Mairie"}, {"service": 1, "plain": 1, "single": 0}),
    (BAZAS | {"name": "Mairie"}, BAZAS | {"name": "Mairie annexe du Lac"}, {"service": 1, "plain": 0.5, "single": None}),
    (BAZAS | {"name": "Mairie"}, BAZAS | {"name": "Trésorerie"}, {"service": 0, "plain": None}),
    (BAZAS | {"name": "France services"}, BAZAS | {"name": "Le Relais"}, {"service": 0.5}),
    (BAZAS | {"name": "Médiathèque"}, BAZAS | {"name": "Médiathèque"}, {"service": 1}),
    (BAZAS | {"name": "Bus Dupuy"}, BAZAS | {"name": "Maison Dupuy"}, {"itinerant": 0, "antenne": 1}),
    (BAZAS | {"name": "Antenne Dupuy"}, BAZAS | {"name": "Maison Dupuy"}, {"itinerant": 1, "antenne": 0}),
    (BAZAS | {"type": "antenne"}, BAZAS | {"type": "fixe"}, {"antenne": 0, "itinerant": 1}),
    (BAZAS | {"type": "itinérante"}, BAZAS | {"type": "fixe"}, {"antenne": 1, "itinerant": 0}),
    (BAZAS | {"name": "Maison 12"}, BAZAS | {"name": "Maison 13"}, {"digits": 0}),
    (BAZAS | {"name": "Maison 12"}, BAZAS, {"digits": None}),
    (
        BAZAS | {"name": "Bus France services", "latitude": 44.43, "longitude": -0.21},
        LANGON | {"name": "Bus France services", "address": "9 quai du Port", "latitude": 44.55, "longitude": -0.25},
        {"street": 0.32, "number": None, "commune": None, "distance": None, "itinerant": 1},  # a tour's two stops
    ),
    (
        BAZAS | {"name": "Bus France services", "latitude": 44.43, "longitude": -0.21},
        BAZAS | {"name": "Bus France services", "latitude": 44.435, "longitude": -0.21},
        {"street": 1, "number": 1, "commune": 1, "distance": 555.97},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("one", "two", "expected"), PAIRS, ids=[str(number) for number in range(len(PAIRS))])
def test_two_records_say_the_same_whichever_is_read_first(
    territory, one: dict[str, object], two: dict[str, object], expected: dict[str, float | None]
) -> None:
    for first, second in ((one, two), (two, one)):
        found = compared(territory, first, second)
        for name, value in expected.items():
            assert found[name] == pytest.approx(np.nan if value is None else value, abs=0.01, nan_ok=True), name


def test_a_name_half_alike_is_between_its_words_and_its_letters(territory) -> None:
    found = compared(territory, BAZAS | {"name": "Espace Dupuy Lacaze"}, BAZAS | {"name": "Dupuy"})
    assert 0.6 < found["name"] < 0.9
    assert compared(territory, BAZAS, BAZAS | {"name": "Zuber"})["name"] < 0.6


def test_what_many_records_share_says_nothing_of_one(territory) -> None:
    shared = BAZAS | {"phone": "05 56 00 00 01", "email": "a@bazas.fr"}
    for more, heard in ((3, 1.0), (4, None)):
        found = compared(territory, shared, shared, *[shared] * more)
        for name in ("phone", "email"):
            assert found[name] == pytest.approx(heard if heard else np.nan, nan_ok=True)
        assert found["domain"] == pytest.approx(
            heard if heard else np.nan, nan_ok=True
        )  # a carrier's site is no evidence
    other = shared | {"phone": "05 56 00 00 02"}
    assert compared(territory, shared, other, *[shared] * 9)["phone"] == 0.0


def test_the_only_place_of_its_kind_in_its_commune_is_known_to_be(territory) -> None:
    house, hall = BAZAS | {"name": "France services"}, BAZAS | {"name": "Mairie"}
    assert compared(territory, house, house, hall, LANGON | {"name": "France services"})["alone"] == 1.0
    assert compared(territory, house, house, house)["alone"] == 0.0
    assert np.isnan(compared(territory, house, hall)["alone"])
    assert np.isnan(compared(territory, house, LANGON | {"name": "France services"})["alone"])
    rows = prepare(listed(house, house), territory)
    two_of_left = compare(rows, prepare(listed(house), territory), (np.array([0]), np.array([0])))
    assert two_of_left["alone"].tolist() == [0.5]
    within = compare(rows, rows, (np.array([0]), np.array([1])))
    assert within["alone"].isna().all()


def test_two_families_of_services_are_never_one_place(territory) -> None:
    left = prepare(listed(BAZAS | {"name": "Mairie"}), territory)
    right = prepare(listed(*(BAZAS | {"name": name} for name in ("Mairie", "Bureau de poste", "Le Relais"))), territory)
    pairs = np.zeros(3, dtype=np.int64), np.arange(3)
    assert vetoed(left, right, pairs).tolist() == [False, True, False]
    assert isinstance(compare(left, right, pairs), pd.DataFrame)
