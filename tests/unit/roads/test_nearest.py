"""The compiled search answers as scipy does: one-ways, ties, islands, and services in any company."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from fs_pipeline.roads import contraction, nearest
from fs_pipeline.roads.contraction import CLOSED, contract
from fs_pipeline.roads.graph import RoadGraph, build_graph
from fs_pipeline.roads.kernel import UNLABELLED, nearest_labels, rank_of, time_of
from fs_pipeline.roads.nearest import UNREACHED, nearest_sources, times_from_each


def graph_of(nodes: int, arcs: list[tuple[int, int, float]], seed: int = 0) -> RoadGraph:
    """A network whose junction numbers are those given: longitudes grow with them."""
    longitude, latitude = np.linspace(0, 0.5, nodes), np.zeros(nodes)
    every = [*arcs, *((node, (node + 1) % nodes, 1e6) for node in range(nodes))]  # so that none is left out
    tail, head, seconds = (np.array(column) for column in zip(*every, strict=True))
    built = build_graph(
        longitude, latitude, tail, head, seconds.astype(float), source="t", sha256="", as_of=None, profile="car"
    )
    assert built.nodes == nodes
    return built


def town(side: int, seed: int, one_way: float = 0.3) -> RoadGraph:
    """Streets on a grid with some of them missing, some one-way, and dead ends."""
    draw = np.random.default_rng(seed)
    arcs = []
    for node in range(side * side):
        for other in (node + 1, node + side):
            if other >= side * side or (other == node + 1 and other % side == 0) or draw.random() < 0.2:
                continue
            time = float(draw.integers(1, 60))
            forth, back = (True, True) if draw.random() > one_way else ((True, False), (False, True))[draw.integers(2)]
            arcs += [(node, other, time)] * forth + [(other, node, time)] * back
    longitude, latitude = np.tile(np.arange(side), side) * 0.01, np.repeat(np.arange(side), side) * 0.01
    tail, head, seconds = (np.array(column) for column in zip(*arcs, strict=True))
    return build_graph(longitude, latitude, tail, head, seconds, source="t", sha256="", as_of=None, profile="car")


def by_scipy(roads: RoadGraph, sources: np.ndarray) -> np.ndarray:
    indptr, head, centiseconds = roads.reverse()
    matrix = csr_array((centiseconds.astype(float), head, indptr), shape=(roads.nodes, roads.nodes))
    return dijkstra(matrix, indices=np.unique(sources), min_only=True)


def kernel_times(roads: RoadGraph, sources: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    network = contract(roads.indptr, roads.head, roads.centiseconds)
    labels = nearest_labels(network, sources)[network.position]
    return np.where(labels < UNLABELLED, time_of(labels), -1), rank_of(labels)


@pytest.mark.parametrize("seed", range(6))
def test_labels_are_scipy_s_to_the_centisecond(seed):
    roads = town(25, seed)
    draw = np.random.default_rng(seed + 100)
    sources = [draw.choice(roads.nodes, size, replace=False).astype(np.int32) for size in (1, 5, 40)]
    times, ranks = kernel_times(roads, sources)
    for lane, places in enumerate(sources):
        expected = by_scipy(roads, places)
        reached = np.isfinite(expected)
        assert (times[reached, lane] == expected[reached]).all()
        assert (times[~reached, lane] == -1).all()
        # The rank is that of a place which is really that near.
        for node in np.flatnonzero(reached)[::97]:
            alone = by_scipy(roads, places[ranks[node, lane]][None])
            assert alone[node] == expected[node]


@given(st.integers(0, 10_000), st.integers(1, 30))
@settings(deadline=None, max_examples=40)
def test_batching_never_changes_a_label(seed, count):
    roads = town(8, seed)
    draw = np.random.default_rng(seed)
    sources = [draw.integers(0, roads.nodes, count).astype(np.int32) for _ in range(5)]
    together, ranks = kernel_times(roads, sources)
    for lane, places in enumerate(sources):
        alone, rank = kernel_times(roads, [places])
        assert (alone[:, 0] == together[:, lane]).all()
        assert (rank[alone[:, 0] >= 0, 0] == ranks[alone[:, 0] >= 0, lane]).all()


@given(st.integers(0, 10_000))
@settings(deadline=None, max_examples=40)
def test_places_split_into_batches_give_the_same_nearest(seed):
    roads = town(8, seed)
    draw = np.random.default_rng(seed)
    places = draw.choice(roads.nodes, 12, replace=False).astype(np.int32)
    whole, _ = kernel_times(roads, [places])
    parts, _ = kernel_times(roads, [places[:5], places[5:]])
    far = np.where(parts < 0, UNREACHED, parts)
    assert (np.where(whole[:, 0] < 0, UNREACHED, whole[:, 0]) == far.min(axis=1)).all()


def test_one_ways_matter():
    # A ring driven one way: the place is a step behind, so the way there is the whole ring.
    roads = graph_of(5, [(0, 1, 10), (1, 2, 10), (2, 3, 10), (3, 4, 10), (4, 0, 10)])
    times, _ = kernel_times(roads, [np.array([0], dtype=np.int32)])
    assert times[:, 0].tolist() == [0, 4000, 3000, 2000, 1000]


def test_of_two_places_as_near_the_first_answers():
    roads = graph_of(3, [(0, 1, 10), (1, 0, 10), (1, 2, 10), (2, 1, 10)])
    for order in ([0, 2], [2, 0]):
        _, ranks = kernel_times(roads, [np.array(order, dtype=np.int32)])
        assert ranks[1, 0] == 0
    _, ranks = kernel_times(roads, [np.array([1, 1], dtype=np.int32)])
    assert (ranks == 0).all()


def test_a_dense_crossing_stays_in_the_core_and_shortcuts_outgrow_their_lists():
    # Every junction joined to every other: nothing can be taken away; then a star of stars, where all can.
    everyone = [(a, b, 5.0 + a + b) for a in range(14) for b in range(14) if a != b]
    times, _ = kernel_times(graph_of(14, everyone), [np.array([3], dtype=np.int32)])
    assert times[:, 0].tolist() == by_scipy(graph_of(14, everyone), np.array([3])).tolist()
    network = contract(*_csr(graph_of(14, everyone)))
    assert network.core == 0
    chain = [(a, a + 1, 1.0) for a in range(40)] + [(a + 1, a, 1.0) for a in range(40)]
    assert contract(*_csr(graph_of(41, chain))).core > 30
    assert (network.out[network.out != CLOSED] > 0).all()


def _csr(roads: RoadGraph):
    return roads.indptr, roads.head, roads.centiseconds


def test_the_same_answers_with_and_without_the_compiled_search(monkeypatch):
    roads = town(12, 5)
    sources = [np.array([3, 50, 90], dtype=np.int32), np.array([7], dtype=np.int32)]
    targets = np.arange(roads.nodes, dtype=np.int32)
    plain = list(nearest_sources(roads, sources, targets))
    monkeypatch.setattr(nearest, "WORTH_COMPILING", 0)
    compiled = list(nearest_sources(roads, sources, targets))
    for (times, _), (others, _) in zip(plain, compiled, strict=True):
        assert (times == others).all()
    monkeypatch.setitem(sys.modules, "fs_pipeline.roads.kernel", None)  # as without numba: its import fails
    nearest._can_compile.cache_clear()
    fallback = list(nearest_sources(roads, sources, targets))
    nearest._can_compile.cache_clear()
    assert all((a[0] == b[0]).all() for a, b in zip(plain, fallback, strict=True))


@pytest.mark.parametrize("worth", [0, 10**9])
def test_each_source_alone_stops_at_the_limit(monkeypatch, worth):
    monkeypatch.setattr(nearest, "WORTH_COMPILING", worth)
    roads = graph_of(5, [(a, a + 1, 10) for a in range(4)] + [(a + 1, a, 10) for a in range(4)])
    found = list(times_from_each(roads, np.array([0, 4]), np.arange(5, dtype=np.int32), 2500))
    assert found[0].tolist() == [0, 1000, 2000, UNREACHED, UNREACHED]
    assert found[1].tolist() == [UNREACHED, UNREACHED, 2000, 1000, 0]


@given(st.integers(0, 10_000), st.integers(1, 6))
@settings(deadline=None, max_examples=30)
def test_adding_a_place_never_lengthens_a_way(seed, count):
    roads = town(7, seed)
    places = np.random.default_rng(seed).choice(roads.nodes, count + 1, replace=False).astype(np.int32)
    (fewer, _), (more, _) = nearest_sources(roads, [places[:-1], places], np.arange(roads.nodes, dtype=np.int32))
    assert (more <= fewer).all()


def test_a_network_is_contracted_once_for_all_that_is_asked_of_it(monkeypatch):
    roads, made = town(25, 0), []
    monkeypatch.setattr(nearest, "WORTH_COMPILING", 0)
    monkeypatch.setattr(contraction, "contract", lambda *arcs: made.append(1) or contract(*arcs))
    places, targets = np.array([3, 40], dtype=np.int32), np.array([7, 9], dtype=np.int32)
    for _ in range(2):
        list(nearest_sources(roads, [places], targets))
        list(times_from_each(roads, places, targets, 6000))
    assert made == [1]
