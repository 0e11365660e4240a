"""How départements are cut into runs, and which assets each part of their work has."""

from __future__ import annotations

from pathlib import Path

import dagster as dg

from fs_pipeline.assets.keys import OPEN_DATA
from fs_pipeline.chunks import cut
from fs_pipeline.definitions import build_defs
from fs_pipeline.jobs import from_part, keys_of_parts
from fs_pipeline.partitions import ACCESS, PARTS, PLACES, PUBLICATION
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings

CODES = ("01", "02", "03", "04", "05", "06")


def test_chunks_are_of_neighbours_in_the_list_and_no_larger_than_asked() -> None:
    whole = cut("2022-12", CODES, ["06", "01", "02", "03"])
    assert [(chunk.first.departement, chunk.last.departement) for chunk in whole] == [("01", "03"), ("06", "06")]
    chunks = cut("2022-12", CODES, CODES, 4)
    assert [chunk.named for chunk in chunks] == ["01–04", "05–06"]
    assert [code for chunk in chunks for code in chunk.departements(CODES)] == [*CODES]
    assert cut("2022-12", CODES, []) == []


def test_every_asset_of_a_slot_is_in_one_part_and_reads_of_none_after_it(tmp_path: Path) -> None:
    assets = [
        one for one in build_defs(Pipeline(Settings.at(tmp_path))).assets or () if isinstance(one, dg.AssetsDefinition)
    ]
    parts = keys_of_parts(assets)
    of_slots = {
        spec.key
        for one in assets
        for spec in one.specs
        if isinstance(spec.partitions_def, dg.MultiPartitionsDefinition) and spec.group_name != OPEN_DATA
    }
    assert sum(map(len, parts.values())) == len(frozenset().union(*parts.values())) == len(of_slots)
    rank = {key: PARTS.index(part) for part, keys in parts.items() for key in keys}
    for one in assets:
        for spec in one.specs:
            for dep in spec.deps:
                assert rank.get(dep.asset_key, 0) <= rank.get(spec.key, len(PARTS)), (spec.key, dep.asset_key)
    named = {part: {key.to_user_string() for key in keys} for part, keys in parts.items()}
    assert {"survey/places", "reconciliation/places"} <= named[PLACES]
    assert "access/minutes" in named[ACCESS]
    assert "briefing/pack" in named[PUBLICATION]
    assert from_part(ACCESS, parts) == parts[ACCESS] | parts[PUBLICATION]
