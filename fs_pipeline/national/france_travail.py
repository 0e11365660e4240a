"""France Travail's agencies. Directions receive nobody and are set aside; doubles are removed."""

from __future__ import annotations

import re

import pandas as pd

from fs_pipeline.national.places import Draft, empty_draft
from fs_pipeline.territory.model import Territory
from fs_pipeline.values.text import normalise

_DIRECTION = re.compile(r"\b(?:d[tr]\d*|direction|siege)\b")
_AGENCY = re.compile(r"\bape\b|^(?:pe|agence)\b")  # agence Pôle emploi; a part that begins with PE or agence


def read(table: pd.DataFrame, territory: Territory) -> Draft:
    """Draft places: one row an agency that receives people."""
    direction = table["name"].map(_is_direction)
    keys = pd.DataFrame({name: table[name].map(_key) for name in ("name", "address", "postcode")})
    double = keys.duplicated() & ~direction
    table = table[~direction & ~double]
    rows = empty_draft(table)
    for name in ("name", "address", "address_extra", "postcode", "commune", "latitude", "longitude", "departement"):
        rows[name] = table[name]
    rows["local_id"] = table["id"]
    rows["type"] = "Agence"
    rows["service_type"] = rows["operator"] = "france_travail"
    rows["kind"] = "fixed"
    rows["itinerant"] = False
    return Draft(
        rows,
        set_aside={
            "directions et sièges, qui ne reçoivent pas": int(direction.sum()),
            "doublons (même nom, même adresse)": int(double.sum()),
        },
    )


def _is_direction(name: str | None) -> bool:
    """``DT 45 LOIRET / PE ORLEANS OUEST`` is also an agency; ``DR PE POITOU-CHARENTES`` is not."""
    own = (name or "").rpartition("France Travail - ")[2]
    parts = [normalise(part) for part in re.split(r"[/(]", own)]
    return any(map(_DIRECTION.search, parts)) and not any(map(_AGENCY.search, parts))


def _key(text: str | None) -> str:
    return normalise(text or "")
