"""A slot's tables hold together, and a slot of which nothing is known is empty and not wrong."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from fs_pipeline.access.minutes import minutes_to_nearest
from fs_pipeline.access.services import CONFIRMED, FRANCE_SERVICES, ITINERANT, SERVICE_COLUMNS, Service
from fs_pipeline.coverage.slot_inputs import SlotInputs
from fs_pipeline.coverage.slot_tables import slot_tables
from fs_pipeline.coverage.thresholds import Thresholds
from tests.rows import of_communes, town_halls

ROUND_COLUMNS = ["round", "stop", "insee", "latitude", "longitude", "weekday", "week_parity", "opening_hours"]
NO_STATEMENTS = pd.DataFrame(columns=["place_id", "demarche_id", "appointment", "opening_hours"])
SERVICE_COLUMNS = [
    "place_id", *SERVICE_COLUMNS, "name", "longitude", "latitude", "insee", "opening_hours", "week_parity", "bus", "in_survey",
    "own",
]  # fmt: skip
# A town, a village 24 km east of it, a hamlet 39 km east.
COMMUNES = pd.DataFrame(
    {
        "insee": ["00001", "00002", "00003"],
        "name": ["Ville", "Village", "Hameau"],
        "epci": ["A", "A", "A"],
        "epci_name": ["CC A"] * 3,
        "population": [10_000.0, 2_000.0, 500.0],
        "longitude": [2.0, 2.3, 2.5],
        "latitude": [45.0, 45.0, 45.0],
    }
)


def services(*rows: dict[str, object]) -> pd.DataFrame:
    base = {
        "longitude": 2.0, "latitude": 45.0, "insee": "00001", "opening_hours": "Mo-Fr 09:00-12:00", "week_parity": None,
        "bus": False, "in_survey": True, "own": True,
    }  # fmt: skip
    return pd.DataFrame([base | row for row in rows], columns=SERVICE_COLUMNS)


def tables(
    offered: pd.DataFrame, communes: pd.DataFrame = COMMUNES, rounds=(), **said: object
) -> dict[str, pd.DataFrame]:
    demand = communes.rename(columns={"insee": "id"})
    located = offered.dropna(subset=["longitude"]).rename(columns={"place_id": "id"})
    minutes = minutes_to_nearest(located, demand, roads=None).rename(columns={"demand_id": "insee"})
    thresholds = Thresholds(20, 30)
    return slot_tables(
        SlotInputs(
            communes=communes,
            minutes=minutes.assign(point_id=minutes["insee"]),
            commune_minutes=of_communes(minutes, communes, thresholds),
            services=offered,
            rounds=pd.DataFrame(list(rounds), columns=ROUND_COLUMNS),
            statements=NO_STATEMENTS,
            operators={"R1": "cnaf", "R2": "cnaf"},
            reference_date=dt.date(2022, 12, 1),
            thresholds=thresholds,
            **{"points": town_halls(communes), **said},
        )
    )


def confirmed(demarche_id: str) -> dict[str, str]:
    return Service(CONFIRMED, demarche_id).columns


HOUSE = {"place_id": "p", **FRANCE_SERVICES.columns, "name": "France services"}


@pytest.mark.parametrize("communes", [COMMUNES, COMMUNES.assign(longitude=None, latitude=None)])
def test_a_slot_without_any_place_has_no_hours_no_gap_and_no_lever(communes):
    found = tables(services(), communes)
    for name in ("coverage_by_hour", "commune_weeks", "gap_areas", "levers"):
        assert found[name].empty, name
    assert "not_computed" not in set(found["access_method"]["key"])  # nobody asked: nothing to count
    assert len(found["access_method"]) > 0


def test_communes_without_a_point_are_not_computed_and_in_no_gap():
    found = tables(services(HOUSE), COMMUNES.assign(longitude=None, latitude=None))
    assert found["gap_areas"].empty
    assert found["levers"].empty
    card = found["access_method"].set_index("key")["value_fr"]
    assert card["share_20"] == "non calculée"
    assert card["not_computed"].startswith("12\u202f500\u00a0habitants, 3\u00a0points de départ")


def test_operators_gather_their_demarches():
    found = tables(services(HOUSE, HOUSE | confirmed("R1"), HOUSE | {"place_id": "q"} | confirmed("R2")))[
        "coverage_by_hour"
    ]
    said = found[["service", "operator", "demarche_id"]].drop_duplicates()
    assert set(said.itertuples(index=False, name=None)) == {
        ("france_services", "", ""), ("operator", "cnaf", ""), ("confirmed", "", "R1"), ("confirmed", "", "R2"),
    }  # fmt: skip
    both = found[found["operator"] == "cnaf"]
    assert set(both["places"]) == {2}


def test_a_bus_counts_at_its_stop_and_hour_alone():
    bus = {"place_id": "b", **ITINERANT.columns, "name": "Le bus", "bus": True, "longitude": None, "latitude": None}
    stop = ("Le bus", "Place", "00003", None, None, "Tu", None, "10:00-12:00")
    found = tables(services(HOUSE, bus), rounds=[stop])
    rows = found["coverage_by_hour"]
    at = rows[(rows["threshold"] == 20) & (rows["weekday"] == "Tu")].set_index("hour")
    assert at.loc[10, "share_with_buses"] - at.loc[10, "share"] == pytest.approx(50 / 1250)
    assert at.loc[9, "share_with_buses"] == at.loc[9, "share"]
    weeks = found["commune_weeks"].set_index("insee")["week"]
    assert weeks["00003"][12:17] == "..bb."


def test_each_lever_names_a_gap_or_the_departement_and_gains_no_more_than_it_holds():
    found = tables(services(HOUSE))
    gaps = found["gap_areas"].set_index("gap_id")["population"]
    levers = found["levers"]
    assert set(levers["scope"]) <= {"departement", *gaps.index}
    helped = levers[levers["scope"] != "departement"]
    assert (helped["inhabitants_gained"] <= helped["scope"].map(gaps)).all()
    first = levers[(levers["move"] == "new_place") & (levers["threshold"] == 20)].iloc[0]
    assert (first["insee"], first["inhabitants_gained"]) == ("00002", 2_000)
    assert not (levers["move"] == "bus_stop").any()  # there is no bus


def new_places(found: dict[str, pd.DataFrame]) -> dict[str, float]:
    levers = found["levers"]
    chosen = levers[(levers["scope"] == "departement") & (levers["move"] == "new_place") & (levers["threshold"] == 20)]
    return dict(zip(chosen["insee"], chosen["inhabitants_gained"], strict=True))


def test_nobody_is_counted_who_is_perhaps_near_enough_today():
    edge = COMMUNES.assign(longitude=[2.0, 2.19, 2.5])  # the village is 21 minutes from the town, 18 of them at best
    assert new_places(tables(services(HOUSE), edge)) == {"00003": 500}


def test_where_the_survey_says_that_one_stands_none_is_opened_and_nobody_is_counted():
    village = pd.DataFrame({"insee": ["00002"], "longitude": [2.3], "latitude": [45.0]})
    assert new_places(tables(services(HOUSE))) == {"00002": 2_000, "00003": 500}
    assert new_places(tables(services(HOUSE), declared=village)) == {"00003": 500}


def evenings(*rows: dict[str, object], **said: object) -> list[str]:
    levers = tables(services(*rows), **said)["levers"]
    return list(levers.loc[(levers["window"] == "evening") & (levers["threshold"] == 20), "place_id"])


def test_a_place_is_told_to_open_longer_where_its_sources_agree_that_it_is_closed():
    house = HOUSE | {"opening_hours": "Mo-Fr 09:00-12:00"}
    assert evenings(house) == ["p"]
    assert evenings(house, disputed={"p": ("Mo-Fr 09:00-12:00", "Mo-Fr 09:00-12:00,14:00-17:00")}) == ["p"]
    assert evenings(house, disputed={"p": ("Mo-Fr 09:00-12:00", "Mo-Fr 09:00-18:00")}) == []


def test_the_town_s_own_place_opens_longer_before_the_one_of_its_hamlet():
    hamlet = HOUSE | {"place_id": "hamlet", "longitude": 2.08}
    assert evenings(hamlet, HOUSE) == ["p"]


def test_a_village_counted_at_its_sole_town_hall_is_no_minimum_that_its_width_cannot_bear():
    wide = town_halls(COMMUNES).assign(origin=["town_hall", "lone_town_hall", "town_hall"], away_min=[None, 25.0, None])
    wide["away_min"] = wide["away_min"].astype("float64")
    assert new_places(tables(services(HOUSE))) == {"00002": 2_000, "00003": 500}
    assert new_places(tables(services(HOUSE), points=wide)) == {"00003": 500}
    narrow = wide.assign(away_min=wide["away_min"] / 25)
    assert new_places(tables(services(HOUSE), points=narrow)) == {"00002": 2_000, "00003": 500}


WEDNESDAYS_OFF = "Mo,Tu,Th,Fr 08:00-20:00; We 08:00-14:00; Sa 08:00-12:00"


def test_hours_are_not_new_where_a_stop_or_a_house_of_the_survey_is_open_then():
    house = HOUSE | {"opening_hours": "Mo-Fr 09:00-12:00"}
    beside = pd.DataFrame({"insee": ["00001"], "longitude": [2.01], "latitude": [45.0], "week_parity": [None]})
    assert evenings(house) == ["p"]
    assert evenings(house, declared=beside.assign(opening_hours="Mo-Fr 09:00-12:00")) == ["p"]
    for hours in ("Mo-Fr 14:00-19:00", None):
        assert evenings(house, declared=beside.assign(opening_hours=hours)) == []
    house = HOUSE | {"opening_hours": WEDNESDAYS_OFF}
    bus = {"place_id": "bus", **ITINERANT.columns, "name": "Bus", "bus": True, "opening_hours": None}
    stop = {"round": "Bus", "stop": "Mairie", "insee": "00001", "latitude": 45.0, "longitude": 2.0, "weekday": "We"}
    moves = [
        tables(services(house, bus), rounds=[stop | {"week_parity": None, "opening_hours": hours}])["levers"]
        for hours in ("14:00-17:00", "09:00-10:00")
    ]
    told = [set(found.loc[found["threshold"] == 20, "window"].dropna()) for found in moves]
    assert "We_afternoon" not in told[0]
    assert "We_afternoon" in told[1]


def test_a_bus_of_the_town_that_may_be_open_then_is_said_beside_longer_hours():
    house = HOUSE | {"opening_hours": WEDNESDAYS_OFF}
    bus = {"place_id": "bus", **ITINERANT.columns, "name": "Bus", "bus": True, "in_survey": False}
    said = {}
    for hours in ("We 14:00-16:00", "We 09:00-12:00", None):
        levers = tables(services(house, bus | {"opening_hours": hours}))["levers"]
        chosen = levers[(levers["window"] == "We_afternoon") & (levers["threshold"] == 20)]
        said[hours] = chosen["set_aside"].tolist()
    assert said == {"We 14:00-16:00": ["00001:bus"], "We 09:00-12:00": [None], None: ["00001:bus_unknown"]}
