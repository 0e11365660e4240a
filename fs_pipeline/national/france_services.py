"""The official list of France services, in every shape published since January 2020.

``id_fs`` (``MATRICULE`` in 2020) is the stable key; ``temp_N`` ids are provisional and mean nothing. The label's date
is no date of update.
"""

from __future__ import annotations

import re
from collections import Counter

import pandas as pd

from fs_pipeline.national.france_services_kind import kind_of_row
from fs_pipeline.national.places import Draft, empty_draft
from fs_pipeline.territory.model import Territory
from fs_pipeline.values.hours import read_week

_DAYS = {"Mo": "monday", "Tu": "tuesday", "We": "wednesday", "Th": "thursday", "Fr": "friday", "Sa": "saturday"}
_LABEL_DATE = re.compile(r"(?:(\d{2})/)?(\d{2})/(\d{4})$")
_NO_SLOT = frozenset({"00:00 - 00:00", "-"})
_ANTENNE_OF = re.compile(r"^antenne(?: france services)?(?: d[eu] | d['’]| )", re.IGNORECASE)
_PROVISIONAL = re.compile(r"temp_\d+")


def read(table: pd.DataFrame, territory: Territory) -> Draft:
    """Draft places of the list, labelled places and antennes and buses alike."""
    rows = empty_draft(table)
    for name in ("name", "address", "address_extra", "postcode", "insee", "commune", "email", "phone", "carrier"):
        rows[name] = table[name]
    rows["local_id"] = [None if not own or _PROVISIONAL.fullmatch(own) else own for own in table["id"]]
    rows["insee"] = rows["insee"].where(rows["insee"].notna(), table["geocoded_insee"])
    rows["latitude"], rows["longitude"] = table["latitude"], table["longitude"]
    rows["departement"] = [_departement(code) for code in table["departement"]]
    nowhere = rows[["insee", "postcode", "commune"]].isna().all(axis=1)
    cells = zip(nowhere, rows["insee"], rows["name"], rows["departement"], strict=True)
    rows["insee"] = [_commune_in_name(name, code, territory) if lost else own for lost, own, name, code in cells]
    rows["carrier"] = rows["carrier"].where(rows["carrier"].notna(), table["carrier_type"])
    rows["type"] = table["format"].where(table["format"].notna(), table["category"])
    rows["opening_hours"] = _hours(table)
    decided = [
        kind_of_row(
            name=name,
            written=written,
            category=category,
            itinerant=itinerant,
            address=address,
            days=days,
            comment=comment,
        )
        for name, written, category, itinerant, address, days, comment in zip(
            *(table[column] for column in ("name", "format", "category", "itinerant", "address")),
            table[list(_DAYS.values())].apply(_written_days, axis=1),
            table["comment"],
            strict=True,
        )
    ]
    rows["kind"] = [kind for kind, _ in decided]
    rows["itinerant"] = rows["kind"] == "itinerant"
    rows["labelled_on"] = [_labelled_on(text) for text in table["label"]]
    rows["description"] = table["comment"]
    rows["service_type"] = "france_services"
    return Draft(rows, decided=dict(Counter(reason for _, reason in decided if reason)))


def _departement(code: str | None) -> str | None:
    """``1`` is ``01``."""
    return code.zfill(2) if code else None


def _commune_in_name(name: str | None, departement: str | None, territory: Territory) -> str | None:
    """« Antenne de Rouans » of an antenne without any address, where one commune of the département is so called."""
    communes = territory.by_name(_ANTENNE_OF.sub("", name or ""), former=True)
    here = [insee for insee in communes if territory.departement_of(insee) == departement]
    return here[0] if len(here) == 1 else None


def _labelled_on(text: str | None) -> str | None:
    """The date at the end of « Espace labellisé 01/02/2020 »; the first of the month where only the month is said."""
    found = _LABEL_DATE.search(text) if text else None
    if found is None:
        return None
    day, month, year = found.groups(default="01")
    return f"{year}-{month}-{day}"


def _hours(table: pd.DataFrame) -> list[str | None]:
    columns = [table[name] for name in _DAYS.values()]
    return [
        read_week({day: _slots(text) for day, text in zip(_DAYS, cells, strict=True) if text}).value
        for cells in zip(*columns, strict=True)
    ]


def _written_days(cells: pd.Series) -> int:
    """Weekdays with at least one slot."""
    return sum(bool(text and _slots(text)) for text in cells)


def _slots(text: str) -> str:
    """A day without the slots that the list's export repeats, leaves at midnight or marks with a dash."""
    slots = dict.fromkeys(slot.strip() for slot in text.split(" / "))
    return " / ".join(slot for slot in slots if slot not in _NO_SLOT)
