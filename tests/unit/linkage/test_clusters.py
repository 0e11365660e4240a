from __future__ import annotations

import numpy as np
import pytest

from fs_pipeline.linkage.clusters import average_link


def clustered(size: int, edges: dict[tuple[int, int], float]) -> set[frozenset[int]]:
    first, second = (np.array([edge[side] for edge in edges], dtype=np.int64) for side in (0, 1))
    labels = average_link(size, (first, second), np.array(list(edges.values())), 0.5)
    return {frozenset(np.flatnonzero(labels == label).tolist()) for label in labels}


@pytest.mark.parametrize(
    ("edges", "found"),
    [
        ({}, [{0}, {1}, {2}]),
        ({(0, 1): 0.5}, [{0, 1}, {2}]),
        ({(0, 1): 0.4}, [{0}, {1}, {2}]),
        ({(0, 1): 0.9, (1, 2): 0.9, (0, 2): 0.9}, [{0, 1, 2}]),
        ({(0, 1): 0.95, (1, 2): 0.9}, [{0, 1}, {2}]),  # two places that one record of both would chain
        ({(0, 1): 0.95, (1, 2): 0.9, (0, 2): 0.2}, [{0, 1, 2}]),
    ],
)
def test_a_record_joins_a_cluster_as_likely_as_its_records_are_on_average(
    edges: dict[tuple[int, int], float], found: list[set[int]]
) -> None:
    assert clustered(3, edges) == {frozenset(each) for each in found}


def test_nothing_has_no_clusters() -> None:
    assert clustered(0, {}) == set()


def test_components_that_share_a_table_are_clustered_as_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(14)
    edges: dict[tuple[int, int], float] = {}
    for component in range(60):
        first = component * 6
        for one in range(6):
            for two in range(one + 1, 6):
                if chance.random() < 0.5:
                    edges[first + one, first + two] = float(chance.random())
    together = clustered(360, edges)
    monkeypatch.setattr("fs_pipeline.linkage.clusters._AT_ONCE", 1)
    assert clustered(360, edges) == together
    assert 60 < len(together) < 360
