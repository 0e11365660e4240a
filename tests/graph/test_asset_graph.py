"""One snapshot of the asset graph: what depends on what, at which grain, and which checks judge it.

`FS_WRITE_SNAPSHOT=1 pytest tests/graph` writes it again; the diff is then read as any other change.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from fs_pipeline.definitions import build_defs
from fs_pipeline.resources import Pipeline
from fs_pipeline.settings import Settings

SNAPSHOT = Path(__file__).parent / "asset_graph.txt"
ROOT = Path(__file__).resolve().parents[2]
# The way of the data in the drawing of the architecture, from left to right.
ORDER = ("reference", "national", "survey", "reconciliation", "access", "marts", "cartography", "briefing", "release")


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    return build_defs(Pipeline(Settings.at(tmp_path_factory.mktemp("home"))))


def lines(definitions: dg.Definitions) -> list[str]:
    graph = definitions.resolve_asset_graph()
    found = []
    for key in sorted(graph.materializable_asset_keys, key=lambda key: key.to_user_string()):
        node = graph.get(key)
        grain = {dg.MultiPartitionsDefinition: "slot", dg.DynamicPartitionsDefinition: "campaign"}.get(
            type(node.partitions_def), "whole"
        )
        found.append(f"{key.to_user_string()} [{grain}, {node.group_name}]")
        found += [f"  <- {parent.to_user_string()}" for parent in sorted(node.parent_keys)]
        found += [f"  ? {check.name}" for check in sorted(node.check_keys, key=lambda check: check.name)]
    return found


def test_the_graph_is_the_one_that_was_read(definitions: dg.Definitions) -> None:
    now = "\n".join(lines(definitions)) + "\n"
    if os.environ.get("FS_WRITE_SNAPSHOT") == "1":
        SNAPSHOT.write_text(now, encoding="utf-8")
    assert now == SNAPSHOT.read_text(encoding="utf-8"), (
        "read what changed, then run: FS_WRITE_SNAPSHOT=1 pytest tests/graph"
    )


def test_every_asset_says_its_grain_and_its_owner(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    for key in graph.materializable_asset_keys:
        node = graph.get(key)
        assert node.owners, key
        assert node.description, key
        assert node.metadata.get("grain") or node.description.startswith(("One ", "Two ", "The ", "Each ")), (
            f"{key.to_user_string()}: {node.description}"
        )


def test_data_flows_one_way(definitions: dg.Definitions) -> None:
    """No asset of a room reads one further right."""
    graph = definitions.resolve_asset_graph()
    for key in graph.materializable_asset_keys:
        for parent in graph.get(key).parent_keys:
            groups = graph.get(parent).group_name, graph.get(key).group_name
            if all(group in ORDER for group in groups):
                assert ORDER.index(groups[0]) <= ORDER.index(groups[1]), (parent, key)


@pytest.mark.parametrize(
    "command", [("dagster", "definitions", "validate"), ("dg", "check", "defs")], ids=["dagster", "dg"]
)
def test_dagster_s_own_commands_accept_the_code_location(command: tuple[str, ...], tmp_path: Path) -> None:
    program = Path(sys.executable).with_name(command[0])
    environment = os.environ | {
        "DAGSTER_HOME": str(tmp_path),
        "DAGSTER_DISABLE_TELEMETRY": "1",
        "FS_HOME": str(tmp_path),
    }
    done = subprocess.run(
        [program, *command[1:]], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
