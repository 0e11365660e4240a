"""The only door out: what each reader may receive of the tables, as their .yml declare it.

Internal readers (prefecture, ministry) receive all. Everyone else receives the columns that are declared theirs, and of
their texts what the judges of ``judging.py`` let out: what is not declared stays inside. No row of a source whose licence
forbids it leaves, nor a value that it alone gives (``provenance.py``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Literal, get_args
from urllib.parse import urlsplit

import pandas as pd

from fs_pipeline.editions.hidden_minutes import without_hidden_minutes
from fs_pipeline.editions.judging import Door, judged
from fs_pipeline.editions.places import RESERVED, Key, coarser, homes_of, public_places, withheld, without
from fs_pipeline.editions.provenance import (
    operators_lists,
    publishable_sources,
    withheld_places,
    without_forbidden_values,
)
from fs_pipeline.editions.whole_chapters import let_out_whole, to_let_out
from fs_pipeline.territory.model import Territory
from fs_pipeline.territory.shipped import load_territory
from fs_pipeline.values.homes import is_home
from fs_pipeline.values.public_words import PublicWords
from fs_pipeline.warehouse.declared import ColumnSpec, declared_tables

Edition = Literal["internal", "partners", "public"]
EDITIONS: tuple[Edition, ...] = get_args(Edition)
EDITION_NAMES: dict[Edition, str] = {"internal": "interne", "partners": "partenaires", "public": "publique"}

# Who publishes what is no secret: their column `source` names what is spoken of, not who says it.
_SPEAK_OF_SOURCES = frozenset({"brief_sources", "demarches"})
# A place that is withheld stays in these as « lieu réservé », what they say of communes being true of it too.
_KEEP_RESERVED = frozenset({"access_minutes", "int_commune_minutes", "levers"})
_NAMED_BY_PLACE = frozenset({"demarche_matrix", "discrepancies"})
_NOTHING = pd.DataFrame()
Tables = Mapping[str, pd.DataFrame]


def apply(tables: Tables, edition: Edition) -> dict[str, pd.DataFrame]:
    """The tables that readers of `edition` may receive: same names, fewer columns, rows and values.

    Parameters
    ----------
    tables
        Those of a slot, ``place_members``, ``place_values``, ``national_places`` and ``releases`` among them, which say
        whose each value is, what public lists bear, and what the prefecture released; or those of the nation.

    Raises
    ------
    ValueError
        When `edition` is none of those known.
    KeyError
        When a table is not declared.
    """
    if edition not in EDITIONS:
        raise ValueError(f"édition « {edition} » inconnue\u00a0: attendu {', '.join(EDITIONS)}")
    if edition == "internal":
        return dict(tables)
    door = door_of(tables)
    gone = withheld_places(_table(tables, "place_members"))
    places = _public_places(tables, edition, door, gone)
    whole = let_out_whole(_table(tables, "releases"))
    kept = {}
    for name, frame in tables.items():
        if name == "places":
            kept[name] = places
            continue
        columns: Sequence[ColumnSpec] = declared_tables()[name].columns_for("partners" if name in whole else edition)
        read = frame
        if name in _NAMED_BY_PLACE:  # a place's name is judged once, where the places are
            read, columns = _renamed(frame, places), [_already_judged(column) for column in columns]
        kept[name] = _let_out(name, read, columns, door, gone) if columns else _NOTHING
    return without_hidden_minutes(tables, kept)


def to_release(tables: Tables, departement: str) -> pd.DataFrame:
    """What the public does not read and the prefecture may let out: chapters, and names and streets of places."""
    chapters = to_let_out(departement, _table(tables, "releases"))
    places = _table(tables, "places")
    if places.empty:
        return chapters
    gone = withheld_places(_table(tables, "place_members"))
    shown = _public_places(tables, "public", door_of(tables), gone)
    names = withheld(places, shown, homes_of(places, _table(tables, "place_values")))
    return pd.concat([chapters, names], ignore_index=True)[list(declared_tables()["withheld"].names)]


def door_of(tables: Tables) -> Door:
    """What the judges know, from the tables of a slot and from the shipped territory."""
    national = _table(tables, "national_places")
    if len(national):
        national = national[national["source"].isin(publishable_sources())]
    territory, communes = _territory(), _table(tables, "communes")
    own = _texts(communes, "name")
    codes = sorted(set(_texts(communes, "departement")))
    around = {code for own_code in codes for code in (own_code, *territory.neighbours(own_code))}
    return Door(
        words=_public_words(
            communes=(*own, *_texts(communes, "epci_name"), *_towns(frozenset(around))),
            names=(*_texts(national, "name"), *_texts(national, "carrier")),
            streets=tuple(_texts(national, "address")),
            counters=tuple(
                _texts(national[national["source"].isin(operators_lists())], "name") if len(national) else ()
            ),
        ),
        communes=_commune_names() | {*own},
        hosts=frozenset(_hosts(national)),
    )


@lru_cache(maxsize=2)  # a slot is judged three times, one slot after the other
def _public_words(**known: tuple[str, ...]) -> PublicWords:
    return PublicWords(**known)


@cache
def _territory() -> Territory:
    return load_territory()


@cache
def _commune_names() -> frozenset[str]:
    return frozenset(_territory().commune_names.values())


@cache
def _towns(departements: frozenset[str]) -> tuple[str, ...]:
    """Names, old ones too, of the communes of départements, and of their intercommunalités."""
    if not departements:
        return ()
    communes, former = _territory().communes, _territory().former
    near = communes[communes["departement"].isin(departements)]
    old = former[former["current_insee"].isin(set(near["insee"]))]
    return (*_texts(near, "name"), *_texts(near, "epci_name"), *_texts(old, "name"))


def _hosts(national: pd.DataFrame) -> Iterable[str]:
    """Hosts that a public list bears, but those that many share: these are known by their own list."""
    for address in _texts(national, "website"):
        yield (urlsplit(address).hostname or "").removeprefix("www.")


def _public_places(tables: Tables, edition: Edition, door: Door, gone: Collection[str]) -> pd.DataFrame:
    places = _table(tables, "places")
    if places.empty:
        return places
    values, members = _table(tables, "place_values"), _table(tables, "place_members")
    homes = homes_of(places, values)
    if gone:
        places = places[~places["place_id"].isin(gone)]
    places = without_forbidden_values(places, values, members)
    columns = declared_tables()["places"].columns_for(edition)
    return public_places(places, columns, door, homes, _released(_table(tables, "releases")))


def _released(releases: pd.DataFrame) -> frozenset[Key]:
    if releases.empty:
        return frozenset()
    return frozenset(zip(releases["insee"], releases["field"], releases["value"], strict=True))


def _let_out(
    name: str, frame: pd.DataFrame, columns: Sequence[ColumnSpec], door: Door, gone: Collection[str]
) -> pd.DataFrame:
    kept = frame
    if name not in _SPEAK_OF_SOURCES and "source" in kept:
        kept = _rows(kept, kept["source"].isna() | kept["source"].isin(publishable_sources()))
    if gone and "place_id" in kept and name not in _KEEP_RESERVED:
        kept = _rows(kept, ~kept["place_id"].isin(gone))
    if name == "survey_rounds":
        return _rounds(kept, columns, door)
    shown = judged(kept, columns, door)
    if gone and "place_id" in shown and name in _KEEP_RESERVED:
        shown = shown.assign(place_id=shown["place_id"].where(~frame["place_id"].isin(gone), RESERVED))
    return shown


def _rounds(rounds: pd.DataFrame, columns: Sequence[ColumnSpec], door: Door) -> pd.DataFrame:
    """Rounds; a stop that is somebody's home has neither name nor point, one that is withheld has a coarser point."""
    shown = judged(rounds, columns, door)
    where = [name for name in ("stop", "latitude", "longitude") if name in shown]
    if "stop" in where:
        cells = zip(rounds["round"], rounds["stop"], strict=True)
        home = pd.Series([is_home((name,), (stop,)) for name, stop in cells], rounds.index, dtype=bool)
        lost = rounds["stop"].notna() & shown["stop"].isna()
        points = {name: coarser(shown[name], lost) for name in where[1:]}
        shown = shown.assign(**points)
        shown = shown.assign(**{name: without(shown[name], home) for name in where})
    return shown


def _already_judged(column: ColumnSpec) -> ColumnSpec:
    return column.model_copy(update={"holds": "ours"}) if column.name == "name" else column


def _renamed(frame: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Rows about places under the names that these leave with."""
    if frame.empty or "name" not in frame or "place_id" not in frame:
        return frame
    names = dict(zip(places["place_id"], places["name"], strict=True))
    known = [names.get(place_id, RESERVED) for place_id in frame["place_id"]]
    if known == list(frame["name"]):
        return frame
    return frame.assign(name=pd.Series(known, index=frame.index, dtype=object))


def _rows(frame: pd.DataFrame, which: pd.Series) -> pd.DataFrame:
    return frame if which.all() else frame[which]


def _table(tables: Tables, name: str) -> pd.DataFrame:
    return tables.get(name, _NOTHING)


def _texts(frame: pd.DataFrame, column: str) -> list[str]:
    return [text for text in frame[column] if isinstance(text, str)] if column in frame else []
