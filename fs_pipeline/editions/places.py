"""What of a place may be read by anyone: name and street where they are public, else its kind and its commune.

A place that is somebody's home keeps its address, its point and what reaches it inside; a place whose street is withheld
gives its point to a hundredth of a degree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache

import pandas as pd

from fs_pipeline.data import read_csv
from fs_pipeline.editions.judging import Door, judged
from fs_pipeline.national.links import SURVEY
from fs_pipeline.values.homes import is_home
from fs_pipeline.values.public_words import names_a_person
from fs_pipeline.warehouse.declared import ColumnSpec, declaration

RESERVED = "lieu réservé"  # stands for a place that is withheld whole
RELEASABLE = ("name", "address", "address_extra", "carrier")
_OF_A_HOME = ("address", "address_extra", "latitude", "longitude", "phone", "email", "website", "siret", "siren")
_REGISTERED = ("siret", "siren")
_ADDRESSES = ("address", "address_extra")
_TOLD = ("name", "type", "carrier", "description", *_ADDRESSES)
_POINT = ("latitude", "longitude")
Key = tuple[str, str, str]  # insee, field, value
_DECIMALS = 2  # of a degree: about a kilometre
_UNKNOWN_WORD = "un mot au moins n’est dans aucune liste publique ni relue"


def homes_of(places: pd.DataFrame, values: pd.DataFrame) -> frozenset[str]:
    """The place_id of the places that are somebody's home, by all that any source says of them."""
    told: dict[str, dict[str, list[str]]] = {}
    for place_id, field, value in _all_that_is_said(places, values):
        told.setdefault(place_id, {}).setdefault(field, []).append(value)
    return frozenset(
        place_id
        for place_id, said in told.items()
        if is_home(
            (text for field in _TOLD if field not in _ADDRESSES for text in said.get(field, ())),
            [text for field in _ADDRESSES for text in said.get(field, ())],
        )
    )


def _all_that_is_said(places: pd.DataFrame, values: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    for field in _TOLD:
        if field in places:
            for place_id, value in zip(places["place_id"], places[field], strict=True):
                if isinstance(value, str):
                    yield place_id, field, value
    if len(values):
        told = values[values["field"].isin(_TOLD) & (values["source"] == SURVEY)]
        yield from zip(told["place_id"], told["field"], told["value"], strict=True)


def public_places(
    places: pd.DataFrame, columns: Collection[ColumnSpec], door: Door, homes: Collection[str], released: Collection[Key]
) -> pd.DataFrame:
    """The places as anyone may read them; every place keeps a row and a name."""
    shown = judged(places, columns, door)
    if places.empty:
        return shown
    if shown is places:
        shown = places.copy(deep=False)
    live = places["place_id"].isin(homes)
    for field in RELEASABLE:
        if field in shown:
            shown = shown.assign(**{field: _released(places, shown[field], field, released)})
    if {"siren", "siret"} <= set(shown) and "siren" in places:
        own = [
            siren if isinstance(siret, str) and isinstance(siren, str) and siret.startswith(siren) else public
            for siren, siret, public in zip(places["siren"], shown["siret"], shown["siren"], strict=True)
        ]
        shown = shown.assign(siren=pd.Series(own, index=shown.index, dtype=object))
    if {"latitude", "longitude"} <= set(shown):
        shown = shown.assign(**{name: coarser(shown[name], _loses_its_street(places, shown)) for name in _POINT})
    trades = _trades_under_a_name(places, shown)
    if trades.any():
        shown = shown.assign(**{name: without(shown[name], trades) for name in _REGISTERED if name in shown})
    if live.any():
        shown = shown.assign(**{name: without(shown[name], live) for name in _OF_A_HOME if name in shown})
    if "name" in shown:
        shown = shown.assign(name=_named(places, shown, live))
    return shown


def _trades_under_a_name(places: pd.DataFrame, shown: pd.DataFrame) -> pd.Series:
    """Which places belong to somebody whose name is withheld: a register gives it to whoever has the number."""
    own = pd.Series(False, index=places.index)
    for field in ("name", "carrier"):
        if field in places and field in shown:
            persons = [isinstance(text, str) and names_a_person(text) for text in places[field]]
            own |= pd.Series(persons, index=places.index) & shown[field].isna()
    return own


def _released(places: pd.DataFrame, shown: pd.Series, field: str, released: Collection[Key]) -> pd.Series:
    """What was judged, and what the prefecture released."""
    if not released:
        return shown
    cells = zip(places["insee"], places[field], shown, strict=True)
    kept = [value if (insee, field, value) in released else public for insee, value, public in cells]
    return pd.Series(kept, index=shown.index, dtype=object)


def _loses_its_street(places: pd.DataFrame, shown: pd.DataFrame) -> pd.Series:
    """Which places have a street that is withheld."""
    lost = pd.Series(False, index=places.index)
    for field in _ADDRESSES:
        if field in places and field in shown:
            lost |= places[field].notna() & shown[field].isna()
    return lost


def without(values: pd.Series, which: pd.Series) -> pd.Series:
    """A column with nothing where `which` says so."""
    if pd.api.types.is_numeric_dtype(values):
        return values.where(~which)
    kept = [None if gone else value for value, gone in zip(values, which, strict=True)]
    return pd.Series(kept, index=values.index, dtype=object)


def coarser(degrees: pd.Series, which: pd.Series) -> pd.Series:
    """Degrees, to a hundredth where `which` says so."""
    numbers = pd.to_numeric(degrees, errors="coerce").astype("float64")
    return numbers.where(~which, numbers.round(_DECIMALS))


def _named(places: pd.DataFrame, shown: pd.DataFrame, live: pd.Series) -> pd.Series:
    """Each name, or « Mairie à Pessac »: what the place is and where."""
    rows = places.reindex(columns=["service_type", "commune"]).to_dict("records")
    names = [
        name if isinstance(name, str) and not home else stand_in(row["service_type"], row["commune"])
        for name, home, row in zip(shown["name"], live, rows, strict=True)
    ]
    return pd.Series(names, index=shown.index, dtype=object)


def stand_in(service_type: object, commune: object) -> str:
    """What stands for a name that is withheld."""
    label = _labels().get(str(service_type), "")
    kind = label if label and service_type != "other" else "Lieu d’accueil"
    if not isinstance(commune, str):
        return kind
    for article, joined in (("Le ", "au "), ("Les ", "aux ")):
        if commune.startswith(article):
            return f"{kind} {joined}{commune.removeprefix(article)}"
    return f"{kind} à {commune}"


@cache
def _labels() -> dict[str, str]:
    return {row["code"]: row["label_fr"] for row in read_csv("place_types.csv")}


def withheld(places: pd.DataFrame, shown: pd.DataFrame, homes: Collection[str]) -> pd.DataFrame:
    """Names and streets that stay inside, for the prefecture to look at and release, as ``withheld`` declares them.

    What is somebody's home is not asked about: it stays inside.
    """
    rows = []
    public = shown.set_index("place_id")
    for row in places.to_dict("records"):
        if row["place_id"] in homes or row["place_id"] not in public.index:
            continue
        for field in RELEASABLE:
            value = row.get(field)
            if isinstance(value, str) and public.at[row["place_id"], field] != value:
                rows.append(
                    {"insee": row["insee"], "commune": row["commune"], "place_id": row["place_id"], "field": field}
                    | {"value": value, "why": _UNKNOWN_WORD}
                )
    return pd.DataFrame(rows, columns=list(declaration("withheld").names), dtype=object)
