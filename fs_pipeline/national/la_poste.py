"""La Poste's points of contact: post offices, communal agencies, relays at a shopkeeper's.

A point « géocodé au centre de la commune » says no more than the commune does, so it is not kept as a coordinate.
"""

from __future__ import annotations

import pandas as pd

from fs_pipeline.national.places import Draft, empty_draft
from fs_pipeline.territory.model import Territory
from fs_pipeline.values.text import normalise

_SERVICE_TYPES = {
    "bureau de poste": "bureau_de_poste",
    "agence postale communale": "agence_postale",
    "agence postale intercommunale": "agence_postale",
    "relais poste commercant": "relais_poste",
    "relais poste": "relais_poste",
    "relais poste urbain": "relais_poste",
}
_NOT_PUBLIC = ("agence postale militaire",)
_COARSE = "centre de la commune"


def read(table: pd.DataFrame, territory: Territory) -> Draft:
    """Draft places, military agencies set aside."""
    types = table["type"].map(lambda text: normalise(text or ""))
    public = ~types.isin(_NOT_PUBLIC)
    table, types = table[public], types[public]
    rows = empty_draft(table)
    for name in ("name", "type", "address", "postcode", "insee", "commune", "phone"):
        rows[name] = table[name]
    rows["local_id"] = table["id"]
    rows["address_extra"] = table["address_extra"].where(table["address_extra"].notna(), table["hamlet"])
    rows["service_type"] = types.map(_SERVICE_TYPES).fillna("other")
    rows["operator"] = "la_poste"
    rows["kind"] = "fixed"
    rows["itinerant"] = False
    coarse = table["precision"].map(lambda text: _COARSE in normalise(text or ""))
    rows["latitude"] = table["latitude"].where(~coarse, None)
    rows["longitude"] = table["longitude"].where(~coarse, None)
    return Draft(
        rows,
        set_aside={"agences postales militaires, fermées au public": int((~public).sum())},
        without_point={"points géocodés au centre de la commune": int(coarse.sum())},
    )
