"""The territory as tables and look-ups: départements, communes, and where each old commune went.

The shipped vintage is INSEE's COG 2026, with the communes' town halls; contours come from a reference source
(``contours.py``). Reading
what a person wrote is ``values/``' work; geometry is not here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING

from fs_pipeline.territory.indexes import bare_names, by_cell, index_by_name, indexed, renamed
from fs_pipeline.territory.names import commune_key, normalise, without_article

if TYPE_CHECKING:
    import pandas as pd

VINTAGE = "2026"  # COG at 1 January
DEPARTEMENT_COLUMNS = ("code", "name", "region", "region_name", "kind", "epsg")
COMMUNE_COLUMNS = (
    "insee",
    "name",
    "departement",
    "population",
    "postcodes",
    "epci",
    "epci_name",
    "arrondissement",
    "arrondissement_name",
    "longitude",
    "latitude",
)
FORMER_COLUMNS = ("insee", "name", "current_insee", "kind")
_OVERSEAS_PREFIXES = ("97", "98")


@dataclass(frozen=True, slots=True)
class Commune:
    """One current commune; its point is its town hall where that is known."""

    insee: str
    name: str
    departement: str
    population: int | None
    postcodes: tuple[str, ...]
    epci: str | None
    epci_name: str | None
    longitude: float | None
    latitude: float | None


@dataclass(frozen=True, eq=False)
class Territory:
    """The tables below, and indexes built the first time they are asked for.

    Attributes
    ----------
    departements
        One row a code: code, name, region, region_name, kind (``departement`` or ``collectivite``), epsg.
    communes
        One row a current commune: insee, name, departement, population (float, NaN where nobody counted), postcodes
        (tuple), epci, epci_name, arrondissement, arrondissement_name (parts of a département; None in a
        collectivité), longitude, latitude (degrees, of the town hall; NaN where no source has it).
    former
        One row an old name or code: insee, name (None where only the code is known), current_insee, kind
        (``commune_deleguee``, ``commune_associee``, ``arrondissement_municipal``, ``commune_fusionnee`` or
        ``ancien_nom``).
    borders
        Département to the départements that touch it.
    """

    departements: pd.DataFrame
    communes: pd.DataFrame
    former: pd.DataFrame
    borders: Mapping[str, tuple[str, ...]]
    vintage: str = VINTAGE

    @classmethod
    def from_frames(
        cls,
        departements: pd.DataFrame,
        communes: pd.DataFrame,
        former: pd.DataFrame | None = None,
        *,
        borders: Mapping[str, tuple[str, ...]] | None = None,
        vintage: str = VINTAGE,
    ) -> Territory:
        """Any territory with these tables, a fictional one too; columns that are absent are missing values."""
        import pandas as pd

        from fs_pipeline.territory.projection import epsg_of

        if former is None:
            former = pd.DataFrame(columns=list(FORMER_COLUMNS), dtype=object)
        complete = communes.reindex(columns=list(COMMUNE_COLUMNS)).reset_index(drop=True)
        for column in ("population", "longitude", "latitude"):
            complete[column] = pd.to_numeric(complete[column]).astype("float64")
        known = departements.reindex(columns=list(DEPARTEMENT_COLUMNS)).reset_index(drop=True)
        for column in ("epci", "epci_name", "arrondissement", "arrondissement_name"):
            complete[column] = complete[column].astype(object).where(complete[column].notna(), None)
        complete["postcodes"] = [tuple(codes) if isinstance(codes, Sequence) else () for codes in complete["postcodes"]]
        known["epsg"] = [
            epsg_of(code) if pd.isna(epsg) else int(epsg)
            for code, epsg in zip(known["code"], known["epsg"], strict=True)
        ]
        return cls(known, complete, former.reindex(columns=list(FORMER_COLUMNS)), borders or {}, vintage)

    def with_points(self, points: pd.DataFrame) -> Territory:
        """The same territory, where a commune without a point has that of `points` (insee, longitude, latitude).

        A commune's own point stays: it is its town hall, and that of a source may be the middle of its contour.
        """
        known = points.drop_duplicates("insee").set_index("insee")[["longitude", "latitude"]].astype("float64")
        located = self.communes.set_index("insee").fillna(known.reindex(self.communes["insee"])).reset_index()
        return replace(self, communes=located[list(COMMUNE_COLUMNS)])

    @cached_property
    def departement_codes(self) -> tuple[str, ...]:
        """The partitions: départements, without the other collectivités."""
        return tuple(self.departements.loc[self.departements["kind"] == "departement", "code"])

    @cached_property
    def departement_names(self) -> dict[str, str]:
        """Code to name, collectivités too."""
        return dict(zip(self.departements["code"], self.departements["name"], strict=True))

    def departement_named(self, text: str) -> str | None:
        """The code of the département that a text names or is the code of, whatever its case, accents and article."""
        code = text.strip().upper()
        if code in self.departement_names:
            return code
        return self._departements_by_name.get(without_article(normalise(text)))

    def departement_label(self, code: str) -> str:
        """What a reader is told of a département: ``Landes (40)``."""
        return f"{self.departement_names.get(code, code)} ({code})"

    def neighbours(self, departement: str) -> tuple[str, ...]:
        """Départements that touch it; none overseas."""
        return self.borders.get(departement, ())

    def current_insee(self, code: str | None) -> str | None:
        """The current commune of a current, old, delegated or associated commune or of an arrondissement."""
        return self._current.get(code) if code else None

    def current_insees(self, codes: pd.Series) -> pd.Series:
        """``current_insee`` of a whole column; None where the code is missing or unknown."""
        found = codes.map(self._current).astype(object)
        return found.where(found.notna(), None)

    def commune(self, insee: str | None) -> Commune | None:
        """The current commune that `insee`, current or old, belongs to."""
        current = self.current_insee(insee)
        return self._communes.get(current) if current else None

    @cached_property
    def commune_names(self) -> dict[str, str]:
        """Current INSEE code to name."""
        return dict(zip(self.communes["insee"], self.communes["name"], strict=True))

    @cached_property
    def has_points(self) -> bool:
        """Whether any commune's point is known."""
        return bool(self.communes["latitude"].notna().any())

    @cached_property
    def town_halls(self) -> Mapping[tuple[int, int], Sequence[tuple[float, float]]]:
        """The points of communes (latitude, longitude) by tenth of a degree, each cell by the floor of its own."""
        return by_cell(self.communes[["latitude", "longitude"]].dropna().itertuples(index=False, name=None))

    def insees_of(self, departement: str) -> tuple[str, ...]:
        """Codes of the communes of one département or collectivité."""
        return tuple(self.in_departement(departement)["insee"])

    def in_departement(self, code: str) -> pd.DataFrame:
        """The communes of one département or collectivité."""
        return self.communes[self.communes["departement"] == code]

    def departement_of(self, insee: str | None) -> str | None:
        """The département of a commune, current or old, today (some changed with a merger)."""
        current = self.current_insee(insee)
        return self._departements.get(current) if current else None

    def by_postcode(self, postcode: str) -> tuple[str, ...]:
        """Current communes that a postcode delivers to; none for a CEDEX."""
        return self._by_postcode.get(postcode, ())

    def by_name(self, name: str, *, former: bool = False) -> tuple[str, ...]:
        """Current communes that bear a name, else that name but for its article.

        With `former`, also those into which a commune of that name went, or which bore it once. The name may be raw or
        normalised, with *st* or *saint*.
        """
        today, today_bare, once, once_bare = self.bearers(name)
        found = today or today_bare
        return tuple(dict.fromkeys((*found, *(once or once_bare)))) if former else found

    def bearers(self, name: str) -> tuple[tuple[str, ...], ...]:
        """Current communes by how they bear a name: it, it but for its article, it once, it once but for its article."""
        key = commune_key(name)
        bare = without_article(key)
        return (
            self._by_name.get(key, ()),
            self._by_bare_name.get(bare, ()),
            self._by_former_name.get(key, ()),
            self._by_bare_former_name.get(bare, ()),
        )

    def was_renamed_from(self, insee: str, name: str) -> bool:
        """Whether the commune only changed its name, where once it bore this one."""
        return (commune_key(name), insee) in self._former_names

    @cached_property
    def last_words(self) -> frozenset[str]:
        """The words, normalised, with which the name of some commune, current or old, ends."""
        return frozenset(key.rpartition(" ")[2] for key in (*self._by_name, *self._by_former_name))

    def prepare(self) -> None:
        """Build the look-ups now, for a caller that is waiting for something else anyway."""
        self.by_name("", former=True)
        self.by_postcode("")
        self.departement_of("")
        self.commune("")
        len(self.town_halls)

    @cached_property
    def _current(self) -> dict[str, str]:
        current = dict(zip(self.former["insee"], self.former["current_insee"], strict=True))
        current.update((insee, insee) for insee in self.communes["insee"])
        return current

    @cached_property
    def _communes(self) -> dict[str, Commune]:
        frame = self.communes[[field.name for field in fields(Commune)]].astype({"population": "Int64"}).astype(object)
        rows = frame.where(frame.notna(), None).itertuples(index=False, name=None)
        return {row[0]: Commune(*row) for row in rows}

    @cached_property
    def _departements(self) -> dict[str, str]:
        return dict(zip(self.communes["insee"], self.communes["departement"], strict=True))

    @cached_property
    def _departements_by_name(self) -> dict[str, str]:
        return {without_article(normalise(name)): code for code, name in self.departement_names.items()}

    @cached_property
    def _by_postcode(self) -> dict[str, tuple[str, ...]]:
        pairs = zip(self.communes["insee"], self.communes["postcodes"], strict=True)
        return indexed((postcode, insee) for insee, postcodes in pairs for postcode in postcodes or ())

    @cached_property
    def _by_name(self) -> dict[str, tuple[str, ...]]:
        return index_by_name((name, insee) for insee, name in self.commune_names.items())

    @cached_property
    def _by_bare_name(self) -> dict[str, tuple[str, ...]]:
        return bare_names(self._by_name)

    @cached_property
    def _by_former_name(self) -> dict[str, tuple[str, ...]]:
        named = self.former[self.former["name"].notna()]
        return index_by_name(zip(named["name"], named["current_insee"], strict=True))

    @cached_property
    def _former_names(self) -> frozenset[tuple[str, str]]:
        """The names, normalised, that a current commune bore, of those into which no other went."""
        return renamed(self.former[["name", "current_insee", "kind"]].itertuples(index=False, name=None))

    @cached_property
    def _by_bare_former_name(self) -> dict[str, tuple[str, ...]]:
        return bare_names(self._by_former_name)


def departement_of_code(insee: str) -> str:
    """The département a commune's code or a five-digit overseas postcode begins with, without looking it up."""
    return insee[:3] if insee.startswith(_OVERSEAS_PREFIXES) else insee[:2]
