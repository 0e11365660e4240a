"""A list that repeats another adds no place: counted before and after, département by département."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from fs_pipeline.linkage.reconcile import gather_places, match_records, worth_linking
from fs_pipeline.linkage.records import gather_records
from fs_pipeline.national.read import read_snapshot
from fs_pipeline.territory.shipped import load_territory
from fs_pipeline.warehouse.engine import empty_frame

LISTS = {
    "france_services": "france-services-2022-12-01.csv",
    "la_poste": "la-poste-points-de-contact-2016-08.csv",
    "france_travail": "france-travail-agences.csv",
    "annuaire": "annuaire-administration-2019.csv.gz",
}
# With buses that have no address, two antennas of one name and nothing else, a house that is in every list, an island.
SOME = ("33", "60", "66", "2A")
pytestmark = pytest.mark.data


@pytest.fixture(scope="module")
def listed(real_data: Path) -> pd.DataFrame:
    """Every row of the national lists."""
    read = [
        read_snapshot(source, real_data / "national" / name, load_territory(), as_of="2022-12-01").places
        for source, name in LISTS.items()
    ]
    return pd.concat(read, ignore_index=True)


def places(rows: pd.DataFrame) -> int:
    """How many places the lists of one département make, without a survey."""
    records = worth_linking(gather_records(empty_frame("survey_places"), rows, "2022-12-01"))
    return len(gather_places(records, match_records(records, load_territory())).host)


def twice(listed: pd.DataFrame, departement: str, repeated: tuple[str, ...], added: str) -> tuple[int, int]:
    """Places of a département before and after `added` says again, under ids of its own, what `repeated` say."""
    own = listed[listed["departement"] == departement].drop(columns="departement")
    again = own[own["source"].isin(repeated)]
    again = again.assign(source_id="again-" + again["source"] + "-" + again["source_id"], source=added, local_id=None)
    return places(own), places(pd.concat([own, again], ignore_index=True))


@pytest.mark.parametrize("departement", SOME)
@pytest.mark.parametrize(
    ("repeated", "added"), [(("france_services",), "mediation_numerique"), (tuple(LISTS), "data_inclusion")]
)
def test_a_list_that_repeats_others_adds_no_place(
    listed: pd.DataFrame, departement: str, repeated: tuple[str, ...], added: str
) -> None:
    before, after = twice(listed, departement, repeated, added)
    assert before == after > 0


@pytest.mark.soak
def test_in_all_of_101_departements_no_list_adds_a_place(listed: pd.DataFrame) -> None:
    counted = {code: twice(listed, code, tuple(LISTS), "data_inclusion") for code in load_territory().departement_names}
    assert not {code: pair for code, pair in counted.items() if pair[0] != pair[1]}
