"""One job a grain, chained by whoever runs them: reference, national, slots, synthesis; and one that a person starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import dagster as dg

from fs_pipeline.assets import keys
from fs_pipeline.assets.keys import OPEN_DATA
from fs_pipeline.partitions import PARTS

REFERENCE, NATIONAL, SLOTS, SYNTHESIS = GRAINS = ("reference", "national", "slots", "synthesis")


def jobs(assets: Sequence[dg.AssetsDefinition]) -> list[dg.UnresolvedAssetJobDefinition]:
    """Every asset is in exactly one job: by its group where the grain is a campaign, else by its partitions."""
    keys_of: dict[str, list[dg.AssetKey]] = {grain: [] for grain in (*GRAINS, OPEN_DATA)}
    for definition in assets:
        for spec in definition.specs:
            keys_of[_grain(spec)].append(spec.key)
    return [
        dg.define_asset_job(
            grain,
            selection=dg.AssetSelection.assets(*keys),
            description=_DESCRIPTIONS[grain],
            executor_def=dg.in_process_executor,
        )
        for grain, keys in keys_of.items()
    ]


def keys_of_parts(assets: Sequence[dg.AssetsDefinition]) -> dict[str, frozenset[dg.AssetKey]]:
    """The assets of each of ``PARTS``.

    Minutes read the places of neighbours, and a dossier prints the figures of all: whoever runs départements in several
    runs waits, between two parts, until all have made the one before, and gets the bytes of one run of all.
    """
    of_slots = {spec.key for one in assets for spec in one.specs if _grain(spec) == SLOTS}
    of_publish = {spec.key for one in assets if one.op.name == "publish" for spec in one.specs}
    after = dg.AssetSelection.assets(*keys.MINUTES.values()).downstream().resolve(list(assets)) & of_slots
    return dict(zip(PARTS, map(frozenset, (of_slots - after, after - of_publish, after & of_publish)), strict=True))


def from_part(part: str, assets: Mapping[str, frozenset[dg.AssetKey]]) -> frozenset[dg.AssetKey]:
    """The assets of a part and of those after it, of ``keys_of_parts``."""
    return frozenset().union(*(assets[one] for one in PARTS[PARTS.index(part) :]))


_DESCRIPTIONS = {
    REFERENCE: "Communes, contours and roads.",
    NATIONAL: "Each national source at its latest snapshot not after the campaign's date.",
    SLOTS: "From the deposit to the brief: one slot, or a range of them.",
    SYNTHESIS: "The national brief and the cockpit of one campaign.",
    OPEN_DATA: "The public edition on data.gouv.fr; nothing starts it but a person.",
}


def _grain(spec: dg.AssetSpec) -> str:
    if spec.group_name == OPEN_DATA:
        return OPEN_DATA
    if isinstance(spec.partitions_def, dg.MultiPartitionsDefinition):
        return SLOTS
    if spec.group_name in {REFERENCE, NATIONAL, SYNTHESIS}:
        return str(spec.group_name)
    raise ValueError(f"{spec.key.to_user_string()} belongs to no job")
