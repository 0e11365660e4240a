from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks.generated_places import generate
from fs_pipeline.linkage.blocking import candidate_pairs
from fs_pipeline.linkage.comparison import compare, compare_in_parts
from fs_pipeline.linkage.crowding import other_addresses
from fs_pipeline.linkage.link import link_within
from fs_pipeline.linkage.preparation import prepare

OFFICE = {"name": "La Poste Bordeaux le Kiosque", "insee": "33063", "commune": "Bordeaux", "type": "La Poste"}
HERE, THERE = OFFICE | {"address": "10 place du Marché"}, OFFICE | {"address": "44 rue des Lilas"}
OTHERS = [
    OFFICE | {"name": f"La Poste Bordeaux {name}", "address": f"{number} cours {name}"}
    for number, name in enumerate(
        ("Durieux", "Lacazette", "Zubertin", "Mirevent", "Léguillon", "Hastoy", "Peyrelongue"), start=3
    )
]


def listed(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame([{"id": str(number)} | row for number, row in enumerate(rows)])


def doubles(territory, *rows: dict[str, object]) -> list[str]:
    return list(link_within(listed(*rows), territory=territory)["cluster_id"][:2])


def test_a_name_at_two_streets_is_one_place_where_it_is_alone_and_two_where_it_has_many_to_be(territory) -> None:
    here, there = HERE | {"phone": "0556990001"}, THERE | {"phone": "0556990002"}
    assert doubles(territory, here, there) == ["0", "0"]
    assert doubles(territory, here, there, *OTHERS) == ["0", "1"]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"phone": "0556990001"}, {"phone": "0556990001"}),
        ({"email": "kiosque@bordeaux.fr"}, {"email": "kiosque@bordeaux.fr"}),
        ({"latitude": 44.84, "longitude": -0.58}, {"latitude": 44.8401, "longitude": -0.58}),
        ({"address": "44 rue des Lilas"}, {}),
    ],
)
def test_a_contact_a_point_or_an_address_is_more_than_a_name(
    territory, one: dict[str, object], two: dict[str, object]
) -> None:
    assert doubles(territory, HERE | one, THERE | two, *OTHERS) == ["0", "0"]


def test_the_addresses_of_a_family_are_counted_once_and_but_for_one(territory) -> None:
    hall = HERE | {"name": "Mairie de Bordeaux", "type": "Mairie"}
    elsewhere = HERE | {"insee": "33036", "commune": "Bazas"}
    silent = OFFICE | {"address": None}
    records = prepare(listed(HERE, HERE, THERE, *OTHERS[:2], hall, elsewhere, silent), territory)
    assert other_addresses(records).tolist() == [3.0, 3.0, 3.0, 3.0, 3.0, 1.0, 1.0, 1.0]


@pytest.fixture(scope="module")
def dense(territory) -> pd.DataFrame:
    """Two crowded communes, so that each kind of evidence must do without the town."""
    towns = pd.DataFrame(
        {"insee": ["33063", "33281"], "name": ["Bordeaux", "Mérignac"], "population": [260_000.0, 70_000.0],
         "postcode": ["33000", "33700"], "longitude": [-0.58, -0.65], "latitude": [44.84, 44.84]}
    )  # fmt: skip
    return generate(towns, 300, 7).records


def test_doubles_are_the_same_in_any_order(territory, dense: pd.DataFrame) -> None:
    def together(frame: pd.DataFrame) -> set[frozenset[str]]:
        found = link_within(frame, territory=territory)
        return {frozenset(ids) for _, ids in found.groupby("cluster_id")["id"]}

    shuffled = dense.sample(frac=1.0, random_state=3).reset_index(drop=True)
    assert together(shuffled) == together(dense)
    assert len(together(dense)) < len(dense)


def test_pairs_compared_in_parts_say_what_all_say_at_once(territory, dense: pd.DataFrame) -> None:
    records = prepare(dense, territory)
    pairs = candidate_pairs(records, sparing=True)
    parts = list(compare_in_parts(records, records, pairs, size=97))
    assert len(parts) > 3
    pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), compare(records, records, pairs))


def test_sparing_pairs_are_fewer_and_of_one_family(territory, dense: pd.DataFrame) -> None:
    records = prepare(dense, territory)
    every, few = (set(zip(*candidate_pairs(records, sparing=sparing), strict=True)) for sparing in (False, True))
    family = records["family"].to_numpy()
    assert 0 < len(few) < len(every) / 3
    assert all(None in {family[one], family[two]} or family[one] == family[two] for one, two in few)
    assert np.all([one < two for one, two in few])
