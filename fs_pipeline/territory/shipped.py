"""The shipped territory, answered from its files without pandas: what a single survey's report needs, and no more.

A commune's point is its town hall; one that has taken in others since keeps its own, and one that has none of its own
(Paris, Lyon, Marseille, a few mergers) stands in the middle of those that it took in.

Importing pandas takes as long as reading thousands of rows; the tables of ``Territory`` are built when something asks for
them. What they mean is ``model.py``'s concern.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from statistics import fmean
from typing import TYPE_CHECKING

from fs_pipeline import data
from fs_pipeline.territory.indexes import by_cell, index_by_name, renamed
from fs_pipeline.territory.model import Commune, Territory

if TYPE_CHECKING:
    import pandas as pd

Rows = list[dict[str, str]]


@dataclass(frozen=True, eq=False, init=False)
class ShippedTerritory(Territory):
    """101 départements, other collectivités, the communes of the COG with their town halls."""

    def __init__(self) -> None:
        """Nothing is read yet."""

    @cached_property
    def _whole(self) -> Territory:
        import pandas as pd

        def frame(rows: Rows) -> pd.DataFrame:
            return pd.DataFrame(rows, dtype=object).replace({"": None})

        communes = frame(self._commune_rows)
        communes["postcodes"] = [tuple(text.split()) if text else () for text in communes["postcodes"]]
        points = [self._town_halls.get(insee, (None, None)) for insee in communes["insee"]]
        communes[["longitude", "latitude"]] = pd.DataFrame(points, index=communes.index)
        rows = self._departement_rows
        borders = {row["code"]: tuple(row["neighbours"].split()) for row in rows if row["neighbours"]}
        return Territory.from_frames(frame(rows), communes, frame(self._former_rows), borders=borders)

    def with_points(self, points: pd.DataFrame) -> Territory:
        """The same territory with points, as ``Territory`` has it."""
        return self._whole.with_points(points)

    @cached_property  # type: ignore[misc]
    def departements(self) -> pd.DataFrame:
        """As ``Territory`` has it, as are the three that follow."""
        return self._whole.departements

    @cached_property  # type: ignore[misc]
    def communes(self) -> pd.DataFrame:
        """One row a current commune."""
        return self._whole.communes

    @cached_property  # type: ignore[misc]
    def former(self) -> pd.DataFrame:
        """One row an old name or code."""
        return self._whole.former

    @cached_property  # type: ignore[misc]
    def borders(self) -> dict[str, tuple[str, ...]]:
        """Département to the départements that touch it."""
        return dict(self._whole.borders)

    @cached_property
    def departement_names(self) -> dict[str, str]:
        """Code to name, collectivités too."""
        return {row["code"]: row["name"] for row in self._departement_rows}

    @cached_property
    def commune_names(self) -> dict[str, str]:
        """Current INSEE code to name."""
        return {row["insee"]: row["name"] for row in self._commune_rows}

    @cached_property
    def has_points(self) -> bool:
        """They are shipped."""
        return True

    def commune(self, insee: str | None) -> Commune | None:
        """The current commune that `insee`, current or old, belongs to."""
        current = self.current_insee(insee)
        if current not in self._met:
            self._met[current] = self._commune(current)
        return self._met[current]

    @cached_property
    def _met(self) -> dict[str | None, Commune | None]:
        """Those that were asked for: a survey names few, many times."""
        return {}

    def _commune(self, current: str | None) -> Commune | None:
        row = self._row_of.get(current or "")
        if row is None:
            return None
        longitude, latitude = self._town_halls.get(row["insee"], (None, None))
        return Commune(
            insee=row["insee"],
            name=row["name"],
            departement=row["departement"],
            population=int(float(row["population"])) if row["population"] else None,
            postcodes=tuple(row["postcodes"].split()),
            epci=row["epci"] or None,
            epci_name=row["epci_name"] or None,
            longitude=longitude,
            latitude=latitude,
        )

    @cached_property
    def _row_of(self) -> dict[str, dict[str, str]]:
        return {row["insee"]: row for row in self._commune_rows}

    def insees_of(self, departement: str) -> tuple[str, ...]:
        """Codes of the communes of one département."""
        return self._by_departement.get(departement, ())

    @cached_property
    def _by_departement(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for row in self._commune_rows:
            found.setdefault(row["departement"], []).append(row["insee"])
        return {code: tuple(insees) for code, insees in found.items()}

    @cached_property
    def _current(self) -> dict[str, str]:
        current = {row["insee"]: row["current_insee"] for row in self._former_rows}
        current.update((row["insee"], row["insee"]) for row in self._commune_rows)
        return current

    @cached_property
    def _departements(self) -> dict[str, str]:
        return {row["insee"]: row["departement"] for row in self._commune_rows}

    @cached_property
    def _by_postcode(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for row in self._commune_rows:
            for postcode in row["postcodes"].split():
                found.setdefault(postcode, []).append(row["insee"])
        return {postcode: tuple(insees) for postcode, insees in found.items()}

    @cached_property
    def _by_former_name(self) -> dict[str, tuple[str, ...]]:
        return index_by_name((row["name"], row["current_insee"]) for row in self._former_rows if row["name"])

    @cached_property
    def _former_names(self) -> frozenset[tuple[str, str]]:
        return renamed((row["name"], row["current_insee"], row["kind"]) for row in self._former_rows)

    @cached_property
    def town_halls(self) -> Mapping[tuple[int, int], Sequence[tuple[float, float]]]:
        """As ``Territory`` has them."""
        points = (self._town_halls.get(insee) for insee in self._row_of)
        return by_cell((point[1], point[0]) for point in points if point)

    @cached_property
    def _town_halls(self) -> dict[str, tuple[float, float]]:
        """Current commune to longitude and latitude (degrees)."""
        lines = data.text("town_halls.csv.gz").splitlines()[1:]
        points = {insee: (float(x), float(y)) for insee, x, y in (line.split(",") for line in lines)}
        taken_in: dict[str, list[tuple[float, float]]] = {}
        for insee, point in points.items():
            current = self._current.get(insee)
            if current is not None and current not in points:
                taken_in.setdefault(current, []).append(point)
        middles = {
            current: (fmean(x for x, _ in found), fmean(y for _, y in found)) for current, found in taken_in.items()
        }
        return points | middles

    @cached_property
    def _commune_rows(self) -> Rows:
        return data.rows("communes.csv.gz")

    @cached_property
    def _former_rows(self) -> Rows:
        return data.rows("former_communes.csv.gz")

    @cached_property
    def _departement_rows(self) -> Rows:
        return data.rows("departements.csv")


@cache
def load_territory() -> Territory:
    """The shipped territory: 101 départements, other collectivités, the communes of the COG 2026 with their town halls."""
    return ShippedTerritory()
