"""A slot small enough to count by hand: four communes, five places, three démarches of the catalogue told apart."""

from __future__ import annotations

import pandas as pd

from fs_pipeline.access.services import FRANCE_SERVICES
from fs_pipeline.warehouse.engine import Warehouse
from fs_pipeline.warehouse.materialising import materialise
from fs_pipeline.warehouse.models import Project, load_project
from fs_pipeline.warehouse.prepare import prepare
from tests.rows import filled, town_halls

CAMPAIGN, DEPARTEMENT = "2022-12", "33"
# Of the bundle, confirmed by the survey; of the bundle, not spoken of; of nobody's bundle.
CONFIRMED, BY_LABEL, OUTSIDE = "R50282", "R49813", "R48844"


def fill(warehouse: Warehouse) -> Project:
    """Write what Python assets write, then every model in order."""
    project = load_project()
    prepare(warehouse, project)
    slot = {"campaign": CAMPAIGN, "departement": DEPARTEMENT}
    warehouse.replace(
        "campaigns", {}, pd.DataFrame([{"campaign": CAMPAIGN, "reference_date": "2022-12-01", "deadline": None}])
    )
    warehouse.replace("campaign_sources", {}, filled("campaign_sources", _sources()))
    warehouse.replace("communes", {}, filled("communes", _communes()))
    warehouse.replace("deposits", {}, filled("deposits", _deposits()))
    warehouse.replace("national_places", {"campaign": CAMPAIGN}, filled("national_places", _listed()))
    warehouse.replace("survey_places", slot, filled("survey_places", _declared()))
    warehouse.replace("survey_demarches", slot, filled("survey_demarches", _stated()))
    warehouse.replace("places", slot, filled("places", _places()))
    warehouse.replace("place_members", slot, filled("place_members", _members()))
    values = _values()
    warehouse.replace("place_values", slot, filled("place_values", values.assign(compared=values["value"])))
    warehouse.replace("problems", slot, filled("problems", _problems()))
    communes = _communes()
    warehouse.replace("demand_points", slot, town_halls(communes[communes["departement"] == DEPARTEMENT]))
    warehouse.replace("access_minutes", slot, filled("access_minutes", _minutes()))
    make(warehouse, project)
    return project


def make(warehouse: Warehouse, project: Project, *departements: str) -> None:
    """Every model in order, of the slot where no département is said."""
    for model in project:
        materialise(warehouse, project, model.name, CAMPAIGN, departements or [DEPARTEMENT])


def _sources() -> pd.DataFrame:
    about = {"campaign": CAMPAIGN, "publisher": "p", "licence": "l", "state": "taken"}
    return pd.DataFrame(
        [
            about | {"source": "france_services", "title": "Liste des France services", "as_of": "2022-12-01"},
            about | {"source": "la_poste", "title": "Points de contact de La Poste", "as_of": "2016-08-15"},
            about | {"source": "annuaire", "title": "Annuaire", "as_of": None, "state": "absent"},
        ],
        dtype=object,
    )


def _communes() -> pd.DataFrame:
    people = {"33001": 1000, "33002": 600, "33003": 400, "33004": None}
    rows = [
        {"insee": insee, "name": f"Commune {insee[-1]}", "departement": "33", "population": number, "vintage": "2026"}
        for insee, number in people.items()
    ]
    return pd.DataFrame([*rows, {**rows[0], "insee": "64001", "departement": "64", "population": 9999}], dtype=object)


def _deposits() -> pd.DataFrame:
    row = {
        "deposit_id": "d1",
        "campaign": CAMPAIGN,
        "departement": DEPARTEMENT,
        "filename": "enquete.xlsx",
        "sha256": "0",
        "path": "p",
        "received_at": "2022-11-01",
        "retention_until": "2025-11-01",
        "verdict": "warnings",
    }
    return pd.DataFrame([row, row | {"deposit_id": "d2", "verdict": "refused"}])


def _listed() -> pd.DataFrame:
    base = {
        "source": "france_services", "snapshot_date": "2022-12-01", "service_type": "france_services", "insee": "33001",
    }  # fmt: skip
    rows = [
        base | {"departement": "33", "source_id": "1", "kind": "fixed", "labelled_on": "2021-01-01"},
        base | {"departement": "33", "source_id": "2", "kind": "fixed", "labelled_on": "2022-06-01"},
        base | {"departement": "33", "source_id": "3", "kind": "itinerant", "labelled_on": None},
        base | {"departement": "978", "source_id": "4", "kind": "fixed", "labelled_on": "2021-01-01"},
        base | {"source": "la_poste", "departement": "33", "source_id": "p1", "operator": "la_poste", "kind": "fixed"},
    ]
    return pd.DataFrame(rows, dtype=object)


