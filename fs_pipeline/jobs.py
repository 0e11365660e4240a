"""One job a grain, chained by whoever runs them: reference, national, slots, synthesis."""

from __future__ import annotations

from collections.abc import Sequence

import dagster as dg

REFERENCE, NATIONAL, SLOTS, SYNTHESIS = GRAINS = ("reference", "national", "slots", "synthesis")


def jobs(assets: Sequence[dg.AssetsDefinition]) -> list[dg.UnresolvedAssetJobDefinition]:
    """Every asset is in exactly one job: by its group where the grain is a campaign, else by its partitions."""
    keys_of: dict[str, list[dg.AssetKey]] = {grain: [] for grain in GRAINS}
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


_DESCRIPTIONS = {
    REFERENCE: "Communes, contours and roads.",
    NATIONAL: "Each national source at its latest snapshot not after the campaign's date.",
    SLOTS: "From the deposit to the brief: one slot, or a range of them.",
    SYNTHESIS: "The national brief and the cockpit of one campaign.",
}


def _grain(spec: dg.AssetSpec) -> str:
    if isinstance(spec.partitions_def, dg.MultiPartitionsDefinition):
        return SLOTS
    if spec.group_name in {REFERENCE, NATIONAL, SYNTHESIS}:
        return str(spec.group_name)
    raise ValueError(f"{spec.key.to_user_string()} belongs to no job")
