"""GeoJSON, and JSON lists of records, as one sheet. Part of the child process (child.py)."""

from __future__ import annotations

import json
from typing import Any

from fs_pipeline.survey.opening.delimited import decode
from fs_pipeline.survey.opening.raw import RawCell, RawSheet, RawWorkbook
from fs_pipeline.survey.opening.refusal import MAX_CHARACTERS, MAX_COLUMNS, Refused


def read_geojson(content: bytes) -> RawWorkbook:
    """A header row of property names, then one row a feature; a point adds latitude and longitude.

    Raises
    ------
    Refused
        When it is no JSON, or no list of records.
    """
    try:
        document = json.loads(decode(content))
    except json.JSONDecodeError as error:
        raise Refused("damaged") from error
    records = [_record(feature) for feature in _features(document)]
    columns = list(dict.fromkeys(name for record in records for name in record))
    if not columns:
        raise Refused("empty")
    if len(columns) > MAX_COLUMNS:
        raise Refused("too_heavy")
    rows: list[list[RawCell]] = [[*columns], *([record.get(name) for name in columns] for record in records)]
    return RawWorkbook("geojson", [RawSheet("", True, rows)])


def _features(document: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - any JSON
    found = document.get("features", document.get("results")) if isinstance(document, dict) else document
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise Refused("not_a_table", "un fichier JSON qui n’est pas une liste de lieux")
    return found


def _record(feature: dict[str, Any]) -> dict[str, RawCell]:
    properties = feature.get("properties") if feature.get("type") == "Feature" else feature
    record = {str(name): _cell(value) for name, value in (properties or {}).items()}
    geometry = feature.get("geometry")
    if isinstance(geometry, dict) and geometry.get("type") == "Point":
        coordinates = geometry.get("coordinates") or [None, None]
        if len(coordinates) >= 2 and "latitude" not in {name.lower() for name in record}:
            record["longitude"], record["latitude"] = _cell(coordinates[0]), _cell(coordinates[1])
    return record


def _cell(value: object) -> RawCell:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)[:MAX_CHARACTERS]
    if isinstance(value, str):
        return value.strip()[:MAX_CHARACTERS] or None
    return value if isinstance(value, int | float) else None