def _declared() -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"survey_place_id": "d1:Lieux:4", "deposit_id": "d1", "name": "FS un", "insee": "33001"},
            {"survey_place_id": "d1:Lieux:5", "deposit_id": "d1", "name": "FS un bis", "insee": "33001"},
            {"survey_place_id": "d1:Lieux:6", "deposit_id": "d1", "name": "FS cinq", "insee": "33003"},
            {
                "survey_place_id": "d1:Lieux:7",
                "deposit_id": "d1",
                "name": "FS deux",
                "insee": "33002",
                "opening_hours": "off",
            },
        ],
        dtype=object,
    )


def _stated() -> pd.DataFrame:
    base = {"deposit_id": "d1", "sheet": "Démarches"}
    return pd.DataFrame(
        [
            base | {"row": 2, "survey_place_id": "d1:Lieux:4", "demarche_id": CONFIRMED, "level": "orientation"},
            base | {"row": 3, "survey_place_id": "d1:Lieux:5", "demarche_id": CONFIRMED, "level": "accompaniment"},
            base | {"row": 4, "survey_place_id": "d1:Lieux:6", "demarche_id": OUTSIDE, "level": "orientation"},
            base | {"row": 5, "survey_place_id": "d1:Lieux:6", "demarche_id": BY_LABEL, "level": "none"},
            base | {"row": 6, "survey_place_id": None, "demarche_id": CONFIRMED, "level": "accompaniment"},
        ],
        dtype=object,
    )


def _places() -> pd.DataFrame:
    base = {"service_type": "france_services", "kind": "fixed", "latitude": 44.8, "longitude": -0.5}
    return pd.DataFrame(
        [
            base | {"place_id": "p1", "name": "FS un", "insee": "33001", "labelled_on": "2021-01-01", "in_survey": True,
                    "in_france_services": True},
            base | {"place_id": "p2", "name": "FS deux", "insee": "33002", "labelled_on": "2022-06-01",
                    "in_survey": True, "in_france_services": True},
            base | {"place_id": "p3", "name": "Bus", "insee": "33002", "kind": "itinerant", "in_survey": False,
                    "in_france_services": True},
            base | {"place_id": "p5", "name": "FS cinq", "insee": "33003", "in_survey": True,
                    "in_france_services": False},
            base | {"place_id": "p6", "name": "Poste", "insee": "33003", "service_type": "bureau_de_poste",
                    "in_survey": False, "in_france_services": False},
        ],
        dtype=object,
    )  # fmt: skip


def _members() -> pd.DataFrame:
    pairs = [
        ("p1", "survey", "d1:Lieux:4"), ("p1", "survey", "d1:Lieux:5"), ("p1", "france_services", "1"),
        ("p2", "survey", "d1:Lieux:7"), ("p2", "france_services", "2"), ("p3", "france_services", "3"),
        ("p5", "survey", "d1:Lieux:6"), ("p6", "la_poste", "p1"),
    ]  # fmt: skip
    return pd.DataFrame(pairs, columns=["place_id", "source", "source_id"])


def _values() -> pd.DataFrame:
    columns = ["place_id", "field", "value", "source", "source_id", "source_date", "wins", "why"]
    rows = [
        ("p1", "phone", "+33556000001", "survey", "d1:Lieux:4", None, True, "w"),
        ("p1", "phone", "+33556000002", "survey", "d1:Lieux:5", None, False, "w"),
        ("p1", "phone", "+33556000002", "france_services", "1", "2022-12-01", False, "w"),
        ("p1", "opening_hours", "Mo-Fr 09:00-12:00", "survey", "d1:Lieux:4", None, True, "w"),
        ("p1", "opening_hours", "Mo-Fr 09:00-17:00", "france_services", "1", "2022-12-01", False, "w"),
    ]
    return pd.DataFrame(rows, columns=columns)


def _problems() -> pd.DataFrame:
    base = {"deposit_id": "d1", "message": "m", "rule": "r"}
    return pd.DataFrame([base | {"severity": severity} for severity in ("error", "warning", "warning", "info")])


def _minutes() -> pd.DataFrame:
    """33001 near, 33002 between 20 and 30 (in 20 if 20 % faster), 33003 unreached, 33004 not computed."""
    label = [
        ("33001", 5.0, "estimated", None),
        ("33002", 23.0, "estimated", None),
        ("33003", None, "estimated", None),
        ("33004", None, "not_computed", "aucune route"),
    ]
    rows = [
        {"insee": insee, **FRANCE_SERVICES.columns, "minutes": minutes, "method": method, "reason": reason}
        for insee, minutes, method, reason in label
    ]
    confirmed = {"33001": 25.0, "33002": 10.0, "33003": None}
    rows += [
        {"insee": insee, "service": "confirmed", "demarche_id": CONFIRMED, "minutes": minutes, "method": "estimated"}
        for insee, minutes in confirmed.items()
    ]
    rows += [
        {"insee": "33003", "service": "orientation", "demarche_id": OUTSIDE, "minutes": 12.0, "method": "estimated"}
    ]
    frame = pd.DataFrame(rows)
    return frame.assign(
        point_id=frame["insee"], minutes_low=frame["minutes"] / 1.2, minutes_high=frame["minutes"] / 0.8
    )
