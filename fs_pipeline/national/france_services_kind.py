"""What a row of the official list is: a counter, an antenne, several sites, or a bus.

``ITINERANCE = Oui`` does not mean bus: of its 288 rows of December 2022, more than a hundred have an address, and hours on
three days a week or more, under a name that says no bus. They are counters that *also* go out; taken for buses, which are
nowhere at no hour, they made 55 communes wrongly far. And some rows that say ``Non`` are buses by their name.
"""

from __future__ import annotations

import re
from functools import cache

from fs_pipeline.data import read_csv
from fs_pipeline.values.itinerant import moves
from fs_pipeline.values.text import normalise

BY_NAME = "bus ou lieu itinérant par son nom"
BY_FORMAT = "bus ou lieu itinérant par son format"
NO_COUNTER = "itinérant, sans adresse"
ALSO_GOES_OUT = "lieu fixe qui se déplace aussi : adresse, et horaires de trois jours ou plus"
UNSURE = "compté comme lieu fixe, à confirmer : itinérant avec une adresse, sans semaine d’ouverture claire"
_COUNTER_DAYS = 3
_WEEKDAY = re.compile(r"\b(lundi|mardi|mercredi|jeudi|vendredi|samedi)s?\b")


def kind_of_row(
    *,
    name: str | None,
    written: str | None,
    category: str | None,
    itinerant: str | None,
    address: str | None,
    days: int,
    comment: str | None,
) -> tuple[str, str | None]:
    """The kind of a row, and how it was decided where its format alone does not tell.

    Parameters
    ----------
    written, category
        The list's own code of format, and its group, as published.
    itinerant
        ``Oui`` or ``Non``, as published.
    days
        Weekdays with opening hours.

    Returns
    -------
    tuple
        ``fixed``, ``antenne``, ``multi_site`` or ``itinerant``; a French reason, or None.
    """
    kind = _formats().get(normalise(written or ""), "fixed")
    if moves(normalise(name or "")):
        return "itinerant", BY_NAME
    if kind == "itinerant" or moves(normalise(category or "")):
        return "itinerant", BY_FORMAT
    if normalise(itinerant or "") != "oui":
        return kind, None
    if not address:
        return "itinerant", NO_COUNTER
    # A remark that lists the days is a round: the hours may be those of the stops.
    on_the_road = len(set(_WEEKDAY.findall(normalise(comment or "")))) >= _COUNTER_DAYS
    return kind, ALSO_GOES_OUT if days >= _COUNTER_DAYS and not on_the_road else UNSURE


@cache
def _formats() -> dict[str, str]:
    return {row["format"]: row["kind"] for row in read_csv("france_services_kinds.csv")}
