"""The id a place keeps for ever: given once, found again by the keys of its records, never reused.

Two places found to be one leave an alias (``merge``); one found to be two leaves another (``split``). Where the heaviest
part of a place joins an older one while another part stands alone, both are left: ``merge`` says where the id leads, once
and for all, and ``split`` only what was cut off.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from fs_pipeline.national.links import source_links
from fs_pipeline.warehouse.frames import table_frame

Key = tuple[str, str]  # source, source_key
_DIGITS = 10


@dataclass(frozen=True, slots=True)
class Identified:
    """The id of each place, the département's registry and its ids' births as they now stand, and the aliases made."""

    place_ids: list[str]
    registry: pd.DataFrame
    births: pd.DataFrame
    aliases: pd.DataFrame


def identify(
    places: Sequence[set[Key]],
    registry: pd.DataFrame,
    births: pd.DataFrame,
    aliases: pd.DataFrame,
    *,
    departement: str,
    campaign: str,
    recognised: Mapping[int, str] | None = None,
) -> Identified:
    """Give each place its id: of the ids of its records the one first given, which a record's own age does not make older.

    Parameters
    ----------
    places
        As ``keys_of`` gives. The places' order does not matter.
    registry, births, aliases
        The département's rows of ``registry`` and ``place_births``, and all aliases of its ids.
    recognised
        Places known again by what they are though none of their keys is: position to place_id.
    """
    known = dict(zip(zip(registry["source"], registry["source_key"], strict=True), registry["place_id"], strict=True))
    merged = aliases[aliases["why"] == "merge"]
    survivor = dict(zip(merged["alias"], merged["place_id"], strict=True))
    born = dict(zip(births["place_id"], births["first_campaign"], strict=True))
    weights = {link.source: link.weight for link in source_links().values()}
    claims: list[Counter[str]] = [Counter() for _ in places]
    for claim, keys in zip(claims, places, strict=True):
        for key in sorted(keys & known.keys()):
            claim[_alive(known[key], survivor)] += weights[key[0]]
    for position, place_id in (recognised or {}).items():
        claims[position][_alive(place_id, survivor)] += 1
    order = sorted(range(len(places)), key=lambda position: sorted(places[position]))
    owner = _owners(claims, order)
    used = {*known.values(), *born, *aliases["alias"], *aliases["place_id"]}
    ids = [""] * len(places)
    made: list[dict[str, object]] = []

    def left(alias: str, place_id: str, why: str) -> None:
        made.append({"alias": alias, "place_id": place_id, "campaign": campaign, "why": why})

    for position in order:
        own = [place_id for place_id in claims[position] if owner[place_id] == position]
        if own:
            ids[position], *dead = sorted(own, key=lambda place_id: (born.get(place_id, campaign), place_id))
            for place_id in dead:
                left(place_id, ids[position], "merge")
        else:
            ids[position] = _new_id(departement, min(places[position]), used)
            for place_id in sorted(claims[position]):
                left(place_id, ids[position], "split")
        used.add(ids[position])
    seen = {key: place_id for place_id, keys in zip(ids, places, strict=True) for key in keys}
    return Identified(
        ids,
        _updated(registry, seen, departement, campaign),
        _births(born | {place_id: min(campaign, born.get(place_id, campaign)) for place_id in ids}, departement),
        table_frame("place_aliases", made),
    )


def keys_of(records: pd.DataFrame, place: npt.NDArray[np.int64]) -> list[set[Key]]:
    """The keys of each place's records, each in one place only: what a second place shares is numbered.

    Parameters
    ----------
    records
        As ``records.gather_records`` gives, in its order.
    place
        Number of each record's place; -1 is none.
    """
    found: list[set[Key]] = [set() for _ in range(int(place.max(initial=-1)) + 1)]
    bearers: dict[Key, list[int]] = {}
    for source, own, number in zip(records["source"], records["source_key"], place.tolist(), strict=True):
        if number < 0:
            continue
        bearing = bearers.setdefault((source, own), [])
        if number not in bearing:
            bearing.append(number)
        order = bearing.index(number)
        found[number].add((source, own if order == 0 else f"{own}~{order + 1}"))
    return found


def _owners(claims: Sequence[Counter[str]], order: Sequence[int]) -> dict[str, int]:
    """Each id stays with the place that holds most of its records, by weight; the first in order where two are even."""
    owner: dict[str, int] = {}
    for position in order:
        for place_id, count in claims[position].items():
            if place_id not in owner or count > claims[owner[place_id]][place_id]:
                owner[place_id] = position
    return owner


def _alive(place_id: str, survivor: Mapping[str, str]) -> str:
    seen = set()
    while place_id in survivor and place_id not in seen:
        seen.add(place_id)
        place_id = survivor[place_id]
    return place_id


def _new_id(departement: str, key: Key, used: Collection[str]) -> str:
    """An id that says the département and nothing else, made of the place's first key so that a rerun makes the same."""
    for salt in range(len(used) + 1):
        digest = hashlib.sha256("|".join((departement, *key, str(salt))).encode()).hexdigest()[:_DIGITS]
        if f"{departement}-{digest}" not in used:
            break
    return f"{departement}-{digest}"


def _births(born: Mapping[str, str], departement: str) -> pd.DataFrame:
    rows = [
        {"place_id": place_id, "departement": departement, "first_campaign": first}
        for place_id, first in sorted(born.items())
    ]
    return table_frame("place_births", rows)


def _updated(registry: pd.DataFrame, rows: Mapping[Key, str], departement: str, campaign: str) -> pd.DataFrame:
    """Keys seen now with their place and campaign; those not seen as they were."""
    keys = list(zip(registry["source"], registry["source_key"], strict=True))
    first = dict(zip(keys, registry["first_campaign"], strict=True))
    last = dict(zip(keys, registry["last_campaign"], strict=True))
    seen = table_frame(
        "registry",
        [
            {
                "departement": departement,
                "source": key[0],
                "source_key": key[1],
                "place_id": place_id,
                "first_campaign": min(campaign, first.get(key, campaign)),
                "last_campaign": max(campaign, last.get(key, campaign)),
            }
            for key, place_id in sorted(rows.items())
        ],
    )
    gone = registry[np.array([key not in rows for key in keys], dtype=bool)]
    kept = [part for part in (seen, gone[list(seen)]) if len(part)]
    return pd.concat(kept, ignore_index=True) if kept else seen
