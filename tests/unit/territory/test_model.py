"""The shipped territory, and a fictional one."""

from __future__ import annotations

import pandas as pd
import pytest

from fs_pipeline.territory.model import Territory, departement_of_code
from fs_pipeline.territory.shipped import load_territory


@pytest.fixture(scope="module")
def territory() -> Territory:
    return load_territory()


def test_there_are_101_departements_and_the_other_collectivites_are_listed_apart(territory):
    assert len(territory.departement_codes) == 101
    assert {"01", "2A", "2B", "971", "976"} <= set(territory.departement_codes)
    apart = territory.departements[territory.departements["kind"] == "collectivite"]
    assert "978" in set(apart["code"])
    assert not set(apart["code"]) & set(territory.departement_codes)


def test_there_are_34969_communes_each_in_a_known_departement(territory):
    assert len(territory.communes) == 34_969
    assert territory.communes["insee"].is_unique
    assert set(territory.communes["departement"]) <= set(territory.departements["code"])


@pytest.mark.parametrize(
    ("old", "current"),
    [
        ("33063", "33063"),
        ("75112", "75056"),
        ("69385", "69123"),
        ("13201", "13055"),
        ("01340", "01015"),  # merged
        ("02285", "59545"),  # associated with a commune of another département
        ("99999", None),
        (None, None),
    ],
)
def test_an_old_code_leads_to_the_current_commune(territory, old, current):
    assert territory.current_insee(old) == current


def test_a_whole_column_of_codes_is_brought_up_to_date(territory):
    codes = pd.Series(["75112", None, "nope", "2A004"], dtype=object)
    assert territory.current_insees(codes).tolist() == ["75056", None, None, "2A004"]


def test_every_former_commune_leads_to_a_current_one(territory):
    assert set(territory.former["current_insee"]) <= set(territory.communes["insee"])


def test_a_commune_that_crossed_a_border_is_in_its_present_departement(territory):
    assert territory.departement_of("02285") == "59"


def test_a_commune_is_found_by_saint_or_st_with_or_without_its_article(territory):
    assert territory.by_name("Bourg St Maurice") == ("73054",)
    assert territory.by_name("BOURG-SAINT-MAURICE") == ("73054",)
    assert territory.by_name("Havre") == territory.by_name("le havre") == ("76351",)
    assert territory.by_name("Chalon s/ Saône") == ("71076",)


def test_a_former_name_is_answered_only_when_asked_for(territory):
    assert territory.by_name("Arbignieu") == ()
    assert territory.by_name("Arbignieu", former=True) == ("01015",)


def test_a_postcode_gives_all_its_communes_and_a_cedex_none(territory):
    assert "01004" in territory.by_postcode("01500")
    assert len(territory.by_postcode("01500")) > 1
    assert territory.by_postcode("75012") == ("75056",)
    assert territory.by_postcode("33077") == ()


def test_neighbours_share_a_border_both_ways_and_there_are_none_overseas(territory):
    assert territory.neighbours("2A") == ("2B",)
    assert territory.neighbours("29") == ("22", "56")
    assert territory.neighbours("974") == ()
    for code in territory.departement_codes:
        assert all(code in territory.neighbours(other) for other in territory.neighbours(code))


def test_a_commune_says_its_epci_and_population(territory):
    commune = territory.commune("33063")
    assert (commune.name, commune.departement, commune.epci_name) == ("Bordeaux", "33", "Bordeaux Métropole")
    assert commune.population > 200_000


def test_a_commune_stands_at_its_town_hall_and_not_in_the_middle_of_its_contour(territory):
    aix, maroni = territory.commune("13001"), territory.commune("97311")
    assert (aix.longitude, aix.latitude) == pytest.approx((5.447, 43.530), abs=0.005)
    assert (maroni.longitude, maroni.latitude) == pytest.approx((-54.029, 5.504), abs=0.005)


def test_a_commune_without_a_town_hall_of_its_own_stands_among_those_that_it_took_in(territory):
    paris, conques = territory.commune("75056"), territory.commune("12218")
    assert (paris.longitude, paris.latitude) == pytest.approx((2.344, 48.861), abs=0.01)
    assert (conques.longitude, conques.latitude) == pytest.approx((2.400, 44.599), abs=0.001)


def test_a_restored_commune_takes_the_point_of_a_source_and_the_others_keep_theirs(territory):
    points = pd.DataFrame({"insee": ["33063", "85165"], "longitude": [1.0, -1.13], "latitude": [47.0, 46.81]})
    located = territory.with_points(points)
    assert territory.commune("85165").longitude is None
    assert (located.commune("85165").longitude, located.commune("85165").latitude) == (-1.13, 46.81)
    assert located.commune("33063").latitude == territory.commune("33063").latitude
    assert located.communes["insee"].tolist() == territory.communes["insee"].tolist()


def test_every_inhabited_commune_of_a_departement_has_its_point_but_those_restored_since(territory):
    communes = territory.communes[territory.communes["departement"].isin(territory.departement_codes)]
    without = communes[communes["longitude"].isna() & (communes["population"] > 0)]
    assert set(without["insee"]) == {"15031", "15035", "15047", "15171", "60694", "85165", "85212"}


def test_a_fictional_territory_needs_only_a_code_and_a_name():
    territory = Territory.from_frames(
        pd.DataFrame({"code": ["99"], "name": ["Fiction"], "kind": ["departement"]}),
        pd.DataFrame({"insee": ["99001"], "name": ["Le Bourg"], "departement": ["99"], "postcodes": [("99100",)]}),
        borders={"99": ("33",)},
    )
    assert territory.departement_codes == ("99",)
    assert territory.by_postcode("99100") == territory.by_name("bourg") == ("99001",)
    assert territory.commune("99001").population is None
    assert territory.neighbours("99") == ("33",)
    assert territory.departements["epsg"].tolist() == [2154]


@pytest.mark.parametrize(
    ("insee", "departement"), [("01053", "01"), ("2A004", "2A"), ("97411", "974"), ("98735", "987")]
)
def test_a_code_begins_with_its_departement(insee, departement):
    assert departement_of_code(insee) == departement
