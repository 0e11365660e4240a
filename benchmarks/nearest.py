"""Nearest place by road: ours beside scipy, networkit and igraph, on networks of real local shape.

`python benchmarks/nearest.py [--nodes 60000 6000000] [--peers scipy networkit igraph]`

The network is tiled from the junctions of two real road files (a town and a mountain country), joined at their edges.
Each engine runs in a process of its own on the same saved network, so that its memory is its own; the search alone is
timed, arrays ready, compiled code loaded. 12 services; a place every 2,143 junctions (2,800 for 6 million).
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from fs_pipeline.roads.graph import RoadGraph, build_graph
from fs_pipeline.roads.reading import read_roads, save_roads

ROOT = Path(__file__).resolve().parent.parent
ROADS = Path(os.environ.get("FS_DATA_DIR", ROOT.parent / "shared" / "data")) / "roads"
TILES = ("andorra.osm.pbf", "st_germain_en_laye.graphml.gz")
SERVICES = 12
NODES_A_PLACE = 6_000_000 / 2_800
TILE_DEGREES = 0.5
JOINTS = 6  # roads from a tile to the next
JOINT_SECONDS = 120.0
Sources = list[np.ndarray]
Measured = tuple[float, list[np.ndarray], float]  # seconds, labels of two services, seconds spent once before


def tiled(nodes: int, path: Path) -> None:
    """Write a network of about `nodes` junctions: the real ones repeated side by side, towns and mountains by turns."""
    shapes = [read_roads(ROADS / name) for name in TILES]
    mean = sum(shape.nodes for shape in shapes) / len(shapes)
    side = max(1, round((nodes / mean) ** 0.5))
    lon, lat, tail, head, seconds = [], [], [], [], []
    edge: dict[tuple[int, int], dict[str, np.ndarray]] = {}
    offset = 0
    for row in range(side):
        for column in range(side):
            shape = shapes[(row + column) % len(shapes)]
            west, south, east, north = shape.bounds
            x = column * TILE_DEGREES + (shape.longitude - west) / (east - west) * TILE_DEGREES * 0.98
            y = row * TILE_DEGREES + (shape.latitude - south) / (north - south) * TILE_DEGREES * 0.98
            lon.append(x / side)
            lat.append(y / side)
            tail.append(np.repeat(np.arange(shape.nodes), np.diff(shape.indptr)) + offset)
            head.append(shape.head.astype(np.int64) + offset)
            seconds.append(shape.centiseconds / 100.0)
            usable = np.flatnonzero(shape.on_network)
            by_x, by_y = usable[np.argsort(x[usable])] + offset, usable[np.argsort(y[usable])] + offset
            edge[row, column] = {"w": by_x[:JOINTS], "e": by_x[-JOINTS:], "s": by_y[:JOINTS], "n": by_y[-JOINTS:]}
            for other, here, there in (((row, column - 1), "w", "e"), ((row - 1, column), "s", "n")):
                if other in edge:
                    ends = np.concatenate((edge[row, column][here], edge[other][there]))
                    tail.append(ends)
                    head.append(np.concatenate((ends[JOINTS:], ends[:JOINTS])))
                    seconds.append(np.full(len(ends), JOINT_SECONDS))
            offset += shape.nodes
    graph = build_graph(
        np.concatenate(lon), np.concatenate(lat), np.concatenate(tail), np.concatenate(head), np.concatenate(seconds),
        source="tiled", sha256="", as_of=None, profile="car",
    )  # fmt: skip
    save_roads(graph, path)


def sources_of(nodes: int) -> list[np.ndarray]:
    """The same places for every engine."""
    draw = np.random.default_rng(12)
    count = max(2, round(nodes / NODES_A_PLACE))
    return [draw.choice(nodes, count, replace=False).astype(np.int32) for _ in range(SERVICES)]


def run_ours(graph: RoadGraph, sources: Sources) -> Measured:
    """Contracted once, then searched; seconds of the contraction apart."""
    from fs_pipeline.roads.contraction import contract
    from fs_pipeline.roads.kernel import SERVICES_AT_ONCE, nearest_labels, time_of

    two = (np.array(values, dtype=np.int32) for values in ([0, 1, 2], [1, 0], [100, 100]))
    nearest_labels(contract(*two), [np.array([0], dtype=np.int32)])  # loads the compiled code
    start = time.perf_counter()
    network = contract(graph.indptr, graph.head, graph.centiseconds)
    contracted = time.perf_counter()
    kept = []
    for batch in range(0, len(sources), SERVICES_AT_ONCE):
        labels = nearest_labels(network, sources[batch : batch + SERVICES_AT_ONCE])
        kept = [labels[:, 0] if not kept else kept[0], labels[:, -1]]
    seconds = time.perf_counter() - contracted
    return seconds, [time_of(one)[network.position] / 100.0 for one in kept], contracted - start


def run_scipy(graph: RoadGraph, sources: Sources) -> Measured:
    """One multi-source Dijkstra a service."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    indptr, head, centiseconds = graph.reverse()
    matrix = csr_array((centiseconds / 100.0, head, indptr), shape=(graph.nodes, graph.nodes))
    start = time.perf_counter()
    first = last = None
    for number, places in enumerate(sources):
        last = dijkstra(matrix, indices=places, min_only=True)
        first = last if number == 0 else first
    return time.perf_counter() - start, [first, last], 0.0


