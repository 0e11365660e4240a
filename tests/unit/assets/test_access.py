"""What a slot's access reads: the campaign before, the neighbours, the roads around."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fs_pipeline.access.services import FRANCE_SERVICES, ITINERANT, SERVICE_COLUMNS
from fs_pipeline.assets.access import buses_around, changes_of_slot, roads_around, services_around
from fs_pipeline.coverage.offer import with_buses
from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.partitions import Slot
from fs_pipeline.rehearsal.land import make_land
from fs_pipeline.resources import Pipeline
from fs_pipeline.roads.graph import build_graph
from fs_pipeline.settings import Settings
from tests.rows import filled

SLOT = Slot("2022-12", "00")


@pytest.fixture
def pipeline(tmp_path) -> Pipeline:
    (tmp_path / "sources.toml").write_text("[sources]\n", encoding="utf-8")
    return Pipeline(
        Settings.at(tmp_path / "var", sources_path=tmp_path / "sources.toml"),
        load_territory=lambda: make_land().territory,
        fictional=True,
    )


def minutes(*times: tuple[str, float]) -> pd.DataFrame:
    rows = [
        {
            "point_id": insee,
            "insee": insee,
            "minutes": time,
            **dict.fromkeys(("minutes_low", "minutes_high", "minutes_all_fast", "minutes_all_slow"), time),
            "method": "road",
        }
        for insee, time in times
    ]
    return pd.DataFrame(rows).assign(**FRANCE_SERVICES.columns)


def test_a_share_is_compared_with_the_latest_campaign_that_has_minutes(pipeline):
    points = pd.DataFrame({"point_id": ["00001", "00002"], "population": [300.0, 100.0]})
    campaigns = [
        {"campaign": key, "reference_date": f"{key}-01"} for key in ("2020-12", "2021-12", "2022-06", "2022-12")
    ]
    pipeline.warehouse.replace("campaigns", {}, filled("campaigns", pd.DataFrame(campaigns)))
    for campaign, time in (("2020-12", 50.0), ("2021-12", 25.0)):
        key = {"campaign": campaign, "departement": "00"}
        pipeline.warehouse.replace(
            "access_minutes", key, filled("access_minutes", minutes(("00001", time), ("00002", 5.0)))
        )
    found = changes_of_slot(pipeline, SLOT, minutes(("00001", 15.0), ("00002", 5.0)), points, Thresholds(20, 30))
    assert set(found["previous_campaign"]) == {"2021-12"}  # 2022-06 has none, 2020-12 is older
    assert found.set_index("threshold")["change"].to_dict() == {20: 0.75, 30: 0.0}


def test_the_first_campaign_has_nothing_to_be_compared_with(pipeline):
    points = pd.DataFrame({"point_id": ["00001"], "population": [300.0]})
    assert changes_of_slot(pipeline, SLOT, minutes(("00001", 15.0)), points, Thresholds(20, 30)).empty


def listed(source_id: str, departement: str, kind: str) -> dict[str, object]:
    return {
        "source": "france_services", "source_id": source_id, "snapshot_date": "2022-12-01", "departement": departement,
        "name": source_id, "kind": kind, "insee": "0A001", "longitude": 2.0, "latitude": 45.6,
        "opening_hours": "Mo-Fr 09:00-12:00",
    }  # fmt: skip


def test_a_neighbour_never_materialised_is_stood_in_for_by_the_national_list(pipeline):
    rows = [listed("house", "0A", "fixed"), listed("bus", "0A", "itinerant")]
    pipeline.warehouse.replace(
        "national_places", {"campaign": "2022-12"}, filled("national_places", pd.DataFrame(rows))
    )
    found = services_around(pipeline, SLOT).set_index("place_id")
    assert found["service"].to_dict() == {"house": FRANCE_SERVICES.kind, "bus": ITINERANT.kind}
    assert set(found["demarche_id"]) == {""}
    assert not found["own"].any()
    assert not found["in_survey"].any()
    assert found["bus"].to_dict() == {"house": False, "bus": True}


def test_a_bus_without_a_point_is_there_for_its_stops(pipeline):
    place = {
        "place_id": "b", "name": "Le bus", "kind": "itinerant", "in_survey": True, "in_france_services": True,
        "campaign": "2022-12", "departement": "00",
    }  # fmt: skip
    pipeline.warehouse.replace(
        "places", {"campaign": "2022-12", "departement": "00"}, filled("places", pd.DataFrame([place]))
    )
    services = services_around(pipeline, SLOT)
    assert services.empty
    found = with_buses(services, *buses_around(pipeline, SLOT), "00")
    assert found[["place_id", *SERVICE_COLUMNS, "own", "bus"]].to_dict("records") == [
        {"place_id": "b", **ITINERANT.columns, "own": True, "bus": True}
    ]


def test_a_departement_takes_its_roads_and_a_belt_of_its_neighbours(pipeline):
    longitude = np.linspace(0.0, 20.0, 201)
    ends = np.arange(200)
    roads = build_graph(
        longitude, np.full(201, 45.0), np.concatenate((ends, ends + 1)), np.concatenate((ends + 1, ends)),
        np.full(400, 60.0), source="x", sha256="", as_of=None, profile="car",
    )  # fmt: skip
    pipeline._roads["2022-12"] = roads
    communes = pd.DataFrame({"longitude": [10.0, 10.4, None], "latitude": [45.0, 45.0, None]})
    west, _, east, _ = roads_around(pipeline, "2022-12", communes).bounds
    assert (west, east) == pytest.approx((9.3, 11.1), abs=0.11)
    assert roads_around(pipeline, "2022-12", communes.tail(1)) is roads
    part = roads_around(pipeline, "2022-12", communes)
    assert roads_around(pipeline, "2022-12", communes) is part, (
        "cut and contracted once, whatever the steps that ask for it"
    )
