"""Structures of data·inclusion, in its schema 1.0 and in the one before (labels_nationaux, typologie)."""

from __future__ import annotations

import pandas as pd

from fs_pipeline.national.places import Draft, empty_draft
from fs_pipeline.national.structures import hours, listed, set_types, updated_on
from fs_pipeline.territory.model import Territory


def read(table: pd.DataFrame, territory: Territory) -> Draft:
    """Draft places; structures without any address are set aside: nobody is received there."""
    nowhere = table[["address", "insee", "postcode", "commune"]].isna().all(axis=1)
    table = table[~nowhere]
    rows = empty_draft(table)
    for name in ("name", "siret", "address", "address_extra", "postcode", "insee", "commune"):
        rows[name] = table[name]
    for name in ("latitude", "longitude", "phone", "email", "website", "description"):
        rows[name] = table[name]
    rows["local_id"] = [_own_id(*cells) for cells in zip(table["source"], table["id"], strict=True)]
    rows["opening_hours"] = hours(table["hours"])
    rows["updated_on"] = updated_on(table["updated_on"])
    codes = zip(table["networks"], table["type"], strict=True)
    set_types(rows, [[*listed(networks), *listed(kind)] for networks, kind in codes])
    rows["kind"] = "fixed"
    rows["itinerant"] = False
    return Draft(rows, set_aside={"structures sans adresse": int(nowhere.sum())})


def _own_id(source: str | None, identifier: str | None) -> str | None:
    """Since 1.0 the producer is inside the id; before, two producers might give the same one."""
    if identifier is None or source is None or identifier.startswith(f"{source}--"):
        return identifier
    return f"{source}--{identifier}"
