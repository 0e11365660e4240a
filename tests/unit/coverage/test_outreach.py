"""Who goes to whom: what a territory names, and who lives far where nobody is said to go."""

from __future__ import annotations

import pandas as pd
import pytest

from fs_pipeline.access.services import FRANCE_SERVICES
from fs_pipeline.coverage.outreach import outreach, tally
from fs_pipeline.coverage.territories import territory_reader
from fs_pipeline.territory.shipped import load_territory

COMMUNES = pd.DataFrame(
    {
        "insee": ["1", "2", "3", "4"],
        "name": ["Bourg", "Castets et Castillon", "Créon", "Vals"],
        "population": [1000.0, 200.0, 300.0, 400.0],
        "epci_name": ["CC du Bourg", "CC du Bourg", "CC de Sud Exemple", None],
    }
)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Exemple", "1234"),
        ("tout le département", "1234"),
        ("Toute l’Exemple", "1234"),
        ("Bourg", "1"),
        ("CC du Bourg", "12"),
        ("communauté de communes du Bourg", "12"),
        ("CdC du Bourg et Créon", "123"),
        ("Castets et Castillon ; commune de Vals", "24"),
        ("CC de Sud Exemple", "3"),
        ("Sud Exemple", None),
        ("Nord du département", None),
        ("Bourg et alentours", None),
        ("tout", None),
        ("", None),
        (None, None),
        (float("nan"), None),
    ],
)
def test_a_territory_is_read_whole_or_not_at_all(text: object, named: str | None) -> None:
    assert territory_reader(COMMUNES, "Exemple")(text) == (None if named is None else frozenset(named))


def test_every_commune_of_a_real_departement_is_read_by_its_name() -> None:
    communes = load_territory().in_departement("33")
    read = territory_reader(communes, "Gironde")
    assert all(
        insee in (read(f"commune de {name}") or ())
        for insee, name in zip(communes["insee"], communes["name"], strict=True)
    )


def minutes(near: list[float], lost: list[float] | None = None) -> pd.DataFrame:
    return COMMUNES[["insee", "population"]].assign(
        service=FRANCE_SERVICES.kind,
        population_near=near,
        population_far=near,
        population_not_computed=lost or [0.0] * 4,
    )


ROUNDS = pd.DataFrame({"round": ["Bus", "Bus", None], "insee": ["2", "2", None]})
ACTORS = pd.DataFrame({"territory": ["Créon", "Exemple", "le Nord", None]}, dtype=object)
PLACES = pd.DataFrame({"itinerant": [True, False, None]}, dtype=object)


def test_who_lives_far_is_reached_where_a_stop_or_an_actor_of_the_commune_is_declared() -> None:
    rows, counts = outreach(COMMUNES, minutes([1000.0, 0.0, 0.0, 100.0]), ROUNDS, ACTORS, PLACES, "Exemple")
    assert rows["insee"].tolist() == ["2", "3", "4"]
    assert (rows["stops"].tolist(), rows["actors"].tolist()) == ([2, 0, 0], [0, 1, 0])
    said = counts.iloc[0].to_dict()
    assert (said["stops"], said["stops_elsewhere"], said["rounds"], said["rounds_unnamed"], said["buses"]) == (
        3,
        1,
        1,
        1,
        1,
    )
    assert (said["beyond"], said["beyond_with_stop"], said["beyond_without_stop"]) == (800.0, 200.0, 600.0)
    assert (said["communes_beyond_unreached"], said["beyond_unreached"]) == (1, 300.0)
    everywhere = ("actors_everywhere", "actors_in_some", "actors_not_understood", "actors_without_territory")
    assert [said[name] for name in everywhere] == [1, 1, 1, 1]


def test_a_commune_whose_minutes_are_not_computed_is_neither_near_nor_far() -> None:
    lost = [0.0, 200.0, 0.0, 0.0]
    rows, counts = outreach(COMMUNES, minutes([1000.0, 0.0, 300.0, 400.0], lost), ROUNDS, ACTORS, PLACES, "Exemple")
    assert rows.set_index("insee")["beyond_near"].isna().to_dict() == {"2": True, "3": False}
    assert (counts["beyond"].item(), counts["communes_not_computed"].item()) == (0.0, 1)
    none = outreach(COMMUNES, minutes([0.0] * 4)[:0], ROUNDS, ACTORS, PLACES, "Exemple")[1]
    assert (none["communes_not_computed"].item(), none["beyond"].item()) == (4, 0.0)


def test_nothing_is_said_where_a_survey_declares_neither_stop_nor_actor() -> None:
    rows, counts = outreach(COMMUNES, minutes([0.0] * 4), ROUNDS[:0], ACTORS[:0], PLACES, "Exemple")
    assert (len(rows), len(counts)) == (0, 0)


def test_publics_are_counted_one_by_one_and_those_not_said_last() -> None:
    actors = pd.DataFrame({"publics": ["seniors|jeunes", "seniors", None, None, "gens de mer"]}, dtype=object)
    assert tally(actors, "publics") == [("seniors", 2), ("gens de mer", 1), ("jeunes", 1), ("", 2)]
