"""What an installation has published, as digests that two of them can be compared by."""

from __future__ import annotations

import hashlib

from fs_pipeline.resources import Pipeline


def published(pipeline: Pipeline, campaign: str) -> dict[str, str]:
    """File below its département and edition -> its digest, of the newest version of each."""
    versions = pipeline.warehouse.read("publications", {"campaign": campaign}).sort_values("published_at")
    newest = versions.groupby(["departement", "edition"]).tail(1)
    return {
        f"{row.departement}/{row.edition}{name.removeprefix(row.path)}": hashlib.sha256(
            pipeline.files.read(name)
        ).hexdigest()
        for row in newest.itertuples()
        for name in pipeline.files.list(row.path)
    }


def different(one: dict[str, str], other: dict[str, str]) -> set[str]:
    """Files that are not in both with the same bytes."""
    return {name for name in one | other if one.get(name) != other.get(name)}
