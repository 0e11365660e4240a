"""Places of digital mediation, in the national schema « lieux de médiation numérique » (schema.data.gouv.fr)."""

from __future__ import annotations

import pandas as pd

from fs_pipeline.national.places import Draft, empty_draft
from fs_pipeline.national.structures import first, hours, listed, set_types, updated_on
from fs_pipeline.territory.model import Territory
from fs_pipeline.values.text import normalise

_FRANCE_SERVICES = "france services"
_ITINERANT = "itinerant"


def read(table: pd.DataFrame, territory: Territory) -> Draft:
    """Draft places. A place that is itinerant and fixed is fixed, with rounds."""
    rows = empty_draft(table)
    for name in ("name", "siret", "carrier", "address", "address_extra", "postcode", "insee", "commune"):
        rows[name] = table[name]
    for name in ("latitude", "longitude", "phone", "description"):
        rows[name] = table[name]
    rows["local_id"] = table["id"]
    rows["email"] = table["emails"].map(first)
    rows["website"] = table["website"].map(first)
    rows["opening_hours"] = hours(table["hours"])
    rows["updated_on"] = updated_on(table["updated_on"])
    set_types(rows, [_codes(*cells) for cells in zip(table["type"], table["programmes"], strict=True)])
    modes = [{normalise(mode) for mode in listed(cell)} for cell in table["itinerance"]]
    rows["itinerant"] = [_ITINERANT in mode for mode in modes]
    rows["kind"] = ["itinerant" if mode == {_ITINERANT} else "fixed" for mode in modes]
    return Draft(rows)


def _codes(kind: object, programmes: object) -> list[str]:
    """The typology, and the programme France services as the typology writes it."""
    labelled = any(normalise(programme) == _FRANCE_SERVICES for programme in listed(programmes))
    return [*listed(kind), *(["RFS"] if labelled else [])]
