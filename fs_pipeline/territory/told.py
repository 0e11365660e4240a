"""A territory as plain data, for another process to answer from: the rehearsal's, or any that is not the shipped one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fs_pipeline.territory.model import Territory
from fs_pipeline.territory.shipped import ShippedTerritory

if TYPE_CHECKING:
    import pandas as pd


def told(territory: Territory) -> dict[str, Any] | None:
    """What ``ToldTerritory`` takes, as JSON has it; None for the shipped territory, which every process has."""
    if isinstance(territory, ShippedTerritory):
        return None
    communes = territory.communes.assign(postcodes=territory.communes["postcodes"].map(" ".join))
    located = communes.dropna(subset=["longitude", "latitude"])
    departements = territory.departements
    borders = [" ".join(territory.borders.get(code, ())) for code in departements["code"]]
    return {
        "communes": _rows(communes),
        "former": _rows(territory.former),
        "departements": _rows(departements.assign(neighbours=borders)),
        "points": dict(zip(located["insee"], zip(located["longitude"], located["latitude"], strict=True), strict=True)),
    }


@dataclass(frozen=True, eq=False, init=False)
class ToldTerritory(ShippedTerritory):
    """The look-ups of a territory that ``told`` told."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.__dict__.update(
            _commune_rows=content["communes"],
            _former_rows=content["former"],
            _departement_rows=content["departements"],
            _town_halls={insee: (point[0], point[1]) for insee, point in content["points"].items()},
            has_points=bool(content["points"]),
        )


def _rows(frame: pd.DataFrame) -> list[dict[str, str]]:
    """As a CSV has them: text, empty where nothing is known."""
    known = frame.astype(object).where(frame.notna(), "")
    return [{str(name): str(value) for name, value in row.items()} for row in known.to_dict("records")]
