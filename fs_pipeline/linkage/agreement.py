"""Whether two values of one field say the same thing: case, accents, abbreviations and ways to write hours are noise."""

from __future__ import annotations

from functools import lru_cache

from fs_pipeline.linkage.naming import folded, own_words
from fs_pipeline.values.addresses_alike import same_address
from fs_pipeline.values.hours_alike import same_hours
from fs_pipeline.values.phones import same_number
from fs_pipeline.values.text import normalise


def agree(field: str, one: str, other: str) -> bool:
    """Whether two written values of `field` are one value for a reader."""
    if one == other:
        return True
    if field == "address":
        return same_address(one, other)
    if field == "opening_hours":
        return same_hours(one, other)
    return _key(field, one) == _key(field, other)


@lru_cache(maxsize=65_536)
def _key(field: str, value: str) -> object:
    if field == "phone":
        return same_number(value)
    if field == "name":
        return own_words(folded(value))[0] or normalise(value)
    if field == "website":
        return value.lower().split("://")[-1].removeprefix("www.").rstrip("/")
    if field in {"latitude", "longitude"}:
        return round(float(value), 3)
    return normalise(value)
