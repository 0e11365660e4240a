"""Figures that are counts of the rows of lists and surveys: pandas on the raw files, no line of ``fs_pipeline``."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from tests.recomputed.raw import Raw, plain

_ANTENNA = re.compile(r"^antenne( france services)?( de| du| d)? ")
_DIRECTION = re.compile(r"\b(?:dt|dr|dt\d+|dr\d+|direction|siege)\b")
_AGENCY = re.compile(r"\bape\b|^(?:pe|agence)\b")
_POSITIONS = [("latitude", "longitude"), ("Latitude", "Longitude"), ("Coord. X", "Coord. Y")]
_HELP = {  # the column of a survey that says who helps in general, and how it says it
    "33": ("services", r"\baccompagne dans ses demarches administratives\b"),
    "64": ("Demarchesadministratives", r"^(?:souvent|de temps en temps)$"),
}
_LABEL = re.compile(r"france services?|maison de services")


def nowhere(raw: Raw, departement: str) -> set[str]:
    """Ids of the rows of the list of which no commune is told: no code, postcode nor name, nor « Antenne de <commune> »."""
    rows = raw.listed[raw.listed["insee_dep"] == departement]
    lost = rows[rows[["insee_com", "code_postal", "lib_com"]].isna().all(axis=1)]
    names = {plain(name) for name in raw.communes.loc[raw.communes["departement"] == departement, "nom"]}
    return {*lost.loc[[_ANTENNA.sub("", plain(name)) not in names for name in lost["lib_fs"]], "id_fs"]}


def without_position(raw: Raw, departement: str, moved: set[str]) -> float:
    """Share of the rows of the list in no commune or without a position, but for those to which a survey gives one."""
    rows = raw.listed[raw.listed["insee_dep"] == departement]
    lost = rows["id_fs"].isin(nowhere(raw, departement)) | (rows["latitude"].isna() & ~rows["id_fs"].isin(moved))
    return float(lost.mean())


def post_offices(raw: Raw, departement: str) -> float:
    """Points of la-poste-points-de-contact-2016-08.csv whose INSEE code is of the département, but for the army's."""
    rows = pd.read_csv(raw.data / "national/la-poste-points-de-contact-2016-08.csv", sep=";", dtype=str)
    open_to_all = rows["Caractéristique_du_site"] != "Agence postale militaire"
    return float((rows["Code_INSEE"].str.startswith(departement) & open_to_all).sum())


def agencies(raw: Raw, departement: str) -> float:
    """Agencies of france-travail-agences.csv that receive people, each name and address once."""
    rows = pd.read_csv(raw.data / "national/france-travail-agences.csv", dtype=str).fillna("")
    own = rows["name"].str.rpartition("France Travail - ")[2].str.split(r"[/(]", regex=True)
    parts = [[plain(part) for part in one] for one in own]
    receives = [any(map(_AGENCY.search, one)) or not any(map(_DIRECTION.search, one)) for one in parts]
    key = pd.DataFrame({name: rows[name].map(plain) for name in ("name", "address_line_1", "post_code")})
    kept = rows[np.array(receives) & ~key.duplicated()]
    return float((kept["department"].str.zfill(2) == departement).sum())


def survey(raw: Raw, name: str) -> pd.DataFrame:
    """A survey's rows, every cell a text, under the header that it has."""
    path = raw.data / "surveys" / name
    if path.suffix == ".xlsx":
        return pd.read_excel(path, dtype=str, header=2 if name.startswith("33") else 0, engine="openpyxl")
    return pd.read_csv(path, sep=";", dtype=str, encoding="utf-8-sig" if name.startswith("64") else "cp1252")


def declared(raw: Raw, name: str, departement: str) -> set[str]:
    """Ids of the rows of the list in whose commune the survey names a « France services » or « Maison de services ».

    A survey writes « Tardets » for Tardets-Sorholus: the commune's name begins with the town's. An antenna whose commune
    the list does not say is where its name says.
    """
    rows = survey(raw, name)
    town = next(rows[column] for column in ("Ville", "Commune") if column in rows)
    labelled = rows.iloc[:, 0].fillna("").map(plain).str.contains(_LABEL)
    towns = tuple({*town[labelled].dropna().map(plain)})
    listed = raw.listed[raw.listed["insee_dep"] == departement]
    commune = [
        plain(said) if isinstance(said, str) else _ANTENNA.sub("", plain(own))
        for said, own in zip(listed["lib_com"], listed["lib_fs"], strict=True)
    ]
    return {*listed.loc[[own.startswith(towns) for own in commune], "id_fs"]}


def rows_of_others(raw: Raw, name: str, departement: str) -> int:
    """Rows of a survey (adresse_code_postal, its first 0 lost) that are another département's."""
    rows = survey(raw, name)
    rest = rows[rows["nom"].fillna("").str.endswith('"')]  # of a record that a line end cut in its street
    postcode = pd.concat([rows["adresse_code_postal"], rest["structure_porteuse"]]).dropna().str.zfill(5)
    return int((postcode.str[:2] != departement).sum())


def strange_positions(raw: Raw, name: str, listed: pd.DataFrame, places: pd.DataFrame) -> set[tuple[float, float]]:
    """Positions of `places` (latitude, longitude) that stand neither in the list nor in the survey, to the metre."""
    rows = survey(raw, name)
    given = next(rows[list(pair)] for pair in _POSITIONS if {*pair} <= {*rows})
    given = given.apply(lambda cells: cells.str.replace(",", ".")).apply(pd.to_numeric, errors="coerce")
    known = [listed[["latitude", "longitude"]], given]
    told = {(round(y, 5), round(x, 5)) for frame in known for y, x in frame.dropna().to_numpy()}
    shown = places[["latitude", "longitude"]].dropna().to_numpy()
    return {(round(y, 5), round(x, 5)) for y, x in shown} - told


def helping(raw: Raw, name: str, departement: str) -> pd.DataFrame:
    """Rows of a survey that say that help with démarches is given, often or sometimes, where the survey says they stand.

    Who goes round (« Enitinerance » ticked) is nowhere that minutes lead to.
    """
    rows = survey(raw, name)
    column, said = _HELP[departement]
    points = next(rows[list(pair)] for pair in _POSITIONS if {*pair} <= {*rows})
    points = points.apply(lambda cells: cells.str.replace(",", ".")).apply(pd.to_numeric, errors="coerce")
    points.columns = ["latitude", "longitude"]
    stays = rows["Enitinerance"].isna() if "Enitinerance" in rows else True
    points = points[rows[column].fillna("").map(plain).str.contains(said) & stays].dropna()
    return points.assign(land=raw.land_of(points))
