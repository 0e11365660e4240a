"""Pairs that are believed make places, the surest first; and which records are places at all."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fs_pipeline.linkage.blocking import candidate_pairs
from fs_pipeline.linkage.preparation import prepare
from fs_pipeline.linkage.reconcile import PAIR_COLUMNS, Gathered, gather_places, match_records, worth_linking
from fs_pipeline.linkage.records import gather_records
from tests.unit.linkage.places import national, survey
from tests.unit.linkage.test_link import listed

Pair = tuple[int, int, float, str]


def gathered(kinds: list[tuple[str, str | None]], *pairs: Pair) -> Gathered:
    """Records given as (source, service); pairs as (left, right, score, decision)."""
    records = pd.DataFrame(kinds, columns=["source", "service_type"], dtype=object).assign(name=None, labels=None)
    found = pd.DataFrame([(*pair, "") for pair in pairs], columns=list(PAIR_COLUMNS))
    return gather_places(records, found)


FS, HALL, POST, OTHER = "france_services", "mairie", "bureau_de_poste", None
S, L, P, A, D = "survey", "france_services", "la_poste", "annuaire", "data_inclusion"


@pytest.mark.parametrize(
    ("kinds", "pairs", "place"),
    [
        ([(S, FS), (L, FS)], [], [0, 1]),
        ([(S, FS), (L, FS)], [(0, 1, 0.9, "match")], [0, 0]),
        ([(S, FS), (L, FS)], [(0, 1, 0.9, "review")], [0, 1]),
        ([(L, FS), (L, FS), (S, FS)], [(0, 2, 0.9, "match"), (1, 2, 0.8, "match")], [0, 1, 0]),
        ([(L, FS), (L, FS), (S, FS)], [(0, 2, 0.8, "match"), (1, 2, 0.9, "match")], [0, 1, 1]),
        ([(L, FS), (L, FS), (S, FS)], [(0, 2, 1.0, "match"), (1, 2, 1.0, "match")], [0, 0, 0]),
        ([("data_inclusion", FS)] * 2 + [(L, FS)], [(0, 2, 0.8, "match"), (1, 2, 0.9, "match")], [0, 0, 0]),
        ([(S, FS), (S, FS), (L, FS)], [(0, 2, 0.8, "match"), (1, 2, 0.9, "match")], [0, 0, 0]),
        ([(S, OTHER), (L, FS), (P, POST)], [(0, 1, 0.9, "match"), (0, 2, 0.8, "match")], [0, 0, 1]),
        ([(S, OTHER), (L, FS), (P, POST)], [(0, 1, 0.9, "match"), (0, 2, 1.0, "match")], [0, 1, 0]),
        ([(S, FS), (L, FS)], [(0, 1, 0.9, "match"), (0, 1, 1.0, "different")], [0, 1]),
        ([(S, FS), (S, FS), (L, FS)],
         [(0, 1, 0.95, "match"), (1, 2, 0.9, "match"), (0, 2, 1.0, "different")], [0, 1, 1]),
        ([(S, FS), (S, FS), (L, FS)], [(0, 1, 0.95, "match"), (1, 2, 0.8, "match")], [0, 0, 0]),
        ([(S, FS)] * 2 + [(L, FS)] * 2,
         [(0, 1, 0.95, "match"), (0, 2, 0.9, "match"), (1, 3, 0.8, "match")], [0, 1, 0, 1]),
        ([(S, FS), (L, FS)], [(0, 1, 0.9, "match"), (0, 1, 1.0, "related")], [0, 1]),
        ([(S, FS), (L, FS)], [(0, 1, 0.9, "match"), (0, 1, 0.9, "related")], [0, 0]),
        ([(A, HALL), (A, HALL)], [], [-1, -1]),
        ([(A, HALL), (S, HALL)], [(0, 1, 0.9, "match")], [0, 0]),
        ([(P, POST), (A, HALL)], [], [0, -1]),
    ],
)  # fmt: skip
def test_the_surest_are_followed_first_and_never_two_entries_nor_two_families(
    kinds: list[tuple[str, str | None]], pairs: list[Pair], place: list[int]
) -> None:
    for order in (pairs, pairs[::-1]):
        assert gathered(kinds, *order).place.tolist() == place


def test_a_house_has_the_host_that_is_surest_and_what_houses_it_is_a_place() -> None:
    kinds = [(L, FS), (A, HALL), (A, HALL), (P, POST)]
    found = gathered(kinds, (0, 1, 0.2, "related"), (2, 0, 0.4, "related"), (0, 3, 0.1, "related"))
    assert found.place.tolist() == [0, -1, 1, 2]
    assert found.host.tolist() == [1, -1, -1]
    alone = gathered(kinds, (1, 2, 0.9, "related"))
    assert alone.place.tolist() == [0, -1, -1, 1]
    assert alone.host.tolist() == [-1, -1]
    assert gathered([(L, FS), (S, FS)], (0, 1, 0.9, "related")).host.tolist() == [-1, -1]


def test_copies_that_another_list_holds_of_house_and_host_choose_no_other_host() -> None:
    kinds = [(L, FS), (A, HALL), (A, HALL), (A, "msap"), (D, FS), (D, HALL), (D, HALL)]
    one = [(0, 3, 0.9, "match"), (0, 1, 0.4, "related"), (0, 2, 0.2, "related")]
    copies = [(0, 4, 0.9, "match"), (1, 5, 0.9, "match"), (2, 6, 0.9, "match"), (0, 6, 0.8, "related")]
    copies += [(3, 6, 0.7, "related"), (2, 4, 0.6, "related")]
    for pairs in (one, one + copies):
        found = gathered(kinds, *pairs)
        assert found.host[found.place[0]] == found.place[1] >= 0 > found.place[2]
    # Nor do they give one to a house of which the label's list says nothing of the kind.
    assert gathered(kinds, one[0], *copies[:3], (3, 1, 0.9, "related"), (4, 1, 0.9, "related")).host.tolist() == [-1]
    # A house that the label's list does not hold is spoken for by what there is.
    assert gathered([(D, FS), (A, HALL)], (0, 1, 0.3, "related")).host.tolist() == [1, -1]


def test_town_halls_of_communes_where_nothing_is_declared_are_left_out() -> None:
    rows = [(S, HALL, "33001"), (A, HALL, "33001"), (A, HALL, "33002"), (A, HALL, None), (A, POST, "33002"), (L, FS, "33003"),
            (A, HALL, "33003"), (S, HALL, "33009")]  # fmt: skip
    records = pd.DataFrame(rows, columns=["source", "service_type", "insee"], dtype=object)
    kept = worth_linking(records)
    assert kept["insee"].tolist() == ["33001", "33001", "33002", "33003", "33003", "33009"]
    assert kept.index.tolist() == list(range(6))


BAZAS = {"insee": "33036", "commune": "Bazas", "address": "2 rue du Palais"}


def test_doubles_of_a_survey_are_asked_about_unless_they_are_plain(territory) -> None:
    house = BAZAS | {"name": "France services de Bazas", "phone": "+33556000001", "service_type": "france_services"}
    house |= {
        "email": "accueil@bazas.example",
        "opening_hours": "Mo-Fr 09:00-12:00",
        "latitude": 44.43,
        "longitude": -0.21,
    }

    def decision(*rows: dict[str, object]) -> list[str]:
        return match_records(gather_records(survey(list(rows)), national([]), "2022-12-01"), territory)[
            "decision"
        ].tolist()

    assert decision(house, house | {"name": "MFS Bazas"}) == ["match"]
    numbered = house | {"name": "France services de Bazas 2", "address": "4 rue du Palais"}
    assert decision(house | {"name": "France services de Bazas 1"}, numbered) == ["review"]
    assert decision(house) == []
    assert list(match_records(gather_records(survey([house]), national([]), "2022-12-01"), territory)) == list(
        PAIR_COLUMNS
    )


def test_a_survey_s_name_that_says_the_label_is_believed_before_its_type(territory) -> None:
    house = BAZAS | {"name": "Plateforme des services au public du Lac", "phone": "+33556000001"}
    listed = house | {"name": "France services du Lac", "service_type": "france_services"}
    records = gather_records(
        survey([house | {"service_type": "tiers_lieu"}]),
        national([listed | {"source": "france_services", "source_id": "1"}]),
        "2022-12-01",
    )
    assert match_records(records, territory)["decision"].tolist() == ["match"]


def test_lists_are_compared_with_those_that_they_may_repeat(territory) -> None:
    house = BAZAS | {"name": "France services de Bazas", "service_type": "france_services"}
    records = gather_records(
        survey([house]), national([house | {"source": "france_services", "source_id": "1"}]), "2022-12-01"
    )
    (pair,) = match_records(records, territory).to_dict("records")
    assert (records["source"][pair["left"]], records["source"][pair["right"]]) == ("survey", "france_services")
    assert pair["decision"] == "match"


def candidates(
    territory, one: list[dict[str, object]], two: list[dict[str, object]] | None = None
) -> list[tuple[int, int]]:  # type: ignore[no-untyped-def]
    right = None if two is None else prepare(listed(*two), territory)
    left, other = candidate_pairs(prepare(listed(*one), territory), right)
    return list(zip(left.tolist(), other.tolist(), strict=True))


LANGON = {"insee": "33227", "commune": "Langon", "address": "9 quai du Port"}


@pytest.mark.parametrize(
    ("one", "two", "compared"),
    [
        (BAZAS | {"name": "a"}, BAZAS | {"name": "b", "address": None}, True),
        (BAZAS, LANGON, False),
        (BAZAS | {"phone": "0556000001"}, LANGON | {"phone": "0556000001"}, True),
        (BAZAS | {"phone": "0556000001"}, LANGON | {"phone": "0556000002"}, False),
        (BAZAS | {"email": "a@bazas.fr"}, LANGON | {"email": "a@bazas.fr"}, True),
        (BAZAS | {"siret": "21330063500017"}, LANGON | {"siret": "21330063500017"}, False),
        (BAZAS | {"address": "12 rue du Port"}, LANGON | {"address": "12 rue du Port"}, True),
        (BAZAS | {"address": "12 rue du Port"}, LANGON | {"address": "13 rue du Port"}, False),
        (BAZAS | {"latitude": 44.40, "longitude": -0.2}, LANGON | {"latitude": 44.4089, "longitude": -0.2}, True),
        (BAZAS | {"latitude": 44.40, "longitude": -0.2}, LANGON | {"latitude": 44.4092, "longitude": -0.2}, False),
        (BAZAS | {"name": "Maison Zubertin"}, LANGON | {"name": "Accueil Zubertin"}, True),
        (BAZAS | {"name": "Maison Zub"}, LANGON | {"name": "Accueil Zub"}, False),
        (BAZAS | {"insee": "33227"}, LANGON, True),  # a code that its own record contradicts
    ],
)
def test_records_are_compared_where_something_brings_them_together(
    territory, one: dict[str, object], two: dict[str, object], compared: bool
) -> None:
    assert candidates(territory, [one], [two]) == ([(0, 0)] if compared else [])
    assert candidates(territory, [one, two]) == ([(0, 1)] if compared else [])


def test_what_too_many_share_brings_nobody_together(territory) -> None:
    crowd = [LANGON | {"phone": "0556000001", "address": None}] * 25
    assert len(candidates(territory, [BAZAS | {"phone": "0556000001"}], crowd)) == 25
    assert candidates(territory, [BAZAS | {"phone": "0556000001"}], crowd + crowd[:1]) == []
    named = [LANGON | {"name": "Accueil Zubertin", "address": None}] * 12
    assert len(candidates(territory, [BAZAS | {"name": "Maison Zubertin"}], named)) == 12
    assert candidates(territory, [BAZAS | {"name": "Maison Zubertin"}], named + named[:1]) == []


def test_pairs_come_sorted_and_each_once(territory) -> None:
    rows = [BAZAS | {"phone": "0556000001"}, BAZAS, BAZAS | {"phone": "0556000001"}]
    assert candidates(territory, rows, rows) == [(one, two) for one in range(3) for two in range(3)]
    assert candidates(territory, rows) == [(0, 1), (0, 2), (1, 2)]
    assert candidates(territory, [], rows) == []
    assert candidates(territory, rows, []) == []


def test_in_a_crowded_commune_a_word_or_a_street_must_be_shared(territory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fs_pipeline.linkage.blocking._CROWDED", 3)
    rows = [BAZAS | {"name": f"{name}", "address": address} for name, address in (
        ("Zubertin", None), ("Maison Zubertin", "4 rue du Port"), ("Lacazette", "5 rue du Port"), ("Durieux", None),
    )]  # fmt: skip
    assert candidates(territory, [*rows, LANGON, LANGON]) == [(0, 1), (1, 2), (4, 5)]
    assert np.all(np.array(candidates(territory, rows, rows[:1])) == [[0, 0], [1, 0]])


@pytest.mark.parametrize(
    ("phone", "address", "direct", "together"),
    [
        ("0491908866", "9 rue Haute", False, False), ("0491908866", "9 rue Haute", True, True),
        ("0491114260", "9 rue Haute", False, True), ("0491908866", "4 avenue Magrague", False, True),
        (None, "9 rue Haute", False, True), ("0491908866", None, False, True),
    ],
)  # fmt: skip
def test_a_third_record_joins_no_two_whose_street_and_phone_are_others(
    phone: str | None, address: str | None, direct: bool, together: bool
) -> None:
    records = pd.DataFrame(
        {
            "source": [S, L, A], "service_type": [FS] * 3, "name": None, "labels": None,
            "phone": [phone, "0491114260", "0491114260"], "address": [address, "171 avenue Magrague", "9 rue Haute"],
        }
    )  # fmt: skip
    pairs = [(0, 2, 0.85, "match", ""), (1, 2, 0.95, "match", "")] + [(0, 1, 0.8, "match", "")] * direct
    place = gather_places(records, pd.DataFrame(pairs, columns=list(PAIR_COLUMNS))).place.tolist()
    assert (place[0] == place[1]) == together
    assert place[1] == place[2]
