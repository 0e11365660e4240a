"""One slot's records, survey and national lists together, each with the key by which it is known again.

A list's own id is that key; a survey's rows are known by name and commune, for a survey's own numbers are row numbers.
"""

from __future__ import annotations

import hashlib

import pandas as pd

from fs_pipeline.national.links import SURVEY
from fs_pipeline.territory.names import commune_key
from fs_pipeline.warehouse.declared import place_columns

COLUMNS = ("source", "source_id", "source_key", "source_date", *place_columns(), "point_precision", "labels")


def gather_records(survey: pd.DataFrame, national: pd.DataFrame, reference_date: str) -> pd.DataFrame:
    """Records of one slot, in an order that depends on what they hold and not on how they came.

    Parameters
    ----------
    survey, national
        Rows of ``survey_places`` and ``national_places``.
    reference_date
        The campaign's: what a survey says without a date of its own holds on that day.

    Returns
    -------
    DataFrame
        ``COLUMNS``. ``source_date`` is when the record was true: its own date of update, else the list's or the
        campaign's; the label's date is no such date.
    """
    declared = survey.assign(source=SURVEY, source_id=survey["survey_place_id"])
    declared["source_key"] = survey_keys(survey)
    declared["source_date"] = declared["updated_on"].where(declared["updated_on"].notna(), reference_date)
    listed = national.assign(source_key=national["source_id"])
    listed["source_date"] = listed["updated_on"].where(listed["updated_on"].notna(), listed["snapshot_date"])
    parts = [part.reindex(columns=list(COLUMNS)).astype(object) for part in (declared, listed) if len(part)]
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in COLUMNS})
    records = pd.concat(parts, ignore_index=True)
    records = records.where(records.notna(), None)
    for name in ("latitude", "longitude"):
        records[name] = records[name].astype("float64")
    content = map(str, records.drop(columns="source_id").itertuples(index=False, name=None))
    keys = list(zip(records["source"], records["source_key"], content, strict=True))
    return records.iloc[sorted(range(len(keys)), key=keys.__getitem__)].reset_index(drop=True)


def survey_keys(rows: pd.DataFrame) -> list[str]:
    """A digest of name and commune a row; of the address too where rows of one name stand at several addresses."""
    names = [commune_key(name or "") for name in rows["name"]]
    places = [
        insee or commune_key(commune or "") for insee, commune in zip(rows["insee"], rows["commune"], strict=True)
    ]
    streets = [commune_key(address or "") for address in rows["address"]]
    seen: dict[tuple[str, str], set[str]] = {}
    for name, place, street in zip(names, places, streets, strict=True):
        seen.setdefault((name, place), set()).add(street)
    return [
        _digest(name, place, street if len(seen[name, place]) > 1 else "")
        for name, place, street in zip(names, places, streets, strict=True)
    ]


def _digest(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]
