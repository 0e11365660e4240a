"""Dagster's own storage for an installation: where its settings and its memory of runs are."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import yaml

from fs_pipeline.partitions import PARTITION, RANGE_START

# Of the same partition, or of ranges that begin at the same one, one run works and the others wait.
_ONE_OF_EACH = [
    {"key": key, "value": {"applyLimitPerUniqueValue": True}, "limit": 1} for key in (PARTITION, RANGE_START)
]


def local_instance(home: Path) -> dg.DagsterInstance:
    """Dagster's own storage for this installation, on disk, so that runs can be looked at in its UI afterwards."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    config = home / "dagster.yaml"
    if not config.exists():
        config.write_text(
            yaml.safe_dump(
                {
                    "telemetry": {"enabled": False},
                    "nux": {"enabled": False},  # a newsletter's window would cover the interface
                    "concurrency": {"runs": {"max_concurrent_runs": 2, "tag_concurrency_limits": _ONE_OF_EACH}},
                    # What the daemon remembers of each time it looked; its runs are tidying.py's.
                    "retention": {
                        "sensor": {"purge_after_days": {"skipped": 2, "success": 30, "failure": 30, "started": 30}},
                        "schedule": {"purge_after_days": 90},
                    },
                }
            ),
            encoding="utf-8",
        )
    return dg.DagsterInstance.from_config(str(home))
