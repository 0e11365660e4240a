"""The directory of 2019: address and phone inside ``notes``, the commune's code inside the id (``mairie-01053-01``)."""

from __future__ import annotations

import re

import pandas as pd

from fs_pipeline.national.places import empty_draft

_NOTES = re.compile(
    r"Adresse : (?P<address>.*?)\s*,\s*(?P<postcode>\d{4,5})?\s*,\s*(?P<commune>[^|]*?)"
    r"\s*(?:\||-(?= Tél)) Tél : ?(?P<phone>.*?)\s*(?:\||-) Fax :"
)
_ID_IN_NAME = r"\s+\d[\dAB]\d{3}-\d{2}$"
_ID_NUMBERS = r"-\w{5}-\d+$"
_AFTER_PHONE = re.compile(r"\s*[/;(].*$")
_DELIVERY = re.compile(r"(?:BP|CS|TSA|CEDEX|B\.P\.)\b", re.IGNORECASE)
_NUMBER = re.compile(r"(\d+(?:[-/]\d+)?(?: (?:bis|ter|quater|[A-D]))?),?\s+(?=\D)", re.IGNORECASE)
_STREET = re.compile(
    r"(?:rue|avenue|boulevard|place|route|chemin|impasse|allée|cours|quai|square|grande[ -]rue|esplanade|promenade)\b",
    re.IGNORECASE,
)


def tags(table: pd.DataFrame) -> pd.Series:
    """The type: the word of the id, more precise than the column of tags (``mairie_com``)."""
    return table["id"].str.replace(_ID_NUMBERS, "", regex=True)


def read(table: pd.DataFrame) -> pd.DataFrame:
    """Draft rows."""
    rows = empty_draft(table)
    rows["local_id"] = table["id"]
    rows["name"] = table["name"].str.replace(_ID_IN_NAME, "", regex=True)
    rows["insee"] = table["id"].str.extract(r"-(\w{5})-\d+$", expand=False)
    rows["website"] = table["website"]
    parts = table["notes"].astype("string").str.extract(_NOTES)
    for name in ("postcode", "commune"):
        rows[name] = _none(parts[name])
    rows["phone"] = _none(parts["phone"].str.replace(_AFTER_PHONE, "", regex=True))
    split = [split_address(text) if isinstance(text, str) else (None, None) for text in parts["address"]]
    rows["address"] = [address for address, _ in split]
    rows["address_extra"] = [extra for _, extra in split]
    return rows


def split_address(text: str) -> tuple[str | None, str | None]:
    """Number and street, then the rest: « Immeuble X - 5,  rue Y - BP 3 » is (« 5 rue Y », « Immeuble X - BP 3 »)."""
    parts = [part for part in (" ".join(piece.split()).strip(" ,") for piece in re.split(r"\s+-\s+", text)) if part]
    street = next(
        (position for position, part in enumerate(parts) if _NUMBER.match(part)),
        next((position for position, part in enumerate(parts) if _STREET.match(part)), None),
    )
    if street is None:
        street = next((position for position, part in enumerate(parts) if not _DELIVERY.match(part)), None)
    extra = " - ".join(part for position, part in enumerate(parts) if position != street) or None
    return (None if street is None else _NUMBER.sub(r"\1 ", parts[street], count=1)), extra


def _none(column: pd.Series) -> pd.Series:
    return column.astype(object).where(column.notna() & (column != ""), None)
