"""GraphML road networks, as OSMnx writes them, to arcs.

Nodes carry ``x`` and ``y`` in degrees, edges ``length`` in metres and OpenStreetMap's tags. In an undirected file a
one-way's direction is that of its geometry.
"""

from __future__ import annotations

import gzip
import io
from array import array
from pathlib import Path
from typing import IO, cast

import numpy as np
from defusedxml.ElementTree import iterparse

from fs_pipeline.roads.arcs import Arcs
from fs_pipeline.roads.profiles import Passage, Profile
from fs_pipeline.unpacking import Bounded

_NAMESPACE = "{http://graphml.graphdrawing.org/xmlns}"


def read_graphml(path: Path, profile: Profile) -> Arcs:
    """The arcs of `path` (GraphML, plain or gzipped) for `profile`.

    Raises
    ------
    defusedxml.common.DefusedXmlException, xml.etree.ElementTree.ParseError, EOFError, OSError
        For a file that is truncated, damaged or not XML.
    UnpacksTooLarge
        For a file that unpacks to more than any network.
    KeyError, ValueError
        For a node without coordinates or an edge without its length.
    """
    with _open(path) as file:
        return _read(file, profile)


def _open(path: Path) -> IO[bytes]:
    if path.suffix != ".gz":
        return path.open("rb")
    return cast(IO[bytes], io.BufferedReader(Bounded(gzip.open(path))))


def _read(file: IO[bytes], profile: Profile) -> Arcs:
    names: dict[str, str] = {}
    numbers: dict[str, int] = {}
    longitude, latitude, seconds = array("d"), array("d"), array("d")
    tail, head, of_arc = array("q"), array("q"), array("i")
    passages: dict[Passage, int] = {}
    directed, as_of = True, None
    for event, element in iterparse(file, events=("start", "end")):
        kind = element.tag.removeprefix(_NAMESPACE)
        if event == "start":
            if kind == "graph":
                directed = element.get("edgedefault") != "undirected"
            continue
        if kind == "key":
            names[element.get("id")] = element.get("attr.name")
        elif kind == "data" and names.get(element.get("key")) == "created_date":
            as_of = (element.text or "")[:10] or None
        elif kind == "node":
            values = {names[item.get("key")]: item.text or "" for item in element}
            numbers[element.get("id")] = len(numbers)
            longitude.append(float(values["x"]))
            latitude.append(float(values["y"]))
            element.clear()
        elif kind == "edge":
            values = {names[item.get("key")]: item.text or "" for item in element}
            ends = numbers[element.get("source")], numbers[element.get("target")]
            passage = profile.passage(_tags(values))
            if passage is not None:
                for start, end in _directions(passage, values, ends, directed, (longitude, latitude)):
                    tail.append(start)
                    head.append(end)
                    seconds.append(_seconds(passage, values))
                    of_arc.append(passages.setdefault(passage, len(passages)))
            element.clear()
    return Arcs(
        np.array(longitude, dtype=np.float64),
        np.array(latitude, dtype=np.float64),
        np.array(tail, dtype=np.int64),
        np.array(head, dtype=np.int64),
        np.array(seconds, dtype=np.float64),
        np.array(of_arc, dtype=np.int32),
        list(passages),
        as_of,
    )


def _tags(values: dict[str, str]) -> dict[str, str]:
    return {**values, "highway": _first(values.get("highway", "")), "surface": _first(values.get("surface", ""))}


def _seconds(passage: Passage, values: dict[str, str]) -> float:
    return (passage.duration_s or float(values["length"]) * 3.6 / passage.kmh) + passage.wait_s


def _directions(
    passage: Passage,
    values: dict[str, str],
    ends: tuple[int, int],
    directed: bool,
    points: tuple[array[float], array[float]],
) -> list[tuple[int, int]]:
    """The ends of the arcs of one edge; a directed file spells both directions itself."""
    start, end = ends
    if directed:
        return [(start, end)]
    if passage.forward != passage.backward:
        along = _starts_at(values.get("geometry"), points[0][start], points[1][start])
        return [(start, end) if along == passage.forward else (end, start)]
    return [(start, end), (end, start)]


def _first(text: str) -> str:
    """The first of a list that OSMnx wrote as Python text (``['primary', 'residential']``)."""
    return text.strip("[]").split(",")[0].strip(" '\"")


def _starts_at(geometry: str | None, longitude: float, latitude: float) -> bool:
    """Whether the line begins at the point; True without a line."""
    if not geometry or "(" not in geometry:
        return True
    x, y = geometry.partition("(")[2].split(",")[0].split()[:2]
    return abs(float(x) - longitude) < 1e-7 and abs(float(y) - latitude) < 1e-7
