"""Whether two values of one field say the same thing: case, accents, abbreviations and ways to write hours are noise."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz import fuzz

from fs_pipeline.linkage.naming import folded, own_words
from fs_pipeline.values.half_hours import read_week_bits
from fs_pipeline.values.phones import same_number
from fs_pipeline.values.streets import read_street
from fs_pipeline.values.text import normalise

_ALIKE = 85.0  # rapidfuzz: streets whose words nearly all agree


def agree(field: str, one: str, other: str) -> bool:
    """Whether two written values of `field` are one value for a reader."""
    if one == other:
        return True
    if field == "address":
        return _same_address(one, other)
    return _key(field, one) == _key(field, other)


@lru_cache(maxsize=65_536)
def _key(field: str, value: str) -> object:
    if field == "phone":
        return same_number(value)
    if field == "opening_hours":
        return read_week_bits(value) or value
    if field == "name":
        return own_words(folded(value))[0] or normalise(value)
    if field == "website":
        return value.lower().split("://")[-1].removeprefix("www.").rstrip("/")
    if field in {"latitude", "longitude"}:
        return round(float(value), 3)
    return normalise(value)


def _same_address(one: str, other: str) -> bool:
    (number, street), (second, road) = read_street(one), read_street(other)
    if street is None or road is None:
        return normalise(one) == normalise(other)
    if number and second and number != second:
        return False
    return fuzz.token_sort_ratio(street, road) >= _ALIKE or fuzz.token_set_ratio(street, road) == 100.0
