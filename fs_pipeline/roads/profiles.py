"""How fast, and which way, a road may be travelled: the reviewed speed tables read against OpenStreetMap's tags.

Files and graphs are elsewhere. Not modelled: turn restrictions, traffic, lights, and what holds at some hours only
(``access:conditional``, ``oneway:conditional``): a road is what its other tags say it is (docs/adr/0041).
Source of the rules: https://wiki.openstreetmap.org/wiki/Key:access, Key:oneway, Key:duration.
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
BARRIER_KEYS = ("barrier",)  # what makes a node worth reading
FERRY = "ferry"

# Most specific key first: the first one present decides.
_ACCESS_KEYS = {"car": ("motorcar", "motor_vehicle", "vehicle", "access"), "foot": ("foot", "access")}
_ONEWAY_KEYS = {"car": ("oneway:motorcar", "oneway:motor_vehicle", "oneway"), "foot": ("oneway:foot",)}
_CLOSED = frozenset({
    "no", "private", "agricultural", "forestry", "military", "delivery", "emergency", "permit",
    "psv", "bus", "taxi", "coach", "hgv", "bicycle", "foot", "official_vehicles", "service_vehicles", "maintenance",
})  # fmt: skip
_OPEN = frozenset({"yes", "permissive", "designated", "destination", "customers", "public", "official", "residents"})
_SEVERAL = re.compile(r"[;,|]")
_ALONG, _AGAINST = ":forward", ":backward"
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
_MOTORWAYS = frozenset({"motorway", "motorway_link"})
_NO_TUNNEL = frozenset({"no", "culvert", "flooded"})  # the water's, under the road
_SIGNED_OPEN_ONLY = frozenset({"track"})  # anybody's track is nobody's road
_READ_BESIDE = ("area", "impassable", "smoothness", "motorroad", "junction", "surface", "tunnel", "duration")
_ISO_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Passage:
    """What a way allows: km/h, a fixed wait, and the directions that are open.

    Attributes
    ----------
    road_class
        Row of the table of speeds.
    may_stop
        Whether a journey may start or end there: on no motorway, ferry or tunnel.
    motorway
        Whether what stands beside the road cannot get on: motorways, their slip roads, and ``motorroad``.
    """

    kmh: float
    wait_s: float
    forward: bool
    backward: bool
    duration_s: float | None = None  # a ferry's mapped crossing, whatever its length
    road_class: str = ""
    may_stop: bool = True
    motorway: bool = False


@dataclass(frozen=True, eq=False)
class Profile:
    """One way of travelling: ``car`` or ``foot``."""

    name: str
    speeds: Mapping[str, tuple[float, float, float]]  # class to km/h rural, km/h urban, seconds waited
    surfaces: Mapping[str, float]

    @property
    def way_keys(self) -> tuple[str, ...]:
        """The keys of a way that ``passage`` looks at; others change nothing of what it says."""
        access = _ACCESS_KEYS[self.name]
        directed = (f"{key}{side}" for key in access for side in (_ALONG, _AGAINST))
        return (*ROAD_KEYS, *access, *directed, *_ONEWAY_KEYS[self.name], *_URBAN_KEYS, *_READ_BESIDE)

    @property
    def node_keys(self) -> tuple[str, ...]:
        """The keys of a node that ``is_closed_by`` looks at."""
        return (*BARRIER_KEYS, *_ACCESS_KEYS[self.name])

    def passage(self, tags: Mapping[str, str]) -> Passage | None:
        """What `tags` of a way allow, or None where it is closed to this profile."""
        road_class = FERRY if tags.get("route") == FERRY else tags.get("highway", "")
        if road_class not in self.speeds or not self._is_open(road_class, tags):
            return None
        forward, backward = self._directions(road_class, tags)
        if not forward and not backward:
            return None
        rural, urban, wait_s = self.speeds[road_class]
        limit = _limit_kmh(tags.get("maxspeed"))
        kmh = urban if _is_urban(road_class, tags, limit) else rural
        if self.name == "car":
            kmh *= self.surfaces.get(tags.get("surface", ""), 1.0)
            if limit:
                kmh = min(kmh, limit * _SHARE_OF_LIMIT)
        duration = _seconds(tags.get("duration")) if road_class == FERRY else None
        motorway = road_class in _MOTORWAYS or tags.get("motorroad") == "yes"
        in_tunnel = tags.get("tunnel", "no") not in _NO_TUNNEL
        may_stop = not (motorway or in_tunnel or road_class == FERRY)
        return Passage(kmh, wait_s, forward, backward, duration, road_class, may_stop, motorway)

    def is_closed_by(self, node_tags: Mapping[str, str]) -> bool:
        """Whether a barrier standing on the road stops this profile."""
        barrier = node_tags.get("barrier")
        if barrier is None:
            return False
        signed = self._signed(node_tags)
        return barrier in _CLOSING_BARRIERS[self.name] if signed is None else not signed

    def _is_open(self, road_class: str, tags: Mapping[str, str]) -> bool:
        if tags.get("area") == "yes" or tags.get("impassable") == "yes" or tags.get("smoothness") == "impassable":
            return False
        if self.name == "foot" and tags.get("motorroad") == "yes":
            return False
        signed = self._signed(tags)
        return (self.name == "foot" or road_class not in _SIGNED_OPEN_ONLY) if signed is None else signed

    def _signed(self, tags: Mapping[str, str], side: str = "") -> bool | None:
        """Whether signs open the road or close it, the most specific one that says either; None where none does."""
        for key in _ACCESS_KEYS[self.name]:
            said = opens(tags.get(f"{key}{side}"), self.name)
            if said is not None:
                return said
        return None

    def _directions(self, road_class: str, tags: Mapping[str, str]) -> tuple[bool, bool]:
        forward, backward = self._one_way(road_class, tags)
        return forward and self._signed(tags, _ALONG) is not False, backward and self._signed(
            tags, _AGAINST
        ) is not False

    def _one_way(self, road_class: str, tags: Mapping[str, str]) -> tuple[bool, bool]:
        for key in _ONEWAY_KEYS[self.name]:
            value = tags.get(key)
            if value in {"yes", "true", "1", "True"}:
                return True, False
            if value in {"-1", "reverse"}:
                return False, True
            if value in {"no", "false", "0", "False", "alternating"}:
                return True, True
            if value == "reversible":  # now one way, now the other: nobody may count on it
                return False, False
        if self.name == "car" and (road_class in _IMPLIED_ONEWAY or tags.get("junction") in _ROUNDABOUTS):
            return True, False
        return True, True


def opens(value: str | None, profile: str) -> bool | None:
    """Whether a value of an access key opens a road, or closes it; of several in any order, one that opens is enough.

    None where the value says neither (``unknown``, a word that is nobody's).
    """
    words = {word.strip() for word in _SEVERAL.split(value or "")}
    if words & _OPEN or profile in words & {"foot"}:
        return True
    return False if words & _CLOSED else None


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
    """Seconds of ``MM``, ``HH:MM``, ``HH:MM:SS`` or ISO 8601 (``PT1H30M``); None of anything else, and of nought."""
    text = (text or "").strip()
    iso = _ISO_DURATION.fullmatch(text.upper().replace(",", "."))
    if iso:
        days, hours, minutes, seconds = (float(part or 0) for part in iso.groups())
        return days * 86_400.0 + hours * 3600.0 + minutes * 60.0 + seconds or None
    parts = text.split(":")
    if len(parts) > 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    if len(parts) == 1:
        return float(text) * 60.0 or None
    hours, minutes, seconds = [float(part) for part in (*parts, "0")][:3]
    return hours * 3600.0 + minutes * 60.0 + seconds or None
