"""Where an address stands: reference addresses on this machine first, then the national service, then the commune.

Every point says how precise it is; a point outside of the commune that the survey names is not taken. What the
service costs (network, time) is only paid where the settings name it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from fs_pipeline.territory.model import Territory
from fs_pipeline.values.addresses import Address

# From the finest to the coarsest; only the first two are where a visitor arrives.
PRECISIONS = ("housenumber", "street", "locality", "municipality")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One address to locate, and the current commune it is in, where that is known; `private` does not leave the machine."""

    address: Address
    insee: str | None = None
    private: bool = False


@dataclass(frozen=True, slots=True)
class Located:
    """A point in degrees (EPSG:4326).

    `precision` is one of `PRECISIONS`; `score`, from 0 to 1, says how alike the two writings are; `source` is
    ``reference``, ``service`` or ``commune``.
    """

    latitude: float
    longitude: float
    precision: str
    score: float
    insee: str | None
    label: str
    source: str


class Geocoder(Protocol):
    """Anything that locates many addresses at once, in their order."""

    def locate(self, wanted: Sequence[Wanted]) -> list[Located | None]:
        """One answer an address; None where there is none that can be trusted."""
        ...


def locate(wanted: Sequence[Wanted], geocoders: Sequence[Geocoder], territory: Territory) -> list[Located | None]:
    """The first geocoder's answer that is in the wanted commune; the commune's own point as a last resort.

    Parameters
    ----------
    geocoders
        In the order in which they are asked; each sees only what those before it left.
    territory
        Tells old communes from others, and holds the communes' points.

    Raises
    ------
    SourceProblem
        When a remote geocoder cannot be reached; what was found before is lost to the caller, who may ask again
        without it.
    """
    asked = [_named(one, territory) for one in wanted]
    found: list[Located | None] = [None] * len(wanted)
    for geocoder in geocoders:
        left = [at for at, answer in enumerate(found) if answer is None]
        if not left:
            break
        for at, answer in zip(left, geocoder.locate([asked[at] for at in left]), strict=True):
            found[at] = _in_commune(answer, wanted[at], territory)
    return [answer or _commune_point(one, territory) for answer, one in zip(found, wanted, strict=True)]


def _named(wanted: Wanted, territory: Territory) -> Wanted:
    """The address with its commune's name, which a column of its own often holds."""
    commune = territory.commune(wanted.insee)
    if commune is None or wanted.address.commune:
        return wanted
    return replace(wanted, address=replace(wanted.address, commune=commune.name))


def _in_commune(answer: Located | None, wanted: Wanted, territory: Territory) -> Located | None:
    """The answer with its current commune, unless it is in another than the one that was named."""
    if answer is None:
        return None
    current = territory.current_insee(answer.insee)
    expected = territory.current_insee(wanted.insee)
    if expected and current != expected:
        return None
    return replace(answer, insee=current)


def _commune_point(wanted: Wanted, territory: Territory) -> Located | None:
    commune = territory.commune(wanted.insee)
    if commune is None or commune.latitude is None or commune.longitude is None:
        return None
    return Located(commune.latitude, commune.longitude, "municipality", 1.0, commune.insee, commune.name, "commune")
