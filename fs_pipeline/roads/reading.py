"""Road files to ``RoadGraph``: read once, then kept under the digest of the file and of the speed tables."""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Callable
from gzip import BadGzipFile
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import numpy as np

from fs_pipeline.cores import cores
from fs_pipeline.roads.arcs import Arcs
from fs_pipeline.roads.graph import RoadGraph, build_graph
from fs_pipeline.roads.keeping import read_arrays, write_arrays
from fs_pipeline.roads.pbf_file import PbfFile
from fs_pipeline.roads.profiles import Profile, load_profile, tables_digest
from fs_pipeline.roads.unreadable import UnreadableRoads
from fs_pipeline.unpacking import UnpacksTooLarge

__all__ = ["RoadGraph", "UnreadableRoads", "read_roads", "save_roads"]

ARRAYS = ("longitude", "latitude", "indptr", "head", "centiseconds", "on_network", "rest_area", "road_class", "main")
TEXTS = ("source", "sha256", "as_of", "profile", "classes")
LARGE_BYTES = 5_000_000  # from here on, reading by compiled code pays for loading it
_FORMAT = "3"  # changes when what a kept network or contraction holds does
Told = Callable[[str, float], None]  # what is read, and the share of it that is done


def read_roads(
    path: str | Path, *, profile: str = "car", cache_dir: Path | None = None, tell: Told = lambda _what, _share: None
) -> RoadGraph:
    """The road network of a file.

    Parameters
    ----------
    path
        ``.osm.pbf`` or ``.osm`` (OpenStreetMap), ``.graphml`` or ``.graphml.gz`` (OSMnx), or ``.npz`` (``save_roads``;
        its own profile stands).
    profile
        ``car`` or ``foot``.
    cache_dir
        Where built networks and their contractions are kept, keyed by the file's digest, the profile and the speed
        tables; None keeps nothing.
    tell
        Called now and then with what is read and the share of it that is done.

    Raises
    ------
    UnreadableRoads
        When the file is absent, empty, truncated, of another kind, changes meanwhile, or holds no road open to the
        profile.
    """
    path = Path(path)
    if not path.is_file():
        raise UnreadableRoads(f"{path.name}\u00a0: fichier de routes introuvable")
    if path.stat().st_size == 0:
        raise UnreadableRoads(f"{path.name}\u00a0: fichier de routes vide\u202f; le télécharger à nouveau")
    if path.suffix == ".npz":
        return _load(path)
    sha256 = _digest(path)
    folder = cache_dir / f"{sha256[:16]}-{profile}-{tables_digest()}-{_FORMAT}" if cache_dir else None
    known = kept(folder) if folder else None
    if known is not None:
        return known
    travel = load_profile(profile)
    arcs = _read(path, travel, tell)
    if not len(arcs.tail):
        raise UnreadableRoads(f"{path.name}\u00a0: aucune route ouverte dans ce fichier\u202f; est-il entier\u202f?")
    used = np.concatenate((arcs.tail, arcs.head))
    if np.abs(arcs.longitude[used]).max() > 180.0 or np.abs(arcs.latitude[used]).max() > 90.0:
        raise UnreadableRoads(f"{path.name}\u00a0: coordonnées en mètres\u202f; attendu des degrés (EPSG:4326)")
    del used
    graph = build_graph(
        arcs.longitude,
        arcs.latitude,
        arcs.tail,
        arcs.head,
        arcs.seconds,
        source=path.name,
        sha256=sha256,
        as_of=arcs.as_of,
        profile=profile,
        passage=arcs.passage,
        passages=arcs.passages,
        classes=tuple(travel.speeds),
    )
    if folder is None:
        return graph
    keep(graph, folder)
    return kept(folder) or graph


