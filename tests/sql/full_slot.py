"""The small slot with one of each case that a model tells apart: hosts, buses, pairs that wait, masked numbers, help in general.

Beside what ``small_slot`` holds: p7 is a mairie of the survey that hosts the listed p8; the listed p9 and the survey's p10
wait for a person; p11 is a bus of the survey and p3 one of the list, in communes of one intercommunality; p12 is listed
and the survey says it to be closed; the listed row 9 is in no commune.
"""

from __future__ import annotations

import pandas as pd

from fs_pipeline.warehouse.engine import Warehouse
from tests.rows import filled
from tests.sql.small_slot import CAMPAIGN, CONFIRMED, DEPARTEMENT

SLOT = {"campaign": CAMPAIGN, "departement": DEPARTEMENT}


def fill_up(warehouse: Warehouse) -> None:
    """Add to a warehouse with the small slot what it lacks, the models not made again."""
    communes = warehouse.read("communes")
    epci = {"33002": "a", "33003": "a", "33004": "b"}
    warehouse.replace("communes", {}, communes.assign(epci=communes["insee"].map(epci)))
    for table, rows in (
        ("places", _places()), ("survey_places", _declared()), ("place_members", _members()),
        ("national_places", _listed()), ("place_values", _values()), ("access_minutes", _minutes()),
    ):  # fmt: skip
        _add(warehouse, table, rows)
    said = warehouse.read("survey_places", SLOT).assign(general_help=None)
    said.loc[said["survey_place_id"].isin(["d1:Lieux:6", "d1:Lieux:9"]), "general_help"] = "yes"
    warehouse.replace("survey_places", SLOT, said)
    warehouse.replace("link_pairs", SLOT, pd.DataFrame(_pairs()))
    warehouse.replace("levers", SLOT, filled("levers", _levers()))
    status = [{**SLOT, "stage": "access", "state": "failed", "updated_at": "2022-12-01"}]
    warehouse.replace("slot_status", SLOT, filled("slot_status", pd.DataFrame(status)))


def _add(warehouse: Warehouse, table: str, rows: list[dict[str, object]]) -> None:
    known = warehouse.read(table, SLOT)
    more = filled(table, pd.DataFrame(rows, dtype=object)).assign(**SLOT)[list(known)]
    warehouse.replace(table, SLOT, pd.concat([known.astype(object), more], ignore_index=True))


def _places() -> list[dict[str, object]]:
    base = {"service_type": "france_services", "kind": "fixed", "latitude": 44.8, "longitude": -0.5}
    listed = {"in_survey": False, "in_france_services": True}
    declared = {"in_survey": True, "in_france_services": False}
    return [
        base | declared | {"place_id": "p7", "name": "Mairie", "insee": "33004", "service_type": "mairie"},
        base | listed | {"place_id": "p8", "name": "FS huit", "insee": "33004"},
        base | listed | {"place_id": "p9", "name": "FS neuf", "insee": "33001"},
        base | declared | {"place_id": "p10", "name": "FS dix", "insee": "33001"},
        base | declared | {"place_id": "p11", "name": "Bus des villages", "insee": "33003"},
        base | listed | {"place_id": "p12", "name": "FS douze", "insee": "33001", "in_survey": True},
    ]


def _declared() -> list[dict[str, object]]:
    base = {"deposit_id": "d1", "insee": "33001"}
    return [
        base | {"survey_place_id": "d1:Lieux:8", "name": "Mairie", "insee": "33004", "service_type": "mairie"},
        base | {"survey_place_id": "d1:Lieux:9", "name": "FS dix", "service_type": "france_services"},
        base | {"survey_place_id": "d1:Lieux:10", "name": "Bus des villages", "insee": "33003"},
        base | {"survey_place_id": "d1:Lieux:11", "name": "FS douze", "opening_hours": "off"},
    ]


def _members() -> list[dict[str, object]]:
    pairs = [
        ("p7", "survey", "d1:Lieux:8"), ("p8", "france_services", "8"), ("p9", "france_services", "9"),
        ("p10", "survey", "d1:Lieux:9"), ("p11", "survey", "d1:Lieux:10"), ("p12", "survey", "d1:Lieux:11"),
        ("p12", "france_services", "12"),
    ]  # fmt: skip
    return [{"place_id": place, "source": source, "source_id": source_id} for place, source, source_id in pairs]


def _listed() -> list[dict[str, object]]:
    base = {
        "source": "france_services", "snapshot_date": "2022-12-01", "service_type": "france_services", "kind": "fixed",
    }  # fmt: skip
    return [
        base | {"source_id": "8", "insee": "33004", "labelled_on": "2022-01-31"},
        base | {"source_id": "9", "insee": "33001"},
        base | {"source_id": "12", "insee": "33001"},
        base | {"source_id": "13", "insee": None, "name": "Bus sans commune"},
        base | {"source_id": "14", "insee": "33001"},  # of no place
    ]


def _values() -> list[dict[str, object]]:
    survey = {"source": "survey", "source_id": "d1:Lieux:5", "source_date": "2022-03-02", "wins": False, "why": "w"}
    listed = survey | {"source": "france_services", "source_id": "1", "source_date": "2022-12-01"}
    both = [
        ("address", "2 rue du Palais", "Place de la Mairie"),
        ("name", "Mairie un", "FS un"),
        ("insee", "33001", "33002"),
    ]
    rows = [
        side | {"place_id": "p1", "field": field, "value": value, "compared": value}
        for field, said, told in both
        for side, value in ((survey, said), (listed, told))
    ]
    for side, value in ((survey, "44.1, 0.2"), (listed, "44.2, 0.2")):
        point = {"metres": 620.0, "precision": "own"}
        rows.append(side | point | {"place_id": "p1", "field": "position", "value": value, "compared": value})
    # of two rows of the survey the one that is no labelled house is later, and a number kept for fiction
    for side, source_id, value in (
        (survey, "d1:Lieux:8", "+33639980120"), (listed, "8", "+33557311528"),
    ):  # fmt: skip
        rows.append(
            side | {"place_id": "p8", "field": "phone", "value": value, "compared": value, "source_id": source_id}
        )
    return rows


def _minutes() -> list[dict[str, object]]:
    general = [("33001", "", 12.0), ("33002", "", 40.0), ("33003", "", 28.0), ("33003", CONFIRMED, 8.0)]
    return [
        {
            "point_id": insee, "insee": insee, "service": "general", "demarche_id": demarche, "minutes": minutes,
            "minutes_low": minutes / 1.2, "minutes_high": minutes / 0.8, "method": "estimated",
        }
        for insee, demarche, minutes in general
    ]  # fmt: skip


def _pairs() -> list[dict[str, object]]:
    base = {"left_source": "survey", "right_source": "france_services", "score": 0.5, "reason": "r"}
    return [
        base | {"left_id": "d1:Lieux:8", "right_id": "8", "decision": "related"},
        base | {"left_id": "d1:Lieux:9", "right_id": "9", "decision": "review"},
        base | {"left_id": "d1:Lieux:4", "right_id": "1", "decision": "match"},
    ]


def _levers() -> pd.DataFrame:
    gains = ("inhabitants_gained", "inhabitants_gained_alone", "inhabitants_gained_together", "guarantee")
    lever = {
        "scope": "departement", "service": "france_services", "demarche_id": "", "threshold": 20, "rank": 1,
        "move": "new_place",
    }  # fmt: skip
    return pd.DataFrame([lever | dict.fromkeys(gains, 1.0) | {"insee": insee} for insee in ("33001", "33003")])