def run_networkit(graph: RoadGraph, sources: Sources) -> Measured:
    """The same, from a junction of its own joined to all sources."""
    import networkit as nk
    from scipy.sparse import coo_array, coo_matrix

    indptr, head, centiseconds = graph.reverse()
    tail, count = np.repeat(np.arange(graph.nodes), np.diff(indptr)), graph.nodes
    matrix = coo_array((centiseconds / 100.0, (tail, head)), shape=(count + 1, count + 1))
    network = nk.graph.GraphFromCoo(coo_matrix(matrix), n=count + 1, weighted=True, directed=True)
    start = time.perf_counter()
    kept = []
    for places in sources:
        # Several sources at once: a node of its own, a step of nothing to each.
        for place in places:
            network.addEdge(count, int(place), 0.0)
        search = nk.distance.Dijkstra(network, count, storePaths=False)
        search.run()
        kept = [kept[0] if kept else np.array(search.getDistances())[:count], search]
        for place in places:
            network.removeEdge(count, int(place))
    return time.perf_counter() - start, [kept[0], np.array(kept[1].getDistances())[:count]], 0.0


def run_igraph(graph: RoadGraph, sources: Sources) -> Measured:
    """The same, the network made anew with that junction for each service."""
    import igraph

    indptr, head, centiseconds = graph.reverse()
    tail = np.repeat(np.arange(graph.nodes), np.diff(indptr))
    count = graph.nodes
    edges, weights = np.column_stack((tail, head)), centiseconds / 100.0
    start = time.perf_counter()
    kept = []
    for places in sources:
        more = np.column_stack((np.full(len(places), count), places))
        network = igraph.Graph(n=count + 1, edges=np.concatenate((edges, more)), directed=True)
        times = network.distances(source=count, weights=np.concatenate((weights, np.zeros(len(places)))))
        found = np.array(times[0])[:count]
        kept = [kept[0] if kept else found, found]
    return time.perf_counter() - start, kept, 0.0


ENGINES: dict[str, Callable[[RoadGraph, Sources], Measured]] = {
    "ours": run_ours,
    "scipy": run_scipy,
    "networkit": run_networkit,
    "igraph": run_igraph,
}


def measure(engine: str, path: Path, out: Path) -> None:
    """In a process of its own: seconds and memory on stdout, labels in `out`."""
    graph = read_roads(path)
    seconds, labels, before = ENGINES[engine](graph, sources_of(graph.nodes))
    np.save(out, np.array(labels, dtype=np.float32))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(json.dumps({"seconds": seconds, "peak_gb": peak, "nodes": graph.nodes, "arcs": graph.arcs, "before": before}))


def compare(nodes: int, peers: list[str], repeats: int, folder: Path) -> dict[str, float]:
    """Print one network's table; our seconds and junctions, for growth."""
    path = folder / f"{nodes}.npz"
    command = [sys.executable, __file__]
    subprocess.run([*command, "--tile", str(nodes), str(path)], check=True)
    results, labels = {}, {}
    for engine in ["ours", *peers]:
        out = folder / f"{engine}.npy"
        best = None
        for _ in range(repeats):
            done = subprocess.run(
                [*command, "--measure", engine, str(path), str(out)], capture_output=True, text=True, check=False
            )
            if done.returncode:
                print(f"  {engine:10} not run: {done.stderr.strip().splitlines()[-1][:90]}")
                break
            found = json.loads(done.stdout.strip().splitlines()[-1])
            best = found if best is None or found["seconds"] < best["seconds"] else best
        if best is None:
            continue
        results[engine], labels[engine] = best, np.load(out)
        if engine == "ours":
            print(f"{best['nodes']:,} junctions, {best['arcs']:,} arcs, {SERVICES} services")
        line = f"  {engine:10} {best['seconds']:8.3f} s   {best['peak_gb']:.2f} GB in all"
        if best["before"]:
            line += f"   contracted once before, in {best['before']:.3f} s"
        if engine != "ours":
            both = np.isfinite(labels[engine]) & (labels[engine] < 1e9)
            gap = float(np.abs(labels["ours"][both] - labels[engine][both]).max())
            line += f"   ours {best['seconds'] / results['ours']['seconds']:.1f} x faster"
            line += f"   labels differ by at most {gap:.3f} s"
        print(line, flush=True)
    return results.get("ours", {})


def main() -> None:
    """Print a table a network, and how our time grows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, nargs="+", default=[60_000, 600_000, 6_000_000])
    parser.add_argument("--peers", nargs="*", default=["scipy", "networkit", "igraph"])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--tile", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.tile:
        tiled(int(options.tile[0]), Path(options.tile[1]))
    elif options.measure:
        engine, path, out = options.measure
        measure(engine, Path(path), Path(out))
    else:
        with tempfile.TemporaryDirectory() as folder:
            ours = [compare(nodes, options.peers, options.repeats, Path(folder)) for nodes in options.nodes]
        print("growth of ours: " + ", ".join(f"{o['seconds'] / o['nodes'] * 1e6:.2f} µs a junction" for o in ours))


if __name__ == "__main__":
    main()
