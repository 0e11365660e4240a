"""A slot's golden places as tables: gathered, their values chosen, each under the id it keeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from fs_pipeline.linkage.golden import survivors
from fs_pipeline.linkage.link import link_prepared
from fs_pipeline.linkage.positions import position_values
from fs_pipeline.linkage.preparation import prepare
from fs_pipeline.linkage.reconcile import LABEL, gather_places
from fs_pipeline.linkage.registry import Identified, identify, keys_of
from fs_pipeline.national.links import SURVEY
from fs_pipeline.territory.model import Territory


def settle_places(
    records: pd.DataFrame,
    pairs: pd.DataFrame,
    registry: pd.DataFrame,
    births: pd.DataFrame,
    aliases: pd.DataFrame,
    earlier: Callable[[list[str]], pd.DataFrame],
    *,
    campaign: str,
    departement: str,
    territory: Territory,
) -> tuple[Mapping[str, pd.DataFrame], Identified]:
    """``places``, ``place_members`` and ``place_values`` of one slot, and the ids that they were given.

    Parameters
    ----------
    records, pairs
        As ``records.gather_records`` and ``reconcile.match_records`` give.
    registry, births, aliases
        As ``registry.identify`` wants them.
    earlier
        The last row of ``places``, in other campaigns, of each of the given place_ids.
    """
    gathered = gather_places(records, pairs)
    golden, proposed = survivors(records, gathered.place)
    values = pd.concat([proposed, position_values(records, gathered.place, territory)], ignore_index=True)
    keys = keys_of(records, gathered.place)
    known = dict(zip(zip(registry["source"], registry["source_key"], strict=True), registry["place_id"], strict=True))
    new = [number for number, held in enumerate(keys) if not held & known.keys()]
    unclaimed = sorted(set(registry["place_id"]) - {known[key] for held in keys for key in held & known.keys()})
    recognised = recognise(golden, new, earlier(unclaimed), territory) if new and unclaimed else {}
    identified = identify(
        keys, registry, births, aliases, departement=departement, campaign=campaign, recognised=recognised
    )
    ids = np.array(identified.place_ids, dtype=object)
    inside = gathered.place >= 0
    members = records.loc[inside, ["source", "source_id"]].assign(place_id=ids[gathered.place[inside]])
    places = golden.assign(
        place_id=ids,
        in_survey=_held(ids, members, SURVEY),
        in_france_services=_held(ids, members, LABEL),
        host_place_id=np.array([*identified.place_ids, None], dtype=object)[gathered.host],  # -1: none
    )
    values["place_id"] = ids[values.pop("place").to_numpy(dtype=np.int64)]
    located = places[places["insee"].notna()]  # what is in no commune cannot be on the map: problems say so
    tables = {"places": located, "place_members": members, "place_values": values}
    return {
        name: frame[frame["place_id"].isin(located["place_id"])].sort_values("place_id", kind="stable")
        for name, frame in tables.items()
    }, identified


def positions(link_pairs: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``link_pairs`` as pairs of positions in `records`."""
    at = {key: position for position, key in enumerate(zip(records["source"], records["source_id"], strict=True))}
    sides = {
        side: [at[key] for key in zip(link_pairs[f"{side}_source"], link_pairs[f"{side}_id"], strict=True)]
        for side in ("left", "right")
    }
    return link_pairs[["score", "decision", "reason"]].assign(**sides)


def _held(ids: npt.NDArray[np.object_], members: pd.DataFrame, source: str) -> list[bool]:
    """Whether each place has a record of `source`."""
    own = set(members.loc[members["source"] == source, "place_id"])
    return [place_id in own for place_id in ids]


def recognise(places: pd.DataFrame, new: list[int], before: pd.DataFrame, territory: Territory) -> dict[int, str]:
    """Places that no key recognises, linked one to one with those of earlier campaigns that nobody claims now.

    Parameters
    ----------
    places
        Golden places of now.
    new
        Numbers of those without a known key.
    before
        Rows of ``places`` of earlier campaigns, one a place_id.
    """
    if before.empty:
        return {}
    left, right = (prepare(frame.reset_index(drop=True), territory) for frame in (places.iloc[new], before))
    found = link_prepared(left, right, many=False)
    sure = found[found["decision"] == "match"]
    ids = before["place_id"].to_numpy(dtype=object)[sure["right"]]
    return {new[position]: str(place_id) for position, place_id in zip(sure["left"], ids, strict=True)}