def save_roads(graph: RoadGraph, path: Path) -> None:
    """Write `graph` as ``.npz``, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content: dict[str, Any] = {name: getattr(graph, name) for name in ARRAYS}
    content |= {name: np.array(getattr(graph, name) or "") for name in TEXTS}
    handle, temporary = tempfile.mkstemp(suffix=".npz", dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        np.savez(file, **content, format=np.array(_FORMAT))
    Path(temporary).replace(path)


def keep(graph: RoadGraph, folder: Path) -> None:
    """Write `graph` to `folder`, whole or not at all."""
    write_arrays(
        folder, {name: getattr(graph, name) for name in ARRAYS}, {name: getattr(graph, name) for name in TEXTS}
    )


def kept(folder: Path) -> RoadGraph | None:
    """The network of `folder`, or None where it is not there or not whole."""
    found = read_arrays(folder, ARRAYS)
    if found is None:
        return None
    arrays, about = found
    try:
        classes = tuple(str(name) for name in about.pop("classes"))
        texts = {name: about[name] for name in TEXTS if name != "classes"}
        content: dict[str, Any] = arrays | texts
        graph = RoadGraph(**content, classes=classes, kept_in=folder)
    except (KeyError, TypeError):
        return None
    return graph if len(graph.indptr) == graph.nodes + 1 and graph.indptr[-1] == graph.arcs else None


def _read(path: Path, travel: Profile, tell: Told) -> Arcs:
    from defusedxml.common import DefusedXmlException

    name = path.name.lower()
    try:
        if name.endswith(".pbf"):
            return _read_pbf(path, travel, tell)
        if name.endswith((".osm", ".osm.gz", ".osm.bz2")):
            from fs_pipeline.roads.osm import read_osm

            return read_osm(path, travel)
        if name.endswith((".graphml", ".graphml.gz")):
            from fs_pipeline.roads.graphml import read_graphml

            return read_graphml(path, travel)
    except UnreadableRoads:
        raise
    except (RuntimeError, BadGzipFile, EOFError, ParseError, DefusedXmlException) as error:
        raise UnreadableRoads(
            f"{path.name}\u00a0: fichier de routes tronqué ou abîmé\u202f; le télécharger à nouveau"
        ) from error
    except UnpacksTooLarge as error:
        raise UnreadableRoads(f"{path.name}\u00a0: {error}") from error
    except (KeyError, ValueError) as error:
        raise UnreadableRoads(
            f"{path.name}\u00a0: ce n’est pas un réseau de routes (coordonnées ou longueurs absentes)"
        ) from error
    raise UnreadableRoads(f"{path.name}\u00a0: format inconnu\u202f; attendu .osm.pbf, .graphml, .graphml.gz ou .npz")


def _read_pbf(path: Path, travel: Profile, tell: Told) -> Arcs:
    """By compiled code where the file is large, ways tell where they are, and there is a folder to keep that code in."""
    with PbfFile(path) as file:  # refuses what neither reader reads
        small = path.stat().st_size < LARGE_BYTES and not file.tells_places_on_ways
        read_blocks = None if small else _compiled_reader()
        if read_blocks is not None:
            return read_blocks(file, travel, threads=cores(), tell=tell)
        from fs_pipeline.roads.osm import read_osm

        arcs = read_osm(path, travel)
        file.check_unchanged()
        return arcs


def _compiled_reader() -> Callable[..., Arcs] | None:
    """None without numba, and where it finds no folder to keep compiled code in (a read-only installation)."""
    try:
        from fs_pipeline.roads.osm_pbf import read_pbf
    except (ImportError, RuntimeError):
        return None
    return read_pbf


def _load(path: Path) -> RoadGraph:
    if not zipfile.is_zipfile(path):
        raise UnreadableRoads(f"{path.name}\u00a0: ce n’est pas un réseau enregistré (.npz)")
    try:
        with np.load(path, allow_pickle=False) as stored:
            content: dict[str, Any] = {name: stored[name] for name in ARRAYS}
            content |= {name: str(stored[name]) for name in TEXTS if name != "classes"}
            content["classes"] = tuple(stored["classes"].tolist())
            version = str(stored["format"])
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise UnreadableRoads(f"{path.name}\u00a0: réseau enregistré illisible\u202f; le refaire") from error
    if version != _FORMAT:
        raise UnreadableRoads(f"{path.name}\u00a0: réseau enregistré par une autre version\u202f; le refaire")
    content["as_of"] = content["as_of"] or None
    return RoadGraph(**content)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
