"""Road files to ``RoadGraph``: read once, then kept under the digest of the file and of the speed tables."""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from gzip import BadGzipFile
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import numpy as np

from fs_pipeline.roads.graph import RoadGraph, build_graph
from fs_pipeline.roads.osm import Arcs
from fs_pipeline.roads.profiles import load_profile, tables_digest
from fs_pipeline.unpacking import UnpacksTooLarge

__all__ = ["RoadGraph", "UnreadableRoads", "read_roads", "save_roads"]

_ARRAYS = ("longitude", "latitude", "indptr", "head", "centiseconds", "on_network")
_TEXTS = ("source", "sha256", "as_of", "profile")
_FORMAT = "1"  # changes when what a kept file holds does


class UnreadableRoads(ValueError):
    """A road file that cannot be used; its text is French and fits one line."""


def read_roads(path: str | Path, *, profile: str = "car", cache_dir: Path | None = None) -> RoadGraph:
    """The road network of a file.

    Parameters
    ----------
    path
        ``.osm.pbf`` or ``.osm`` (OpenStreetMap), ``.graphml`` or ``.graphml.gz`` (OSMnx), or ``.npz`` (``save_roads``;
        its own profile stands).
    profile
        ``car`` or ``foot``.
    cache_dir
        Where built networks are kept, keyed by the file's digest, the profile and the speed tables; None keeps nothing.

    Raises
    ------
    UnreadableRoads
        When the file is absent, empty, truncated, of another kind, or holds no road open to the profile.
    """
    path = Path(path)
    if not path.is_file():
        raise UnreadableRoads(f"{path.name}\u00a0: fichier de routes introuvable")
    if path.stat().st_size == 0:
        raise UnreadableRoads(f"{path.name}\u00a0: fichier de routes vide\u202f; le télécharger à nouveau")
    if path.suffix == ".npz":
        return _load(path)
    sha256 = _digest(path)
    kept = cache_dir / f"{sha256[:16]}-{profile}-{tables_digest()}-{_FORMAT}.npz" if cache_dir else None
    if kept and kept.is_file():
        return _load(kept)
    arcs = _read(path, profile)
    if not len(arcs.tail):
        raise UnreadableRoads(f"{path.name}\u00a0: aucune route ouverte dans ce fichier\u202f; est-il entier\u202f?")
    used = np.concatenate((arcs.tail, arcs.head))
    if np.abs(arcs.longitude[used]).max() > 180.0 or np.abs(arcs.latitude[used]).max() > 90.0:
        raise UnreadableRoads(f"{path.name}\u00a0: coordonnées en mètres\u202f; attendu des degrés (EPSG:4326)")
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
    )
    if kept:
        save_roads(graph, kept)
    return graph


def save_roads(graph: RoadGraph, path: Path) -> None:
    """Write `graph` as ``.npz``, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content: dict[str, Any] = {name: getattr(graph, name) for name in _ARRAYS}
    content |= {name: np.array(getattr(graph, name) or "") for name in _TEXTS}
    handle, temporary = tempfile.mkstemp(suffix=".npz", dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        np.savez(file, **content, format=np.array(_FORMAT))
    Path(temporary).replace(path)


def _read(path: Path, profile: str) -> Arcs:
    from defusedxml.common import DefusedXmlException

    name = path.name.lower()
    travel = load_profile(profile)
    try:
        if name.endswith((".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")):
            from fs_pipeline.roads.osm import read_osm

            return read_osm(path, travel)
        if name.endswith((".graphml", ".graphml.gz")):
            from fs_pipeline.roads.graphml import read_graphml

            return read_graphml(path, travel)
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


def _load(path: Path) -> RoadGraph:
    if not zipfile.is_zipfile(path):
        raise UnreadableRoads(f"{path.name}\u00a0: ce n’est pas un réseau enregistré (.npz)")
    try:
        with np.load(path, allow_pickle=False) as stored:
            content: dict[str, Any] = {name: stored[name] for name in _ARRAYS}
            content |= {name: str(stored[name]) for name in _TEXTS}
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
