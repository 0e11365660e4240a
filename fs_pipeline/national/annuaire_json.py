"""Today's directory (JSON, version 4 of the DILA's local data): lists inside each record, as JSON text in the API.

``ancien_code_pivot`` is the id of the shape of 2019, so it is kept as the id where it is given.
"""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from fs_pipeline.french import DAY_NAMES
from fs_pipeline.national.places import empty_draft
from fs_pipeline.safe_text import safe_tree
from fs_pipeline.values.dates import read_date
from fs_pipeline.values.hours import read_week
from fs_pipeline.values.text import normalise

Record = dict[str, Any]

_CODES = {name: code for code, name in DAY_NAMES.items()}
_POSTAL_ONLY = "adresse postale"
_DAY_LENGTH = len("01/01/2024")


def tags(table: pd.DataFrame) -> pd.Series:
    """``type_service_local`` of the first pivot."""
    return table["pivot"].map(lambda cell: (_records(cell) or [{}])[0].get("type_service_local"))


def read(table: pd.DataFrame) -> pd.DataFrame:
    """Draft rows."""
    rows = empty_draft(table)
    rows["local_id"] = table["former_id"].where(table["former_id"].notna(), table["id"])
    for name in ("name", "insee", "siret"):
        rows[name] = table[name]
    rows["description"] = table["comment"]
    rows["updated_on"] = [
        read_date(text[:_DAY_LENGTH]).value if isinstance(text, str) else None for text in table["updated_on"]
    ]
    places = [_place(_records(cell)) for cell in table["addresses"]]
    rows["address"] = [place.get("numero_voie") or None for place in places]
    rows["address_extra"] = [_extra(place) for place in places]
    rows["postcode"] = [place.get("code_postal") or None for place in places]
    rows["commune"] = [place.get("nom_commune") or None for place in places]
    rows["latitude"] = [place.get("latitude") or None for place in places]
    rows["longitude"] = [place.get("longitude") or None for place in places]
    rows["phone"] = [_first_value(cell) for cell in table["phones"]]
    rows["website"] = [_first_value(cell) for cell in table["websites"]]
    rows["email"] = [_first_value(cell) for cell in table["emails"]]
    rows["opening_hours"] = [_hours(_records(cell)) for cell in table["hours"]]
    return rows


def _items(cell: Any) -> list[Any]:  # noqa: ANN401 - JSON
    """A list, from a list or from its JSON text; a plain text is a list of one."""
    if isinstance(cell, str):
        try:
            cell = safe_tree(json.loads(cell))
        except json.JSONDecodeError:
            return [cell]
    if isinstance(cell, list):
        return cell
    return [] if cell is None else [cell]


def _records(cell: Any) -> list[Record]:  # noqa: ANN401 - JSON
    return [item for item in _items(cell) if isinstance(item, dict)]


def _place(addresses: list[Record]) -> Record:
    """The address where people are received, not the one for letters."""
    received = [address for address in addresses if normalise(address.get("type_adresse") or "") != _POSTAL_ONLY]
    return (received or addresses or [{}])[0]


def _extra(address: Record) -> str | None:
    parts = (address.get(name) for name in ("complement1", "complement2", "service_distribution"))
    return " - ".join(part for part in parts if part) or None


def _first_value(cell: Any) -> str | None:  # noqa: ANN401 - JSON
    for item in _items(cell):
        value = item.get("valeur") if isinstance(item, dict) else item
        if value:
            return str(value)
    return None


def _hours(ranges: list[Record]) -> str | None:
    week: dict[str, str] = {}
    for opening in ranges:
        spans = [
            f"{start[:5]}-{end[:5]}"
            for start, end in (
                (opening.get("valeur_heure_debut_1"), opening.get("valeur_heure_fin_1")),
                (opening.get("valeur_heure_debut_2"), opening.get("valeur_heure_fin_2")),
            )
            if start and end
        ]
        for day in _days(opening) if spans else ():
            week[day] = " / ".join(([week[day]] if day in week else []) + spans)
    return read_week(week).value if week else None


def _days(opening: Record) -> list[str]:
    names = list(_CODES)
    first = normalise(opening.get("nom_jour_debut") or "")
    last = normalise(opening.get("nom_jour_fin") or "") or first
    if first not in names or last not in names:
        return []
    start, end = names.index(first), names.index(last)
    return [_CODES[name] for name in (names[start : end + 1] if start <= end else names[start:] + names[: end + 1])]
