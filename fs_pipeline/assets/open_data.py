"""The public edition of a slot on data.gouv.fr: an asset that nothing starts but a person."""

from __future__ import annotations

import dagster as dg

from fs_pipeline.assets.publish import RELEASES
from fs_pipeline.assets.slots import slot_spec
from fs_pipeline.assets.unquoted import unquoted
from fs_pipeline.partitions import slots_of
from fs_pipeline.resources import Pipeline

GROUP = "open_data"
DATASET = dg.AssetKey([GROUP, "dataset"])
