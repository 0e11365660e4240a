"""Our sorts of places in the words of the national schemas, and what of a sort these words do not say."""

from __future__ import annotations

from functools import cache
from typing import Literal

from fs_pipeline.data import read_csv

Vocabulary = Literal["typologie", "reseau_porteur"]


def word_of(service_type: str | None, vocabulary: Vocabulary) -> str | None:
    """The schema's word for a sort of place (``place_types.csv``); None where it has none."""
    return _words().get((service_type or "", vocabulary))


def heard_in(word: str | None) -> tuple[str | None, str | None]:
    """The sort and the operator that a reader of the schema's word hears (``structure_codes.csv``)."""
    return _codes().get(word or "", (None, None))


@cache
def _words() -> dict[tuple[str, str], str]:
    return {
        (row["service_type"], vocabulary): row[vocabulary]
        for row in read_csv("export_types.csv")
        for vocabulary in ("typologie", "reseau_porteur")
        if row[vocabulary]
    }


@cache
def _codes() -> dict[str, tuple[str | None, str | None]]:
    return {row["code"]: (row["service_type"], row["operator"] or None) for row in read_csv("structure_codes.csv")}
