"""From a source's draft rows to canonical places: where each is, today, and what its values say.

A reader module gives a *draft* (``place_columns`` as written, and ``departement``, a hint);
the rest is the same for every source and is here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from fs_pipeline.national.columns import as_numbers
from fs_pipeline.territory.model import Territory, departement_of_code
from fs_pipeline.values.communes import read_commune
from fs_pipeline.values.coordinates import read_coordinates
from fs_pipeline.values.emails import read_email
from fs_pipeline.values.identifiers import read_siret
from fs_pipeline.values.phones import read_phone
from fs_pipeline.values.text import normalise
from fs_pipeline.values.websites import read_website
from fs_pipeline.warehouse.declared import declaration, place_columns

_PROSE = ("name", "type", "carrier", "address", "address_extra", "description")
COLUMNS = tuple(name for name in declaration("national_places").names if name != "campaign")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a reader module makes of a raw table."""

    rows: pd.DataFrame
    set_aside: dict[str, int] = field(default_factory=dict)  # reason in French to number of rows
    without_point: dict[str, int] = field(default_factory=dict)  # reason in French to number of points not trusted
    decided: dict[str, int] = field(
        default_factory=dict
    )  # how a doubtful kind was decided, in French, to number of rows


def empty_draft(table: pd.DataFrame) -> pd.DataFrame:
    """Every canonical column, all None, on the rows of `table`."""
    names = [*place_columns(), "departement"]
    return pd.DataFrame(dict.fromkeys(names), index=table.index, dtype=object)


def finish(draft: pd.DataFrame, key: str, territory: Territory, snapshot_date: str) -> pd.DataFrame:
    """Canonical places of one snapshot, one row a draft row that can be put in a département.

    Parameters
    ----------
    draft
        As ``empty_draft`` gives, filled by a reader module.
    key
        The source's key.

    Returns
    -------
    DataFrame
        Columns ``COLUMNS``. ``insee``, ``commune`` and ``departement`` are those of today; a place whose commune cannot
        be told keeps the département that its source says, without ``insee``.
    """
    rows = draft.copy()
    rows["postcode"] = _postcodes(rows["postcode"])
    rows["insee"] = _current_communes(rows, territory)
    hinted = rows["departement"].where(rows["departement"].isin(territory.departement_names))
    rows["departement"] = rows["insee"].map(territory.departement_of).where(rows["insee"].notna(), hinted)
    rows = rows[rows["departement"].notna()].reset_index(drop=True)
    rows["commune"] = rows["insee"].map(territory.commune_names).where(rows["insee"].notna(), rows["commune"])
    rows["latitude"], rows["longitude"] = _coordinates(rows, territory)
    rows["phone"] = _read_phones(rows)
    rows["email"] = _read_each(rows["email"], lambda text: read_email(text).value)
    rows["siret"] = _read_each(rows["siret"], lambda text: read_siret(text).value)
    rows["website"] = _read_each(rows["website"], lambda text: read_website(text).value)
    for name in _PROSE:
        rows[name] = [" ".join(text.split()) if isinstance(text, str) else None for text in rows[name]]
    rows["source"] = key
    rows["snapshot_date"] = snapshot_date
    rows["source_id"] = _source_ids(rows)
    points = rows[["latitude", "longitude"]]
    rows = rows[list(COLUMNS)].astype(object)
    rows = rows.where(rows.notna(), None)
    rows[["latitude", "longitude"]] = points
    return rows


def _postcodes(column: pd.Series) -> pd.Series:
    """Spreadsheets eat the first 0."""
    padded = column.astype("string").str.replace(r"\D", "", regex=True).str.zfill(5)
    return padded.where(padded.str.fullmatch(r"\d{5}") & column.notna()).astype(object).where(column.notna(), None)


def _current_communes(rows: pd.DataFrame, territory: Territory) -> pd.Series:
    """Today's commune: the published code where the postcode does not contradict it, else what name and postcode say.

    Codes that lost a 0 point elsewhere (``60029`` for Cannes), so a code in another département than the postcode is
    believed only where the name is not found near that postcode.
    """
    insee = territory.current_insees(rows["insee"])
    columns = (insee, rows["commune"], rows["postcode"], rows["departement"])
    return pd.Series(
        [_current_commune(*cells, territory) for cells in zip(*columns, strict=True)], index=rows.index, dtype=object
    )


def _current_commune(
    insee: str | None, name: str | None, postcode: str | None, departement: str | None, territory: Territory
) -> str | None:
    nearby = _departements_of_postcode(postcode, territory) if postcode else {departement} if departement else set()
    if insee and (not nearby or territory.departement_of(insee) in nearby):
        return insee
    if not name:
        return insee
    found = read_commune(name, territory, postcode=postcode, departement=departement).value
    if found and (not insee or territory.departement_of(found) in nearby):
        return found
    return insee


def _departements_of_postcode(postcode: str, territory: Territory) -> set[str | None]:
    delivered = {territory.departement_of(insee) for insee in territory.by_postcode(postcode)}
    if delivered:
        return delivered
    return {"2A", "2B"} if postcode.startswith("20") else {departement_of_code(postcode)}


def _coordinates(rows: pd.DataFrame, territory: Territory) -> tuple[pd.Series, pd.Series]:
    latitude, longitude = as_numbers(rows["latitude"]), as_numbers(rows["longitude"])
    read: list[tuple[float, float]] = []
    for lat, lon, departement in zip(latitude, longitude, rows["departement"], strict=True):
        point = None if np.isnan(lat) or np.isnan(lon) else read_coordinates(lat, lon, departement, territory).value
        read.append(point or (np.nan, np.nan))
    points = pd.DataFrame(read, columns=["latitude", "longitude"], index=rows.index, dtype="float64")
    return points["latitude"], points["longitude"]


def _read_each(column: pd.Series, parse: Callable[[str], str | None]) -> pd.Series:
    """Parse each different text once."""
    read = {text: parse(text) for text in column.dropna().unique()}
    return pd.Series([read.get(text) for text in column], index=column.index, dtype=object)


def _read_phones(rows: pd.DataFrame) -> pd.Series:
    """Each different number of a département once."""
    pairs = list(zip(rows["phone"], rows["departement"], strict=True))
    read = {pair: read_phone(pair[0], departement=pair[1]).value for pair in set(pairs) if pair[0] is not None}
    return pd.Series([read.get(pair) for pair in pairs], index=rows.index, dtype=object)


def _source_ids(rows: pd.DataFrame) -> list[str]:
    """The source's own id, else a digest of name and commune; a repeated id is numbered in the file's order."""
    seen: dict[str, int] = {}
    ids = []
    where = rows["insee"].where(rows["insee"].notna(), rows["departement"])
    for local_id, name, place in zip(rows["local_id"], rows["name"], where, strict=True):
        own = local_id if isinstance(local_id, str) else _digest(name, place)
        seen[own] = seen.get(own, 0) + 1
        ids.append(own if seen[own] == 1 else f"{own}~{seen[own]}")
    return ids


def _digest(name: str | None, where: str) -> str:
    return hashlib.sha256(f"{normalise(name or '')}|{where}".encode()).hexdigest()[:12]
