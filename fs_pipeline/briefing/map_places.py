"""By what the places of the web map may be chosen: the operator that runs them, and their sort; and at which level each helps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from fs_pipeline import french
from fs_pipeline.briefing.slot import Row
from fs_pipeline.data import read_csv
from fs_pipeline.demarches.catalogue import operators

LEVELS = {  # letter of a level in the page, and what it is called there
    "accompaniment": ("a", "on y est accompagné"),
    "appointment": ("r", "l’opérateur y reçoit"),
    "information": ("i", "on y est informé"),
    "orientation": ("o", "on y est orienté"),
}
_NOT_SAID = "-"


@dataclass(frozen=True, slots=True)
class PlaceGroup:
    """Places that may be shown alone."""

    heading: str
    label: str
    count: str
    numbers: tuple[int, ...]  # of the places, in the order of the page


def place_groups(rows: Sequence[Row], on: str) -> list[PlaceGroup]:
    """Groups of places by operator, then by sort, each by name; a group of all of them is none.

    Parameters
    ----------
    rows
        The places in the order of the page: operator, service_type.
    on
        The day (ISO) on which operators bear their names.
    """
    known = operators(on)
    names = dict(zip(known["operator"], known["short_name"], strict=True))
    sorts = {row["code"]: row["label_fr"] for row in read_csv("place_types.csv")}
    return [
        *_groups("Par opérateur", [row["operator"] for row in rows], names),
        *_groups("Par sorte de lieu", [row["service_type"] for row in rows], sorts),
    ]


def _groups(heading: str, codes: Sequence[str | None], names: Mapping[str, str]) -> Iterator[PlaceGroup]:
    found: dict[str, list[int]] = defaultdict(list)
    for number, code in enumerate(codes):
        if code is not None and code in names:
            found[names[code]].append(number)
    for label, numbers in sorted(found.items()):
        if len(numbers) < len(codes):
            yield PlaceGroup(heading, french.typographic(label), french.number(len(numbers)), tuple(numbers))


def help_levels(matrix: pd.DataFrame, demarche_ids: Sequence[str]) -> dict[str, str]:
    """place_id to a letter of `LEVELS` a démarche, of the places of which a level is said."""
    column = {one: at for at, one in enumerate(demarche_ids)}
    said = matrix[matrix["level"].isin(list(LEVELS)) & matrix["demarche_id"].isin(column.keys())]
    found: dict[str, list[str]] = {}
    for place_id, demarche, level in zip(said["place_id"], said["demarche_id"], said["level"], strict=True):
        found.setdefault(place_id, [_NOT_SAID] * len(column))[column[demarche]] = LEVELS[level][0]
    return {place_id: "".join(letters) for place_id, letters in found.items()}
