"""Invented records of one département, as the warehouse holds them; numbers are of the ranges kept for fiction."""

from __future__ import annotations

import pandas as pd

from fs_pipeline.warehouse.engine import empty_frame

SURVEY_ROWS = [
    {"name": "Maison France Services", "address": "12 rue de la République", "insee": "33063", "commune": "Bordeaux",
     "phone": "+33556490001", "service_type": "france_services", "opening_hours": "Mo-Fr 09:00-12:00"},
    {"name": "MFS Bordeaux Bastide", "address": "12 r. de la République", "insee": "33063", "commune": "Bordeaux",
     "phone": "+33556490001", "service_type": "france_services"},
    {"name": "Mairie de Bazas", "address": "Place de la Cathédrale", "insee": "33036", "commune": "Bazas",
     "phone": "+33556490002", "service_type": "mairie", "updated_on": "2021-03-01"},
    {"name": "Médiathèque Jean Jaurès", "address": "3 avenue de Verdun", "insee": "33281", "commune": "Mérignac",
     "phone": "+33556490003", "service_type": "mediatheque"},
]  # fmt: skip
LISTED_ROWS = [
    {"source": "france_services", "source_id": "101", "name": "France services Bordeaux Bastide",
     "address": "12 Rue de la République", "insee": "33063", "commune": "Bordeaux", "phone": "+33556490001",
     "service_type": "france_services", "labelled_on": "2022-11-01", "opening_hours": "Mo-Fr 09:00-12:00,14:00-17:00"},
    {"source": "france_services", "source_id": "102", "name": "France services de Bazas",
     "address": "Place de la Cathédrale", "insee": "33036", "commune": "Bazas", "phone": "+33556490002",
     "service_type": "france_services"},
    {"source": "la_poste", "source_id": "12345A", "name": "BAZAS BP", "address": "8 RUE DU PALAIS", "insee": "33036",
     "commune": "Bazas", "phone": "3631", "service_type": "bureau_de_poste", "operator": "la_poste"},
    {"source": "annuaire", "source_id": "mairie-33036-01", "name": "Mairie - Bazas", "address": "Place de la Cathédrale",
     "insee": "33036", "commune": "Bazas", "phone": "+33556490002", "service_type": "mairie"},
    {"source": "annuaire", "source_id": "mairie-33002-01", "name": "Mairie - Aillas", "address": "1 le bourg",
     "insee": "33002", "commune": "Aillas", "phone": "+33556490009", "service_type": "mairie"},
]  # fmt: skip


def survey(rows: list[dict[str, object]] = SURVEY_ROWS) -> pd.DataFrame:
    """Rows of ``survey_places``."""
    known = [
        {"survey_place_id": f"d:{number}", "deposit_id": "d", "kind": "fixed"} | row for number, row in enumerate(rows)
    ]
    return _as("survey_places", known)


def national(rows: list[dict[str, object]] = LISTED_ROWS, date: str = "2022-12-01") -> pd.DataFrame:
    """Rows of ``national_places``."""
    return _as("national_places", [{"snapshot_date": date, "kind": "fixed"} | row for row in rows])


def _as(table: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    empty = empty_frame(table)
    frame = pd.DataFrame(rows).reindex(columns=empty.columns).astype(object)
    frame = frame.where(frame.notna(), None)
    for name in ("latitude", "longitude"):
        frame[name] = frame[name].astype("float64")
    return frame
