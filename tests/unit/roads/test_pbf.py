"""`.osm.pbf` files: the compiled reader beside the one by objects, and files that are not what they should be."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Mapping

import numpy as np
import osmium
import pytest

from fs_pipeline.roads import reading
from fs_pipeline.roads.graph import RoadGraph
from fs_pipeline.roads.pbf_file import PbfFile
from fs_pipeline.roads.profiles import load_profile
from fs_pipeline.roads.reading import ARRAYS, UnreadableRoads, kept, read_roads

FAR = (1 << 33) + 5  # ids that fill more than 32 bits
WAYS = {
    10: ([1, 2, FAR], {"highway": "primary", "name": "Grande rue"}),
    11: ([FAR, 4], {"highway": "residential", "oneway": "yes"}),
    12: ([4, -7, 1], {"highway": "tertiary", "maxspeed": "50"}),
    13: ([1, 999, 2], {"highway": "tertiary"}),  # 999 is not in the file
    14: ([2, 4], {"highway": "footway"}),
    15: ([], {"highway": "primary"}),
    16: ([2], {"highway": "primary"}),
    17: ([1, 4], {"building": "yes"}),
}
NODES = {-7: (0.03, 0.01), 1: (0.0, 0.0), 2: (0.01, 0.0), 4: (0.02, 0.01), 55: (5.0, 5.0), FAR: (0.02, 0.0)}


@pytest.fixture
def compiled(monkeypatch):
    """Every file is a large one."""
    monkeypatch.setattr(reading, "LARGE_BYTES", 0)


def write(path, kind: str = "pbf", nodes: Mapping = NODES, ways: Mapping = WAYS, tags: Mapping = {}):
    with osmium.SimpleWriter(osmium.io.File(str(path), kind), overwrite=True) as writer:
        for number, place in nodes.items():
            writer.add_node(osmium.osm.mutable.Node(id=number, location=place, tags=tags.get(number, {})))
        for number, (refs, way_tags) in ways.items():
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=refs, tags=way_tags))
    return path


def same(one: RoadGraph, other: RoadGraph) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ARRAYS)


def by_objects(path, monkeypatch) -> RoadGraph:
    with monkeypatch.context() as patch:
        patch.setattr(reading, "LARGE_BYTES", 1 << 62)
        return read_roads(path)


@pytest.mark.usefixtures("compiled")
def test_both_readers_find_the_same_roads_in_a_country(real_data, monkeypatch):
    path = real_data / "roads" / "andorra.osm.pbf"
    found, beside = read_roads(path), by_objects(path, monkeypatch)
    assert found.nodes > 2_000
    assert same(found, beside)
    assert found.as_of == beside.as_of == "2013-05-28"


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize(
    "kind", ["pbf", "pbf,pbf_dense_nodes=false", "pbf,pbf_compression=none", "pbf,add_metadata=all"]
)
def test_ids_forms_and_holes_are_read_as_the_other_reader_does(tmp_path, monkeypatch, kind):
    tags = {2: {"barrier": "bollard", "name": "Borne"}, 4: {"barrier": "gate", "access": "forestry;agricultural"}}
    for file, of_nodes in (("open", {}), ("closed", tags)):
        path = write(tmp_path / f"{file}.osm.pbf", kind, tags=of_nodes)
        assert same(read_roads(path), by_objects(path, monkeypatch))
    assert read_roads(tmp_path / "open.osm.pbf").arcs > read_roads(tmp_path / "closed.osm.pbf").arcs > 0


@pytest.mark.usefixtures("compiled")
def test_nodes_in_any_order_and_in_many_blocks_are_found(tmp_path, monkeypatch):
    draw = np.random.default_rng(5)
    numbers = draw.permutation(30_000) + 1
    nodes = {int(number): (number % 173 / 1000, number // 173 / 1000) for number in numbers}
    ways = {
        way: (draw.integers(1, 30_001, 12).tolist(), {"highway": "residential", "ref": str(way % 7)})
        for way in range(1, 9_000)
    }
    path = write(tmp_path / "x.osm.pbf", nodes=nodes, ways=ways)
    with PbfFile(path) as file:
        assert len(file.blobs) > 4
    found = read_roads(path)
    assert same(found, by_objects(path, monkeypatch))
    monkeypatch.setattr(reading, "cores", lambda: 3)
    assert same(found, read_roads(path))


def test_ways_that_tell_where_their_nodes_are_need_no_nodes(tmp_path, monkeypatch):
    whole = write(tmp_path / "whole.osm.pbf")
    told = tmp_path / "told.osm.pbf"
    without = {number: way for number, way in WAYS.items() if -7 not in way[0] and 999 not in way[0]}
    write(whole, ways=without)
    with osmium.SimpleWriter(osmium.io.File(str(told), "pbf,locations_on_ways=true"), overwrite=True) as writer:
        for thing in osmium.FileProcessor(str(whole)).with_locations():
            if thing.is_way():
                writer.add(thing)
    monkeypatch.setattr(reading, "LARGE_BYTES", 1 << 62)  # the reader by objects is not asked
    found = read_roads(told)
    assert found.arcs == read_roads(whole).arcs > 0
    assert found.longitude == pytest.approx(read_roads(whole).longitude)


# What is read twice


def test_a_network_and_its_contraction_are_kept_together_and_read_again(tmp_path, monkeypatch):
    path, cache = write(tmp_path / "x.osm.pbf"), tmp_path / "cache"
    built = read_roads(path, cache_dir=cache)
    contraction = built.contraction
    monkeypatch.setattr("fs_pipeline.roads.contraction.contract", None)  # nobody contracts it again
    again = read_roads(path, cache_dir=cache)
    assert same(again, built)
    assert np.array_equal(again.contraction.position, contraction.position)
    assert (again.contraction.core, again.source, again.classes) == (contraction.core, "x.osm.pbf", built.classes)
    (folder,) = cache.iterdir()
    short = (folder / "head.npy").read_bytes()[:-4]
    (folder / "head.npy").unlink()  # what was read of it stays
    (folder / "head.npy").write_bytes(short)  # a disk that was full
    assert kept(folder) is None
    assert same(read_roads(path, cache_dir=cache), built)
    assert kept(folder) is not None


def test_other_speeds_and_another_file_make_another_network(tmp_path, monkeypatch):
    path, cache = write(tmp_path / "x.osm.pbf"), tmp_path / "cache"
    read_roads(path, cache_dir=cache)
    monkeypatch.setattr(reading, "tables_digest", lambda: "other")
    read_roads(path, cache_dir=cache)
    write(path, ways={number: WAYS[number] for number in (10, 11)})
    read_roads(path, cache_dir=cache)
    assert len(list(cache.iterdir())) == 3


def test_a_profile_asks_for_the_keys_that_it_looks_at_and_no_others():
    class Asked(dict[str, str]):
        def __init__(self, tags: Mapping[str, str]) -> None:
            super().__init__(tags)
            self.seen: set[str] = set()

        def get(self, key, default=None):
            self.seen.add(key)
            return super().get(key, default)

        def __contains__(self, key):
            self.seen.add(key)
            return super().__contains__(key)

    for name in ("car", "foot"):
        profile = load_profile(name)
        for tags in ({"highway": "primary"}, {"route": "ferry"}, {"highway": "track"}, {"highway": "motorway"}):
            way = Asked(tags)
            profile.passage(way)
            assert way.seen <= set(profile.way_keys)
        node = Asked({"barrier": "gate"})
        profile.is_closed_by(node)
        assert node.seen <= set(profile.node_keys)


# Files that are not what they should be


def field(number: int, content: bytes | int) -> bytes:
    return (
        varint(number << 3) + varint(content)
        if isinstance(content, int)
        else varint(number << 3 | 2) + varint(len(content)) + content
    )


def varint(value: int) -> bytes:
    parts = []
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])


def blob(kind: bytes, content: bytes) -> bytes:
    header = field(1, kind) + field(3, len(content))
    return len(header).to_bytes(4) + header + content


def raw(content: bytes) -> bytes:
    return field(1, content)


HEADER = blob(b"OSMHeader", raw(field(4, b"OsmSchema-V0.6") + field(4, b"DenseNodes")))


def by_hand(path, *contents: bytes, header: bytes = HEADER):
    path.write_bytes(b"".join([header, *(blob(b"OSMData", content) for content in contents)]))
    return path


TEXTS = field(1, b"".join(field(1, text) for text in (b"", b"highway", b"primary")))
OUT_OF_TABLE = raw(TEXTS + field(2, field(3, field(1, 5) + field(2, varint(1)) + field(3, varint(9)))))
LONG_REFS = raw(TEXTS + field(2, field(3, field(2, varint(1)) + field(3, varint(2)) + field(8, b"\xff" * 12))))
ENDLESS = raw(TEXTS + b"\x12\xff\xff\x7f")
TOO_LONG = field(2, 10) + field(3, zlib.compress(b"x" * 5_000_000))


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize(
    "content", [OUT_OF_TABLE, LONG_REFS, ENDLESS, TOO_LONG, field(2, 9) + field(3, b"no zlib"), b""]
)
def test_a_damaged_block_is_said_to_be_so(tmp_path, content):
    with pytest.raises(UnreadableRoads, match="tronqué ou abîmé"):
        read_roads(by_hand(tmp_path / "x.osm.pbf", content))


@pytest.mark.parametrize(
    ("features", "packed", "said"),
    [
        ([b"OsmSchema-V0.6", b"HistoricalInformation"], None, "demande « HistoricalInformation »"),
        ([b"OsmSchema-V0.6"], 4, "comprimé par lzma"),
        ([b"OsmSchema-V0.6"], 7, "comprimé par zstd"),
    ],
)
@pytest.mark.usefixtures("compiled")
def test_what_is_not_read_here_is_named(tmp_path, features: Iterable[bytes], packed, said):
    header = blob(b"OSMHeader", raw(b"".join(field(4, name) for name in features)))
    content = raw(TEXTS) if packed is None else field(2, 10) + field(packed, b"whatever")
    with pytest.raises(UnreadableRoads, match=said):
        read_roads(by_hand(tmp_path / "x.osm.pbf", content, header=header))


@pytest.mark.usefixtures("compiled")
def test_a_file_cut_anywhere_is_refused(tmp_path):
    content = write(tmp_path / "x.osm.pbf").read_bytes()
    for size in (3, 20, len(HEADER), len(content) // 2, len(content) - 1):
        (tmp_path / "cut.osm.pbf").write_bytes(content[:size])
        with pytest.raises(UnreadableRoads):
            read_roads(tmp_path / "cut.osm.pbf")


@pytest.mark.usefixtures("compiled")
def test_a_file_without_roads_is_said_to_be_so(tmp_path):
    for ways in ({}, {14: WAYS[14]}, {17: WAYS[17]}):
        with pytest.raises(UnreadableRoads, match="aucune route ouverte"):
            read_roads(write(tmp_path / "x.osm.pbf", ways=ways))


@pytest.mark.parametrize("large", [True, False])
def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path, monkeypatch, large):
    path = write(tmp_path / "x.osm.pbf")
    monkeypatch.setattr(reading, "LARGE_BYTES", 0 if large else 1 << 62)
    judge = load_profile("car").__class__.passage

    def touched(self, tags):
        os.utime(path, (1, 1))  # somebody else writes
        return judge(self, tags)

    monkeypatch.setattr(load_profile("car").__class__, "passage", touched)
    with pytest.raises(UnreadableRoads, match="a changé pendant sa lecture"):
        read_roads(path)
