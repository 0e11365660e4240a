"""How fast, and which way, a road may be travelled: the reviewed speed tables read against OpenStreetMap's tags.

Files and graphs are elsewhere; turn restrictions, traffic and lights are not modelled.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from fs_pipeline import data

SPEEDS = "road_speeds.csv"
SURFACES = "road_surfaces.csv"
ROAD_KEYS = ("highway", "route")  # what makes a way worth reading

# Most specific key first: the first one present decides.
_ACCESS_KEYS = {"car": ("motorcar", "motor_vehicle", "vehicle", "access"), "foot": ("foot", "access")}
_ONEWAY_KEYS = {"car": ("oneway:motorcar", "oneway:motor_vehicle", "oneway"), "foot": ("oneway:foot",)}
_CLOSED = frozenset(
    {"no", "private", "agricultural", "forestry", "agricultural;forestry", "military", "delivery", "emergency"}
)
_OPEN = frozenset({"yes", "permissive", "designated", "destination", "public", "official"})
_CLOSING_BARRIERS = {
    "car": frozenset({"bollard", "block", "chain", "jersey_barrier", "log", "cycle_barrier", "motorcycle_barrier",
                      "bus_trap", "kissing_gate", "stile", "turnstile", "debris", "planter", "swing_gate"}),
    "foot": frozenset(),
}  # fmt: skip
_IMPLIED_ONEWAY = frozenset({"motorway", "motorway_link"})
_ROUNDABOUTS = frozenset({"roundabout", "circular"})
_ALWAYS_URBAN = frozenset({"residential", "living_street"})
_URBAN_KEYS = ("maxspeed", "maxspeed:type", "source:maxspeed", "zone:maxspeed", "zone:traffic")
_URBAN_LIMIT_KMH = 50.0
_SHARE_OF_LIMIT = 0.9  # nobody keeps the limit all the way
_MPH_KMH = 1.609344
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Passage:
    """What a way allows: km/h, a fixed wait, and the directions that are open."""

    kmh: float
    wait_s: float
    forward: bool
    backward: bool
    duration_s: float | None = None  # a ferry's mapped crossing, whatever its length


@dataclass(frozen=True, eq=False)
class Profile:
    """One way of travelling: ``car`` or ``foot``."""

    name: str
    speeds: Mapping[str, tuple[float, float, float]]  # class to km/h rural, km/h urban, seconds waited
    surfaces: Mapping[str, float]

    def passage(self, tags: Mapping[str, str]) -> Passage | None:
        """What `tags` of a way allow, or None where it is closed to this profile."""
        road_class = "ferry" if tags.get("route") == "ferry" else tags.get("highway", "")
        if road_class not in self.speeds or not self._is_open(tags):
            return None
        rural, urban, wait_s = self.speeds[road_class]
        limit = _limit_kmh(tags.get("maxspeed"))
        kmh = urban if _is_urban(road_class, tags, limit) else rural
        if self.name == "car":
            kmh *= self.surfaces.get(tags.get("surface", ""), 1.0)
            if limit:
                kmh = min(kmh, limit * _SHARE_OF_LIMIT)
        forward, backward = self._directions(road_class, tags)
        duration = _seconds(tags.get("duration")) if road_class == "ferry" else None
        return Passage(kmh, wait_s, forward, backward, duration)

    def is_closed_by(self, node_tags: Mapping[str, str]) -> bool:
        """Whether a barrier standing on the road stops this profile."""
        barrier = node_tags.get("barrier")
        if barrier is None:
            return False
        for key in _ACCESS_KEYS[self.name]:
            if key in node_tags:
                return node_tags[key] in _CLOSED
        return barrier in _CLOSING_BARRIERS[self.name]

    def _is_open(self, tags: Mapping[str, str]) -> bool:
        if tags.get("area") == "yes" or tags.get("impassable") == "yes" or tags.get("smoothness") == "impassable":
            return False
        if self.name == "foot" and tags.get("motorroad") == "yes":
            return False
        for key in _ACCESS_KEYS[self.name]:
            value = tags.get(key)
            if value in _CLOSED:
                return False
            if value in _OPEN:
                return True
        return True

    def _directions(self, road_class: str, tags: Mapping[str, str]) -> tuple[bool, bool]:
        for key in _ONEWAY_KEYS[self.name]:
            value = tags.get(key)
            if value in {"yes", "true", "1", "True"}:
                return True, False
            if value in {"-1", "reverse"}:
                return False, True
            if value in {"no", "false", "0", "False"}:
                return True, True
        if self.name == "car" and (road_class in _IMPLIED_ONEWAY or tags.get("junction") in _ROUNDABOUTS):
            return True, False
        return True, True


@cache
def load_profile(name: str) -> Profile:
    """The profile `name` of the reviewed tables.

    Raises
    ------
    ValueError
        When the tables do not hold it.
    """
    speeds = {
        row["class"]: (float(row["kmh_rural"]), float(row["kmh_urban"]), float(row["wait_s"]))
        for row in data.read_csv(SPEEDS)
        if row["profile"] == name
    }
    if not speeds:
        raise ValueError(f"profil « {name} » inconnu\u00a0: attendu car ou foot")
    surfaces = {row["surface"]: float(row["factor"]) for row in data.read_csv(SURFACES) if row["profile"] == name}
    return Profile(name, speeds, surfaces)


@cache
def tables_digest() -> str:
    """Changes when a reviewed speed does, so that a kept graph is never older than its speeds."""
    content = b"".join(data.path(name).read_bytes() for name in (SPEEDS, SURFACES))
    return hashlib.sha256(content).hexdigest()[:12]


def _is_urban(road_class: str, tags: Mapping[str, str], limit: float | None) -> bool:
    if road_class in _ALWAYS_URBAN or (limit is not None and limit <= _URBAN_LIMIT_KMH):
        return True
    return any("urban" in tags.get(key, "") for key in _URBAN_KEYS)


def _limit_kmh(text: str | None) -> float | None:
    """The limit in km/h, the lowest of several; None where it is not a number."""
    numbers = [float(number) for number in _NUMBER.findall(text or "")]
    if not numbers:
        return None
    limit = min(numbers) * (_MPH_KMH if "mph" in (text or "") else 1.0)
    return limit or None


def _seconds(text: str | None) -> float | None:
    """Seconds of ``MM``, ``HH:MM`` or ``HH:MM:SS``."""
    if text is None:
        return None
    if text.isdigit():
        return float(text) * 60.0
    parts = text.split(":")
    if not 2 <= len(parts) <= 3 or not all(part.isdigit() for part in parts):
        return None
    hours, minutes, seconds = [float(part) for part in (*parts, "0")][:3]
    return hours * 3600.0 + minutes * 60.0 + seconds
